"""Mails that are no plain text: encrypted, signed, packed, invitations, receipts, strange charsets."""

from __future__ import annotations

from base64 import b64encode

ENCODED = "Content-Transfer-Encoding: base64\r\n\r\n"
# What people's programs send in place of text, and beside it: a head of Content-Type, and perhaps more parts.
PARTS = {
    "enveloped": 'application/pkcs7-mime; smime-type=enveloped-data; name="smime.p7m"',
    "opaque signature": 'application/pkcs7-mime; smime-type=signed-data; name="smime.p7m"',
    "encrypted": 'multipart/encrypted; protocol="application/pgp-encrypted"; boundary=b',
    "TNEF": 'application/ms-tnef; name="winmail.dat"',
    "attachment": 'application/pdf; name="a.pdf"',
    "invitation": "text/calendar; method=REQUEST; charset=utf-8",
    "picture": "image/jpeg",
    "forwarded": "message/rfc822",
    "external": "message/external-body; access-type=URL",
    "no type": "text",
    "strange charset": "text/plain; charset=x-nobody-knows",
    "UTF-7": "text/plain; charset=utf-7",
    "UTF-16": "text/plain; charset=utf-16",
    "Korean": "text/plain; charset=ks_c_5601-1987",
}
RECEIPT = (
    "Content-Type: multipart/report; report-type=disposition-notification; boundary=b\r\n\r\n--b\r\n"
    "Content-Type: text/plain\r\n\r\nRead.\r\n--b\r\nContent-Type: message/disposition-notification\r\n\r\n"
    "Final-Recipient: rfc822; a@b.example\r\nDisposition: manual-action/MDN-sent-manually; displayed\r\n"
    "\r\n--b--\r\n"
)
SIGNED = (
    'Content-Type: multipart/signed; protocol="application/pkcs7-signature"; boundary=b\r\n\r\n'
    "--b\r\n"
    "Content-Type: text/plain; charset=utf-8\r\n" + ENCODED + "{}\r\n--b\r\n"
    "Content-Type: application/pkcs7-signature; name=smime.p7s\r\n" + ENCODED + "AAAA\r\n--b--\r\n"
)
SHAPES = (*PARTS, "receipt", "signed", "no body", "only preamble", "two attachments", "large")


def build_shape(shape: str, text: str, number: int) -> bytes:
    """The rest of a mail of this shape, from Content-Type on; `number` makes it no copy."""
    inside = b64encode((text + "\n" * number).encode()).decode()
    if shape in PARTS:
        return f"Content-Type: {PARTS[shape]}\r\n{ENCODED}{inside}\r\n".encode()
    part = f"--b\r\nContent-Type: application/octet-stream; name=a{number}\r\n{ENCODED}{inside}\r\n"
    rest = {
        "receipt": RECEIPT,
        "signed": SIGNED.format(inside),
        "no body": "",
        "only preamble": f"Content-Type: multipart/mixed; boundary=b\r\n\r\n{text}\r\n",
        "two attachments": f"Content-Type: multipart/mixed; boundary=b\r\n\r\n{part}{part}--b--\r\n",
        "large": f"Content-Type: application/zip; name=a.zip\r\n{ENCODED}" + "QUJD" * 18 * 1_000 + "\r\n",
    }
    return rest[shape].encode()
