# SPDX-License-Identifier: MIT
"""Access: known hosts, a password, a callback that decides."""

from __future__ import annotations

import pytest

from tests.support.websocket import handshake

from .http_app import App, Launch, open_websocket

BASIC = "Basic YW5zd2VyOjQy"
CREDENTIALS = f"Authorization: {BASIC}\r\n"
EVERYTHING = ["/hello", "/inline", "/nowhere", "/from", "/ws", "/any/x"]


class TestHosts:
    @pytest.fixture
    def app(self, launch: Launch) -> App:
        return launch(hosts="esp.local,192.168.4.1:8080,[::1],test")

    def ask(self, app: App, host: str | None, target: str = "/hello") -> int:
        client = app.connect()
        header = "" if host is None else f"Host: {host}\r\n"
        client.send(f"GET {target} HTTP/1.{0 if host is None else 1}\r\n{header}\r\n")
        return client.response().code

    @pytest.mark.parametrize(
        "host", ["esp.local", "ESP.Local", "esp.local:80", "esp.local:8266", "192.168.4.1:8080"]
    )
    def test_known(self, app: App, host: str) -> None:
        assert self.ask(app, host) == 200

    @pytest.mark.parametrize("host", ["[::1]", "[::1]:80"])
    def test_known_address(self, app: App, host: str) -> None:
        assert self.ask(app, host) == 200

    @pytest.mark.parametrize(
        "host", ["evil.example", "esp.local.evil", "esp", "192.168.4.1", "192.168.4.1:80", None]
    )
    @pytest.mark.parametrize("target", ["/hello", "/inline", "/nowhere"])
    def test_unknown(self, app: App, host: str | None, target: str) -> None:
        assert self.ask(app, host, target) == 421

    def test_named_in_the_target(self, app: App) -> None:
        client = app.connect()
        client.send("GET http://evil.example/hello HTTP/1.1\r\nHost: esp.local\r\n\r\n")
        assert client.response().code == 421

    def test_websockets(self, app: App) -> None:
        assert open_websocket(app, "/ws").echo(b"x") == b"x"
        client = app.connect()
        client.send(handshake("/ws", host="evil.example"))
        assert client.response().code == 421

    def test_nonsense_is_refused(self, launch: Launch) -> None:
        with pytest.raises(AssertionError, match="INVALID_ARG"):
            launch(hosts="a,http://b")


NEAR = ["127.0.0.1", "192.168.4.1:8080", "[::1]:80", "localhost", "esp", "ESP.Local", "a.b.local"]
FAR = ["evil.example", "evil.example:80", "esp.local.evil", "1.2.3.4.evil", "local.", "x.localx"]
REBOUND = (
    "421 Misdirected Request: the Host is a name that the server's setting `hosts` does not have\n"
)


class TestNoHosts:
    """Nobody has said by which names the server is known."""

    @pytest.fixture
    def app(self, launch: Launch) -> App:
        return launch()

    def test_any_page_may_read(self, app: App) -> None:
        for host in NEAR + FAR:
            client = app.connect()
            client.send(f"GET /hello HTTP/1.1\r\nHost: {host}\r\n\r\n")
            assert client.response().code == 200

    @pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "MOVE"])
    def test_a_page_that_rebinds_its_name_changes_nothing(self, app: App, method: str) -> None:
        for host in NEAR + FAR:
            client = app.connect()
            origin = f"Host: {host}\r\nOrigin: http://{host}\r\nContent-Length: 0"
            client.send(f"{method} /hello HTTP/1.1\r\n{origin}\r\n\r\n")
            response = client.response()
            assert (response.code == 421) == (host in FAR), host
            assert host in NEAR or response.body.decode() == REBOUND

    def test_nor_does_it_open_a_websocket(self, app: App) -> None:
        for host in NEAR + FAR:
            client = app.connect()
            client.send(handshake("/ws", f"Origin: http://{host}", host=host))
            assert client.response().code == (421 if host in FAR else 101), host

    def test_webrepl_cli_always_names_the_same_host(self, app: App) -> None:
        for origin, code in ([], 101), (["Origin: http://echo.websocket.org"], 421):
            client = app.connect()
            client.send(handshake("/ws", *origin, host="echo.websocket.org"))
            assert client.response().code == code


class TestBasic:
    @pytest.fixture
    def app(self, launch: Launch) -> App:
        return launch(basic=BASIC)

    @pytest.mark.parametrize("target", EVERYTHING)
    def test_covers_everything(self, app: App, target: str) -> None:
        client = app.connect()
        response = client.request(target)
        assert response.code == 401
        assert response.header("WWW-Authenticate") == 'Basic realm="uhttpd", charset="UTF-8"'
        assert client.request("/hello", headers=CREDENTIALS).code == 200

    @pytest.mark.parametrize("given", [BASIC, "basic YW5zd2VyOjQy", "BASIC YW5zd2VyOjQy"])
    def test_right(self, app: App, given: str) -> None:
        assert app.get("/hello", f"Authorization: {given}\r\n").text == "Hello World"
        assert app.get("/nowhere", f"Authorization: {given}\r\n").code == 404

    @pytest.mark.parametrize(
        "given",
        [
            "",
            "Basic",
            BASIC[:-1],
            BASIC + "x",
            BASIC.swapcase(),
            BASIC + " x",
            "Bearer x",
            "Basic ",
        ],
    )
    def test_wrong(self, app: App, given: str) -> None:
        assert app.get("/hello", f"Authorization: {given}\r\n").code == 401

    def test_body_of_a_stranger_is_not_taken(self, app: App) -> None:
        client = app.connect()
        client.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n12345")
        assert client.response().code == 401
        assert client.is_closed()

    def test_route_that_asks_itself(self, app: App) -> None:
        assert app.get("/own-auth").text == "open"

    def test_websocket_that_asks_itself(self, app: App) -> None:
        assert open_websocket(app, "/own-ws").echo(b"x") == b"x"
        assert app.get("/own-ws").code == 401  # a page like any other
        client = app.connect()
        client.send(handshake("/ws"))
        assert client.response().code == 401
        client.send(handshake("/ws", CREDENTIALS.strip()))
        assert client.head().code == 101

    def test_realm(self, launch: Launch) -> None:
        app = launch(basic=BASIC, realm="The board")
        challenge = app.get("/hello").header("WWW-Authenticate")
        assert challenge == 'Basic realm="The board", charset="UTF-8"'

    def test_realm_that_cannot_be_quoted(self, launch: Launch) -> None:
        with pytest.raises(AssertionError, match="INVALID_ARG"):
            launch(basic=BASIC, realm='a"b')

    @pytest.mark.parametrize("wrong", ["answer:42", "Basic answer:42", "YW5zd2VyOjQy"])
    def test_what_no_client_sends_is_refused(self, launch: Launch, wrong: str) -> None:
        with pytest.raises(AssertionError, match="INVALID_ARG"):
            launch(basic=wrong)


class TestCallback:
    KEY = "X-Key: open\r\n"

    @pytest.fixture
    def app(self, launch: Launch) -> App:
        return launch(auth="open", workers=2)

    @pytest.mark.parametrize("target", EVERYTHING)
    def test_covers_everything(self, app: App, target: str) -> None:
        client = app.connect()
        assert client.request(target).code == 403
        assert client.request("/hello", headers=self.KEY).code == 200

    @pytest.mark.parametrize(
        ("target", "code"), [("/hello", 200), ("/inline", 200), ("/nowhere", 404), ("/from", 200)]
    )
    def test_lets_in(self, app: App, target: str, code: int) -> None:
        client = app.connect()
        for _ in range(2):
            assert client.request(target, headers=self.KEY).code == code

    def test_body_is_left_to_the_handler(self, app: App) -> None:
        client = app.connect()
        assert client.request("/echo", "POST", self.KEY, b"body").text == "body"
        assert client.request("/to", "POST", self.KEY, b"abc").text == "3 right"

    def test_answers_itself(self, app: App) -> None:
        client = app.connect()
        for _ in range(2):
            response = client.request("/login")
            assert (response.code, response.header("Location")) == (303, "/elsewhere")

    def test_websocket(self, app: App) -> None:
        client = app.connect()
        client.send(handshake("/ws"))
        assert client.response().code == 403
        client.send(handshake("/ws", self.KEY.strip()))
        assert client.head().code == 101

    def test_routes_that_ask_themselves(self, app: App) -> None:
        assert app.get("/own-auth").text == "open"
        assert open_websocket(app, "/own-ws").echo(b"x") == b"x"

    def test_may_take_its_time(self, app: App) -> None:
        client = app.connect()
        client.send("GET /inline HTTP/1.1\r\nHost: x\r\nX-Key: slow\r\n\r\n")
        app.wait_for(holding=1)
        assert app.get("/hello", self.KEY).code == 200
        app.command("release 1")
        assert client.response().text == "inline"

    def test_server_stops_meanwhile(self, app: App) -> None:
        client = app.connect()
        client.send("GET /hello HTTP/1.1\r\nHost: x\r\nX-Key: slow\r\n\r\n")
        app.wait_for(holding=1)
        app.command("begin_stop")
        app.command("release 1")
        assert app.command("end_stop") == "stopped"


def test_password_and_callback_exclude_each_other(launch: Launch) -> None:
    with pytest.raises(AssertionError, match="INVALID_ARG"):
        launch(basic=BASIC, auth="open")


class TestRoutes:
    """A route with a password of its own, beside that of the server."""

    OWN = "Authorization: Basic cm91dGU6b3du\r\n"

    @pytest.fixture(params=[{}, {"basic": BASIC}, {"auth": "key"}], ids=["open", "basic", "auth"])
    def app(self, launch: Launch, request: pytest.FixtureRequest) -> App:
        app = launch(**request.param)
        for kind in ("basic", "auth", "open"):
            assert app.command(f"route /own/{kind} 3 {kind}") == "ESP_OK"
        return app

    def test_have_their_own_rules(self, app: App) -> None:
        for target, headers, code in [
            *(("/own/open", "", 200), ("/own/basic", "", 401), ("/own/auth", "", 403)),
            *(("/own/basic", self.OWN, 200), ("/own/auth", "X-Key: route\r\n", 200)),
            *(("/own/basic", CREDENTIALS, 401), ("/own/auth", "X-Key: key\r\n", 403)),
            ("/own/basic", "X-Key: key\r\n", 401),
        ]:
            for method in ("GET", "HEAD", "POST"):
                assert app.request(target, method, headers).code == code, (target, headers)

    def test_say_nothing_of_the_rest(self, app: App) -> None:
        code = app.get("/nowhere").code
        assert app.get("/nowhere", self.OWN).code == code
        assert app.request("/own/basic", "DELETE", self.OWN).code == (code if code != 404 else 405)

    def test_a_guesser_who_knows_one_password_waits_all_the_same(self, app: App) -> None:
        client = app.connect()
        codes = []
        for i in range(12):
            assert client.request("/own/open").code == 200
            guess = f"Authorization: Basic {i:04}\r\n"
            codes.append(client.request("/own/basic", headers=guess).code)
            codes.append(client.request("/own/basic", headers=self.OWN).code)
        assert codes[:2] == [401, 200]
        assert 429 in codes

    @pytest.mark.parametrize("kind", ["twice", "nonsense"])
    def test_nonsense_is_refused(self, app: App, kind: str) -> None:
        assert app.command(f"route /x 1 {kind}") == "ESP_ERR_INVALID_ARG"
