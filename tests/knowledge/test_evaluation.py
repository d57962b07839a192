"""The measures against hand-computed cases, bad files, and the shape of the project's own question files."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import pytest
import yaml

from knowledge.evaluation import (
    COLUMNS,
    TURN,
    EvaluationFileError,
    Metrics,
    Outcome,
    Row,
    Zone,
    as_markdown,
    canonical,
    evaluate,
    read_rows,
)
from knowledge.ingest import passages
from knowledge.training.danger import read_messages
from knowledge.variants import read_variants
from sociale_kaart.kaart import Kaart
from sociale_kaart.loader import load_kaart

ROOT = Path(__file__).parents[2]
TOWNS = ("nijmegen", "vught")
KAARTEN = sorted(path.parent.name for path in ROOT.glob("sociale_kaart/*/entries") if (path.parent / "questions.tsv").is_file())
UNANSWERABLE = ROOT / "knowledge/unanswerable.tsv"
LANGUAGES = ("nl", "en", "ar", "ti", "uk")
OTHER_LANGUAGES = ("am", "fa", "ru", "ckb", "ps", "ur", "tr", "fr", "so", "pl")
AT_LEAST = {"in": 45, "ood": 8, "chat": 8, "crisis": 8, "notcrisis": 8, "followup": 8}
KNOWN = ("a", "b", "c", "d")
HEADER = "\t".join(COLUMNS)


def row(text: str, kind: str = "in", ids: str = "a", note: str = "", lang: str = "nl") -> Row:
    return Row(text, lang, kind, "volunteer", "full", text, tuple(filter(None, ids.split(","))), note)  # type: ignore[arg-type]


def out(entries: str = "", zone: Zone = "answer", language: str | None = "nl", **more: str | None) -> Outcome:
    return Outcome(language=language, zone=zone, entries=tuple(entries), **more)


def scripted(outcomes: dict[str, Outcome]) -> Callable[[Row, str], Outcome]:
    return lambda _row, text: outcomes[text]


def metrics_of(cases: Iterable[tuple[Row, Outcome]], lang: str = "nl") -> Metrics:
    told = list(cases)
    return evaluate([r for r, _ in told], scripted({r.text: outcome for r, outcome in told}), KNOWN)[lang]


# --- the measures ---------------------------------------------------------------------------------------------------


def test_ranking_and_zones_of_in_rows() -> None:
    metrics = metrics_of(
        [
            (row("first", ids="a"), out("abc")),
            (row("second of two acceptable", ids="c,a"), out("bac")),
            (row("third, asked back", ids="d"), out("abd", zone="ask_back")),
            (row("fourth, asked back", ids="d"), out("abcd", zone="ask_back")),
            (row("nowhere", ids="a"), out("", zone="person")),
        ]
    )
    assert metrics.recall_at_1 == 1 / 5
    assert metrics.recall_at_3 == 3 / 5
    assert metrics.mrr == pytest.approx((1 + 1 / 2 + 1 / 3 + 1 / 4 + 0) / 5)
    assert (metrics.answered, metrics.wrong_answers) == (2 / 5, 1 / 5)
    assert (metrics.ask_back_hits, metrics.to_person) == (1 / 2, 1 / 5)


def test_ids_that_the_kaart_lacks_are_ignored_and_rows_without_any_other_are_skipped() -> None:
    metrics = metrics_of(
        [
            (row("gone", ids="x,y"), out("xy", language="en")),
            (row("gone too", "followup", ids="x", note="where"), out("x")),
            (row("one left", ids="x,b"), out("xb")),
            (row("kinds without entries stay", "crisis", ids="x"), out(emergency="life")),
        ]
    )
    assert (metrics.rows, metrics.skipped) == (4, 2)
    assert (metrics.recall_at_1, metrics.recall_at_3, metrics.mrr) == (0, 1, 1 / 2)
    assert metrics.emergency_recall == 1
    assert metrics.language_accuracy == 1


def test_skipped_rows_are_never_asked() -> None:
    def refuse(_row: Row, text: str) -> Outcome:
        raise AssertionError(text)

    assert evaluate([row("gone", ids="x")], refuse, KNOWN)["nl"].skipped == 1


def test_false_answers_leave_emergencies_out() -> None:
    metrics = metrics_of(
        [
            (row("answered", "ood", ids=""), out("a")),
            (row("emergency", "ood", ids=""), out("a", emergency="life")),
            (row("asked back", "ood", ids=""), out("a", zone="ask_back")),
            (row("person", "ood", ids=""), out("", zone="person")),
        ]
    )
    assert metrics.false_answers == 1 / 4


def test_emergencies_and_false_alarms() -> None:
    metrics = metrics_of(
        [
            (row("heard", "crisis", ids=""), out(emergency="life")),
            (row("missed", "crisis", ids=""), out()),
            (row("missed too", "crisis", ids=""), out()),
            (row("false alarm", "notcrisis", ids=""), out(emergency="life")),
            (row("calm", "notcrisis", ids=""), out()),
        ]
    )
    assert metrics.emergency_recall == 1 / 3
    assert metrics.false_alarms == 1 / 2


def test_language_accuracy_per_language() -> None:
    cases = [
        (row("goed", "ood", ids=""), out()),
        (row("anders", "ood", ids=""), out(language="en")),
        (row("onbekend", "ood", ids=""), out(language=None)),
        (row("112 !", "ood", ids=""), out(language="en")),
        (row("am 1", "otherlang", ids="", lang="am"), out(language="am")),
        (row("am 2", "otherlang", ids="", lang="am"), out(language=None)),
        (row("am 3", "otherlang", ids="", lang="am"), out(language="unknown")),
        (row("am 4", "otherlang", ids="", lang="am"), out(language="ti")),
    ]
    metrics = evaluate([r for r, _ in cases], scripted({r.text: o for r, o in cases}), KNOWN)
    assert list(metrics) == ["nl", "am"]
    assert metrics["nl"].language_accuracy == 1 / 3
    assert metrics["am"].language_accuracy == 3 / 4


def test_followups_are_judged_by_facet_and_entry_of_the_last_turn() -> None:
    turns = {
        "q1": out("a", intent="ask"),
        "en waar": out("a", facet="where"),
        "hoe laat": out("a", facet="where"),
        "wat kost": out("b", facet="cost"),
        "en voor vrouwen": out("a", intent="facet_women"),
    }
    rows = [
        row(f"q1{TURN}en waar", "followup", note="location"),
        row(f"q1{TURN}hoe laat", "followup", note="when"),
        row(f"q1{TURN}wat kost", "followup", note="cost"),
        row(f"q1{TURN}en voor vrouwen", "followup", note="for_whom"),
    ]
    metrics = evaluate(rows, scripted(turns), KNOWN)["nl"]
    assert metrics.intent_accuracy == 2 / 4
    assert metrics.recall_at_1 is None


def test_turns_come_in_order_with_their_own_row_and_each_must_have_the_right_language() -> None:
    asked: list[tuple[str, str]] = []

    def answer(asked_row: Row, text: str) -> Outcome:
        asked.append((asked_row.qid, text))
        return out("a", language="nl" if text == "een" else "en")

    both = row(f"een{TURN}twee", "followup", note="where")
    assert evaluate([both], answer, KNOWN)["nl"].language_accuracy == 0
    assert asked == [(both.qid, "een"), (both.qid, "twee")]


def test_intents_of_chat_rows() -> None:
    metrics = metrics_of(
        [
            (row("hallo", "chat", ids="", note="greet"), out(intent="greeting")),
            (row("mens", "chat", ids="", note="person"), out(intent="ask")),
            (row("niets", "chat", ids="", note="help"), out()),
        ]
    )
    assert metrics.intent_accuracy == 1 / 3


def test_intent_accuracy_is_unknown_without_a_bot() -> None:
    assert metrics_of([(row("hallo", "chat", ids="", note="greet"), out())]).intent_accuracy is None


def test_no_row_tells_nothing() -> None:
    metrics = asdict(metrics_of([(row("x", "notcrisis", ids=""), out())]))
    assert {name for name, value in metrics.items() if value is not None} == {
        "rows",
        "skipped",
        "false_alarms",
        "language_accuracy",
    }


def test_the_keys_are_those_that_the_command_prints() -> None:
    assert " ".join(field.name for field in fields(Metrics)) == (
        "rows skipped recall_at_1 recall_at_3 mrr answered wrong_answers ask_back_hits to_person false_answers "
        "emergency_recall false_alarms language_accuracy intent_accuracy"
    )


@pytest.mark.parametrize(
    ("given", "name"),
    [("Location", "where"), ("facet_when", "when"), ("women", "for_whom"), ("utter_greet", "greet"), ("forget-me", "forget")],
)
def test_names_of_others_are_folded(given: str, name: str) -> None:
    assert canonical(given) == name == canonical(name)


def test_the_table() -> None:
    table = as_markdown({"nl": metrics_of([(row("x"), out("a")), (row("y"), out("b"))])}).splitlines()
    assert table[:4] == ["|  | nl |", "| --- | ---: |", "| rows | 2 |", "| skipped | 0 |"]
    assert "| recall at 1 | 50% |" in table
    assert "| false answers | – |" in table


# --- files ----------------------------------------------------------------------------------------------------------


def written(folder: Path, *lines: str, header: str = HEADER) -> Path:
    path = folder / "set.tsv"
    path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return path


def test_a_file_is_read(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "q1\tnl\tin\tvolunteer\tfull\twaar is het\tb, a\t",
        "",
        "q2\tti\tood\t\t\tኣበይ",  # the tabs at the end were cut
        "q3\ten\tfollowup\tvolunteer\tfull\tone || two\ta\twhere",
    )
    first, second, third = read_rows(path)
    assert first == Row("q1", "nl", "in", "volunteer", "full", "waar is het", ("b", "a"))
    assert second == Row("q2", "ti", "ood", "", "", "ኣበይ")
    assert (third.turns, second.turns) == (("one", "two"), ("ኣበይ",))


def test_byte_order_mark_and_carriage_returns_are_no_trouble(tmp_path: Path) -> None:
    path = tmp_path / "set.tsv"
    path.write_bytes(b"\xef\xbb\xbf" + f"{HEADER}\r\nq\tnl\tood\tv\tfull\thoi\t\t\r\n".encode())
    assert read_rows(path) == [Row("q", "nl", "ood", "v", "full", "hoi")]


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("\tnl\tood\tv\tfull\thoi\t\t", "qid"),
        ("good\tnl\tood\tv\tfull\thoi\t\t", "qid"),
        ("q\t\tood\tv\tfull\thoi\t\t", "lang"),
        ("q\tnl\tinside\tv\tfull\thoi\ta\t", "kind"),
        ("q\tnl\tood\tv\tfull\t \t\t", "text"),
        ("q\tnl\tin\tv\tfull\thoi\t,\t", "ids"),
        ("q\tnl\tchat\tv\tfull\thoi\t\t", "note"),
        ("q\tnl\tfollowup\tv\tfull\thoi\ta\twhere", "text"),
        ("q\tnl\tfollowup\tv\tfull\thoi || \ta\twhere", "text"),
        ("q\tnl\tood\tv\tfull\thoi\t\t\tmore", "note"),
    ],
)
def test_a_bad_row_is_named(tmp_path: Path, line: str, column: str) -> None:
    path = written(tmp_path, "good\tnl\tood\tv\tfull\tdag\t\t", line)
    with pytest.raises(EvaluationFileError, match=f"^{re.escape(str(path))}:3: {column}: ") as caught:
        read_rows(path)
    assert (caught.value.line, caught.value.column) == (3, column)


def test_a_bad_header_is_named(tmp_path: Path) -> None:
    with pytest.raises(EvaluationFileError, match=":1: style: the header must be"):
        read_rows(written(tmp_path, header="qid\tlang\tkind\twho\ttext\tids\tnote"))


def test_bytes_that_are_no_text_are_named(tmp_path: Path) -> None:
    path = tmp_path / "set.tsv"
    path.write_bytes(f"{HEADER}\nq\tnl\tood\tv\tfull\t".encode() + b"\xff\n")
    with pytest.raises(EvaluationFileError, match=":2: text: not UTF-8"):
        read_rows(path)


# --- the project's own sets -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Own:
    """A question file of the project, and the kaart that it is about."""

    town: str
    rows: list[Row]
    kaart: Kaart

    @property
    def ids(self) -> set[str]:
        return {entry.id for entry in self.kaart}


@pytest.fixture(scope="module", params=TOWNS)
def held_out(request: pytest.FixtureRequest) -> Own:
    """What we measure on: seen by nobody who writes examples or entries."""
    town = request.param
    return Own(town, read_rows(ROOT / f"tests/evaluation/{town}.tsv"), load_kaart(ROOT / "sociale_kaart" / town))


@pytest.fixture(scope="module", params=KAARTEN)
def gate(request: pytest.FixtureRequest) -> Own:
    """What the publish gate asks."""
    folder = ROOT / "sociale_kaart" / request.param
    return Own(folder.name, read_rows(folder / "questions.tsv"), load_kaart(folder))


def test_nijmegen_has_enough_of_every_kind() -> None:
    rows = read_rows(ROOT / "tests/evaluation/nijmegen.tsv")
    counts: Counter[tuple[str, str]] = Counter((each.lang, each.kind) for each in rows)
    assert not {(lang, kind) for lang in LANGUAGES for kind, least in AT_LEAST.items() if counts[lang, kind] < least}
    assert {lang: counts[lang, "otherlang"] for lang in OTHER_LANGUAGES} == dict.fromkeys(OTHER_LANGUAGES, 3)
    assert {each.lang for each in rows} == {*LANGUAGES, *OTHER_LANGUAGES}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_own_entry_is_asked_for_in_every_language(held_out: Own, lang: str) -> None:
    asked = {each.ids[0] for each in held_out.rows if each.lang == lang and each.kind == "in"}
    assert not {id for id in held_out.ids if held_out.kaart.is_own(id)} - asked


def test_the_set_names_only_entries_facets_and_intents_that_there_are(held_out: Own) -> None:
    notes: dict[str, set[str]] = defaultdict(set)
    for each in held_out.rows:
        notes[each.kind].add(each.note)
        assert set(each.ids) <= held_out.ids, each.qid
        assert bool(each.ids) == (each.kind in ("in", "followup")), each.qid
        assert len(each.turns) == (2 if each.kind == "followup" else 1), each.qid
    assert notes.pop("chat", set()) <= {"greet", "thanks", "goodbye", "robot", "person", "language", "forget", "help"}
    assert notes.pop("followup", set()) <= {"where", "when", "cost", "for_whom", "women", "bring", "contact"}
    assert set().union(*notes.values()) == {""}


def test_nijmegen_asks_for_every_intent_and_facet_in_all_styles_and_as_all_people() -> None:
    rows = read_rows(ROOT / "tests/evaluation/nijmegen.tsv")
    assert len({each.note for each in rows if each.kind == "chat"}) == 8
    assert len({each.note for each in rows if each.kind == "followup"}) == 7
    assert {each.style for each in rows if each.kind == "in"} >= {"short", "full", "story", "noisy", "mixed"}
    assert {each.who for each in rows} >= {
        "status_holder", "family_migrant", "displaced_ukraine", "asylum_seeker", "undocumented", "volunteer",
    }  # fmt: skip


def test_unanswerable_questions_are_enough_and_different() -> None:
    lines = [line.split("\t") for line in UNANSWERABLE.read_text(encoding="utf-8").splitlines()]
    assert lines[0] == ["lang", "text"]
    assert all(len(line) == 2 and line[1].strip() for line in lines)
    assert all(count >= 40 for count in Counter(lang for lang, _ in lines[1:]).values())
    assert {lang for lang, _ in lines[1:]} == set(LANGUAGES)
    assert len({folded(text) for _, text in lines}) == len(lines)


def folded(text: str) -> str:
    """Case, space and the closing mark do not make another question."""
    return " ".join(text.casefold().split()).rstrip(" ?!.؟።")


def seen_texts() -> Iterator[tuple[str, str]]:
    """Every text that search, calibration or the bot learns from, with where it stands."""
    for path in sorted(ROOT.glob("sociale_kaart/*/entries/*.yaml")):
        for text in yaml.safe_load(path.read_text(encoding="utf-8"))["texts"].values():
            yield from ((question, path.name) for question in text["questions"])
    for line in UNANSWERABLE.read_text(encoding="utf-8").splitlines()[1:]:
        yield line.split("\t")[1], UNANSWERABLE.name
    for path in sorted(ROOT.glob("knowledge/variants/*/*.tsv")):
        yield from ((variant.text, path.name) for variant in read_variants(path.parent.name) if variant.language == path.stem)
    yield from ((message.text, "messages of danger") for message in read_messages())
    for path in sorted(ROOT.glob("bot/data/**/*.yml")):
        for block in yaml.safe_load(path.read_text(encoding="utf-8")).get("nlu", ()):
            for example in re.findall(r"^\s*-\s+(.+)$", str(block.get("examples", "")), re.MULTILINE):
                # `[text](entity)` and `[text]{...}` stand for the text.
                yield re.sub(r"\[([^\]]+)\](?:\([^)]*\)|\{[^}]*\})", r"\1", example), path.name


def test_no_question_of_the_set_was_seen_before(held_out: Own) -> None:
    asked = {folded(turn): each.qid for each in held_out.rows for turn in each.turns}
    assert len(asked) == sum(len(each.turns) for each in held_out.rows), "a question occurs twice"
    assert not [(asked[folded(text)], where) for text, where in seen_texts() if folded(text) in asked]


# --- the questions of the publish gate --------------------------------------------------------------------------------


def test_both_towns_have_questions_for_the_gate() -> None:
    assert all(read_rows(ROOT / f"sociale_kaart/{town}/questions.tsv") for town in TOWNS)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_gate_asks_for_every_entry_in_every_language(gate: Own, lang: str) -> None:
    if not gate.rows:
        pytest.skip("a new kaart: its questions are still to be written")
    asked = {id for each in gate.rows if each.lang == lang and each.kind == "in" for id in each.ids}
    assert not gate.ids - asked
    assert not asked - gate.ids


def test_no_question_of_the_gate_is_an_example_of_an_entry(gate: Own) -> None:
    """What search holds word for word tells nothing about what it understands."""
    own = {folded(passage.text) for passage in passages(gate.kaart) if passage.kind == "question"}
    assert not [each.qid for each in gate.rows if folded(each.text) in own]


def test_no_question_of_the_gate_is_measured_on(gate: Own) -> None:
    held = {folded(turn) for town in TOWNS for each in read_rows(ROOT / f"tests/evaluation/{town}.tsv") for turn in each.turns}
    assert not [each.qid for each in gate.rows if folded(each.text) in held]
