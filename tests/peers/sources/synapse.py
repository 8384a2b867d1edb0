"""Holds `matrix:` to a real Synapse. By itself, since its installation takes minutes; everything is made in a folder of its
own and talks over the loopback alone.

python3 tests/peers/sources/synapse.py [RTC-DOCTOR]

A user's servers by an access token and by a password; a home server without TURN, which answers {}; a wrong token, a wrong
password, and one who has asked too often. Each comes to its own finding, no secret and no Matrix id is in any output, and
whoever signed in with a password has signed out again.
"""

import json
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import venv

DOCTOR = sys.argv[1] if len(sys.argv) > 1 else "target/debug/rtc-doctor"
CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME", pathlib.Path.home() / ".cache")) / "rtc-doctor-tests" / "synapse"
PYTHON = CACHE / "bin" / "python"
TURN = """
turn_uris: ["turn:turn.hs.test:3478?transport=udp", "turns:turn.hs.test:443?transport=tcp"]
turn_shared_secret: "north"
turn_user_lifetime: 1h
"""
LIMITS = """
rc_login:
  address: { per_second: 0.001, burst_count: 2 }
  account: { per_second: 0.001, burst_count: 2 }
  failed_attempts: { per_second: 0.001, burst_count: 2 }
"""


def installed():
    if not PYTHON.exists() or subprocess.run([PYTHON, "-c", "import synapse"], capture_output=True).returncode:
        venv.create(CACHE, with_pip=True)
        subprocess.run([PYTHON, "-m", "pip", "install", "--quiet", "matrix-synapse"], check=True)


class HomeServer:
    """One Synapse with these lines in its configuration, and the user alice."""

    def __init__(self, more):
        self.folder = tempfile.TemporaryDirectory()
        place = pathlib.Path(self.folder.name)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        config = place / "homeserver.yaml"
        words = [PYTHON, "-m", "synapse.app.homeserver", "--config-path", config]
        subprocess.run(
            [*words, "--server-name", "hs.test", "--generate-config", "--report-stats=no"], check=True, cwd=place, capture_output=True
        )
        text = config.read_text().replace("port: 8008", f"port: {self.port}").replace("'::1', ", "")
        # Its last line has no end.
        config.write_text(text + "\n" + more)
        self.log = place / "log"
        with open(self.log, "w") as log:
            self.process = subprocess.Popen(words, cwd=place, stdout=log, stderr=log)
        self.answers(self.url + "/_matrix/client/versions")
        register = [CACHE / "bin" / "register_new_matrix_user", "-u", "alice", "-p", "wonderland", "--no-admin", "-c", config, self.url]
        subprocess.run(register, check=True, capture_output=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        self.folder.cleanup()

    def answers(self, url):
        for _ in range(600):
            try:
                return urllib.request.urlopen(url, timeout=5).read()
            except OSError:
                time.sleep(0.1)
                if self.process.poll() is not None:
                    break
        sys.exit("Synapse does not start:\n" + self.log.read_text()[-2000:])

    def ask(self, method, path, body=None, token=None):
        headers = {"authorization": f"Bearer {token}"} if token else {}
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(self.url + path, data, headers, method=method)
        try:
            return json.load(urllib.request.urlopen(request, timeout=20))
        except urllib.error.HTTPError as refused:
            return json.load(refused)

    def token(self):
        login = {"type": "m.login.password", "identifier": {"type": "m.id.user", "user": "alice"}, "password": "wonderland"}
        return self.ask("POST", "/_matrix/client/v3/login", login)["access_token"]

    def devices(self, token):
        return len(self.ask("GET", "/_matrix/client/v3/devices", token=token)["devices"])


def lint(server, secret, *words):
    """What is said of the source, and the exit code. Nothing that is secret may be in it."""
    environment = {**os.environ, "RTC_DOCTOR_ICE_SECRET": secret}
    # Whoever signs in does so once: servers lock out whoever guesses.
    for more in [[]] if "--ice-user" in words else ([], ["-v"], ["--json", "-"], ["--lang", "ko"]):
        command = [DOCTOR, "lint", "matrix:" + server.url, *words, *more]
        run = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
        said = run.stdout + run.stderr
        for canary in (secret, "@alice", "alice:hs.test"):
            assert canary not in said, f"{canary} is shown: {said}"
        if not more:
            first = (run.returncode, said)
    return first


def holds(what, told, code, *wanted):
    assert told[0] == code and all(one in told[1] for one in wanted), f"{what}: exit {told[0]}\n{told[1]}"
    print(f"{what}: as it should be")


installed()
with HomeServer(TURN) as server:
    token = server.token()
    holds("an access token", lint(server, token), 0, "source-works")
    before = server.devices(token)
    holds("a password", lint(server, "wonderland", "--ice-user", "alice"), 0, "source-works")
    assert server.devices(token) == before, "whoever signed in has not signed out"
    holds("a wrong token", lint(server, "syt_canary_token"), 2, "source-rejected-secret")
    holds("a wrong password", lint(server, "looking-glass", "--ice-user", "alice"), 2, "source-rejected-secret")
with HomeServer("") as server:
    holds("a home server without TURN", lint(server, server.token()), 2, "source-offers-nothing")
with HomeServer(TURN + LIMITS) as server:
    for _ in range(3):
        server.ask("POST", "/_matrix/client/v3/login", {"type": "m.login.password", "user": "alice", "password": "wrong"})
    holds("one who has asked too often", lint(server, "wonderland", "--ice-user", "alice"), 2, "source-limited")
