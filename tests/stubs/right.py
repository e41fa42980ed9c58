# SPDX-License-Identifier: MIT
"""What a checker must know of a program that is right."""

from __future__ import annotations

import asyncio
from typing import assert_type

import _webrepl
import uhttpd
import webrepl

httpd = uhttpd.Server(8080, events=4)
assert_type(httpd.port(), int)
assert_type(httpd.dispatch({"celsius": 21}), bool)
assert_type(uhttpd.redirect("/"), uhttpd.Response)


@httpd.get("/users/<int:id>")
def user(req: uhttpd.Request, id: int) -> object:
    assert_type(req.method_name(), str)
    assert_type(req.header("Authorization"), "str | None")
    assert_type(req.query("key"), "bytes | bool | None")
    if id > req.json()["last"]:
        uhttpd.abort(404)
    return {"id": id}


@httpd.before_request
def before(req: uhttpd.Request) -> object:
    req.g.user = req.cookie("user")
    return None


@httpd.after_request
def after(req: uhttpd.Request, response: uhttpd.Response) -> None:
    assert_type(response.status_code, int)
    response.headers["X-User"] = req.g.user


@httpd.post("/form")
def form(req: uhttpd.Request) -> object:
    name = req.form()["name"].upper()
    for part in req.parts():
        assert_type(part.filename, "str | None")
    return uhttpd.escape(name + req.args.get("suffix", ""))


@httpd.errorhandler(404)
def nothing(req: uhttpd.Request) -> object:
    return "nothing here"


def heard(ws: uhttpd.WebSocket, data: str | bytes | None) -> None:
    if data is not None:
        chat.send(data)


chat = httpd.websocket("/chat", heard)
assert_type(chat, uhttpd.WebSocketGroup)
assert_type(len(chat), int)

with uhttpd.Server(auth=("user", "password")) as other:
    assert_type(other, uhttpd.Server)

webrepl.start(password="changeme")
_webrepl.password("changeme")
asyncio.run(httpd.serve_forever())
