# SPDX-License-Identifier: MIT
"""A page, a callback, events, a chat, files and the terminal. `make run` starts it, with a prompt.

HOST, PORT and PASSWORD of the environment change where it listens and what files and terminal ask
for; FOLDER is where the files are.
"""

import errno
import os
import sys
from binascii import a2b_base64
from hashlib import sha256

import uhttpd


def absolute(path):
    """Names a path whatever the working directory will be."""
    return path if path.startswith("/") else os.getcwd().rstrip("/") + "/" + path


def end(reason):
    """Ends the demo, with a sentence."""
    print(reason, file=sys.stderr)
    sys.exit(1)


def port_of(text):
    """The number that PORT says."""
    if not text.isdigit() or int(text) > 65535:
        end("PORT must be a number up to 65535, and not %r" % text)
    return int(text)


HOST = os.getenv("HOST") or "127.0.0.1"
PORT = port_of(os.getenv("PORT") or "8080")
PASSWORD = os.getenv("PASSWORD") or "changeme"
FOLDER = absolute(os.getenv("FOLDER") or "files")
FOR_EVERYBODY = ("/", "/my", "/events", "/chat", "/ws")

# What /my answers. It may be changed at the prompt while the server runs.
greeting = "Hello World"

PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>uhttpd</title>
<style>
  :root { color-scheme: light dark; font: 1.05rem/1.6 system-ui, sans-serif; --accent: #0f766e; }
  body { max-width: 34rem; margin: 14vh auto; padding: 0 1.5rem; }
  h1 { font-weight: 650; letter-spacing: -.02em; }
  code { font: .95em ui-monospace, monospace; }
  a, button { font: inherit; font-weight: 600; line-height: 1.5; padding: .4em 1.1em;
              border: 0; border-radius: .5em; color: #fff; background: var(--accent);
              text-decoration: none; cursor: pointer; }
  output { margin-left: 1em; font-weight: 600; }
  form { display: flex; gap: .6em; }
  input { font: inherit; flex: 1; min-width: 0; padding: .4em .8em; border: 1px solid #8888;
          border-radius: .5em; }
  ul { padding: 0; list-style: none; }
</style>
<h1>It runs</h1>
<p>This page was written by a Python callback, in a thread of the server.</p>
<p><button id="ask">Ask /my</button><output id="answer"></output></p>
<p>In the terminal, type <code>greeting = 'Good morning'</code>, and ask again.</p>
<p>Or type <code>tell('Hello, everybody')</code>: <output id="told">nobody has yet</output></p>
<form id="talk">
  <input id="say" maxlength="500" placeholder="Say something to every open page" aria-label="Say">
  <button>Say</button>
</form>
<ul id="heard"></ul>
<p><a href="/ws">Open the terminal</a> <a href="/files">Files</a></p>
<script>
  let chat;
  const join = () => {
    chat = new WebSocket(location.origin.replace('http', 'ws') + '/chat');
    chat.onclose = () => setTimeout(join, 1000);
    chat.onmessage = (event) => {
      const heard = document.getElementById('heard');
      heard.append(Object.assign(document.createElement('li'), {textContent: event.data}));
      if (heard.children.length > 8) heard.firstChild.remove();
    };
  };
  join();
  document.getElementById('talk').onsubmit = (event) => {
    event.preventDefault();
    const say = document.getElementById('say');
    if (say.value && chat.readyState === WebSocket.OPEN) {
      chat.send(say.value);
      say.value = '';
    }
  };
  new EventSource('/events').onmessage = (event) => {
    document.getElementById('told').textContent = JSON.parse(event.data).text;
  };
  document.getElementById('ask').onclick = async () => {
    const answer = await fetch('/my');
    document.getElementById('answer').textContent = await answer.text();
  };
</script>
"""


def handle_page(req):
    """Answers with the page."""
    req.write(PAGE)


def handle_my_url(req):
    """Answers with the greeting."""
    req.write(greeting, mime="text/plain; charset=utf-8")


def tell(text):
    """Shows a text on every page that is open."""
    return httpd.dispatch({"text": text})


def handle_chat(ws, data):
    """Tells every page what one of them has said."""
    if data is not None:
        chat.send("%s: %s" % (ws.remote(), data))


def knows_password(req):
    """Whether a request has the password, with any name; digests take as long for each guess."""
    scheme, _, credentials = (req.header("Authorization") or "").partition(" ")
    try:
        password = a2b_base64(credentials).partition(b":")[2]
    except ValueError:
        return False
    return scheme == "Basic" and sha256(password).digest() == sha256(PASSWORD.encode()).digest()


def may(req):
    """Lets everybody in where there are no files."""
    if req.path() in FOR_EVERYBODY or knows_password(req):
        return True
    req.write(
        "The password, please", status=401, headers={"WWW-Authenticate": 'Basic realm="files"'}
    )
    return False


def handle_files_page(req):
    """Sends people to the terminal page, which shows this tree in place of a terminal."""
    req.write("", status=302, headers={"Location": "/ws?tree=/data/"})


def handle_info(req):
    """Tells that page how much room there is."""
    _, size, blocks, _, free = os.statvfs(FOLDER)[:5]
    files = {"size_kb": blocks * size // 1024, "free_kb": free * size // 1024}
    req.write({"files": files})


def make_folder():
    """Makes the folder, unless it is there."""
    try:
        os.stat(FOLDER)
    except OSError:
        os.mkdir(FOLDER)


def start():
    """The server, if it can listen there."""
    try:
        return uhttpd.Server(
            PORT, bind=HOST, events=8, routes=16, acl=uhttpd.AUTH_CUSTOM, auth=may
        )
    except OSError as error:
        what = "in use" if error.errno == errno.EADDRINUSE else "not available"
        end("Port %d of %s is %s; make run PORT=... takes another" % (PORT, HOST, what))


make_folder()
os.chdir(FOLDER)  # so that the terminal has the same files
httpd = start()
httpd.route("/", uhttpd.GET, handle_page)
httpd.route("/my", uhttpd.GET, handle_my_url)
for path in ("/files", "/files/"):
    httpd.route(path, uhttpd.GET, handle_files_page)
httpd.route("/api/info", uhttpd.GET, handle_info)
httpd.serve("/data", FOLDER, index=None)
httpd.receive(prefix="/data", base=FOLDER, delete=True)
httpd.event("/events")
chat = httpd.websocket("/chat", handle_chat, clients=8)
httpd.ws("/ws", PASSWORD)

print("The demo runs. Open")
print("  http://%s:%d/    the page" % (HOST, httpd.port()))
print("  http://%s:%d/ws  the terminal" % (HOST, httpd.port()))
print("  http://%s:%d/files  the files in %s" % (HOST, httpd.port(), FOLDER))
print("The password for both is", PASSWORD)
os.putenv("MICROPYINSPECT", "1")  # a prompt follows; after an end() it would be of no use
