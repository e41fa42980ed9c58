# SPDX-License-Identifier: MIT
"""The programs of docs/from-microdot.md: Microdot's and ours answer the same clients alike."""

from __future__ import annotations

import gzip
import re
import sys
import sysconfig
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from httpx_sse import connect_sse
from websockets.sync.client import connect

from tests.support.paths import ROOT, SHIPPED
from tests.support.ports import is_open, unused_port
from tests.support.program import Program, with_any_port
from tests.support.waiting import PATIENCE, eventually

PAGE = (ROOT / "docs" / "from-microdot.md").read_text("utf-8")
SECTION = re.compile(
    r"^## ([^\n]+)\n+```python\n(.*?)```\n+```python\n(.*?)```\n", re.MULTILINE | re.DOTALL
)
PAIRS = {title: (theirs, ours) for title, theirs, ours in SECTION.findall(PAGE)}
THEIR_MODULES = f"import sys\nsys.path.insert(1, {sysconfig.get_path('purelib')!r})\ndel sys\n"
"""Begins a program that imports Microdot. What is frozen into the firmware stays first."""


@dataclass
class Site:
    """A server, whoever wrote it."""

    client: httpx.Client
    folder: Path
    url: str

    def get(self, path: str, **headers: str) -> tuple[int, str]:
        """A status, and a text."""
        answer = self.client.get(path, headers=headers)
        return answer.status_code, answer.text if answer.is_success else ""


Visit = Callable[[Site], object]
Begin = Callable[[str, Path], tuple[Program, int]]


def hello(site: Site) -> object:
    return site.get("/"), site.get("/nothing")[0]


def page(site: Site) -> object:
    kind = site.client.get("/").headers["Content-Type"].partition(";")[0]
    return kind, site.get("/"), site.get("/square/7"), site.get("/square/x")


def json_api(site: Site) -> object:
    added = site.client.post("/users", json={"name": "Bob"})
    seen = [site.client.get(f"/users/{id}") for id in (1, 2, 3, "x")]
    good = [answer.json() for answer in seen if answer.is_success]
    statuses = [answer.status_code for answer in seen]
    return added.status_code, added.headers["Location"], added.json(), good, statuses


def tokens(site: Site) -> object:
    known = [site.get("/", Authorization=f"Bearer {name}-token") for name in ("susan", "david")]
    return known, site.get("/", Authorization="Bearer x"), site.get("/")


def password(site: Site) -> object:
    right = httpx.BasicAuth("susan", "hello")
    wrong = site.client.get("/private", auth=httpx.BasicAuth("susan", "bye"))
    challenge = wrong.headers["WWW-Authenticate"].partition(" ")[0]
    return (
        site.get("/"),
        site.client.get("/private", auth=right).text,
        wrong.status_code,
        challenge,
    )


def hooks(site: Site) -> object:
    good = site.client.get("/number/7", headers={"X-Name": "Ann"})
    bad = [site.client.get(path) for path in ("/number/seven", "/nothing")]
    return good.headers["X-Seen"], good.json(), [(x.status_code, x.json()) for x in bad]


def sessions(site: Site) -> object:
    first = [site.client.get("/").json() for _ in range(3)]
    forgot = site.client.post("/forget")
    return first, forgot.status_code, forgot.headers["Location"], site.client.get("/").json()


def origins(site: Site) -> object:
    def allowed(origin: str) -> str | None:
        answer = site.client.get("/", headers={"Origin": origin})
        return answer.headers.get("Access-Control-Allow-Origin")

    return allowed("https://example.org"), allowed("https://example.com"), site.get("/")


def files(site: Site) -> object:
    (site.folder / "static" / "index.html").write_text("<p>index")
    (site.folder / "static" / "a.css").write_text("p {}")
    style = site.client.get("/static/a.css")
    assert style.headers["Content-Type"].startswith("text/css")
    return site.get("/"), style.text, site.get("/static/%2e%2e/secret")[0] >= 400


def compressed_files(site: Site) -> object:
    (site.folder / "static" / "a.css.gz").write_bytes(gzip.compress(b"p {}"))
    answer = site.client.get("/static/a.css", headers={"Accept-Encoding": "gzip"})
    kind = answer.headers["Content-Type"].partition(";")[0]
    return answer.headers["Content-Encoding"], kind, answer.text


def uploads(site: Site) -> object:
    headers = {"Content-Disposition": 'attachment; filename="a.bin"'}
    answer = site.client.post("/upload", content=b"x" * 5000, headers=headers)
    return answer.status_code, (site.folder / "files" / "a.bin").read_bytes()


def form(site: Site) -> object:
    elsewhere = {"Origin": "http://example.org", "Sec-Fetch-Site": "cross-site"}
    forged = site.client.post("/", data={"amount": "900"}, headers=elsewhere)
    here = {"Origin": site.url, "Sec-Fetch-Site": "same-origin"}
    paid = site.client.post("/", data={"amount": "7"}, headers=here)
    return forged.status_code, paid.status_code, paid.headers["Location"], site.get("/")


def forms_with_files(site: Site) -> object:
    files = {"file": ("a.txt", b"contents")}
    return site.client.post("/", data={"name": "Ann"}, files=files).json()


def streaming(site: Site) -> object:
    return site.get("/count")


def tasks(site: Site) -> object:
    return site.client.get("/").json()


def events(site: Site) -> object:
    with connect_sse(site.client, "GET", "/events") as stream:
        return next(stream.iter_sse()).json()["counter"] > 0


def web_sockets(site: Site) -> object:
    with connect(site.url.replace("http", "ws") + "/echo") as client:
        client.send("text")
        client.send(b"bytes")
        return client.recv(PATIENCE), client.recv(PATIENCE)


def parts(site: Site) -> object:
    return [site.client.get(path).json() for path in ("/lamps/", "/lamps/2")]


VISITS: dict[str, Visit] = {
    "Hello": hello,
    "A page": page,
    "JSON": json_api,
    "A password": password,
    "Tokens": tokens,
    "Sessions": sessions,
    "Hooks and errors": hooks,
    "Pages of other origins": origins,
    "Files": files,
    "Compressed files": compressed_files,
    "Uploads": uploads,
    "A form": form,
    "Forms with files": forms_with_files,
    "Streaming": streaming,
    "Beside tasks of your own": tasks,
    "Events": events,
    "WebSockets": web_sockets,
    "Parts of a program": parts,
}


def begin_theirs(program: str, folder: Path) -> tuple[Program, int]:
    """Starts a program for Microdot, which cannot say which port it got for 0."""
    port = unused_port()
    text = re.sub(r"app\.(run|start_server)\(", rf"\g<0>host='127.0.0.1', port={port}", program)
    firmware = Path(sys.executable) if "microdot.session" in program else SHIPPED  # for jwt
    board = Program(THEIR_MODULES + text, folder, firmware=firmware)
    eventually(lambda: is_open(port))
    return board, port


def begin_ours(program: str, folder: Path) -> tuple[Program, int]:
    """Starts a program for uhttpd."""
    board = Program(with_any_port(program, port=5000), folder, firmware=SHIPPED)
    return board, board.port


@contextmanager
def site_of(begin: Begin, program: str, folder: Path) -> Iterator[Site]:
    """Runs a program, whoever wrote it."""
    for name in ("static", "files"):
        (folder / name).mkdir(parents=True)
    board, port = begin(program, folder)
    url = f"http://127.0.0.1:{port}"
    try:
        with httpx.Client(base_url=url, timeout=PATIENCE) as client:
            yield Site(client, folder, url)
    finally:
        board.close()


def test_each_pair_is_visited() -> None:
    assert PAIRS.keys() == VISITS.keys()


@pytest.mark.parametrize("title", PAIRS)
def test_ours_is_no_longer_and_does_the_same(title: str, tmp_path: Path) -> None:
    theirs, ours = PAIRS[title]
    assert len(ours.splitlines()) <= len(theirs.splitlines())
    assert len(ours) <= len(theirs)
    seen = []
    for begin, program in ((begin_theirs, theirs), (begin_ours, ours)):
        with site_of(begin, program, tmp_path / begin.__name__) as site:
            seen.append(VISITS[title](site))
    assert seen[0] == seen[1]
