"""The Dutch of accounts: roles, what stands in the audit log, what went wrong and what was done."""

from __future__ import annotations

from api.desk.audit.deeds import Kind
from api.desk.roles import Role

ROLES = {Role.DESK: "Balie", Role.EDITOR: "Redactie", Role.REVIEWER: "Nakijken", Role.ADMIN: "Beheer"}
ROLES_EXPLAINED = {
    Role.DESK: "Gesprekken lezen, overnemen en beantwoorden.",
    Role.EDITOR: "De sociale kaart aanpassen en actueel houden, meldingen afhandelen.",
    Role.REVIEWER: "Vertalingen nakijken en ondertekenen.",
    Role.ADMIN: "Collega’s uitnodigen, rollen geven, sessies beëindigen, het logboek lezen. Leest geen gesprekken.",
}
KINDS = {
    Kind.LOGIN: "Ingelogd",
    Kind.LOGIN_FAILED: "Inloggen mislukt: verkeerd wachtwoord",
    Kind.CODE_FAILED: "Inloggen mislukt: verkeerde code",
    Kind.RECOVERY_USED: "Herstelcode gebruikt",
    Kind.LOGOUT: "Uitgelogd",
    Kind.SESSION_ENDED: "Sessie beëindigd",
    Kind.SESSIONS_ENDED: "Sessies beëindigd",
    Kind.ACCOUNT_MADE: "Account gemaakt",
    Kind.PASSWORD_CHANGED: "Wachtwoord veranderd",
    Kind.SECOND_STEP_ON: "Tweede stap ingesteld",
    Kind.SECOND_STEP_OFF: "Tweede stap uitgezet",
    Kind.SECOND_STEP_RESET: "Tweede stap weggehaald",
    Kind.RECOVERY_RENEWED: "Nieuwe herstelcodes gemaakt",
    Kind.INVITED: "Uitnodiging gemaakt",
    Kind.LINK_MADE: "Link voor een nieuw wachtwoord gemaakt",
    Kind.ROLES_CHANGED: "Rollen veranderd",
    Kind.DEACTIVATED: "Account gesloten",
    Kind.REACTIVATED: "Account weer geopend",
    Kind.READ: "Gesprek gelezen",
    Kind.CLAIM: "Gesprek overgenomen",
    Kind.REPLY: "Antwoord gestuurd",
    Kind.HAND_BACK: "Gesprek teruggegeven aan de chatbot",
    Kind.CLOSE: "Gesprek gesloten",
    Kind.TEMPLATE: "Bericht via WhatsApp dat er een antwoord is",
    Kind.RELEASE: "Teruggezet in de wachtrij",
    Kind.TRANSFER: "Overgedragen aan een collega",
    Kind.NOTED: "Notitie geschreven",
    Kind.NOTE_GONE: "Notitie verwijderd",
    Kind.HOURS: "Openingstijden gepubliceerd",
    Kind.PUBLISHED: "Onderwerp gepubliceerd",
    Kind.RESTORED: "Onderwerp teruggezet",
    Kind.ENDED: "Onderwerp gestopt",
    Kind.STILL_TRUE: "Onderwerp bevestigd: klopt nog",
    Kind.REPORTS_HANDLED: "Meldingen afgehandeld",
    Kind.SIGNED: "Tekst ondertekend",
    Kind.DOUBTED: "Tekst niet goed gevonden",
    Kind.EXPORTED: "Logboek gedownload",
    Kind.PRUNED: "Oude regels verwijderd",
}
DONE = {
    "wachtwoord": "Je wachtwoord is veranderd. Je andere sessies zijn beëindigd.",
    "nieuw_wachtwoord": "Je wachtwoord is veranderd en je bent ingelogd.",
    "sessie": "De sessie is beëindigd.",
    "sessies": "De andere sessies zijn beëindigd.",
    "tweede_stap_uit": "De tweede stap is uitgezet.",
    "herstelcode": "Je bent ingelogd met een herstelcode. Die code werkt nu niet meer.",
    "rollen": "De rollen zijn veranderd. Wie een rol kwijt is, moet opnieuw inloggen.",
    "gesloten": "Het account is gesloten en de sessies zijn beëindigd.",
    "geopend": "Het account is weer open.",
    "tweede_stap_weg": "De tweede stap is weggehaald. Bij de volgende keer inloggen is alleen het wachtwoord nodig.",
    "alle_sessies": "De sessies zijn beëindigd.",
}
ERRORS = {
    "wrong_password": "Dit is niet je huidige wachtwoord.",
    "wrong_code": "Deze code klopt niet of is al gebruikt. Wacht op de volgende code in je app en probeer het dan.",
    "code_due": "Het duurde te lang, of de code was te vaak fout. Log opnieuw in.",
    "second_step_due": "Stel eerst de tweede stap in. Daarna kun je verder.",
    "second_step_needed": "De tweede stap is hier verplicht. Je kunt hem wel opnieuw instellen.",
    "no_role": "Kies ten minste één rol. Moet iemand niets meer kunnen? Sluit dan het account.",
    "last_manager": "Dit kan niet: er moet ten minste één beheerder met een open account blijven.",
}
WRONG_RECOVERY = "Deze herstelcode klopt niet of is al gebruikt."
COMMAND_LINE = "Opdrachtregel"


def device_in_words(device: str) -> str:
    """How a login is called in a list."""
    browser, _, machine = device.partition(", ")
    if machine:
        return f"{browser} op {machine}"
    return browser or "Onbekend apparaat"
