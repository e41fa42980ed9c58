# SPDX-License-Identifier: MIT
"""Each argument of each function gets each type that the stub does not allow."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
from bindgen.model import Function, Kind, Parameter
from bindgen.parse import parse

from tests.support.paths import MICROPYTHON
from tests.support.program import Run
from tests.support.waiting import PATIENCE

from .socket_client import Sockets

VALUES = {
    Kind.NONE: "None",
    Kind.BOOL: "True",
    Kind.INT: "12345678901234567890",
    Kind.FLOAT: "0.5",
    Kind.STR: "'text'",
    Kind.BYTES: "b'bytes'",
    Kind.BUFFER: "bytearray(4)",
    Kind.DICT: "{}",
    Kind.LIST: "[5]",
    Kind.CALLABLE: "callback",
    Kind.OBJECT: "object()",
}

# What can be called, and examples of right arguments.
STUBS = ["uhttpd", "webrepl", "_webrepl"]
OWNERS = {"Server": "httpd", "Request": "req", "WebSocket": "ws", "WebSocketGroup": "group"}
OWNERS |= {"Response": "uhttpd.Response()", "MultiDict": "req.args", "Part": "part"}
RIGHT = {"url": "'/right'", "methods": "1", "callback": "callback", "key": "'a'", "name": "'a'"}
RIGHT |= {"data": "'a'", "buffer": "bytearray(4)", "cb": "None", "port": "0", "password": "'a'"}
RIGHT |= {"page": "callback", "trace": "callback", "origins": "None"}
RIGHT |= {"status": "404", "value": "'a'", "error": "404", "text": "'a'"}
RIGHT |= {"function": "callback", "path": "'a'"}
ALSO_GIVEN = {"webrepl.start": ["password"], "webrepl.start_foreground": ["password"]}

PROGRAM = """
import json, _webrepl, uhttpd, webrepl
def callback(*args): pass
def errors(req):
    httpd = uhttpd.Server(0, routes=255, events=1)
    part = req.files()['file']
    names = {'part': part, 'uhttpd': uhttpd, 'webrepl': webrepl, '_webrepl': _webrepl,
             'httpd': httpd, 'req': req, 'callback': callback, 'group': group,
             'ws': group_clients[0]}
    results = []
    for line in open('calls'):
        try:
            eval(line, names)
            results.append('nothing')
        except Exception as error:
            results.append(type(error).__name__ + ': ' + str(error))
    httpd.stop()
    req.write(json.dumps(results))
server = uhttpd.Server(0)
group_clients = []
group = server.websocket('/ws', callback, opened=group_clients.append)
server.route('/', uhttpd.POST, errors)
print('PORT', server.port())
"""


def wrong_number(parameter: Parameter) -> bool:
    """Whether an int can be wrong: because the type is another one, or because it has a range."""
    return not parameter.type.kinds & Kind.INT or parameter.type.range is not None


def is_allowed(kind: Kind, parameter: Parameter) -> bool:
    """Whether a value of that kind is allowed."""
    kinds = parameter.type.kinds
    if kinds & Kind.OBJECT:
        return True
    if kind is Kind.INT:
        return bool(kinds & Kind.FLOAT) or not wrong_number(parameter)
    if kind in (Kind.STR, Kind.BYTES, Kind.BUFFER, Kind.DICT, Kind.LIST) and kinds & Kind.ITERABLE:
        return True
    if kind is Kind.BUFFER and kinds & Kind.BYTES:
        return True
    return bool(kinds & kind)


def calls_of(callee: str, function: Function) -> Iterator[tuple[str, str]]:
    """Calls with one wrong argument, and the argument's name."""
    for wrong in function.parameters:
        for kind, value in VALUES.items():
            if wrong.positional_only or is_allowed(kind, wrong):
                continue
            given = {p.name: RIGHT[p.name] for p in function.parameters if p.required}
            given |= {name: RIGHT[name] for name in ALSO_GIVEN.get(callee, [])}
            given[wrong.name] = value
            arguments = ", ".join(f"{name}={text}" for name, text in given.items())
            yield f"{callee}({arguments})", wrong.name


def calls_of_stub(module: str) -> Iterator[tuple[str, str]]:
    """All wrong calls of a module's functions and methods."""
    stub = parse(MICROPYTHON / f"{module}.pyi")
    for function in stub.functions:
        yield from calls_of(f"{module}.{function.name}", function)
    for owner in stub.classes:
        if owner.constructor:
            yield from calls_of(f"{module}.{owner.name}", owner.constructor)
        for method in owner.methods:
            if method.name.startswith("__"):
                continue  # of operators, which give it what they have
            yield from calls_of(f"{OWNERS.get(owner.name)}.{method.name}", method)


def test_each_is_refused_by_name(run: Run, sockets: Sockets, tmp_path: Path) -> None:
    calls = [call for module in STUBS for call in calls_of_stub(module)]
    assert len(calls) > 500
    (tmp_path / "calls").write_text("".join(f"{call}\n" for call, _ in calls))
    program = run(PROGRAM + "input()\n")
    sockets(program)
    results = httpx.post(program.url("/"), files={"file": b"x"}, timeout=PATIENCE).json()
    wrong = []
    assert len(results) == len(calls)
    for (call, name), error in zip(calls, results):
        if not error.startswith(("TypeError: ", "ValueError: ")) or name not in error:
            wrong.append((call, error))
    assert wrong == []
