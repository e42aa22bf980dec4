"""Secrets come from credentials, or from files that only their owner can read."""

from pathlib import Path

import pytest

from gateway import settings

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
