# SPDX-License-Identifier: MIT
"""A client for tests of your own server: it talks to it on the same machine, and keeps cookies."""

import binascii
import json as _json
import socket


class Headers(dict):
    """Headers of a response, whose names may be written in upper or lower case."""

    def __getitem__(self, name):
        return super().__getitem__(name.lower())

    def __contains__(self, name):
        return super().__contains__(name.lower())

    def get(self, name, default=None):
        return super().get(name.lower(), default)


class TestResponse:
    """What the server has answered."""

    def __init__(self, status, headers, body):
        self.status = status
        self.status_code = int(status.split()[0])
        self.headers = headers
        self.body = body
        self.text = None
        self.json = None
        try:
            self.text = body.decode()
            if headers.get("Content-Type", "").startswith("application/json"):
                self.json = _json.loads(self.text)
        except (ValueError, UnicodeError):
            pass

    def __repr__(self):
        return "<TestResponse %s>" % self.status


def _unchunked(body):
    pieces = []
    while True:
        size, body = body.split(b"\r\n", 1)
        size = int(size, 16)
        if not size:
            return b"".join(pieces)
        pieces.append(body[:size])
        body = body[size + 2 :]


class TestClient:
    """Sends requests to a Server, one connection for each."""

    def __init__(self, httpd, *, host="127.0.0.1", timeout=10):
        self._address = socket.getaddrinfo(host, httpd.port())[0][-1]
        self._host = "%s:%d" % (host, httpd.port())
        self._timeout = timeout
        self.cookies = {}

    def request(self, method, path, headers=None, body=None, *, json=None, auth=None):
        """Sends a request, and returns the TestResponse."""
        fields = {"Host": self._host, "Connection": "close"}
        if json is None and isinstance(body, (dict, list)):
            body, json = None, body
        if json is not None:
            body = _json.dumps(json)
            fields["Content-Type"] = "application/json"
        if isinstance(body, str):
            body = body.encode()
        if body is not None or method not in ("GET", "HEAD", "OPTIONS", "DELETE"):
            fields["Content-Length"] = len(body or b"")
        if auth:
            pair = ("%s:%s" % auth).encode()
            fields["Authorization"] = "Basic " + binascii.b2a_base64(pair).decode().strip()
        if self.cookies:
            fields["Cookie"] = "; ".join("%s=%s" % pair for pair in self.cookies.items())
        for name, value in (headers or {}).items():
            for same in [own for own in fields if own.lower() == name.lower()]:
                del fields[same]
            fields[name] = value
        head = "%s %s HTTP/1.1\r\n" % (method, path)
        head += "".join("%s: %s\r\n" % field for field in fields.items())
        return self._response(method, self._exchange(head.encode() + b"\r\n" + (body or b"")))

    def _exchange(self, data):
        sock = socket.socket()
        try:
            sock.settimeout(self._timeout)
            sock.connect(self._address)
            while data:
                data = data[sock.send(data) :]
            pieces = []
            while True:
                piece = sock.recv(2048)
                if not piece:
                    return b"".join(pieces)
                pieces.append(piece)
        finally:
            sock.close()

    def _response(self, method, data):
        head, body = data.split(b"\r\n\r\n", 1)
        lines = head.decode().split("\r\n")
        headers = Headers()
        for line in lines[1:]:
            name, value = line.split(": ", 1)
            name = name.lower()
            if name == "set-cookie":
                self._keep(value)
            headers[name] = headers[name] + ", " + value if name in headers else value
        if headers.get("Transfer-Encoding") == "chunked" and method != "HEAD":
            body = _unchunked(body)
        return TestResponse(lines[0].split(" ", 1)[1], headers, body)

    def _keep(self, cookie):
        pair, *options = [part.strip() for part in cookie.split(";")]
        name, value = pair.split("=", 1)
        if "max-age=0" in [option.lower() for option in options]:
            self.cookies.pop(name, None)
        else:
            self.cookies[name] = value

    def get(self, path, headers=None, **options):
        return self.request("GET", path, headers, **options)

    def head(self, path, headers=None, **options):
        return self.request("HEAD", path, headers, **options)

    def post(self, path, headers=None, body=None, **options):
        return self.request("POST", path, headers, body, **options)

    def put(self, path, headers=None, body=None, **options):
        return self.request("PUT", path, headers, body, **options)

    def patch(self, path, headers=None, body=None, **options):
        return self.request("PATCH", path, headers, body, **options)

    def delete(self, path, headers=None, **options):
        return self.request("DELETE", path, headers, **options)
