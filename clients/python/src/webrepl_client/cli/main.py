# SPDX-License-Identifier: MIT
"""The command: options, then verbs with a `+` between them, for one or many boards."""

from __future__ import annotations

import argparse
import difflib
import os
import signal
import ssl
import sys
import threading

from .. import __version__, discover
from ..device import Options
from ..errors import LocalFileError, UsageError, WebreplError

from . import session_verbs, file_verbs, sync_verbs, code_verbs  # isort: skip - as in the help
from .help import text_of_help
from .job import Job, Settings
from .official import translate
from .output import Output, Screen
from .verb import VERBS, Parser, Verb, parser_of

__all__ = ["code_verbs", "file_verbs", "main", "session_verbs", "sync_verbs"]

HOST = "WEBREPL_HOST"
INTERRUPTED = 130
SEPARATOR = "+"
FILES = "fs"
"""What mpremote allows before verbs for files."""
OTHER_WORDS = (SEPARATOR, FILES, "help", "version")
"""What is no verb, and no address either."""
Step = tuple[Verb, argparse.Namespace]


def options_parser() -> argparse.ArgumentParser:
    """The words before the verbs; help.py describes them."""
    parser = Parser(prog="webrepl", add_help=False)
    parser.add_argument("-h", "--help", action="store_true")
    parser.add_argument("--version", action="store_true")
    parser.add_argument("-c", "--connect", metavar="ADDRESS[,ADDRESS...]")
    parser.add_argument("-p", "--password")
    parser.add_argument("--remember", action="store_true")
    parser.add_argument("-j", "--json", action="store_true")
    parser.add_argument("-q", "--quiet", action="store_true")
    parser.add_argument("--takeover", action="store_true")
    parser.add_argument("--watch", action="store_true")
    parser.add_argument("--classic", action="store_true")
    parser.add_argument("--ca", metavar="FILE")
    parser.add_argument("--insecure", action="store_true")
    parser.add_argument("words", nargs=argparse.REMAINDER)
    return parser


def tls_context(ca: str | None, insecure: bool) -> ssl.SSLContext | None:
    """How certificates are checked; None: as this machine does."""
    if not ca and not insecure:
        return None
    try:
        context = ssl.create_default_context(cafile=ca)
    except (OSError, ssl.SSLError) as error:
        raise LocalFileError(f"{ca}: {error}") from error
    if insecure:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def parse_steps(words: list[str]) -> list[Step]:
    """The verbs, each with its arguments."""
    steps: list[Step] = []
    while words:
        if words[0] == SEPARATOR or (words[0] == FILES and words[1:2] and words[1] in VERBS):
            words = words[1:]
            continue
        if words[0] not in VERBS:
            raise UsageError(f"{words[0]} is no verb; {_hint(words[0])}")
        verb = VERBS[words[0]]
        words = words[1:]
        end = len(words)
        if SEPARATOR in words and not verb.is_foreign:
            end = words.index(SEPARATOR)
        args = parser_of(verb).parse_args(words[:end])
        steps.append((verb, args))
        words = [*([] if verb.takes_rest else args.rest), *words[end:]]
    return steps


def _hint(word: str) -> str:
    like = difflib.get_close_matches(word, VERBS, 1)
    return f"do you mean {like[0]}?" if like else "webrepl --help lists them"


def parse_options(words: list[str]) -> argparse.Namespace:
    """The options, before the address or after it. The address becomes `connect`."""
    args = options_parser().parse_args(words)
    if args.connect is None and args.words and args.words[0] not in (*VERBS, *OTHER_WORDS):
        args.connect = args.words[0]
        return options_parser().parse_args(args.words[1:], args)
    return args


def chosen(args: argparse.Namespace) -> list[str]:
    """The boards that were asked for. A first word that is not a verb is one, as with mpremote."""
    text = args.connect or os.environ.get(HOST) or ""
    return [name for name in text.split(",") if name]


def find_address() -> str:
    """The one board that announces itself."""
    found = discover.find()
    if len(found) == 1:
        return found[0].url
    if not found:
        raise UsageError(f"which board? Give -c ADDRESS or {HOST}: none announces itself")
    names = ", ".join(board.url for board in found)
    raise UsageError(f"which board? Give -c ADDRESS: these announce themselves: {names}")


def run_steps(job: Job, steps: list[Step]) -> int:
    """Does one board's work, and reports what went wrong; returns the status."""
    verb = "connect"
    try:
        for step, args in steps:
            verb = step.name
            job.output.value(verb, step.action(job, args))
        verb = "disconnect"
        job.forget(returns=False)
    except (WebreplError, ValueError) as error:
        job.abandon()
        status = error.status if isinstance(error, WebreplError) else UsageError.status
        job.output.error(verb, status, error)
        return status
    except BaseException:
        job.abandon()
        raise
    return 0


def run_jobs(jobs: list[Job], steps: list[Step]) -> int:
    """Does the work of all boards side by side; returns the worst status."""
    if len(jobs) == 1:
        return run_steps(jobs[0], steps)
    from concurrent.futures import ThreadPoolExecutor

    pool = ThreadPoolExecutor(len(jobs))
    try:
        return max(pool.map(lambda job: run_steps(job, steps), jobs))
    finally:
        pool.shutdown(wait=False)


def _say(text: str) -> int:
    print(text)
    return 0


def run(words: list[str]) -> int:
    """The whole command; returns its status."""
    args = parse_options(translate(words) or words)
    if args.help or args.words[:1] == ["help"]:
        return run([args.words[1], "--help"]) if args.words[1:] else _say(text_of_help())
    if args.version or args.words[:1] == ["version"]:
        return _say(f"webrepl {__version__}")
    names = chosen(args)
    steps = parse_steps(args.words or ["repl"])
    if not names and any(verb.needs_board for verb, _ in steps) and steps[0][0].name != "connect":
        names = [find_address()]
    settings = Settings(
        args.password,
        args.remember,
        tls_context(args.ca, args.insecure),
        Options(args.takeover, args.watch, args.classic),
    )
    screen = Screen(as_json=args.json, quiet=args.quiet)
    many = len(names) > 1
    if many and any(verb.is_for_one for verb, _ in steps):
        raise UsageError("that verb is for one board at a time")
    jobs = [
        Job(name, settings, Output(screen, name, is_one_of_many=many)) for name in names or [""]
    ]
    try:
        return run_jobs(jobs, steps)
    finally:
        screen.close()


def _end_on_sigterm() -> None:
    """Has SIGTERM end the command, also where Python ignores exceptions, as in a finaliser."""

    def repeat(ignored: sys.UnraisableHookArgs) -> None:
        if ignored.exc_type is SystemExit:
            threading.Timer(0.05, os.kill, [os.getpid(), signal.SIGTERM]).start()
        else:
            sys.__unraisablehook__(ignored)

    sys.unraisablehook = repeat
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))


def main(words: list[str] | None = None) -> int:
    """What the shell calls."""
    _end_on_sigterm()
    try:
        return run(sys.argv[1:] if words is None else words)
    except (WebreplError, ValueError) as error:
        print(f"webrepl: {error}", file=sys.stderr)
        return error.status if isinstance(error, WebreplError) else UsageError.status
    except KeyboardInterrupt:
        print(file=sys.stderr)
        if any(not thread.daemon for thread in threading.enumerate()[1:]):
            os._exit(INTERRUPTED)  # other boards' threads may wait for their network
        return INTERRUPTED
    except BrokenPipeError:  # the reader of the output has closed it
        sys.stderr.close()
        return 1
