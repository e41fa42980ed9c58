# SPDX-License-Identifier: MIT
"""Routes: which one answers which request, and what the server answers by itself."""

from __future__ import annotations

import pytest

from .http_app import App, Launch

GET, POST, OPTIONS, ALL = 1, 2, 64, 255


def test_route_answers_its_url(app: App) -> None:
    response = app.get("/hello")
    assert (response.code, response.text) == (200, "Hello World")


def test_query_is_no_part_of_the_url(app: App) -> None:
    assert app.get("/hello?name=x/y?z").text == "Hello World"


@pytest.mark.parametrize("target", ["/hell%6f", "/%68%65%6c%6C%6F", "http://h/hell%6F?a"])
def test_url_is_compared_decoded(app: App, target: str) -> None:
    assert app.get(target).text == "Hello World"


class TestParameters:
    """The program answers "n is 7" for the number, and "rest is a/b" for the path."""

    @pytest.mark.parametrize(
        ("target", "text"),
        [
            ("/param/7/a/b", "n is 7, rest is a/b"),
            ("/%70aram/-07/a%20b/%c3%a4/", "n is -07, rest is a b/ä/"),
            ("/param/1/" + 40 * "x", "n is 1, rest is too long"),
        ],
    )
    def test_of_a_url(self, app: App, target: str, text: str) -> None:
        assert app.get(target).text == text

    @pytest.mark.parametrize(
        "target", ["/param/x/a", "/param/7/", "/param/7/../a", "/param/7/%2e%2e", "/param/7/a%2fb"]
    )
    def test_that_do_not_fit(self, app: App, target: str) -> None:
        assert app.get(target).code == 404

    def test_that_a_route_does_not_have(self, app: App) -> None:
        assert app.get("/unparam").text == "n is not found, rest is not found"


@pytest.mark.parametrize("target", ["/", "/hell", "/hello/", "/HELLO", "/hell%2Fo", "//hello"])
def test_other_urls_are_not_found(app: App, target: str) -> None:
    response = app.get(target)
    assert (response.code, response.text) == (404, "404 Not Found\n")


@pytest.mark.parametrize(
    ("target", "answer"),
    [
        ("/any/first", "exact, added first"),
        ("/any/", "wildcard"),
        ("/any/thing/below", "wildcard"),
        ("/any/late", "wildcard"),
    ],
)
def test_first_route_added_wins(app: App, target: str, answer: str) -> None:
    assert app.get(target).text == answer


def test_wildcard_does_not_reach_above_its_slash(app: App) -> None:
    assert app.get("/any").code == 404


def test_route_with_the_right_method_answers_behind_one_with_another(app: App) -> None:
    assert app.connect().request("/any/late", "DELETE").text == "exact, added last"


def test_connection_survives_404_and_405(app: App) -> None:
    client = app.connect()
    assert client.request("/nowhere").code == 404
    assert client.request("/hello", "POST", body=b"a body nobody asked for").code == 405
    assert client.request("/nowhere", "PUT", body=b"another one").code == 404
    assert client.request("/hello").code == 200


class TestMethods:
    def test_a_wrong_method_gets_the_allowed_ones(self, app: App) -> None:
        response = app.connect().request("/hello", "DELETE")
        assert response.code == 405
        assert response.header("Allow") == "GET, HEAD, OPTIONS"

    def test_allow_names_the_methods_of_all_routes_that_fit(self, app: App) -> None:
        response = app.connect().request("/any/late", "PUT")
        assert response.header("Allow") == "GET, HEAD, DELETE, OPTIONS"

    def test_options(self, app: App) -> None:
        client = app.connect()
        response = client.request("/echo", "OPTIONS")
        assert response.code == 204
        assert response.header("Allow") == "POST, PUT, PATCH, DELETE, OPTIONS"
        assert response.header("Content-Length") is None
        assert client.request("/hello").code == 200

    def test_options_of_the_server_itself(self, app: App) -> None:
        assert app.connect().request("*", "OPTIONS").code == 204

    @pytest.mark.parametrize("target", ["/hello", "/inline", "/big?size=100000", "/nowhere"])
    def test_head_is_get_without_the_body(self, app: App, target: str) -> None:
        get = app.get(target)
        client = app.connect()
        head = client.request(target, "HEAD")
        assert (head.status, head.undated) == (get.status, get.undated)
        assert client.request("/hello").text == "Hello World"  # nothing stands between

    def test_head_of_a_route_for_post(self, app: App) -> None:
        assert app.connect().request("/unread", "HEAD").code == 405

    def test_options_of_an_unknown_url(self, app: App) -> None:
        assert app.connect().request("/nowhere", "OPTIONS").code == 404

    @pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
    def test_one_route_for_several_methods(self, app: App, method: str) -> None:
        assert app.connect().request("/echo", method, body=b"data").text == "data"


class TestAnyMethod:
    ANY = 256

    @pytest.fixture
    def app(self, launch: Launch) -> App:
        return launch(any=1)

    @pytest.mark.parametrize("method", ["PROPFIND", "M-SEARCH", "get", "A"])
    def test_without_a_bit_of_its_own(self, app: App, method: str) -> None:
        client = app.connect()
        for _ in range(2):
            assert client.request("/every", method, body=b"x").text == f"{self.ANY} {method}"

    @pytest.mark.parametrize(("method", "bit"), [("GET", GET), ("POST", POST), ("OPTIONS", 64)])
    def test_with_a_bit_of_its_own(self, app: App, method: str, bit: int) -> None:
        assert app.connect().request("/every", method).text == f"{bit} {method}"

    def test_head_has_no_body(self, app: App) -> None:
        client = app.connect()
        assert client.request("/every", "HEAD").code == 200
        assert client.request("/hello").text == "Hello World"

    def test_routes_before_it_come_first(self, app: App) -> None:
        assert app.connect().request("/every", "PUT").text == "put"

    def test_without_a_route_for_any_method(self, app: App) -> None:
        client = app.connect()
        assert client.request("/hello", "PROPFIND").code == 405
        assert client.request("/nowhere", "PROPFIND").code == 404

    def test_takes_one_slot(self, app: App) -> None:
        before = int(app.command("slots"))
        assert app.command(f"route /new {self.ANY}") == "ESP_OK"
        assert int(app.command("slots")) == before - 1

    def test_is_no_back_door_for_other_sites(self, app: App) -> None:
        foreign = "Origin: http://evil.example\r\n"
        assert app.connect().request("/every", "PROPPATCH", foreign).code == 403

    def test_tunnels_are_still_refused(self, app: App) -> None:
        assert app.connect().request("/every", "CONNECT").code == 501


class TestTable:
    def test_every_method_takes_a_slot(self, app: App) -> None:
        before = int(app.command("slots"))
        assert app.command(f"route /new {GET | POST}") == "ESP_OK"
        assert int(app.command("slots")) == before - 2

    def test_full(self, app: App) -> None:
        for _ in range(int(app.command("slots")) - 1):
            assert app.command(f"route /new {GET}") == "ESP_OK"
        assert app.command(f"route /both {GET | POST}") == "ROUTES_FULL"
        assert app.command(f"route /last {GET}") == "ESP_OK"
        assert app.command(f"route /more {GET}") == "ROUTES_FULL"
        assert app.get("/last").code == 200
        assert app.get("/more").code == 404

    def test_options_has_its_slot_even_so(self, launch: Launch) -> None:
        app = launch(routes=255)
        while app.command(f"route /new {GET}") == "ESP_OK":
            pass
        assert app.connect().request("/hello", "OPTIONS").code == 204

    @pytest.mark.parametrize(
        "route",
        [f"new {GET}", f"/a*b {GET}", f"/a** {GET}", f"/a?b {GET}", "/a 0", "/a 536870912"]
        + [f"/users/<id {GET}", f"/users/<str:id> {GET}", f"/<a><b> {GET}"],
    )
    def test_nonsense_is_refused(self, app: App, route: str) -> None:
        assert app.command(f"route {route}") == "ESP_ERR_INVALID_ARG"

    def test_route_of_every_method(self, app: App) -> None:
        assert app.command(f"route /all {ALL}") == "ESP_OK"
        assert app.connect().request("/all", "OPTIONS").code == 200

    def test_routes_are_added_while_requests_are_answered(self, app: App) -> None:
        client = app.connect()
        for i in range(20):
            client.send("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n")
            assert app.command(f"route /while/{i} {GET}") == "ESP_OK"
            assert client.response().code == 200


class TestRemoving:
    def test_frees_slots_and_context(self, app: App) -> None:
        slots = app.command("slots")
        for _ in range(3):
            assert app.command(f"route /new {GET | POST}") == "ESP_OK"
            assert app.command(f"unroute /n%65w {GET | POST}") == "ESP_OK"
        assert app.command("slots") == slots
        assert app.state()["freed"] == 3
        assert app.get("/new").code == 404

    def test_leaves_other_methods_and_other_routes(self, app: App) -> None:
        assert app.command(f"route /new/<int:n> {GET | POST}") == "ESP_OK"
        assert app.command(f"route /new/* {GET}") == "ESP_OK"
        assert app.command(f"unroute /new/<int:n> {GET}") == "ESP_OK"
        assert app.get("/new/1").code == 200
        assert app.request("/new/1", "POST").code == 200
        assert app.command(f"unroute /new/* {GET | POST}") == "ESP_OK"
        assert app.get("/new/1").header("Allow") == "POST, OPTIONS"

    @pytest.mark.parametrize(
        ("route", "answer"),
        [
            *((f"/nowhere {GET}", "ESP_ERR_NOT_FOUND"), (f"/hello {POST}", "ESP_ERR_NOT_FOUND")),
            *((f"hello {GET}", "ESP_ERR_INVALID_ARG"), ("/hello 0", "ESP_ERR_INVALID_ARG")),
            (f"/ws {GET}", "ESP_ERR_NOT_FOUND"),
        ],
    )
    def test_what_is_not_there(self, app: App, route: str, answer: str) -> None:
        assert app.command(f"unroute {route}") == answer

    def test_requests_that_have_come_are_answered(self, app: App) -> None:
        assert app.command(f"route /mine {GET} hold") == "ESP_OK"
        client = app.connect()
        client.send("GET /mine HTTP/1.1\r\nHost: x\r\n\r\n")
        app.wait_for(holding=1)
        assert app.command(f"unroute /mine {GET}") == "ESP_OK"
        assert app.state()["freed"] == 0
        assert app.get("/mine").code == 404
        app.command("release 1")
        assert client.response().text == "held"
        app.wait_for(freed=1)

    def test_while_requests_come(self, app: App) -> None:
        clients = [app.connect() for _ in range(4)]
        for i in range(30):
            assert app.command(f"route /flicker {GET}") == "ESP_OK"
            for client in clients:
                client.send("GET /flicker HTTP/1.1\r\nHost: x\r\n\r\n")
            assert app.command(f"unroute /flicker {GET}") == "ESP_OK"
            assert {client.response().code for client in clients} <= {200, 404}, i
        app.wait_for(freed=30)


class TestConnections:
    def test_keep_what_the_program_gives_them(self, app: App) -> None:
        client, other = app.connect(), app.connect()
        assert client.request("/visits").text == "1 at 127.0.0.1"
        assert client.request("/visits").text == "2 at 127.0.0.1"
        assert other.request("/visits").text == "1 at 127.0.0.1"
        assert client.request("/visits?anew=1").text == "1 at 127.0.0.1"
        assert app.state()["freed"] == 1
        client.close()
        other.close()
        app.wait_for(freed=3)


class TestOtherSites:
    """A page from elsewhere must not change anything here without its visitor's knowledge."""

    FOREIGN = "Origin: http://evil.example\r\n"

    def test_requests_that_change_something_are_refused(self, app: App) -> None:
        assert app.connect().request("/echo", "POST", self.FOREIGN, b"x").code == 403

    @pytest.mark.parametrize("origin", ["http://test", "http://TEST:80", "http://test:080"])
    def test_the_server_s_own_pages_may(self, app: App, origin: str) -> None:
        assert app.connect().request("/echo", "POST", f"Origin: {origin}\r\n", b"x").code == 200

    def test_sandboxed_pages_may_not(self, app: App) -> None:
        assert app.connect().request("/echo", "POST", "Origin: null\r\n", b"x").code == 403

    def test_reading_is_left_to_the_browser(self, app: App) -> None:
        response = app.get("/hello", self.FOREIGN)
        assert response.code == 200
        assert response.header("Access-Control-Allow-Origin") is None

    def test_open_to_others_by_configuration(self, launch: Launch) -> None:
        app = launch(cors=1)
        response = app.connect().request("/echo", "POST", self.FOREIGN, b"x")
        assert response.code == 200
        assert response.header("Access-Control-Allow-Origin") == "*"
        assert app.get("/nowhere").header("Access-Control-Allow-Origin") == "*"


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("Cookie: a=1", "1"),
        ("Cookie: b=2; a=1; a=3", "1"),
        ('Cookie: a="1 2"', '"1 2"'),
        ("Cookie: A=1", "none"),
        ("X: a=1", "none"),
    ],
)
def test_cookie(app: App, header: str, value: str) -> None:
    assert app.get("/cookie?name=a", header + "\r\n").text == value


def test_a_handler_can_read_everything_about_its_request(app: App) -> None:
    client = app.connect()
    response = client.request("/describe?a=1&b=%20?", "POST", "X-Two:  b \r\nX-Two: c\r\n", b"12")
    assert response.text.splitlines() == [
        "method 2",
        "uri /describe?a=1&b=%20?",
        "path /describe",
        "query a=1&b=%20?",
        "length 2",
        "remote 127.0.0.1",
        "header Host=test",
        "header X-Two=b",
        "header X-Two=c",
        "header Content-Length=2",
    ]


def test_request_without_query_or_body(app: App) -> None:
    lines = app.get("/describe").text.splitlines()
    assert lines[2:5] == ["path /describe", "query none", "length 0"]
