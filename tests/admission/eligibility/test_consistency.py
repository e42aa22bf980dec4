"""Claimed organisation, code and sender's domain: what fits is silent, what does not is a sentence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.admission.application.items.fields import Category, Form
from gateway.admission.case.model import Background
from gateway.admission.eligibility.consistency import check, find_register_name
from gateway.admission.organisations import domains
from gateway.admission.organisations.register import Domain, Organisation, Register
from gateway.admission.organisations.register_table import parse
from gateway.printing.sentences.stating import say
from tests.support.paths import CONFIG

SHIPPED = parse((CONFIG / "organisations.tsv").read_text(encoding="utf-8"))
LOCAL, NATIONAL = Category.LOCAL, Category.NATIONAL


def background(domain: str) -> Background:
    found = domains.classify(domain)
    return Background(found.kind, found.decision, found.organisation, found.flags, "dmarc", "")


def flags(
    organisation: str, code: str, domain: str, category: Category = LOCAL, register: Register = SHIPPED
) -> tuple[str, ...]:
    form = Form(category=category, organisation=organisation, code=code)
    return tuple(say(flag) for flag in check(form, background(domain), register))


@pytest.mark.parametrize(
    ("organisation", "code", "domain"),
    [
        ("千代田区", "131016", "city.chiyoda.lg.jp"),
        ("千代田区", "１３１０１６", "mail.city.chiyoda.lg.jp"),
        ("東京都千代田区役所", "131016", "city.chiyoda.tokyo.jp"),
        ("千代田区教育委員会", "131016", "city.chiyoda.lg.jp"),
        ("千代田区", "", "city.chiyoda.lg.jp"),
        ("千代田区", "131016", "gmail.com"),
        ("大阪府", "270008", "pref.osaka.lg.jp"),
        ("大阪市", "271004", "city.osaka.lg.jp"),
        ("大阪市", "271004", "city.osaka.jp"),
        ("東京都", "130001", "metro.tokyo.lg.jp"),
        ("東京都", "130001", "metro.tokyo.jp"),
        ("札幌市", "011002", "city.sapporo.jp"),
        ("横浜市", "141003", "city.yokohama.lg.jp"),
        ("伊達市", "072133", "city.fukushima-date.lg.jp"),
        ("府中市", "", "city.fuchu.tokyo.jp"),
        ("池田町", "", "town.ikeda.fukui.jp"),
        ("檮原町", "394050", "town.yusuhara.kochi.jp"),
        ("梼原町", "394050", "town.yusuhara.kochi.jp"),
        ("西之表市", "462136", "city.nishinoomote.lg.jp"),
    ],
)
def test_what_fits_together_is_silent(organisation: str, code: str, domain: str) -> None:
    assert () == flags(organisation, code, domain)


@pytest.mark.parametrize(
    ("organisation", "code", "domain", "words"),
    [
        ("中央区", "131016", "city.chiyoda.lg.jp", ["131016", "千代田区", "「中央区」"]),
        (
            "千代田区",
            "131016",
            "city.osaka.lg.jp",
            ["千代田区", "city.osaka.lg.jp", "大阪市", "一致しません"],
        ),
        ("千代田区", "", "city.osaka.lg.jp", ["大阪市", "一致しません"]),
        ("大阪府", "270008", "city.osaka.lg.jp", ["大阪府大阪市", "一致しません"]),
        ("大阪市", "271004", "pref.osaka.lg.jp", ["（大阪府）", "一致しません"]),
        ("白川村", "216046", "town.shirakawa.lg.jp", ["一致しません"]),
        ("池田町", "204811", "town.ikeda.fukui.jp", ["福井県池田町", "一致しません"]),
        ("横浜市", "141003", "town.yokohama.lg.jp", ["青森県横浜町", "一致しません"]),
        ("千代田区", "131016", "union.reiji.lg.jp", ["一部事務組合", "千代田区のものではありません"]),
        ("札幌市中央区", "011011", "city.sapporo.jp", ["行政区", "雇用主は札幌市（011002）"]),
        ("中央区", "011011", "city.sapporo.jp", ["行政区（札幌市中央区）"]),
        ("浜松市", "221384", "city.hamamatsu.shizuoka.jp", ["行政区（浜松市中央区）", "221309"]),
        ("千代田区", "131017", "city.chiyoda.lg.jp", ["検査数字", "131016 東京都千代田区"]),
        ("千代田区", "13101", "city.chiyoda.lg.jp", ["5桁", "131016"]),
        ("千代田区", "1310166", "city.chiyoda.lg.jp", ["読めません"]),
        ("千代田区", "7000012050002", "city.chiyoda.lg.jp", ["13桁の法人番号"]),
        ("例示組合", "138002", "union.reiji.lg.jp", ["登録簿にありません", "一部事務組合"]),
        ("色丹村", "016951", "vill.shikotan.lg.jp", ["行政組織がありません"]),
        ("見本市", "", "city.mihon.lg.jp", ["「見本市」は登録簿で見つかりません"]),
        ("池田町", "", "town.ikeda.lg.jp", ["4あります", "長野県池田町"]),
        ("千代田区", "131016", "digital.go.jp", ["自治体", "政府機関のもの"]),
    ],
)
def test_what_does_not_fit_is_said_in_words(
    organisation: str, code: str, domain: str, words: list[str]
) -> None:
    said = "\n".join(flags(organisation, code, domain))
    for word in words:
        assert word in said


@pytest.mark.parametrize(
    ("domain", "said"),
    [("city.chiyoda.lg.jp", 1), ("digital.go.jp", 0), ("gmail.com", 0)],
)
def test_a_national_applicant_at_a_local_domain_is_noticed(domain: str, said: int) -> None:
    assert said == len(flags("例示庁", "", domain, NATIONAL))


def listed(code: str, domain: Domain) -> Register:
    body = SHIPPED.by_code(code)
    assert body is not None
    return SHIPPED.with_organisations(
        [Organisation(code, body.prefecture, body.name, body.kana, body.kind, code, (domain,))]
    )


def test_the_register_counts_before_the_reading() -> None:
    register = listed("131016", Domain("city.reiji.lg.jp"))
    assert () == flags("千代田区", "131016", "city.reiji.lg.jp", register=register)
    assert [
        "大阪府大阪市" in flag for flag in flags("大阪市", "271004", "city.reiji.lg.jp", register=register)
    ] == [True]


def test_a_listed_domain_of_any_class_tells_whose_it_is() -> None:
    register = listed("131016", Domain("kuyakusho.example"))
    assert () == flags("千代田区", "131016", "kuyakusho.example", register=register)
    (said,) = flags("大阪市", "271004", "kuyakusho.example", register=register)
    assert "kuyakusho.example（東京都千代田区）" in said


def test_a_shared_domain_is_named_as_such() -> None:
    register = listed("131016", Domain("kyodo.example", shared=True))
    (said,) = flags("千代田区", "131016", "kyodo.example", register=register)
    assert "複数の団体が使うドメイン" in said


def test_an_association_in_the_register_fits_its_code() -> None:
    register = SHIPPED.with_organisations(
        [Organisation("138002", "東京都", "例示広域連合", "", "association", "138002")]
    )
    assert () == flags("例示広域連合", "138002", "union.reiji.lg.jp", register=register)


def test_what_the_applicant_wrote_stays_harmless_and_short() -> None:
    said = "".join(flags("\u202e市\r\nBcc: x" + "あ" * 500, "9" * 200, "city.mihon.lg.jp"))
    assert "\u202e" not in said
    assert "\n" not in said
    assert len(said) < 500


@given(
    st.text(max_size=250),
    st.text(max_size=250),
    st.sampled_from(["city.osaka.lg.jp", "a.example", "lg.jp", ""]),
)
def test_any_form_is_checked_without_trouble(organisation: str, code: str, domain: str) -> None:
    assert len(flags(organisation, code, domain)) <= 6


@given(st.sampled_from([each for each in SHIPPED.organisations if each.kind == "municipality"]))
def test_the_own_code_and_name_never_contradict(body: Organisation) -> None:
    assert not [flag for flag in flags(body.name, body.code, "gmail.com") if body.code in flag]


@pytest.mark.parametrize(
    ("organisation", "code", "domain", "name"),
    [
        ("千代田区", "131016", "city.chiyoda.lg.jp", "東京都千代田区"),
        ("千代田区役所 総務課", "", "city.chiyoda.lg.jp", "東京都千代田区"),
        ("", "", "city.yokohama.lg.jp", "神奈川県横浜市"),
        ("横浜市", "141011", "city.yokohama.lg.jp", "神奈川県横浜市"),
        ("北海道", "", "pref.hokkaido.lg.jp", "北海道"),
        ("横浜市", "141003", "city.chiyoda.lg.jp", ""),
        ("横浜市", "141003", "gmail.com", ""),
        ("横浜市", "141003", "example.go.jp", ""),
        ("", "", "gmail.com", ""),
        ("府中市", "", "city.fuchu.lg.jp", ""),
        ("府中市", "132063", "city.fuchu.lg.jp", "東京都府中市"),
    ],
)
def test_the_name_of_the_register_needs_form_and_domain(
    organisation: str, code: str, domain: str, name: str
) -> None:
    form = Form(organisation=organisation, code=code)
    assert name == find_register_name(form, background(domain), SHIPPED)


NAMES = {each.title for each in SHIPPED.organisations}


@given(st.text(), st.text(), st.sampled_from(("city.chiyoda.lg.jp", "pref.osaka.lg.jp", "example.go.jp")))
def test_the_name_is_the_registers_or_none(organisation: str, code: str, domain: str) -> None:
    found = find_register_name(Form(organisation=organisation, code=code), background(domain), SHIPPED)
    assert not found or found in NAMES
