"""A call as the clients of jitsi write it: absolute times, no addresses, and of statistics only what changed."""

import json
import re

from older_goog import goog
from older_internals import OLD_AGENT
from page_events import redacted, timeline


def changes(before, reports, now):
    """What changed since the last time, in the way of getstats-deltacompression.js: a time of 0 is that of all."""
    coded = {}
    for identity, report in reports.items():
        known = before.get(identity, {})
        times = {} if report.get("timestamp") is None else {"timestamp": report["timestamp"]}
        is_of_all = abs(times.get("timestamp", now) - now) < 5
        changed = {name: value for name, value in report.items()
                   if name not in ("id", "timestamp") and (name not in known or known[name] != value)}
        coded[identity] = {"timestamp": 0 if is_of_all else times["timestamp"], **changed}
    before.update({identity: {**before.get(identity, {}), **report} for identity, report in reports.items()})
    return coded | {"timestamp": now}


def as_text(value):
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


def hidden(address):
    """No address is left, a port is."""
    return re.sub(r"^[^:]+", "x.x.x.x", address) if ":" in address and "." in address else "x.x.x.x"


def write_jitsi(calls, form):
    is_goog = form == "jitsi-goog"
    entries = []
    agent = OLD_AGENT.format("86.0.4240.193" if is_goog else "116.0.0.0")
    for place, call in enumerate(calls):
        name = "PC_%d" % place
        if is_goog:
            call.samples = goog(call.samples)
        begin = min([ms for ms, *_ in call.events[:1]] or [0])
        urls = [{"urls": u, "username": "1605285645"} if u.startswith("turn") else {"urls": u}
                for server in call.configuration.get("iceServers", [])
                for u in ([server["urls"]] if isinstance(server["urls"], str) else server["urls"])]
        policy = {"iceTransportPolicy": "relay"} if call.configuration.get("iceTransportPolicy") == "relay" else {}
        # The line of its making comes behind the first event: the order of lines is not that of time.
        entries.append((begin, "create", name, {"iceServers": urls, **policy, "bundlePolicy": "max-bundle"}))
        before = {}
        for ms, method, value in timeline(call):
            value = redacted(method, value, hidden)
            if method == "getStats":
                now = max((r["timestamp"] for r in value.values() if not r["type"].startswith("remote-")
                           and "timestamp" in r), default=ms)
                if is_goog:
                    value = {i: {k: v if k == "type" else as_text(v) for k, v in r.items()} for i, r in value.items()}
                method, value = "getstats", changes(before, value, now)
            entries.append((ms, method, name, value))
    entries.sort(key=lambda entry: entry[0])
    begin = entries[0][0] if entries else 0
    if not is_goog:
        info = {"path": "/room", "origin": "https://meet.example", "url": "https://meet.example/room", "userAgent": agent,
                "clientProtocol": "3.1_STANDARD", "statsFormat": "chrome_standard"}
        entries.insert(0, (begin + 40, "connectionInfo", None, info))
    if len(entries) > 4:
        entries[2], entries[3] = entries[3], entries[2]
    lines = []
    for place, (ms, method, name, value) in enumerate(entries):
        number = [place] if form == "jitsi-3.1" and place else []
        lines.append(json.dumps([method, name, value, round(ms), *number], separators=(",", ":"), ensure_ascii=False))
    return "\n".join(lines) + "\n"
