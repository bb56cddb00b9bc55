"""Inequality indices against the documented output of R's ineq."""

import pytest
from fuping.spatial.poverty.inequality import atkinson, generalised_entropy, gini, share_ratio, theil_l, theil_t

# The example of R's ineq (Zeileis and Kleiber, Inequality/ineq.Rd). Values as R gives them, kept to seven digits in
# the tests of openmole/ineq.scala.
X = [541, 1463, 2445, 3438, 4437, 5401, 6392, 8304, 11904, 22261]


@pytest.mark.parametrize(
    ("measure", "parameters", "published"),
    [
        (gini, {}, 0.4620911),
        (theil_t, {}, 0.3623412),
        (theil_l, {}, 0.4335946),
        (generalised_entropy, {"alpha": 0.5}, 0.3770931),
        (generalised_entropy, {"alpha": 0.723}, 0.3663712),
        # Half the squared coefficient of variation, which is 0.8408123.
        (generalised_entropy, {"alpha": 2}, 0.8408123 / 2),
        (atkinson, {"epsilon": 0.4}, 0.1440938),
        (atkinson, {"epsilon": 0.5}, 0.1796591),
        (atkinson, {"epsilon": 1}, 0.3518251),
    ],
)
def test_the_indices_of_ineq(measure, parameters, published):
    assert measure(X, **parameters).value == pytest.approx(published, abs=5e-8)


def test_the_corrected_gini_of_ineq():
    assert gini(X).value * len(X) / (len(X) - 1) == pytest.approx(0.5134346, abs=5e-8)


def test_the_handbook_decile_dispersion_is_the_share_ratio_of_tenths():
    # Haughton and Khandker (2009), p. 104 (page typed from memory): mean of the richest tenth over that of the poorest.
    assert share_ratio(X, top=0.1, bottom=0.1).value == pytest.approx(22261 / 541)
