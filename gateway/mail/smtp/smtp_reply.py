"""SMTP replies (RFC 5321 section 4.2) with enhanced status codes (RFC 3463).

Every reply that a client can get is a constant here. The text is public: short, in the words of Postfix, Exim
and RFC 3463, and without anything that came from the client. The causes are in
`docs/reference/smtp-replies.md`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace


@dataclass(frozen=True, slots=True)
class SmtpReply:
    """An SMTP reply: `code` (RFC 5321), `status` (RFC 3463, empty before EHLO) and `text` (ASCII).

    `cause` and `remedy` are for the documentation: when it is sent, and what an administrator can do.
    """

    code: int
    status: str
    text: str
    cause: str = field(default="", compare=False)
    remedy: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        if self.status and self.status[0] != str(self.code)[0]:
            raise ValueError(f"the status {self.status} does not match the code {self.code}")
        if not (self.text.isascii() and self.text.isprintable()):
            raise ValueError("a reply must be printable ASCII")

    def __str__(self) -> str:
        return " ".join(filter(None, (str(self.code), self.status, self.text)))

    def with_page(self, url: str) -> SmtpReply:
        """Return the reply with the URL of a page that explains it, unless temporary or without a URL."""
        return self if not url or self.is_temporary else replace(self, text=f"{self.text}; see {url}")

    @property
    def is_success(self) -> bool:
        """Whether the code is 2yz: we are now responsible for the mail."""
        return 200 <= self.code < 300

    @property
    def is_temporary(self) -> bool:
        """Whether the code is 4yz: the client keeps the mail and tries again."""
        return 400 <= self.code < 500


# A table with one reply per entry, formatted by hand.
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
    remedy="Send the message without verifying the address first.")
START_DATA = SmtpReply(354, "", "End data with <CR><LF>.<CR><LF>",
    cause="DATA was accepted.")
BAD_LINE_END = SmtpReply(500, "5.5.2", "Bare CR or LF received in command, closing connection",
    cause="A command line contains a bare CR or LF. Servers disagree on whether that ends the line, which "
          "makes command smuggling possible.",
    remedy="End each command line with CRLF.")
COMMAND_TOO_LONG = SmtpReply(500, "5.5.2", "Command line too long",
    cause="A command line is longer than 512 octets (1,024 for MAIL and RCPT).",
    remedy="Shorten the command line.")
EMPTY_COMMAND = SmtpReply(500, "5.5.2", "Syntax error, empty command line",
    cause="The client sent an empty line where a command was expected.",
    remedy="Do not send empty lines between commands.")
UNKNOWN_COMMAND = SmtpReply(500, "5.5.1", "Command not recognized",
    cause="The client sent a command that the server does not recognise.",
    remedy="Use only commands defined in RFC 5321 or by an extension listed in the EHLO reply.")
BAD_SYNTAX = SmtpReply(501, "5.5.4", "Syntax error in parameters or arguments",
    cause="A command has too few or too many arguments.",
    remedy="Check the command against RFC 5321.")
BAD_HELO = SmtpReply(501, "5.5.4", "HELO/EHLO requires a domain name or address literal",
    cause="The argument of HELO or EHLO is missing or is neither a domain name nor an address literal.",
    remedy="Configure a valid host name on the sending server.")
BAD_SENDER = SmtpReply(501, "5.1.7", "Bad sender address syntax",
    cause="The reverse-path in MAIL is neither `<>` nor `<local-part@domain>`.",
    remedy="Correct the envelope sender.")
BAD_RECIPIENT = SmtpReply(501, "5.1.3", "Bad recipient address syntax",
    cause="The forward-path in RCPT is not `<local-part@domain>`.",
    remedy="Correct the recipient address.")
NOT_IMPLEMENTED = SmtpReply(502, "5.5.1", "Command not implemented",
    cause="RFC 5321 defines the command, but this server does not implement it.",
    remedy="Do not use this command.")
TOO_MANY_UNKNOWN = SmtpReply(502, "5.5.1", "Too many unrecognized commands, closing connection",
    cause="The client sent `limits.unknown_commands` unknown commands in one session.",
    remedy="Check which commands the client sends.")
BAD_SEQUENCE = SmtpReply(503, "5.5.1", "Bad sequence of commands",
    cause="A command was sent out of order, such as RCPT before MAIL.",
    remedy="Send the commands in the order that RFC 5321 requires.")
NOT_SMTP = SmtpReply(554, "5.5.1", "Non-SMTP command received, closing connection",
    cause="A web browser or another non-SMTP client connected to the SMTP port.",
    remedy="Connect with a mail program or mail server.")
NO_SMTPUTF8 = SmtpReply(553, "5.6.7", "SMTPUTF8 addresses are not supported",
    cause="An envelope address contains non-ASCII characters.",
    remedy="Use an ASCII address with the A-label (xn--) form of the domain.")
UNKNOWN_PARAMETER = SmtpReply(555, "5.5.4", "MAIL FROM/RCPT TO parameters not recognized or not implemented",
    cause="MAIL or RCPT has a parameter that this server does not support.",
    remedy="Use only the extensions listed in the EHLO reply.")

ACCEPTED = SmtpReply(250, "2.0.0", "Message accepted",
    cause="The message has been processed and committed to disk, together with all resulting notifications.")
RECIPIENT_OK = SmtpReply(250, "2.1.5", "Recipient OK",
    cause="The recipient is one of the gateway's mailboxes.")
PROBED = SmtpReply(250, "2.0.0", "Probe message accepted and discarded",
    cause="An application submitted by `gateway probe` would have been accepted. It was discarded.")
DUPLICATE = SmtpReply(250, "2.0.0", "Message already accepted (duplicate)",
    cause="The same message was accepted earlier. No second case was opened.")

# RFC 5321 section 4.2.3: a local fault is 4yz, so that the client keeps the mail.
LOCAL_ERROR = SmtpReply(451, "4.3.0", "Temporary local error; please try again later",
    cause="An internal error occurred in the gateway. Nothing was recorded.",
    remedy="The sending server retries automatically. Operators: the cause is in the log.")
STORE_UNAVAILABLE = SmtpReply(451, "4.3.0", "Message store temporarily unavailable; please try again later",
    cause="The database is not writable: it is locked or corrupt, or the disk is full. Nothing was recorded.",
    remedy="The sending server retries automatically. Operators: run `gateway doctor`.")
CHECKS_TOO_SLOW = SmtpReply(451, "4.4.3", "Sender authentication timed out; please try again later",
    cause="Authenticating the sender took longer than `limits.checks_s`, or processing the message took "
          "longer than `limits.handler_s`.",
    remedy="The sending server retries automatically. If the error persists, check that the sender "
           "domain's DNS servers respond.")
DNS_ERROR = SmtpReply(451, "4.4.3",
    "Temporary DNS lookup failure for the sender domain; please try again later",
    cause="DNS lookups for the sender domain failed, so it could not be authenticated.",
    remedy="The sending server retries automatically. If the error persists, check the sender domain's DNS "
           "servers.")
MAILBOX_FULL = SmtpReply(452, "4.2.2", "Mailbox is over its daily quota; please try again tomorrow",
    cause="Mail to `postmaster@` and `abuse@` has reached `limits.unproven_bytes_per_day` octets today, or "
          "mail to a bounce address has reached 200,000 octets.",
    remedy="The sending server retries automatically; the quota resets the next day.")
DOMAIN_QUOTA_EXCEEDED = SmtpReply(452, "4.3.1",
    "Sender domain is over its daily quota; please try again tomorrow",
    cause="The sender's organisation (or the staff member) has used up today's quota of "
          "`limits.proven_bytes_per_day` octets.",
    remedy="Send smaller messages, or try again tomorrow.")
INSUFFICIENT_STORAGE = SmtpReply(452, "4.3.1", "Insufficient system storage; please try again later",
    cause="The gateway is low on disk space, or messages in progress have used up `limits.in_flight_bytes`.",
    remedy="The sending server retries automatically. Operators: free disk space.")
ONE_CASE_PER_MESSAGE = SmtpReply(452, "4.5.3", "Only one case per message; please send separately",
    cause="The recipients of the message belong to different cases.",
    remedy="The sending server delivers the message to the other recipients separately.")
TOO_MANY_RECIPIENTS = SmtpReply(452, "4.5.3", "Too many recipients",
    cause="The message has more than `limits.recipients` recipients.",
    remedy="Send the message to fewer recipients at a time.")
CLIENT_RATE_LIMITED = SmtpReply(451, "4.7.1",
    "Message rate limit exceeded for your server; please try again later",
    cause="The client sent more than `limits.mails_per_client_per_hour` messages in an hour.",
    remedy="The sending server retries automatically.")
DOMAIN_RATE_LIMITED = SmtpReply(451, "4.7.1",
    "Message rate limit exceeded for the sender domain; please try again later",
    cause="The sender domain sent more than `limits.mails_per_domain_per_hour` authenticated messages in an "
          "hour.",
    remedy="The sending server retries automatically.")
TOO_MANY_CONNECTIONS = SmtpReply(421, "4.7.0", "Too many connections; please try again later",
    cause="`limits.connections` or `limits.connections_per_address` has been reached.",
    remedy="Open fewer concurrent connections.")
BAD_PROXY_HEADER = SmtpReply(421, "4.3.5", "Missing or invalid PROXY protocol header",
    cause="A relay that is required to use the PROXY protocol did not send a valid PROXY header.",
    remedy="Enable the PROXY protocol on the relay, or correct `trust.relay_protocol`.")
SHUTTING_DOWN = SmtpReply(421, "4.3.2", "Service shutting down; please try again later",
    cause="The gateway is stopping or restarting.",
    remedy="The sending server retries automatically.")
SESSION_TIMEOUT = SmtpReply(421, "4.4.2", "Timeout exceeded, closing connection",
    cause="The client took too long to send a command or the message, or the session lasted longer than "
          "`limits.session_s`.",
    remedy="Check the network connection between the servers.")
TOO_MANY_ERRORS = SmtpReply(421, "4.7.0", "Too many errors, closing connection",
    cause="In one session, the client caused `limits.errors` errors, sent more than `limits.junk_commands` "
          "commands that do not advance a mail transaction, or sent more than ten times `limits.recipients` "
          "RCPT commands.",
    remedy="Check the earlier replies in the session.")

NOT_A_RELAY = SmtpReply(550, "5.7.0", "Insufficient authorization",
    cause="The client sent XCLIENT, but its address is not in `trust.relay_addresses`, or "
          "`trust.relay_protocol` is not `xclient`.",
    remedy="Add the relay to `trust.relay_addresses`, or set `trust.relay_protocol` to `xclient`.")
NO_SUCH_MAILBOX = SmtpReply(550, "5.1.1", "Recipient address rejected: user unknown",
    cause="The recipient is not one of the gateway's mailboxes. After DATA: the token in the address is "
          "unknown or has expired.",
    remedy="Check the address. To answer a message, use your mail program's Reply function.")
SENDER_UNAUTHENTICATED = SmtpReply(550, "5.7.26",
    "Sender domain failed SPF, DKIM and DMARC authentication; contact your mail administrator",
    cause="The message fails DMARC, or the From domain has no DMARC record and neither SPF nor DKIM "
          "authenticates it.",
    remedy="Publish an SPF record that covers the sending server, or DKIM-sign "
           "outgoing mail with the From domain.")
CANNOT_RECEIVE = SmtpReply(550, "5.7.27",
    "Sender domain does not accept mail (null MX, or no MX and no address record)",
    cause="The From domain publishes a null MX, or has neither an MX nor an address record, so a reply "
          "could not be delivered.",
    remedy="Send from a domain that receives mail, or publish an MX record.")
SPOOFED_SENDER = SmtpReply(550, "5.7.1", "Sender address belongs to this service; rejected as spoofed",
    cause="The From address is in the gateway's own domain.",
    remedy="Send from your own address.")
BAD_BYTES = SmtpReply(550, "5.5.2", "Bare CR, bare LF or NUL received in message",
    cause="The message contains a bare CR, a bare LF or a NUL. Servers interpret these differently, which "
          "makes SMTP smuggling possible.",
    remedy="Fix the program that generated the message: lines must end with CRLF.")
BAD_MESSAGE = SmtpReply(550, "5.6.0", "Malformed header or MIME structure (RFC 5322, RFC 2045)",
    cause="The header or the MIME structure cannot be parsed or exceeds a limit.",
    remedy="Send the message as plain text, or from a different mail program.")
BAD_AUTHOR = SmtpReply(550, "5.6.0", "From header field must contain exactly one mailbox",
    cause="The message has no From field, more than one, or one that does not contain exactly one address.",
    remedy="Send from a single address.")
AUTHOR_NOT_ASCII = SmtpReply(550, "5.6.7",
    "From address must be ASCII; use the A-label (xn--) form of the domain",
    cause="The From address contains non-ASCII characters.",
    remedy="Use an ASCII local part and the A-label (xn--) form of the domain.")
TOO_BIG = SmtpReply(552, "5.3.4", "Message size exceeds fixed limit",
    cause="The message is larger than `limits.message_bytes`.",
    remedy="Remove attachments or make them smaller.")
LINE_TOO_LONG = SmtpReply(554, "5.6.0", "Message contains a line that is too long (RFC 5322 section 2.1.1)",
    cause="A line is longer than `limits.line_bytes`.",
    remedy="Encode the message as quoted-printable or base64.")
SYNC_ERROR = SmtpReply(554, "5.5.0", "SMTP synchronization error, closing connection",
    cause="The client did not wait for the reply before sending its next command. PIPELINING is not offered.",
    remedy="Disable pipelining in the client.")
HOP_LIMIT = SmtpReply(554, "5.4.6", "Too many hops, routing loop detected",
    cause="The message has more than 50 Received fields.",
    remedy="Find and remove the forwarding loop.")
# fmt: on
