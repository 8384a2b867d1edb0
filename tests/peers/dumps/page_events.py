"""The events of a call as a page hears them, and what a server takes out of them before it saves them."""

import re


def page_event(name, value):
    """The event as a page hears it, which is how rtcstats-js writes it; None for those that only the browser tells of."""
    if name.startswith("transceiver"):
        return None
    if name in ("ontrack", "addTrack") and isinstance(value, dict):
        return name, [value["kind"], value["id"], value.get("label", "")] + value.get("streams", [])
    if name == "createDataChannel" and isinstance(value, dict):
        return name, [value["label"], {"ordered": True}]
    if name == "onicecandidateerror":
        renamed = {"host_candidate": "hostCandidate", "error_code": "errorCode", "error_text": "errorText"}
        return name, {renamed.get(key, key): part for key, part in value.items()}
    if name == "addIceCandidateFailed":
        return "addIceCandidateOnFailure", value
    return name, None if value == "" else value


def timeline(call):
    """Events and samples in the order of time; the last candidate is followed by an empty one, as pages hear it."""
    entries = []
    for ms, name, value in call.events:
        event = page_event(name, value)
        if event:
            entries.append((ms, *event))
            if event == ("onicegatheringstatechange", "complete"):
                entries.append((ms, "onicecandidate", None))
            if event[0] == "addIceCandidate":
                entries.append((ms, "addIceCandidateOnSuccess", None))
    entries += [(ms, "getStats", reports) for ms, reports in call.samples]
    return sorted(entries, key=lambda entry: entry[0])


def shortened(text):
    """An address as rtcstats-server shortens it: one part of IPv4, most of IPv6."""
    text = re.sub(r"\b(\d+\.\d+\.\d+)\.\d+\b", r"\1.x", text)
    return re.sub(r"\b([0-9a-f]{1,4}:[0-9a-f]{1,4}:[0-9a-f]{0,4}):[0-9a-f:]+", r"\1x:x:x:x:x:x", text)


def shortened_line(line, by):
    """A candidate with its addresses shortened; those of relays are the server's own and stay."""
    words = line.split(" ")
    if len(words) > 7 and words[7] != "relay":
        words[4] = by(words[4])
    if "raddr" in words[:-1]:
        place = words.index("raddr") + 1
        words[place] = by(words[place])
    return " ".join(words)


def shortened_sdp(sdp, by):
    lines = []
    for line in sdp.split("\r\n"):
        if line.startswith("a=candidate:"):
            line = shortened_line(line, by)
        elif line.startswith("a=rtcp:"):
            line = "a=rtcp:9 IN IP4 0.0.0.0"
        elif line.startswith("c=IN IP4 "):
            line = "c=IN IP4 0.0.0.0"
        lines.append(line)
    return "\r\n".join(lines)


def redacted(method, value, by):
    if method == "getStats":
        kept = {}
        for identity, report in value.items():
            report = dict(report)
            if report["type"].endswith("candidate"):
                for name in ("address", "ip", "relatedAddress", "ipAddress"):
                    if report.get(name) and (by is not shortened or report.get("candidateType") != "relay"):
                        report[name] = by(str(report[name]))
            for name in ("googLocalAddress", "googRemoteAddress"):
                if name in report:
                    report[name] = by(str(report[name]))
            kept[identity] = report
        return kept
    if isinstance(value, dict) and "sdp" in value:
        return value | {"sdp": shortened_sdp(value["sdp"], by)}
    if isinstance(value, dict) and value.get("candidate"):
        return value | {"candidate": shortened_line(value["candidate"], by)}
    if method == "onicecandidateerror":
        return {key: by(part) if key in ("address", "hostCandidate") and part else part for key, part in value.items()}
    return value
