"""A day of one town: newcomers on WhatsApp and on the web, two desk workers at once, a volunteer; real parts all over.

Only WhatsApp itself is played, by the fake Graph API. The second town's desk is closed, whatever the hour.
"""

from __future__ import annotations

import datetime as dt
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from assistant import started
from day_house import DESKTOP, Day, Worker, keep, keep_file, patient, shot, told
from graph_api import SECRET, TOKEN, VERIFY, GraphApi, running_graph
from playwright.sync_api import Browser, expect
from real_browser import write
from stand_ins import catalogue_once, say
from test_main_job import DANGER, KREDIET, PERSON, SWIMMING

from api.answers.moments import day_name
from api.settings import ROOT
from knowledge.languages import offered
from sociale_kaart.hours import AMSTERDAM
from sociale_kaart.kaart import Kaart
from sociale_kaart.loader import load_kaart

pytestmark = [pytest.mark.bot, pytest.mark.browser]
AWAY = "مكتبنا مغلق الآن، نعود قريبًا."
"""What the second town says besides while its desk is closed."""
LOST = "هل يمكنني القدوم غدا؟"
"""What she writes while there is no connection."""
WAIT_TI = "ሓንሳብ ተጸበዩ በጃኹም"
"""`Wacht even, alstublieft.` of the phrasebook."""


@pytest.fixture(scope="module")
def graph() -> Iterator[GraphApi]:
    with running_graph() as graph:
        yield graph


def closed_town(folder: Path) -> Path:
    """Vught beside the shared entries, with a desk that opens the day after tomorrow."""
    for name in ("landelijk", "vught"):
        shutil.copytree(ROOT / "sociale_kaart" / name, folder / name)
    opens = f"{dt.datetime.now(AMSTERDAM) + dt.timedelta(days=2):%a}"[:2].upper()
    hours = f'schedules: [{{byday: [{opens}], opens_at: "10:00", closes_at: "12:00"}}]\n  away: {{ar: "{AWAY}"}}'
    settings = folder / "vught/kaart.yaml"
    text = settings.read_text(encoding="utf-8")
    assert "schedules: []" in text, "no source gave hours"
    settings.write_text(text.replace("schedules: []", hours), encoding="utf-8")
    return folder / "vught"


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory, graph: GraphApi, browser: Browser) -> Iterator[Day]:
    whatsapp = {"TOKEN": TOKEN, "APP_SECRET": SECRET, "VERIFY_TOKEN": VERIFY, "API": graph.address, "SPACING": "0"}
    settings = {f"KAART_WHATSAPP_{name}": value for name, value in whatsapp.items()}
    settings["KAART_OTHER_KAARTEN"] = str(closed_town(tmp_path_factory.mktemp("kaarten")))
    with started(tmp_path_factory.mktemp("day"), **settings) as assistant, patient():
        graph.webhook = f"{assistant.address}/whatsapp/webhook"
        day = Day(assistant, graph, browser)
        yield day
        day.close()


@pytest.fixture(scope="module")
def desk(day: Day) -> tuple[Worker, Worker]:
    """Two who work at the desk at once."""
    sanne = day.first_worker("Sanne")
    return sanne, day.colleague(sanne, "Omar")


def test_a_tigrinya_newcomer_on_whatsapp_is_helped_by_one_of_two(day: Day, desk: tuple[Worker, Worker], kaart: Kaart) -> None:
    (sanne, omar), selam = desk, day.phone("31600000011")
    before = sanne.waiting()
    swimming = kaart.entry("zwemlessen").texts["ti"]

    introduction, answer = selam.says(SWIMMING["ti"], bubbles=2)
    assert say("ti", "notice") in introduction
    assert all(known.own_name in introduction for known in offered())
    assert answer.startswith(f"*{swimming.name}*")
    (facet,) = selam.says(selam.number_of(say("ti", "button.cost")))
    assert selam.number_of(say("ti", "button.person")), facet
    (waits,) = selam.says(selam.number_of(say("ti", "button.person")))
    assert told("ti", "person.waiting.unknown", kaart) in waits, "nobody knows the desk's hours, and nobody makes them up"

    conversation = sanne.newcomer(before)
    omar.sees(conversation)
    shot(sanne.queue, "queue")
    late = omar.opens(conversation, stale=True)
    page = sanne.claims(conversation)
    late.get_by_role("button", name="Overnemen").click()
    expect(late.get_by_role("alert")).to_contain_text("al overgenomen door Sanne")
    shot(late, "desk-too-late")
    expect(omar.queue.locator("[aria-labelledby=bezig] tbody tr").filter(has_text=f"Gesprek {conversation}")).to_contain_text(
        "Sanne"
    )
    selam.hears(told("ti", "person.taken", kaart, name="Sanne"))

    page.get_by_role("button", name="Verstuur: Wacht even, alstublieft.").click()
    assert selam.hears(WAIT_TI).startswith("*Sanne*")
    page.get_by_label("Zoek in het Nederlands").fill("zwemmen")
    page.get_by_role("button", name="Zoek", exact=True).click()
    page.locator(".desk-suggestions").get_by_role("link", name=kaart.entry("zwemlessen").texts["nl"].name, exact=True).click()
    shot(page, "desk-entry-ti")
    page.get_by_role("button", name="Verstuur als antwoord").click()
    assert swimming.answer[0] in selam.hears(f"*Sanne*\n\n{swimming.name}")
    selam.writes("የቐንየለይ")
    expect(page.locator("[data-log]").get_by_text("የቐንየለይ", exact=True)).to_be_in_viewport()
    shot(page, "desk-conversation-ti")
    page.get_by_label("Waarom sluit je het gesprek?").select_option("answered")
    page.get_by_role("button", name="Gesprek sluiten").click()
    selam.hears(told("ti", "person.closed", kaart))
    keep(selam, "whatsapp-ti")
    assert len(selam.bubbles) == 8, "the bot was silent while a person answered"
    expect(omar.queue.locator(f"a[href$='/gesprek/{conversation}']")).to_have_count(0)
    assert day.graph.refused == []


def test_a_voice_note_gets_a_kind_answer_and_the_desk(day: Day, desk: tuple[Worker, Worker], kaart: Kaart) -> None:
    sanne, _ = desk
    before, berhane = sanne.waiting(), day.phone("31600000012")
    berhane.says(SWIMMING["ti"], bubbles=2)
    (answer,) = berhane.says({"type": "audio", "audio": {"id": "3000001", "mime_type": "audio/ogg; codecs=opus"}})
    keep(berhane, "whatsapp-voice")
    assert told("ti", "sent.audio.answer", kaart) in answer
    page = sanne.opens(sanne.newcomer(before))
    expect(page.get_by_role("link", name="Spraakbericht openen").first).to_be_visible()
    shot(page, "desk-voice")


def test_an_arabic_newcomer_loses_her_connection_and_no_word(day: Day, desk: tuple[Worker, Worker], kaart: Kaart) -> None:
    sanne, _ = desk
    before, krediet = sanne.waiting(), kaart.entry("inrichtingskrediet").texts
    page = day.visitor()
    shot(page, "first-screen")
    page.locator("button.tongue[lang=ar]").click()
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    shot(page, "ar-chat")
    write(page, KREDIET["ar"])
    for value in ("status_holder", "children", "no"):
        page.locator(f'button[value=\'/rule_answer{{"value":"{value}"}}\']:enabled').click()
    expect(page.locator(".message--bot").last).to_contain_text("bijzondere bijstand")
    shot(page, "ar-steps")
    page.locator('button[value*=\'"entry_id":"inrichtingskrediet"\']:enabled').last.click()
    expect(page.locator(".message--bot h2").last).to_contain_text(krediet["ar"].name)
    shot(page, "ar-entry")

    page.get_by_role("link", name=say("ar", "chat.show")).last.click()
    expect(page.locator(".card[lang=nl] h2")).to_contain_text(krediet["nl"].name)
    expect(page.locator(".card[lang=ar] h2")).to_contain_text(krediet["ar"].name)
    shot(page, "ar-show")
    page.get_by_role("link", name=say("ar", "chat.back")).click()
    page.locator(".help__person").click()
    expect(page.locator(".message--bot").last).to_contain_text(told("ar", "person.waiting.unknown", kaart))

    at_desk = sanne.claims(sanne.newcomer(before))
    expect(page.locator(".message--bot").last).to_contain_text("Sanne")
    page.context.set_offline(True)
    write(page, LOST)
    expect(page.locator(".pending--failed")).to_contain_text(say("ar", "ui.offline"))
    shot(page, "ar-offline")
    at_desk.get_by_label("Jouw antwoord").fill("Kom maar langs.")
    at_desk.get_by_role("button", name="Versturen").click()
    expect(at_desk.get_by_text("Je antwoord is verstuurd.")).to_be_visible()
    page.context.set_offline(False)
    expect(page.locator(".pending")).to_have_count(0)
    expect(page.locator(".message--person", has_text=LOST)).to_have_count(1)
    expect(page.locator(".message--staff", has_text="Kom maar langs.")).to_have_count(1)
    expect(at_desk.locator("[data-log] article", has_text=LOST)).to_have_count(1)
    ids = "(all) => all.map((e) => Number(e.dataset.id))"
    live = page.locator(".message").evaluate_all(ids)
    page.reload()
    assert live == page.locator(".message").evaluate_all(ids) == sorted(set(live)), "each once, in order"
    shot(page, "ar-back")

    at_desk.get_by_role("button", name="Teruggeven").click()
    expect(page.locator(".message--bot").last).to_contain_text(say("ar", "person.back"))
    write(page, SWIMMING["ar"])
    expect(page.locator(".message--bot").last).to_contain_text(kaart.entry("zwemlessen").texts["ar"].name)


def test_danger_is_answered_at_once_and_goes_first(day: Day, desk: tuple[Worker, Worker]) -> None:
    sanne, omar = desk
    waits = day.visitor("/?lang=uk")
    before = sanne.waiting()
    waits.locator(".help__person").click()
    earlier = sanne.newcomer(before)
    page = day.visitor("/?lang=ar")
    write(page, DANGER["ar"])
    expect(page.locator(".message--urgent")).to_contain_text("113")
    shot(page, "ar-danger")
    for worker in (sanne, omar):
        first = worker.queue.locator("[aria-labelledby=wachten] tbody tr").first
        expect(first).to_contain_text("Gevaar")
        expect(first).to_contain_text("العربية")
        worker.sees(earlier)
        assert worker.waiting().index(earlier) > 0
    shot(omar.queue, "queue-danger")


def test_out_of_hours_it_says_when_the_desk_opens(day: Day) -> None:
    page = day.visitor("/vught/?lang=ar")
    write(page, PERSON["ar"])
    answer = page.locator(".message--bot").last
    expect(answer).to_contain_text("10:00")
    expect(answer).to_contain_text(AWAY)
    opens = dt.datetime.now(AMSTERDAM) + dt.timedelta(days=2)
    town = load_kaart(ROOT / "sociale_kaart/vught")
    closed = {"day": day_name(catalogue_once(), "ar", opens), "time": "10:00"}
    expect(answer).to_contain_text(told("ar", "person.waiting.closed", town, **closed))
    shot(page, "ar-closed")


def test_a_volunteer_prints_a_card_and_its_link_opens(day: Day, kaart: Kaart) -> None:
    swimming = kaart.entry("zwemlessen").texts
    page = day.visitor("/zoek", DESKTOP)
    page.locator("#q").fill(SWIMMING["uk"])
    page.locator(".box button").click()
    shot(page, "search-uk")
    page.locator(".pick input[value=zwemlessen]").check()
    page.locator(".make button").click()
    page.wait_for_url("**/k/**")
    expect(page.locator(".side h2")).to_have_text([swimming["uk"].name, swimming["nl"].name])
    shot(page, "card-uk")
    page.get_by_role("link", name=say("nl", "card.paper", size="A5")).click()
    page.wait_for_url("**paper=a5**")
    page.evaluate("document.fonts.ready")
    file = page.pdf(prefer_css_page_size=True)
    keep_file(file, "card-uk.pdf")
    assert 1 <= len(re.findall(rb"/Type\s*/Page\b(?!s)", file)) <= 2
    link = page.locator("figcaption a").get_attribute("href")
    assert link
    at_home = day.visitor(link)
    expect(at_home.locator("html")).to_have_attribute("lang", "uk")
    expect(at_home.locator(".side[lang=uk] h2")).to_have_text(swimming["uk"].name)
    shot(at_home, "card-link-uk")
