"""The webhook: what WhatsApp calls. Without a WhatsApp number it is not there."""

from __future__ import annotations

import secrets
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Request
from fastapi.responses import PlainTextResponse

from api.deps import ServicesDep
from api.errors import NotFound
from api.whatsapp.bridge import Bridge
from api.whatsapp.errors import BodyTooLarge, NotSigned, SignatureWrong
from api.whatsapp.signature import signed

router = APIRouter(prefix="/whatsapp", tags=["whatsapp"])
MAX_BODY = 3 * 1024 * 1024
"""Bytes of the largest call that WhatsApp makes."""


def bridge(services: ServicesDep) -> Bridge:
    """The bridge. NotFound when there is none."""
    if services.whatsapp is None:
        raise NotFound
    return services.whatsapp


BridgeDep = Annotated[Bridge, Depends(bridge)]


@router.get(
    "/webhook", dependencies=[Depends(bridge)], response_class=PlainTextResponse, summary="Prove that the webhook is ours"
)
async def verify(
    services: ServicesDep,
    mode: Annotated[str, Query(alias="hub.mode")] = "",
    token: Annotated[str, Query(alias="hub.verify_token")] = "",
    challenge: Annotated[str, Query(alias="hub.challenge", max_length=200)] = "",
) -> str:
    """Called once, when the webhook is set: gives back the challenge when the token is ours (403 when not)."""
    expected = services.settings.whatsapp_verify_token.get_secret_value()
    if mode != "subscribe" or not secrets.compare_digest(token.encode(), expected.encode()):
        raise SignatureWrong
    return challenge


@router.post("/webhook", response_class=PlainTextResponse, summary="Messages and statuses")
async def receive(
    request: Request, bridge: BridgeDep, services: ServicesDep, x_hub_signature_256: Annotated[str, Header()] = ""
) -> str:
    """200 once everything in it is stored. Nothing is read before the signature over the raw bytes is right."""
    if not x_hub_signature_256:
        raise NotSigned
    raw = await _body(request)
    if not signed(services.settings.whatsapp_app_secret.get_secret_value(), raw, x_hub_signature_256):
        raise SignatureWrong
    await bridge.accept(raw)
    return "ok"


async def _body(request: Request) -> bytes:
    """The body as it came. BodyTooLarge as soon as it is longer than any real one."""
    raw = bytearray()
    async for chunk in request.stream():
        raw += chunk
        if len(raw) > MAX_BODY:
            raise BodyTooLarge
    return bytes(raw)
