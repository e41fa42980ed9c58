# SPDX-License-Identifier: MIT
"""Asks at the prompt whether WebREPL starts on boot, and for its password.

`import webrepl_setup` asks at once. It writes boot.py and webrepl_cfg.py, and keeps everything
else in them.
"""

import os
import sys

BOOT = "boot.py"
CONFIG = "webrepl_cfg.py"


def _read_lines(path):
    try:
        with open(path) as file:
            lines = file.readlines()
    except OSError:
        return []
    if lines:
        lines[0] = lines[0].lstrip("\ufeff")  # a byte order mark, which some editors write
    return lines


def _write_lines(path, lines):
    """Replaces a file in one step, so that a power cut leaves the old one or the new one."""
    new = path + ".new"
    with open(new, "w") as file:
        for line in lines:
            file.write(line if line.endswith("\n") else line + "\n")
    try:
        os.rename(new, path)
    except OSError:  # FAT does not replace
        os.remove(path)
        os.rename(new, path)


_OFF = "pass  # "  # in a block, which must not become empty


def _indent(line):
    return line[: len(line) - len(line.lstrip())]


def _statement(line):
    line = line.strip()
    if line.startswith(_OFF):
        line = line[len(_OFF) :]
    return line.lstrip("# ")


def _starts_webrepl(line):
    return _statement(line).startswith("webrepl.start(")


def _belongs_to_webrepl(line):
    return _statement(line) == "import webrepl" or _starts_webrepl(line)


def is_enabled():
    """Tells whether boot.py starts WebREPL."""
    return any(
        _starts_webrepl(line) and not line.lstrip().startswith(("#", _OFF))
        for line in _read_lines(BOOT)
    )


def _switched(line, on):
    if not _belongs_to_webrepl(line):
        return line
    indent = _indent(line)
    off = _OFF if indent else "#"
    return indent + ("" if on else off) + _statement(line) + "\n"


def enable(on):
    """Makes boot.py start WebREPL, or not."""
    lines = [_switched(line, on) for line in _read_lines(BOOT)]
    if on and not any(map(_starts_webrepl, lines)):
        lines += ["import webrepl\n", "webrepl.start()\n"]
    _write_lines(BOOT, lines)


def set_password(password):
    """Writes the password to webrepl_cfg.py."""
    others = [line for line in _read_lines(CONFIG) if line.split("=")[0].strip() != "PASS"]
    _write_lines(CONFIG, [f"PASS = {password!r}\n"] + others)


def _ask(question, choices):
    while True:
        answer = input(question).strip().lower()
        if answer in choices:
            return answer


def _take_key(typed):
    """Reads a key into what was typed. Returns whether it was Enter."""
    key = sys.stdin.buffer.read(1)
    if key in (b"\r", b"\n", b""):
        return True
    if key not in (b"\x08", b"\x7f"):
        typed.append(key[0])
    else:
        while typed and typed.pop() & 0xC0 == 0x80:  # all bytes of a letter
            pass
    return False


def _ask_for_line(question):
    """As input(), which leaves out letters that are not ASCII. What is typed is not shown."""
    print(question, end="")
    typed = []
    while not _take_key(typed):
        pass
    print()
    return bytes(typed).decode()


def _ask_for_password():
    while True:
        password = _ask_for_line("New password (any length; it is not shown): ")
        if not password:
            print("It must not be empty")
        elif _ask_for_line("The same again: ") == password:
            return password
        else:
            print("They differ")


def _exists(path):
    try:
        os.stat(path)
        return True
    except OSError:
        return False


def _restart():
    try:
        from machine import reset
    except ImportError:
        sys.exit()  # a soft reset, if the prompt takes it as one
    reset()


def main():
    """Asks, and applies the answers."""
    enabled = is_enabled()
    print("WebREPL starts on boot:", "yes" if enabled else "no")
    answer = _ask("(E)nable or (D)isable it? Empty: leave it. ", ("e", "d", ""))
    if answer == "e":
        again = not _exists(CONFIG)
        if not again:
            again = _ask("Another password? (y/n) ", ("y", "n", "")) == "y"
        if again:
            set_password(_ask_for_password())
    if answer == "" or (answer == "e") == enabled:
        print("boot.py stays as it is")
        return
    enable(answer == "e")
    print("This takes effect at the next boot.")
    if _ask("Reboot now? (y/n) ", ("y", "n", "")) == "y":
        _restart()


main()
