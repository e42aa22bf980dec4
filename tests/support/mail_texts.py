"""Texts of mails for property tests: pieces that mark, quote, sign and label, put together at random."""

from hypothesis import strategies as st

_PIECES = (
    *(
        "氏名: 見本 花子",
        "氏名：",
        "申請します。",
        "お世話になっております",
        "差出人",
        "From",
        "sender",
        "件名",
        "日時",
    ),
    *(
        ":",
        "：",
        " ",
        "　",
        "\t",
        "-",
        "－",
        "ー",
        "_",
        "=",
        "*",
        "~",
        "■",
        "○",
        "…",
        ">",
        "＞",
        "|",
        "｜",
        "&gt;",
    ),
    *(
        "--",
        "-- ",
        "――",
        "----",
        "    ",
        "iPhone",
        "から送信",
        "Sent from my",
        "Mail for",
        "Outlook",
        "for",
        "iOS",
    ),
    *("2026年11月20日(金) 10:05", "2026/11/20", "wrote:", "さんは書きました:", "<desk@example.go.jp>", "On "),
    *(
        "元のメッセージ",
        "Original Message",
        "転送",
        "begin forwarded message:",
        "①",
        "ｓent",
        "ſent",
        "\u2028",
    ),
)
MAIL_TEXTS = st.lists(st.sampled_from(_PIECES) | st.just("\n") | st.text(max_size=2), max_size=12).map(
    "".join
)
