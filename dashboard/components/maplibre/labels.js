// Names on the map, drawn with the reader's own fonts: of the areas above from afar, of the units from nearby.
import { themed } from "./layers.js";

const GRID = 9;
const MOST_POINTS = 160;
const FEW_UNITS = 60;
const NEAR_ZOOM = 6.2;

function areaOf(ring) {
  let twice = 0;
  for (let at = 1; at < ring.length; at += 1) twice += ring[at - 1][0] * ring[at][1] - ring[at][0] * ring[at - 1][1];
  return Math.abs(twice) / 2;
}

function inside([x, y], ring) {
  let odd = false;
  for (let at = 0, before = ring.length - 1; at < ring.length; before = at, at += 1) {
    const [[x1, y1], [x2, y2]] = [ring[at], ring[before]];
    if (y1 > y !== y2 > y && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1) odd = !odd;
  }
  return odd;
}

// Of a grid over the largest part, the point inside that is farthest from the border.
function anchor(geometry) {
  const polygons = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
  const whole = polygons.map((polygon) => polygon[0]).reduce((best, ring) => (areaOf(ring) > areaOf(best) ? ring : best));
  const every = Math.ceil(whole.length / MOST_POINTS);
  const ring = whole.filter((point, at) => at % every === 0);
  const [xs, ys] = [ring.map((point) => point[0]), ring.map((point) => point[1])];
  const [west, east, south, north] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  let best = [(west + east) / 2, (south + north) / 2];
  let farthest = -1;
  for (let row = 1; row < GRID; row += 1) {
    for (let column = 1; column < GRID; column += 1) {
      const point = [west + ((east - west) * column) / GRID, south + ((north - south) * row) / GRID];
      const away = Math.min(...ring.map(([x, y]) => (x - point[0]) ** 2 + (y - point[1]) ** 2));
      if (away > farthest && inside(point, ring)) [best, farthest] = [point, away];
    }
  }
  return { point: best, size: areaOf(whole) };
}

export function anchorOf(unit) {
  unit.anchor ||= anchor(unit.geometry);
  return unit.anchor;
}

function points(collection, names) {
  return {
    type: "FeatureCollection",
    features: collection.features.filter((one) => one.geometry && one.geometry.coordinates.length).map((one) => {
      const { point, size } = anchorOf(one);
      return {
        type: "Feature", properties: { name: names[one.properties.code] || "", size }, geometry: { type: "Point", coordinates: point },
      };
    }),
  };
}

function namesOf(codes, names) {
  return Object.fromEntries(codes.map((code, at) => [code, names[at]]));
}

function setLayer(map, id, collection, options) {
  if (map.getSource(id)) { map.getSource(id).setData(collection); return; }
  map.addSource(id, { type: "geojson", data: collection });
  map.addLayer({
    id, type: "symbol", source: id, minzoom: options.minzoom,
    layout: {
      "text-field": ["get", "name"], "text-font": ["Noto Sans", "Noto Sans CJK SC", "sans-serif"], "text-size": options.size,
      "text-letter-spacing": options.spacing, "text-padding": 4, "text-max-width": 8, "symbol-sort-key": ["-", ["get", "size"]],
    },
    paint: { "text-halo-width": 1.8 },
  });
}

export function setLabels(map, data, language) {
  const { units, geometry, outline } = data;
  const few = units.codes.length <= FEW_UNITS;
  const above = units.above.find((one) => one.codes.length > 1);
  if (above && outline && !data.classes.rings) {
    setLayer(map, "labels-above", points(outline, namesOf(above.codes, above.names[language])), { minzoom: 0, size: 11.5, spacing: 0.04 });
  }
  setLayer(map, "labels-units", points(geometry, namesOf(units.codes, units.names[language])), { minzoom: few ? 0 : NEAR_ZOOM, size: 11, spacing: 0 });
  setLabelTheme(map);
}

export function setLabelTheme(map) {
  ["labels-above", "labels-units"].filter((id) => map.getLayer(id)).forEach((id) => {
    map.setPaintProperty(id, "text-color", themed("--ink"));
    map.setPaintProperty(id, "text-halo-color", themed("--map-halo"));
  });
}

export function removeLabels(map) {
  ["labels-above", "labels-units"].forEach((id) => {
    if (map.getLayer(id)) map.removeLayer(id);
    if (map.getSource(id)) map.removeSource(id);
  });
}
