# SPDX-License-Identifier: MIT
"""The module network as an esp32 board has it, without radio: MicroPython's Python.

air.json beside the program says which networks there are: name in hexadecimal digits, signal,
security, and password. It is read whenever somebody listens.
"""

import binascii
import json

STA_IF, AP_IF = 0, 1
STAT_IDLE, STAT_CONNECTING, STAT_GOT_IP = 1000, 1001, 1010
STAT_NO_AP_FOUND, STAT_WRONG_PASSWORD = 201, 202


def _air():
    with open("air.json") as file:
        return [[binascii.unhexlify(item[0])] + item[1:] for item in json.load(file)]


class WLAN:
    """One of the two interfaces."""

    _all = {}

    def __new__(cls, kind):
        if kind not in cls._all:
            cls._all[kind] = object.__new__(cls)
            cls._all[kind]._start(kind)
        return cls._all[kind]

    def __init__(self, kind):
        """There is one object for each interface."""

    def _start(self, kind):
        self.kind, self.on, self.wanted = kind, False, None
        self.settings = {"mac": b"\x24\x0a\xc4\xa1\xb2\xc3", "ssid": ""}

    def active(self, on=None):
        if on is None:
            return self.on
        self.on = on
        if self.kind == AP_IF and not on:
            print("AP off")

    def config(self, *names, **settings):
        if names:
            return self.settings[names[0]]
        if not self.on:
            raise OSError("Wifi Not Started")
        self.settings.update(settings)
        if self.kind == AP_IF:
            print("AP", sorted(name for name in settings))

    def ifconfig(self):
        address = "127.0.0.1" if self.kind == AP_IF else "10.0.0.7"
        return address, "255.255.255.0", address, address

    def scan(self):
        if not self.on:
            raise OSError("STA must be active")
        return [(item[0], b"\0" * 6, 1, item[1], item[2], False) for item in _air()]

    def connect(self, name, key=None):
        if not self.on:
            raise OSError("Wifi Not Started")
        if not isinstance(name, bytes) or not (key is None or isinstance(key, str)):
            raise TypeError
        self.wanted = name, key or ""
        self.settings["ssid"] = name.decode("utf-8", "replace") if max(name) < 128 else "?"

    def disconnect(self):
        if not self.wanted:
            raise OSError("Wifi Not Connected")
        self.wanted = None

    def status(self):
        if not self.wanted:
            return STAT_IDLE
        for item in _air():
            if item[0] == self.wanted[0]:
                return STAT_GOT_IP if item[3] == self.wanted[1] else STAT_WRONG_PASSWORD
        return STAT_NO_AP_FOUND

    def isconnected(self):
        return self.kind == STA_IF and self.status() == STAT_GOT_IP
