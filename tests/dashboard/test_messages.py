"""Every text in every language with the same places to fill; every word of the vocabulary; no key unused or unknown."""

import re
from pathlib import Path
from string import Formatter
from typing import get_args

import fuping.dashboard
import pytest
from fuping.dashboard.i18n.messages import LANGUAGES, catalogue
from fuping.layers.schema.vocabulary import FigureStatus, Warning_
from fuping.spatial.cartography import SCHEMES
from fuping.spatial.cube.missing import MissingReason
from fuping.spatial.match_report import Reason

SOURCE = "\n".join(path.read_text("utf-8") for path in Path(fuping.dashboard.__path__[0]).rglob("*.py"))


def fields(text):
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_the_catalogues_have_the_same_keys_and_places():
    first, *others = LANGUAGES
    for other in others:
        assert set(catalogue(other)) == set(catalogue(first))
        for key, text in catalogue(first).items():
            assert fields(catalogue(other)[key]) == fields(text), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_of_the_vocabulary_has_a_label(language):
    wanted = {f"vocabulary.status.{word}" for word in get_args(FigureStatus)}
    wanted |= {f"vocabulary.warning.{word}" for word in get_args(Warning_)}
    wanted |= {f"vocabulary.reason.{int(reason)}" for reason in MissingReason}
    wanted |= {f"vocabulary.unmatched.{word}" for word in get_args(Reason)}
    wanted |= {f"scheme.{word}{end}" for word in SCHEMES for end in ("", ".why")}
    assert wanted <= set(catalogue(language))
    assert all(text.strip() for text in catalogue(language).values())


def test_every_key_in_the_code_is_known_and_every_key_known_is_in_the_code():
    families = {key.split(".")[0] for key in catalogue("en")}
    named = set(re.findall(rf"""["']((?:{"|".join(families)})\.[a-z_]+)["']""", SOURCE))
    composed = tuple(re.findall(r'f"([a-z_]+(?:\.[a-z_]+)*\.)\{', SOURCE))
    assert {key for key in named if re.search(rf'message\(\s*["\']{re.escape(key)}', SOURCE)} <= set(catalogue("en"))
    assert [key for key in catalogue("en") if key not in named and not key.startswith(composed)] == []


def test_chinese_texts_are_chinese():
    latin = {"format.bracket", "format.join", "app.name", "nav.language"}
    plain = {key for key, text in catalogue("zh").items() if not re.search("[\u4e00-\u9fff]", text)}
    assert plain <= latin
