# SPDX-License-Identifier: MIT
"""MicroPython programs, and parts of them, that tests of several files start."""

from __future__ import annotations

IS_OPEN = """
def is_open(port):
    import socket
    probe = socket.socket()
    try:
        probe.connect(socket.getaddrinfo('127.0.0.1', port)[0][-1])
        return True
    except OSError:
        return False
    finally:
        probe.close()
"""
"""Whether somebody listens on a port."""

UNTIL_ENTER = """
print('PORT', httpd.port())
input()
"""
"""The end of a program: it prints its port, and runs until a line is typed."""


def with_callback(callback: str, settings: str = "") -> str:
    """A program whose route /a has this callback, and whose route /b works."""
    return f"""
import sys, time, _thread, uhttpd
{callback}
httpd = uhttpd.Server(0, {settings})
httpd.route('/a', uhttpd.GET, callback)
httpd.route('/b', uhttpd.GET, lambda req: req.write('fine'))
{UNTIL_ENTER}"""
