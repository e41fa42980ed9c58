# SPDX-License-Identifier: MIT
"""Pages that programs set for errors of the server."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.http import whole_request

from .http_app import App, Launch

BASIC = "Basic YW5zd2VyOjQy"  # answer:42


@pytest.fixture
def board(launch: Launch, tmp_path: Path) -> App:
    """Has handlers for two errors, a text for one, and nothing for others."""
    app = launch(base=tmp_path, prefix="/fs", body=100, workers=1, spare_workers=0)
    for status in (404, 405):
        assert app.command(f"page {status} handler") == "ESP_OK"
    assert app.command("page 500 text") == "ESP_OK"
    return app


@pytest.mark.parametrize("target", ["/nowhere", "/fs/nothing", "/error?status=404"])
def test_a_handler_answers_with_the_status_of_the_error(board: App, target: str) -> None:
    client = board.connect()
    for _ in range(3):
        response = client.request(target)
        assert (response.status, response.keeps_alive) == ("404 Not Found", True)
        reason = "not now" if target == "/error?status=404" else "no reason"
        assert response.text == f"one: 404, {reason}, {target}"
        assert client.request("/hello").text == "Hello World"


def test_headers_of_the_error_are_in_its_page(board: App) -> None:
    response = board.request("/hello", "DELETE")
    assert (response.code, response.header("Allow")) == (405, "GET, HEAD, OPTIONS")
    assert response.text.startswith("one: 405")
    assert board.request("/nowhere", "HEAD").body == b""


@pytest.mark.parametrize("target", ["/nothing", "/fail", "/inline-nothing"])
def test_a_text_needs_no_worker(board: App, target: str) -> None:
    response = board.get(target)
    assert (response.code, response.text) == (500, "<h1>Sorry</h1>")
    assert response.header("Content-Type") == "text/x-page; charset=utf-8"


def test_other_errors_are_as_ever(board: App) -> None:
    too_much = board.request("/echo", "POST", body=bytes(101))
    assert too_much.text.startswith("413 Content Too Large: the body")
    response = board.get("/error")
    assert (response.text, response.header("Retry-After")) == ("409 Conflict: not now\n", "7")


@pytest.mark.parametrize("how", ["silent", "fail", "again"])
def test_a_page_that_fails_is_the_usual_line(board: App, how: str) -> None:
    response = board.get(f"/nowhere?page={how}")
    again = ": again" if how == "again" else ""
    assert (response.code, response.text) == (404, f"404 Not Found{again}\n")
    assert board.get("/hello").code == 200


def test_a_page_may_lead_elsewhere_or_be_a_stream(board: App) -> None:
    response = board.get("/nowhere?page=login")
    assert (response.code, response.header("Location")) == (303, "/login")
    response = board.get("/nowhere?page=stream&size=5&pieces=2")
    assert (response.code, response.text) == (404, "abcdeabcde")


def test_one_page_for_all_others(board: App) -> None:
    assert board.command("page 0 handler") == "ESP_OK"
    assert board.get("/error").text.startswith("any: 409, not now")
    assert board.get("/nowhere").text.startswith("one: 404")
    for head in ("GET /a b HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\nA: " + 5000 * "x"):
        client = board.connect()
        client.send(head)
        assert client.response().text.startswith(("400 ", "431 "))
    assert board.get("/error?status=503").text == "503 Service Unavailable: not now\n"


def test_the_page_added_last_counts(board: App) -> None:
    assert board.command("page 404 text") == "ESP_OK"
    assert board.get("/nowhere").text == "<h1>Sorry</h1>"


@pytest.mark.parametrize("page", ["399 text", "600 text", "404 neither", "404 both"])
def test_nonsense_is_refused(board: App, page: str) -> None:
    assert board.command(f"page {page}") == "ESP_ERR_INVALID_ARG"


def test_passwords(launch: Launch) -> None:
    app = launch(basic=BASIC)
    assert app.command("page 401 handler") == "ESP_OK"
    response = app.get("/hello")
    assert (response.code, response.text) == (
        401,
        "one: 401, credentials are missing, or wrong, /hello",
    )
    assert "Basic" in (response.header("WWW-Authenticate") or "")
    assert app.get("/hello?page=quiet").header("WWW-Authenticate") is None
    codes = [app.get("/hello", f"Authorization: Basic {i:04}\r\n").code for i in range(9)]
    assert codes[0] == 401 and 429 in codes


def test_pages_wait_for_a_worker_and_not_for_a_stopping_server(board: App) -> None:
    held = board.hold()
    clients = [board.connect() for _ in range(3)]
    for client in clients:
        client.send(whole_request("/nowhere"))
    assert board.request("/inline").code == 200
    board.command("release 1")
    assert held[0].response().text == "held"
    assert {client.response().code for client in clients} == {404}
    client = board.connect()
    client.send(whole_request("/nowhere?page=hold"))
    board.wait_for(holding=1)
    clients[0].send(whole_request("/nowhere"))
    board.command("begin_stop")
    assert clients[0].response().code in (404, 503)  # as it has come before that, or after
    board.command("release 1")
    assert board.command("end_stop") == "stopped"
