"""Compilation of page templates: what is known in advance is not computed for each page.

A text is selected once: in an English page, `t("期限 {day}", "Due {day}", day=…)` compiles to `Due ` and the
value; the general way is `html.cell.fill`. What `finalize` returns is always markup, and not escaped again.
"""

from __future__ import annotations

from string import Formatter
from typing import Any

from jinja2 import Environment, nodes
from jinja2.compiler import CodeGenerator, Frame

from gateway.printing.bilingual import Language

NAME = "t"


class _PageGenerator(CodeGenerator):
    def visit_Output(self, node: nodes.Output, frame: Frame) -> None:  # noqa: N802 - jinja2's name
        assert isinstance(self.environment, PageEnvironment)  # noqa: S101 - the only one that uses this class
        node.nodes = [part for one in node.nodes for part in choose(one, self.environment.language)]
        super().visit_Output(node, frame)

    def _output_child_pre(self, _node: nodes.Expr, _frame: Frame, finalize: Any) -> None:
        self.write(finalize.src)

    def _output_child_post(self, _node: nodes.Expr, _frame: Frame, _finalize: Any) -> None:
        self.write(")")


class PageEnvironment(Environment):
    """Environment for pages in one language; `finalize` returns markup."""

    code_generator_class = _PageGenerator

    def __init__(self, language: Language, **options: Any) -> None:
        super().__init__(**options)
        self.language = language


def choose(node: nodes.Expr, language: Language) -> list[nodes.Expr]:
    """Return text and values for a call of `t` with two literals; any other node unchanged."""
    if not (isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name) and node.node.name == NAME):
        return [node]
    texts = [one.value for one in node.args if isinstance(one, nodes.Const)]
    if len(texts) != len(Language) or len(node.args) != len(texts) or node.dyn_args or node.dyn_kwargs:
        return [node]
    try:
        parts = list(Formatter().parse(texts[language is Language.EN]))
    except ValueError:  # a brace too many: `fill` says so
        return [node]
    values = {one.key: one.value for one in node.kwargs}
    if any(name is not None and (name not in values or spec or turn) for _, name, spec, turn in parts):
        return [node]
    return [part for text, name, _, _ in parts for part in _put(text, values.get(name or ""), node.lineno)]


def _put(text: str, value: nodes.Expr | None, line: int) -> list[nodes.Expr]:
    said = nodes.TemplateData(text, lineno=line)
    return [said] if value is None else [said, value]
