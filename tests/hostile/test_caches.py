"""Caches of functions whose arguments come from outside: bounded in number, and each key in octets."""

from __future__ import annotations

import functools
import importlib
import pkgutil
from collections.abc import Iterator

import pytest

import gateway
from gateway.auth.dkim import key_record, tag_list
from gateway.auth.dmarc import record

MOST_OCTETS = 4_200_000
DOMAIN, VALUE, FIELD = 253, 800, 16_384
# The longest key that each is given, in octets as Python holds them (kanji: four each).
LONGEST = {
    "admission.business_days.is_business_day": 100,  # a date, and the closings of the settings
    "admission.organisations.codes.check_digit": 5,
    "admission.organisations.codes._read": VALUE,
    "admission.organisations.domains.normalise": 4 * DOMAIN,
    "admission.organisations.domains._parents": DOMAIN,
    "admission.organisations.domains._classify": DOMAIN,
    "admission.organisations.register.fold_name": VALUE,
    "admission.organisations.romaji.name_label_keys": VALUE,  # names of the register
    "admission.organisations.romaji.is_label_for_name": VALUE + DOMAIN,
    # Patterns with an applicant's name and body in them, each at most 64 signs: 219 KB a case for all five.
    "admission.replies.confirmation._build_grammar": 60_000,
    "admission.replies.context._build_slots": 60_000,
    "admission.replies.grammar.harmless.build_grammar": 60_000,
    "admission.replies.grammar.signature._own_names": 60_000,
    "admission.replies.grammar.vocabulary.build_grammar": 60_000,
    "auth.dkim.key_record._parse": key_record.MAX_CACHED_CHARS,
    "auth.dmarc.organizational_domain.organizational_domain": DOMAIN,
    "auth.dmarc.record.tree_domains": DOMAIN * record.MAX_QUERIES,
    "auth.dmarc.record.tree_queries": DOMAIN * record.MAX_QUERIES,
    "auth.dmarc.record._parse": DOMAIN + record.MAX_CACHED_CHARS,
    "auth.dns.mx._is_usable_address": 45,
    "auth.dns.public_suffix.is_public_suffix": DOMAIN,
    "mail.address._is_domain": DOMAIN,
    "mail.encoding.charset._codec": 100,
    "mail.encoding.iso2022jp._decode_other_set": 30,
    "mail.header.fields.decode_text": FIELD,
    "mail.header.fields._parse_mailbox": FIELD,
    "mail.mime.parts._parse_content_type": FIELD,
    "mail.text._width": 4,
    "net.delivery.smtp_client._build_tls_context": 100,  # of the settings
    "net.smtp.server_state.encode_reply": 512,
    "printing.breaking._fold": 128,  # one sign, or one entity of HTML
    "store.sqlite.rows.to_text": 50,
}
# Made once, out of what we ship.
CONSTANTS = {
    "auth.dns.public_suffix.load_suffix_list",
    "html.page._environment",
    "mail.encoding.iso2022jp._table",
    "templating.renderer._stems",  # one for each letter
}


def cached() -> Iterator[tuple[str, int | None]]:
    """Every cached function of the package, and how many results it keeps."""
    for module in pkgutil.walk_packages(gateway.__path__, "gateway."):
        if module.name.endswith("__main__"):
            continue
        for name, value in vars(importlib.import_module(module.name)).items():
            if isinstance(value, functools._lru_cache_wrapper) and value.__module__ == module.name:
                yield f"{module.name.removeprefix('gateway.')}.{name}", value.cache_parameters()["maxsize"]


@pytest.mark.parametrize(("name", "size"), [*cached()])
def test_no_cache_can_be_made_to_hold_more_than_its_octets(name: str, size: int | None) -> None:
    if name not in CONSTANTS:
        assert size is not None, "a cache without end"
        assert LONGEST[name] * size <= MOST_OCTETS


def test_long_records_of_strangers_are_read_and_not_kept() -> None:
    key_record._parse.cache_clear()
    record._parse.cache_clear()
    with pytest.raises(tag_list.TagError, match="not an RSA key"):
        key_record.parse("p=MII=; n=" + "x" * key_record.MAX_CACHED_CHARS)
    found = record.parse("a.example", "v=DMARC1; p=reject; x=" + "y" * record.MAX_CACHED_CHARS)
    assert "reject" == found.policy
    assert (0, 0) == (key_record._parse.cache_info().currsize, record._parse.cache_info().currsize)
