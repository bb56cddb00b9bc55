// A grid over the units' colours, beneath borders and names: tiles of our own server, and the cell under the pointer.
import { parameters } from "../address/address.js";

const LAYER = "grid";
const PAUSE_MS = 120; // the pointer rests so long before the server is asked

function opacityOf(grid) {
  const wanted = parameters().get("opacity");
  const share = Number(wanted);
  return (wanted && share >= 0 && share <= 100 ? share : grid.opacity) / 100;
}

// props.grid: tiles, at, bounds, maxzoom, name, opacity; none: what lies there is taken away.
export function setGrid(map, grid) {
  if (map.getLayer(LAYER)) map.removeLayer(LAYER);
  if (map.getSource(LAYER)) map.removeSource(LAYER);
  if (!grid || !map.getLayer("borders")) return;
  const { bounds, maxzoom } = grid;
  map.addSource(LAYER, { type: "raster", tiles: [window.location.origin + grid.tiles], tileSize: 256, bounds, maxzoom });
  map.addLayer({
    id: LAYER, type: "raster", source: LAYER,
    paint: { "raster-opacity": opacityOf(grid), "raster-resampling": "nearest", "raster-fade-duration": 0 },
  }, "borders");
}

export function setOpacity(map, grid) {
  if (grid && map.getLayer(LAYER)) map.setPaintProperty(LAYER, "raster-opacity", opacityOf(grid));
}

function write(here) {
  const { grid } = here.props;
  const { told } = here.cell;
  const line = document.createElement("span");
  line.className = "tip-grid";
  const [name, where] = ["b", "span"].map((tag) => document.createElement(tag));
  name.textContent = told ? `${grid.name}: ${told.text}` : `${grid.name}: …`;
  where.textContent = told ? told.place : "";
  line.append(name, where);
  here.box.querySelectorAll(".tip-grid").forEach((one) => one.remove());
  here.box.append(line);
}

// The last line of the box beside the pointer; until the server has answered, that of the cell before stands.
export function tellCell(here, place, moved) {
  const { grid } = here.props;
  if (!grid) return;
  here.cell ||= {};
  clearTimeout(here.cell.timer);
  if (here.cell.grid !== grid.id) here.cell = { grid: grid.id };
  write(here);
  const { cell } = here;
  cell.timer = setTimeout(async () => {
    const { lng, lat } = place.wrap();
    const answer = await fetch(`${grid.at}&lon=${lng.toFixed(4)}&lat=${lat.toFixed(4)}`);
    if (!answer.ok || here.cell !== cell || here.box.hidden) return;
    cell.told = await answer.json();
    write(here);
    moved();
  }, PAUSE_MS);
}

export function forgetCell(here) {
  if (here.cell) clearTimeout(here.cell.timer);
  here.cell = null;
}
