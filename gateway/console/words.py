"""The console's own words: errors, views, states in short, the journal in sentences, days and times."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime

from gateway.admission import wording
from gateway.admission.business_days import TOKYO, tokyo_date
from gateway.admission.case.deadlines import DeadlineKind
from gateway.admission.case.model import State
from gateway.printing.fields import Ours, ours
from gateway.store.protocol import LetterState

WEEKDAYS = "月火水木金土日"

# Title, what happened, what to do.
ERRORS: Mapping[int, tuple[Ours, Ours, Ours]] = {
    400: (
        ours("この内容は受け付けられません"),
        ours("ブラウザーから届いた内容を読み取れませんでした。"),
        ours("アドレスを確かめるか、一覧から開き直してください。"),
    ),
    403: (
        ours("この操作はできません"),
        ours("この画面を見る権限がないか、ほかのサイトから送られた操作です。"),
        ours("一覧から開き直してください。権限は、管理者が設定ファイルで決めます。"),
    ),
    404: (
        ours("ページが見つかりません"),
        ours("番号が違うか、記録が消去されています。"),
        ours("受付番号を確かめるか、検索してください。"),
    ),
    405: (
        ours("この操作はできません"),
        ours("このアドレスでは、その方法の操作を受け付けません。"),
        ours("一覧から開き直してください。"),
    ),
    413: (
        ours("送られた内容が大きすぎます"),
        ours("この画面で送れる大きさを超えています。何も変わっていません。"),
        ours("文を短くして、もう一度送ってください。"),
    ),
    500: (
        ours("画面を作れませんでした"),
        ours("予期しない誤りがありました。受付と記録には影響ありません。"),
        ours("くり返すときは、時刻を添えて管理者にお知らせください。"),
    ),
    503: (
        ours("受付サービスが止まっています"),
        ours("いま記録を読めません。届いたメールは失われません。"),
        ours("数分たってから、もう一度開いてください。続くときは、管理者にお知らせください。"),
    ),
}

VIEWS: Mapping[str, Ours] = {
    "waiting": ours("判断待ち"),
    "hold": ours("保留"),
    "applicant": ours("申請者待ち"),
    "undeliverable": ours("不達"),
    "leaving": ours("送信前"),
    "mine": ours("私の担当"),
}

STATES: Mapping[State, Ours] = {
    State.RECEIVED: ours("受付済み"),
    State.NEEDS_INFORMATION: ours("追記待ち"),
    State.AWAITING_AFFILIATION: ours("所属確認待ち"),
    State.UNDER_REVIEW: ours("判断待ち"),
    State.ON_HOLD: ours("保留"),
    State.APPROVED: ours("承認（送信前）"),
    State.INVITED: ours("招待済み"),
    State.JOINED: ours("参加済み"),
    State.DECLINED: ours("却下"),
    State.WITHDRAWN: ours("取り下げ"),
    State.EXPIRED: ours("期限切れ"),
    State.UNDELIVERABLE: ours("不達"),
}

LETTER_STATES: Mapping[LetterState, Ours] = {
    LetterState.QUEUED: ours("送信待ち"),
    LetterState.DEFERRED: ours("再送待ち"),
    LetterState.HELD: ours("停止中"),
    LetterState.SENT: ours("送信済み"),
    LetterState.REFUSED: ours("届かず"),
    LetterState.RECALLED: ours("取りやめ"),
}

# What a day brings by itself.
COMING: Mapping[DeadlineKind, Ours] = {
    DeadlineKind.DUE: ours("担当者に、期限が近いことを知らせます"),
    DeadlineKind.HOLD_OVER: ours("保留が終わり、審査に戻ります"),
    DeadlineKind.REMIND: ours("申請者に、もう一度お願いのメールを送ります"),
    DeadlineKind.CHECK_REMIND: ours("在籍をお尋ねした方に、もう一度お尋ねします"),
    DeadlineKind.CLOSE: ours("返事がないときは、申請を終わらせます"),
    DeadlineKind.INVITATION_REMIND: ours("招待の期限を、申請者に知らせます"),
    DeadlineKind.INVITATION_OVER: ours("招待の期限が切れ、申請を終わらせます"),
}

UNHEARD: Mapping[str, Ours] = {
    "form": ours("申請の項目があります"),
    "decision": ours("判断の言葉があります"),
    "words": ours("文があります"),
    "mail": ours("自動のメール"),
}

JOURNAL: Mapping[str, Ours] = {
    "decision.approve": ours("承認しました"),
    "decision.first_approval": ours("一人目として承認しました"),
    "decision.decline": ours("却下しました"),
    "decision.ask": ours("申請者に照会しました"),
    "decision.hold": ours("保留にしました"),
    "decision.undo": ours("判断を取り消しました"),
    "decision.revoke": ours("承認を撤回しました"),
    "decision.confirmed": ours("判断を確定しました"),
    "decision.unclear": ours("返信を読み取れず、何も変えませんでした"),
    "decision.outdated": ours("古い内容への返信のため、何も変えませんでした"),
    "decision.letter_waits": ours("見直しの確認を待つ間、メールを止めました"),
    "decision.code_void": ours("違う確認符号が続いたため、符号を無効にしました"),
    "case.taken": ours("担当になりました"),
    "case.replied": ours("申請者に返信しました"),
    "case.memo": ours("メモを残しました"),
    "case.reopened": ours("審査に戻しました"),
    "case.corrected": ours("申請の内容を訂正しました"),
    "case.shown": ours("状況のお知らせを求めました"),
    "case.renewed": ours("審査依頼を出し直しました"),
    "affiliation": ours("在籍の返事が届きました"),
    "affiliation.named": ours("在籍を確かめる方の名前が届きました"),
    "affiliation.telephone": ours("電話で在籍を確かめました"),
    "affiliation.call_void": ours("電話での確認を取り消しました"),
    "consent": ours("利用規約への同意を記録しました"),
    "application.other_address": ours("本文に別のアドレスがありました"),
    "application.repeated": ours("同じ申請がもう一度届きました"),
    "people.several": ours("複数の方の申請が一通に書かれていました"),
    "address_change": ours("アドレスの変更を受け付けました"),
    "unknown": ours("読み取れないメールが届きました"),
    "no_case": ours("どの件のものか分からないメールが届きました"),
    "application": ours("申請を受け付けました"),
    "information.missing": ours("足りない項目をお願いしました"),
    "supplement": ours("申請者が内容を補いました"),
    "question.answered": ours("申請者が照会に答えました"),
    "withdrawal": ours("申請が取り下げられました"),
    "replacement.asked": ours("別のアドレスからの申請か、申請者に確かめました"),
    "move.asked": ours("アドレスの変更を確かめました"),
    "move.followed": ours("アドレスの変更に応じました"),
    "look.asked": ours("申請者が再検討を求めました"),
    "look.refused": ours("再検討の求めには応じられませんでした"),
    "status.told": ours("申請者に状況を知らせました"),
    "data.told": ours("申請者に、お預かりしている情報を知らせました"),
    "invitation.handed": ours("招待を送りました"),
    "invitation.again": ours("招待をもう一度送りました"),
    "invitation.joined": ours("参加しました"),
    "invitation.repeated": ours("招待の知らせが、もう一度届きました"),
    "letter.undelivered": ours("メールが届きませんでした"),
    "letter.unread_report": ours("読めない不達通知が届きました"),
    "letter.held": ours("メールの送信を止めました"),
    "letter.capped": ours("上限のため、メールを送りませんでした"),
    "letter.former": ours("更新より前のメールへの返信が届きました"),
    "mail.taken": ours("メールを申請として受け付けました"),
    "mail.repeated": ours("同じメールがもう一度届きました"),
    "token.misuse": ours("別の人が、ほかの人あての返信先を使いました"),
    "person.corrected": ours("お預かりしている情報を訂正しました"),
    "agenda.due": ours("期限が近いことを担当者に知らせました"),
    "agenda.hold_over": ours("保留が終わりました"),
    "agenda.remind": ours("申請者にもう一度お願いしました"),
    "agenda.check_remind": ours("在籍をもう一度お尋ねしました"),
    "agenda.close": ours("返事がないため終わりました"),
    "agenda.invitation_remind": ours("招待の期限を知らせました"),
    "agenda.invitation_over": ours("招待の期限が切れました"),
}


def tell_event(event: str) -> Ours:
    """A line of the journal as a sentence; the name of an event that has none."""
    return JOURNAL.get(event, Ours(event))


def show_day(day: date) -> Ours:
    """A day of a calendar: 11月27日（金）."""
    return Ours(f"{day.month}月{day.day}日（{WEEKDAYS[day.weekday()]}）")


def show_moment(moment: datetime) -> Ours:
    """A time in Japan: 2026/11/27 09:05."""
    return Ours(f"{moment.astimezone(TOKYO):%Y/%m/%d %H:%M}")


def tell_due(due_on: date, now: datetime) -> Ours:
    """How far a due day is: 本日, 3日超過; nothing for a day to come."""
    days = (tokyo_date(now) - due_on).days
    return Ours(f"{days}日超過") if days > 0 else ours("本日まで") if days == 0 else ours("")


def name_letter(letter: str) -> Ours:
    """What a letter is called."""
    return Ours(wording.letter_title(letter))


FILTERS: Mapping[str, Callable[..., Ours]] = {"day": show_day, "moment": show_moment}
