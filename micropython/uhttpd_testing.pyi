# SPDX-License-Identifier: MIT
"""A client for tests of programs with uhttpd, on a desktop or on a board.

It asks the server on the same machine, over the loopback interface. So a request passes everything
that one from elsewhere passes: the parser, `auth`, hooks, routes, error handlers and files.

Example::

    import uhttpd, uhttpd_testing

    httpd = uhttpd.Server(0)

    @httpd.get('/users/<int:id>')
    def user(req, id):
        return {'id': id}

    client = uhttpd_testing.TestClient(httpd)
    answer = client.get('/users/7')
    assert answer.status_code == 200
    assert answer.json == {'id': 7}
"""

from typing import Any

_Headers = dict[str, str]
_Body = str | bytes
_User = tuple[str, str]

class TestClient:
    """Sends requests, each on a connection of its own, and keeps cookies as a browser does."""

    def __init__(self, httpd: object, *, host: str = "127.0.0.1", timeout: float = 10) -> None:
        """Makes a client. It may be used in any thread but those of the server's callbacks.

        Args:
            httpd: The Server.
            host: Where it listens, if its `bind` is another address.
            timeout: Seconds that it may take for each piece of an answer.

        Raises:
            OSError: `host` is no address.
        """

    @property
    def cookies(self) -> dict[str, str]:
        """The cookies that are sent with each request; they may be changed."""

    def request(
        self,
        method: str,
        path: str,
        headers: _Headers | None = None,
        body: _Body | None = None,
        *,
        json: object | None = None,
        auth: _User | None = None,
    ) -> TestResponse:
        """Sends a request and waits for the whole answer.

        Args:
            method: Such as 'GET'.
            path: With a query string if there is one. Spaces and letters outside ASCII are
                percent-encoded.
            headers: More headers, or others than the client's own.
            body: The body.
            json: The body as JSON, with its Content-Type.
            auth: (user, password).

        Raises:
            OSError: The server is stopped, does not answer in time, or breaks its answer off.
        """

    def get(
        self,
        path: str,
        headers: _Headers | None = None,
        *,
        json: object | None = None,
        auth: _User | None = None,
    ) -> TestResponse:
        """As request() with 'GET'.

        Args:
            path: As for request().
            headers: As for request().
            json: As for request().
            auth: As for request().
        """

    def head(
        self,
        path: str,
        headers: _Headers | None = None,
        *,
        json: object | None = None,
        auth: _User | None = None,
    ) -> TestResponse:
        """As request() with 'HEAD'.

        Args:
            path: As for request().
            headers: As for request().
            json: As for request().
            auth: As for request().
        """

    def post(
        self,
        path: str,
        headers: _Headers | None = None,
        body: _Body | None = None,
        *,
        json: object | None = None,
        auth: _User | None = None,
    ) -> TestResponse:
        """As request() with 'POST'.

        Args:
            path: As for request().
            headers: As for request().
            body: As for request().
            json: As for request().
            auth: As for request().
        """

    def put(
        self,
        path: str,
        headers: _Headers | None = None,
        body: _Body | None = None,
        *,
        json: object | None = None,
        auth: _User | None = None,
    ) -> TestResponse:
        """As request() with 'PUT'.

        Args:
            path: As for request().
            headers: As for request().
            body: As for request().
            json: As for request().
            auth: As for request().
        """

    def patch(
        self,
        path: str,
        headers: _Headers | None = None,
        body: _Body | None = None,
        *,
        json: object | None = None,
        auth: _User | None = None,
    ) -> TestResponse:
        """As request() with 'PATCH'.

        Args:
            path: As for request().
            headers: As for request().
            body: As for request().
            json: As for request().
            auth: As for request().
        """

    def delete(
        self,
        path: str,
        headers: _Headers | None = None,
        *,
        json: object | None = None,
        auth: _User | None = None,
    ) -> TestResponse:
        """As request() with 'DELETE'.

        Args:
            path: As for request().
            headers: As for request().
            json: As for request().
            auth: As for request().
        """

class TestResponse:
    """An answer."""

    @property
    def status(self) -> str:
        """The status, such as '404 Not Found'."""

    @property
    def status_code(self) -> int:
        """The status as a number."""

    @property
    def headers(self) -> dict[str, str]:
        """The headers. Upper and lower case are the same; equal ones are joined by ', '."""

    @property
    def body(self) -> bytes:
        """The body."""

    @property
    def text(self) -> str | None:
        """The body as a str; None if it is not UTF-8."""

    @property
    def json(self) -> Any:
        """What the body means if it is JSON; else None."""
