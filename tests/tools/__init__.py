# SPDX-License-Identifier: MIT
"""The scripts in tools/."""
