# SPDX-License-Identifier: MIT
"""The files of one folder in a browser: list, download, upload, remove. It asks for a password."""

import os

import uhttpd

USER, PASSWORD = "admin", "changeme"
FOLDER = os.getcwd().rstrip("/") + "/files"

if "files" not in os.listdir():
    os.mkdir(FOLDER)

httpd = uhttpd.Server(8080, auth=(USER, PASSWORD))


def allowed(path):
    """Lets nobody write what a board would run, and everything else be."""
    return uhttpd.ACL_RO if path.endswith((".py", ".mpy")) else uhttpd.ACL_RW


@httpd.get("/")
def page(req):
    return open("index.html")


@httpd.get("/space")
def space(req):
    size, _, blocks, free = os.statvfs(FOLDER)[:4]
    return {"size": size * blocks, "free": size * free}


httpd.file_acl(allowed)
httpd.serve("/files", FOLDER, index=None)
httpd.receive(prefix="/files", base=FOLDER, delete=True, max_size=1024 * 1024)
