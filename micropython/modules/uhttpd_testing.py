# SPDX-License-Identifier: MIT
"""The module uhttpd_testing. uhttpd_testing.pyi documents its names."""

import binascii
import json as _json
import socket

_PIECE = 2048  # bytes


class _Headers(dict):
    # Names in upper or lower case are the same.
    def __getitem__(self, name):
        return super().__getitem__(name.lower())

    def __contains__(self, name):
        return super().get(name.lower()) is not None

    def get(self, name, default=None):
        return super().get(name.lower(), default)


def _check(whole):
    if not whole:
        raise OSError("the answer breaks off")


def _unchunked(body):
    pieces = []
    while True:
        size, end, body = body.partition(b"\r\n")
        _check(end)
        size = int(size, 16)
        if not size:
            return b"".join(pieces)
        _check(len(body) > size)
        pieces.append(body[:size])
        body = body[size + 2 :]


def _target(path):
    return "".join(chr(byte) if 0x20 < byte < 0x7F else f"%{byte:02X}" for byte in path.encode())


def _set(fields, name, value):
    for same in [own for own in fields if own.lower() == name.lower()]:
        del fields[same]
    fields[name] = value


class TestResponse:
    """An answer."""

    def __init__(self, status, headers, body):
        """Takes what was received."""
        self.status = status
        self.status_code = int(status.split(" ")[0])
        self.headers = headers
        self.body = body
        self.text = self.json = None
        try:
            self.text = body.decode()
            if headers.get("Content-Type", "").startswith("application/json"):
                self.json = _json.loads(self.text)
        except ValueError:
            pass

    def __repr__(self):
        """Says how it went."""
        return f"<TestResponse {self.status}>"


class TestClient:
    """Sends requests."""

    def __init__(self, httpd, *, host="127.0.0.1", timeout=10):
        """Makes a client of a server."""
        port = httpd.port()
        self._address = socket.getaddrinfo(host, port)[0][-1]
        self._host = f"{host}:{port}"
        self._timeout = timeout
        self.cookies = {}

    def request(self, method, path, headers=None, body=None, *, json=None, auth=None):
        """Sends a request and waits for the whole answer."""
        fields = {"Host": self._host, "Connection": "close"}
        if json is not None:
            body = _json.dumps(json)
            fields["Content-Type"] = "application/json"
        if isinstance(body, str):
            body = body.encode()
        if body is not None or method in ("POST", "PUT", "PATCH"):
            fields["Content-Length"] = str(len(body or b""))
        if auth:
            user, password = auth
            pair = binascii.b2a_base64(f"{user}:{password}".encode()).decode().strip()
            fields["Authorization"] = f"Basic {pair}"
        if self.cookies:
            fields["Cookie"] = "; ".join(f"{name}={self.cookies[name]}" for name in self.cookies)
        for name, value in (headers or {}).items():
            _set(fields, name, value)
        lines = [f"{method} {_target(path)} HTTP/1.1"]
        lines += [f"{name}: {value}" for name, value in fields.items()]
        head = "\r\n".join(lines) + "\r\n\r\n"
        return self._response(method, self._exchange(head.encode() + (body or b"")))

    def _exchange(self, data):
        sock = socket.socket()
        try:
            sock.settimeout(self._timeout)
            sock.connect(self._address)
            self._send(sock, data)
            pieces = []
            while True:
                pieces.append(sock.recv(_PIECE))
                if not pieces[-1]:
                    return b"".join(pieces)
        finally:
            sock.close()

    def _send(self, sock, data):
        try:
            while data:
                data = data[sock.send(data) :]
        except OSError:
            pass  # the server has answered before it had everything

    def _response(self, method, data):
        head, end, body = data.partition(b"\r\n\r\n")
        _check(end)
        status, *lines = head.decode().split("\r\n")
        headers = _Headers()
        for line in lines:
            name, value = line.split(": ", 1)
            name = name.lower()
            if name == "set-cookie":
                self._keep(value)
            headers[name] = f"{headers[name]}, {value}" if name in headers else value
        if method != "HEAD":
            _check(len(body) >= int(headers.get("Content-Length", 0)))
            if headers.get("Transfer-Encoding") == "chunked":
                body = _unchunked(body)
        return TestResponse(status.split(" ", 1)[1], headers, body)

    def _keep(self, cookie):
        pair, *options = [part.strip() for part in cookie.split(";")]
        name, value = pair.split("=", 1)
        if "max-age=0" in [option.lower() for option in options]:
            self.cookies.pop(name, None)
        else:
            self.cookies[name] = value

    def get(self, path, headers=None, **options):
        """As request()."""
        return self.request("GET", path, headers, **options)

    def head(self, path, headers=None, **options):
        """As request()."""
        return self.request("HEAD", path, headers, **options)

    def post(self, path, headers=None, body=None, **options):
        """As request()."""
        return self.request("POST", path, headers, body, **options)

    def put(self, path, headers=None, body=None, **options):
        """As request()."""
        return self.request("PUT", path, headers, body, **options)

    def patch(self, path, headers=None, body=None, **options):
        """As request()."""
        return self.request("PATCH", path, headers, body, **options)

    def delete(self, path, headers=None, **options):
        """As request()."""
        return self.request("DELETE", path, headers, **options)
