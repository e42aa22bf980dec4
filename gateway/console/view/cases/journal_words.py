"""The journal in sentences."""

from __future__ import annotations

from collections.abc import Mapping

from gateway.printing.bilingual import Text, both
from gateway.printing.fields import Ours

JOURNAL: Mapping[str, Text] = {
    "decision.approve": both("承認しました", "approved"),
    "decision.first_approval": both("一人目として承認しました", "first approval"),
    "decision.decline": both("却下しました", "declined"),
    "decision.ask": both("申請者に照会しました", "asked the applicant"),
    "decision.hold": both("保留にしました", "put on hold"),
    "decision.undo": both("判断を取り消しました", "decision undone"),
    "decision.revoke": both("承認を撤回しました", "approval revoked"),
    "decision.confirmed": both("判断を確定しました", "decision confirmed"),
    "decision.unclear": both(
        "返信を読み取れず、何も変えませんでした", "reply not understood, nothing changed"
    ),
    "decision.outdated": both(
        "古い内容への返信のため、何も変えませんでした", "reply to an outdated version, nothing changed"
    ),
    "decision.letter_waits": both(
        "見直しの確認を待つ間、メールを止めました", "message held until the undo is confirmed"
    ),
    "decision.code_void": both(
        "違う確認符号が続いたため、符号を無効にしました", "code invalidated after several wrong codes"
    ),
    "case.taken": both("担当になりました", "claimed"),
    "case.let_go": both("担当が、期限を過ぎて自動で外れました", "claim expired"),
    "case.replied": both("申請者に返信しました", "replied to the applicant"),
    "case.memo": both("メモを残しました", "note added"),
    "case.reopened": both("審査に戻しました", "reopened"),
    "case.corrected": both("申請の内容を訂正しました", "application corrected"),
    "case.shown": both("状況のお知らせを求めました", "status requested"),
    "case.renewed": both("審査依頼を出し直しました", "new review request sent"),
    "affiliation": both("在籍の返事が届きました", "answer about the affiliation received"),
    "affiliation.named": both(
        "在籍を確かめる方の名前が届きました", "name of a confirming colleague received"
    ),
    "affiliation.telephone": both("電話で在籍を確かめました", "affiliation confirmed by telephone"),
    "affiliation.call_void": both("電話での確認を取り消しました", "confirmation by telephone undone"),
    "consent": both("利用規約への同意を記録しました", "consent to the rules recorded"),
    "consent.unsure": both(
        "利用規約への同意を記録しました（ほかに読み取れない文あり）",
        "consent to the rules recorded, with sentences that could not be parsed",
    ),
    "application.other_address": both("本文に別のアドレスがありました", "text contained another address"),
    "application.repeated": both("同じ申請がもう一度届きました", "the same application was received again"),
    "people.several": both(
        "複数の方の申請が一通に書かれていました", "message with applications from several people received"
    ),
    "address_change": both("アドレスの変更を受け付けました", "change of address accepted"),
    "unknown": both("読み取れないメールが届きました", "unreadable message received"),
    "no_case": both("どの件のものか分からないメールが届きました", "message without a case received"),
    "application": both("申請を受け付けました", "application received"),
    "information.missing": both("足りない項目をお願いしました", "missing items requested"),
    "supplement": both("申請者が内容を補いました", "applicant added information"),
    "question.answered": both("申請者が照会に答えました", "applicant answered the question"),
    "withdrawal": both("申請が取り下げられました", "application withdrawn"),
    "replacement.asked": both(
        "別のアドレスからの申請か、申請者に確かめました",
        "applicant asked whether another application is theirs",
    ),
    "move.asked": both("アドレスの変更を確かめました", "change of address being checked"),
    "move.followed": both("アドレスの変更に応じました", "change of address carried out"),
    "look.asked": both("申請者が再検討を求めました", "applicant asked for a second look"),
    "look.refused": both("再検討の求めには応じられませんでした", "request for a second look declined"),
    "status.told": both("申請者に状況を知らせました", "status sent to the applicant"),
    "data.told": both("申請者に、お預かりしている情報を知らせました", "stored data sent to the applicant"),
    "invitation.handed": both("招待を送りました", "invitation sent"),
    "invitation.again": both("招待をもう一度送りました", "invitation sent again"),
    "invitation.joined": both("参加しました", "joined"),
    "invitation.repeated": both("招待の知らせが、もう一度届きました", "invitation notice received again"),
    "letter.undelivered": both("メールが届きませんでした", "message could not be delivered"),
    "letter.unread_report": both("読めない不達通知が届きました", "unreadable bounce received"),
    "letter.held": both("メールの送信を止めました", "letter held"),
    "letter.capped": both(
        "上限のため、メールを送りませんでした", "message not sent because of the daily cap"
    ),
    "letter.former": both(
        "更新より前のメールへの返信が届きました", "reply received to a message from before the upgrade"
    ),
    "mail.taken": both("メールを申請として受け付けました", "message accepted as an application"),
    "mail.repeated": both("同じメールがもう一度届きました", "the same message was received again"),
    "token.misuse": both(
        "別の人が、ほかの人あての返信先を使いました", "reply address used by another person"
    ),
    "person.corrected": both("お預かりしている情報を訂正しました", "stored data corrected"),
    "console.account_linked": both("サインインのアカウントを結び付けました", "sign-in account linked"),
    "console.account_unlinked": both("サインインのアカウントを外しました", "sign-in account unlinked"),
    "console.code_shown": both(
        "サインインの番号を管理者の端末に表示しました", "sign-in code shown on an operator's terminal"
    ),
    "agenda.due": both("期限が近いことを担当者に知らせました", "staff reminded of the due date"),
    "agenda.hold_over": both("保留が終わりました", "hold ended"),
    "agenda.remind": both("申請者にもう一度お願いしました", "applicant reminded"),
    "agenda.check_remind": both("在籍をもう一度お尋ねしました", "affiliation check: reminder sent"),
    "agenda.close": both("返事がないため終わりました", "closed without an answer"),
    "agenda.invitation_remind": both("招待の期限を知らせました", "invitation reminder sent"),
    "agenda.invitation_over": both("招待の期限が切れました", "invitation expired"),
    "note.automatic": both("自動返信などのメールが届きました", "automatic message received"),
    "note.class_3": both(
        "機密性3の印があるメールが届きました", "message marked as confidentiality class 3 received"
    ),
    "note.delay": both("配送の遅れの知らせが届きました", "delivery delay reported"),
    "note.no_case": both(
        "どの件のものでもないメールへの返信が届きました", "reply received to a message without a case"
    ),
    "note.postmaster": both("postmaster あてのメールが届きました", "message to the postmaster received"),
    "note.receipt": both("開封などの知らせが届きました", "delivery or read receipt received"),
    "note.thanks": both("お礼やあいさつだけのメールが届きました", "message of thanks or greetings received"),
    "note.token_misuse": both(
        "期限の切れた返信先を、別の人が使いました", "expired reply address used by another person"
    ),
    "note.unknown": both(
        "申請ではないメールがまた届きました", "another message without an application received"
    ),
    "note.unread_report": both("読めない不達通知がまた届きました", "another unreadable bounce received"),
    "note.vacation": both("不在の自動返信が届きました", "out-of-office reply received"),
    "case.undo": both("管理者の端末で判断を取り消しました", "decisions undone on an operator's terminal"),
    "console.ordered": both("運用の指示を出しました", "operator's order carried out"),
    "console.signed_in": both("コンソールにサインインしました", "signed in to the console"),
    "staff.away": both("不在の期間を知らせました", "absence recorded"),
    "staff.back": both("不在を終えました", "absence ended"),
    "staff.mail": both("受け取るメールを選びました", "choice of mails changed"),
    "staff.restored": both("担当者を元に戻しました", "staff member restored"),
    "staff.revoked": both("担当者の権限を止めました", "staff member revoked"),
    "staff.welcomed": both("新しい担当者に案内を送りました", "welcome message sent to a new staff member"),
    "practice.asked": both("練習用の審査依頼を送りました", "practice review request sent"),
    "practice.read": both("練習の返信を読みました", "practice reply read"),
    "desk.help": both("使い方を尋ねました", "help requested"),
    "desk.search": both("件を探しました", "cases searched by mail"),
    "desk.pause": both("受付の一部を止めました", "desk paused"),
    "desk.resume": both("受付を再開しました", "desk resumed"),
    "desk.stop": both("判断の扱いを急いで止めました", "emergency stop"),
    "desk.not_resumed": both("再開の求めに応じませんでした", "request to resume not carried out"),
    "digest": both("まとめのメールを送りました", "digest sent"),
    "digest.answered": both("まとめのメールへの返信を読みました", "reply to the digest read"),
    "digest.asked": both("まとめのメールを求めました", "digest requested"),
    "figures": both("集計のメールを送りました", "figures sent"),
    "organisation.added": both("団体を名簿に加えました", "organisation added"),
    "organisation.changed": both("団体の内容を変えました", "organisation changed"),
    "organisation.domain_set": both("団体のドメインを記録しました", "domain of an organisation recorded"),
    "organisation.removed": both("団体またはドメインを名簿から外しました", "organisation or domain removed"),
    "letter.dropped": both("メールを送らないことにしました", "letter dropped"),
    "letter.released": both("止めていたメールを送ることにしました", "held letter released"),
    "letter.retried": both("メールをもう一度送ることにしました", "letter to be sent again"),
    "invitation.barred": both("招待のサービスに拒まれました", "access denied by the invitation service"),
    "retention": both("保存期間を過ぎた情報を消しました", "data past its retention period erased"),
    "erased": both("個人の情報を消しました", "personal data erased"),
    "restored": both("バックアップから復元しました", "restored from a backup"),
    "accepted_behind": both(
        "新しい記録を欠く控えでの再開を認めました", "start accepted from a copy that lacks the newest entries"
    ),
}


def tell_event(event: str) -> Text:
    """Return a journal event as a sentence; its name if there is none."""
    return JOURNAL.get(event, Text(Ours(event), Ours(event)))
