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
OWNERS = {"": "uhttpd", "Server": "httpd", "Request": "req"}
OWNERS |= {"WebSocket": "ws", "WebSocketGroup": "group"}
RIGHT = {"url": "'/right'", "methods": "1", "callback": "callback", "key": "'a'", "name": "'a'"}
RIGHT |= {"data": "'a'", "buffer": "bytearray(4)", "cb": "None"}

PROGRAM = """
import json, uhttpd
def callback(*args): pass
def errors(req):
    httpd = uhttpd.Server(0, routes=255, events=1)
    results = []
    for line in open('calls'):
        try:
            eval(line, {'uhttpd': uhttpd, 'httpd': httpd, 'req': req, 'callback': callback,
                        'group': group, 'ws': group_clients[0]})
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
    if kinds & (Kind.OBJECT | Kind.BOOL):  # every object has a truth value
        return True
    if kind is Kind.INT:
        return bool(kinds & Kind.FLOAT) or not wrong_number(parameter)
    if kind in (Kind.STR, Kind.BYTES, Kind.BUFFER, Kind.DICT, Kind.LIST) and kinds & Kind.ITERABLE:
        return True
    if kind is Kind.BUFFER and kinds & Kind.BYTES:
        return True
    return bool(kinds & kind)


def calls_of(owner: str, function: Function) -> Iterator[tuple[str, str]]:
    """Calls with one wrong argument, and the argument's name."""
    callee = "uhttpd.Server" if function.name == "__init__" else f"{OWNERS[owner]}.{function.name}"
    for wrong in function.parameters:
        for kind, value in VALUES.items():
            if wrong.positional_only or is_allowed(kind, wrong):
                continue
            given = {p.name: RIGHT[p.name] for p in function.parameters if p.required}
            given[wrong.name] = value
            arguments = ", ".join(f"{name}={text}" for name, text in given.items())
            yield f"{callee}({arguments})", wrong.name


def all_calls() -> list[tuple[str, str]]:
    """All wrong calls."""
    stub = parse(MICROPYTHON / "uhttpd.pyi")
    functions = [("", function) for function in stub.functions]
    for owner in stub.classes:
        methods = [*owner.methods, *([owner.constructor] if owner.constructor else [])]
        functions += [(owner.name, method) for method in methods]
    return [call for owner, function in functions for call in calls_of(owner, function)]


def test_each_is_refused_by_name(run: Run, sockets: Sockets, tmp_path: Path) -> None:
    calls = all_calls()
    assert len(calls) > 300
    (tmp_path / "calls").write_text("".join(f"{call}\n" for call, _ in calls))
    program = run(PROGRAM + "input()\n")
    sockets(program)
    results = httpx.post(program.url("/"), content="x", timeout=PATIENCE).json()
    wrong = []
    assert len(results) == len(calls)
    for (call, name), error in zip(calls, results):
        if not error.startswith(("TypeError: ", "ValueError: ")) or name not in error:
            wrong.append((call, error))
    assert wrong == []
