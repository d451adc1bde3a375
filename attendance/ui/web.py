"""What the server answers outside the pages: sign-in routes, the download guard, headers.

Streamlit serves `/media/…`, uploads and components to whoever has the address. Here they
demand a live session, checked in the database on every request, and a file the very session that
was sent its address.
"""

from __future__ import annotations

from contextlib import suppress

from anyio import to_thread
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from attendance.errors import AttendanceError
from attendance.services import sign_in
from attendance.ui.cache import engine
from attendance.ui.clock import now
from attendance.ui.files import MEDIA, SENT
from attendance.ui.session import CLOSE, COOKIE, HEADER, OPEN, base_path

_LONGEST_TICKET = 200
_NEEDS_SESSION = (
    MEDIA,
    "/_stcore/upload_file",
    "/component/",
    "/_stcore/bidi-components/",
)
_NEVER = ("/_stcore/metrics", "/_stcore/script-health-check", "/_stcore/agent")
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Content-Security-Policy": "frame-ancestors 'none'; base-uri 'self'; object-src 'none'",
    "Referrer-Policy": "same-origin",
}


def routes() -> list[BaseRoute]:
    """The sign-in routes, under server.baseUrlPath like everything else."""
    base = base_path()
    return [
        Route(base + OPEN, open_session, methods=["POST"]),
        Route(base + CLOSE, close_session, methods=["POST"]),
    ]


async def open_session(request: Request) -> Response:
    """Exchange a one-time ticket for the session cookie."""
    if not _is_our_own_page(request):
        return _refused()
    ticket = (await request.body())[:_LONGEST_TICKET].decode("ascii", "replace")
    try:
        token = await to_thread.run_sync(sign_in.open_session, engine(), ticket, now())
    except AttendanceError:
        return _refused()
    answer = Response(status_code=204)
    answer.set_cookie(
        COOKIE,
        token,
        max_age=int(sign_in.LONGEST.total_seconds()),
        path=base_path() or "/",
        secure=_is_behind_tls(request),
        httponly=True,
        samesite="strict",
    )
    return answer


async def close_session(request: Request) -> Response:
    """End the session of this browser and have it forget the cookie."""
    if not _is_our_own_page(request):
        return _refused()
    token = request.cookies.get(COOKIE)
    if token:
        # A database that takes no writes must not keep the cookie in the browser.
        with suppress(AttendanceError):
            await to_thread.run_sync(sign_in.close_session, engine(), token, now())
    answer = Response(status_code=204)
    answer.delete_cookie(
        COOKIE,
        path=base_path() or "/",
        secure=_is_behind_tls(request),
        httponly=True,
        samesite="strict",
    )
    return answer


def _is_our_own_page(request: Request) -> bool:
    """A header no form can send, and (when the browser names one) an origin that is ours."""
    if request.headers.get(HEADER) != "1":
        return False
    # Browsers say where a request comes from over TLS and on localhost; else compare the origin.
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("origin")
    return origin is None or origin.split("://", 1)[-1] == request.headers.get("host")


def _is_behind_tls(request: Request) -> bool:
    forwarded = request.headers.get("x-forwarded-proto", "").split(",")[0].strip()
    return forwarded == "https" or request.url.scheme == "https"


def _refused() -> Response:
    return PlainTextResponse("Sign in first.", status_code=403)


class Guard:
    """Middleware: closes what nobody needs, demands a session for files, adds the headers."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        path = _path_below_base(scope["path"])
        answer: ASGIApp = self.app
        if path.startswith(_NEVER):
            answer = PlainTextResponse("Not found", status_code=404)
        elif path.startswith(_NEEDS_SESSION):
            answer = await _refusal(scope, path) or self.app
        await answer(scope, receive, _with_headers(send, private=path.startswith(MEDIA)))


def _path_below_base(path: str) -> str:
    # Streamlit also routes doubled slashes; none may lead round the guard.
    while "//" in path:
        path = path.replace("//", "/")
    return path.removeprefix(base_path())


async def _refusal(scope: Scope, path: str) -> Response | None:
    """Why this browser is not served this file; None where it is."""
    try:
        is_live = await _has_session(scope)
    except AttendanceError as error:
        return PlainTextResponse(str(error), status_code=503)
    if not is_live:
        return PlainTextResponse("Sign in first.", status_code=401)
    if path.startswith(MEDIA) and not _was_sent(scope, path):
        return PlainTextResponse("Not found", status_code=404)
    return None


async def _has_session(scope: Scope) -> bool:
    token = Request(scope).cookies.get(COOKIE)
    if not token:
        return False
    person = await to_thread.run_sync(sign_in.person_of, engine(), token, now())
    return person is not None


def _was_sent(scope: Scope, path: str) -> bool:
    # What is not there and what is somebody else's are answered alike.
    return SENT.is_sent(path.removeprefix(MEDIA), Request(scope).cookies.get(COOKIE, ""))


def _with_headers(send: Send, *, private: bool) -> Send:
    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers.update(_HEADERS)
            if private:
                headers["Cache-Control"] = "no-store"
        await send(message)

    return send_with_headers
