"""What the writer and a front say to each other over the record stream, one value a frame.

`number` joins a question and its answer.
"""

from __future__ import annotations

import msgspec

from gateway.inbound.record.submission import Answer, MailRecord, RefusalRecord


class Message(msgspec.Struct, array_like=True, tag=True):
    """One of those below; its name goes in front of its fields."""


# --- from the writer to a front


class Generation(Message):
    """Settings, keys and certificates, as a pickled `Blueprint`: build from them, and say whether it went."""

    number: int
    blueprint: bytes


class Switch(Message):
    """Go on with what was built last."""


class Suspected(Message):
    """The keys of mails, and clients, under whose examination fronts died: 451 before anything is parsed."""

    keys: tuple[bytes, ...] = ()
    clients: tuple[str, ...] = ()


class Ping(Message):
    """Are you there? `sessions` is how many all fronts have."""

    sessions: int


class Answered(Message):
    """What came of a submission."""

    number: int
    answer: Answer


class Granted(Message):
    """How many mails more the client of a session may begin; -1: no place for that client."""

    number: int
    mails: int


class Watch(Message):
    """Tell what is said with a client, until `Unwatch`: see `gateway.net.smtp.connection.trace`."""

    number: int
    ip: str


class Unwatch(Message):
    """Nobody watches any more."""

    number: int


class Drain(Message):
    """Finish what is in hand, within so many seconds, and end."""

    grace_s: float


# --- from a front to the writer


class Ready(Message):
    """A generation is built, or why not."""

    number: int
    fault: str = ""


class Pong(Message):
    """I am; and so many refusals of each SMTP code were said since the start."""

    refusals: dict[str, int]


class Submitted(Message):
    """A finished record."""

    number: int
    submission: MailRecord | RefusalRecord


class Renamed(Message):
    """A relay names the client of a session: has it a place? `unused` mails go back to the former one."""

    number: int
    session: int
    key: str
    shared: bool
    unused: int


class Wanted(Message):
    """The client of a session begins one more mail than it was granted."""

    number: int
    session: int


class Seen(Message):
    """A line of what is said with a client that is watched."""

    number: int
    line: str


class Taken(Message):
    """The descriptor of a session has come, or, with a fault, it has not."""

    session: int
    fault: str = ""


class Ended(Message):
    """A session is over; `unused` mails of its client go back."""

    session: int
    unused: int


ToFront = Generation | Switch | Suspected | Ping | Answered | Granted | Watch | Unwatch | Drain
ToWriter = Ready | Pong | Submitted | Renamed | Wanted | Seen | Taken | Ended

encode = msgspec.msgpack.Encoder().encode
decode_to_front = msgspec.msgpack.Decoder(ToFront).decode
decode_to_writer = msgspec.msgpack.Decoder(ToWriter).decode
