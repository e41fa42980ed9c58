# SPDX-License-Identifier: MIT
"""Server-Sent Events: every listener gets every event, and slow listeners are disconnected."""

from __future__ import annotations

import threading

import httpx
import pytest
from httpx_sse import ServerSentEvent, connect_sse

from tests.support.http import HttpClient, whole_request
from tests.support.waiting import eventually

from .http_app import App, Launch

MANY = 10_000
MEGABYTE = 1024 * 1024


@pytest.fixture
def app(launch: Launch) -> App:
    """A server with room for every event of a test."""
    return launch(events=1, event_clients=4, event_buffer=MEGABYTE, event_heartbeat=60_000)


def dispatch(app: App, data: str, id: str = "-", name: str = "-", retry: int = 0) -> str:
    """Makes the program dispatch an event. Returns its answer."""
    return app.command(f"event {id} {name} {retry} {data.encode().hex()}")


def listen(app: App, headers: str = "", receive_buffer: int = 0) -> HttpClient:
    """Opens a client and reads the head of its stream."""
    client = app.connect(receive_buffer)
    client.send(whole_request("/events", headers=headers))
    response = client.head()
    assert response.code == 200, response.status
    return client


def data_of(client: HttpClient, count: int = 1) -> list[str]:
    """The data of the next events."""
    found = []
    while len(found) < count:
        lines = client.read_until(b"\n\n").decode().splitlines()
        if data := [line[6:] for line in lines if line.startswith("data: ")]:
            found.append("\n".join(data))
    return found


def listeners(app: App) -> int:
    """How many listen."""
    return int(dispatch(app, "who listens?"))


def test_the_head(app: App) -> None:
    client = app.connect()
    client.send(whole_request("/events"))
    response = client.head()
    assert response.status == "200 OK"
    assert response.header("Content-Type") == "text/event-stream; charset=utf-8"
    assert response.header("Cache-Control") == "no-store"
    assert response.header("X-Accel-Buffering") == "no"
    assert response.header("Connection") == "close"
    assert response.header("Content-Length") is None


def test_a_listener_from_an_origin_with_a_long_name(launch: Launch) -> None:
    origin = "http://" + "a" * 600
    app = launch(events=1, event_heartbeat=60_000, origins=origin)
    client = listen(app, f"Origin: {origin}\r\n")
    dispatch(app, "x")
    assert data_of(client) == ["x"]


def test_everybody_gets_an_event(app: App) -> None:
    clients = [listen(app) for _ in range(3)]
    assert dispatch(app, "one\ntwo", "7", "tick", 500) == "3"
    for client in clients:
        assert client.read_until(b"\n\n").decode() == (
            "event: tick\nid: 7\nretry: 500\ndata: one\ndata: two\n\n"
        )


def test_nobody_listens(app: App) -> None:
    assert dispatch(app, "x") == "0"


def test_head_takes_no_place(app: App) -> None:
    client = app.connect()
    for _ in range(6):
        response = client.request("/events", method="HEAD")
        assert response.header("Content-Type") == "text/event-stream; charset=utf-8"
        assert response.header("Content-Length") is None  # nor has GET
    assert listeners(app) == 0


def test_no_more_than_the_cap(app: App) -> None:
    clients = [listen(app) for _ in range(4)]
    refused = app.get("/events")
    assert refused.code == 503
    assert refused.header("Retry-After") == "5"
    clients[0].close()
    eventually(lambda: listeners(app) == 3)
    listen(app)


def test_ten_thousand_events_in_order(app: App) -> None:
    clients = [listen(app) for _ in range(3)]
    app.command(f"flood {MANY}")
    for client in clients:
        assert data_of(client, MANY) == [str(n) for n in range(MANY)]


def test_events_of_many_threads(app: App) -> None:
    client = listen(app)
    app.command("storm 1000")
    assert sorted(data_of(client, 4000), key=int) == sorted(
        [str(n) for n in range(1000)] * 4, key=int
    )


def test_a_handler_dispatches(app: App) -> None:
    client = listen(app)
    assert app.get("/tell").text == "told"
    assert data_of(client) == ["told by a handler"]


def test_a_stalled_client_goes_and_the_others_lose_nothing(launch: Launch) -> None:
    app = launch(
        events=1, event_clients=3, event_buffer=MEGABYTE, event_heartbeat=60_000, send_timeout=300
    )
    stalled = listen(app, receive_buffer=2048)
    others = [listen(app) for _ in range(2)]
    text = "x" * 20_000

    def read(client: HttpClient) -> None:
        assert data_of(client, 300) == [text] * 300

    readers = [threading.Thread(target=read, args=[client]) for client in others]
    for reader in readers:
        reader.start()
    for _ in range(300):
        dispatch(app, text)
    for reader in readers:
        reader.join()
    eventually(lambda: listeners(app) == 2)
    assert stalled.is_gone()


def test_a_client_that_falls_behind_by_the_whole_buffer_goes(launch: Launch) -> None:
    app = launch(events=1, event_clients=1, event_buffer=32768, event_heartbeat=60_000)
    client = listen(app, receive_buffer=2048)
    eventually(lambda: dispatch(app, "x" * 16_000) == "0")
    assert client.is_gone()


def test_a_client_that_reconnects_gets_what_it_missed(app: App) -> None:
    client = listen(app)
    for n in range(5):
        dispatch(app, f"{n}", id=f"id{n}")
    assert data_of(client, 2) == ["0", "1"]
    client.close()
    again = listen(app, "Last-Event-ID: id1\r\n")
    assert data_of(again, 3) == ["2", "3", "4"]


def test_an_unknown_last_event_id_gets_all_events(app: App) -> None:
    for n in range(3):
        dispatch(app, f"{n}")
    assert data_of(listen(app, "Last-Event-ID: of another life\r\n"), 3) == ["0", "1", "2"]


def test_a_new_listener_gets_only_later_events(app: App) -> None:
    dispatch(app, "old")
    client = listen(app)
    dispatch(app, "new")
    assert data_of(client) == ["new"]


def test_a_heartbeat(launch: Launch) -> None:
    app = launch(events=1, event_heartbeat=100, event_retry=1500)
    client = listen(app)
    assert client.read_until(b"\n\n") == b"retry: 1500\n\n"
    for _ in range(3):
        assert client.read_until(b"\n\n") == b":\n\n"
    dispatch(app, "x")
    assert b"data: x\n\n" in client.read_until(b"\n\n")


def test_input_of_a_listener_is_discarded(app: App) -> None:
    client = listen(app)
    client.send(b"GET / HTTP/1.1\r\n\r\n" * 10_000)
    dispatch(app, "x")
    assert data_of(client) == ["x"]


def test_a_listener_that_leaves_frees_its_place(app: App) -> None:
    client = listen(app)
    client.finish_sending()
    eventually(lambda: listeners(app) == 0)
    assert client.is_gone()


def test_stop_ends_every_stream(app: App) -> None:
    clients = [listen(app) for _ in range(3)]
    dispatch(app, "last")
    app.command("stop")
    for client in clients:
        assert data_of(client) == ["last"]
        assert client.is_gone()


@pytest.mark.parametrize(
    ("name", "error"), [("a~b", "ESP_ERR_INVALID_ARG"), ("ab", "0")], ids=["line break", "none"]
)
def test_a_name_has_one_line(app: App, name: str, error: str) -> None:
    assert dispatch(app, "x", name=name) == error


def test_an_event_that_does_not_fit(launch: Launch) -> None:
    app = launch(events=1, event_buffer=256)
    assert dispatch(app, "x" * 300) == "ESP_ERR_INVALID_SIZE"
    assert dispatch(app, "x" * 200) == "0"


def test_once_for_each_server(app: App, launch: Launch) -> None:
    assert app.command("events /other") == "ESP_ERR_INVALID_STATE"
    without = launch()
    assert dispatch(without, "x") == "ESP_ERR_INVALID_STATE"
    assert without.command("events /wild/*") == "ESP_ERR_INVALID_ARG"


def test_a_real_client_comes_back_and_misses_nothing(app: App) -> None:
    seen: list[ServerSentEvent] = []
    url = f"http://127.0.0.1:{app.port}/events"

    def read(count: int, headers: dict[str, str]) -> None:
        with (
            httpx.Client(timeout=30) as client,
            connect_sse(client, "GET", url, headers=headers) as stream,
        ):
            for event in stream.iter_sse():
                seen.append(event)
                if len(seen) == count:
                    return

    reader = threading.Thread(target=read, args=[3, {}])
    reader.start()
    eventually(lambda: listeners(app) == 1)
    eventually(lambda: len(seen) >= 1)
    for n in range(10):
        dispatch(app, f"{n}")
    reader.join()
    read(
        10 + len([event for event in seen if event.data == "who listens?"]),
        {"Last-Event-ID": seen[-1].id},
    )
    numbers = [event.data for event in seen if event.data != "who listens?"]
    assert numbers == [str(n) for n in range(10)]
