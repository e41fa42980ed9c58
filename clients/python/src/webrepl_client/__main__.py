# SPDX-License-Identifier: MIT
"""python -m webrepl_client is the command, too."""

import sys

from .cli.main import main

sys.exit(main())
