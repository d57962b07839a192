"""Damages a real kaart in one file at a time, and looks at what the loader makes of it: a refusal with places, or all of it.

`python tests/fuzz_loader.py --count 10000 --seed 1` prints the counts; `--only NUMBER` shows one case. A case is fixed by seed
and number. The files that were not damaged are read once, so that ten thousand cases take minutes.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any
from unittest import mock

from pydantic import BaseModel
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from sociale_kaart import loader
from sociale_kaart.errors import KaartInvalid, Problem
from sociale_kaart.kaart import Kaart
from sociale_kaart.writer import read_document, write_atomically

REAL = Path(__file__).parents[1] / "sociale_kaart"
OWN, SHARED, RULES = ("inrichtingskrediet", "huisarts", "welcome-to-nijmegen"), ("ind",), ("inrichtingskrediet", "zorg")
LANGUAGES = ("nl", "en")
FEWEST = 5
Change = Callable[[str, random.Random], str]

# --- a small kaart of real files -------------------------------------------------------------------------------------


def make_kaart(root: Path) -> Path:
    """Real entries, rules and settings of Nijmegen in two languages, and one shared entry in all five: small, so quick."""
    ids = {*OWN, *SHARED}
    for town, names in (("nijmegen", [f"entries/{id}" for id in OWN] + [f"rules/{id}" for id in RULES]), ("landelijk", [])):
        for name in ["kaart", *names]:
            document = read_document(REAL / town / f"{name}.yaml")
            _cut(document)
            document |= {key: [id for id in document[key] if id in ids] for key in ("related", "instead") if key in document}
            if "homonyms" in document:
                document["languages"] = list(LANGUAGES)
                document["homonyms"] = document["homonyms"][:1]
                document["homonyms"][0]["choices"] = list(OWN[:2])
                document["desk"]["entry"] = OWN[0]
            (root / town / name).parent.mkdir(parents=True, exist_ok=True)
            write_atomically(root / town / f"{name}.yaml", document)
    (root / "landelijk/entries").mkdir()
    for id in SHARED:
        (root / f"landelijk/entries/{id}.yaml").write_bytes((REAL / f"landelijk/entries/{id}.yaml").read_bytes())
    return root / "nijmegen"


def _cut(node: Any) -> None:
    """Take the other languages away, and questions beyond the fewest."""
    if isinstance(node, dict):
        for code in ("ar", "ti", "uk"):
            node.pop(code, None)
        for key, value in node.items():
            if key == "questions" and isinstance(value[0], str):
                del value[FEWEST:]
            _cut(value)
    elif isinstance(node, list):
        for item in node:
            _cut(item)


# --- ways to damage a file -------------------------------------------------------------------------------------------

MARKS = "\x00\x07\x1b\x7f\x85\xa0\u200b\u200e\u200f\u2028\u202a\u202e\u2066\u2069\ufeff\ufffd\uffff\U0001f600"
ODD_VALUES = (
    *(
        "12",
        "-1",
        "0",
        "1_000",
        "0o17",
        "0x1F",
        "1e999",
        ".nan",
        "-.inf",
        "9" * 5000,
        "-" + "9" * 40,
        "1." + "9" * 400,
        "00",
        "+5",
    ),
    *(
        "true",
        "True",
        "yes",
        "on",
        "null",
        "~",
        "",
        "''",
        '""',
        "[]",
        "{}",
        "[1, 2]",
        "{a: b}",
        "[[]]",
        "- a",
        "a: b",
        "? a",
        "|",
        ">-",
    ),
    *("2026-13-45", "2026-02-29", "0000-00-00", "2026-01-31T10:00:00Z", "24:00", "25:61", "9:5", "190:20:30", "20260131"),
    *(
        "!!int x",
        "!!int ''",
        "!!float x",
        "!!bool maybe",
        "!!timestamp x",
        "!!binary '%'",
        "!!set {a}",
        "!!omap [a]",
        "!!pairs [1]",
    ),
    *(
        "!!python/object:os.system x",
        "!!python/name:os.system",
        "!local x",
        "! x",
        "!<tag:yaml.org,2002:str> x",
        "!%FF x",
        "!!null x",
    ),
    *(
        "&a b",
        "*a",
        "&a [*a]",
        "<<: {state: ended}",
        "=",
        "<<",
        '"\\0"',
        '"\\x1b[2J"',
        '"\\uD800"',
        '"\\U00110000"',
        '"\\UFFFFFFFF"',
    ),
    *('"\\u202Etxt"', '"a\\nb"', '"a\\rb"', '"a\\tb"', '"open', "'open", "[open", "{open", "@x", "`x", "%x", "€ 12", "x" * 601),
    *(
        "javascript:alert(1)",
        "https://",
        "file:///etc/passwd",
        "a@b",
        "nl",
        "NL",
        "../../etc/passwd",
        "landelijk",
        "nijmegen",
        "# x",
    ),
)
ODD_LINES = (
    *(
        "---",
        "...",
        "%YAML 1.1",
        "%YAML 9.9",
        "%YAML " + "9" * 5000 + ".1",
        "%TAG ! tag:x,2000:",
        "%FOO bar",
        "\t",
        "\tid: x",
        "- x",
        "x",
    ),
    *(
        "<<: {state: ended}",
        "<<: [{id: a}, {id: b}]",
        "? [a, b]\n: c",
        "? {a: b}\n: c",
        "1: x",
        "true: x",
        "null: x",
        "~: x",
        "=: x",
    ),
    *(
        '"\\uD800": x',
        '"\\x1b": x',
        '"\\U00110000": x',
        "&x id: y",
        "!!str id: y",
        ": x",
        "id:",
        "id",
        "id: {",
        "owner: x",
        "rule: x",
    ),
    *(
        "extends: ''",
        "extends: nijmegen",
        "extends: weg",
        "minimum_questions: 0",
        "minimum_questions: 9",
        "hosts: [x]",
        "open_always: 1",
    ),
)


def flip_byte(text: str, chance: random.Random) -> str:
    data = bytearray(text.encode("utf-8", "surrogateescape"))
    for _ in range(chance.choice((1, 1, 1, 4, 16))):
        if data:
            data[chance.randrange(len(data))] = chance.randrange(256)
    return data.decode("utf-8", "surrogateescape")


def flip_sign(text: str, chance: random.Random) -> str:
    """A sign that YAML gives a meaning, in the place of any character."""
    at = chance.randrange(len(text) + 1)
    return text[:at] + chance.choice(":-[]{},#&*!|>'\"%@`?~<= \n\t\\") + text[at + chance.randrange(2) :]


def cut_bytes(text: str, chance: random.Random) -> str:
    at = chance.randrange(len(text) + 1)
    return text[:at] + text[at + chance.choice((1, 2, 10, 200)) :]


def truncate(text: str, chance: random.Random) -> str:
    return text[: chance.randrange(len(text) + 1)]


def put_mark(text: str, chance: random.Random) -> str:
    at = chance.randrange(len(text) + 1)
    return text[:at] + chance.choice(MARKS) + text[at:]


def _on_lines(change: Callable[[list[str], int, random.Random], None]) -> Change:
    @wraps(change)
    def changed(text: str, chance: random.Random) -> str:
        lines = text.split("\n")
        change(lines, chance.randrange(len(lines)), chance)
        return "\n".join(lines)

    return changed


@_on_lines
def delete_line(lines: list[str], at: int, chance: random.Random) -> None:
    del lines[at : at + chance.choice((1, 1, 2, 8))]


@_on_lines
def repeat_line(lines: list[str], at: int, chance: random.Random) -> None:
    lines[at:at] = lines[at : at + chance.choice((1, 1, 3))]


@_on_lines
def move_line(lines: list[str], at: int, chance: random.Random) -> None:
    lines.insert(chance.randrange(len(lines)), lines.pop(at))


@_on_lines
def indent(lines: list[str], at: int, chance: random.Random) -> None:
    if chance.random() < 0.5:
        lines[at] = chance.choice((" ", "  ", "    ", "\t", "\xa0")) + lines[at]
    else:
        lines[at] = lines[at][chance.choice((1, 2, 4)) :] if lines[at].startswith(" ") else lines[at].lstrip()


@_on_lines
def rename_key(lines: list[str], at: int, chance: random.Random) -> None:
    new = chance.choice(("x", "id", "nl", "texts", "Name", "naam", "state", "12", "'a b'", '"q"', "x" * 2000, "é", "review"))
    lines[at] = re.sub(r"^(\s*(?:- )?)[\w-]+:", lambda found: f"{found[1]}{new}:", lines[at])


@_on_lines
def odd_value(lines: list[str], at: int, chance: random.Random) -> None:
    new = chance.choice(ODD_VALUES)
    lines[at] = re.sub(r"(: |^\s*- |[\[,{] ?)[^\s,\[\]{}].*?(?=$|[,\]}])", lambda found: found[1] + new, lines[at], count=1)


@_on_lines
def odd_line(lines: list[str], at: int, chance: random.Random) -> None:
    space = re.match(r"\s*", lines[at])
    lines.insert(at, (space[0] if space and chance.random() < 0.5 else "") + chance.choice(ODD_LINES))


@_on_lines
def nest(lines: list[str], at: int, chance: random.Random) -> None:
    deep = chance.choice((30, 100, 1000, 20_000))
    start, end = chance.choice((("[", "]"), ("{a: ", "}"), ("- ", ""), ("? ", ""), ("[", "")))
    lines.insert(at, f"closed_on: {start * deep}{end * deep}" if chance.random() < 0.6 else start * deep)


@_on_lines
def long_line(lines: list[str], at: int, chance: random.Random) -> None:
    lines[at] += chance.choice(("x", " x", "x: ", "[", "é", "€ 1", ",", '"', "#")) * chance.choice((601, 20_000, 200_000))


def line_ends(text: str, chance: random.Random) -> str:
    return text.replace("\n", chance.choice(("\r\n", "\r", "\n\n", "\x85", "\u2028", "\n \n")))


def recode(text: str, chance: random.Random) -> str:
    code = chance.choice(("utf-16", "utf-16-le", "utf-32", "utf-8-sig", "latin-1", "cp1252"))
    return text.encode(code, "replace").decode("utf-8", "surrogateescape")


CHANGES: tuple[Change, ...] = (
    *(flip_byte, flip_sign, cut_bytes, truncate, put_mark, delete_line, repeat_line, move_line, indent),
    *(rename_key, odd_value, odd_value, odd_line, odd_line, nest, long_line, line_ends, recode),
)

# --- what came of it -------------------------------------------------------------------------------------------------

REFUSED, ACCEPTED, TRACEBACK, PARTIAL, VAGUE = "refused", "accepted", "traceback", "partial load", "vague refusal"
FAULTS = (TRACEBACK, PARTIAL, VAGUE)
UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\ud800-\udfff]")


@dataclass(frozen=True)
class Case:
    """One damaged file and what the loader made of it; `why` tells about a fault."""

    number: int
    file: str
    changes: tuple[str, ...]
    verdict: str
    seconds: float
    why: str = ""


class Fuzz:
    """Damages files of the kaart that `make_kaart` wrote below `root`, one case at a time."""

    def __init__(self, root: Path, seed: int) -> None:
        self.root, self._seed = root, seed
        self.folder = make_kaart(root)
        self._files = {path: path.read_bytes() for path in sorted(root.rglob("*.yaml"))}
        self._read: dict[Path, Any] = {}
        self._ids = {entry.id for entry in loader.load_kaart(self.folder)}

    def case(self, number: int) -> Case:
        """Case `number`: the file is whole again afterwards."""
        chance = random.Random(f"{self._seed}:{number}")
        path = chance.choice(list(self._files))
        content, names = self.damaged(path, chance)
        path.write_bytes(content)
        start = time.process_time()
        try:
            verdict, why = self._judge(path, content)
        finally:
            path.write_bytes(self._files[path])
        return Case(number, str(path.relative_to(self.root)), names, verdict, time.process_time() - start, why)

    def damaged(self, path: Path, chance: random.Random) -> tuple[bytes, tuple[str, ...]]:
        """The file's bytes after one to three changes, and which these were."""
        text = self._files[path].decode()
        changes = chance.choices(CHANGES, k=chance.choice((1, 1, 1, 2, 3)))
        for change in changes:
            text = change(text, chance)
        return text.encode("utf-8", "surrogateescape"), tuple(change.__name__ for change in changes)

    def _judge(self, path: Path, content: bytes) -> tuple[str, str]:
        try:
            with self._reading_once(path):
                kaart = loader.load_kaart(self.folder)
        except KaartInvalid as refusal:
            return _refusal(refusal.problems, self.root)
        except Exception:  # whatever else comes out is what we look for
            return TRACEBACK, traceback.format_exc(limit=-4)
        lost = list(self._lost(kaart, path, content))
        return (PARTIAL, "; ".join(lost)) if lost else (ACCEPTED, "")

    @contextmanager
    def _reading_once(self, damaged: Path) -> Iterator[None]:
        """Files that are not damaged are read at the first case only."""
        real = loader.read_model

        def read(path: Path, model: type[BaseModel], problems: list[Problem]) -> Any:
            if path == damaged:
                return real(path, model, problems)
            if path not in self._read:
                self._read[path] = real(path, model, problems)
            return self._read[path]

        with mock.patch.object(loader, "read_model", read):
            yield

    def _lost(self, kaart: Kaart, path: Path, content: bytes) -> Iterator[str]:
        """What stands in the files, as another YAML reader sees it, and not in the kaart."""
        expected = self._ids if kaart.municipality.extends else set(OWN)
        missing = expected - {entry.id for entry in kaart} | set(RULES) - {rule.id for rule in kaart.rules}
        yield from (f"{id} is gone" for id in sorted(missing))
        try:
            data = YAML(typ="base", pure=True).load(content.decode("utf-8-sig"))
        except YAMLError as error:
            yield f"another YAML reader refuses it: {type(error).__name__}"
            return
        yield from _differences(data, self._loaded(kaart, path), path.stem)

    def _loaded(self, kaart: Kaart, path: Path) -> Any:
        """What the kaart holds of this file, as plain data."""
        settings = kaart.municipality.model_dump(mode="json")
        if path.name == "kaart.yaml":
            return settings if path.parent == self.folder else {"id": path.parent.name, "sources": settings["sources"]}
        found = kaart.find_rule(path.stem) if path.parent.name == "rules" else kaart.find(path.stem)
        return found.model_dump(mode="json") if found else None


def _refusal(problems: tuple[Problem, ...], root: Path) -> tuple[str, str]:
    """A refusal names a file of the kaart, a line in it, a field and why, in letters that a terminal can show."""
    for problem in problems:
        path = Path(problem.file)
        lines = (path.read_bytes() + b"\n").decode("utf-8", "replace").splitlines() if path.is_relative_to(root) else []
        said = str(problem)
        if (
            not (1 <= problem.line <= len(lines) and problem.field and problem.why)
            or UNPRINTABLE.search(said)
            or len(said) > 2000
        ):
            return VAGUE, said[:500]
    return (REFUSED, "") if problems else (VAGUE, "names no problem")


def _differences(written: Any, loaded: Any, where: str) -> Iterator[str]:
    """Where what is written (all scalars as text) is not what was loaded."""
    if isinstance(written, dict):
        for key, value in written.items():
            if not isinstance(loaded, dict) or key not in loaded:
                yield f"{where}.{key} is gone"
            else:
                yield from _differences(value, loaded[key], f"{where}.{key}")
    elif isinstance(written, list):
        if not isinstance(loaded, list) or len(written) != len(loaded):
            yield f"{where} has another number of items"
        else:
            for place, (one, other) in enumerate(zip(written, loaded, strict=True)):
                yield from _differences(one, other, f"{where}.{place}")
    elif not _same(str(written).strip(), loaded):
        yield f"{where} is {loaded!r}, and {written!r} is written"


def _same(written: str, loaded: Any) -> bool:
    if loaded is None:
        return written in ("", "~", "null", "Null", "NULL")
    if isinstance(loaded, bool):
        return written == str(loaded).lower()
    plain = str(loaded)
    if plain.startswith(("http://", "https://")):
        return written.startswith(plain[:7])  # an address is written in one way: letters beyond ASCII get a code
    return written == plain or written.rstrip("/") == plain.rstrip("/") or f"{written.zfill(5)}:00" == plain


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", type=int, help="one case, with its file and what went wrong")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as root:
        fuzz = Fuzz(Path(root), asked.seed)
        cases = [fuzz.case(number) for number in ([asked.only] if asked.only is not None else range(asked.count))]
    counts = Counter(case.verdict for case in cases)
    said = [f"{len(cases)} damaged files, seed {asked.seed}, slowest {max(case.seconds for case in cases):.1f} s"]
    said += [f"{verdict:>14}: {counts[verdict]}" for verdict in (REFUSED, ACCEPTED, *FAULTS)]
    wrong = [case for case in cases if case.verdict in FAULTS]
    said += [f"{case.number} {case.file} {'+'.join(case.changes)}: {case.verdict}: {case.why}" for case in wrong[:20]]
    said += [f"{cases[0]}"] if asked.only is not None else []
    sys.stdout.write("\n".join(said).encode("utf-8", "replace").decode() + "\n")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
