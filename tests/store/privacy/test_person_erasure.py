"""Who is erased leaves no octet, in whatever charset and encoding, in any file or any backup made after."""

from __future__ import annotations

import base64
import itertools
import json
import quopri
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from gateway.cli import main
from gateway.mail.address import parse
from gateway.store.privacy.mentions import ERASED_ADDRESS, Subject, read_octets
from gateway.store.sqlite.integrity.verify import verify
from gateway.store.tables.letters import links
from tests.store.filled import settings_folder

HANAKO, NAME, NUMBER = "hanako@town.mihon.lg.jp", "見本 花子", "M54W-TJ"
OTHER = "KQNW-G0"
HEADER = b"From: sato@kyoso.mihon.go.jp\r\nSubject: Re\r\nMIME-Version: 1.0\r\n"


def encodings(text: str) -> Iterator[bytes]:
    """A text as a mail or a database file may hold it."""
    for name in ("utf-8", "iso2022_jp", "cp932", "euc_jp", "utf-16-le", "utf-16-be"):
        octets = text.encode(name)
        yield octets
        yield quopri.encodestring(octets)
        for shift in range(3):  # what stands before it moves the letters of Base64
            whole = base64.b64encode(b"\0" * shift + octets)
            yield whole[4 if shift else 0 : len(whole) - 4]
    yield json.dumps(text)[1:-1].encode()


def mails_quoting(text: str) -> Iterator[bytes]:
    """Replies of the staff that quote a text, in the ways of their mail programs."""
    for label, codec in (("utf-8", "utf-8"), ("iso-2022-jp", "iso2022_jp"), ("shift_jis", "cp932")):
        octets = f"> 申請者 {text} 様\r\n".encode(codec)
        head = HEADER + f"Content-Type: text/plain; charset={label}\r\n".encode()
        yield head + b"\r\n" + octets
        yield head + b"Content-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(octets)
        yield head + b"Content-Transfer-Encoding: quoted-printable\r\n\r\n" + quopri.encodestring(octets)


def run(folder: Path, *arguments: str) -> Result:
    result = CliRunner().invoke(main, [*arguments, "--config", str(folder)])
    assert 0 == result.exit_code, result.output
    return result


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The demo's people, one of whom stands wherever a person can stand."""
    folder = settings_folder(tmp_path)
    with sqlite3.connect(folder / "gateway.db") as db:
        other = db.execute("SELECT id FROM cases WHERE number = ?", (OTHER,)).fetchone()[0]
        lines = [{"number": NUMBER, "name": NAME}, {"number": OTHER, "name": "例示 太郎"}]
        for place, case in (("digest", None), ("decision_summary", other)):
            put_letter(db, place, case, {"cases": lines})
        for at, raw in enumerate(itertools.chain(*(mails_quoting(one) for one in (HANAKO, NAME, NUMBER)))):
            put_mail(db, f"quoting {at}", None, raw)
        put_mail(db, "by answer", other, HEADER + b"\r\n> " + "花子".encode("cp932"))
        db.execute(
            "INSERT INTO mail_letters SELECT m.id, l.id FROM mails m, letters l"
            " WHERE m.key = 'by answer' AND l.letter = 'digest' ORDER BY l.id DESC LIMIT 1"
        )
        db.execute(
            "INSERT INTO commands VALUES ('1', 'person.correct', '', ?)",
            (json.dumps({"number": NUMBER, "was": {"name": NAME}}, ensure_ascii=False),),
        )
    db.close()
    return folder


def put_letter(db: sqlite3.Connection, letter: str, case: int | None, facts: object) -> None:
    text = json.dumps(facts, ensure_ascii=False)
    db.execute(
        "INSERT INTO letters (case_id, letter, recipient, recipient_key, facts, revision, message_id, state,"
        " queued_at, not_before, sent_text) VALUES (?, ?, 'sato@kyoso.mihon.go.jp', 'sato@kyoso.mihon.go.jp',"
        " ?, 1, ?, 'sent', '2026-11-20T00:00:00', '', ?)",
        (case, letter, text, f"{letter}@x", text),
    )
    links.link(db, f"{letter}@x", text)


def put_mail(db: sqlite3.Connection, key: str, case: int | None, raw: bytes) -> None:
    db.execute(
        "INSERT INTO mails (key, received_at, client_ip, helo, reverse_path, forward_path, author, subject,"
        " message_id, kind, verdict, case_id, raw) VALUES (?, '2026-11-20T00:00:00', '', '', '', '',"
        " 'sato@kyoso.mihon.go.jp', '', '', 'unknown', 'null', ?, ?)",
        (key, case, raw),
    )


def traces(folder: Path) -> list[tuple[str, bytes]]:
    sought = [octets for text in (HANAKO, NAME, "花子") for octets in encodings(text) if len(octets) >= 4]
    files = [place for place in folder.rglob("*") if place.is_file() and place.suffix != ".toml"]
    return [(place.name, each) for place in files for each in sought if each in place.read_bytes()]


def test_no_octet_of_an_erased_person_stays_in_any_file_or_backup(folder: Path) -> None:
    assert {each for _, each in traces(folder)} >= {NAME.encode("iso2022_jp"), HANAKO.encode()}
    run(folder, "person", "erase", HANAKO)
    run(folder, "backup")
    assert [] == traces(folder)
    assert verify(folder / "gateway.db").is_sound


def test_what_several_cases_share_stays_for_the_others(folder: Path) -> None:
    run(folder, "person", "erase", HANAKO)
    with sqlite3.connect(folder / "gateway.db") as db:
        facts = [
            json.loads(row[0])
            for row in db.execute(
                "SELECT facts FROM letters WHERE message_id IN ('digest@x', 'decision_summary@x')"
            )
        ]
    db.close()
    assert [[{"number": OTHER, "name": "例示 太郎"}]] * 2 == [each["cases"] for each in facts]


def test_a_case_number_stands_for_its_applicant(folder: Path) -> None:
    found = json.loads(run(folder, "person", "show", NUMBER.lower(), "--json").output)
    assert [NUMBER] == [case["number"] for case in found["cases"]]
    assert NUMBER in json.loads(run(folder, "person", "erase", NUMBER, "--json").output)["cases"]
    assert [] == traces(folder)


def test_it_is_said_until_when_older_backups_live(folder: Path) -> None:
    (folder / "backups").mkdir()
    (folder / "backups" / "gateway-20261101T000000Z.db").touch()
    said = json.loads(run(folder, "person", "erase", HANAKO, "--json").output)
    assert "2026-12-01" == said["backups_until"]


@pytest.mark.parametrize("is_readable", [True, False])
def test_a_restore_erases_again_before_the_first_start(folder: Path, is_readable: bool) -> None:
    """Also where the database that it replaces can tell nothing."""
    made = Path(json.loads(run(folder, "backup", "--json").output)["backup"])
    run(folder, "person", "erase", HANAKO)
    if not is_readable:
        for place in folder.glob("gateway.db*"):
            if place.suffix in {".db", ".db-wal", ".db-shm"}:
                place.write_bytes(b"")
    run(folder, "restore", str(made))
    made.unlink()
    assert [] == traces(folder)
    assert verify(folder / "gateway.db").is_sound


def test_one_of_the_same_name_keeps_the_mails_of_the_own_case(folder: Path) -> None:
    raw = HEADER + b"\r\n" + NAME.encode()
    with sqlite3.connect(folder / "gateway.db") as db:
        put_mail(db, "homonym", 2, raw)
    db.close()
    run(folder, "person", "erase", HANAKO)
    with sqlite3.connect(folder / "gateway.db") as db:
        assert (raw,) == db.execute("SELECT raw FROM mails WHERE key = 'homonym'").fetchone()
    db.close()


SUBJECT = Subject(parse(HANAKO), (NUMBER,), (NAME,))


@given(
    st.sampled_from([HANAKO, HANAKO.upper(), NAME, "見本　花子", "見本花子", NUMBER]), st.text(), st.text()
)
def test_what_is_erased_from_a_text_is_not_in_it(needle: str, before: str, after: str) -> None:
    text = f"{before} {needle} {after}"
    assert SUBJECT.is_about(text)
    assert not SUBJECT.is_about(SUBJECT.erase_from(text))


@given(st.sampled_from([*mails_quoting(HANAKO), *mails_quoting(NAME), *mails_quoting(NUMBER)]))
def test_a_quotation_is_found_whatever_its_encoding(raw: bytes) -> None:
    assert SUBJECT.is_about(read_octets(raw))


def test_another_address_is_not_theirs() -> None:
    for other in ("o" + HANAKO, HANAKO + ".jp", "hanako@town.mihon.lg", ERASED_ADDRESS):
        assert not SUBJECT.is_about(other)
