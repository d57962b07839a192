"""The chat as an app, without internet, and inside another site."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html import unescape

import httpx
import pytest

from api.pages import HERE
from api.services import Services
from api.settings import Settings
from sociale_kaart import contrast
from sociale_kaart.municipality import Theme

SITE = "https://www.dorp.test"
COLOURS = Theme(primary="#7a1f5c", primary_dark="#f0b6dc")


def settle(services: Services, **values: object) -> None:
    """Give the first town other settings."""
    town = services.towns.first
    kaart = replace(town.kaart, municipality=town.kaart.municipality.model_copy(update=values))
    services.towns.replace(replace(town, kaart=kaart))


# --- an app


@pytest.mark.parametrize("language", ["nl", "en", "ar", "ti", "uk"])
async def test_the_app_is_in_one_language(client: httpx.AsyncClient, language: str) -> None:
    page = await client.get("/", params={"lang": language})
    link = re.search(r'<link rel="manifest" href="([^"]+)"', page.text)
    assert link
    found = await client.get(link[1])
    told = found.json()
    assert found.headers["content-type"] == "application/manifest+json"
    assert (told["lang"], told["dir"], told["display"]) == (language, "rtl" if language == "ar" else "ltr", "standalone")
    assert told["start_url"] == f"/?lang={language}"
    for icon in told["icons"]:
        drawn = (await client.get(icon["src"])).content
        width = int.from_bytes(drawn[16:20], "big")
        assert (drawn[:8], f"{width}x{width}") == (b"\x89PNG\r\n\x1a\n", icon["sizes"])
    assert {icon["purpose"] for icon in told["icons"]} == {"any", "maskable"}


async def test_each_town_is_an_app_of_its_own(client: httpx.AsyncClient, services: Services) -> None:
    town = services.towns.first.id
    told = (await client.get(f"/{town}/chat/manifest/nl.webmanifest")).json()
    assert (told["id"], told["scope"], told["start_url"]) == (f"/{town}/", f"/{town}/", f"/{town}/?lang=nl")


def config(script: str) -> dict[str, object]:
    return dict(json.loads(script.split("self.KAART = ")[1].split(";\n")[0]))


async def test_the_worker_keeps_files_and_offline_pages_only(client: httpx.AsyncClient, services: Services) -> None:
    found = await client.get("/sw.js")
    kept = config(found.text)
    assert found.headers["content-type"].startswith("text/javascript")
    assert set(kept["pages"].values()) == {f"/chat/offline/{code}" for code in ("nl", "en", "ar", "ti", "uk")}  # type: ignore[attr-defined]
    for path in kept["assets"]:  # type: ignore[attr-defined]
        assert path.startswith("/static/")
        assert (await client.get(path)).status_code == 200
    own = f"/{services.towns.first.id}"
    assert kept["others"] == [f"{own}/", "/balie"]
    assert config((await client.get(f"{own}/sw.js")).text)["others"] == [f"{own}/balie"]
    settle(services, name="Anders")
    assert config((await client.get("/sw.js")).text)["version"] != kept["version"], "what changed is fetched anew"


async def test_the_offline_page_has_the_numbers_and_says_what_nobody_knows(client: httpx.AsyncClient, services: Services) -> None:
    town = services.towns.first
    for code in ("nl", "ti"):
        page = await client.get(f"/chat/offline/{code}")
        for number in ("112", "113", "08000113", "08002000"):
            assert f'href="tel:{number}"' in page.text
        shown = unescape(re.sub(r"<[^>]+>", "", page.text))
        assert town.catalogue.text(code, "offline.no_address") in shown
        assert town.kaart.municipality.desk.name_in(code) in shown


async def test_the_offline_page_tells_the_desk_s_address_where_it_is_known(client: httpx.AsyncClient, services: Services) -> None:
    town = services.towns.first
    known = next(entry for entry in town.kaart if entry.locations and entry.locations[0].address_1)
    settle(services, desk=town.kaart.municipality.desk.model_copy(update={"entry": known.id}))
    page = unescape((await client.get("/chat/offline/nl")).text)
    assert str(known.locations[0].address_1) in page
    assert town.catalogue.text("nl", "offline.no_address") not in page


# --- a theme


async def test_a_theme_gives_tokens_in_the_names_of_nl_design_system(client: httpx.AsyncClient, services: Services) -> None:
    assert "theme.css" not in (await client.get("/")).text
    settle(services, theme=COLOURS)
    link = re.search(r'href="(/theme\.css[^"]+)"', (await client.get("/")).text)
    assert link
    sheet = (await client.get(link[1])).text
    assert sheet.count("--utrecht-link-color: #7a1f5c;") == sheet.count("--utrecht-link-color: #f0b6dc;") == 1
    style = (HERE / "static/style.css").read_text(encoding="utf-8")
    assert {name for name in re.findall(r"--utrecht-[\w-]+", style) if name != "--utrecht-"} == set(
        re.findall(r"--utrecht-[\w-]+", sheet)
    )


async def test_what_a_browser_colours_around_the_page_is_the_town_s_colour(client: httpx.AsyncClient, services: Services) -> None:
    for colour in ("#0b5563", COLOURS.primary):
        page = await client.get("/?lang=nl")
        assert f'<meta name="theme-color" content="{colour}">' in page.text
        assert (await client.get("/chat/manifest/nl.webmanifest")).json()["theme_color"] == colour
        settle(services, theme=COLOURS)
    assert "--kaart-color-primary: var(--utrecht-link-color, #0b5563);" in (HERE / "static/style.css").read_text(encoding="utf-8")


def test_the_backgrounds_that_colours_are_checked_on_are_those_of_the_pages() -> None:
    light, dark = (HERE / "static/style.css").read_text(encoding="utf-8").split("prefers-color-scheme: dark", 1)
    for part, colours in ((light, contrast.LIGHT), (dark, contrast.DARK)):
        told = dict(re.findall(r"--kaart-color-(page|surface|tint): (#\w+);", part))
        assert {name: colour.replace("#ffffff", "#fff") for name, colour in colours.items()} == told


# --- inside another site


def ancestors(response: httpx.Response) -> str:
    found = re.search(r"frame-ancestors ([^;]+);", response.headers["content-security-policy"])
    assert found
    return found[1]


async def test_only_the_chat_and_only_for_the_sites_of_the_kaart(client: httpx.AsyncClient, services: Services) -> None:
    assert ancestors(await client.get("/frame/?lang=nl")) == "'none'"
    settle(services, embed_origins=(SITE,))
    for path in ("/frame", "/frame/?lang=nl", "/frame/chat/forget", "/frame/privacy", f"/{services.towns.first.id}/frame/"):
        page = await client.get(path)
        assert (page.status_code, ancestors(page)) == (200, SITE), path
    for path in ("/", "/?lang=nl", "/privacy", "/frame/nl", "/frame/balie", "/frames/"):
        assert ancestors(await client.get(path)) == "'none'", path
    assert (await client.get("/frame/balie")).status_code == 404


async def test_links_stay_in_the_frame_or_open_beside_it(client: httpx.AsyncClient) -> None:
    page = (await client.get("/frame/?lang=nl")).text
    assert 'action="/frame/chat"' in page
    assert re.search(r'<a href="/nl" target="_blank" rel="noopener">', page)
    assert "manifest" not in page
    sent = await client.post("/frame/chat", data={"text": "hoi", "lang": "nl"}, headers={"origin": "http://chat.test"})
    assert sent.headers["location"] == "/frame/#end"


async def test_in_a_frame_a_form_must_say_where_it_comes_from(client: httpx.AsyncClient, services: Services) -> None:
    settle(services, embed_origins=(SITE,))
    sent = {"text": "hoi", "lang": "nl"}
    for origin in (None, "null", SITE):
        headers = {"origin": origin} if origin else {}
        assert (await client.post("/frame/chat", data=sent, headers=headers)).status_code == 403, origin
    assert (await client.post("/frame/chat", data=sent, headers={"origin": "http://chat.test"})).status_code == 303


class TestOverHttps:
    """With `secure_cookies`, as behind a proxy that gives HTTPS."""

    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"secure_cookies": True})

    async def test_the_cookie_goes_along_in_the_frame_and_is_kept_apart_for_that_site(self, client: httpx.AsyncClient) -> None:
        own = {"origin": "http://chat.test"}
        framed = await client.post("/frame/chat", data={"text": "hoi", "lang": "nl"}, headers=own)
        parts = {part.strip().lower() for part in framed.headers["set-cookie"].split(";")}
        assert {"httponly", "secure", "samesite=none", "partitioned"} <= parts
        assert framed.headers["set-cookie"].startswith("chat-frame=")
        gone = await client.post("/frame/chat/forget", headers=own | {"cookie": framed.headers["set-cookie"].split(";")[0]})
        assert "partitioned" in gone.headers["set-cookie"].lower(), "else a browser would keep it"
        plain = await client.post("/chat", data={"text": "hoi", "lang": "nl"})
        assert "samesite=lax" in plain.headers["set-cookie"].lower()
        assert "partitioned" not in plain.headers["set-cookie"].lower()


async def test_over_http_the_frame_s_cookie_is_for_the_same_site_only(client: httpx.AsyncClient) -> None:
    sent = await client.post("/frame/chat", data={"text": "hoi", "lang": "nl"}, headers={"origin": "http://chat.test"})
    assert "samesite=lax" in sent.headers["set-cookie"].lower()
    assert "partitioned" not in sent.headers["set-cookie"].lower()


async def test_the_script_for_other_sites_has_words_and_colours(client: httpx.AsyncClient, services: Services) -> None:
    settle(services, theme=COLOURS)
    town = services.towns.first.id
    found = await client.get(f"/{town}/embed.js")
    told = json.loads(found.text.split("const KAART = ")[1].split(";\n")[0])
    assert set(told["words"]) == {"nl", "en", "ar", "ti", "uk"}
    assert {code for code, words in told["words"].items() if words["dir"] == "rtl"} == {"ar"}
    assert (told["base"], told["look"]["primary"]) == (f"/{town}", "#7a1f5c")
    assert found.headers["cross-origin-resource-policy"] == "cross-origin"
