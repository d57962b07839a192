"""The translation process: the real Argos Translate with a small real model, and stand-ins that hang, die or babble."""

from __future__ import annotations

import asyncio
import functools
import http.server
import json
import shutil
import sys
import threading
import zipfile
from pathlib import Path

import pytest
from tiny_argos import EN_AR, NL_EN, pack

from knowledge.translation.errors import DownloadFailed, MachineFailed, MachineTimeout, PackageRefused
from knowledge.translation.install import Offer, downloaded, install_file, wanted
from knowledge.translation.machine import Machine
from knowledge.translation.packages import installed
from knowledge.translation.translator import Refused, Translator

READY = "import json, sys, time; print('noise'); print(json.dumps({'ready': True}), flush=True)\n"
HANGS = READY + "sys.stdin.readline(); time.sleep(60)"
DIES = READY + "sys.stdin.readline()"
BABBLES = READY + "sys.stdin.readline(); print('no json', flush=True); sys.stdin.readline()"
ECHO = READY + "for line in sys.stdin: print(json.dumps({'value': json.loads(line)[2]}), flush=True)"
SLOW = READY + "for line in sys.stdin: time.sleep(0.3); print(json.dumps({'value': json.loads(line)[2]}), flush=True)"


def stand_in(folder: Path, program: str, **seconds: float) -> Machine:
    return Machine(folder, (sys.executable, "-c", program), **seconds)


@pytest.fixture(scope="module")
def files(tmp_path_factory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("files")
    pairs = {"nl_en": ("nl", "en", NL_EN), "en_ar": ("en", "ar", EN_AR)}
    return {name: pack(folder / f"{name}.argosmodel", *pair) for name, pair in pairs.items()}


async def test_argos_translates_with_a_real_model(tmp_path, files):
    async with Machine(tmp_path) as machine:
        for file in files.values():
            package, _ = await install_file(machine, file)
            assert package.path.parent == tmp_path / "packages"
        translator = Translator(machine, machine.packages, ["huisarts"])
        result = await translator.translate("Vraag hulp bij DUO. Neem uw brief mee naar de huisarts op 1 januari.", "nl", "ar")
        refused = await translator.translate("Niemand kent deze woorden", "nl", "ar")
    assert result.text == "اطلبوا مساعدة عند DUO. خذوا رسالتكم هذه معكم إلى تلك huisarts في 1 januari."
    assert [str(package) for package in result.packages] == ["nl→en 1.0", "en→ar 1.0"]
    assert isinstance(refused, Refused)
    assert "letters are Arabic" in refused.reason


async def test_a_broken_model_is_refused_and_the_old_one_stays(tmp_path, files):
    broken = tmp_path / "broken.argosmodel"
    with zipfile.ZipFile(files["nl_en"]) as source, zipfile.ZipFile(broken, "w") as target:
        for name in source.namelist():
            target.writestr(name, b"nonsense" if name.endswith("model.bin") else source.read(name))
    async with Machine(tmp_path) as machine:
        await install_file(machine, files["nl_en"])
        before = installed(machine.packages)
        with pytest.raises(PackageRefused, match="does not translate"):
            await install_file(machine, broken)
        with pytest.raises(PackageRefused, match="has SHA-256"):
            await install_file(machine, files["nl_en"], sha256="0" * 64)
        assert installed(machine.packages) == before
        assert (
            await Translator(machine, machine.packages).translate("Neem uw brief mee", "nl", "en")
        ).text == "Take your letter along"


async def test_a_machine_that_hangs_is_stopped_and_started_anew(tmp_path):
    async with stand_in(tmp_path, HANGS, seconds=0.3) as machine:
        for _ in range(2):
            with pytest.raises(MachineTimeout, match=r"within 0\.3 seconds"):
                await machine.translate(tmp_path, "hallo")


async def test_a_machine_that_does_not_start_is_a_timeout(tmp_path):
    async with stand_in(tmp_path, "import time; time.sleep(60)", start=0.3) as machine:
        with pytest.raises(MachineTimeout):
            await machine.translate(tmp_path, "hallo")


@pytest.mark.parametrize(("program", "why"), [(DIES, "stopped"), ("raise SystemExit(1)", "stopped"), (BABBLES, "no answer")])
async def test_a_machine_that_fails_says_so(tmp_path, program, why):
    async with stand_in(tmp_path, program) as machine:
        with pytest.raises(MachineFailed, match=why):
            await machine.translate(tmp_path, "hallo")


async def test_one_task_at_a_time_and_each_gets_its_own_answer(tmp_path):
    async with stand_in(tmp_path, ECHO) as machine:
        texts = [f"zin {number}" for number in range(20)]
        assert await asyncio.gather(*(machine.translate(tmp_path, text) for text in texts)) == texts


async def test_who_goes_away_leaves_no_answer_for_the_next(tmp_path):
    async with stand_in(tmp_path, SLOW) as machine:
        first = asyncio.create_task(machine.translate(tmp_path, "first"))
        await asyncio.sleep(0.2)
        first.cancel()
        assert await machine.translate(tmp_path, "second") == "second"


@pytest.fixture
def index(tmp_path, files, monkeypatch):
    """An index of Argos with one package, on this machine."""
    folder = tmp_path / "index"
    folder.mkdir()
    shutil.copy(files["nl_en"], folder / "nl_en.argosmodel")
    handler = functools.partial(QuietHandler, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        address = f"http://127.0.0.1:{server.server_port}/"
        offer = {
            "package_version": "1.0",
            "from_code": "nl",
            "to_code": "en",
            "links": [f"{address}nl_en.argosmodel"],
            "type": "translate",
        }
        (folder / "index.json").write_text(json.dumps([offer, offer | {"to_code": "xx", "package_version": "0.9"}]))
        monkeypatch.setenv("ARGOS_PACKAGE_INDEX", address)
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield address
        server.shutdown()


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format, *args):
        pass


async def test_a_package_is_fetched_from_the_index(tmp_path, index, monkeypatch):
    async with Machine(tmp_path / "here") as machine:
        [offer] = await wanted(machine, "nl", "en")
        assert (offer.source, offer.target, offer.version) == ("nl", "en", "1.0")
        async with downloaded(offer) as file:
            assert zipfile.is_zipfile(file)
        with pytest.raises(DownloadFailed, match=r"no en→ar$"):
            await wanted(machine, "nl", "ar")
        with pytest.raises(DownloadFailed, match="no package for Tigrinya"):
            await wanted(machine, "nl", "ti")
        await machine.close()
        monkeypatch.setenv("ARGOS_PACKAGE_INDEX", f"{index}nowhere/")
        with pytest.raises(DownloadFailed, match="could not be fetched"):
            await wanted(machine, "nl", "en")


@pytest.mark.parametrize("link", ["http://example.org/a.argosmodel", "ftp://127.0.0.1/a", "file:///etc/passwd"])
async def test_only_https_is_downloaded(link):
    with pytest.raises(DownloadFailed, match="no https link"):
        async with downloaded(Offer("nl", "en", "1.0", (link,))):
            pass
