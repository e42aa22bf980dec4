"""SMTP replies (RFC 5321 section 4.2) with enhanced status codes (RFC 3463).

Every reply that a client can get is a constant here. The text is public: short, in the words of Postfix, Exim
and RFC 3463, and without anything that came from the client. `docs/reference/smtp-replies.md` has causes.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace


@dataclass(frozen=True, slots=True)
class SmtpReply:
    """One SMTP reply: `code` (RFC 5321), `status` (RFC 3463, empty before EHLO) and `text` (ASCII).

    `cause` and `remedy` are for the documentation: when it is sent, and what an administrator can do.
    """

    code: int
    status: str
    text: str
    cause: str = field(default="", compare=False)
    remedy: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        if self.status and self.status[0] != str(self.code)[0]:
            raise ValueError(f"class of {self.status} differs from that of {self.code}")
        if not (self.text.isascii() and self.text.isprintable()):
            raise ValueError("a reply is printable ASCII")

    def __str__(self) -> str:
        return " ".join(filter(None, (str(self.code), self.status, self.text)))

    def with_page(self, url: str) -> SmtpReply:
        """The reply with the address of a page that explains it; unchanged without one, or if temporary."""
        return self if not url or self.is_temporary else replace(self, text=f"{self.text}; see {url}")

    @property
    def is_success(self) -> bool:
        """True for 2yz: the mail is ours now."""
        return 200 <= self.code < 300

    @property
    def is_temporary(self) -> bool:
        """True for 4yz: the client keeps the mail and tries again."""
        return 400 <= self.code < 500


# A table: what each line says is read across.
# fmt: off
# The protocol itself (RFC 5321 section 4.3.2); 354 and the greeting carry no status (RFC 2034 section 3).
HELP = SmtpReply(214, "2.0.0", "RFC 5321",
    cause="The client sent HELP.")
READY_FOR_TLS = SmtpReply(220, "2.0.0", "Ready to start TLS",
    cause="The client sent STARTTLS; the TLS handshake follows.")
CLOSING = SmtpReply(221, "2.0.0", "Bye",
    cause="The client sent QUIT.")
DONE = SmtpReply(250, "2.0.0", "OK",
    cause="The command succeeded.")
SENDER_OK = SmtpReply(250, "2.1.0", "Sender OK",
    cause="MAIL was accepted. The message is checked after DATA.")
CANNOT_VERIFY = SmtpReply(252, "2.0.0", "Cannot VRFY user; try RCPT to attempt delivery",
    cause="The client sent VRFY.",
    remedy="Send a message.")
START_DATA = SmtpReply(354, "", "End data with <CR><LF>.<CR><LF>",
    cause="DATA was accepted.")
BAD_LINE_END = SmtpReply(500, "5.5.2", "Bare CR or LF received in command, closing connection",
    cause="A command line contains a bare CR or a bare LF. Servers that read it differently could be "
          "deceived.",
    remedy="End each command line with CRLF.")
COMMAND_TOO_LONG = SmtpReply(500, "5.5.2", "Command line too long",
    cause="A command line has more than 512 octets, or 1,024 in MAIL and RCPT.",
    remedy="Shorten the command line.")
EMPTY_COMMAND = SmtpReply(500, "5.5.2", "Syntax error, empty command line",
    cause="There was nothing before CRLF.",
    remedy="Send a command.")
UNKNOWN_COMMAND = SmtpReply(500, "5.5.1", "Command not recognized",
    cause="There is no such SMTP command.",
    remedy="Use the commands that the reply to EHLO lists.")
BAD_SYNTAX = SmtpReply(501, "5.5.4", "Syntax error in parameters or arguments",
    cause="A command has too few or too many arguments.",
    remedy="Check the command against RFC 5321.")
BAD_HELO = SmtpReply(501, "5.5.4", "HELO/EHLO requires a domain name or address literal",
    cause="HELO or EHLO has no valid name.",
    remedy="Configure the host name of the sending server.")
BAD_SENDER = SmtpReply(501, "5.1.7", "Bad sender address syntax",
    cause="The reverse-path in MAIL is neither `<>` nor `<local-part@domain>`.",
    remedy="Correct the envelope sender.")
BAD_RECIPIENT = SmtpReply(501, "5.1.3", "Bad recipient address syntax",
    cause="The forward-path in RCPT is not `<local-part@domain>`.",
    remedy="Correct the recipient address.")
NOT_IMPLEMENTED = SmtpReply(502, "5.5.1", "Command not implemented",
    cause="RFC 5321 defines the command, but this server does not offer it.",
    remedy="Use the commands that the reply to EHLO lists.")
TOO_MANY_UNKNOWN = SmtpReply(502, "5.5.1", "Too many unrecognized commands, closing connection",
    cause="The session had more than `limits.unknown_commands` unknown commands.",
    remedy="Check what the client sends.")
BAD_SEQUENCE = SmtpReply(503, "5.5.1", "Bad sequence of commands",
    cause="A command was sent before its turn, such as RCPT before MAIL.",
    remedy="Check the order of the commands.")
NOT_SMTP = SmtpReply(554, "5.5.1", "Non-SMTP command received, closing connection",
    cause="A browser or another protocol is talking to the SMTP port.",
    remedy="Connect with a mail program.")
NO_SMTPUTF8 = SmtpReply(553, "5.6.7", "SMTPUTF8 addresses are not supported",
    cause="An envelope address contains characters that are not ASCII.",
    remedy="Use an ASCII address, and the A-label (xn--) form of the domain.")
UNKNOWN_PARAMETER = SmtpReply(555, "5.5.4", "MAIL FROM/RCPT TO parameters not recognized or not implemented",
    cause="MAIL or RCPT has a parameter that this server does not offer.",
    remedy="Use the extensions that the reply to EHLO lists.")

ACCEPTED = SmtpReply(250, "2.0.0", "Message accepted",
    cause="The message, the decision about it and every letter that follows from it are on disk.")
RECIPIENT_OK = SmtpReply(250, "2.1.5", "Recipient OK",
    cause="The forward-path is one of the mailboxes of the gateway.")
PROBED = SmtpReply(250, "2.0.0", "Probe message accepted and discarded",
    cause="An application of `gateway probe` would have been accepted. Nothing of it is kept.")
DUPLICATE = SmtpReply(250, "2.0.0", "Message already accepted (duplicate)",
    cause="The same message was accepted before. There is still one case.")

# RFC 5321 section 4.2.3: a local fault is 4yz, so that the client keeps the mail.
LOCAL_ERROR = SmtpReply(451, "4.3.0", "Temporary local error; please try again later",
    cause="The gateway has a fault. Nothing was recorded.",
    remedy="The sending server retries automatically. The operator finds the cause in the log.")
STORE_UNAVAILABLE = SmtpReply(451, "4.3.0", "Message store temporarily unavailable; please try again later",
    cause="The database cannot be written: it is locked, full or damaged. Nothing was recorded.",
    remedy="The sending server retries automatically. The operator runs `gateway doctor`.")
CHECKS_TOO_SLOW = SmtpReply(451, "4.4.3", "Sender authentication timed out; please try again later",
    cause="Authentication took longer than `limits.checks_s`, or the message longer than "
          "`limits.handler_s`.",
    remedy="The sending server retries automatically. If it persists, check that the sender domain's DNS "
           "servers answer.")
DNS_ERROR = SmtpReply(451, "4.4.3",
    "Temporary DNS lookup failure for the sender domain; please try again later",
    cause="DNS gave no answer about the sender domain, so nothing is known about it.",
    remedy="The sending server retries automatically. If it persists, check the sender domain's DNS servers.")
MAILBOX_FULL = SmtpReply(452, "4.2.2", "Mailbox is over its daily quota; please try again tomorrow",
    cause="`postmaster@` and `abuse@` have stored `limits.unproven_bytes_per_day` today, or the bounce "
          "address of one letter 200,000 octets.",
    remedy="The sending server retries automatically until the next day.")
DOMAIN_QUOTA_EXCEEDED = SmtpReply(452, "4.3.1",
    "Sender domain is over its daily quota; please try again tomorrow",
    cause="`limits.proven_bytes_per_day` octets from the sender's organisation (or of this staff "
          "member) have been stored today.",
    remedy="Send smaller messages, or try again the next day.")
INSUFFICIENT_STORAGE = SmtpReply(452, "4.3.1", "Insufficient system storage; please try again later",
    cause="Disk or memory of the gateway is low.",
    remedy="The sending server retries automatically. The operator frees space.")
ONE_CASE_PER_MESSAGE = SmtpReply(452, "4.5.3", "Only one case per message; please send separately",
    cause="The recipients belong to two cases.",
    remedy="The sending server delivers to the other recipient separately.")
TOO_MANY_RECIPIENTS = SmtpReply(452, "4.5.3", "Too many recipients",
    cause="The message has more than `limits.recipients` recipients.",
    remedy="Send to fewer recipients.")
CLIENT_RATE_LIMITED = SmtpReply(451, "4.7.1",
    "Message rate limit exceeded for your server; please try again later",
    cause="The client sent more than `limits.mails_per_client_per_hour`.",
    remedy="The sending server retries automatically.")
DOMAIN_RATE_LIMITED = SmtpReply(451, "4.7.1",
    "Message rate limit exceeded for the sender domain; please try again later",
    cause="The sender domain sent more than `limits.mails_per_domain_per_hour` authenticated messages.",
    remedy="The sending server retries automatically.")
TOO_MANY_CONNECTIONS = SmtpReply(421, "4.7.0", "Too many connections; please try again later",
    cause="`limits.connections` or `limits.connections_per_address` is reached.",
    remedy="Open fewer connections at a time.")
BAD_PROXY_HEADER = SmtpReply(421, "4.3.5", "Missing or invalid PROXY protocol header",
    cause="A relay that must use the PROXY protocol did not send a valid header.",
    remedy="Enable the PROXY protocol in the proxy, or correct `trust.relay_protocol`.")
SHUTTING_DOWN = SmtpReply(421, "4.3.2", "Service shutting down; please try again later",
    cause="The gateway stops or restarts.",
    remedy="The sending server retries automatically.")
SESSION_TIMEOUT = SmtpReply(421, "4.4.2", "Timeout exceeded, closing connection",
    cause="A command, a message or the session took too long.",
    remedy="Check the network between the servers.")
TOO_MANY_ERRORS = SmtpReply(421, "4.7.0", "Too many errors, closing connection",
    cause="The session had more than `limits.errors` errors or `limits.junk_commands` commands without "
          "a message.",
    remedy="Check what the client sends.")

NOT_A_RELAY = SmtpReply(550, "5.7.0", "Insufficient authorization",
    cause="XCLIENT came from an address that is not in `trust.relay_addresses`.",
    remedy="List the relay in `trust.relay_addresses`.")
NO_SUCH_MAILBOX = SmtpReply(550, "5.1.1", "Recipient address rejected: user unknown",
    cause="The recipient is not one of the mailboxes. After DATA: the token in the address is unknown "
          "or expired.",
    remedy="Check the address. To reply to a letter, use the reply function of the mail program.")
SENDER_UNAUTHENTICATED = SmtpReply(550, "5.7.26",
    "Sender domain failed SPF, DKIM and DMARC authentication; contact your mail administrator",
    cause="DMARC of the domain in From fails, or, without a DMARC record, neither SPF nor DKIM "
          "authenticates it.",
    remedy="Publish an SPF record that covers the sending server, or sign with DKIM under the domain "
           "in From.")
CANNOT_RECEIVE = SmtpReply(550, "5.7.27",
    "Sender domain does not accept mail (null MX, or no MX and no address record)",
    cause="The domain in From publishes a null MX, or neither an MX nor an address record. It could "
          "not be answered.",
    remedy="Send from a domain that receives mail, or publish an MX record.")
SPOOFED_SENDER = SmtpReply(550, "5.7.1", "Sender address belongs to this service; rejected as spoofed",
    cause="From is an address in the gateway's own domain.",
    remedy="Send from your own address.")
BAD_BYTES = SmtpReply(550, "5.5.2", "Bare CR, bare LF or NUL received in message",
    cause="Two servers could read the message as two different ones (SMTP smuggling).",
    remedy="Correct the program that wrote the message: lines end with CRLF.")
BAD_MESSAGE = SmtpReply(550, "5.6.0", "Malformed header or MIME structure (RFC 5322, RFC 2045)",
    cause="The header or the MIME parts cannot be parsed, or exceed their limits.",
    remedy="Send the message from another mail program, as plain text.")
BAD_AUTHOR = SmtpReply(550, "5.6.0", "From header field must contain exactly one mailbox",
    cause="The message has no From field, several, or more than one address in it.",
    remedy="Send from one address.")
AUTHOR_NOT_ASCII = SmtpReply(550, "5.6.7",
    "From address must be ASCII; use the A-label (xn--) form of the domain",
    cause="The address in From contains characters that are not ASCII.",
    remedy="Use an ASCII local part and the A-label (xn--) form of the domain.")
TOO_BIG = SmtpReply(552, "5.3.4", "Message size exceeds fixed limit",
    cause="The message is larger than `limits.message_bytes`.",
    remedy="Remove attachments.")
LINE_TOO_LONG = SmtpReply(554, "5.6.0", "Message contains a line that is too long (RFC 5322 section 2.1.1)",
    cause="A line is longer than `limits.line_bytes`.",
    remedy="Send the message as quoted-printable or base64.")
SYNC_ERROR = SmtpReply(554, "5.5.0", "SMTP synchronization error, closing connection",
    cause="The client did not wait for a reply before it sent the next command. PIPELINING is not offered.",
    remedy="Disable pipelining in the client.")
HOP_LIMIT = SmtpReply(554, "5.4.6", "Too many hops, routing loop detected",
    cause="The message has more than 50 Received fields.",
    remedy="Find the forwarding loop.")
# fmt: on
