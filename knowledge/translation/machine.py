"""The one translation process, from outside: started when first needed, one task at a time, stopped when it takes too long."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from knowledge.translation.errors import MachineFailed, MachineTimeout

ENGINE: Final = (sys.executable, "-m", "knowledge.translation.engine")
START_SECONDS: Final = 180.0  # Argos loads torch and spacy, which takes its time on a small machine
TASK_SECONDS: Final = 60.0  # one sentence, the loading of its model included
NETWORK_SECONDS: Final = 120.0
_LONGEST_ANSWER: Final = 8 * 1024**2  # bytes; the index of Argos is a few hundred kilobytes
_ROOT: Final = Path(__file__).parents[2]
_FIXED: Final = {
    "ARGOS_CHUNK_TYPE": "MINISBD",  # never used, but the one that is made without a download
    "ARGOS_MODEL_PROVIDER": "OPENNMT",  # the others send the text away
    "ARGOS_DEVICE_TYPE": "cpu",
    "ARGOS_INTER_THREADS": "1",
    "ARGOS_BEAM_SIZE": "4",
    "ARGOS_DEBUG": "0",  # 1 prints the text
}


class Machine:
    """Runs Argos Translate in a process of its own, with its packages and files in `folder`. For one event loop."""

    def __init__(
        self, folder: Path, command: Sequence[str] = ENGINE, *, start: float = START_SECONDS, seconds: float = TASK_SECONDS
    ) -> None:
        self.packages = folder / "packages"
        self._folder, self._command = folder.resolve(), tuple(command)
        self._start_seconds, self._seconds = start, seconds
        self._one_at_a_time = asyncio.Lock()
        self._process: Process | None = None

    async def translate(self, package: Path, text: str) -> str:
        """One sentence through the package in that folder. Raises MachineFailed or MachineTimeout."""
        return str(await self._ask("translate", str(package.resolve()), text, seconds=self._seconds))

    async def install(self, archive: Path) -> list[Path]:
        """Unpack a checked archive into `packages`; the folders of all packages then there. Raises MachineFailed."""
        found = await self._ask("install", str(archive.resolve()), seconds=NETWORK_SECONDS)
        return [Path(path) for path in found]

    async def offers(self) -> list[dict[str, Any]]:
        """What Argos's index offers: source, target, version, links. Empty when it cannot be fetched. Uses the network."""
        return list(await self._ask("offers", seconds=NETWORK_SECONDS))

    async def close(self) -> None:
        """Stop the process, if it runs."""
        process, self._process = self._process, None
        if process is None:
            return
        if process.returncode is None:
            process.kill()
        if process.stdin:
            process.stdin.close()
        await process.communicate()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self.close()

    async def _ask(self, *task: str, seconds: float) -> Any:
        async with self._one_at_a_time:
            whole = False
            try:
                process = self._process or await self._start()
                answer = await self._exchange(process, json.dumps(task), seconds)
                whole = True
            finally:
                if not whole:  # also when the asker went away: the next one must not get this one's answer
                    await self.close()
        if "value" not in answer:
            raise MachineFailed(f"Argos Translate could not do it: {answer.get('error', 'no answer')}")
        return answer["value"]

    async def _start(self) -> Process:
        self.packages.mkdir(parents=True, exist_ok=True)
        self._process = process = await asyncio.create_subprocess_exec(
            *self._command, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env=self._environment(), cwd=_ROOT, limit=_LONGEST_ANSWER
        )
        while "ready" not in await self._exchange(process, None, self._start_seconds):
            pass  # a line that a library printed while it was loaded
        return process

    async def _exchange(self, process: Process, task: str | None, seconds: float) -> dict[str, Any]:
        assert process.stdin
        assert process.stdout
        try:
            async with asyncio.timeout(seconds):
                if task is not None:
                    process.stdin.write(task.encode() + b"\n")
                    await process.stdin.drain()
                line = await process.stdout.readline()
        except TimeoutError:
            raise MachineTimeout(f"the translation process did not answer within {seconds:g} seconds") from None
        except (ConnectionError, ValueError) as error:  # ValueError: a line without an end
            raise MachineFailed(f"the translation process broke off: {error}") from None
        if not line:
            raise MachineFailed(f"the translation process stopped; to see why: {' '.join(self._command)}")
        return _answer(line)

    def _environment(self) -> dict[str, str]:
        ours = {name: value for name, value in os.environ.items() if not name.startswith(("ARGOS_", "XDG_", "SNAP"))}
        index = {name: os.environ[name] for name in ("ARGOS_PACKAGE_INDEX",) if name in os.environ}
        homes = {f"XDG_{kind}_HOME": str(self._folder / "argos" / kind.lower()) for kind in ("DATA", "CONFIG", "CACHE")}
        return ours | index | homes | _FIXED | {"ARGOS_PACKAGES_DIR": str(self._folder / "packages")}


def _answer(line: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(line)
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}
