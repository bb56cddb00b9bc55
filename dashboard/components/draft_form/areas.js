// Units that are named one by one: chips with their names, and a search that adds another; the value is a list of pack:code.
import { SearchBox } from "../search_box/search_box.js";

const parts = (value) => value.split(",").map((one) => one.trim()).filter(Boolean);

export function Areas({ id, field, value, set, invalid }) {
  const { createElement: h, useState } = window.React;
  const [pack, setPack] = useState(field.packs[0].value);
  const [names, setNames] = useState({});
  const named = (area) => names[area] || field.named[area] || area;
  const listed = parts(value);
  const add = (hit) => {
    const area = `${pack}:${hit.code}`;
    setNames((before) => ({ ...before, [area]: hit.name }));
    set([...new Set([...listed, area])].join(", "));
  };
  const chip = (area) => h("li", { key: area }, h("span", null, named(area), " ", h("small", null, area)), h("button", {
    type: "button", className: "quiet", "aria-label": field.text.remove.replace("{name}", named(area)), onClick: () => set(listed.filter((one) => one !== area).join(", ")),
  }, "×"));
  const packs = field.packs.length > 1 && h("select", {
    value: pack, "aria-label": field.text.pack, onChange: (event) => setPack(event.target.value),
  }, field.packs.map((one) => h("option", { key: one.value, value: one.value }, one.label)));
  // Enter in the search chooses a unit, and never sends the form.
  const onKeyDown = (event) => { if (event.key === "Enter" && event.target.type === "search") event.preventDefault(); };
  return h("div", { role: "group", "aria-label": field.label, className: "field areas", onKeyDown },
    h("span", null, field.label),
    h("input", { type: "hidden", name: field.name, value }),
    listed.length ? h("ul", { className: "named", ...invalid }, listed.map(chip)) : h("p", { className: "hint" }, field.text.everywhere),
    h("div", { className: "add-area" }, packs,
      h(SearchBox, { id: `${id}-${field.name}`, url: `/search/${pack}.json`, placeholder: field.text.search, none: field.text.none, chosen: add })));
}
