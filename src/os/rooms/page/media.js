// What passes in the call, as model::call::Traffic has it: from the statistics, and by numbered messages that are sent
// back (src/peer/source.rs).

const MESSAGE_MS = 100;
const MESSAGE_BYTES = 64;
/** A pause that a listener notices. */
const STALL_MS = 200;
const ROUND_TRIPS_MAX = 10000;
const SECONDS_MAX = 3600;

const [ASKS, ECHOES] = ["p".charCodeAt(0), "q".charCodeAt(0)];

/** As model::RoundTrips; null of none. */
function roundTrips(samples) {
    if (samples.length === 0) return null;
    const sorted = [...samples].sort((a, b) => a - b);
    return { min: sorted[0], median: sorted[Math.floor(sorted.length / 2)], max: sorted.at(-1) };
}

class Lane {
    constructor() {
        Object.assign(this, { opened: false, sent: 0, received: 0, echoed: 0, rtts: [] });
    }

    flow() {
        const { opened, sent, received, echoed, rtts } = this;
        return { opened, sent, received, echoed, rtt_ms: roundTrips(rtts) };
    }
}

class Traffic {
    /** `reached(stage)` is told of the first channel and the first media. */
    constructor(reached) {
        this.reached = reached;
        this.lanes = { reliable: new Lane(), unreliable: new Lane() };
        this.channels = [];
        this.number = 0;
        this.rtts = [];
        this.series = [];
        this.media = { audio: {}, video: {} };
        this.pauses = { audio: { count: 0, longest: 0 }, video: { count: 0, longest: 0 } };
        this.secondRtt = null;
        this.before = { received: 0, lost: 0, sentBytes: 0, receivedBytes: 0 };
    }

    /** The pair is secured: measuring begins. */
    begin() {
        this.began ??= performance.now();
        this.timer ??= setInterval(() => this.ask(), MESSAGE_MS);
    }

    stop() {
        clearInterval(this.timer);
        this.ended ??= performance.now();
    }

    /** A data channel, of ours or of the other end's. */
    take(channel) {
        channel.binaryType = "arraybuffer";
        const isWhole = channel.maxRetransmits === null && channel.maxPacketLifeTime === null;
        const lane = this.lanes[isWhole ? "reliable" : "unreliable"];
        channel.onopen = () => {
            lane.opened = true;
            this.channels.push({ channel, lane });
            this.reached("channel-open");
        };
        if (channel.readyState === "open") channel.onopen();
        channel.onmessage = ({ data }) => this.hear(channel, lane, data);
    }

    ask() {
        this.number += 1;
        const message = new Uint8Array(MESSAGE_BYTES).fill(".".charCodeAt(0));
        const view = new DataView(message.buffer);
        view.setUint8(0, ASKS);
        view.setUint32(1, this.number);
        view.setBigUint64(5, BigInt(Math.round((performance.now() - this.began) * 1000)));
        for (const { channel, lane } of this.channels.filter(({ channel }) => channel.readyState === "open")) {
            channel.send(message);
            lane.sent += 1;
        }
    }

    hear(channel, lane, data) {
        if (!(data instanceof ArrayBuffer) || data.byteLength < 13) return;
        const view = new DataView(data);
        if (view.getUint8(0) === ASKS) {
            lane.received += 1;
            const echo = new Uint8Array(data.slice(0, MESSAGE_BYTES));
            echo[0] = ECHOES;
            if (channel.readyState === "open") channel.send(echo);
        } else if (view.getUint8(0) === ECHOES && view.getUint32(1) <= this.number) {
            const rtt = performance.now() - this.began - Number(view.getBigUint64(5)) / 1000;
            if (!(rtt >= 0) || lane.rtts.length >= ROUND_TRIPS_MAX) return;
            lane.echoed += 1;
            lane.rtts.push(rtt);
            if (lane === this.lanes.unreliable) {
                this.rtts.push(rtt);
                this.secondRtt = rtt;
            }
        }
    }

    /** One look at the statistics. */
    look(all) {
        for (const kind of ["audio", "video"]) {
            const of = (type) => all.find((stats) => stats.type === type && stats.kind === kind);
            const [incoming, outgoing, there] = [of("inbound-rtp"), of("outbound-rtp"), of("remote-inbound-rtp")];
            this.media[kind] = { incoming, outgoing, there };
            if (incoming?.packetsReceived > 0) this.reached("first-media");
            this.pause(this.pauses[kind], incoming);
        }
        const transport = all.find(({ type }) => type === "transport");
        this.version = transport?.tlsVersion ?? this.version;
        const pair = all.find(({ id }) => id === transport?.selectedCandidatePairId);
        this.estimate = pair?.availableOutgoingBitrate ?? this.estimate;
        if (this.began && performance.now() - this.began >= (this.series.length + 1) * 1000) this.second();
    }

    /** How long nothing has come by now: no longer than in truth, since between two looks more may have passed. */
    pause(pauses, incoming) {
        const last = incoming?.lastPacketReceivedTimestamp;
        if (!last || !this.began) return;
        const gap = incoming.timestamp - last;
        if (gap >= STALL_MS && pauses.last !== last) pauses.count += 1;
        if (gap >= STALL_MS) pauses.last = last;
        if (gap >= STALL_MS) pauses.longest = Math.max(pauses.longest, gap);
    }

    sum(end, member) {
        return ["audio", "video"].reduce((total, kind) => total + Math.max(0, this.media[kind][end]?.[member] ?? 0), 0);
    }

    second() {
        const now = {
            received: this.sum("incoming", "packetsReceived"),
            lost: this.sum("incoming", "packetsLost"),
            sentBytes: this.sum("outgoing", "bytesSent"),
            receivedBytes: this.sum("incoming", "bytesReceived"),
            at: performance.now(),
        };
        const seconds = (now.at - (this.before.at ?? this.began)) / 1000;
        const rate = (member) => Math.round(((now[member] - this.before[member]) * 8) / seconds);
        const jitter = this.media.audio.incoming?.jitter;
        if (this.series.length < SECONDS_MAX) {
            this.series.push({
                second: this.series.length,
                rtt_ms: this.secondRtt,
                jitter_ms: jitter === undefined ? null : jitter * 1000,
                received_packets: now.received - this.before.received,
                lost: Math.max(0, now.lost - this.before.lost),
                sent_bps: Math.max(0, rate("sentBytes")),
                received_bps: Math.max(0, rate("receivedBytes")),
                estimated_bps: this.estimate === undefined ? null : Math.round(this.estimate),
            });
        }
        this.before = now;
        this.secondRtt = null;
    }

    /** The browser does not tell how many packets were overtaken. */
    flow(kind) {
        const { incoming, outgoing, there } = this.media[kind];
        const milliseconds = (seconds) => (seconds === undefined ? null : seconds * 1000);
        return {
            sent_packets: outgoing?.packetsSent ?? 0,
            sent_bytes: outgoing?.bytesSent ?? 0,
            received_packets: incoming?.packetsReceived ?? 0,
            received_bytes: incoming?.bytesReceived ?? 0,
            lost: Math.max(0, incoming?.packetsLost ?? 0),
            jitter_ms: milliseconds(incoming?.jitter),
            stalls: this.pauses[kind].count,
            longest_stall_ms: this.pauses[kind].longest,
            lost_there: there?.packetsLost === undefined ? null : Math.max(0, there.packetsLost),
            jitter_there_ms: milliseconds(there?.jitter),
        };
    }

    /** All that passed; undefined where the pair was never secured. */
    fact() {
        if (!this.began) return undefined;
        this.stop();
        const versions = { FEFF: "DTLS 1.0", FEFD: "DTLS 1.2", FEFC: "DTLS 1.3" };
        const { series } = this;
        return {
            kind: "called",
            lasted_ms: this.ended - this.began,
            dtls_version: versions[this.version?.toUpperCase()] ?? cutText(this.version),
            aimed_bps: VIDEO_BPS,
            audio: this.flow("audio"),
            video: this.flow("video"),
            reliable: this.lanes.reliable.flow(),
            unreliable: this.lanes.unreliable.flow(),
            rtt_ms: roundTrips(this.rtts),
            estimated_bps: this.estimate === undefined ? null : Math.round(this.estimate),
            series,
        };
    }
}
