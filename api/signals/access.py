"""Who may see what: everybody of the desk sees numbers; who may edit the kaart also sees questions and acts on them."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends

from api.desk.access import ActingDep, StaffDep
from api.desk.sessions import StaffSession
from api.errors import NotAllowed


def may_read_questions(staff: StaffSession) -> bool:
    """Whether this worker may read cleaned questions and put them into the kaart.

    The one place where roles decide it; as long as accounts have none, every worker edits the kaart.
    """
    return bool(staff.staff)


async def reading(staff: StaffDep) -> StaffSession:
    """A worker who may read questions. NotAllowed for others."""
    if not may_read_questions(staff):
        raise NotAllowed
    return staff


async def editing(staff: ActingDep) -> StaffSession:
    """The same, behind a form that our own page showed."""
    return await reading(staff)


ReaderDep = Annotated[StaffSession, Depends(reading)]
EditorDep = Annotated[StaffSession, Depends(editing)]
