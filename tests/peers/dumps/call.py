"""A call, whatever the form it is read from: a fresh dump of webrtc-internals or of rtcstats."""

import gzip
import json


class Call:
    """One connection: its configuration, its events [(ms, name, value)] and its samples [(ms, {id: report})]."""

    def __init__(self, name, configuration, url=""):
        self.name, self.configuration, self.url = name, configuration, url
        self.events, self.samples = [], []


def unpacked(path):
    data = open(path, "rb").read()
    return gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data


def plain(value):
    """A value that may be JSON in a text."""
    if isinstance(value, str) and value[:1] in ('{', '"', '['):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def read(path):
    """The calls of a fresh dump, and what the application had asked for outside of them."""
    data = unpacked(path)
    return read_lines(data) if data.startswith(b"RTCStatsDump") else read_internals(json.loads(data))


def read_internals(dump):
    calls = []
    for name, written in dump["PeerConnections"].items():
        call = Call(name, plain(written["rtcConfiguration"]), written.get("url", ""))
        call.events = [(entry["timestamp"], entry["type"], plain(entry["value"])) for entry in written["updateLog"]]
        call.samples = samples_of(written["stats"])
        calls.append(call)
    return calls, dump.get("getUserMedia", [])


def samples_of(series):
    """Series are columns; they are put back into the reports of one time each."""
    columns = {}
    for key, written in series.items():
        if written and not key.endswith("]"):
            identity, name = key.rsplit("-", 1)
            columns.setdefault(identity, {})[name] = (json.loads(written["values"]), written)
    own = {i: c["timestamp"][0] for i, c in columns.items() if "timestamp" in c and not is_told_by_other_end(c)}
    grid = sorted({time for times in own.values() for time in times})
    places = {time: place for place, time in enumerate(grid)}
    samples = [(time, {}) for time in grid]
    for identity, written in columns.items():
        times, last = written["timestamp"]
        if identity in own:
            rows = [places[time] for time in times]
        else:
            # Such a report has the time at which it came; it was seen in the samples after that, the last one in the last.
            end = max(next((p for p, time in enumerate(grid) if time >= times[-1]), len(grid) - 1), len(times) - 1)
            rows = list(range(end - len(times) + 1, end + 1))
        for name, (values, _) in written.items():
            for row, value in zip(rows[len(rows) - len(values):], values):
                report = samples[row][1].setdefault(identity, {"id": identity, "type": last["statsType"]})
                report[name] = value
    return samples


def is_told_by_other_end(columns):
    return next(iter(columns.values()))[1]["statsType"].startswith("remote-") and "localId" in columns


def without_computed(report):
    return {name: value for name, value in report.items() if not name.startswith("[")}


def read_lines(data):
    calls, asked, now = {}, [], 0.0
    for line in data.decode().split("\n")[2:]:
        if not line.strip():
            continue
        method, name, value, *more = json.loads(line)
        now += more[-1]
        value = plain(value)
        if "MediaDevices" in method or "mediaDevices" in method:
            asked.append({"request_type": method.rsplit(".", 1)[1], "timestamp": now, "value": value})
        elif name is None:
            continue
        elif method == "create":
            calls[name] = Call(name, value, more[0] if len(more) > 1 else "")
        elif method == "getStats":
            calls[name].samples.append((now, {i: without_computed(r) for i, r in value.items() if isinstance(r, dict)}))
        elif name in calls:
            calls[name].events.append((now, method, value))
    return list(calls.values()), [entry for entry in asked if "timestamp" in entry]
