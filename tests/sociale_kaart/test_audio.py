"""Recordings beside the kaart: named by an entry, and really there."""

from __future__ import annotations

import pytest

from sociale_kaart.audio import audio_file
from sociale_kaart.errors import KaartInvalid

NAMED = "state: active\naudio: {nl: audio/nl/bank.mp3}\n"


def problems(folder):
    with pytest.raises(KaartInvalid) as caught:
        folder.load()
    return [(problem.field, problem.why) for problem in caught.value.problems]


def test_a_recording_that_is_there_is_found(folder):
    folder.change("entries/bank.yaml", "state: active\n", NAMED)
    folder.write("audio/nl/bank.mp3", "ID3")
    kaart = folder.load()
    assert audio_file(folder.path, kaart, "bank", "nl") == folder.path / "audio/nl/bank.mp3"
    assert audio_file(folder.path, kaart, "bank", "en") is None
    assert audio_file(folder.path, kaart, "winkel", "nl") is None
    assert audio_file(folder.path, kaart, "unheard-of", "nl") is None


def test_a_recording_that_is_not_there_is_a_problem(folder):
    folder.change("entries/bank.yaml", "state: active\n", NAMED)
    assert problems(folder) == [("audio.nl", "names audio/nl/bank.mp3, which is not in dorp/")]


@pytest.mark.parametrize("name", ["bank.mp3", "audio/../bank.mp3", "/audio/bank.mp3", "audio/bank.wav", "audio/bank"])
def test_only_some_files_below_the_folder_are_recordings(folder, name: str):
    folder.change("entries/bank.yaml", "state: active\n", f"state: active\naudio: {{nl: {name}}}\n")
    assert [field for field, _ in problems(folder)] == ["audio.nl"]


def test_what_is_said_must_be_there_to_read(folder):
    folder.change("entries/bank.yaml", "state: active\n", "state: active\naudio: {uk: audio/bank.ogg}\n")
    folder.write("audio/bank.ogg", "OggS")
    assert problems(folder) == [("audio.uk", "has no text beside it: what is said must be there to read")]
