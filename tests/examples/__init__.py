# SPDX-License-Identifier: MIT
"""The programs in examples/, used as their readers would."""
