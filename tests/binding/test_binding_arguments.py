# SPDX-License-Identifier: MIT
"""Wrong arguments raise an exception that names them."""

from __future__ import annotations

import json
from pathlib import Path

from tests.support.program import Run

EVALUATOR = """
import json, uhttpd, webrepl

httpd = uhttpd.Server(0)
Server, Request, GET = uhttpd.Server, uhttpd.Request, uhttpd.GET
def callback(req): pass
def error_of(expression):
    try:
        return repr(eval(expression))
    except BaseException as error:
        return type(error).__name__ + ': ' + str(error)
for line in open('expressions'):
    print('RESULT', json.dumps(error_of(line)))
"""

CASES = {
    # bound functions
    "Server(80, 81)": "TypeError: Server() takes 1 argument by position, 2 were given",
    "Server(prot=80)": "TypeError: Server() has no argument 'prot'",
    "Server(80, port=81)": "TypeError: Server() got 'port' twice",
    "httpd.route(methods=GET)": "TypeError: route() needs 'url'",
    "httpd.route('/a', GET, callback, 1)": (
        "TypeError: route() takes 3 arguments by position, 4 were given"
    ),
    "httpd.__exit__(None, None, traceback=None)": (
        "TypeError: __exit__() has no argument 'traceback'"
    ),
    # self
    "Server.route(5, '/a', GET, callback)": (
        "TypeError: argument should be a 'Server' not a 'int'"
    ),
    "Server.port('x')": "TypeError: argument should be a 'Server' not a 'str'",
    "Request.method(httpd)": "TypeError: argument should be a 'Request' not a 'Server'",
    "Request()": "TypeError: can't create 'Request' instances",
    # Server()
    "Server('80')": "TypeError: port: int expected",
    "Server(80.0)": "TypeError: port: int expected",
    "Server(None)": "TypeError: port: int expected",
    "Server(-1)": "ValueError: port must be 0 to 65535",
    "Server(65536)": "ValueError: port must be 0 to 65535",
    "Server(10**30)": "ValueError: port must be 0 to 65535",
    "Server(-10**30)": "ValueError: port must be 0 to 65535",
    "Server(0, routes=0)": "ValueError: routes must be 1 to 255",
    "Server(0, routes=256)": "ValueError: routes must be 1 to 255",
    "Server(0, routes=1.5)": "TypeError: routes: int, iterable or None expected",
    "Server(0, routes=[5])": "TypeError: routes[0]: (url, methods, callback) expected",
    "Server(0, routes=['/ab'])": "TypeError: routes[0]: (url, methods, callback) expected",
    "Server(0, routes=[('/a', GET, callback), ('/b', GET)])": (
        "TypeError: routes[1]: (url, methods, callback) expected"
    ),
    "Server(0, routes=[('/a', GET, 5)])": (
        "TypeError: routes[0]: (url, methods, callback) expected"
    ),
    "Server(0, routes=[('a', GET, callback)])": "ValueError: url must start with '/'",
    "Server(0, routes=[('/a', 0, callback)])": (
        "ValueError: methods must be GET, POST, DELETE ... combined by |"
    ),
    "Server(0, routes=[('/a', 255, callback)] * 32)": (
        "RuntimeError: routes need more than 255 slots"
    ),
    "Server(0, bind=5)": "TypeError: bind: str or None expected",
    "Server(0, bind=b'127.0.0.1')": "TypeError: bind: str or None expected",
    "Server(0, bind='127.0.0.1\\0')": "ValueError: bind must not contain NUL",
    "Server(0, bind='203.0.113.9')": "ValueError: bind is no address of this machine",
    "Server(0, hosts=['a/b'])": "ValueError: an item of hosts is no name or address",
    "Server(0, workers=0)": "ValueError: workers must be 1 to 16",
    "Server(0, workers=17)": "ValueError: workers must be 1 to 16",
    "Server(0, max_sockets=2)": "ValueError: max_sockets must be 3 to 64",
    "Server(0, max_sockets='4')": "TypeError: max_sockets: int or None expected",
    "Server(0, max_header=255)": "ValueError: max_header must be 256 to 65535",
    "Server(0, max_body=-1)": "ValueError: max_body must be 0 to 2147483647",
    "Server(0, header_timeout=0)": "ValueError: header_timeout must be 0.001 to 3600 seconds",
    "Server(0, body_timeout=3601)": "ValueError: body_timeout must be 0.001 to 3600 seconds",
    "Server(0, send_timeout=float('nan'))": (
        "ValueError: send_timeout must be 0.001 to 3600 seconds"
    ),
    "Server(0, idle_timeout=-0.5)": "ValueError: idle_timeout must be 0 to 86400 seconds",
    "Server(0, idle_timeout=float('inf'))": "ValueError: idle_timeout must be 0 to 86400 seconds",
    "Server(0, idle_timeout='1')": "TypeError: idle_timeout: number expected",
    "Server(0, ext_path=None)": "TypeError: ext_path: str expected",
    # route()
    "httpd.route(b'/a', GET, callback)": "TypeError: url: str expected",
    "httpd.route('a', GET, callback)": "ValueError: url must start with '/'",
    "httpd.route('', GET, callback)": "ValueError: url must start with '/'",
    "httpd.route('/*/a', GET, callback)": "ValueError: url may have a '*' only at its end",
    "httpd.route('/a?b', GET, callback)": (
        "ValueError: url is a path: it must not contain '?' or '#'"
    ),
    "httpd.ws('/ws#')": "ValueError: url is a path: it must not contain '?' or '#'",
    "httpd.route('/a\\0b', GET, callback)": "ValueError: url must not contain NUL",
    **{
        f"httpd.route('/a', {methods}, callback)": (
            "TypeError: methods must be an int such as GET | POST, "
            "or names such as ['GET', 'POST']"
        )
        for methods in ("callback", "1.0", "b'GET'", "{'GET': 1}", "True")
    },
    "httpd.route('/a', [1.0], callback)": "TypeError: methods: str expected",
    "httpd.route('/a', 'get', callback)": (
        "ValueError: methods: get has no constant: 'ANY' takes it"
    ),
    "httpd.route('/a', ['GET', 'COPY'], callback)": (
        "ValueError: methods: COPY has no constant: 'ANY' takes it"
    ),
    "httpd.route('/a', [], callback)": (
        "ValueError: methods must be GET, POST, DELETE ... combined by |"
    ),
    "httpd.route('/a', 0, callback)": (
        "ValueError: methods must be GET, POST, DELETE ... combined by |"
    ),
    "httpd.route('/a', 1 << 29, callback)": (
        "ValueError: methods must be GET, POST, DELETE ... combined by |"
    ),
    "httpd.route('/a', -1, callback)": (
        "ValueError: methods must be GET, POST, DELETE ... combined by |"
    ),
    "httpd.get('/a', 5)": "TypeError: callback: callable or None expected",
    "httpd.get('/a')(5)": "TypeError: callback must be callable",
    "httpd.route('/a')(None)": "TypeError: callback must be callable",
    "httpd.get('/<a>/<a>', callback)": "ValueError: url has two parameters of one name",
    "httpd.route('/a', GET, 'callback')": "TypeError: callback: callable or None expected",
    # serve() and ws()
    "httpd.serve('fs')": "ValueError: prefix must start with '/'",
    "httpd.serve('/f*')": ("ValueError: prefix must not contain '*', '?', '#', '<' or '>'"),
    "httpd.serve(1)": "TypeError: prefix: str or None expected",
    "httpd.serve(base='www')": "ValueError: base must start with '/'",
    "httpd.serve(base=5)": "TypeError: base: str or None expected",
    "httpd.ws('ws')": "ValueError: url must start with '/'",
    "httpd.ws('/ws', 42)": "TypeError: pwd: str, bytes-like or None expected",
    "httpd.ws('/ws', '')": "ValueError: pwd must not be empty",
    "httpd.ws('/ws', b'')": "ValueError: pwd must not be empty",
    "httpd.ws('/ws', 'a\\nb')": "ValueError: pwd must not contain CR, LF or NUL",
    "httpd.ws('/ws', 'a\\0b')": "ValueError: pwd must not contain CR, LF or NUL",
    # webrepl
    "webrepl.start('8266')": "TypeError: port: int expected",
    "webrepl.start(-1, 'x')": "ValueError: port must be 0 to 65535",
    "webrepl.start(0, 5)": "TypeError: password: str, bytes-like or None expected",
    "webrepl.start(0, b'a\\0')": "ValueError: password must not contain CR, LF or NUL",
    # valid arguments
    "Server(0, bind=None, max_sockets=None, idle_timeout=0, max_body=0).stop()": "None",
    "Server(0, routes=1, idle_timeout=0.001, workers=1, max_sockets=3).stop()": "None",
    "Server(port=0, bind='127.0.0.1', header_timeout=3600).stop()": "None",
    "Server(0, routes=(r for r in [['/a', GET, callback]])).stop()": "None",
    "httpd.route(callback=callback, methods=GET | uhttpd.POST, url='/a')": "None",
}


def test_errors_name_the_argument(run: Run, tmp_path: Path) -> None:
    (tmp_path / "expressions").write_text("".join(f"{expression}\n" for expression in CASES))
    output = run(EVALUATOR).finish()
    lines = [line for line in output.splitlines() if line.startswith("RESULT ")]
    assert len(lines) == len(CASES), output
    assert dict(zip(CASES, (json.loads(line[7:]) for line in lines))) == CASES


CONSTANTS = """
import uhttpd
names = 'GET POST DELETE PUT PATCH HEAD OPTIONS MOVE'.split()
values = [getattr(uhttpd, name) for name in names]
assert len(set(values)) == len(values) and sum(values) == 255, values
assert uhttpd.AUTH_OPEN != uhttpd.AUTH_BASIC != uhttpd.AUTH_CUSTOM != uhttpd.AUTH_OPEN
assert uhttpd.ACL_RW == uhttpd.ACL_RO | uhttpd.ACL_WO
assert all(acl < 400 for acl in (uhttpd.ACL_RO, uhttpd.ACL_WO, uhttpd.ACL_RW))
"""


def test_constants(run: Run) -> None:
    assert run(CONSTANTS).finish() == ""
