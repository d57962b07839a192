"""What can go wrong between us and WhatsApp, and what is to be done about each code of theirs.

GraphError              any answer that is not 200; `code` is WhatsApp's, 0 when it gave none, and for what is no answer of
│                       WhatsApp's own -1, or 190 with a 401
├── GraphSilent         it was not reached, or gave no answer; `sent` says whether the message may have gone out
└── MediaRefused        a photo or voice note that is gone, too large, or not what it said it was
WindowClosed       409  the newcomer wrote more than 24 hours ago: only a template may be sent
OptedOut           409  the newcomer wants no messages
NoTemplate         409  no template is set up for this
MediaAway          502  what a newcomer sent cannot be opened (any more)
NotSigned          401  a call to the webhook without a signature
SignatureWrong     403  ... with a wrong one, or with a wrong token
BodyTooLarge       413  ... with more than any call of WhatsApp holds
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from api.errors import ApiError


class GraphError(Exception):
    """WhatsApp refused. Holds codes only, for its words may repeat ours."""

    def __init__(self, code: int, status: int = 0, trace: str | None = None) -> None:
        self.code, self.status, self.trace = code, status, trace
        super().__init__(f"graph error {code} ({status})")


class GraphSilent(GraphError):
    """No answer; `sent` is true when the message may have gone out all the same."""

    def __init__(self, *, sent: bool) -> None:
        self.sent = sent
        super().__init__(0)


class MediaRefused(GraphError):
    """What a newcomer sent cannot be shown: it is gone, too large, or not what it said it was."""

    def __init__(self) -> None:
        super().__init__(0)


class WindowClosed(ApiError):
    code, status, key = "window_closed", 409, "error.expired"


class OptedOut(ApiError):
    code, status, key = "opted_out", 409, "error.expired"


class NoTemplate(ApiError):
    code, status, key = "no_template", 409, "error.expired"


class MediaAway(ApiError):
    code, status, key = "media_away", 502, "error.server"


class NotSigned(ApiError):
    code, status, key = "not_signed", 401, "error.expired"


class SignatureWrong(ApiError):
    code, status, key = "signature_wrong", 403, "error.expired"


class BodyTooLarge(ApiError):
    code, status, key = "body_too_large", 413, "error.server"


class Remedy(StrEnum):
    """What to do after a failure."""

    RETRY = "retry"
    SLOWER = "slower"
    OPERATOR = "operator"
    FINAL = "final"


WINDOW_CLOSED: Final = 131047
OPTED_OUT: Final = 131050
_OPERATOR: Final = frozenset({0, 190, 3, 10, *range(200, 300), 131005, 131042, 131031, 368, 130497, 133010})
_SLOWER: Final = frozenset({130429, 4, 80007, 131056, 131048, 131057})
_RETRY: Final = frozenset({131000, 131016, 1, 2, 135000, 133004})
SERVER_ERROR: Final = 500


def remedy(code: int, status: int = 400) -> Remedy:
    """What a code asks for; an unknown one is tried again only when the server itself failed."""
    if code in _SLOWER:
        return Remedy.SLOWER
    if code in _RETRY or (code == 0 and status >= SERVER_ERROR):
        return Remedy.RETRY
    if code in _OPERATOR:
        return Remedy.OPERATOR
    return Remedy.RETRY if status >= SERVER_ERROR else Remedy.FINAL
