// What the pointer does on the map: a box with the figure, the outline of the unit under it, a click that selects.
import { navigate, yearOf } from "../address/address.js";
import { under } from "./circles.js";
import { forgetCell, tellCell } from "./grid.js";
import { mark } from "./marks.js";
import { locationsUnder } from "./locations.js";
import { partsOf, ringUnder } from "./rings.js";
import { fillRingTip, fillTip, moveTip } from "./tip.js";

export function watchPointer(here, holder) {
  const { map } = here;
  const found = (point) => (here.data && map.getLayer("fill") ? under(map, point) : null);
  const hover = (unit) => {
    if (here.hovered === unit) return;
    mark(here, "hovered", unit);
    here.hovered = unit;
  };
  const leave = () => { here.box.hidden = true; forgetCell(here); if (map.getSource("units")) hover(null); };
  map.on("mousemove", (event) => {
    const part = ringUnder(map, event.point);
    if (part !== null) {
      leave();
      map.getCanvas().style.cursor = "pointer";
      fillRingTip(here.box, here.props, here.data, yearOf(here.query, here.data.classes.years), part);
      moveTip(here.box, holder.current, event.point);
      return;
    }
    const unit = found(event.point);
    map.getCanvas().style.cursor = unit === null ? "" : "pointer";
    if (unit === null) { leave(); return; }
    hover(unit);
    fillTip(here.box, here.props, here.data, yearOf(here.query, here.data.classes.years), unit, locationsUnder(map, event.point));
    const move = () => moveTip(here.box, holder.current, event.point);
    tellCell(here, event.lngLat, move);
    move();
  });
  map.on("mouseout", leave);
  map.on("click", (event) => {
    const part = ringUnder(map, event.point);
    if (part !== null) { navigate({ within: partsOf(here.data).codes[part], page: null }); return; }
    const unit = found(event.point);
    if (unit === null) return;
    here.clicked = here.data.units.codes[unit];
    navigate({ unit: here.clicked, side: null });
  });
}
