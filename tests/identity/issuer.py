"""An OpenID Connect provider on 127.0.0.1, with keys that come and go, and tokens signed as they are or should not be."""

from __future__ import annotations

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

AUDIENCE = "lakana"
SUBJECT = "f3c1"


class Issuer:
    """A provider. ``keys`` are those it publishes, by their id; ``fetched`` counts how often they were asked for."""

    def __init__(self) -> None:
        self.keys: dict[str, Any] = {
            "rsa": rsa.generate_private_key(public_exponent=65537, key_size=2048),
            "ec": ec.generate_private_key(ec.SECP256R1()),
        }
        self.fetched = 0
        self.away = False
        self.points_to: str | None = None
        self.calls_itself: str | None = None
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def published(self) -> dict[str, Any]:
        shown = []
        for kid, key in self.keys.items():
            kind = RSAAlgorithm if isinstance(key, rsa.RSAPrivateKey) else ECAlgorithm
            shown.append(json.loads(kind.to_jwk(key.public_key())) | {"kid": kid, "use": "sig"})
        return {"keys": shown}

    def claims(self, **other: Any) -> dict[str, Any]:
        """Return claims that are good, less those that are ``None``."""
        now = int(time.time())
        good = {"iss": self.url, "aud": AUDIENCE, "sub": SUBJECT, "iat": now, "nbf": now, "exp": now + 300}
        return {name: value for name, value in (good | other).items() if value is not None}

    def token(self, kid: str = "rsa", algorithm: str | None = None, **other: Any) -> str:
        """Return a token signed by one of the keys."""
        usual = "RS256" if kid.startswith("rsa") else "ES256"
        return jwt.encode(self.claims(**other), self.keys[kid], algorithm or usual, headers={"kid": kid})

    def _handler(issuer) -> type[BaseHTTPRequestHandler]:  # noqa: N805  the handler has a self of its own
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                documents = {
                    "/.well-known/openid-configuration": lambda: {
                        "issuer": issuer.calls_itself or issuer.url,
                        "jwks_uri": f"{issuer.url}/keys",
                    },
                    "/keys": issuer.published,
                }
                if self.path == "/keys":
                    issuer.fetched += 1
                if issuer.points_to:
                    self.send_response(302)
                    self.send_header("location", issuer.points_to)
                    self.end_headers()
                    return
                if issuer.away or self.path not in documents:
                    self.send_error(503 if issuer.away else 404)
                    return
                body = json.dumps(documents[self.path]()).encode()
                self.send_response(200)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        return Handler
