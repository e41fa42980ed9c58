# SPDX-License-Identifier: MIT
"""The engine on POSIX."""
