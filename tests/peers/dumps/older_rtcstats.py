"""A call as rtcstats-js writes it: numbered names, and of statistics only what changed."""

import json
import re

from older_internals import OLD_AGENT
from page_events import redacted, shortened, timeline

METHODS = {
    "getStats": "g", "createOffer": 2, "createOfferOnSuccess": 3, "createAnswer": 4, "createAnswerOnSuccess": 5,
    "setLocalDescription": 6, "setLocalDescriptionOnSuccess": 7, "setRemoteDescription": 8,
    "setRemoteDescriptionOnSuccess": 9, "addIceCandidate": 10, "addIceCandidateOnSuccess": 11, "createOfferOnFailure": 12,
    "createAnswerOnFailure": 13, "setLocalDescriptionOnFailure": 14, "setRemoteDescriptionOnFailure": 15,
    "addIceCandidateOnFailure": 16, "onicecandidate": 20, "onicecandidateerror": 21, "ontrack": 22,
    "onsignalingstatechange": 23, "oniceconnectionstatechange": 24, "onconnectionstatechange": 25,
    "onicegatheringstatechange": 26, "onnegotiationneeded": 27, "ondatachannel": 28, "addTrack": 30, "createDataChannel": 35,
    "close": 36, "restartIce": 37, "setConfiguration": 38, "create": 39,
}

KINDS = ["inbound-rtp", "outbound-rtp", "remote-inbound-rtp", "remote-outbound-rtp", "transport", "candidate-pair",
         "local-candidate", "remote-candidate", "data-channel", "peer-connection", "certificate", "media-source",
         "media-playout", "codec"]

# By number; what is no longer given is skipped.
PROPERTIES = dict(enumerate(
    "payloadType transportId mimeType clockRate channels sdpFmtpLine ssrc kind codecId - packetsReceived packetsLost jitter "
    "trackIdentifier mid remoteId framesDecoded keyFramesDecoded framesDropped frameWidth frameHeight framesPerSecond qpSum "
    "totalDecodeTime totalInterFrameDelay totalSquaredInterFrameDelay pauseCount totalPausesDuration freezeCount "
    "totalFreezesDuration lastPacketReceivedTimestamp headerBytesReceived packetsDiscarded fecPacketsReceived "
    "fecPacketsDiscarded fecBytesReceived fecSsrc bytesReceived nackCount firCount pliCount totalProcessingDelay "
    "estimatedPlayoutTimestamp jitterBufferDelay jitterBufferTargetDelay jitterBufferEmittedCount jitterBufferMinimumDelay "
    "totalSamplesReceived concealedSamples silentConcealedSamples concealmentEvents insertedSamplesForDeceleration "
    "removedSamplesForAcceleration audioLevel totalAudioEnergy totalSamplesDuration framesReceived decoderImplementation "
    "playoutId powerEfficientDecoder framesAssembledFromMultiplePackets totalAssemblyTime contentType googTimingFrameInfo "
    "retransmittedPacketsReceived retransmittedBytesReceived rtxSsrc totalCorruptionProbability "
    "totalSquaredCorruptionProbability corruptionMeasurements localId roundTripTime totalRoundTripTime fractionLost "
    "roundTripTimeMeasurements packetsSent bytesSent mediaSourceId rid encodingIndex headerBytesSent retransmittedPacketsSent "
    "retransmittedBytesSent targetBitrate totalEncodedBytesTarget framesSent hugeFramesSent framesEncoded keyFramesEncoded "
    "totalEncodeTime totalPacketSendDelay qualityLimitationReason qualityLimitationDurations "
    "qualityLimitationResolutionChanges encoderImplementation powerEfficientEncoder active scalabilityMode remoteTimestamp "
    "reportsSent echoReturnLoss echoReturnLossEnhancement width height frames synthesizedSamplesDuration "
    "synthesizedSamplesEvents totalPlayoutDelay totalSamplesCount dataChannelsOpened dataChannelsClosed label protocol "
    "dataChannelIdentifier state messagesSent messagesReceived iceRole iceLocalUsernameFragment dtlsState iceState "
    "selectedCandidatePairId localCertificateId remoteCertificateId tlsVersion dtlsCipher dtlsRole srtpCipher "
    "selectedCandidatePairChanges rtcpTransportStatsId address port candidateType priority url relayProtocol foundation "
    "relatedAddress relatedPort usernameFragment tcpType networkType - - localCandidateId remoteCandidateId nominated "
    "lastPacketSentTimestamp currentRoundTripTime availableOutgoingBitrate availableIncomingBitrate requestsReceived "
    "requestsSent responsesReceived responsesSent consentRequestsSent packetsDiscardedOnSend bytesDiscardedOnSend - "
    "fingerprint fingerprintAlgorithm base64Certificate issuerCertificateId".split(), start=4))
NUMBERS = {name: number for number, name in PROPERTIES.items() if name != "-"}


class Coder:
    """What rtcstats-js remembers of one connection to write only what is new (statsCompression)."""

    def __init__(self):
        self.before, self.ids = {}, {}

    def code(self, reports):
        delta = {}
        for identity, report in reports.items():
            known = self.before.get(identity, {})
            delta[identity] = {}
            for name, value in report.items():
                if name == "id" or value == known.get(name) and name in known:
                    continue
                if isinstance(value, dict) and isinstance(known.get(name), dict):
                    value = {key: part for key, part in value.items() if known[name].get(key) != part}
                delta[identity][name] = value
        latest = max((report["timestamp"] for report in delta.values() if "timestamp" in report), default=None)
        gone = [identity for identity in self.before if identity in self.ids and identity not in reports]
        self.before = json.loads(json.dumps(reports))
        for report in delta.values():
            if report.get("timestamp") == latest:
                report.pop("timestamp", None)
        for identity in [i for i, report in delta.items() if not report or report.get("type") == "certificate"]:
            del delta[identity]
        coded = {}
        for identity in delta:
            self.ids.setdefault(identity, str(len(self.ids)))
        for identity, report in delta.items():
            written = coded.setdefault(self.ids[identity], {})
            for name, value in report.items():
                if name in ("isRemote", "ip", "mediaType", "writable", "localCertificateId", "remoteCertificateId"):
                    continue
                if name.endswith("Id"):
                    if value not in self.ids:
                        continue
                    value = self.ids[value]
                if name == "type":
                    written["type"] = KINDS.index(value) + 1 if value in KINDS else value
                else:
                    written["t" if name == "timestamp" else str(NUMBERS.get(name, name))] = value
        if latest is not None:
            coded["t"] = latest
        coded.update({self.ids[identity]: None for identity in gone})
        return coded


def sections(sdp):
    return [(part if place == 0 else "m=" + part).strip() for place, part in enumerate(sdp.split("\nm="))]


def what_differs(base, new):
    """A description of which the sections that are as created are only named (descriptionCompression)."""
    if not base or base["type"] != new["type"]:
        return new
    old = sections(base["sdp"])
    parts = [("v=" if place == 0 else "m=") if place < len(old) and section == old[place] else section
             for place, section in enumerate(sections(new["sdp"]))]
    return {"type": new["type"], "sdp": "\r\n".join(parts) + "\r\n"}


def write_rtcstats(calls, form):
    is_saved_by_server = form == "rtcstats-server"
    head = {"fileFormat": 3}
    if is_saved_by_server:
        head |= {"url": "https://call.example/room", "origin": "https://call.example", "remoteAddresses": ["192.0.2.x"],
                 "userAgent": OLD_AGENT.format("130.0.0.0")}
    entries, coders = [], {}
    for place, call in enumerate(calls):
        name = "PC_%d" % place
        coders[name] = Coder()
        begin = min([ms for ms, *_ in call.events[:1]] + [ms for ms, _ in call.samples[:1]] or [0])
        entries.append((begin - 1, "create", name, call.configuration))
        entries += [(ms, method, name, value) for ms, method, value in timeline(call)]
    entries.sort(key=lambda entry: entry[0])
    lines, before, created, counters = ["RTCStatsDump", json.dumps(head, separators=(",", ":"))], 0, {}, {}
    for ms, method, name, value in entries:
        if is_saved_by_server:
            value = redacted(method, value, shortened)
        extras = []
        if method == "getStats":
            value = coders[name].code(value)
        elif method in ("createOfferOnSuccess", "createAnswerOnSuccess"):
            created[name] = value
        elif method == "setLocalDescription" and value:
            value = what_differs(created.get(name), value)
        call = re.sub("On(Success|Failure)$", "", method)
        if call in ("createOffer", "createAnswer", "setLocalDescription", "setRemoteDescription", "addIceCandidate"):
            counters[call] = counters.get(call, 0) + (call == method)
            extras = [counters[call]]
        ms = round(ms)
        lines.append(json.dumps([METHODS.get(method, method), name, value, *extras, ms - before],
                                separators=(",", ":"), ensure_ascii=False))
        before = ms
    if is_saved_by_server:
        lines.append(json.dumps(["close", None, 1001, "", 12], separators=(",", ":")))
    return "\n".join(lines)
