"""A provider of OpenID Connect on this machine; its people and its key are made up here."""

import base64
import hashlib
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "fuping", "a secret of the client"

KEY = RSAKey.generate_key(2048, {"kid": "first"})


class StubProvider:
    """It vouches for whom :attr:`says` tells; each part of what it sends can be made wrong."""

    def __init__(self, base):
        self.issuer = base
        self.key = self.published = KEY
        self.header = {"alg": "RS256", "kid": "first"}
        self.says = {"sub": "7", "preferred_username": "zhao", "name": "赵一"}
        self.metadata = {}
        self.without_id_token = False
        self.codes = {}

    def authorize(self, address):
        """Do as the person's browser and the provider's page do; return the address that leads back."""
        query = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert query["response_type"] == "code"
        assert query["code_challenge_method"] == "S256"
        assert len(query["state"]) > 20
        assert len(query["nonce"]) >= 20
        code = f"code-{len(self.codes)}"
        self.codes[code] = query
        return f"{urlsplit(query['redirect_uri']).path}?code={code}&state={query['state']}"

    def describe(self):
        own = {name: f"{self.issuer}/{name}" for name in ("authorize", "token", "jwks")}
        told = {"authorization_endpoint": own["authorize"], "token_endpoint": own["token"], "jwks_uri": own["jwks"]}
        told |= {"issuer": self.issuer, "id_token_signing_alg_values_supported": ["RS256"]}
        return told | self.metadata

    def exchange(self, form, authorization):
        """Give tokens for a code, once, to who shows the secret of the client and the verifier of the code."""
        asked = self.codes.pop(form.get("code", ""), None)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if asked is None or base64.b64decode(authorization.removeprefix("Basic ")).decode() != f"{CLIENT}:{SECRET}":
            return 400, {"error": "invalid_client"}
        if challenge != asked["code_challenge"] or form.get("redirect_uri") != asked["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": asked["nonce"]}
        claims |= self.says
        claims = {name: value for name, value in claims.items() if value is not None}
        told = {"access_token": "an access token", "token_type": "Bearer", "expires_in": 300}
        if not self.without_id_token:
            told["id_token"] = jwt.encode(self.header, claims, self.key, algorithms=[self.header["alg"]])
        return 200, told


@pytest.fixture
def stub_provider():
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            path = urlsplit(self.path).path
            if path == "/.well-known/openid-configuration":
                self.answer(200, made.describe())
            elif path == "/jwks":
                self.answer(200, {"keys": [made.published.as_dict(private=False)]})
            else:
                self.answer(404, {})

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            self.answer(*made.exchange(form, self.headers.get("Authorization", "")))

        def answer(self, status, told):
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(told).encode())

        def log_message(self, *told):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made = StubProvider(f"http://127.0.0.1:{server.server_port}")
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield made
    server.shutdown()
    server.server_close()
