"""What can go wrong at the desk. The sentences staff read are in `words.py`, by code.

ApiError
├── InvitationNotValid  410  the link was used, is too old, or never was one
├── AccountRefused      422  something in the form for a new account
│   ├── LoginNotValid
│   ├── NameNotValid
│   ├── PasswordTooShort
│   ├── PasswordTooLong
│   ├── PasswordCommon
│   └── LoginTaken      409
├── WrongLogin          401  unknown login or wrong password: never said which
├── WrongPassword       422  not the password of who is logged in
├── WrongCode           422  a code of the second step that is wrong, too old, or was used before
├── CodeDue             401  the password was given too long ago, or too many wrong codes: begin anew
├── SecondStepDue       403  nothing else may be done before a second step is set up
├── SecondStepNeeded    409  it may not be switched off here
├── NoRole              422  an account without any role
├── LastManager         409  nobody would be left to manage the accounts
├── FormNotTrusted      403  the hidden CSRF field is missing or wrong
├── FormNotValid        422  a field or address that no page of ours makes
├── HeldByOther         409  a colleague has the conversation; `name` says who
├── NotHeld             409  nobody has it, so there is nothing to reply to, hand back or close
├── ReasonMissing       422  a conversation is closed with a reason
├── NoColleague         422  it can be given to someone of this desk only
├── NoteNotValid        422  an empty or too long note
├── PhraseNotValid      422  no such phrase, or something to fill in is missing
├── NotTranslated       422  there is no translation of this answer to send; `why` says it
└── TranslationChanged  409  the translation is not the one that was shown
"""

from __future__ import annotations

from api.errors import ApiError


class InvitationNotValid(ApiError):
    code, status, key = "invitation_not_valid", 410, "error.expired"


class AccountRefused(ApiError):
    """Something in the form for a new account; `field` is the input it is about."""

    status, key = 422, "error.expired"
    field = ""


class LoginNotValid(AccountRefused):
    code, field = "login_not_valid", "login"


class NameNotValid(AccountRefused):
    code, field = "name_not_valid", "name"


class PasswordTooShort(AccountRefused):
    code, field = "password_too_short", "password"


class PasswordTooLong(AccountRefused):
    code, field = "password_too_long", "password"


class PasswordCommon(AccountRefused):
    code, field = "password_common", "password"


class LoginTaken(AccountRefused):
    code, status, field = "login_taken", 409, "login"


class WrongLogin(ApiError):
    code, status, key = "wrong_login", 401, "error.expired"


class WrongPassword(ApiError):
    code, status, key = "wrong_password", 422, "error.expired"


class WrongCode(ApiError):
    code, status, key = "wrong_code", 422, "error.expired"


class CodeDue(ApiError):
    code, status, key = "code_due", 401, "error.expired"


class SecondStepDue(ApiError):
    code, status, key = "second_step_due", 403, "error.expired"


class SecondStepNeeded(ApiError):
    code, status, key = "second_step_needed", 409, "error.expired"


class NoRole(ApiError):
    code, status, key = "no_role", 422, "error.expired"


class LastManager(ApiError):
    code, status, key = "last_manager", 409, "error.expired"


class FormNotTrusted(ApiError):
    code, status, key = "form_not_trusted", 403, "error.expired"


class FormNotValid(ApiError):
    code, status, key = "form_not_valid", 422, "error.expired"


class HeldByOther(ApiError):
    code, status, key = "held_by_other", 409, "error.not_found"


class NotHeld(ApiError):
    code, status, key = "not_held", 409, "error.not_found"


class ReasonMissing(ApiError):
    code, status, key = "reason_missing", 422, "error.expired"


class NoColleague(ApiError):
    code, status, key = "no_colleague", 422, "error.expired"


class NoteNotValid(ApiError):
    code, status, key = "note_not_valid", 422, "error.expired"


class PhraseNotValid(ApiError):
    code, status, key = "phrase_not_valid", 422, "error.expired"


class NotTranslated(ApiError):
    code, status, key = "not_translated", 422, "error.expired"


class TranslationChanged(ApiError):
    code, status, key = "translation_changed", 409, "error.expired"
