"""The texts of the forms: choices, labels, and messages."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from gateway.admission.case.model import Desk
from gateway.admission.replies.reading import Decision
from gateway.printing.bilingual import EMPTY, Text, both
from gateway.printing.fields import Ours, ours
from gateway.printing.outside import Outside
from gateway.store.console.outcome import MAX_AN_HOUR

MAX_TYPED = 1_000
_NO_FIELD = ours("")

# The form field of each command.
FIELDS: Mapping[Decision, str] = {
    Decision.DECLINE: "reason",
    Decision.ASK: "question",
    Decision.HOLD: "note",
    Decision.REPLY: "message",
    Decision.MEMO: "memo",
}


@dataclass(frozen=True, slots=True)
class Choice:
    """A decision to choose: name, effect, its text field, and the office's snippets."""

    word: Ours
    name: Text
    follows: Text
    field: Ours = _NO_FIELD
    label: Text = EMPTY
    has_day: bool = False
    snippets: tuple[Outside, ...] = ()


_CHOICES: Mapping[Decision, tuple[Text, Text, Text]] = {
    Decision.APPROVE: (
        both("承認", "Approve"),
        both("申請者に招待を送ります。", "An invitation is sent to the applicant."),
        EMPTY,
    ),
    Decision.DECLINE: (
        both("却下", "Decline"),
        both(
            "申請者に、参加できないことと理由を知らせます。",
            "The applicant is notified that the application has been declined, and why.",
        ),
        both("理由（申請者にそのまま届きます）", "Reason (sent to the applicant as written)"),
    ),
    Decision.ASK: (
        both("照会", "Ask"),
        both(
            "申請者に尋ね、返事を待ちます。",
            "The question is sent to the applicant, and the case waits for the answer.",
        ),
        both("尋ねること（申請者にそのまま届きます）", "Question (sent to the applicant as written)"),
    ),
    Decision.HOLD: (
        both("保留", "Hold"),
        both(
            "期限まで止めます。申請者には何も送りません。",
            "The case is put on hold until the given day. Nothing is sent to the applicant.",
        ),
        both("担当者へのメモ（なくてもかまいません）", "Note for the staff (optional)"),
    ),
}
NAMES: Mapping[Decision, Text] = {
    **{word: name for word, (name, _, _) in _CHOICES.items()},
    Decision.UNDO: both("取り消し", "Undo"),
    Decision.REPLY: both("申請者への返信", "Reply to the applicant"),
}
# After a confirmation, a note or a claim.
DONE: Mapping[str, Text] = {
    "approve": both("承認しました。", "Approved."),
    "first": both(
        "一人目の承認として記録しました。別の人の承認を待ちます。",
        "Recorded as the first approval. A second member must also approve it.",
    ),
    "decline": both("却下しました。", "Declined."),
    "ask": both("申請者への照会を記録しました。", "The question for the applicant has been recorded."),
    "hold": both("保留にしました。", "Put on hold."),
    "undo": both("取り消しました。", "Undone."),
    "reply": both("申請者に返信を送ります。", "The reply will be sent to the applicant."),
    "memo": both("メモを残しました。", "Note added."),
    "take": both("担当になりました。", "You have claimed this case."),
    "sent": both(
        "あなたのアドレスに、この件のメールを送ります。",
        "The review request for this case will be mailed to you.",
    ),
}
WRONG_CODE = both(
    "番号が違うか、期限が切れています。番号は5回まで試せます。",
    "The code is wrong or has expired. You have five attempts per code.",
)
FULL = both(
    "本日送れる確認番号の数を超えました。メールの審査依頼への返信で判断できます。",
    "No more codes can be sent today. You can decide by replying to the review request.",
)
FULL_ORDER = both(
    "本日送れる確認番号の数を超えました。急ぐときは、サーバーで gateway pause か gateway staff revoke を"
    "実行してください。",
    "No more codes can be sent today. If it is urgent, run gateway pause or gateway staff revoke on the"
    " server.",
)
MANY = Text(
    Ours(
        "1時間にできるメモ、担当の登録、自分あての審査依頼、不在や届くメールの変更は、合わせて"
        f"{MAX_AN_HOUR}回までです。今回は何も変わっていません。しばらくしてから、もう一度お試しください。判断は、いまもできます。"
    ),
    Ours(
        "Notes, claims, review requests to yourself, and changes of your absence and mail are limited to "
        f"{MAX_AN_HOUR} an hour altogether. Nothing was changed. Try again later. You can still decide."
    ),
)
NO_CHOICE = both("どうするかを選んでください。", "Choose a decision.")
TOO_LONG = both("文は1,000字までです。", "At most 1,000 characters are allowed.")
MISSING: Mapping[Decision, Text] = {
    Decision.DECLINE: both("却下の理由を書いてください。", "Enter the reason for declining."),
    Decision.ASK: both("尋ねることを書いてください。", "Enter the question."),
    Decision.REPLY: both("申請者への文を書いてください。", "Enter the text for the applicant."),
    Decision.MEMO: both("メモを書いてください。", "Enter the note."),
}
NO_DAY = both("保留の期限が、日付になっていません。", "The end of the hold is not a date.")


def list_choices(allowed: Collection[Decision], desk: Desk) -> Iterator[Choice]:
    """Yield the decisions that a member may make."""
    for word, (name, follows, label) in _CHOICES.items():
        if word in allowed:
            yield Choice(
                Ours(word.value),
                name,
                follows,
                Ours(FIELDS.get(word, "")),
                label,
                word is Decision.HOLD,
                tuple(map(Outside, desk.snippets.get(word.value, ()))),
            )
