"""A small Graph API on loopback, as strict as WhatsApp's: token, shapes, limits, the 24 hours, errors, silence, media.

It also plays the other side: it signs and posts webhooks the way WhatsApp does, over bytes with escaped letters.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
import hmac
import itertools
import json
import re
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

import httpx
from chat_server import running
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from stand_ins import now

from api.conversation.store import Clock

TOKEN, SECRET, VERIFY = "graph-token-for-tests", "app-secret-for-tests", "verify-token-for-tests"
NUMBER, WABA, VERSION = "1000001", "2000001", "v25.0"
DAY = dt.timedelta(hours=24)
BSUID = re.compile(r"[A-Z]{2}\.[A-Za-z0-9.]{1,128}")


def at_most(limit: int) -> AfterValidator:
    """Length in UTF-16 units: the strictest way to count."""

    def check(text: str) -> str:
        if not text.strip() or len(text.encode("utf-16-le")) // 2 > limit:
            raise ValueError(f"empty or longer than {limit}")
        return text

    return AfterValidator(check)


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Text(Strict):
    body: Annotated[str, at_most(4096)]
    preview_url: bool = False


class ReplyChoice(Strict):
    id: Annotated[str, at_most(256)]
    title: Annotated[str, at_most(20)]


class ReplyButton(Strict):
    type: Literal["reply"]
    reply: ReplyChoice


class Buttons(Strict):
    buttons: list[ReplyButton] = Field(min_length=1, max_length=3)


class Row(Strict):
    id: Annotated[str, at_most(200)]
    title: Annotated[str, at_most(24)]
    description: Annotated[str, at_most(72)] | None = None


class Section(Strict):
    title: Annotated[str, at_most(24)] | None = None
    rows: list[Row] = Field(min_length=1)


class Rows(Strict):
    button: Annotated[str, at_most(20)]
    sections: list[Section] = Field(min_length=1, max_length=10)


class ShortBody(Strict):
    text: Annotated[str, at_most(1024)]


class ButtonMessage(Strict):
    type: Literal["button"]
    body: ShortBody
    action: Buttons


class ListMessage(Strict):
    type: Literal["list"]
    body: Text | dict[str, Annotated[str, at_most(4096)]]
    action: Rows


class TemplateLanguage(Strict):
    code: Literal["nl", "en", "en_US", "ar", "uk"]
    """No Tigrinya: WhatsApp has none."""


class Template(Strict):
    name: str = Field(pattern=r"^[a-z0-9_]+$")
    language: TemplateLanguage


class SendRequest(Strict):
    messaging_product: Literal["whatsapp"]
    recipient_type: Literal["individual"]
    to: str | None = Field(None, pattern=r"^[0-9]{8,15}$")
    recipient: str | None = None
    type: Literal["text", "interactive", "template"]
    text: Text | None = None
    interactive: ButtonMessage | ListMessage | None = None
    template: Template | None = None
    biz_opaque_callback_data: Annotated[str, at_most(512)] | None = None


def problem_of(body: Any) -> str | None:
    """What WhatsApp would not accept about a message, or None."""
    try:
        request = SendRequest.model_validate(body)
    except ValidationError as error:
        return str(error.errors()[0]["loc"])
    if not request.to and not BSUID.fullmatch(request.recipient or ""):
        return "recipient"
    if getattr(request, request.type) is None:
        return request.type
    action = request.interactive.action if request.interactive else None
    if isinstance(action, Buttons):
        ids, titles = ([getattr(button.reply, name) for button in action.buttons] for name in ("id", "title"))
        return None if len(set(ids)) == len(ids) and len(set(titles)) == len(titles) else "buttons"
    rows = [row.id for section in action.sections for row in section.rows] if action else []
    return None if len(set(rows)) == len(rows) <= 10 else "rows"


@dataclass
class Plan:
    """How the next call ends: refused with `code`, or accepted and `then`: `silent` (no answer), `failed` (told later)."""

    code: int | None = None
    status: int = 400
    then: str | None = None
    body: str | None = None


@dataclass
class Accepted:
    """A message that was taken: to whom, what, and the id it got."""

    to: str
    body: dict[str, Any]
    wamid: str

    @property
    def words(self) -> str:
        if self.body["type"] == "template":
            return f"template {self.body['template']['name']}"
        inner = self.body["text"]["body"] if self.body["type"] == "text" else self.body["interactive"]["body"]["text"]
        return str(inner)

    @property
    def ids(self) -> list[str]:
        """What can be tapped."""
        if self.body["type"] != "interactive":
            return []
        action = self.body["interactive"]["action"]
        if "buttons" in action:
            return [button["reply"]["id"] for button in action["buttons"]]
        return [row["id"] for section in action["sections"] for row in section["rows"]]


@dataclass
class GraphApi:
    """What it was sent, and how it is to behave. It is served at `address`; statuses go to `webhook`, empty: nowhere."""

    address: str = ""
    webhook: str = ""
    clock: Clock = now
    accepted: list[Accepted] = field(default_factory=list)
    refused: list[tuple[int, str]] = field(default_factory=list)
    plans: deque[Plan] = field(default_factory=deque)
    inbound: dict[str, dt.datetime] = field(default_factory=dict)
    media: dict[str, tuple[bytes, str]] = field(default_factory=dict)
    media_url: str = ""
    fetched: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.app, self.changed, self.count = FastAPI(), threading.Condition(), itertools.count(1)
        self.posting: set[asyncio.Task[None]] = set()
        self.released = threading.Event()
        self.app.post(f"/{VERSION}/{NUMBER}/messages")(self._messages)
        self.app.get(f"/{VERSION}/{{media_id}}")(self._media)
        self.app.get("/download/{media_id}")(self._download)

    def wait(self, enough: Callable[[GraphApi], bool], seconds: float = 30.0) -> None:
        """Until `enough`; looks each time something came in."""
        with self.changed:
            assert self.changed.wait_for(lambda: enough(self), seconds), f"accepted {len(self.accepted)}, refused {self.refused}"

    def words_to(self, person: str) -> list[str]:
        return [message.words for message in self.accepted if message.to == person]

    def heard(self, person: str) -> None:
        """A person wrote: the 24 hours begin."""
        self.inbound[person] = self.clock()

    async def _messages(self, request: Request) -> Response:
        body = await request.json()
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return self._refuse(190, 401, "token")
        problem = problem_of(body)
        if problem:
            return self._refuse(100, 400, problem)
        plan = self.plans.popleft() if self.plans else Plan()
        if plan.body is not None:
            return self._tell(Response(plan.body, plan.status))
        if plan.code is not None:
            return self._refuse(plan.code, plan.status, "as planned")
        to = body.get("to") or body["recipient"]
        if body["type"] != "template" and self.clock() - self.inbound.get(to, self.clock() - DAY) >= DAY:
            return self._refuse(131047, 400, "window")
        return await self._accept(to, body, plan)

    async def _accept(self, to: str, body: dict[str, Any], plan: Plan) -> Response:
        message = Accepted(to, body, f"wamid.fake{next(self.count)}")
        with self.changed:
            self.accepted.append(message)
            self.changed.notify_all()
        if self.webhook:
            statuses = [("failed", 131026)] if plan.then == "failed" else [("sent", None), ("delivered", None)]
            task = asyncio.create_task(self._tell_statuses(message, statuses))
            self.posting.add(task)
            task.add_done_callback(self.posting.discard)
        if plan.then == "silent":
            await asyncio.to_thread(self.released.wait, 60)
        answer = {"messaging_product": "whatsapp", "contacts": [{"input": to, "wa_id": to}], "messages": [{"id": message.wamid}]}
        return JSONResponse(answer)

    async def _tell_statuses(self, message: Accepted, statuses: list[tuple[str, int | None]]) -> None:
        """Post each status, again and again until it is taken: as WhatsApp does when we are down."""
        async with httpx.AsyncClient() as http:
            for status, code in statuses:
                raw = raw_bytes(envelope(statuses=[status_of(message, status, code)]))
                while True:
                    try:
                        answer = await http.post(self.webhook, content=raw, headers=signed_headers(raw))
                        if answer.status_code == 200:
                            break
                    except httpx.HTTPError:
                        pass
                    await asyncio.sleep(0.2)

    def _refuse(self, code: int, status: int, why: str) -> Response:
        with self.changed:
            self.refused.append((code, why))
            self.changed.notify_all()
        error = {"message": f"(#{code})", "type": "OAuthException", "code": code, "fbtrace_id": "trace"}
        return JSONResponse({"error": error}, status)

    def _tell(self, answer: Response) -> Response:
        with self.changed:
            self.refused.append((-1, "as planned"))
            self.changed.notify_all()
        return answer

    async def _media(self, media_id: str, request: Request) -> Response:
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return self._refuse(190, 401, "token")
        if media_id not in self.media:
            return self._refuse(100, 400, "no such media")
        content, mime = self.media[media_id]
        url = self.media_url or f"{request.base_url}download/{media_id}"
        sha256 = hashlib.sha256(content).hexdigest()
        return JSONResponse({"url": url, "mime_type": mime, "sha256": sha256, "file_size": len(content), "id": media_id})

    async def _download(self, media_id: str, request: Request) -> Response:
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return Response(status_code=401)
        self.fetched.append(media_id)
        return Response(self.media[media_id][0], media_type="application/octet-stream")


@contextmanager
def running_graph(clock: Clock = now) -> Iterator[GraphApi]:
    """A Graph API at its address; at the end it lets go of everyone it was silent to."""
    graph = GraphApi(clock=clock)
    with running(graph.app) as server:
        graph.address = server.address
        try:
            yield graph
        finally:
            graph.released.set()


def status_of(message: Accepted, status: str, code: int | None = None) -> dict[str, Any]:
    """A status about a message, as WhatsApp words it."""
    told = {"id": message.wamid, "status": status, "timestamp": str(int(now().timestamp()))}
    callback = message.body.get("biz_opaque_callback_data")
    errors = {"errors": [{"code": code, "title": "failure"}]} if code else {}
    return told | {"recipient_id": message.to} | ({"biz_opaque_callback_data": callback} if callback else {}) | errors


def message_from(person: str, body: str | dict[str, Any], id: str, at: dt.datetime | None = None) -> dict[str, Any]:
    """A message of a person: words, or `{"type": ..., ...}`."""
    moment = str(int((at or now()).timestamp()))
    who = {"from_user_id": person} if "." in person else {"from": person}
    content = {"type": "text", "text": {"body": body}} if isinstance(body, str) else body
    return {**who, "id": id, "timestamp": moment, **content}


def tap(payload: str, title: str = "") -> dict[str, Any]:
    """A tap on a row of ours."""
    return {"type": "interactive", "interactive": {"type": "list_reply", "list_reply": {"id": payload, "title": title}}}


def envelope(number: str = NUMBER, **value: Any) -> dict[str, Any]:
    """One change around messages or statuses."""
    metadata = {"display_phone_number": "31850000000", "phone_number_id": number}
    change = {"field": "messages", "value": {"messaging_product": "whatsapp", "metadata": metadata, **value}}
    return {"object": "whatsapp_business_account", "entry": [{"id": WABA, "changes": [change]}]}


def raw_bytes(body: dict[str, Any]) -> bytes:
    """The body as WhatsApp writes it: letters and slashes escaped."""
    return json.dumps(body, ensure_ascii=True).replace("/", "\\/").encode()


def signed_headers(raw: bytes, secret: str = SECRET) -> dict[str, str]:
    """The signature that goes with a body."""
    return {"X-Hub-Signature-256": "sha256=" + hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()}
