# SPDX-License-Identifier: MIT
"""Wi-Fi that people set up with a phone. uhttpd_wifi.pyi documents wifi_setup()."""

import binascii
import json
import os
import select
import socket
import time

import network
import uhttpd

DNS_PORT = 53
RETRY = 60  # seconds without a visitor after which the known network is tried again
STEP_MS = 250
REFUSAL = 8  # seconds that a refusal has to last: the first attempt may fail by chance
GOODBYE = 10  # seconds for the page to say that all is well
NAMES = 20  # networks that are listed
_WPA2 = 3
_NAME_MAX = 32  # bytes of a network's name

_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; "
    "form-action 'self'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_HEAD = """<!doctype html><html lang="en"><meta charset="utf-8">\
<meta name="viewport" content="width=device-width, initial-scale=1">\
<meta name="color-scheme" content="light dark">{refresh}<title>{title}</title><style>
body{{font:1rem/1.5 system-ui,sans-serif;max-width:24rem;margin:5vh auto;padding:0 1rem}}
label{{display:block;margin:1rem 0}}
input,select{{display:block;box-sizing:border-box;width:100%;font:inherit;padding:.4rem}}
button{{font:inherit;padding:.4rem 1rem}}
</style><h1>{title}</h1><p role="status">{message}</p>"""
_FORM = """<form method="post" action="/">\
<label>Network <select name="network">{networks}<option value="">another one</option></select>\
</label>
<label>Name, if it is another one <input name="name" maxlength="32" autocomplete="off" \
autocapitalize="none"></label>
<label>Password <input name="password" type="password" maxlength="64" autocomplete="off"></label>
<button>Join</button> <button formaction="/scan" formnovalidate>Look again</button></form>"""


# DNS (RFC 1035): every name has the board's address, so that phones find the page


def _end_of_name(query):
    """Where the name in a question ends; 0 if it does not, or is none."""
    at = 12
    while at < len(query):
        size = query[at]
        at += 1
        if not size:
            return at if at <= 12 + 255 else 0
        if size > 63:  # a pointer, or nothing that exists
            return 0
        at += size
    return 0


def dns_answer(query, address):
    """Returns the answer to a question; None for what is none.

    `address` has four bytes.
    """
    if len(query) > 512 or len(query) < 17 or query[2] & 0xF8 or query[4:6] != b"\0\1":
        return None
    end = _end_of_name(query)
    if not end or end + 4 > len(query):
        return None
    known = query[end : end + 4] in (b"\0\1\0\1", b"\0\xff\0\1")  # A and ANY, of the Internet
    head = query[:2] + bytes([0x84 | query[2] & 1, 0x80, 0, 1, 0, known, 0, 0, 0, 0])
    record = b"\xc0\x0c\0\1\0\1\0\0\0\0\0\4" + address  # not to be remembered
    return head + query[12 : end + 4] + (record if known else b"")


# Texts


def _show(name):
    """A network's name for people. It may have any bytes."""
    try:
        text = name.decode("utf-8")
    except UnicodeError:
        text = "".join(chr(c) if 32 <= c < 127 else f"\\x{c:02x}" for c in name)
    return uhttpd.escape("".join(c if c >= " " and c != "\x7f" else "\ufffd" for c in text))


# What is kept


def _load(file):
    try:
        with open(file) as stored:
            kept = json.load(stored)
        return binascii.unhexlify(kept["ssid"]), kept["password"]
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _save(file, name, password):
    with open(file + ".new", "w") as stored:
        json.dump({"ssid": binascii.hexlify(name).decode(), "password": password}, stored)
    os.rename(file + ".new", file)


# The station


def _reason(station):
    """Why there is no connection, as the port says; '' if it is still trying."""
    status = station.status()
    if status in (getattr(network, "STAT_WRONG_PASSWORD", 202), 15, 204):
        return "the password is wrong"
    if status in (getattr(network, "STAT_NO_AP_FOUND", 201), 210, 211, 212):
        return "the network is not in reach"
    return ""


def _wait_for(station, seconds, step):
    began = refused = time.ticks_ms()
    while time.ticks_diff(time.ticks_ms(), began) < seconds * 1000:
        if station.isconnected():
            return ""
        step()
        if not _reason(station):
            refused = time.ticks_ms()
        elif time.ticks_diff(time.ticks_ms(), refused) > REFUSAL * 1000:
            break
    return _reason(station) or f"there was no connection within {seconds:g} s"


def _join(station, name, password, seconds, step):
    """Returns '', or why there is no connection."""
    station.active(True)
    try:
        station.connect(name, password or None)
        why = _wait_for(station, seconds, step)
    except (OSError, ValueError) as err:
        why = f"the board cannot use it ({err})"
    if why:
        _leave(station)
    return why


def _leave(station):
    try:
        station.disconnect()
    except OSError:
        pass  # it was not connected


class _Portal:
    """The board's own network, with a page on it."""

    def __init__(self, ssid, password, port, title):
        self.title, self.message = uhttpd.escape(title), "Which Wi-Fi network is it to join?"
        self.networks, self.wanted = [], None
        self.busy, self.done, self.look, self.told = False, False, True, False
        self.seen = time.ticks_ms()  # when somebody has looked at the page
        self.interface = self._open_network(ssid, password)
        address = self.interface.ifconfig()[0]
        self.address = bytes(int(part) for part in address.split("."))
        self.dns = self.server = None
        try:
            self._open_dns()
            self.server = uhttpd.Server(port, bind="0.0.0.0", workers=1, max_body=1024)
            self._add_routes(address)
        except BaseException:
            self.close()
            raise
        print(f"Wi-Fi: join {self.interface.config('ssid')} and open {self.url} to set this up.")

    @staticmethod
    def _open_network(ssid, password):
        interface = network.WLAN(network.AP_IF)
        interface.active(True)
        ssid = ssid or "board-" + binascii.hexlify(interface.config("mac")[-3:]).decode()
        if password:
            interface.config(ssid=ssid, key=password, security=_WPA2)
        else:
            interface.config(ssid=ssid, security=0)
        return interface

    def _open_dns(self):
        self.dns = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.dns.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.dns.bind(socket.getaddrinfo("0.0.0.0", DNS_PORT)[0][-1])
        self.poller = select.poll()
        self.poller.register(self.dns, select.POLLIN)

    def _add_routes(self, address):
        port = self.server.port()
        self.host = address if port == 80 else f"{address}:{port}"
        self.url = f"http://{self.host}/"
        self.server.get("/", self._get)
        self.server.post("/", self._post)
        self.server.post("/scan", self._scan)
        self.server.get("/*", self._elsewhere)

    def close(self):
        """Ends the page and the network."""
        if self.server:
            self.server.stop()
        if self.dns:
            self.dns.close()
        self.interface.active(False)

    def step(self):
        """Lets a moment pass, in which names are asked for."""
        for _ in self.poller.poll(STEP_MS):
            query, sender = self.dns.recvfrom(513)
            answer = dns_answer(query, self.address)
            if answer:
                try:
                    self.dns.sendto(answer, sender)
                except OSError:
                    pass  # it asks again

    # What the page does, in the server's threads

    def _elsewhere(self, req):
        """Phones ask for pages that they know, and show whatever they are led to."""
        return uhttpd.redirect(self.url)

    def _get(self, req):
        if req.header("Host") != self.host:
            return self._elsewhere(req)
        self.seen = time.ticks_ms()
        self.told = self.done
        working = self.busy or self.look
        refresh = '<meta http-equiv="refresh" content="2;url=/">' if working else ""
        page = _HEAD.format(refresh=refresh, title=self.title, message=self.message)
        if not working and not self.done:
            page += _FORM.format(networks="".join(map(self._option, self.networks)))
        return page, _HEADERS

    @staticmethod
    def _option(item):
        name, locked = item
        value = binascii.hexlify(name).decode()
        return f'<option value="{value}">{_show(name)}{"" if locked else " (open)"}</option>'

    def _post(self, req):
        form = req.form()
        try:
            name = binascii.unhexlify(form.get("network", "")) or form.get("name", "").encode()
        except ValueError:
            uhttpd.abort(400, "No network of the page has that name.")
        if not self.busy and not self.done:
            self._want(name, form.get("password", ""))
        return uhttpd.redirect("/", 303)

    def _want(self, name, password):
        if not 1 <= len(name) <= _NAME_MAX or b"\0" in name:
            self.message = "The name of a network has 1 to 32 bytes."
        elif password and not 8 <= len(password.encode()) <= 64 or "\0" in password:
            self.message = "A password has 8 to 63 characters; an open network has none."
        else:
            self.busy, self.message = True, f"Joining {_show(name)} …"
            self.wanted = name, password

    def _scan(self, req):
        self.look = True
        return uhttpd.redirect("/", 303)

    # What the program does

    def scan(self, station):
        """Looks which networks there are."""
        station.active(True)
        best = {}
        try:
            for item in station.scan():
                if item[0] and item[3] > best.get(item[0], (-999,))[0]:
                    best[item[0]] = item[3], item[4]
            found = sorted(
                ((rssi, name, lock) for name, (rssi, lock) in best.items()), reverse=True
            )
            self.networks = [(name, lock) for _, name, lock in found[:NAMES]]
        except OSError as err:
            print("Wi-Fi: no scan:", err)
        self.look = False

    def join(self, station, name, password, seconds):
        """Joins a network that somebody has chosen, and tells how that went."""
        why = _join(station, name, password, seconds, self.step)
        if why:
            self.message = f"No connection to {_show(name)}: {why}."
            self.busy = False
            print(f"Wi-Fi: no connection: {why}")
            return False
        self.message = (
            f"This board has joined {_show(name)}. Its address there is "
            f"{station.ifconfig()[0]}. You can close this page."
        )
        self.done, self.busy = True, False
        self._say_goodbye()
        return True

    def _say_goodbye(self):
        began = time.ticks_ms()
        while not self.told and time.ticks_diff(time.ticks_ms(), began) < GOODBYE * 1000:
            self.step()
        self.step()

    def is_alone(self):
        """Whether nobody has looked at the page for some time."""
        return time.ticks_diff(time.ticks_ms(), self.seen) > RETRY * 1000


def _ask(portal, station, known, file, timeout):
    while True:
        portal.step()
        if portal.look:
            portal.scan(station)
        if portal.wanted:
            (name, password), portal.wanted = portal.wanted, None
            if portal.join(station, name, password, timeout):
                _save(file, name, password)
                return
        elif known and portal.is_alone():
            if not _join(station, known[0], known[1], timeout, portal.step):
                return
            portal.seen = time.ticks_ms()


def _check(ssid, password, file, port, timeout, title):
    for name, value in (("ssid", ssid), ("password", password), ("file", file), ("title", title)):
        if not isinstance(value, str) and (value is not None or name in ("file", "title")):
            raise TypeError(f"{name} must be a str")
    if ssid is not None and not 1 <= len(ssid.encode()) <= _NAME_MAX:
        raise ValueError("ssid must have 1 to 32 bytes")
    if password is not None and not 8 <= len(password.encode()) <= 63:
        raise ValueError("password must have 8 to 63 characters")
    if not 0 <= port <= 65535:
        raise ValueError("port must be 0 to 65535")
    if not 1 <= timeout <= 600:
        raise ValueError("timeout must be 1 to 600 seconds")


def wifi_setup(
    ssid=None,
    password=None,
    *,
    file="/.wifi.json",
    port=80,
    timeout=20,
    title="Set up this board",
):
    """Joins the known network, or one that somebody chooses."""
    _check(ssid, password, file, port, timeout, title)
    station = network.WLAN(network.STA_IF)
    if station.isconnected():
        return station
    known = _load(file)
    why = ""
    if known:
        why = _join(station, known[0], known[1], timeout, lambda: time.sleep_ms(STEP_MS))
        if not why:
            return station
    portal = _Portal(ssid, password, port, title)
    try:
        if why:
            portal.message = f"No connection to {_show(known[0])}: {why}. Choose again:"
            print(f"Wi-Fi: no connection: {why}")
        _ask(portal, station, known, file, timeout)
    finally:
        portal.close()
    return station
