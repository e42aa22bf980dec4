"""Messages between the writer and a front on the record stream, one per frame.

`number` links an answer to its question.
"""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from gateway.inbound.record.submission import Answer, MailRecord, RefusalRecord

# What a front sends is checked, because it parses mail from anybody.
Count = Annotated[int, Meta(ge=0)]
Code = Annotated[str, Meta(min_length=3, max_length=3, pattern="^[45][0-9][0-9]$")]


class Message(msgspec.Struct, array_like=True, tag=True):
    """Base of the messages below; the class name precedes the fields in a frame."""


# --- from the writer to a front


class Generation(Message):
    """Settings, keys and certificates as a pickled `Blueprint`; the front builds it and answers Ready."""

    number: int
    blueprint: bytes


class Switch(Message):
    """Activate the generation built last."""


class Suspected(Message):
    """Hashes of mails and clients under which fronts died; they get 451 before anything is parsed."""

    keys: tuple[bytes, ...] = ()
    clients: tuple[str, ...] = ()


class Ping(Message):
    """Liveness check; `sessions` is the total of all fronts."""

    sessions: int


class Answered(Message):
    """The answer to a submission."""

    number: int
    answer: Answer


class Granted(Message):
    """How many more mails the client of a session may send; -1 if the client is over its limit."""

    number: int
    mails: int


class Watch(Message):
    """Request to report the dialog with a client until `Unwatch` (`gateway.net.smtp.connection.trace`)."""

    number: int
    ip: str


class Unwatch(Message):
    """Stop reporting the dialog."""

    number: int


class Drain(Message):
    """Finish the work in progress within `grace_s` seconds, and exit."""

    grace_s: float


# --- from a front to the writer


class Ready(Message):
    """A generation was built, or `fault` gives the reason why not."""

    number: int
    fault: str = ""


class Pong(Message):
    """Answer to a ping; `refusals` counts the rejections per SMTP code since the start."""

    refusals: dict[Code, Count]


class Submitted(Message):
    """A finished record, submitted to the writer."""

    number: int
    submission: MailRecord | RefusalRecord


class Renamed(Message):
    """A relay named another client for a session; `unused` mails are returned to the former client."""

    number: int
    session: int
    key: str
    shared: bool
    unused: Count


class Wanted(Message):
    """The client of a session has used up its granted mails and starts another one."""

    number: int
    session: int


class Seen(Message):
    """A line of the dialog with a watched client."""

    number: int
    line: str


class Taken(Message):
    """The descriptor of a session was received or, with a fault, was not."""

    session: int
    fault: str = ""


class Ended(Message):
    """A session ended; `unused` mails are returned to its client."""

    session: int
    unused: Count


ToFront = Generation | Switch | Suspected | Ping | Answered | Granted | Watch | Unwatch | Drain
ToWriter = Ready | Pong | Submitted | Renamed | Wanted | Seen | Taken | Ended

encode = msgspec.msgpack.Encoder().encode
decode_to_front = msgspec.msgpack.Decoder(ToFront).decode
decode_to_writer = msgspec.msgpack.Decoder(ToWriter).decode
