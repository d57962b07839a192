"""Measures answers against rows of a question file. Pure, but for `read_rows`.

A file is tab-separated UTF-8 with the header `qid lang kind who style text ids note`. `kind` says what a row tests:

- `in`: the kaart can answer; `ids` are the acceptable entries, best first.
- `followup`: two turns joined by ` || `; `note` is the facet that the last turn asks for, of an entry in `ids`.
- `ood`: the kaart cannot answer. `chat`: `note` is the intent (greet, person, ...).
- `crisis`: must be recognised as an emergency. `notcrisis`: sounds like one, and is none.
- `otherlang`: written in a language (`lang`) that is not offered.

An `in` or `followup` row of which the kaart holds none of the ids is skipped: it counts in `skipped` and nowhere else.
Ids that the kaart does not hold are otherwise ignored. The measures, per value of `lang`:

- `recall_at_1`, `recall_at_3`: share of `in` rows with an acceptable id among the first 1 or 3 ranked.
- `mrr`: mean over `in` rows of 1 / the rank of the first acceptable id, 0 where none is ranked.
- `answered`, `to_person`: share of `in` rows in that zone.
- `wrong_answers`: share of `in` rows in zone answer whose first entry is not acceptable.
- `ask_back_hits`: of the `in` rows in zone ask_back, the share with an acceptable id among the first 3.
- `false_answers`: share of `ood` rows in zone answer, without emergency.
- `emergency_recall`, `false_alarms`: share of `crisis` and of `notcrisis` rows with an emergency.
- `language_accuracy`: share of rows where every turn's language is right. Rows without a single letter tell nothing. An
  unrecognised language (None) is right in `otherlang` rows only.
- `intent_accuracy`: share of `chat` rows with intent == note and of `followup` rows with facet == note at an acceptable
  first entry. None where no outcome carries an intent or facet, as without the bot.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Literal, get_args

from knowledge.calibration import Zone

Kind = Literal["in", "ood", "chat", "crisis", "notcrisis", "otherlang", "followup"]

COLUMNS = ("qid", "lang", "kind", "who", "style", "text", "ids", "note")
MAY_BE_EMPTY = frozenset({"who", "style", "ids", "note"})
TURN = " || "

# Files written by others name the same intents and facets slightly differently.
ALIASES: Mapping[str, str] = {
    alias: name
    for name, aliases in {
        "where": "place location address",
        "when": "time hours opening opening_hours",
        "cost": "price costs how_much",
        "for_whom": "who audience whom women woman",
        "bring": "need documents what_to_bring",
        "contact": "phone",
        "person": "human handover staff",
        "robot": "bot are_you_a_robot",
        "greet": "greeting hello",
        "goodbye": "bye",
        "thanks": "thank thank_you",
        "forget": "forget_me",
        "language": "change_language",
    }.items()
    for alias in aliases.split()
}


class EvaluationFileError(ValueError):
    """A row that cannot be used; the message names file, line and column."""

    def __init__(self, path: Path, line: int, column: str, why: str) -> None:
        super().__init__(f"{path}:{line}: {column}: {why}")
        self.path, self.line, self.column = path, line, column


@dataclass(frozen=True)
class Row:
    """One question of a file; `ids` are the acceptable entries, best first."""

    qid: str
    lang: str
    kind: Kind
    who: str
    style: str
    text: str
    ids: tuple[str, ...] = ()
    note: str = ""

    @property
    def turns(self) -> tuple[str, ...]:
        """The texts that are sent, in order: two or more for a followup, otherwise one."""
        return tuple(self.text.split(TURN)) if self.kind == "followup" else (self.text,)


@dataclass(frozen=True)
class Outcome:
    """What came of one turn. `entries` are all ranked ids, best first; None in `language` is unrecognised."""

    language: str | None
    zone: Zone
    emergency: str | None = None
    entries: tuple[str, ...] = ()
    intent: str | None = None
    facet: str | None = None


@dataclass(frozen=True)
class Metrics:
    """The measures of one language: counts, then shares from 0 to 1, or None where no row tells."""

    rows: int
    skipped: int
    recall_at_1: float | None
    recall_at_3: float | None
    mrr: float | None
    answered: float | None
    wrong_answers: float | None
    ask_back_hits: float | None
    to_person: float | None
    false_answers: float | None
    emergency_recall: float | None
    false_alarms: float | None
    language_accuracy: float | None
    intent_accuracy: float | None


@dataclass(frozen=True)
class Result:
    """A row with the outcome of each of its turns, and the acceptable ids that the kaart holds."""

    row: Row
    outcomes: tuple[Outcome, ...]
    acceptable: frozenset[str]

    @property
    def last(self) -> Outcome:
        """The outcome of the last turn: the one that is judged."""
        return self.outcomes[-1]

    @property
    def rank(self) -> int | None:
        """The place, from 1, of the first acceptable id."""
        return next((at for at, id in enumerate(self.last.entries, 1) if id in self.acceptable), None)

    def within(self, k: int) -> bool:
        """Whether an acceptable id is among the first `k`."""
        return self.rank is not None and self.rank <= k

    @property
    def alarmed(self) -> bool:
        """Whether any turn was taken for an emergency."""
        return any(outcome.emergency for outcome in self.outcomes)


def read_rows(path: Path) -> list[Row]:
    """The rows of a file; EvaluationFileError at the first bad one, OSError when it cannot be read."""
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        raise EvaluationFileError(path, error.object[: error.start].count(b"\n") + 1, "text", "not UTF-8") from error
    header = lines[0].rstrip("\r").split("\t")
    if tuple(header) != COLUMNS:
        missing = next((name for name in COLUMNS if name not in header), "header")
        raise EvaluationFileError(path, 1, missing, f"the header must be: {' '.join(COLUMNS)}")
    numbered = [(number, line.rstrip("\r")) for number, line in enumerate(lines[1:], 2) if line.strip()]
    seen: set[str] = set()
    return [_row(path, number, line, seen) for number, line in numbered]


def evaluate(rows: Iterable[Row], answer: Callable[[Row, str], Outcome], known_ids: Collection[str]) -> dict[str, Metrics]:
    """The metrics per language, in order of appearance. `answer` gets a row and the text of one of its turns, in order."""
    results: dict[str, list[Result]] = defaultdict(list)
    skipped: dict[str, int] = defaultdict(int)
    for row in rows:
        told = results[row.lang]
        acceptable = frozenset(row.ids) & frozenset(known_ids)
        if row.kind in ("in", "followup") and row.ids and not acceptable:
            skipped[row.lang] += 1
        else:
            told.append(Result(row, tuple(answer(row, turn) for turn in row.turns), acceptable))
    return {language: measure(told, skipped[language]) for language, told in results.items()}


def measure(results: Sequence[Result], skipped: int = 0) -> Metrics:
    """The metrics of one language's results; `rows` counts the skipped ones too."""
    of_kind: dict[str, list[Result]] = {kind: [r for r in results if r.row.kind == kind] for kind in get_args(Kind)}
    inside = of_kind["in"]
    return Metrics(
        rows=len(results) + skipped,
        skipped=skipped,
        recall_at_1=_share(r.within(1) for r in inside),
        recall_at_3=_share(r.within(3) for r in inside),
        mrr=_share(1 / r.rank if r.rank else 0 for r in inside),
        answered=_share(r.last.zone == "answer" for r in inside),
        wrong_answers=_share(r.last.zone == "answer" and not r.within(1) for r in inside),
        ask_back_hits=_share(r.within(3) for r in inside if r.last.zone == "ask_back"),
        to_person=_share(r.last.zone == "person" for r in inside),
        false_answers=_share(r.last.zone == "answer" and not r.alarmed for r in of_kind["ood"]),
        emergency_recall=_share(r.alarmed for r in of_kind["crisis"]),
        false_alarms=_share(r.alarmed for r in of_kind["notcrisis"]),
        language_accuracy=_share(_language_right(r) for r in results if any(map(str.isalpha, r.row.text))),
        intent_accuracy=_intent_accuracy(of_kind["chat"] + of_kind["followup"]),
    )


def as_markdown(metrics: Mapping[str, Metrics]) -> str:
    """A table with a column per language: counts as they are, the rest in per cent, a dash where no row tells."""
    header = ["", *metrics]
    rule = ["---", *("---:" for _ in metrics)]
    lines = [header, rule]
    for field in fields(Metrics):
        lines.append([field.name.replace("_", " "), *(_cell(getattr(each, field.name)) for each in metrics.values())])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def canonical(name: str) -> str:
    """One name for each intent or facet: lower case, without the bot's `facet_` or `utter_`, aliases folded."""
    plain = name.strip().lower().replace("-", "_").removeprefix("facet_").removeprefix("utter_")
    return ALIASES.get(plain, plain)


def _row(path: Path, number: int, line: str, seen: set[str]) -> Row:
    cells = [cell.strip() for cell in line.split("\t")]
    if len(cells) > len(COLUMNS):
        raise EvaluationFileError(path, number, "note", f"{len(cells)} columns instead of {len(COLUMNS)}")
    # Editors cut the tabs at the end of a line, so the last columns may be absent where they may be empty.
    values = dict(zip(COLUMNS, cells + [""] * (len(COLUMNS) - len(cells)), strict=True))
    problem = _problem(values, seen)
    if problem:
        raise EvaluationFileError(path, number, *problem)
    seen.add(values["qid"])
    ids = tuple(id.strip() for id in values["ids"].split(",") if id.strip())
    kind = next(kind for kind in get_args(Kind) if kind == values["kind"])
    return Row(values["qid"], values["lang"], kind, values["who"], values["style"], values["text"], ids, values["note"])


def _problem(values: Mapping[str, str], seen: Collection[str]) -> tuple[str, str] | None:
    """The column and what is wrong with it, or None."""
    empty = next((name for name in COLUMNS if not values[name] and name not in MAY_BE_EMPTY), None)
    kind = values["kind"]
    if empty:
        return empty, "is empty"
    if values["qid"] in seen:
        return "qid", f"{values['qid']!r} occurs twice"
    if kind not in get_args(Kind):
        return "kind", f"{kind!r} is none of {', '.join(get_args(Kind))}"
    if kind == "in" and not values["ids"].strip(", "):
        return "ids", "an 'in' row needs at least one entry id"
    if kind in ("chat", "followup") and not values["note"]:
        return "note", f"a {kind!r} row needs the {'intent' if kind == 'chat' else 'facet'}"
    if kind == "followup" and not _is_turns(values["text"]):
        return "text", f"a 'followup' row needs two turns joined by {TURN!r}"
    return None


def _is_turns(text: str) -> bool:
    turns = text.split(TURN)
    return len(turns) > 1 and all(map(str.strip, turns))


def _share(values: Iterable[float]) -> float | None:
    counted = list(values)
    return sum(counted) / len(counted) if counted else None


def _language_right(result: Result) -> bool:
    right = {result.row.lang, None, "unknown"} if result.row.kind == "otherlang" else {result.row.lang}
    return all(outcome.language in right for outcome in result.outcomes)


def _intent_accuracy(results: Sequence[Result]) -> float | None:
    if not any(outcome.intent or outcome.facet for result in results for outcome in result.outcomes):
        return None
    return _share(_intent_right(result) for result in results)


def _intent_right(result: Result) -> bool:
    wanted, last = canonical(result.row.note), result.last
    if result.row.kind == "chat":
        return canonical(last.intent or "") == wanted
    return canonical(last.facet or last.intent or "") == wanted and (not result.row.ids or result.within(1))


def _cell(value: float | None) -> str:
    if value is None:
        return "–"
    return str(value) if isinstance(value, int) else f"{value:.0%}"
