"""A consent counts only if nothing else in the mail may say otherwise: subject, HTML, another sender."""

from __future__ import annotations

from email.header import Header

import pytest

from gateway.admission.application.items.fields import Consent
from gateway.admission.intake.applicants.applicant import read_words
from gateway.admission.intake.extract import extract_facts
from gateway.admission.intake.mail_facts import MailFacts
from gateway.mail import message
from gateway.mail.smtp.mailboxes import Purpose

FORM = "団体名：見本町\r\n部課名：総務課\r\n氏名：見本 花子\r\n規約への同意：同意する\r\n"


def read(subject: str, purpose: Purpose = Purpose.REQUEST) -> MailFacts:
    head = f"Subject: {Header(subject, 'utf-8').encode()}\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
    facts = extract_facts(message.parse((head + FORM).encode()), None, purpose, null_reverse_path=False)
    return read_words(facts)


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ("参加申請（見本町）", Consent.YES),
        ("", Consent.YES),
        ("【下書き】参加申請", Consent.ABSENT),
        ("規約には同意できません", Consent.ABSENT),
    ],
)
def test_the_subject_is_a_line_of_the_writer(subject: str, expected: Consent) -> None:
    facts = read(subject)
    assert (expected, "見本 花子") == (facts.form.consent, facts.form.name)
    assert facts.words is not None
    assert ("" if expected is Consent.YES else subject) == facts.words.beside


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ("Re: 【様式のご確認】事務局より", Consent.YES),
        ("規約には同意できません", Consent.ABSENT),
    ],
)
def test_the_subject_of_an_answer_to_our_letter_is_ours(subject: str, expected: Consent) -> None:
    assert expected is read(subject, Purpose.CASE).form.consent


@pytest.mark.parametrize(
    ("author_name", "expected"),
    [
        *(
            ("見本 花子", Consent.YES),
            ("見本町 総務課", Consent.YES),
            ("", Consent.YES),
            ("環境省 佐藤", Consent.YES),
        ),
        *(("佐藤 花子", Consent.YES), ("Hanako Sato", Consent.YES), ("佐藤 次郎", Consent.ABSENT)),
    ],
)
def test_whoever_bears_another_name_in_from_agrees_for_nobody(author_name: str, expected: Consent) -> None:
    raw = f"Content-Type: text/plain; charset=utf-8\r\n\r\n{FORM}".encode()
    facts = extract_facts(
        message.parse(raw), None, Purpose.REQUEST, null_reverse_path=False, author_name=author_name
    )
    assert expected is facts.form.consent


ALTERNATIVE = (
    "Subject: =?utf-8?B?55Sz6KuL?=\r\nContent-Type: multipart/{}; boundary=b\r\n\r\n"
    "--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{}\r\n"
    "--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{}\r\n--b--\r\n"
)
PAGE = "".join(f"<p>{line}</p>" for line in FORM.splitlines())


def read_both(plain: str, page: str, kind: str = "alternative") -> Consent:
    raw = ALTERNATIVE.format(kind, plain, page).encode()
    facts = extract_facts(message.parse(raw), None, Purpose.REQUEST, null_reverse_path=False)
    return facts.form.consent


@pytest.mark.parametrize(
    ("plain", "page"),
    [
        (FORM, PAGE),
        (FORM, f"<div>{FORM.replace(chr(10), '<br>')}</div><p>よろしくお願いします。</p>"),
        (FORM, "<p>よろしくお願いいたします。</p>"),
        ("下記の表のとおり申請いたします。\r\n[表]\r\n", PAGE),
        ("このメールはHTML形式です。", PAGE),
    ],
)
def test_a_consent_that_both_forms_of_a_mail_show_counts(plain: str, page: str) -> None:
    assert Consent.YES is read_both(plain, page)


@pytest.mark.parametrize("kind", ["alternative", "mixed"])
@pytest.mark.parametrize(
    ("plain", "page"),
    [
        (FORM, PAGE.replace("同意する", "同意しません")),
        (FORM, PAGE.replace("同意する", "<s>同意する</s>")),
        (FORM, PAGE.replace("同意する", "□同意する")),
        (FORM, PAGE.replace("同意する", "<input type=checkbox>同意する")),
        (FORM, PAGE.replace("同意する", "検討中")),
        (FORM, f"{PAGE}<p>※同意は撤回します。</p>"),
        (FORM, f"<p>【下書き】</p>{PAGE}"),
        (FORM, "<p>同意は撤回します。</p>"),
        ("規約にはまだ同意していません。下書きです。", PAGE),
        ("参加の件、規約を読んでから返事します。", PAGE),
    ],
)
def test_a_consent_that_the_other_form_of_a_mail_takes_back_does_not(
    plain: str, page: str, kind: str
) -> None:
    assert Consent.YES is not read_both(plain, page, kind)


@pytest.mark.parametrize(
    ("box", "expected"),
    [
        ('<input type="checkbox" checked>', Consent.YES),
        ("<INPUT TYPE=checkbox CHECKED=checked />", Consent.YES),
        ("<input type='radio' name=a checked>", Consent.YES),
        ('<input type="checkbox">', Consent.NO),
        ('<input type="checkbox" value="checked">', Consent.NO),
        ("<input type=radio name=checked>", Consent.NO),
    ],
)
def test_an_empty_box_of_a_page_is_no_consent(box: str, expected: Consent) -> None:
    assert expected is read_both("", PAGE.replace("同意する", f"{box} 同意する"))


@pytest.mark.parametrize(
    ("head", "day", "expected"),
    [
        ("Date: Fri, 27 Nov 2026 10:00:00 +0900\r\n", "R8.11.27", Consent.YES),
        ("Date: Fri, 27 Nov 2026 10:00:00 +0900\r\n", "令和8年11月26日", Consent.YES),
        ("Date: Fri, 27 Nov 2026 10:00:00 +0900\r\n", "2026/11/27 見本花子", Consent.YES),
        ("Date: Fri, 27 Nov 2026 10:00:00 +0900\r\n", "R8.11.28", Consent.ABSENT),
        ("Date: Fri, 27 Nov 2026 10:00:00 +0900\r\n", "2027年4月1日", Consent.ABSENT),
        ("Date: Fri, 27 Nov 2026 10:00:00 +0900\r\n", "２０２７／４／１", Consent.ABSENT),
        ("Date: Fri, 27 Nov 2026 10:00:00 +0900\r\n", "2026/13/27", Consent.ABSENT),
        ("Date: some day\r\n", "R8.11.27", Consent.ABSENT),
        ("", "R8.11.27", Consent.ABSENT),
    ],
)
def test_the_day_of_a_consent_is_none_after_that_of_the_mail(head: str, day: str, expected: Consent) -> None:
    text = f"{head}Content-Type: text/plain; charset=utf-8\r\n\r\n{FORM.rstrip()}（{day}）\r\n"
    facts = extract_facts(message.parse(text.encode()), None, Purpose.REQUEST, null_reverse_path=False)
    assert expected is facts.form.consent


def test_a_later_day_beside_another_item_leaves_the_consent() -> None:
    head = "Date: Fri, 27 Nov 2026 10:00:00 +0900\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
    text = f"{head}{FORM}\r\n役職：主任（2027年4月1日）\r\n"
    facts = extract_facts(message.parse(text.encode()), None, Purpose.REQUEST, null_reverse_path=False)
    assert Consent.YES is facts.form.consent


STORY = "届いていないようなのでお送りします。\r\n"


def read_story(form: str, html: str = "") -> MailFacts:
    head = "Subject: =?utf-8?B?5Y+C5Yqg55Sz6KuL?=\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
    raw = ALTERNATIVE.format("alternative", form, html) if html else head + form
    return read_words(
        extract_facts(message.parse(raw.encode()), None, Purpose.REQUEST, null_reverse_path=False)
    )


def test_the_staff_see_the_whole_text_of_a_consent_that_they_judge() -> None:
    facts = read_story(f"{STORY}\r\n{FORM}\r\n-- \r\n見本町 総務課\r\n")
    assert Consent.UNSURE is facts.form.consent
    assert facts.words is not None
    assert set(facts.text.split()) <= {*facts.words.beside.split(), "--"}


@pytest.mark.parametrize(
    ("form", "html", "expected"),
    [
        (f"{STORY}{FORM}", f"<p>{STORY}</p>{PAGE}", Consent.UNSURE),
        (f"{STORY}{FORM}", PAGE, Consent.ABSENT),
        (FORM, f"<p>{STORY}</p>{PAGE}", Consent.ABSENT),
        (f"{STORY}\r\n{FORM}", "", Consent.UNSURE),
        (f"{STORY}\r\n{FORM}" + "よろしくお願いします。\r\n" * 400, "", Consent.ABSENT),
        (f"{STORY}\r\n{FORM}".replace("同意する", "同意しない"), "", Consent.NO),
    ],
    ids=["shown twice", "only in the text", "only in the HTML", "one text", "too long to be shown", "no"],
)
def test_what_the_staff_would_not_see_is_asked_about(form: str, html: str, expected: Consent) -> None:
    assert expected is read_story(form, html).form.consent


HTML = "<p>" + FORM.replace("\r\n", "<br>") + "</p>"


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        (HTML, Consent.YES),
        (HTML.replace("総務課", "総務課（庶務係）"), Consent.YES),
        (HTML.replace("見本 花子", "試作 太郎"), Consent.ABSENT),
        (HTML.replace("見本町", "例示市"), Consent.ABSENT),
        (f"<blockquote>{HTML}</blockquote>", Consent.UNSURE),
    ],
)
def test_both_forms_of_a_mail_give_the_same_person_as_the_writer(html: str, expected: Consent) -> None:
    assert expected is read_both(FORM, html)
