# SPDX-License-Identifier: MIT
"""The desktop firmware as a program of Unix."""
