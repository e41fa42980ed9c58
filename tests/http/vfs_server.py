# SPDX-License-Identifier: MIT
"""Does what http_app does with files and events, as a MicroPython program on MicroPython's VFS.

It takes the same options and commands. The answer to a command that it does not know is "unknown".
With the option disk it mounts one, and the server's options follow as a command.
"""

import gc
import json
import sys
import time

import uhttpd

options = dict(argument.split("=", 1) for argument in sys.argv[1:])
rules = {}
asked = []
holding = []
handled = []
releases = []


def ask(path):
    """Decides as the command acl says."""
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


def hold(req):
    """Waits for the command release."""
    holding.append(req)
    while not releases:
        time.sleep(0.005)
    releases.pop()
    holding.remove(req)
    handled.append(req)
    req.write("held")


def echo(ws, data):
    """Sends everything back."""
    if data is not None:
        ws.send(data)


def listeners_and_sockets(server):
    """Offers events, and a WebSocket."""
    buffer = int(options.get("event_buffer", 4096))
    heartbeat = int(options.get("event_heartbeat", 15000)) / 1000
    server.event("/events", buffer=buffer, heartbeat=heartbeat)
    server.websocket("/ws", echo)


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
        events=int(options.get("event_clients", 4)),
        max_sockets=int(options["sockets"]) if "sockets" in options else None,
        workers=int(options.get("workers", 2)),
        max_header=int(options.get("header", 4096)),
        max_body=int(options.get("body", 1048576)),
        header_timeout=seconds("header_timeout"),
        body_timeout=seconds("body_timeout"),
        send_timeout=seconds("send_timeout"),
        idle_timeout=seconds("idle_timeout"),
    )
    server.route("/hello", uhttpd.GET, lambda req: req.write("Hello", mime="text/plain"))
    server.route("/hold", uhttpd.GET, hold)
    server.route("/echo", uhttpd.POST, lambda req: req.write(req.read()))
    if "base" in options:
        serve(server)
    if "root" in options:
        receive(server)
    if "events" in options:
        listeners_and_sockets(server)
    return server


def error_name(function, *arguments, **more):
    """Names a result as http_app does."""
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
    flags = flags or ""
    if ext or "e" in flags:  # the server has it, always
        return "unknown"
    return error_name(server.receive, "d" in flags, prefix, base=base, delete="r" in flags)


def serve_more(arguments):
    """Does the command serve."""
    prefix, base, ext, index = words(arguments, ["-"] * 4)
    if ext:
        return "unknown"
    return error_name(server.serve, prefix or "", base, index=index)


def fault(name, arguments):
    """Does a command about faults of files."""
    if name == "fail":
        faults.fail(*(int(word) for word in arguments.split()))
    elif name == "budget":
        faults.budget = int(arguments)
    elif name == "slow":
        faults.slow = int(arguments)
    elif name == "gap":
        faults.gap = True
    elif name == "storage":
        return json.dumps({"calls": faults.calls})
    else:
        return "unknown"
    return "ok"


def run(name, arguments):
    """Does a command. Returns the answer."""
    global server
    if name == "acl":
        verdict, _, path = arguments.partition(" ")
        rules[path] = int(verdict)
    elif name == "asked":
        answer = "asked " + "".join(path + "|" for path in asked)
        asked.clear()
        return answer
    elif name == "receive":
        return receive_more(arguments)
    elif name == "serve":
        return serve_more(arguments)
    elif name == "route":
        url, methods = arguments.split()
        return error_name(server.route, url, int(methods), lambda req: req.write(""))
    elif name == "state":
        waiting = faults.waiting if faults else 0
        return json.dumps({"holding": len(holding) + waiting, "handled": len(handled)})
    elif name == "release":
        for _ in range(int(arguments)):
            releases.append(None)
    elif name == "flood":
        for number in range(int(arguments)):
            server.dispatch(str(number))
    elif name == "disk":
        return vfs_disk.do(arguments)
    elif name == "collect":
        gc.collect()
    elif name == "stop":
        server.stop()
    elif name == "start":
        server = start()
        return f"port {server.port()}"
    elif faults:
        return fault(name, arguments)
    else:
        return "unknown"
    return "ok"


def wait_for_options():
    """Does what a test wants with the disk until it names the options of the server."""
    while True:
        name, _, arguments = sys.stdin.readline().strip().partition(" ")
        if name != "disk":
            return json.loads(arguments or "null")
        print(vfs_disk.do(arguments))


if "disk" in options:
    import vfs_disk

    vfs_disk.mount(options["disk"])
    print("mounted")
    options = wait_for_options()
    if options is None:
        sys.exit()
faults = None
if "faults" in options:
    import vfs_faults

    faults = vfs_faults.mount(releases)
server = start()
print("port", server.port())
for line in sys.stdin:
    name, _, arguments = line.strip().partition(" ")
    print(run(name, arguments))
server.stop()
