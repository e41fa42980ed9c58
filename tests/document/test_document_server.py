# SPDX-License-Identifier: MIT
"""Server(): its arguments, how slots are counted, and the order of routes."""

from __future__ import annotations

import re
import socket
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest
from httpx_sse import connect_sse

from tests.support.paths import MICROPYTHON
from tests.support.program import Program
from tests.support.terminal import Terminal
from tests.support.waiting import PATIENCE

from .sentences import checks

IMPORT = "import uhttpd, gc\ndef hello(req): req.write('hello')\n"
END = "print('PORT', httpd.port())\ninput()\n"
HEADER = "Basic YW5zd2VyOjQy"


def server(run, arguments: str = "", after: str = "") -> Program:
    """Starts a server with a page at / and these arguments."""
    route = "httpd.route('/', uhttpd.GET, hello)\n"
    return run(f"{IMPORT}httpd = uhttpd.Server(0, {arguments})\n{route}{after}\n{END}")


def prompt(run, arguments: str, after: str) -> Program:
    """Starts the same, but the program ends and its prompt follows."""
    text = f"{IMPORT}httpd = uhttpd.Server(0, {arguments})\nhttpd.route('/', 1, hello)\n{after}\n"
    return run(f"{text}print('PORT', httpd.port())\n", prompt=True)


def error_of(run, statements: str) -> str:
    """Returns what the last of some statements raises."""
    board = run(f"{IMPORT}{statements}\n")
    return board.expect(r"(\w+Error: .*|OSError.*)\n").splitlines()[-1]


def get(board: Program, **headers: str) -> httpx.Response:
    return httpx.get(board.url("/"), headers=headers, timeout=PATIENCE)


# Construction


@checks("server.no_runner")
def test_it_listens_when_it_is_constructed(run) -> None:
    board = run(f"{IMPORT}httpd = uhttpd.Server(0)\n{END}")
    assert board.get("/").status_code == 404


@checks("server.collected")
def test_a_server_without_references_is_stopped(run) -> None:
    # The collector takes for a reference whatever looks like one on the stack: calls overwrite it.
    board = run(
        f"""{IMPORT}
def make(): return uhttpd.Server(0).port()
def overwrite(calls): return calls and overwrite(calls - 1)
port = make()
overwrite(20)
gc.collect()
print('PORT', port)
input()
"""
    )
    port = board.port
    with pytest.raises(ConnectionRefusedError):
        for _ in range(1000):  # it ends in the background
            socket.create_connection(("127.0.0.1", port), timeout=PATIENCE).close()


@checks("server.port", "port.number")
def test_port(run, free_port: int) -> None:
    board = run(f"{IMPORT}httpd = uhttpd.Server({free_port})\n{END}")
    assert board.port == free_port
    assert board.get("/").status_code == 404


@checks("server.port")
def test_port_80_is_the_default() -> None:
    from bindgen.parse import parse

    stub = parse(MICROPYTHON / "uhttpd.pyi")
    (constructor,) = (owner.constructor for owner in stub.classes if owner.name == "Server")
    assert (constructor.parameters[0].name, constructor.parameters[0].default) == ("port", 80)


@checks("server.port")
def test_several_servers_on_several_ports(run) -> None:
    board = run(f"""{IMPORT}
httpd = uhttpd.Server(0)
other = uhttpd.Server(0)
httpd.route('/', uhttpd.GET, lambda req: req.write('one'))
other.route('/', uhttpd.GET, lambda req: req.write('two'))
print('OTHER', other.port(), '!')
{END}""")
    port = int(re.search(r"OTHER (\d+)", board.expect("OTHER .*!"))[1])
    assert board.get("/").text == "one"
    assert httpx.get(f"http://127.0.0.1:{port}/", timeout=PATIENCE).text == "two"


# Access


@checks("server.acl", "constants.auth_open")
def test_open_access(run) -> None:
    assert get(server(run)).text == "hello"
    assert get(server(run, "acl=uhttpd.AUTH_OPEN")).text == "hello"


@checks("server.acl", "server.auth_basic", "constants.auth_basic")
def test_basic_authentication(run) -> None:
    board = server(run, f"acl=uhttpd.AUTH_BASIC, auth=b'{HEADER}'")
    refused = get(board)
    assert refused.status_code == 401
    assert refused.headers["WWW-Authenticate"].startswith("Basic ")
    assert get(board, Authorization="Basic YW5zd2VyOjQz").status_code == 401
    assert get(board, Authorization=HEADER).text == "hello"
    assert httpx.get(board.url("/"), auth=("answer", "42"), timeout=PATIENCE).text == "hello"


@checks("server.auth_basic")
@pytest.mark.parametrize("kind", ["bytearray", "memoryview"])
def test_basic_authentication_by_any_bytes(run, kind: str) -> None:
    board = server(run, f"acl=uhttpd.AUTH_BASIC, auth={kind}(b'{HEADER}')")
    assert get(board).status_code == 401
    assert get(board, Authorization=HEADER).text == "hello"


@checks("server.acl", "server.auth_custom", "server.auth_argument", "constants.auth_custom")
def test_custom_authentication(run) -> None:
    board = run(f"""{IMPORT}
seen = []
def auth(*args):
    req, = args
    seen.append((type(req) is uhttpd.Request, req.path()))
    return req.header('X-Key') == 'right'
httpd = uhttpd.Server(0, acl=uhttpd.AUTH_CUSTOM, auth=auth)
httpd.route('/', uhttpd.GET, hello)
httpd.route('/seen', uhttpd.GET, lambda req: req.write(repr(seen)))
{END}""")
    assert get(board).status_code == 401
    assert get(board, **{"X-Key": "right"}).text == "hello"
    seen = httpx.get(board.url("/seen"), headers={"X-Key": "right"}, timeout=PATIENCE)
    assert seen.text == "[(True, '/'), (True, '/'), (True, '/seen')]"


# CORS


@checks("server.cors_true")
def test_cors_on_all_replies(run, tmp_path: Path) -> None:
    (tmp_path / "file.txt").write_text("text")
    more = f"""
httpd.route('/raise', uhttpd.GET, lambda req: 1 / 0)
httpd.event('/events')
httpd.serve('/fs', {str(tmp_path)!r})
httpd.receive(prefix='/up', base={str(tmp_path)!r})
"""
    board = server(run, "cors=True, events=1, routes=12", more)
    paths = ["/", "/raise", "/fs/file.txt", "/fs/", "/fs/none", "/nowhere"]
    replies = [board.get(path) for path in paths]
    replies.append(httpx.post(board.url("/up/new"), content=b"new", timeout=PATIENCE))
    replies.append(httpx.post(board.url("/"), timeout=PATIENCE))
    with httpx.stream("GET", board.url("/events"), timeout=PATIENCE) as events:
        replies.append(events)
    for reply in replies:
        assert reply.headers.get_list("Access-Control-Allow-Origin") == ["*"], reply.url
    assert [reply.status_code for reply in replies] == [
        200,
        500,
        200,
        200,
        404,
        404,
        201,
        405,
        200,
    ]


@checks("server.cors_false")
@pytest.mark.parametrize("arguments", ["", "cors=False"])
def test_no_cors(run, arguments: str) -> None:
    add = "{'Access-Control-Allow-Origin': 'http://a'}"
    added = f"httpd.route('/a', uhttpd.GET, lambda req: req.write('', headers={add}))"
    board = server(run, arguments, added)
    for path in ("/", "/nowhere"):
        assert "Access-Control-Allow-Origin" not in board.get(path).headers
    assert board.get("/a").headers["Access-Control-Allow-Origin"] == "http://a"


# Routes


@checks("server.routes_number", "slots.options", "slots.handler")
def test_eight_routes_of_which_one_is_for_options(run) -> None:
    fill = "httpd = uhttpd.Server(0)\nfor i in range({}): httpd.route('/%d' % i, 1, hello)"
    board = run(f"{IMPORT}{fill.format(7)}\n{END}")
    assert board.get("/6").text == "hello"
    assert httpx.options(board.url("/6"), timeout=PATIENCE).status_code == 204
    assert "no slot is left" in error_of(run, fill.format(8))


@checks("server.routes_number")
def test_another_number_of_routes(run) -> None:
    fill = (
        "httpd = uhttpd.Server(0, routes=3)\nfor i in range({}): httpd.route('/%d' % i, 1, hello)"
    )
    run(f"{IMPORT}{fill.format(2)}\n").finish()
    assert "no slot is left" in error_of(run, fill.format(3))


@checks("slots.handler")
@pytest.mark.parametrize(
    ("verbs", "slots"),
    [("GET", 1), ("POST | uhttpd.DELETE", 2), ("GET | uhttpd.POST | uhttpd.DELETE", 3)],
)
def test_a_handler_takes_a_slot_for_each_verb(run, verbs: str, slots: int) -> None:
    statement = "uhttpd.Server(0, routes={}).route('/', uhttpd.{}, hello)"
    run(f"{IMPORT}{statement.format(1 + slots, verbs)}\n").finish()
    assert "no slot is left" in error_of(run, statement.format(slots, verbs))


@checks("slots.serve", "slots.receive", "slots.websocket")
@pytest.mark.parametrize(
    ("call", "slots"),
    [("serve()", 1), ("receive()", 1), ("receive(delete=True)", 2), ("ws('/ws', None)", 1)],
)
def test_other_functions_take_slots(run, call: str, slots: int) -> None:
    run(f"{IMPORT}uhttpd.Server(0, routes={1 + slots}).{call}\n").finish()
    assert "no slot is left" in error_of(run, f"uhttpd.Server(0, routes={slots}).{call}")


@checks("server.routes_iterable", "server.routes_given", "route.given")
def test_routes_given_to_the_constructor(run) -> None:
    routes = "(r for r in [['/a', 1, hello], ('/b', uhttpd.GET | uhttpd.POST, hello)])"
    board = run(f"{IMPORT}httpd = uhttpd.Server(0, routes={routes})\n{END}")
    assert board.get("/a").text == board.get("/b").text == "hello"
    assert httpx.post(board.url("/b"), timeout=PATIENCE).text == "hello"
    assert httpx.post(board.url("/a"), timeout=PATIENCE).status_code == 405
    late = f"httpd = uhttpd.Server(0, routes={routes})\nhttpd.route('/c', 1, hello)"
    assert "there can be no more" in error_of(run, late)


@checks("order.wildcards", "order.first", "order.wildcards_last")
def test_the_first_route_that_fits_counts(run) -> None:
    board = run(f"""{IMPORT}
def answer(text):
    return lambda req: req.write(text)
httpd = uhttpd.Server(0)
httpd.route('/a/b', uhttpd.GET, answer('exact'))
httpd.route('/a/*', uhttpd.GET, answer('below a'))
httpd.route('/*', uhttpd.GET, answer('any'))
httpd.route('/late', uhttpd.GET, answer('never'))
{END}""")
    paths = ["/a/b", "/a/c", "/a/", "/b", "/", "/late"]
    found = [board.get(path).text for path in paths]
    assert found == ["exact", "below a", "below a", "any", "any", "any"]


@checks("order.wildcards_last")
def test_files_that_are_served_last_leave_urls_to_handlers(run, tmp_path: Path) -> None:
    (tmp_path / "my").write_text("file")
    (tmp_path / "other").write_text("file")
    board = run(f"""{IMPORT}
httpd = uhttpd.Server(0)
httpd.route('/my', uhttpd.GET, hello)
httpd.serve(base={str(tmp_path)!r})
{END}""")
    assert board.get("/my").text == "hello"
    assert board.get("/other").text == "file"


# Events


@checks("server.events", "server.events_few")
def test_events_are_the_greatest_number_of_listeners(run) -> None:
    board = server(run, "events=4", "httpd.event('/events')")
    with ExitStack() as listeners:
        for _ in range(4):
            client = listeners.enter_context(httpx.Client(timeout=PATIENCE))
            source = connect_sse(client, "GET", board.url("/events"))
            assert listeners.enter_context(source).response.status_code == 200
        assert board.get("/events").status_code == 503
        assert get(board).text == "hello"


@checks("server.events_default")
def test_no_events_are_the_default(run) -> None:
    assert "nobody could listen" in error_of(run, "uhttpd.Server(0).event('/events')")


# The prompt


@checks("ws.prompt", "ws.password")
def test_prompt_with_a_password_of_its_own(run) -> None:
    arguments = f"acl=uhttpd.AUTH_BASIC, auth=b'{HEADER}'"
    board = prompt(run, arguments, "httpd.ws('/ws', 'a password')")
    assert get(board).status_code == 401
    with Terminal(f"ws://127.0.0.1:{board.port}/ws") as terminal:
        terminal.login("a password")
        assert terminal.run("print(6 * 7)") == "42\r\n"


@checks("ws.password")
@pytest.mark.parametrize("arguments", ["", ", None"])
def test_prompt_without_a_password(run, arguments: str) -> None:
    board = prompt(run, "", f"httpd.ws('/ws'{arguments})")
    with Terminal(f"ws://127.0.0.1:{board.port}/ws") as terminal:
        assert "Password" not in terminal.expect(">>> ")


@checks("ws.one")
def test_one_prompt_in_all_servers(run) -> None:
    first = "one = uhttpd.Server(0)\none.ws('/ws')\n"
    assert "ws() was called before" in error_of(run, f"{first}one.ws('/other')")
    assert "ws() was called before" in error_of(run, f"{first}uhttpd.Server(0).ws('/ws')")


@checks("ws.may_lack")
def test_firmware_without_a_terminal_says_so() -> None:
    source = MICROPYTHON / "glue" / "uhttpd_server.c"
    assert "this firmware has no network terminal" in source.read_text()
