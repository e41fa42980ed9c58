# SPDX-License-Identifier: MIT
"""The same tests on every target; README.md says how."""
