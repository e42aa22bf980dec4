"""Caches of functions whose arguments come from outside: bounded in number, and each key in octets."""

from __future__ import annotations

import importlib
import pkgutil

import pytest

import gateway
from gateway import memoize
from gateway.auth.dkim import key_record, tag_list

MOST_OCTETS = 4_200_000
CHARACTER = 4  # octets of a kanji, as Python holds it
# The longest key in octets, where `max_key` does not bound all of it.
LONGEST = {
    "admission.business_days._is_holiday": 50,
    "admission.eligibility.consistency._read_claim": 80_000,  # a form, and the register that is loaded anyway
    "admission.organisations.romaji.name_label_keys": 800,  # names of the register
    # A line, and the four values of a form that say who writes.
    "admission.application.consent.reading._read_sentence": 4_600,
    # Patterns with an applicant's name and body in them, each at most 64 signs: 219 KB a case for all four.
    "admission.replies.outsiders.confirmation._build_grammar": 60_000,
    "admission.replies.context._build_slots": 60_000,
    "admission.replies.text.letter_lines.build_both_forms": 1_000_000,  # our newest letters to a person
    "admission.replies.grammar.grounds.japanese._build": 60_000,
    "admission.replies.grammar.harmless.build_grammar": 60_000,
    "admission.replies.grammar.decisions.build_grammar": 60_000,
    "admission.replies.grammar.vocabulary.reader_stems": 10,  # one of three names
    "console.view.rendering._environment": 10,  # a language
    "mail.encoding.iso2022jp._other_table": 30,  # names of our codecs
    "net.delivery.smtp_client._build_tls_context": 100,  # of the settings
    "printing.breaking._fold": 128,  # one sign, or one entity of HTML
    "store.postgres.connecting.connection._make_class": 1_000,  # the names of the columns of a statement
    "store.postgres.connecting.dialect.translate": 8_000,  # a statement of ours
    "store.tables.rows.to_text": 50,
    "templating.proof.answers._decides": 2_100,  # a line of a letter, as written and folded
    "templating.renderer._stems": 100,  # the kind of a letter
}


def every_cache() -> tuple[memoize.Cache, ...]:
    for module in pkgutil.walk_packages(gateway.__path__, "gateway."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    return memoize.list_caches()


@pytest.mark.parametrize("cache", [pytest.param(cache, id=cache.name) for cache in every_cache()])
def test_no_cache_can_be_made_to_hold_more_than_its_octets(cache: memoize.Cache) -> None:
    if not cache.is_made_once:
        key = LONGEST.get(cache.name) or cache.max_key * CHARACTER
        assert key
        assert key * cache.maxsize <= MOST_OCTETS


def test_a_long_record_of_a_stranger_is_read_and_not_kept() -> None:
    long = "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=; n=" + "x" * 1024
    assert 256 == key_record.parse(long).bits
    with pytest.raises(tag_list.TagError, match="too long"):
        key_record.parse("n=" + "x" * key_record.MAX_RECORD_CHARS)
    held = {cache.name: cache.entries for cache in memoize.read_cache_figures()}
    assert 0 == held["auth.dkim.key_record.parse"]
