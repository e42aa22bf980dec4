"""Kinds of database faults, by what can be done about them."""

from __future__ import annotations

from enum import StrEnum


class Trouble(StrEnum):
    """A kind of fault; the error's message has the text for operators."""

    STOPPED = "stopped"  # the gateway does not run, and nobody else can read without it
    INACTIVE = "inactive"  # the gateway is on standby on this machine, or stopped; the database can be read
    UNANSWERED = "unanswered"  # it stopped before it answered: whether it did what was asked is unknown
    OLDER = "older"  # the schema is of an earlier version, and the gateway upgrades it when it starts
    OWNED = "owned"  # the schema is of an earlier version, and only its owner can upgrade it
    NEWER = "newer"  # the schema is of a later version
    FULL = "full"  # the disk is full
    AWAY = "away"  # the database server does not answer, or is a replica
    BUSY = "busy"  # locked or too slow; a retry helps
    BROKEN = "broken"  # settings, permissions, damage: an operator is needed
