// The map: geometry is fetched once and stays in the browser; a year changes feature state and nothing else.
import maplibregl from "maplibre-gl/dist/maplibre-gl-csp.js";
import { navigate, onTheme, useParameters, yearOf } from "../address/address.js";
import { removeCircles, scaleCircles, setCircles, shareOf } from "./circles.js";
import { BOX, CornerButton, FILE, HOME, LASSO, SAVE } from "./controls.js";
import { showDrawn, startDrawing } from "./draw.js";
import { farParts } from "./far.js";
import { askForFile } from "./file_area.js";
import { refine } from "./fine.js";
import { setGrid, setOpacity } from "./grid.js";
import { removeLabels, setLabels } from "./labels.js";
import { setLand } from "./land.js";
import { addLayers, boxesOf, fetchOnce, homeOf, MISSING, preload, removeLayers, setColours, setMissing, showMarks, union } from "./layers.js";
import { mark } from "./marks.js";
import { keepPace, rest } from "./pace.js";
import { watchPointer } from "./pointer.js";
import { setLocations } from "./locations.js";
import { picture } from "./print.js";
import { paintRings, removeRings, scaleRings, setRings, watchRings } from "./rings.js";
import { savePicture } from "./save.js";
import { restyle } from "./theme.js";
import { makeTip } from "./tip.js";

export const instances = {};
const WORKER = "/map/fuping_map_worker.js";
const MOVE_MS = 180;
const SMALLEST_PX = 24;
const [FARTHEST, CLOSEST] = [-1, 11]; // zooms: the earth on a phone, and a street
const POLE = 85; // where Web Mercator ends
const BUTTONS_PX = 64; // beneath the country on a narrow screen

maplibregl.setWorkerUrl(WORKER);
maplibregl.setWorkerCount(2); // one cuts the units, the other the borders above them
maplibregl.prewarm();
preload();

const still = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;

// Nothing but the reader's own hand takes the map from where it was last put, so a change of size puts it there again.
function fit(here, box, { maxZoom = 9, atOnce = false } = {}) {
  const { map } = here;
  here.fitted = { box, maxZoom };
  const narrow = map.getContainer().clientWidth < 600;
  map.fitBounds([[box[0], box[1]], [box[2], box[3]]], {
    padding: narrow ? { top: 12, right: 12, bottom: BUTTONS_PX, left: 12 } : 28, duration: atOnce || still() ? 0 : MOVE_MS, maxZoom, linear: true,
  });
}

function makeMap(holder, here) {
  const map = new maplibregl.Map({
    container: holder, style: { version: 8, sources: {}, layers: [] }, bounds: here.props.bounds,
    attributionControl: false, fadeDuration: 0, dragRotate: false, pitchWithRotate: false, minZoom: FARTHEST, maxZoom: CLOSEST,
    // The library keeps the earth as tall as the map, so that a map taller than wide could not hold its breadth.
    transformConstrain: ({ lng, lat }, zoom) => ({
      center: new maplibregl.LngLat(lng, Math.min(Math.max(lat, -POLE), POLE)), zoom: Math.min(Math.max(zoom, FARTHEST), CLOSEST),
    }),
    locale: here.props.text.controls,
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  if (!here.props.wheel) map.scrollZoom.disable();
  map.addControl(new maplibregl.NavigationControl({ showCompass: false }), "top-right");
  here.homeButton = new CornerButton("home", HOME, () => {
    navigate({ within: null });
    if (here.data) fit(here, here.data.home);
  });
  here.saveButton = new CornerButton("save", SAVE, (button) => { if (here.data) savePicture(here, button); });
  map.addControl(here.homeButton, "top-right");
  map.addControl(here.saveButton, "top-right");
  here.drawButtons = {};
  // Where the page does not scroll, and a drag is not the way to the next paragraph.
  for (const [kind, shape] of here.props.wheel ? [["lasso", LASSO], ["box", BOX]] : []) {
    here.drawButtons[kind] = new CornerButton(kind, shape, (button) => { if (here.data) startDrawing(here, kind, button); });
    map.addControl(here.drawButtons[kind], "top-right");
  }
  if (here.props.wheel) {
    here.drawButtons.file = new CornerButton("file", FILE, () => { if (here.data) askForFile(here, (box) => fit(here, box)); });
    map.addControl(here.drawButtons.file, "top-right");
  }
  map.addControl(new maplibregl.ScaleControl({ unit: "metric", maxWidth: 120 }), "bottom-right");
  return map;
}

// Fetch all that a view needs; what was fetched for the view before is used again.
async function load(props, before) {
  const same = (name) => before && props[name] && before.urls[name] === props[name];
  const parts = ["geometry", "outline", "units", "values", "classes", "coverage", "second", "drawn"];
  const [geometry, outline, units, ownValues, ownClasses, covered, second, drawn] = await Promise.all(parts.map((part) => {
    const url = props[`${part}Url`];
    return same(`${part}Url`) ? before[part] : url ? fetchOnce(url) : null;
  }));
  const [values, classes] = props.layer ? [props.layer.values, props.layer] : [ownValues, ownClasses];
  const coverage = covered || {};
  const boxes = same("geometryUrl") ? before.boxes : boxesOf(geometry);
  const urls = Object.fromEntries(Object.entries(props).filter(([name]) => name.endsWith("Url")));
  const classOf = (at, unit) => { const one = classes.classes[at][unit]; return one === "-" ? MISSING : parseInt(one, 36); };
  return { urls, geometry, outline, units, values, second, drawn, inDrawn: drawn && new Set(drawn.units), classes, coverage, boxes, classOf, home: homeOf(boxes, props.bounds), frame: props.frame };
}

function membersOf(units, code) {
  for (const level of units.above) {
    const place = level.codes.indexOf(code);
    if (place >= 0 && level.of.includes(place)) return level.of.map((one) => one === place);
  }
  return null;
}

function everMissing({ units, classes, classOf }) {
  const all = units.codes.map((_, unit) => unit);
  return classes.years.length ? all.filter((unit) => classes.years.some((_, at) => classOf(at, unit) === MISSING)) : all;
}

export function MapView(props) {
  const { createElement: h, useEffect, useRef, useState } = window.React;
  const query = useParameters();
  const holder = useRef(null);
  const [failed, setFailed] = useState("");
  const [far, setFar] = useState([]);
  const [attempt, setAttempt] = useState(0);
  const here = useRef({ painted: [], pixelShare: 1, hovered: null, clicked: null, data: null }).current;
  here.props = props;
  here.query = query;

  const paint = () => {
    const { map, data } = here;
    if (!map || !data || !map.getSource("units")) return;
    const started = performance.now();
    const year = yearOf(here.query, data.classes.years);
    const at = data.classes.years.indexOf(year);
    const [only, selected] = [here.query.get("only"), here.query.get("unit")];
    const overlay = data.coverage[here.props.overlay] || {};
    const covered = new Set(overlay[year] || []);
    const { members } = here;
    const { inDrawn } = data;
    const unsure = here.query.get("uncertain") === "1" && at >= 0 && data.classes.unsure ? data.classes.unsure[at] : "";
    const row = data.values.years.indexOf(year);
    const { circles } = data.classes;
    const { outside = null } = data.classes;
    showMarks(map, { outside: outside !== null, unsure: Boolean(unsure), covered: Boolean(data.coverage[here.props.overlay]) });
    data.units.codes.forEach((code, unit) => {
      const cls = at < 0 ? MISSING : data.classOf(at, unit);
      const next = {
        cls, covered: covered.has(unit), selected: code === selected, out: Boolean((members && !members[unit]) || (inDrawn && !inDrawn.has(unit))),
        off: only !== null && (only === "missing" ? cls !== MISSING : cls !== Number(only)), unsure: unsure[unit] === "1", outside: cls === outside,
      };
      const share = circles ? shareOf(data, row, unit) : 0;
      const key = `${cls}|${next.covered}|${next.selected}|${next.out}|${next.off}|${next.unsure}|${next.outside}|${share}`;
      if (here.painted[unit] === key) return;
      here.painted[unit] = key;
      map.setFeatureState({ source: "units", id: unit }, next);
      if (circles) {
        map.setFeatureState({ source: "points", id: unit }, { share, empty: share === 0, selected: next.selected, out: next.out, off: next.off });
      }
    });
    paintRings(here, at);
    const chosen = data.units.codes.indexOf(selected);
    here.chosen = chosen < 0 ? null : chosen;
    mark(here, "chosen", here.chosen);
    here.stepMs = performance.now() - started;
    if (here.drawnYear !== undefined && here.drawnYear !== year) keepPace(here);
    here.drawnYear = year;
    holder.current.dataset.year = year;
  };

  const look = (moved) => {
    const { map, data } = here;
    if (!map || !data) return;
    const within = here.query.get("within");
    here.members = within ? membersOf(data.units, within) : null;
    if (moved && here.members) fit(here, union(data.boxes.filter((box, unit) => here.members[unit])));
    else if (moved && here.looked && !within) fit(here, data.home);
    here.looked = Boolean(within);
  };

  // A unit that was chosen elsewhere is brought into sight; one that was clicked is in sight already.
  const find = () => {
    const { map, data } = here;
    const code = here.query.get("unit");
    const unit = map && data ? data.units.codes.indexOf(code) : -1;
    if (unit < 0 || here.clicked === code) return;
    const [west, south, east, north] = data.boxes[unit];
    if (!Number.isFinite(west)) return; // it has no boundary
    const [low, high] = [map.project([west, south]), map.project([east, north])];
    const box = map.getContainer();
    const inside = low.x > 0 && high.x < box.clientWidth && high.y > 0 && low.y < box.clientHeight;
    if (!inside || Math.max(high.x - low.x, low.y - high.y) < SMALLEST_PX) fit(here, data.boxes[unit], { maxZoom: 6 });
  };

  // Without it the map is whole, so a failure is no reason to tell the reader that something is missing.
  const showLand = () => setLand(here).catch(() => { here.landUrl = null; });
  const showLocations = () => setLocations(here).catch((error) => setFailed(error.message));

  const apply = (data) => {
    const { map } = here;
    const before = here.data;
    here.data = data;
    const redrawn = !before || before.geometry !== data.geometry || before.outline !== data.outline;
    if (redrawn) {
      setFar(farParts(data));
      removeLabels(map);
      removeCircles(map);
      removeRings(map);
      removeLayers(map);
      addLayers(map, data.geometry, data.outline);
      setGrid(map, here.props.grid);
      showLocations();
      here.painted = [];
      here.hovered = here.fine = here.near = here.marked = null;
      if (!before || String(before.home) !== String(data.home)) fit(here, data.frame || data.home, { atOnce: true });
    } else if (data.frame && String(before.frame) !== String(data.frame)) fit(here, data.frame);
    setColours(map, data.classes.circles || data.classes.rings ? [] : data.classes.colours);
    setMissing(map, everMissing(data));
    if (redrawn || data.classes.circles || before.classes.circles) {
      setCircles(map, data);
      here.circleKey = null;
      here.painted = [];
    }
    if (redrawn || data.classes.rings || before.classes.rings) setRings(here);
    look(redrawn);
    if (redrawn && !data.frame) find();
    paint();
    showDrawn(map, here.props.drawnUrl ? here.query.get("drawn") : null);
    scaleCircles(here);
    scaleRings(here);
    map.once("idle", () => {
      if (here.data !== data || !holder.current) return;
      holder.current.dataset.ready = "true";
      performance.mark("fuping-map-painted");
      here.props.setProps({ ready: true });
      setLabels(map, data, here.props.language); // after the first picture, which need not wait for names
      showLand();
      refine(here);
    });
    map.triggerRepaint();
  };

  useEffect(() => {
    if (!props.geometryUrl) return undefined;
    let live = true;
    holder.current.dataset.ready = "false";
    if (!here.map) {
      here.map = makeMap(holder.current, here);
      here.loaded = here.map.once("load");
      here.box = makeTip(holder.current);
      watch(here, holder);
      watchRings(here);
      // What the graphics card has lost comes back as shapes without the years' colours: all is drawn as at first.
      here.map.on("webglcontextrestored", () => { here.data = null; setAttempt((before) => before + 1); });
      instances[props.id] = here;
    }
    here.homeButton.label(props.text.home);
    here.saveButton.label(props.text.save);
    Object.entries(here.drawButtons).forEach(([kind, button]) => button.label(props.text[kind]));
    here.map.resize();
    Promise.all([load(props, here.data), here.loaded]).then(([data]) => { if (live) { setFailed(""); apply(data); } })
      .catch((error) => { if (live) setFailed(error.message); });
    return () => { live = false; };
  }, [props.geometryUrl, props.outlineUrl, props.unitsUrl, props.valuesUrl, props.secondUrl, props.classesUrl, props.coverageUrl, props.drawnUrl, props.layer, attempt]);

  useEffect(() => () => { if (here.map) here.map.remove(); delete instances[props.id]; }, []);
  useEffect(() => onTheme(() => { if (here.map) restyle(here.map); }), []);
  useEffect(() => {
    if (!here.map || !here.map.getSource("labels-units")) return;
    setLabels(here.map, here.data, props.language);
    setRings(here);
    scaleRings(here);
    paint();
  }, [props.language]);
  useEffect(() => { if (here.data) setGrid(here.map, props.grid); }, [props.grid && props.grid.tiles]);
  useEffect(() => { if (here.data) showLocations(); }, [props.locationsUrl, props.star && String(props.star.at)]);
  useEffect(() => { if (here.data) setOpacity(here.map, props.grid); }, [query.get("opacity")]);
  useEffect(() => { look(true); paint(); }, [query.get("within")]);
  useEffect(() => { find(); paint(); here.clicked = null; }, [query.get("unit")]);
  useEffect(paint, [query.get("year"), query.get("only"), query.get("uncertain"), props.overlay]);

  return h("div", { className: "fuping-map-frame" },
    h("div", { id: props.id, className: "fuping-map", ref: holder, role: "region", "aria-label": props.title }),
    h("div", { className: "fuping-map-skeleton", "aria-hidden": true }),
    far.length > 0 && h("div", { className: "fuping-map-far", role: "group", "aria-label": props.text.far },
      far.map((part) => h("button", { key: part.key, type: "button", onClick: () => fit(here, part.box) }, part.names(props.language)))),
    h("img", { className: "fuping-map-print", alt: "", id: `${props.id}-print` }),
    failed && h("div", { className: "fuping-map-error", role: "alert" }, h("strong", null, props.text.failed), h("span", null, failed),
      h("button", { type: "button", onClick: () => setAttempt(attempt + 1) }, props.text.retry)));
}

function watch(here, holder) {
  const { map } = here;
  watchPointer(here, holder);
  map.on("movestart", (event) => { if (event.originalEvent) here.fitted = null; });
  map.on("resize", () => {
    if (here.pacing) return;
    if (here.fitted) fit(here, here.fitted.box, { maxZoom: here.fitted.maxZoom, atOnce: true });
    scaleCircles(here);
  });
  map.on("zoom", () => scaleCircles(here));
  map.on("zoomend", () => refine(here));
  window.addEventListener("beforeprint", () => {
    rest(here);
    const image = document.getElementById(`${here.props.id}-print`);
    if (image && here.data) image.src = picture(map).toDataURL("image/png");
  });
}
