// An area from a file of the reader's own: the largest polygon of a GeoJSON, with as many corners as the URL holds.
import { navigate } from "../address/address.js";
import { few } from "./draw.js";
import { union } from "./layers.js";

const ACROSS = 1000; // steps over the area, of which a few may be lost where corners are left out
const MOST_BYTES = 20e6;

function polygons(one) {
  if (!one || typeof one !== "object") return [];
  if (one.type === "FeatureCollection") return (one.features || []).flatMap(polygons);
  if (one.type === "Feature") return polygons(one.geometry);
  if (one.type === "GeometryCollection") return (one.geometries || []).flatMap(polygons);
  if (one.type === "MultiPolygon") return one.coordinates || [];
  return one.type === "Polygon" ? [one.coordinates] : [];
}

const inDegrees = (ring) => Array.isArray(ring) && ring.length > 3
  && ring.every((point) => Array.isArray(point) && Math.abs(point[0]) <= 180 && Math.abs(point[1]) <= 90);

function size(ring) {
  let twice = 0;
  for (let at = 1; at < ring.length; at += 1) twice += ring[at - 1][0] * ring[at][1] - ring[at][0] * ring[at - 1][1];
  return Math.abs(twice);
}

const boxOf = (ring) => union(ring.map(([x, y]) => [x, y, x, y]));

// Corners of the ring, thinned as a line drawn by hand is.
function corners(ring) {
  const [west, south, east, north] = boxOf(ring);
  const step = Math.max(east - west, north - south) / ACROSS;
  const open = ring.slice(0, -1).map(([x, y]) => [(x - west) / step, (y - south) / step]);
  return few(open).map(([x, y]) => `${+(west + x * step).toFixed(3)},${+(south + y * step).toFixed(3)}`);
}

async function read(here, file, tell, show) {
  const { text } = here.props;
  const say = (words, n) => tell(words.replace("{name}", file.name).replace("{n}", n));
  let rings = [];
  try {
    if (file.size > MOST_BYTES) throw new Error("too large");
    rings = polygons(JSON.parse(await file.text())).map((one) => one[0]);
  } catch { say(text.file_wrong); return; }
  if (!rings.length || !rings.every(inDegrees)) { say(text.file_wrong); return; }
  const largest = rings.reduce((best, ring) => (size(ring) > size(best) ? ring : best));
  const drawn = corners(largest);
  if (drawn.length < 3) { say(text.file_wrong); return; }
  say(rings.length > 1 ? text.file_largest : "", rings.length);
  navigate({ drawn: drawn.join(";"), page: null });
  show(boxOf(largest));
}

// What was said of the last file stands until the next, or until it is clicked away. show: takes the map to a box.
export function askForFile(here, show) {
  const holder = here.map.getContainer();
  const told = (words) => {
    holder.querySelectorAll(".fuping-map-file-told").forEach((one) => one.remove());
    if (!words) return;
    const line = Object.assign(document.createElement("button"), { type: "button", className: "fuping-map-told fuping-map-file-told", textContent: `${words} ✕` });
    line.setAttribute("role", "alert");
    line.addEventListener("click", () => line.remove());
    holder.append(line);
  };
  const input = Object.assign(document.createElement("input"), { type: "file", accept: ".geojson,.json,application/geo+json" });
  input.addEventListener("change", () => { if (input.files[0]) read(here, input.files[0], told, show); });
  input.click();
}
