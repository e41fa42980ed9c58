# SPDX-License-Identifier: MIT
"""What webrepl --help prints."""

from __future__ import annotations

import shutil
import textwrap

from .verb import VERBS

HEAD = """\
webrepl: the prompt and the files of MicroPython boards, over the network

  webrepl [OPTION...] [ADDRESS] [VERB ...] [+ VERB ...]...

  webrepl 192.168.4.1                        the prompt of that board
  webrepl board.local ls + cat boot.py       two verbs in one session
  webrepl -c a.local,b.local sync .          two boards at once
  webrepl board.local cp -r lib :            a colon marks names on the board
  webrepl board.local mpremote mount .       mpremote itself, without a cable

An address is HOST, HOST:PORT, HOST:PORT/ws, ws://HOST/ws or wss://HOST/ws. Without one,
WEBREPL_HOST counts, or the one board that announces itself. The command line of
webrepl_cli.py works too: [-p PASSWORD] HOST:FILE LOCAL, or LOCAL HOST:FILE.
"""
OPTIONS = [
    ("-c, --connect ADDRESS,...", "boards to work on, all at the same time"),
    (
        "-p, --password PASSWORD",
        "others see it; better WEBREPL_PASSWORD, the keyring, or being asked",
    ),
    ("--remember", "store the password in the keyring"),
    ("-j, --json", "one line of JSON for each verb"),
    ("-q, --quiet", "no progress bars"),
    ("--takeover", "end the session that holds the terminal (second edition)"),
    ("--watch", "only look at the terminal (second edition)"),
    (
        "--classic",
        "do not ask for the second edition of the protocol; the password is sent in clear",
    ),
    ("--ca FILE, --insecure", "for wss://: whom to trust; or do not check at all"),
    ("-h, --help; --version", "webrepl VERB --help tells more about a verb"),
]
STATUS = """\
Status: 0 done, 1 the board refuses or its program has failed, 2 wrong command line, 3 nobody
answers, 4 no WebREPL there, 5 wrong password, 6 the terminal is in use, 7 the connection
was lost, 8 a file here, 9 the board is full, 10 no answer in time, 130 Ctrl-C. run and exec
end with the status that the program has given to sys.exit().
"""
COLUMN = 30


def _row(left: str, right: str, width: int) -> str:
    lines = textwrap.wrap(right, width - COLUMN) or [""]
    first = f"  {left:{COLUMN - 2}}"
    if len(left) > COLUMN - 3:
        lines.insert(0, "")
    return "\n".join([f"{first}{lines[0]}".rstrip(), *(" " * COLUMN + line for line in lines[1:])])


def text_of_help() -> str:
    """All of it, for the width of the terminal."""
    width = min(shutil.get_terminal_size().columns, 96)
    parts = [HEAD]
    for group in dict.fromkeys(verb.group for verb in VERBS.values()):
        rows = [
            _row(f"{verb.name} {verb.usage}", verb.summary, width)
            for verb in VERBS.values()
            if verb.group == group
        ]
        parts.append("\n".join([f"{group}:", *rows, ""]))
    parts.append("\n".join(["Options:", *(_row(*row, width) for row in OPTIONS), ""]))
    parts.append(STATUS)
    return "\n".join(parts).rstrip()
