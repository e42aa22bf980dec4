"""An operator's own templates: copied, compared, and checked against the letters they must make."""

import gc
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from gateway import settings
from gateway.app.wiring.files.resources import resource_dir
from gateway.demo.fixtures import settings_text
from gateway.preview.rendered import SampleRenderer
from gateway.preview.sample_cases import PRIVATE
from gateway.preview.sample_letters import build_letters
from gateway.templating.check import Problem, check
from gateway.templating.overrides import OverrideState, Templates
from gateway.templating.renderer import InvalidTemplateError

CONFIG = settings.parse(settings_text(Path("demo"), 25, 53).encode(), "demo")
SAMPLES = build_letters(PRIVATE)


@pytest.fixture
def templates(tmp_path: Path) -> Templates:
    return Templates(resource_dir("templates"), tmp_path / "templates")


def problems(templates: Templates) -> list[Problem]:
    return check(templates, SAMPLES, SampleRenderer(CONFIG, templates.own.parent).rendered)


def changed(templates: Templates, name: str, change: Callable[[str], str]) -> list[Problem]:
    path = templates.copy(name)
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")
    return problems(templates)


def test_a_fresh_copy_is_overridden_differs_in_nothing_and_passes(templates: Templates) -> None:
    for source in templates.all():
        templates.copy(source.name)
    assert {OverrideState.OVERRIDDEN} == {source.standing for source in templates.all()}
    assert {""} == {source.diff() for source in templates.all()}
    assert [] == problems(templates)


def test_a_copy_says_the_same_as_the_shipped_template(templates: Templates) -> None:
    shipped = SampleRenderer(CONFIG, None)
    before = [shipped.rendered(outgoing) for _, outgoing in SAMPLES]
    for source in templates.all():
        templates.copy(source.name)
    press = SampleRenderer(CONFIG, templates.own.parent)
    assert before == [press.rendered(outgoing) for _, outgoing in SAMPLES]


def test_a_file_of_the_package_that_was_changed_in_place_is_named_with_its_line(tmp_path: Path) -> None:
    package = tmp_path / "package"
    shutil.copytree(resource_dir("templates"), package)
    broken = package / "decline.txt.j2"
    broken.write_text("one line\n{% if %}\n", encoding="utf-8")
    (found,) = problems(Templates(package, tmp_path / "templates"))
    assert ("decline.txt.j2", 2, True) == (found.file, found.line, found.error)
    assert "reinstall the package" in found.text


def test_a_copy_never_overwrites(templates: Templates) -> None:
    path = templates.copy("decline.txt.j2")
    path.write_text("mine", encoding="utf-8")
    with pytest.raises(FileExistsError):
        templates.copy("decline.txt.j2")
    assert "mine" == path.read_text(encoding="utf-8")


def test_a_change_of_the_shipped_template_is_noticed(tmp_path: Path) -> None:
    shipped = tmp_path / "shipped"
    shipped.mkdir()
    (shipped / "decline.txt.j2").write_text("one\n", encoding="utf-8")
    templates = Templates(shipped, tmp_path / "templates")
    templates.copy("decline.txt.j2")
    (shipped / "decline.txt.j2").write_text("two\n", encoding="utf-8")
    assert OverrideState.OUTDATED is templates.one("decline.txt.j2").standing
    assert ["-two", "+one"] == templates.one("decline.txt.j2").diff().splitlines()[-2:]


# What a template that includes itself leaves behind is collected here, and not in a later test.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize(
    ("file", "old", "new", "says", "line"),
    [
        ("decline.txt.j2", "{{ reason|quoted }}", "{{ reasn|quoted }}", "did you mean 'reason'", 12),
        ("decline.txt.j2", "{{ reason|quoted }}", "{{ reason|quotd }}", "No filter named 'quotd'", 12),
        ("decline.txt.j2", "{{ reason|quoted }}", "{{ reason|quoted }", "unexpected '}'", 12),
        ("decline.txt.j2", "{% endblock %}", "", "Unexpected end of template", 0),
        ("decline.txt.j2", "{{ reason|quoted }}", "{{ office.nmae }}", "has no attribute 'nmae'", 12),
        (
            "decline.txt.j2",
            "{{ reason|quoted }}",
            "{% include 'none.j2' %}",
            "there is no template 'none.j2'",
            12,
        ),
        ("decline.txt.j2", "{{ reason|quoted }}", "{% include 'decline.txt.j2' %}", "RecursionError", 0),
        ("_staff.txt.j2", "{{ to_name }}", "{{ to_nmae }}", "did you mean 'to_name'", 4),
    ],
)
def test_an_error_names_file_and_line(
    templates: Templates, file: str, old: str, new: str, says: str, line: int
) -> None:
    found = changed(templates, file, lambda text: text.replace(old, new))
    errors = [one for one in found if one.error]
    assert errors
    assert file == errors[0].file
    assert says in errors[0].text
    if line:
        assert line == errors[0].line
    gc.collect()


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("{{ reason|quoted }}", "", "the shipped template uses 'reason', this one does not"),
        ("理由\n", "理" * 36 + "\n", "72 columns wide"),
        ("理由\n", "https://a.example/\nhttps://b.example/\n", "2 links"),
        (" {{ number }}】", "】", "the subject does not contain the case number"),
    ],
)
def test_a_warning_says_what_a_reader_would_notice(
    templates: Templates, old: str, new: str, says: str
) -> None:
    found = changed(templates, "decline.txt.j2", lambda text: text.replace(old, new))
    assert not any(one.error for one in found)
    assert any(says in one.text for one in found)


def test_a_file_without_mark_and_one_that_no_letter_uses_are_warned_of(templates: Templates) -> None:
    templates.own.mkdir()
    shipped = templates.one("expired.txt.j2").shipped or ""
    (templates.own / "expired.txt.j2").write_text(shipped, encoding="utf-8")
    (templates.own / "expird.txt.j2").write_text("x", encoding="utf-8")
    found = {one.file: one for one in problems(templates)}
    assert "cannot be detected" in found["expired.txt.j2"].text
    assert "no letter uses" in found["expird.txt.j2"].text
    assert not any(one.error for one in found.values())


def test_a_byte_order_mark_and_crlf_do_no_harm(templates: Templates) -> None:
    shipped = SampleRenderer(CONFIG, None)
    before = [shipped.rendered(outgoing) for _, outgoing in SAMPLES]
    for source in templates.all():
        path = templates.copy(source.name)
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert {OverrideState.OVERRIDDEN} == {source.standing for source in templates.all()}
    press = SampleRenderer(CONFIG, templates.own.parent)
    assert before == [press.rendered(outgoing) for _, outgoing in SAMPLES]


def test_a_file_in_another_charset_is_named(templates: Templates) -> None:
    path = templates.copy("decline.txt.j2")
    path.write_bytes(path.read_text("utf-8").encode("cp932"))
    with pytest.raises(InvalidTemplateError, match=r"decline\.txt\.j2: cannot be read as UTF-8"):
        templates.all()
