# SPDX-License-Identifier: MIT
"""Reading requests: query strings, forms, files in forms, and JSON, strictly."""

from __future__ import annotations

import urllib.parse
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest

from tests.support.paths import SANITIZED
from tests.support.process import require
from tests.support.program import Program, Run
from tests.support.scripts import UNTIL_ENTER
from tests.support.waiting import PATIENCE

PROGRAM = f"""
import os, uhttpd
httpd = uhttpd.Server(0, max_body=100_000_000)

@httpd.get('/args')
def args(req):
    found = req.args
    assert found is req.args
    return [found, found.items(multi=True), found.getlist('a'), found.get('n', -1, type=int)]

@httpd.post('/form')
def form(req):
    fields = req.form()
    assert fields is req.form()
    files = [[name, file.filename, file.content_type, file.read(3), file.read()]
             for name, file in req.files().items(multi=True)]
    return {{'fields': fields.items(multi=True), 'files': files}}

@httpd.post('/one')
def one(req):
    return req.form()['a'], {{'X-Keys': ','.join(req.form())}}

@httpd.post('/small')
def small(req):
    return req.form(max_size=100).items(multi=True)

@httpd.post('/caught')
def caught(req):
    try: req.form()
    except uhttpd.HTTPException as error: return list(error.args)

@httpd.post('/parts')
def parts(req):
    seen = []
    for part in req.parts():
        memory = bytearray(4)
        got = part.readinto(memory)
        seen.append([part.name, part.filename, bytes(memory[:got]), len(part.read())])
    return seen

@httpd.post('/skip')
def skip(req):
    seen = list(req.parts())
    try: seen[0].read()
    except RuntimeError as error: return [part.name for part in seen], {{'X-Error': str(error)}}

@httpd.post('/save')
def save(req):
    return [part.save(part.filename or 'field', max_size=50_000_000) for part in req.parts()]

@httpd.post('/keep')
def keep(req):
    return str(req.files()['f'].save('deep/er/kept'))

@httpd.post('/twice')
def twice(req):
    req.read()
    return req.form()

@httpd.post('/json')
def strict(req):
    return {{'value': req.json()}}
{UNTIL_ENTER}"""


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """One program for all tests: they leave nothing behind."""
    require(SANITIZED)
    with closing(Program(PROGRAM, tmp_path_factory.mktemp("forms"))) as program:
        yield program


def post(
    board: Program, path: str, content: bytes | Iterator[bytes], content_type: str
) -> httpx.Response:
    return httpx.post(
        board.url(path), content=content, headers={"Content-Type": content_type}, timeout=PATIENCE
    )


URLENCODED = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=XX"


def urlencoded(board: Program, path: str, content: bytes) -> httpx.Response:
    return post(board, path, content, URLENCODED)


def multipart(board: Program, path: str, content: bytes) -> httpx.Response:
    return post(board, path, content, MULTIPART)


def part(head: str, content: bytes = b"") -> bytes:
    lines = f"--XX\r\nContent-Disposition: form-data; {head}\r\n\r\n"
    return lines.encode() + content + b"\r\n"


END = b"--XX--\r\n"


class TestArgs:
    def test_are_texts_with_all_their_values(self, board: Program) -> None:
        answer = board.get("/args?a=1&b=%C3%BC+%2B&a=%F6&alone&=&n=12&&a=%00")
        found = answer.json()
        assert found[0] == {"a": "1", "b": "ü +", "alone": "", "": "", "n": "12"}
        assert list(found[0]) == ["a", "b", "alone", "", "n"]
        assert found[1][:3] == [["a", "1"], ["b", "ü +"], ["a", "ö"]]
        assert found[2:] == [["1", "ö", "\0"], 12]

    @pytest.mark.parametrize("query", ["", "?", "?n=", "?n=x", "?n=1e3"])
    def test_that_a_type_does_not_take_are_the_default(self, board: Program, query: str) -> None:
        assert board.get("/args" + query).json()[3] == -1


class TestForm:
    def test_urlencoded(self, board: Program) -> None:
        pairs = [("a", "1"), ("b", "ä &=+%"), ("a", ""), ("", "x"), ("n", "\0\r\n")]
        answer = urlencoded(board, "/form", urlencode(pairs).encode())
        assert answer.json() == {"fields": [list(pair) for pair in pairs], "files": []}

    def test_multipart(self, board: Program) -> None:
        answer = httpx.post(
            board.url("/form"),
            data={"a": ["1", "2\r\n"], "b": "ä"},
            files=[("f", ("C:\\dir\\é.txt", b"abc\r\n--", "text/x")), ("f", ("../up", b""))],
        )
        assert answer.json() == {
            "fields": [["a", "1"], ["a", "2\r\n"], ["b", "ä"]],
            "files": [
                ["f", "é.txt", "text/x", "abc", "\r\n--"],
                ["f", "up", "application/octet-stream", "", ""],
            ],
        }

    def test_a_file_that_was_not_chosen_is_a_field(self, board: Program) -> None:
        answer = multipart(board, "/form", part('name="f"; filename=""') + END)
        assert answer.json() == {"fields": [["f", ""]], "files": []}

    def test_a_missing_key_is_the_clients_fault(self, board: Program) -> None:
        assert urlencoded(board, "/one", b"b=1&a=2&b=3").text == "2"
        answer = urlencoded(board, "/one", b"b=1")
        assert (answer.status_code, answer.text) == (400, "the form has no field 'a'")
        answer = multipart(board, "/keep", END)
        assert (answer.status_code, answer.text) == (400, "the form has no file 'f'")

    def test_a_body_that_was_read_is_none(self, board: Program) -> None:
        assert urlencoded(board, "/twice", b"a=1").status_code == 500
        board.expect("RuntimeError: the body has been read already")

    def test_bounds(self, board: Program) -> None:
        assert len(urlencoded(board, "/small", b"a=" + 98 * b"x").json()[0][1]) == 98
        too_long = (413, "the body is longer than is allowed here")
        answer = urlencoded(board, "/small", b"a=" + 99 * b"x")
        assert (answer.status_code, answer.text) == too_long
        answer = post(board, "/small", iter([b"a=" + 99 * b"x"]), URLENCODED)
        assert (answer.status_code, answer.text) == too_long
        answer = multipart(board, "/small", part('name="a"', 99 * b"x") + END)
        assert (answer.status_code, answer.text) == (
            413,
            "the form is longer than is allowed here",
        )
        assert len(urlencoded(board, "/form", 256 * b"a&").json()["fields"]) == 256
        too_many = (413, "the form has more than 256 fields")
        answer = urlencoded(board, "/form", 257 * b"a&")
        assert (answer.status_code, answer.text) == too_many
        answer = multipart(board, "/form", 257 * part('name="a"') + END)
        assert (answer.status_code, answer.text) == too_many

    def test_a_million_empty_fields(self, board: Program) -> None:
        assert urlencoded(board, "/form", 1_000_000 * b"a=&").status_code == 413
        assert urlencoded(board, "/form", 16_000 * b"&").json()["fields"] == []
        answer = post(board, "/parts", iter([1000 * part('name="a"')] * 20 + [END]), MULTIPART)
        assert len(answer.json()) == 20_000

    @pytest.mark.parametrize(
        ("content_type", "content", "status", "reason"),
        [
            ("text/plain", b"", 415, "the Content-Type must be that of a form"),
            (URLENCODED + "x", b"", 415, "the Content-Type must be that of a form"),
            ("multipart/form-data", b"", 400, "the Content-Type has no boundary"),
            ('multipart/form-data; boundary=""', b"", 400, "the Content-Type has no boundary"),
            (f"multipart/form-data; boundary={71 * 'x'}", b"", 400, "the Content-Type has no "),
            (MULTIPART, b"", 400, "the form ends early"),
            (MULTIPART, part('name="a"', b"1"), 400, "the form ends early"),
            (MULTIPART, part("") + END, 400, "the form is malformed: a part has no name"),
            (MULTIPART, part('filename="x"') + END, 400, "the form is malformed: a part has no"),
            (MULTIPART, b"--XX\r\n\r\n" + END, 400, "the form is malformed: a part has no Cont"),
            (MULTIPART, b"--XXX", 400, "the form is malformed: something else follows a bound"),
            (MULTIPART, b"--XX\r\nA\n", 400, "the form is malformed: a line in the headers of"),
            (MULTIPART, part('name="a"; filename="\xff"') + END, 200, ""),
            (MULTIPART, part('name="a"; filename=".."') + END, 400, "the name of a file in the"),
            (MULTIPART, part('name="a"; filename="x/"') + END, 400, "the name of a file in the"),
            (
                *(MULTIPART, part(f'name="a"; filename="{256 * "x"}"') + END, 400),
                "the name of a file in the form is none",
            ),
            (
                *(MULTIPART, part('name="a"; x="' + 1000 * "y" + '"') + END, 413),
                "the form has a part whose headers are longer than 1024 bytes",
            ),
        ],
    )
    def test_what_is_wrong_is_said(
        self, board: Program, content_type: str, content: bytes, status: int, reason: str
    ) -> None:
        answer = post(board, "/form", content, content_type)
        assert answer.status_code == status
        assert reason in answer.text
        if status != 200:
            assert post(board, "/caught", content, content_type).json() == [status, answer.text]

    def test_what_is_no_utf8_is_latin1(self, board: Program) -> None:
        assert urlencoded(board, "/one", b"a=%F6\xf6").text == "öö"
        assert multipart(board, "/one", part('name="a"', b"\xf6\xed\xa0\x80") + END).text
        head = b'--XX\r\nContent-Disposition: form-data; name="a"; filename="\xff"\r\n\r\n\r\n'
        answer = multipart(board, "/form", head + END)
        assert (answer.status_code, "is not UTF-8" in answer.text) == (400, True)


class TestParts:
    def test_come_one_after_the_other(self, board: Program) -> None:
        content = part('name="a"', b"abcdef") + part('name="f"; filename="g"') + END
        found = multipart(board, "/parts", content).json()
        assert found == [["a", None, "abcd", 2], ["f", "g", "", 0]]

    def test_are_over_when_the_next_one_is_asked_for(self, board: Program) -> None:
        content = part('name="a"', 5000 * b"x") + part('name="b"', b"") + END
        answer = multipart(board, "/skip", content)
        assert answer.json() == ["a", "b"]
        assert answer.headers["X-Error"] == "the part is over: the next one was asked for"

    def test_are_of_multipart_forms_alone(self, board: Program) -> None:
        answer = urlencoded(board, "/parts", b"a=1")
        assert (answer.status_code, answer.text) == (
            415,
            "the Content-Type must be multipart/form-data",
        )


class TestSaving:
    def test_takes_constant_memory(self, board: Program) -> None:
        """The heap of the interpreter is smaller than the file."""
        data = 40 * bytes(range(256)) * 4096
        head = part('name="f"; filename="../big"').removesuffix(b"\r\n")
        content = iter([head, *(data[i : i + 65536] for i in range(0, len(data), 65536))])
        answer = post(board, "/save", _followed(content, b"\r\n" + END), MULTIPART)
        assert answer.json() == [len(data)]
        assert (board.directory / "big").read_bytes() == data

    def test_of_a_file_in_memory_makes_directories(self, board: Program) -> None:
        files = {"f": ("x", b"kept")}
        assert httpx.post(board.url("/keep"), files=files).text == "4"
        assert (board.directory / "deep" / "er" / "kept").read_bytes() == b"kept"

    def test_that_is_cut_leaves_nothing_behind(self, board: Program) -> None:
        before = sorted(board.directory.rglob("*"))
        content = part('name="f"; filename="cut/off"', 100_000 * b"x")
        assert multipart(board, "/save", content).status_code == 400
        assert multipart(board, "/save", content + b"--X?").status_code == 400
        assert sorted(board.directory.rglob("*")) == before

    def test_beyond_a_bound_leaves_nothing_behind(self, board: Program) -> None:
        before = sorted(board.directory.rglob("*"))
        head = part('name="f"; filename="long"').removesuffix(b"\r\n")
        answer = post(board, "/save", iter([head] + 900 * [65536 * b"x"] + [END]), MULTIPART)
        assert (answer.status_code, answer.text) == (
            413,
            "the file is longer than is allowed here",
        )
        assert sorted(board.directory.rglob("*")) == before


def _followed(pieces: Iterator[bytes], last: bytes) -> Iterator[bytes]:
    yield from pieces
    yield last


class TestJson:
    @pytest.mark.parametrize(
        ("content", "reason"),
        [
            (b'{"a":1', "it ends early"),
            (b"[1,2", "it ends early"),
            (b'{"a":1} x', "something follows its value"),
            (b"nan", "it has a character that JSON has not there"),
            (b"", "it ends early"),
            (b"[1 2]", "it has a character that JSON has not there"),
            (b'{"a" 1}', "it has a character that JSON has not there"),
            (b'"\x01"', "it has a character that JSON has not there"),
            (b'"\xff"', "it is not UTF-8"),
            (65 * b"[" + 65 * b"]", "it is nested more than 64 deep"),
            (10_000 * b'[{"a":', "it is nested more than 64 deep"),
            (60_000 * b"1", "it has a number of more than 256 characters"),
        ],
    )
    def test_what_is_none_is_told_to_the_client(
        self, board: Program, content: bytes, reason: str
    ) -> None:
        answer = httpx.post(board.url("/json"), content=content)
        assert (answer.status_code, answer.text) == (400, f"the body must be JSON: {reason}")

    def test_what_is_long_is_refused(self, board: Program) -> None:
        """Parsing a string of a megabyte took the interpreter minutes."""
        content = b'"' + 65535 * b"x" + b'"'
        for body in (content, iter([content])):
            answer = httpx.post(board.url("/json"), content=body)
            assert (answer.status_code, answer.text) == (
                413,
                "the body is longer than is allowed here",
            )
        assert httpx.post(board.url("/json"), content=content[:-2] + b'"').status_code == 200

    def test_what_is_some_is_read(self, board: Program) -> None:
        content = b' {"a": [1.5e-3, null, true, "\\u00e4\\n"], "b": {}, "c": []}\r\n'
        expected = {"a": [0.0015, None, True, "ä\n"], "b": {}, "c": []}
        assert httpx.post(board.url("/json"), content=content).json() == {"value": expected}
        deep = 64 * b"[" + 64 * b"]"
        assert httpx.post(board.url("/json"), content=deep).status_code == 200


TEXTS = ["", "a b+c", "/ä/?#&=%", "€\U0001f600", "_.-~", "%zz%4", "a%2Fb+c"]


def test_functions_for_urls_and_html(run: Run) -> None:
    expected = [
        [
            *(urllib.parse.quote(text), urllib.parse.quote(text, "")),
            *(urllib.parse.unquote(text), urllib.parse.unquote_plus(text)),
        ]
        for text in TEXTS
    ]
    program = run(
        f"""
import json, uhttpd
texts, expected = {TEXTS!r}, {expected!r}
found = [[uhttpd.quote(t), uhttpd.quote(t, ''), uhttpd.unquote(t), uhttpd.unquote_plus(t)]
         for t in texts]
print('SAME', found == expected)
print('BYTES', uhttpd.quote(b'\\xff/', '/'), uhttpd.unquote(b'%F6') == '\\xf6')
print('HALVES', uhttpd.quote(json.loads('"\\\\ud83d\\\\ude00\\\\ud83d"')))
print('HTML', uhttpd.escape('<a href="x">\\'&amp;</a>ä'))
"""
    )
    program.expect("SAME True")
    program.expect("BYTES %FF/ True")
    program.expect("HALVES %F0%9F%98%80%EF%BF%BD")
    program.expect("HTML &lt;a href=&quot;x&quot;&gt;&#x27;&amp;amp;&lt;/a&gt;ä")


def test_keys_are_texts(run: Run, tmp_path: Path) -> None:
    program = run(
        f"""
import uhttpd
httpd = uhttpd.Server(0)
@httpd.get('/')
def page(req):
    args = req.args
    print('FOUND', 'a' in args, 5 in args, 'z' in args, len(args), bool(args), args)
    for wrong in (lambda: args[5], lambda: args.get(b'a'), lambda: args.get('a', type=5)):
        try: print(wrong())
        except TypeError as error: print('ERROR', error)
    try: args['x'] = 1
    except TypeError as error: print('ERROR', error)
    print('LIST', args.getlist('a', int), args.keys(), args.values(), dict(args.items()))
{UNTIL_ENTER}"""
    )
    program.get("/?a=1&b=2&a=x")
    program.expect("FOUND True False False 2 True \\{'a': '1', 'b': '2'\\}")
    program.expect("ERROR key: str expected")
    program.expect("ERROR key: str expected")
    program.expect("ERROR type: callable or None expected")
    program.expect("ERROR 'MultiDict' object doesn't support item assignment")
    program.expect("LIST \\[1\\] \\['a', 'b'\\] \\['1', '2'\\] \\{")
