# SPDX-License-Identifier: MIT
"""Prints REDbot's notes about a URL as lines of JSON: level, name, summary.

Usage: redbot_notes.py URL
"""

from __future__ import annotations

import json
import sys
from configparser import ConfigParser

import thor
from redbot.resource import HttpResource


def main() -> None:
    """Checks one URL, including all further requests that REDbot makes."""
    config = ConfigParser()
    config.read_dict({"redbot": {"enable_local_access": "True"}})
    resource = HttpResource(config["redbot"])
    resource.set_request(sys.argv[1])
    resource.on("check_done", thor.stop)
    resource.check()
    thor.run()
    print(json.dumps({"level": "status", "name": resource.response.status_code}))
    for note in resource.response.notes:
        print(
            json.dumps(
                {"level": note.level.value, "name": type(note).__name__, "text": note.summary}
            )
        )


if __name__ == "__main__":
    main()
