"""A mail server for the tests: it keeps what it receives, and can refuse, fall silent or hang up like a real one."""

import contextlib
import email
import email.policy
import socket
import threading
from asyncio import AbstractServer
from collections.abc import Awaitable, Iterator
from dataclasses import dataclass
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass(frozen=True)
class Received:
    sender: str
    recipients: tuple[str, ...]
    message: EmailMessage
    answered: bool  # False: taken in, but the sender was never told

    @property
    def message_id(self) -> str:
        return str(self.message["Message-ID"])

    def text(self, kind: str = "plain") -> str:
        """The readable part, `plain` or `html`."""
        body = self.message.get_body(preferencelist=(kind,))
        assert body is not None, f"this mail has no {kind} part"
        return body.get_content().replace("\r\n", "\n")


class MailServer:
    """The behaviour is set by the test and may change while the server runs."""

    host = "127.0.0.1"

    def __init__(self) -> None:
        self.port = 0
        self.connections = 0
        self._received: list[Received] = []
        self._refusals: dict[str, str] = {}
        self._after_data = "answer"
        self._changed = threading.Condition()
        self._controller: _Controller | None = None

    # --- what it has received

    @property
    def messages(self) -> list[Received]:
        with self._changed:
            return list(self._received)

    def to(self, address: str) -> list[Received]:
        return [received for received in self.messages if address in received.recipients]

    def wait_for(self, count: int, seconds: float = 10) -> list[Received]:
        """Waits until that many have come; fails when they do not."""
        with self._changed:
            enough = self._changed.wait_for(lambda: len(self._received) >= count, seconds)
            assert enough, f"{len(self._received)} of {count} mails arrived in {seconds} s"
            return list(self._received)

    def clear(self) -> None:
        with self._changed:
            self._received.clear()

    # --- how it behaves

    def refuse(self, address: str, code: int = 550) -> None:
        """Refuses this recipient: 4xx for now, 5xx for good."""
        text = "mailbox busy, try again later" if code < 500 else "no such mailbox"
        self._refusals[address.lower()] = f"{code} {text}"

    def accept(self, address: str) -> None:
        self._refusals.pop(address.lower(), None)

    def refuse_content(self, code: int = 554) -> None:
        """Takes the recipients, then refuses the mail itself."""
        self._after_data = f"{code} refused"

    def hang_after_data(self) -> None:
        """Takes the mail in and never answers: the sender cannot know whether it arrived."""
        self._after_data = "hang"

    def drop_after_data(self) -> None:
        """Takes the mail in and breaks the connection instead of answering."""
        self._after_data = "drop"

    def behave(self) -> None:
        self._refusals.clear()
        self._after_data = "answer"

    # --- life

    def start(self) -> None:
        """After `stop` it comes back on the same port."""
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((self.host, self.port))
        self.port = listener.getsockname()[1]
        self._controller = _Controller(self, listener)
        self._controller.start()
        # Starting makes one connection, to see that somebody answers.
        self.connections = 0

    def stop(self) -> None:
        if self._controller is not None:
            self._controller.stop()
            self._controller = None

    # --- called by aiosmtpd, in its own thread

    async def handle_EHLO(self, server: SMTP, session: Session, envelope: Envelope, hostname: str, lines: list[str]):
        session.host_name = hostname
        self.connections += 1
        return lines

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]):
        refusal = self._refusals.get(address.lower())
        if refusal:
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        behaviour = self._after_data
        if behaviour[:1].isdigit():
            return behaviour
        self._keep(envelope, answered=behaviour == "answer")
        if behaviour == "hang":
            await server.loop.create_future()
        if behaviour == "drop":
            server.transport.abort()
        return "250 OK"

    def _keep(self, envelope: Envelope, *, answered: bool) -> None:
        message = email.message_from_bytes(envelope.original_content, policy=email.policy.default)
        with self._changed:
            self._received.append(Received(envelope.mail_from, tuple(envelope.rcpt_tos), message, answered))
            self._changed.notify_all()


class _Controller(Controller):
    """aiosmtpd wants to know its port beforehand; ours takes a socket that is already bound, so none is guessed."""

    def __init__(self, handler: MailServer, listener: socket.socket) -> None:
        self._listener = listener
        host, port = listener.getsockname()
        super().__init__(handler, hostname=host, port=port, ready_timeout=10)

    def _create_server(self) -> Awaitable[AbstractServer]:
        return self.loop.create_server(self._factory_invoker, sock=self._listener)


@contextlib.contextmanager
def running_smtp() -> Iterator[MailServer]:
    server = MailServer()
    server.start()
    try:
        yield server
    finally:
        server.stop()


def free_port_that_nobody_answers() -> int:
    """For the tests of a mail server that is down."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


__all__ = ["MailServer", "Received", "free_port_that_nobody_answers", "running_smtp"]
