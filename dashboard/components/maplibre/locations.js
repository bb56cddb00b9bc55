// Where the chosen project works, as points, lines and areas above all but names.
import { fetchOnce, themed } from "./layers.js";

const NAME = "project-locations";
const OUTLINES = ["any", ["==", ["geometry-type"], "LineString"], ["==", ["geometry-type"], "Polygon"]];

// An edge under each line keeps it to be seen on the darkest class; an area is its outline, so that the figure shows through.
const LAYERS = [
  { id: "project-areas", type: "fill", filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-opacity": 0.12 }, colours: { "fill-color": "--cover-line" } },
  { id: "project-line-edges", type: "line", filter: OUTLINES, layout: { "line-join": "round", "line-cap": "round" }, paint: { "line-width": ["interpolate", ["linear"], ["zoom"], 3, 3, 8, 5.5] }, colours: { "line-color": "--cover-edge" } },
  { id: "project-lines", type: "line", filter: OUTLINES, layout: { "line-join": "round", "line-cap": "round" }, paint: { "line-width": ["interpolate", ["linear"], ["zoom"], 3, 1.5, 8, 3] }, colours: { "line-color": "--cover-line" } },
  { id: "project-points", type: "circle", filter: ["==", ["geometry-type"], "Point"], paint: { "circle-radius": ["interpolate", ["linear"], ["zoom"], 3, 3, 8, 6], "circle-stroke-width": 1.5 }, colours: { "circle-color": "--cover-line", "circle-stroke-color": "--cover-edge" } },
];
const POINTED_AT = ["project-areas", "project-line-edges", "project-points"];

function takeAway(map) {
  LAYERS.forEach(({ id }) => map.getLayer(id) && map.removeLayer(id));
  if (map.getSource(NAME)) map.removeSource(NAME);
}

export function setLocationTheme(map) {
  LAYERS.filter(({ id }) => map.getLayer(id)).forEach(({ id, colours }) => {
    Object.entries(colours).forEach(([property, token]) => map.setPaintProperty(id, property, themed(token)));
  });
}

// url: GeoJSON of the places of one project; none where none is chosen or none of its places is drawn.
export async function setLocations(here) {
  const { map, props } = here;
  takeAway(map);
  if (!props.locationsUrl || !map.getLayer("borders")) return;
  const url = props.locationsUrl;
  const data = await fetchOnce(url);
  if (here.props.locationsUrl !== url || !here.map || map.getSource(NAME)) return;
  map.addSource(NAME, { type: "geojson", data });
  const under = ["labels-above", "labels-units"].find((id) => map.getLayer(id));
  LAYERS.forEach(({ colours, ...layer }) => map.addLayer({ ...layer, source: NAME }, under));
  setLocationTheme(map);
}

// Names of the places under the pointer, each once.
export function locationsUnder(map, place) {
  const layers = POINTED_AT.filter((id) => map.getLayer(id));
  if (!layers.length) return [];
  return [...new Set(map.queryRenderedFeatures(place, { layers }).map((one) => one.properties.name).filter(Boolean))];
}
