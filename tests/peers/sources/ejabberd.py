"""Starts Debian's ejabberd for one test, in a folder of its own: XMPP over TCP, BOSH and WebSocket, and its own STUN and TURN
server over UDP and TCP, which is none of coturn's. Prints the ports of XMPP, of HTTP and of TURN.

ejabberd.py FOLDER [CREDENTIALS_LIFETIME_SECONDS]

xmpp.test takes anonymous users.
"""

import glob
import os
import pathlib
import sys

from kept import free_ports, give_to, keep

folder = pathlib.Path(sys.argv[1]).resolve()
life = sys.argv[2] if len(sys.argv) > 2 else "3600"
ports = free_ports(3)
c2s, http, turn = ports
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
folder.chmod(0o755)
give_to("ejabberd", folder)
# Its node has a name, without which its database does not start, and does not listen under it.
environment = {**os.environ, "EJABBERD_CONFIG_PATH": str(config), "HOME": str(folder),
               "EJABBERD_LOG_PATH": f"{folder}/logs/ejabberd.log"}
paths = sorted(glob.glob("/usr/lib/*/ejabberd-*/ebin"))
words = ["erl", "-noinput", "-sname", "ejabberd@localhost", "-dist_listen", "false", "-pa", *paths, "-mnesia", "dir", f'"{folder}/mnesia"', "-ejabberd", "log_rate_limit", "100", "-s", "ejabberd"]
# It takes connections long before it answers them.
keep(words, "ejabberd", folder, ports, "is started", environment)
