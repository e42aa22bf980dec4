"""Outside text is no str: whatever forgets to print it is refused."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from jinja2.sandbox import SecurityError

from gateway.printing.outside import Outside, UnprintedError, reveal
from gateway.templating.renderer import build_environment

WAYS: dict[str, Callable[[Outside], object]] = {
    "str": str,
    "format": lambda one: f"{one}",
    "add": lambda one: one + "x",  # type: ignore[operator]
    "radd": lambda one: "x" + one,  # type: ignore[operator]
    "percent": lambda one: "%s" % one,  # noqa: UP031 - the way itself
    "mod": lambda one: one % 1,  # type: ignore[operator]
    "iterate": list,
    "slice": lambda one: one[0],  # type: ignore[index]
    "contains": lambda one: "x" in one,  # type: ignore[operator]
    "bytes": bytes,
    "html": lambda one: one.__html__(),  # type: ignore[attr-defined]
}


@pytest.mark.parametrize("way", sorted(WAYS))
def test_every_way_to_make_text_of_it_is_refused(way: str) -> None:
    with pytest.raises(UnprintedError):
        WAYS[way](Outside("x"))


def test_it_can_be_compared_measured_and_revealed() -> None:
    assert Outside("a") == Outside("a") == "a"
    assert sorted([Outside("b"), Outside("a")]) == [Outside("a"), Outside("b")]
    assert {"a": 1}[Outside("a")] == 1  # type: ignore[index]
    assert (3, True, False) == (len(Outside("abc")), bool(Outside("x")), bool(Outside("")))
    assert ("a", "b") == (reveal(Outside("a")), reveal("b"))
    assert "secret" not in repr(Outside("secret"))


TEMPLATES = [
    "{{ x }}",
    "{{ 'a' ~ x }}",
    "{{ x|upper }}",
    "{{ x|string }}",
    "{{ x|trim }}",
    "{{ x|replace('a', 'b') }}",
    "{{ [x]|join }}",
    "{{ '%s'|format(x) }}",
    "{{ '{}'.format(x) }}",
    "{{ x|wrap }}",
    "{{ x|e }}",
    "{{ x|urlize }}",
    "{{ x|tojson }}",
    "{{ x.reveal() }}",
    "{{ x._text }}",
    "{{ x|list|join }}",
    "{{ {'a': x} }}",
    "{{ [x] }}",
    "{% set y = x %}{{ y }}",
    "{% for one in [x] %}{{ one }}{% endfor %}",
    "{{ x|default('') }}",
    "{{ x or '' }}",
    "{{ x|first }}",
    "{{ x|indent }}",
    "{{ x|safe }}",
    "{{ x|forceescape }}",
    "{{ x|center }}",
    "{{ x|truncate }}",
    "{{ x|pprint }}",
    "{{ x|xmlattr }}",
    "{{ x|wordwrap }}",
    "{{ x|striptags }}",
    "{{ x|title }}",
    "{{ x|urlencode }}",
    "{{ mailto('a@b', 's', x) }}",
    "{{ mailto('a@b', x, 'b') }}",
]


@pytest.mark.parametrize("html", [False, True], ids=["text", "html"])
@pytest.mark.parametrize("template", TEMPLATES)
def test_no_template_gets_at_the_text_without_a_form(template: str, html: bool) -> None:
    """Refused, or shown without the text: never the text."""
    environment = build_environment(())
    name = "x.html.j2" if html else "x.txt.j2"
    environment.loader = None
    code = environment.compile(template, name, name)
    made = environment.template_class.from_code(environment, code, environment.make_globals(None))
    try:
        shown = made.render(x=Outside("poison"))
    except (UnprintedError, SecurityError, TypeError, AttributeError, ValueError):
        return
    assert "poison" not in shown
