"""Settings: the shipped example is usable and complete, each bad one is refused with key and remedy."""

import os
import re
import tomllib
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from gateway import settings
from gateway.app.wiring import values
from gateway.cli import main
from gateway.net.host import systemd
from gateway.net.smtp.limits.resource_usage import FRONT_TIMES, count_fronts
from gateway.settings import reference
from gateway.settings.recommendations import list_recommendations
from tests.support.paths import CONFIG, ROOT

EXAMPLE = CONFIG / "gateway.toml"
BAD = sorted((ROOT / "tests" / "bad_configs").iterdir())


def test_there_are_bad_settings_to_refuse() -> None:
    assert 20 <= len(BAD)


@pytest.mark.parametrize("folder", BAD, ids=lambda folder: folder.name)
def test_bad_settings_end_with_78_and_say_what_is_wrong(folder: Path) -> None:
    for secret in folder.glob("password"):
        secret.chmod(0o644)  # git keeps no modes
    result = CliRunner().invoke(main, ["config", "check", "--config", str(folder)])
    assert 78 == result.exit_code
    assert str(folder / "gateway.toml") in result.output
    for words in (folder / "says").read_text(encoding="utf-8").splitlines():
        assert words in result.output


def test_missing_settings_end_with_78() -> None:
    result = CliRunner().invoke(main, ["config", "check", "--config", "nowhere/gateway.toml"])
    assert 78 == result.exit_code
    assert "nowhere/gateway.toml: cannot be read" in result.output


def test_the_shipped_example_can_be_used() -> None:
    result = CliRunner().invoke(main, ["config", "check", "--config", str(EXAMPLE)])
    assert (0, True) == (result.exit_code, "are valid" in result.output)


def test_the_shipped_example_names_every_key_with_its_default() -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    for section in msgspec.structs.fields(settings.Settings):
        if section.name == "staff":
            continue
        block = re.search(rf"(?ms)^\[{section.name}\]\n(.*?)(?=^\[|\Z)", text)
        assert block, f"[{section.name}] is not in the example"
        for key in msgspec.structs.fields(section.type):
            assert re.search(rf"(?m)^#?\[?(?:{section.name}\.)?{key.name}\b", block.group(1) + text), key.name


def test_every_commented_default_in_the_example_is_the_real_one() -> None:
    bare = settings.load(EXAMPLE)
    uncommented = re.sub(r"(?m)^#(\w+ = .*)$", r"\1", EXAMPLE.read_text(encoding="utf-8"))
    assert bare == settings.parse(uncommented.encode(), "example")


def test_each_default_in_the_example_is_the_codes_own() -> None:
    """Key by key: a value that stands in the example twice or in the wrong table would be found here."""
    text = EXAMPLE.read_text(encoding="utf-8")
    for key in reference.list_keys(text):
        table, _, name = key.name.partition(".")
        block = re.search(rf"(?ms)^\[\[?{table}\]\]?\n(.*?)(?=^\[|\Z)", text)
        assert block, f"[{table}] is not in the example"
        written = re.findall(rf"(?m)^(#?){name} = (.*)$", block.group(1))
        if key.name == "eligibility.own_domains":
            assert "{}" == key.default
        elif key.default is None or not written[0][0]:
            assert [""] == [mark for mark, _ in written], f"{key.name} must be given"
        else:
            assert [("#", key.default)] == written, key.name


def test_every_key_is_explained_in_the_example() -> None:
    unexplained = [
        key.name for key in reference.list_keys(EXAMPLE.read_text(encoding="utf-8")) if not key.text
    ]
    assert [] == unexplained


def test_the_shipped_schema_is_that_of_the_code() -> None:
    result = CliRunner().invoke(main, ["config", "schema"])
    shipped = (EXAMPLE.parent / "gateway.schema.json").read_text(encoding="utf-8")
    assert shipped == result.output, "run: gateway config schema > config/gateway.schema.json"


@given(
    st.recursive(
        st.booleans() | st.integers(-(2**53), 2**53) | st.text(st.characters(codec="utf-8")) | st.dates(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc.あ", max_size=3), inner),
        max_leaves=6,
    )
)
def test_a_value_is_written_so_that_toml_reads_it_back(value: object) -> None:
    assert value == tomllib.loads(f"a = {reference.format_toml(value)}")["a"]


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["describe", "desk.open_days"], 0, ["whole number, from 1", "default: 3", "hear from the desk"]),
        (["describe", "desk.domain"], 0, ["a value is required"]),
        (["describe", "delivery"], 0, ["delivery.transport", '"smarthost"']),
        (["describe", "desk.opendays"], 1, ["did you mean 'desk.open_days'"]),
        (["describe", "zzzzzz"], 1, ["see `gateway config describe`"]),
        (["describe", "desk.digest_hour", "--json"], 0, ['"kind": "whole number, from 0 to 23"']),
    ],
)
def test_config_describe_explains_keys(arguments: list[str], code: int, words: list[str]) -> None:
    result = CliRunner().invoke(main, ["config", *arguments])
    assert code == result.exit_code
    for word in words:
        assert word in result.output


def test_config_show_changed_leaves_out_the_defaults() -> None:
    result = CliRunner().invoke(main, ["config", "show", "--changed", "--config", str(EXAMPLE), "--json"])
    assert 0 == result.exit_code
    assert ["desk.domain", "invitation.join_link", "staff[0]"] == list(msgspec.json.decode(result.output))


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("", "", "desk.contact"),
        ("", "", "staff"),
        ("", "", "listen.tls_certificate"),
        ("", "", "delivery.host"),
        ("", "", "delivery.dkim_key"),
        ("", "", "invitation.join_link"),
        ("#examiners = 0", "examiners = 1", "listen.examiners"),
        ("https://join.example/replace-me", "http://join.example/x", "invitation.join_link"),
        ("#relay_addresses = []", 'relay_addresses = ["10.0.0.0/8"]', "trust.relay_addresses"),
        ('#transport = "smarthost"', 'transport = "maildir"\nmaildir = "x"', "delivery.transport"),
        ('#host = "localhost"', 'host = "mail.example"\nusername = "u"\npassword_file = "p"', "delivery.tls"),
    ],
)
def test_config_check_warns_of_what_is_probably_not_meant(
    tmp_path: Path, old: str, new: str, key: str
) -> None:
    text = EXAMPLE.read_text(encoding="utf-8").replace(old, new, 1)
    text = text.replace(
        "#relay_authserv_ids = []", 'relay_authserv_ids = ["a.example"]' if "relay" in old else ""
    )
    if 'username = "u"' in new:
        text = text.replace('#username = ""\n#password_file = ""\n', "")
    (tmp_path / "p").write_text("made up")
    (tmp_path / "p").chmod(0o600)
    (tmp_path / "gateway.toml").write_text(text, encoding="utf-8")
    result = CliRunner().invoke(main, ["config", "check", "--config", str(tmp_path), "--json"])
    assert 0 == result.exit_code, result.output
    assert key in {warning["key"] for warning in msgspec.json.decode(result.output)["warnings"]}


def test_config_check_has_nothing_to_say_of_careful_settings() -> None:
    careful = settings.parse(
        (EXAMPLE.parent.parent / "tests" / "data" / "careful.toml").read_bytes(),
        str(EXAMPLE.parent.parent / "tests" / "data" / "careful.toml"),
    )
    found = {one.key for one in list_recommendations(careful)}
    assert {"listen.tls_certificate", "delivery.dkim_key"} == found, "which need keys"


@pytest.mark.parametrize(
    ("more", "warned"),
    [
        ("", False),
        ("[listen]\nfront_processes = 1", False),
        ("[listen]\nfront_processes = 2", False),
        ("[limits]\nin_flight_bytes = 400_000_000", True),
    ],
)
def test_config_check_compares_processes_and_mails_in_flight_with_the_units_memory(
    more: str, warned: bool
) -> None:
    careful = (EXAMPLE.parent.parent / "tests" / "data" / "careful.toml").read_text(encoding="utf-8")
    table, _, key = more.partition("\n")
    text = careful.replace(table, more, 1) if table and table in careful else f"{careful}\n{more}\n"
    memory_max = systemd.unit_memory_max((EXAMPLE.parent.parent / "systemd",))
    found = {one.key for one in list_recommendations(settings.parse(text.encode(), "x"), memory_max)}
    assert warned == ("limits.in_flight_bytes" in found), key


def test_each_front_has_room_for_a_mail_of_the_largest_size() -> None:
    text = EXAMPLE.read_text(encoding="utf-8").replace('#front_processes = "auto"', "front_processes = 2")
    found = values.build_limits(settings.parse(text.encode(), str(EXAMPLE)))
    assert FRONT_TIMES == found.handled_times
    text = text.replace("#in_flight_bytes = 256000000", "in_flight_bytes = 81000000")
    with pytest.raises(settings.SettingsError, match=r"at least 8 times limits\.message_bytes"):
        settings.parse(text.encode(), str(EXAMPLE))


@pytest.mark.parametrize(("cores", "fronts"), [(1, 1), (2, 1), (3, 1), (4, 2), (64, 2)])
def test_auto_is_one_front_on_up_to_three_cores_else_two(
    cores: int, fronts: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(cores)))
    assert fronts == count_fronts("auto")


def test_config_show_gives_every_value_as_json() -> None:
    result = CliRunner().invoke(main, ["config", "show", "--config", str(EXAMPLE), "--json"])
    assert 0 == result.exit_code
    assert 3 == msgspec.json.decode(result.output)["desk"]["open_days"]


@pytest.mark.parametrize("variable", ["GATEWAY_CONFIG_DIR", "CONFIGURATION_DIRECTORY"])
def test_the_settings_folder_may_come_from_the_environment(
    variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, str(EXAMPLE.parent))
    assert EXAMPLE == settings.find_settings_file(None)


@pytest.mark.parametrize(
    ("host", "listening", "is_own"),
    [
        ("localhost", "0.0.0.0", True),  # noqa: S104 - compared, not bound
        ("127.0.0.1", "::", True),
        ("::1", "127.0.0.1", True),
        ("localhost", "192.0.2.26", False),
        ("192.0.2.26", "192.0.2.26", True),
        ("192.0.2.25", "192.0.2.26", False),
        ("smtp.example.jp", "0.0.0.0", False),  # noqa: S104 - compared, not bound
    ],
)
def test_the_smarthost_is_the_gateway_itself_only_where_it_listens(
    host: str, listening: str, is_own: bool
) -> None:
    """A Postfix may have port 25 of loopback while the gateway has that of its own address."""
    text = EXAMPLE.read_text(encoding="utf-8")
    bare = settings.parse(text.encode(), "example")
    listen = msgspec.structs.replace(bare.listen, host=listening, port=25)
    delivery = msgspec.structs.replace(bare.delivery, transport="smarthost", host=host, port=25)
    found = list_recommendations(msgspec.structs.replace(bare, listen=listen, delivery=delivery))
    assert is_own is any("is the gateway itself" in one.text for one in found)
