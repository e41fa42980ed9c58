# SPDX-License-Identifier: MIT
"""Live pictures: a browser shows each JPEG of an endless response in place of the last one."""

import time

import uhttpd

httpd = uhttpd.Server(8080, workers=4)  # each viewer occupies one
PER_SECOND = 5

frames = []
for name in ("1.jpg", "2.jpg", "3.jpg"):
    with open(name, "rb") as file:
        frames.append(file.read())


def picture():
    """Takes a picture. With a camera, this is a call of its driver, such as camera.capture()."""
    return frames[int(time.time() * PER_SECOND) % len(frames)]


def pictures():
    """Yields pictures, each as one part of the response, until the viewer has left."""
    while True:
        frame = picture()
        yield b"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n" % len(frame)
        yield frame
        yield b"\r\n"
        time.sleep(1 / PER_SECOND)


@httpd.get("/")
def page(req):
    return '<!doctype html><title>Camera</title><img src="/stream" alt="what the camera sees">'


@httpd.get("/picture.jpg")
def one(req):
    return uhttpd.Response(picture(), mime="image/jpeg", headers={"Cache-Control": "no-store"})


@httpd.get("/stream")
def stream(req):
    return uhttpd.Response(pictures(), mime="multipart/x-mixed-replace; boundary=frame")
