"""How gunicorn serves the portal. The address, where it listens, comes from bin/serve or from the command line."""

import contextlib
import ctypes
import gc
import os
from pathlib import Path

workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
worker_class = "gthread"
preload_app = False

# A thread that is busy longer than this is lost; uploads are slow, so the proxy in front must take them in first.
timeout = 60
graceful_timeout = 20
keepalive = 5

# A worker is replaced now and then, so that a slow leak never becomes an outage; not both at the same moment.
max_requests = 20_000
max_requests_jitter = 2_000

# Checking a password takes 19 MB. glibc would keep that for each thread, for ever; asked for apart, it is given back.
# Workers inherit it. Elsewhere than on Linux with glibc there is no such function, and nothing to do.
M_MMAP_THRESHOLD = -3
with contextlib.suppress(AttributeError, OSError):
    ctypes.CDLL(None).mallopt(M_MMAP_THRESHOLD, 4 * 1024 * 1024)

# The heartbeat file must not live on a disk that can stall.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108

# Nobody is believed about the client's address or about https unless the operator names the proxy. gunicorn itself
# would believe any program on this machine.
forwarded_allow_ips = os.environ.get("FORWARDED_ALLOW_IPS", "")

limit_request_line = 4094
limit_request_fields = 64
limit_request_field_size = 8190

# Otherwise it opens a socket for commands in the home folder of whoever starts it.
control_socket_disable = True

# Addresses can carry names that somebody searched for, and single-use links: no query strings, no referrers, and no
# log at all unless it is asked for.
accesslog = "-" if os.environ.get("ACCESS_LOG") == "1" else None
access_log_format = "%(t)s %(m)s %(U)s %(s)s %(B)s %(M)sms"
errorlog = "-"
loglevel = os.environ.get("LOG_LEVEL", "info").lower()


def post_fork(server, worker):
    """Two processes that share one connection to PostgreSQL read each other's answers."""
    if not server.cfg.preload_app:
        return
    from app.core.db import db

    with worker.app.wsgi().app_context():
        for engine in db.engines.values():
            engine.dispose(close=False)


def post_worker_init(worker):
    """What was loaded at start stays: the search for rubbish need not walk through it again and again."""
    gc.collect()
    gc.freeze()
