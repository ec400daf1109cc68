"""Many reporters at once against a real site: each fills in forms and sends each until it is told
that the report has arrived, through kills and restarts."""

from __future__ import annotations

import html
import http.client
import re
import threading
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode

from real_site import Site

#: A reporter gives up on one form after this many seconds without an answer.
PATIENCE = 90.0


@dataclass
class Reporters:
    """So many reporters, until they are told to stop. Counts what they sent and were told."""

    site: Site
    number: int
    sent: set[str] = field(default_factory=set)
    """Texts of forms that were sent at least once."""
    acknowledged: dict[str, str] = field(default_factory=dict)
    """Text: receipt, of those that were told that it arrived."""
    tries: int = 0
    wrong: list[str] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _stop: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)

    def start(self) -> None:
        self._threads = [
            threading.Thread(target=self._reporter, args=(each,)) for each in range(self.number)
        ]
        for thread in self._threads:
            thread.start()

    def wait_for(self, number: int) -> None:
        """Wait until so many reports are acknowledged: a site that starts is slow at first."""
        until = time.monotonic() + PATIENCE
        while len(self.acknowledged) < number:
            if time.monotonic() > until:
                raise AssertionError(f"{len(self.acknowledged)} acknowledged: {self.wrong}")
            time.sleep(0.05)

    def stop(self) -> None:
        """No new forms; those that were sent are sent until they are acknowledged."""
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _reporter(self, who: int) -> None:
        form = 0
        while not self._stop.is_set():
            form += 1
            # Each report comes from an address of its own, as in life.
            address = f"127.{1 + who}.{form // 250}.{1 + form % 250}"
            page = self._ask(address, "GET")
            if page is None or page[0] != 200:
                time.sleep(0.2)
                continue
            self._send(address, f"made-up report {who}-{form}", page)

    def _send(self, address: str, text: str, page: tuple[int, str, str]) -> None:
        _, shown, cookie = page
        body = urlencode(
            {
                "csrfmiddlewaretoken": _hidden(shown, "csrfmiddlewaretoken"),
                "form": _hidden(shown, "form"),
                "danger": "unknown",
                "observed": text,
            }
        )
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            with self._lock:
                self.sent.add(text)
                self.tries += 1
            answer = self._ask(address, "POST", body, cookie)
            if answer is not None and answer[0] == 200:
                receipt = re.search(r"data-receipt>([^<]+)<", answer[1])
                with self._lock:
                    if receipt:
                        self.acknowledged[text] = receipt.group(1)
                    else:
                        self.wrong.append(f"{text}: 200 without a receipt")
                return
            if answer is not None and answer[0] < 500:
                with self._lock:
                    self.wrong.append(f"{text}: {answer[0]}")
                return
            time.sleep(0.3)
        with self._lock:
            self.wrong.append(f"{text}: never acknowledged")

    def _ask(
        self, address: str, method: str, body: str = "", cookie: str = ""
    ) -> tuple[int, str, str] | None:
        """Status, page and cookie; None when the connection was cut."""
        connection = http.client.HTTPConnection(
            "127.0.0.1", self.site.port, timeout=40, source_address=(address, 0)
        )
        headers = {"Host": f"localhost:{self.site.port}"}
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            headers["Cookie"] = cookie
        try:
            connection.request(method, "/reports/", body or None, headers)
            answer = connection.getresponse()
            page = answer.read().decode()
            given = answer.headers.get("Set-Cookie", "").split(";")[0]
            return answer.status, page, given
        except (OSError, http.client.HTTPException):
            return None
        finally:
            connection.close()


def _hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]+)"', page)
    return html.unescape(found.group(1)) if found else ""
