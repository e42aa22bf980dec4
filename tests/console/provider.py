"""A small OpenID provider for tests: it signs in whom it is told to, and can answer with a wrong token.

OpenID Connect Core 1.0, section 3.1; RFC 7636 for the code's challenge.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

CLIENT, CLIENT_SECRET = "desk", "secret-of-the-client-0123456789abcdef"
KEY_ID = "k1"


def encode(raw: bytes) -> str:
    """Base64url without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@dataclass
class Provider:
    """`person` is signed in; `changed` are claims that are otherwise, `algorithm` and `key` how it signs.

    `described` are parts of the discovery document that are otherwise, `answered` of the way back; `key_id`
    names the key, `user_info` is what it says of the person. `proofs` is how clients proved themselves,
    `fetched` are the paths of the documents that they took.
    """

    person: str = ""
    changed: Mapping[str, object] = field(default_factory=dict)
    algorithm: str = "RS256"
    key: rsa.RSAPrivateKey = field(default_factory=lambda: rsa.generate_private_key(65_537, 2_048))
    issuer: str = ""
    described: Mapping[str, object] = field(default_factory=dict)
    answered: Mapping[str, str] = field(default_factory=dict)
    leaves_out: tuple[str, ...] = ()
    key_id: str = KEY_ID
    user_info: Mapping[str, object] = field(default_factory=dict)
    proofs: list[str] = field(default_factory=list)
    fetched: list[str] = field(default_factory=list)
    asked: dict[str, dict[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.published = self.key.public_key()

    def describe(self) -> dict[str, object]:
        """OpenID Connect Discovery 1.0, section 3."""
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/auth",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
            "code_challenge_methods_supported": ["S256"],
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            **self.described,
        }

    def list_keys(self) -> dict[str, object]:
        """RFC 7517: the key that was published, whatever signs."""
        numbers = self.published.public_numbers()
        n, e = (encode(one.to_bytes((one.bit_length() + 7) // 8, "big")) for one in (numbers.n, numbers.e))
        return {"keys": [{"kty": "RSA", "use": "sig", "alg": "RS256", "kid": self.key_id, "n": n, "e": e}]}

    def authorize(self, query: Mapping[str, str]) -> str:
        """Where the browser goes with its code."""
        code = encode(hashlib.sha256(query["state"].encode()).digest())
        self.asked[code] = dict(query)
        return (
            f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state'], **self.answered})}"
        )

    def give_token(self, sent: Mapping[str, str]) -> dict[str, object] | None:
        """The answer to a code, once, with its verifier."""
        asked = self.asked.pop(sent.get("code", ""), None)
        challenge = encode(hashlib.sha256(sent.get("code_verifier", "").encode()).digest())
        if asked is None or challenge != asked["code_challenge"]:
            return None
        now = int(time.time())
        claims = {"iss": self.issuer, "sub": self.person, "aud": CLIENT, "iat": now, "exp": now + 300}
        claims |= {"nonce": asked["nonce"], "email": self.person, "email_verified": True}
        claims = {name: value for name, value in claims.items() if name not in self.leaves_out}
        token = self._sign({**claims, **self.changed})
        return {"access_token": "a", "token_type": "Bearer", "expires_in": 300, "id_token": token}

    def _sign(self, claims: Mapping[str, object]) -> str:
        head = {"alg": self.algorithm, "kid": self.key_id, "typ": "JWT"}
        text = ".".join(encode(json.dumps(part).encode()) for part in (head, claims))
        return f"{text}.{encode(self._seal(text.encode()))}"

    def _seal(self, text: bytes) -> bytes:
        if self.algorithm == "RS256":
            return self.key.sign(text, padding.PKCS1v15(), hashes.SHA256())
        format_ = serialization.PublicFormat.SubjectPublicKeyInfo
        public = self.published.public_bytes(serialization.Encoding.PEM, format_)
        return hmac.digest(public, text, "sha256") if self.algorithm == "HS256" else b""


@contextmanager
def serving(provider: Provider) -> Iterator[None]:
    """The provider on a port of 127.0.0.1."""

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            return

        def do_GET(self) -> None:
            place = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(place.query).items()}
            if place.path == "/auth":
                self.send_response(302)
                self.send_header("location", provider.authorize(query))
                self.end_headers()
            else:
                provider.fetched.append(place.path)
                facts = {"/keys": provider.list_keys(), "/userinfo": provider.user_info}
                self._answer(facts.get(place.path, provider.describe()))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            provider.proofs.append(self.headers.get("authorization", ""))
            self._answer(provider.give_token({name: values[0] for name, values in parse_qs(body).items()}))

        def _answer(self, facts: Any) -> None:
            raw = json.dumps(facts or {"error": "invalid_grant"}).encode()
            self.send_response(200 if facts else 400)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.issuer = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
