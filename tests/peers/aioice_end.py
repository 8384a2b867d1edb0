"""One end of a call by copy and paste, whose ICE agent is aioice's.

It says its code as one line on standard output and reads the other end's from standard input; what became of it follows
as one line of JSON: {"role", "nominated": {"local", "remote"} or null}. Then it answers checks until standard
input ends. The code is that of src/signal/code.rs.

    aioice_end.py offer|answer [--stun HOST:PORT] [--turn HOST:PORT --transport udp|tcp --user NAME:PASSWORD] [--relay-only]
"""

import argparse
import asyncio
import base64
import json
import struct
import sys
import zlib

import aioice
from aioice.candidate import candidate_priority

TYPES = {"h": "host", "s": "srflx", "p": "prflx", "r": "relay"}
PREFERENCES = {"host": 126, "srflx": 100, "prflx": 110, "relay": 0}


def read_code(code):
    """The kind ("o" or "a"), ufrag, password and candidates of a code."""
    prefix, length, body = "".join(code.split()).split("-", 2)
    assert prefix == "rtcd1", prefix
    assert len(body) == int(length), "characters are missing"
    data = base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))
    deflated, checksum = data[:-4], struct.unpack(">I", data[-4:])[0]
    assert zlib.crc32(deflated) == checksum, "a character was changed"
    content = json.loads(zlib.decompress(deflated, -15))
    host, candidates = "", []
    for short in content["c"]:
        letters, foundation, priority, own_host, port = short.split(" ")
        host = own_host or host
        kind = TYPES[letters[0]]
        if len(letters) > 1:
            continue  # aioice has no ICE-TCP.
        if priority.startswith("-"):
            priority = int(priority[1:])
        else:
            priority = PREFERENCES[kind] << 24 | (65535 - int(priority)) << 8 | 255
        candidates.append(aioice.Candidate(foundation, 1, "udp", priority, host, int(port), kind))
    return content["k"], content["u"], content["p"], candidates


def write_code(kind, connection):
    letters = {kind: letter for letter, kind in TYPES.items()}
    foundations, short = [], []
    for candidate in connection.local_candidates:
        if candidate.foundation not in foundations:
            foundations.append(candidate.foundation)
        number = foundations.index(candidate.foundation)
        recommended = candidate.priority == candidate_priority(1, candidate.type)
        priority = 0 if recommended else -candidate.priority
        short.append(f"{letters[candidate.type]} {number} {priority} {candidate.host} {candidate.port}")
    content = {"k": kind, "u": connection.local_username, "p": connection.local_password, "c": short}
    squeeze = zlib.compressobj(9, zlib.DEFLATED, -15)
    deflated = squeeze.compress(json.dumps(content).encode()) + squeeze.flush()
    body = base64.urlsafe_b64encode(deflated + struct.pack(">I", zlib.crc32(deflated))).decode().rstrip("=")
    return f"rtcd1-{len(body)}-{body}"


def endpoint(text):
    host, port = text.rsplit(":", 1)
    return host, int(port)


async def line():
    return await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)


def shown(candidate):
    return {"type": candidate.type, "address": candidate.host, "port": candidate.port}


async def run(options):
    offers = options.role == "offer"
    user, _, password = (options.user or ":").partition(":")
    connection = aioice.Connection(
        ice_controlling=offers,
        stun_server=options.stun and endpoint(options.stun),
        turn_server=options.turn and endpoint(options.turn),
        turn_username=user,
        turn_password=password,
        turn_transport=options.transport,
        transport_policy=aioice.TransportPolicy.RELAY if options.relay_only else aioice.TransportPolicy.ALL,
    )
    theirs = None if offers else await line()
    await connection.gather_candidates()
    print(write_code("o" if offers else "a", connection), flush=True)
    theirs = theirs or await line()
    kind, connection.remote_username, connection.remote_password, candidates = read_code(theirs)
    assert kind == ("a" if offers else "o"), kind
    for candidate in candidates:
        await connection.add_remote_candidate(candidate)
    await connection.add_remote_candidate(None)
    nominated = None
    try:
        await connection.connect()
        pair = connection._nominated[1]
        nominated = {"local": shown(pair.local_candidate), "remote": shown(pair.remote_candidate)}
    except ConnectionError as error:
        print(error, file=sys.stderr)
    role = "controlling" if connection.ice_controlling else "controlled"
    print(json.dumps({"role": role, "nominated": nominated}), flush=True)
    while await line():
        pass
    await connection.close()


parser = argparse.ArgumentParser()
parser.add_argument("role", choices=["offer", "answer"])
parser.add_argument("--stun")
parser.add_argument("--turn")
parser.add_argument("--transport", default="udp")
parser.add_argument("--user")
parser.add_argument("--relay-only", action="store_true")
asyncio.run(run(parser.parse_args()))
