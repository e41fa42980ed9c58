# SPDX-License-Identifier: MIT
"""acl and auth, origins and hosts: who may send requests, and from where."""

from __future__ import annotations

import re

import httpx
import pytest

from tests.support.program import Program, Run

HEADER = "Basic YW5zd2VyOjQy"  # answer:42


def program(arguments: str, before: str = "") -> str:
    """Starts a server with a page and these arguments."""
    return f"""
import uhttpd
{before}
httpd = uhttpd.Server(0, {arguments})
httpd.route('/', uhttpd.GET, lambda req: req.write('in'))
print('PORT', httpd.port())
input()
"""


def get(program: Program, **headers: str) -> httpx.Response:
    """Requests the page."""
    return httpx.get(program.url("/"), headers=headers)


def test_open_is_the_default(run: Run) -> None:
    assert get(run(program("acl=uhttpd.AUTH_OPEN"))).text == "in"


@pytest.mark.parametrize("value", [f"b'{HEADER}'", f"'{HEADER}'", f"bytearray(b'{HEADER}')"])
def test_basic(run: Run, value: str) -> None:
    board = run(program(f"acl=uhttpd.AUTH_BASIC, auth={value}"))
    refused = get(board)
    assert refused.status_code == 401
    assert refused.headers["www-authenticate"].startswith("Basic realm=")
    assert get(board, authorization="Basic YW5zd2VyOjQz").status_code == 401
    assert get(board, authorization=HEADER).text == "in"
    assert httpx.get(board.url("/nowhere")).status_code == 401


CUSTOM = """
def auth(req):
    key = req.header('X-Key')
    if key == 'raise':
        raise ValueError('wrong')
    if key == 'answer':
        req.write('log in', status=302, headers={'Location': '/login'})
        return False
    return key == 'right' and []  != key
"""


@pytest.mark.parametrize(
    ("key", "status"), [("right", 200), ("wrong", 401), ("raise", 500), ("answer", 302)]
)
def test_custom(run: Run, key: str, status: int) -> None:
    board = run(program("acl=uhttpd.AUTH_CUSTOM, auth=auth", CUSTOM))
    for _ in range(3):
        assert get(board, **{"X-Key": key}).status_code == status
    if key == "raise":
        board.expect("uhttpd: auth raised")
        board.expect("ValueError: wrong")
    assert get(board, **{"X-Key": "right"}).text == "in"


def test_custom_covers_unknown_urls(run: Run) -> None:
    board = run(program("acl=uhttpd.AUTH_CUSTOM, auth=auth", CUSTOM))
    assert httpx.get(board.url("/nowhere")).status_code == 401


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("acl=3", "ValueError: acl must be 0 to 2"),
        ("acl='basic'", "TypeError: acl: int expected"),
        ("acl=uhttpd.AUTH_BASIC", "TypeError: auth must be the header value"),
        ("acl=uhttpd.AUTH_BASIC, auth=print", "TypeError: auth must be the header value"),
        ("acl=uhttpd.AUTH_BASIC, auth=b'a\\r\\nb'", "ValueError: auth"),
        ("acl=uhttpd.AUTH_CUSTOM", "TypeError: auth must be a function"),
        ("acl=uhttpd.AUTH_CUSTOM, auth=b'x'", "TypeError: auth must be a function"),
        ("auth=b'x'", "ValueError: auth needs acl="),
        ("origins='http://a'", "TypeError: origins must be a list of str"),
        ("origins=[1]", "TypeError: origins"),
        ("origins=['x.local']", "ValueError: origins: 'x.local' is none; write scheme://host"),
        ("origins=['http://x.local/']", "ValueError: origins: 'http://x.local/' is none"),
        ("hosts=['a\\nb']", "ValueError: hosts"),
        ("cors=True, origins=['http://a']", "ValueError: origins"),
    ],
)
def test_wrong_arguments(run: Run, arguments: str, message: str) -> None:
    board = run(f"import uhttpd\nuhttpd.Server(0, {arguments})\n")
    board.expect(re.escape(message))


def test_origins(run: Run) -> None:
    board = run(program("origins=['https://example.org']"))
    listed = get(board, origin="https://example.org")
    assert listed.headers["access-control-allow-origin"] == "https://example.org"
    assert "access-control-allow-origin" not in get(board, origin="https://evil.example").headers


def test_hosts(run: Run) -> None:
    board = run(program("hosts=['board.local']"))
    assert get(board).status_code == 421
    assert get(board, host="board.local").text == "in"


@pytest.mark.parametrize("answer", ["403 Forbidden", "302 Found"])
def test_a_right_password_that_does_not_suffice_is_no_wrong_one(run: Run, answer: str) -> None:
    before = f"def auth(req):\n req.write('', status='{answer}')\n return req.path() == '/in'"
    board = run(program("acl=uhttpd.AUTH_CUSTOM, auth=auth", before))
    answers = [get(board, Authorization=HEADER).status_code for _ in range(8)]
    assert answers == [int(answer[:3])] * 8
