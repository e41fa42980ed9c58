# SPDX-License-Identifier: MIT
"""Callbacks that fail, and requests that outlive their callbacks."""

from __future__ import annotations

import pytest

from tests.support.program import Run
from tests.support.scripts import with_callback


@pytest.mark.parametrize(
    "method",
    [
        *("method()", "uri()", "path()", "length()", "remote()", "header('a')", "headers()"),
        *("query('a')", "parse_qs()", "read()", "readinto(bytearray(4))"),
        *("write('a')", "send_chunk('a')", "send_chunk(None)", "send('a')"),
    ],
)
def test_request_is_over_with_its_callback(run: Run, method: str) -> None:
    program = run(
        f"""
import gc, uhttpd
kept = []
def callback(req):
    kept.append(req)
    req.write('answer')
httpd = uhttpd.Server(0, workers=1)
httpd.route('/a', uhttpd.GET, callback)
print('PORT', httpd.port())
input()
gc.collect()
try:
    print('RETURNED', kept[0].{method})
except RuntimeError as error:
    print('ERROR', error)
assert kept[0].server() is httpd
"""
    )
    for _ in range(2):  # the only worker answers again, so the first callback has returned
        assert program.get("/a").text == "answer"
    program.type("\n")
    program.expect("ERROR the request is over: its callback has returned\r?\n")
    program.finish()


def test_request_belongs_to_the_thread_of_its_callback(run: Run) -> None:
    program = run(
        with_callback(
            """
def other(req):
    try:
        req.write('from another thread')
    except RuntimeError as error:
        print('ERROR', error)
def callback(req):
    _thread.start_new_thread(other, (req,))
    time.sleep(0.5)
    req.write('mine')
"""
        )
    )
    assert program.get("/a").text == "mine"
    program.expect("ERROR the request belongs to the thread of its callback\r?\n")


def test_callbacks_of_any_kind(run: Run) -> None:
    program = run(
        """
import uhttpd
class Page:
    def __init__(self, text): self.text = text
    def __call__(self, req): req.write(self.text)
    def method(self, req): req.write(self.text + ' by method')
page = Page('page')
routes = [
    ('/object', uhttpd.GET, page),
    ['/method', uhttpd.GET, page.method],
    (item for item in ('/lambda', uhttpd.GET, lambda req: req.write('lambda'))),
    ('/any/*', uhttpd.GET, lambda req: req.write(req.path())),
]
httpd = uhttpd.Server(0, routes=iter(routes))
print('PORT', httpd.port())
try:
    httpd.route('/more', uhttpd.GET, page)
except RuntimeError as error:
    print('ERROR', error)
input()
"""
    )
    answers = [program.get(path).text for path in ("/object", "/method", "/lambda", "/any/a/b")]
    assert answers == ["page", "page by method", "lambda", "/any/a/b"]
    program.expect(r"ERROR all routes were given to Server\(\): there can be no more\r?\n")


def test_methods_of_a_route(run: Run) -> None:
    program = run(with_callback("def callback(req):\n req.write('body')"))
    import httpx

    head = httpx.head(program.url("/a"))
    assert (head.status_code, head.content, head.headers["Content-Length"]) == (200, b"", "4")
    refused = httpx.post(program.url("/a"))
    assert refused.status_code == 405
    assert {"GET", "HEAD", "OPTIONS"} <= set(refused.headers["Allow"].split(", "))
    assert program.get("/c").status_code == 404


def test_slots_run_out(run: Run) -> None:
    output = run(
        """
import uhttpd
def callback(req): pass
httpd = uhttpd.Server(0, routes=4)
httpd.route('/a', uhttpd.GET | uhttpd.POST, callback)
for methods in (uhttpd.GET | uhttpd.POST, uhttpd.GET, uhttpd.GET):
    try:
        httpd.route('/b', methods, callback)
        print('added')
    except RuntimeError as error:
        print(error)
for add in (httpd.serve, lambda: httpd.ws('/ws')):
    try:
        add()
    except RuntimeError as error:
        print(error)
"""
    ).finish()
    full = "no slot is left: give Server() more routes"
    assert output.splitlines() == [full, "added", full, full, full]


def test_many_callbacks_at_a_time(run: Run) -> None:
    """Four callbacks wait for each other, which needs four workers."""
    from concurrent.futures import ThreadPoolExecutor

    program = run(
        """
import time, uhttpd
inside = 0
def callback(req):
    global inside
    inside += 1
    while inside < 4:
        time.sleep(0.01)
    req.write('together')
httpd = uhttpd.Server(0, workers=4)
httpd.route('/', uhttpd.GET, callback)
print('PORT', httpd.port())
input()
"""
    )
    program.port  # noqa: B018 - waits until it is known
    with ThreadPoolExecutor(4) as pool:
        assert {reply.text for reply in pool.map(program.get, ["/"] * 4)} == {"together"}


def test_a_callback_that_sleeps_wakes_beside_a_program_that_collects(run: Run) -> None:
    """The sleep is over when the program lets go of the GIL, although each collection cuts it."""
    board = run("""
import gc, time, uhttpd
slept = begun = False
def sleep(req):
    global slept, begun
    begun = True
    time.sleep(1)
    slept = True
    req.write('awake')
httpd = uhttpd.Server(0)
httpd.route('/', uhttpd.GET, sleep)
print('PORT', httpd.port())
while not begun:
    time.sleep(0.001)
end = time.ticks_add(time.ticks_ms(), 1100)
def collect(_):
    gc.collect()
    return time.ticks_diff(end, time.ticks_ms()) < 0
any(map(collect, range(1000000)))  # the GIL is not given back meanwhile
for _ in range(700):
    if not slept:
        time.sleep(0.001)
print('SLEPT', slept)
input()
""")
    assert board.get("/").text == "awake"
    board.expect("SLEPT True")
