"""What did Chromium tell in its statistics before 2022, of what it tells today?"""

LONG_IDS = [
    ("candidate-pair", "CP", "RTCIceCandidatePair_"),
    ("local-candidate", "I", "RTCIceCandidate_"),
    ("remote-candidate", "I", "RTCIceCandidate_"),
    ("transport", "T01", "RTCTransport_0_1"),
    ("inbound-rtp", "IT01A", "RTCInboundRTPAudioStream_"),
    ("inbound-rtp", "IT01V", "RTCInboundRTPVideoStream_"),
    ("outbound-rtp", "OT01A", "RTCOutboundRTPAudioStream_"),
    ("outbound-rtp", "OT01V", "RTCOutboundRTPVideoStream_"),
    ("remote-inbound-rtp", "RIA", "RTCRemoteInboundRtpAudioStream_"),
    ("remote-inbound-rtp", "RIV", "RTCRemoteInboundRtpVideoStream_"),
    ("remote-outbound-rtp", "ROA", "RTCRemoteOutboundRTPAudioStream_"),
    ("remote-outbound-rtp", "ROV", "RTCRemoteOutboundRTPVideoStream_"),
    ("certificate", "CF", "RTCCertificate_"),
    ("data-channel", "D", "RTCDataChannel_"),
    ("peer-connection", "P", "RTCPeerConnection"),
    ("media-source", "SA", "RTCAudioSource_"),
    ("media-source", "SV", "RTCVideoSource_"),
]


def long_id(kind, identity):
    if kind == "codec":
        way = "Inbound" if identity.startswith("CIT") else "Outbound"
        return "RTCCodec_0_%s_%s" % (way, identity.split("_")[1])
    for known, short, long in LONG_IDS:
        if known == kind and identity.startswith(short):
            return long + identity[len(short):]
    return "RTC" + identity


def with_long_ids(report, kinds):
    """The report under the name that it had before 2022, and the names within it."""
    old = {}
    for name, value in report.items():
        is_id = name == "id" or name.endswith("Id") and value in kinds
        old[name] = long_id(kinds[value], value) if is_id else value
    return old


def as_before_100(report):
    """Without what browsers did not tell then; checks of consent are counted apart from the first ones."""
    old = dict(report)
    kind = old["type"]
    gone = {"vpn", "networkAdapterType", "foundation", "relatedAddress", "relatedPort", "usernameFragment", "tcpType",
            "iceRole", "iceState", "iceLocalUsernameFragment", "dtlsRole", "packetsSentWithEct1", "packetsReceivedWithEct1",
            "packetsReceivedWithCe", "active", "mid", "rid", "bytesDiscardedOnSend", "packetsDiscardedOnSend"}
    if kind.endswith("candidate"):
        old["ip"] = old.pop("address", "")
        gone |= {"url"} if kind == "remote-candidate" else set()
        old["deleted"] = False
    if kind == "candidate-pair":
        old["requestsSent"] = old.get("requestsSent", 0) - old.get("consentRequestsSent", 0)
        gone |= {"packetsSent", "packetsReceived", "lastPacketSentTimestamp", "lastPacketReceivedTimestamp"}
    if kind in ("inbound-rtp", "outbound-rtp"):
        old.update(isRemote=False, mediaType=old.get("kind"), trackId="RTCMediaStreamTrack_" + old["id"])
        gone |= {"remoteId", "freezeCount", "concealedSamples", "totalSamplesReceived"}
    if kind == "remote-inbound-rtp":
        gone |= {"fractionLost"}
    if kind == "transport":
        gone |= {"packetsSent", "packetsReceived"}
    return {name: value for name, value in old.items() if name not in gone}


def long(samples, is_before_100):
    """Samples with the long ids. What came with standard statistics only later is gone."""
    kinds = {identity: report["type"] for _, reports in samples for identity, report in reports.items()}
    unknown = {"media-playout"} | ({"remote-outbound-rtp"} if is_before_100 else set())
    old_samples = []
    for time, reports in samples:
        old = [with_long_ids(report, kinds) for report in reports.values() if report["type"] not in unknown]
        old = [as_before_100(report) for report in old] if is_before_100 else old
        old_samples.append((time, {report["id"]: report for report in old}))
    return old_samples
