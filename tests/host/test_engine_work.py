# SPDX-License-Identifier: MIT
"""Work queued for the server task."""

QUEUE = 6
"""CONFIG_LWIP_UDP_RECVMBOX_SIZE."""


def test_work_runs(server):
    for _ in range(10):
        assert server.command("queue 1") == "1"
        assert server.get("/hello").text == "hello"
    assert server.counts()["work_done"] == 10


def test_queue_is_bounded(server):
    server.command("hold")
    assert server.command("queue 100") == str(QUEUE)
    assert server.counts()["work_done"] == 0
    server.command("release")
    assert server.get("/hello").text == "hello"
    assert server.counts()["work_done"] == QUEUE
    assert server.command("queue 1") == "1"


def test_full_queue_fails_a_trigger_close(server):
    client = server.connect()
    fd = client.request("/fd").text
    server.command("hold")
    server.command("queue 100")
    assert server.command(f"trigger_close {fd}") == "ESP_FAIL"
    server.command("release")
    assert client.request("/hello").text == "hello"


def test_work_sends_on_a_connection(server):
    client = server.connect()
    client.send("GET /work?n=3 HTTP/1.1\r\n\r\n")
    client.read_until(b"\r\n\r\n")
    assert client.read_exactly(6) == b"3,2,1,"
    assert client.request("/hello").text == "hello"


def test_work_that_queues_itself_holds_nobody_up(server):
    client = server.connect()
    client.send("GET /work?n=20000 HTTP/1.1\r\n\r\n")
    client.read_until(b"20000,")
    for _ in range(5):
        assert server.get("/hello").text == "hello"
    client.read_until(b",1,")


def test_work_queued_before_stop_is_done(server):
    server.command("hold")
    assert server.command("queue 4") == "4"
    server.command("release")
    assert server.command("stop") == "ESP_OK"
    assert server.counts()["work_done"] == 4
