"""Where a new desk's files go: each of several has names of its own."""

from __future__ import annotations

import grp
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from gateway.app.install import files
from gateway.app.install.files import Answers, locate_secret, write_files
from gateway.net.host import desk_units

ANSWERS = Answers(
    {"desk.domain": "gw.example.go.jp", "invitation.join_link": "https://join.example/x"},
    [("sato@example.go.jp", "佐藤")],
    password="s",  # noqa: S106 - made up
)
NOW = datetime(2026, 11, 24, tzinfo=UTC)


@pytest.mark.parametrize(
    ("folder", "place"),
    [
        ("/etc/gateway", "/etc/credstore/gateway.dkim.key"),
        ("/etc/gateway-town", "/etc/credstore/gateway-town.dkim.key"),
        ("/srv/trial", "/srv/trial/gateway.dkim.key"),
        ("/home/me/gateway-town", "/home/me/gateway-town/gateway.dkim.key"),
    ],
)
def test_a_secret_lies_under_its_desk_s_name(folder: str, place: str) -> None:
    assert Path(place) == locate_secret(Path(folder), files.DKIM_KEY)


def test_a_further_desk_shares_no_file_and_no_group_with_the_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Settings name the credentials as every desk's do; where they lie and whose they are differs."""
    etc, store = tmp_path / "etc", tmp_path / "etc" / "credstore"
    given: list[tuple[Path, int, int]] = []
    asked: list[str] = []
    monkeypatch.setattr(desk_units, "_PLACES", (etc,))
    monkeypatch.setattr(files, "CREDENTIAL_STORE", store)
    monkeypatch.setattr("os.geteuid", lambda: 0)
    monkeypatch.setattr("os.chown", lambda *call: given.append(call))
    monkeypatch.setattr(grp, "getgrnam", lambda name: asked.append(name) or SimpleNamespace(gr_gid=4242))
    written = write_files(etc / "gateway-town", ANSWERS, NOW)
    names = {"dkim.key", "tls.key", "tls.crt", "smarthost.password"}
    assert {f"gateway-town.{name}" for name in names} == {each.name for each in store.iterdir()}
    assert {0o600} == {each.stat().st_mode & 0o777 for each in store.iterdir()}
    settings = tomllib.loads((etc / "gateway-town/gateway.toml").read_text("utf-8"))
    assert "gateway.dkim.key" == settings["delivery"]["dkim_key"]
    assert "/var/lib/gateway-town/gateway.db" == settings["store"]["path"]
    assert (["gateway-town"], {4242}) == (asked, {group for _, _, group in given})
    assert {etc / "gateway-town", etc / "gateway-town/gateway.toml"} == {place for place, _, _ in given}
    assert 5 == len(written)
