# SPDX-License-Identifier: MIT
"""Writes docs/footprint.md: how much flash, heap and stack the components take.

    . ~/esp/esp-idf/export.sh
    PYTHONPATH=clients/python/src python -m tools.footprint [TARGET]

It builds the firmware and the tests that run inside a chip, starts both in Espressif's emulator
and measures there. An emulator's clock says nothing about speed, but its heap and stacks are real.
The default target is esp32c3.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import webrepl_client
from websockets.sync.client import connect

from test_apps import targets
from test_apps.device import PASSWORD, Device, eventually
from test_apps.stacks import stacks_of
from test_apps.web_files import FOLDER, WebFiles, noise

ROOT = Path(__file__).resolve().parent.parent


ARCHIVES = {
    "libuhttpd.a": "components/uhttpd",
    "libwebrepl.a": "components/webrepl, with the page and its editor",
    "libesp_http_server.a": "ESP-IDF's esp_http_server",
    "libhttp_parser.a": "ESP-IDF's http_parser, which that needs",
}
PAGES = {
    "page.html.gz": "the terminal page",
    "editor.js.gz": "its editor, which `CONFIG_WEBREPL_EDITOR=n` leaves out",
}
MANY = 5  # connections that are opened to measure one


# --- flash --------------------------------------------------------------------------------------


def sizes(build: Path) -> dict[str, dict[str, int]]:
    """Bytes of each archive: in flash, and static in RAM."""
    command = [sys.executable, "-m", "esp_idf_size", "--archives", "--format", "json2"]
    environment = {**os.environ, "ESP_IDF_SIZE_NG": "1"}  # older IDFs default to the first version
    shown = subprocess.check_output([*command, build / "firmware.map"], env=environment)
    archives = json.loads(shown)
    result = {}
    for path, archive in archives.items():
        kinds = {name: kind["size"] for name, kind in archive["memory_types"].items()}
        flash = sum(size for name, size in kinds.items() if name.startswith("Flash"))
        ram = sum(size for name, size in kinds.items() if "RAM" in name)
        result[Path(path).name] = {"flash": flash, "ram": ram}
    return result


def flash_table(build: Path) -> list[str]:
    """Rows of the table about flash."""
    found = sizes(build)
    return [
        f"| {title} | {found[name]['flash']} | {found[name]['ram']} |"
        for name, title in ARCHIVES.items()
    ]


def page_table() -> list[str]:
    """Rows of the table about the page, which `components/webrepl` embeds."""
    return [
        f"| {title} | {(ROOT / 'build' / 'web' / name).stat().st_size} |"
        for name, title in PAGES.items()
    ]


# --- a firmware in the emulator -----------------------------------------------------------------


def free_port() -> int:
    """Returns a TCP port of this machine that nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Board:
    """An emulated board."""

    def __init__(self, process: subprocess.Popen[bytes], port: int, log: Path) -> None:
        """`port` of this machine leads to its port 80, and `log` has its console's output."""
        self.port = port
        self._process = process
        self._log = log

    def shown(self) -> str:
        """Returns all output of its console."""
        return self._log.read_text(errors="replace")

    def type(self, text: str) -> None:
        """Types at its console."""
        assert self._process.stdin
        self._process.stdin.write(text.encode())
        self._process.stdin.flush()


@contextlib.contextmanager
def emulated(build: Path, target: str) -> Iterator[Board]:
    """Runs a build, with a flash chip as in the tests."""
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        flash, log = (Path(folder) / name for name in ("flash.bin", "log"))
        merge = [sys.executable, "-m", "esptool", "--chip", target, "merge_bin", "-o", str(flash)]
        subprocess.run(
            [*merge, "--fill-flash-size", "4MB", "@flash_args"],
            cwd=build,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        command = [targets.emulator(target), "-nographic", "-machine", target]
        command += ["-drive", f"file={flash},if=mtd,format=raw"]
        command += ["-nic", f"user,model=open_eth,hostfwd=tcp:127.0.0.1:{port}-:80"]
        with log.open("wb") as output:
            process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=output, stderr=subprocess.STDOUT
            )
        try:
            yield Board(process, port, log)
        finally:
            process.kill()
            process.wait()


def cost_of(
    device: Device, open_some: Callable[[], contextlib.AbstractContextManager[object]]
) -> int:
    """Returns how many bytes are in use while something is open."""
    before: int = device.settled_heap()
    with open_some():
        now: int = device.settled_heap()
        return before - now


@contextlib.contextmanager
def many(open_one: Callable[[], contextlib.AbstractContextManager[object]]) -> Iterator[None]:
    """Opens several at a time."""
    with contextlib.ExitStack() as stack:
        for _ in range(MANY):
            stack.enter_context(open_one())
        yield


def open_idle(device: Device) -> contextlib.AbstractContextManager[object]:
    """Opens a connection that has been served once and stays open."""
    client = device.connect()
    client.request("/")
    return contextlib.closing(client)


def open_half(device: Device) -> contextlib.AbstractContextManager[object]:
    """Opens a connection with half a request head."""
    client = device.connect()
    client.send("GET / HTTP/1.1\r\nHost: ")
    return contextlib.closing(client)


def stack_table(device: Device) -> list[str]:
    """Rows of the table about stacks."""
    return [f"| {title} | {left} |" for title, left in stacks_of(device).items()]


def use_everything(device: Device) -> None:
    """Does everything that a firmware is for once."""
    for path in ("/", "/api/info", "/ws"):
        device.get(path)
    with device.terminal() as terminal:
        for command in ("help", "tasks", "ls"):
            terminal.run(command)
    with device.files() as files:
        files.put_file(__file__, "classic.bin")
    files = WebFiles(device)
    files.put("a/b/c.txt", noise(50_000))
    files.ask("a/", headers="Accept-Encoding: gzip\r\n")
    files.ask("a/b/c.txt", headers="Range: bytes=100-\r\n")
    files.ask("a/b/c.txt", "MOVE", f"Destination: {FOLDER}d.txt\r\n")
    files.ask("a/", "DELETE", query="?force=1")
    server = f"ws://{device.host}:{device.port}"
    with webrepl_client.connect(f"{server}/ws", PASSWORD) as board:
        board.write_bytes("second.bin", noise(50_000))
        board.read_bytes("second.bin")
        board.digest("second.bin")
    with connect(f"{server}/api/messages") as person:
        person.send("x" * 1000)
        person.recv()


def measure_firmware(build: Path, target: str) -> tuple[list[str], list[str]]:
    """Returns the rows about heap and stacks of the firmware in main/."""
    with emulated(build, target) as board:
        device = Device("c", target, "127.0.0.1", board.port)
        device.wait_until_up()
        idle = cost_of(device, lambda: many(lambda: open_idle(device))) // MANY
        # The server may close a connection before the heap has settled, so the highest of several
        # attempts counts.
        halves = [cost_of(device, lambda: many(lambda: open_half(device))) for _ in range(4)]
        half = max(halves) // MANY
        terminal = cost_of(device, device.terminal)
        heap = [
            f"| a connection that is kept open | {idle} |",
            f"| a connection with half a request head | {half} |",
            f"| the session of the terminal | {terminal} |",
        ]
        for _ in range(5):
            use_everything(device)
        return heap, stack_table(device)


def measure_server(build: Path, target: str) -> str:
    """Returns the row about a waiting server, from the tests that run inside."""
    with emulated(build, target) as board:
        eventually(lambda: "Press ENTER" in board.shown())
        board.type("[server]\n")
        takes = eventually(lambda: re.search(r"server that waits takes (\d+)", board.shown()))
        return f"| a server that waits: three kinds of task, two workers | {takes[1]} |"


# --- the document -------------------------------------------------------------------------------

DOCUMENT = """# Footprint

Written by `tools/footprint.py {target}`: ESP-IDF {version}, {target} in Espressif's emulator, the
firmware in `main/` with the settings of `sdkconfig.defaults`, compiled by
{compiler}.
Another compiler makes code of another size; heap and stacks hardly differ. Bytes throughout.

## Flash, and static RAM

| part | flash | RAM |
| --- | --- | --- |
{flash}

The whole image is {image} bytes. `partitions.csv` has {room} for it.

| part of components/webrepl | flash |
| --- | --- |
{page}

## Heap

| what | heap |
| --- | --- |
{heap}

## Stacks

What of each stack was never used, after pages, JSON, commands, messages, and files that came, were
listed, sent, renamed and removed by HTTP and both editions of WebREPL. The stacks are:
{stacks}.

| task | never used |
| --- | --- |
{stack}
"""


def settings(build: Path) -> dict[str, object]:
    """Reads the configuration of a build."""
    values: dict[str, object] = json.loads((build / "config" / "sdkconfig.json").read_text())
    return values


def application_room() -> int:
    """Returns the size of the partition that the firmware is written to."""
    (size,) = re.findall(r"^factory,.*,\s*(0x\w+)$", (ROOT / "partitions.csv").read_text(), re.M)
    return int(size, 16)


def stacks(configured: dict[str, object]) -> str:
    """Describes the sizes of the tasks' stacks."""
    names = {"HTTP": "HTTP", "IO": "I/O", "WORKER": "worker"}
    sizes = [
        f"{title} {configured[f'UHTTPD_{name}_STACK_BYTES']}" for name, title in names.items()
    ]
    return ", ".join([*sizes, f"console {configured['FIRMWARE_CONSOLE_STACK_BYTES']}"])


def compiler(project: dict[str, object]) -> str:
    """Names the compiler of a build."""
    shown = subprocess.check_output([str(project["c_compiler"]), "--version"], text=True)
    return shown.splitlines()[0]


def main() -> int:
    """Builds, measures and writes."""
    target = sys.argv[1] if len(sys.argv) > 1 else "esp32c3"
    try:
        firmware = targets.build_firmware("c", target, on_board=False)
        inside = targets.build_unity(target, "default", on_board=False)
    except targets.NotAvailable as reason:
        print(f"footprint: {reason}", file=sys.stderr)
        return 1
    heap, stack = measure_firmware(firmware, target)
    project = json.loads((firmware / "project_description.json").read_text())
    configured = settings(firmware)
    text = DOCUMENT.format(
        target=target,
        version=project["git_revision"],
        compiler=compiler(project),
        flash="\n".join(flash_table(firmware)),
        page="\n".join(page_table()),
        room=application_room(),
        image=(firmware / "firmware.bin").stat().st_size,
        heap="\n".join([measure_server(inside, target), *heap]),
        stack="\n".join(stack),
        stacks=stacks(configured),
    )
    (ROOT / "docs" / "footprint.md").write_text(text)
    print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
