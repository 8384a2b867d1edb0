"""Starts Debian's Prosody for one test, in a folder of its own: XMPP over TCP, BOSH and WebSocket. Prints the ports of XMPP, of
HTTP and of TURN, at which nothing listens.

prosody.py FOLDER

xmpp.test has the user alice with the password "wonderland"; guest.test takes anonymous users; hashed.test has her too, and takes
no password as it stands. All hand out the TURN server at 127.0.0.1 with the secret "north". A certificate that stands in FOLDER/certs is used for STARTTLS.
"""

import pathlib
import subprocess
import sys

from kept import free_ports, give_to, become, keep

folder = pathlib.Path(sys.argv[1]).resolve()
ports = free_ports(3)
config = folder / "prosody.cfg.lua"
config.write_text(f"""
data_path = "{folder}/data"
pidfile = "{folder}/prosody.pid"
interfaces = {{ "127.0.0.1" }}
c2s_ports = {{ {ports[0]} }}
s2s_ports = {{ }}
http_ports = {{ {ports[1]} }}
https_ports = {{ }}
http_interfaces = {{ "127.0.0.1" }}
modules_enabled = {{ "saslauth", "disco", "bosh", "websocket", "turn_external", "tls" }}
modules_disabled = {{ "s2s" }}
c2s_require_encryption = false
allow_unencrypted_plain_auth = true
consider_bosh_secure = true
consider_websocket_secure = true
http_host = "127.0.0.1"
turn_external_host = "127.0.0.1"
turn_external_port = {ports[2]}
turn_external_secret = "north"
turn_external_tcp = true
turn_external_tls_port = 5349
log = {{ debug = "{folder}/prosody.log" }}
VirtualHost "xmpp.test"
  authentication = "internal_plain"
VirtualHost "guest.test"
  authentication = "anonymous"
VirtualHost "hashed.test"
  authentication = "internal_hashed"
  disable_sasl_mechanisms = {{ "PLAIN" }}
""")
for name in ("data", "certs"):
    (folder / name).mkdir(exist_ok=True)
folder.chmod(0o755)
give_to("prosody", folder)
# It refuses to run as root.
for host in ("xmpp.test", "hashed.test"):
    register = ["prosodyctl", "--config", str(config), "register", "alice", host, "wonderland"]
    subprocess.run(register, check=True, stdout=subprocess.DEVNULL, cwd="/", preexec_fn=lambda: become("prosody"))
keep(["prosody", "--config", str(config), "-F"], "prosody", folder, ports)
