"""What a new kaart would answer, beside what is answered now: the index built aside, and the gate. All of it blocks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import structlog
from pydantic import ValidationError

from api.answers.ask import Asker
from api.answers.compose import Composer
from api.i18n.catalogue import Catalogue
from api.publishing.errors import GateRefused, KaartRefused
from api.publishing.folder import QUESTIONS, digest, published
from api.publishing.model import GateReport, Mistake, Value, Worse
from api.settings import Settings
from api.towns import Town, Towns
from knowledge.build import Built, outside, rebuild
from knowledge.encoder import Encoder
from knowledge.errors import KnowledgeError, TooFewQuestions
from knowledge.evaluation import EvaluationFileError, Outcome, Row, read_rows
from knowledge.gate import Answers, Judged, Verdicts, run, searching
from knowledge.index import DenseIndex, current_version, read_index
from knowledge.ingest import passages
from knowledge.lexical import Letters
from knowledge.passages import Passage
from knowledge.search import Search
from sociale_kaart.errors import KaartInvalid
from sociale_kaart.kaart import Kaart
from sociale_kaart.loader import load_kaart

log = structlog.get_logger(__name__)
MakeEncoder = Callable[[], Encoder]


@dataclass(frozen=True)
class Now:
    """What answers now, and the version of its index."""

    kaart: Kaart
    search: Search
    version: str


@dataclass(frozen=True)
class Measured:
    """A kaart with an index that may be swapped in, the search on it, what the gate saw, and how the questions went."""

    kaart: Kaart
    built: Built
    search: Search
    report: GateReport
    verdicts: Verdicts | None


class Measuring:
    """Builds aside and measures. `towns` are those that this process serves, if it serves any."""

    def __init__(
        self, settings: Settings, catalogue: Catalogue, encoder: MakeEncoder, letters: Letters, towns: Towns | None = None
    ) -> None:
        self._settings, self._catalogue, self._encoder = settings, catalogue, encoder
        self._letters, self._towns = letters, towns

    def measure(self, folder: Path, copy: Path, kaart: Kaart, *, gated: bool) -> Measured:
        """Build the index of `kaart`, which stands in `copy` and is to take the place of what is in `folder`.

        Raises:
            GateRefused: `gated`, and questions that are answered rightly now would not be any more.
            KaartRefused: the question set cannot be read, or the kaart has no entries.
        """
        now, pieces = self._now(folder), passages(kaart)
        before = passages(now.kaart) if now else []
        try:
            built = rebuild(pieces, self._encoder(), self._settings.index(folder), before)
        except TooFewQuestions as error:
            raise KaartRefused([Mistake("kaart.yaml", 1, "(file)", str(error))]) from None
        search = self._search(folder, pieces, built.dense())
        rebuilt = now is None or pieces != before or kaart.municipality.homonyms != now.kaart.municipality.homonyms
        report = GateReport(rebuilt=rebuilt, calibrated=rebuilt and built.manifest.changed == 0, compared=now is not None)
        rows = _rows(copy / QUESTIONS) if gated and rebuilt else None
        if rows is None:
            return Measured(kaart, built, search, report, None)
        report, verdicts = self._gate(folder, rows, search, kaart, now, report)
        return Measured(kaart, built, search, report, verdicts)

    def take_over(self, folder: Path, copy: Path, measured: Measured) -> None:
        """After the swap: this process answers with the new kaart at once; others see the new index within a second."""
        version = current_version(self._settings.index(folder))
        if measured.verdicts is not None and version:
            self._remember(folder, version, _rows(copy / QUESTIONS) or [], measured.verdicts)
        if self._towns and folder.name in self._towns:
            asker, composer = Asker(measured.kaart, measured.search), Composer(measured.kaart, self._catalogue)
            self._towns.replace(Town(measured.kaart, self._catalogue, asker, composer, None, version))

    def _gate(
        self, folder: Path, rows: list[Row], search: Search, kaart: Kaart, now: Now | None, report: GateReport
    ) -> tuple[GateReport, Verdicts]:
        known = {entry.id for entry in (*kaart, *(now.kaart if now else ()))}
        after = run(rows, _answers(kaart, search), known)
        before = self._before(folder, rows, now, known) if now else after.verdicts
        worse = after.worse_than(before)
        if worse:
            raise GateRefused([_worse(judged) for judged in worse])
        seen = {"questions": len(after.judged), "right": after.right, "better": len(after.better_than(before))}
        return report.model_copy(update={"question_set": True, **seen}), after.verdicts

    def _before(self, folder: Path, rows: list[Row], now: Now, known: set[str]) -> Verdicts:
        """How the questions go now: as the last publication saw it, when it asked the same ones."""
        try:
            seen = Seen.model_validate_json(self._seen(folder, now.version).read_text(encoding="utf-8"))
        except (OSError, ValidationError):
            seen = None
        return seen.right if seen and seen.rows == _marks(rows) else run(rows, _answers(now.kaart, now.search), known).verdicts

    def _remember(self, folder: Path, version: str, rows: list[Row], verdicts: Verdicts) -> None:
        """Beside the index that they are about, so that they go with it."""
        try:
            self._seen(folder, version).write_text(
                Seen(rows=_marks(rows), right=dict(verdicts)).model_dump_json(), encoding="utf-8"
            )
        except OSError:
            log.warning("verdicts_not_kept", town=folder.name)  # the next publication asks once more

    def _seen(self, folder: Path, version: str) -> Path:
        return self._settings.index(folder) / version / "questions.json"

    def _now(self, folder: Path) -> Now | None:
        """What answers now; None when there is no usable index, or nobody kept what it was built from."""
        version = current_version(self._settings.index(folder))
        town = self._towns.of(folder.name) if self._towns and folder.name in self._towns else None
        try:
            served = town is not None and version is not None and town.version == version
            kaart = town.kaart if town and served else load_kaart(published(self._settings, folder))
            pieces = passages(kaart)
            search = self._search(folder, pieces, read_index(self._settings.index(folder), pieces, self._encoder()))
        except (KaartInvalid, KnowledgeError):
            return None
        return Now(kaart, search, version or "")

    def _search(self, folder: Path, pieces: list[Passage], dense: DenseIndex) -> Search:
        letters = self._letters.index(folder.name, [piece.text for piece in pieces])
        return Search(pieces, self._encoder(), dense, letters, outside(self._encoder()))


class Seen(Value):
    """How the questions went with one version of an index; `rows` changes when the questions do."""

    rows: str
    right: dict[str, bool]


def _rows(path: Path) -> list[Row] | None:
    """The question set; None when the kaart has none."""
    if not path.exists():
        return None
    try:
        return read_rows(path)
    except EvaluationFileError as error:
        raise KaartRefused([Mistake(QUESTIONS, error.line, error.column, str(error).rpartition(": ")[2])]) from None


def _answers(kaart: Kaart, search: Search) -> Answers:
    """What a newcomer would get, names for two things and all."""
    names = Asker(kaart, None)

    def answers(rows: Sequence[Row]) -> Iterator[Outcome]:
        for row, outcome in zip(rows, searching(search)(rows), strict=True):
            said = names.ask(row.text, row.lang)
            told = tuple(ranked.id for ranked in said.entries)
            yield outcome if said.kind == "none" else Outcome(row.lang, said.zone or "person", entries=told)

    return answers


def _marks(rows: list[Row]) -> str:
    return digest(repr(rows).encode())


def _worse(judged: Judged) -> Worse:
    return Worse(language=judged.row.lang, question=judged.row.text, wanted=judged.row.ids, got=judged.shown)
