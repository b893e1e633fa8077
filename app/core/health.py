"""`GET /health`: whether the database answers. For the supervisor and the load balancer; says nothing else."""

import sqlalchemy as sa
from flask import Flask, Response

from app.core.access import public
from app.core.db import db


@public
def health() -> Response:
    try:
        db.session.execute(sa.text("SELECT 1"))
    except sa.exc.SQLAlchemyError:
        return Response("database unavailable\n", 503, mimetype="text/plain")
    return Response("ok\n", mimetype="text/plain")


def init_app(app: Flask) -> None:
    app.add_url_rule("/health", "core.health", health)
