"""What is computed when a template is compiled is what each page would compute."""

from __future__ import annotations

from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import DictLoader, Environment, StrictUndefined
from markupsafe import Markup, escape

from gateway.html.cell import build_forms, fill, print_cell
from gateway.html.compiling import PageEnvironment
from gateway.printing.bilingual import Language
from gateway.printing.fields import Ours
from gateway.printing.outside import Outside, UnprintedError

FILLED = st.lists(st.sampled_from(["あ", "<b>", "&", "{n}", "{m}", "{{", "}}", "%"]), max_size=6).map("".join)
TEXTS = st.text(st.sampled_from("あAb <>&'#.{}%件\n"), max_size=12).filter(lambda text: "\\" not in text)


def render(kind: type[Environment], language: Language, source: str, **values: object) -> str:
    first = (language,) if kind is PageEnvironment else ()
    made = kind(
        *first,  # type: ignore[arg-type]
        loader=DictLoader({"page": source, "layout": "<main>{% block main %}{% endblock %}</main>"}),
        undefined=StrictUndefined,
        autoescape=True,
        finalize=partial(print_cell, language=language),
    )
    made.filters.update(build_forms(language))
    made.globals.update(t=partial(fill, language))
    return made.get_template("page").render(**values)


@given(TEXTS, TEXTS, st.sampled_from(Language), TEXTS)
def test_a_page_is_the_same_as_one_of_jinja2_itself(ja: str, en: str, language: Language, value: str) -> None:
    """Also where a brace makes the text one that wants a value, which neither forgives."""
    source = (
        "{% extends 'layout' %}{% macro name(x) %}<b>{{ x|inline }}</b>{% endmacro %}{% block main %}"
        f"{{{{ t({ja!r}, {en!r}) }}}}<i title='{{{{ t({en!r}, {ja!r}) }}}}'>{{% if x %}}{{{{ name(x) }}}}"
        "{% else %}{{ t('なし', 'none') }}{% endif %}{{ 3 }}"
        "{{ t('{n}件 <br>', '{n} <br>', n=3) }}</i>{% endblock %}"
    )
    found = [_try(kind, language, source, Outside(value)) for kind in (Environment, PageEnvironment)]
    assert found[0] == found[1]


@given(FILLED, FILLED, st.sampled_from(Language), TEXTS)
def test_a_text_with_values_is_the_same_as_filled(ja: str, en: str, language: Language, value: str) -> None:
    source = f"<p>{{{{ t({ja!r}, {en!r}, n=3, m=x|inline) }}}}</p>"
    found = [render(kind, language, source, x=Outside(value)) for kind in (Environment, PageEnvironment)]
    assert found[0] == found[1]


def _try(kind: type[Environment], language: Language, source: str, value: Outside) -> str:
    try:
        return render(kind, language, source, x=value)
    except (ValueError, IndexError, KeyError) as error:
        return type(error).__name__


@pytest.mark.parametrize("bare", ["{{ x }}", "{{ x ~ 'a' }}", "{{ t('{x}', '{x}', x=x) }}", "{{ [x] }}"])
def test_outside_text_without_a_form_is_refused(bare: str) -> None:
    with pytest.raises(UnprintedError):
        render(PageEnvironment, Language.JA, bare, x=Outside("<b>"))


def test_markup_of_outside_text_is_shown_and_does_nothing() -> None:
    made = render(PageEnvironment, Language.JA, "{{ x|inline }}", x=Outside("<script>"))
    assert "<script>" not in made
    assert "script" in made


@given(TEXTS, st.sampled_from(Language))
def test_a_value_in_a_text_is_escaped_once(value: str, language: Language) -> None:
    """As markupsafe itself fills one in."""
    printed = print_cell(Ours(value), language)
    wanted = Markup("<b>{x}</b> &amp; {x}").format(x=printed)
    assert wanted == fill(language, "<b>{x}</b> &amp; {x}", "<b>{x}</b> &amp; {x}", x=Ours(value))
    assert escape(value) == printed
