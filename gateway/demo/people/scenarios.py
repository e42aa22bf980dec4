"""The people of the demo, each with a story: what they send, the expected result, and why."""

from __future__ import annotations

from dataclasses import dataclass

from gateway.demo.people.attacks import borrowed_yes, replay
from gateway.demo.people.messages import Person
from gateway.demo.people.stories import (
    Story,
    association,
    declined,
    dns_down,
    foreign_confirmer,
    forger,
    ministry,
    missing_fields,
    old_kanji,
    out_of_office,
    private_address,
    regional,
    second_thought,
    town_clerk,
    twice,
)


@dataclass(frozen=True, slots=True)
class Scenario:
    """A person, the expected result (SMTP `codes`, `state` of the case or `-`), and why."""

    person: Person
    who: str
    codes: tuple[int, ...]
    state: str
    why: str
    story: Story


SCENARIOS = (
    Scenario(
        Person("見本 花子", "hanako@town.mihon.lg.jp"), "町の職員 (lg.jp, RSA署名, DMARC)", (250,), "invited",
        "own domain, authenticated by DMARC; approved by reply", town_clerk,
    ),
    Scenario(
        Person("例示 太郎", "taro.reiji@mihon.go.jp"), "省の職員 (go.jp)", (250,), "invited",
        "own domain; no code needed", ministry,
    ),
    Scenario(
        Person("試験 一郎", "shiken@town.shingu.hyogo.jp"), "地域型ドメインの町", (250,), "invited",
        "regional name under a listed suffix; no DMARC, DKIM and SPF align", regional,
    ),
    Scenario(
        Person("広域 さくら", "sakura@union.mihon-kouiki.lg.jp"), "広域連合", (250,), "invited",
        "association with a code", association,
    ),
    Scenario(
        Person("私用 次郎", "jiro@jitaku.example"), "私用のアドレス", (250, 250), "invited",
        "a colleague at city.rei.lg.jp replied with word and code; then approved", private_address,
    ),
    Scenario(
        Person("無縁 十郎", "juro@jitaku.example"), "よその団体の人による確認", (250, 250),
        "awaiting_affiliation", "a town's official cannot confirm for a city: shown, nothing changes",
        foreign_confirmer,
    ),
    Scenario(
        Person("見本 偽物", "nise@town.mihon.lg.jp"), "差出人の詐称", (550,), "-",
        "SPF passes for the attacker's own domain only: not authenticated, rejected in session", forger,
    ),
    Scenario(
        Person("雲野 五郎", "kumono@city.kumo.lg.jp"), "DNSが止まった市", (451, 250), "invited",
        "a DNS failure is not a forgery: deferred, retried, then accepted", dns_down,
    ),
    Scenario(
        Person("髙﨑 むつみ", "takasaki@vill.furukanji.lg.jp"), "旧字の名前 (Outlook)", (250,), "invited",
        "the name is kept as written", old_kanji,
    ),
    Scenario(
        Person("不足 七海", "nanami@town.mihon.lg.jp"), "記入漏れ", (250, 250), "invited",
        "asked for exactly what was missing, completed by reply", missing_fields,
    ),
    Scenario(
        Person("再送 八郎", "hachiro@town.mihon.lg.jp"), "同じメールが二度届く", (250, 250), "invited",
        "one case, one invitation", twice,
    ),
    Scenario(
        Person("留守 九美", "kumi@town.mihon.lg.jp"), "担当者の不在通知", (250,), "under_review",
        "an automatic reply with 承認 decides nothing, and neither does 了解しました", out_of_office,
    ),
    Scenario(
        Person("再考 十一", "juichi@town.mihon.lg.jp"), "取り消す文、折り返された引用", (250,), "invited",
        "承認 with 先に在籍確認を… is queried; 承認 above a wrapped quotation counts", second_thought,
    ),
    Scenario(
        Person("再演 十二", "juni@town.mihon.lg.jp"), "署名された承認の再送", (250, 250), "under_review",
        ("an approval that was undone does not take effect again; its author is notified once of the "
         "current state"),
        replay,
    ),
    Scenario(
        Person("借用 十三", "jusan@town.mihon.lg.jp"), "別の件の署名された承認", (250, 250), "under_review",
        "a signed 承認します。 sent to somebody else matches no request; its author is asked", borrowed_yes,
    ),
    Scenario(
        Person("通販 十子", "toko@tsuhan.example"), "対象外の申請者", (250,), "declined",
        "declined with the staff's reason", declined,
    ),
)  # fmt: skip
