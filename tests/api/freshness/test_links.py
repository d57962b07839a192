"""Looking whether web addresses work, against a site of all kinds of answers."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI, Response
from fastapi.responses import RedirectResponse
from freshness_house import add

from api.freshness.links import Link, LinkState, addresses, check_links
from sociale_kaart.loader import load_kaart

SITE = "https://site.example"


@pytest.fixture
def asked() -> list[str]:
    return []


@pytest.fixture
def client(asked: list[str]) -> httpx.AsyncClient:
    site = FastAPI()

    @site.middleware("http")
    async def remember(request, call_next):
        asked.append(f"{request.method} {request.url.path}")
        if request.url.path == "/stil":
            raise httpx.ConnectTimeout("")
        return await call_next(request)

    site.api_route("/goed", methods=["GET", "HEAD"])(lambda: Response())
    site.get("/alleen-get")(lambda: Response("x"))
    site.api_route("/weg", methods=["GET", "HEAD"])(lambda: Response(status_code=410))
    site.api_route("/stuk", methods=["GET", "HEAD"])(lambda: Response(status_code=503))
    site.api_route("/verhuisd", methods=["GET", "HEAD"])(lambda: RedirectResponse("/goed", 301))
    site.api_route("/even-elders", methods=["GET", "HEAD"])(lambda: RedirectResponse("/goed", 302))
    site.api_route("/rond", methods=["GET", "HEAD"])(lambda: RedirectResponse("/rond", 302))
    return httpx.AsyncClient(transport=httpx.ASGITransport(site), follow_redirects=True)


@pytest.mark.parametrize(
    ("path", "state", "detail"),
    [
        ("/goed", LinkState.WORKS, "200"),
        ("/alleen-get", LinkState.WORKS, "200"),
        ("/even-elders", LinkState.WORKS, "200"),
        ("/weg", LinkState.BROKEN, "410"),
        ("/nergens", LinkState.BROKEN, "404"),
        ("/stuk", LinkState.BROKEN, "503"),
        ("/verhuisd", LinkState.MOVED, f"{SITE}/goed"),
        ("/rond", LinkState.UNREACHABLE, "TooManyRedirects"),
        ("/stil", LinkState.UNREACHABLE, "ConnectTimeout"),
    ],
)
async def test_what_answers_is_told(client: httpx.AsyncClient, path: str, state: LinkState, detail: str) -> None:
    [link] = await check_links({f"{SITE}{path}": ("fiets",)}, client)
    assert link == Link(f"{SITE}{path}", ("fiets",), state, detail)


async def test_a_page_is_fetched_only_when_asking_for_its_head_fails(client: httpx.AsyncClient, asked: list[str]) -> None:
    await check_links({f"{SITE}/goed": (), f"{SITE}/alleen-get": ()}, client)
    assert sorted(asked) == ["GET /alleen-get", "HEAD /alleen-get", "HEAD /goed"]


async def test_links_come_back_in_their_order(client: httpx.AsyncClient) -> None:
    urls = [f"{SITE}/weg", f"{SITE}/goed", f"{SITE}/stuk"]
    assert [link.url for link in await check_links(dict.fromkeys(urls, ()), client)] == urls


def test_an_address_is_asked_once_for_all_who_use_it(folder: Path) -> None:
    for id in ("fiets", "school"):
        add(folder / f"entries/{id}.yaml", "contact: {url: https://site.example/goed}\n")
    file = folder / "kaart.yaml"
    file.write_text(file.read_text().replace('date: "2026"}', 'date: "2026", url: https://site.example/boek}'))
    assert addresses(load_kaart(folder)) == {
        "https://site.example/goed": ("fiets", "school"),
        "https://site.example/boek": ("sources.BOEK",),
    }
