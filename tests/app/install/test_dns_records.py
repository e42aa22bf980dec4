"""The records to publish: right for each way out, and a zone file that a name server reads."""

import json
import re
from pathlib import Path

import dns.zone
import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from gateway import settings
from gateway.app.install import dns_records
from gateway.auth.dkim import key_record
from gateway.cli import main
from tests.support.paths import DATA

CAREFUL = (DATA / "careful.toml").read_text(encoding="utf-8")
SOA = "@ 3600 IN SOA ns.invalid. hostmaster.invalid. 1 3600 600 86400 60\n@ 3600 IN NS ns.invalid.\n"


@pytest.fixture(scope="module")
def key() -> bytes:
    made = generate_private_key(65537, 2048)
    return made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def folder_with(tmp_path: Path, key: bytes, delivery: str = 'host = "localhost"', listen: str = "") -> Path:
    """Settings with a DKIM key and two addresses."""
    (tmp_path / "dkim.key").write_bytes(key)
    (tmp_path / "dkim.key").chmod(0o600)
    text = re.sub(r"(?s)\[delivery\].*?\n\n", "", CAREFUL)
    text += f'\n[delivery]\n{delivery}\ndkim_selector = "s1"\ndkim_key = "dkim.key"\n'
    text += f'[listen]\npublic_addresses = ["192.0.2.25", "2001:db8::25"]\n{listen}\n'
    (tmp_path / "gateway.toml").write_text(text, encoding="utf-8")
    return tmp_path


def run(folder: Path, *arguments: str) -> str:
    result = CliRunner().invoke(main, ["dns", "--config", str(folder), *arguments])
    assert 0 == result.exit_code, result.output
    return result.stdout


@pytest.mark.parametrize(
    ("delivery", "record"),
    [
        ('transport = "mx"', "v=spf1 mx -all"),
        ('host = "localhost"', "v=spf1 mx -all"),
        ('host = "127.0.0.1"', "v=spf1 mx -all"),
        ('host = "::1"', "v=spf1 mx -all"),
        ('host = "smtp.example.jp"', "v=spf1 a:smtp.example.jp -all"),
        ('host = "192.0.2.7"', "v=spf1 ip4:192.0.2.7 -all"),
        ('host = "2001:db8::7"', "v=spf1 ip6:2001:db8::7 -all"),
        (
            'host = "smtp.example.jp"\nspf_terms = ["include:spf.example.jp", "ip4:192.0.2.0/24"]',
            "v=spf1 include:spf.example.jp ip4:192.0.2.0/24 -all",
        ),
        ('transport = "maildir"\nmaildir = "x"', "v=spf1 -all"),
    ],
)
def test_spf_names_the_letters_way_out_and_nobody_else(
    tmp_path: Path, key: bytes, delivery: str, record: str
) -> None:
    config = settings.load(folder_with(tmp_path, key, delivery) / "gateway.toml")
    assert record == dns_records.spf_record(config)


def test_the_zone_file_is_read_by_a_name_server_and_holds_every_record(tmp_path: Path, key: bytes) -> None:
    folder = folder_with(tmp_path, key)
    text = run(folder, "--zone")
    assert all(len(string) <= 255 for string in re.findall(r'"([^"]*)"', text))
    zone = dns.zone.from_text(SOA + text, origin="gw.example.go.jp.", relativize=False)
    apex = "gw.example.go.jp."
    assert "10 gw.example.go.jp." == zone.get_rdataset(apex, "MX")[0].to_text()
    assert ["192.0.2.25"] == [one.to_text() for one in zone.get_rdataset(apex, "A")]
    assert ["2001:db8::25"] == [one.to_text() for one in zone.get_rdataset(apex, "AAAA")]
    assert ['"v=spf1 mx -all"'] == [one.to_text() for one in zone.get_rdataset(apex, "TXT")]
    assert ['"v=DMARC1; p=reject"'] == [one.to_text() for one in zone.get_rdataset(f"_dmarc.{apex}", "TXT")]
    strings = zone.get_rdataset(f"s1._domainkey.{apex}", "TXT")[0].strings
    assert 2048 == key_record.parse(b"".join(strings).decode()).bits


def test_a_second_key_has_its_record(tmp_path: Path, key: bytes) -> None:
    folder = folder_with(tmp_path, key, 'dkim_second_selector = "s2"\ndkim_second_key = "dkim.key"')
    cards = json.loads(run(folder, "--json"))
    assert ["s1._domainkey", "s2._domainkey"] == [
        card["relative_name"] for card in cards if "DKIM1" in card["value"]
    ]


def test_names_are_told_as_the_zone_above_wants_them(tmp_path: Path, key: bytes) -> None:
    cards = json.loads(run(folder_with(tmp_path, key), "--json", "--origin", "Example.go.jp."))
    assert ["gw", "gw", "gw", "gw", "s1._domainkey.gw", "_dmarc.gw"] == [
        card["relative_name"] for card in cards if not card["by_others"]
    ]
    assert ["PTR", "PTR"] == [card["type"] for card in cards if card["by_others"]]


def test_a_host_name_in_another_zone_is_told_as_such(tmp_path: Path, key: bytes) -> None:
    text = run(folder_with(tmp_path, key, listen='hostname = "mx.city.example"'), "--zone")
    assert "; mx.city.example. IN A 192.0.2.25" in text
    assert "@ IN MX 10 mx.city.example." in text


@pytest.mark.parametrize(
    ("delivery", "listen", "wanted"),
    [
        ('host = "localhost"', "", None),
        ('host = "localhost"', 'hostname = "mx.gw.example.go.jp"', ("mx.gw.example.go.jp", "v=spf1 a -all")),
        (
            'host = "localhost"\nhelo_name = "post.gw.example.go.jp"',
            "",
            ("post.gw.example.go.jp", "v=spf1 a -all"),
        ),
        (
            'host = "smtp.example.jp"\nhelo_name = "post.gw.example.go.jp"\nspf_terms = ["ip4:192.0.2.9"]',
            "",
            ("post.gw.example.go.jp", "v=spf1 ip4:192.0.2.9 -all"),
        ),
        ('host = "smtp.example.jp"', 'hostname = "mx.gw.example.go.jp"', None),
    ],
)
def test_the_name_in_helo_of_the_true_way_out_has_its_record(
    tmp_path: Path, key: bytes, delivery: str, listen: str, wanted: tuple[str, str] | None
) -> None:
    """RFC 7208 section 2.3; that of somebody else's smarthost is not ours to publish."""
    cards = json.loads(run(folder_with(tmp_path, key, delivery, listen), "--json"))
    found = [(one["name"], one["value"]) for one in cards if one["why"].startswith("SPF for the HELO name")]
    assert found == ([] if wanted is None else [wanted])


def test_the_reverse_zone_has_whole_names(tmp_path: Path, key: bytes) -> None:
    lines = run(folder_with(tmp_path, key), "--reverse").splitlines()
    assert "25.2.0.192.in-addr.arpa. 3600 IN PTR gw.example.go.jp." == lines[0]
    assert lines[1].endswith(".8.b.d.0.1.0.0.2.ip6.arpa. 3600 IN PTR gw.example.go.jp.")


def test_nobody_is_asked_for_a_ptr_when_a_smarthost_sends(tmp_path: Path, key: bytes) -> None:
    assert "" == run(folder_with(tmp_path, key, 'host = "smtp.example.jp"'), "--reverse")


def test_without_a_key_the_policy_is_weak_and_the_gap_is_told(tmp_path: Path) -> None:
    (tmp_path / "gateway.toml").write_text(CAREFUL, encoding="utf-8")
    result = CliRunner().invoke(main, ["dns", "--config", str(tmp_path)])
    assert "v=DMARC1; p=none" in result.stdout
    assert "mail is sent unsigned" in result.stderr
    assert "public_addresses is empty" in result.stderr


def test_the_cards_never_show_the_private_key(tmp_path: Path, key: bytes) -> None:
    folder = folder_with(tmp_path, key)
    for form in ("--zone", "--json", "--reverse"):
        assert "PRIVATE" not in run(folder, form)
    shown = run(folder)
    assert "value: v=DKIM1; k=rsa; p=" in shown
    assert "PRIVATE" not in shown


@pytest.mark.parametrize("origin", ["example.jp", "other.gw.example.go.jp", "not a name"])
def test_a_zone_that_does_not_hold_the_domain_is_refused(tmp_path: Path, key: bytes, origin: str) -> None:
    result = CliRunner().invoke(
        main, ["dns", "--config", str(folder_with(tmp_path, key)), "--origin", origin]
    )
    assert (2, True) == (result.exit_code, "gw.example.go.jp is not in the zone" in result.output)


def test_a_broken_key_ends_with_78(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["dns", "--config", str(folder_with(tmp_path, b"no key"))])
    assert (78, True) == (result.exit_code, "dkim.key cannot be used" in result.output)


@pytest.mark.parametrize(
    ("text", "written"),
    [("a", '"a"'), ('say "x" \\', '"say \\"x\\" \\\\"'), ("x" * 256, '( "' + "x" * 255 + '"\n    "x" )')],
)
def test_txt_is_written_as_character_strings(text: str, written: str) -> None:
    assert written == dns_records.quote_txt(text)
