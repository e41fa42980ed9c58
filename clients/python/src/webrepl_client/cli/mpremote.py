# SPDX-License-Identifier: MIT
"""Runs the published mpremote with a board on the network in place of a serial port."""

from __future__ import annotations

import sys
import termios

from ..address import Address
from ..errors import LocalFileError, Unsupported
from .job import Job


def run_mpremote(job: Job, words: list[str]) -> int:
    """Runs it on the job's board; returns its status.

    It begins with `resume`. Otherwise mpremote would restart the interpreter before its first
    verb, which costs nothing on a wire but would end the network here.
    """
    try:
        import serial
        from mpremote.main import main
    except ImportError:
        raise LocalFileError("mpremote is not installed: pip install mpremote") from None
    from .. import serial_port

    address: Address = job.board.address
    job.forget(returns=False)
    serial.protocol_handler_packages.append("webrepl_client.urlhandler")
    given = serial_port.given
    given.password = job.password(address)
    given.tls, given.options = job.settings.tls, job.settings.options
    before, sys.argv = sys.argv, ["mpremote", "connect", address.url, "resume", *words]
    try:
        return int(main() or 0)
    except termios.error:
        raise Unsupported("mpremote goes on to its prompt, which needs a terminal") from None
    finally:
        sys.argv = before
