// A long form in sections. It begins anew when another state is shown; its buttons send every field.
import { Areas } from "./areas.js";

export function DraftForm({ id, seen, sections, wrong, buttons, setProps }) {
  const { createElement: h, useEffect, useState } = window.React;
  const fresh = () => Object.fromEntries(sections.flatMap((one) => one.fields).map((field) => [field.name, field.value]));
  const [said, setSaid] = useState(fresh);
  useEffect(() => setSaid(fresh()), [seen]);
  const set = (name, value) => setSaid((before) => ({ ...before, [name]: value }));
  const send = (act) => setProps({ sent: { act, values: said, at: Date.now() } });
  const input = (field) => {
    const value = said[field.name] ?? field.value;
    const invalid = wrong.includes(field.name) ? { "aria-invalid": true } : {};
    if (field.kind === "check") {
      return h("input", { type: "checkbox", name: field.name, ...invalid, checked: value === "yes", onChange: (event) => set(field.name, event.target.checked ? "yes" : "") });
    }
    const shared = { name: field.name, value, ...invalid, lang: field.lang, onChange: (event) => set(field.name, event.target.value) };
    if (field.kind === "choice") {
      return h("select", shared, field.options.map((one) => h("option", { key: one.value, value: one.value }, one.label)));
    }
    return h("input", { ...shared, type: "text", maxLength: 500, autoComplete: "off", spellCheck: false, inputMode: field.kind === "year" ? "numeric" : undefined });
  };
  const areas = (field) => h(Areas, {
    key: field.name, id, field, value: said[field.name] ?? field.value, set: (value) => set(field.name, value),
    invalid: wrong.includes(field.name) ? { "aria-invalid": true } : {},
  });
  const line = (field) => field.kind === "areas" ? areas(field) : h("label", { key: field.name, className: field.kind === "check" ? "field check" : "field" },
    field.kind === "check" ? input(field) : h("span", null, field.label), field.kind === "check" ? h("span", null, field.label) : input(field));
  return h("form", { id, className: "draft-form", noValidate: true, onSubmit: (event) => { event.preventDefault(); send(buttons[0].act); } },
    sections.map((one) => h("fieldset", { key: one.title, className: one.within ? "within" : undefined },
      h("legend", null, one.title), one.hint && h("p", { className: "hint" }, one.hint), h("div", { className: "fields" }, one.fields.map(line)))),
    h("div", { className: "take-row" }, buttons.map((one, n) => h("button", {
      key: one.act, type: n ? "button" : "submit", name: one.act, className: one.quiet ? "quiet" : "act", onClick: n ? () => send(one.act) : undefined,
    }, one.label))));
}
