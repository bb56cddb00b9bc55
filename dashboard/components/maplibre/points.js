// Where the chosen project works, as points above all but names.
import { fetchOnce, themed } from "./layers.js";

const NAME = "project-points";

function takeAway(map) {
  if (map.getLayer(NAME)) map.removeLayer(NAME);
  if (map.getSource(NAME)) map.removeSource(NAME);
}

export function setPointTheme(map) {
  if (!map.getLayer(NAME)) return;
  map.setPaintProperty(NAME, "circle-color", themed("--cover-line"));
  map.setPaintProperty(NAME, "circle-stroke-color", themed("--cover-edge"));
}

// url: GeoJSON of the points of one project; none where none is chosen or it has no positions.
export async function setPoints(here) {
  const { map, props } = here;
  takeAway(map);
  if (!props.pointsUrl || !map.getLayer("borders")) return;
  const url = props.pointsUrl;
  const data = await fetchOnce(url);
  if (here.props.pointsUrl !== url || !here.map || map.getSource(NAME)) return;
  map.addSource(NAME, { type: "geojson", data });
  map.addLayer({
    id: NAME, type: "circle", source: NAME,
    paint: { "circle-radius": ["interpolate", ["linear"], ["zoom"], 3, 3, 8, 6], "circle-stroke-width": 1.5 },
  }, ["labels-above", "labels-units"].find((id) => map.getLayer(id)));
  setPointTheme(map);
}

// Names of the points under the pointer, or of how many places they are.
export function pointsUnder(map, place) {
  if (!map.getLayer(NAME)) return [];
  return map.queryRenderedFeatures(place, { layers: [NAME] }).map((one) => one.properties.name).filter(Boolean);
}
