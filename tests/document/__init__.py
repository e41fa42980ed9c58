# SPDX-License-Identifier: MIT
"""What the document of the module says, sentence by sentence."""
