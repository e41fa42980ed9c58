# SPDX-License-Identifier: MIT
"""The stubs as editors and checkers of types use them."""
