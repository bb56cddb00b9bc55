// Kept views live in the browser's own storage; a file carries them to another machine or another person.
const KEY = "fuping-saved-views";
const MOST = 200;

function kept() {
  try {
    const read = JSON.parse(window.localStorage.getItem(KEY) || "[]");
    return Array.isArray(read) ? read : [];
  } catch { return []; }
}

// What a file holds is trusted no further than this: texts, and addresses of this dashboard.
function sound(one) {
  return one && typeof one.name === "string" && typeof one.href === "string" && /^\/(?!\/)/.test(one.href);
}

function download(views) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([JSON.stringify(views, null, 1)], { type: "application/json" }));
  link.download = "fuping-views.json";
  link.click();
  URL.revokeObjectURL(link.href);
}

export function SavedViews({ id, text }) {
  const { createElement: h, useRef, useState } = window.React;
  const [views, setViews] = useState(kept);
  const [name, setName] = useState("");
  const [note, setNote] = useState("");
  const [refused, setRefused] = useState("");
  const file = useRef(null);
  const store = (next) => { window.localStorage.setItem(KEY, JSON.stringify(next.slice(0, MOST))); setViews(next.slice(0, MOST)); };
  const save = (event) => {
    event.preventDefault();
    const href = window.location.pathname + window.location.search;
    store([{ name: name.trim() || document.title, note: note.trim(), href, at: new Date().toISOString() }, ...views]);
    setName("");
    setNote("");
  };
  const read = async (event) => {
    const [given] = event.target.files;
    event.target.value = "";
    if (!given) return;
    try {
      const found = JSON.parse(await given.text()).filter(sound);
      if (!found.length) throw new Error(given.name);
      setRefused("");
      store([...found.map(({ name: own, note: told, href, at }) => ({ name: own, note: String(told || ""), href, at: String(at || "") })), ...views]);
    } catch { setRefused(given.name); }
  };
  const row = (one, place) => h("li", { key: place },
    h("a", { href: one.href }, one.name, h("small", null, [one.note, one.at.slice(0, 10)].filter(Boolean).join(" · "))),
    h("button", { type: "button", "aria-label": `${text.remove}: ${one.name}`, title: text.remove, onClick: () => store(views.filter((other) => other !== one)) }, "✕"));
  return h("details", { id, className: "saved-views", "data-menu": "saved" },
    h("summary", { "aria-label": text.title, title: text.title }, "☆"),
    h("div", { className: "menu" },
      h("form", { onSubmit: save },
        h("input", { value: name, placeholder: text.name, "aria-label": text.name, maxLength: 80, onChange: (event) => setName(event.target.value) }),
        h("textarea", { value: note, placeholder: text.note, "aria-label": text.note, maxLength: 500, rows: 2, onChange: (event) => setNote(event.target.value) }),
        h("button", { type: "submit" }, text.save)),
      views.length ? h("ul", null, views.map(row)) : h("p", { className: "hint" }, text.none),
      refused && h("p", { role: "alert" }, text.refused.replace("{name}", refused)),
      h("div", { className: "saved-files" },
        views.length > 0 && h("button", { type: "button", onClick: () => download(views) }, text.write),
        h("button", { type: "button", onClick: () => file.current.click() }, text.read),
        h("input", { ref: file, type: "file", accept: ".json", hidden: true, onChange: read })),
      h("p", { className: "hint" }, text.where)));
}
