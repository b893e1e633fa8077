"""A visitor as the bench plays it: keeps the connection and the cookies, reads the forms, as a browser does."""

import http.client
import re
import time
import urllib.parse
import zlib
from dataclasses import dataclass
from html import unescape

import brotli

INPUT = re.compile(r"<(?:input|button)\b[^>]*>")
ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')
HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}
SECONDS = 60


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, how many bytes it was on the wire, and how many milliseconds it took."""

    status: int
    headers: dict[str, str]
    body: str
    size: int
    ms: float

    @property
    def location(self) -> str:
        return self.headers.get("location", "")


class Visitor:
    """One browser. Raises OSError or HTTPException when the server goes away in the middle of an answer."""

    def __init__(self, url: str) -> None:
        self.host = urllib.parse.urlsplit(url).netloc
        self.cookies: dict[str, str] = {}
        self._connection: http.client.HTTPConnection | None = None

    def get(self, path: str, *, htmx: bool = False) -> Answer:
        return self.ask("GET", path, None, HTMX if htmx else {})

    def post(self, path: str, form: dict[str, str], *, htmx: bool = False) -> Answer:
        return self.ask("POST", path, urllib.parse.urlencode(form), HTMX if htmx else {})

    def ask(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> Answer:
        sent = {"Accept-Encoding": "br, gzip", "Accept": "text/html", **headers}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if body is not None:
            sent |= {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
        start = time.perf_counter()
        try:
            answer, raw = self._exchange(method, path, body, sent)
        except (OSError, http.client.HTTPException):
            self.close()
            raise
        ms = (time.perf_counter() - start) * 1000
        self._keep_cookies(answer)
        found = {name.lower(): value for name, value in answer.getheaders()}
        return Answer(answer.status, found, _text(raw, found.get("content-encoding", "")), len(raw), ms)

    def _exchange(
        self, method: str, path: str, body: str | None, headers: dict[str, str]
    ) -> tuple[http.client.HTTPResponse, bytes]:
        kept = self._connection is not None
        try:
            return self._once(method, path, body, headers)
        except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
            # A server closes a connection that nobody used for some seconds; a browser asks again, and so do we.
            if not kept or method != "GET":
                raise
            self.close()
            return self._once(method, path, body, headers)

    def _once(
        self, method: str, path: str, body: str | None, headers: dict[str, str]
    ) -> tuple[http.client.HTTPResponse, bytes]:
        if self._connection is None:
            self._connection = http.client.HTTPConnection(self.host, timeout=SECONDS)
        self._connection.request(method, path, body, headers)
        answer = self._connection.getresponse()
        return answer, answer.read()

    def _keep_cookies(self, answer: http.client.HTTPResponse) -> None:
        for line in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def log_in(self, username: str, password: str) -> Answer:
        """Through the log-in page, as everybody. Raises RuntimeError when it is refused."""
        answer = self.post("/login", self.login_form(username, password))
        if answer.status != 303:
            raise RuntimeError(f"{username} could not log in: {answer.status}")
        return answer

    def login_form(self, username: str, password: str) -> dict[str, str]:
        """The filled-in form of the log-in page."""
        return {**fields(self.get("/login").body), "username": username, "password": password}


def fields(page: str) -> dict[str, str]:
    """What the inputs of a page or fragment hold."""
    found = {}
    for tag in INPUT.findall(page):
        attributes = {name: unescape(value) for name, value in ATTRIBUTE.findall(tag)}
        boxed = attributes.get("type") in ("checkbox", "radio", "submit", "button") or tag.startswith("<button")
        if "name" in attributes and not boxed:
            found[attributes["name"]] = attributes.get("value", "")
    return found


def _text(raw: bytes, encoding: str) -> str:
    if encoding == "br":
        raw = brotli.decompress(raw)
    elif encoding == "gzip":
        raw = zlib.decompress(raw, 31)
    return raw.decode(errors="replace")  # a font is no text, and nobody reads it as one
