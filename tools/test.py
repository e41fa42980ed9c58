#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs every test that needs no board: the page's own, each folder of tests/, and test_apps.

    tools/test.py [--quick] [--again] [--lane=LANE] [FOLDER or FILE ...] [PYTEST OPTION ...]

Each folder is a separate run of pytest, because folders with C extensions need AddressSanitizer
loaded before Python, and the largest folder is several. There are two runs more at a time than
there are processors, because tests also wait. Each shows its output when it has ended. A failure
does not stop the others, so that one call shows everything that is broken. A run that leaves a
process behind has failed.

--quick runs the tests that find most mistakes within two minutes. A full run ends with a table
that shows how many lines of the product were run.

--again repeats the few runs that have failed, alone, once the others are over. One that passes
then is shown as UNSTEADY and fails nothing: it is a fault to be found, in a test or in the
product, but no reason to refuse a change. It is for continuous integration, whose machines are
shared.

--lane=lwip runs the tests of C programs on lwIP with the settings of this project's firmware, and
--lane=lwip-defaults with ESP-IDF's own. It runs all of them, or those that the command line names.
A full run contains some of both lanes.

--lane=fat and --lane=littlefs run the tests of files on the file systems of boards. A full run
contains those that tests/http/conftest.py chooses. --lane=fat-locks builds a FAT that knows which
files are open, and runs them there.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from functools import partial
from pathlib import Path

import covered
import lwip_source
import network
import node
import storages

ROOT = Path(__file__).resolve().parent.parent
BOARDS = ROOT / "test_apps"
Job = Callable[[], tuple[bool, str]]
QUICK = [
    *("tests/http/test_http_routes.py", "tests/http/test_http_heads.py"),
    *("tests/http/test_files_serving.py", "tests/http/test_receive_form.py"),
    *("tests/unit", "tests/unit_webrepl", "tests/bindgen", "tests/tables", "tests/components"),
    *("tests/webrepl/test_login.py", "tests/webrepl/test_second_files.py"),
    *("tests/binding/test_binding_request.py", "tests/binding/test_binding_callbacks.py"),
    "tests/client/test_verbs.py",
]
"""The tests that find most mistakes for their time. Those that take longest are first."""
ON_LWIP = ["tests/http", "tests/webrepl", "test_apps"]
"""Folders that can run on lwIP."""
SOME_ON_LWIP = {
    "lwip": ["tests/webrepl/test_terminal.py", "test_apps/test_crowds.py"],
    "lwip-defaults": [
        *("tests/http/test_http_lwip.py", "tests/http/test_http_lifecycle.py"),
        "tests/http/test_http_websockets.py::TestBackPressure",
        *(
            f"tests/http/test_http_streams.py::Test{name}"
            for name in ("BrokenSource", "ManyAtOnce")
        ),
    ],
}
"""Tests that a full run also runs on lwIP."""
LONGEST_FIRST = [
    *("e2e", "http", "client", "webrepl", "uploads", "webrepl_module", "binding", "test_apps"),
    *("document", "components"),
]
"""Folders whose runs take longest. Started last, one of them would run alone at the end."""
ON_DISKS = ["tests/http"]
"""Folders with tests of files that can run on the file systems of boards."""
DIVIDED = ["http"]
"""Folders that take so long that each subject of their files is a run of its own."""
AGAIN_MAX = 3
"""Runs that are repeated, at most. Where more fail, something is broken."""
NO_TESTS = 5  # pytest's exit code when options such as -k leave no test


def groups() -> list[Path]:
    """Returns the folders with tests, those that take longest first."""
    folders = {path.parent for path in (ROOT / "tests").glob("*/test_*.py")}
    folders.add(BOARDS)
    return sorted(folders, key=place_of)


def place_of(folder: Path) -> tuple[int, str]:
    """Returns what sorts a folder."""
    long = folder.name in LONGEST_FIRST
    return LONGEST_FIRST.index(folder.name) if long else len(LONGEST_FIRST), folder.name


def is_sanitized_extension(folder: Path) -> bool:
    """Returns whether the tests of a folder load C code into Python."""
    return folder.name.startswith("unit")


def environment(folder: Path) -> dict[str, str]:
    """Returns the variables for a folder's run."""
    variables = dict(os.environ)
    if is_sanitized_extension(folder):
        runtime = ["gcc", "-print-file-name=libasan.so"]
        variables["LD_PRELOAD"] = subprocess.check_output(runtime, text=True).strip()
        variables["ASAN_OPTIONS"] = "detect_leaks=0"  # Python leaks by design
        variables.pop("COVERAGE_PROCESS_START", None)  # these tests run none of our Python
    return variables


def run(title: str, command: list[str], cwd: Path, env: dict[str, str]) -> tuple[bool, str]:
    """Runs a command. Returns whether it passed, and what to show of its output."""
    result = subprocess.run(
        [sys.executable, ROOT / "tools" / "watched.py", *command],
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        cwd=cwd,
        env=env,
    )
    return result.returncode in (0, NO_TESTS), f"\n{title}\n{result.stdout}"


def lane_variables(lane: str) -> dict[str, str]:
    """Returns the variables of a lane."""
    variable = storages.VARIABLE if lane in storages.KINDS else network.VARIABLE
    return {variable: lane} if lane else {}


def run_tests(folder: Path, words: list[str], lane: str = "") -> tuple[bool, str]:
    """Runs tests of one folder, on the computer's network or in a lane."""
    # pytest-embedded is for boards. Elsewhere it would start a process for every test.
    plugins = [] if folder == BOARDS else ["-p", "no:embedded"]
    command = [sys.executable, "-m", "pytest", "-q", *plugins, *words]
    variables = {**environment(folder), **lane_variables(lane)}
    named = words if len(words) < 4 else [words[0], "...", words[-1]]
    title = f"{' '.join(named)}{f' on {lane}' if lane else ''}"
    return run(title, command, cwd=ROOT, env=variables)


def run_page() -> tuple[bool, str]:
    """Runs the unit tests of the browser page."""
    command = ["npm", "test", "--silent"]
    variables = {**os.environ, "PATH": node.path()}
    return run("clients/web", command, cwd=ROOT / "build" / "web-src", env=variables)


def run_all(jobs: list[Job], at_once: int) -> list[Job]:
    """Runs jobs, some at once. Returns those that failed."""
    failed = []
    with ThreadPoolExecutor(at_once) as pool:
        futures = {pool.submit(job): job for job in jobs}
        for future in as_completed(futures):
            passed, text = future.result()
            print(text, flush=True)
            if not passed:
                failed.append(futures[future])
    return failed


def run_again(jobs: list[Job]) -> list[Job]:
    """Repeats runs that have failed, one by one. Returns those that failed again."""
    failed = run_all(jobs, at_once=1)
    unsteady = len(jobs) - len(failed)
    if unsteady:
        print(f"UNSTEADY: {unsteady} of the runs above failed first, and passed alone", flush=True)
    return failed


def is_path(word: str) -> bool:
    """Returns whether a word of the command line is a path of tests and not an option."""
    return word.startswith(("tests/", "test_apps"))


def by_folder(words: list[str]) -> dict[Path, list[str]]:
    """Groups folders and files by folder."""
    found: dict[Path, list[str]] = {}
    for word in words:
        path = ROOT / word.partition("::")[0]
        found.setdefault(path if path.is_dir() else path.parent, []).append(word)
    return found


def jobs_of(words: list[str], options: list[str], lane: str = "") -> list[Job]:
    """Returns a run for each folder."""
    folders = by_folder(words)
    return [
        partial(run_tests, folder, [*paths, *options], lane) for folder, paths in folders.items()
    ]


def lacks_lwip() -> str:
    """Returns why there is no lwIP, or nothing if there is."""
    try:
        lwip_source.ensure()
    except lwip_source.SourceError as problem:
        return str(problem)
    return ""


def subject_of(path: Path) -> str:
    """Returns what a file of tests is about, such as "files" for test_files_access.py."""
    return path.stem.split("_")[1]


def parts_of(folder: Path) -> list[list[str]]:
    """Returns the runs of a folder as they would be on the command line: one, or one a subject."""
    if folder.name not in DIVIDED:
        return [[str(folder.relative_to(ROOT))]]
    parts: dict[str, list[str]] = {}
    for path in sorted(folder.glob("test_*.py")):
        parts.setdefault(subject_of(path), []).append(str(path.relative_to(ROOT)))
    return list(parts.values())


def jobs_of_everything(options: list[str]) -> list[Job]:
    """Returns all runs of a full one."""
    return [
        partial(run_tests, folder, [*words, *options])
        for folder in groups()
        for words in parts_of(folder)
    ]


def lane_of(words: list[str]) -> str:
    """Returns the lane of --lane."""
    lanes = [word.partition("=")[2] for word in words if word.startswith("--lane=")]
    known = [*network.SETTINGS, *storages.KINDS]
    if lanes and lanes[-1] not in known:
        sys.exit(f"test: --lane is one of {', '.join(known)}, not {lanes[-1]}")
    return lanes[-1] if lanes else ""


def main() -> int:
    """Runs what the command line names, or else everything."""
    # Programs that a shell starts in the background ignore Ctrl-C, and so would programs under
    # test.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    lane = lane_of(sys.argv[1:])
    flags = ("--quick", "--again")
    words = [word for word in sys.argv[1:] if word not in flags and not word.startswith("--lane=")]
    chosen = [word for word in words if is_path(word)]
    options = [word for word in words if not is_path(word)]
    is_quick = "--quick" in sys.argv
    is_whole = not (is_quick or words or lane)
    covered.forget()
    if is_whole:
        os.environ.update(covered.environment())
    lack = lacks_lwip() if lane in network.SETTINGS or is_whole else ""
    if lane and lack:
        sys.exit(f"test: {lack}")
    of_lane = ON_DISKS if lane in storages.KINDS else ON_LWIP
    some = chosen or (of_lane if lane else QUICK if is_quick else [])
    jobs = jobs_of(some, options, lane) if some else jobs_of_everything(options)
    if not (chosen or lane):
        jobs.append(run_page)
    if is_whole and not lack:
        for name, tests in SOME_ON_LWIP.items():
            jobs += jobs_of(tests, options, name)
    if lane == storages.LOCKS:
        subprocess.run([sys.executable, ROOT / "tools" / "build.py", "--fat-locks"], check=True)
    failed = run_all(jobs, at_once=(os.cpu_count() or 1) + 2)
    if "--again" in sys.argv and len(failed) <= AGAIN_MAX:
        failed = run_again(failed)
    if is_whole:
        print(covered.table(), end="\n\n")
    if lack:
        print(f"SKIPPED: everything on lwIP. {lack}")
    print("SOME FAILED" if failed else "all passed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
