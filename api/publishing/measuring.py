"""What a new kaart would answer, beside what is answered now: the index built aside, and the gate. All of it blocks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from api.answers.ask import Asker
from api.answers.compose import Composer
from api.i18n.catalogue import Catalogue
from api.publishing.errors import GateRefused, KaartRefused
from api.publishing.folder import QUESTIONS, published
from api.publishing.model import GateReport, Mistake, Worse
from api.settings import Settings
from api.towns import Town, Towns
from knowledge.build import Built, rebuild
from knowledge.encoder import Encoder
from knowledge.errors import KnowledgeError, TooFewQuestions
from knowledge.evaluation import EvaluationFileError, Outcome, Row, read_rows
from knowledge.gate import Answer, Judged, Run, run
from knowledge.index import DenseIndex, current_version, read_index
from knowledge.ingest import passages
from knowledge.lexical import LexicalIndex
from knowledge.passages import Passage
from knowledge.search import Search
from sociale_kaart.errors import KaartInvalid
from sociale_kaart.kaart import Kaart
from sociale_kaart.loader import load_kaart

MakeEncoder = Callable[[], Encoder]


@dataclass(frozen=True)
class Measured:
    """A kaart with an index that may be swapped in, what answers from it, what the gate saw, and how the questions went."""

    kaart: Kaart
    built: Built
    asker: Asker
    report: GateReport
    run: Run | None


class Measuring:
    """Builds aside and measures. `towns` are those that this process serves, if it serves any."""

    def __init__(self, settings: Settings, catalogue: Catalogue, encoder: MakeEncoder, towns: Towns | None = None) -> None:
        self._settings, self._catalogue, self._encoder, self._towns = settings, catalogue, encoder, towns
        self._letters: dict[str, tuple[str, LexicalIndex]] = {}
        self._last: dict[str, tuple[str | None, list[Row], Run]] = {}

    def measure(self, folder: Path, copy: Path, kaart: Kaart, *, gated: bool) -> Measured:
        """Build the index of `kaart`, which stands in `copy` and is to take the place of what is in `folder`.

        Raises:
            GateRefused: `gated`, and questions that are answered rightly now would not be any more.
            KaartRefused: the question set cannot be read, or the kaart is too small to calibrate on.
        """
        now, pieces = self._now(folder), passages(kaart)
        before = passages(now.kaart) if now else []
        try:
            built = rebuild(pieces, self._encoder(), self._settings.index(folder), before)
        except TooFewQuestions as error:
            raise KaartRefused([Mistake("kaart.yaml", 1, "(file)", str(error))]) from None
        asker = Asker(kaart, self._search(folder, pieces, built.dense()))
        rebuilt = now is None or pieces != before or kaart.municipality.homonyms != now.kaart.municipality.homonyms
        report = GateReport(rebuilt=rebuilt, calibrated=rebuilt and built.manifest.changed == 0, compared=now is not None)
        rows = _rows(copy / QUESTIONS) if gated and rebuilt else None
        if rows is None:
            return Measured(kaart, built, asker, report, None)
        report, after = self._gate(folder, rows, asker, kaart, now, report)
        return Measured(kaart, built, asker, report, after)

    def take_over(self, folder: Path, copy: Path, measured: Measured) -> None:
        """After the swap: this process answers with the new kaart at once; others see the new index within a second."""
        version = current_version(self._settings.index(folder))
        if measured.run:
            self._last[folder.name] = (version, _rows(copy / QUESTIONS) or [], measured.run)
        if self._towns and folder.name in self._towns:
            composer = Composer(measured.kaart, self._catalogue)
            self._towns.replace(Town(measured.kaart, self._catalogue, measured.asker, composer, None, version))

    def _gate(
        self, folder: Path, rows: list[Row], asker: Asker, kaart: Kaart, now: Town | None, report: GateReport
    ) -> tuple[GateReport, Run]:
        known = {entry.id for entry in (*kaart, *(now.kaart if now else ()))}
        after = run(rows, _answers(asker), known)
        before = self._before(folder, rows, now, known) if now else after
        worse = after.worse_than(before)
        if worse:
            raise GateRefused([_worse(judged) for judged in worse])
        seen = {"questions": len(after.judged), "right": after.right, "better": len(after.better_than(before))}
        return report.model_copy(update={"question_set": True, **seen}), after

    def _before(self, folder: Path, rows: list[Row], now: Town, known: set[str]) -> Run:
        """How the questions go now: as the last publication saw it, when nothing changed since."""
        version, asked, seen = self._last.get(folder.name, (None, [], None))
        return seen if seen and version == now.version and asked == rows else run(rows, _answers(now.asker), known)

    def _now(self, folder: Path) -> Town | None:
        """What answers now; None when there is no usable index, or nobody kept what it was built from."""
        version = current_version(self._settings.index(folder))
        town = self._towns.of(folder.name) if self._towns and folder.name in self._towns else None
        if town and version and town.version == version and not town.search_error:
            return town
        try:
            kaart = load_kaart(published(self._settings, folder))
            pieces = passages(kaart)
            search = self._search(folder, pieces, read_index(self._settings.index(folder), pieces, self._encoder()))
        except (KaartInvalid, KnowledgeError):
            return None
        return Town(kaart, self._catalogue, Asker(kaart, search), Composer(kaart, self._catalogue), None, version)

    def _search(self, folder: Path, pieces: list[Passage], dense: DenseIndex) -> Search:
        """Search over these passages; the letters of the last ones are kept, as nothing that search reads may have changed."""
        known, letters = self._letters.get(folder.name, ("", None))
        if letters is None or known != dense.manifest.kaart:
            letters = LexicalIndex([piece.text for piece in pieces])
            self._letters[folder.name] = (dense.manifest.kaart, letters)
        return Search(pieces, self._encoder(), dense, letters)


def _rows(path: Path) -> list[Row] | None:
    """The question set; None when the kaart has none."""
    if not path.exists():
        return None
    try:
        return read_rows(path)
    except EvaluationFileError as error:
        raise KaartRefused([Mistake(QUESTIONS, error.line, error.column, str(error).rpartition(": ")[2])]) from None


def _answers(asker: Asker) -> Answer:
    """Asks as a newcomer's message does, names for two things and all."""

    def answer(text: str, language: str) -> Outcome:
        said = asker.ask(text, language)
        return Outcome(language, said.zone or "person", entries=tuple(ranked.id for ranked in said.entries))

    return answer


def _worse(judged: Judged) -> Worse:
    return Worse(language=judged.row.lang, question=judged.row.text, wanted=judged.row.ids, got=judged.shown)
