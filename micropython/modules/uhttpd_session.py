# SPDX-License-Identifier: MIT
"""Sessions that are kept in a signed cookie: `req.g.session` is a dict that the next request finds again."""

import binascii
import hashlib
import json
import time

_BLOCK = 64  # bytes of SHA-256
_MOST = 1000  # bytes of a session: each request brings it, among its headers


def _base64(data):
    text = binascii.b2a_base64(data).decode().rstrip("=\n")
    return text.replace("+", "-").replace("/", "_")


def _unbase64(text):
    text = text.replace("-", "+").replace("_", "/")
    return binascii.a2b_base64(text + "=" * (-len(text) % 4))


def _equal(a, b):
    # How long it takes tells nothing of where they differ.
    different = len(a) ^ len(b)
    for x, y in zip(a, b):
        different |= x ^ y
    return not different


class Session:
    """Gives each request a session, and sends what has changed in it as a cookie."""

    def __init__(
        self,
        httpd,
        secret_key,
        *,
        cookie="session",
        max_age=86400,
        path="/",
        secure=False,
        samesite="Lax",
    ):
        if isinstance(secret_key, str):
            secret_key = secret_key.encode()
        if not isinstance(secret_key, (bytes, bytearray)):
            raise TypeError("secret_key must be a str or bytes")
        if len(secret_key) < 16:
            raise ValueError(
                "secret_key must have at least 16 bytes that nobody can guess, "
                "such as those of os.urandom(16)"
            )
        if not isinstance(max_age, int) or isinstance(max_age, bool) or max_age < 1:
            raise ValueError("max_age must be a number of seconds, at least 1")
        if len(secret_key) > _BLOCK:
            secret_key = hashlib.sha256(secret_key).digest()
        key = bytes(secret_key) + bytes(_BLOCK - len(secret_key))
        self._inner = bytes(b ^ 0x36 for b in key)
        self._outer = bytes(b ^ 0x5C for b in key)
        self._cookie = cookie
        self._max_age = max_age
        self._options = {
            "path": path,
            "secure": secure,
            "httponly": True,
            "samesite": samesite,
        }
        httpd.before_request(self._load)
        httpd.after_request(self._save)

    def _sign(self, text):
        # HMAC (RFC 2104). With the name of the cookie, so that one is not taken for another.
        inner = hashlib.sha256(self._inner)
        inner.update((self._cookie + "=" + text).encode())
        outer = hashlib.sha256(self._outer)
        outer.update(inner.digest())
        return outer.digest()

    def _text(self, session):
        # In one order, whatever order the dict has, so that what has not changed is the same.
        return json.dumps(session)

    def _open(self, value):
        """The text of a session and its age; '{}' if it is none of ours, or too old."""
        try:
            signed, mac = value.rsplit(".", 1)
            if not _equal(_unbase64(mac), self._sign(signed)):
                return "{}", 0
            issued, text = signed.split(".")
            age = int(time.time()) - int(issued)
            if 0 <= age < self._max_age:
                return _unbase64(text).decode(), age
        except (ValueError, UnicodeError):
            pass
        return "{}", 0

    def _load(self, req):
        value = req.cookie(self._cookie)
        text, age = self._open(value) if value else ("{}", 0)
        req.g.session = json.loads(text)
        req.g._session = (self._text(req.g.session), age, bool(value))

    def _save(self, req, response):
        session = getattr(req.g, "session", None)
        if session is None:
            return
        before, age, had_cookie = req.g._session
        text = self._text(session)
        if text == before and (text == "{}" or age < self._max_age // 2):
            return
        if text == "{}":
            if had_cookie:
                response.set_cookie(self._cookie, "", max_age=0, **self._options)
            return
        if len(text) > _MOST:
            raise ValueError("the session is too long: as JSON it may have 1000 bytes")
        signed = "%d.%s" % (int(time.time()), _base64(text.encode()))
        value = signed + "." + _base64(self._sign(signed))
        response.set_cookie(self._cookie, value, max_age=self._max_age, **self._options)
