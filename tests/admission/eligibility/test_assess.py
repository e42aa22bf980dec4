"""The table of corner cases, and what the desk makes of an applicant with it."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.admission.application.items.fields import Form
from gateway.admission.eligibility import assess as eligibility
from gateway.admission.eligibility.assess import Rules
from gateway.admission.eligibility.rules import Condition, RuleError, Subject, parse
from gateway.admission.organisations.domains import Standing
from gateway.admission.organisations.register import Domain, Organisation, fold_name
from gateway.admission.organisations.register_table import parse as parse_register
from gateway.mail.address import Address
from gateway.printing.sentences.stating import say
from gateway.printing.statement import Statement
from tests.support.paths import CONFIG

TABLE = parse((CONFIG / "eligibility.toml").read_text(encoding="utf-8"))
SHIPPED = parse_register((CONFIG / "organisations.tsv").read_text(encoding="utf-8"))
RULES = Rules(register=SHIPPED, table=TABLE)


def assess(address: str, form: Form, rules: Rules = RULES) -> eligibility.Assessment:
    local_part, _, domain = address.partition("@")
    return eligibility.assess(
        Address(local_part, domain), form, eligibility.build_domain_background(domain, rules), rules
    )


PLAIN = "taro.mihon@city.osaka.lg.jp"


CASES: list[tuple[str, Form, str]] = [
    ("taro@reiji.go.jp", Form(organisation="独立行政法人例示機構"), "independent-agency"),
    ("taro@reiji.go.jp", Form(organisation="国立研究開発法人 例示研究所"), "independent-agency"),
    ("taro@reiji.or.jp", Form(organisation="例示情報システム機構"), "independent-agency"),
    (PLAIN, Form(organisation="地方独立行政法人例示病院"), "local-independent-agency"),
    ("taro@reiji-u.ac.jp", Form(organisation="国立大学法人例示大学"), "national-university"),
    ("taro@hosp.reiji-u.ac.jp", Form(organisation="例示大学病院"), "national-university"),
    ("taro@reiji-u.ac.jp", Form(), "university-domain"),
    ("taro@reiji.or.jp", Form(organisation="例示市社会福祉協議会"), "social-welfare-council"),
    ("taro@reiji.jp", Form(organisation="例示市土地開発公社"), "third-sector"),
    ("taro@reiji.jp", Form(organisation="公益財団法人例示"), "third-sector"),
    ("taro@reiji.jp", Form(organisation="㈶例示財団法人"), "third-sector"),
    (PLAIN, Form(department="情報課(業務委託)"), "contractor"),
    (PLAIN, Form(title="派遣職員"), "contractor"),
    (PLAIN, Form(organisation="㈱例示システム"), "contractor"),
    (PLAIN, Form(organisation="大阪市 / 例示株式会社"), "contractor"),
    ("taro@reiji.co.jp", Form(), "company-domain"),
    (PLAIN, Form(title="主査(出向)"), "secondment"),
    (PLAIN, Form(title="市議会議員"), "assembly-member"),
    (PLAIN, Form(title="副議長"), "assembly-member"),
    (PLAIN, Form(title="市長"), "head-of-government"),
    (PLAIN, Form(title="大阪副市長"), "head-of-government"),
    (PLAIN, Form(title="知事"), "head-of-government"),
    (PLAIN, Form(department="地域おこし協力隊"), "special-office"),
    ("joho@city.osaka.lg.jp", Form(), "shared-mailbox"),
    ("SOUMU-KA@city.osaka.lg.jp", Form(), "shared-mailbox"),
    ("info+x@city.osaka.lg.jp", Form(), "shared-mailbox"),
    ("zeimu-ka@city.osaka.lg.jp", Form(), "shared-mailbox"),
    ("taro@sub.shugiin.go.jp", Form(), "diet"),
    ("taro@courts.go.jp", Form(), "courts"),
    ("taro@gmail.com", Form(organisation="例示地方裁判所"), "diet-or-courts-by-name"),
    ("taro@jbaudit.go.jp", Form(), "audit"),
    ("taro@reiji.lg.jp", Form(), "joint-service"),
    ("taro@union.reiji.lg.jp", Form(code="138002"), "association"),
    ("taro@union.reiji.lg.jp", Form(organisation="例示後期高齢者医療広域連合"), "association-by-name"),
    (PLAIN, Form(title="退職予定"), "leaver"),
    (PLAIN, Form(title="インターン生"), "staff-in-training-or-student"),
]


@pytest.mark.parametrize(("address", "form", "rule"), CASES)
def test_corner_case(address: str, form: Form, rule: str) -> None:
    said = assess(address, form)
    assert rule in said.triggered_rules
    assert (
        Statement("office_rule", text=next(each.flag for each in TABLE.rules if each.name == rule))
        in said.flags
    )


@pytest.mark.parametrize(
    "form",
    [
        Form(organisation="大阪市", code="271004", department="総務局総務課", title="課長補佐"),
        Form(organisation="大阪市", department="会計管理室", title="会計年度任用職員"),
        Form(organisation="大阪市水道局", department="お客さまサービス課", title="係長"),
        Form(organisation="大阪市", department="福祉局社会福祉法人指導監査課", title="主任"),
        Form(organisation="大阪市", department="市会事務局議事担当", title="主事"),
        Form(organisation="大阪市", department="市長公室 秘書課", title="再任用職員"),
    ],
)
@pytest.mark.parametrize("local_part", ["taro.mihon", "kohori", "t-reiji2"])
def test_ordinary_staff_bring_no_flag(form: Form, local_part: str) -> None:
    said = assess(f"{local_part}@city.osaka.lg.jp", form)
    assert ((), ()) == (said.triggered_rules, said.flags)


def test_the_first_decline_text_and_category_are_offered() -> None:
    said = assess("taro@reiji.or.jp", Form(organisation="例示市社会福祉協議会", department="業務委託"))
    assert said.decline.startswith("この窓口は")
    assert "社会福祉協議会" in said.decline
    assert "national" == assess("taro@courts.go.jp", Form()).category


def test_every_shipped_rule_can_fire() -> None:
    assert len(TABLE.rules) == len({rule.name for rule in TABLE.rules})
    assert {rule.name for rule in TABLE.rules} == {rule for _, _, rule in CASES}


FIELDS = {
    "class": ("domain_class",),
    "text": ("department", "title"),
    "anywhere": ("organisation", "department", "title"),
}


def holds(condition: Condition, subject: Subject) -> bool:
    """What a condition means, said as plainly as can be."""
    return bool(condition.patterns) and all(
        any(
            fits(key, pattern, getattr(subject, name))
            for pattern in those
            for name in FIELDS.get(key, (key,))
        )
        for key, those in condition.patterns.items()
    )


def fits(key: str, pattern: str, text: str) -> bool:
    if key in {"class", "code_kind"}:
        return text == pattern
    if key == "domain":
        return f".{text}".endswith(f".{pattern}")
    word, line = pattern.strip("*"), fold_name(text)
    begins, ends = pattern.startswith("*"), pattern.endswith("*")
    if begins and ends:
        return word in line
    if begins:
        return line.endswith(word)
    return line.startswith(word) if ends else line == word


WORDS = sorted(
    {
        pattern.strip("*")
        for rule in TABLE.rules
        for key, those in (*rule.when.patterns.items(), *rule.unless.patterns.items())
        for pattern in those
        if key not in {"class", "code_kind"}
    }
)
TEXTS = st.lists(
    st.sampled_from(WORDS) | st.sampled_from(["例示", "課", "a", ".", " ", "\n", "Ａ"]), max_size=3
)
SUBJECTS = st.builds(
    Subject,
    domain=TEXTS.map("".join),
    domain_class=st.sampled_from(["local_gov_lg", "national_gov", "jp_general", "lg_service"]),
    local_part=TEXTS.map("".join),
    organisation=TEXTS.map("".join),
    department=TEXTS.map("".join),
    title=TEXTS.map("".join),
    code_kind=st.sampled_from(["", "municipality", "association"]),
)


@given(SUBJECTS)
def test_the_table_fires_what_its_rules_say_one_by_one(subject: Subject) -> None:
    expected = [
        rule.name for rule in TABLE.rules if holds(rule.when, subject) and not holds(rule.unless, subject)
    ]
    assert expected == [rule.name for rule in TABLE.triggered_rules(subject)]


@given(SUBJECTS)
def test_the_rules_are_asked_fast_as_one_by_one(subject: Subject) -> None:
    assert TABLE.ask_every_rule(subject) == TABLE.triggered_rules(subject)


# --- the file ---------------------------------------------------------------------------------

GOOD = '[[rule]]\nname = "a"\nflag = "見る"\nwhen.title = ["長*"]\n'


@pytest.mark.parametrize(
    ("pattern", "title", "fires"),
    [
        ("長", "長", True),
        ("長", "課長", False),
        ("*長", "課長", True),
        ("*長", "長官", False),
        ("長*", "長官", True),
        ("*長*", "課長補佐", True),
        ("ＡＢＣ", "abc", True),
        ("*髙*", "高橋", True),
        ("*長*", "", False),
    ],
)
def test_patterns(pattern: str, title: str, fires: bool) -> None:
    table = parse(GOOD.replace("長*", pattern))
    assert fires is bool(table.triggered_rules(Subject("a.example", "gtld_other", title=title)))


def test_all_keys_of_when_must_hold_and_unless_silences() -> None:
    table = parse(GOOD + 'when.class = ["national_gov"]\nunless.domain = ["x.go.jp"]\n')
    fired = [
        bool(table.triggered_rules(Subject(domain, kind, title=title)))
        for domain, kind, title in [
            ("a.go.jp", "national_gov", "長官"),
            ("a.go.jp", "gtld_other", "長官"),
            ("a.go.jp", "national_gov", "係"),
            ("m.x.go.jp", "national_gov", "長官"),
            ("notx.go.jp", "national_gov", "長官"),
        ]
    ]
    assert [True, False, False, False, True] == fired


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[[rule]", "invalid TOML"),
        ("[[rules]]\n", "rules: unknown key; did you mean 'rule'?"),
        ("rule = 5", "rule = "),
        ("rule = [5]", "rule[0] = '5'"),
        (GOOD.replace("name", "nam"), "rule[0].nam: unknown key; did you mean 'name'?"),
        (GOOD.replace('"a"', '"A b"'), "rule[0].name = 'A b': expected a name consisting of a-z, 0-9 and -"),
        (
            GOOD.replace("flag", "category"),
            "rule[0].category = '見る': expected local, national or an empty string",
        ),
        (GOOD.replace("見る", ""), "rule[0].flag = '': expected a sentence"),
        (GOOD.replace("when.title", "when.titel"), "rule[0].when.titel: unknown key; did you mean 'title'?"),
        (GOOD.replace('when.title = ["長*"]', ""), "rule[0].when = '{}': expected at least one of class"),
        (GOOD.replace('["長*"]', "[]"), "rule[0].when.title = '[]': expected a list"),
        (GOOD.replace('["長*"]', '"長"'), "rule[0].when.title = '長': expected a list"),
        (GOOD.replace("長*", "長*長"), "rule[0].when.title[0] = '長*長': expected a word"),
        (GOOD.replace("長*", "*"), "rule[0].when.title[0] = '*': expected a word"),
        (GOOD.replace("title", "class"), "rule[0].when.class[0] = '長*'"),
        (GOOD.replace("title", "domain"), "rule[0].when.domain[0] = '長*': expected a domain"),
        (
            GOOD.replace('when.title = ["長*"]', 'when.class = ["nationalgov"]'),
            "did you mean 'national_gov'?",
        ),
        (GOOD + GOOD, "rule[1].name = 'a': expected a name that is not used by another rule"),
    ],
)
def test_a_broken_table_names_key_value_and_what_is_allowed(text: str, says: str) -> None:
    with pytest.raises(RuleError) as caught:
        parse(text)
    assert says in str(caught.value)


@given(st.text(max_size=250), st.text(max_size=250), st.text(max_size=70))
def test_any_form_is_assessed(organisation: str, title: str, local_part: str) -> None:
    said = assess(
        f"{local_part.replace('@', '')}@city.osaka.lg.jp", Form(organisation=organisation, title=title)
    )
    assert len(said.flags) == len(set(said.flags))


# --- what staff add ---------------------------------------------------------------------------

DAY = date(2026, 11, 24)


def with_domain(domain: Domain) -> Rules:
    body = Organisation(
        "138002", "東京都", "例示広域連合", "れいじ", "association", "138002", (domain,), by_staff=True
    )
    return RULES.with_register(SHIPPED.with_organisations([body]), DAY)


def test_a_domain_that_staff_set_is_the_bodys_own() -> None:
    rules = with_domain(Domain("reiji.or.jp"))
    assert Standing.OWN is eligibility.build_domain_background("mail.reiji.or.jp", rules).standing
    assert Standing.CONFIRM is eligibility.build_domain_background("mail.reiji.or.jp", RULES).standing


@pytest.mark.parametrize(
    "domain", [Domain("reiji.or.jp", shared=True), Domain("reiji.or.jp", until=date(2026, 11, 23))]
)
def test_a_shared_or_expired_domain_is_not(domain: Domain) -> None:
    assert (
        Standing.CONFIRM is eligibility.build_domain_background("reiji.or.jp", with_domain(domain)).standing
    )


def test_a_changed_form_is_assessed_anew() -> None:
    known = eligibility.build_domain_background(
        "city.osaka.lg.jp", RULES, grade="dmarc", proof="proven by DMARC"
    )
    taro = Address("taro", "city.osaka.lg.jp")
    first = eligibility.reassess(taro, Form(organisation="千代田区", code="131016"), known, RULES)
    assert 1 == len(first.flags)
    again = eligibility.reassess(taro, Form(organisation="大阪市", code="271004"), first, RULES)
    assert replace(known, register_name="大阪府大阪市") == again


@pytest.mark.parametrize(
    ("email", "flagged"),
    [
        ("", False),
        ("hanako@town.mihon.lg.jp", False),
        ("ＨＡＮＡＫＯ@town.mihon.lg.jp", False),
        ("x@y.example", True),
    ],
)
def test_another_address_in_the_text_is_shown_to_the_staff(email: str, flagged: bool) -> None:
    found = assess("hanako@town.mihon.lg.jp", Form(email=email))
    assert flagged == any("差出人と異なります" in say(flag) for flag in found.flags)


AGENCY = Organisation(
    "8000099000001", "", "見本省", "みほんしょう", "agency", "8000099000001", (Domain("mihon.go.jp"),)
)
GO_JP = Statement("agency")


@pytest.mark.parametrize(
    ("organisation", "listed", "asks"),
    [
        ("見本省", (AGENCY,), False),
        ("見本機構", (AGENCY,), True),
        ("", (AGENCY,), True),
        ("見本省", (replace(AGENCY, kind="corporation"),), True),
        ("見本省", (replace(AGENCY, domains=()),), True),
        ("見本省", (AGENCY, replace(AGENCY, code="9000099000002", name="見本機構")), True),
    ],
)
def test_what_go_jp_leaves_open_is_asked_unless_the_register_answers(
    organisation: str, listed: tuple[Organisation, ...], asks: bool
) -> None:
    rules = replace(RULES, register=SHIPPED.with_organisations(listed))
    said = assess("taro@mihon.go.jp", Form(organisation=organisation), rules)
    assert asks is (GO_JP in said.flags)
