"""Sample applicants with the facts for letters: an address, a form, and what the domain shows.

The people in the demo send mail; these only provide facts for previews and tests. All of them are fictitious.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

from gateway.admission.application import form
from gateway.admission.application.items.fields import Form
from gateway.admission.case.model import Background, Case, Desk, Staff, State
from gateway.admission.case.model.affiliation import Confirmer, Place
from gateway.admission.organisations import domains
from gateway.admission.organisations.domains import Standing
from gateway.mail.address import Address, parse
from gateway.printing.fields import Ours, ours
from gateway.printing.statement import Statement

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
DUE_ON = date(2026, 11, 27)
NUMBER = "K7QM-4T"
SAMPLE_CODE = "4F7K"
SATO = parse("sato@kyoso.mihon.go.jp")
SUZUKI = parse("suzuki@kyoso.mihon.go.jp")
# In the samples, a domain under lg.jp or go.jp always belongs to the stated organisation.
DESK = Desk(
    (Staff(SATO, "佐藤"), Staff(SUZUKI, "鈴木")),
    undo_window=timedelta(minutes=10),
    snippets={"decline": ("参加の対象ではないためです。",), "ask": ("課の正式な名前を教えてください。",)},
    confirmer=lambda _, address: Confirmer(
        Place.BODY if domains.is_own(address.domain) else Place.ELSEWHERE, address.domain
    ),
)


@dataclass(frozen=True, slots=True)
class Applicant:
    """A sample applicant; `who` describes it in Japanese, `colleague` can confirm the affiliation."""

    key: str
    who: Ours
    address: Address
    colleague: Address
    background: Background
    fields: Mapping[str, str] = field(default_factory=dict)

    @property
    def form(self) -> Form:
        """The complete form."""
        return form.parse_form("".join(f"{label}: {value}\n" for label, value in self.fields.items()))

    @property
    def confirmed_by_domain(self) -> bool:
        """Whether the address alone shows the organisation."""
        return self.background.standing is Standing.OWN

    def case(self, state: State = State.UNDER_REVIEW, **changes: object) -> Case:
        """Return the applicant's case."""
        opened = Case(NUMBER, self.address, self.form, self.background, NOW, DUE_ON, state)
        return replace(opened, **changes)  # type: ignore[arg-type]


def _build_background(
    standing: Standing, kind: str, domain: str, grade: str, *flags: Statement, decline: str = ""
) -> Background:
    return Background(kind, standing, domain, flags, grade, f"proven by {grade}", decline)


TOWN = Applicant(
    "town",
    ours("町の職員 (lg.jp)"),
    parse("hanako@town.mihon.lg.jp"),
    parse("dokyo@town.mihon.lg.jp"),
    replace(
        _build_background(Standing.OWN, domains.DomainKind.LOCAL_GOV_LG, "town.mihon.lg.jp", "dmarc"),
        register_name="見本県見本町",
    ),
    {
        "区分": "自治体",
        "団体名": "見本町",
        "全国地方公共団体コード": "990019",
        "部署名": "情報政策課",
        "氏名": "見本 花子",
        "規約への同意": "同意する",
    },
)
MINISTRY = Applicant(
    "ministry",
    ours("省の職員 (go.jp)"),
    parse("taro.reiji@mihon.go.jp"),
    parse("dokyo@mihon.go.jp"),
    _build_background(
        Standing.OWN, domains.DomainKind.NATIONAL_GOV, "mihon.go.jp", "dkim", domains.FLAG_AGENCY
    ),
    {
        "区分": "政府機関",
        "団体名": "見本省",
        "部署名": "大臣官房デジタル室",
        "役職": "係長",
        "氏名": "例示 太郎",
        "規約への同意": "同意する",
    },
)
ASSOCIATION = Applicant(
    "association",
    ours("名前の長い広域連合"),
    parse("sakurako.koiki-mihonnokoji@jimukyoku.kouki-koureisha-iryou.union.mihon.lg.jp"),
    parse("dokyo@union.mihon.lg.jp"),
    _build_background(
        Standing.OWN,
        domains.DomainKind.LOCAL_GOV_LG,
        "jimukyoku.kouki-koureisha-iryou.union.mihon.lg.jp",
        "spf",
    ),
    {
        "区分": "自治体",
        "団体名": "見本県例示地区後期高齢者医療及び介護保険並びに消防事務広域連合",
        "全国地方公共団体コード": "998001",
        "部署名": "事務局総務企画部デジタル化推進課情報システム標準化担当",
        "役職": "主任(会計年度任用職員)",
        "氏名": "広域見本小路 さくらこ",
        "規約への同意": "同意する",
    },
)
PRIVATE = Applicant(
    "private",
    ours("個人のアドレスの市職員"),
    parse("jiro@jitaku.example"),
    parse("dokyo@city.rei.lg.jp"),
    _build_background(
        Standing.CONFIRM,
        domains.DomainKind.PERSONAL,
        "",
        "dmarc",
        decline="団体のアドレスではなく、所属を確認できませんでした。",
    ),
    {
        "区分": "自治体",
        "団体名": "例市",
        "全国地方公共団体コード": "990027",
        "部署名": "デジタル推進課",
        "氏名": "私用 次郎",
        "規約への同意": "同意する",
    },
)
APPLICANTS = (TOWN, MINISTRY, ASSOCIATION, PRIVATE)
