# SPDX-License-Identifier: MIT
"""What http_app does with files, done by a MicroPython program on MicroPython's VFS.

It takes the same options and commands; a command that it does not know it answers with "unknown".
"""

import sys

import uhttpd

options = dict(argument.split("=", 1) for argument in sys.argv[1:])
rules = {}
asked = []


def ask(path):
    """Decides as the command acl has told."""
    asked.append(path)
    return rules.get(path, uhttpd.ACL_RW)


def decide(path):
    """Reads the verdict out of a path that has "acl-" and a number in it."""
    before, found, after = path.partition("acl-")
    digits = ""
    while found and after[len(digits) : len(digits) + 1].isdigit():
        digits += after[len(digits)]
    return int(digits or 0) if found else uhttpd.ACL_RW


def serve(server):
    """Serves below the option base."""
    server.serve(
        options.get("prefix", "/fs"),
        options["base"],
        options.get("dirs") != "0",
        "ext" in options,
        index=options.get("index", "index.html") or None,
        cache_control=options.get("cache"),
        types={"gcode": "text/x-gcode"},
    )
    if options.get("acl") == "1":
        server.file_acl(ask)


def receive(server):
    """Receives below the option root."""
    root = options["root"]
    server.file_acl(decide)
    server.receive(True, "/up", delete=True, base=root)
    server.receive(True, "/keep", base=root)
    server.receive(True, "/sd", True, True, base=root)
    server.receive(True, "/small", base=root, max_size=1000)
    server.receive(False, "/put", delete=True, base=root)
    server.receive(False, "/put-small", base=root, max_size=1000)


def seconds(name):
    """A time-out among the options, which are in milliseconds."""
    return int(options[name]) / 1000


def start():
    """Starts the server."""
    ext = options.get("ext") or options.get("root", "") + "/sd"
    server = uhttpd.Server(
        0,
        routes=30,
        ext_path=ext,
        workers=int(options.get("workers", 2)),
        max_header=int(options.get("header", 4096)),
        max_body=int(options.get("body", 1048576)),
        header_timeout=seconds("header_timeout"),
        body_timeout=seconds("body_timeout"),
        send_timeout=seconds("send_timeout"),
        idle_timeout=seconds("idle_timeout"),
    )
    server.route("/hello", uhttpd.GET, lambda req: req.write("Hello", mime="text/plain"))
    server.route("/echo", uhttpd.POST, lambda req: req.write(req.read()))
    if "base" in options:
        serve(server)
    if "root" in options:
        receive(server)
    print("port", server.port())
    return server


def error_name(function, *arguments, **more):
    """What http_app would call the outcome."""
    try:
        function(*arguments, **more)
    except ValueError:
        return "ESP_ERR_INVALID_ARG"
    except RuntimeError:
        return "ROUTES_FULL"
    return "ESP_OK"


def words(arguments, defaults):
    """The arguments of a command, a dash for None."""
    given = arguments.split() + defaults[len(arguments.split()) :]
    return [None if word == "-" else word for word in given]


def receive_more(arguments):
    """Does the command receive."""
    root = options.get("root", "-")
    prefix, base, ext, flags = words(arguments, ["/again", root, "-", "d"])
    if ext:
        return "unknown"
    more = {"base": base, "delete": "r" in flags, "extonly": "e" in flags}
    return error_name(server.receive, "d" in flags, prefix, **more)


def serve_more(arguments):
    """Does the command serve."""
    prefix, base, ext, index = words(arguments, ["-"] * 4)
    if ext:
        return "unknown"
    return error_name(server.serve, prefix or "", base, index=index)


server = start()
for line in sys.stdin:
    name, _, arguments = line.strip().partition(" ")
    if name == "acl":
        verdict, _, path = arguments.partition(" ")
        rules[path] = int(verdict)
        print("ok")
    elif name == "asked":
        print("asked " + "".join(path + "|" for path in asked))
        asked.clear()
    elif name == "receive":
        print(receive_more(arguments))
    elif name == "serve":
        print(serve_more(arguments))
    elif name == "stop":
        server.stop()
        print("ok")
    elif name == "start":
        server = start()
    else:
        print("unknown")
server.stop()
