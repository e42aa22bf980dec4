"""Compilation of page templates: what is known in advance is not computed for each page.

A text without values is selected once: in an English page, `t("期限", "Due")` compiles to `Due`; the general
way is `html.cell.fill`. The result of `finalize`, which is always markup, is not escaped again.
"""

from __future__ import annotations

from typing import Any

from jinja2 import Environment, nodes
from jinja2.compiler import CodeGenerator, Frame

from gateway.printing.bilingual import Language

NAME = "t"


class _PageGenerator(CodeGenerator):
    def visit_Output(self, node: nodes.Output, frame: Frame) -> None:  # noqa: N802 - jinja2's name
        assert isinstance(self.environment, PageEnvironment)  # noqa: S101 - the only one that uses this class
        node.nodes = [choose(one, self.environment.language) for one in node.nodes]
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


def choose(node: nodes.Expr, language: Language) -> nodes.Expr:
    """Return the text for a call of `t` with two literals without placeholders; any other node unchanged."""
    if not (isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name) and node.node.name == NAME):
        return node
    texts = [one.value for one in node.args if isinstance(one, nodes.Const)]
    if len(texts) != len(Language) or node.kwargs or any("{" in one or "}" in one for one in texts):
        return node
    return nodes.TemplateData(texts[language is Language.EN], lineno=node.lineno)
