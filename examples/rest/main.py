# SPDX-License-Identifier: MIT
"""A JSON API: a list of lamps that programs read, add to, change and shorten."""

import uhttpd

httpd = uhttpd.Server(8080)
lamps = {1: {"name": "desk", "on": False}}


def lamp_of(id):
    """The lamp with a number, or a 404 for the client."""
    if id not in lamps:
        uhttpd.abort(404, "There is no such lamp")
    return lamps[id]


def wanted(req):
    """What the client wants a lamp to be, or a 400 for the client."""
    lamp = req.json()
    if not isinstance(lamp, dict) or not isinstance(lamp.get("name"), str):
        uhttpd.abort(400, "A lamp needs a name")
    return {"name": lamp["name"], "on": bool(lamp.get("on"))}


@httpd.get("/lamps")
def index(req):
    return {"lamps": [dict(lamp, id=id) for id, lamp in lamps.items()]}


@httpd.post("/lamps")
def add(req):
    lamp = wanted(req)
    id = max(lamps, default=0) + 1
    lamps[id] = lamp
    return dict(lamp, id=id), 201, {"Location": "/lamps/%d" % id}


@httpd.get("/lamps/<int:id>")
def show(req, id):
    return lamp_of(id)


@httpd.put("/lamps/<int:id>")
def change(req, id):
    lamp_of(id).update(wanted(req))
    return lamps[id]


@httpd.delete("/lamps/<int:id>")
def remove(req, id):
    lamp_of(id)
    del lamps[id]
