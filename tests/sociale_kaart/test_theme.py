"""The colours of a municipality, the sites that may show its chat, and the entry of its desk."""

from __future__ import annotations

import pytest

from sociale_kaart.contrast import contrast
from sociale_kaart.errors import KaartInvalid

LIGHT, DARK = "#7a1f5c", "#f0b6dc"


def why(folder, line: str):
    folder.change("kaart.yaml", "sources:", f"{line}\nsources:")
    with pytest.raises(KaartInvalid) as caught:
        folder.load()
    (problem,) = caught.value.problems
    return f"{problem.field}: {problem.why}"


@pytest.mark.parametrize(
    ("first", "second", "expected"), [("#000000", "#ffffff", 21.0), ("#777777", "#ffffff", 4.48), ("#123456", "#123456", 1.0)]
)
def test_contrast_is_that_of_wcag(first: str, second: str, expected: float):
    assert contrast(first, second) == contrast(second, first) == pytest.approx(expected, abs=0.005)


def test_colours_that_can_be_read_are_taken(folder):
    folder.change("kaart.yaml", "sources:", f"theme: {{primary: '{LIGHT}', primary_dark: '{DARK}'}}\nsources:")
    theme = folder.load().municipality.theme
    assert theme
    assert (theme.primary, theme.on_primary, theme.on_primary_dark) == (LIGHT, "#ffffff", "#000000")


@pytest.mark.parametrize(
    ("colours", "expected"),
    [
        (f"primary: '#ffd700', primary_dark: '{DARK}'", "#ffd700 on the surface #ffffff has contrast 1.4, and needs 4.5"),
        (f"primary: '{LIGHT}', primary_dark: '{LIGHT}'", f"{LIGHT} on the page #10181b has contrast"),
        (f"primary: '{LIGHT}', on_primary: '#000000', primary_dark: '{DARK}'", f"#000000 on a button of {LIGHT} has contrast"),
        (f"primary: purple, primary_dark: '{DARK}'", "theme.primary"),
    ],
)
def test_colours_that_are_hard_to_read_are_refused_with_the_reason(folder, colours: str, expected: str):
    assert expected in why(folder, f"theme: {{{colours}}}")


@pytest.mark.parametrize(
    "origin", ["http://www.dorp.test", "https://www.dorp.test/", "*", "https://*.dorp.test", "www.dorp.test"]
)
def test_only_whole_sites_over_https_may_show_the_chat(folder, origin: str):
    assert why(folder, f"embed_origins: ['{origin}']").startswith("embed_origins.0: ")


def test_sites_are_named_by_scheme_and_host(folder):
    folder.change("kaart.yaml", "sources:", "embed_origins: ['https://www.dorp.test', 'http://localhost:8080']\nsources:")
    assert folder.load().municipality.embed_origins == ("https://www.dorp.test", "http://localhost:8080")


def test_the_desk_s_entry_exists(folder):
    folder.change("kaart.yaml", "desk:", "desk:\n  entry: kantoor")
    with pytest.raises(KaartInvalid) as caught:
        folder.load()
    assert [(problem.field, problem.why) for problem in caught.value.problems] == [
        ("desk.entry", "names kantoor, which is not in the kaart")
    ]
