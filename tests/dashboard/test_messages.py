"""Every text in every language, every word of the vocabulary with its label, every view in the URL."""

from typing import get_args

import pytest
from fuping.dashboard.i18n.messages import LANGUAGES, catalogue
from fuping.dashboard.state import ViewState
from fuping.layers.schema.vocabulary import FigureStatus, Warning_


def test_the_catalogues_have_the_same_keys():
    first, *others = (set(catalogue(language)) for language in LANGUAGES)
    assert all(other == first for other in others)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_status_and_warning_has_a_label(language):
    wanted = {f"vocabulary.status.{word}" for word in get_args(FigureStatus)}
    wanted |= {f"vocabulary.warning.{word}" for word in get_args(Warning_)}
    assert wanted <= set(catalogue(language))


def test_a_view_survives_the_url_and_nonsense_falls_back(store):
    known = store.catalogue("cn")
    view = ViewState("cn", "zh", "rural_headcount_ratio", 2015, "130624", overlay=True)
    assert ViewState.read(view.href(), known) == view
    fallback = ViewState.read("?lang=xx&indicator=nothing&year=soon", known)
    assert fallback == ViewState("cn", "en", "poverty_county_status")
