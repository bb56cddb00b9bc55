// Rings at a point inside each part of the country: how many of its units are in which category, the larger the more
// units it has. They are pictures that the browser draws; a year draws anew those that change.
import { homeScale } from "./circles.js";
import { showCircleScale } from "./circle_scale.js";
import { anchorOf } from "./labels.js";
import { hatchTile, state, themed } from "./layers.js";

const NAME = "rings";
const WORDS = "ring-names";
const SHARP = 4; // dots a pixel: rings grow as the reader comes near
const STEPS = 2; // zoom levels over which they grow to as many times their size
const HOLE = 0.52;
const EDGE = 1;
const TEXT = 11.5;
const GAP = 7; // between a ring and its name, of which the box is higher than its letters
const COVERED = ["labels-above"]; // the rings bring these names themselves

const painters = new WeakMap();

export function removeRings(map) {
  painters.delete(map);
  [WORDS, NAME].forEach((id) => map.getLayer(id) && map.removeLayer(id));
  if (map.getSource(NAME)) map.removeSource(NAME);
}

export const partsOf = (data) => data.units.above.find((one) => one.level === data.classes.rings.level);

const totalOf = (data, part) => data.classes.rings.counts[0][part].reduce((sum, one) => sum + one, 0);

const radiusOf = (data, part) => data.classes.rings.radius * Math.sqrt(totalOf(data, part) / data.classes.rings.greatest);

function slice(pen, middle, radius, from, to) {
  pen.beginPath();
  pen.arc(middle, middle, radius, from, to);
  pen.arc(middle, middle, radius * HOLE, to, from, true);
  pen.closePath();
}

// counts: of each category and, last, of what has none, which is hatched as on the map.
function ring(counts, colours, radius, only) {
  const size = Math.ceil(2 * (radius + EDGE)) * SHARP;
  const canvas = Object.assign(document.createElement("canvas"), { width: size, height: size });
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  pen.scale(SHARP, SHARP);
  const middle = size / SHARP / 2;
  const total = counts.reduce((sum, one) => sum + one, 0);
  let from = -Math.PI / 2;
  pen.fillStyle = themed("--surface");
  pen.beginPath();
  pen.arc(middle, middle, radius, 0, 2 * Math.PI);
  pen.fill();
  counts.forEach((count, place) => {
    if (!count) return;
    const to = from + (count / total) * 2 * Math.PI;
    const missing = place === colours.length;
    slice(pen, middle, radius, from, to);
    pen.globalAlpha = only === null || only === (missing ? "missing" : String(place)) ? 1 : 0.15;
    pen.fillStyle = missing ? pen.createPattern(hatchTile(), "repeat") : colours[place] || themed("--map-land");
    pen.fill();
    pen.globalAlpha = 1;
    pen.strokeStyle = themed("--surface");
    pen.lineWidth = count < total ? 0.8 : 0;
    if (count < total) pen.stroke();
    from = to;
  });
  pen.strokeStyle = themed("--map-outline");
  pen.lineWidth = 0.8;
  [radius, radius * HOLE].forEach((one) => {
    pen.beginPath();
    pen.arc(middle, middle, one, 0, 2 * Math.PI);
    pen.stroke();
  });
  return { width: size, height: size, data: pen.getImageData(0, 0, size, size).data };
}

export function setRings(here) {
  const { map, data, props } = here;
  removeRings(map);
  if (!data.classes.rings || !data.outline) return;
  COVERED.forEach((id) => { if (map.getLayer(id)) { map.removeLayer(id); map.removeSource(id); } });
  const names = partsOf(data).names[props.language];
  const features = data.outline.features.filter((one) => one.geometry && one.geometry.coordinates.length && totalOf(data, one.properties.i))
    .map((one) => {
      const part = one.properties.i;
      const about = { i: part, name: names[part] || "", total: totalOf(data, part), radius: radiusOf(data, part) };
      return { type: "Feature", properties: about, geometry: { type: "Point", coordinates: anchorOf(one).point } };
    });
  here.rings = features.map((one) => one.properties.i);
  here.drawnRings = {};
  map.addSource(NAME, { type: "geojson", data: { type: "FeatureCollection", features }, promoteId: "i" });
  const beneath = map.getLayer("labels-units") ? "labels-units" : undefined;
  map.addLayer({
    id: NAME, type: "symbol", source: NAME,
    layout: {
      "icon-image": ["concat", "ring-", ["get", "i"]], "icon-allow-overlap": true, "icon-padding": 0,
      "symbol-sort-key": ["-", ["get", "total"]], // the larger lie lower, so that none hides another
    },
    paint: { "icon-opacity": ["case", state("out"), 0.2, 1] },
  }, beneath);
  // Beneath the rings, which are put first and leave a name the room that they do not take.
  map.addLayer({
    id: WORDS, type: "symbol", source: NAME,
    layout: {
      "text-field": ["get", "name"], "text-font": ["Noto Sans", "Noto Sans CJK SC", "sans-serif"], "text-size": TEXT,
      "text-variable-anchor": ["top", "bottom", "left", "right"], "text-max-width": 8, "text-padding": 1,
      "symbol-sort-key": ["-", ["get", "total"]],
    },
    paint: { "text-opacity": ["case", state("out"), 0.4, 1], "text-halo-width": 1.8 },
  }, NAME);
  here.ringKey = null;
  painters.set(map, () => { here.drawnRings = {}; paintRings(here, here.ringRow); colourText(map); });
  colourText(map);
}

function colourText(map) {
  map.setPaintProperty(WORDS, "text-color", themed("--ink"));
  map.setPaintProperty(WORDS, "text-halo-color", themed("--map-halo"));
}

export function setRingTheme(map) {
  if (map.getLayer(NAME)) painters.get(map)();
}

// row: of the year among those of the classes.
export function paintRings(here, row) {
  const { map, data, members } = here;
  if (!map.getLayer(NAME) || row < 0) return;
  here.ringRow = row;
  const only = here.query.get("only");
  const { of } = partsOf(data);
  const seen = members && new Set(of.filter((part, unit) => members[unit]));
  for (const part of here.rings) {
    const counts = data.classes.rings.counts[row][part];
    const key = `${counts}|${only}`;
    if (here.drawnRings[part] !== key) {
      here.drawnRings[part] = key;
      const image = ring(counts, data.classes.colours, radiusOf(data, part), only);
      if (map.hasImage(`ring-${part}`)) map.removeImage(`ring-${part}`);
      map.addImage(`ring-${part}`, image, { pixelRatio: SHARP });
    }
    map.setFeatureState({ source: NAME, id: part }, { out: Boolean(seen && !seen.has(part)) });
  }
}

// They grow as circles do, though not as far; the legend is told.
export function scaleRings(here) {
  const { map, data } = here;
  if (!data || !map.getLayer(NAME) || !map.getContainer().clientWidth) return;
  const { home, size } = homeScale(here);
  const key = `${home}|${size}`;
  if (here.ringKey !== key) {
    here.ringKey = key;
    const grown = (one) => ["interpolate", ["exponential", Math.SQRT2], ["zoom"], home, one(size), home + STEPS, one(STEPS * size)];
    map.setLayoutProperty(NAME, "icon-size", grown((by) => by));
    map.setLayoutProperty(WORDS, "text-radial-offset", grown((by) => ["/", ["+", ["*", ["get", "radius"], by], GAP], TEXT]));
  }
  showCircleScale(size * Math.min(STEPS, Math.max(1, 2 ** ((map.getZoom() - home) / 2))));
}

export function watchRings(here) {
  here.map.on("resize", () => scaleRings(here));
  here.map.on("zoom", () => scaleRings(here));
}

// The part whose ring is under a point, or null.
export function ringUnder(map, point) {
  if (!map.getLayer(NAME)) return null;
  const found = map.queryRenderedFeatures(point, { layers: [NAME] });
  return found.length ? found[0].id : null;
}

// What the box beside the pointer says of a part: how many of its units are in which category.
export function ringLines(data, part, row, text) {
  const counts = data.classes.rings.counts[row][part];
  const total = counts.reduce((sum, one) => sum + one, 0);
  const number = (value, options) => new Intl.NumberFormat(text.locale, options).format(value);
  const put = (pattern, values) => pattern.replace(/\{(\w+)\}/g, (all, name) => values[name]);
  const lines = counts.map((count, place) => count && put(text.ringPart, {
    name: place < counts.length - 1 ? text.categories[place] : text.missing, n: number(count),
    share: number(count / total, { style: "percent", maximumFractionDigits: 0 }),
  }));
  return { lines: lines.filter(Boolean), total: put(text.ring, { n: number(total) }) };
}
