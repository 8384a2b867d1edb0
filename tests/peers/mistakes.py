"""One mistake on purpose: what an end of aiortc says or does that it should not, by name.

Those of a description change its text alone. Those of behaviour change aioice or aiortc before a connection is made.
"""

import asyncio
import os
import re

import aioice

DESCRIPTIONS = {
    "fingerprint-of-another": lambda sdp: re.sub(
        r"(a=fingerprint:sha-\d+ )(..)", lambda found: found[1] + ("00" if found[2] != "00" else "11"), sdp
    ),
    "no-fingerprint": lambda sdp: re.sub(r"a=(fingerprint|setup):.*\r\n", "", sdp),
    "sha-384-alone": lambda sdp: re.sub(r"a=fingerprint:sha-(256|512).*\r\n", "", sdp),
    "sha-512-alone": lambda sdp: re.sub(r"a=fingerprint:sha-(256|384).*\r\n", "", sdp),
    # In the midst of a line that says what a codec is, where there is one.
    "cut": lambda sdp: sdp[: sdp.rfind("a=rtpmap:") + 12 if "a=rtpmap:" in sdp else len(sdp) // 2],
    "says-active": lambda sdp: re.sub(r"a=setup:\w+", "a=setup:active", sdp),
    "says-passive": lambda sdp: re.sub(r"a=setup:\w+", "a=setup:passive", sdp),
    "says-actpass": lambda sdp: re.sub(r"a=setup:\w+", "a=setup:actpass", sdp),
    "no-bundle": lambda sdp: re.sub(r"a=group:BUNDLE.*\r\n", "", sdp),
    "no-mid": lambda sdp: re.sub(r"a=(group:BUNDLE|mid:).*\r\n", "", sdp),
    "line-feeds": lambda sdp: sdp.replace("\r\n", "\n"),
    "component-2": lambda sdp: re.sub(r"(a=candidate:\S+) 1 (.*\r\n)", r"\1 1 \2\1 2 \2", sdp),
    "tcp-without-type": lambda sdp: re.sub(r"(a=candidate:\S+ 1 )udp( .*\r\n)", r"\1udp\2\1TCP\2", sdp),
    "no-end-of-candidates": lambda sdp: sdp.replace("a=end-of-candidates\r\n", ""),
    "lite": lambda sdp: re.sub(r"\r\nm=", "\r\na=ice-lite\r\nm=", sdp, count=1),
    "other-payload-types": lambda sdp: _renumbered(sdp),
    "inactive": lambda sdp: re.sub(r"a=(sendrecv|sendonly|recvonly)", "a=inactive", sdp),
    "sendonly": lambda sdp: re.sub(r"a=(sendrecv|recvonly)", "a=sendonly", sdp),
    # Their candidates are told by themselves.
    "numbered-sections": lambda sdp: re.sub(r"a=(candidate:.*|end-of-candidates)\r\n", "", sdp),
    "stale-candidates": lambda sdp: re.sub(r"a=(candidate:.*|end-of-candidates)\r\n", "", sdp),
    "candidates-first": lambda sdp: re.sub(r"a=(candidate:.*|end-of-candidates)\r\n", "", sdp),
}


def _renumbered(sdp):
    for taken in set(re.findall(r"a=rtpmap:(\d+) (?:opus|VP8)/", sdp)):
        other = str(int(taken) + 20 if int(taken) < 100 else int(taken) - 70)
        sdp = re.sub(rf"(m=(?:audio|video) .*?) {taken}(?= |\r)", rf"\1 {other}", sdp)
        sdp = re.sub(rf"(a=(?:rtpmap|fmtp|rtcp-fb):){taken} ", rf"\g<1>{other} ", sdp)
    return sdp


# What it calls a description.
KINDS = {"calls-them-otherwise": {"offer": "answer", "answer": "offer"}, "answers-for-now": {"answer": "pranswer"}}

# What it takes our description to say, so that it does the opposite of what it says itself.
HEARD = {"hears-active": "active", "hears-passive": "passive"}


def said(mistakes, sdp):
    for mistake in mistakes:
        sdp = DESCRIPTIONS.get(mistake, lambda sdp: sdp)(sdp)
    return sdp


def named(mistakes, kind):
    for mistake in mistakes:
        kind = KINDS.get(mistake, {}).get(kind, kind)
    return kind


def heard(mistakes, sdp):
    for mistake in mistakes:
        if role := HEARD.get(mistake):
            sdp = re.sub(r"a=setup:\w+", f"a=setup:{role}", sdp)
    return sdp


def misbehave(mistakes):
    if "never-yields" in mistakes or "never-controls" in mistakes:
        _never_yield()
    if "lite" in mistakes:
        _check_nobody()
    if "odd-ufrag" in mistakes:
        _name_oddly()
    if "other-keys" in mistakes:
        _send(lambda data: data[:12] + bytes(it ^ 0x55 for it in data[12:]) if 127 < data[0] < 192 else data)


def take_role(mistakes, pc):
    """After the descriptions: a role in ICE that is not the one that they leave."""
    for transport in _transports(pc):
        connection = transport.transport._connection
        if "never-yields" in mistakes:
            connection.ice_controlling, connection._tie_breaker = True, 0
            transport.transport._role_set = True
        if "never-controls" in mistakes:
            connection.ice_controlling, connection._tie_breaker = False, 2**64 - 1
            transport.transport._role_set = True
        if "lite" in mistakes:
            connection.ice_controlling = False
            transport.transport._role_set = True


async def break_off(mistakes, pc):
    """A second after the call has begun: its media end while ICE goes on, or the whole program does."""
    if not {"stops-sending", "is-killed"} & set(mistakes):
        return
    while pc.connectionState != "connected":
        await asyncio.sleep(0.02)
    await asyncio.sleep(1)
    if "is-killed" in mistakes:
        os._exit(1)

    async def send_nothing(*_):
        pass

    for transport in _transports(pc):
        connection = transport.transport._connection
        connection.send = connection.sendto = transport.transport._send = send_nothing


def _transports(pc):
    transports = [*(it.sender.transport for it in pc.getTransceivers()), *([pc.sctp.transport] if pc.sctp else [])]
    return {id(it): it for it in transports}.values()


def _send(change):
    async def sendto(self, data, component, original=aioice.Connection.sendto):
        await original(self, change(data), component)

    aioice.Connection.sendto = sendto


def _never_yield():
    def request_received(self, message, addr, protocol, original=aioice.Connection.request_received):
        message.attributes.pop("ICE-CONTROLLING" if self.ice_controlling else "ICE-CONTROLLED", None)
        return original(self, message, addr, protocol)

    def switch_role(self, ice_controlling):
        raise ConnectionError("role conflict")

    aioice.Connection.request_received, aioice.Connection.switch_role = request_received, switch_role


def _check_nobody():
    """RFC 8445 section 2.5: checks are answered, and none are sent."""
    state = aioice.ice.CandidatePair.State

    async def check_start(self, pair):
        self.check_state(pair, state.IN_PROGRESS)
        while not pair.remote_nominated:
            await asyncio.sleep(0.01)
        pair.nominated = True
        self.check_state(pair, state.SUCCEEDED)
        self.check_complete(pair)

    async def query_consent(self):
        await asyncio.sleep(3600)

    aioice.Connection.check_start, aioice.Connection.query_consent = check_start, query_consent


def _name_oddly():
    def init(self, *words, original=aioice.Connection.__init__, **named):
        original(self, *words, **named)
        self._local_username = "vfri_WIB=rS-9h"

    aioice.ice.validate_username = lambda value: None
    aioice.Connection.__init__ = init
