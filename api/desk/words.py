"""Every Dutch sentence of the desk that is chosen in code; fixed ones stand in the templates."""

from __future__ import annotations

from api.conversation.model import Conversation, Reason, State, Step
from api.desk.account_words import DONE as ACCOUNT_DONE
from api.desk.account_words import ERRORS as ACCOUNT_ERRORS
from api.desk.history import Happening
from api.errors import ApiError
from sociale_kaart.phrasebook import FieldKind, PhraseGroup
from sociale_kaart.schema import Facet, ResidenceStatus, Theme

DESK_LANGUAGE = "nl"
ERRORS = ACCOUNT_ERRORS | {
    "error": "Er ging iets fout. Probeer het opnieuw.",
    "message_too_long": "Je antwoord is te lang: het mag niet meer dan {limit} tekens hebben. Je tekst staat er nog.",
    "message_empty": "Je antwoord is leeg. Schrijf eerst een antwoord.",
    "not_offered": "Dit kan hier niet.",
    "too_many_requests": "Te vaak geprobeerd. Wacht een kwartier en probeer het dan opnieuw.",
    "not_found": "Dit is er niet (meer). Was het een gesprek? Dan heeft de nieuwkomer het misschien laten verwijderen.",
    "not_allowed": "Dit hoort niet bij jouw rol. Heb je het wel nodig? Vraag een beheerder van de balie.",
    "not_logged_in": "Je bent niet (meer) ingelogd. Log opnieuw in.",
    "already_taken": "Iemand anders was net eerder. Kijk hieronder hoe het nu staat.",
    "invitation_not_valid": "Deze link werkt niet (meer). Een link werkt één keer en één uur lang. Vraag een nieuwe.",
    "login_not_valid": "Kies een inlognaam van 2 tot 80 tekens: letters, cijfers, punt, streepje of @.",
    "name_not_valid": "Vul je naam in, in ten hoogste 80 tekens. Nieuwkomers zien deze naam.",
    "password_too_short": "Dit wachtwoord is te kort. Gebruik ten minste {limit} tekens, bijvoorbeeld vier losse woorden.",
    "password_too_long": "Dit wachtwoord is te lang. Gebruik ten hoogste {limit} tekens.",
    "password_common": "Dit wachtwoord is makkelijk te raden. Kies iets anders, bijvoorbeeld vier losse woorden.",
    "login_taken": "Deze inlognaam is al in gebruik. Kies een andere.",
    "wrong_login": "De inlognaam of het wachtwoord klopt niet.",
    "form_not_trusted": "Dit formulier is verlopen. Ga terug, vernieuw de pagina en probeer het opnieuw.",
    "form_not_valid": "Wat je invulde past niet. Ga terug en maak het korter.",
    "held_by_other": "Dit gesprek is al overgenomen door {name}. Alleen {name} kan nu antwoorden.",
    "not_held": "Niemand heeft dit gesprek nu. Neem het eerst over als het in de wachtrij staat.",
    "entry_missing": "Dit onderwerp staat niet in de kaart.",
    "entry_shared": "Dit onderwerp is landelijk: het wordt niet hier bewerkt.",
    "entry_exists": "Dit kenmerk bestaat al. Kies een ander kenmerk.",
    "entry_changed": "Iemand anders heeft dit onderwerp net veranderd.",
    "settings_changed": "Iemand anders heeft dit net veranderd. Open deze pagina opnieuw en kijk hoe het nu staat.",
    "nothing_changed": "Je hebt niets veranderd. Er is niets gepubliceerd.",
    "kaart_refused": "Dit past niet in de kaart. Er is niets veranderd.",
    "gate_refused": "Niet gepubliceerd: vragen die nu goed gaan, zouden dan fout gaan.",
    "nothing_to_undo": "Deze publicatie is er niet, of er is niets om terug te zetten.",
    "changed_since": "Niet gedaan: dit is daarna nog veranderd ({files}). Zet eerst het latere terug.",
    "not_written": "Het opslaan is niet gelukt. Er is niets veranderd. Probeer het opnieuw of bel de beheerder.",
    "window_closed": "Niet verstuurd: de nieuwkomer schreef langer dan 24 uur geleden. Eigen woorden komen dan niet aan.",
    "opted_out": "Niet verstuurd: de nieuwkomer wil geen berichten meer.",
    "no_template": "Er is geen goedgekeurde vaste tekst voor WhatsApp ingesteld. Vraag de beheerder.",
    "media_away": "Dit is bij WhatsApp niet (meer) te openen. Vraag de nieuwkomer om het opnieuw te sturen.",
    "text_changed": "Deze tekst of de Nederlandse tekst is net veranderd. Lees opnieuw wat er nu staat, en onderteken dan.",
    "not_signed": "Vul de naam in van wie de tekst las (ten hoogste 80 tekens), en een dag die niet in de toekomst ligt.",
    "group_gone": "Deze groep vragen is er niet (meer). Misschien zijn er te weinig mensen van over.",
    "reason_missing": "Kies waarom je het gesprek sluit.",
    "no_colleague": "Kies een collega van deze balie.",
    "note_not_valid": "Schrijf een notitie van ten hoogste {limit} tekens.",
    "phrase_not_valid": "Deze zin kan zo niet worden verstuurd. Vul in wat erin moet staan.",
    "not_translated": "Er is geen computervertaling: {why} Er is niets verstuurd.",
    "translation_changed": "De vertaling is intussen anders. Lees opnieuw wat er nu staat, en verstuur dan.",
    "nothing_noted": "Schrijf op wat er niet goed is, in ten hoogste 500 tekens.",
}
DONE = ACCOUNT_DONE | {
    "claim": "Je hebt dit gesprek overgenomen. De nieuwkomer weet dat jij nu antwoordt.",
    "reply": "Je antwoord is verstuurd.",
    "hand_back": "Het gesprek is teruggegeven aan de chatbot.",
    "close": "Het gesprek is gesloten.",
    "template": "De nieuwkomer krijgt bericht dat er een antwoord is. Wacht tot de nieuwkomer terugschrijft.",
    "release": "Het gesprek staat weer in de wachtrij. De nieuwkomer weet dat.",
    "transfer": "Het gesprek is overgedragen. De nieuwkomer weet wie nu antwoordt.",
    "hours": "De openingstijden zijn gepubliceerd.",
    "note": "De notitie is bewaard.",
    "note_gone": "De notitie is verwijderd.",
    "phrase": "De zin is verstuurd.",
    "entry": "Het onderwerp is als antwoord verstuurd.",
    "account": "Je account is gemaakt en je bent ingelogd.",
    "log_out": "Je bent uitgelogd.",
}
REASONS = {
    Reason.ASKED: "Vraagt om een mens",
    Reason.NO_ANSWER: "Geen antwoord in de sociale kaart",
    Reason.FAILURES: "Twee keer niet begrepen",
    Reason.DANGER: "Bericht over gevaar",
    Reason.SENT: "Stuurde een spraakbericht, foto of document",
}
STEPS = {
    Step.ASK_PERSON: "In de wachtrij",
    Step.CLAIM: "Overgenomen",
    Step.HAND_BACK: "Teruggegeven aan de chatbot",
    Step.CLOSE: "Gesloten",
    Step.REOPEN: "Nieuwkomer schreef weer: gesprek heropend",
    Step.RELEASE: "Terug in de wachtrij",
    Step.TRANSFER: "Overgedragen",
}
CLOSINGS = {
    "answered": "De vraag is beantwoord",
    "referred": "Doorverwezen naar een andere organisatie",
    "appointment": "Er is een afspraak gemaakt",
    "silent": "De nieuwkomer reageert niet meer",
    "not_ours": "Geen vraag voor deze balie",
    "other": "Iets anders",
}
"""Why a conversation is closed. A fixed list: nothing about the newcomer is written here."""
NO_TRANSLATION = {
    "never": "Voor {language} bestaat hier geen vertaalmodel. Gebruik de vaste zinnen of een tolk.",
    "missing": "Voor {language} is geen vertaalmodel geïnstalleerd. Gebruik de vaste zinnen of een tolk.",
    "failed": "De computer kon dit niet goed vertalen.",
    "danger": "Teksten over gevaar vertaalt geen computer. Gebruik een vaste zin of bel een tolk.",
    "needless": "De nieuwkomer leest Nederlands.",
}
"""Why there is no machine translation."""
HOURS_NOW = {
    "open": "De balie is nu open, tot {time}.",
    "closed": "De balie is nu dicht. Gaat open op {day} om {time}.",
    "never": "De balie is dicht. Het hele komende jaar staat er geen openingstijd.",
    "unknown": "De openingstijden zijn niet bekend. Nieuwkomers lezen dat we niet kunnen zeggen wanneer er iemand antwoordt.",
}
PHRASE_GROUPS = {
    PhraseGroup.GREETING: "Begroeten",
    PhraseGroup.WAITING: "Wachten",
    PhraseGroup.ASKING: "Vragen",
    PhraseGroup.PAPERS: "Brieven en papieren",
    PhraseGroup.APPOINTMENT: "Afspraken",
    PhraseGroup.HELP: "Helpen",
    PhraseGroup.LIMITS: "Wat niet kan",
    PhraseGroup.GOODBYE: "Afronden",
    PhraseGroup.COUNTER: "Aan het loket",
}
PHRASE_FIELDS = {
    FieldKind.PHONE: "Telefoonnummer",
    FieldKind.DATE: "Dag",
    FieldKind.TIME: "Tijd",
    FieldKind.TEXT: "In het Nederlands, zoals op de deur of de brief",
}
FEEDBACK = {"good": "Nieuwkomer: ‘Dit helpt’", "bad": "Nieuwkomer: ‘Dit helpt niet’"}
DANGERS = {
    "emergency": "direct gevaar (112)",
    "suicide": "suïcide (113)",
    "violence": "geweld (Veilig Thuis)",
    "child": "een kind in gevaar (Veilig Thuis)",
}
STATES = {
    State.BOT: "Bij de chatbot",
    State.WAITING: "Wacht op een medewerker",
    State.HUMAN: "Bij {name}",
    State.CLOSED: "Gesloten",
}
THEMES = {
    Theme.HOUSING: "Wonen",
    Theme.CHILDREN: "Kinderen en opvoeding",
    Theme.MONEY: "Geld",
    Theme.SOCIAL_NETWORK: "Sociaal netwerk",
    Theme.PARTICIPATION: "Meedoen",
    Theme.HEALTH: "Gezondheid",
    Theme.HOME_RELATIONS: "Thuis en relaties",
    Theme.RESIDENCE: "Verblijf",
    Theme.EMERGENCY: "Nood",
}
STATUSES = {
    ResidenceStatus.STATUS_HOLDER: "Statushouder",
    ResidenceStatus.FAMILY_MIGRANT: "Gezinsmigrant",
    ResidenceStatus.DISPLACED_UKRAINE: "Ontheemde uit Oekraïne",
    ResidenceStatus.ASYLUM_SEEKER: "Asielzoeker",
    ResidenceStatus.UNDOCUMENTED: "Zonder verblijfspapieren",
}
FACETS = {
    Facet.WHERE: "Waar",
    Facet.WHEN: "Wanneer",
    Facet.COST: "Wat kost het",
    Facet.FOR_WHOM: "Voor wie",
    Facet.WOMEN: "Voor vrouwen",
    Facet.BRING: "Wat meenemen",
    Facet.CONTACT: "Contact, in woorden",
}
LANGUAGES = {
    "nl": "Nederlands", "en": "Engels", "ar": "Arabisch", "ti": "Tigrinya", "uk": "Oekraïens", "am": "Amhaars", "fa": "Perzisch",
    "ps": "Pasjtoe", "ckb": "Koerdisch (Sorani)", "kmr": "Koerdisch (Kurmanji)", "ur": "Urdu", "ru": "Russisch", "tr": "Turks",
    "fr": "Frans", "de": "Duits", "es": "Spaans", "pl": "Pools", "so": "Somalisch", "it": "Italiaans", "pt": "Portugees",
    "bg": "Bulgaars", "om": "Oromo",
}  # fmt: skip
"""Dutch names of the languages that are recognised."""


def sentence(error: ApiError) -> str:
    """What staff read about an error."""
    return ERRORS.get(error.code, ERRORS["error"]).format(**error.values)


def state_in_words(conversation: Conversation) -> str:
    """Who has the conversation now."""
    return STATES[conversation.state].format(name=conversation.staff_name or "een collega")


def happening_in_words(happening: Happening) -> str:
    """One line of the history, with who and why."""
    if happening.step == "feedback":
        return FEEDBACK.get(happening.detail or "", "Nieuwkomer gaf feedback")
    if happening.step == "danger":
        return f"Bericht over {DANGERS.get(happening.detail or '', 'gevaar')}: de vaste tekst met nummers is gestuurd"
    words = STEPS.get(Step(happening.step), happening.step) if happening.step in set(Step) else happening.step
    if happening.detail in set(Reason):
        words += f": {REASONS[Reason(happening.detail)].lower()}"
    if happening.detail in CLOSINGS:
        return f"{words} door {happening.staff_name or 'de balie'}: {CLOSINGS[happening.detail].lower()}"
    if happening.holder_name:
        words = "Van een collega overgenomen" if happening.taken else f"Aan {happening.holder_name} overgedragen"
    if happening.staff_name:
        return f"{words} door {happening.staff_name}"
    return f"{words} door de nieuwkomer" if happening.step == Step.HAND_BACK else words


def duration(minutes: int) -> str:
    """How long someone waits. `desk.js` writes the same words while a page stays open."""
    if minutes < 1:
        return "nu"
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 24 * 60:
        return f"{minutes // 60} u {minutes % 60} min"
    return f"{minutes // (24 * 60)} d {minutes % (24 * 60) // 60} u"
