# SPDX-License-Identifier: MIT
"""The parts of the tree, and what they know of each other."""
