"""Two small scripts to try the demo by hand: one applies, one approves."""

from __future__ import annotations

from pathlib import Path

from gateway.demo.people.stories import SATO, form

APPLY = '''\
"""Sends an application to the demo. Change the sender or the text and read the replies."""
import smtplib
from email.message import EmailMessage
from email.utils import localtime

mail = EmailMessage()
mail["Date"] = localtime()
mail["From"] = "ichiyo@town.mihon.lg.jp"
mail["To"] = "{request}"
mail["Subject"] = "参加申請"
mail.set_content("""{text}""")
with smtplib.SMTP("127.0.0.1", {port}) as server:
    server.send_message(mail)
print("accepted; the acknowledgment arrives in {folder}/letters/ichiyo@town.mihon.lg.jp/new")
'''

APPROVE = '''\
"""Replies to the demo's newest review request, as the staff would. Change the words and see what happens."""
import smtplib
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import localtime
from pathlib import Path

inbox = Path("{folder}/letters/{staff}/new")
files = sorted(inbox.iterdir(), key=lambda path: path.stat().st_mtime_ns)
letters = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in files]
request = [letter for letter in letters if "審査依頼" in letter["Subject"]][-1]

mail = EmailMessage()
mail["Date"] = localtime()  # a decision in words counts only with the date on which it was written
mail["From"] = "{staff}"
mail["To"] = request["Reply-To"]
mail["Subject"] = "Re: " + request["Subject"]
mail.set_content("承認します。\\n")
with smtplib.SMTP("127.0.0.1", {port}) as server:
    server.send_message(mail)
print("accepted:", request["Subject"])
'''


def write_scripts(folder: Path, request: str, port: int) -> None:
    """Write both scripts to the demo's folder."""
    text = form("見本町", "手書 一葉", code="477010")
    values = {"folder": folder, "request": request, "port": port, "staff": SATO.address, "text": text}
    (folder / "apply.py").write_text(APPLY.format(**values), encoding="utf-8")
    (folder / "approve.py").write_text(APPROVE.format(**values), encoding="utf-8")


def format_instructions(folder: Path, port: int) -> str:
    """Return instructions for the scripts."""
    return f"""
The gateway listens on 127.0.0.1 port {port}. In another terminal:

  python3 {folder}/apply.py      applies with plain smtplib; the acknowledgment arrives at once
  python3 {folder}/approve.py    replies 承認 to the newest review request; the invitation follows

Read the scripts, change them, or use any mail client: the demo's SPF records permit this machine, so mail
from an address at town.mihon.lg.jp, mihon.go.jp or jitaku.example is authenticated. Press Ctrl-C to stop."""
