# SPDX-License-Identifier: MIT
"""Forms: notes that people write in a browser and search, and files of any size that they add."""

import os

import uhttpd

httpd = uhttpd.Server(8080, max_body=0)  # files may be long: save() has a bound
notes = [{"text": "Water the plants", "stars": 2, "tags": ["home"]}]

PAGE = """<!doctype html><meta name="viewport" content="width=device-width"><title>Notes</title>
<form><input name="find" value="{find}" placeholder="Find"></form>
<ul>{notes}</ul>
<form method="post" action="/notes">
<input name="text" required> <input name="stars" type="number" min="0" max="5">
<label><input type="checkbox" name="tag" value="home">home</label>
<label><input type="checkbox" name="tag" value="work">work</label> <button>Add</button>
</form>
<form method="post" action="/files" enctype="multipart/form-data">
<input name="file" type="file" multiple required> <button>Send</button>
</form><ul>{files}</ul>"""


def items(texts):
    """Lines of a list. What clients have sent is escaped."""
    return "".join("<li>" + uhttpd.escape(text) for text in texts)


@httpd.get("/")
def index(req):
    find = req.args.get("find", "")
    texts = [str(note["text"]) for note in notes]
    found = [text for text in texts if find in text]
    files = os.listdir("files") if "files" in os.listdir() else []
    return PAGE.format(find=uhttpd.escape(find), notes=items(found), files=items(files))


@httpd.get("/notes")
def all_notes(req):
    return notes


@httpd.post("/notes")
def add_note(req):
    form = req.form()
    stars = form.get("stars", 0, type=int)
    notes.append({"text": form["text"], "stars": stars, "tags": form.getlist("tag")})
    return uhttpd.redirect("/", 303)


@httpd.post("/files")
def add_files(req):
    for part in req.parts():
        if part.filename:
            part.save("files/" + part.filename, max_size=10_000_000)
    return uhttpd.redirect("/", 303)
