"""The one table of languages: the five that are offered, and those that newcomers also write in and that we only recognise."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Final, Literal

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
    Language("om", "Afaan Oromoo", "Oromo", "Latin", names=("oromo", "afaan oromo", "oromiffa", "أورومو", "оромо", "ኦሮምኛ")),
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
