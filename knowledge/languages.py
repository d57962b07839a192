"""The one table of languages: the five that are offered, and those that newcomers also write in and that we only recognise."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from types import MappingProxyType
from typing import Final, Literal

from knowledge.text import words

Direction = Literal["ltr", "rtl"]


@dataclass(frozen=True)
class Language:
    """One language. `names`: what people type to ask for it, in any language, beside its own and its
    English name. `greetings`: what someone who writes it says first; normalised when compared."""

    code: str
    own_name: str
    english_name: str
    script: str
    direction: Direction = "ltr"
    offered: bool = False
    greetings: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


_OFFERED: Final = (
    Language(
        "nl",
        "Nederlands",
        "Dutch",
        "Latin",
        offered=True,
        greetings=("hallo", "hoi", "dag", "goedemorgen", "goedemiddag", "goedenavond"),
        names=(
            "hollands",
            "niederländisch",
            "néerlandais",
            "هولندي",
            "الهولندية",
            "هولندية",
            "голландська",
            "голландською",
            "нідерландська",
            "нідерландською",
            "голландский",
            "нидерландский",
            "ሆላንድ",
            "ደች",
            "ዳች",
            "nederlandse",
            "holland",
        ),
    ),
    Language(
        "en",
        "English",
        "English",
        "Latin",
        offered=True,
        greetings=("hello", "hi", "hey", "good morning", "good evening"),
        names=(
            "engels",
            "engelse",
            "inglish",
            "englisch",
            "anglais",
            "ingles",
            "انجليزي",
            "الإنجليزية",
            "انكليزي",
            "إنجليزية",
            "انكليزية",
            "англійська",
            "англійською",
            "английский",
            "እንግሊዝ",
            "እንግሊዝኛ",
            "ኢንግሊሽ",
            "ingilizce",
        ),
    ),
    Language(
        "ar",
        "العربية",
        "Arabic",
        "Arabic",
        "rtl",
        offered=True,
        greetings=("مرحبا", "سلام", "السلام عليكم", "اهلا", "marhaba", "mar7aba"),
        names=(
            "arabisch",
            "arabische",
            "arabi",
            "3arabi",
            "arabic",
            "عربي",
            "عربية",
            "عربى",
            "بالعربي",
            "арабська",
            "арабською",
            "арабский",
            "ዓረብ",
            "ዓረብኛ",
            "ዓረብኛ",
            "ዓረብያ",
            "arabe",
            "arapça",
        ),
    ),
    Language(
        "ti",
        "ትግርኛ",
        "Tigrinya",
        "Ethiopic",
        offered=True,
        greetings=("ሰላም", "selam", "ከመይ ኣለኹም", "ከመይ"),
        names=(
            "tigrinja",
            "tigrigna",
            "tigrina",
            "tigrinia",
            "tigrynia",
            "tigrinha",
            "eritrees",
            "eritrean",
            "تجرينية",
            "تغرينية",
            "التغرينية",
            "تيغرينيا",
            "التيغرينية",
            "تيجرينيا",
            "тигринья",
            "тигрінья",
            "тигринією",
            "ትግሪኛ",
            "ትግርና",
            "habesha",
        ),
    ),
    Language(
        "uk",
        "Українська",
        "Ukrainian",
        "Cyrillic",
        offered=True,
        greetings=("вітаю", "привіт", "добрий день", "доброго дня"),
        names=(
            "oekraïens",
            "oekrains",
            "oekraiens",
            "oekraïense",
            "ukrainisch",
            "ukrainska",
            "ukrayinska",
            "اوكراني",
            "الأوكرانية",
            "أوكرانية",
            "українською",
            "украинский",
            "украинська",
            "по українськи",
            "ዩክሬን",
            "ዩክሬንኛ",
            "ዩክራይንኛ",
        ),
    ),
)

_KNOWN: Final = (
    Language(
        "am",
        "አማርኛ",
        "Amharic",
        "Ethiopic",
        names=("amhaars", "amhaarse", "amharisch", "amarinya", "امهرية", "الأمهرية", "амхарська", "ኣምሓርኛ", "ኣምሓሪኛ"),
    ),
    Language(
        "fa",
        "فارسی",
        "Persian",
        "Arabic",
        "rtl",
        names=("farsi", "perzisch", "dari", "دری", "iraans", "فارسي", "الفارسية", "перська", "фарсі", "ፋርሲ"),
    ),
    Language("ps", "پښتو", "Pashto", "Arabic", "rtl", names=("pasjtoe", "pashtu", "pasjto", "بشتو", "البشتوية", "пушту")),
    Language(
        "ckb",
        "کوردی",
        "Kurdish (Sorani)",
        "Arabic",
        "rtl",
        names=("sorani", "koerdisch", "kurdish", "soranî", "كردي", "الكردية", "كوردي", "курдська"),
    ),
    Language("kmr", "Kurmancî", "Kurdish (Kurmanji)", "Latin", names=("kurmanji", "kurmanci", "kurdî", "kurdi", "kirmanji")),
    Language("ur", "اردو", "Urdu", "Arabic", "rtl", names=("oerdoe", "الأوردية", "урду")),
    Language(
        "ru",
        "Русский",
        "Russian",
        "Cyrillic",
        names=("russisch", "russische", "روسي", "الروسية", "російська", "російською", "по русски", "russki", "ሩስያ"),
    ),
    Language(
        "tr", "Türkçe", "Turkish", "Latin", names=("turks", "turkse", "turkce", "تركي", "التركية", "турецька", "турецкий", "ቱርኪ")
    ),
    Language(
        "fr", "Français", "French", "Latin", names=("frans", "franse", "فرنسي", "الفرنسية", "французька", "французский", "ፈረንሳይኛ")
    ),
    Language(
        "de", "Deutsch", "German", "Latin", names=("duits", "duitse", "الماني", "الألمانية", "німецька", "немецкий", "ጀርመን")
    ),
    Language("es", "Español", "Spanish", "Latin", names=("spaans", "spaanse", "اسباني", "الإسبانية", "іспанська", "испанский")),
    Language("pl", "Polski", "Polish", "Latin", names=("pools", "poolse", "بولندي", "البولندية", "польська", "польский")),
    Language(
        "so",
        "Soomaali",
        "Somali",
        "Latin",
        names=("somalisch", "somalische", "af soomaali", "soomaaliga", "صومالي", "الصومالية", "сомалійська", "ሶማል"),
    ),
    Language(
        "it",
        "Italiano",
        "Italian",
        "Latin",
        names=("italiaans", "italiaanse", "ايطالي", "الإيطالية", "італійська", "итальянский", "ጣልያን"),
    ),
    Language(
        "pt", "Português", "Portuguese", "Latin", names=("portugees", "portugese", "برتغالي", "البرتغالية", "португальська")
    ),
    Language("bg", "Български", "Bulgarian", "Cyrillic", names=("bulgaars", "بلغاري", "болгарська")),
    Language(
        "om", "Afaan Oromoo", "Oromo", "Latin", names=("oromo", "afaan oromo", "oromiffa", "أورومو", "оромо", "ኦሮምኛ", "ኦሮምኛ")
    ),
)

LANGUAGES: Final = MappingProxyType({item.code: item for item in _OFFERED + _KNOWN})
"""Every language by its code, the offered ones first and in the order in which they are shown."""


@cache
def offered() -> tuple[Language, ...]:
    """The languages in which everything is answered, in the order of the picker."""
    return tuple(item for item in LANGUAGES.values() if item.offered)


@cache
def offered_codes() -> tuple[str, ...]:
    """Their codes, in that order."""
    return tuple(item.code for item in offered())


def language(code: str) -> Language:
    """The language of a code. Raises KeyError for a code that is not in the table."""
    return LANGUAGES[code]


@cache
def _greetings() -> dict[str, str]:
    return {" ".join(words(text)): item.code for item in LANGUAGES.values() for text in item.greetings}


def greeted(text: str) -> str | None:
    """The code of the language in which a message is a greeting and nothing else, or None."""
    return _greetings().get(" ".join(words(text)))


@cache
def _names() -> dict[str, str]:
    names: dict[str, str] = {}
    for item in LANGUAGES.values():
        for name in (item.code, item.own_name, item.english_name, *item.names):
            names.setdefault(" ".join(words(name)), item.code)
    return names


_PREFIXES: Final = ("بال", "ال", "ብ", "ናብ", "ናይ")
_SHORT: Final = 3  # a code such as 'so' or 'it' is a name only when it stands alone


def _name_of(word: str) -> str | None:
    names = _names()
    if word in names:
        return names[word]
    stripped = (word.removeprefix(prefix) for prefix in _PREFIXES if word.startswith(prefix))
    return next((names[rest] for rest in stripped if rest in names and len(rest) > 2), None)


def name_to_code(text: str) -> str | None:
    """The code of the language that someone names ('arabisch', 'English please', 'ብትግርኛ'), or None.

    Alone, a name or a code is enough. Within a sentence only a name of more than three letters counts, and the first one wins.
    """
    typed = words(text)
    if (whole := _name_of(" ".join(typed))) is not None:
        return whole
    pairs = (f"{a} {b}" for a, b in pairwise(typed))
    candidates = (_name_of(name) for name in (*pairs, *typed) if len(name) > _SHORT)
    return next((code for code in candidates if code), None)
