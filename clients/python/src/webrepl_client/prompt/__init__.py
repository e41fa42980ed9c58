# SPDX-License-Identifier: MIT
"""What a person types or pastes at the prompt arrives, whichever characters it has."""

from .pastes import Pastes
from .prompt import POLL, Prompt

__all__ = ["POLL", "Pastes", "Prompt"]
