"""A call as webrtc-internals saved it from 2018 to 2025."""

import datetime
import json
import re

from older_goog import goog
from older_reports import long


def configuration_text(configuration, is_2019):
    """SerializeConfiguration() until 2022; no credentials were in it, nor are they in the JSON of today."""
    servers = configuration.get("iceServers", [])
    urls = [url for server in servers for url in ([server["urls"]] if isinstance(server["urls"], str) else server["urls"])]
    return ("{ iceServers: [%s], iceTransportPolicy: %s, bundlePolicy: %s, rtcpMuxPolicy: require, "
            "iceCandidatePoolSize: 0%s }") % (
        ", ".join(urls), configuration.get("iceTransportPolicy", "all"), configuration.get("bundlePolicy", "balanced"),
        ', sdpSemantics: "unified-plan", extmapAllowMixed: true' if is_2019 else "")


def candidate_text(value, has_url):
    text = "sdpMid: %s, sdpMLineIndex: %s, candidate: %s" % (
        value.get("sdpMid"), value.get("sdpMLineIndex"), value["candidate"])
    for name in ("url", "relayProtocol"):
        text += ", %s: %s" % (name, value[name]) if has_url and value.get(name) else ""
    return text


def error_text(value):
    names = [("url", "url"), ("address", "address"), ("port", "port"), ("host_candidate", "host_candidate"),
             ("error_text", "error_text"), ("error_code", "error_code")]
    return "\n".join("%s: %s" % (old, value[new]) for old, new in names if value.get(new) is not None)


def transceiver_text(value):
    def ids(streams):
        return "[" + ",".join("'%s'" % stream for stream in streams) + "]"

    def quoted(word):
        return "null" if word is None else "'%s'" % word

    def half(part):
        return "{\n    track:%s,\n    streams:%s,\n  }" % (quoted(part["track"]), ids(part["streams"]))

    return ("Caused by: %s\n\ngetTransceivers()[%d]:{\n  mid:%s,\n  sender:%s,\n  receiver:%s,\n  stopped:false,\n"
            "  direction:%s,\n  currentDirection:%s,\n}") % (
        value["reason"], value["transceiverIndex"], quoted(value["mid"]), half(value["sender"]),
        half(value["receiver"]), quoted(value["direction"]), quoted(value["currentDirection"]))


NAMES_2019 = {
    "onsignalingstatechange": "signalingStateChange", "oniceconnectionstatechange": "iceConnectionStateChange",
    "onconnectionstatechange": "connectionStateChange", "onicegatheringstatechange": "iceGatheringStateChange",
    "onicecandidate": "onIceCandidate", "onicecandidateerror": "icecandidateerror", "close": "stop",
    "onnegotiationneeded": "onRenegotiationNeeded", "createDataChannel": "createLocalDataChannel",
    "ondatachannel": "onRemoteDataChannel",
}


def old_event(name, value, is_2019):
    """The events [(name, text)] that the browser of then logged where that of today logs this one."""
    old = NAMES_2019.get(name, name) if is_2019 else re.sub("^on", "", name)
    # A description that the browser was left to make had a name of its own, and its text only once it was made.
    is_implicit = name == "setLocalDescription" and value == "" or name == "setLocalDescriptionOnSuccess" and value
    if is_implicit and is_2019:
        old = old.replace("Description", "DescriptionImplicitCreateOfferOrAnswer")
    if name == "ontrack" or name == "addTrack":
        # Logged since 2023, by way of the transceiver until then.
        return []
    if name == "onsignalingstatechange" and is_2019:
        value = "SignalingState" + "".join(word.capitalize() for word in value.split("-")).replace("Pranswer", "PrAnswer")
    elif name in ("onicecandidate", "addIceCandidate") and isinstance(value, dict):
        value = candidate_text(value, not is_2019)
    elif name == "onicecandidateerror":
        value = error_text(value)
    elif name.startswith("transceiver"):
        value = transceiver_text(value)
    elif isinstance(value, dict) and "sdp" in value:
        value = "type: %s, sdp: %s" % (value["type"], value["sdp"])
    elif name in ("createDataChannel", "ondatachannel"):
        value = "label: %s, %s: true" % (value["label"], "reliable" if is_2019 else "ordered")
    elif name in ("createOffer", "createAnswer"):
        value = "options: {offerToReceiveVideo: -1, offerToReceiveAudio: -1, voiceActivityDetection: true, iceRestart: false}"
    elif name == "setConfiguration":
        value = configuration_text(value, is_2019)
    elif isinstance(value, (dict, list)):
        value = json.dumps(value, separators=(",", ":"))
    events = [(old, value or "")]
    if is_2019 and old == "iceConnectionStateChange":
        events.append(("legacyIceConnectionStateChange", value))
    return events


def local_time(ms, form):
    """toLocaleString() of the user's language and zone."""
    hours, pattern = {
        "internals-2022": (9, "{0.year}. {0.month}. {0.day}. {1} {2}:{0:%M:%S}"),
        "internals-2023": (1, "{0.day}.{0.month}.{0.year}, {0:%H:%M:%S}"),
    }.get(form, (-8, "{0.month}/{0.day}/{0.year}, {2}:{0:%M:%S} {3}"))
    zone = datetime.timezone(datetime.timedelta(hours=hours))
    time = datetime.datetime.fromtimestamp(ms / 1000, zone)
    is_late = time.hour >= 12
    return pattern.format(time, "오후" if is_late else "오전", (time.hour - 1) % 12 + 1, "PM" if is_late else "AM")


def iso(ms):
    time = datetime.datetime.fromtimestamp(ms / 1000, datetime.timezone.utc)
    return time.strftime("%Y-%m-%dT%H:%M:%S.") + "%03dZ" % (time.microsecond // 1000)


# What is no number for the graphs of the callback statistics.
NO_NUMBERS = {"ssrc", "googTrackId", "googComponent", "googLocalAddress", "googRemoteAddress", "googFingerprint"}


def as_graph_value(name, value, form):
    """A value as it was kept for graphs; the browser of 2018 took for a number what begins as one."""
    if not form.startswith("goog"):
        return value
    if name in NO_NUMBERS:
        return str(value)
    begins_as_number = re.match(r"\d+(\.\d+)?", value) if isinstance(value, str) else None
    if form == "goog-2018" and begins_as_number:
        return float(begins_as_number[0])
    return value


def series_of(samples, form):
    """Columns again, by the rules of data_series.js: the last thousand points, and the times of the first and last."""
    has_kinds = form not in ("internals-2019", "goog", "goog-2018")
    has_times = form in ("internals-2023", "internals-2025")
    columns = {}
    for time, reports in samples:
        for identity, report in reports.items():
            at = report.get("timestamp", time)
            for name, value in report.items():
                if name == "id" or name == "type" and not has_times or name == "timestamp" and not has_times:
                    continue
                points = columns.setdefault((identity, name), (report["type"], []))[1]
                points.append((at, as_graph_value(name, value, form)))
    series = {}
    for (identity, name), (kind, points) in columns.items():
        points = points[-1000:]
        written = {"startTime": iso(points[0][0]), "endTime": iso(points[-1][0])}
        written.update({"statsType": kind} if has_kinds else {})
        series["%s-%s" % (identity, name)] = written | {"values": json.dumps([v for _, v in points], separators=(",", ":"))}
    return series


OLD_AGENT = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{} Safari/537.36"
AGENTS = {"internals-2019": "83.0.4103.61", "internals-2022": "103.0.5060.53", "internals-2023": "118.0.0.0",
          "internals-2025": "142.0.0.0", "goog": "83.0.4103.61", "goog-2018": "69.0.3497.100"}


def write_internals(calls, asked, form):
    is_2019 = form in ("internals-2019", "goog", "goog-2018")
    connections = {}
    for call in calls:
        samples = goog(call.samples) if form.startswith("goog") else (
            call.samples if form in ("internals-2023", "internals-2025") else long(call.samples, is_2019))
        log = []
        for ms, name, value in call.events:
            if form == "internals-2025":
                text = value if value == "" else json.dumps(value, separators=(",", ":"))
                log.append({"time": local_time(ms, form), "type": re.sub("^on", "", name), "value": text, "timestamp": ms})
                continue
            log += [{"time": local_time(ms, form), "type": old, "value": text} for old, text in old_event(name, value, is_2019)]
        has_json = form in ("internals-2023", "internals-2025")
        configuration = json.dumps(call.configuration) if has_json else configuration_text(call.configuration, is_2019)
        connections[call.name] = {
            "pid": 9001, "constraints": "", "rtcConfiguration": configuration, "stats": series_of(samples, form),
            "updateLog": log, "url": call.url,
        }
    requests = [{"rid": 8, "pid": 9001, "origin": "https://call.example/", "audio": "", "video": ""}] if asked else []
    dump = {"getUserMedia": requests, "PeerConnections": connections}
    # The page did not name the browser before 2018.
    dump.update({"UserAgent": OLD_AGENT.format(AGENTS[form])} if form != "goog-2018" else {})
    return json.dumps(dump, indent=1, ensure_ascii=False)
