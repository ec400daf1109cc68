"""A real HTTP server that hosts a package, and can be made not to answer."""

from __future__ import annotations

import io
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

TYPES = {"html": "text/html", "js": "text/javascript", "css": "text/css", "xml": "text/xml"}


@dataclass
class Asked:
    """A request as the host sees it."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes


@dataclass
class Answer:
    """What it answers; `cut` takes the request in and hangs up."""

    status: int = 200
    body: bytes = b""
    type: str = "application/json"
    cut: bool = False


@dataclass
class Host:
    """Serves a package below /course/, and whatever `answer` says elsewhere."""

    packed: bytes
    answer: Callable[[Asked], Answer | None]
    url: str = ""
    pages: dict[str, str] = field(default_factory=dict)

    def page(self, path: str) -> Answer | None:
        """A page of the host's own, or a file of the package."""
        if path in self.pages:
            return Answer(body=self.pages[path].encode(), type=TYPES[path.rsplit(".", 1)[-1]])
        name = path.removeprefix("/course/")
        with zipfile.ZipFile(io.BytesIO(self.packed)) as files:
            if name == path or name not in files.namelist():
                return None
            return Answer(body=files.read(name), type=TYPES[name.rsplit(".", 1)[-1]])


@contextmanager
def serve(host: Host) -> Iterator[Host]:
    """Serve the host until the end of the block."""

    class Handler(BaseHTTPRequestHandler):
        def _any(self) -> None:
            parts = urlsplit(self.path)
            asked = Asked(
                self.command,
                parts.path,
                {name: values[0] for name, values in parse_qs(parts.query).items()},
                {name.lower(): value for name, value in self.headers.items()},
                self.rfile.read(int(self.headers.get("Content-Length") or 0)),
            )
            told = host.page(asked.path) or host.answer(asked) or Answer(404)
            if told.cut:
                self.close_connection = True
                return
            self.send_response(told.status)
            self.send_header("Content-Type", f"{told.type}; charset=utf-8")
            self.send_header("Content-Length", str(len(told.body)))
            self.send_header("Cache-Control", "no-store")
            self.end_headers()
            self.wfile.write(told.body)

        do_GET = do_POST = do_PUT = _any  # noqa: N815 - the names that the library looks for

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    host.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield host
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
