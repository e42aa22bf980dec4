"""The register as shipped, and look-ups by code, name and domain."""

from collections import Counter
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.admission.organisations import codes
from gateway.admission.organisations.codes import CodeStatus
from gateway.admission.organisations.entries.validation import (
    EntryError,
    find_problems,
    parse_code,
    parse_listed_domain,
    parse_organisation,
)
from gateway.admission.organisations.register import Domain, Organisation, Register, fold_name
from gateway.admission.organisations.register_table import RegisterError, parse
from tests.support.paths import CONFIG

SHIPPED = parse((CONFIG / "organisations.tsv").read_text(encoding="utf-8"))
HEADER = "code\tprefecture\tname\tkana\tkind\temployer\tdomains\tshared\tsource\tdate\n"
UNION = Organisation("138002", "東京都", "例示広域連合", "れいじ", "association", "138002", by_staff=True)


def titles(found: tuple[Organisation, ...]) -> list[str]:
    return [each.title for each in found]


def test_the_shipped_register_is_complete() -> None:
    kinds = Counter(each.kind for each in SHIPPED.organisations)
    assert 47 == kinds["prefecture"]
    assert 1741 == kinds["municipality"] + kinds["ward"]
    assert (23, 171, 6) == (kinds["ward"], kinds["administrative_ward"], kinds["northern_territories"])
    assert [] == list(find_problems(SHIPPED))


def test_every_shipped_row_says_who_knows_it() -> None:
    origins = Counter((each.source, str(each.as_of or "")) for each in SHIPPED.organisations)
    assert {
        ("japancode-0.1.0", "2024-06-28"): 1_956,
        ("Hamamatsu-City", "2024-01-01"): 3,
        ("JIS-X-0402", ""): 6,
    } == origins


def test_every_shipped_code_is_what_the_number_says() -> None:
    for each in SHIPPED.organisations:
        read = codes.parse(each.code)
        assert (CodeStatus.VALID, each.kind, each.employer) == (read.verdict, read.kind, read.employer), each


def test_folding_names_brings_no_two_bodies_of_a_prefecture_together() -> None:
    names = Counter((each.prefecture, fold_name(each.name)) for each in SHIPPED.organisations)
    assert [("北海道", "泊村")] == [name for name, count in names.items() if count > 1]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("千代田区", ["東京都千代田区"]),
        ("東京都千代田区", ["東京都千代田区"]),
        ("千代田区役所", ["東京都千代田区"]),
        (" 千代田区　政策経営部 ", ["東京都千代田区"]),
        ("東京都庁", ["東京都"]),
        ("北海道虻田郡留寿都村", ["北海道留寿都村"]),
        ("虻田郡留寿都村役場", ["北海道留寿都村"]),
        ("大和郡山市", ["奈良県大和郡山市"]),
        ("岐阜県郡上市", ["岐阜県郡上市"]),
        ("札幌市中央区", ["北海道札幌市中央区"]),
        ("札幌市 中央区役所", ["北海道札幌市中央区"]),
        ("中央区", ["東京都中央区"]),
        ("府中市", ["東京都府中市", "広島県府中市"]),
        ("広島県府中市", ["広島県府中市"]),
        ("北海道泊村", ["北海道泊村", "北海道泊村"]),
        ("梼原町", ["高知県檮原町"]),
        ("須惠町", ["福岡県須恵町"]),
        ("龍が崎市", ["茨城県龍ケ崎市"]),
        ("竜ヶ崎市", ["茨城県龍ケ崎市"]),
        ("神奈川県警察本部", ["神奈川県"]),
        ("ﾆｾｺ町", ["北海道ニセコ町"]),
        ("例示広域連合", ["東京都例示広域連合"]),
        ("例示広域連合 総務課", ["東京都例示広域連合"]),
        ("見本市", []),
        ("市", []),
        ("", []),
    ],
)
def test_names_as_people_write_them(text: str, found: list[str]) -> None:
    assert found == titles(SHIPPED.with_organisations([UNION]).by_name(text))


def test_namesakes_all_come() -> None:
    assert 4 == len(SHIPPED.by_name("池田町"))


@given(st.sampled_from(SHIPPED.organisations), st.sampled_from(["", " ", "役所", " 総務課"]))
def test_every_body_is_found_by_its_full_name(body: Organisation, behind: str) -> None:
    assert body in SHIPPED.by_name(body.title + behind)


@given(st.text(max_size=300))
def test_any_text_can_be_looked_up(text: str) -> None:
    assert all(each in SHIPPED.organisations for each in SHIPPED.by_name(text) + SHIPPED.by_domain(text))


@pytest.mark.parametrize(
    ("domain", "found"),
    [
        ("pref.osaka.lg.jp", ["大阪府"]),
        ("mail.pref.osaka.lg.jp", ["大阪府"]),
        ("city.osaka.lg.jp", []),
        ("lg.jp", []),
        ("", []),
    ],
)
def test_look_up_by_domain(domain: str, found: list[str]) -> None:
    assert found == titles(SHIPPED.by_domain(domain))


@pytest.mark.parametrize(
    ("text", "value", "other"), [("13101", "131016", ""), ("10006", "010006", ""), ("131016", "131016", "")]
)
def test_codes_are_read_with_the_register(text: str, value: str, other: str) -> None:
    read = SHIPPED.parse_code(text)
    assert (value, other) == (read.value, read.other)


def test_of_two_readings_the_known_one_counts() -> None:
    five = next(
        each.code[:5]
        for each in SHIPPED.organisations
        if (read := codes.parse(each.code[:5])).other == each.code and SHIPPED.by_code(read.value) is None
    )
    assert five == SHIPPED.parse_code(five).value[:5]


def test_only_what_staff_entered_makes_a_domain_own_and_only_in_its_time() -> None:
    domains = (
        Domain("reiji.example", since=date(2026, 4, 1), until=date(2026, 12, 31)),
        Domain("x.example", shared=True),
    )
    register = SHIPPED.with_organisations([Organisation(*_texts(UNION), domains=domains, by_staff=True)])
    assert {"reiji.example": "138002"} == register.allowed_domains(date(2026, 12, 31))
    assert {} == register.allowed_domains(date(2027, 1, 1))
    assert {} == register.allowed_domains(date(2026, 3, 31))


def _texts(body: Organisation) -> tuple[str, str, str, str, str, str]:
    return (body.code, body.prefecture, body.name, body.kana, body.kind, body.employer)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "columns"),
        ("code\tname\n", "columns"),
        (HEADER + "131016\t東京都\n", "line 2: 2 columns"),
        (HEADER + "131016\t東京都\t千代田区\t\tcastle\t\t\tno\t\t\n", "kind = 'castle'"),
        (HEADER + "131016\t東京都\t\t\tward\t\t\tno\t\t\n", "name = ''"),
        (HEADER + "131016\t東京都\t千代田区\t\tward\t\ta.example\tno\t\t\n", "domains = 'a.example'"),
        (
            HEADER + "131016\t東京都\t千代田区\t\tward\t\ta.example|x|soon|\tno\t\t\n",
            "NAME|SOURCE|FROM|UNTIL",
        ),
        (HEADER + "131016\t東京都\t千代田区\t\tward\t\t\tno\tx\tsoon\n", "date = 'soon'"),
    ],
)
def test_a_broken_register_names_line_and_column(text: str, says: str) -> None:
    with pytest.raises(RegisterError) as caught:
        parse(text)
    assert says in str(caught.value)


def test_a_register_of_the_office_made_for_0_1_is_read() -> None:
    former = HEADER.removesuffix("\tsource\tdate\n") + "\n131016\t東京都\t千代田区\t\tward\t\t\tno\n"
    body = parse(former).by_code("131016")
    assert body is not None
    assert ("千代田区", "", None) == (body.name, body.source, body.as_of)


def test_a_domain_of_the_file_has_source_validity_and_the_shared_flag() -> None:
    line = "131016\t東京都\t千代田区\tちよだく\tward\t\ta.example|list 1|2026-04-01|;b.example|||\tyes\t\t\n"
    body = parse(HEADER + line).by_code("131016")
    assert body is not None
    assert (
        Domain("a.example", "list 1", date(2026, 4, 1), None, True),
        Domain("b.example", shared=True),
    ) == body.domains


# --- entries of staff -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "read"), [("138002", "138002"), ("１３８００２", "138002"), ("7000012050002", "7000012050002")]
)
def test_codes_that_staff_may_enter(text: str, read: str) -> None:
    assert read == parse_code(text)


@pytest.mark.parametrize("text", ["", "138003", "1234567890123", "7000012050003", "480002", "x"])
def test_codes_that_staff_may_not_enter(text: str) -> None:
    with pytest.raises(EntryError):
        parse_code(text)


def test_the_code_tells_kind_and_prefecture_of_an_entry() -> None:
    entered = parse_organisation({"code": "138002", "name": "例示広域連合\u202e", "kana": "レイジ"}, SHIPPED)
    assert UNION == entered


@pytest.mark.parametrize(
    ("entry", "key"),
    [
        ({"code": "138002", "name": " "}, "name"),
        ({"code": "138002", "name": "例示", "kind": "agency"}, "kind"),
        ({"code": "7000012050002", "name": "例示", "kind": "association"}, "kind"),
        ({"code": "138002", "name": "例示", "kana": "reiji"}, "kana"),
        ({"code": "138002", "name": "例" * 101}, "name"),
        ({"code": "138002", "name": 5}, "name"),
    ],
)
def test_a_wrong_entry_names_its_key(entry: dict[str, object], key: str) -> None:
    with pytest.raises(EntryError, match=key):
        parse_organisation(entry, SHIPPED)


@pytest.mark.parametrize(
    ("entry", "key"),
    [
        ({"code": "138002", "domain": "reiji.example"}, "code"),
        ({"code": "131016", "domain": "gmail.com"}, "domain"),
        ({"code": "131016", "domain": "tokyo.jp"}, "domain"),
        ({"code": "131016", "domain": "a b"}, "domain"),
        ({"code": "131016", "domain": "a.example", "since": "soon"}, "since"),
        ({"code": "131016", "domain": "a.example", "since": "2026-02-01", "until": "2026-01-01"}, "until"),
    ],
)
def test_a_wrong_domain_names_its_key(entry: dict[str, object], key: str) -> None:
    with pytest.raises(EntryError, match=key):
        parse_listed_domain(entry, SHIPPED)


def test_problems_of_a_register_are_told() -> None:
    twice = (Domain("a.example"), Domain("B.example"))
    bad = Register(
        [
            Organisation("131017", "東京都", "例示区", "れいじく", "ward", "131016", twice),
            Organisation("138002", "東京都", "例示組合", "", "association", "138002", (Domain("a.example"),)),
        ]
    )
    told = "\n".join(find_problems(bad))
    not_normal = "B.example is not a normalised domain name"
    for word in ("131017", "employer 131016", "a.example is also listed for", not_normal):
        assert word in told
