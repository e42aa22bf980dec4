"""HTML as text: lines where a reader sees lines, nothing that was not meant to be read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.mail.mime.html_text import to_text


@pytest.mark.parametrize(
    ("text", "html"),
    [
        pytest.param("a\nb", "<p>a</p><p>b</p>", id="blocks"),
        pytest.param("a\n\nb", "a<br><br/>b", id="br"),
        pytest.param(
            "氏名: 見本 玲\n部署名: 企画課",
            "<div>氏名: 見本&nbsp;玲</div>\n<div>部署名:\n 企画課</div>",
            id="form",
        ),
        pytest.param(
            "氏名\t見本\n部署名\t企画課",
            "<table><tr><td>氏名</td><td>見本</td></tr><tr><td>部署名</td><td>企画課</td></tr></table>",
            id="table",
        ),
        pytest.param("a b", "<b>a</b> <i>b</i>", id="inline"),
        pytest.param("1 < 2 & 3 ©", "1 &lt; 2 &amp; 3 &copy;", id="references"),
        pytest.param("1 < 2 <3", "1 < 2 <3", id="no-tags"),
        pytest.param("ab", "a<script>approve</script>b", id="M33-script"),
        pytest.param("ab", "a<STYLE>x</style\n>b", id="M33-style"),
        pytest.param("a", "a<script>approve", id="M33-open-script"),
        pytest.param("a", "a<!-- approve", id="M33-open-comment"),
        pytest.param("ab", "a<!-- > approve -->b", id="M33-comment"),
        pytest.param("ab", '<img src="http://x.example/?a>b" alt="approve">ab', id="M33-image"),
        pytest.param("ok", "<p title='a>b' don't>ok", id="quotes-in-tags"),
        pytest.param("a\n> q\nb", "a<blockquote>q</blockquote>b", id="quotation"),
        pytest.param("a\n  b", "<pre>a\n  b</pre>", id="pre"),
        pytest.param("ab�", "a&#8;b&#xD800;", id="bad-references"),
        pytest.param("", "<head><title>approve</title></head>", id="title"),
    ],
)
def test_html_as_text(text: str, html: str) -> None:
    assert text == to_text(html)


def test_huge_number_in_a_reference_does_not_raise() -> None:
    assert to_text("&#" + "1" * 5000 + ";")


PIECES = [
    "<",
    ">",
    "</",
    "p",
    "script",
    "pre",
    "blockquote",
    "<!--",
    "-->",
    "=",
    '"',
    "'",
    "&#",
    "&amp;",
    "9",
    ";",
    " ",
    "\n",
    "あ",
    "\x00",
]


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_any_source_gives_clean_text(source: str) -> None:
    text = to_text(source)
    assert not set(text) & {"\x00", "\r"}


@given(
    st.text(
        st.characters(exclude_categories=["Cc", "Cs", "Zs", "Zl", "Zp"], exclude_characters="<&"), max_size=40
    )
)
def test_text_without_markup_stays(text: str) -> None:
    assert text == to_text(f"<div>{text}</div>")
