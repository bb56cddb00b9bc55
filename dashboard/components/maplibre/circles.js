// Circles at a point inside each unit; a year changes their size by feature state, as it changes a unit's class.
import { anchorOf } from "./labels.js";
import { showCircleScale } from "./circle_scale.js";
import { state, themed } from "./layers.js";

const STEPS = 4; // zoom levels over which circles grow to as many times their size
const FULL_WIDTH = 720; // of a map on which circles have the size that the server worked out

const ABOVE = ["labels-above", "labels-units"];

export function removeCircles(map) {
  if (map.getLayer("circles")) map.removeLayer("circles");
  if (map.getSource("points")) map.removeSource("points");
}

// The greatest lie lowest, so that none hides another.
function pointsOf(data) {
  const most = data.units.codes.map((code, unit) => Math.max(0, ...data.values.value.map((row) => row[unit] || 0)));
  const features = data.geometry.features.filter((one) => one.geometry && one.geometry.coordinates.length)
    .map((one) => ({
      type: "Feature", properties: { i: one.properties.i }, geometry: { type: "Point", coordinates: anchorOf(one).point },
    }));
  features.sort((one, other) => most[other.properties.i] - most[one.properties.i]);
  return { type: "FeatureCollection", features };
}

export function setCircles(map, data) {
  removeCircles(map);
  if (!data.classes.circles) return;
  map.addSource("points", { type: "geojson", data: pointsOf(data), promoteId: "i" });
  const out = ["case", state("out"), 0.1, state("off"), 0.1];
  map.addLayer({
    id: "circles", type: "circle", source: "points",
    paint: {
      "circle-color": data.classes.colours[0], "circle-opacity": [...out, 0.62], "circle-stroke-opacity": [...out, 1],
      "circle-stroke-width": ["case", state("empty"), 0, state("selected"), 2.5, 0.8], "circle-pitch-alignment": "map",
    },
  }, ABOVE.find((id) => map.getLayer(id)));
  setCircleTheme(map);
}

export function setCircleTheme(map) {
  if (!map.getLayer("circles")) return;
  map.setPaintProperty("circles", "circle-stroke-color", ["case", state("selected"), themed("--select"), themed("--surface")]);
}

// The zoom level that shows the whole country, and the part of their size that a narrow map leaves them.
export function homeScale({ map, data }) {
  const [west, south, east, north] = data.home;
  const home = map.cameraForBounds([[west, south], [east, north]], { padding: 28 }).zoom;
  return { home, size: Math.min(1, map.getContainer().clientWidth / FULL_WIDTH) };
}

// They grow with half the map's own pace; the legend is told, because it draws the same sizes.
export function scaleCircles(here) {
  const { map, data } = here;
  // On paper the map is a picture and has no width; the legend keeps the sizes of that picture.
  if (!data || !data.classes.circles || !map.getLayer("circles") || !map.getContainer().clientWidth) return;
  const { home, size } = homeScale(here);
  const radius = ["*", data.classes.circles.radius * size, ["coalesce", ["feature-state", "share"], 0]];
  const key = `${home}|${size}|${data.classes.circles.radius}`;
  if (here.circleKey !== key) {
    here.circleKey = key;
    const grown = ["interpolate", ["exponential", Math.SQRT2], ["zoom"], home, radius, home + STEPS, ["*", STEPS, radius]];
    map.setPaintProperty("circles", "circle-radius", grown);
  }
  showCircleScale(size * Math.min(STEPS, Math.max(1, 2 ** ((map.getZoom() - home) / 2))));
}

export function shareOf(data, row, unit) {
  const value = row < 0 ? null : data.values.value[row][unit];
  return value > 0 ? Math.sqrt(value / data.classes.circles.greatest) : 0;
}

// The unit under a point: of the smallest circle there, else the one whose ground it is.
export function under(map, point) {
  const layers = map.getLayer("circles") ? [["circles"], ["fill"]] : [["fill"]];
  for (const one of layers) {
    const found = map.queryRenderedFeatures(point, { layers: one });
    if (found.length) return found[0].id;
  }
  return null;
}
