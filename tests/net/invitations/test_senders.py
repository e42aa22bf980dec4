"""Which sender the settings make, and what is missing when it cannot be made."""

from pathlib import Path

import pytest

from gateway import settings
from gateway.app.wiring.transports import build_invitation_sender
from gateway.net.invitations.mail import HandoffInvitation, MailInvitation
from gateway.settings import SettingsError
from tests.support.couriers import KeptCourier
from tests.support.factories import NOW, SATO

BASE = """
[desk]
domain = "gw.example.go.jp"
[[staff]]
address = "sato@kyoso.mihon.go.jp"
name = "佐藤"
[invitation]
join_link = "https://join.example/x"
"""
HOOK = 'sender = "webhook"\nwebhook_url = "https://h.example/x"\nwebhook_secret_file = "{}"'


def made(folder: Path, lines: str) -> object:
    config = settings.parse(f"{BASE}{lines}\n".encode(), str(folder / "gateway.toml"))
    return build_invitation_sender(config, KeptCourier(), lambda: NOW)


def secret(folder: Path, text: str = "s3cret\n") -> Path:
    place = folder / "secret"
    place.touch(0o600)
    place.write_text(text)
    return place


def test_by_mail_or_to_a_desk(tmp_path: Path) -> None:
    assert isinstance(made(tmp_path, ""), MailInvitation)
    assert isinstance(made(tmp_path, f'sender = "handoff"\nhandoff_address = "{SATO}"'), HandoffInvitation)


def test_webhook_and_slack_take_their_secret_from_a_file(tmp_path: Path) -> None:
    pytest.importorskip("httpx")
    pytest.importorskip("slack_sdk")
    place = secret(tmp_path)
    hook = made(tmp_path, HOOK.format(place))
    assert "s3cret" == getattr(hook, "secret", "")
    lines = f'sender = "slack"\nslack_token_file = "{place}"\nslack_team = "T1"\nslack_channels = ["C1"]'
    assert "s3cret" == made(tmp_path, lines).client.token  # type: ignore[attr-defined]


def test_an_empty_secret_is_refused(tmp_path: Path) -> None:
    pytest.importorskip("httpx")
    place = secret(tmp_path, "\n")
    with pytest.raises(SettingsError, match="empty"):
        made(tmp_path, HOOK.format(place))


def test_a_library_that_is_not_installed_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "httpx", None)
    monkeypatch.delitem(sys.modules, "gateway.net.invitations.webhook", raising=False)
    place = secret(tmp_path)
    with pytest.raises(SettingsError, match=r"intake-gateway\[invite\]"):
        made(tmp_path, HOOK.format(place))
