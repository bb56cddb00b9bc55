// Work that the reader starts by a button: its bar, its end, and the file that it gives.
import { Job } from "./job.js";

export function Batch({ id, url, text }) {
  const { createElement: h, useState } = window.React;
  const [begun, setBegun] = useState(null);
  const [told, setTold] = useState("");
  const start = async () => {
    setTold("");
    try {
      const answer = await fetch(url, { method: "POST" });
      if (answer.ok) setBegun({ ...await answer.json(), state: "working" });
      else setTold((await answer.text()).trim() || text.failed);
    } catch { setTold(text.failed); }
  };
  const ended = (state, reason) => {
    setBegun(state === "ready" ? { ...begun, state } : null);
    setTold(state === "ready" ? "" : reason || text[state]);
  };
  return h("span", { id, className: "batch" },
    !begun && h("button", { type: "button", onClick: start }, text.start),
    begun && begun.state === "working" && h(Job, { url: begun.status, stopUrl: begun.stop, text, onEnd: ended }),
    begun && begun.state === "ready" && h("a", { href: begun.file, download: "" }, text.save),
    told && h("span", { role: "alert" }, told));
}
