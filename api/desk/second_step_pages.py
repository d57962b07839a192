"""Setting up the second step of one's login, switching it off, and new recovery codes."""

from __future__ import annotations

from typing import Annotated

import segno
from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from markupsafe import Markup

from api.deps import ServicesDep
from api.desk.access import ENTERED, OWN, ActingDep, DeskDep, EnteredActingDep, EnteredDep, PasswordField
from api.desk.audit.deeds import Deed, Kind
from api.desk.errors import SecondStepNeeded, WrongCode, WrongPassword
from api.desk.frame import page
from api.desk.route import DeskRoute
from api.desk.sessions import StaffSession
from api.desk.words import sentence
from api.errors import ApiError, NotFound, TooManyRequests

router = APIRouter(prefix="/tweede-stap", route_class=DeskRoute, default_response_class=HTMLResponse)
QR_SCALE, QR_BORDER = 5, 4


@router.get("", summary="Form to set up the second step", dependencies=ENTERED)
async def form(request: Request, staff: EnteredDep, services: ServicesDep, desk: DeskDep) -> Response:
    """A new secret as a QR code and as text, and a field for one code. The old app works until that code was right."""
    return await _form(request, staff, services, desk, desk.second_steps.new_nonce())


@router.post("", summary="Set up the second step", dependencies=ENTERED)
async def set_up(
    request: Request,
    staff: EnteredActingDep,
    services: ServicesDep,
    desk: DeskDep,
    nonce: Annotated[str, Form(max_length=32)] = "",
    code: Annotated[str, Form(max_length=20)] = "",
    password: PasswordField = "",
) -> Response:
    """Shows the recovery codes, this once. Who logged in longer ago, or replaces an app, gives the password too (422)."""
    try:
        desk.attempts.hit(f"set-up:{staff.staff.id}")
        if not staff.fresh or await desk.second_steps.active(staff.staff.id):
            await desk.accounts.confirm(staff.staff, password)
        codes = await desk.second_steps.set_up(staff.staff, nonce, code)
    except (WrongCode, WrongPassword, TooManyRequests) as error:
        return await _form(request, staff, services, desk, nonce, error)
    await desk.sessions.end_all(staff.staff.id, but=staff.id)
    return page(request, staff, "recovery_codes.html", "own", codes=codes, new=True)


@router.post("/uit", summary="Switch the second step off", status_code=303, dependencies=OWN)
async def switch_off(staff: ActingDep, services: ServicesDep, desk: DeskDep, password: PasswordField = "") -> Response:
    """With the password; 409 where everybody needs a second step. The audit log is written with the change."""
    if services.settings.second_step_required:
        raise SecondStepNeeded
    desk.attempts.hit(f"password:{staff.staff.id}")
    await desk.accounts.confirm(staff.staff, password)
    deed = Deed(Kind.SECOND_STEP_OFF, staff.staff.town, staff.staff.id)
    await desk.second_steps.remove(staff.staff.id, deed)
    return RedirectResponse("/balie/mijn-account?gelukt=tweede_stap_uit", 303)


@router.post("/herstelcodes", summary="New recovery codes", dependencies=OWN)
async def new_codes(request: Request, staff: ActingDep, desk: DeskDep, password: PasswordField = "") -> Response:
    """With the password. Shows the codes, this once; the old ones do not work any more."""
    if not await desk.second_steps.active(staff.staff.id):
        raise NotFound
    desk.attempts.hit(f"password:{staff.staff.id}")
    await desk.accounts.confirm(staff.staff, password)
    return page(request, staff, "recovery_codes.html", "own", codes=await desk.second_steps.renew_codes(staff.staff), new=False)


async def _form(
    request: Request, staff: StaffSession, services: ServicesDep, desk: DeskDep, nonce: str, error: ApiError | None = None
) -> Response:
    replaces = await desk.second_steps.active(staff.staff.id)
    place = services.towns.of(staff.staff.town).kaart.municipality.name
    address = desk.second_steps.address(staff.staff, nonce, f"Balie {place}")
    return page(
        request,
        staff,
        "second_step.html",
        "own",
        error.status if error else 200,
        qr=qr_code(address),
        secret=_in_fours(desk.second_steps.secret(staff.staff.id, nonce)),
        nonce=nonce,
        asks_password=replaces or not staff.fresh,
        replaces=replaces,
        error=sentence(error) if error else None,
        wrong_password=isinstance(error, WrongPassword),
    )


def qr_code(address: str) -> Markup:
    """The address as an SVG inside the page: black on white in light and dark, because apps read no other."""
    made = segno.make(address, micro=False, error="m")
    return Markup(made.svg_inline(scale=QR_SCALE, border=QR_BORDER, dark="#000", light="#fff", omitsize=True))


def _in_fours(secret: str) -> str:
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
