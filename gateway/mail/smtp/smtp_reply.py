"""SMTP replies (RFC 5321 section 4.2) with enhanced status codes (RFC 3463).

Every answer that a client can get is a constant here. The text is public: short, generic and
without anything that came from the client; the cause goes to the log.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SmtpReply:
    """One SMTP reply: `code` (RFC 5321), `status` (RFC 3463, empty before EHLO) and `text` (ASCII)."""

    code: int
    status: str
    text: str

    def __post_init__(self) -> None:
        if self.status and self.status[0] != str(self.code)[0]:
            raise ValueError(f"class of {self.status} differs from that of {self.code}")
        if not (self.text.isascii() and self.text.isprintable()):
            raise ValueError("a reply is printable ASCII")

    def __str__(self) -> str:
        return " ".join(filter(None, (str(self.code), self.status, self.text)))

    @property
    def is_success(self) -> bool:
        """True for 2yz: the mail is ours now."""
        return 200 <= self.code < 300

    @property
    def is_temporary(self) -> bool:
        """True for 4yz: the client keeps the mail and tries again."""
        return 400 <= self.code < 500


# The protocol itself (RFC 5321 section 4.3.2); 354 and the greeting carry no status (RFC 2034 section 3).
HELP = SmtpReply(214, "2.0.0", "RFC 5321")
READY_FOR_TLS = SmtpReply(220, "2.0.0", "Ready to start TLS")
CLOSING = SmtpReply(221, "2.0.0", "Closing")
DONE = SmtpReply(250, "2.0.0", "OK")
SENDER_OK = SmtpReply(250, "2.1.0", "Sender noted")
CANNOT_VERIFY = SmtpReply(252, "2.0.0", "Cannot verify; send mail to find out")
START_DATA = SmtpReply(354, "", "End data with <CR><LF>.<CR><LF>")
BAD_LINE_END = SmtpReply(500, "5.5.2", "A command line ends with CRLF and holds no other line end, closing")
COMMAND_TOO_LONG = SmtpReply(500, "5.5.2", "Command line too long")
EMPTY_COMMAND = SmtpReply(500, "5.5.2", "Empty command line")
UNKNOWN_COMMAND = SmtpReply(500, "5.5.1", "Command not recognized")
BAD_SYNTAX = SmtpReply(501, "5.5.4", "Syntax error in parameters or arguments")
BAD_HELO = SmtpReply(501, "5.5.4", "A domain name or an address literal is wanted")
BAD_SENDER = SmtpReply(501, "5.1.7", "The reverse-path must be <> or <local-part@domain>")
BAD_RECIPIENT = SmtpReply(501, "5.1.3", "The forward-path must be <local-part@domain>")
NOT_IMPLEMENTED = SmtpReply(502, "5.5.1", "Command not implemented")
TOO_MANY_UNKNOWN = SmtpReply(502, "5.5.1", "Too many unrecognized commands, closing")
BAD_SEQUENCE = SmtpReply(503, "5.5.1", "Bad sequence of commands")
NOT_SMTP = SmtpReply(554, "5.5.1", "This is a mail server, closing")
NO_SMTPUTF8 = SmtpReply(553, "5.6.7", "Only ASCII addresses are taken here")
UNKNOWN_PARAMETER = SmtpReply(555, "5.5.4", "Parameter not recognized or not implemented")

ACCEPTED = SmtpReply(250, "2.0.0", "Recorded")
RECIPIENT_OK = SmtpReply(250, "2.1.5", "Recipient OK")
PROBED = SmtpReply(250, "2.0.0", "Recorded as a probe and erased again")
DUPLICATE = SmtpReply(250, "2.0.0", "Recorded before, nothing changed")

# RFC 5321 section 4.2.3: own trouble is 4yz, so that the client keeps the mail.
LOCAL_ERROR = SmtpReply(451, "4.3.0", "Local trouble, nothing was recorded; please try again later")
STORE_UNAVAILABLE = SmtpReply(451, "4.3.0", "Cannot record the message now; please try again later")
CHECKS_TOO_SLOW = SmtpReply(451, "4.4.3", "The checks took too long; please try again later")
DNS_ERROR = SmtpReply(451, "4.4.3", "DNS trouble while checking the sender; please try again later")
MAILBOX_FULL = SmtpReply(452, "4.2.2", "This mailbox takes no more today; please try again tomorrow")
DOMAIN_QUOTA_EXCEEDED = SmtpReply(
    452, "4.3.1", "Mail of your domain takes no more room today; please try again tomorrow"
)
INSUFFICIENT_STORAGE = SmtpReply(452, "4.3.1", "Insufficient storage; please try again later")
ONE_CASE_PER_MESSAGE = SmtpReply(
    452, "4.5.3", "One case per mail transaction; send this recipient separately"
)
TOO_MANY_RECIPIENTS = SmtpReply(452, "4.5.3", "Too many recipients")
CLIENT_RATE_LIMITED = SmtpReply(
    451, "4.7.1", "Too many messages from your server in an hour; please try again later"
)
DOMAIN_RATE_LIMITED = SmtpReply(
    451, "4.7.1", "Too many messages from this domain in an hour; please try again later"
)
TOO_MANY_CONNECTIONS = SmtpReply(421, "4.7.0", "Too many connections; please try again later")
BAD_PROXY_HEADER = SmtpReply(421, "4.3.5", "A valid PROXY header is wanted before the session, closing")
SHUTTING_DOWN = SmtpReply(421, "4.3.2", "Service closing; please try again later")
SESSION_TIMEOUT = SmtpReply(421, "4.4.2", "Time limit exceeded, closing")
TOO_MANY_ERRORS = SmtpReply(421, "4.7.0", "Too many errors, closing")

NOT_A_RELAY = SmtpReply(550, "5.7.0", "Insufficient authorization")
NO_SUCH_MAILBOX = SmtpReply(550, "5.1.1", "No such mailbox here")
SENDER_UNAUTHENTICATED = SmtpReply(
    550,
    "5.7.26",
    "The author's domain is not proven by SPF, DKIM or DMARC; please ask your mail administrator",
)
CANNOT_RECEIVE = SmtpReply(550, "5.7.27", "The author's domain cannot receive mail")
SPOOFED_SENDER = SmtpReply(550, "5.7.1", "Mail in the name of this desk is not taken from outside")
BAD_BYTES = SmtpReply(550, "5.5.2", "Bare CR, bare LF or NUL in the message")
BAD_MESSAGE = SmtpReply(550, "5.6.0", "The message is not valid Internet mail (RFC 5322)")
BAD_AUTHOR = SmtpReply(550, "5.6.0", "The From field must hold exactly one mailbox")
AUTHOR_NOT_ASCII = SmtpReply(
    550, "5.6.7", "The address in From must be ASCII; the domain in its xn-- form is taken"
)
TOO_BIG = SmtpReply(552, "5.3.4", "Message exceeds the size limit")
LINE_TOO_LONG = SmtpReply(554, "5.6.0", "A line exceeds the limit of RFC 5322 section 2.1.1")
SYNC_ERROR = SmtpReply(554, "5.5.0", "Commands sent before their time, closing")
HOP_LIMIT = SmtpReply(554, "5.4.6", "Too many hops")
