"""What can go wrong around freshness.

ApiError
├── LinkNotValid   410  the signed link is too old, was changed, or is about something that is gone
├── ChangeNotSaid  422  'it changed' without a word about what changed
├── ChangeTooLong  413  more than `limit` characters about what changed
├── TextChanged    409  the text or its Dutch is not what the reviewer saw any more
├── NotSigned      422  a signature without a name, or with a day that is none or is yet to come
└── NothingNoted   422  'not right' without what is not right, or with too much
MailError
├── MailNotConfigured   which setting is missing
└── MailNotSent         why the server did not take it
"""

from __future__ import annotations

from api.errors import ApiError


class LinkNotValid(ApiError):
    code, status, key = "link_not_valid", 410, "error.expired"


class ChangeNotSaid(ApiError):
    code, status, key = "change_not_said", 422, "error.empty"


class ChangeTooLong(ApiError):
    code, status, key = "change_too_long", 413, "error.too_long"


class TextChanged(ApiError):
    code, status, key = "text_changed", 409, "error.expired"


class NotSigned(ApiError):
    code, status, key = "not_signed", 422, "error.empty"


class NothingNoted(ApiError):
    code, status, key = "nothing_noted", 422, "error.empty"


class MailError(Exception):
    """Anything about sending mail that whoever runs the installation can mend. The message holds no address."""


class MailNotConfigured(MailError):
    """A setting is missing."""


class MailNotSent(MailError):
    """The server was not reached, or refused."""
