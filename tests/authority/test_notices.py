"""Signatures and notices of mail systems that were written without a look at the grammar."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.admission.case.events import Practise
from gateway.admission.case.model import Letter
from gateway.admission.intake.classify import classify
from gateway.admission.replies.decision import parse
from gateway.admission.replies.grammar.beside.notices import is_notice
from gateway.admission.replies.reading import Decision
from gateway.admission.replies.text.sentences import split_sentences
from gateway.mail.smtp.mailboxes import Purpose
from gateway.store.repositories import case_repository
from gateway.store.sqlite.store import SqliteStore
from tests.authority.test_tables import STAFFED, build_mail, decide, holder_of
from tests.support.authority import LETTER_SUBJECT, load
from tests.support.factories import NOW, SATO
from tests.support.replies import CONTEXT

SIGNATURES = load("honest/more_signatures.txt")
MARKS = tuple(tuple(row.split("|", 1)) for row in load("honest/marks.txt"))
NAMED = re.compile(r"「|example|Mihon|smime")
# What a member may say with the words of mail systems, and what takes a word back or asks for more.
SAID = (
    *("このメールを削除しました", "本文は削除されました", "このメールは転送されたものです"),
    *("このメールは迷惑メールと判定されました", "このメールは隔離されました", "ウイルスを検出しました"),
    *("ご確認をお願いします", "確認をお願いします"),
    *("このメールは誤送信です", "このメールは破棄してください", "このメールは無視してください"),
    *("誤って送信しました", "本メールは下書きです", "このメールは送信しないでください"),
    *("このメールは削除してください", "本メールは確認されていません", "添付ファイルを確認してください"),
    *("送信者に確認してください", "送信者へ連絡してください", "送信元を確認中です", "メールは未送信です"),
    *("メールを送信してください", "このメールは誤って送信されました", "本メールは無効です"),
    *("情報の確認が必要です", "メールアドレスが間違っている可能性があります", "アドレスは確認しました"),
    *("This message was sent in error", "Please delete this message", "Please contact the sender"),
    *("Do not open the invitation", "This is not the intended message", "The sender is not safe"),
    *("間違って送信した場合は削除してください", "誤って受信した", "This message is for the other case"),
    *("Notify the sender", "Please check with the sender", "Please use other mail", "Please return the mail"),
    *("If you are not the sender please delete it", "The sender is external", "Please do not click"),
)


@pytest.mark.parametrize("text", SAID)
def test_no_notice(text: str) -> None:
    assert not any(is_notice(one.bare, one.spaced) for one in split_sentences(text))
    for said in (f"承認します。\n\n{text}。", f"承認します。\n\n-- \n佐藤\n{text}"):
        assert Decision.NONE is parse(said, "", CONTEXT).decision


@given(
    # Those without the name of a file, a host or a product, which may be any.
    st.sampled_from([text for _, text in MARKS if not NAMED.search(text)]),
    st.sampled_from(
        ("先に", "在籍", "招待", "待って", "まだ", "しないで", "not", "wait", "he", "application")
    ),
    st.integers(0, 80),
)
def test_a_word_that_is_none_of_mail_systems_makes_it_unclear(mark: str, word: str, at: int) -> None:
    """Anywhere in a notice, also where it cuts another word."""
    said = f"{mark[:at]} {word} {mark[at:]}" if word.isascii() else mark[:at] + word + mark[at:]
    assert Decision.NONE is parse(f"承認します。\n\n{said}", f"Re: {LETTER_SUBJECT}", CONTEXT).decision


async def practise(store: SqliteStore, signature: str) -> tuple[str, ...]:
    """What is known of a member after one practice reply, read or not."""
    mail = build_mail(f"承認します。\n\n{signature}", LETTER_SUBJECT, Purpose.PRACTICE)
    event = classify(mail, holder_of(Purpose.PRACTICE, Letter.PRACTICE_REQUEST), None, STAFFED)
    assert isinstance(event, Practise)
    await store.transact(lambda tx: case_repository.keep_signature(tx, event, b"", NOW))
    return await store.transact(lambda tx: tx.known_lines(SATO, 1))


@pytest.mark.parametrize("practised", [True, False], ids=["after one practice reply", "without"])
async def test_the_second_cross(
    practised: bool, store: SqliteStore, record_property: Callable[[str, object], None]
) -> None:
    """42 signatures x 25 notices, each with the plainest word."""
    read: Counter[str] = Counter()
    for signature in SIGNATURES:
        known = await practise(store, signature) if practised else ()
        for where, mark in MARKS:
            above, below = (f"{mark}\n\n", "") if where == "ABOVE" else ("", f"\n\n{mark}")
            said = decide(f"{above}承認します。\n\n{signature}{below}", f"Re: {LETTER_SUBJECT}", known)
            read[said.value] += 1
    share = read["approve"] / sum(read.values())
    record_property("figure", f"other signatures {'after' if practised else 'without'} practice: {share:.1%}")
    assert share >= (0.55 if practised else 0.33)
