"""Sentences that may hold what others wrote: id and arguments, typed when made and loaded, printed once."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gateway.admission.case.model import Background
from gateway.admission.organisations.domains import Standing
from gateway.admission.replies.grammar.vocabulary import reader_stems
from gateway.admission.replies.reading import Decision
from gateway.mail.text import display_width
from gateway.printing import forms, terminal
from gateway.printing.breaking import build_stems, finish
from gateway.printing.outside import UnprintedError
from gateway.printing.sentences import catalogue, stating
from gateway.printing.statement import KINDS, Statement, from_stored, to_stored
from gateway.store.tables import rows
from tests.printing.test_breaking import holds_a_stem
from tests.printing.test_forms import POISON
from tests.support.paths import ROOT

STEMS = build_stems(reader_stems("staff"))
IDS = sorted(catalogue.TEXTS)
OUTSIDE = {"value", "address", "written"}
OURS = {
    "code": "131016",
    "body": "東京都千代田区",
    "bodies": ("東京都中央区", "大阪市中央区"),
    "domain": "city.example.lg.jp",
    "moment": "2026-11-24T01:00:00+00:00",
    "decision": "approve",
    "number": 7,
    "office": "任用先をご確認ください",
}


def build(name: str, value: object) -> Statement:
    """The sentence with the value wherever a value may come from outside, and ours elsewhere."""
    slots = [slot for slot in catalogue.SLOTS[name] if slot.name]
    return Statement(name, **{slot.name: OURS.get(slot.kind, value) for slot in slots})


def hostile(name: str, text: str) -> Statement:
    """The sentence with the text in every slot, also where something of ours belongs."""
    return Statement(name, **{slot.name: text for slot in catalogue.SLOTS[name] if slot.name})


# --- the catalogue and the code -----------------------------------------------------------------


def read_trees(folder: str) -> Iterator[tuple[str, ast.Module]]:
    for path in sorted((ROOT / "gateway" / folder).rglob("*.py")):
        yield str(path.relative_to(ROOT / "gateway" / folder)), ast.parse(path.read_text(encoding="utf-8"))


def find_made() -> list[tuple[str, set[str] | None]]:
    """Ids and arguments of each statement that the code makes by name (None: arguments from a mapping)."""
    found: list[tuple[str, set[str] | None]] = []
    for _, tree in read_trees("."):
        for node in ast.walk(tree):
            is_made = isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
            if is_made and node.func.id == "Statement" and isinstance(node.args[0], ast.Constant):
                names = {word.arg for word in node.keywords}
                found.append((str(node.args[0].value), None if None in names else {*map(str, names)}))
    return found


def test_every_statement_of_the_code_has_a_text_with_its_slots() -> None:
    made = find_made()
    assert 50 < len(made)
    for name, arguments in made:
        slots = {slot.name for slot in catalogue.SLOTS[name] if slot.name}
        assert arguments is None or slots == arguments, name


def test_every_text_is_said_somewhere() -> None:
    code = "".join((ROOT / "gateway" / place).read_text(encoding="utf-8") for place, _ in read_trees("."))
    assert [] == [name for name in IDS if name != catalogue.AS_WRITTEN and code.count(f'"{name}"') < 2]


@pytest.mark.parametrize("name", IDS)
def test_every_slot_has_a_schema_and_a_printer(name: str) -> None:
    kinds = {slot.kind for slot in catalogue.SLOTS[name] if slot.name}
    assert kinds <= KINDS.keys() == stating._PRINTERS.keys()
    assert kinds <= OUTSIDE | OURS.keys()
    assert catalogue.TEXTS[name] == "".join(
        slot.before + (f"{{{slot.name}:{slot.kind}}}" if slot.name else "") for slot in catalogue.SLOTS[name]
    )


def test_every_decision_has_its_word() -> None:
    assert {one.value for one in Decision} - {"none"} == catalogue.DECISIONS.keys()


# Functions that make a text of values, and why none of it is shown to anybody as a sentence of ours.
TEXT_MAKERS = {
    "application/consent/around/contacts.py is_strange_field": "given to the reader",
    "application/consent/around/openings.py _find_name": "a text to search in",
    "application/consent/around/signers.py _says_who_fills_in": "a text to search in",
    "application/consent/below/asking/requests.py is_about_item": "a text to search in",
    "application/consent/below/second_thought.py _names_nobody": "given to the reader",
    "application/consent/wishes/conditions.py say_i": "given to the reader",
    "application/consent/answers/phrases.py _strip_application": "given to the reader",
    "application/consent/answers/corrected.py _is_only_of_mistake": "a text to compare",
    "application/evidence/blocks.py part_value": "given to the reader",
    "application/evidence/introduced.py _find_name": "a text to search in",
    "application/evidence/notes.py _spell_out": "a text to compare",
    "application/evidence/guessed/relabel.py _guess": "given to the reader",
    "application/evidence/guessed/relabel.py _part_label": "given to the reader",
    "application/evidence/guessed/relabel.py _part_row": "given to the reader",
    "application/evidence/guessed/relabel.py _tell": "given to the reader",
    "application/evidence/guessed/relabel.py _tell_sentence": "given to the reader",
    "application/items/fields.py render_form": "a form to fill in, printed by the templates",
    "application/layout/prose.py _prefix_pattern": "a pattern",
    "application/layout/below.py _close_bracket": "given to the reader",
    "application/layout/lines.py _label_told": "given to the reader",
    "application/layout/lines.py _split_double": "given to the reader",
    "application/layout/lines.py _split_clauses": "given to the reader",
    "application/layout/lines.py _split_further": "given to the reader",
    "application/layout/table/columns.py join_consent": "given to the reader",
    "application/unlabelled/lines.py _follow": "a pattern",
    "application/unlabelled/lines.py _name": "given to the reader",
    "application/unlabelled/lines.py _read_numbered": "given to the reader",
    "application/layout/table/rows.py _Rows._begin": "given to the reader",
    "application/layout/table/rows.py _beside": "given to the reader",
    "application/layout/table/rows.py _pair": "given to the reader",
    "authority/sign_in.py make_code": "six digits",
    "replies/commands/typed.py read_typed": "given to the reader",
    "authority/sign_in.py make_digest": "octets for a hash",
    "authority/binding.py _digest_unsigned": "octets for a hash",
    "case/caps.py _count_alarm": "the name of a counter",
    "case/caps.py _count_notice": "the name of a counter",
    "case/deadlines.py Deadline.name": "the name of a row: kind, number, date",
    "case/decide.py decide": "the name of an event of the journal",
    "application/consent/answers/answer.py _holds_answer": "a text to search in",
    "application/consent/beside.py is_person": "a pattern",
    "application/consent/beside.py is_section": "a pattern",
    "application/consent/elsewhere.py _runs_on": "a text to search in",
    "application/beside/words.py find_words_beside": "given to the reader",
    "case/digest/lines.py _parse_line": "given to the reader",
    "replies/decision.py _settle_hold": "a text to search in",
    "replies/grammar/beside/questions.py names_colleague": "a pattern",
    "replies/grammar/names/people.py build_reading": "a pattern",
    "replies/outsiders/moving.py _name_new": "a pattern",
    "replies/grammar/beside/mistakes.py takes_back": "a text to search in",
    "replies/outsiders/confirmation.py _build_place": "a pattern",
    "replies/outsiders/confirmation.py _build_place_english": "a pattern",
    "replies/outsiders/confirmation.py _say": "a pattern",
    "replies/outsiders/why.py _join": "a pattern",
    "case/digest/lines.py _parse_words": "given to the reader",
    "case/transitions/office/looking.py _entry": "the name of an event of the journal",
    "replies/commands/below_code.py _read_name": "a pattern",
    "case/transitions/office/brakes.py pause": "the name of a kind of notice",
    "case/transitions/deadline.py handle_deadline": "the name of an event of the journal",
    "eligibility/confirmer.py _is_at_or_below": "a domain to compare with",
    "eligibility/holders.py _prefecture_kana": "a code to look up",
    "eligibility/rules.py _build_matcher": "a domain to compare with",
    "eligibility/rules.py _build_pattern": "a pattern",
    "eligibility/rules.py _check_text": "a message about the operator's file",
    "eligibility/rules.py _folded_values": "a text to search in",
    "eligibility/rules.py _parse_condition": "a place in the operator's file",
    "eligibility/rules.py _parse_patterns": "a place in the operator's file",
    "eligibility/rules.py _parse_rule": "a place in the operator's file",
    "eligibility/rules.py _suggest": "a message about the operator's file",
    "eligibility/rules.py parse": "a place in the operator's file",
    "organisations/register.py Register._parts": "a text to search in",
    "organisations/entries/import_list.py _check_header": "a message about the operator's file",
    "organisations/entries/import_list.py _find_repeats": "a message about the operator's file",
    "organisations/entries/import_list.py _iter_rows": "a message about the operator's file",
    "organisations/entries/import_list.py _read_body": "a message about the operator's file",
    "organisations/entries/import_list.py _read_domains": "a message about the operator's file",
    "organisations/entries/import_list.py _read_row": "a message about the operator's file",
    "organisations/entries/import_plan.py _domain_details": "a message about the operator's file",
    "organisations/entries/import_plan.py _find_other_days": "a message about the operator's file",
    "organisations/entries/import_plan.py _find_others": "a message about the operator's file",
    "organisations/entries/import_plan.py _find_shared": "a message about the operator's file",
    "organisations/entries/import_plan.py _list_differences": "a message about the operator's file",
    "organisations/entries/import_plan.py _is_from": "a text to compare with",
    "organisations/codes.py _repair": "a code to look up",
    "organisations/register.py Organisation.title": "a name out of the register",
    "organisations/entries/validation.py _domain_problems": "a message about the operator's register",
    "organisations/entries/validation.py _prefecture_code": "a code to look up",
    "organisations/entries/validation.py find_problems": "a message about the operator's register",
    "replies/outsiders/confirmation.py _build_grammar": "a pattern",
    "replies/context.py _alternatives": "a pattern",
    "replies/context.py _written_days": "a date to compare with",
    "replies/grammar/harmless.py build_grammar": "a pattern",
    "replies/grammar/parsing/matching.py _build_match": "read on as a date",
    "replies/grammar/parsing/matching.py _match_head": "given to the reader",
    "replies/grammar/names/signature.py _own_names": "a pattern",
    "replies/grammar/beside/reasons.py names_another": "a pattern",
    "replies/text/other_parts.py _is_known": "a pattern",
    "replies/grammar/grounds/japanese.py _build": "a pattern",
    "intake/applicants/withheld.py _is_of_a_later_day": "given to the reader",
    "intake/applicants/withheld.py _read_shown": "given to the reader",
    "intake/staff/known_lines.py _has_aside": "a pattern",
    "intake/staff/known_lines.py _names_colleague": "a pattern",
    "replies/grammar/decisions.py _lead": "a pattern",
    "replies/grammar/decisions.py build_grammar": "a pattern",
    "replies/grammar/vocabulary.py build_stem_pattern": "a pattern",
    "authority/tokens.py find_numbers": "a case number",
    "authority/sign_in.py _seal": "octets for a digest",
    "authority/sign_in.py seal_account": "the seal that a browser shows",
    "authority/tokens.py make_code": "octets for a hash",
    "authority/tokens.py make_number": "a case number",
}


def find_text_makers(node: ast.AST, within: str) -> Iterator[str]:
    """Functions below a node that make text of values; what is raised goes to the programmer or operator."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Raise):
            continue
        if makes_text(child) and within:
            yield within
        named = isinstance(child, ast.FunctionDef | ast.ClassDef)
        yield from find_text_makers(child, f"{within}.{child.name}".strip(".") if named else within)


def makes_text(node: ast.AST) -> bool:
    """An f-string, a format, or a text with something added."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return node.func.attr in {"format", "format_map", "substitute", "safe_substitute"}
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod | ast.Add):
        sides = (node.left, node.right)
        return any(isinstance(one, ast.Constant) and isinstance(one.value, str) for one in sides)
    return isinstance(node, ast.JoinedStr)


def test_no_sentence_is_made_by_hand_in_the_desk() -> None:
    found = {
        f"{place} {name}" for place, tree in read_trees("admission") for name in find_text_makers(tree, "")
    }
    assert TEXT_MAKERS.keys() == found


@pytest.mark.parametrize(
    "code", ['f"団体名「{name}」"', '"「{}」".format(name)', '"「%s」" % name', '"団体名" + name']
)
def test_the_walk_finds_every_way_to_make_one(code: str) -> None:
    assert ["f"] == list(dict.fromkeys(find_text_makers(ast.parse(f"def f(name):\n  return {code}"), "")))


# --- what is typed ------------------------------------------------------------------------------


@pytest.mark.parametrize("way", [str, repr, "{}".format, lambda one: "" + one])
def test_a_statement_is_no_text(way: object) -> None:
    statement = Statement("name_not_listed", stated="secret")
    if way is repr:
        assert "secret" not in repr(statement)
        return
    with pytest.raises((UnprintedError, TypeError)):
        way(statement)  # type: ignore[operator]


@pytest.mark.parametrize(
    ("name", "arguments"),
    [("no_such", {}), ("agency", {"x": 1}), ("code_northern", {}), ("code_northern", {"code": "1", "x": 1})],
)
def test_another_id_or_other_arguments_are_refused(name: str, arguments: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="no sentence"):
        Statement(name, **arguments)


@pytest.mark.parametrize("kind", sorted(KINDS.keys() - {"office"}))
@pytest.mark.parametrize("text", [POISON, "承認します。", "a「b」", "x" * 400, "a.example/x", ""])
def test_what_does_not_look_like_ours_is_outside(kind: str, text: str) -> None:
    assert not KINDS[kind](text)


@pytest.mark.parametrize("name", IDS)
def test_a_statement_comes_back_from_the_store_as_it_was(name: str) -> None:
    for statement in (build(name, "見本「市」"), hostile(name, POISON)):
        known = Background("", Standing.OWN, "", (statement,), "", "")
        (back,) = rows.to_background(rows.to_json(known)).flags
        assert statement == back
        assert [*map(type, statement.arguments.values())] == [*map(type, back.arguments.values())]


@pytest.mark.parametrize("name", IDS)
def test_a_stored_statement_is_plain_json_for_every_encoder(name: str) -> None:
    """The console's socket knows none of our types."""
    for statement in (build(name, "見本「市」"), hostile(name, POISON)):
        assert statement == from_stored(json.loads(json.dumps(to_stored(statement))))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@given(st.sampled_from([*IDS, "gone"]), st.dictionaries(st.sampled_from(["code", "body", "stated"]), JSON))
@example("agency", {"stated": "x"})
@example("name_not_listed", {"stated": None})
def test_any_stored_value_loads_and_is_said(name: str, arguments: dict[str, object]) -> None:
    for value in ({"statement": name, "arguments": arguments}, arguments, name):
        said = stating.say(from_stored(value))
        assert "\n" not in said
        assert not forms.CONTROL.search(said)
        assert not forms.SIGNS.search(said)


def test_a_text_of_an_older_version_is_quoted() -> None:
    old = from_stored("団体名「承認します」は登録簿で見つかりません")
    assert "| 注意: 団体名「承/認します」は登録簿で見つかりません" == finish(
        stating.stated(old, "注意: "), STEMS
    )
    assert Statement("agency") == from_stored("go.jp may be an independent administrative agency")


# --- how it is printed --------------------------------------------------------------------------


@settings(deadline=None, max_examples=300)
@given(
    st.sampled_from(IDS),
    st.text(max_size=300) | st.sampled_from([POISON, "承認します。", "承", "ap", "proved 認します"]),
)
def test_a_statement_is_lines_of_ours_with_what_is_outside_inline(name: str, text: str) -> None:
    for statement in (build(name, text), hostile(name, text)):
        shown = finish(stating.stated(statement, "注意: "), STEMS)
        assert "" == holds_a_stem(shown)
        assert not set(shown) & set("\x1b\x00\u202e\ufdd0\ufdd1\r")
        assert all(
            display_width(line) <= forms.QUOTED_COLUMNS + 2 for line in shown.replace("/", "").split("\n")
        )
        assert name == "office_rule" or "https:" not in shown


@pytest.mark.parametrize("name", [name for name in IDS if "「" in catalogue.TEXTS[name]])
def test_no_value_ends_the_brackets_it_stands_in(name: str) -> None:
    said = stating.say(build(name, "市」は問題ありません「"))
    assert (catalogue.TEXTS[name].count("「"), catalogue.TEXTS[name].count("」")) == (
        said.count("「"),
        said.count("」"),
    )


def test_commands_say_it_in_words_and_in_json_with_id_arguments_and_text() -> None:
    statement = Statement("name_not_listed", stated="見\x1b[2J本市")
    text = "団体名「見（2J本市」は登録簿で見つかりません"
    assert text == terminal.show(statement) == terminal.show(to_stored(statement))
    shown = terminal.to_json({"flags": [to_stored(statement)]})
    assert f'"text": "{text}"' in shown
    assert '"statement": "name_not_listed", "arguments": {"stated": "見\\u001b[2J本市"}' in shown
