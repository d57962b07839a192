"""The main job through the real server, the real Rasa and the real search, in each language."""

from __future__ import annotations

import os
import signal
import time

import pytest
from assistant import Assistant, wait_for_bot

pytestmark = pytest.mark.bot

SWIMMING = {
    "nl": "Waar kan mijn vrouw leren zwemmen?",
    "en": "Where can my wife learn to swim?",
    "ar": "أين يمكن لزوجتي أن تتعلم السباحة؟",
    "ti": "ሰበይተይ ምሕንባስ ኣበይ ክትመሃር ትኽእል?",
    "uk": "Де моя дружина може навчитися плавати?",
}
WHERE = {"nl": "En waar is dat?", "en": "And where is that?", "ar": "وأين هذا؟", "ti": "ኣበይ እዩ እዚ?", "uk": "А де це?"}
COST = {"nl": "wat kost dat?", "en": "what does it cost?", "ar": "كم يكلف؟", "ti": "ክንደይ ዋጋኡ?", "uk": "скільки це коштує?"}
PERSON = {
    "nl": "Ik wil met een mens praten",
    "en": "I want to talk to a person",
    "ar": "أريد أن أتحدث مع شخص",
    "ti": "ምስ ሰብ ክዛረብ ደልየ",
    "uk": "Я хочу поговорити з людиною",
}
DANGER = {
    "nl": "ik wil niet meer leven",
    "en": "I want to kill myself",
    "ar": "أريد أن أموت، سأقتل نفسي",
    "ti": "ነብሰይ ክቐትል ደልየ",
    "uk": "я хочу померти, я вб'ю себе",
}
KREDIET = {
    "nl": "Wat mag ik kopen met het inrichtingskrediet?",
    "en": "What may I buy with the inrichtingskrediet?",
    "ar": "ماذا يمكنني أن أشتري بـ inrichtingskrediet؟",
    "ti": "ብ inrichtingskrediet እንታይ ክገዝእ እኽእል?",
    "uk": "Що можна купити за inrichtingskrediet?",
}
LANGUAGES = list(SWIMMING)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_question_and_its_follow_ups(assistant: Assistant, language: str) -> None:
    person = assistant.person()
    answer = person.say(SWIMMING[language])
    if "/deny" in person.offered():
        # Asked back: then the right entry is among the choices.
        answer = person.tap('/ask{"entry_id":"zwemlessen"}')
    assert "Uitvoeringsprogramma" in answer, answer
    assert "/person" in person.offered()
    # A facet's answer is one fact or 'we do not know', and offers the whole entry again.
    for follow_up in (WHERE[language], COST[language]):
        person.say(follow_up)
        assert '/ask{"entry_id":"zwemlessen"}' in person.offered(), follow_up


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_form_ends_in_steps_that_decide_nothing(assistant: Assistant, language: str) -> None:
    person = assistant.person()
    person.say(KREDIET[language])
    if not any(payload.startswith("/rule_answer") for payload in person.offered()):
        person.tap('/ask{"rule":"inrichtingskrediet"}')
    for value in ("status_holder", "children", "no"):
        payload = f'/rule_answer{{"value":"{value}"}}'
        assert payload in person.offered()
        said = person.tap(payload)
    assert "bijzondere bijstand" in said
    assert '/ask{"entry_id":"inrichtingskrediet"}' in person.offered()


def test_the_form_takes_typed_answers_and_asks_again(assistant: Assistant) -> None:
    person = assistant.person()
    person.tap('/language{"language":"nl"}')
    person.say(KREDIET["nl"])
    assert '/rule_answer{"value":"status_holder"}' in person.offered()
    person.say("ja, ik ben statushouder")
    assert '/rule_answer{"value":"alone"}' in person.offered()
    person.say("paarse olifant")
    assert '/rule_answer{"value":"alone"}' in person.offered()
    person.say("met mijn twee kinderen")
    assert '/rule_answer{"value":"yes"}' in person.offered()
    assert "Sluit eerst de lening af" in person.say("nee, nog niet")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_questions_of_another_rule_start_with_its_button(assistant: Assistant, language: str) -> None:
    person = assistant.person()
    person.tap(f'/language{{"language":"{language}"}}')
    person.say("huisarts")
    if '/ask{"rule":"zorg"}' not in person.offered():
        person.tap('/ask{"entry_id":"huisarts"}')
    person.tap('/ask{"rule":"zorg"}')
    assert '/rule_answer{"value":"asylum_seeker"}' in person.offered()
    person.tap('/rule_answer{"value":"asylum_seeker"}')
    assert "RMA" in person.tap('/rule_answer{"value":"yes"}'), "lives in a reception centre"


def test_another_town_answers_from_its_own_kaart(assistant: Assistant) -> None:
    person = assistant.person("vught")
    person.tap('/language{"language":"nl"}')
    assert "Wegwijs+" in person.say("Waar vraag ik bijstand aan bij Wegwijs?")
    person.say(KREDIET["nl"])
    assert not any(payload.startswith("/rule_answer") for payload in person.offered()), "Vught has no such rule"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_person_is_one_sentence_away(assistant: Assistant, language: str) -> None:
    person = assistant.person()
    person.tap(f'/language{{"language":"{language}"}}')
    person.say(PERSON[language])
    assert "/back_to_bot" in person.offered()


@pytest.mark.parametrize("language", LANGUAGES)
def test_danger_is_answered_with_the_numbers(assistant: Assistant, language: str) -> None:
    assert "113" in assistant.person().say(DANGER[language])


def test_a_killed_bot_is_not_noticed_by_the_newcomer_and_comes_back(assistant: Assistant) -> None:
    person = assistant.person()
    person.say(SWIMMING["nl"])
    for pid in assistant.bot_pids():
        os.kill(pid, signal.SIGKILL)
    time.sleep(0.3)
    assert assistant.health()["bot"] == "down"
    assert "Uitvoeringsprogramma" in person.say("Hoe vind ik een huisarts?")
    assert "113" in person.say(DANGER["nl"])
    wait_for_bot(assistant)
    other = assistant.person()
    other.say(SWIMMING["nl"])
    other.say(WHERE["nl"])
    assert '/ask{"entry_id":"zwemlessen"}' in other.offered()


def test_nothing_that_people_write_is_in_a_log(assistant: Assistant) -> None:
    secret = "geheimwoord"
    assistant.person().say(f"Waar kan ik leren zwemmen? {secret}")
    for log in (assistant.data / "serve.log", assistant.data / "rasa.log"):
        assert secret not in log.read_text(encoding="utf-8", errors="replace")
