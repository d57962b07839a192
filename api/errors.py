"""Errors of the api, each with a code for machines, a status, and a catalogue key for people.

ApiError
├── MessageTooLong   413  error.too_long
├── MessageEmpty     422  error.empty
├── NotOffered       422  error.expired     a button that this conversation never showed
├── TooManyRequests  429  error.rate
├── NotFound         404  error.not_found
├── NotAllowed       403  error.expired
├── NotLoggedIn      401  error.expired
└── AlreadyTaken     409  error.not_found   another desk worker was first
"""

from __future__ import annotations


class ApiError(Exception):
    """Something the caller can be told about."""

    code = "error"
    status = 400
    key = "error.server"

    def __init__(self, **values: object) -> None:
        self.values = values
        super().__init__(self.code)


class MessageTooLong(ApiError):
    code, status, key = "message_too_long", 413, "error.too_long"


class MessageEmpty(ApiError):
    code, status, key = "message_empty", 422, "error.empty"


class NotOffered(ApiError):
    code, status, key = "not_offered", 422, "error.expired"


class TooManyRequests(ApiError):
    code, status, key = "too_many_requests", 429, "error.rate"


class NotFound(ApiError):
    code, status, key = "not_found", 404, "error.not_found"


class NotAllowed(ApiError):
    code, status, key = "not_allowed", 403, "error.expired"


class NotLoggedIn(ApiError):
    code, status, key = "not_logged_in", 401, "error.expired"


class AlreadyTaken(ApiError):
    code, status, key = "already_taken", 409, "error.not_found"
