"""The checks of what a machine made: plain nonsense is refused with a reason, sound sentences pass."""

from __future__ import annotations

import re

import pytest

from knowledge.translation.checks import wrong

MASKED = re.compile(r"\([^)]*\)|\d|\b\w*[A-Z][\w&-]+")
SOURCE = "Neem uw brief mee naar het gesprek en vraag om hulp"


@pytest.mark.parametrize(
    ("result", "target", "reason"),
    [
        ("", "ar", "nothing came out"),
        (" . ", "uk", "nothing came out"),
        ("خذوا رسالتكم معكم إلى اللقاء 25 واطلبوا المساعدة", "ar", "a number came in"),
        ("Take your letter to the talk and ask for help", "ar", "only 0 of"),
        ("خذوا your letter معكم to the talk", "ar", "letters are Arabic"),
        ("Возьмите с собой письмо на встречу и попросите помощи, ыъ", "uk", "not Ukrainian"),
        ("Візьміть лист", "uk", None),
        ("Візьміть", "uk", "8 characters came out of"),
        ("Візьміть " + "лист разом із собою на розмову та попросіть про допомогу " * 4, "uk", "characters came out of"),
        ("Візьміть лист лист лист на розмову", "uk", "words are repeated"),
        ("Візьміть свій лист, свій лист, свій лист", "uk", "words are repeated"),
        ("за лист за розмову за допомогу за вас", "uk", "one word fills"),
        ("Візьміть лист на розмову хахахахахахаха", "uk", "letters are repeated"),
        ("Neem uw brief mee naar het gesprek", "en", "still in the source language"),
        ("Take your letter to the talk and ask for help", "en", None),
        ("خذوا رسالتكم معكم إلى اللقاء واطلبوا المساعدة", "ar", None),
        ("Візьміть свій лист на розмову і попросіть про допомогу", "uk", None),
        ("ደብዳበኹም ናብቲ ዝርርብ ሒዝኩም ኪዱ፣ ሓገዝ እውን ሕተቱ", "ti", None),
    ],
)
def test_verdict(result, target, reason):
    verdict = wrong(SOURCE, result, target)
    assert verdict is None if reason is None else (verdict is not None and reason in verdict)


def test_a_single_word_that_runs_on_is_refused():
    assert wrong("plicht", "duty " * 128, "en")


def test_what_the_source_repeats_may_be_repeated():
    assert wrong("heel heel heel goed gedaan", "дуже дуже дуже добре зроблено", "uk") is None


@pytest.mark.parametrize("language", ["en", "ar", "ti", "uk"])
def test_what_people_wrote_passes(kaart, language):
    """A check that refuses what people wrote would be of no use. Names and numbers are masked when a machine translates."""
    pairs = [(entry.texts["nl"].summary, MASKED.sub("", entry.texts[language].summary)) for entry in kaart]
    refused = [(dutch, said, why) for dutch, said in pairs if (why := wrong(dutch, said, language))]
    assert len(refused) <= 0.03 * len(pairs), refused
