# SPDX-License-Identifier: MIT
"""How servers start and end: by stop(), by `with`, by collection, at the end of the program."""

from __future__ import annotations

import pytest

from tests.support.program import Program, Run
from tests.support.scripts import IS_OPEN, UNTIL_ENTER

PRELUDE = (
    IS_OPEN
    + """
import gc, sys, time, uhttpd

def hello(req):
    req.write('hello')

def litter():
    # nothing on the stack may look like a reference any more
    def nested(n):
        local = [None] * 50
        return nested(n - 1) if n else len(local)
    nested(20)
    gc.collect()
"""
)


def test_stop_frees_the_port_and_is_harmless_twice(run: Run) -> None:
    output = run(
        PRELUDE
        + """
httpd = uhttpd.Server(0)
httpd.route('/', uhttpd.GET, hello)
port = httpd.port()
print(is_open(port))
httpd.stop()
print(is_open(port), httpd.port() == port)
httpd.stop()
again = uhttpd.Server(port)
print(is_open(port))
for call in (
    lambda: httpd.route('/', uhttpd.GET, hello), lambda: httpd.serve(), lambda: httpd.ws('/ws')
):
    try:
        call()
    except RuntimeError as error:
        print(error)
"""
    ).finish()
    stopped = "the server is stopped"
    assert output.splitlines() == ["True", "False True", "True", stopped, stopped, stopped]


def test_with_stops(run: Run) -> None:
    output = run(
        PRELUDE
        + """
with uhttpd.Server(0) as httpd:
    print(is_open(httpd.port()))
print(is_open(httpd.port()))
try:
    with uhttpd.Server(0) as httpd:
        raise ValueError('passed on')
except ValueError as error:
    print(error, is_open(httpd.port()))
"""
    ).finish()
    assert output.splitlines() == ["True", "False", "passed on False"]


def test_taken_port(run: Run) -> None:
    output = run(
        PRELUDE
        + """
import errno
first = uhttpd.Server(0)
for _ in range(3):
    try:
        uhttpd.Server(first.port(), bind='127.0.0.1')
    except OSError as error:
        print(error.errno == errno.EADDRINUSE)
        print(str(error).endswith('EADDRINUSE: 127.0.0.1 port %d' % first.port()))
print(is_open(first.port()))
"""
    ).finish()
    assert output.splitlines() == ["True"] * 7


def test_server_that_is_kept_lives_through_collections(run: Run) -> None:
    program = run(
        PRELUDE
        + """
httpd = uhttpd.Server(0)
httpd.route('/', uhttpd.GET, lambda req: req.write('hello'))
print('PORT', httpd.port())
while True:
    garbage = [bytearray(100) for _ in range(100)]
    gc.collect()
"""
    )
    for _ in range(50):
        assert program.get("/").text == "hello"


def test_server_without_references_is_stopped(run: Run) -> None:
    """The same goes for servers that only their own callbacks, or a garbage object, refer to."""
    output = run(
        PRELUDE
        + """
class Page:
    def __init__(self):
        self.httpd = uhttpd.Server(0)
        self.httpd.route('/', uhttpd.GET, self.show)
    def show(self, req):
        self.httpd.stop()

def abandon():
    ports = [uhttpd.Server(0).port() for _ in range(3)]
    ports += [Page().httpd.port() for _ in range(3)]
    return ports

ports = abandon()
for _ in range(100):
    litter()
    left = [port for port in ports if is_open(port)]
    if len(left) < 2:  # the stack is read conservatively: one may have been found there
        break
    time.sleep(0.05)
print(len(left) < 2)
"""
    ).finish()
    assert output.splitlines() == ["True"]


def test_collected_server_leaves_its_port_to_the_next(run: Run) -> None:
    output = run(
        PRELUDE
        + """
def serve(port):
    httpd = uhttpd.Server(port)
    httpd.route('/', uhttpd.GET, hello)
    return httpd.port()
port = serve(0)
for _ in range(30):
    for _ in range(100):
        try:
            litter()
            serve(port)
            break
        except OSError:
            pass  # found on the stack, see above
    else:
        print('not collected')
print('done')
"""
    ).finish()
    assert output.splitlines() == ["done"]


def test_stop_in_a_callback(run: Run) -> None:
    program = run(
        PRELUDE
        + """
def end(req):
    req.write('bye')
    req.server().stop()
    req.server().stop()
    print('after stop')
httpd = uhttpd.Server(0)
httpd.route('/', uhttpd.GET, end)
print('PORT', httpd.port())
while is_open(httpd.port()):
    time.sleep(0.01)
httpd.stop()
print('stopped')
"""
    )
    assert program.get("/").text == "bye"
    assert program.finish().splitlines() == ["after stop", "stopped"]


def test_stop_in_a_callback_of_another_server(run: Run) -> None:
    program = run(
        PRELUDE
        + """
def end(req):
    other.stop()
    req.write(str(is_open(other.port())))
other = uhttpd.Server(0)
httpd = uhttpd.Server(0)
httpd.route('/', uhttpd.GET, end)
print('PORT', httpd.port())
input()
"""
    )
    assert program.get("/").text == "False"


HANGS = ["while True: pass", "time.sleep(1000)", "while True: time.sleep(0.01)"]


def run_into_callback(run: Run, body: str, end: str) -> Program:
    """Runs a program up to its `end`, while a callback with this `body` has begun."""
    program = run(
        PRELUDE
        + f"""
def work(req):
    print('begun')
    {body}
httpd = uhttpd.Server(0)
httpd.route('/', uhttpd.GET, work)
{UNTIL_ENTER}
{end}
"""
    )
    program.connect(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    program.expect("begun\r?\n")
    program.type("\n")
    return program


def test_stop_waits_for_a_callback(run: Run) -> None:
    body = "time.sleep(1); print('ended')"
    output = run_into_callback(run, body, "httpd.stop()\nprint('stopped')").finish()
    assert output.index("ended") < output.index("stopped")


@pytest.mark.parametrize("hang", HANGS)
def test_stop_interrupts_a_callback_that_hangs(run: Run, hang: str) -> None:
    end = "httpd.stop()\nprint('stopped', is_open(httpd.port()))"
    output = run_into_callback(run, hang, end).finish()
    assert "SystemExit" in output
    assert output.splitlines()[-1] == "stopped False"


def test_stop_says_which_callback_survives_all_interruptions(run: Run) -> None:
    body = "while True:\n        try: time.sleep(1000)\n        except BaseException: pass"
    end = "try:\n    httpd.stop()\nexcept RuntimeError as e:\n    print(e)"
    program = run_into_callback(run, body, end)
    program.expect("the callback of / does not end, and the server cannot until it does\r?\n")


@pytest.mark.parametrize("hang", HANGS)
@pytest.mark.parametrize("end", ["", "sys.exit(0)"])
def test_program_ends_although_a_callback_hangs(run: Run, hang: str, end: str) -> None:
    run_into_callback(run, hang, end).finish()


def test_program_ends_in_the_middle_of_things(run: Run) -> None:
    """Clients in every state, several servers, workers that wait for a client."""
    program = run(
        PRELUDE
        + """
def read(req):
    print('reading')
    req.read()
httpd = uhttpd.Server(0, body_buffer=0)
httpd.route('/', uhttpd.GET | uhttpd.POST, read)
httpd.ws('/ws', 'secret')
others = [uhttpd.Server(0) for _ in range(3)]
print('PORT', httpd.port())
input()
"""
    )
    clients = [
        program.connect(),
        program.connect(b"GET / HT"),
        program.connect(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n"),
    ]
    program.expect("reading\r?\n")
    program.type("\n")
    program.finish()
    assert len(clients) == 3


def test_ctrl_c_ends_the_waiting_in_stop(run: Run) -> None:
    program = run(
        PRELUDE
        + """
def slow(req):
    print('begun')
    end = time.time() + 2
    while time.time() < end:
        time.sleep(0.01)
httpd = uhttpd.Server(0)
httpd.route('/', uhttpd.GET, slow)
print('PORT', httpd.port())
input()
print('stopping')
try:
    httpd.stop()
except KeyboardInterrupt:
    print('interrupted')
httpd.stop()
print('stopped', is_open(httpd.port()))
"""
    )
    program.connect(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    program.expect("begun\r?\n")
    program.type("\n")
    program.expect("stopping\r?\n")
    program.interrupt()
    output = program.finish()
    assert output.startswith("interrupted")
    assert output.endswith("stopped False\n")


def test_waiting_clients_get_503(run: Run) -> None:
    program = run(
        PRELUDE
        + """
def slow(req):
    print('begun')
    time.sleep(1)
httpd = uhttpd.Server(0, workers=1, spare_workers=0)
httpd.route('/', uhttpd.GET, slow)
print('PORT', httpd.port())
input()
time.sleep(0.3)
httpd.stop()
"""
    )
    program.connect(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    program.expect("begun\r?\n")
    waiting = program.connect(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    program.type("\n")
    assert waiting.receive(100).startswith(b"HTTP/1.1 503 ")
    program.finish()


def test_failed_construction_leaves_nothing(run: Run, free_port: int) -> None:
    """If a server could not be created, nobody listens on its port."""
    output = run(
        PRELUDE
        + f"""
for routes in ([('/a', uhttpd.GET, hello), ('b', uhttpd.GET, hello)], [5], 5.5):
    try:
        uhttpd.Server({free_port}, routes=routes)
    except (TypeError, ValueError):
        print(is_open({free_port}))
"""
    ).finish()
    assert output.splitlines() == ["False"] * 3


def test_subclass(run: Run) -> None:
    program = run(
        PRELUDE
        + """
class Mine(uhttpd.Server):
    def __init__(self):
        super().__init__(0, routes=4)
        self.route('/', uhttpd.GET, hello)
httpd = Mine()
print('PORT', httpd.port())
input()
httpd.stop()
"""
    )
    assert program.get("/").text == "hello"
    program.type("\n")
    program.finish()


def test_threads_are_given_back(run: Run) -> None:
    output = run(
        PRELUDE
        + """
for _ in range(100):
    with uhttpd.Server(0, workers=4):
        pass
import os
def threads():
    return sum(1 for _ in os.ilistdir('/proc/self/task'))
before = threads()
for _ in range(50):
    with uhttpd.Server(0, workers=16):
        pass
for _ in range(100):
    if threads() <= before:
        break
    time.sleep(0.05)
print(threads() <= before)
"""
    ).finish()
    assert output.splitlines() == ["True"]
