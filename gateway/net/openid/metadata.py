"""What a provider publishes about itself: OpenID Connect Discovery 1.0, section 3; RFC 8414; RFC 9207.

Providers differ: Microsoft Entra ID does not name PKCE, Google names endpoints on other hosts.
"""

from __future__ import annotations

from urllib.parse import urlsplit

import msgspec

from gateway.net.openid.protocol import ProviderError

# Signatures that a client without a shared key can check. `none` and HMAC are never accepted.
ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA")
BASIC, POST = "client_secret_basic", "client_secret_post"


class Metadata(msgspec.Struct, frozen=True):
    """The parts of a discovery document that a sign-in needs, with the defaults of the specification."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str = ""
    response_types_supported: tuple[str, ...] = ("code",)
    id_token_signing_alg_values_supported: tuple[str, ...] = ("RS256",)
    token_endpoint_auth_methods_supported: tuple[str, ...] = (BASIC,)
    authorization_response_iss_parameter_supported: bool = False

    @property
    def algorithms(self) -> list[str]:
        """Return the permitted algorithms for the signature of an ID token."""
        return [each for each in ALGORITHMS if each in self.id_token_signing_alg_values_supported]


def read_metadata(raw: bytes, issuer: str) -> Metadata:
    """Parse the document of this issuer. Raises ProviderError."""
    try:
        found = msgspec.json.decode(raw, type=Metadata)
    except msgspec.DecodeError as error:
        raise ProviderError(f"{issuer}: the discovery document is not valid: {error}") from error
    if found.issuer != issuer:
        raise ProviderError(f"{issuer}: discovery document names a different issuer: {found.issuer!r}")
    needed = (found.authorization_endpoint, found.token_endpoint, found.jwks_uri)
    for url in (*needed, *filter(None, [found.userinfo_endpoint])):
        if not _is_safe(url, issuer):
            raise ProviderError(f"{issuer}: {url!r}: expected an https URL")
    _check_abilities(found)
    return found


def _check_abilities(found: Metadata) -> None:
    if "code" not in found.response_types_supported:
        raise ProviderError(f"{found.issuer}: the provider does not support the response type `code`")
    if not found.algorithms:
        raise ProviderError(
            f"{found.issuer}: the provider supports none of the signing algorithms {', '.join(ALGORITHMS)}"
        )
    if not {BASIC, POST} & set(found.token_endpoint_auth_methods_supported):
        raise ProviderError(f"{found.issuer}: the provider supports neither {BASIC} nor {POST}")


def _is_safe(url: str, issuer: str) -> bool:
    """Return whether a URL is https, or on the same host as an issuer without TLS, which is this machine."""
    try:
        parts, own = urlsplit(url), urlsplit(issuer)
    except ValueError:
        return False
    if not url.isascii() or not url.isprintable() or parts.username is not None or parts.fragment:
        return False
    return bool(parts.hostname) and (
        parts.scheme == "https" or (parts.scheme == own.scheme and parts.hostname == own.hostname)
    )
