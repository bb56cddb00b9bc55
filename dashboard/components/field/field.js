// A field is a parameter of the URL: it shows what the server understood, and sets it when the reader is done.
import { navigate, useParameters } from "../address/address.js";

export function Field(props) {
  const { createElement: h, useEffect, useState } = window.React;
  const { id, param, label, kind, options } = props;
  const held = useParameters().get(param);
  const value = props.live && held !== null ? held : props.value;
  const [text, setText] = useState(value || "");
  useEffect(() => setText(value || ""), [value]);
  const send = (next) => {
    setText(next);
    if (next !== (value || "")) navigate({ ...Object.fromEntries((props.clears || []).map((name) => [name, ""])), [param]: next });
  };
  const title = h("span", { key: "label" }, label);
  if (kind === "select") {
    const groups = [...new Set((options || []).map((one) => one.group))];
    const listed = (group) => (options || []).filter((one) => one.group === group)
      .map((one) => h("option", { key: one.value, value: one.value }, one.label));
    return h("label", { className: "field" }, title,
      h("select", { id, value: text, onChange: (event) => send(event.target.value) },
        groups.map((group) => (group ? h("optgroup", { key: group, label: group }, listed(group)) : listed(group)))));
  }
  if (kind === "check") {
    return h("label", { className: "field check" },
      h("input", { id, type: "checkbox", checked: text === "1", onChange: (event) => send(event.target.checked ? "1" : "") }), title);
  }
  return h("label", { className: "field" }, title, h("input", {
    id, type: kind, value: text, min: props.min, max: props.max, step: props.step, placeholder: props.placeholder,
    onChange: (event) => {
      setText(event.target.value);
      if (props.live) navigate({ [param]: event.target.value }, true);
    },
    onBlur: () => send(text),
    onPointerUp: kind === "range" ? () => send(text) : undefined,
    onKeyDown: (event) => { if (event.key === "Enter") send(text); },
  }), kind === "range" && h("output", null, text));
}
