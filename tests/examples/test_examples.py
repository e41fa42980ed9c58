# SPDX-License-Identifier: MIT
"""Each example does what its README says."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from websockets.sync.client import connect

from tests.support.board import provide
from tests.support.paths import BUILD, ROOT, SHIPPED
from tests.support.program import Run
from tests.support.waiting import PATIENCE, eventually

from .conftest import Start, with_any_port

UTEMPLATE = BUILD / "utemplate"
"""Where `git clone https://github.com/pfalcon/utemplate build/utemplate` leaves it."""

FOLDERS = sorted(path.parent for path in (ROOT / "examples").glob("*/main.py"))


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_an_example_is_short_and_explained(folder: Path) -> None:
    assert len((folder / "main.py").read_text("utf-8").splitlines()) <= 60
    text = (folder / "README.md").read_text("utf-8")
    assert "On a desktop" in text and "On a board" in text
    assert f"[{folder.name}]({folder.name})" in (folder.parent / "README.md").read_text("utf-8")


def test_hello(start: Start) -> None:
    board = start("hello")
    assert "<h1>Hello World</h1>" in board.get("/").text
    assert board.get("/hello/Ann").text == "Hello, Ann"
    assert board.get("/repeat/3?word=ho").text == "ho ho ho"
    assert board.get("/repeat/999").status_code == 400
    assert board.get("/repeat/many").status_code == 404
    assert board.get("/status").json()["you"] == "127.0.0.1"


def test_rest(start: Start) -> None:
    board = start("rest")
    with httpx.Client(base_url=board.url(""), timeout=PATIENCE) as client:
        added = client.post("/lamps", json={"name": "door"})
        assert (added.status_code, added.headers["Location"]) == (201, "/lamps/2")
        changed = client.put("/lamps/2", json={"name": "door", "on": True})
        assert changed.json() == {"name": "door", "on": True}
        assert client.delete("/lamps/1").status_code == 204
        assert client.get("/lamps").json() == {"lamps": [{"id": 2, "name": "door", "on": True}]}
        for wrong in (b"[", b"[]", b'{"name": 3}'):
            assert client.post("/lamps", content=wrong).status_code == 400
        missing = [client.request(verb, "/lamps/7", json={"name": "x"}) for verb in ("GET", "PUT")]
        assert [answer.status_code for answer in missing] == [404, 404]
        assert client.patch("/lamps").status_code == 405


def test_rest_form(start: Start, tmp_path: Path) -> None:
    board = start("rest_form")
    with httpx.Client(base_url=board.url(""), timeout=PATIENCE) as client:
        note = {"text": "<Feed> the cat", "stars": "many", "tag": ["home", "work"]}
        assert client.post("/notes", data=note).headers["Location"] == "/"
        added = {"text": "<Feed> the cat", "stars": 0, "tags": ["home", "work"]}
        assert client.get("/notes").json()[1] == added
        missing = client.post("/notes", data={"stars": "1"})
        assert (missing.status_code, missing.text) == (400, "the form has no field 'text'")
        files = [("file", ("../a.txt", b"1")), ("file", ("b.txt", 100_000 * b"2"))]
        assert client.post("/files", files=files).status_code == 303
        page = client.get("/?find=<Feed").text
        assert "<li>&lt;Feed&gt; the cat</ul>" in page and "<li>a.txt" in page
        assert "Water" not in page and 'value="&lt;Feed"' in page
    assert (tmp_path / "files" / "b.txt").read_bytes() == 100_000 * b"2"


def test_sensor_dashboard(start: Start) -> None:
    board = start("sensor_dashboard")
    assert "EventSource('/events')" in board.get("/").text
    with board.listen("/events") as events:
        measured = [json.loads(next(events).data) for _ in range(2)]
    assert all(18 <= value["celsius"] <= 24 for value in measured)


def test_dashboard(start: Start) -> None:
    board = start("dashboard")
    assert "<title>This board</title>" in board.get("/").text
    with board.listen("/events") as events:
        figures = json.loads(next(events).data)
    assert figures["KB free"] > 0 and figures["awake"].startswith("for ")


def test_wifi_setup(start: Start, run: Run, tmp_path: Path) -> None:
    board = start("wifi_setup")
    assert "the network of a desktop" in board.get("/").text
    assert httpx.post(board.url("/forget")).status_code == 404
    provide(tmp_path, "network")
    (tmp_path / "air.json").write_text(json.dumps([[b"Ho<me".hex(), -50, 3, "12345678"]]))
    text = (ROOT / "examples" / "wifi_setup" / "main.py").read_text("utf-8")
    call = "import uhttpd_wifi; uhttpd_wifi.DNS_PORT = 0\n    wlan = uhttpd.wifi_setup(port=0, "
    board = run(with_any_port(text.replace("wlan = uhttpd.wifi_setup(", call)))
    said = board.expect(r"to set this up\.")
    found = re.search(r"open (http://\S+/)", said)
    assert found and "board-a1b2c3" in said
    eventually(lambda: "refresh" not in httpx.get(found[1]).text)
    httpx.post(found[1], data={"network": b"Ho<me".hex(), "password": "12345678"})
    eventually(lambda: "has joined Ho&lt;me" in httpx.get(found[1]).text)
    assert "at 10.0.0.7. It has joined Ho&lt;me" in board.get("/").text
    assert httpx.post(board.url("/forget")).status_code == 200
    assert not (tmp_path / ".wifi.json").exists()


def test_ota(start: Start) -> None:
    board = start("ota")  # tests/binding has the rest
    assert "href=/ota" in board.get("/").text
    assert board.get("/ota").status_code == 404


def test_chat(start: Start) -> None:
    board = start("chat")
    assert "/chat" in board.get("/").text
    url = board.url("/chat").replace("http", "ws")
    with connect(url) as ann, connect(url) as bob:
        ann.send("Ann")
        assert json.loads(bob.recv(PATIENCE)) == {"name": "Ann", "text": "is here"}
        bob.send("Bob")
        assert json.loads(bob.recv(PATIENCE)) == {"name": "Bob", "text": "is here"}
        assert board.get("/people").json() == {"names": ["Ann", "Bob"]}
        ann.send("<b>hi</b>")
        assert json.loads(bob.recv(PATIENCE)) == {"name": "Ann", "text": "<b>hi</b>"}
        ann.close()
        assert json.loads(bob.recv(PATIENCE)) == {"name": "Ann", "text": "has left"}


def test_async(start: Start) -> None:
    board = start("async")
    assert set(board.get("/lamp").json()) == {"on", "period"}
    with httpx.Client(base_url=board.url(""), timeout=PATIENCE) as client:
        assert client.put("/lamp/1").status_code == 204
        assert client.get("/count/3").text == "0\n1\n2\n"
    with ThreadPoolExecutor() as pool:
        waiting = [pool.submit(board.get, "/button") for _ in range(3)]
        while not all(answer.done() for answer in waiting):
            httpx.post(board.url("/button"), timeout=PATIENCE)
        assert [answer.result().text for answer in waiting] == ["pressed"] * 3


def test_camera_stream(start: Start) -> None:
    board = start("camera_stream")
    assert 'src="/stream"' in board.get("/").text
    assert board.get("/picture.jpg").content.startswith(b"\xff\xd8")
    with httpx.stream("GET", board.url("/stream"), timeout=PATIENCE) as answer:
        assert answer.headers["Content-Type"] == "multipart/x-mixed-replace; boundary=frame"
        seen = b""
        for piece in answer.iter_raw():
            seen += piece
            if seen.count(b"--frame") == 3:
                break
    part = rb"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: (\d+)\r\n\r\n(.*?)\r\n--frame"
    first = re.match(part, seen, re.DOTALL)
    assert first and len(first[2]) == int(first[1]) and first[2].startswith(b"\xff\xd8")


def test_file_manager(start: Start, tmp_path: Path) -> None:
    board = start("file_manager")
    assert board.get("/").status_code == board.get("/files/").status_code == 401
    with httpx.Client(
        base_url=board.url(""), auth=("admin", "changeme"), timeout=PATIENCE
    ) as client:
        assert "<h1>Files</h1>" in client.get("/").text
        assert client.put("/files/a b.txt", content=b"text").status_code == 201
        assert (tmp_path / "files" / "a b.txt").read_bytes() == b"text"
        assert [entry["path"] for entry in client.get("/files/").json()["list"]] == ["a b.txt"]
        assert client.get("/files/a b.txt").text == "text"
        assert client.put("/files/main.py", content=b"evil()").status_code == 403
        assert client.delete("/files/a b.txt").status_code == 204
        assert client.get("/space").json()["free"] > 0


def test_auth_sessions(start: Start, tmp_path: Path) -> None:
    board = start("auth_sessions")
    with httpx.Client(base_url=board.url(""), timeout=PATIENCE, follow_redirects=True) as client:
        assert "Log in" in client.get("/").text
        assert client.post("/lamp").status_code == 401
        assert client.get("/login").status_code == 401
        assert client.get("/login", auth=("admin", "wrong")).status_code == 401
        assert "Hello, admin" in client.get("/login", auth=("admin", "changeme")).text
        assert "switched the lamp 1 times" in client.post("/lamp").text
        forged = {"Cookie": f"session=x{client.cookies['session']}"}
        assert "Log in" in httpx.get(board.url("/"), headers=forged, timeout=PATIENCE).text
        assert "Log in" in client.post("/logout").text
        assert client.post("/lamp").status_code == 401
    assert len((tmp_path / "session.key").read_bytes()) == 32


def test_template(start: Start) -> None:
    page = start("template").get("/?name=<Ann>")
    assert page.headers["Transfer-Encoding"] == "chunked"
    assert "<h1>Hello, &lt;Ann&gt;</h1>" in page.text
    assert re.search(r"<tr><td>main\.py<td>\d+ bytes", page.text)


@pytest.mark.skipif(not UTEMPLATE.exists(), reason="pip cannot install utemplate")
def test_the_template_is_compiled(tmp_path: Path) -> None:
    folder = ROOT / "examples" / "template" / "templates"
    shutil.copy(folder / "index.html", tmp_path)
    program = "from utemplate.source import Loader; Loader(None, '.').load('index.html')"
    variables = {**os.environ, "MICROPYPATH": str(UTEMPLATE)}
    subprocess.run([SHIPPED, "-c", program], cwd=tmp_path, env=variables, check=True)
    made = (tmp_path / "index_html.py").read_text("utf-8")
    assert made == (folder / "index_html.py").read_text("utf-8")


def test_webrepl_on_boot(run: Run) -> None:
    folder = ROOT / "examples" / "webrepl_on_boot"
    boot, main = [(folder / name).read_text("utf-8") for name in ("boot.py", "main.py")]
    started = "webrepl.start(0, password=PASSWORD)\nprint('PORT', webrepl.listen_s.port())"
    assert "webrepl.start(password=PASSWORD)" in boot
    board = run(boot.replace("webrepl.start(password=PASSWORD)", started) + main, prompt=True)
    with connect(board.url("/").replace("http", "ws")) as client:
        seen = ""

        def wait_for(text: str) -> None:
            nonlocal seen
            while text not in seen:
                seen += str(client.recv(PATIENCE))
            seen = seen.partition(text)[2]

        wait_for("Password: ")
        client.send("changeme\r")
        wait_for("00000 after")
        client.send("\x03")
        wait_for(">>> ")
        client.send("count >= 100000\r")
        wait_for("\nTrue")
