// The timeline: true years only. It steps by button, by arrow key, by dragging, or plays; it never starts by itself.
// On a screen that a room looks at it begins again after the last year.
import { navigate, useParameters, yearOf } from "../address/address.js";

const SPEEDS = [{ label: "½×", ms: 2400 }, { label: "1×", ms: 1200 }, { label: "2×", ms: 600 }];
const MOST_LABELS = 13;

export function Timeline(props) {
  const { createElement: h, useEffect, useRef, useState } = window.React;
  const { years, gaps, text } = props;
  const query = useParameters();
  const [playing, setPlaying] = useState(false);
  const [speed, setSpeed] = useState(1);
  const known = useRef([]);
  const there = years || [];
  const year = yearOf(query, there);
  const at = there.indexOf(year);
  const go = (place) => navigate({ year: there[Math.max(0, Math.min(there.length - 1, place))], page: null }, true);
  known.current = { there, at, go, wall: query.get("display") === "wall" };

  useEffect(() => {
    if (!playing) return undefined;
    const timer = setInterval(() => {
      const now = known.current;
      if (now.at >= now.there.length - 1 && now.wall) now.go(0);
      else if (now.at >= now.there.length - 1) setPlaying(false);
      else now.go(now.at + 1);
    }, SPEEDS[speed].ms);
    return () => clearInterval(timer);
  }, [playing, speed]);

  useEffect(() => setPlaying(false), [there.join()]);

  useEffect(() => {
    const step = (event) => {
      const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      const focused = document.activeElement;
      if (!by || event.altKey || event.ctrlKey || event.metaKey) return;
      if (focused !== document.body && !focused.closest(".timeline")) return;
      event.preventDefault();
      known.current.go(known.current.at + by);
    };
    document.addEventListener("keydown", step);
    return () => document.removeEventListener("keydown", step);
  }, []);

  if (!there.length) return null;
  const first = there[0];
  const last = there[there.length - 1];
  const place = (one) => `${last === first ? 50 : ((one - first) / (last - first)) * 100}%`;
  if (there.length === 1) {
    return h("div", { id: props.id, className: "timeline single" }, h("output", null, year), h("span", null, text.single));
  }
  const snap = (wanted) => {
    const nearest = there.reduce((best, one) => (Math.abs(one - wanted) < Math.abs(best - wanted) ? one : best));
    go(there.indexOf(nearest));
  };
  const play = () => {
    if (!playing && at === there.length - 1) go(0);
    setPlaying(!playing);
  };
  const button = (name, label, action, disabled) => h("button", {
    type: "button", className: `timeline-${name}`, "aria-label": label, title: label, onClick: action, disabled,
  }, h("svg", { viewBox: "0 0 16 16", "aria-hidden": true }, h("path", { d: SHAPES[name === "play" && playing ? "pause" : name] })));
  const marks = [...there, ...(gaps || [])].sort((one, other) => one - other);
  const every = Math.max(1, Math.ceil((last - first + 1) / MOST_LABELS));
  const labelled = (one) => one === first || one === last
    || (there.length <= MOST_LABELS ? there.includes(one) : (one - first) % every === 0 && last - one >= every);
  return h("div", { id: props.id, className: "timeline", role: "group", "aria-label": text.title },
    button("back", text.back, () => go(at - 1), at === 0),
    button("play", playing ? text.pause : text.play, play),
    button("next", text.next, () => go(at + 1), at === there.length - 1),
    h("output", { "aria-live": playing ? "off" : "polite" }, year),
    h("div", { className: "timeline-track" },
      h("div", { className: "timeline-marks", "aria-hidden": true }, marks.map((one) => h("span", {
        key: one, className: there.includes(one) ? "mark" : "mark gap", style: { left: place(one) },
        title: there.includes(one) ? String(one) : text.gap.replace("{year}", one),
      }, labelled(one) && h("b", { className: one === first || one === last ? "" : "minor" }, one)))),
      h("input", {
        type: "range", min: first, max: last, step: 1, value: year, "aria-label": text.title, "aria-valuetext": String(year),
        onChange: (event) => snap(Number(event.target.value)),
      })),
    h("label", { className: "timeline-speed" }, h("span", null, text.speed),
      h("select", { value: speed, onChange: (event) => setSpeed(Number(event.target.value)) },
        SPEEDS.map((one, index) => h("option", { key: one.label, value: index }, one.label)))));
}

const SHAPES = {
  back: "M10.5 3 5.5 8l5 5", next: "M5.5 3l5 5-5 5", play: "M4.5 2.5v11l9-5.5z", pause: "M4 3h3v10H4zM9 3h3v10H9z",
};
