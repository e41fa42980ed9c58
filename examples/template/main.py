# SPDX-License-Identifier: MIT
"""Pages from templates of utemplate, sent line by line, so that a long one needs little memory."""

import os

import uhttpd
from templates.index_html import render

httpd = uhttpd.Server(8080)


def modules():
    """Yields the name of each file here, and its size, one at a time."""
    for name in sorted(os.listdir()):
        yield uhttpd.escape(name), os.stat(name)[6]


def free():
    """Bytes that are free for files."""
    size, _, _, blocks = os.statvfs(os.getcwd())[:4]
    return size * blocks


@httpd.get("/")
def index(req):
    return render(uhttpd.escape(req.args.get("name", "you")), modules(), free())
