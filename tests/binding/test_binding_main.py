# SPDX-License-Identifier: MIT
"""Callbacks run whatever the main program does."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.support.program import Run
from tests.support.waiting import PATIENCE

SETUP = """
import select, sys, time, uhttpd
count = 0
def callback(req):
    global count
    count += 1
    req.write('%s %d' % (req.query('n'), count))
httpd = uhttpd.Server(0)
httpd.route('/', uhttpd.GET, callback)
print('PORT', httpd.port())
"""

MAIN = {
    "asleep": "while True: time.sleep(1000)",
    "asleep_ms": "while True: time.sleep_ms(1000000)",
    "naps": "while True: time.sleep_ms(1)",
    "busy": "while True: pass",
    "busy with objects": "while True: [str(i) for i in range(100)]",
    "polling": "p = select.poll(); p.register(sys.stdin)\nwhile True: p.poll(1000)",
    "polling for ever": "p = select.poll(); p.register(sys.stdin)\nwhile True: p.poll()",
    "at input": "input()",
}


@pytest.mark.parametrize("main", MAIN)
def test_callbacks_run(run: Run, main: str) -> None:
    program = run(SETUP + MAIN[main])
    with httpx.Client(timeout=PATIENCE) as client:
        answers = [client.get(program.url(f"/?n={n}")).text for n in range(20)]
    assert answers == [f"b'{n}' {n + 1}" for n in range(20)]


def test_callbacks_run_at_the_prompt(run: Run) -> None:
    program = run(SETUP, prompt=True)
    assert program.get("/?n=5").text == "b'5' 1"
    program.expect(">>> ")
    program.type("count\r")
    program.expect("count\r?\n1\r?\n")
    program.type("print('be' 'gun'); exec('while True: pass')\r")
    program.expect("begun")
    assert program.get("/?n=6").text == "b'6' 2"
    program.interrupt()
    program.expect("KeyboardInterrupt")
    program.type("httpd.stop()\r")
    program.expect(r"stop\(\)\r?\n>>> ")


def test_collections_under_load(run: Run) -> None:
    """Objects of callbacks and of the main program survive each other's collections."""
    program = run(
        """
import gc, uhttpd
def callback(req):
    values = [str(i) * 3 for i in range(40)]
    items = {key: value for key, value in req.parse_qs().items()}
    body = req.read()
    headers = req.headers()
    values += [bytes(20) for _ in range(20)]
    text = ','.join(values[:40]) + repr(sorted(items.items())) + repr(headers['x-n']) + repr(body)
    req.write(text, headers={'X-Echo': body, b'X-N': items[b'n']})
httpd = uhttpd.Server(0, workers=4)
httpd.route('/', uhttpd.POST, callback)
print('PORT', httpd.port())
gc.threshold(2000)
while True:
    litter = [bytearray(50) for _ in range(100)]
    files = [open('/dev/null', 'rb') for _ in range(3)]
    assert all(len(item) == 50 and not any(item) for item in litter)
"""
    )
    expected = ",".join(str(i) * 3 for i in range(40))

    def ask(client: int) -> int:
        good = 0
        with httpx.Client(timeout=PATIENCE) as session:
            for n in range(30):
                number = f"{client}.{n}"
                reply = session.post(
                    program.url(f"/?n={number}&m=%20"),
                    content=number * 10,
                    headers={"X-N": number},
                )
                text = f"{expected}[(b'm', b' '), (b'n', b'{number}')]'{number}'b'{number * 10}'"
                echo = (reply.headers.get("X-Echo"), reply.headers.get("X-N"))
                good += reply.text == text and echo == (number * 10, number)
        return good

    program.port  # noqa: B018 - waits until it is known
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(ask, range(4))) == [30] * 4


def test_blocked_client_holds_no_python(run: Run) -> None:
    """While a callback waits for a client that does not read, main and other callbacks go on."""
    program = run(
        """
import time, uhttpd
def big(req):
    print('sending')
    req.write(bytes(50000000))
httpd = uhttpd.Server(0, send_timeout=60)
httpd.route('/big', uhttpd.GET, big)
httpd.route('/small', uhttpd.GET, lambda req: req.write('small'))
print('PORT', httpd.port())
while True:
    time.sleep_ms(10)
"""
    )
    stuck = program.connect(b"GET /big HTTP/1.1\r\nHost: x\r\n\r\n")
    program.expect("sending\r?\n")
    assert program.get("/small").text == "small"
    stuck.close()
