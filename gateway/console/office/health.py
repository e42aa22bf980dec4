"""Health of the gateway: what `gateway status` reads from the database, and its own last checks."""

from __future__ import annotations

from datetime import datetime, timedelta

from starlette.responses import Response

from gateway import __version__
from gateway.console.asgi.visit import Visit
from gateway.console.office.checks import tell_checks
from gateway.console.view import words
from gateway.console.view.framing import frame_of
from gateway.console.view.rendering import render
from gateway.printing.bilingual import EMPTY, Text, both, join
from gateway.printing.fields import Ours
from gateway.store.protocol import LetterState
from gateway.store.queries.statistics import PendingLetters, Statistics, load_statistics

LATE, OLD_BACKUP, FEW_BYTES = timedelta(hours=4), timedelta(hours=36), 2 * 2**30
Line = tuple[Text, Text | Ours, bool]


def show_health(visit: Visit) -> Response:
    """Show each line with a word for good or bad."""
    found = load_statistics(visit.site.source, visit.now)
    lines = [*_tell_service(found, visit.now), *_tell_letters(found), _tell_unread(found)]
    return render(
        "office/health",
        frame_of(visit, "health"),
        lines=[{"what": what, "text": text, "is_good": is_good} for what, text, is_good in lines],
        checks=tell_checks(visit),
        version=Ours(__version__),
        sqlite=Ours(found.sqlite),
        size=Ours(_show_bytes(found.database_bytes)),
    )


def _tell_service(found: Statistics, now: datetime) -> list[Line]:
    running = {
        True: both("動いています", "running"),
        False: both("止まっています", "stopped"),
        None: both("この画面からは分かりません", "cannot be determined here"),
    }
    free = found.disk_free_bytes
    return [
        (both("受付サービス", "Gateway"), running[found.running], found.running is not False),
        (both("最後のバックアップ", "Last backup"), *_tell_time(found.last_backup_at, now, OLD_BACKUP)),
        (
            both("ディスクの空き", "Free disk space"),
            both("分かりません", "unknown") if free is None else Ours(_show_bytes(free)),
            free is None or free >= FEW_BYTES,
        ),
        (both("最後のまとめのメール", "Last digest"), *_tell_time(found.last_digest_at, now, None)),
        (both("最後の疎通確認", "Last probe"), *_tell_time(found.last_probe_at, now, None)),
        (both("止めている操作", "Paused operations"), Ours(str(len(found.brakes))), not found.brakes),
        (both("期限を過ぎた件", "Overdue"), Ours(str(found.overdue)), not found.overdue),
    ]


def _tell_time(at: datetime | None, now: datetime, most: timedelta | None) -> tuple[Text | Ours, bool]:
    if at is None:
        return both("まだありません", "none yet"), most is None
    return words.show_moment(at), most is None or now - at <= most


def _tell_letters(found: Statistics) -> list[Line]:
    return [
        (
            join(both("メール: ", "Letters: "), words.LETTER_STATES[LetterState(state)]),
            join(Ours(str(each.letters)), _tell_oldest(each)),
            each.oldest_s < LATE.total_seconds(),
        )
        for state, each in found.outbox.items()
    ]


def _tell_oldest(each: PendingLetters) -> Text:
    hours = int(each.oldest_s // 3_600)
    if not hours:
        return EMPTY
    return Text(Ours(f"（古いもので{hours}時間）"), Ours(f" (oldest: {words.count(hours, 'hour')})"))


def _tell_unread(found: Statistics) -> Line:
    return (
        both("知らせていないメール", "Unhandled messages"),
        Ours(str(found.unread)),
        not found.unread,
    )


def _show_bytes(n: int) -> str:
    return f"{n / 2**30:.1f} GB" if n >= 2**30 else f"{n / 2**20:.0f} MB"
