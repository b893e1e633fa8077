"""Log lines as JSON, each with the request's id; never a name, an address, a token or a form's value."""

import json
import logging
import re
import sys
import time
import uuid
from typing import Any

from flask import Flask, Response, g, has_request_context, request

from app.core.access import current_actor

log = logging.getLogger("app.request")
REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,64}\Z")


class JsonFormatter(logging.Formatter):
    """One line, one JSON object; an exception's text is left out (it may quote a row), its type and place stay."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created)) + f".{int(record.msecs):03d}Z",
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if has_request_context():
            line["request_id"] = g.get("request_id")
        if record.exc_info and record.exc_info[0]:
            line["exception"] = record.exc_info[0].__name__
            line["at_code"] = _places(record.exc_info[2])
        return json.dumps(line, ensure_ascii=False)


def _places(traceback: Any) -> list[str]:
    places = []
    while traceback:
        code = traceback.tb_frame.f_code
        places.append(f"{code.co_filename}:{traceback.tb_lineno} {code.co_name}")
        traceback = traceback.tb_next
    return places[-8:]


def _begin() -> None:
    given = request.headers.get("X-Request-Id", "")
    g.request_id = given if REQUEST_ID.match(given) else uuid.uuid4().hex
    g.started = time.perf_counter()


def _end(response: Response) -> Response:
    response.headers["X-Request-Id"] = g.get("request_id", "")
    if request.endpoint == "core.health" and response.status_code == 200:
        return response  # asked every few seconds
    fields = {
        "method": request.method,
        "endpoint": request.endpoint,  # not the address: tokens and ids stay out
        "status": response.status_code,
        "ms": round((time.perf_counter() - g.get("started", time.perf_counter())) * 1000, 1),
        "account": str(current_actor().account_id or ""),
    }
    log.info("request", extra={"fields": fields})
    return response


def init_app(app: Flask) -> None:
    """Log JSON to standard error, one line a request."""
    if not app.testing:
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(JsonFormatter())
        root = logging.getLogger("app")
        root.handlers = [handler]
        root.setLevel(logging.INFO)
        root.propagate = False
    app.before_request(_begin)
    app.after_request(_end)
