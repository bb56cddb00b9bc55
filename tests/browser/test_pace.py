"""Years that follow one another faster than the machine draws them have fewer pixels, until the map rests."""

from asked_until import until

WIDE = "() => { const one = window.fuping_map.instances.map.map.getCanvas(); return one.width / one.clientWidth; }"

STEPS = """async ([years, frameMs, soon]) => {
  const here = window.fuping_map.instances.map;
  const shares = [];
  for (const year of years) {
    const drawn = new Promise((done) => here.map.once('render', () => {
      shares.push(here.map.getCanvas().width / here.map.getCanvas().clientWidth);
      done();
    }));
    window.fuping_map.navigate({ year });
    await drawn;
    while (here.drawing) await new Promise((done) => requestAnimationFrame(done));
    Object.assign(here, { frameMs, seenAt: soon ? Infinity : -Infinity });
  }
  return shares;
}"""
"""Pixels of the map to one of the screen at each step; how long a step took, and when it was seen, is made up."""


def test_a_slow_machine_drags_with_fewer_pixels_and_rests_with_all(visit):
    page = visit("?lang=en&pack=kr&year=2010")
    centre = "() => window.fuping_map.instances.map.map.getCenter().toArray().map((one) => one.toFixed(4))"
    before = page.evaluate(centre)
    assert page.evaluate(STEPS, [["2015", "2020", "2010"], 10, True]) == [1, 1, 1]
    first, second, third = page.evaluate(STEPS, [["2015", "2020", "2015"], 300, True])
    assert first == 1  # the step before was quick
    assert 0.3 < third <= second < 0.6
    until(page, f"() => ({WIDE})() === 1")
    assert page.evaluate(centre) == before
    # Slow as the machine may be, years that do not follow one another at once are drawn whole.
    page.evaluate("() => { window.fuping_map.instances.map.seenAt = -Infinity; }")
    assert page.evaluate(STEPS, [["2010", "2015", "2020"], 300, False]) == [1, 1, 1]
