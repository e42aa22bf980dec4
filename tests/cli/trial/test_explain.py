"""`gateway explain`: each step of the proof, the class, the intent, what would happen; nothing changes."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from gateway.cli import main
from tests.support.paths import CONFIG

SETTINGS = str(CONFIG / "gateway.toml")
ZONE = """\
town.mihon.lg.jp MX 10 mx.town.mihon.lg.jp
mx.town.mihon.lg.jp A 192.0.2.10
town.mihon.lg.jp TXT v=spf1 ip4:192.0.2.0/24 -all
jitaku.example MX 10 mx.jitaku.example
mx.jitaku.example A 192.0.2.11
jitaku.example TXT v=spf1 ip4:192.0.2.0/24 -all
"""
FORM = """区分: 自治体
団体名: 見本町
全国地方公共団体コード: 131016
部署名: 情報政策課
氏名: 見本 花子
規約への同意: 同意する
"""


def eml(author: str = "hanako@town.mihon.lg.jp", text: str = FORM, *headers: str) -> str:
    """A file as mail programs save it, with bare line feeds."""
    return "\n".join([f"From: <{author}>", "Content-Type: text/plain; charset=utf-8", *headers, "", text])


def explain(tmp_path: Path, mail: str, *options: str, zone: str = ZONE) -> dict[str, Any]:
    (tmp_path / "mail.eml").write_text(mail, encoding="utf-8")
    (tmp_path / "answers.zone").write_text(zone, encoding="utf-8")
    arguments = ["--zone", str(tmp_path / "answers.zone"), "--config", SETTINGS, "--json", *options]
    result = CliRunner().invoke(main, ["explain", str(tmp_path / "mail.eml"), *arguments])
    assert 0 == result.exit_code, result.output
    told: dict[str, Any] = json.loads(result.output)
    return told


@pytest.mark.parametrize(
    ("mail", "kind", "state"),
    [
        pytest.param(eml(), "application", "under_review", id="complete"),
        pytest.param(eml("jiro@jitaku.example"), "application", "awaiting_affiliation", id="private"),
        pytest.param(eml(text="氏名: 見本"), "application", "needs_information", id="incomplete"),
        pytest.param(eml(text="こんにちは"), "unknown", None, id="no-form"),
        pytest.param(
            eml("hanako@town.mihon.lg.jp", FORM, "Auto-Submitted: auto-replied"),
            "automatic",
            None,
            id="automatic",
        ),
    ],
)
def test_explains_what_would_happen(tmp_path: Path, mail: str, kind: str, state: str | None) -> None:
    told = explain(tmp_path, mail)
    assert (kind, state) == (told["class"], told["state"])
    assert told["reply"].startswith("250")
    assert "pass" == told["verdict"]["spf"]["result"]


@pytest.mark.parametrize(
    ("mail", "options", "reply"),
    [
        pytest.param(eml(), ["--from-ip", "198.51.100.7"], "550 5.7.26", id="not-admitted-by-spf"),
        pytest.param("no mail at all", [], "550 5.6.0", id="no-mail"),
        pytest.param(eml("x@gw.example.go.jp"), [], "550 5.7.1", id="our-own-domain"),
        pytest.param(eml(), ["--rcpt-to", "decide+abc@gw.example.go.jp"], "550 5.1.1", id="unknown-token"),
    ],
)
def test_explains_why_a_mail_is_refused(tmp_path: Path, mail: str, options: list[str], reply: str) -> None:
    assert explain(tmp_path, mail, *options)["reply"].startswith(reply)


def test_explains_dns_trouble(tmp_path: Path) -> None:
    told = explain(tmp_path, eml(), zone="town.mihon.lg.jp TEMPFAIL\n")
    assert told["reply"].startswith("451 4.4.3")
    assert "temperror" == told["verdict"]["spf"]["result"]


def test_shows_every_dns_answer(tmp_path: Path) -> None:
    seen = {(one["rtype"], one["name"]) for one in explain(tmp_path, eml())["verdict"]["answers"]}
    assert {
        ("TXT", "town.mihon.lg.jp"),
        ("MX", "town.mihon.lg.jp"),
        ("TXT", "_dmarc.town.mihon.lg.jp"),
    } <= seen


def test_the_table_is_readable_and_says_the_reply(tmp_path: Path) -> None:
    (tmp_path / "mail.eml").write_text(eml(), encoding="utf-8")
    (tmp_path / "answers.zone").write_text(ZONE, encoding="utf-8")
    arguments = [
        "explain",
        str(tmp_path / "mail.eml"),
        "--zone",
        str(tmp_path / "answers.zone"),
        "--config",
        SETTINGS,
    ]
    result = CliRunner().invoke(main, arguments)
    assert 0 == result.exit_code
    for words in ("SPF", "town.mihon.lg.jp", "under_review", "250 2.0.0 Message accepted", "見本 花子"):
        assert words in result.output


@pytest.mark.parametrize(
    ("options", "words"),
    [(["--from-ip", "nowhere"], "IPv4 or IPv6"), (["--mail-from", "nowhere"], "expected an ASCII address")],
)
def test_bad_options_are_named(tmp_path: Path, options: list[str], words: str) -> None:
    (tmp_path / "mail.eml").write_text(eml(), encoding="utf-8")
    result = CliRunner().invoke(main, ["explain", str(tmp_path / "mail.eml"), "--config", SETTINGS, *options])
    assert 2 == result.exit_code
    assert words in result.output


def test_a_bad_zone_is_named_by_its_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "mail.eml").write_text(eml(), encoding="utf-8")
    zone = tmp_path / "answers.zone"
    zone.write_text(f"{ZONE}\na.example MX host\n", encoding="utf-8")
    line = zone.read_text(encoding="utf-8").count("\n")
    arguments = ["explain", str(tmp_path / "mail.eml"), "--config", SETTINGS, "--zone", str(zone)]
    result = CliRunner().invoke(main, arguments)
    assert 2 == result.exit_code
    assert f"{zone}: line {line}: " in result.output
    assert "NAME MX PREFERENCE HOST" in result.output
