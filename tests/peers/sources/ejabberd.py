"""Starts Debian's ejabberd for one test, in a folder of its own: XMPP over TCP, BOSH and WebSocket, and its own STUN and TURN
server over UDP and TCP, which is none of coturn's. Prints the ports of XMPP, of HTTP and of TURN.

ejabberd.py FOLDER [CREDENTIALS_LIFETIME_SECONDS]

xmpp.test takes anonymous users.
"""

import glob
import os
import pathlib
import socket
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


def answered(ports):
    """Waits for a first answer of each kind: it takes connections long before, and loads what answers them as it is asked."""
    stream = f"<?xml version='1.0'?><stream:stream to='xmpp.test' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"
    opening = "<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='xmpp.test' version='1.0'/>".encode()
    mask = bytes(4)
    frame = bytes([0x81, 0x80 | len(opening)]) + mask + opening
    upgrade = f"GET /ws HTTP/1.1\r\nHost: 127.0.0.1:{ports[1]}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" \
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\nSec-WebSocket-Protocol: xmpp\r\n\r\n"
    for port, asked in ((ports[0], stream.encode()), (ports[1], upgrade.encode() + frame)):
        with socket.create_connection(("127.0.0.1", port)) as connection:
            connection.sendall(asked)
            heard = b""
            while b"mechanism" not in heard:
                heard += connection.recv(4096) or b"mechanism"


keep(words, "ejabberd", folder, ports, "is started", environment, answered)
