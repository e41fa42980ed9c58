# SPDX-License-Identifier: MIT
"""What a first program gives away, and what it says about that."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.program import Program, Run

PRIVATE = ["boot.py", "main.py", "main.mpy", "webrepl_cfg.py", ".netrc", ".ssh/key", "lib/main.py"]
PUBLIC = ["index.txt", "boot.txt", "lib/domain.py"]
SERVER = "import uhttpd\nhttpd = uhttpd.Server(0)\n"
END = "\nprint('PORT', httpd.port())\ninput()\n"


@pytest.fixture
def serve(run: Run, tmp_path: Path):
    """Runs a program in a folder of such files."""
    for name in PRIVATE + PUBLIC:
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(name)
    return lambda code: run(SERVER + code + END)


def codes(board: Program, prefix: object, names: list[str]) -> set[int]:
    """The statuses that these files are answered with."""
    return {board.get(f"{prefix}/{name}").status_code for name in names}


def test_serve_without_a_base_keeps_the_boards_own_files_back(serve, tmp_path: Path) -> None:
    board = serve("httpd.serve()")
    assert codes(board, tmp_path, PRIVATE) == {403}
    assert codes(board, tmp_path, PUBLIC) == {200}
    (program,) = tmp_path.glob("program*.py")
    assert board.get(str(program)).status_code == 403


@pytest.mark.parametrize("code", ["httpd.serve(base={!r})", "httpd.file_acl(None); httpd.serve()"])
def test_whoever_chooses_the_files_gets_all_of_them(serve, tmp_path: Path, code: str) -> None:
    board = serve(code.format(str(tmp_path)))
    prefix = "" if "base" in code else tmp_path
    assert codes(board, prefix, PRIVATE + PUBLIC) == {200}


def test_a_prompt_without_a_password_is_announced(serve) -> None:
    board = serve("httpd.ws('/ws', None)")
    board.expect("uhttpd: /ws has no password: whoever reaches this board may run code on it\n")


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("/users/<id", "url has a parameter that is not <name>, <int:name> or <path:name>"),
        ("/users/<str:id>", "url has a parameter that is not <name>, <int:name> or <path:name>"),
    ],
)
def test_a_route_that_can_never_match_is_refused(serve, url: str, message: str) -> None:
    board = serve(
        f"""
for add in (lambda: httpd.route({url!r}, uhttpd.GET, print), lambda: httpd.ws({url!r}, 'x')):
    try:
        add()
    except ValueError as error:
        print('ERROR', error)
"""
    )
    for _ in range(2):
        assert message in board.expect("ERROR .*\n")


@pytest.mark.parametrize("auth", ["user:pw", b"Basic user:pw", "YW5zd2VyOjQy"])
def test_a_password_that_nobody_could_send_is_refused(run: Run, auth: object) -> None:
    board = run(f"import uhttpd\nuhttpd.Server(0, acl=uhttpd.AUTH_BASIC, auth={auth!r})", True)
    board.expect("ValueError: auth must be the header value: 'Basic ' and the base64 of user")


@pytest.mark.parametrize("result", ["'no'", "401", "[1]", "req"])
def test_only_true_lets_a_request_in(run: Run, result: str) -> None:
    """What is true in some other sense is a mistake, and no reason to let anybody in."""
    board = run(
        f"""
import uhttpd
httpd = uhttpd.Server(0, acl=uhttpd.AUTH_CUSTOM, auth=lambda req: {result})
httpd.route('/', uhttpd.GET, lambda req: req.write('in'))
print('PORT', httpd.port())
input()
"""
    )
    assert board.get("/").status_code == 500
    board.expect("TypeError: auth: bool expected")
