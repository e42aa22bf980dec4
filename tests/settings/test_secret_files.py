"""Secrets come from credentials, or from files that only their owner can read."""

import os
import re
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway import settings
from gateway.net.host.desk_units import DeskUnits
from gateway.settings import secret_files
from tests.support.paths import ROOT

TEXT = """
[desk]
domain = "gw.example.go.jp"
[[staff]]
address = "tanto@example.go.jp"
name = "担当"
[invitation]
join_link = "https://join.example/x"
[delivery]
username = "gateway"
password_file = "NAME"
"""
BARE = TEXT.partition("[delivery]")[0]


def written(folder: Path, name: str, place: Path, mode: int) -> Path:
    """Settings in `folder` that name the password `name`, which lies at `place`."""
    place.parent.mkdir(exist_ok=True)
    place.write_text("made up")
    place.chmod(mode)
    (folder / "gateway.toml").write_text(TEXT.replace("NAME", name), encoding="utf-8")
    return folder / "gateway.toml"


@pytest.mark.parametrize("mode", [0o600, 0o400])
def test_a_secret_of_its_owner_is_taken(tmp_path: Path, mode: int) -> None:
    path = written(tmp_path, "password", tmp_path / "password", mode)
    assert str(tmp_path / "password") == settings.load(path).delivery.password_file


@pytest.mark.parametrize("mode", [0o640, 0o644, 0o604, 0o620])
def test_a_secret_that_others_have_access_to_is_refused(tmp_path: Path, mode: int) -> None:
    path = written(tmp_path, "password", tmp_path / "password", mode)
    with pytest.raises(settings.SettingsError, match=rf"mode {mode:04o}.*chmod 600"):
        settings.load(path)


def test_a_credential_stands_before_a_file_and_its_mode_is_the_managers_affair(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    handed = tmp_path / "credentials"
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(handed))
    (tmp_path / "gateway.smarthost.password").write_text("another")
    path = written(tmp_path, "gateway.smarthost.password", handed / "gateway.smarthost.password", 0o440)
    assert str(handed / "gateway.smarthost.password") == settings.load(path).delivery.password_file


def test_a_relative_path_begins_at_the_settings(tmp_path: Path) -> None:
    path = written(tmp_path, "keys/password", tmp_path / "keys" / "password", 0o600)
    assert str(tmp_path / "keys" / "password") == settings.load(path).delivery.password_file


def test_a_store_that_this_user_may_not_search_is_left_to_the_service(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`gateway case list` as the user gateway: the keys are root's, and not needed for it."""

    def is_file(place: Path) -> bool:
        if place.is_relative_to("/etc/credstore"):
            raise PermissionError(place)
        return False

    (tmp_path / "gateway.toml").write_text(TEXT.replace("NAME", "gateway.password"), encoding="utf-8")
    monkeypatch.setattr(Path, "is_file", is_file)
    found = settings.load(tmp_path / "gateway.toml").delivery.password_file
    assert "/etc/credstore/gateway.password" == found


def test_a_credential_that_systemd_did_not_hand_over_is_said_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not looked for in the store, which is closed to the service."""
    path = written(tmp_path, "gateway.smarthost.password", tmp_path / "elsewhere" / "x", 0o600)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path / "handed"))
    with pytest.raises(
        settings.SettingsError, match=r"LoadCredential=gateway\.smarthost\.password"
    ) as caught:
        settings.load(path)
    assert "/etc/credstore/gateway" not in str(caught.value)


@given(
    key=st.sampled_from(secret_files.SERVICE_KEYS),
    name=st.from_regex(r"[a-z][a-z0-9]{0,20}", fullmatch=True),
)
def test_a_command_never_asks_for_a_key(key: str, name: str) -> None:
    """Any of them may be missing, whatever its name; a missing file that commands need is still said."""
    bare = settings.parse(BARE.encode(), "/nowhere/gateway.toml")
    named = secret_files.set_key(bare, key, f"{name}.missing")
    found = secret_files.resolve_files(named, "/nowhere/gateway.toml", serving=False)
    assert (key,) == secret_files.list_unreadable(found)
    assert "" == secret_files.get_key(secret_files.without_files(found, (key,)), key)
    with pytest.raises(settings.SettingsError, match=f"{name}.missing"):
        secret_files.resolve_files(named, "/nowhere/gateway.toml")
    other = secret_files.set_key(bare, "desk.rules_file", f"{name}.missing")
    with pytest.raises(settings.SettingsError, match=r"desk\.rules_file"):
        secret_files.resolve_files(other, "/nowhere/gateway.toml", serving=False)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_a_secret_of_another_user_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, "password", tmp_path / "password", 0o600)
    os.chown(tmp_path / "password", 65534, 65534)
    with pytest.raises(settings.SettingsError, match="is owned by user 65534"):
        settings.load(path)


def test_a_credential_that_was_changed_since_the_start_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also one that was copied with the time of its original, and an encrypted one."""
    monkeypatch.setattr(secret_files, "CREDENTIAL_STORE", tmp_path / "plain")
    monkeypatch.setattr(secret_files, "ENCRYPTED_STORE", tmp_path / "encrypted")
    bare = settings.parse(BARE.encode(), "/nowhere/gateway.toml")
    for key, name in (("delivery.dkim_key", "gateway.dkim.key"), ("listen.tls_key", "gateway.tls.key")):
        bare = secret_files.set_key(bare, key, f"/run/credentials/{name}")
    for folder, name in (("plain", "gateway.dkim.key"), ("encrypted", "gateway.tls.key")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / name).write_text("x")
        os.utime(tmp_path / folder / name, (0, 0))
    (tmp_path / "plain" / "another").write_text("x")
    assert ["gateway.dkim.key", "gateway.tls.key"] == secret_files.changed_since(bare, time.time() - 60)
    assert [] == secret_files.changed_since(bare, time.time() + 60)
    assert [] == secret_files.changed_since(bare, time.time() - 60, DeskUnits("a"))
    (tmp_path / "plain" / "gateway-a.dkim.key").write_text("x")
    assert ["gateway-a.dkim.key"] == secret_files.changed_since(bare, time.time() - 60, DeskUnits("a"))


def test_no_desk_takes_the_credential_of_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the store both lie side by side; only the name tells whose each is."""
    monkeypatch.setattr(secret_files, "CREDENTIAL_STORE", tmp_path)
    (tmp_path / "gateway.dkim.key").write_text("the first desk's")
    bare = settings.parse(BARE.encode(), "/nowhere/gateway.toml")
    named = secret_files.set_key(bare, "delivery.dkim_key", "gateway.dkim.key")
    with pytest.raises(settings.SettingsError, match=r"gateway-town\.dkim\.key"):
        secret_files.resolve_files(named, "/etc/gateway-town/gateway.toml")
    (tmp_path / "gateway-town.dkim.key").write_text("the town's")
    for source, name in (("gateway-town", "gateway-town.dkim.key"), ("gateway", "gateway.dkim.key")):
        found = secret_files.resolve_files(named, f"/etc/{source}/gateway.toml")
        assert str(tmp_path / name) == found.delivery.dkim_key
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path / "handed"))
    line = r"LoadCredential=gateway\.tls\.key:gateway-town\.tls\.key \(systemctl edit gateway@town\)"
    with pytest.raises(settings.SettingsError, match=line):
        secret_files.resolve_files(
            secret_files.set_key(bare, "listen.tls_key", "gateway.tls.key"), "/etc/gateway-town/gateway.toml"
        )


def test_the_unit_and_the_manual_name_the_closed_list() -> None:
    names = [one.name for one in secret_files.CREDENTIALS]
    unit = (ROOT / "systemd" / "gateway.service").read_text(encoding="utf-8")
    assert names == re.findall(r"(?m)^LoadCredential=(\S+)$", unit)
    manual = (ROOT / "docs" / "operate" / "index.md").read_text(encoding="utf-8")
    told = re.findall(r"(?m)^\| `(gateway\.\S+)` \| (\S+) \| (.+) \|$", manual)
    wanted = [(one.name, f"`{one.key}`" if one.key else "-", one.reader) for one in secret_files.CREDENTIALS]
    assert wanted == told
    assert set(secret_files.SERVICE_KEYS) == {one.key for one in secret_files.CREDENTIALS if one.key}
