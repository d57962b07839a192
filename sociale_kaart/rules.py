"""Decision tables: typed questions, rows that hold on their answers, and example cases beside them.

Three-valued: an answer may be `unknown`. A row whose condition meets an unknown answer neither holds nor fails; what is
missing is reported instead. The outcome never decides anything: it lists what applies and why.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, ValidationInfo, field_validator

from sociale_kaart.schema import Review, SourceRef, Verified
from sociale_kaart.values import LanguageCode, Line, Slug, Strict

Words = dict[LanguageCode, Line]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+([_-][a-z0-9]+)*$", max_length=60)]
Label = dict[LanguageCode, Annotated[Line, StringConstraints(max_length=24)]]
Section = Literal["step", "warning", "bring", "keep", "unknown"]
UNKNOWN = "unknown"


class Truth(Enum):
    """Whether a condition holds."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Option(Strict):
    """One answer a person can tap."""

    value: Name = Field(description="Value used in conditions; `unknown` is 'I do not know'.")
    label: Label = Field(description="Words on the button, at most 24 characters.")
    hints: dict[LanguageCode, tuple[Line, ...]] = Field(
        default_factory=dict, description="Words in a typed answer that mean this option."
    )
    wins_over: tuple[Name, ...] = Field(
        (), description="Options it outweighs when an answer names both: a wife and two children."
    )


class Question(Strict):
    """One typed question of the table."""

    id: Name = Field(description="Name used in conditions.")
    text: Words = Field(description="The question as it is asked.")
    options: tuple[Option, ...] = Field(min_length=2, description="Possible answers.")


class Row(Strict):
    """One line of the outcome, shown when all conditions hold."""

    id: Name = Field(description="Name used in the cases.")
    section: Section = Field(description="step, warning, bring, keep or unknown.")
    when: dict[Name, tuple[Name, ...]] = Field(default_factory=dict, description="Question id to the values that fit.")
    text: Words = Field(description="The line as it is shown.")
    because: Words | None = Field(None, description="The reason, shown under the line.")


class Case(Strict):
    """An example beside the table: given these answers, exactly these rows."""

    name: Line = Field(description="What the case shows.")
    given: dict[Name, Name] = Field(description="Answers by question id; a missing one is unknown.")
    then: tuple[Name, ...] = Field(description="Row ids, in order.")
    missing: tuple[Name, ...] = Field((), description="Questions whose answer would add or take away rows.")


class Rule(Strict):
    """A decision table with its source and its example cases."""

    id: Slug = Field(description="Fixed name; the file's name.")
    entry: Slug = Field(description="Entry of the kaart that it belongs to.")
    title: Words = Field(description="Title of the outcome.")
    questions: tuple[Question, ...] = Field(min_length=1, description="Questions, in the order they are asked.")
    rows: tuple[Row, ...] = Field(min_length=1, description="Outcome lines, in the order they are shown.")
    cases: tuple[Case, ...] = Field(min_length=1, description="Examples that the tests and `kaart check` run.")
    sources: tuple[SourceRef, ...] = Field(min_length=1, description="Where the rule comes from.")
    verified: Verified = Field(description="When the rule was last compared, and with what.")
    review: Review = Field(description="Who stands behind the texts.")

    @field_validator("questions")
    @classmethod
    def _questions_once(cls, questions: tuple[Question, ...]) -> tuple[Question, ...]:
        _refuse_repeated([question.id for question in questions])
        for question in questions:
            _refuse_repeated([option.value for option in question.options])
            for option in question.options:
                _refuse_unoffered(f"option {option.value}", [question], question.id, option.wins_over)
        return questions

    @field_validator("rows")
    @classmethod
    def _rows_fit(cls, rows: tuple[Row, ...], info: ValidationInfo) -> tuple[Row, ...]:
        _refuse_repeated([row.id for row in rows])
        for row in rows:
            for name, values in row.when.items():
                _refuse_unoffered(f"row {row.id}", info.data.get("questions"), name, values)
        return rows

    @field_validator("cases")
    @classmethod
    def _cases_fit(cls, cases: tuple[Case, ...], info: ValidationInfo) -> tuple[Case, ...]:
        for case in cases:
            for name, value in case.given.items():
                _refuse_unoffered(f"case {case.name}", info.data.get("questions"), name, [value])
        return cases

    def values(self, question: str) -> frozenset[str]:
        """What can be answered to `question`; `unknown` always can. Empty when there is no such question."""
        return _offered(self.questions, question)

    def question(self, id: str) -> Question:
        """The question named `id`; KeyError when there is none."""
        return {question.id: question for question in self.questions}[id]


def said(words: Mapping[str, str], language: str) -> str:
    """The words in `language`, or in the kaart's first language where they are missing."""
    return words.get(language) or next(iter(words.values()))


def _offered(questions: Iterable[Question], name: str) -> frozenset[str]:
    offered = frozenset(option.value for question in questions if question.id == name for option in question.options)
    return offered | {UNKNOWN} if offered else offered


def _refuse_repeated(names: Sequence[str]) -> None:
    if repeated := sorted({name for name in names if names.count(name) > 1}):
        raise ValueError(f"stands here twice: {', '.join(repeated)}")


def _refuse_unoffered(where: str, questions: Sequence[Question] | None, name: str, values: Iterable[str]) -> None:
    for value in values:
        if questions is not None and value not in _offered(questions, name):  # None: the questions are refused themselves
            raise ValueError(f"{where} uses {name}={value}, which no question offers")


@dataclass(frozen=True)
class Outcome:
    """What applies, in order, and which unanswered questions could change it."""

    rows: tuple[Row, ...]
    missing: tuple[Question, ...]

    def of(self, section: Section) -> tuple[Row, ...]:
        """The rows of one section, in order."""
        return tuple(row for row in self.rows if row.section == section)


def decide(rule: Rule, answers: Mapping[str, str]) -> Outcome:
    """Apply the table to `answers` (question id to value; missing or `unknown` means unknown).

    ValueError for a question or value that the table does not have: a misspelt answer must not read as 'no'.
    """
    for name, value in answers.items():
        if value not in rule.values(name):
            raise ValueError(f"{rule.id} has no answer {name}={value}")
    truths = {row.id: _truth(row, answers) for row in rule.rows}
    possible = [row for row in rule.rows if truths[row.id] is not Truth.NO]
    telling = {name for row in possible for name, values in row.when.items() if rule.values(name) - set(values)}
    return Outcome(
        rows=tuple(row for row in rule.rows if truths[row.id] is Truth.YES),
        missing=tuple(question for question in rule.questions if question.id in telling and not _answer(answers, question.id)),
    )


def failing_cases(rule: Rule) -> Iterator[tuple[int, str]]:
    """Position and one sentence for each example case that the table does not meet."""
    for position, case in enumerate(rule.cases):
        outcome = decide(rule, case.given)
        got, missing = tuple(row.id for row in outcome.rows), tuple(question.id for question in outcome.missing)
        if (got, missing) != (case.then, case.missing):
            yield position, f"case '{case.name}' gives {list(got)}, missing {list(missing)}"


def _answer(answers: Mapping[str, str], name: str) -> str | None:
    value = answers.get(name)
    return None if value == UNKNOWN else value


def _truth(row: Row, answers: Mapping[str, str]) -> Truth:
    truth = Truth.YES
    for name, values in row.when.items():
        given = _answer(answers, name)
        if given is None and UNKNOWN not in values:
            truth = Truth.UNKNOWN
        elif (given or UNKNOWN) not in values:
            return Truth.NO
    return truth
