"""What did getStats() with a callback tell? (libwebrtc's statscollector.cc)"""

GOOG_KINDS = {"host": ("host", "local"), "srflx": ("serverreflexive", "stun"), "prflx": ("peerreflexive", "prflx"),
              "relay": ("relayed", "relay")}


def goog(samples):
    """The statistics that getStats() with a callback gave (libwebrtc's statscollector.cc): typed values, no text."""
    pairs = {}
    for _, reports in samples:
        # The pair that carries the call came first.
        by_rank = sorted(reports.values(), key=lambda r: not r.get("nominated"))
        for report in by_rank:
            if report["type"] == "candidate-pair":
                pairs.setdefault(report["id"], "Conn-audio-1-%d" % len(pairs))
    return [(time, {r["id"]: r for r in goog_reports(reports, pairs)}) for time, reports in samples]


def goog_candidate(report):
    kind = "localcandidate" if report["type"].startswith("local") else "remotecandidate"
    old = {"id": "Cand-" + report["id"][1:], "type": kind, "ipAddress": report.get("address", ""),
           "portNumber": report["port"], "transport": report["protocol"], "priority": report["priority"],
           "candidateType": GOOG_KINDS[report["candidateType"]][0]}
    return old | ({"networkType": "lan"} if kind.startswith("local") else {})


def goog_pair(report, reports, identity, selected):
    ends = [reports.get(report[name], {}) for name in ("localCandidateId", "remoteCandidateId")]
    address = ["%s:%s" % (end.get("address", ""), end.get("port", 0)) for end in ends]
    kinds = [GOOG_KINDS[end.get("candidateType", "host")][1] for end in ends]
    rtt = report.get("currentRoundTripTime")
    works = report["state"] == "succeeded" and report["responsesReceived"] > 0
    return {
        "id": identity, "type": "googCandidatePair", "googActiveConnection": report["id"] == selected,
        "googChannelId": "Channel-audio-1", "googLocalAddress": address[0], "googRemoteAddress": address[1],
        "googLocalCandidateType": kinds[0], "googRemoteCandidateType": kinds[1], "googTransportType": "udp",
        "googReadable": works, "googWritable": report.get("writable", works),
        "googRtt": 3000 if rtt is None else round(rtt * 1000), "localCandidateId": "Cand-" + report["localCandidateId"][1:],
        "remoteCandidateId": "Cand-" + report["remoteCandidateId"][1:],
        # All that were sent, and those before the first response.
        "requestsSent": report["requestsSent"],
        "consentRequestsSent": report["requestsSent"] - report.get("consentRequestsSent", 0),
        "requestsReceived": report["requestsReceived"], "responsesSent": report["responsesSent"],
        "responsesReceived": report["responsesReceived"], "bytesSent": report["bytesSent"],
        "bytesReceived": report["bytesReceived"], "packetsSent": report["packetsSent"], "packetsDiscardedOnSend": 0,
    }


def goog_reports(reports, pairs):
    transport = next((r for r in reports.values() if r["type"] == "transport"), {})
    selected = transport.get("selectedCandidatePairId")
    told_there = {r["localId"]: r for r in reports.values() if r["type"] == "remote-inbound-rtp"}
    yield {"id": "googLibjingleSession_1", "type": "googLibjingleSession",
           "googInitiator": transport.get("iceRole") == "controlling"}
    if transport:
        component = {"id": "Channel-audio-1", "type": "googComponent", "googComponent": 1}
        for name in ("localCertificateId", "remoteCertificateId"):
            if name in transport:
                component[name] = "googCertificate_" + transport[name][2:]
        component.update({"selectedCandidatePairId": pairs[selected]} if selected in pairs else {})
        component.update({n: transport[n] for n in ("dtlsCipher", "srtpCipher") if transport.get("dtlsState") == "connected"})
        yield component
    for report in reports.values():
        kind = report["type"]
        if kind.endswith("candidate"):
            yield goog_candidate(report)
        elif kind == "candidate-pair":
            yield goog_pair(report, reports, pairs[report["id"]], selected)
            if "availableOutgoingBitrate" in report:
                yield {"id": "bweforvideo", "type": "VideoBwe",
                       "googAvailableSendBandwidth": round(report["availableOutgoingBitrate"])}
        elif kind == "certificate":
            yield {"id": "googCertificate_" + report["id"][2:], "type": "googCertificate",
                   "googFingerprint": report["fingerprint"], "googFingerprintAlgorithm": report["fingerprintAlgorithm"]}
        elif kind == "inbound-rtp":
            yield {"id": "ssrc_%s_recv" % report["ssrc"], "type": "ssrc", "ssrc": report["ssrc"],
                   "mediaType": report["kind"], "transportId": "Channel-audio-1",
                   "packetsReceived": report["packetsReceived"], "packetsLost": report["packetsLost"],
                   "bytesReceived": report["bytesReceived"], "googCodecName": "opus" if report["kind"] == "audio" else "VP8",
                   "googJitterReceived": round(report["jitter"] * 1000)}
        elif kind == "outbound-rtp":
            there = told_there.get(report["id"], {})
            yield {"id": "ssrc_%s_send" % report["ssrc"], "type": "ssrc", "ssrc": report["ssrc"],
                   "mediaType": report["kind"], "transportId": "Channel-audio-1", "packetsSent": report["packetsSent"],
                   "bytesSent": report["bytesSent"], "googCodecName": "opus" if report["kind"] == "audio" else "VP8",
                   **({"packetsLost": there["packetsLost"], "googJitterReceived": round(there["jitter"] * 1000),
                       "googRtt": round(there.get("roundTripTime", 0) * 1000)} if there else {})}
