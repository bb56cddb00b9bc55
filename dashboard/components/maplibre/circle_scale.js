// How much larger the map draws circles than the server worked out; the legend follows.
const CHANGED = "fuping-circles";
let scale = 1;

export function showCircleScale(next) {
  if (Math.abs(next - scale) < 1e-6) return;
  scale = next;
  window.dispatchEvent(new Event(CHANGED));
}

export function useCircleScale() {
  const { useEffect, useState } = window.React;
  const [, redraw] = useState(0);
  useEffect(() => {
    const follow = () => redraw((n) => n + 1);
    window.addEventListener(CHANGED, follow);
    return () => window.removeEventListener(CHANGED, follow);
  }, []);
  return scale;
}
