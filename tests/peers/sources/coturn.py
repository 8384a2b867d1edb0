"""Starts Debian's coturn for one test, in a folder of its own, with a shared secret (use-auth-secret). Prints its port.

coturn.py FOLDER SECRET
"""

import pathlib
import shutil
import sys

from kept import free_ports, keep

folder, secret = pathlib.Path(sys.argv[1]).resolve(), sys.argv[2]
ports = free_ports(1)
words = [shutil.which("turnserver") or "/usr/bin/turnserver", "-n", "-a", "--use-auth-secret", f"--static-auth-secret={secret}", "-r", "lab.example"]
words += ["--no-cli", "-L", "127.0.0.1", "-p", str(ports[0]), "--no-tls", "--no-dtls", "--allow-loopback-peers", "--log-file=stdout"]
words += [f"--pidfile={folder}/pid", f"--userdb={folder}/database"]
keep(words, None, folder, ports)
