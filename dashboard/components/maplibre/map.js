// The map: geometry is fetched once and stays in the browser; a year changes feature state and nothing else.
import maplibregl from "maplibre-gl/dist/maplibre-gl-csp.js";
import { feature } from "topojson-client";

const instances = {};
const MISSING = -1;

async function fetchJson(url) {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  return answer.json();
}

async function fetchUnits(url) {
  const topology = await fetchJson(url);
  return topology.type === "Topology" ? feature(topology, topology.objects.units) : topology;
}

function hatch(colour, background, gap) {
  const size = 8;
  const data = new Uint8Array(size * size * 4);
  for (let y = 0; y < size; y += 1) {
    for (let x = 0; x < size; x += 1) {
      data.set((x + y) % gap === 0 ? colour : background, (y * size + x) * 4);
    }
  }
  return { width: size, height: size, data };
}

function state(layer, year, unit) {
  const row = layer.years.indexOf(year);
  if (row < 0) return { cls: MISSING, covered: false };
  const overlay = layer.overlay && layer.overlay[String(year)];
  return { cls: layer.classes[row][unit], covered: Boolean(overlay && overlay.includes(unit)) };
}

function colourOf(colours) {
  const steps = colours.flatMap((colour, index) => [index, colour]);
  return ["match", ["coalesce", ["feature-state", "cls"], MISSING], ...steps, "rgba(0,0,0,0)"];
}

function build(container, props) {
  maplibregl.setWorkerUrl(props.workerUrl);
  const map = new maplibregl.Map({
    container,
    style: { version: 8, sources: {}, layers: [] },
    bounds: props.bounds,
    fitBoundsOptions: { padding: 16 },
    attributionControl: false,
    fadeDuration: 0,
    dragRotate: false,
    pitchWithRotate: false,
    maxZoom: 11,
    locale: props.labels || {},
  });
  map.touchZoomRotate.disableRotation();
  map.addControl(new maplibregl.NavigationControl({ showCompass: false }), "top-right");
  map.addControl(new maplibregl.ScaleControl({ unit: "metric" }), "bottom-right");
  return map;
}

function addLayers(map, units, outline) {
  map.addImage("missing", hatch([120, 120, 116, 255], [244, 243, 240, 255], 4));
  map.addImage("covered", hatch([20, 20, 20, 210], [0, 0, 0, 0], 4));
  map.addSource("units", { type: "geojson", data: units, promoteId: "i", tolerance: 0.2 });
  map.addLayer({ id: "missing", type: "fill", source: "units", paint: { "fill-pattern": "missing" } });
  map.addLayer({ id: "fill", type: "fill", source: "units", paint: { "fill-color": "rgba(0,0,0,0)" } });
  map.addLayer({
    id: "covered", type: "fill", source: "units",
    paint: { "fill-pattern": "covered", "fill-opacity": ["case", ["boolean", ["feature-state", "covered"], false], 1, 0] },
  });
  map.addLayer({
    id: "borders", type: "line", source: "units",
    paint: {
      "line-color": "#ffffff",
      "line-width": ["interpolate", ["linear"], ["zoom"], 3, 0.15, 6, 0.6, 10, 1.2],
    },
  });
  if (outline) {
    map.addSource("outline", { type: "geojson", data: outline, tolerance: 0.2 });
    map.addLayer({
      id: "outline", type: "line", source: "outline",
      paint: { "line-color": "#5b625f", "line-width": ["interpolate", ["linear"], ["zoom"], 3, 0.5, 7, 1.4] },
    });
  }
  map.addLayer({
    id: "selected", type: "line", source: "units",
    paint: {
      "line-color": "#c2410c",
      "line-width": ["case", ["boolean", ["feature-state", "selected"], false], 3, 0],
    },
  });
}

function tip(layer, props, unit) {
  const row = layer.years.indexOf(props.year);
  const value = row < 0 ? null : layer.values[row][unit];
  const text = layer.text;
  const box = document.createElement("div");
  const line = (tag, words) => { const one = document.createElement(tag); one.textContent = words; box.append(one); };
  line("strong", layer.names[unit]);
  line("span", layer.parents[unit]);
  if (value === null) line("div", `${text.missing} — ${text.reasons[row < 0 ? 1 : layer.reasons[row][unit]]}`);
  else if (text.categories) line("div", text.categories[value]);
  else {
    const digits = { maximumFractionDigits: text.decimals };
    line("div", `${new Intl.NumberFormat(text.locale, digits).format(value)} ${text.unit}`);
  }
  line("span", `${props.year} · ${row < 0 ? "" : layer.status[row]}`);
  if (state(layer, props.year, unit).covered && props.overlay) line("span", text.covered);
  return box.innerHTML;
}

function MapView(props) {
  const { createElement, useEffect, useRef } = window.React;
  const holder = useRef(null);
  const here = useRef({});
  here.current.props = props;

  const paint = () => {
    const { map, layer, units } = here.current;
    const now = here.current.props;
    if (!map || !layer || !units) return;
    const started = performance.now();
    for (let unit = 0; unit < layer.codes.length; unit += 1) {
      const next = state(layer, now.year, unit);
      const covered = next.covered && Boolean(now.overlay);
      const selected = layer.codes[unit] === now.selected;
      const key = `${next.cls}|${covered}|${selected}`;
      if (here.current.painted[unit] !== key) {
        here.current.painted[unit] = key;
        map.setFeatureState({ source: "units", id: unit }, { cls: next.cls, covered, selected });
      }
    }
    instances[now.id].stepMs = performance.now() - started;
    instances[now.id].year = now.year;
  };

  useEffect(() => {
    const map = build(holder.current, props);
    here.current.map = map;
    instances[props.id] = { map, current: here.current };
    let live = true;
    const geometry = Promise.all([
      fetchUnits(props.geometryUrl), props.outlineUrl ? fetchUnits(props.outlineUrl) : null, map.once("load"),
    ]);
    geometry.then(([units, outline]) => {
      if (!live) return;
      here.current.units = units;
      here.current.painted = [];
      addLayers(map, units, outline);
      if (here.current.layer) map.setPaintProperty("fill", "fill-color", colourOf(here.current.layer.colours));
      paint();
      map.once("idle", () => { holder.current && (holder.current.dataset.ready = "true"); performance.mark("fuping-map-painted"); });
    });
    const box = document.createElement("div");
    box.className = "fuping-map-tip";
    box.hidden = true;
    holder.current.append(box);
    map.on("mousemove", (event) => {
      const found = map.getLayer("fill") && map.queryRenderedFeatures(event.point, { layers: ["fill"] })[0];
      box.hidden = !found || !here.current.layer;
      if (box.hidden) return;
      box.innerHTML = tip(here.current.layer, here.current.props, found.id);
      const left = event.point.x > holder.current.clientWidth - 280 ? event.point.x - 270 : event.point.x + 12;
      box.style.transform = `translate(${Math.max(4, left)}px, ${event.point.y + 12}px)`;
    });
    map.on("mouseout", () => { box.hidden = true; });
    map.on("click", (event) => {
      const found = map.getLayer("fill") && map.queryRenderedFeatures(event.point, { layers: ["fill"] })[0];
      if (found) here.current.props.setProps({ selected: found.properties.code });
    });
    return () => { live = false; delete instances[props.id]; map.remove(); };
  }, [props.geometryUrl]);

  useEffect(() => {
    let live = true;
    fetchJson(props.dataUrl).then((layer) => {
      if (!live) return;
      here.current.layer = layer;
      here.current.painted = [];
      if (here.current.units) here.current.map.setPaintProperty("fill", "fill-color", colourOf(layer.colours));
      paint();
    });
    return () => { live = false; };
  }, [props.dataUrl, props.geometryUrl]);

  useEffect(paint, [props.year, props.selected, props.overlay]);

  return createElement("div", { id: props.id, className: "fuping-map", ref: holder, role: "region", "aria-label": props.title });
}

MapView.defaultProps = {};
window.fuping_map = { MapView, instances };
