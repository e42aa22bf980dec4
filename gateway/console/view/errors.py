"""The texts of error pages: what happened, and what to do."""

from __future__ import annotations

from collections.abc import Mapping

from gateway.printing.bilingual import Text, both
from gateway.store.protocol import Trouble

Words = tuple[Text, Text, Text]
# Title, what happened, what to do.
ERRORS: Mapping[int, Words] = {
    400: (
        both("この内容は受け付けられません", "This request cannot be accepted"),
        both(
            "ブラウザーから届いた内容を読み取れませんでした。", "The browser's request could not be parsed."
        ),
        both(
            "アドレスを確かめるか、一覧から開き直してください。",
            "Check the address, or open the page again from the queue.",
        ),
    ),
    403: (
        both("この操作はできません", "This is not allowed"),
        both(
            "この画面を見る権限がないか、ほかのサイトから送られた操作です。",
            "You do not have access to this page, or the form was submitted from another site.",
        ),
        both(
            "一覧から開き直してください。権限は、管理者が設定ファイルで決めます。",
            "Open the page again from the queue. Roles are set by the operators in the settings.",
        ),
    ),
    404: (
        both("ページが見つかりません", "Page not found"),
        both("番号が違うか、記録が消去されています。", "The number is wrong, or the record has been erased."),
        both("受付番号を確かめるか、検索してください。", "Check the case number, or search for it."),
    ),
    405: (
        both("この操作はできません", "This is not allowed"),
        both(
            "このアドレスでは、その方法の操作を受け付けません。",
            "This page does not accept that request method.",
        ),
        both("一覧から開き直してください。", "Open the page again from the queue."),
    ),
    429: (
        both("操作が多すぎます", "Too many requests"),
        both(
            "短い時間に、同じ操作が何度もありました。この操作では、何も変わっていません。",
            "This was requested too often in a short time. Nothing was changed.",
        ),
        both("しばらくしてから、もう一度お試しください。", "Try again later."),
    ),
    413: (
        both("送られた内容が大きすぎます", "The form is too large"),
        both(
            "この画面で送れる大きさを超えています。何も変わっていません。",
            "It is larger than this page accepts. Nothing was changed.",
        ),
        both("文を短くして、もう一度送ってください。", "Shorten the text and send it again."),
    ),
    500: (
        both("画面を作れませんでした", "The page could not be generated"),
        both(
            "予期しない誤りがありました。受付と記録には影響ありません。",
            "An unexpected error occurred. Mail and records are not affected.",
        ),
        both(
            "くり返すときは、時刻を添えて管理者にお知らせください。",
            "If it happens again, let the operators know when it happened.",
        ),
    ),
    503: (
        both("いまは表示できません", "Temporarily unavailable"),
        both("記録を読めませんでした。", "The database could not be read."),
        both("数分たってから、もう一度開いてください。", "Try again in a few minutes."),
    ),
}
# The browser has signed out, but the gateway could not be told.
NOT_ENDED: Words = (
    both("このブラウザーからはサインアウトしました", "Signed out of this browser"),
    both(
        "受付サービスが答えないため、サインインの記録は終わっていません。使われないまま時間がたつと終わります。",
        "The gateway did not answer, so the session itself is still valid. It expires after a period of "
        "inactivity.",
    ),
    both(
        "ほかの人に使われた心当たりがあるときは、管理者にお知らせください。",
        "If somebody else may have used it, contact the operators.",
    ),
)
# Kinds of database trouble, each with its own page.
TROUBLES: Mapping[Trouble, Words] = {
    Trouble.STOPPED: (
        both("受付サービスが止まっています", "The gateway is not running"),
        both(
            "サービスが動くまで、記録を読めません。届くメールは相手のサーバーで待ち、失われません。",
            "The database cannot be read until it is running. Mail waits on the senders' servers; none is "
            "lost.",
        ),
        both(
            "数分後に開き直してください。"
            "続くときは管理者にお知らせください（gateway doctor で原因が分かります）。",
            "Try again in a few minutes. If it persists, contact the operators (gateway doctor shows why).",
        ),
    ),
    Trouble.INACTIVE: (
        both("この機械の受付サービスは、待機中か停止中です", "The gateway is not active on this machine"),
        both(
            "記録は読めますが、操作はできません。いまの操作では、何も変わっていません。",
            "It is on standby or stopped. You can read the pages, but your action had no effect.",
        ),
        both(
            "数分後に、もう一度操作してください。"
            "続くときは管理者にお知らせください（gateway node list で、動いている機械が分かります）。",
            "Try again in a few minutes. If it persists, contact the operators (gateway node list shows "
            "which machine is active).",
        ),
    ),
    Trouble.UNANSWERED: (
        both("受付サービスから、答えがありませんでした", "The gateway did not answer"),
        both(
            "受付サービスが、答える前に止まりました。操作が済んだかどうかは、件のページで確かめられます。",
            "The gateway stopped before it answered. The page of the case shows whether your action took "
            "effect.",
        ),
        both(
            "数分後に、件のページを開いてください。済んでいなければ、もう一度操作してください。",
            "Open the page of the case in a few minutes. If nothing was done, try again.",
        ),
    ),
    Trouble.OLDER: (
        both("記録の更新が済んでいません", "The database has not been upgraded yet"),
        both(
            "記録が古い版のままです。受付サービスが一度起動すると、更新されます。",
            "It still has the format of an earlier version. The gateway upgrades it on startup.",
        ),
        both(
            "数分後に開き直してください。続くときは管理者にお知らせください。受付サービスの再起動で更新されます。",
            "Try again in a few minutes. If it persists, contact the operators: a restart upgrades it.",
        ),
    ),
    Trouble.OWNED: (
        both("記録の更新が済んでいません", "The database has not been upgraded yet"),
        both(
            "この画面は新しい版ですが、サーバーの記録は古い版のままです。データベースの管理者が更新します。",
            "The console is newer than the database, which its owner must upgrade.",
        ),
        both(
            "更新の作業中でなければ、管理者にお知らせください。"
            "更新用の SQL は gateway store sql --upgrade で出力し、データベースの管理者が実行します。",
            "Unless an upgrade is in progress, contact the operators: the owner of the database runs the SQL "
            "that gateway store sql --upgrade prints.",
        ),
    ),
    Trouble.NEWER: (
        both("この画面の版が古くなりました", "The console is outdated"),
        both(
            "受付サービスが新しくなり、記録の形が変わりました。",
            "The gateway was upgraded, and the database format has changed.",
        ),
        both(
            "管理者にお知らせください。この画面のプログラムも新しい版にして、再起動する必要があります。",
            "Contact the operators: the console must be upgraded and restarted as well.",
        ),
    ),
    Trouble.FULL: (
        both("ディスクがいっぱいです", "The disk is full"),
        both(
            "新しいことを記録できません。いまの操作では、何も変わっていません。",
            "Nothing can be saved. Your action had no effect.",
        ),
        both(
            "すぐに管理者にお知らせください。空きができたあとに、もう一度操作してください。",
            "Contact the operators at once. Try again when disk space has been freed.",
        ),
    ),
    Trouble.AWAY: (
        both("データベースに接続できません", "The database server cannot be reached"),
        both(
            "データベースのサーバーが答えません。いまの操作では、何も変わっていません。",
            "The database server does not respond. Your action had no effect.",
        ),
        both(
            "数分たってから、もう一度開いてください。続くときは、管理者にお知らせください。",
            "Try again in a few minutes. If it persists, contact the operators.",
        ),
    ),
    Trouble.BUSY: (
        both("混み合っています", "The gateway is busy"),
        both(
            "受付サービスが時間内に答えなかったか、一度に開かれたページが多すぎます。"
            "操作が済んだかどうかは、件のページで確かめられます。",
            "The gateway did not answer in time, or too many pages were opened at once. The page of the case "
            "shows whether your action took effect.",
        ),
        both("少し待ってから、もう一度開いてください。", "Wait a moment, then open the page again."),
    ),
    Trouble.BROKEN: (
        both("記録を読めません", "The database cannot be read"),
        both(
            "設定か記録に、直すところがあります。届いたメールは失われません。",
            "Something is wrong with the settings or the database. No mail is lost.",
        ),
        both(
            "管理者にお知らせください。サーバーで gateway doctor を実行すると、原因と直し方が分かります。",
            "Contact the operators: gateway doctor on the server shows the cause and the remedy.",
        ),
    ),
}
