# SPDX-License-Identifier: MIT
"""Runs async callbacks of uhttpd: on the program's event loop, or else on one in a worker.

Workers and the program are threads. What workers want of the loop stands in _arrived, and `waker`
is readable then; only _accept(), a task of the loop, takes it from there. So all else here runs in
the loop, unless it says that it does not.
"""

import sys
import time
from _thread import get_ident
from asyncio import core
from asyncio.event import Event

from _uhttpd_async import CALL, END, FINISH, PIECE, ask_worker, deadline, go_on, runs, stops, waker

_run_until_complete = core.run_until_complete
_arrived = []  # (function, argument ...)
_calls = {}  # _Call by the id of its Held, and _Hearing by its own: else tasks would be collected
_hearings = {}  # the last _Hearing of each WebSocket, by the id of that
_programs = 0  # loops that the program runs
_worker = None  # the thread that runs a loop meanwhile
_leave = False  # because the program's loop begins
_accepts = None  # the poller of the loop in which _accept() waits
_turn = Event()  # something may have changed for _until_left()


# --- in workers ----------------------------------------------------------------------------------


def _post(*item):
    _arrived.append(item)
    waker.set()


def arrive(held, coroutine):
    """Has the loop run what the callback of a request has returned."""
    _begin_soon(_Call, held, coroutine)


def hear(socket, coroutine, url):
    """The same for a callback of a WebSocket."""
    _begin_soon(_Hearing, socket, coroutine, url)


def _begin_soon(*call):
    _post(*call)
    if _programs or _worker:
        return
    if core.cur_task is None:
        ask_worker()
    else:  # a loop of the program that began before this module was imported
        _begin_to_accept()


def done(held):
    """What the loop wanted was done."""
    _post(_go_on, held)


def cancel(held):
    """Nobody waits for the answer any more."""
    _post(_cancel, held)


def run_in_worker():
    """Runs a loop as long as there are calls, and the program runs none."""
    global _worker, _leave
    if _worker or _programs or not (_arrived or _calls):
        return
    _worker = get_ident()
    _leave = False
    try:
        _begin_to_accept()
        _run_until_complete(core.create_task(_until_left()))
    finally:
        _worker = core.cur_task = None
        _find_worker()


def _find_worker():
    if not _programs and (_arrived or _calls):
        ask_worker()


# --- in the program ------------------------------------------------------------------------------


def _run_for_program(main_task=None):
    global _programs, _leave
    if _worker == get_ident():
        raise RuntimeError("an event loop runs in this thread already")
    _programs += 1
    try:
        while _worker:
            _leave = True
            waker.set()
            time.sleep_ms(1)
        _begin_to_accept()
        return _run_until_complete(main_task)
    finally:
        _programs -= 1
        if not _programs:
            core.cur_task = None
            _find_worker()


core.run_until_complete = _run_for_program


async def serve_forever(server):
    """Waits until the server is stopped."""
    while runs(server):
        await core.sleep_ms(200)


# --- in the loop ---------------------------------------------------------------------------------


def _begin_to_accept():
    global _accepts
    if _accepts is not core._io_queue:
        _accepts = core._io_queue
        core.create_task(_accept())


async def _accept():
    global _accepts
    try:
        while True:
            waker.clear()
            while _arrived:
                function, *args = _arrived.pop(0)
                try:
                    function(*args)
                except Exception as e:
                    sys.print_exception(e)
            for call in _calls.values():
                call.look()
            _turn.set()
            yield core._io_queue.queue_read(waker)
    finally:
        _accepts = None


def _is_busy():
    # A worker whose server is being stopped sees to the calls of that one only.
    return bool(_arrived) or any(not stops() or call.stops() for call in _calls.values())


async def _until_left():
    while _is_busy() and not _leave:
        _turn.clear()
        await _turn.wait()


def _go_on(held):
    call = _calls.get(id(held))
    if call:
        call.event.set()


def _cancel(held):
    call = _calls.get(id(held))
    if call:
        call.cancel()


def call(held, function, args):
    """Has a worker call a function. To be awaited."""
    return _calls[id(held)].work(CALL, function, args)


def _steps(generator, send):
    # Runs what may be a coroutine, or a body. It yields None for a wait, and pieces for send().
    step, value = generator.send, None
    while True:
        deadline(True)
        try:
            piece = step(value)
        except StopIteration as e:
            return e.value
        finally:
            deadline(False)
        try:
            if piece is None:
                yield
            elif not (yield from send(piece)):
                generator.close()
                return None
        except BaseException as e:
            step, value = generator.throw, e
        else:
            step, value = generator.send, None


class _Task:
    """A task that does its last things even if it is cancelled before its first step."""

    def start(self, coroutine):
        self.coroutine = coroutine
        self.began = self.cancelled = False
        self.task = core.create_task(self.run())

    def begin(self):
        self.began = True
        if self.cancelled:
            getattr(self.coroutine, "close", bool)()  # it may be a body
            raise core.CancelledError
        return self.coroutine

    def cancel(self):
        if self.began and not self.cancelled:
            self.task.cancel()
        self.cancelled = True


class _Call(_Task):
    """A call of a request's callback, from its first step to the answer."""

    def __init__(self, held, coroutine):
        self.held = held
        self.returned = coroutine  # what has the head of the answer
        self.event = Event()  # a worker has done its work
        self.streams = False
        _calls[id(held)] = self
        self.start(coroutine)

    def stops(self):
        return self.held.stops()

    def look(self):
        pass  # a worker tells

    async def run(self):
        error = None
        try:
            coroutine = self.begin()
            if hasattr(coroutine, "throw"):
                result = await _steps(coroutine, self.send)
                if not self.streams:
                    self.returned = result
            if not self.streams:
                await self.body(self.held.body(self.returned))
        except BaseException as e:
            error = e
        del _calls[id(self.held)]
        _turn.set()
        if self.streams and error is None:
            self.held.start(END, self.returned, None)
        else:
            self.held.start(FINISH, self.returned, error)
        if isinstance(error, (KeyboardInterrupt, SystemExit)):
            raise error

    async def body(self, body):
        if hasattr(body, "__aiter__"):
            body = _pieces(body)
        if hasattr(body, "throw"):  # a generator
            self.streams = True
            await _steps(body, self.send)

    def send(self, piece):
        # False: no more is wanted.
        self.streams = True
        if not self.held.wants_body():
            return False
        try:
            yield from self.work(PIECE, self.returned, piece)
        except OSError:  # the client has gone
            return False
        return True

    def work(self, *work):
        # Cancelled or not: it goes on when the worker has done it.
        self.event.clear()
        if not self.held.start(*work):
            raise core.CancelledError
        cancelled = None
        while not self.event.is_set():
            try:
                yield from self.event.wait()
            except core.CancelledError as e:
                cancelled = e
        if cancelled:
            raise cancelled
        return self.held.outcome()


async def _pieces(body):
    async for piece in body:
        yield piece


class _Hearing(_Task):
    """A call of a WebSocket's callback. For one client they run one after the other."""

    def __init__(self, socket, coroutine, url):
        self.socket = socket
        self.url = url
        self.before = _hearings.get(id(socket))
        self.over = Event()
        _hearings[id(socket)] = _calls[id(self)] = self
        self.start(coroutine)

    def stops(self):
        return not runs(self.socket.server())

    def look(self):
        if self.stops():
            self.cancel()

    async def run(self):
        try:
            coroutine = self.begin()
            if self.before:
                await self.before.over.wait()
            await _steps(coroutine, self.send)
        except core.CancelledError:
            pass
        except Exception as e:
            print(f"uhttpd: the callback of {self.url} raised")
            sys.print_exception(e)
            self.socket.close(1011)
        finally:
            self.before = None
            self.over.set()
            _turn.set()
            del _calls[id(self)]
            if _hearings.get(id(self.socket)) is self:
                del _hearings[id(self.socket)]
            go_on(self.socket)

    def send(self, piece):
        raise TypeError("a callback of a WebSocket has nothing to yield")
        yield
