// Where the chosen project works, as points, lines and areas above all but names; and a star where something was.
import { fetchOnce, setImage, themed } from "./layers.js";

const NAME = "project-locations";
const OUTLINES = ["any", ["==", ["geometry-type"], "LineString"], ["==", ["geometry-type"], "Polygon"]];

// An edge under each line keeps it to be seen on the darkest class; an area is its outline, so that the figure shows through.
const LAYERS = [
  { id: "project-areas", type: "fill", filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-opacity": 0.12 }, colours: { "fill-color": "--cover-line" } },
  { id: "project-line-edges", type: "line", filter: OUTLINES, layout: { "line-join": "round", "line-cap": "round" }, paint: { "line-width": ["interpolate", ["linear"], ["zoom"], 3, 3, 8, 5.5] }, colours: { "line-color": "--cover-edge" } },
  { id: "project-lines", type: "line", filter: OUTLINES, layout: { "line-join": "round", "line-cap": "round" }, paint: { "line-width": ["interpolate", ["linear"], ["zoom"], 3, 1.5, 8, 3] }, colours: { "line-color": "--cover-line" } },
  { id: "project-points", type: "circle", filter: ["all", ["==", ["geometry-type"], "Point"], ["!", ["has", "star"]]], paint: { "circle-radius": ["interpolate", ["linear"], ["zoom"], 3, 3, 8, 6], "circle-stroke-width": 1.5 }, colours: { "circle-color": "--cover-line", "circle-stroke-color": "--cover-edge" } },
  { id: "star", type: "symbol", filter: ["has", "star"], layout: { "icon-image": "star", "icon-allow-overlap": true }, colours: {} },
];
const POINTED_AT = ["project-areas", "project-line-edges", "project-points", "star"];
const STAR_PX = 44; // at twice the size

function star(ink, edge) {
  const middle = STAR_PX / 2;
  const pen = Object.assign(document.createElement("canvas"), { width: STAR_PX, height: STAR_PX }).getContext("2d");
  for (let corner = 0; corner < 10; corner += 1) {
    const reach = middle * (corner % 2 ? 0.36 : 0.9);
    const turn = (corner * Math.PI) / 5 - Math.PI / 2;
    pen.lineTo(middle + reach * Math.cos(turn), middle + reach * Math.sin(turn));
  }
  pen.closePath();
  Object.assign(pen, { fillStyle: ink, strokeStyle: edge, lineWidth: 3, lineJoin: "round" });
  pen.fill();
  pen.stroke();
  return pen.getImageData(0, 0, STAR_PX, STAR_PX);
}

const starAt = ({ name, at }) => ({ type: "Feature", properties: { name, star: true }, geometry: { type: "Point", coordinates: at } });

function takeAway(map) {
  LAYERS.forEach(({ id }) => map.getLayer(id) && map.removeLayer(id));
  if (map.getSource(NAME)) map.removeSource(NAME);
}

export function setLocationTheme(map) {
  if (map.getLayer("star")) setImage(map, "star", star(themed("--ink"), themed("--surface")));
  LAYERS.filter(({ id }) => map.getLayer(id)).forEach(({ id, colours }) => {
    Object.entries(colours).forEach(([property, token]) => map.setPaintProperty(id, property, themed(token)));
  });
}

// locationsUrl: GeoJSON of the places of one project; none where none is chosen or none of its places is drawn.
export async function setLocations(here) {
  const { map, props } = here;
  takeAway(map);
  if (!(props.locationsUrl || props.star) || !map.getLayer("borders")) return;
  const url = props.locationsUrl;
  const features = url ? (await fetchOnce(url)).features : [];
  if (here.props.locationsUrl !== url || !here.map || map.getSource(NAME)) return;
  const stars = here.props.star ? [starAt(here.props.star)] : [];
  map.addSource(NAME, { type: "geojson", data: { type: "FeatureCollection", features: [...features, ...stars] } });
  setImage(map, "star", star(themed("--ink"), themed("--surface")));
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
