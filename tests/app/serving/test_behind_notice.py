"""The mail to the postmaster: once an episode, again when it did not leave, again in the next episode."""

from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

import msgspec
import pytest

from gateway import settings
from gateway.app.serving import behind_notice
from gateway.app.serving.behind_notice import BehindNotice, locate_mark
from gateway.demo.fixtures import settings_text
from gateway.net.dns.resolver import DnsResolver
from tests.support.factories import NOW

TO = "operator@example.go.jp"
BEHIND = "the database is behind: it lacks line 7"


@dataclass
class Desk:
    """A gateway that is behind as often as a test says so."""

    folder: Path
    postmaster: str = TO
    behind: str = ""
    resolver: DnsResolver = field(default_factory=lambda: DnsResolver([]))

    @property
    def store(self) -> SimpleNamespace:
        return SimpleNamespace(path=self.folder / "gateway.db", behind=self.behind)

    @property
    def config(self) -> settings.Settings:
        config = settings.parse(settings_text(self.folder, 25, 53).encode(), "gateway.toml")
        return msgspec.structs.replace(config, watch=settings.model.Watch(postmaster=self.postmaster))

    def now(self) -> object:
        return NOW

    def count(self) -> int:
        inbox = self.folder / "letters" / TO / "new"
        return len(list(inbox.iterdir())) if inbox.is_dir() else 0


async def test_one_mail_an_episode_also_over_restarts(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    notice = BehindNotice(desk)  # type: ignore[arg-type]
    counts = []
    for behind in ("", BEHIND, BEHIND, "", BEHIND):
        desk.behind = behind
        assert await notice.check()
        counts.append(desk.count())
    again = BehindNotice(desk)  # type: ignore[arg-type]
    assert await again.check()
    assert [0, 1, 1, 1, 2] == counts
    assert 2 == desk.count()


async def test_a_mail_that_did_not_leave_is_tried_again(tmp_path: Path) -> None:
    (tmp_path / "letters").write_text("no folder")
    desk = Desk(tmp_path, behind=BEHIND)
    notice = BehindNotice(desk)  # type: ignore[arg-type]
    assert not await notice.check()
    (tmp_path / "letters").unlink()
    assert await notice.check()
    assert 1 == desk.count()


async def test_where_nothing_can_be_noted_it_is_still_one_mail(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(behind_notice.private_files, "write", fail)
    desk = Desk(tmp_path, behind=BEHIND)
    notice = BehindNotice(desk)  # type: ignore[arg-type]
    assert [True, True] == [await notice.check(), await notice.check()]
    assert (1, False) == (desk.count(), locate_mark(desk.store.path).exists())


async def test_without_an_address_nothing_is_sent(tmp_path: Path) -> None:
    desk = Desk(tmp_path, postmaster="", behind=BEHIND)
    assert await BehindNotice(desk).check()  # type: ignore[arg-type]
    assert (0, False) == (desk.count(), locate_mark(desk.store.path).exists())
