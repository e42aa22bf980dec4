"""Mailboxes of offices, of governments, ministries and agencies, and mailboxes of people."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.admission.eligibility.role_mailboxes import is_role_mailbox
from gateway.admission.organisations.romaji import to_romaji
from gateway.admission.replies.grammar.names import people

OFFICES = """
    info soumu somu soumuka soumu-ka jinji-ka jinji.ka soumuka2 web.form kikakuzaisei kikaku-zaisei
    zeimuka kouhou koho-kocho shimin-seikatsu kodomo-shien kodomokosodate-ka shogaigakushuka fukushi
    kankyou-seisaku kaikei bousai kikikanri kikikanri-shitsu toshikeikaku suido-gyoumu kyouiku-iinkai
    nougyouiinkai gikai-jimukyoku senkyo senkan-jimukyoku jouhou-seisaku denshijichitai-ka digital-
    suishin dx dx-suishin gyousei-kaikaku soumu-hisho hisho daijinkanbou-soumuka kanbou-kaikei
    kouhoushitsu kokusaika toukei-chousa keizai-seisaku general-affairs generalaffairs public-relations
    pr press personnel hr human.resources policy-planning international-affairs secretariat
    section.general planning-division it-support system-admin helpdesk recruitment saiyou saiyou-tantou
    nyuusatsu procurement legal-affairs media-relations noreply no-reply do-not-reply webmaster
    postmaster joho-system jyouhou-ka kyoiku tax-section division-a.office madoguchi-04
"""


@pytest.mark.parametrize("name", OFFICES.split())
def test_an_office_reads_it(name: str) -> None:
    assert is_role_mailbox(name)
    assert is_role_mailbox(f"{name.upper()}+any")


FAMILY = sorted(map(to_romaji, people._READINGS))
GIVEN = sorted(map(to_romaji, people.GIVEN_READINGS))

# K. Otsuka may be kotsuka, which is 交通課 too: then a call is asked for.
FORMS = ["{f}", "{f}-{g}", "{g}.{f}", "{f}{g}", "{i}-{f}", "{f}.{i}", "{f}_{g}2", "{f}01"]


@given(
    st.sampled_from(FAMILY),
    st.sampled_from(GIVEN),
    st.sampled_from(["{f}", "{f}-{g}", "{g}.{f}", "{f}{g}", "{i}-{f}", "{f}.{i}", "{f}_{g}2", "{f}01"]),
)
def test_people_read_theirs(family: str, given: str, form: str) -> None:
    assert not is_role_mailbox(form.format(f=family, g=given, i=given[0]))


def test_no_name_is_an_office() -> None:
    assert [] == [name for name in (*FAMILY, *GIVEN) if is_role_mailbox(name)]


@pytest.mark.parametrize("name", ["a12345", "g0012345", "s-kato7", "yamada", "y.tanaka", "ken", "u001"])
def test_a_number_is_somebodys(name: str) -> None:
    assert not is_role_mailbox(name)


def test_the_offices_own_names_are_added() -> None:
    assert not is_role_mailbox("kirameki")
    assert is_role_mailbox("kirameki3", {"kirameki"})
    assert is_role_mailbox("team.kirameki", {"kirameki"})
