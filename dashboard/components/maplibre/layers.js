// What is drawn, from the ground up. Colours that depend on the theme are read from the style sheet.
import { feature, mesh } from "topojson-client";
import { FAR_BORDERS, FarBorders, NEAR } from "./far_borders.js";
import { addMarks, MARKS } from "./marks.js";
import { PAPER } from "./paper.js";

export const MISSING = -1;
const UNKNOWN = -2;

export const state = (name) => ["boolean", ["feature-state", name], false];
const CLASS = ["coalesce", ["feature-state", "cls"], UNKNOWN];

const lines = new WeakMap();

export const bordersOf = (units) => lines.get(units);

async function fetchJson(url) {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  const plain = await answer.json();
  if (plain.type !== "Topology") return plain;
  // Polygons for the ground; for borders the lines between them, each once and not once from either side.
  const units = feature(plain, plain.objects.units);
  lines.set(units, mesh(plain, plain.objects.units));
  return units;
}

const asked = new Map();

// What the page's head announces is fetched and decoded while the rest of the page is still being built.
export function preload() {
  document.querySelectorAll("link[rel=preload][as=fetch]").forEach((link) => {
    const url = link.getAttribute("href");
    asked.set(url, fetchJson(url));
    asked.get(url).catch(() => {});
  });
}

export function fetchOnce(url) {
  const early = asked.get(url);
  asked.delete(url);
  return early || fetchJson(url);
}

export function themed(name) {
  const shown = document.querySelector(`.${PAPER}`) || document.documentElement; // while the map goes to paper
  return window.getComputedStyle(shown).getPropertyValue(name).trim();
}

// Diagonal lines that meet across tiles; drawn at twice the size, so they stay thin on dense screens.
function diagonals(size, bands, rising) {
  const data = new Uint8Array(size * size * 4);
  for (let y = 0; y < size; y += 1) {
    for (let x = 0; x < size; x += 1) {
      const along = (rising ? x + y : x - y + size) % size;
      const band = bands.find((one) => along >= one.from && along < one.to);
      if (band) data.set([1, 3, 5].map((place) => parseInt(band.colour.slice(place, place + 2), 16)).concat(255), (y * size + x) * 4);
    }
  }
  return { width: size, height: size, data };
}

// The same lines as a pattern for a canvas.
export function hatchTile() {
  const tile = Object.assign(document.createElement("canvas"), { width: 5, height: 5 });
  const pen = tile.getContext("2d");
  pen.fillStyle = themed("--map-land");
  pen.fillRect(0, 0, 5, 5);
  pen.strokeStyle = themed("--hatch-line");
  pen.beginPath();
  [[-1, 1, 1, -1], [0, 5, 5, 0], [4, 6, 6, 4]].forEach(([a, b, c, d]) => { pen.moveTo(a, b); pen.lineTo(c, d); });
  pen.stroke();
  return tile;
}

// Dots with an edge, in rows set off against each other.
function dots(size, radius, colour, edge) {
  const data = new Uint8Array(size * size * 4);
  const middles = [0, size].flatMap((x) => [0, size].map((y) => [x, y])).concat([[size / 2, size / 2]]);
  const bytes = (one) => [1, 3, 5].map((place) => parseInt(one.slice(place, place + 2), 16)).concat(255);
  for (let y = 0; y < size; y += 1) {
    for (let x = 0; x < size; x += 1) {
      const away = Math.min(...middles.map(([mx, my]) => Math.hypot(x + 0.5 - mx, y + 0.5 - my)));
      if (away <= radius) data.set(bytes(away <= radius - 1 ? colour : edge), (y * size + x) * 4);
    }
  }
  return { width: size, height: size, data };
}

// Lines across and down: what is there, and outside every class.
function crossed(size, width, colour) {
  const data = new Uint8Array(size * size * 4);
  const bytes = [1, 3, 5].map((place) => parseInt(colour.slice(place, place + 2), 16)).concat(255);
  for (let y = 0; y < size; y += 1) {
    for (let x = 0; x < size; x += 1) if (x < width || y < width) data.set(bytes, (y * size + x) * 4);
  }
  return { width: size, height: size, data };
}

export function setImage(map, name, image) {
  if (map.hasImage(name)) map.updateImage(name, image);
  else map.addImage(name, image, { pixelRatio: 2 });
}

function setImages(map) {
  setImage(map, "missing", diagonals(8, [{ from: 0, to: 2, colour: themed("--hatch-line") }], true));
  setImage(map, "outside", crossed(12, 2, themed("--hatch-line")));
  setImage(map, "unsure", dots(14, 2.6, themed("--cover-line"), themed("--cover-edge")));
  // Dark with a light edge, so that it shows on the lightest class and on the darkest.
  const [dark, light] = [themed("--cover-line"), themed("--cover-edge")];
  setImage(map, "covered", diagonals(16, [{ from: 0, to: 4, colour: dark }, { from: 4, to: 6, colour: light }], false));
}

function mixed(colour, ground, share) {
  const byte = (one, place) => parseInt(one.slice(place, place + 2), 16);
  return `rgb(${[1, 3, 5].map((place) => Math.round(share * byte(colour, place) + (1 - share) * byte(ground, place))).join()})`;
}

const coloured = new WeakMap();

// Every unit in one layer: its class on the ground's colour, faint where it is out or off.
export function setColours(map, colours) {
  coloured.set(map, colours);
  const land = themed("--map-land");
  const shade = (share) => (colours.length
    ? ["match", CLASS, ...colours.flatMap((colour, place) => [place, mixed(colour || land, land, share)]), land] : land);
  map.setPaintProperty("fill", "fill-color", ["case", state("out"), shade(0.2), state("off"), shade(0.1), shade(1)]);
}

// The hatch lies over those that ever have no figure, and not, transparent, over all: each step of a year would draw it.
export function setMissing(map, units) {
  const filter = units.length ? ["match", ["get", "i"], units, true, false] : ["==", ["get", "i"], -1];
  if (String(map.getFilter("missing")) !== String(filter)) map.setFilter("missing", filter);
}

const DRAWN = ["fill", "missing", "outside", "unsure", "covered", "borders", FAR_BORDERS, "outline", "hover", "selected-casing", "selected"];

export function removeLayers(map) {
  DRAWN.forEach((name) => map.getLayer(name) && map.removeLayer(name));
  ["units", "borders", "outline", ...MARKS].forEach((name) => map.getSource(name) && map.removeSource(name));
}

const byZoom = (...stops) => ["interpolate", ["linear"], ["zoom"], ...stops];

const BORDER_WIDTHS = [[3, 0.15], [6, 0.6], [10, 1.2]]; // zoom, pixels

// Of the whole country: between the first two.
function farWidth(zoom) {
  const [[from, thin], [to, thick]] = BORDER_WIDTHS;
  return thin + (Math.max(0, zoom - from) / (to - from)) * (thick - thin);
}

export function addLayers(map, units, outline) {
  setImages(map);
  map.addSource("units", { type: "geojson", data: units, promoteId: "i", tolerance: 0.3, buffer: 32 });
  const fill = (id, paint) => map.addLayer({ id, type: "fill", source: "units", paint: { "fill-antialias": false, ...paint } });
  const line = (id, source, paint, more) => map.addLayer({ id, type: "line", source, paint, ...more });
  fill("fill", { "fill-color": themed("--map-land") });
  fill("missing", {
    "fill-pattern": "missing",
    "fill-opacity": ["case", ["!=", CLASS, MISSING], 0, state("out"), 0.3, state("off"), 0.3, 1],
  });
  fill("outside", { "fill-pattern": "outside", "fill-opacity": 0 });
  fill("unsure", { "fill-pattern": "unsure", "fill-opacity": 0 });
  fill("covered", { "fill-pattern": "covered", "fill-opacity": 0 });
  map.addSource("borders", { type: "geojson", data: bordersOf(units), tolerance: 0.3 });
  const drawnOnce = Boolean(map.getCanvas().getContext("webgl2")); // an old browser draws lines at every zoom
  line("borders", "borders", { "line-width": byZoom(...BORDER_WIDTHS.flat()) }, { minzoom: drawnOnce ? NEAR : 0 });
  if (drawnOnce) map.addLayer(new FarBorders(bordersOf(units), farWidth, "borders"));
  if (outline) {
    map.addSource("outline", { type: "geojson", data: bordersOf(outline), tolerance: 0.3 });
    line("outline", "outline", { "line-width": byZoom(3, 0.5, 7, 1.4) });
  }
  addMarks(map, line);
  setTheme(map);
}

const MARKED = {
  outside: ["case", ["!", state("outside")], 0, state("out"), 0.3, state("off"), 0.3, 1],
  unsure: ["case", state("unsure"), ["case", state("out"), 0, state("off"), 0, 1], 0],
  covered: ["case", state("covered"), 1, 0],
};

// A pattern that no unit has would still be drawn over every unit, transparent; a plain zero is not.
export function showMarks(map, shown) {
  for (const [name, opacity] of Object.entries(MARKED)) {
    const wanted = shown[name] ? opacity : 0;
    if (map.getLayer(name) && typeof map.getPaintProperty(name, "fill-opacity") !== typeof wanted) {
      map.setPaintProperty(name, "fill-opacity", wanted);
    }
  }
}

export function setTheme(map) {
  if (!map.getLayer("fill")) return;
  setImages(map);
  setColours(map, coloured.get(map) || []);
  const colours = {
    borders: "--map-border", outline: "--map-outline", hover: "--ink", "selected-casing": "--surface", selected: "--select",
  };
  for (const [name, colour] of Object.entries(colours)) {
    if (map.getLayer(name)) map.setPaintProperty(name, "line-color", themed(colour));
  }
}

// West, south, east and north of each unit, in the order of their ids; east of 180 where one crosses it.
export function boxesOf(units) {
  const boxes = [];
  for (const unit of units.features) {
    const box = [Infinity, Infinity, -Infinity, -Infinity];
    const polygons = !unit.geometry ? [] : unit.geometry.type === "Polygon" ? [unit.geometry.coordinates] : unit.geometry.coordinates;
    const points = polygons.flatMap((polygon) => polygon[0]);
    const east = points.some((point) => point[0] > 90) && points.some((point) => point[0] < -90);
    for (const [x, y] of points) {
      const lon = east && x < 0 ? x + 360 : x;
      if (lon < box[0]) box[0] = lon;
      if (y < box[1]) box[1] = y;
      if (lon > box[2]) box[2] = lon;
      if (y > box[3]) box[3] = y;
    }
    boxes[unit.properties.i] = box;
  }
  return boxes;
}

export function union(boxes) {
  return boxes.reduce((all, box) => [
    Math.min(all[0], box[0]), Math.min(all[1], box[1]), Math.max(all[2], box[2]), Math.max(all[3], box[3]),
  ], [Infinity, Infinity, -Infinity, -Infinity]);
}

const MOST_LARGER = 2;

// The whole country as its source draws it, unless that is far more than the pack's own view (islands oceans away).
export function homeOf(boxes, bounds) {
  const [[west, south], [east, north]] = bounds;
  const all = union([...boxes, [west, south, east, north]]);
  if (all[2] - all[0] > 360) { // a country beyond the date line is drawn on both sides of the earth
    const middle = (west + east) / 2;
    [all[0], all[2]] = [middle - 180, middle + 180];
  }
  const area = (box) => (box[2] - box[0]) * (box[3] - box[1]);
  return area(all) <= MOST_LARGER * area([west, south, east, north]) ? all : [west, south, east, north];
}
