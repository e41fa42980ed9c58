# SPDX-License-Identifier: MIT
"""Passwords of HTTP can be guessed no faster than those of the terminal."""

from __future__ import annotations

import base64
import contextlib
import threading

import pytest

from tests.support.http import Closed, HttpClient, Response
from tests.support.lwip import not_on_lwip
from tests.support.websocket import handshake

from .http_app import App, Launch

BASIC = "Basic YW5zd2VyOjQy"
RIGHT = f"Authorization: {BASIC}\r\n"
FREE = 4  # wrong passwords that are judged at once


def guess(client: HttpClient, password: object) -> Response:
    """Asks with a wrong password."""
    given = base64.b64encode(f"answer:{password}!".encode()).decode()
    return client.request("/hello", headers=f"Authorization: Basic {given}\r\n")


def guess_until_passwords_wait(app: App, code: int) -> HttpClient:
    """Returns a connection from 127.0.0.1, from where no password is judged for some seconds."""
    client = app.connect()
    assert [guess(client, n).code for n in range(FREE)] == [code] * FREE
    assert guess(client, FREE).code == 429
    return client


def at_once(app: App, key: str) -> list[HttpClient]:
    """Clients whose passwords wait for the same callback."""
    clients = [app.connect() for _ in range(2 * FREE)]
    for client in clients:
        client.send(f"GET /hello HTTP/1.1\r\nHost: x\r\n{RIGHT}X-Key: {key}\r\n\r\n")
    return clients


def has_to_wait(response: Response) -> bool:
    """Whether the response says so, and for how long."""
    seconds = int(response.header("Retry-After") or 0)
    text = f"too many passwords were wrong: the next one is looked at in {seconds} s"
    return (
        response.code == 429
        and 1 <= seconds <= 12
        and response.text == f"429 Too Many Requests: {text}\n"
        and response.keeps_alive
    )


class TestBasic:
    @pytest.fixture
    def app(self, launch: Launch) -> App:
        return launch(basic=BASIC)

    def test_after_some_wrong_passwords_none_is_judged(self, app: App) -> None:
        client = guess_until_passwords_wait(app, 401)
        assert has_to_wait(guess(client, FREE + 1))
        assert has_to_wait(app.get("/hello", RIGHT))
        assert has_to_wait(client.request("/echo", "POST", RIGHT, b"body"))
        client.send(handshake("/ws", RIGHT.strip()))
        assert has_to_wait(client.response())

    def test_what_needs_no_password_does_not_wait(self, app: App) -> None:
        client = guess_until_passwords_wait(app, 401)
        assert client.request("/own-auth", headers=RIGHT).text == "open"
        assert client.request("/hello").code == 401  # how a browser learns what to ask for

    def test_a_connection_that_has_got_in_does_not_wait(self, app: App) -> None:
        owner = app.connect()
        assert owner.request("/hello", headers=RIGHT).code == 200
        guess_until_passwords_wait(app, 401)
        for _ in range(3):
            assert owner.request("/hello", headers=RIGHT).code == 200
        assert guess(owner, "mistyped").code == 401
        assert has_to_wait(owner.request("/hello", headers=RIGHT))

    def test_other_addresses_do_not_wait(self, app: App) -> None:
        guess_until_passwords_wait(app, 401)
        owner = app.connect(source="127.0.0.2")
        assert guess(owner, "mistyped").code == 401
        assert owner.request("/hello", headers=RIGHT).code == 200

    def test_preflights_tell_nobody_whether_a_password_is_right(self, app: App) -> None:
        asks = "Origin: http://a.example\r\nAccess-Control-Request-Method: PUT\r\n"
        answers = [
            app.request("/hello", "OPTIONS", asks + given).undated
            for given in ("", RIGHT, "Authorization: Basic x\r\n")
        ]
        assert answers[0] == answers[1] == answers[2]

    @not_on_lwip("there is one peer")
    def test_the_owner_gets_in_while_a_whole_network_guesses(self, app: App) -> None:
        codes = []
        for n in range(1, 241):
            with HttpClient(app.port, source=f"127.0.1.{n}") as client:
                codes += [guess(client, 2 * n).code, guess(client, 2 * n + 1).code]
        assert codes[-1] == 429
        assert 240 <= codes.count(401) < 300
        with HttpClient(app.port, source="127.0.1.1") as client:
            assert has_to_wait(client.request("/hello", headers=RIGHT))
        for _ in range(2):
            with HttpClient(app.port, source="127.0.0.2") as owner:
                assert owner.request("/hello", headers=RIGHT).code == 200

    @not_on_lwip("there is one peer")
    def test_the_owner_gets_in_while_others_guess(self, app: App) -> None:
        over = threading.Event()
        judged: list[int] = []

        def guess_for_ever() -> None:
            n = 0
            while not over.is_set():
                with contextlib.suppress(Closed, OSError), HttpClient(app.port) as client:
                    while not over.is_set():
                        n += 1
                        response = guess(client, n)
                        judged.extend([1] * (response.code != 429))
                        if not response.keeps_alive:
                            break

        threads = [threading.Thread(target=guess_for_ever) for _ in range(10)]
        for thread in threads:
            thread.start()
        try:
            for _ in range(20):
                with HttpClient(app.port, source="127.0.0.2") as owner:
                    assert owner.request("/hello", headers=RIGHT).code == 200
        finally:
            over.set()
            for thread in threads:
                thread.join()
        assert FREE <= len(judged) <= 2 * FREE


class TestCallback:
    """What a callback refuses was a wrong password if the request had one."""

    KEY = "X-Key: open\r\n"

    @pytest.fixture
    def app(self, launch: Launch) -> App:
        return launch(auth="open", workers=2)

    def test_after_some_wrong_passwords_it_is_not_asked(self, app: App) -> None:
        client = guess_until_passwords_wait(app, 403)
        assert has_to_wait(client.request("/hello", headers=RIGHT + self.KEY))
        assert client.request("/hello", headers=self.KEY).code == 200

    def test_requests_without_a_password_are_no_guesses(self, app: App) -> None:
        client = app.connect()
        for _ in range(3 * FREE):
            assert client.request("/hello").code == 403
            assert client.request("/hello", headers="X-Key: x\r\n").code == 403
            assert client.request("/hello", headers=RIGHT + self.KEY).code == 200

    def test_guesses_are_not_judged_because_they_have_come_already(self, app: App) -> None:
        slow = [app.connect() for _ in range(2)]
        for client in slow:
            client.send("GET /hello HTTP/1.1\r\nHost: x\r\nX-Key: slow\r\n\r\n")
        app.wait_for(holding=2)
        clients = [app.connect() for _ in range(2 * FREE)]
        for client in clients:
            client.send(f"GET /hello HTTP/1.1\r\nHost: x\r\n{RIGHT}\r\n")
        app.command("release 2")
        codes = [client.response().code for client in clients]
        assert (codes.count(403), codes.count(429)) == (FREE, FREE)

    def test_guesses_that_come_at_once_are_no_more_than_others(self, launch: Launch) -> None:
        app = launch(auth="open", workers=8, sockets=20)
        clients = at_once(app, "slow and wrong")
        app.wait_for(holding=FREE)
        assert all(client.is_silent(0.01) for client in clients)
        app.command(f"release {FREE}")
        codes = [client.response().code for client in clients]
        assert (codes.count(403), codes.count(429)) == (FREE, FREE)

    def test_right_passwords_that_come_at_once_are_all_right(self, launch: Launch) -> None:
        app = launch(auth="open", workers=8, sockets=20)
        clients = at_once(app, "slow")
        app.wait_for(holding=FREE)
        app.command(f"release {2 * FREE}")
        assert [client.response().code for client in clients] == [200] * 2 * FREE

    def test_server_stops_while_some_wait_for_the_others(self, launch: Launch) -> None:
        app = launch(auth="open", workers=8, sockets=20)
        clients = at_once(app, "slow")
        app.wait_for(holding=FREE)
        app.command(f"release {FREE}")
        app.command("stop")
        assert {client.response().code for client in clients} <= {200, 503}
