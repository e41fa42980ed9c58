# SPDX-License-Identifier: MIT
"""Requests that are answered later: they take no worker, and whoever waits learns of the end."""

from __future__ import annotations

import json

import pytest

from tests.support.http import HttpClient, whole_request
from tests.support.waiting import eventually

from .http_app import App, Launch


def state(app: App) -> dict[str, int | str]:
    return json.loads(app.command("held"))


def wait_held(app: App, count: int) -> None:
    eventually(lambda: state(app)["held"] == count)


def wait_over(app: App, why: str, overs: int = 1) -> None:
    eventually(lambda: (state(app)["overs"], state(app)["why"]) == (overs, why))


def held_client(
    app: App, target: str = "/held", headers: str = "X-Name: Ann\r\n", body: bytes = b""
) -> HttpClient:
    client = app.connect()
    count = int(state(app)["held"])
    client.send(whole_request(target, "POST" if body else "GET", headers, body))
    wait_held(app, count + 1)
    return client


@pytest.mark.parametrize("target", ["/held", "/inline-held"])
class TestAnswers:
    def test_come_when_somebody_resumes(self, app: App, target: str) -> None:
        client = held_client(app, target)
        assert app.get("/hello").code == 200
        for _ in range(2):
            assert app.command("answer") == "ok"
            assert client.response().body == b"hello Ann"
            client.send(whole_request(target, headers="X-Name: Ann\r\n"))
            wait_held(app, 1)
        client.close()
        wait_over(app, "GONE")

    def test_come_although_the_handler_has_not_returned(self, app: App, target: str) -> None:
        client = app.connect()
        for _ in range(50):
            assert client.request(f"{target}?at_once=1").body == b"at once nobody"

    def test_may_be_put_off_again(self, app: App, target: str) -> None:
        client = held_client(app, target)
        for _ in range(3):
            app.command("answer again")
            wait_held(app, 1)
        app.command("answer")
        assert client.response().body == b"hello Ann"

    def test_may_read_the_body(self, app: App, target: str) -> None:
        client = held_client(app, target, body=b"all of it")
        app.command("answer echo")
        assert client.response().body == b"all of it"

    def test_are_in_order_on_one_connection(self, app: App, target: str) -> None:
        client = app.connect()
        request = whole_request(target, headers="X-Name: Ann\r\n")
        client.send(request + request)
        for _ in range(2):
            wait_held(app, 1)
            app.command("answer")
            assert client.response().body == b"hello Ann"


def test_more_wait_than_there_are_workers(launch: Launch) -> None:
    app = launch(workers=1, sockets=10)
    clients = [held_client(app) for _ in range(8)]
    assert app.get("/hello").code == 200
    for client in clients:
        app.command("answer")
        assert client.response().body == b"hello Ann"


@pytest.mark.parametrize("target", ["/held", "/inline-held"])
class TestEnds:
    def test_of_a_client(self, app: App, target: str) -> None:
        held_client(app, target).close()
        wait_over(app, "GONE")
        app.wait_for(last_error="GONE")
        assert app.get("/hello").code == 200

    def test_of_its_time(self, app: App, target: str) -> None:
        client = app.connect()
        assert client.request(f"{target}?timeout=50").body == b"nobody came"
        assert state(app) == {"held": 0, "overs": 1, "why": "ESP_ERR_TIMEOUT"}
        assert client.request("/hello").code == 200

    def test_of_the_server(self, app: App, target: str) -> None:
        held_client(app, target)
        assert app.command("stop") == "stopped"
        assert state(app) == {"held": 0, "overs": 1, "why": "STOPPING"}

    def test_of_one_when_others_find_no_socket(self, launch: Launch, target: str) -> None:
        app = launch(sockets=3)
        clients = [held_client(app, target) for _ in range(3)]
        eventually(lambda: app.get("/hello").code == 200)
        assert state(app)["why"] == "BUSY"
        while state(app)["held"]:
            app.command("answer")
        bodies = [client.response().body for client in clients]
        assert set(bodies) == {b"nobody came", b"hello Ann"}


def test_a_client_that_sends_more_is_answered(app: App) -> None:
    client = held_client(app)
    client.send(b"POST /hello HTTP/1.1\r\n")
    assert app.get("/hello").code == 200
    app.command("answer")
    assert client.response().body == b"hello Ann"
