# SPDX-License-Identifier: MIT
"""All tests that need no board; README.md says how to run them."""
