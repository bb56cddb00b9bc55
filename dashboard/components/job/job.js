// How far work on the server is; it is asked again and again until it has ended.
const EVERY_MS = 600;

// onEnd: called with the state that the work ended in, and why; as a Dash component it sets its property instead.
export function Job({ id, url, stopUrl, steps, text, setProps, onEnd }) {
  const { createElement: h, useEffect, useState } = window.React;
  const [told, setTold] = useState(null);
  const [stopping, setStopping] = useState(false);
  useEffect(() => {
    let live = true;
    let waiting = null;
    setTold(null);
    setStopping(false);
    const ask = async () => {
      try {
        const answer = await fetch(url, { cache: "no-store" });
        if (!live || !answer.ok) return;
        const next = await answer.json();
        if (!live) return;
        setTold(next);
        if (!next.working) {
          if (onEnd) onEnd(next.state, next.told); else setProps({ ended: `${url} ${next.state}` });
          return;
        }
      } catch { /* the server may be starting anew; it is asked again */ }
      if (live) waiting = setTimeout(ask, EVERY_MS);
    };
    ask();
    return () => { live = false; clearTimeout(waiting); };
  }, [url]);
  const stop = () => { setStopping(true); fetch(stopUrl, { method: "POST" }).catch(() => setStopping(false)); };
  const step = told && told.step ? (steps && steps[told.step.split(":")[0]]) || told.step : text.waiting;
  return h("div", { id, className: "job", role: "status" },
    h("progress", { value: told && told.total ? told.done : undefined, max: told && told.total ? told.total : undefined, "aria-label": text.progress }),
    h("span", null, told && told.total ? `${step} · ${told.done} / ${told.total}` : step),
    stopUrl && h("button", { type: "button", disabled: stopping, onClick: stop }, text.stop));
}
