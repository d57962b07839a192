"""Text to HTML: escaped, with numbers to call and Dutch names that keep their direction."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape

from api.markup import cited, isolated


@pytest.mark.parametrize(
    ("number", "address"),
    [
        ("112", "112"),
        ("113", "113"),
        ("0800-0113", "08000113"),
        ("0800-2000", "08002000"),
        ("024 - 329 9111", "0243299111"),
        ("+31 24 329 91 11", "+31243299111"),
        ("14 024", "14024"),
    ],
)
def test_a_phone_number_can_be_tapped(number: str, address: str) -> None:
    assert isolated(f"Bel {number}.", "nl") == f'Bel <a href="tel:{address}" dir="ltr"><bdi>{number}</bdi></a>.'


@pytest.mark.parametrize("text", ["€ 112", "112,50 euro", "2025-2028", "versie 1.113", "123456782", "112.nl", "113%"])
def test_other_numbers_are_no_phone_numbers(text: str) -> None:
    assert "tel:" not in isolated(text, "nl")


def test_addresses_become_links_without_the_full_stop() -> None:
    html = isolated("Zie https://www.113.nl/hulp. Of schrijf info@stip.nl.", "nl")
    assert '<a href="https://www.113.nl/hulp"' in html
    assert '<a href="mailto:info@stip.nl"' in html
    assert html.endswith("</a>.")


def test_dutch_names_are_isolated_where_the_script_is_another() -> None:
    assert isolated("دروس السباحة (zwemlessen) في Nijmegen.", "ar") == (
        'دروس السباحة (<bdi lang="nl">zwemlessen</bdi>) في <bdi lang="nl">Nijmegen</bdi>.'
    )
    assert "<bdi" not in isolated("Zwemles in Nijmegen", "nl")


def test_a_number_beside_a_name_can_still_be_tapped() -> None:
    assert 'href="tel:08002000"' in isolated("اتصلوا بـ Veilig Thuis: 0800-2000", "ar")
    assert 'href="mailto:info@stip.nl"' in isolated("اكتبوا إلى Stip info@stip.nl", "ar")


def test_markup_in_a_text_is_shown_as_text() -> None:
    html = isolated('<script>alert("1")</script> https://x.nl/"><b>', "ar")
    assert "<script" not in html
    assert "<b>" not in html


@given(st.text(max_size=80), st.sampled_from(["nl", "ar", "ti", None]))
def test_no_letter_is_lost_or_added(text: str, language: str | None) -> None:
    assert isolated(text, language).striptags() == " ".join(text.split())


def test_the_title_of_a_source_stays_whole_and_no_number_in_it_can_be_called() -> None:
    title = "Evaluatie 'Status en dan..?', 112 (2018)"
    assert (
        cited(f"المصدر: {title}", "ar").replace('<bdi dir="ltr">112</bdi>', "112")
        == f'المصدر: <bdi lang="nl">{escape(title)}</bdi>'
    )
    assert "tel:" not in cited(f"Bron: {title}", "nl")
    assert 'href="https://a.nl/"' in cited("Bron: https://a.nl/", "nl")


@given(st.text(max_size=80), st.sampled_from(["nl", "ar", "ti"]))
def test_a_source_loses_no_letter(text: str, language: str) -> None:
    assert cited(text, language).striptags() == " ".join(text.split())
