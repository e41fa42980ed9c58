# SPDX-License-Identifier: MIT
"""What is tested without a board; README.md says how."""
