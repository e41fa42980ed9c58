# SPDX-License-Identifier: MIT
"""multipart/form-data (RFC 7578, RFC 2046 section 5.1), cut at any place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.sansio.multipart import Data, Epilogue, Field, File, MultipartEncoder, Preamble

from .parsers import buffer, ffi, lib, pieces, text

TYPE = b"multipart/form-data; boundary=XX"
Part = tuple[bytes, bytes]
"""Its Content-Disposition, and its data."""


def parser(content_type: bytes = TYPE):  # noqa: ANN201
    machine = ffi.new("uh_multipart_t *")
    return machine if lib.uh_multipart_init(machine, text(content_type)) else None


def feed(machine, data: bytes, parts: list[list[bytes]]) -> int:  # noqa: ANN001
    """Passes one piece of input on. Returns the last event."""
    memory = buffer(data)
    rest, left = ffi.new("uint8_t **", memory), ffi.new("size_t *", len(data))
    out, length = ffi.new("uint8_t **"), ffi.new("size_t *")
    while True:
        event = lib.uh_multipart_next(machine, rest, left, out, length)
        if event == lib.UH_MULTIPART_PART:
            parts.append([ffi.string(machine.disposition), b""])
        elif event == lib.UH_MULTIPART_DATA:
            assert length[0] > 0
            parts[-1][1] += bytes(ffi.buffer(out[0], length[0]))
        elif event == lib.UH_MULTIPART_PART_END:
            parts[-1].append(b"whole")
        else:
            assert event != lib.UH_MULTIPART_MORE or left[0] == 0
            return event


def read(data: bytes, cuts: list[int] = (), content_type: bytes = TYPE) -> list[Part] | str:
    """The parts of a form that arrives in pieces, or what is wrong with it."""
    machine = parser(content_type)
    parts: list[list[bytes]] = []
    event = lib.UH_MULTIPART_MORE
    for piece in pieces(data, list(cuts)):
        event = feed(machine, piece, parts)
    if event == lib.UH_MULTIPART_BAD:
        return "bad"
    if event == lib.UH_MULTIPART_MORE:
        return "unfinished"
    assert all(part[2:] == [b"whole"] for part in parts)
    return [(part[0], part[1]) for part in parts]


def part(data: bytes, head: bytes = b'Content-Disposition: form-data; name="a"\r\n') -> bytes:
    return b"--XX\r\n" + head + b"\r\n" + data + b"\r\n"


A = b'form-data; name="a"'
END = b"--XX--"


@pytest.mark.parametrize(
    ("form", "parts"),
    [
        (END, []),
        (part(b"") + END, [(A, b"")]),
        (part(b"")[:-2] + part(b"1") + END, [(A, b""), (A, b"1")]),
        (part(b"--X") + END, [(A, b"--X")]),
        (part(b"1") + part(b"2") + END, [(A, b"1"), (A, b"2")]),
        (b"preamble --XX\r\n" + part(b"1") + END + b"\r\nepilogue --XX", [(A, b"1")]),
        (b"\r\n" + part(b"1") + END, [(A, b"1")]),
        (part(b"a--XX\r\n\n--XX--") + END, [(A, b"a--XX\r\n\n--XX--")]),
        (part(b"\r\r\n\r\n--X\r\n-\r\n--") + END, [(A, b"\r\r\n\r\n--X\r\n-\r\n--")]),
        (part(b"1").replace(b"--XX", b"--XX \t") + b"--XX--x", [(A, b"1")]),
        (part(b"1", b"content-disposition:x\r\n") + END, [(b"x", b"1")]),
        (
            part(b"1", b"Content-Type: a/b\r\nCONTENT-DISPOSITION: \t x \r\nX:\r\n") + END,
            [(b"x ", b"1")],
        ),
    ],
)
def test_forms(form: bytes, parts: list[Part]) -> None:
    assert read(form) == parts
    assert read(form, list(range(len(form)))) == parts
    for cut in range(len(form)):
        assert read(form, [cut]) == parts


@pytest.mark.parametrize(
    "form",
    [
        part(b"1", b""),
        part(b"1", b"Content-Type: a/b\r\n"),
        part(b"1", b"Content-Disposition: x\r\nContent-Disposition: y\r\n"),
        part(b"1", b"Content-Disposition: x\n"),
        part(b"1", b"Content-Disposition: x\ry\r\n"),
        part(b"1", b"Content-Disposition: x\r\n y\r\n"),
        part(b"1", b"Content-Disposition: \0\r\n"),
        part(b"1", b"Content-Disposition: x\x01\r\n"),
        part(b"1", b"Content-Disposition: x\r\nA: " + b"x" * 1000 + b"\r\n"),
        b"--XX-\r\n",
        b"--XX\n",
        b"--XX\r-",
        b"--XX -- \r\n",
        b"--XXX",
        b"preamble\r\n--XXY\r\n" + part(b"1"),
    ],
)
def test_malformed(form: bytes) -> None:
    form = form + END
    assert read(form) == "bad"
    assert read(form, list(range(len(form)))) == "bad"


def test_longest_head() -> None:
    head = b"Content-Disposition: x\r\nA: "
    head += b"x" * (lib.UH_MULTIPART_HEAD - len(head) - 4) + b"\r\n"
    assert read(part(b"1", head) + END) == [(b"x", b"1")]
    assert read(part(b"1", b"A" + head) + END) == "bad"


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"Content-Disposition: x\r\n", None),
        (
            b"content-type:  a/b; c=d\r\nContent-Disposition: x\r\nContent-Type: e/f\r\n",
            b"a/b; c=d",
        ),
    ],
)
def test_type_of_a_part(head: bytes, kind: bytes | None) -> None:
    machine = parser()
    parts: list[list[bytes]] = []
    feed(machine, part(b"", head), parts)
    assert parts[0][0] == b"x"
    assert (ffi.string(machine.type) if machine.type else None) == kind


@pytest.mark.parametrize(
    ("form", "fault", "too_long"),
    [
        (b"--XX\r\n\r\n", b"the form is malformed: a part has no Content-Disposition", False),
        (
            b"--XX\r\nA\n",
            b"the form is malformed: a line in the headers of a part is broken",
            False,
        ),
        (
            *(b"--XX\r\n" + 1025 * b"x",),
            *(b"the form has a part whose headers are longer than 1024 bytes", True),
        ),
    ],
)
def test_what_is_wrong_is_said(form: bytes, fault: bytes, too_long: bool) -> None:
    machine = parser()
    assert feed(machine, form, []) == lib.UH_MULTIPART_BAD
    assert (ffi.string(machine.fault), machine.too_long) == (fault, too_long)


def test_every_beginning_is_unfinished() -> None:
    form = part(b"\r\n--X") + part(b"2") + END
    for end in range(len(form)):
        assert read(form[:end]) == "unfinished"


@pytest.mark.parametrize(
    ("content_type", "is_form"),
    [
        (b"multipart/form-data", True),
        (b"Multipart/Form-Data ; boundary=x", True),
        (b"multipart/form-data2", False),
        (b"multipart/form-data/x", False),
        (b"multipart/mixed; boundary=x", False),
        (b"", False),
    ],
)
def test_type(content_type: bytes, is_form: bool) -> None:
    assert lib.uh_multipart_is_form(text(content_type)) == is_form


@pytest.mark.parametrize(
    ("boundary", "delimiter"),
    [
        (b"; boundary=x", b"\r\n--x"),
        (b';Charset=utf-8; BOUNDARY="a b"', b"\r\n--a b"),
        (b'; boundary="\'()+_,-./:=?9"', b"\r\n--'()+_,-./:=?9"),
        (b"; boundary=" + b"x" * 70, b"\r\n--" + b"x" * 70),
    ],
)
def test_boundary(boundary: bytes, delimiter: bytes) -> None:
    machine = parser(b"multipart/form-data" + boundary)
    assert machine and ffi.string(machine.delimiter) == delimiter


@pytest.mark.parametrize(
    "boundary",
    [
        b"",
        b";",
        b"; boundary",
        b"; boundary=",
        b'; boundary=""',
        b'; boundary="x "',
        b'; boundary="x',
        b'; boundary="x\\y"',
        b"; boundary=x; boundary=y",
        b"; boundary=x y",
        b"; boundary=\xc3\xa4",
        b'; boundary="\r\n"',
        b"; boundary=" + b"x" * 71,
    ],
)
def test_no_boundary(boundary: bytes) -> None:
    assert parser(b"multipart/form-data" + boundary) is None


tricky = st.lists(
    st.sampled_from([b"\r", b"\n", b"-", b"--", b"X", b"\r\n--X", b"--XX", b"a", b"\0"])
).map(b"".join)
contents = st.one_of(tricky, st.binary(max_size=50)).filter(
    lambda data: b"\r\n--XX" not in b"\r\n" + data + b"\r\n"
)


@given(st.lists(contents, max_size=4), st.lists(st.integers(0, 400), max_size=8))
def test_forms_written_by_werkzeug_are_read(files: list[bytes], cuts: list[int]) -> None:
    encoder = MultipartEncoder(b"XX")
    form = encoder.send_event(Preamble(data=b""))
    for i, data in enumerate(files):
        kind = (
            File(name="f", filename=f"{i}", headers=[]) if i % 2 else Field(name="f", headers=[])
        )
        form += encoder.send_event(kind)
        form += encoder.send_event(Data(data=data, more_data=False))
    form += encoder.send_event(Epilogue(data=b""))
    found = read(form, cuts)
    assert not isinstance(found, str)
    assert [data for _, data in found] == files
    assert all(head.startswith(b"form-data; name=") for head, _ in found)


@given(
    st.lists(st.sampled_from([b"--XX", b"\r\n", b"Content-Disposition: x", b"-", b"a", b"\r"])),
    st.lists(st.integers(0, 400), max_size=8),
)
def test_cuts_make_no_difference(parts: list[bytes], cuts: list[int]) -> None:
    form = b"".join(parts)
    assert read(form, cuts) == read(form)
