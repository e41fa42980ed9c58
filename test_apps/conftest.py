# SPDX-License-Identifier: MIT
"""Devices to test, on every target that --target names and this machine has.

`device` is a firmware that has just started. A test that uses it runs once for each firmware.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.ports import unused_port

from . import targets
from .device import ADDRESS, LISTENS, DesktopDevice, Device, environment
from .stacks import judge_stacks

BOOT_PATIENCE = 120  # seconds; an emulator formats a flash chip meanwhile


def chosen_targets(config: pytest.Config) -> list[str]:
    """Returns the targets of --target, or this desktop."""
    option = config.option.target
    if option and option != "auto":
        return option.split(",")
    if config.option.port:
        raise pytest.UsageError("--port needs --target: which chip is it?")
    return ["desktop"]


def pytest_configure(config: pytest.Config) -> None:
    """Gives chips more time than desktops, and builds even more."""
    if chosen_targets(config) != ["desktop"]:
        config.option.timeout = config.option.timeout or 1800


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Makes every test run on each target, and tests of devices with each firmware."""
    if "chosen_target" not in metafunc.fixturenames:
        return
    metafunc.parametrize("chosen_target", chosen_targets(metafunc.config), scope="session")
    if "firmware" in metafunc.fixturenames:
        metafunc.parametrize("firmware", targets.FIRMWARES, scope="session")


@pytest.fixture
def free_port() -> int:
    """A TCP port of this machine that nobody listens on at the moment."""
    return unused_port()


@pytest.fixture
def on_board(request: pytest.FixtureRequest) -> bool:
    """Whether a board is connected by cable."""
    return bool(request.config.option.port)


# --- what pytest-embedded asks for every test on every target ------------------------------------


@pytest.fixture
def target(chosen_target: str) -> str:
    """The chip, or linux."""
    return chosen_target


@pytest.fixture
def embedded_services(chosen_target: str, on_board: bool) -> str:
    """How pytest-embedded runs an application on this target."""
    if chosen_target == "desktop":
        return ""
    if chosen_target == "linux":
        return "idf"
    return "esp,idf" if on_board else "idf,qemu"


@pytest.fixture
def app_path() -> str:
    """The folder that builds are relative to."""
    return str(targets.ROOT)


@pytest.fixture
def build_dir(request: pytest.FixtureRequest, chosen_target: str) -> str:
    """The folder with the build."""
    return "" if chosen_target == "desktop" else str(request.getfixturevalue("built"))


@pytest.fixture
def qemu_extra_args(free_port: int) -> str:
    """The emulated board's network: a port of this machine leads to port 80 of the board."""
    return f"-nic user,model=open_eth,hostfwd=tcp:127.0.0.1:{free_port}-:80"


@pytest.fixture
def qemu_image_path(tmp_path: Path) -> str:
    """A flash chip for each test."""
    return str(tmp_path / "flash.bin")


# --- devices ------------------------------------------------------------------------------------


@pytest.fixture
def built(firmware: str, chosen_target: str, on_board: bool) -> Path:
    """The build of a firmware for a target of ESP-IDF."""
    try:
        return targets.build_firmware(firmware, chosen_target, on_board)
    except targets.NotAvailable as reason:
        pytest.skip(str(reason))


def start_desktop(firmware: str, port: int, folder: Path) -> Iterator[Device]:
    """Starts a firmware as a process, without ESP-IDF."""
    try:
        program = targets.desktop_program(firmware)
    except targets.NotAvailable as reason:
        pytest.skip(str(reason))
    device = DesktopDevice(firmware, program, port, folder)
    try:
        device.wait_until_up()
        yield device
    finally:
        device.close()


@pytest.fixture
def device(
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    firmware: str,
    chosen_target: str,
    on_board: bool,
    free_port: int,
) -> Iterator[Device]:
    """A firmware that has just started and answers."""
    if chosen_target == "desktop":
        yield from start_desktop(firmware, free_port, tmp_path)
        return
    for name, value in environment(free_port, tmp_path).items():
        monkeypatch.setenv(name, value)  # what a chip ignores, and the linux target needs
    dut = request.getfixturevalue("dut")
    host, port = "127.0.0.1", free_port
    if on_board:
        host = dut.expect(ADDRESS, timeout=BOOT_PATIENCE)[1].decode()
        port = 80
    else:
        dut.expect(LISTENS, timeout=BOOT_PATIENCE)
    device = Device(firmware, chosen_target, host, port)
    device.wait_until_up()
    yield device
    judge_stacks(device)
