# SPDX-License-Identifier: MIT
"""Error codes of the protocol are Linux's, and so those of this machine."""

from __future__ import annotations

import errno

from .machines import lib


def test_codes_are_those_of_linux() -> None:
    for code in [0, *errno.errorcode]:
        assert lib.wr_errcode(code) == code
    assert lib.WR_CODE_EINVAL == errno.EINVAL
    assert lib.WR_CODE_ENAMETOOLONG == errno.ENAMETOOLONG
    assert lib.WR_CODE_ENOSYS == errno.ENOSYS
    assert lib.WR_CODE_EOPNOTSUPP == errno.EOPNOTSUPP


def test_numbers_beyond_codes_become_eio() -> None:
    assert lib.wr_errcode(-1) == errno.EIO
    assert lib.wr_errcode(0x10000) == errno.EIO
