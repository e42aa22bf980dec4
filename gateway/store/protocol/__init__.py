"""The interface of a store: one transaction per mail, and an outbox with leases.

It is small enough for a second backend; `tests/store/test_contract.py` specifies what every backend must do.
"""

from __future__ import annotations

from gateway.store.protocol.connection import Connection, LongWorkError, Row
from gateway.store.protocol.opening import Store, T
from gateway.store.protocol.rows import (
    FORMER_STATES,
    LAST_PROBE,
    JournalLine,
    LetterRow,
    LetterState,
    ReceivedMail,
    StoreUnavailableError,
    TokenRow,
)
from gateway.store.protocol.source import Measures, NoDatabaseError, QuickCheck, ReadConnection, Source
from gateway.store.protocol.transaction import (
    DEFAULT_CAPS,
    NO_LIMIT,
    NOBODY_BUSY,
    Transaction,
)
from gateway.store.protocol.trouble import Trouble
from gateway.store.protocol.unheard import KeptMail, UnheardMail

__all__ = [
    "DEFAULT_CAPS",
    "FORMER_STATES",
    "LAST_PROBE",
    "NOBODY_BUSY",
    "NO_LIMIT",
    "Connection",
    "JournalLine",
    "KeptMail",
    "LetterRow",
    "LetterState",
    "LongWorkError",
    "Measures",
    "NoDatabaseError",
    "QuickCheck",
    "ReadConnection",
    "ReceivedMail",
    "Row",
    "Source",
    "Store",
    "StoreUnavailableError",
    "T",
    "TokenRow",
    "Transaction",
    "Trouble",
    "UnheardMail",
]
