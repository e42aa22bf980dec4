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


HIDING = [
    "<div style='display:none'>{}</div>",
    '<DIV STYLE="color:red; DISPLAY : NONE !important">{}</DIV>',
    "<p style=display:none>{}</p>",
    "<p style='display&#58;none'>{}</p>",
    "<span style='visibility:hidden'>{}</span>",
    "<span style='font-size:0'>{}</span>",
    "<span style='font-size:0px;line-height:0'>{}</span>",
    "<span style='font-size:1px'>{}</span>",
    "<span style='color:#fff'>{}</span>",
    "<span style='color:white'>{}</span>",
    "<span style='color:#FEFEFE;background:#ffffff'>{}</span>",
    "<span style='color:rgb(255, 255, 255)'>{}</span>",
    "<span style='color:rgba(0,0,0,0)'>{}</span>",
    "<span style='color:transparent'>{}</span>",
    "<font color=white>{}</font>",
    "<table bgcolor=black><tr><td><font color='#000000'>{}</font></td></tr></table>",
    "<div style='background-color:#000'><span style='color:black'>{}</span></div>",
    "<div hidden>{}</div>",
    "<div hidden=until-found><b>{}</b></div>",
    "<div style='opacity:0'>{}</div>",
    "<div style='position:absolute;left:-9999px'>{}</div>",
    "<div style='text-indent:-9999px'>{}</div>",
    "<div style='max-height:0;overflow:hidden'>{}</div>",
    "<div style='mso-hide:all'>{}</div>",
    "<div style='position:absolute;clip:rect(0,0,0,0)'>{}</div>",
    "<div style='transform:scale(0)'>{}</div>",
    "<style>.x{{display:none}}</style><div class='a x'>{}</div>",
    "<style>div#y, b.z {{ font-size : 0 }}</style><div id=y>{}</div>",
    "<style>/* a */ @media screen {{ td b.z{{color:#fff}} }}</style><td><b class=z>{}</b></td>",
    "<!--[if mso]>{}<![endif]-->",
    "<div style='display:none'><div><p>{}</div></div>",
    *(
        f"<div style='{style}'>{{}}</div>"
        for style in (
            "zoom:0",
            "zoom:.01",
            "opacity:0.01",
            "opacity:3%",
            "clip-path:inset(100%)",
            "clip-path:circle(0)",
            "transform:translateX(-200vw)",
            "translate:-9999px",
            "scale:0",
            "rotate:x 90deg",
            "filter:opacity(0)",
            "-webkit-mask:linear-gradient(transparent,transparent)",
            "font:0/0 a",
            "font-size:calc(0px)",
            "font-size:0.01vw",
            "position:absolute;left:-90em",
            "position:absolute;left:9999px",
            "margin:-999px 0 0 -9999px",
            "text-indent:calc(-100%)",
            "inset:-99em",
            "letter-spacing:-1em",
            "height:0;overflow-y:clip",
            "line-height:0;overflow:hidden",
            "display:table-column",
            "color:#ffffff00",
            "color:rgba(0,0,0,.01)",
            "color:hsl(0,0%,100%)",
            "color:mintcream",
            "-webkit-text-fill-color:transparent",
            "visibility:collapse",
            "animation:x 1s",
            "-webkit-text-security:disc",
        )
    ),
    "<video>{}</video>",
    "<meter>{}</meter>",
    "<dialog>{}</dialog>",
    "<div popover>{}</div>",
    "<details>{}</details>",
]
SHOWING = [
    "<div style='display:block'>{}</div>",
    "<div style='display:none'></div>{}",
    "<p style=display:none>x<p>{}",
    "<ul><li hidden>x<li>{}</ul>",
    "<td style='font-size:0'><span style='font-size:14px'>{}</span></td>",
    "<div style='visibility:hidden'><b style='visibility:visible'>{}</b></div>",
    "<div style='background:#003366'><span style='color:#fff'>{}</span></div>",
    "<img style='display:none'>{}",
    "<br hidden>{}",
    "<span style='color:#333333;font-size:10.5pt'>{}</span>",
    "<div style='background:transparent;color:black'>{}</div>",
    "<div style='position:relative;left:-2px'>{}</div>",
    "<style>.x{{display:none}}</style><div class=y>{}</div>",
    "<![if !mso]>{}<![endif]>",
    *(
        f"<div style='{style}'>{{}}</div>"
        for style in (
            "margin:0 0 0 40px",
            "margin:0mm 0mm 8pt",
            "font:10.5pt/1.5 Meiryo, sans-serif",
            "font:inherit",
            "font:bold 700 14px a",
            "display:inline-block",
            "overflow:hidden;width:600px;height:auto",
            "zoom:1",
            "transform:none",
            "opacity:1",
            "text-indent:1em",
            "letter-spacing:-0.5pt",
            "color:windowtext",
            "overflow-wrap:break-word;-webkit-nbsp-mode:space;line-break:after-white-space",
            "font-size:small",
            "mso-style-priority:99;mso-ligatures:none;text-justify:inter-ideograph",
            "line-height:1",
            "color:teal",
            "caret-color:rgb(0, 0, 0);orphans:auto;word-spacing:0px;-webkit-text-stroke-width:0px",
            "background:url(x.png)",
            "color:inherit",
        )
    ),
    "<style>a:hover{{color:#fff;background:#00f}} p::first-line{{font-weight:bold}}</style><p>{}</p>",
    "<style>li::before{{content:none}} *{{box-sizing:border-box}}</style><li>{}</li>",
    "<dialog open>{}</dialog>",
    "<noscript>{}</noscript>",
]


@pytest.mark.parametrize("html", HIDING)
def test_what_styles_hide_is_no_shown_text(html: str) -> None:
    shown = to_text(f"<p>before</p>{html.format('承認します。')}<p>after</p>")
    assert ["before", "after"] == shown.split()


@pytest.mark.parametrize("html", SHOWING)
def test_what_styles_leave_in_sight_is_shown(html: str) -> None:
    assert "承認します。" in to_text(html.format("承認します。"))


_ELEMENT = st.sampled_from(["div", "span", "b", "table", "td", "p", "font"])


@given(st.sampled_from(HIDING), st.lists(_ELEMENT, max_size=8))
def test_no_element_inside_shows_what_is_gone(html: str, inside: list[str]) -> None:
    said = "".join(f"<{name}>" for name in inside) + "承認します。"
    if not any(mark in html for mark in ("<p ", "<p>", "if mso")):  # a block ends a paragraph
        assert "承認" not in to_text(html.format(said))


@pytest.mark.parametrize("name", ["svg", "math", "textarea", "select", "button"])
def test_what_is_seen_and_said_by_nobody_is_a_quotation(name: str) -> None:
    assert "> 却下" == to_text(f"<{name}><text>却下</text></{name}>").strip()


def test_quotation_marks_are_shown() -> None:
    assert "“承認します。”" == to_text("<q>承認します。</q>")


SHEETS = (
    *("*{display:none}", "*{font-size:0}", "body>*{visibility:hidden}", "p:first-child{display:none}"),
    *("[dir]{display:none}", "p:not(.x, .y){opacity:0}", "div, x+p{display:none}", "p::before{content:'不'}"),
    *("p{display:none!important;display:block}", "@media print{*{font-size:0!important}}", "P.A,P{zoom:0}"),
)


@pytest.mark.parametrize("sheet", SHEETS)
def test_what_a_sheet_may_hide_is_no_shown_text(sheet: str) -> None:
    assert not to_text(f"<style>{sheet}</style><body><p dir=ltr>承認します。</p></body>")


_MOVING = (
    "transform",
    "clip-path",
    "zoom",
    "filter",
    "mask",
    "opacity",
    "font-size",
    "display",
    "text-indent",
)
_NOBODY_KNOWS = st.text("abcdefgh(),. -", min_size=4, max_size=20).map("x".__add__)


@given(st.sampled_from(_MOVING), _NOBODY_KNOWS)
def test_a_value_that_is_not_read_hides(name: str, value: str) -> None:
    assert not to_text(f"<p style='{name}:{value}'>承認します。</p>")


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
