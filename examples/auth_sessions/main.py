# SPDX-License-Identifier: MIT
"""Logging in with a password, staying logged in by a session, and logging out."""

import binascii
import os

import uhttpd
from uhttpd_session import Session

PASSWORD = "changeme"
KEY_FILE = "session.key"

STRANGER = "<h1>Hello</h1><a href=/login>Log in</a>"
MEMBER = """<h1>Hello, {}</h1>
<p>You have switched the lamp {} times.
<form method=post action=/lamp><button>Switch the lamp</button></form>
<form method=post action=/logout><button>Log out</button></form>"""


def secret_key():
    """A key of this board's own, which is made once."""
    if KEY_FILE not in os.listdir():
        with open(KEY_FILE, "wb") as file:
            file.write(binascii.hexlify(os.urandom(16)))
    with open(KEY_FILE, "rb") as file:
        return file.read()


httpd = uhttpd.Server(8080, headers={"X-Frame-Options": "DENY"})
Session(httpd, secret_key())


@httpd.before_request
def members_only(req):
    if req.path() not in ("/", "/login") and "user" not in req.g.session:
        return "Log in first", 401


@httpd.get("/")
def index(req):
    session = req.g.session
    return MEMBER.format(session["user"], session["count"]) if session else STRANGER


@httpd.get("/login", auth=("admin", PASSWORD))
def login(req):
    req.g.session.update(user="admin", count=0)
    return uhttpd.redirect("/")


@httpd.post("/lamp")
def lamp(req):
    req.g.session["count"] += 1
    return uhttpd.redirect("/", 303)


@httpd.post("/logout")
def logout(req):
    req.g.session.clear()
    return uhttpd.redirect("/", 303)
