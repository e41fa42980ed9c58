# SPDX-License-Identifier: MIT
"""The parts of the tree, and their dependencies."""
