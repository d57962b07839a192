"""From a phone to the answer on that phone: through the webhook, the flow, the outbox and a strict Graph API."""

from __future__ import annotations

from whatsapp_house import World


async def test_a_question_is_answered(running: World) -> None:
    words = await running.says("Waar kan ik leren zwemmen?", bubbles=2)
    print("\n-----\n".join(words))
    assert "*Zwemlessen" in words[1]
