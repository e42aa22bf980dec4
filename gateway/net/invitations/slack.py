"""Invitation by Slack's admin.users.invite, and the delivery outcome of its documented errors.

https://api.slack.com/methods/admin.users.invite
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from http.client import HTTPException

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from gateway.admission.case.letters import handoff_facts
from gateway.mail.address import Address
from gateway.mail.text import remote_text
from gateway.net.invitations.mail import LONGEST_WAIT, NO_WAIT, build_handoff_letter, parse_retry_after
from gateway.outbound.protocols import Delivery, Outcome
from gateway.store.protocol import LetterRow

TIMEOUT_S = 30


def build_slack(
    token: str, team: str, channels: tuple[str, ...], now: Callable[[], datetime]
) -> SlackInvitation:
    """Build a sender for one workspace."""
    return SlackInvitation(WebClient(token=token, timeout=TIMEOUT_S), team, channels, now)


@dataclass(frozen=True, slots=True)
class SlackInvitation:
    """Sender for one workspace; the token belongs to an organisation and has the scope admin.users:write."""

    client: WebClient
    team_id: str
    channel_ids: tuple[str, ...]
    now: Callable[[], datetime]

    def prepare_letter(self, row: LetterRow) -> LetterRow:
        """See `gateway.outbound.protocols.InvitationSender`."""
        return build_handoff_letter(row, row.to)

    async def invite(self, row: LetterRow, reverse_path: Address, raw: bytes) -> Delivery:
        """See `gateway.outbound.protocols.InvitationSender`."""
        facts = handoff_facts(row.facts, row.message_id)
        try:
            await asyncio.to_thread(
                self._call_api, str(row.to), str(facts["name"]), bool(row.facts.get("again"))
            )
        except SlackApiError as error:
            return self._delivery_from_error(error)
        except (SlackClientError, HTTPException, OSError, ValueError, AttributeError) as error:
            # AttributeError: slack_sdk assumes that the JSON is an object.
            return Delivery(Outcome.DEFERRED, remote_text(f"slack: {type(error).__name__} {error}"))
        return Delivery(Outcome.SENT, "slack: invited")

    def _call_api(self, email: str, name: str, again: bool) -> None:
        self.client.admin_users_invite(
            team_id=self.team_id,
            email=email,
            channel_ids=list(self.channel_ids),
            real_name=name,
            resend=again,
        )

    def _delivery_from_error(self, error: SlackApiError) -> Delivery:
        answer = error.response
        headers: Mapping[str, str] = {str(k).lower(): str(v) for k, v in dict(answer.headers).items()}
        name = str(answer.get("error") or answer.status_code) if isinstance(answer.data, dict) else "no JSON"
        reply = remote_text(f"slack: {name}")
        if name in MEMBER_ERRORS:
            return Delivery(Outcome.SENT, reply, joined=True)
        if name in INVITED_ERRORS:
            return Delivery(Outcome.SENT, reply)
        if name in REFUSED_ERRORS:
            return Delivery(Outcome.REFUSED, reply)
        wait = parse_retry_after(headers.get("retry-after", "")) or RETRY_WAITS.get(name, NO_WAIT)
        retry_at = self.now() + wait if wait else None
        return Delivery(Outcome.DEFERRED, reply, retry_at, auth_failed=name in AUTH_ERRORS)


# https://api.slack.com/methods/admin.users.invite#errors
MEMBER_ERRORS = frozenset({"already_in_team"})
INVITED_ERRORS = frozenset({"already_invited", "already_in_team_invited_user", "sent_recently"})
REFUSED_ERRORS = frozenset(
    {"user_disabled", "invalid_email", "bad_email", "user_is_restricted", "url_in_message"}
)
# Errors of our token: the staff are notified, and the letter is sent once the operator has fixed it.
AUTH_ERRORS = frozenset({
    "invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired", "missing_scope",
    "no_permission", "access_denied", "not_allowed_token_type", "team_access_not_granted", "not_an_admin",
    "org_login_required", "enterprise_is_restricted", "team_not_found",
})  # fmt: skip
# Errors that are not listed are retried after the usual interval.
RETRY_WAITS: Mapping[str, timedelta] = {
    "invite_limit_reached": LONGEST_WAIT,
    "ratelimited": timedelta(minutes=1),
}
