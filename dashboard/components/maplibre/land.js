// Land of other countries, beneath all units and never asked what lies under the pointer; fetched after the first
// picture, which does not wait for it.
import { feature } from "topojson-client";
import { themed } from "./layers.js";

const NAME = "land";
const LINES = "land-borders";

export async function fetchLand(url) {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  const plain = await answer.json();
  const [land, borders] = ["land", "borders"].map((name) => feature(plain, plain.objects[name]));
  return { land, borders };
}

function takeAway(map) {
  [LINES, NAME].forEach((id) => {
    if (map.getLayer(id)) map.removeLayer(id);
    if (map.getSource(id)) map.removeSource(id);
  });
}

export function setLandTheme(map) {
  if (!map.getLayer(NAME)) return;
  map.setPaintProperty(NAME, "fill-color", themed("--map-beside"));
  map.setPaintProperty(LINES, "line-color", themed("--map-beside-border"));
}

// url: the land and the borders on it; none for a pack of the world.
export async function setLand(here) {
  const { map, props } = here;
  const url = props.landUrl;
  if (here.landUrl === url) return;
  here.landUrl = url;
  takeAway(map);
  if (!url) return;
  const { land, borders } = await fetchLand(url);
  if (here.landUrl !== url || !here.map || map.getSource(NAME)) return;
  const lowest = map.getLayer("fill") ? "fill" : undefined;
  map.addSource(NAME, { type: "geojson", data: land, tolerance: 0.3, buffer: 16 });
  map.addSource(LINES, { type: "geojson", data: borders, tolerance: 0.3 });
  map.addLayer({ id: NAME, type: "fill", source: NAME, paint: { "fill-antialias": false } }, lowest);
  map.addLayer({
    id: LINES, type: "line", source: LINES, paint: { "line-width": ["interpolate", ["linear"], ["zoom"], 2, 0.5, 7, 1] },
  }, lowest);
  setLandTheme(map);
}
