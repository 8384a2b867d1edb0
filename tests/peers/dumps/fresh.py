#!/usr/bin/env python3
"""Makes a call between two real browsers in a network with a known fault, and saves what people would send of it.

    fresh.py CALL DIR      makes one call; DIR then holds, of each end, both files that chrome://webrtc-internals saves
                           (a.internals.gz, a.rtcstats.gz, …; of Firefox a.copy-report.json, a.aboutWebrtc.html, a.log.txt),
                           a capture of a's packets (a.pcap), and truth.json: what was done to the call, and the
                           verdict that has to be told ("path", "broke", "cause")
    fresh.py list          the calls, one a line

It needs root, for network namespaces, and Debian's chromium, firefox-esr, coturn, nftables and tcpdump. The ends are called
a, who offers, and b. What is known of a call is what the script did; nothing is taken from what the browsers say of it.
"""

import json
import os
import signal
import subprocess
import sys
import time

# Nothing is left among the sources.
sys.dont_write_bytecode = True

from browser import Browser
from calls import CALLS
from firefox import Firefox
from lab import Lab


class Rig:
    """A lab, its two browsers, and the signalling between them, which may lose things."""

    def __init__(self, lab, folder):
        self.lab, self.folder = lab, folder
        self.ends, self.sees, self.early, self.states = {}, {}, {"a": [], "b": []}, {"a": [], "b": []}
        self.loses_candidates = lambda end, candidate: False
        self.begin = time.monotonic()

    def start(self, end, **how):
        self.ends[end] = Firefox(self.lab, end) if how.pop("firefox", False) else Browser(self.lab, end, **how)
        self.sees[end] = False
        return self.ends[end]

    def now(self):
        return round(time.monotonic() - self.begin, 1)

    def pump(self, seconds, until=None):
        """Carries candidates to and fro for so long, or until both have come to a state."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for name in list(self.ends):
                self.carry(name)
            if until and all(until in self.states[name] for name in self.ends):
                return True
            time.sleep(0.02)
        return until is None

    def carry(self, name):
        self.ends[name].poll()
        events = self.ends[name].events
        while not events.empty():
            event = events.get()
            if event["method"] != "Runtime.bindingCalled":
                continue
            said = json.loads(event["params"]["payload"])
            if "state" in said:
                self.states[name].append(said["state"])
            elif not self.loses_candidates(name, said["candidate"]["candidate"]):
                self.early[name].append(said["candidate"])
        other = "b" if name == "a" else "a"
        if self.sees.get(other):
            for candidate in self.early[name]:
                # Whoever is not there any more is not told.
                self.tell(other, "pc.addIceCandidate(%s).catch(() => 0)" % json.dumps(candidate))
            self.early[name].clear()

    def tell(self, name, script):
        try:
            self.ends[name].eval(script)
        except RuntimeError:
            pass

    def make(self, name, configuration, media=True):
        self.ends[name].eval("make(%s)" % json.dumps(configuration))
        if media:
            # Sound alone, but where picture matters: its statistics are half of what the page of calls has to draw.
            self.ends[name].eval("media(true, %s)" % json.dumps(media == "video"))

    def negotiate(self, change=lambda to, description: description, options=None, first="a"):
        """An offer and its answer."""
        second = "b" if first == "a" else "a"
        offer = self.ends[first].eval("offer(%s)" % json.dumps(options or {}))
        answer = self.ends[second].eval("answer(%s)" % json.dumps(change(second, offer)))
        self.sees[second] = True
        self.ends[first].eval("pc.setRemoteDescription(%s)" % json.dumps(change(first, answer)))
        self.sees[first] = True

    def call(self, a=None, b=None, seconds=8, media=True, **how):
        """An ordinary call for so long once it is connected; whether it came to be."""
        self.make("a", a or self.servers(), media)
        self.ends["a"].eval("window.channel = pc.createDataChannel('x'), 0")
        self.make("b", b or a or self.servers(), media)
        self.negotiate(**how)
        connected = self.pump(15, until="connected")
        self.pump(seconds)
        return connected

    def servers(self, stun=True, turn=("udp", "tcp"), password="pass", policy=None, urls=()):
        uris = ["turn:203.0.113.10:3478?transport=" + transport for transport in turn] + list(urls)
        servers = [{"urls": ["stun:203.0.113.10:3478"]}] if stun else []
        servers += [{"urls": uris, "username": "user", "credential": password}] if uris else []
        return {"iceServers": servers} | ({"iceTransportPolicy": policy} if policy else {})

    def save(self, names="ab", tag=""):
        for name in names:
            if isinstance(self.ends.get(name), Firefox):
                self.ends[name].save(self.folder, name + tag)
            elif name in self.ends:
                for button, kind in (("#dump-click-target", "internals"), ("#dump-click-target-rtcstats", "rtcstats")):
                    self.ends[name].save(button, os.path.join(self.folder, "%s%s.%s.gz" % (name, tag, kind)))


def make(name, folder):
    plan = CALLS[name]
    # Whoever ends this early ends its namespaces and browsers too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended early"))
    os.makedirs(folder, exist_ok=True)
    with Lab(plan.kinds, plan.ipv6) as lab:
        rig = Rig(lab, folder)
        if plan.coturn is not None:
            lab.coturn(*(plan.coturn(lab) if callable(plan.coturn) else plan.coturn))
        capture = lab.spawn("a", ["tcpdump", "-q", "-U", "-i", "any", "-w", os.path.join(folder, "a.pcap")],
                            stderr=subprocess.DEVNULL)
        try:
            for end in plan.ends:
                rig.start(end, **plan.browser.get(end, {}))
            rig.begin = time.monotonic()
            truth = plan.run(rig)
            if not truth.pop("is_saved", False):
                rig.save()
        finally:
            capture.terminate()
            for browser in rig.ends.values():
                browser.close()
    truth = {"call": name, "sites": dict(zip("ab", plan.kinds)), **truth}
    with open(os.path.join(folder, "truth.json"), "w") as file:
        json.dump(truth, file, indent=1)
    print(json.dumps(truth))


def main(words):
    if words == ["list"]:
        print("\n".join("%-18s %s" % (name, (plan.run.__doc__ or "").strip()) for name, plan in CALLS.items()))
    elif len(words) == 2 and words[0] in CALLS:
        make(*words)
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
