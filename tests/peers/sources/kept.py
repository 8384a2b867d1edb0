"""Keeps a service of the system's for one test: as its own user, away from the terminal, and no longer than its keeper."""

import ctypes
import os
import pathlib
import pwd
import shutil
import socket
import time


def free_ports(count):
    """So many ports that nobody has, over TCP."""
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def give_to(user, folder):
    """Lets a user have a folder and all in it, where that is another than ours."""
    if os.geteuid() != 0:
        return
    owner = pwd.getpwnam(user)
    for path in (folder, *pathlib.Path(folder).rglob("*")):
        shutil.chown(path, owner.pw_uid, owner.pw_gid)


def become(user):
    """What a child does before it runs its program: it takes another user's place, if any, and dies with its parent."""
    if user is not None and os.geteuid() == 0:
        owner = pwd.getpwnam(user)
        os.setgid(owner.pw_gid)
        os.setuid(owner.pw_uid)
    death_signal, kill = 1, 9
    ctypes.CDLL(None).prctl(death_signal, kill)


def keep(words, user, folder, ports, ready=None, environment=None, warm=None):
    """Runs it, prints its ports when it listens at the first two, has said that it is ready and was asked by `warm`, and stays with
    it."""
    child = os.fork()
    if child == 0:
        output = os.open(f"{folder}/output", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
        os.dup2(output, 1)
        os.dup2(output, 2)
        become(user)
        os.chdir(folder)
        os.execvpe(words[0], words, environment or os.environ)
    output = pathlib.Path(folder, "output")

    def listens(port):
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    while not (all(listens(port) for port in ports[:2]) and (ready is None or ready in output.read_text())):
        if os.waitpid(child, os.WNOHANG)[0]:
            raise SystemExit(output.read_text())
        time.sleep(0.05)
    if warm:
        warm(ports)
    print(*ports, flush=True)
    os.waitpid(child, 0)
