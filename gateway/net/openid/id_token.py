"""Checks an ID token, and finds whose address it proves: OpenID Connect Core 1.0, section 3.1.3.7.

joserfc checks signature and dates (RFC 7515, 7519).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from joserfc import errors, jwt
from joserfc.jwk import KeySet

from gateway.net.openid.protocol import TokenError

LEEWAY_S = 60
MAX_TOKEN = 16_384
Claims = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Expected:
    """What a token must contain: the exact issuer, this client as audience, the nonce of the attempt."""

    issuer: str
    client: str
    nonce: str


def read_claims(
    token: str, keys: KeySet, algorithms: Sequence[str], expected: Expected, now: datetime
) -> Claims:
    """Return the claims of a genuine token.

    Raises TokenError, caused by InvalidKeyIdError if it names a key that is not among these.
    """
    if len(token) > MAX_TOKEN:
        raise TokenError(f"the ID token is longer than {MAX_TOKEN} characters")
    try:
        claims: Claims = jwt.decode(token, keys, algorithms=list(algorithms)).claims
        _build_registry(expected, now).validate(dict(claims))
    except (errors.JoseError, ValueError) as error:
        raise TokenError(f"{type(error).__name__}: {error}") from error
    _check_party(claims, expected.client)
    return claims


def _build_registry(expected: Expected, now: datetime) -> jwt.JWTClaimsRegistry:
    return jwt.JWTClaimsRegistry(
        now=int(now.timestamp()),
        leeway=LEEWAY_S,
        iss={"essential": True, "value": expected.issuer},
        aud={"essential": True, "value": expected.client},
        nonce={"essential": True, "value": expected.nonce},
        sub={"essential": True},
        exp={"essential": True},
        iat={"essential": True},
    )


def _check_party(claims: Claims, client: str) -> None:
    """Check that a token for several audiences was issued to this client."""
    aud = claims.get("aud")
    party = claims.get("azp", client if aud in (client, [client]) else None)
    if party != client:
        raise TokenError("azp: the token was issued to another client")


def find_address(claims: Claims, verified: str, required: Mapping[str, str]) -> str:
    """Return the mail address of a person.

    The claim `verified` must be true, and each claim of `required` must have its value. Raises TokenError.
    """
    if claims.get(verified) is not True:
        raise TokenError(f"{verified}: the claim is not true, so the provider does not vouch for the address")
    for name, value in required.items():
        if claims.get(name) != value:
            raise TokenError(f"{name}: the claim differs from console.openid_required")
    found = claims.get("email")
    if not isinstance(found, str) or not found:
        raise TokenError("email: the token has no such claim")
    return found
