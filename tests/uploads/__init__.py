# SPDX-License-Identifier: MIT
"""Files are changed: whenever the power goes, and by several clients at once."""
