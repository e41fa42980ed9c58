# SPDX-License-Identifier: MIT
"""Threaded HTTP server: routes to Python callbacks, files, and the REPL over a WebSocket.

A server runs in its own threads, so your program can do what it likes: sleep, poll, wait at the
prompt or compute. Callbacks run in worker threads under the interpreter's lock (GIL), so only one
of them, or of the program's own threads, executes Python at a time.

Example::

    import uhttpd

    httpd = uhttpd.Server()

    @httpd.get('/users/<int:id>')
    def user(req, id):
        return {'id': id, 'name': 'Ann'}

    httpd.ws('/ws', 'a password of any length')
    httpd.serve(base='/www')

Keep the server in a variable: if nothing refers to it, it is collected, and that stops it.
"""

from collections.abc import Awaitable, Callable, Coroutine, Iterable, Iterator
from typing import Annotated, Any, Final, NoReturn

from uhttpd_dashboard import dashboard as dashboard
from uhttpd_ota import ota as ota
from uhttpd_wifi import wifi_setup as wifi_setup

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
"""For a route: every method, known or not, in one slot. For a request: a method that is none of
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
_Handler = Callable[..., object]
_Headers = dict[_Text, _Text | list[_Text]] | list[tuple[_Text, _Text]]
_Hook = Callable[[Request], object]
_AfterHook = Callable[[Request, Response], object]
_Route = tuple[str, int, _Handler]
_Opened = Callable[[WebSocket], object]
_Listener = Callable[[WebSocket, Any], object]
_Auth = Callable[[Request], object]
_FileAcl = Callable[[str], int]

class Server:
    """An HTTP server. It listens from its construction to stop(), or the end of its `with` block.

    It also stops when nothing refers to the object any more.
    """

    def __init__(
        self,
        port: Annotated[int, "0 to 65535"] = 80,
        *,
        acl: Annotated[int, "0 to 2"] = 0,
        cors: bool = False,
        routes: Annotated[int, "1 to 255"] | Iterable[_Route] | None = None,
        auth: _Text | tuple[_Text, _Text] | _Auth | None = None,
        events: Annotated[int, "0 to 60"] = 0,
        origins: Iterable[str] | None = None,
        hosts: Iterable[str] | None = None,
        bind: str | None = None,
        workers: Annotated[int, "1 to 16"] = 2,
        spare_workers: Annotated[int, "0 to 16"] = 4,
        max_sockets: Annotated[int, "3 to 64"] | None = None,
        max_header: Annotated[int, "256 to 65535"] = 4096,
        max_body: Annotated[int, "0 to 2147483647"] = 1048576,
        body_buffer: Annotated[int, "0 to 1048576"] = 16384,
        header_timeout: Annotated[float, "0.001 to 3600 seconds"] = 10,
        body_timeout: Annotated[float, "0.001 to 3600 seconds"] = 10,
        send_timeout: Annotated[float, "0.001 to 3600 seconds"] = 10,
        idle_timeout: Annotated[float, "0 to 86400 seconds"] = 60,
        callback_timeout: Annotated[float, "0 to 86400 seconds"] = 30,
        ext_path: str = "/sd",
        headers: _Headers | None = None,
    ) -> None:
        """Starts a server. It listens when this returns.

        Slots for routes are counted as follows: one is reserved for OPTIONS; a callback takes one
        for each of its methods, up to three for GET, POST and DELETE; the file server takes one;
        receiving files takes one, or two with DELETE; the terminal takes one; events take one.

        Args:
            port: TCP port to listen on; 0 takes a free one, and port() returns it.
            acl: AUTH_OPEN, AUTH_BASIC or AUTH_CUSTOM. It covers everything that the server
                offers, except a terminal with its own password.
            cors: Whether every response has `Access-Control-Allow-Origin: *`, and pages from
                elsewhere may change what is here.
            routes: How many slots for routes there are; or the routes themselves, each (url,
                methods, callback) as for route(), which cannot be called afterwards. ws(),
                serve(), receive() and event() still can, once each. None: 8 slots, and as many
                more as routes need that a decorator registers, or get(), post(), put(), patch() or
                delete(), up to 255.
            auth: (user, password), such as ('answer', '42'): requests without them get 401, and
                `acl` need not be given. Or for AUTH_BASIC the complete header value, such as
                b'Basic YW5zd2VyOjQy' for the same two. For AUTH_CUSTOM a function that is called
                with the Request in a worker thread, before anything else happens with the request.
                True lets the request in; False and None refuse it with 401, and any other result
                is an error. The function may also answer the request itself, for instance with a
                redirection or abort(). If it raises something else, the client gets 500 and the
                REPL gets a traceback. With all of them, requests have an Authorization header with
                a password. After a few that were refused with 401, more from the same address get
                429 with Retry-After for some seconds and are not looked at; passwords for ws()
                count too. Where the password is right but does not suffice, answer 403 yourself.
            events: How many clients can listen to events at a time. Each occupies one of few
                sockets, so more than 4 are rarely wise.
            origins: Instead of `cors` for all: the origins whose pages may read responses, change
                what is here and open WebSockets, such as 'https://example.org' or
                'http://other.local:8080', without a path. 'null' is a page that was saved to a
                disk.
            hosts: Names and addresses of the server; requests for another Host get 421. This stops
                pages elsewhere from having their own name resolve to this server (DNS rebinding).
                None: any for GET, HEAD and OPTIONS. Other methods and WebSockets then need an
                address, a name without a dot, or one that ends in '.local', unless the page's
                origin is in `origins`.
            bind: Local address to listen on, '0.0.0.0' for all. None: all addresses of a board,
                '127.0.0.1' of a desktop.
            workers: How many callbacks can run at a time, including those that wait for a client
                or sleep.
            spare_workers: How many more threads are started while all workers are held up for more
                than a tenth of a second and requests wait. They end when there is nothing to do
                for them. Without memory there are none.
            max_sockets: Connections at a time, including WebSockets. None: as many as the network
                stack allows but two, which are left to your program, at most 12.
            max_header: Bytes that request line and headers may have together; more gets 431 or
                414.
            max_body: Bytes that a request body may have; more gets 413. 0: any number.
            body_buffer: Bytes of request bodies, of all clients together, that are collected
                before a callback is called, so that no worker waits for a slow client. Of a longer
                body the first 4096 are collected, and the callback waits for the rest while it
                reads them.
            header_timeout: Seconds from the first byte of a request to the end of its headers;
                a later end gets 408.
            body_timeout: Seconds that a client may be silent within a request body.
            send_timeout: Seconds that a client may take nothing of a response.
            idle_timeout: Seconds after which a connection without a request is closed; 0: never.
            callback_timeout: Seconds that a callback may take; see CallbackTimeout. Waiting for
                its client does not count, and each piece that it reads or sends begins them anew,
                so it may stream for longer. 0: any time. Each operation of a file system in Python
                may take as long, or 30 with 0.
            ext_path: Where external storage is mounted, for serve() with `ext=True` and receive()
                with `extonly=True`; starts with '/'.
            headers: Headers of every response, errors and files included, as for Request.write().
                A response that has such a header itself keeps its own. They are not in what
                Request.send() sends.

        Raises:
            TypeError: An argument is of the wrong type; the message names it.
            ValueError: An argument is out of its range, or does not go with another one; the
                message names it.
            OSError: EADDRINUSE if another program or server listens on the port, which its second
                argument names; EIO if the server could not start for another reason, which the log
                has.
            RuntimeError: The routes need more than 255 slots.
            MemoryError: There is not enough memory.
        """

    def port(self) -> int:
        """Returns the TCP port that the server is using, or was using before it was stopped."""

    def route(
        self,
        url: str,
        methods: object | None = None,
        callback: _Handler | None = None,
        *,
        auth: object | None = None,
    ) -> Callable[..., Callable[..., object]]:
        """Registers a callback that answers requests.

        Routes are tried in the order in which they were registered, so register those with a
        wildcard last. The callback runs in a worker thread and may take its time.

        It answers with the methods of the Request, or by what it returns. A str, or bytes and the
        like, are the body of a page. A dict or a list is sent as JSON. None means 204, without a
        body, and an int a response with that status. The tuples (body, status), (body, headers)
        and (body, status, headers) say more, with headers as for write(), and so does a Response.
        The items of a generator, or of another iterator, are sent as they come, as by
        send_chunk(); the contents of a file, or of another stream, as they are read. Both are
        closed afterwards.

        An async function runs on the program's event loop while that runs, else on one in a
        worker. It answers by returning, or by write(). What it yields is sent piece by piece. If
        the client goes, or `callback_timeout` passes without a piece, it is cancelled. It must not
        wait but by await; see to_thread(). In a program that has asyncio, generators run there,
        too.

        If the callback raises, or returns something else, the client gets 500 and the REPL is told
        why. abort() raises what is answered with another status.

        Example::

            @httpd.route('/led/<name>', methods=['GET', 'POST'])
            def led(req, name):
                return 'no such LED', 404

        Args:
            url: Path to answer, starting with '/', in plain text or percent-encoded: both fit
                paths in any form. It may end in '*', which matches anything. `<name>` stands for
                one segment of the path or a part of it, and the callback gets it, decoded, as the
                keyword argument `name`. `<int:name>` stands for a number of up to 18 digits, which
                may be negative, and `<path:name>` for several segments. A segment has one of them
                at most, and a url one path. Nothing fits that would not do as the name of a file,
                such as '..'.
            methods: GET, POST, DELETE and the others, combined with `|`; or the name of one, or a
                list of names. None: GET.
            callback: Called with the Request, and what the parameters of `url` stand for.
            auth: Who may ask, instead of what the server says: (user, password), the header value
                or a function, all as for the constructor; False: everyone. None: as the server
                says.

        Returns:
            Without `callback` a decorator, which registers the function that it stands above; else
            None.

        Raises:
            TypeError: An argument is of the wrong type; the message names it.
            ValueError: `url` has no '/' in front, a '*' before its end, a '?' or '#' in it, or
                something else between '<' and '>'; `methods` is no combination of methods; or
                `auth` cannot be sent by a client.
            RuntimeError: The slots are used up, the routes were given to the constructor, or the
                server is stopped.
        """

    def get(
        self, url: str, callback: _Handler | None = None, *, auth: object | None = None
    ) -> Callable[..., Callable[..., object]]:
        """As route() for GET, and HEAD, which GET answers too.

        Args:
            url: As for route().
            callback: As for route().
            auth: As for route().

        Raises:
            TypeError: As for route().
            ValueError: As for route().
            RuntimeError: As for route().
        """

    def post(
        self, url: str, callback: _Handler | None = None, *, auth: object | None = None
    ) -> Callable[..., Callable[..., object]]:
        """As route() for POST.

        Args:
            url: As for route().
            callback: As for route().
            auth: As for route().

        Raises:
            TypeError: As for route().
            ValueError: As for route().
            RuntimeError: As for route().
        """

    def put(
        self, url: str, callback: _Handler | None = None, *, auth: object | None = None
    ) -> Callable[..., Callable[..., object]]:
        """As route() for PUT.

        Args:
            url: As for route().
            callback: As for route().
            auth: As for route().

        Raises:
            TypeError: As for route().
            ValueError: As for route().
            RuntimeError: As for route().
        """

    def patch(
        self, url: str, callback: _Handler | None = None, *, auth: object | None = None
    ) -> Callable[..., Callable[..., object]]:
        """As route() for PATCH.

        Args:
            url: As for route().
            callback: As for route().
            auth: As for route().

        Raises:
            TypeError: As for route().
            ValueError: As for route().
            RuntimeError: As for route().
        """

    def delete(
        self, url: str, callback: _Handler | None = None, *, auth: object | None = None
    ) -> Callable[..., Callable[..., object]]:
        """As route() for DELETE.

        Args:
            url: As for route().
            callback: As for route().
            auth: As for route().

        Raises:
            TypeError: As for route().
            ValueError: As for route().
            RuntimeError: As for route().
        """

    def before_request(self, callback: _Hook) -> _Hook:
        """Registers a function that is called before the callback of each request. A decorator.

        Such functions are called in the order in which they were registered, after `auth` has let
        the request in, and only if a callback answers it: not for files, WebSockets and events,
        nor where there is no route. What one of them returns, unless it is None, answers the
        request as what a callback returns. It may answer with the methods of the Request as well,
        or raise. Then neither the next one nor the callback is called.

        Args:
            callback: Called with the Request.

        Raises:
            TypeError: `callback` cannot be called.
            RuntimeError: The server is stopped.
        """

    def after_request(self, callback: _AfterHook) -> _AfterHook:
        """Registers a function that sees, and may change, what callbacks answer. A decorator.

        Such functions are called in the order in which they were registered, for each request for
        which those of before_request() were called, or would have been: whether the answer is that
        of a callback, of such a function, or of errorhandler() for what these have raised. They
        get the Request and what was returned, as a Response, and may change its headers. What one
        of them returns, unless it is None, replaces it.

        If the callback has answered by write(), send_chunk() or send(), the answer has been sent,
        and the Response tells its `status_code` only: set_cookie() raises RuntimeError, and
        changes of headers come too late. For headers of every response there is the argument
        `headers` of the constructor.

        Args:
            callback: Called with the Request and a Response. If it raises, the client gets 500,
                and the REPL gets a traceback.

        Raises:
            TypeError: `callback` cannot be called.
            RuntimeError: The server is stopped.
        """

    def errorhandler(
        self, error: object, callback: _Handler | None = None
    ) -> Callable[..., Callable[..., object]]:
        """Registers a function that answers instead of an error.

        For a status it is called where abort() says so, and where the server itself does: for a
        URL that no route has (404), a method (405), a password that is wrong (401), files, a body
        that is too long (413), or a callback that has raised (500). It is not called where
        the server is short of something (408, 429, 431, 503), has not understood the request, or
        does not know its Host (421). With 401 it lets people without a password run it.

        For a class of exceptions it is called when a callback, or a function of before_request(),
        raises one. Of several classes that fit, the one that is derived from the others counts.
        HTTPException stands for all errors that have no handler of their own. Nothing is printed.

        It answers as a callback does. Without a status its answer has that of the error, or 500.
        If it raises, the REPL gets a traceback, and the client the usual line.

        Example::

            @httpd.errorhandler(404)
            def not_found(req):
                return 'There is no such page here'

            @httpd.errorhandler(ValueError)
            def wrong(req, error):
                return {'error': str(error)}, 400

        Args:
            error: A status, 400 to 599, or a class derived from Exception.
            callback: Called with the Request; for a class with the exception, too. The one that
                was registered last counts.

        Returns:
            Without `callback` a decorator, which registers the function that it stands above; else
            None.

        Raises:
            TypeError: An argument is of the wrong type; the message names it.
            ValueError: `error` is no status of an error.
            RuntimeError: The server is stopped.
        """

    def remove(self, url: str, methods: object | None = None) -> None:
        """Removes a callback that route(), or get() and so on, has registered.

        Its slots are free again. Requests that came before are still answered by it. A callback
        may remove itself.

        Args:
            url: As it was registered.
            methods: Those that it no longer answers, as for route(). None: all.

        Raises:
            TypeError: An argument is of the wrong type; the message names it.
            ValueError: No callback is registered for that; or an argument is none that route()
                takes.
            RuntimeError: The server is stopped.
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
        "size": 42, "modified": 1700000000}, ...]}`, with times in seconds since 1970 where they
        are known; directories have the type "directory" and the size 0, '..' comes
        first. A name that is not UTF-8 has its form for URLs, too: `"url": "a%FF"`.

        Files of any size are sent in constant memory, also in parts (Range). Entity tags and dates
        spare clients what they already have. If there is a file `name.gz` beside `name`, clients
        that accept gzip get that, unless `name` was changed later.

        Args:
            prefix: Starts with '/'. None, or an empty one: the URL is `/*`.
            base: Directory to serve from; starts with '/'. None serves from the root, but for
                boot.py, main.py, webrepl_cfg.py, names that begin with a dot, and the file of the
                program that calls, until file_acl() is called. '/' serves these too.
            dirs: Whether directories are listed. False: they are not found, unless they have an
                index.
            ext: Whether the external storage (`ext_path` of the constructor) is tried first, in
                front of `base`.
            index: Name of the file that is served for its directory. None: no file is.
            cache_control: Value of that header. None: 'no-cache', so that clients ask each time
                whether a file has changed.
            types: Content types for file name extensions, such as {'webmanifest':
                'application/manifest+json'}; they take precedence over the built-in ones.

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
        `Content-Disposition: attachment; filename="/path/to/file"`, which must be there.

        A DELETE request removes the file, or the directory if the path ends in '/'. With
        `?force=1` it removes everything in the directory too.

        A file is written under another name and replaces the old one when it is complete. Until
        then, and if anything goes wrong, the old file stays as it was. A header `X-Timestamp` with
        milliseconds since 1970, of the years 2001 to 2107, sets when it was changed, except on
        littlefs and on file systems in Python.

        Args:
            dynamic: Whether the path is in the URL.
            prefix: Starts with '/'. None, with `dynamic` only: no prefix.
            extonly: Whether only the external storage (`ext_path` of the constructor) may be
                changed.
            delete: Whether DELETE is answered.
            base: Directory to put in front of paths; starts with '/'. None: the root.
            max_size: Bytes that a file may have; more gets 413. 0: any number. `max_body` of the
                constructor does not apply here.

        Raises:
            TypeError: An argument is of the wrong type; the message names it.
            ValueError: `prefix` or `base` does not start with '/', `prefix` has '*', '?' or '#' in
                it, or is None without `dynamic`.
            RuntimeError: The slots are used up, or the server is stopped.
        """

    def file_acl(self, cb: _FileAcl | None) -> None:
        """Sets the function that decides which files serve() and receive() may read and write.

        Args:
            cb: Called in a worker thread with the path of a file or directory, before that is
                read, listed, written, made or removed. Paths of directories end with a slash. It
                returns ACL_RO, ACL_WO or ACL_RW, or a status (400 to 599) with which the request
                is refused. Anything else, or a right other than the one needed, refuses it with
                403. If it raises, the client gets 500 and the REPL gets a traceback. None:
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
        """Lets clients listen to events (EventSource, Server-Sent Events). Takes one slot.

        A client that reconnects gets what it missed, as far as that is still kept. A client that
        takes nothing for `send_timeout` is disconnected; the others lose nothing.

        Args:
            url: As for route(), without '*'.
            buffer: Bytes of events that are kept, even if nobody listens. An event must fit into
                it. A client that falls behind by all of it is disconnected, and reconnects by
                itself.
            heartbeat: Seconds without an event after which a comment is sent. Pages do not see
                it; it finds clients that have vanished.
            retry: Seconds after which clients should reconnect if they lose the connection; 0: as
                they like.

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
        """Sends an event to all clients that listen. Does not wait for them.

        Args:
            data: Text as str or bytes, of any number of lines; anything else is sent as JSON.
            event: Name of the event; None: pages get it as 'message'.
            id: What clients name as the last event they saw when they reconnect; None: the server
                numbers it.
            retry: Seconds after which clients should reconnect from now on; 0: as before.

        Returns:
            Whether any client listens.

        Raises:
            TypeError: An argument is of the wrong type.
            ValueError: An argument is out of its range, `data` has a value that JSON does not
                know, or the event is longer than what is kept.
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
        """Registers a callback that handles WebSocket messages. Takes one slot.

        Callbacks run in worker threads and may take their time. For one client they run one at a
        time and in order; for different clients they run side by side. While a callback runs, one
        more message is collected, and anything beyond that makes the client wait. If a callback
        raises, the REPL gets a traceback and the client is closed with code 1011.

        Pages of other origins are refused, unless the server lists them in `origins`. `acl` and
        `auth` of the server apply. Safari, and so every iPhone, sends no password with a
        WebSocket: AUTH_BASIC keeps it out, and AUTH_CUSTOM can ask for a cookie instead.

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
                binary, and exactly once with None at the end, however that came.
            opened: Called with the WebSocket when a client has connected, before anything else.
            clients: Clients at a time; others get 503. Each occupies one of few sockets.
            max_message: Bytes that a message of a client may have; a longer one ends the session
                with code 1009. Each client takes that much memory while a message arrives and is
                handled.
            queue: Bytes of messages that can wait for each client if it does not take them at
                once. This is also the length of the longest message that can be sent.
            ping: Seconds of silence after which a client is pinged; 0: never.
            timeout: Seconds after which a client is disconnected if it does not answer a ping, or
                takes nothing of what is sent.
            subprotocol: Selected for clients that ask for it.

        Returns:
            All clients, to send to.

        Raises:
            TypeError: An argument is of the wrong type; the message names it.
            ValueError: An argument is out of its range; `url` has no '/' in front or a '*' before
                its end; `subprotocol` is not a valid name.
            RuntimeError: The slots are used up, or the server is stopped.
        """

    def ws(self, url: str, pwd: _Line | None = None) -> None:
        """Gives the REPL to a WebSocket client (WebREPL). Takes one slot.

        A browser that opens the same url gets a terminal page. One client at a time holds the
        terminal. All servers together can have one such url. Stopping its server frees it.

        Args:
            url: As for route().
            pwd: What a client must type first; any length. None: no password is asked for, and
                whoever reaches the board may run code on it. The prompt says so.

        Raises:
            TypeError: An argument is of the wrong type; the message names it.
            ValueError: `url` has no '/' in front or a '*' before its end, or `pwd` is empty, or
                has a line break or a NUL in it.
            RuntimeError: ws() has been called before, the slots are used up, the server is
                stopped, or this firmware has no network terminal.
        """

    def stop(self) -> None:
        """Stops the server. When this returns, the port is free and no callback runs any more.

        Clients are disconnected; waiting ones get 503. A running callback has 3 seconds to end,
        during which everything it sends or reads fails at once. Then it is interrupted with
        SystemExit, again and again. If one of the server's own callbacks calls stop(), it returns
        at once, and the server ends after that callback. Calling it again is harmless.

        Raises:
            RuntimeError: A callback has survived 5 seconds of that; the message names its url. No
                thread can be ended from outside, so the port stays taken until the callback
                returns. Ctrl-C ends the wait, too.
        """

    def serve_forever(self) -> Coroutine[Any, Any, None]:
        """Returns what can be awaited until the server is stopped.

        It keeps `asyncio.run()` of a program going that has nothing else to do. Callbacks that are
        async functions run on the program's event loop all the time that it runs.

        Raises:
            RuntimeError: The server is stopped.
        """

    def __enter__(self) -> Server:
        """Returns the server itself; the end of the `with` block stops it."""

    def __exit__(self, exc_type: object, exc_value: object, traceback: object, /) -> None:
        """Calls stop()."""

    def __del__(self) -> None:
        """Stops the server in the background."""

class Request:
    """A request that a callback has to answer.

    It is valid in the callback's thread until the callback returns; that of an async function, on
    its event loop. Later, or in another thread, all its methods but server() raise RuntimeError.
    What would wait does so, too, on an event loop: sending pieces, and reading a body that was not
    collected (`body_buffer`).
    """

    @property
    def g(self) -> Any:
        """An object for attributes of your own, which lives as long as the request.

        What before_request() finds out, callbacks and after_request() can use: `req.g.user`. It is
        empty when they begin: a function that is asked by `auth` has a Request of its own.
        """

    def server(self) -> Server:
        """Returns the server that the request came to."""

    def method(self) -> int:
        """Returns the HTTP verb: GET, POST, DELETE or another of the module's constants."""

    def method_name(self) -> str:
        """Returns the HTTP verb as the client sent it, such as 'PROPFIND'."""

    def uri(self) -> str:
        """Returns the URI of the request: path, query, and the fragment if there is one.

        Few clients send a fragment, and none should (RFC 9110 section 4.2.5).
        """

    def path(self) -> str:
        """Returns the URI without query and fragment.

        It has percent escapes, but only where a path needs them. So '/%61bc' is '/abc', and what
        looks different is different (RFC 3986 section 6.2.2).
        """

    def length(self) -> int:
        """Returns the Content-Length in bytes; 0 without a body, -1 for a chunked body."""

    def remote(self) -> str:
        """Returns the client's address, e.g. '192.168.4.2'; '' if it has gone."""

    def header(self, name: Annotated[_Text, "without NUL"]) -> str | None:
        """Returns the value of a request header, None without it.

        Args:
            name: In upper or lower case. The first one counts if there are several.

        Raises:
            TypeError: `name` is of the wrong type.
        """

    def cookie(self, name: Annotated[_Text, "without NUL"]) -> str | None:
        """Returns the value of a cookie as it was sent, None without it.

        Args:
            name: Case matters. The first one counts if there are several.

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

    @property
    def args(self) -> MultiDict:
        """The query string as texts; a key that stands alone, without '=', has ''.

        query() and parse_qs() have its bytes.
        """

    def form(self, max_size: Annotated[int, "0 to 2147483647"] = 16384) -> MultiDict:
        """Reads a form, and returns its fields.

        The Content-Type is application/x-www-form-urlencoded or multipart/form-data. The files of
        the latter are in files(). Both may be called again. Longer forms, and files of any size,
        are for parts().

        Example::

            @httpd.post('/led')
            def led(req):
                form = req.form()
                set_led(form['name'], form.get('level', 0, type=int))
                return uhttpd.redirect('/', 303)

        Args:
            max_size: Bytes of memory that all fields and files may take together; the first call
                decides.

        Raises:
            HTTPException: The body is no form (415), it is malformed (400), it is longer than
                `max_size` or has more than 256 fields (413). If the callback does not catch it,
                the client gets that, and a sentence that says why.
            RuntimeError: The body was read otherwise.
            OSError: As for read().
            MemoryError: As for read().
        """

    def files(self, max_size: Annotated[int, "0 to 2147483647"] = 16384) -> MultiDict:
        """Reads a form as form() does, and returns the files in it, each a Part.

        A field for a file in which none was chosen is not in it, but in form(), as ''.

        Args:
            max_size: As for form().

        Raises:
            HTTPException: As for form().
            RuntimeError: As for form().
            OSError: As for form().
            MemoryError: As for form().
        """

    def parts(self) -> Iterator[Part]:
        """Reads a form of the type multipart/form-data part by part, in constant memory.

        What is not read of a part is passed over when the next one is asked for.

        Example::

            @httpd.post('/upload')
            def upload(req):
                for part in req.parts():
                    if part.filename:
                        part.save('/sd/' + part.filename)

        Returns:
            An iterator; asking it for the next Part raises what form() raises.

        Raises:
            HTTPException: As for form().
            RuntimeError: As for form().
            MemoryError: There is not enough memory.
        """

    def read(self, len: int = -1) -> bytes:
        """Reads from the body of the request, and waits for the client if necessary.

        Args:
            len: How many bytes at most. Negative: everything that is left.

        Returns:
            What was read; b'' at the end of the body.

        Raises:
            TypeError: `len` is not an int.
            OSError: ETIMEDOUT if the client is silent for `body_timeout`, ECONNRESET if it has
                gone, EIO if the body ends early or is malformed, EFBIG if it is longer than
                `max_body`, ECONNABORTED if the server is being stopped.
            MemoryError: The body does not fit into memory.
        """

    def json(self, max_size: Annotated[int, "0 to 2147483646"] = 65536) -> Any:
        """Reads what is left of the body, and returns what the module json makes of it.

        Args:
            max_size: Bytes that it may have. Long strings and many keys take the interpreter long,
                and nothing else runs meanwhile.

        Raises:
            HTTPException: It is longer (413). If the callback does not catch it, the client gets
                that.
            ValueError: It is not JSON as RFC 8259 has it, in UTF-8, nested at most 64 deep, with
                numbers of at most 256 characters. If the callback does not catch it, the client
                gets 400, and a sentence that says why.
            OSError: As for read().
            MemoryError: The body does not fit into memory.
        """

    def to_thread(
        self,
        function: Callable[..., object],
        args: list[object] | tuple[object, ...] | None = None,
    ) -> Awaitable[Any]:
        """Has a worker call a function, while other tasks of the event loop run.

        For async callbacks, which must not wait: for a body that is longer than `body_buffer`,
        with `await req.to_thread(req.read, (1024,))`, or for a disk.

        Args:
            function: What the worker calls. It may use the request.
            args: What it is called with; None: nothing.

        Returns:
            To be awaited for what the function returns, or raises.

        Raises:
            TypeError: An argument is of the wrong type; the message names it.
            RuntimeError: The callback is none of an async function.
        """

    def readinto(self, buffer: bytearray | memoryview) -> int:
        """Reads from the body of the request into a buffer, and waits for the client if necessary.

        Args:
            buffer: Receives at most its own length of bytes.

        Returns:
            The number of bytes that were read; 0 at the end of the body.

        Raises:
            TypeError: `buffer` cannot be written to.
            OSError: As for read().
        """

    def write(
        self,
        data: _Text | dict[str, object] | list[object],
        status: Annotated[int, "100 to 599"] | _Text | None = None,
        mime: _Line | None = None,
        headers: _Headers | None = None,
        allow_cors: bool = False,
    ) -> None:
        """Sends a whole response.

        Can be called once, and neither after send_chunk() nor after send().

        Args:
            data: The body; a dict, list or tuple is sent as JSON.
            status: E.g. '404 Not Found', or only the number. None: '200 OK'.
            mime: Content-Type. None: 'text/html', for JSON 'application/json'. Text without a
                charset gets 'charset=utf-8'.
            headers: More headers, name to value. A list of values is sent as several headers of
                that name, such as 'Set-Cookie'. A list of pairs (name, value) will do as well.
            allow_cors: Whether to add `Access-Control-Allow-Origin: *`, if the server does not
                add it anyway.

        Raises:
            TypeError: An argument is of the wrong type; the message names it.
            ValueError: `status`, `mime` or `headers` has a line break or a NUL in it, `status` has
                no number, or `data` has a value that JSON does not know, such as nan.
            RuntimeError: The request has been answered already.
            OSError: ECONNRESET if the client has gone or takes nothing for `send_timeout`,
                ECONNABORTED if the server is being stopped.
        """

    def send_chunk(
        self,
        data: _Text | dict[str, object] | list[object] | None,
        status: Annotated[int, "100 to 599"] | _Text | None = None,
        mime: _Line | None = None,
        headers: _Headers | None = None,
        allow_cors: bool = False,
    ) -> None:
        """Sends a piece of a response in the chunked transfer coding.

        The other arguments are as for write(), and count only in the first call. The last call
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

class MultiDict:
    """Fields of a form or of a query string: a dict of texts whose keys may have several values.

    It cannot be changed, and keeps its order. `form[key]` is the first value of a key. Without
    one, that raises KeyError; if the callback does not catch it, the client gets 400, and is told
    which key is missing. `key in form`, `for key in form` and `len(form)` are as for a dict.
    Printed, and sent as JSON, it is a dict of first values.
    """

    def __getitem__(self, key: str) -> Any:
        """Returns the first value of a key."""

    def __contains__(self, key: object) -> bool:
        """Returns whether a key has a value."""

    def __iter__(self) -> Iterator[str]:
        """Returns an iterator over the keys, each once."""

    def __len__(self) -> int:
        """Returns how many different keys there are."""

    def __repr__(self) -> str:
        """Returns how a dict of the first values is shown."""

    def get(
        self, key: str, default: object | None = None, type: Callable[..., object] | None = None
    ) -> Any:
        """Returns the first value of a key.

        Args:
            key: Case matters.
            default: What to return without a value, or with one that `type` does not take.
            type: A function that converts the value, such as int. It refuses one with a
                ValueError.

        Raises:
            TypeError: An argument is of the wrong type; the message names it.
        """

    def getlist(self, key: str, type: Callable[..., object] | None = None) -> list[Any]:
        """Returns all values of a key, in their order.

        Args:
            key: Case matters.
            type: As for get(). Values that it refuses are left out.

        Raises:
            TypeError: An argument is of the wrong type; the message names it.
        """

    def keys(self) -> list[str]:
        """Returns the keys, each once."""

    def values(self) -> list[Any]:
        """Returns the first value of each key."""

    def items(self, multi: bool = False) -> list[tuple[str, Any]]:
        """Returns pairs of a key and a value.

        Args:
            multi: Whether all values are in it, and not only the first of each key.

        Raises:
            TypeError: `multi` is no bool.
        """

class Part:
    """A field of a form, or a file in it.

    Those of files() are in memory. Those of parts() are read from the client, until the next one
    is asked for or the callback returns; later, reading raises RuntimeError.
    """

    @property
    def name(self) -> str:
        """The name of the field."""

    @property
    def filename(self) -> str | None:
        """The name of the file, None for an ordinary field.

        It has no slash and no backslash in it, and is neither '.' nor '..': folders that the
        client names in front of it are left out. Still, it is the client's choice, and may be that
        of a file that you have.
        """

    @property
    def content_type(self) -> str | None:
        """The Content-Type that the client gives, None without one."""

    def read(self, len: int = -1) -> bytes:
        """Reads from the part, and waits for the client if necessary.

        Args:
            len: How many bytes at most. Negative: everything that is left.

        Returns:
            What was read; b'' at the end of the part.

        Raises:
            TypeError: `len` is not an int.
            HTTPException: As for Request.form().
            RuntimeError: The part is over.
            OSError: As for Request.read().
            MemoryError: The part does not fit into memory.
        """

    def readinto(self, buffer: bytearray | memoryview) -> int:
        """Reads from the part into a buffer, and waits for the client if necessary.

        Args:
            buffer: Receives at most its own length of bytes.

        Returns:
            The number of bytes that were read; 0 at the end of the part.

        Raises:
            TypeError: `buffer` cannot be written to.
            HTTPException: As for Request.form().
            RuntimeError: The part is over.
            OSError: As for Request.read().
        """

    def save(self, path: str, *, max_size: Annotated[int, "0 to 2147483647"] = 0) -> int:
        """Writes what is left of the part to a file, in constant memory.

        The file is written under another name, and replaces the old one when it is complete. Until
        then, and if anything goes wrong, the old file stays as it was, and nothing is left behind.

        Args:
            path: Of the file; directories above it are made.
            max_size: Bytes that the file may have; 0: any number.

        Returns:
            The number of bytes that were written.

        Raises:
            TypeError: An argument is of the wrong type; the message names it.
            HTTPException: As for Request.form(); or the file would be longer than `max_size`
                (413).
            RuntimeError: The part is over.
            OSError: As for Request.read(); or the file cannot be written, such as EBUSY if
                somebody else does, ENOSPC, or EISDIR if it is a directory.
            MemoryError: There is not enough memory.
        """

class Response:
    """What a callback can return: a body with status, headers and cookies."""

    def __init__(
        self,
        body: object | None = None,
        status: Annotated[int, "100 to 599"] | _Text | None = None,
        headers: _Headers | None = None,
        *,
        mime: _Line | None = None,
    ) -> None:
        """Makes a response.

        Args:
            body: Whatever a callback can return as a body: see Server.route().
            status: As for Request.write().
            headers: As for Request.write().
            mime: As for Request.write().

        Raises:
            TypeError: An argument is of the wrong type; the message names it.
            ValueError: An argument has a line break or a NUL in it, or is out of its range.
        """

    @property
    def body(self) -> Any:
        """What was given as the body."""

    @property
    def status_code(self) -> int:
        """The status as a number, such as 200."""

    @property
    def headers(self) -> dict[str, Any]:
        """The headers, which may be changed: names and values, or lists of values.

        Names are as they were given, in upper or lower case.
        """

    def set_cookie(
        self,
        name: _Line,
        value: _Line,
        max_age: int | None = None,
        path: _Line | None = None,
        secure: bool = False,
        httponly: bool = False,
        samesite: _Line | None = None,
    ) -> None:
        """Has the browser keep a cookie (RFC 6265).

        Args:
            name: A token: letters, digits, and marks but separators.
            value: Any text but with '"', ',', ';', backslashes and spaces.
            max_age: Seconds that it is kept; 0 or less removes it. None: until the browser is
                closed.
            path: The URLs it is sent back to begin with this. None: those beside the request's.
            secure: Whether it is sent back over HTTPS only.
            httponly: Whether scripts of pages cannot see it.
            samesite: 'Lax', 'Strict' or 'None': whether it is sent back with requests from other
                sites.

        Raises:
            TypeError: An argument is of the wrong type; the message names it.
            ValueError: `name`, `value`, `path` or `samesite` has what it must not have.
            RuntimeError: The response has been sent already.
        """

class WebSocket:
    """A client of websocket(). Any thread may use it, even after its end."""

    def send(
        self,
        data: _Text | dict[str, object] | list[object],
        *,
        timeout: Annotated[float, "0 to 3600 seconds"] = 5,
    ) -> None:
        """Sends a message. It waits in a queue until the client takes it.

        Args:
            data: A str is sent as text, bytes and the like as binary, a dict, list or
                tuple as JSON in text.
            timeout: Seconds to wait for room in the queue; other threads run meanwhile.

        Raises:
            TypeError: `data` is of the wrong type.
            ValueError: `data` is longer than the whole queue, or has a value that JSON does not
                know.
            OSError: ETIMEDOUT if there was no room, ECONNRESET if the session is over or being
                closed.
            MemoryError: There is not enough memory.
        """

    def close(self, code: Annotated[int, "1000 to 4999"] = 1000, reason: str = "") -> None:
        """Ends the session. Does not wait; the callback is called with None later.

        Queued messages are sent first, as long as the client takes them, for at most 5 seconds.
        The callback gets no more messages. Closing again does nothing.

        Args:
            code: 3000 to 4999 are free for applications.
            reason: At most 123 bytes.

        Raises:
            TypeError: An argument is of the wrong type; the message names it.
            ValueError: `code` may not be sent, or `reason` is too long.
        """

    def code(self) -> int:
        """Returns the close code, the client's or ours; 0 while the session is open.

        1005 means that the client gave none, 1006 that the connection broke, and 1012 that the
        server was stopped.
        """

    def reason(self) -> str:
        """Returns the reason for the close; '' without one, and while the session is open."""

    def remote(self) -> str:
        """Returns the client's address, e.g. '192.168.4.2'."""

    def subprotocol(self) -> str | None:
        """Returns the subprotocol that was selected, None without one."""

    def server(self) -> Server:
        """Returns the server that the client is connected to."""

    def __del__(self) -> None:
        """Frees what the object holds."""

class WebSocketGroup:
    """All clients of one websocket(). len() returns how many there are."""

    def send(
        self,
        data: _Text | dict[str, object] | list[object],
        *,
        timeout: Annotated[float, "0 to 3600 seconds"] = 1,
    ) -> int:
        """Sends a message to all clients.

        Clients with room in their queue get it at once. The call waits for the others. A client
        that still has no room then is closed with code 1013, so that it knows that it missed
        something.

        Args:
            data: A str is sent as text, bytes and the like as binary, a dict, list or
                tuple as JSON in text.
            timeout: Seconds to wait for clients that lag behind; other threads run meanwhile.

        Returns:
            How many clients will get it.

        Raises:
            TypeError: `data` is of the wrong type.
            ValueError: `data` is longer than a whole queue, or has a value that JSON does not
                know.
            RuntimeError: The server is stopped.
            MemoryError: There is not enough memory.
        """

    def __len__(self) -> int:
        """Returns how many clients there are."""

class HTTPException(Exception):
    """A request is answered with a status, and a text that says why; see abort().

    Its arguments are these two.
    """

class CallbackTimeout(BaseException):
    """A callback takes longer than the server's `callback_timeout`.

    It is raised in the callback, and again every second while that goes on; in a file system or
    block device in Python, too, that keeps a client waiting. `except Exception` does not catch it.
    When it leaves the callback, the REPL gets a traceback. A client that has not been answered
    gets 503, and a WebSocket is closed with 1011. The worker goes on to the next callback. Only a
    callback that waits for a lock of `_thread` cannot be reached.

    Without a deadline, callbacks that never return occupy the workers and spare workers, and then
    nobody else is answered.
    """

def redirect(url: _Line, status: Annotated[int, "300 to 399"] = 302) -> Response:
    """Returns a response that sends the client to another URL.

    Args:
        url: Absolute, or relative to the URL of the request, such as '/login'.
        status: 302 and 303 ask for it with GET; 307 and 308 with the same method and body; 301 and
            308 are kept by browsers.

    Raises:
        TypeError: An argument is of the wrong type; the message names it.
        ValueError: `url` has a line break or a NUL in it, or `status` is out of its range.
    """

def abort(status: Annotated[int, "400 to 599"], text: _Line | None = None) -> NoReturn:
    """Ends the callback of a route, and answers the request with an error.

    Args:
        status: Such as 404.
        text: What the client is told. None: what the status means.

    Raises:
        HTTPException: Always, unless an argument is wrong.
        TypeError: An argument is of the wrong type; the message names it.
        ValueError: `status` is out of its range, or `text` has a line break or a NUL in it.
    """

def quote(text: _Text, safe: str = "/") -> str:
    """Returns text with percent escapes, as a segment of a URL, or a value in a query, needs them.

    Args:
        text: A str is taken as UTF-8.
        safe: Characters, besides letters, digits, '_', '.', '-' and '~', that stay as they are.

    Raises:
        TypeError: An argument is of the wrong type; the message names it.
    """

def unquote(text: _Text) -> str:
    """Returns text without percent escapes.

    What is not UTF-8 then is taken for Latin-1. A '%' without two hex digits behind it stays.

    Args:
        text: From a path, for instance. '+' stays a plus.

    Raises:
        TypeError: `text` is of the wrong type.
    """

def unquote_plus(text: _Text) -> str:
    """As unquote(), and '+' becomes a blank, as query strings and forms have it.

    Args:
        text: As for unquote().

    Raises:
        TypeError: `text` is of the wrong type.
    """

def escape(text: _Text) -> str:
    """Returns text as HTML needs it, with names for &, <, >, " and '.

    Whatever a client has sent goes through this before it becomes part of a page.

    Args:
        text: A str, or UTF-8.

    Raises:
        TypeError: `text` is of the wrong type.
    """
