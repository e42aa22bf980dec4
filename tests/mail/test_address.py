"""Addresses: ASCII atoms and dots in any order, a domain of LDH labels, nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.mail.address import Address, AddressError, is_domain, parse, parse_path

LABEL_63 = "b" * 63


@pytest.mark.parametrize(
    ("local_part", "domain", "text"),
    [
        ("rei", "city.mihon.example", "rei@city.mihon.example"),
        ("Rei", "city.mihon.example", "Rei@City.MIHON.example"),
        ("rei+x", "a.example", "rei+x@a.example"),
        ("!#$%&'*+-/?=^_`{|}~", "a.example", "!#$%&'*+-/?=^_`{|}~@a.example"),
        ("taro..x", "phone.example", "taro..x@phone.example"),
        ("taro.", "phone.example", "taro.@phone.example"),
        (".taro", "phone.example", ".taro@phone.example"),
        ("a" * 64, "a.example", "a" * 64 + "@a.example"),
        ("a", "xn--lgit-cpd.example", "a@xn--lgit-cpd.example"),
        ("a", f"{LABEL_63}.example", f"a@{LABEL_63}.example"),
        ("|", "a.example", "|@a.example"),
    ],
)
def test_address_is_read(local_part: str, domain: str, text: str) -> None:
    assert Address(local_part, domain) == parse(text)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "a",
            "@",
            "a@",
            "@a.example",
            "a@b",
            "a@@b.example",
            "a@b@c.example",
            "a b@c.example",
            " a@b.example",
        ),
        *(
            "a@b.example ",
            "a@b.example\n",
            "a@b.example\r\nX: y",
            "a\x00@b.example",
            "a@b\x00.example",
            "<a@b.example>",
        ),
        *(
            '"a"@b.example',
            '"a@x.example"@b.example',
            "a(x)@b.example",
            "a@b.example(x)",
            "a@b.example.",
            "a@.example",
        ),
        *("a@b..example", "a@-b.example", "a@b-.example", "a@b_c.example", "a@[192.0.2.1]", "a@[IPv6:::1]"),
        *("é@b.example", "a@é.example", "a@℡.example", "a@b.examp\u217ee", "a＠b.example", "a@b。example"),
        *("\udcff@b.example", "a,b@c.example", "a:b@c.example", "a\\@b.example", "=?utf-8?Q?a?=@b.example"),
        *(
            "a" * 65 + "@b.example",
            f"a@{LABEL_63}b.example",
            "a@" + "b." * 130 + "example",
            "a" * 9999 + "@b.example",
        ),
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(AddressError):
        parse(text)


def test_domain_may_have_253_octets_and_no_more() -> None:
    longest = ".".join((LABEL_63, LABEL_63, LABEL_63, "b" * 61))
    assert (253, longest) == (len(longest), parse(f"a@{longest}").domain)
    with pytest.raises(AddressError):
        parse(f"a@{longest}b")
    assert (True, False) == (is_domain(longest), is_domain(longest + "b"))


def test_paths() -> None:
    assert parse_path("<>") is None
    assert Address("rei", "a.example") == parse_path("<rei@a.example>")


@pytest.mark.parametrize(
    "path",
    [
        "",
        "a@b.example",
        "<a@b.example",
        "a@b.example>",
        "<@x.example:a@b.example>",
        "< >",
        "<a@b.example >",
        "<<>>",
    ],
)
def test_bad_paths_are_refused(path: str) -> None:
    with pytest.raises(AddressError):
        parse_path(path)


@pytest.mark.parametrize(
    ("wire", "local_part"),
    [("rei", "rei"), ("a.b", "a.b"), ('"a..b"', "a..b"), ('"a."', "a."), ('".a"', ".a"), ('"..."', "...")],
)
def test_local_part_that_is_no_dot_atom_is_quoted_on_the_wire(wire: str, local_part: str) -> None:
    assert f"{wire}@a.example" == Address(local_part, "a.example").addr_spec


def test_key_compares_without_regard_to_case() -> None:
    assert parse("Rei@A.example").key == parse("rEI@a.EXAMPLE").key
    assert "Rei@a.example" == str(parse("Rei@A.example"))


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        (True, "a.b"),
        (True, "city.mihon.lg.jp"),
        (True, "xn--a.b"),
        (False, "a"),
        (False, "a."),
        (False, "a_b.c"),
        (False, ""),
    ],
)
def test_domains(expected: bool, text: str) -> None:
    assert expected is is_domain(text)


@given(st.text(st.sampled_from("aZ9.@-_<>\"' \r\n()=?é\x00\\"), max_size=40))
def test_what_is_read_is_ascii_without_anything_that_ends_it(text: str) -> None:
    try:
        address = parse(text)
    except AddressError:
        return
    assert str(address).isascii()
    assert not set(str(address)) & set(' <>()\r\n\x00"\\,;:')
    assert address == parse(str(address))
