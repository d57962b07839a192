"""Words by which the cleaning knows where a name begins and ends, and the commonest names of those who ask."""

from __future__ import annotations

BEFORE_A_NAME = (
    r"mijn\s+(?:voor|achter)?naam\s+is", r"(?:voor|achter)naam\s*:?", r"naam\s*:", r"ik\s+heet", r"(?:hij|zij|ze)\s+heet",
    r"heet", r"heten", r"genaamd",
    r"(?:met\s+)?vriendelijke\s+groet(?:en)?", r"groet(?:en|jes)?", r"mevrouw", r"mevr\.?", r"meneer",
    r"dhr\.?", r"de\s+heer",
    r"my\s+(?:first\s+|last\s+|full\s+)?name(?:\s+is|'s|’s)", r"name\s*:", r"(?:i\s+am|i'm|i’m|is|was|he's|she's)\s+called",
    r"(?:his|her)\s+name\s+is", r"named", r"mrs?\.?", r"ms\.?", r"miss", r"(?:kind\s+|best\s+)?regards",
    r"(?:و)?(?:أنا\s+|انا\s+)?[اإ]سمي(?:\s+هو)?", r"(?:و)?[اإ]سم(?:ه|ها|و|ك)",
    r"[اإ]سم\s+(?:زوجي|زوجتي|ابني|ابنتي|بنتي|والدي|والدتي|ابي|امي)",
    r"(?:ي|ت|أ|ا)دعى", r"السيدة?", r"الاسم\s*:?",
    r"(?:እቲ\s+)?(?:ስ|ሽ)መይ", r"(?:ስ|ሽ)ም(?:ካ|ኪ|ኩም|ና|ይ)", r"(?:ስ|ሽ)ሙ", r"(?:ስ|ሽ)ማ",
    r"(?:ስ|ሽ)ም\s+(?:ወደይ|ጓለይ|ሰብኣየይ|ሰበይተይ|ኣቦይ|ኣደይ)", r"ኣቶ",
    r"ወይዘሮ", r"ወ/ሮ",
    r"мене\s+зв(?:ати|уть)", r"(?:його|її|їх)\s+зв(?:ати|уть)", r"зв(?:ати|уть)", r"мо[єе]\s+(?:повне\s+)?(?:ім['’ʼ]я|прізвище)",
    r"на\s+ім['’ʼ]я", r"прізвище\s*:?", r"ім['’ʼ]я\s*:", r"пані?", r"меня\s+зовут", r"з\s+повагою",
)  # fmt: skip
"""What says that the next words are a name, as regular expressions."""
AFTER_A_NAME = ("እበሃል", "ይበሃል", "ትበሃል", "ይበሃሉ", "ተባሂለ")
"""Tigrinya says 'is called' after the name."""
_AFTER_NAMES = """
en ik uit kom kan wil heb ben zoek woon maar hoe waar wat wie wanneer met voor mijn is hij zij ze wij we heeft moet mag
zou of als dat die dit de het een en/of nog nu al in op bij naar om te over and i from am want wants need needs have has
how where what who when but can could my he she they we must may would or if that this the a an still now in on at to
for about live lives my your our their it you your أنا انا من عندي لدي عمري أريد اريد أبحث ابحث أسكن اسكن في هل كيف أين
اين ماذا ما متى مع على الى إلى هو هي كم لكن أن ان هذا እየ እዩ እያ ካብ ኣብ ዕድመይ ኣለኒ ኣሎኒ ክረክብ ክሓትት ክፈልጥ እደሊ ይደሊ ናይ ምስ ኣነ ከመይ
ኣበይ እንታይ መዓስ ንምንታይ ግን ን і й та я з із мені маю має хочу хоче потрібно треба як де що хто коли але мій моя моє він вона
ми живу шукаю чи це в у на до
"""
AFTER_NAMES = frozenset(_AFTER_NAMES.split())
"""Words that are no part of a name: what follows is the question."""
PARTICLES = "van|von|der|den|de|ter|ten|el|al|bin|ben|ibn|abu|от"
"""Words inside a name of more than one word."""
JOINED = "وبلفكنንብ"
"""Letters that Arabic and Tigrinya write at the front of a name: and, by, to ..."""
_NAMES = """
mohammed mohamed muhammad mohammad ahmed ahmad mahmoud mustafa youssef yusuf yousef ibrahim khaled khalid hassan hussein
abdullah abdul fatima fatma aisha amina khadija maryam mariam zahra layla leila noor nour samira rania omar osman tariq
bilal yonas jonas samuel daniel filmon tesfay tesfaye tekle haile gebre berhane mehari kidane selamawit luwam rahwa
helen feven senait abeba mulugeta girmay kibrom natnael oleksandr olena olga olha iryna irina natalia nataliia svitlana
tetiana oksana yulia yuliia maria mykola volodymyr serhii sergii andrii dmytro ivan kateryna viktoriia liudmyla nadiia
vasyl bohdan taras محمد أحمد احمد محمود مصطفى يوسف إبراهيم ابراهيم خالد حسين عبدالله عثمان طارق بلال فاطمة عائشة خديجة
مريم زهراء ليلى سميرة رانيا ዮናስ ሳሙኤል ዳኒኤል ፊልሞን ተስፋይ ሃይለ በርሀ መሓሪ ኪዳነ ሰላማዊት ልዋም ራህዋ ሄለን ፌቨን ሰናይት ኣበባ ሙሉጌታ ግርማይ ክብሮም ናትናኤል
ሚካኤል መሓመድ ኣሕመድ олександр олена ольга ірина наталія світлана тетяна оксана юлія марія микола володимир сергій андрій
дмитро іван катерина вікторія людмила надія василь богдан тарас
"""
NAMES = frozenset(_NAMES.split())
"""Common given names; names that are also plain words stand among them only when a question seldom needs the word."""
STREET_ENDS = (
    "straat|straatje|str\\.|laan|weg|plein|kade|singel|dreef|hof|pad|gracht|plantsoen|steeg|dijk|park|markt|baan|wal|ring"
)
