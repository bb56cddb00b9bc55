// The URL is the state: every choice is a parameter in it, written here and nowhere else. Components follow parameters
// in the browser; the Dash component Address tells the server's callbacks.

const CHANGED = "fuping-view";
const TRANSIENT = ["year", "only", "side", "sheet", "sort", "page", "themes", "uncertain", "display"];
const SIDES = ["unit", "table", "report"];
const root = document.documentElement;

export function parameters() {
  return new URLSearchParams(window.location.search);
}

export function navigate(changes, replace = false) {
  const query = parameters();
  for (const [name, value] of Object.entries(changes)) {
    if (value === null || value === "") query.delete(name);
    else query.set(name, value);
  }
  const search = `?${query}`;
  if (search === (window.location.search || "?")) return;
  window.history[replace ? "replaceState" : "pushState"](null, "", search);
  window.dispatchEvent(new Event(CHANGED));
}

export function onChange(listener) {
  window.addEventListener(CHANGED, listener);
  window.addEventListener("popstate", listener);
  return () => {
    window.removeEventListener(CHANGED, listener);
    window.removeEventListener("popstate", listener);
  };
}

// React: re-render when the URL changes; returns its parameters.
export function useParameters() {
  const { useEffect, useState } = window.React;
  const [, redraw] = useState(0);
  useEffect(() => onChange(() => redraw((n) => n + 1)), []);
  return parameters();
}

// The year of the URL where a series has it, else the nearest, else the latest; the server does the same.
export function yearOf(query, years) {
  const wanted = query.get("year") || "";
  if (!years.length) return null;
  if (!/^\d{4}$/.test(wanted)) return years[years.length - 1];
  return years.reduce((best, year) => (Math.abs(year - wanted) < Math.abs(best - wanted) ? year : best));
}

function without(query, names) {
  const rest = new URLSearchParams(query);
  names.forEach((name) => rest.delete(name));
  return `?${rest}`;
}

// Which panels are open is an attribute of the page, so the style sheet shows them without a round trip.
function reflect() {
  const query = parameters();
  const side = query.get("side");
  if (query.get("lang")) root.lang = query.get("lang") === "zh" ? "zh" : "en";
  root.dataset.side = SIDES.includes(side) ? side : query.get("unit") ? "unit" : "table";
  root.dataset.tab = side || (query.get("unit") ? "unit" : "legend");
  root.dataset.sheet = query.get("sheet") === "1" ? "open" : "closed";
  root.dataset.display = query.get("display") === "wall" ? "wall" : "page";
  root.dataset.themes = query.get("themes") === "0" ? "closed" : "open";
}

function followLink(event) {
  const link = event.target.closest("[data-set]");
  if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  const changes = JSON.parse(link.dataset.set);
  const open = link.closest("details[data-menu]");
  if (open) open.open = false;
  if ("sheet" in changes && root.dataset.sheet === "open" && root.dataset.tab === changes.side) changes.sheet = "";
  navigate(changes);
}

function followKey(event) {
  if (event.key !== "Escape" || event.defaultPrevented) return;
  const menu = document.querySelector("details[data-menu][open]");
  if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
  else if (root.dataset.display === "wall") navigate({ display: null });
  else navigate({ unit: null, only: null, side: parameters().get("side") === "unit" ? null : parameters().get("side") });
}

function closeMenus(event) {
  document.querySelectorAll("details[data-menu][open]").forEach((menu) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
}

const THEME = "fuping-theme";

function setTheme(theme) {
  if (theme) root.dataset.theme = theme;
  window.dispatchEvent(new Event(THEME));
}

function toggleTheme(event) {
  if (!event.target.closest("#theme")) return;
  const dark = root.dataset.theme
    ? root.dataset.theme === "dark" : window.matchMedia("(prefers-color-scheme: dark)").matches;
  window.localStorage.setItem(THEME, dark ? "light" : "dark");
  setTheme(dark ? "light" : "dark");
}

export function onTheme(listener) {
  const system = window.matchMedia("(prefers-color-scheme: dark)");
  window.addEventListener(THEME, listener);
  system.addEventListener("change", listener);
  return () => { window.removeEventListener(THEME, listener); system.removeEventListener("change", listener); };
}

// A session ends while a page is open: whoever asks on is led to where one signs in, and back to this view.
const ask = window.fetch.bind(window);
window.fetch = async (...given) => {
  const answer = await ask(...given);
  if (answer.status === 401 && (answer.headers.get("WWW-Authenticate") || "").startsWith("Bearer")) {
    const query = { next: window.location.pathname + window.location.search, lang: root.lang };
    window.location.assign(`/sign-in?${new URLSearchParams(query)}`);
  }
  return answer;
};

// On the wall the browser's own frame is in the way; it may refuse, and the reader leaves full screen by Escape as well.
function fillScreen(event) {
  if (event.target.closest("#wall") && root.requestFullscreen) root.requestFullscreen().catch(() => {});
  if (event.target.closest("#wall-leave") && document.fullscreenElement) document.exitFullscreen();
}

setTheme(window.localStorage.getItem(THEME));
reflect();
onChange(reflect);
document.addEventListener("click", followLink);
document.addEventListener("click", toggleTheme);
document.addEventListener("click", closeMenus);
document.addEventListener("click", fillScreen);
document.addEventListener("fullscreenchange", () => { if (!document.fullscreenElement) navigate({ display: null }); });
document.addEventListener("click", (event) => { if (event.target.closest("#print")) window.print(); });
document.addEventListener("keydown", followKey);
// A printed page says when it was printed and how to see it again.
window.addEventListener("beforeprint", () => {
  const today = new Date().toLocaleDateString(root.lang, { dateStyle: "long" });
  document.querySelector(".app").dataset.printed = `${today} · ${window.location.href}`;
});

const REST_MS = 120;

// What is done once the picture of now is seen and nothing has changed it for a while; gives the way to call it off.
function afterwards(action) {
  let [frame, timer] = [0, 0];
  const next = (then) => { frame = requestAnimationFrame(then); };
  next(() => next(() => { timer = setTimeout(action, REST_MS); }));
  return () => { cancelAnimationFrame(frame); clearTimeout(timer); };
}

// The map and its legend follow the year themselves. The server's callbacks are told once a hand that drags the slider
// rests: each of the years that pass would cost the browser as much as drawing it.
export function Address({ setProps }) {
  const { useEffect } = window.React;
  useEffect(() => {
    let [callOff, known] = [() => {}, null];
    const tell = () => {
      const query = parameters();
      query.delete("opacity"); // only the browser draws with it
      known = without(query, ["year"]);
      setProps({ search: `?${query}`, frame: without(query, [...TRANSIENT, "unit"]), place: without(query, TRANSIENT) });
    };
    const follow = () => {
      callOff();
      if (without(parameters(), ["year", "opacity"]) === known) callOff = afterwards(tell);
      else tell();
    };
    tell();
    const leave = onChange(follow);
    return () => { callOff(); leave(); };
  }, []);
  return null;
}
