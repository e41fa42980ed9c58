"""Hello World from a Python callback: Microdot, on the same MicroPython."""

import os

from microdot import Microdot

app = Microdot()


@app.route("/")
async def hello(request):
    return "Hello World", 200, {"Content-Type": "text/plain"}


port = int(os.getenv("PORT"))  # it cannot say which port it got for 0
print("PORT", port)
app.run(host="127.0.0.1", port=port)
