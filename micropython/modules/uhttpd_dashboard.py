# SPDX-License-Identifier: MIT
"""A page that plots numbers. uhttpd_dashboard.pyi documents dashboard()."""

import binascii
import hashlib

import uhttpd

_STYLE = """
:root{color-scheme:light dark;font:1rem/1.4 system-ui,sans-serif}
body{max-width:72rem;margin:1rem auto;padding:0 1rem}
main{display:grid;grid-template-columns:repeat(auto-fit,minmax(18rem,1fr));gap:1rem}
section{border:1px solid #8886;border-radius:.5rem;padding:.5rem 1rem;overflow-wrap:anywhere}
h2{font-size:1rem;font-weight:400;margin:0}
output{font-size:1.6rem;font-variant-numeric:tabular-nums}
canvas{display:block;width:100%;height:8rem;color:#27c}
small{opacity:.7}
"""
_SCRIPT = """
"use strict";
const KEPT = 600, RETRY_MS = 3000, main = document.querySelector("main"), plots = new Map();
const state = document.getElementById("state");

function add(parent, tag) {
  return parent.appendChild(document.createElement(tag));
}

function plotOf(name) {
  if (!plots.has(name)) {
    const section = add(main, "section");
    add(section, "h2").textContent = name;
    plots.set(name, { section, output: add(section, "output"), points: [] });
  }
  return plots.get(name);
}

function short(number) {
  return String(Number(number.toPrecision(6)));
}

function draw(plot) {
  const points = plot.points, canvas = plot.canvas, area = canvas.getContext("2d");
  const width = (canvas.width = canvas.clientWidth * devicePixelRatio);
  const height = (canvas.height = canvas.clientHeight * devicePixelRatio);
  let low = Infinity, high = -Infinity;
  for (const [, value] of points) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const first = points[0][0], time = points.at(-1)[0] - first || 1, room = high - low || 1;
  area.strokeStyle = getComputedStyle(canvas).color;
  area.lineWidth = 2 * devicePixelRatio;
  area.lineJoin = "round";
  area.beginPath();
  for (const [at, value] of points) {
    const up = high === low ? 0.5 : (value - low) / room;
    area.lineTo(((at - first) / time) * width, (0.95 - 0.9 * up) * height);
  }
  area.stroke();
  plot.range.textContent = `${short(low)} to ${short(high)} in ${Math.round(time / 1000)} s`;
}

function show(name, value) {
  const plot = plotOf(name);
  if (typeof value !== "number") {
    plot.output.value = typeof value === "string" ? value : JSON.stringify(value);
    return;
  }
  plot.output.value = short(value);
  plot.points.push([Date.now(), value]);
  plot.points.splice(0, plot.points.length - KEPT);
  plot.canvas ??= add(plot.section, "canvas");
  plot.range ??= add(plot.section, "small");
  draw(plot);
}

function heard(text) {
  let data = text;
  try {
    data = JSON.parse(text);
  } catch {}
  const several = data !== null && typeof data === "object";
  const named = several ? Object.entries(data) : [["value", data]];
  for (const [name, value] of named) show(name, value);
}

function listen() {
  const source = new EventSource(document.body.dataset.events);
  source.onopen = () => (state.textContent = "");
  source.onmessage = (event) => heard(event.data);
  source.onerror = () => {
    state.textContent = "no connection";
    if (source.readyState === EventSource.CLOSED) setTimeout(listen, RETRY_MS);
  };
}

addEventListener("resize", () => plots.forEach((plot) => plot.canvas && draw(plot)));
listen();
"""
_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8">\
<meta name="viewport" content="width=device-width, initial-scale=1">\
<title>{title}</title><style>{style}</style>\
<body data-events="{events}"><h1>{title} <small id="state" role="status"></small></h1>\
<main></main><script>{script}</script>"""


def _hash(text):
    """A source for a Content-Security-Policy: this text, and no other."""
    return "'sha256-" + binascii.b2a_base64(hashlib.sha256(text).digest())[:-1].decode() + "'"


def dashboard(httpd, url="/", *, title="Dashboard", events=None):
    """Adds the route of the page, and that of the events."""
    if events is None:
        events = url.rstrip("/") + "/events"
        httpd.event(events)
    headers = {
        "Cache-Control": "no-cache",
        "Content-Security-Policy": "default-src 'none'; connect-src 'self'; "
        f"style-src {_hash(_STYLE)}; script-src {_hash(_SCRIPT)}; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }

    def page(req):
        return (
            _PAGE.format(
                title=uhttpd.escape(title),
                style=_STYLE,
                events=uhttpd.escape(events),
                script=_SCRIPT,
            ),
            headers,
        )

    httpd.get(url, page)
