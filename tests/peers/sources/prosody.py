"""Starts Debian's Prosody for one test, in a folder of its own, and becomes it: XMPP over TCP, BOSH and WebSocket.

prosody.py FOLDER C2S_PORT HTTP_PORT TURN_PORT

xmpp.test has the user alice with the password "wonderland"; guest.test takes anonymous users. Both hand out the TURN server at
127.0.0.1:TURN_PORT with the secret "north".
"""

import os
import pathlib
import pwd
import shutil
import subprocess
import sys

folder = pathlib.Path(sys.argv[1]).resolve()
c2s, http, turn = sys.argv[2:5]
config = folder / "prosody.cfg.lua"
config.write_text(f"""
data_path = "{folder}/data"
pidfile = "{folder}/prosody.pid"
interfaces = {{ "127.0.0.1" }}
c2s_ports = {{ {c2s} }}
s2s_ports = {{ }}
http_ports = {{ {http} }}
https_ports = {{ }}
http_interfaces = {{ "127.0.0.1" }}
modules_enabled = {{ "saslauth", "disco", "bosh", "websocket", "turn_external" }}
modules_disabled = {{ "s2s" }}
c2s_require_encryption = false
allow_unencrypted_plain_auth = true
consider_bosh_secure = true
consider_websocket_secure = true
http_host = "127.0.0.1"
turn_external_host = "127.0.0.1"
turn_external_port = {turn}
turn_external_secret = "north"
turn_external_tcp = true
turn_external_tls_port = 5349
log = {{ info = "{folder}/prosody.log" }}
VirtualHost "xmpp.test"
  authentication = "internal_plain"
VirtualHost "guest.test"
  authentication = "anonymous"
""")
(folder / "data").mkdir(exist_ok=True)
if os.geteuid() == 0:
    # It refuses to run as root.
    user = pwd.getpwnam("prosody")
    os.chmod(folder, 0o755)
    for path in (folder, folder / "data", config):
        shutil.chown(path, user.pw_uid, user.pw_gid)
    os.setgid(user.pw_gid)
    os.setuid(user.pw_uid)
subprocess.run(["prosodyctl", "--config", config, "register", "alice", "xmpp.test", "wonderland"], check=True, stdout=subprocess.DEVNULL)
os.execvp("prosody", ["prosody", "--config", str(config), "-F"])
