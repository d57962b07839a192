"""The translator with a stand-in for the machine: what is masked comes back, what goes wrong is refused with its reason."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowledge.translation.cache import Cache
from knowledge.translation.errors import MachineTimeout
from knowledge.translation.protection import PLACEHOLDER, Protection
from knowledge.translation.translator import LONGEST_TEXT, Refused, Translated, Translator

CYRILLIC = str.maketrans("abcdefghijklmnopqrstuvwxyz", "абцдефгхіжклмнопкрстуввхіз")
TERMS = ("BSN", "huisarts")


def cyrillic(text: str) -> str:
    """A translation of sorts: every Latin letter becomes a Cyrillic one."""
    return text.lower().translate(CYRILLIC)


class Engine:
    """Does to a sentence what a function does, and remembers what it was asked."""

    def __init__(self, act: Callable[[str], str] = cyrillic) -> None:
        self.act, self.asked = act, []

    async def translate(self, package: Path, text: str) -> str:
        self.asked.append((package.name, text))
        return text if package.name == "nl_en" else self.act(text)


@pytest.fixture(scope="module")
def packages(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("packages")
    for source, target in (("nl", "en"), ("en", "uk"), ("en", "ar")):
        (folder / f"{source}_{target}/model").mkdir(parents=True)
        (folder / f"{source}_{target}/model/model.bin").write_text("weights")
        metadata = {"from_code": source, "to_code": target, "package_version": "1.0"}
        (folder / f"{source}_{target}/metadata.json").write_text(json.dumps(metadata))
    return folder


async def test_what_must_not_change_does_not(packages):
    engine = Engine()
    result = await Translator(engine, packages, TERMS).translate(
        "Neem uw BSN mee naar de huisarts, om 19:30. Bel 112!", "nl", "uk"
    )
    assert (
        result.text
        == f"{cyrillic('neem uw')} BSN {cyrillic('mee naar de')} huisarts, {cyrillic('om')} 19:30. {cyrillic('bel')} 112!"
    )
    assert [str(package) for package in result.packages] == ["nl→en 1.0", "en→uk 1.0"]
    assert engine.asked[0] == ("nl_en", "Neem uw [1] mee naar de [2], om [3].")
    assert engine.asked[1][0] == "en_uk"


async def test_where_placeholders_are_lost_the_pieces_between_are_translated(packages):
    engine = Engine(lambda text: cyrillic(PLACEHOLDER.sub("", text)))
    result = await Translator(engine, packages, TERMS).translate("Neem uw BSN mee naar de huisarts.", "nl", "uk")
    assert result.text == f"{cyrillic('neem uw')} BSN {cyrillic('mee naar de')} huisarts."
    assert ("en_uk", "mee naar de") in engine.asked


@pytest.mark.parametrize(
    ("act", "reason"),
    [
        (lambda text: text, "letters are Cyrillic"),
        (lambda _: "", "nothing came out"),
        (lambda _: "так " * 9, "repeated"),
        (lambda text: f"{cyrillic(text)} і 7 євро", "a number came in"),
        (lambda text: "т" + cyrillic(text) * 9, "characters came out"),
    ],
)
async def test_one_bad_sentence_is_no_translation(packages, act, reason):
    engine = Engine(lambda text: act(text) if "tweede" in text else cyrillic(text))
    result = await Translator(engine, packages).translate("De eerste is goed vandaag. De tweede is het niet.", "nl", "uk")
    assert isinstance(result, Refused)
    assert reason in result.reason


async def test_a_doubled_placeholder_is_not_shown(packages):
    engine = Engine(lambda text: f"{cyrillic(text)} [1] [1]")
    result = await Translator(engine, packages, TERMS).translate("Neem uw BSN mee", "nl", "uk")
    assert isinstance(result, Refused)


async def test_what_holds_no_prose_needs_no_machine(packages):
    engine = Engine()
    assert (
        await Translator(engine, packages, TERMS).translate("Huisarts: 024 123 45 67", "nl", "uk")
    ).text == "Huisarts: 024 123 45 67"
    assert engine.asked == []


async def test_a_slow_machine_is_a_reason(packages):
    def slow(_: str) -> str:
        raise MachineTimeout("did not answer within 1 seconds")

    result = await Translator(Engine(slow), packages).translate("Goedemorgen allemaal", "nl", "uk")
    assert result == Refused("did not answer within 1 seconds")


async def test_without_a_package_the_reason_is_told_and_nothing_is_started(tmp_path):
    engine = Engine()
    translator = Translator(engine, tmp_path / "nothing")
    assert "not installed: nl→en and en→ar" in (await translator.translate("Goedemorgen", "nl", "ar")).reason
    assert "Tigrinya" in (await translator.translate("Goedemorgen", "nl", "ti")).reason
    assert engine.asked == []


async def test_too_long_a_text_is_refused(packages):
    assert isinstance(await Translator(Engine(), packages).translate("a" * (LONGEST_TEXT + 1), "nl", "uk"), Refused)


async def test_a_kept_text_is_translated_once(packages, tmp_path):
    cache, engine = Cache(tmp_path / "cache.db"), Engine()
    translator = Translator(engine, packages, TERMS, cache)
    first = await translator.translate("Neem de brief mee", "nl", "uk", keep=True)
    asked = len(engine.asked)
    assert await translator.translate("Neem de brief mee", "nl", "uk", keep=True) == first
    assert len(engine.asked) == asked
    await Translator(engine, packages, (*TERMS, "brief"), cache).translate("Neem de brief mee", "nl", "uk", keep=True)
    assert len(engine.asked) > asked  # another glossary, another translation
    assert len(cache) == 2


async def test_what_people_write_is_not_kept(packages, tmp_path):
    cache = Cache(tmp_path / "cache.db")
    assert isinstance(await Translator(Engine(), packages, TERMS, cache).translate("Ik heb een vraag", "nl", "uk"), Translated)
    assert len(cache) == 0


WORDS = st.sampled_from(
    ["neem", "de", "brief", "mee", "BSN", "€ 20", "huisarts.", "19:30", "Vraag", "DUO", "[3]", "info@duo.nl", "\n", "a_b", "1"]
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.lists(WORDS, max_size=25).map(" ".join), lossy=st.booleans())
async def test_every_span_comes_back_once_or_there_is_no_translation(packages, text, lossy):
    engine = Engine((lambda said: cyrillic(PLACEHOLDER.sub("", said))) if lossy else cyrillic)
    result = await Translator(engine, packages, TERMS).translate(text, "nl", "uk")
    if isinstance(result, Translated):
        assert Protection(TERMS).mask(result.text).kept == Protection(TERMS).mask(text).kept
