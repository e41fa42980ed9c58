# SPDX-License-Identifier: MIT
"""Pages from templates of utemplate, sent line by line, so that a long one needs little memory."""

import os

import uhttpd
from templates.index_html import render

httpd = uhttpd.Server(8080)


def escape(text):
    """Text as it must be written in HTML."""
    for letter, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;")):
        text = text.replace(letter, entity)
    return text


def modules():
    """Yields the name of each file here, and its size, one at a time."""
    for name in sorted(os.listdir()):
        yield escape(name), os.stat(name)[6]


def free():
    """Bytes that are free for files."""
    size, _, _, blocks = os.statvfs(os.getcwd())[:4]
    return size * blocks


@httpd.get("/")
def index(req):
    name = req.query("name") or b"you"
    return render(escape(name.decode()), modules(), free())
