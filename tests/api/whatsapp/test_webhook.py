"""The door: who may knock, what is stored before the 200, and every shape that WhatsApp sends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from graph_api import SECRET, VERIFY, envelope, message_from, raw_bytes, signed_headers
from pydantic import ValidationError
from sqlalchemy import select, text
from whatsapp_house import SELAM, World

from api.settings import Settings
from api.whatsapp.letter import letters, statuses
from api.whatsapp.payloads import Envelope
from api.whatsapp.tables import InboxRow

PAYLOADS = Path(__file__).parent / "payloads"
KINDS = {
    "text": "text", "text_arabic": "text", "text_forwarded": "text", "text_reply": "text", "text_referral": "text",
    "text_username": "text", "text_number_and_id": "text", "text_no_contacts": "text", "button_reply": "tap", "list_reply": "tap",
    "interactive_empty": "unsupported", "template_button": "tap", "template_button_text": "text", "image": "image",
    "video": "video", "document": "document", "sticker": "sticker", "audio": "audio", "location": "location",
    "contacts": "contacts", "reaction": "ignored", "reaction_removed": "ignored", "order": "unsupported",
    "unsupported": "unsupported", "edit": "ignored", "never_seen": "unsupported", "strange_body": "unsupported",
    "system_number": "system", "system_user_id": "system",
}  # fmt: skip


def payload(name: str) -> bytes:
    return raw_bytes(json.loads((PAYLOADS / f"{name}.json").read_text(encoding="utf-8")))


async def inbox(world: World) -> list[InboxRow]:
    async with world.services.store._sessions() as session:
        return list((await session.execute(select(InboxRow).order_by(InboxRow.id))).scalars())


async def test_the_challenge_comes_back_when_the_token_is_ours(world: World) -> None:
    query = {"hub.mode": "subscribe", "hub.verify_token": VERIFY, "hub.challenge": "112358"}
    answer = await world.client.get("/whatsapp/webhook", params=query)
    assert (answer.status_code, answer.text) == (200, "112358")
    assert answer.headers["content-type"].startswith("text/plain")
    for wrong in ({"hub.verify_token": "x"}, {"hub.mode": "unsubscribe"}):
        assert (await world.client.get("/whatsapp/webhook", params=query | wrong)).status_code == 403


async def test_only_what_is_signed_over_the_bytes_as_they_came_is_read(world: World) -> None:
    raw = payload("text_arabic")
    assert b"\\u0623" in raw, "escaped, as WhatsApp does"
    other = json.dumps(json.loads(raw), ensure_ascii=False).encode()
    for headers, status in (({}, 401), (signed_headers(raw, "wrong"), 403), (signed_headers(other), 403)):
        assert (await world.client.post("/whatsapp/webhook", content=raw, headers=headers)).status_code == status
    assert await inbox(world) == []
    assert (await world.client.post("/whatsapp/webhook", content=raw, headers=signed_headers(raw))).status_code == 200
    assert len(await inbox(world)) == 1


async def test_a_body_larger_than_any_is_refused_and_a_large_one_is_not(world: World) -> None:
    for size, status in ((3_200_000, 413), (2_000_000, 200)):
        raw = b'{"entry": [], "x": "' + b"x" * size + b'"}'
        assert (await world.client.post("/whatsapp/webhook", content=raw, headers=signed_headers(raw))).status_code == status


@pytest.mark.parametrize(
    "raw", [b"", b"[]", b"null", b"{", b'{"entry": 7}', b'{"entry": [{"changes": [{"field": 1}]}]}', b"[" * 5000]
)
async def test_what_is_signed_and_no_webhook_is_left(world: World, raw: bytes) -> None:
    assert (await world.client.post("/whatsapp/webhook", content=raw, headers=signed_headers(raw))).status_code == 200
    assert await inbox(world) == []


async def test_when_it_cannot_be_stored_whatsapp_must_try_again(world: World) -> None:
    async with world.services.engine.begin() as connection:
        await connection.execute(text("ALTER TABLE whatsapp_inbox RENAME TO away"))
    raw = payload("text")
    assert (await world.client.post("/whatsapp/webhook", content=raw, headers=signed_headers(raw))).status_code == 500
    async with world.services.engine.begin() as connection:
        await connection.execute(text("ALTER TABLE away RENAME TO whatsapp_inbox"))
    assert (await world.client.post("/whatsapp/webhook", content=raw, headers=signed_headers(raw))).status_code == 200
    assert len(await inbox(world)) == 1


async def test_half_characters_and_nulls_are_stored_without_them(world: World) -> None:
    raw = raw_bytes(envelope(messages=[message_from(SELAM, "a\ud83d b\x00c", "wamid.half")]))
    assert (await world.client.post("/whatsapp/webhook", content=raw, headers=signed_headers(raw))).status_code == 200
    (row,) = await inbox(world)
    assert row.letter
    assert row.letter["text"] == "a\ufffd bc"


@pytest.mark.parametrize("name", sorted(path.stem for path in PAYLOADS.glob("*.json")))
async def test_every_shape_is_taken(world: World, name: str) -> None:
    raw = payload(name)
    assert (await world.client.post("/whatsapp/webhook", content=raw, headers=signed_headers(raw))).status_code == 200


@pytest.mark.parametrize("name", sorted(KINDS))
def test_every_kind_of_message_is_known_for_what_it_is(name: str) -> None:
    (letter,) = letters(Envelope.model_validate_json(payload(name)))
    assert letter.kind == KINDS[name]
    assert letter.wa_id or letter.bsuid
    assert letter.number_id == "1000001"


@pytest.mark.parametrize("name", ["text_username", "text_number_and_id"])
async def test_what_people_call_themselves_is_not_kept(world: World, name: str) -> None:
    raw = payload(name)
    assert b"verzonnen.naam" in raw
    await world.client.post("/whatsapp/webhook", content=raw, headers=signed_headers(raw))
    (row,) = await inbox(world)
    assert "verzonnen" not in json.dumps(row.letter).lower()


def test_a_batch_of_two_people_is_three_letters_and_a_status() -> None:
    envelope = Envelope.model_validate_json(payload("batch_two_people"))
    assert [letter.wa_id for letter in letters(envelope)] == ["31600000001", "31600000003", "31600000001"]
    assert [status.status for status in statuses(envelope)] == ["read"]


def test_a_strange_message_spoils_no_other() -> None:
    assert [letter.text for letter in letters(Envelope.model_validate_json(payload("batch_one_strange")))] == ["Hallo"]


def test_other_fields_hold_nothing_for_us() -> None:
    assert list(letters(Envelope.model_validate_json(payload("other_field")))) == []


async def test_without_a_number_there_is_no_webhook(world: World) -> None:
    object.__setattr__(world.services, "whatsapp", None)
    assert (await world.client.get("/whatsapp/webhook")).status_code == 404
    assert (await world.client.post("/whatsapp/webhook", content=b"{}")).status_code == 404


def test_half_a_setup_stops_the_start() -> None:
    with pytest.raises(ValidationError, match="KAART_WHATSAPP_VERIFY_TOKEN"):
        Settings(whatsapp_app_secret=SECRET)  # type: ignore[arg-type]


@pytest.mark.parametrize("towns", ["1000002:vugt", "1000002", "1000001:nijmegen,1000002:"])
def test_a_number_of_a_town_that_is_not_served_stops_the_start(towns: str) -> None:
    assert Settings(whatsapp_towns="1000001:nijmegen, 1000002: vught").whatsapp_towns
    with pytest.raises(ValidationError, match="KAART_WHATSAPP_TOWNS names a town that is not served: 1000002:"):
        Settings(whatsapp_towns=towns)


@pytest.mark.parametrize(
    "strange",
    [
        {"timestamp": "2026-11-22T10:00:00"},
        {"from": "3" * 41},
        {"from_user_id": "x" * 161},
        {"type": "image", "image": {"id": "x" * 201}},
    ],
)
async def test_what_fits_in_no_column_spoils_nothing_beside_it(world: World, strange: dict[str, object]) -> None:
    batch = [message_from(SELAM, "one", "wamid.strange") | strange, message_from(SELAM, "two", "wamid.good")]
    assert (await world.post(envelope(messages=batch))).status_code == 200
    told = [row.letter for row in await inbox(world) if row.letter]
    assert [letter["text"] for letter in told if letter["kind"] == "text"] == ["two"]
    assert all(len(str(letter[name] or "")) <= 160 for letter in told for name in ("wa_id", "bsuid", "media_id"))


@pytest.mark.parametrize(
    "strange", [{"biz_opaque_callback_data": f"{9**30}.1"}, {"errors": [{"code": 10**20}]}, {"id": "x" * 201}]
)
async def test_a_status_of_another_system_on_our_number_spoils_nothing(world: World, strange: dict[str, object]) -> None:
    failed = {"id": "wamid.x", "status": "failed", "timestamp": "1", "recipient_id": SELAM, "errors": [{"code": 131026}]}
    body = envelope(messages=[message_from(SELAM, "two", "wamid.good")], statuses=[failed | strange])
    assert (await world.post(body)).status_code == 200
    assert len(await inbox(world)) == 1
