"""The server's own answers: sign-in routes, the file guard, the headers."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from attendance.services import sign_in
from attendance.ui import files, web
from attendance.ui.clock import now
from tests.screens import Screens

OURS = {"x-attendance-desk": "1", "host": "desk.example"}


def scope_of(path: str, headers: dict[str, str], method: str = "POST") -> dict[str, Any]:
    return {
        "type": "http",
        "method": method,
        "path": path,
        "scheme": "http",
        "server": ("desk.example", 80),
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }


async def _no_more() -> dict[str, Any]:
    return {"type": "http.disconnect"}


def post(
    route: Callable[[Request], Awaitable[Response]], body: str, headers: dict[str, str]
) -> Response:
    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body.encode(), "more_body": False}

    async def answer() -> Response:
        return await route(Request(scope_of("/auth", headers), receive))

    return asyncio.run(answer())


def through_guard(path: str, cookie: str = "", method: str = "GET") -> tuple[int, dict[str, str]]:
    """Status and headers when a page that answers 200 to everything stands behind the guard."""
    sent: list[dict[str, Any]] = []

    async def send(message: Any) -> None:
        sent.append(message)

    headers = {"cookie": cookie} if cookie else {}
    guard = web.Guard(PlainTextResponse("a pupil's file"))
    asyncio.run(guard(scope_of(path, headers, method), _no_more, send))
    return sent[0]["status"], {k.decode(): v.decode() for k, v in sent[0]["headers"]}


def ticket(screens: Screens) -> str:
    return sign_in.issue_ticket(screens.engine, "officer", now())


def test_a_ticket_becomes_a_cookie_that_script_cannot_read(screens: Screens) -> None:
    answer = post(web.open_session, ticket(screens), OURS)
    cookie = answer.headers["set-cookie"].lower()
    assert answer.status_code == 204
    assert "httponly" in cookie and "samesite=strict" in cookie and "path=/;" in cookie
    assert "max-age=36000" in cookie
    assert "secure" not in cookie


def test_behind_tls_the_cookie_is_secure(screens: Screens) -> None:
    headers = {**OURS, "x-forwarded-proto": "https"}
    assert (
        "secure" in post(web.open_session, ticket(screens), headers).headers["set-cookie"].lower()
    )


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "desk.example"},
        {**OURS, "origin": "http://elsewhere.example"},
        {**OURS, "sec-fetch-site": "cross-site"},
        {**OURS, "sec-fetch-site": "same-site"},
        {**OURS, "sec-fetch-site": "none"},
    ],
)
def test_a_ticket_from_another_site_is_refused_and_stays_unused(
    screens: Screens, headers: dict[str, str]
) -> None:
    one = ticket(screens)
    assert post(web.open_session, one, headers).status_code == 403
    assert post(web.open_session, one, OURS).status_code == 204


def test_a_ticket_posted_twice_is_refused_the_second_time(screens: Screens) -> None:
    one = ticket(screens)
    assert [post(web.open_session, one, OURS).status_code for _ in range(2)] == [204, 403]


@pytest.mark.parametrize("body", ["", "forged", "\N{SNOWMAN}" * 1000])
def test_a_forged_ticket_is_refused(screens: Screens, body: str) -> None:
    assert post(web.open_session, body, OURS).status_code == 403


def test_closing_ends_the_session_and_clears_the_cookie(screens: Screens) -> None:
    token = screens.of("officer").token
    headers = {**OURS, "cookie": f"{web.COOKIE}={token}"}
    answer = post(web.close_session, "", headers)
    assert 'attendance_desk=""' in answer.headers["set-cookie"]
    assert token and sign_in.person_of(screens.engine, token, now()) is None


def test_signing_out_of_a_read_only_database_still_clears_the_cookie(screens: Screens) -> None:
    token = screens.of("officer").token
    event.listen(screens.engine, "connect", lambda c, _: c.execute("PRAGMA query_only = ON"))
    screens.engine.dispose()
    answer = post(web.close_session, "", {**OURS, "cookie": f"{web.COOKIE}={token}"})
    assert answer.status_code == 204
    assert 'attendance_desk=""' in answer.headers["set-cookie"]


def test_a_file_asked_for_while_the_database_is_away_is_answered_with_a_sentence(
    screens: Screens,
) -> None:
    token = screens.of("officer").token
    Path(str(screens.engine.url.database)).rename(f"{screens.engine.url.database}.away")
    assert through_guard("/media/a.xlsx", f"{web.COOKIE}={token}")[0] == 503
    assert post(web.open_session, "ticket", OURS).status_code == 403


@pytest.mark.parametrize(
    "path",
    [
        "/media/a.xlsx",
        "//media//a.xlsx",
        "/component/x/y",
        "/_stcore/upload_file/a/b",
        "/_stcore/bidi-components/x/y.js",
    ],
)
def test_files_uploads_and_components_need_a_live_session(screens: Screens, path: str) -> None:
    token = screens.of("officer").token
    files.SENT.remember("a.xlsx", token)
    assert through_guard(path)[0] == 401
    assert through_guard(path, f"{web.COOKIE}=forged")[0] == 401
    assert through_guard(path, f"{web.COOKIE}={token}")[0] == 200
    sign_in.close_session(screens.engine, str(token), now())
    assert through_guard(path, f"{web.COOKIE}={token}")[0] == 401


def test_a_file_is_there_only_for_the_session_that_was_sent_it(screens: Screens) -> None:
    officer, head = (screens.of(name).token for name in ("officer", "head"))
    again = screens.of("officer").token
    files.SENT.remember("abc123.xlsx", officer)
    for address in ("/media/abc123.xlsx", "/media/abc123", "//media/abc123.xlsx"):
        found = [through_guard(address, f"{web.COOKIE}={one}")[0] for one in (officer, head, again)]
        assert found == [200, 404, 404]
    assert through_guard("/media/abc124.xlsx", f"{web.COOKIE}={officer}")[0] == 404


@pytest.mark.parametrize(
    "path", ["/_stcore/metrics", "/_stcore/agent/mcp", "/_stcore/script-health-check"]
)
def test_what_nobody_needs_is_not_there_even_signed_in(screens: Screens, path: str) -> None:
    token = screens.of("officer").token
    assert through_guard(path, f"{web.COOKIE}={token}")[0] == 404


def test_every_answer_carries_the_safe_headers_and_a_file_is_not_stored(screens: Screens) -> None:
    token = screens.of("officer").token
    files.SENT.remember("a.xlsx", token)
    for path in ("/", "/media/a.xlsx", "/_stcore/metrics"):
        _, headers = through_guard(path, f"{web.COOKIE}={token}")
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["referrer-policy"] == "same-origin"
        assert headers.get("cache-control") == ("no-store" if "media" in path else None)
