// Without a graphics card the processor draws each pixel. While years follow one another faster than it can draw them
// all, the map has fewer pixels and no hairlines, and has them all again as soon as it rests.
const FOLLOWING_MS = 400; // a step so soon after the one before was seen: a hand on the slider, or years that play fast
const WANTED_MS = 60;
const REST_MS = 300;
const COARSE = 0.6;
const COARSEST = 0.35;
const HAIRLINES = ["borders", "land-borders"];

function draw(here, share) {
  if (here.pixelShare === share) return;
  here.pixelShare = share;
  here.pacing = true; // the map tells a change of its pixels as one of its size
  here.map.setPixelRatio(window.devicePixelRatio * share);
  here.pacing = false;
  HAIRLINES.filter((name) => here.map.getLayer(name)).forEach((name) => here.map.setPaintProperty(name, "line-opacity", share < 1 ? 0 : 1));
}

export function rest(here) {
  clearTimeout(here.resting);
  if (here.map) draw(here, 1);
}

// Called at each step: how long the browser took to draw the one before decides how many pixels this one has.
export function keepPace(here) {
  clearTimeout(here.resting);
  const following = here.drawing || performance.now() - here.seenAt < FOLLOWING_MS;
  if (!following) here.frameMs = 0;
  else if (here.frameMs > WANTED_MS) {
    // In one leap: another canvas waits until all that was asked for before is drawn, half a second at times.
    const share = here.frameMs > 2 * WANTED_MS ? COARSEST : COARSE;
    if (share < here.pixelShare) draw(here, share);
  }
  if (here.drawing) return;
  here.drawing = true;
  here.map.once("render", () => {
    const drawn = performance.now();
    requestAnimationFrame((first) => requestAnimationFrame((second) => {
      here.drawing = false;
      here.seenAt = performance.now();
      here.frameMs = Math.max(first - drawn, second - first);
      here.resting = setTimeout(() => rest(here), REST_MS);
    }));
  });
}
