# SPDX-License-Identifier: MIT
"""Callbacks that are async functions, on the program's event loop, and on a worker's."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from websockets.exceptions import ConnectionClosed

from tests.support.http import HttpClient, whole_request
from tests.support.program import Program, Run
from tests.support.scripts import UNTIL_ENTER
from tests.support.waiting import PATIENCE, eventually

from .socket_client import Sockets

ROUTES = """
import asyncio, uhttpd
httpd = uhttpd.Server(0, callback_timeout=TIMEOUT)
log = []
httpd.get('/log', lambda req: log)
@httpd.get('/calls')
def calls(req):
    import uhttpd_async
    return str(len(uhttpd_async._calls))
@httpd.get('/thread')
def thread(req):
    return 'thread'
@httpd.get('/word/<word>')
async def word(req, word):
    await asyncio.sleep_ms(1)
    return word
@httpd.get('/at-once')
async def at_once(req):
    return {'name': req.header('X-Name')}, 201, {'X-More': 'yes'}
@httpd.get('/none')
async def none(req):
    await asyncio.sleep_ms(1)
@httpd.get('/written')
async def written(req):
    await asyncio.sleep_ms(1)
    req.write('written', status=202, mime='text/plain', headers={'X-More': 'yes'})
@httpd.post('/body')
async def body(req):
    await asyncio.sleep_ms(1)
    return req.json()
@httpd.post('/long-body')
async def long_body(req):
    total = 0
    while piece := await req.to_thread(req.read, (1000,)):
        total += len(piece)
    return str(total)
@httpd.post('/too-long')
async def too_long(req):
    return req.read()
@httpd.get('/pieces')
async def pieces(req):
    for i in range(3):
        await asyncio.sleep_ms(1)
        yield str(i)
@httpd.get('/generator')
def generator(req):
    for i in range(3):
        yield str(i)
@httpd.get('/stream')
async def stream(req):
    return pieces(req), 206, {'Content-Type': 'text/event-stream'}
class Numbers:
    def __init__(self): self.i = 0
    def __aiter__(self): return self
    async def __anext__(self):
        await asyncio.sleep_ms(1)
        self.i += 1
        if self.i > 3: raise StopAsyncIteration
        return str(self.i)
@httpd.get('/iterator')
async def iterator(req):
    return Numbers()
@httpd.get('/plain-iterator')
def plain_iterator(req):
    return uhttpd.Response(Numbers(), 206)
@httpd.get('/raises')
async def raises(req):
    await asyncio.sleep_ms(1)
    raise ValueError('on purpose')
@httpd.get('/aborts')
async def aborts(req):
    await asyncio.sleep_ms(1)
    uhttpd.abort(418, 'no coffee')
@httpd.get('/nonsense')
async def nonsense(req):
    await asyncio.sleep_ms(1)
    return 1.5
@httpd.get('/ever')
async def ever(req):
    log.append('begun')
    try:
        await asyncio.sleep(3600)
    except asyncio.CancelledError:
        log.append('cancelled')
        raise
    finally:
        log.append('ended')
@httpd.get('/flood')
async def flood(req):
    log.append('begun')
    try:
        while True:
            yield b'x' * 10000
    finally:
        log.append('ended')
button = asyncio.Event()
@httpd.get('/wait')
async def wait(req):
    await button.wait()
    return 'pressed'
@httpd.post('/press')
async def press(req):
    button.set()
"""
LOOPS = {
    "program": "print('PORT', httpd.port())\nasyncio.run(httpd.serve_forever())\n",
    "busy program": """
print('PORT', httpd.port())
async def main():
    while True:
        await asyncio.sleep_ms(5)
asyncio.run(main())
""",
    "worker": UNTIL_ENTER,
}


def launch(run: Run, loop: str, timeout: int = 0) -> Program:
    program = run(ROUTES.replace("TIMEOUT", str(timeout)) + LOOPS[loop])
    assert program.port  # it runs
    return program


@pytest.fixture(params=LOOPS)
def loop(request: pytest.FixtureRequest) -> str:
    """Where the callbacks run."""
    return request.param


@pytest.fixture
def program(run: Run, loop: str) -> Program:
    """A program with async callbacks."""
    return launch(run, loop)


def post(program: Program, path: str, content: bytes = b"") -> httpx.Response:
    return httpx.post(program.url(path), content=content, timeout=PATIENCE)


def log(program: Program) -> list[str]:
    return program.get("/log").json()


def test_answers(program: Program) -> None:
    for _ in range(3):
        assert program.get("/word/hello").text == "hello"
        assert program.get("/thread").text == "thread"
    answer = httpx.get(program.url("/at-once"), headers={"X-Name": "Ann"}, timeout=PATIENCE)
    assert (answer.json(), answer.status_code, answer.headers["X-More"]) == (
        {"name": "Ann"},
        201,
        "yes",
    )
    assert program.get("/none").status_code == 204
    answer = program.get("/written")
    assert (answer.text, answer.status_code, answer.headers["X-More"]) == ("written", 202, "yes")


def test_bodies_of_requests(program: Program) -> None:
    assert post(program, "/body", b'{"a": 1}').json() == {"a": 1}
    assert post(program, "/body", b"no").status_code == 400
    assert post(program, "/long-body", b"x" * 100_000).text == "100000"
    assert post(program, "/too-long", b"x" * 1000).content == b"x" * 1000
    assert post(program, "/too-long", b"x" * 100_000).status_code == 500
    assert "await req.to_thread(" in program.expect("RuntimeError: .*\n")


def test_bodies_in_pieces(program: Program) -> None:
    assert program.get("/pieces").text == "012"
    assert program.get("/generator").text == "012"
    answer = program.get("/stream")
    assert (answer.text, answer.status_code) == ("012", 206)
    assert answer.headers["Content-Type"].startswith("text/event-stream")
    assert program.get("/iterator").text == "123"
    answer = program.get("/plain-iterator")
    assert (answer.text, answer.status_code) == ("123", 206)
    for path in ("/pieces", "/flood", "/word/x"):
        assert httpx.head(program.url(path), timeout=PATIENCE).text == ""
    assert program.get("/word/x").text == "x"


def test_errors(program: Program) -> None:
    assert program.get("/raises").status_code == 500
    assert "on purpose" in program.expect("ValueError: .*\n")
    answer = program.get("/aborts")
    assert (answer.status_code, answer.text) == (418, "no coffee")
    assert program.get("/nonsense").status_code == 500
    assert "float" in program.expect("TypeError: .*\n")
    assert program.get("/word/x").text == "x"


def test_error_handlers(run: Run, loop: str) -> None:
    program = run(
        ROUTES.replace("TIMEOUT", "0")
        + """
@httpd.errorhandler(404)
async def missing(req):
    await asyncio.sleep_ms(1)
    return 'nothing here'
@httpd.errorhandler(ValueError)
async def wrong(req, error):
    await asyncio.sleep_ms(1)
    return 'wrong: ' + str(error), 422
@httpd.after_request
def after(req, response):
    response.headers['X-After'] = 'yes'
"""
        + LOOPS[loop]
    )
    answer = program.get("/nowhere")
    assert (answer.status_code, answer.text) == (404, "nothing here")
    answer = program.get("/raises")
    assert (answer.status_code, answer.text) == (422, "wrong: on purpose")
    for path in ("/word/x", "/pieces", "/stream", "/raises", "/written"):
        assert program.get(path).headers["X-After"] == "yes"


def test_many_at_once(program: Program) -> None:
    with ThreadPoolExecutor(8) as pool:
        waiting = [pool.submit(program.get, "/wait") for _ in range(6)]
        words = list(pool.map(lambda i: program.get(f"/word/{i}").text, range(50)))
        assert words == [str(i) for i in range(50)]
        post(program, "/press")
        assert [answer.result().text for answer in waiting] == ["pressed"] * 6


@pytest.mark.parametrize("path", ["/ever", "/flood"])
def test_a_client_that_goes_cancels(program: Program, path: str) -> None:
    client = HttpClient(program.port, 4096)
    client.send(whole_request(path))
    eventually(lambda: "begun" in log(program))
    client.close()
    eventually(lambda: "ended" in log(program))
    assert ("cancelled" in log(program)) == (path == "/ever")
    assert program.get("/word/x").text == "x"


def test_callback_timeout(run: Run, loop: str) -> None:
    program = launch(run, loop, timeout=1)
    answer = program.get("/ever")
    assert (answer.status_code, answer.text) == (
        503,
        "503 Service Unavailable: the callback took too long\n",
    )
    eventually(lambda: log(program) == ["begun", "cancelled", "ended"])
    assert program.get("/word/x").text == "x"


def test_the_loop_goes_to_the_program_and_back(run: Run) -> None:
    program = run(
        ROUTES.replace("TIMEOUT", "0")
        + """
print('PORT', httpd.port())
async def pause():
    await asyncio.sleep_ms(50)
    assert asyncio.current_task()
while True:
    asyncio.run(pause())
    import time
    time.sleep_ms(20)
"""
    )
    assert program.port  # it runs
    with ThreadPoolExecutor(4) as pool:
        waiting = pool.submit(program.get, "/wait")
        words = list(pool.map(lambda i: program.get(f"/word/{i}").text, range(100)))
        assert words == [str(i) for i in range(100)]
        post(program, "/press")
        assert waiting.result().text == "pressed"


def test_stop_ends_what_waits(run: Run, loop: str) -> None:
    program = launch(run, loop)
    with ThreadPoolExecutor(2) as pool:
        waiting = pool.submit(program.get, "/ever")
        eventually(lambda: log(program) == ["begun"])
        if loop == "worker":
            program.type("\n")
        else:
            program.interrupt()
        with pytest.raises(httpx.HTTPError):
            waiting.result().raise_for_status()


def test_without_asyncio(run: Run) -> None:
    program = run(
        f"""
import uhttpd
httpd = uhttpd.Server(0)
@httpd.get('/word/<word>')
async def word(req, word):
    return word
{UNTIL_ENTER}"""
    )
    assert program.get("/word/x").text == "x"


SOCKETS = """
import asyncio, uhttpd
httpd = uhttpd.Server(0)
httpd.get('/log', lambda req: log)
log = []
async def opened(ws):
    await asyncio.sleep_ms(1)
    ws.send('welcome')
async def heard(ws, data):
    if data == 'raise':
        await asyncio.sleep_ms(1)
        raise ValueError('on purpose')
    if data == 'ever':
        await asyncio.sleep(3600)
    log.append(data)
    await asyncio.sleep_ms(20)
    log.append(data)
    if data is not None:
        ws.send(data)
chat = httpd.websocket('/ws', heard, opened=opened)
def plain(ws, data):
    if data: ws.send(data)
    return 1, 2, 3, 4
httpd.websocket('/plain', plain)
"""


class TestWebSockets:
    @pytest.fixture
    def program(self, run: Run, loop: str) -> Program:
        """A program whose WebSocket has async callbacks."""
        program = run(SOCKETS + LOOPS[loop])
        assert program.port
        return program

    def test_messages_are_heard_in_order(self, program: Program, sockets: Sockets) -> None:
        ws = sockets(program)
        for word in "abc":
            ws.send(word)
        assert [ws.recv(PATIENCE) for _ in range(4)] == ["welcome", "a", "b", "c"]
        ws.close()
        eventually(lambda: log(program) == ["a", "a", "b", "b", "c", "c", None, None])

    def test_what_plain_functions_return_is_nobodys(
        self, program: Program, sockets: Sockets
    ) -> None:
        ws = sockets(program, "/plain")
        for word in "ab":
            ws.send(word)
            assert ws.recv(PATIENCE) == word

    def test_clients_are_heard_side_by_side(self, program: Program, sockets: Sockets) -> None:
        clients = [sockets(program) for _ in range(4)]
        for ws in clients:
            assert ws.recv(PATIENCE) == "welcome"
        clients[0].send("ever")
        for ws in clients[1:]:
            ws.send("x")
        assert [ws.recv(PATIENCE) for ws in clients[1:]] == ["x"] * 3

    def test_an_exception_closes(self, program: Program, sockets: Sockets) -> None:
        ws = sockets(program)
        assert ws.recv(PATIENCE) == "welcome"
        ws.send("raise")
        with pytest.raises(ConnectionClosed):
            ws.recv(PATIENCE)
        assert ws.protocol.close_code == 1011
        assert "/ws" in program.expect("uhttpd: the callback of .* raised\n")
        assert "on purpose" in program.expect("ValueError: .*\n")
        eventually(lambda: log(program) == [None, None])

    def test_stop_does_not_wait_for_them(
        self, program: Program, sockets: Sockets, loop: str
    ) -> None:
        ws = sockets(program)
        ws.send("ever")
        assert ws.recv(PATIENCE) == "welcome"
        if loop == "worker":
            program.type("\n")
        else:
            program.interrupt()
        with pytest.raises(ConnectionClosed):
            ws.recv(PATIENCE)


def test_stop_in_the_loop(run: Run, sockets: Sockets) -> None:
    program = run(
        SOCKETS
        + """
@httpd.get('/wait')
async def wait(req):
    await asyncio.sleep(3600)
print('PORT', httpd.port())
async def main():
    while len(chat) < 1:
        await asyncio.sleep_ms(5)
    await asyncio.sleep_ms(100)
    httpd.stop()
    print('STOPPED')
    await asyncio.sleep_ms(100)
asyncio.run(main())
print('ENDED')
"""
    )
    assert program.port
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(program.get, "/wait")
        ws = sockets(program)
        ws.send("ever")
        program.expect("STOPPED")
        program.expect("ENDED")
        with pytest.raises((httpx.HTTPError, AssertionError)):
            assert waiting.result().status_code == 200


def test_clients_that_go_at_once_leave_nothing(run: Run, loop: str) -> None:
    program = launch(run, loop)
    for path in ("/ever", "/word/x", "/flood") * 20:
        client = HttpClient(program.port)
        client.send(whole_request(path))
        client.close()
    assert program.get("/word/x").text == "x"
    eventually(lambda: program.get("/calls").json() == 0)


def test_requests_are_not_collected_before_a_worker_answers(run: Run) -> None:
    program = run(
        ROUTES.replace("TIMEOUT", "0")
        + """
import gc
async def collect():
    while True:
        gc.collect()
        await asyncio.sleep_ms(0)
print('PORT', httpd.port())
asyncio.run(collect())
"""
    )
    assert program.port

    def ask(_: int) -> set[int]:
        with httpx.Client(base_url=program.url(""), timeout=PATIENCE) as client:
            return {client.get("/at-once").status_code for _ in range(30)}

    with ThreadPoolExecutor(6) as pool:
        assert set().union(*pool.map(ask, range(6))) == {201}
