# SPDX-License-Identifier: MIT
"""The document of the module uhttpd, sentence by sentence, in our own words.

Each sentence has a name. `@checks(name, ...)` marks a test with the sentences that it proves, and
test_every_sentence.py checks that none is left out.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

Test = TypeVar("Test", bound=Callable[..., object])


def checks(*names: str) -> Callable[[Test], Test]:
    """Marks a test with the sentences that it proves."""
    unknown = set(names) - SENTENCES.keys()
    assert not unknown, f"the document says nothing called {unknown}"
    return lambda test: test


SENTENCES = {
    # The module
    "module.purpose": "It is an HTTP server that serves files, receives files, asks for Basic "
    "authentication and gives the prompt over a WebSocket.",
    "module.thread": "The server runs in a thread of its own; URLs can have handlers, and the "
    "function that was registered is called when a request arrives.",
    "module.callback_thread": "Callbacks run in the server's thread, not in the program's, and "
    "the GIL makes what they do atomic.",
    "module.gil": "A callback runs when it can have the GIL, which the program must leave to it "
    "now and then.",
    "module.port": "The ESP32 port has it.",
    "module.example": "The example at the beginning works.",
    # Server
    "server.no_runner": "Methods set it up, and there is no function to run and no task to await: "
    "it works from its construction.",
    "server.collected": "The object must be kept from the collector.",
    "server.port": "Server(port) starts a server on that port, 80 unless given.",
    "server.acl": "`acl` is the access mode: AUTH_OPEN, AUTH_BASIC or AUTH_CUSTOM.",
    "server.cors_true": "With cors=True all replies carry Access-Control-Allow-Origin: *.",
    "server.cors_false": "With cors=False, the default, no reply carries it, unless a callback "
    "adds it.",
    "server.routes_number": "`routes` can be the greatest number of URL handlers, 8 by default.",
    "server.routes_iterable": "`routes` can be an iterable of iterables with what route() takes: "
    "url, method and callback.",
    "server.routes_given": "After that route() is not to be called.",
    "server.auth_basic": "`auth` for AUTH_BASIC is the complete value of the header, as bytes: "
    "b'Basic YW5zd2VyOjQy' for the user answer with the password 42.",
    "server.auth_custom": "`auth` for AUTH_CUSTOM is a function that is called for each request.",
    "server.auth_argument": "It takes one argument, the Request.",
    "server.events": "`events` is the greatest number of sockets for events at a time.",
    "server.events_few": "Sockets are few: 3, at most 4, is a sensible number.",
    "server.events_default": "The default is 0.",
    # How slots are counted
    "slots.options": "One slot is kept for OPTIONS.",
    "slots.serve": "The file server takes one slot.",
    "slots.receive": "Receiving files takes one slot without DELETE, and two with it.",
    "slots.websocket": "The WebSocket takes one slot.",
    "slots.handler": "A handler takes one to three slots, one for each of its verbs.",
    # Order of routes
    "order.wildcards": "Routes may have wildcards (*).",
    "order.first": "Routes are tried in the order of their registration.",
    "order.wildcards_last": "So wildcards, files included, are to be registered last.",
    # Methods of Server
    "port.number": "port() gives the port of the server.",
    "route.given": "With a list given to the constructor it is not to be called.",
    "route.url": "route() registers a handler for a url, which may be a wildcard.",
    "route.methods": "It gets requests with any of the verbs GET, POST and DELETE that were "
    "combined.",
    "route.callback": "The callback takes one argument, the Request.",
    "serve.get": "serve() answers GET requests to <prefix>/*.",
    "serve.prefix_slash": "The prefix must begin with a slash.",
    "serve.prefix_default": "Without a prefix it is empty: the url is /*.",
    "serve.resolution": "/prefix/path/to/file becomes /path/to/file, and the base is put "
    "in front.",
    "serve.example": "prefix='/fs' and base='/www/data': /fs/subdir/hello.txt is read from "
    "/www/data/subdir/hello.txt.",
    "serve.directory": "A path that ends in a slash gets a JSON document of the directory, with "
    "dirs=True.",
    "serve.base_slash": "The base must begin with a slash.",
    "serve.document": 'The document has the "path", and a "list" of entries with "path", "type" '
    'and "size"; ".." comes first, directories have size 0.',
    "serve.ext": "With ext=True the mount path of external storage is put in front first, and "
    "what file or directory is there is served.",
    "serve.ext_fallback": "If nothing is there, the path without it counts.",
    "receive.prefix_slash": "The prefix, if there is one, must begin with a slash.",
    "receive.extonly": "With extonly=True nothing is uploaded to internal storage.",
    "receive.dynamic": "dynamic=True is the default.",
    "receive.verbs": "It answers POST requests to <prefix>/*, and DELETE requests if delete=True.",
    "receive.resolution": "/prefix/path/to/file becomes /path/to/file.",
    "receive.parents": "That file is opened for writing, and its parent directories are made.",
    "receive.verbatim": "All data received is written to it, verbatim.",
    "receive.make_directory": "A path that ends in a slash makes a directory, and the status "
    "tells whether that worked.",
    "receive.directory_body": "The body of such a request is ignored.",
    "receive.delete_file": "DELETE removes a file.",
    "receive.delete_directory": "DELETE of a path that ends in a slash is an rmdir.",
    "receive.force": "With force=1 in the query string all in the directory goes, too.",
    "receive.endpoint": "With dynamic=False the prefix is the endpoint, and must not be None.",
    "receive.disposition": "Then the path comes from the header Content-Disposition, which must "
    "be there.",
    "receive.disposition_form": 'The header is: attachement; filename="/path/to/file".',
    "event.stream": "A GET request to the url of event() gets a text/event-stream, for "
    "EventSource.",
    "event.no_wildcard": "The url must not be a wildcard.",
    "event.one": "There can be one such url in a server, ...",
    "event.clients": "... which is another matter than how many clients it serves.",
    "dispatch.all": "dispatch() sends data to all that listen.",
    "dispatch.event": "`event`, which may be left out, is the name of the event.",
    "dispatch.nobody": "It returns False when nobody listens.",
    "file_acl.when": "The callback is called when a file is read or written, or a directory is "
    "accessed or made.",
    "file_acl.path": "It takes one argument, the path; those of directories end with a slash.",
    "file_acl.rights": "It returns ACL_RO, ACL_WO or ACL_RW, ...",
    "file_acl.status": "... or an HTTP error code of 400 or above.",
    "file_acl.nonsense": "Anything else counts as 403.",
    "file_acl.denied": "Then the file is not touched, and the request is over.",
    "ws.may_lack": "ws() may be unavailable in some firmware.",
    "ws.prompt": "A GET request to the url becomes a WebSocket with the prompt.",
    "ws.password": "`pwd`, which may be left out, protects the prompt, whatever the server's "
    "authentication.",
    "ws.one": "There can be one in all servers together.",
    # Request
    "request.argument": "A handler gets a Request as its only argument.",
    "request.no_constructor": "There is no constructor: the module makes them.",
    "server_of.request": "server() gives the server of the request.",
    "method.number": "method() gives the verb: one of GET, POST, DELETE.",
    "uri.full": "uri() gives the whole URI, query and, if it is present, fragment included.",
    "length.header": "length() gives what Content-Length says.",
    "path.bare": "path() gives the URI without query and fragment.",
    "query.value": "query(key) finds the key in the query string and gives its value, as bytes.",
    "query.first": "Of several entries with the key the first one counts.",
    "query.bare": "A key without a value gives True.",
    "query.none": "Otherwise it is None.",
    "parse_qs.dict": "parse_qs() gives the query string as a dict, with bytes as keys.",
    "parse_qs.values": "Values are bytes, or True where there is none.",
    "parse_qs.last": "Of several entries with the key the last one counts.",
    "read.at_most": "read(len) reads at most len bytes of the body.",
    "read.all": "A negative len, the default, reads all of it.",
    "read.bytes": "The result is a bytes object.",
    "readinto.at_most": "readinto(buffer) reads at most len(buffer) bytes, into the buffer.",
    "readinto.number": "It gives the number of bytes.",
    "write.data": "write(data) sends data as the response.",
    "write.once": "It can be called once, and not after send_chunk() or send().",
    "write.status": "`status`, str or bytes-like, is the status; 200 OK is the default.",
    "write.mime": "`mime`, str or bytes-like, is the Content-Type; text/html is the default.",
    "write.headers": "`headers` is a dict of more headers, keys and values str or bytes-like.",
    "write.allow_cors": "allow_cors=True overrides the server's `cors`.",
    "write.allow_cors_twice": "It is not to be given where the server does so anyway.",
    "send_chunk.chunked": "send_chunk(data) sends data in the chunked transfer coding.",
    "send_chunk.first": "In the first call the other arguments are as for write(), ...",
    "send_chunk.later": "... later they are ignored.",
    "send_chunk.none": "data=None ends the response; there can be no more calls.",
    "send_chunk.mandatory": "After one call or more, send_chunk(None) is mandatory.",
    "send.verbatim": "send(data) sends data to the socket verbatim.",
    "send.caller": "Status line, headers and all are up to the caller.",
    # Constants
    "constants.auth_open": "AUTH_OPEN: everybody has access.",
    "constants.auth_basic": "AUTH_BASIC: user and password.",
    "constants.auth_custom": "AUTH_CUSTOM: a callback decides.",
    "constants.acl_rw": "ACL_RW: may be read and written.",
    "constants.acl_ro": "ACL_RO: may be read.",
    "constants.acl_wo": "ACL_WO: may be written.",
}
