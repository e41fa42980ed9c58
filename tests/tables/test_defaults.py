# SPDX-License-Identifier: MIT
"""Defaults and ranges: Kconfig has them, the stub repeats them, and C starts with them."""

from __future__ import annotations

import re

import pytest
from bindgen.model import Function, Parameter
from bindgen.parse import parse

from tests.support.paths import MICROPYTHON, ROOT
from tools import defaults, generated

HEADERS = [
    path.read_text(encoding="utf-8")
    for name in defaults.COMPONENTS
    for path in (ROOT / "components" / name / "include").glob("*.h")
]
OPTIONS = {k: v for name in defaults.COMPONENTS for k, v in defaults.defaults(name).items()}
FIELDS = dict(re.findall(r"^ +\.(\w+) = (CONFIG_\w+),", "\n".join(HEADERS), re.MULTILINE))
"""The option that a field of a default configuration gets its value from."""
RANGES = {
    f"CONFIG_{name}": (int(low), int(high))
    for component in defaults.COMPONENTS
    for name, low, high in re.findall(
        r"config (\w+)\n.*\n        range (\d+) (\d+)",
        (ROOT / "components" / component / "Kconfig").read_text(encoding="utf-8"),
    )
}

RENAMED = {
    ("websocket", "clients"): "max_clients",
    ("websocket", "ping"): "ping_interval",
    ("websocket", "timeout"): "dead_timeout",
}
OF_ITS_OWN = {
    ("__init__", "routes"),  # None for the same number, which may then grow
    ("__init__", "max_sockets"),  # None for 0; and 0 is no number of sockets
    ("websocket", "max_message"),  # each client takes this much memory here
}


def functions() -> list[Function]:
    """The functions that set a server up."""
    module = parse(MICROPYTHON / "uhttpd.pyi")
    (server,) = (each for each in module.classes if each.name == "Server")
    assert server.constructor
    return [server.constructor, *server.methods]


def settings() -> list[tuple[str, Parameter, str]]:
    """Function, parameter and option of each setting of both Python and Kconfig."""
    found = []
    for function in functions():
        for parameter in function.parameters:
            key = (function.name, parameter.name)
            option = FIELDS.get(RENAMED.get(key, parameter.name))
            if option and key not in OF_ITS_OWN:
                found.append((function.name, parameter, option))
    return found


def test_headers_from_kconfig_are_up_to_date() -> None:
    assert not generated.stale(defaults.outputs()), "run `make generate`"


def test_every_option_is_the_default_of_something() -> None:
    assert set(FIELDS.values()) == set(OPTIONS)


@pytest.mark.parametrize(
    ("parameter", "option"),
    [pytest.param(p, option, id=f"{name}-{p.name}") for name, p, option in settings()],
)
def test_python_and_c_begin_with_the_same_number(parameter: Parameter, option: str) -> None:
    assert parameter.type.range and isinstance(parameter.default, (int, float))
    unit = 1000 if parameter.type.range.seconds else 1
    assert parameter.default * unit == OPTIONS[option]
    limits = (parameter.type.range.low * unit, parameter.type.range.high * unit)
    assert limits == RANGES[option]


def test_settings_of_both_are_found() -> None:
    assert len(settings()) >= 13


@pytest.mark.parametrize("name", [p.name for p in functions()[0].parameters])
def test_every_keyword_of_the_server_is_used(name: str) -> None:
    glue = (MICROPYTHON / "glue" / "uhttpd_server.c").read_text(encoding="utf-8")
    assert re.search(rf"\bargs->{name}(_ms)?\b", glue)


@pytest.mark.parametrize("file", ["sdkconfig.defaults", "micropython/esp32/board/sdkconfig.board"])
def test_firmwares_set_what_the_document_asks_of_them(file: str) -> None:
    asked = re.findall(r"`(CONFIG_\w+=\w+)`", (ROOT / "components/uhttpd/README.md").read_text())
    assert asked
    assert set(asked) <= set((ROOT / file).read_text().splitlines())
