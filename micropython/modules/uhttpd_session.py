# SPDX-License-Identifier: MIT
"""The module uhttpd_session. uhttpd_session.pyi documents its names."""

import binascii
import hashlib
import json
import time

import uhttpd

_BLOCK = 64  # bytes of SHA-256
_MOST = 1000  # bytes: each request brings the session among its headers
_BACK = 300  # seconds by which a clock may be set back


def _base64(data):
    text = binascii.b2a_base64(data).decode().rstrip("=\n")
    return text.replace("+", "-").replace("/", "_")


def _unbase64(text):
    text = text.replace("-", "+").replace("_", "/")
    return binascii.a2b_base64(text + "=" * (-len(text) % 4))


def _equal(a, b):
    # How long this takes does not tell where they differ.
    different = len(a) ^ len(b)
    for x, y in zip(a, b):
        different |= x ^ y
    return not different


def _key(secret):
    if isinstance(secret, str):
        secret = secret.encode()
    if not isinstance(secret, (bytes, bytearray)):
        raise TypeError("secret_key must be a str or bytes")
    if len(secret) < 16:
        raise ValueError("secret_key must have 16 bytes or more, as from os.urandom(16)")
    if len(secret) > _BLOCK:
        secret = hashlib.sha256(secret).digest()
    return bytes(secret) + bytes(_BLOCK - len(secret))


class Session:
    """Sessions of one server."""

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
        """Adds its hooks to the server."""
        key = _key(secret_key)
        self._inner = bytes(byte ^ 0x36 for byte in key)
        self._outer = bytes(byte ^ 0x5C for byte in key)
        if not isinstance(max_age, int) or isinstance(max_age, bool):
            raise TypeError("max_age must be an int")
        if max_age < 1:
            raise ValueError("max_age must be 1 or more")
        self._cookie = cookie
        self._max_age = max_age
        self._options = {"path": path, "secure": secure, "httponly": True, "samesite": samesite}
        self._set(uhttpd.Response(), "", 0)  # raises what is wrong with them
        httpd.before_request(self._load)
        httpd.after_request(self._save)

    def _set(self, response, value, max_age):
        response.set_cookie(self._cookie, value, max_age=max_age, **self._options)

    def _sign(self, text):
        # HMAC (RFC 2104), with the name of the cookie, so that one is not taken for another.
        inner = hashlib.sha256(self._inner)
        inner.update(f"{self._cookie}={text}".encode())
        outer = hashlib.sha256(self._outer)
        outer.update(inner.digest())
        return outer.digest()

    def _open(self, value):
        # Returns the session and its age in seconds; an empty one unless it is ours, and not old.
        try:
            signed, mac = value.rsplit(".", 1)
            if _equal(mac.encode(), _base64(self._sign(signed)).encode()):
                issued, text = signed.split(".")
                age = int(time.time()) - int(issued)
                if -_BACK <= age < self._max_age:
                    return json.loads(_unbase64(text)), age
        except ValueError:
            pass
        return {}, 0

    def _load(self, req):
        value = req.cookie(self._cookie)
        session, age = self._open(value) if value else ({}, 0)
        req.g.session = session
        req.g._session = json.dumps(session), age, bool(value)

    def _save(self, req, response):
        session = getattr(req.g, "session", None)
        if session is None:
            return  # the error of a request that no callback answers
        before, age, had_cookie = req.g._session
        if not session:
            if had_cookie:
                self._set(response, "", 0)
            return
        text = json.dumps(session)
        if text != before or age >= self._max_age // 2:
            self._set(response, self._seal(session, text), self._max_age)

    def _seal(self, session, text):
        if not isinstance(session, dict) or len(text) > _MOST:
            raise ValueError("a session must be a dict, and 1000 bytes or less as JSON")
        json.loads(text)  # ValueError: it has something that JSON does not know
        signed = f"{int(time.time())}.{_base64(text.encode())}"
        return f"{signed}.{_base64(self._sign(signed))}"
