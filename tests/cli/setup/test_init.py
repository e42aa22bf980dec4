"""`gateway init`: what it writes can be used, what exists stays, and no secret is shown."""

import stat
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from gateway import settings
from gateway.auth.dkim.sign import load_key
from gateway.cli import main
from gateway.cli.shared import prompts
from tests.support.paths import CONFIG

BATCH = [
    "--batch", "--domain", "GW.Example.go.jp.", "--address", "192.0.2.25", "--address", "2001:db8::25",
    "--staff", "佐藤 花子 <sato@example.go.jp>", "--staff", "suzuki@example.go.jp",
    "--contact", '電話 03-0000-0000 "平日"', "--join-link", "https://join.example/t/kyoso",
    "--smarthost", "smtp.example.go.jp",
]  # fmt: skip


def init(folder: Path, *arguments: str, said: str = "") -> Result:
    return CliRunner().invoke(main, ["init", "--config", str(folder), *arguments], input=said)


def mode(place: Path) -> int:
    return stat.S_IMODE(place.stat().st_mode)


def test_what_it_writes_passes_the_check_and_says_what_was_said(tmp_path: Path) -> None:
    assert 0 == init(tmp_path / "gw", *BATCH).exit_code
    checked = CliRunner().invoke(main, ["config", "check", "--config", str(tmp_path / "gw")])
    assert (0, 1) == (checked.exit_code, checked.stderr.count("\n")), checked.output
    assert "rules_link" in checked.stderr  # which nobody was asked for
    config = settings.load(tmp_path / "gw" / "gateway.toml")
    assert "gw.example.go.jp" == config.desk.domain
    assert '電話 03-0000-0000 "平日"' == config.desk.contact
    assert [("sato@example.go.jp", "佐藤 花子"), ("suzuki@example.go.jp", "suzuki")] == [
        (one.address, one.name) for one in config.staff
    ]
    assert ("192.0.2.25", "2001:db8::25") == config.listen.public_addresses
    assert load_key(Path(config.delivery.dkim_key).read_bytes()).key_size == 2048  # type: ignore[union-attr]
    assert str(tmp_path / "gw" / "gateway.db") == config.store.path


def test_the_settings_keep_every_comment_of_the_example(tmp_path: Path) -> None:
    init(tmp_path, *BATCH)
    example = (CONFIG / "gateway.toml").read_text(encoding="utf-8")
    written = (tmp_path / "gateway.toml").read_text(encoding="utf-8")
    comments = [line for line in example.splitlines() if line.startswith("# ")]
    assert comments == [line for line in written.splitlines() if line.startswith("# ")]


def test_secrets_are_their_owners_alone_and_never_shown(tmp_path: Path) -> None:
    arguments = ["--username", "gw", "--password-file", "-"]
    result = init(tmp_path / "gw", *BATCH, *arguments, said="s3cr3t-made-up\n")
    assert 0 == result.exit_code, result.output
    for name in ("gateway.dkim.key", "gateway.tls.key", "gateway.smarthost.password"):
        place = tmp_path / "gw" / name
        assert 0o600 == mode(place)
        for line in place.read_text().splitlines():
            assert line not in result.output
    assert (0o640, 0o750) == (mode(tmp_path / "gw" / "gateway.toml"), mode(tmp_path / "gw"))
    assert "s3cr3t" not in (tmp_path / "gw" / "gateway.toml").read_text(encoding="utf-8")
    delivery = settings.load(tmp_path / "gw" / "gateway.toml").delivery
    assert ("smtp.example.go.jp", 587, "required", "gw") == (
        delivery.host, delivery.port, delivery.tls, delivery.username,
    )  # fmt: skip


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "gateway.toml").write_text("mine")
    result = init(tmp_path, *BATCH)
    assert (1, True) == (result.exit_code, "exists" in result.output)
    assert ["gateway.toml"] == [place.name for place in tmp_path.iterdir()]
    assert "mine" == (tmp_path / "gateway.toml").read_text()


def test_a_key_that_exists_is_kept(tmp_path: Path) -> None:
    init(tmp_path, *BATCH)
    key = (tmp_path / "gateway.dkim.key").read_bytes()
    certificate = (tmp_path / "gateway.tls.crt").read_bytes()
    (tmp_path / "gateway.toml").unlink()
    result = init(tmp_path, *BATCH)
    assert (0, True) == (result.exit_code, "existed, kept" in result.output)
    assert key == (tmp_path / "gateway.dkim.key").read_bytes()
    assert certificate == (tmp_path / "gateway.tls.crt").read_bytes()


def test_half_a_certificate_is_refused_before_the_settings_are_written(tmp_path: Path) -> None:
    (tmp_path / "gateway.tls.crt").write_text("mine")
    result = init(tmp_path, *BATCH)
    assert (1, True) == (result.exit_code, "contains only one of" in result.output)
    assert not (tmp_path / "gateway.toml").exists()


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        (["--domain", "no domain"], "not a domain name"),
        (["--staff", "nobody"], "expected NAME <ADDRESS>"),
        (["--address", "gw.example.go.jp"], "does not appear to be an IPv4 or IPv6 address"),
        (["--join-link", "join.example"], "must begin with https://"),
        (["--smarthost", "smtp.example:mail"], "is not a host"),
        (["--smarthost", "smtp.example", "--username", "gw"], "--password-file is missing"),
        (["--smarthost", "smtp.example", "--username", "gw", "--password-file", "-"], "password is empty"),
    ],
)
def test_a_wrong_answer_is_told_and_nothing_is_written(
    tmp_path: Path, changed: list[str], words: str
) -> None:
    result = init(tmp_path / "gw", *BATCH, *changed)
    assert (2, True) == (result.exit_code, words in result.output), result.output
    assert not (tmp_path / "gw").exists()


@pytest.mark.parametrize("option", ["--domain", "--staff", "--join-link", "--smarthost"])
def test_what_must_be_said_is_asked_for_by_name(tmp_path: Path, option: str) -> None:
    given: list[str] = []
    for name, value in zip(BATCH[1::2], BATCH[2::2], strict=True):
        given += [] if name == option else [name, value]
    result = init(tmp_path, "--batch", *given)
    assert (2, True) == (result.exit_code, f"{option} is missing" in result.output)


@pytest.mark.parametrize(
    ("arguments", "host", "port", "tls"),
    [
        (["--smarthost", "localhost"], "localhost", 25, "opportunistic"),
        (["--smarthost", "127.0.0.1:10025"], "127.0.0.1", 10025, "opportunistic"),
        (["--smarthost", "smtp.example:2525"], "smtp.example", 2525, "required"),
        (["--smarthost", "smtp.example", "--tls", "implicit"], "smtp.example", 465, "implicit"),
        (["--smarthost", "2001:db8::7"], "2001:db8::7", 587, "required"),
    ],
)
def test_the_smarthost_has_the_port_of_its_way_to_encrypt(
    tmp_path: Path, arguments: list[str], host: str, port: int, tls: str
) -> None:
    assert 0 == init(tmp_path, *BATCH, *arguments).exit_code
    delivery = settings.load(tmp_path / "gateway.toml").delivery
    assert (host, port, tls) == (delivery.host, delivery.port, delivery.tls)


def test_keys_may_be_left_out_and_letters_may_go_straight(tmp_path: Path) -> None:
    assert 0 == init(tmp_path, *BATCH, "--mx", "--no-dkim", "--no-certificate").exit_code
    assert ["gateway.toml"] == [place.name for place in tmp_path.iterdir()]
    assert "mx" == settings.load(tmp_path / "gateway.toml").delivery.transport


def test_a_person_is_asked_again_after_a_wrong_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prompts, "is_interactive", lambda: True)
    said = [
        "not a domain", "gw.example.go.jp", "", "見本県 受付", "電話", "", "佐藤 <sato@example.go.jp>", "y",
        "suzuki@example.go.jp", "n", "192.0.2.300", "192.0.2.25", "smtp.example.go.jp", "", "gw", "pass1",
        "pass1", "https://join.example/x", "", "", "", "",
    ]  # fmt: skip
    result = init(tmp_path / "gw", said="\n".join(said) + "\n")
    assert 0 == result.exit_code, result.output
    assert "is not a domain name (e.g. " in result.output
    assert "pass1" not in result.output
    config = settings.load(tmp_path / "gw" / "gateway.toml")
    assert ("見本県 受付", 2, ("192.0.2.25",)) == (
        config.desk.name, len(config.staff), config.listen.public_addresses,
    )  # fmt: skip
    assert "pass1\n" == (tmp_path / "gw" / "gateway.smarthost.password").read_text()
    assert result.output.index("[2/5]") < result.output.index(
        "Press Enter for the next step", result.output.index("[2/5]")
    )
