# SPDX-License-Identifier: MIT
"""Lets python -m webrepl_client run the command."""

import sys

from .cli.main import main

sys.exit(main())
