# SPDX-License-Identifier: MIT
"""Threaded HTTP server: routes to Python callbacks, files, and the REPL over a WebSocket.

A server works in threads of its own, so the program goes on as it likes: it may sleep, poll, wait
at the prompt or compute. Callbacks run in worker threads under the interpreter's lock (GIL), one
at a time with all other Python code.

Example::

    import uhttpd

    def hello(req):
        req.write('Hello World', mime='text/plain')

    httpd = uhttpd.Server()
    httpd.route('/my', uhttpd.GET, hello)
    httpd.ws('/ws', None)
    httpd.serve()

Keep the server in a variable: one that nobody refers to is collected, and thereby stopped.
"""

from collections.abc import Callable, Iterable
from typing import Annotated, Final

GET: Final = 1
"""A route for GET answers HEAD too, without a body."""
POST: Final = 2
DELETE: Final = 4
PUT: Final = 8
PATCH: Final = 16
HEAD: Final = 32
OPTIONS: Final = 64
"""Answered by the server itself unless a route names it."""
MOVE: Final = 128
ANY: Final = 256
"""Of a route: every method, known or not, in one slot. Of a request: a method that is none of
these; see method_name()."""

AUTH_OPEN: Final = 0
"""Open access."""
AUTH_BASIC: Final = 1
"""Basic authentication: user and password."""
AUTH_CUSTOM: Final = 2
"""Authentication by a callback."""

ACL_RO: Final = 1
"""Files and directories may be read."""
ACL_WO: Final = 2
"""Files and directories may be written."""
ACL_RW: Final = 3
"""Files and directories may be read and written."""

_Text = str | bytes | bytearray | memoryview
_Line = Annotated[_Text, "one line"]
_Handler = Callable[[Request], object]
_Route = tuple[str, int, _Handler]
_Opened = Callable[[WebSocket], object]
_Listener = Callable[[WebSocket, object], object]
_Auth = Callable[[Request], object]
_FileAcl = Callable[[str], int]

class Server:
    """An HTTP server. It listens from its construction to stop(), or the end of its `with` block.

    An object that nobody refers to any more is stopped as well.
    """

    def __init__(
        self,
        port: Annotated[int, "0 to 65535"] = 80,
        *,
        acl: Annotated[int, "0 to 2"] = 0,
        cors: bool = False,
        routes: Annotated[int, "1 to 255"] | Iterable[_Route] = 8,
        auth: _Text | _Auth | None = None,
        events: Annotated[int, "0 to 60"] = 0,
        origins: Iterable[str] | None = None,
        hosts: Iterable[str] | None = None,
        bind: str | None = None,
        workers: Annotated[int, "1 to 16"] = 2,
        max_sockets: Annotated[int, "3 to 64"] | None = None,
        max_header: Annotated[int, "256 to 65535"] = 4096,
        max_body: Annotated[int, "0 to 2147483647"] = 1048576,
        header_timeout: Annotated[float, "0.001 to 3600 seconds"] = 10,
        body_timeout: Annotated[float, "0.001 to 3600 seconds"] = 10,
        send_timeout: Annotated[float, "0.001 to 3600 seconds"] = 10,
        idle_timeout: Annotated[float, "0 to 86400 seconds"] = 60,
        ext_path: str = "/sd",
    ) -> None:
        """Starts a server: it listens when this returns.

        Slots for routes are counted so: one is reserved for OPTIONS; a callback takes one for each
        of its methods, up to three for GET, POST and DELETE; the file server takes one, receiving
        files takes one, or two with DELETE; the terminal takes one, events take one.

        Args:
            port: TCP port to listen on; 0 takes a free one, and port() tells which.
            acl: AUTH_OPEN, AUTH_BASIC or AUTH_CUSTOM. It covers everything that the server
                offers but a terminal with a password of its own.
            cors: Whether every response carries `Access-Control-Allow-Origin: *`, and pages from
                elsewhere may change what is here.
            routes: How many slots for routes there are; or the routes themselves, each (url,
                methods, callback) as for route(), which cannot be called afterwards. ws(),
                serve(), receive() and event() still can, once each.
            auth: For AUTH_BASIC the complete header value, such as b'Basic YW5zd2VyOjQy' for the
                user answer with the password 42; requests without it get 401. For AUTH_CUSTOM a
                function that is called with the Request before anything else is done with it, in
                a worker thread: what it returns, taken as true or false, lets the request in or
                refuses it with 401. It may also answer itself, with a redirection for instance.
                If it raises, the request is refused with 500 and the REPL gets a traceback.
            events: Clients that can listen to events at a time. Each holds one of few sockets:
                more than 4 are rarely wise.
            origins: Instead of `cors` for all: the origins whose pages may read responses, change
                what is here and open WebSockets, such as 'https://example.org'.
            hosts: Names and addresses that the server is known by; requests for another Host get
                421. This keeps pages elsewhere from having their own name resolve to this server
                (DNS rebinding). None: any.
            bind: Local address to listen on, '0.0.0.0' for all. None: all addresses of a board,
                '127.0.0.1' of a desktop.
            workers: Callbacks that can be in work at a time, those that wait for a client or sleep
                included.
            max_sockets: Connections at a time, WebSockets included. None: as many as the network
                stack allows, 12 at most.
            max_header: Bytes that request line and headers may have together; more gets 431, or
                414.
            max_body: Bytes that a request body may have; more gets 413. 0: any number.
            header_timeout: Seconds from the first byte of a request to the end of its headers;
                late gets 408.
            body_timeout: Seconds that a client may be silent within a request body.
            send_timeout: Seconds that a client may take nothing of a response.
            idle_timeout: Seconds after which a connection without a request is closed; 0: never.
            ext_path: Where external storage is mounted, for serve() with `ext=True` and receive()
                with `extonly=True`; starts with '/'.

        Raises:
            TypeError: An argument is of the wrong type; the message names it.
            ValueError: An argument is out of its range, or does not go with another one; the
                message names it.
            OSError: EADDRINUSE when somebody else listens on the port; EIO when the server could
                not start for another reason, which the log tells.
            RuntimeError: The routes need more than 255 slots.
            MemoryError: There is not enough memory.
        """

    def port(self) -> int:
        """Returns the TCP port that the server is using, or was using before it was stopped."""

    def route(self, url: str, methods: int, callback: _Handler) -> None:
        """Has requests answered by a callback.

        Routes are tried in the order in which they were registered, so those with a wildcard
        belong last. The callback runs in a worker thread and may take its time. If it raises, the
        client gets 500 and the REPL a traceback; if it returns without having answered, the client
        gets 500 as well.

        Args:
            url: Path to answer, as clients send it; starts with '/'. It may end in '*', which
                stands for anything.
            methods: GET, POST, DELETE and the others, combined with `|`.
            callback: Called with the Request as its only argument.

        Raises:
            TypeError: An argument is of the wrong type; the message names it.
            ValueError: `url` has no '/' in front, a '*' before its end or a '?' or '#' in it, or
                `methods` is no combination of methods.
            RuntimeError: The slots are used up, the routes were given to the constructor, or the
                server is stopped.
        """

    def serve(
        self,
        prefix: str | None = None,
        base: str | None = None,
        dirs: bool = True,
        ext: bool = False,
        *,
        index: str | None = "index.html",
        cache_control: _Line | None = None,
        types: dict[str, str] | None = None,
    ) -> None:
        """Serves files for GET and HEAD requests to `<prefix>/*`. Takes one slot.

        `/prefix/path/to/file` is first resolved to `/path/to/file`, then `base` is put in front of
        it: with `prefix='/fs'` and `base='/www/data'`, a request for `/fs/sub/hello.txt` reads
        `/www/data/sub/hello.txt`. Percent escapes are decoded once. No request leaves `base`:
        paths with '..' in them are refused, and symbolic links that lead out are not found.

        A path that ends in '/' gets the directory's `index` if there is one, otherwise the
        directory as JSON: `{"path": "/var/", "list": [{"path": "hello.txt", "type": "file",
        "size": 42}, ...]}`; directories have the type "directory" and the size 0, '..' comes
        first.

        Files of any size are sent in constant memory, also in parts (Range). Entity tags and dates
        spare clients what they have already. Beside `name`, a file `name.gz` is sent to who takes
        it.

        Args:
            prefix: Starts with '/'. None, or an empty one: the URL is `/*`.
            base: Directory to serve from; starts with '/'. None serves from the root.
            dirs: Whether directories are listed. False: they are not found, unless they have an
                index.
            ext: Whether the external storage (`ext_path` of the constructor) is tried first, in
                front of `base`.
            index: Name of the file that is served for its directory. None: none is.
            cache_control: Value of that header. None: 'no-cache', so that clients ask each time
                whether a file has changed.
            types: Content types for file name extensions, such as {'webmanifest':
                'application/manifest+json'}; they come before the built-in ones.

        Raises:
            TypeError: An argument is of the wrong type; the message names it.
            ValueError: `prefix` or `base` does not start with '/', `prefix` has '*', '?' or '#' in
                it, `index` is no file name, or an extension in `types` is empty or has a '.' in
                front.
            RuntimeError: The slots are used up, or the server is stopped.
        """

    def receive(
        self,
        dynamic: bool = True,
        prefix: str | None = None,
        extonly: bool = False,
        delete: bool = False,
        *,
        base: str | None = None,
        max_size: Annotated[int, "0 to 2147483647"] = 0,
    ) -> None:
        """Receives files by POST and PUT requests. Takes one slot, two with `delete`.

        With `dynamic`, `<prefix>/path/to/file` is resolved to `/path/to/file`, and the body of the
        request becomes that file; directories above it are made. A path that ends in '/' makes a
        directory. A MOVE request renames.

        Without `dynamic`, `prefix` is the only URL, and the path is the one in the header
        `Content-Disposition: attachment; filename="/path/to/file"`, which must not be missing.

        A DELETE request removes the file, or the directory if the path ends in '/'; with
        `?force=1` also all that is in it.

        A file is written under another name and takes its place when it is whole: until then, and
        if anything goes wrong, the old one stays as it was.

        Args:
            dynamic: Whether the path is in the URL.
            prefix: Starts with '/'. None: none, where `dynamic`.
            extonly: Whether nothing may be changed but the external storage (`ext_path` of the
                constructor).
            delete: Whether DELETE is answered.
            base: Directory to put in front of paths; starts with '/'. None: the root.
            max_size: Bytes that a file may have; more gets 413. 0: any number. `max_body` of the
                constructor does not count here.

        Raises:
            TypeError: An argument is of the wrong type; the message names it.
            ValueError: `prefix` or `base` does not start with '/', `prefix` has '*', '?' or '#' in
                it, or is None without `dynamic`.
            RuntimeError: The slots are used up, or the server is stopped.
        """

    def file_acl(self, cb: _FileAcl | None) -> None:
        """Sets who decides which files may be read and written by serve() and receive().

        Args:
            cb: Called with the path of a file or directory before it is read, listed, written,
                made or removed, in a worker thread; paths of directories end with a slash. It
                returns ACL_RO, ACL_WO or ACL_RW, or the status (400 to 599) to refuse the request
                with. Anything else refuses it with 403, as does a right that is not the one that
                is needed. If it raises, the client gets 500 and the REPL a traceback. None:
                everything is allowed.

        Raises:
            TypeError: `cb` is neither callable nor None.
            RuntimeError: The server is stopped.
        """

    def event(
        self,
        url: str,
        *,
        buffer: Annotated[int, "256 to 1048576"] = 4096,
        heartbeat: Annotated[float, "0.1 to 3600 seconds"] = 15,
        retry: Annotated[float, "0 to 86400 seconds"] = 0,
    ) -> None:
        """Has clients listen to events (EventSource, Server-Sent Events). Takes one slot.

        A client that comes back is sent what it has missed, as far as it is kept. One that takes
        nothing for `send_timeout` is disconnected; the others lose nothing.

        Args:
            url: As for route(), without '*'.
            buffer: Bytes of events that are kept, whoever listens; an event must fit into it. A
                client that falls behind by all of it is disconnected, and comes back by itself.
            heartbeat: Seconds without an event after which a comment is sent, which nobody sees:
                so who has vanished is noticed.
            retry: Seconds after which clients are to come back when they lose the connection; 0:
                as they like.

        Raises:
            TypeError: An argument is of the wrong type; the message names it.
            ValueError: An argument is out of its range; or `url` has no '/' in front, or a '*' in
                it.
            RuntimeError: event() was called before, Server() was given no `events`, the slots are
                used up, or the server is stopped.
        """

    def dispatch(
        self,
        data: object,
        event: _Line | None = None,
        *,
        id: _Line | None = None,
        retry: Annotated[float, "0 to 86400 seconds"] = 0,
    ) -> bool:
        """Sends an event to everybody who listens; does not wait for them.

        Args:
            data: Text as str or bytes, of any number of lines; anything else is sent as JSON.
            event: Name of the event; None: pages get it as 'message'.
            id: What clients say they have seen when they come back; None: the server numbers it.
            retry: Seconds after which clients are to come back from now on; 0: as before.

        Returns:
            Whether anybody listens.

        Raises:
            TypeError: An argument is of the wrong type, or `data` cannot be JSON.
            ValueError: An argument is out of its range, or the event is longer than what is kept.
            RuntimeError: event() was not called, or the server is stopped.
        """

    def websocket(
        self,
        url: str,
        callback: _Listener,
        *,
        opened: _Opened | None = None,
        clients: Annotated[int, "1 to 60"] = 4,
        max_message: Annotated[int, "1 to 16777216"] = 16384,
        queue: Annotated[int, "256 to 16777216"] = 16384,
        ping: Annotated[float, "0 to 3600 seconds"] = 15,
        timeout: Annotated[float, "0.001 to 3600 seconds"] = 20,
        subprotocol: str | None = None,
    ) -> WebSocketGroup:
        """Has WebSocket messages handled by a callback. Takes one slot.

        Callbacks run in worker threads and may take their time: one at a time and in order for
        each client, side by side for different ones. While a callback is in work, one more message
        is collected; what a client sends beyond that stays with the client. If a callback raises,
        the REPL gets a traceback and the client is closed with code 1011.

        Pages of other origins are refused, unless the server names them in `origins`; `acl` and
        `auth` of the server apply.

        Example::

            def heard(ws, data):
                if data is None:
                    print(ws.remote(), 'has left with code', ws.code())
                else:
                    chat.send(data)

            chat = httpd.websocket('/chat', heard)

        Args:
            url: As for route().
            callback: Called with the WebSocket and a message, a str for text and bytes for
                binary; and exactly once with None when it is over, however it ended.
            opened: Called with the WebSocket when a client has come, before anything else.
            clients: Clients at a time; others get 503. Each holds one of few sockets.
            max_message: Bytes that a message of a client may have; more ends it with code 1009.
                As much memory is taken for each client, while a message arrives and is handled.
            queue: Bytes of messages that wait for each client, when it does not take them at
                once; the longest message that can be sent.
            ping: Seconds of silence after which a client is pinged; 0: never.
            timeout: Seconds after which a client is given up that leaves a ping unanswered or
                takes nothing of what is sent.
            subprotocol: Agreed on with clients that ask for it.

        Returns:
            All clients, to send to.

        Raises:
            TypeError: An argument is of the wrong type; the message names it.
            ValueError: An argument is out of its range; `url` has no '/' in front or a '*' before
                its end; `subprotocol` is none.
            RuntimeError: The slots are used up, or the server is stopped.
        """

    def ws(self, url: str, pwd: Annotated[_Text, "without NUL"] | None = None) -> None:
        """Gives the REPL to a WebSocket client (WebREPL).

        A browser that opens the same url gets a terminal page. Takes one slot. One client at a
        time holds the terminal. There can be one such url in all servers together; it is free
        again when its server has been stopped.

        Args:
            url: As for route().
            pwd: What a client must type first; any length. None: nothing is asked.

        Raises:
            TypeError: An argument is of the wrong type; the message names it.
            ValueError: `url` has no '/' in front or a '*' before its end, or `pwd` has a NUL in
                it.
            RuntimeError: ws() has been called before, the slots are used up, the server is
                stopped, or this firmware has no network terminal.
        """

    def stop(self) -> None:
        """Stops the server. The port is free and no callback runs any more when this returns.

        Clients are disconnected; waiting ones get 503. A callback that is running is given 3
        seconds to end, while whatever it sends or reads fails at once, then it is interrupted with
        SystemExit. Called from one of the server's own callbacks it returns at once, and the
        server ends after that callback. Calling it again is harmless.
        """

    def __enter__(self) -> Server:
        """Returns the server itself; the end of the `with` block stops it."""

    def __exit__(self, exc_type: object, exc_value: object, traceback: object, /) -> None:
        """Calls stop()."""

    def __del__(self) -> None:
        """Stops the server in the background."""

class Request:
    """A request that a callback is to answer.

    It is valid in the callback's thread until the callback returns. Used later or in another
    thread, all its methods but server() raise RuntimeError.
    """

    def server(self) -> Server:
        """Returns the server that the request came to."""

    def method(self) -> int:
        """Returns the HTTP verb: GET, POST, DELETE or another of the module's constants."""

    def method_name(self) -> str:
        """Returns the HTTP verb as the client sent it, such as 'PROPFIND'."""

    def uri(self) -> str:
        """Returns the URI as the client sent it: path, query, and the fragment if there is one.

        Few clients send a fragment, and none should (RFC 9110 section 4.2.5).
        """

    def path(self) -> str:
        """Returns the URI without query and fragment, not decoded."""

    def length(self) -> int:
        """Returns the Content-Length in bytes; 0 without a body, -1 for a chunked body."""

    def remote(self) -> str:
        """Returns the client's address, e.g. '192.168.4.2'; '' if it has gone."""

    def header(self, name: Annotated[_Text, "without NUL"]) -> str | None:
        """Returns the value of a request header, None without it.

        Args:
            name: In any case. The first one counts if there are several.

        Raises:
            TypeError: `name` is of the wrong type.
        """

    def cookie(self, name: Annotated[_Text, "without NUL"]) -> str | None:
        """Returns the value of a cookie as it was sent, None without it.

        Args:
            name: Capitals count. The first one counts if there are several.

        Raises:
            TypeError: `name` is of the wrong type.
        """

    def headers(self) -> dict[str, str]:
        """Returns all request headers, names in lower case, equal ones joined by ', '."""

    def query(self, key: _Text) -> bytes | bool | None:
        """Returns the value of the first entry of the query string with that key, decoded.

        Args:
            key: Compared with the decoded keys, byte for byte.

        Returns:
            The value; True if the key stands alone, without '='; None if there is no such key.

        Raises:
            TypeError: `key` is of the wrong type.
        """

    def parse_qs(self) -> dict[bytes, bytes | bool]:
        """Returns the query string as a dict, decoded.

        True stands for a missing value. The last one of equal keys counts.
        """

    def read(self, len: int = -1) -> bytes:
        """Reads from the body of the request; waits for the client if need be.

        Args:
            len: How many bytes at most. Negative: all the rest.

        Returns:
            What was read; b'' at the end of the body.

        Raises:
            TypeError: `len` is not an int.
            OSError: ETIMEDOUT when the client is silent for `body_timeout`, ECONNRESET when it has
                gone, EIO when the body ends early or is malformed, EFBIG when it is longer than
                `max_body`, ECONNABORTED when the server is being stopped.
            MemoryError: The body does not fit into memory.
        """

    def json(self) -> object:
        """Reads all that is left of the body, and returns what it says to the module json.

        Raises:
            ValueError: It is not JSON in the eyes of that module.
            OSError: As for read().
            MemoryError: The body does not fit into memory.
        """

    def readinto(self, buffer: bytearray | memoryview) -> int:
        """Reads from the body of the request into a buffer; waits for the client if need be.

        Args:
            buffer: Takes at most its own length of bytes.

        Returns:
            The number of bytes that were read; 0 at the end of the body.

        Raises:
            TypeError: `buffer` cannot be written to.
            OSError: As for read().
        """

    def write(
        self,
        data: _Text | dict[str, object],
        status: Annotated[int, "100 to 599"] | _Text | None = None,
        mime: _Line | None = None,
        headers: dict[_Text, _Text] | None = None,
        allow_cors: bool = False,
    ) -> None:
        """Sends a whole response.

        Can be called once, and neither after send_chunk() nor after send().

        Args:
            data: The body; a dict is sent as JSON.
            status: E.g. '404 Not Found', or only the number. None: '200 OK'.
            mime: Content-Type. None: 'text/html', for a dict 'application/json'.
            headers: More headers, name to value.
            allow_cors: Whether to add `Access-Control-Allow-Origin: *`, if the server does not
                anyway.

        Raises:
            TypeError: An argument is of the wrong type; the message names it. Or what is in the
                dict cannot be JSON.
            ValueError: `status`, `mime` or `headers` has a line break or a NUL in it, or `status`
                has no number.
            RuntimeError: The request has been answered already.
            OSError: ECONNRESET when the client has gone or takes nothing for `send_timeout`,
                ECONNABORTED when the server is being stopped.
        """

    def send_chunk(
        self,
        data: _Text | None,
        status: Annotated[int, "100 to 599"] | _Text | None = None,
        mime: _Line | None = None,
        headers: dict[_Text, _Text] | None = None,
        allow_cors: bool = False,
    ) -> None:
        """Sends a piece of a response in the chunked transfer coding.

        The other arguments count in the first call only, and are as for write(). The last call
        must be `send_chunk(None)`.

        Args:
            data: A piece of the body; None ends it. Empty pieces are not sent.
            status: As for write().
            mime: As for write().
            headers: As for write().
            allow_cors: As for write().

        Raises:
            TypeError: As for write().
            ValueError: As for write().
            RuntimeError: The request has been answered already by write() or send(), or ended by
                send_chunk(None).
            OSError: As for write().
        """

    def send(self, data: _Text) -> None:
        """Sends bytes to the client verbatim: status line, headers and body are up to the caller.

        Can be called many times, but neither after write() nor after send_chunk(). The connection
        is closed when the callback returns.

        Args:
            data: What to send.

        Raises:
            TypeError: `data` is of the wrong type.
            RuntimeError: The request has been answered already by write() or send_chunk().
            OSError: As for write().
        """

class WebSocket:
    """A client of websocket(). It may be used from any thread, also when it is over."""

    def send(
        self,
        data: _Text | dict[str, object],
        *,
        timeout: Annotated[float, "0 to 3600 seconds"] = 5,
    ) -> None:
        """Sends a message. It waits in a queue until the client takes it.

        Args:
            data: A str is sent as text, bytes and the like as binary, a dict as JSON in text.
            timeout: Seconds to wait for room in the queue; other threads go on meanwhile.

        Raises:
            TypeError: `data` is of the wrong type, or what is in the dict cannot be JSON.
            ValueError: `data` is longer than the queue takes at all.
            OSError: ETIMEDOUT when there was no room, ECONNRESET when it is over or being closed.
            MemoryError: There is not enough memory.
        """

    def close(self, code: Annotated[int, "1000 to 4999"] = 1000, reason: str = "") -> None:
        """Ends the session. Does not wait; the callback is called with None later.

        What is queued is sent first, for as long as the client takes it, at most 5 seconds. The
        callback gets no more messages. Closing again does nothing.

        Args:
            code: 3000 to 4999 are an application's own.
            reason: At most 123 bytes.

        Raises:
            TypeError: An argument is of the wrong type; the message names it.
            ValueError: `code` may not be sent, or `reason` is too long.
        """

    def code(self) -> int:
        """Returns the code that it ended with, the client's or ours; 0 while it is open.

        1005 stands for a client that gave none, 1006 for a connection that broke, 1012 for a
        server that was stopped.
        """

    def reason(self) -> str:
        """Returns the reason that it ended with; '' without one, and while it is open."""

    def remote(self) -> str:
        """Returns the client's address, e.g. '192.168.4.2'."""

    def subprotocol(self) -> str | None:
        """Returns the subprotocol that was agreed on, None without one."""

    def server(self) -> Server:
        """Returns the server that the client came to."""

    def __del__(self) -> None:
        """Frees what the object holds."""

class WebSocketGroup:
    """All clients of one websocket(). len() tells how many there are."""

    def send(
        self,
        data: _Text | dict[str, object],
        *,
        timeout: Annotated[float, "0 to 3600 seconds"] = 1,
    ) -> int:
        """Sends a message to all clients.

        Who has room for it has it at once. Those who have none are waited for; those who still
        have none after that are closed with code 1013, so that they know what they miss.

        Args:
            data: A str is sent as text, bytes and the like as binary, a dict as JSON in text.
            timeout: Seconds to wait for those who lie behind; other threads go on meanwhile.

        Returns:
            How many clients will be sent it.

        Raises:
            TypeError: `data` is of the wrong type, or what is in the dict cannot be JSON.
            ValueError: `data` is longer than a queue takes at all.
            RuntimeError: The server is stopped.
            MemoryError: There is not enough memory.
        """

    def __len__(self) -> int:
        """Returns how many clients there are."""
