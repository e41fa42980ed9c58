# SPDX-License-Identifier: MIT
"""A chat: what one browser says reaches all of them."""

import uhttpd

httpd = uhttpd.Server(8080)
names = {}


def tell(name, text):
    """Sends a line to everybody."""
    chat.send({"name": name, "text": text})


def heard(ws, data):
    """The first message of a client is its name. All others are for everybody."""
    if data is None:
        if ws in names:
            tell(names.pop(ws), "has left")
    elif ws not in names:
        names[ws] = str(data)[:20]
        tell(names[ws], "is here")
    else:
        tell(names[ws], str(data))


chat = httpd.websocket("/chat", heard, clients=8, max_message=1000)


@httpd.get("/")
def page(req):
    return open("index.html")


@httpd.get("/people")
def people(req):
    return {"names": sorted(names.values())}
