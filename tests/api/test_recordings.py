"""A recording of an entry: in the chat, and as a file."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from small_kaart import write_small_kaart

from api.publishing.folder import staged
from api.services import Services
from api.settings import Settings
from sociale_kaart.loader import load_kaart

SOUND = b"ID3\x03\x00\x00\x00\x00\x00\x00tone"


@pytest.fixture
def settings(settings: Settings, tmp_path: Path) -> Settings:
    """A small kaart with one own and one shared recording."""
    folder = write_small_kaart(tmp_path / "kaarten")
    for place, id in ((folder, "zwemles"), (folder.parent / "samen", "noodnummer")):
        entry = place / f"entries/{id}.yaml"
        entry.write_text(entry.read_text(encoding="utf-8") + f"\naudio: {{en: audio/{id}.mp3}}\n", encoding="utf-8")
        (place / "audio").mkdir()
        (place / f"audio/{id}.mp3").write_bytes(SOUND)
    return settings.model_copy(update={"kaart": folder, "other_kaarten": ()})


@pytest.fixture
def kaart(settings: Settings):
    return load_kaart(settings.kaart)


async def test_an_answer_with_a_recording_can_be_heard_without_a_script(client: httpx.AsyncClient) -> None:
    await client.post("/chat", data={"tap": '/about{"entry_id":"zwemles"}', "lang": "en"})
    page = (await client.get("/")).text
    assert '<audio controls preload="none" src="/chat/audio/zwemles/en"' in page
    found = await client.get("/chat/audio/zwemles/en")
    assert (found.content, found.headers["content-type"]) == (SOUND, "audio/mpeg")
    assert "autoplay" not in page


async def test_without_a_recording_in_that_language_there_is_none(client: httpx.AsyncClient) -> None:
    await client.post("/chat", data={"tap": '/about{"entry_id":"zwemles"}', "lang": "nl"})
    assert "<audio" not in (await client.get("/")).text
    for path in ("zwemles/nl", "huisarts/en", "nergens/en", "zwemles/..%2F..%2Fkaart.yaml"):
        assert (await client.get(f"/chat/audio/{path}")).status_code == 404, path


async def test_a_shared_entry_s_recording_lies_beside_the_shared_entries(client: httpx.AsyncClient) -> None:
    assert (await client.get("/chat/audio/noodnummer/en")).content == SOUND


async def test_a_file_that_went_away_is_not_found(client: httpx.AsyncClient, settings: Settings, services: Services) -> None:
    assert services.towns.first.kaart.entry("zwemles").audio
    (settings.kaart / "audio/zwemles.mp3").unlink()
    assert (await client.get("/chat/audio/zwemles/en")).status_code == 404


def test_an_edit_is_checked_with_the_recordings(settings: Settings) -> None:
    with staged(settings, settings.kaart) as copy:
        assert load_kaart(copy).entry("zwemles").audio == {"en": "audio/zwemles.mp3"}
        assert load_kaart(copy).entry("noodnummer").audio
    assert (settings.kaart / "audio/zwemles.mp3").read_bytes() == SOUND, "the copy goes, the recording stays"
