"""Names inside links and names with a bracket: no link in a link, and brackets that do not turn around."""

from __future__ import annotations

from api.markup import isolated


def test_there_is_no_link_inside_a_link() -> None:
    assert "<a " not in isolated("Bel 112 of https://www.112.nl, ook via info@stip.nl", "nl", False)
    assert isolated("Alarmnummer 112", "nl", False) == 'Alarmnummer <bdi dir="ltr">112</bdi>'


def test_a_bracket_inside_a_name_is_closed_inside_it() -> None:
    assert isolated("عبر Entree (woonruimte).", "ar") == 'عبر <bdi lang="nl">Entree (woonruimte)</bdi>.'
    assert isolated("(Entree)", "ar") == '(<bdi lang="nl">Entree</bdi>)'
