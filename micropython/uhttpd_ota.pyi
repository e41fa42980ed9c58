# SPDX-License-Identifier: MIT
"""A firmware that is replaced over the network: uhttpd.ota()."""

from collections.abc import Callable

_Check = Callable[[], object]

def ota(
    httpd: object,
    password: str,
    url: str = "/ota",
    *,
    user: str = "ota",
    check: _Check | None = None,
    file: str = "/.ota",
) -> str:
    """Lets a client replace the firmware. Takes three slots. Boards of the port esp32 only.

    `url` shows a page that uploads a file; `curl -u ota:PASSWORD -T firmware.bin http://BOARD/ota`
    does the same. The image must be one for this chip, and be whole: its length and its digest
    (SHA-256) are checked before the board starts it. If the connection breaks off, or anything is
    wrong with the image, the firmware that runs stays.

    A new firmware is on probation. When it calls ota() in turn, `check` decides whether it stays.
    If it does not, or if the board is reset before, the board starts the old one again (rollback).

    Example::

        httpd = uhttpd.Server(max_body=0)
        print(uhttpd.ota(httpd, 'a long password', check=wlan.isconnected))

    Args:
        httpd: The Server. Its `max_body` must be as long as an image, or 0. Its own `auth` does
            not count for these URLs.
        password: At least 8 characters, which a client must know to replace the firmware.
        url: Where the page is, and where images go by POST or PUT.
        user: The name that belongs to the password.
        check: Called once after an update, without arguments. False, None or an exception: the
            board goes back to the old firmware. None: a firmware that gets this far is good.
        file: Where it is noted that there was an update.

    Returns:
        What became of the last update: 'new' if this is the first start of a new firmware, 'back'
        if the board has gone back to the old one, or ''.

    Raises:
        TypeError: An argument is of the wrong type.
        ValueError: The password is shorter than 8 characters, or `user` has a colon.
        OSError: The flash has no second partition for a firmware.
        RuntimeError: As for Server.route().
    """
