# SPDX-License-Identifier: MIT
"""Files of a board without file operations of its own, by Python code in its raw REPL."""

from __future__ import annotations

import ast
import asyncio
import contextlib
import errno
import hashlib
from typing import Any, BinaryIO

from .classic_session import ClassicSession, fits
from .errors import ExecError, NotWebrepl, RemoteFileError, WebreplError, file_error
from .files import Entry, Files, Space, listed, measure
from .paths import join
from .rawrepl import RawRepl
from .session import ANSWER_TIMEOUT, DIGEST_TIMEOUT, Report, Session, Sink, give

TEMPORARY = ".wr.tmp"
"""Where uploads go until they are complete. One client at a time holds the terminal."""
CHUNK_SIZE = 1024
ANSWER_MAX = 8 << 20
"""Bytes of an answer that make sense, whatever was asked."""
IS_DIR = 0x4000

FRAME = """\
def _w():
 import os
{body}
try:
 _w();print(0)
except OSError as e:print(e.args[0])
del _w
"""
LIST = """\
 for e in os.ilistdir({0!r}):
  l=e[1]&0xf000==0xa000
  if l or len(e)<4 and e[1]!=0x4000:
   try:s=os.stat({1!r}+e[0])
   except OSError:s=(0,)*7
  else:s=(e[1],)*6+e[3:]
  print((e[0],s[0],0 if s[0]&0x4000 else s[6],l))"""
STAT = " s=os.stat({0!r});print((s[0],s[6]))"
DIGEST = """\
 import hashlib
 h=hashlib.sha256();b=memoryview(bytearray(1024))
 with open({0!r},'rb') as f:
  while 1:
   n=f.readinto(b)
   if not n:break
   h.update(b[:n])
 print(h.digest())"""
RENAME = """\
 try:os.rename({0!r},{1!r})
 except OSError as e:
  if e.args[0]!=17:raise
  os.remove({1!r});os.rename({0!r},{1!r})"""
SPACE = " s=os.statvfs({0!r});print((s[1]*s[2],s[1]*s[3]))"
READ = """\
 with open({0!r},'rb') as f:
  while 1:
   b=f.read(512)
   if not b:break
   print(b)"""
APPEND = " with open({0!r},{1!r}) as f:f.write({2!r})"


class RawFiles(Files):
    """See Files. Interrupts the program on the board."""

    parallel = 1

    def __init__(
        self, session: Session, repl: RawRepl, classic: ClassicSession | None = None
    ) -> None:
        """Over a session and its raw REPL; `classic` if the session can transfer whole files."""
        self._session = session
        self._repl = repl
        self._classic = classic
        self._transfer = asyncio.Lock()

    async def _run(
        self,
        path: str,
        body: str,
        *values: object,
        timeout: float = ANSWER_TIMEOUT,
        limit: int = ANSWER_MAX,
    ) -> list[Any]:
        """Runs one of the bodies above; returns what it printed before the code at the end."""
        async with self._session.lock:
            code = FRAME.format(body=body.format(*values))
            output = await self._repl.run(code, None, timeout, limit)
        try:
            *printed, result = (ast.literal_eval(line) for line in output.decode().splitlines())
        except (ValueError, SyntaxError) as error:
            raise NotWebrepl(f"the board answers {output[-80:]!r} for a file") from error
        if result != 0:
            raise file_error(result if isinstance(result, int) else errno.EIO, path)
        return printed

    async def listdir(self, path: str, *, digests: bool = False) -> list[Entry]:
        """See Files. Digests would keep the board's program from running for long."""
        prefix = join(path, "") if path else ""
        found = await self._run(path, LIST, path or ".", prefix)
        return listed(
            Entry(name, bool(kind & IS_DIR), size, is_link) for name, kind, size, is_link in found
        )

    async def stat(self, path: str) -> Entry:
        """See Files."""
        ((mode, size),) = await self._run(path, STAT, path or ".")
        is_dir = bool(mode & IS_DIR)
        return Entry(path.rstrip("/").rpartition("/")[2], is_dir, 0 if is_dir else size)

    async def digest(self, path: str) -> bytes:
        """See Files."""
        try:
            (digest,) = await self._run(path, DIGEST, path, timeout=DIGEST_TIMEOUT)
        except ExecError:  # a board without hashlib
            total = hashlib.sha256()
            await self.get(path, total.update)
            return total.digest()
        return bytes(digest)

    async def remove(self, path: str) -> None:
        """See Files."""
        await self._run(path, " os.remove({0!r})", path)

    async def rename(self, old: str, new: str) -> None:
        """See Files."""
        await self._run(old, RENAME, old, new)

    async def mkdir(self, path: str) -> None:
        """See Files."""
        await self._run(path, " os.mkdir({0!r})", path)

    async def rmdir(self, path: str) -> None:
        """See Files."""
        await self._run(path, " os.rmdir({0!r})", path)

    async def space(self, path: str) -> Space:
        """See Files."""
        ((total, free),) = await self._run(path, SPACE, path or "/")
        return Space(total, free)

    async def get(self, path: str, sink: Sink) -> None:
        """See Files. Checks first whether the file exists, because old boards hang otherwise."""
        found = await self.stat(path)
        if found.is_dir:
            raise RemoteFileError(errno.EISDIR, path)
        if self._classic and fits(path):
            async with self._transfer, self._session.lock:
                await self._classic.get(path, found.size, sink)
            return
        arrived = 0
        for block in await self._run(path, READ, path, limit=4 * found.size + ANSWER_MAX):
            arrived += len(block)
            await give(sink, block)
        if arrived != found.size:
            raise NotWebrepl(f":{path}: {arrived} of {found.size} bytes have arrived")

    async def put(self, path: str, file: BinaryIO, report: Report) -> None:
        """See Files."""
        size, _ = measure(file)
        folder, slash, _ = path.rpartition("/")
        temporary = folder + slash + TEMPORARY
        if folder and not (await self.stat(folder)).is_dir:
            raise RemoteFileError(errno.ENOTDIR, path)
        try:
            async with self._transfer:
                await self._write(temporary, size, file, report)
                if (await self.stat(temporary)).size != size:
                    raise file_error(errno.ENOSPC, path)
                await self.rename(temporary, path)
        except RemoteFileError as error:
            raise RemoteFileError(error.errno, path) from error
        except BaseException:
            with contextlib.suppress(WebreplError):
                await self.remove(temporary)
            raise

    async def _write(self, path: str, size: int, file: BinaryIO, report: Report) -> None:
        if self._classic and fits(path):
            async with self._session.lock:
                await self._classic.put(path, size, file, report)
            return
        await self._run(path, APPEND, path, "wb", b"")
        while data := file.read(CHUNK_SIZE):
            await self._run(path, APPEND, path, "ab", data)
            report(file.tell())
