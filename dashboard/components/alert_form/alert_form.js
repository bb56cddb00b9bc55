// The next step of an alert. It begins anew when another step is shown, with the note of a step that was refused.
export function AlertForm(props) {
  const { createElement: h, useEffect, useState } = window.React;
  const { id, alert, seen, moves, people, text, most, today, setProps } = props;
  const fresh = () => ({ state: "", note: props.note, responsible: props.responsible, due: props.due });
  const [said, setSaid] = useState(fresh);
  useEffect(() => setSaid(fresh()), [alert, seen]);
  const move = moves.find((one) => one.state === said.state);
  const set = (name) => (event) => setSaid({ ...said, [name]: event.target.value });
  const send = (event) => {
    event.preventDefault();
    const named = move.names ? { responsible: said.responsible, due: said.due } : { responsible: "", due: "" };
    setProps({ step: { alert, seen, state: said.state, note: said.note, ...named, at: Date.now() } });
  };
  const field = (label, input) => h("label", { className: "field" }, h("span", null, label), input);
  return h("form", { id, className: "alert-form", onSubmit: send },
    h("fieldset", null, h("legend", null, text.next), moves.map((one) => h("label", { key: one.state, className: "choice-of" },
      h("input", { type: "radio", name: "state", value: one.state, required: true, checked: said.state === one.state, onChange: set("state") }), one.label))),
    field(move && move.note ? text.note_needed : text.note,
      h("textarea", { name: "note", rows: 3, maxLength: most[0], required: Boolean(move && move.note), value: said.note, onChange: set("note") })),
    (!move || move.names) && h("div", { className: "fields" },
      field(text.responsible, h("input", { name: "responsible", list: `${id}-people`, maxLength: most[1], autoComplete: "off", value: said.responsible, onChange: set("responsible") })),
      h("datalist", { id: `${id}-people` }, people.map((one) => h("option", { key: one, value: one }))),
      field(move && move.due ? text.due_needed : text.due,
        h("input", { type: "date", name: "due", min: today, required: Boolean(move && move.due), value: said.due, onChange: set("due") }))),
    h("button", { type: "submit", className: "act" }, text.take));
}
