// Search: asks the server while one types; a hit changes the URL, and the map follows, or is given to the form that it is part of.
import { navigate, parameters } from "../address/address.js";

const WAIT_MS = 120;

export function SearchBox(props) {
  const { createElement: h, useEffect, useRef, useState } = window.React;
  const [text, setText] = useState("");
  const [hits, setHits] = useState(null);
  const [active, setActive] = useState(0);
  const box = useRef(null);

  useEffect(() => {
    if (!text.trim()) { setHits(null); return undefined; }
    const stop = new AbortController();
    const timer = setTimeout(() => {
      const query = parameters();
      query.set("q", text);
      fetch(`${props.url}?${query}`, { signal: stop.signal }).then((answer) => answer.json())
        .then((found) => { setHits(found); setActive(0); })
        .catch((error) => { if (error.name !== "AbortError") setHits([]); });
    }, WAIT_MS);
    return () => { clearTimeout(timer); stop.abort(); };
  }, [text, props.url]);

  useEffect(() => {
    const close = (event) => { if (box.current && !box.current.contains(event.target)) setHits(null); };
    document.addEventListener("click", close);
    return () => document.removeEventListener("click", close);
  }, []);

  const choose = (hit) => {
    setText("");
    setHits(null);
    if (props.chosen) { props.chosen(hit); return; }
    if (props.sets) { navigate({ [props.sets]: hit.code }); return; }
    if (!props.adds) { navigate({ ...hit.changes, side: null }); return; }
    const listed = (parameters().get(props.adds) || "").split(",").filter(Boolean);
    navigate({ [props.adds]: [...new Set([...listed, hit.code])].join(",") });
  };
  const onKey = (event) => {
    const open = hits && hits.length;
    if (event.key === "Escape" && text) { event.preventDefault(); event.stopPropagation(); setText(""); setHits(null); }
    else if (event.key === "ArrowDown" && open) { event.preventDefault(); setActive((active + 1) % hits.length); }
    else if (event.key === "ArrowUp" && open) { event.preventDefault(); setActive((active + hits.length - 1) % hits.length); }
    else if (event.key === "Enter" && open) { event.preventDefault(); choose(hits[active]); }
  };
  const option = (hit, place) => h("li", {
    key: place, id: `${props.id}-${place}`, role: "option", "aria-selected": place === active,
    onMouseEnter: () => setActive(place), onClick: () => { choose(hit); document.activeElement.blur(); },
  }, h("strong", null, hit.name), hit.other && h("span", null, hit.other), h("small", null, hit.note));
  return h("div", { className: "search", ref: box },
    h("input", {
      id: props.id, type: "search", role: "combobox", autoComplete: "off", spellCheck: false, value: text,
      placeholder: props.placeholder, "aria-label": props.placeholder, "aria-expanded": Boolean(hits),
      "aria-controls": `${props.id}-hits`, "aria-activedescendant": hits && hits.length ? `${props.id}-${active}` : undefined,
      onChange: (event) => setText(event.target.value), onKeyDown: onKey,
    }),
    hits && h("ul", {
      id: `${props.id}-hits`, role: "listbox", "aria-label": props.placeholder,
      // The field keeps the focus, and on a narrow screen its width, until the hit has been clicked.
      onMouseDown: (event) => event.preventDefault(),
    },
      hits.length ? hits.map(option) : h("li", { className: "none" }, props.none)));
}
