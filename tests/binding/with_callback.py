# SPDX-License-Identifier: MIT
"""A program for a callback that does what it should not."""

from __future__ import annotations


def program_with(callback: str) -> str:
    """A program whose route /a has this callback, and whose route /b works."""
    return f"""
import sys, time, _thread, uhttpd
{callback}
httpd = uhttpd.Server(0)
httpd.route('/a', uhttpd.GET, callback)
httpd.route('/b', uhttpd.GET, lambda req: req.write('fine'))
print('PORT', httpd.port())
input()
"""
