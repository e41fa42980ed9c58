# SPDX-License-Identifier: MIT
"""A firmware that is replaced over the network. uhttpd_ota.pyi documents ota()."""

import _thread
import binascii
import hashlib
import os
import sys
import time

import esp32
import machine
import uhttpd

RESET_MS = 1000  # for the answer to leave before
_BLOCK = 4096  # bytes; what is erased at once
_DIGEST = 32  # bytes at the end of an image
_MAGIC = 0xE9
_HAS_DIGEST = 23
_HEAD = 24

_SCRIPT = """
"use strict";
const form = document.querySelector("form"), result = document.querySelector("output");

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  form.hidden = true;
  result.value = "Uploading …";
  try {
    const answer = await fetch("", { method: "POST", body: form.elements[0].files[0] });
    result.value = await answer.text();
    form.hidden = answer.ok;
  } catch {
    result.value = "The board does not answer.";
    form.hidden = false;
  }
});
"""
_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8">\
<meta name="viewport" content="width=device-width, initial-scale=1">\
<meta name="color-scheme" content="light dark"><title>Firmware</title>\
<h1>Firmware</h1><p>{version}</p><p>{last}</p>\
<form><input type="file" accept=".bin" required> <button>Replace it</button></form>\
<p><output></output></p><script>{script}</script>"""
_LAST = {
    "": "",
    "new": "The last update has worked.",
    "back": "The last update did not work: this is the firmware from before.",
}


class _Refusal(Exception):
    """What is wrong with an image: a status and a sentence."""


def _hash(text):
    """A source for a Content-Security-Policy: this text, and no other."""
    return "'sha256-" + binascii.b2a_base64(hashlib.sha256(text).digest())[:-1].decode() + "'"


def _chip_of(head):
    return bytes(head[12:14])


def _check_head(block, size, chip):
    if size < _HEAD + _DIGEST or block[0] != _MAGIC:
        raise _Refusal(400, "This is no image of a firmware.")
    if _chip_of(block) != chip:
        raise _Refusal(400, "This image is for another chip.")
    if block[_HAS_DIGEST] != 1:
        raise _Refusal(400, "This image has no digest.")


class _Image:
    """An image that is being written to a partition."""

    def __init__(self, partition, size, chip):
        self.partition, self.size, self.chip = partition, size, chip
        self.sum, self.end, self.at = hashlib.sha256(), b"", 0

    def take(self, block, count):
        if not self.at:
            _check_head(block, self.size, self.chip)
        summed = max(0, min(count, self.size - _DIGEST - self.at))
        self.sum.update(memoryview(block)[:summed])
        self.end += bytes(memoryview(block)[summed:count])
        for i in range(count, _BLOCK):
            block[i] = 0xFF
        self.partition.writeblocks(self.at // _BLOCK, block)
        self.at += count

    def finish(self):
        """The bootloader starts it from now on."""
        if self.sum.digest() != self.end:
            raise _Refusal(400, "The digest is wrong: this is not a whole image of a program.")
        try:
            self.partition.set_boot()
        except OSError as err:
            raise _Refusal(400, f"The board does not accept this image ({err}).") from err


class _Updates:
    """The routes of ota()."""

    def __init__(self, file):
        running = esp32.Partition(esp32.Partition.RUNNING)
        self.partition = running.get_next_update()
        head = bytearray(_BLOCK)
        running.readblocks(0, head)
        self.chip = _chip_of(head)
        self.file, self.last, self.lock = file, "", _thread.allocate_lock()

    def show(self, req):
        """GET: the page."""
        page = _PAGE.format(version=sys.version, last=_LAST[self.last], script=_SCRIPT)
        policy = (
            f"default-src 'none'; connect-src 'self'; script-src {_hash(_SCRIPT)}; "
            "frame-ancestors 'none'"
        )
        return page, {"Cache-Control": "no-store", "Content-Security-Policy": policy}

    def replace(self, req):
        """POST and PUT: an image."""
        if not self.lock.acquire(False):
            return "Somebody else is at it.", 409
        try:
            self._write(req)
        except _Refusal as refusal:
            return refusal.args[1], refusal.args[0]
        finally:
            self.lock.release()
        _thread.start_new_thread(_reset_soon, ())
        return "Stored. The board starts again with the new firmware."

    def _write(self, req):
        size, blocks = req.length(), self.partition.ioctl(4, 0)
        if size < 0:
            raise _Refusal(411, "The length of the image is needed.")
        if size > blocks * _BLOCK:
            raise _Refusal(413, f"There is room for {blocks * _BLOCK} bytes.")
        image, block = _Image(self.partition, size, self.chip), bytearray(_BLOCK)
        while image.at < size or not size:
            image.take(block, _fill(req, block, min(_BLOCK, size - image.at)))
        image.finish()
        with open(self.file, "w") as note:
            note.write(self.partition.info()[4])


def _fill(req, block, wanted):
    count, view = 0, memoryview(block)
    while count < wanted:
        count += req.readinto(view[count:wanted])
    return count


def _reset_soon():
    time.sleep_ms(RESET_MS)
    machine.reset()


# Probation


def _is_content(check):
    try:
        return check is None or bool(check())
    except Exception as err:  # whatever is wrong with it
        sys.print_exception(err)
        return False


def _mark_valid():
    try:
        esp32.Partition.mark_app_valid_cancel_rollback()
    except OSError:
        pass  # this bootloader knows no probation


def _noted(file):
    try:
        with open(file) as note:
            return note.read()
    except OSError:
        return ""


def _judge(check, file):
    """Ends the probation of a new firmware. Returns what ota() returns."""
    noted = _noted(file)
    running = esp32.Partition(esp32.Partition.RUNNING).info()[4]
    if noted == running and not _is_content(check):
        print("This firmware does not work as it should: the board goes back to the old one.")
        machine.reset()
    _mark_valid()
    if noted:
        os.remove(file)
    return "" if not noted else "new" if noted == running else "back"


def ota(httpd, password, url="/ota", *, user="ota", check=None, file="/.ota"):
    """Adds the routes, and ends the probation of this firmware."""
    if not isinstance(password, str) or not isinstance(file, str):
        raise TypeError("password and file must be str")
    if len(password) < 8:
        raise ValueError("password must have at least 8 characters")
    updates = _Updates(file)
    httpd.get(url, updates.show, auth=(user, password))
    httpd.route(url, uhttpd.POST | uhttpd.PUT, updates.replace, auth=(user, password))
    updates.last = _judge(check, file)
    return updates.last
