"""Checks an ID token, and finds who it is about: OpenID Connect Core 1.0, section 3.1.3.7.

joserfc checks signature and dates (RFC 7515, 7519).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from joserfc import errors, jwt
from joserfc.jwk import KeySet

from gateway.net.openid.protocol import Identity, TokenError

LEEWAY_S = 60
MAX_TOKEN = 16_384
MAX_SUBJECT = 255
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


def identify(claims: Claims, required: Mapping[str, str]) -> Identity:
    """Return who a genuine token is about. Each claim of `required` must have its value. Raises TokenError.

    A subject has at most 255 ASCII characters (section 2).
    """
    for name, value in required.items():
        if claims.get(name) != value:
            raise TokenError(f"{name}: the claim differs from console.openid_required")
    issuer, subject = claims.get("iss"), claims.get("sub")
    if not isinstance(subject, str) or not subject.isascii() or not 0 < len(subject) <= MAX_SUBJECT:
        raise TokenError(f"sub: expected 1 to {MAX_SUBJECT} ASCII characters")
    address, name = (_read_text(claims.get(each)) for each in ("email", "name"))
    return Identity(str(issuer), subject, address, name)


def _read_text(claim: object) -> str:
    return claim if isinstance(claim, str) else ""
