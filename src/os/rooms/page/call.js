// The call: an RTCPeerConnection with a drawn picture and a made tone, and what its statistics say.

/** Between two looks at the statistics: a pause in the media that a listener notices is seen in one of them. */
const LOOK_MS = 100;
/** What the picture is to take, as the other end's does. */
const VIDEO_BPS = 1_500_000;
/** Who has no pair that long after ICE failed tells so; the other end may still restart it. */
const FAILED_GRACE_MS = 6000;

/** A picture that never stands still, so that it takes bandwidth, and a quiet tone. No camera, no microphone. */
class Source {
    constructor() {
        const canvas = Object.assign(document.createElement("canvas"), { width: 640, height: 360 });
        const pen = canvas.getContext("2d");
        let frame = 0;
        const draw = () => {
            frame += 1;
            for (let x = 0; x < 640; x += 40) {
                for (let y = 0; y < 360; y += 40) {
                    pen.fillStyle = `hsl(${(x * y + frame * 7) % 360} 60% ${30 + ((x + y + frame * 3) % 40)}%)`;
                    pen.fillRect(x, y, 40, 40);
                }
            }
        };
        draw();
        this.timer = setInterval(draw, 50);
        this.video = canvas.captureStream(20).getVideoTracks()[0];
        this.audio = this.tone();
    }

    tone() {
        try {
            this.context = new AudioContext();
            const [oscillator, volume] = [this.context.createOscillator(), this.context.createGain()];
            const out = this.context.createMediaStreamDestination();
            volume.gain.value = 0.05;
            oscillator.connect(volume).connect(out);
            oscillator.start();
            this.context.resume().catch(() => {});
            return out.stream.getAudioTracks()[0];
        } catch {
            return undefined;
        }
    }

    stop() {
        clearInterval(this.timer);
        this.video.stop();
        this.audio?.stop();
        this.context?.close().catch(() => {});
    }
}

/** An answer or offer of an end that makes checks only has no certificate: then any fingerprint stands for it. */
function withFingerprint(sdp) {
    if (/^a=fingerprint:/m.test(sdp)) return sdp;
    const none = `a=fingerprint:sha-256 ${Array(32).fill("00").join(":")}\r\n`;
    return sdp.replace(/^(a=ice-pwd:.*\r?\n)/m, `$1${none}`);
}

/**
 * An end that makes checks only answers with one section, whatever was offered. A browser wants one for each (RFC 3264
 * §6): its own, without media, and with the ICE lines of the answer.
 */
function fitted(answer, offer) {
    const sections = (sdp) => sdp.split(/^(?=m=)/m);
    if (!offer || sections(answer).length >= sections(offer).length) return answer;
    const lines = (sdp, pattern) => sdp.split("\r\n").filter((line) => pattern.test(line));
    const theirs = lines(answer, /^a=(ice-(?!lite)|fingerprint:|candidate:|end-of-candidates)/);
    const [session, ...offered] = sections(offer);
    const own = /^a=(ice-|fingerprint:|setup:|candidate:|end-of-candidates|ssrc|msid|rid:|simulcast|sendrecv|sendonly|recvonly)/;
    const answered = offered.map((section) => [...lines(section, /./).filter((line) => !own.test(line)), ...theirs, "a=setup:active", "a=inactive"]);
    return [...lines(session, /./), ...lines(answer, /^a=ice-lite/), ...answered.flat(), ""].join("\r\n");
}

class Call {
    /** `offers`: this end was first. `tells` has say(kind, members), state(word), failed(). */
    constructor({ offers, iceServers, relayOnly, story, tells }) {
        Object.assign(this, { offers, story, tells });
        this.source = new Source();
        this.early = [];
        this.shown = { ours: [], theirs: [] };
        this.pairs = new Map();
        this.connected = false;
        this.over = false;
        this.began = performance.now();
        this.reached = new Set();
        this.traffic = new Traffic((stage) => this.reach(stage));
        const connection = new RTCPeerConnection({
            iceServers,
            iceTransportPolicy: relayOnly ? "relay" : "all",
            bundlePolicy: "max-bundle",
        });
        this.connection = connection;
        connection.onicecandidate = ({ candidate }) => this.found(candidate);
        connection.onicecandidateerror = (event) => story.candidateError(event);
        connection.oniceconnectionstatechange = () => this.changed(connection.iceConnectionState);
        connection.onicegatheringstatechange = () => connection.iceGatheringState === "complete" && this.reach("gathered");
        connection.onconnectionstatechange = () => this.secured(connection.connectionState);
        connection.ondatachannel = ({ channel }) => this.traffic.take(channel);
        connection.ontrack = ({ track }) => track.addEventListener("unmute", () => this.reach("first-media"));
        this.look();
    }

    tracks() {
        const stream = new MediaStream();
        for (const track of [this.source.audio, this.source.video]) {
            if (track) this.connection.addTrack(track, stream);
        }
        for (const sender of this.connection.getSenders().filter(({ track }) => track?.kind === "video")) {
            const parameters = sender.getParameters();
            for (const encoding of parameters.encodings ?? []) encoding.maxBitrate = VIDEO_BPS;
            sender.setParameters(parameters).catch(() => {});
        }
    }

    async offer() {
        this.tracks();
        this.traffic.take(this.connection.createDataChannel("reliable"));
        this.traffic.take(this.connection.createDataChannel("unreliable", { ordered: false, maxRetransmits: 0 }));
        await this.connection.setLocalDescription(await this.connection.createOffer());
        this.tells.say("offer", { sdp: this.connection.localDescription.sdp });
    }

    async take(type, sdp) {
        const first = !this.described;
        if (first) {
            this.described = performance.now();
            this.story.note("checks", { kind: "described", role: this.offers ? "controlling" : "controlled", lite: /^a=ice-lite/m.test(sdp) });
        }
        if (!/^a=fingerprint:/m.test(sdp) && !this.isDeclined) {
            this.isDeclined = true;
            this.story.note("call", { kind: "skipped", why: "peer-makes-no-call" });
        }
        this.reach("checks-started");
        const offered = type === "answer" ? this.connection.localDescription.sdp : undefined;
        await this.connection.setRemoteDescription({ type, sdp: fitted(withFingerprint(sdp), offered) });
        for (const line of sdp.split(/\r?\n/).filter((line) => line.startsWith("a=candidate:"))) this.heardOf(line);
        if (type === "offer") {
            if (first) this.tracks();
            await this.connection.setLocalDescription(await this.connection.createAnswer());
            this.tells.say("answer", { sdp: this.connection.localDescription.sdp });
        }
        for (const candidate of this.early.splice(0)) await this.add(candidate);
    }

    heardOf(line) {
        const parts = parseCandidate(line);
        if (!parts) return;
        this.shown.theirs.push(parts);
        this.story.note("checks", { kind: "remote-candidate", ...pairEnd(parts) });
    }

    async add(candidate) {
        if (!this.connection.remoteDescription) {
            this.early.push(candidate);
            return;
        }
        if (candidate.candidate) this.heardOf(candidate.candidate);
        // One that the browser does not take is the browser's to leave out: it is among no pair then.
        await this.connection.addIceCandidate({ sdpMLineIndex: 0, ...candidate }).catch(() => {});
    }

    found(candidate) {
        if (candidate?.candidate) {
            const parts = this.story.candidate(candidate);
            if (parts) this.shown.ours.push(parts);
            this.tells.say("candidate", { candidate: candidate.candidate, sdpMid: candidate.sdpMid, usernameFragment: candidate.usernameFragment });
            this.tells.state("found");
        } else if (candidate === null) {
            const usernameFragment = /^a=ice-ufrag:(\S+)/m.exec(this.connection.localDescription?.sdp ?? "")?.[1];
            this.tells.say("end-of-candidates", { usernameFragment });
        }
    }

    changed(state) {
        clearTimeout(this.failing);
        if ((state === "connected" || state === "completed") && !this.connected) {
            this.connected = true;
            this.connectedAfterMs = performance.now() - this.described;
            this.reach("connected");
            this.measure().catch(() => {});
        } else if (state === "failed") {
            this.failing = setTimeout(() => this.tells.failed(), FAILED_GRACE_MS);
        }
        if (["disconnected", "failed"].includes(state) && this.selected) {
            const { local, remote } = this.selected;
            this.story.note("checks", { kind: "consent-lost", local, remote, after_ms: performance.now() - this.described });
        }
        this.tells.state(`ice-${state}`);
    }

    /** DTLS is done, or failed. */
    secured(state) {
        if (state === "connected") {
            this.reach("dtls");
            this.traffic.begin();
        } else if (state === "failed" && this.connected && !this.traffic.began && !this.isDeclined) {
            this.story.note("call", { kind: "call-broken", broken: "dtls-failed", detail: "the browser's DTLS transport failed" });
        }
        this.tells.state(state);
    }

    /** How far the call has come, the first time. */
    reach(stage) {
        if (this.reached.has(stage) || this.isDeclined) return;
        this.reached.add(stage);
        this.story.note("call", { kind: "call-reached", stage, after_ms: performance.now() - this.began });
    }

    async look() {
        while (!this.over) {
            await pause(LOOK_MS);
            if (!this.over) await this.measure().catch(() => {});
        }
    }

    /** One look at the statistics: round trips of each pair, and which is selected. */
    async measure() {
        const report = await this.connection.getStats();
        const all = [...report.values()];
        this.traffic.look(all);
        const selectedId = all.find(({ type, selectedCandidatePairId }) => type === "transport" && selectedCandidatePairId)?.selectedCandidatePairId;
        for (const stats of all.filter(({ type }) => type === "candidate-pair")) {
            const [near, far] = [report.get(stats.localCandidateId), report.get(stats.remoteCandidateId)];
            if (!near || !far) continue;
            const [local, remote] = [this.end(near, this.shown.ours), this.end(far, this.shown.theirs)];
            // A pair that was peer-reflexive first becomes another when its candidate is told: it is one.
            const key = `${near.protocol} ${near.address ?? ""} ${local.port} ${remote.port}`;
            const pair = this.pairs.get(key) ?? { rtts: [], received: 0 };
            this.pairs.set(key, Object.assign(pair, { nearId: stats.localCandidateId, local, remote, state: stats.state }));
            pair.sent = (stats.requestsSent ?? 0) + (stats.consentRequestsSent ?? 0);
            const received = stats.responsesReceived ?? 0;
            if (received !== pair.received && stats.currentRoundTripTime > 0) pair.rtts.push(stats.currentRoundTripTime * 1000);
            pair.received = received;
            if ((stats.id === selectedId || stats.selected === true) && this.connected && this.selected !== pair) {
                const after_ms = this.selected ? performance.now() - this.described : this.connectedAfterMs;
                this.selected = pair;
                this.story.note("checks", { kind: "nominated", local, remote, role: this.role(all), after_ms });
            }
        }
    }

    role(all) {
        const said = all.find(({ type, iceRole }) => type === "transport" && iceRole)?.iceRole;
        return ["controlling", "controlled"].includes(said) ? said : this.offers ? "controlling" : "controlled";
    }

    /** A candidate of the statistics. What they hide is taken from what was said of the same one. */
    end({ candidateType, protocol, address, port, tcpType, relayProtocol, url }, shown) {
        const known = shown.find((parts) => parts.port === port && parts.protocol === protocol);
        return pairEnd({ type: candidateType, protocol, address: address || known?.address, port, tcptype: tcpType, relayProtocol, url });
    }

    rtt() {
        const samples = this.traffic.rtts.length > 0 ? this.traffic.rtts : (this.selected?.rtts ?? []);
        return roundTrips(samples)?.median;
    }

    /** What became of each pair. */
    judge() {
        const all = [...this.pairs.values()];
        const states = { succeeded: "succeeded", failed: "failed" };
        for (const pair of all) {
            const { nearId, local, remote, state, sent, received, rtts } = pair;
            const nominated = pair === this.selected;
            const fact = { kind: "checked", local, remote, state: states[state] ?? (received > 0 ? "succeeded" : "not-checked"), rtt_ms: null, sent, received, nominated };
            const others = all.filter((other) => other.nearId === nearId && other !== pair);
            const sum = (member) => others.reduce((total, other) => total + other[member], 0);
            if (fact.state === "failed") fact.failure = { why: "silent", control: { sent: sum("sent"), heard: sum("received") } };
            if (fact.state === "not-checked") fact.failure = { why: "no-time" };
            fact.rtt_ms = roundTrips(rtts);
            this.story.note("checks", fact);
        }
    }

    /** The last look, and the judgement. */
    async finish() {
        if (this.over) return;
        await this.measure().catch(() => {});
        this.over = true;
        clearTimeout(this.failing);
        this.judge();
        const called = this.isDeclined ? undefined : this.traffic.fact();
        if (called) this.story.note("call", called);
    }

    close() {
        this.over = true;
        this.traffic.stop();
        this.source.stop();
        this.connection.close();
    }
}
