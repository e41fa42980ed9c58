# SPDX-License-Identifier: MIT
"""Changing files, with power cuts at any moment, and by several clients at once."""
