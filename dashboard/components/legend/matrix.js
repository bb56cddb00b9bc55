// Two indicators crossed: three classes of one to the right, three of the other upwards; a click leaves one cell coloured.
import { navigate } from "../address/address.js";

const SIDE = 3;

export function matrix(h, { props, at, only, year, count }) {
  const { matrix: crossed, entries } = props;
  const axis = (side, when) => [side.unit, when].filter(Boolean).join(", ");
  const rows = [2, 1, 0].filter((row) => crossed.rows.labels[row]);
  const columns = [0, 1, 2].filter((column) => crossed.columns.labels[column]);
  const cell = (row, column) => {
    const place = SIDE * row + column;
    const told = `${crossed.cells[place].label}: ${count(entries[place].counts[at])}`;
    return h("button", {
      key: place, type: "button", className: "matrix-cell", style: { background: entries[place].colour },
      title: told, "aria-label": told, "aria-pressed": only === String(place),
      onClick: () => navigate({ only: only === String(place) ? null : place, page: null }),
    });
  };
  return h("div", { key: "matrix", className: "legend-matrix", role: "group", "aria-label": props.text.hint },
    h("div", { className: "matrix-axis" }, h("b", null, `↑ ${crossed.rows.title}`), h("span", null, axis(crossed.rows, crossed.years[at]))),
    h("div", { className: "matrix-cells", style: { gridTemplateColumns: `auto repeat(${columns.length}, minmax(0, 1fr))` } },
      rows.flatMap((row) => [h("span", { key: `row${row}`, className: "matrix-row" }, crossed.rows.labels[row]),
        ...columns.map((column) => cell(row, column))]),
      h("span", { key: "corner" }),
      columns.map((column) => h("span", { key: `column${column}`, className: "matrix-column" }, crossed.columns.labels[column]))),
    h("div", { className: "matrix-axis last" }, h("b", null, `${crossed.columns.title} →`), h("span", null, axis(crossed.columns, year))));
}
