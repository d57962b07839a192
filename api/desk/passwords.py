"""Which logins, names and passwords an account may have. Pure."""

from __future__ import annotations

import re

from api.desk.errors import LoginNotValid, NameNotValid, PasswordCommon, PasswordTooLong, PasswordTooShort

MIN_LENGTH = 12
MAX_LENGTH = 200
MAX_NAME = 80
LOGIN = re.compile(r"[a-z0-9][a-z0-9._@+-]{1,79}")
COMMON_WORDS = """
    password passwort wachtwoord welkom welcome geheim secret admin administrator login letmein default guest gast test
    qwerty qwertyuiop azerty asdfghjkl zxcvbnm abcdefghijkl iloveyou ikhouvanjou sunshine princess monkey dragon football voetbal
    balie chatbot kaart nijmegen gemeente nederland zomer winter lente herfst summer spring autumn
"""
"""What passwords that are guessed first are made of."""
MIN_DIFFERENT = 5


def clean_login(login: str) -> str:
    """The login as it is stored and looked up. LoginNotValid when it cannot be one."""
    cleaned = login.strip().lower()
    if not LOGIN.fullmatch(cleaned):
        raise LoginNotValid
    return cleaned


def clean_name(name: str) -> str:
    """The name newcomers see, on one line. NameNotValid when it is empty, too long or holds invisible characters."""
    cleaned = " ".join(name.split())
    if not cleaned or len(cleaned) > MAX_NAME or not cleaned.isprintable():
        raise NameNotValid
    return cleaned


def check_password(password: str, *personal: str) -> None:
    """Refuse a password that is quickly guessed; `personal` are the login and the name.

    Raises:
        PasswordTooShort, PasswordTooLong, PasswordCommon
    """
    if len(password) < MIN_LENGTH:
        raise PasswordTooShort(limit=MIN_LENGTH)
    if len(password) > MAX_LENGTH:
        raise PasswordTooLong(limit=MAX_LENGTH)
    if len(set(password)) < MIN_DIFFERENT or _is_guessable(password, personal):
        raise PasswordCommon


def _is_guessable(password: str, personal: tuple[str, ...]) -> bool:
    """Whether nothing is left but well-known words, one's own name, digits and punctuation."""
    words = [*COMMON_WORDS.split(), *(part for text in personal for part in re.split(r"[\W\d_]+", text.lower()) if len(part) > 2)]
    letters = re.sub(r"[\W\d_]+", "", password.lower())
    longest_first = sorted(set(words), key=len, reverse=True)
    return re.fullmatch(f"(?:{'|'.join(map(re.escape, longest_first))})*", letters) is not None
