"""`kaart translate`: packages in, gaps of a kaart filled and labelled, everything else refused with a reason."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tiny_argos import EN_AR, EN_UK, NL_EN, pack
from typer.testing import CliRunner, Result

from api.cli_translate import app
from knowledge.translation.cache import Cache
from sociale_kaart.loader import load_kaart
from sociale_kaart.schema import ReviewState

pytestmark = pytest.mark.usefixtures("logs_as_before")
KAART = """\
id: dorp
name: Dorp
languages: [nl, %s]
desk:
  name: {nl: het loket, ar: المكتب, uk: каса, ti: ቤት ጽሕፈት, en: the desk}
sources:
  BOEK: {title: Een boek, date: "2024"}
"""
ENTRY = """\
id: hulp   # a place for help
kind: desk
organization: Buurthuis Zuid
themes: [housing]
state: active
sources:
  - {document: BOEK}
verified: {on: 2026-01-31, by: redactie, against: source}
texts:
  # The original.
  nl:
    name: Hulp bij uw brief
    summary: Een plek voor hulp.
    answer:
      - Neem uw brief van DUO mee naar Buurthuis Zuid op 1 januari 2027.
      - Vraag hulp bij de huisarts.
    facts: {where: De plek is bij het station.}
    questions: [wie helpt bij uw brief, waar is hulp, waar is de plek, wie helpt mensen, hulp voor mensen, kom mee, zwembad wijk]
    review: {state: draft}
# The end.
"""

runner = CliRunner()


@pytest.fixture(scope="module")
def packages(tmp_path_factory) -> list[Path]:
    folder = tmp_path_factory.mktemp("packages")
    pairs = [
        ("nl", "en", NL_EN | {"van": "of", "het": "the", "station": "station"}),
        ("en", "ar", EN_AR | {"of": "من", "station": "محطة"}),
    ]
    return [pack(folder / f"{a}_{b}.argosmodel", a, b, pairs) for a, b, pairs in [*pairs, ("en", "uk", EN_UK)]]


class Town:
    """A small kaart that the commands use."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder, self.data = folder / "dorp", folder / "var"
        self.entry = self.folder / "entries/hulp.yaml"
        self.entry.parent.mkdir(parents=True)
        self.entry.write_text(ENTRY, encoding="utf-8")
        self.speaks("ar")
        for name, value in (("KAART", self.folder), ("OTHER_KAARTEN", ""), ("DATA", self.data)):
            monkeypatch.setenv(f"KAART_{name}", str(value))

    def speaks(self, *languages: str) -> None:
        (self.folder / "kaart.yaml").write_text(KAART % ", ".join(languages), encoding="utf-8")

    def change(self, old: str, new: str) -> None:
        text = self.entry.read_text(encoding="utf-8")
        assert old in text
        self.entry.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.fixture
def town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Town:
    return Town(tmp_path, monkeypatch)


def unpack(town: Town, *files: Path) -> None:
    """Install without looking and trying, which takes a while."""
    for file in files:
        shutil.unpack_archive(file, town.data / "translation/packages", "zip")


def run(*words: object) -> Result:
    result = runner.invoke(app, [str(word) for word in words])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def test_from_a_package_file_to_a_labelled_text(town, packages):
    """The whole way, through the real Argos Translate with small models."""
    result = run("install", packages[0])
    assert result.exit_code == 0, result.stderr
    assert "nl→en 1.0 installed. SHA-256" in result.stdout
    unpack(town, packages[1])
    assert "by nl→en 1.0, then en→ar 1.0" in run("status").stdout

    result = run("draft")
    assert result.exit_code == 0, result.stderr
    assert "hulp ar: drafted" in result.stdout
    written = town.entry.read_text(encoding="utf-8")
    assert written.startswith(ENTRY.partition("# The end.")[0])  # comments and order as they were
    text, dutch = (load_kaart(town.folder).entry("hulp").texts[code] for code in ("ar", "nl"))
    assert (text.review.state, text.source_hash) == (ReviewState.MACHINE, dutch.hash)
    assert text.answer == (
        "خذوا رسالتكم هذه من DUO معكم إلى Buurthuis Zuid في 1 januari 2027.",
        "اطلبوا مساعدة عند تلك huisarts.",
    )
    assert text.facts.where == "تلك مكان يكون عند تلك محطة."
    assert len(text.questions) == 6  # 'zwembad wijk' came out untranslated and was left out
    assert "0 missing, 0 outdated; 0 reviewed, 0 draft, 1 machine" in run("status").stdout
    assert len(Cache(town.data / "translation/cache.db")) > 5

    assert "Nothing to draft" in run("draft", "--outdated").stdout
    town.change("summary: Een plek voor hulp.", "summary: Een plek voor mensen.")
    assert "Nothing to draft" in run("draft").stdout
    assert "hulp ar: drafted" in run("draft", "--outdated").stdout
    renewed = load_kaart(town.folder).entry("hulp").texts["ar"]
    assert (renewed.summary, renewed.answer, renewed.questions) == ("واحد مكان لأجل الناس.", text.answer, text.questions)


def test_without_a_model_everything_is_said_and_nothing_written(town):
    result = run("draft")
    assert result.exit_code == 1
    assert "nl→ar goes by way of en; not installed: nl→en and en→ar" in result.stderr
    assert town.entry.read_text(encoding="utf-8") == ENTRY
    status = run("status")
    assert status.exit_code == 0
    assert "no package" in status.stdout
    assert "1 missing" in status.stdout


def test_a_line_that_fails_is_no_text(town, packages):
    unpack(town, *packages[::2])
    town.speaks("uk")
    result = run("draft")
    assert result.exit_code == 1
    assert "hulp uk: not drafted: facts.where: only" in result.stderr  # 'station' is not in the Ukrainian model
    assert town.entry.read_text(encoding="utf-8") == ENTRY


def test_tigrinya_gets_glossary_and_phrases_instead(town):
    town.speaks("ti")
    result = run("draft", "--language", "ti")
    assert result.exit_code == 0
    assert "no package for Tigrinya" in result.stderr
    assert "huisarts: ናይ ገዛ ሓኪም" in result.stdout
    assert "Neem uw brief mee. = ደብዳበኹም" in result.stdout
    assert town.entry.read_text(encoding="utf-8") == ENTRY


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("kind: desk", "kind: emergency", "danger"),
        ("Vraag hulp bij de huisarts.", "Het kost 10 euro.", "amount"),
    ],
)
def test_danger_and_amounts_are_refused_before_any_machine(town, packages, monkeypatch, old, new, why):
    monkeypatch.setattr("api.cli_translate.Machine.translate", None)
    unpack(town, *packages[:2])
    town.change(old, new)
    result = run("draft")
    assert result.exit_code == 1
    assert why in result.stderr


def test_a_decision_table_is_refused(town):
    town.speaks("ar", "uk")
    (town.folder / "rules").mkdir()
    rule = Path(__file__).parents[2] / "sociale_kaart/nijmegen/rules/inrichtingskrediet.yaml"
    (town.folder / "rules/inrichtingskrediet.yaml").write_text(
        rule.read_text(encoding="utf-8").replace(" uk: ", " fr: "), encoding="utf-8"
    )
    result = run("draft", "--language", "uk")
    assert "rule inrichtingskrediet uk: not drafted: decision tables are never translated" in result.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["install"], "give a file, or both"),
        (["install", "x.argosmodel", "--from", "nl", "--to", "en"], "give a file, or both"),
        (["install", "--from", "nl"], "give a file, or both"),
        (["draft", "nowhere"], "not in the kaart: nowhere"),
        (["draft", "--language", "fr"], "choose from ar"),
        (["draft", "--language", "nl"], "choose from ar"),
    ],
)
@pytest.mark.usefixtures("town")
def test_a_wrong_command_is_explained(words, said):
    result = run(*words)
    assert result.exit_code == 2
    assert said in " ".join(result.stderr.replace("│", " ").split())


@pytest.mark.usefixtures("town")
def test_a_file_that_is_no_package_is_explained(tmp_path):
    (tmp_path / "bad.argosmodel").write_text("no zip")
    result = run("install", tmp_path / "bad.argosmodel")
    assert result.exit_code == 1
    assert "is not a package of Argos Translate" in result.stderr
