"""A network that fails: a proxy between a browser and a site, which cuts where it is told.

`how` is asked for each connection: "pass", "refuse" (before anything), "request" (in the middle of
the request), "answer" (the site has done its work, and not a byte of its answer arrives), "half"
(in the middle of the answer), "change" (somebody between changes the answer).
"""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable


class Cutting:
    """Listens on a port of its own and hands on to another one, as told."""

    def __init__(
        self, target: int, how: Callable[[], str], change: Callable[[bytes], bytes] = bytes
    ) -> None:
        self.target, self.how, self.change = target, how, change
        self.counts: dict[str, int] = {}
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port: int = self.listener.getsockname()[1]
        self.ended = False
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self.ended = True
        self.listener.close()

    def _accept(self) -> None:
        while not self.ended:
            try:
                browser, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(browser,), daemon=True).start()

    def _serve(self, browser: socket.socket) -> None:
        how = self.how()
        self.counts[how] = self.counts.get(how, 0) + 1
        with browser, contextlib.suppress(OSError):
            browser.settimeout(20)
            if how == "refuse":
                return
            with socket.create_connection(("127.0.0.1", self.target), timeout=20) as site:
                self._exchange(browser, site, how)

    def _exchange(self, browser: socket.socket, site: socket.socket, how: str) -> None:
        """One request and its answer; the connection is not kept."""
        request = _read_request(browser)
        if not request:
            return
        if how == "request":
            site.sendall(request[: max(1, len(request) // 2)])
            return
        head, _, body = request.partition(b"\r\n\r\n")
        lines = [
            line for line in head.split(b"\r\n") if not line.lower().startswith(b"connection:")
        ]
        site.sendall(b"\r\n".join([*lines, b"Connection: close"]) + b"\r\n\r\n" + body)
        answer = b""
        while chunk := site.recv(65536):
            answer += chunk
        if how == "answer":
            return
        if how == "change":
            answer = self.change(answer)
        browser.sendall(answer[: len(answer) // 2] if how == "half" else answer)


def _read_request(browser: socket.socket) -> bytes:
    """All of one request, by its Content-Length."""
    request = b""
    while b"\r\n\r\n" not in request:
        chunk = browser.recv(65536)
        if not chunk:
            return b""
        request += chunk
    head, _, body = request.partition(b"\r\n\r\n")
    length = 0
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    while len(body) < length:
        chunk = browser.recv(65536)
        if not chunk:
            return b""
        body += chunk
        request += chunk
    return request
