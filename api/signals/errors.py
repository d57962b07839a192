"""What can go wrong with a group of questions. The sentences staff read are in `words.py`, by code.

ApiError
├── GroupGone       404  too few people are left of it, or it never was one
├── NothingChosen   422  no question, or no entry, was chosen
└── StillPersonal   422  a question still holds a number, an address or the like: `question`
"""

from __future__ import annotations

from api.errors import ApiError


class GroupGone(ApiError):
    code, status, key = "group_gone", 404, "error.not_found"


class NothingChosen(ApiError):
    code, status, key = "nothing_chosen", 422, "error.expired"


class StillPersonal(ApiError):
    code, status, key = "still_personal", 422, "error.expired"
