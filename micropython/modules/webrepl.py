# SPDX-License-Identifier: MIT
"""The module webrepl. webrepl.pyi documents its names."""

import _thread
import binascii
import hashlib
import os
import select
import socket
import sys
import time

import _webrepl

DEBUG = 0
static_host = "https://micropython.org/webrepl/"
listen_s = None

_OWN_PAGE = static_host
_ADDRESS = "127.0.0.1" if sys.platform == "linux" else "0.0.0.0"  # as uhttpd: others use desktops
_ON_CONNECTION = 20  # socket option of boards: the function to call when somebody connects
_IPPROTO_TCP = 6
_TCP_NODELAY = 1

_HEAD_LINES = 64
_HEAD_LINE = 1024  # bytes
_PATIENCE = 10  # seconds for each read of a request's head
_POLL_MS = 50
_IN_USE = b"\x88\x13\x0f\xa0WebREPL is in use"  # a close frame with 4000
_MAGIC = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

_accepted = None  # the client socket of accept_conn()
_poller = None  # the thread that calls an accept_handler


class _Listener:
    """The type of listen_s while the firmware serves."""

    def __init__(self, port):
        self._port = port

    def port(self):
        return self._port

    def close(self):
        stop()


class _Client:
    """The type of client_s while the firmware serves."""

    def __init__(self, remote):
        self._remote = remote

    def remote(self):
        return self._remote

    def close(self):
        _webrepl.disconnect()


def __getattr__(name):
    if name != "client_s":
        raise AttributeError(f"'module' object has no attribute '{name}'")
    remote = _webrepl.remote()
    return _accepted or (_Client(remote) if remote else None)


def _trace(text):
    if DEBUG:
        sys.stdout.write(text)


# A request on a socket of the program


def _read_line(cl):
    line = cl.readline(_HEAD_LINE)
    if line:
        _trace(line.decode("utf-8", "replace") if DEBUG else "")
    return line if line and line.endswith(b"\n") else None


def _read_fields(cl):
    """Reads a head up to its blank line; returns its fields, names in lower case, or None."""
    fields = {}
    if not _read_line(cl):
        return None
    for _ in range(_HEAD_LINES):
        line = _read_line(cl)
        if not line:
            return None
        if not line.strip():
            return fields
        name, _, value = line.partition(b":")
        fields[name.strip().lower()] = value.strip()
    return None


def _accept_key(key):
    digest = hashlib.sha1(key)
    digest.update(_MAGIC)
    return binascii.b2a_base64(digest.digest()).strip()


def _asks_for_websocket(fields):
    return (
        b"upgrade" in fields.get(b"connection", b"").lower()
        and fields.get(b"upgrade", b"").lower() == b"websocket"
        and fields.get(b"sec-websocket-key")
    )


def server_handshake(cl):
    """Reads a request and, if it is for a WebSocket, answers it."""
    fields = _read_fields(cl)
    if not fields or not _asks_for_websocket(fields):
        return False
    answer = (
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Accept: " + _accept_key(fields[b"sec-websocket-key"]) + b"\r\n\r\n"
    )
    _trace(answer.decode())
    cl.write(answer)
    return True


def _html():
    base = static_host.replace('"', "%22")
    page = '<base href="{}"></base>\r\n<script src="webrepl_content.js"></script>\r\n'
    return page.format(base)


def send_html(cl):
    """Answers with a page that loads the terminal from static_host, and closes."""
    cl.write(b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n")
    cl.write(_html().encode())
    cl.close()


# A session on a socket of the program


def _terminal_is_taken():
    holder = os.dupterm(None)
    os.dupterm(holder)
    return holder is not None or _webrepl.remote() is not None


def _try_option(sock, level, option, value):
    try:
        sock.setsockopt(level, option, value)
        return True
    except (OSError, TypeError):  # this port does not have it
        return False


def _attach(cl):
    global _accepted
    cl.setblocking(False)
    _try_option(cl, _IPPROTO_TCP, _TCP_NODELAY, 1)
    # No os.dupterm_notify() when bytes arrive: it loses what does not fit into its buffer.
    _accepted = cl
    os.dupterm(_webrepl._webrepl(_webrepl.WebSocket(cl)))


def _as_text(remote):
    """Formats an address, which on a desktop is a structure of the system."""
    if isinstance(remote, tuple):
        return remote[0]
    family, address, _ = socket.sockaddr(remote)
    return socket.inet_ntop(family, address)


def _greet(cl, remote):
    cl.settimeout(_PATIENCE)
    if not server_handshake(cl):
        send_html(cl)
        return False
    if _terminal_is_taken():
        print("\nConcurrent WebREPL connection from", remote, "rejected")
        cl.write(_IN_USE)
        cl.close()
        return False
    print("\nWebREPL connection from:", remote)
    _attach(cl)
    return True


def accept_conn(listen_sock):
    """Accepts a connection and begins a session on it."""
    cl, remote = listen_sock.accept()
    remote = _as_text(remote)
    try:
        return _greet(cl, remote)
    except OSError as error:
        _trace(f"WebREPL: {error!r} with {remote}\n")
        cl.close()
        return False


# Calling the handler when somebody connects to a socket of the program


def _call(handler, sock):
    try:
        handler(sock)
    except Exception as error:
        sys.print_exception(error)


def _poll(sock, handler):
    global _poller
    poller = select.poll()
    poller.register(sock, select.POLLIN)
    while listen_s is sock:
        if poller.poll(_POLL_MS) and listen_s is sock:
            _call(handler, sock)
    _poller = None


def _listen(port, handler):
    global listen_s, _poller
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind(socket.getaddrinfo(_ADDRESS, port)[0][-1])
    except OSError as error:
        raise OSError(error.errno, f"port {port}") from None
    sock.listen(1)
    listen_s = sock
    if not _try_option(sock, socket.SOL_SOCKET, _ON_CONNECTION, handler):
        _poller = _thread.start_new_thread(_poll, (sock, handler))


# The server


_CONFIG = "webrepl_cfg.py"
_BOM = b"\xef\xbb\xbf"


def _run_config(error):
    """Runs webrepl_cfg.py if it begins with a byte order mark, which is an error elsewhere."""
    with open(_CONFIG, "rb") as file:
        text = file.read()
    if not text.startswith(_BOM):
        raise error
    names = {}
    exec(text[len(_BOM) :].decode(), names)
    return names


def _read_config():
    try:
        import webrepl_cfg
    except (SyntaxError, NameError) as error:
        return _run_config(error)
    # The mark before a name is part of that name.
    return {name.lstrip("\ufeff"): value for name, value in webrepl_cfg.__dict__.items()}


def _configuration():
    """Returns what webrepl_cfg says, or None without a password."""
    global static_host
    try:
        config = _read_config()
        config["PASS"]
    except Exception as error:
        print("WebREPL is not started: no password, and no module webrepl_cfg with a PASS:", error)
        print("'import webrepl_setup' makes one.")
        return None
    static_host = config.get("BASE", static_host)
    return config


def _own_page():
    return None if static_host == _OWN_PAGE else _html()


def _trace_head(head):
    _trace(head.decode("utf-8", "replace") if DEBUG else "")


def _serve(port, password, origins, waits):
    global listen_s
    try:
        listen_s = _Listener(_webrepl.serve(port, password, _own_page, _trace_head, origins))
        while waits and listen_s and _webrepl.remote() is None:
            time.sleep_ms(_POLL_MS)
    except KeyboardInterrupt:
        stop()
        raise


def _check_port(port):
    if not isinstance(port, int):
        raise TypeError("port: int expected")
    if not 0 <= port <= 65535:
        raise ValueError("port must be 0 to 65535")


def start(port=8266, password=None, accept_handler=accept_conn, origins=None):
    """Starts to listen for a client."""
    if accept_handler is not None and not callable(accept_handler):
        raise TypeError("accept_handler must be callable")
    _check_port(port)
    if password is None:
        config = _configuration()
        if config is None:
            return
        password = config["PASS"]
        origins = config.get("ORIGINS") if origins is None else origins
    _webrepl.password(password)
    stop()
    if accept_handler in (accept_conn, None):
        _serve(port, password, origins, waits=accept_handler is None)
    else:
        _listen(port, accept_handler)


def start_foreground(port=8266, password=None):
    """Starts, and waits until a client has logged in."""
    start(port, password, None)


def _detach():
    holder = os.dupterm(None)
    if isinstance(holder, _webrepl._webrepl):
        holder.close()
    else:
        os.dupterm(holder)


def stop():
    """Stops listening and disconnects the client."""
    global listen_s, _accepted
    _webrepl.end()
    _detach()
    if _accepted:
        _accepted.close()
        _accepted = None
    sock, listen_s = listen_s, None
    if sock and not isinstance(sock, _Listener):
        sock.close()
    while _poller and _poller != _thread.get_ident():
        time.sleep_ms(1)
