"""Palettes as the three colour-vision deficiencies show them.

The deficiencies are simulated with the matrices for full severity of Machado, Oliveira and Fernandes (2009), "A
physiologically-based model for simulation of color vision deficiency", IEEE TVCG 15(6), table in the supplement; they
act on linear sRGB. Differences are CIE 1976 (L*, a*, b* at D65): about 2.3 is just noticeable.
"""

from itertools import combinations, pairwise

import numpy as np
import pytest
from fuping.spatial.cartography import STATUS_COLOURS, bivariate, diverging, qualitative, sequential
from fuping.spatial.errors import FupingError

MACHADO = {
    "none": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
SRGB_TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
D65 = np.array([0.95047, 1.0, 1.08883])

every_eye = pytest.mark.parametrize("eye", MACHADO)


def lab(colour, eye):
    coded = np.array([int(colour[place : place + 2], 16) for place in (1, 3, 5)]) / 255
    linear = np.where(coded <= 0.04045, coded / 12.92, ((coded + 0.055) / 1.055) ** 2.4)
    xyz = SRGB_TO_XYZ @ np.clip(MACHADO[eye] @ linear, 0, 1) / D65
    root = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz * (29 / 6) ** 2 / 3 + 4 / 29)
    return np.array([116 * root[1] - 16, 500 * (root[0] - root[1]), 200 * (root[1] - root[2])])


def closest(colours, eye, pairs=combinations):
    seen = [lab(colour, eye) for colour in colours]
    chosen = pairs(seen, 2) if pairs is combinations else pairs(seen)
    return min(float(np.linalg.norm(one - other)) for one, other in chosen)


def test_the_formula_gives_the_lightness_of_white_grey_and_black():
    assert [round(lab(one, "none")[0], 1) for one in ("#ffffff", "#777777", "#000000")] == [100.0, 50.0, 0.0]


@every_eye
@pytest.mark.parametrize("ramp", ["worse", "better", "neutral"])
@pytest.mark.parametrize("k", range(2, 10))
def test_a_ramp_darkens_step_by_step_to_every_eye(ramp, k, eye):
    seen = [lab(colour, eye) for colour in sequential(k, ramp=ramp)]
    steps = [float(before[0] - after[0]) for before, after in pairwise(seen)]
    assert min(steps) > 50 / k
    assert closest(sequential(k, ramp=ramp), eye) > 7


@every_eye
def test_differences_are_neutral_at_zero_and_darker_away_from_it(eye):
    colours = diverging(3, 3, zero_class=True)
    light = [lab(colour, eye)[0] for colour in colours]
    assert light[3] == max(light)
    assert light[:4] == sorted(light[:4])
    assert light[3:] == sorted(light[3:], reverse=True)
    assert closest(colours, eye) > 10
    assert len(diverging(2, 3, zero_class=False)) == 5


@every_eye
def test_nine_cells_of_two_indicators_are_all_told_apart(eye):
    cells = [cell for row in bivariate() for cell in row]
    assert closest(cells, eye) > 12
    for line in (*bivariate(), *zip(*bivariate(), strict=True)):
        light = [lab(cell, eye)[0] for cell in line]
        assert light == sorted(light, reverse=True)


@every_eye
def test_statuses_differ_by_lightness_and_by_colour(eye):
    light = sorted(lab(colour, eye)[0] for colour in STATUS_COLOURS.values())
    assert min(after - before for before, after in pairwise(light)) > 12
    assert closest(list(STATUS_COLOURS.values()), eye) > 15


@every_eye
def test_categories_are_told_apart(eye):
    assert closest(qualitative(8), eye) > 20
    assert closest(qualitative(16), eye) > 12


def test_what_no_palette_holds_is_named():
    with pytest.raises(FupingError, match="10 colours were asked for"):
        sequential(10, ramp="worse")
    with pytest.raises(FupingError, match="no ramp 'rainbow'"):
        sequential(3, ramp="rainbow")
    with pytest.raises(FupingError, match="17 colours were asked for"):
        qualitative(17)
