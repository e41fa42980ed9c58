# SPDX-License-Identifier: MIT
"""Pages of other origins: the headers for browsers on every URL and with every status."""

from __future__ import annotations

import pytest

from tests.support.http import Response

from .http_app import App, Launch

ORIGIN = "https://example.org"
OTHER = "https://example.org.evil.example"
STAR, ECHO = "*", ORIGIN


def asks(origin: str = ORIGIN, method: str = "PUT", names: str = "") -> str:
    """The headers of a preflight."""
    lines = f"Origin: {origin}\r\nAccess-Control-Request-Method: {method}\r\n"
    return lines + (f"Access-Control-Request-Headers: {names}\r\n" if names else "")


def preflight(app: App, target: str, **how: str) -> Response:
    client = app.connect()
    response = client.request(target, "OPTIONS", asks(**how))
    assert client.request("/hello").code == 200
    return response


def allowed(response: Response) -> dict[str, str]:
    prefix = "access-control-"
    return {
        name.lower()[len(prefix) :]: value
        for name, value in response.headers
        if name.lower().startswith(prefix)
    }


@pytest.fixture(params=[STAR, ECHO], ids=["any origin", "listed origins"])
def said(request: pytest.FixtureRequest) -> str:
    """The Access-Control-Allow-Origin that ORIGIN gets."""
    return request.param


@pytest.fixture
def app(launch: Launch, said: str) -> App:
    return launch(cors=1) if said == STAR else launch(origins=f"http://a,{ORIGIN}")


class TestPreflight:
    def test_of_a_route(self, app: App, said: str) -> None:
        response = preflight(app, "/echo")
        assert response.code == 204
        assert allowed(response) == {
            "allow-origin": said,
            "allow-methods": "POST, PUT, PATCH, DELETE, OPTIONS",
            "max-age": "600",
        }

    def test_of_nothing(self, app: App, said: str) -> None:
        response = preflight(app, "/nowhere")
        assert response.code == 204
        assert allowed(response)["allow-origin"] == said
        assert {"GET", "PUT", "DELETE"} <= set(allowed(response)["allow-methods"].split(", "))

    def test_of_any_method(self, launch: Launch) -> None:
        response = preflight(launch(cors=1, any=1), "/every", method="PROPFIND")
        assert allowed(response)["allow-methods"] == "PROPFIND"

    @pytest.mark.parametrize("names", ["x-a", "content-type,x-a", "a , b"])
    def test_headers_are_allowed_as_asked(self, app: App, names: str) -> None:
        assert allowed(preflight(app, "/echo", names=names))["allow-headers"] == names

    @pytest.mark.parametrize("names", ["a b", "a,,b", "a:", ",", 'a"', "a,"])
    def test_invalid_header_names_are_not_allowed(self, app: App, names: str) -> None:
        assert "allow-headers" not in allowed(preflight(app, "/echo", names=names))

    def test_of_a_route_that_answers_it_itself(self, app: App) -> None:
        assert app.command("route /own 64") == "ESP_OK"
        assert preflight(app, "/own").code == 200

    def test_needs_no_password(self, launch: Launch) -> None:
        app = launch(cors=1, basic="Basic abc")
        answers = [app.connect().request(url, "OPTIONS", asks()) for url in ("/echo", "/nowhere")]
        assert [answer.code for answer in answers] == [204, 204]
        assert answers[0].undated == answers[1].undated  # without any of these headers
        assert app.connect().request("/echo", "OPTIONS").code == 401

    def test_of_a_closed_server(self, launch: Launch) -> None:
        response = preflight(launch(), "/echo")
        assert response.code == 204
        assert allowed(response) == {}


class TestResponses:
    @pytest.mark.parametrize(
        "target", ["/hello", "/inline", "/stream", "/from", "/nothing", "/nowhere", "/fail"]
    )
    def test_every_one_says_so(self, app: App, said: str, target: str) -> None:
        response = app.get(target, f"Origin: {ORIGIN}\r\n")
        assert response.header("Access-Control-Allow-Origin") == said
        assert response.header("Vary") == (None if said == STAR else "Origin")

    def test_state_may_be_changed(self, app: App) -> None:
        response = app.connect().request("/echo", "POST", f"Origin: {ORIGIN}\r\n", b"x")
        assert response.text == "x"

    def test_wrong_method(self, app: App, said: str) -> None:
        response = app.connect().request("/hello", "POST", f"Origin: {ORIGIN}\r\n")
        assert response.code == 405
        assert response.header("Access-Control-Allow-Origin") == said


class TestUnlisted:
    @pytest.fixture
    def app(self, launch: Launch) -> App:
        return launch(origins=f"http://a,{ORIGIN}")

    @pytest.mark.parametrize("origin", [OTHER, "null", "http://example.org", ORIGIN + ":443", ""])
    def test_gets_no_headers_and_may_change_nothing(self, app: App, origin: str) -> None:
        header = f"Origin: {origin}\r\n"
        response = app.get("/hello", header)
        assert response.header("Access-Control-Allow-Origin") is None
        assert response.header("Vary") == "Origin"
        assert app.connect().request("/echo", "POST", header, b"x").code == 403
        assert allowed(app.connect().request("/echo", "OPTIONS", asks(origin))) == {}

    def test_no_page_at_all(self, app: App) -> None:
        response = app.get("/hello")
        assert response.header("Access-Control-Allow-Origin") is None
        assert response.header("Vary") == "Origin"
        assert app.connect().request("/echo", "POST", body=b"x").code == 200


@pytest.mark.parametrize("wrong", ["*", "example.org", ORIGIN + "/", "http://*.local", "http://"])
def test_what_no_browser_sends_is_refused(launch: Launch, wrong: str) -> None:
    with pytest.raises(AssertionError, match="INVALID_ARG"):
        launch(origins=f"http://a,{wrong}")


def test_list_and_star_exclude_each_other(launch: Launch) -> None:
    with pytest.raises(AssertionError, match="INVALID_ARG"):
        launch(cors=1, origins=ORIGIN)
