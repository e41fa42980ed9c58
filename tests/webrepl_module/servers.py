# SPDX-License-Identifier: MIT
"""Programs whose terminal clients test."""

from __future__ import annotations

PASSWORD = "correct horse battery staple"

# A program whose sessions the firmware serves, and one that accepts them itself.
NATIVE = f"""
import webrepl
webrepl.start(0, {PASSWORD!r})
print('PORT', webrepl.listen_s.port())
"""
ACCEPTING = f"""
import webrepl
def accept(listen_sock):
    print('ACCEPTED', webrepl.accept_conn(listen_sock))
webrepl.start({{port}}, {PASSWORD!r}, accept)
print('PORT {{port}}')
"""
