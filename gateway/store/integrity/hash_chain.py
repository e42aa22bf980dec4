"""The journal as a hash chain: each line has a hash that covers the previous line.

The hash is built so that personal data can be erased and the chain still proves the rest:

    commitment = HMAC-SHA-256(salt, JSON [actor, detail])          salt: 16 random bytes of this line
    hash       = SHA-256(LABEL, hash of the line before, JSON [id, at, event, case_id, mail_id, commitment])

Actor and detail contain names, addresses and reasons; the other columns do not. To erase a line, actor,
detail and salt are removed and the commitment is kept. Without its salt the commitment is a random number:
nobody can test addresses against it. The hash does not change, so that the position of every line, erased or
not, is still proven. A line cannot be blanked silently either: a later line named `erased`, which cannot
itself be blanked, lists the blanked lines, and `broken` checks it.

A chain cannot prove that nothing was cut off its end, or that it was not rebuilt from the beginning. The hash
of the last line, noted elsewhere, proves both (`gateway verify --head`).
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from gateway.store.protocol import Connection

SALT_BYTES = 16
FIRST = bytes(32)
ERASED = "erased"
_LABEL = b"gateway journal 1\n"
_CHUNK = 1_000


@dataclass(frozen=True, slots=True)
class Head:
    """The last line: its number (0: there is none) and its hash."""

    number: int = 0
    hash: bytes = FIRST


NOTHING = Head()


@dataclass(slots=True)
class Proof:
    """Result of checking a chain: `broken` describes what is wrong, at most a few lines.

    `known` are those of the wanted hashes that are in the chain.
    """

    lines: int = 0
    erased: int = 0
    head: Head = NOTHING
    broken: list[str] = field(default_factory=list)
    known: set[bytes] = field(default_factory=set)


def commitment(salt: bytes, actor: str, detail: str) -> bytes:
    """Return the commitment to the personal part of a line."""
    return hmac.digest(salt, msgspec.json.encode((actor, detail)), "sha256")


def line_hash(before: bytes, line: Mapping[str, Any]) -> bytes:
    """Return the hash of a line with `id`, `at`, `event`, `case_id`, `mail_id` and `commitment`."""
    facts = (line["id"], line["at"], line["event"], line["case_id"], line["mail_id"])
    body = msgspec.json.encode((*facts, line["commitment"].hex()))
    return hashlib.sha256(_LABEL + before + body).digest()


def link_line(before: Head, line: Mapping[str, Any], salt: bytes) -> dict[str, Any]:
    """Return the line with the columns that link it to `before`: number, salt, commitment and hash."""
    return _seal_line(before.hash, {**line, "id": before.number + 1}, salt)


def read_head(connection: Connection) -> Head:
    """Return the last line."""
    row = connection.execute("SELECT id, hash FROM journal ORDER BY id DESC LIMIT 1").fetchone()
    return Head(row[0], row[1]) if row is not None else NOTHING


def chain_up(connection: Connection, entropy: Callable[[int], bytes]) -> None:
    """Chain the lines written before the chain existed; the triggers must be disabled."""
    before, number = FIRST, -(2**63)
    while rows := connection.execute(
        f"SELECT {_PLAIN} FROM journal WHERE id > :after ORDER BY id LIMIT {_CHUNK}",  # noqa: S608 - our own constants
        {"after": number},
    ).fetchall():
        lines = [dict(zip(_PLAIN.split(", "), row, strict=True)) for row in rows]
        for line in lines:
            before = _seal_line(before, line, entropy(SALT_BYTES))["hash"]
        number = lines[-1]["id"]
        connection.executemany(
            "UPDATE journal SET salt = :salt, commitment = :commitment, hash = :hash WHERE id = :id", lines
        )


def check(
    connection: Connection,
    wanted: Iterable[bytes] = (),
    progress: Callable[[int], None] = lambda _lines: None,
) -> Proof:
    """Check the chain from its first line, in constant memory."""
    proof, blanked, named = Proof(), _Numbers(), _Numbers()
    sought = frozenset(wanted)
    for line in _read_lines(connection):
        proof.broken += _faults(line, proof.head)[: max(0, _MOST - len(proof.broken))]
        proof.head = Head(line["id"], line["hash"])
        proof.lines += 1
        proof.known |= sought & {line["hash"]}
        if line["salt"] is None:
            proof.erased += 1
            blanked.add(line["id"])
        elif line["event"] == ERASED:
            named.extend(parse_ranges(line["detail"]))
        if proof.lines % _CHUNK == 0:
            progress(proof.lines)
    silent = blanked.without(named)
    if silent:
        proof.broken.append(f"lines blanked without a matching `{ERASED}` line: {_format_ranges(silent)}")
    return proof


def _read_lines(connection: Connection) -> Iterator[dict[str, Any]]:
    """Yield the whole journal, read in chunks."""
    names, after = [*_PLAIN.split(", "), *_SEAL], -(2**63)
    while rows := connection.execute(_LINES, {"after": after}).fetchall():
        lines = [dict(zip(names, row, strict=True)) for row in rows]
        yield from lines
        after = lines[-1]["id"]


_PLAIN = "id, at, event, actor, case_id, mail_id, detail"
_SEAL = ("salt", "commitment", "hash")
_LINES = f"SELECT {_PLAIN}, {', '.join(_SEAL)} FROM journal WHERE id > :after ORDER BY id LIMIT {_CHUNK}"  # noqa: S608
_MOST = 20


def _seal_line(before: bytes, line: dict[str, Any], salt: bytes) -> dict[str, Any]:
    line["salt"] = salt
    line["commitment"] = commitment(salt, line["actor"], line["detail"])
    line["hash"] = line_hash(before, line)
    return line


def _faults(line: Mapping[str, Any], before: Head) -> list[str]:
    found = []
    if line_hash(before.hash, line) != line["hash"]:
        found.append(f"line {line['id']}: does not match the previous line's hash")
    if line["salt"] is None:
        if (line["actor"], line["detail"]) != ("", "{}"):
            found.append(f"line {line['id']}: has no salt and is not blank")
    elif commitment(line["salt"], line["actor"], line["detail"]) != line["commitment"]:
        found.append(f"line {line['id']}: actor or detail was changed")
    return found


# --- line numbers as ranges ---------------------------------------------------------------------


def ranges(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """Return sorted numbers as ranges: 1, 2, 3, 7 -> (1, 3), (7, 7)."""
    found = _Numbers()
    for number in sorted(numbers):
        found.add(number)
    return found.ranges


def parse_ranges(detail: str) -> Iterator[tuple[int, int]]:
    """Yield the ranges in an `erased` line; none if it cannot be parsed."""
    try:
        pairs = msgspec.json.decode(detail, type=_ErasedDetail).lines
    except msgspec.MsgspecError:
        return
    yield from pairs


class _ErasedDetail(msgspec.Struct):
    lines: list[tuple[int, int]] = []


class _Numbers:
    """A set of numbers, stored as ranges."""

    def __init__(self) -> None:
        self.ranges: list[tuple[int, int]] = []

    def add(self, number: int) -> None:
        """Add a number; numbers come in ascending order."""
        if self.ranges and self.ranges[-1][1] == number - 1:
            self.ranges[-1] = (self.ranges[-1][0], number)
        else:
            self.ranges.append((number, number))

    def extend(self, ranges: Iterable[tuple[int, int]]) -> None:
        self.ranges.extend(ranges)

    def without(self, others: _Numbers) -> list[tuple[int, int]]:
        """Return what no range of `others` covers, in one pass over both."""
        rest, covering, place = [], _merge(others.ranges), 0
        for begin, end in self.ranges:
            at = begin
            while place < len(covering) and covering[place][1] < at:
                place += 1
            look = place
            while look < len(covering) and covering[look][0] <= end:
                low, high = covering[look]
                if low > at:
                    rest.append((at, low - 1))
                at = max(at, high + 1)
                look += 1
            if at <= end:
                rest.append((at, end))
        return rest


def _merge(ranges: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return sorted ranges, with those that touch or overlap merged."""
    found: list[tuple[int, int]] = []
    for low, high in sorted(ranges):
        if found and low <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(found[-1][1], high))
        else:
            found.append((low, high))
    return found


def _format_ranges(ranges: list[tuple[int, int]]) -> str:
    return ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in ranges[:_MOST])
