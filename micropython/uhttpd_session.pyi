# SPDX-License-Identifier: MIT
"""Sessions for callbacks of uhttpd: with each request a browser brings `req.g.session`, a dict.

It travels in a cookie, signed with a key (HMAC-SHA256), so the board keeps nothing, and sessions
survive a restart. Whoever has the cookie can read what is in it, but not change it: put names
there, and no secrets.

Example::

    import uhttpd, uhttpd_session

    httpd = uhttpd.Server(8080)
    uhttpd_session.Session(httpd, secret_key='16 bytes or more that nobody can guess')

    @httpd.get('/')
    def count(req):
        req.g.session['visits'] = req.g.session.get('visits', 0) + 1
        return 'visit number %d' % req.g.session['visits']
"""

_Text = str | bytes | bytearray

class Session:
    """Gives each request that a callback answers a session, and sends back what has changed.

    A callback has to return its answer: what it sends by write() has no cookie. A session that is
    empty is removed from the browser, so `req.g.session.clear()` logs somebody out there. A copy
    of the old cookie is good until it is too old. To make an end to all of them, change the key.
    """

    def __init__(
        self,
        httpd: object,
        secret_key: _Text,
        *,
        cookie: str = "session",
        max_age: int = 86400,
        path: str = "/",
        secure: bool = False,
        samesite: str = "Lax",
    ) -> None:
        """Adds to a server what its callbacks need, by before_request() and after_request().

        A session whose signature is wrong or that is too old is an empty one. So are all those
        of a board whose clock was set back by more than five minutes.

        Args:
            httpd: The Server.
            secret_key: At least 16 bytes. `binascii.hexlify(os.urandom(16))` makes a good one;
                keep it in a file that is not served.
            cookie: The cookie's name.
            max_age: Seconds after which a session ends that is not used any more.
            path: As for Response.set_cookie().
            secure: As for Response.set_cookie(), for a board behind a proxy that has HTTPS.
            samesite: As for Response.set_cookie().

        Raises:
            TypeError: An argument is of the wrong type; the message names it.
            ValueError: `secret_key` is too short, `max_age` is not positive, or the cookie cannot
                be sent like this. In after_request() also: a session is longer than 1000 bytes as
                JSON, is no dict, or has a value that JSON does not know.
        """
