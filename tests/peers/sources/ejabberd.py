"""Starts Debian's ejabberd for one test, in a folder of its own, and becomes it: XMPP over TCP, BOSH and WebSocket, and its own
STUN and TURN server over UDP and TCP, which is none of coturn's.

ejabberd.py FOLDER C2S_PORT HTTP_PORT TURN_PORT [CREDENTIALS_LIFETIME_SECONDS]

xmpp.test takes anonymous users.
"""

import glob
import os
import pathlib
import pwd
import shutil
import sys

folder = pathlib.Path(sys.argv[1]).resolve()
c2s, http, turn = sys.argv[2:5]
life = sys.argv[5] if len(sys.argv) > 5 else "3600"
config = folder / "ejabberd.yml"
config.write_text(f"""
hosts: [xmpp.test]
loglevel: info
auth_method: [anonymous]
anonymous_protocol: sasl_anon
allow_multiple_connections: true
listen:
  - {{port: {c2s}, ip: "127.0.0.1", module: ejabberd_c2s, starttls_required: false}}
  - port: {http}
    ip: "127.0.0.1"
    module: ejabberd_http
    request_handlers: {{/bosh: mod_bosh, /ws: ejabberd_http_ws}}
  - {{port: {turn}, ip: "127.0.0.1", transport: udp, module: ejabberd_stun, use_turn: true, turn_ipv4_address: "127.0.0.1"}}
  - {{port: {turn}, ip: "127.0.0.1", transport: tcp, module: ejabberd_stun, use_turn: true, turn_ipv4_address: "127.0.0.1"}}
modules:
  mod_bosh: {{}}
  mod_disco: {{}}
  mod_stun_disco: {{access: all, credentials_lifetime: {life}}}
""")
for name in ("mnesia", "logs"):
    (folder / name).mkdir(exist_ok=True)
if os.geteuid() == 0:
    user = pwd.getpwnam("ejabberd")
    os.chmod(folder, 0o755)
    for path in (folder, folder / "mnesia", folder / "logs", config):
        shutil.chown(path, user.pw_uid, user.pw_gid)
    os.setgid(user.pw_gid)
    os.setuid(user.pw_uid)
# Its node has no name, so that nothing of Erlang's own distribution listens.
environment = {**os.environ, "EJABBERD_CONFIG_PATH": str(config), "HOME": str(folder),
               "EJABBERD_LOG_PATH": f"{folder}/logs/ejabberd.log"}
paths = sorted(glob.glob("/usr/lib/*/ejabberd-*/ebin"))
words = ["erl", "-noinput", "-pa", *paths, "-mnesia", "dir", f'"{folder}/mnesia"', "-ejabberd", "log_rate_limit", "100", "-s", "ejabberd"]
os.chdir(folder)
os.execvpe("erl", words, environment)
