// What this browser saw, in the words of src/model: a Record whose observations the engineer's diagnosis takes in.

/** What the engineer's end takes is more; a call makes a tenth of it. */
const OBSERVATIONS_MAX = 5000;
/** Of model::Text. */
const TEXT_MAX = 128;

const cutText = (text) => String(text ?? "").trim().slice(0, TEXT_MAX);

/** `host:port`, as Rust writes an endpoint. */
const endpoint = (address, port) => (address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`);

const isAddress = (text) => /^\d{1,3}(\.\d{1,3}){3}$/.test(text) || /^[0-9a-f:.]*:[0-9a-f:.]*$/i.test(text);

/** The parts of a candidate's line (RFC 8839 §5.1); undefined where it is none. */
function parseCandidate(line) {
    const words = line.replace(/^a=/, "").replace(/^candidate:/, "").split(" ");
    const [foundation, , protocol, priority, address, port, , type] = words;
    if (words.length < 8) return undefined;
    const parts = { foundation, protocol: protocol.toLowerCase(), priority: Number(priority), address, port: Number(port), type };
    for (let at = 8; at + 1 < words.length; at += 2) parts[words[at]] = words[at + 1];
    return parts;
}

/** A candidate as one end of a pair (model::PairEnd). */
function pairEnd({ type, protocol, address, port, tcptype, relayProtocol, url }) {
    const end = { type, protocol, address: address || "hidden", port: port ?? 0 };
    if (tcptype) end.tcp_type = tcptype;
    if (type === "relay" && relayProtocol) end.relay_protocol = relayProtocol;
    if (url) end.server = url;
    return end;
}

class Story {
    constructor(targets) {
        this.began = performance.now();
        this.targets = targets;
        this.observations = [];
        this.interrupted = false;
    }

    now() {
        return performance.now() - this.began;
    }

    note(question, fact, uri) {
        if (this.observations.length >= OBSERVATIONS_MAX) return;
        const by = uri ? { question, uri } : { question };
        this.observations.push({ id: this.observations.length, at_ms: this.now(), by, fact });
    }

    browser() {
        const fact = { kind: "browser", agent: cutText(navigator.userAgent) };
        const connection = navigator.connection?.type ?? navigator.connection?.effectiveType;
        if (connection) fact.connection = cutText(connection);
        this.note("host", fact);
    }

    /** One of our own, from `icecandidate`. */
    candidate(candidate) {
        const parts = parseCandidate(candidate.candidate);
        if (!parts) return undefined;
        const { type, protocol, address, port, priority, foundation, raddr, rport, tcptype } = parts;
        const relayProtocol = candidate.relayProtocol ?? undefined;
        const url = candidate.url || undefined;
        if (!isAddress(address)) {
            this.note("gather", { kind: "hidden-candidate", ...pairEnd({ ...parts, relayProtocol, url }) }, url);
            return parts;
        }
        const fact = { kind: "candidate", type, protocol, address, port, priority, foundation };
        // Port 0 and 9 stand for an address that is not told.
        if (raddr && isAddress(raddr) && ![0, 9].includes(Number(rport))) fact.related = endpoint(raddr, rport);
        if (type === "relay" && relayProtocol) fact.relay_protocol = relayProtocol;
        if (url) fact.server = url;
        if (tcptype) fact.tcp_type = tcptype;
        this.note("gather", fact, url);
        return parts;
    }

    /** From `icecandidateerror`. */
    candidateError({ address, port, url, errorCode, errorText }) {
        const fact = { kind: "candidate-error", code: errorCode, reason: cutText(errorText) };
        if (address) fact.local = cutText(port ? endpoint(address, port) : address);
        this.note("gather", fact, url || undefined);
    }

    /** What one end of a call says to the other as its `record`. */
    record() {
        const { targets, observations, interrupted } = this;
        return { targets, chosen_by_tool: false, observations, interrupted };
    }

    async packed() {
        return base64(await deflate(new TextEncoder().encode(JSON.stringify(this.record()))));
    }
}

/** RFC 1951. A browser that cannot compress sends stored blocks (§3.2.4). */
async function deflate(bytes) {
    try {
        const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream("deflate-raw"));
        return new Uint8Array(await new Response(stream).arrayBuffer());
    } catch {
        const blocks = [];
        for (let at = 0; at === 0 || at < bytes.length; at += 0xffff) {
            const block = bytes.subarray(at, at + 0xffff);
            const last = at + 0xffff >= bytes.length ? 1 : 0;
            const [low, high] = [block.length & 0xff, block.length >> 8];
            blocks.push(Uint8Array.of(last, low, high, low ^ 0xff, high ^ 0xff), block);
        }
        return new Uint8Array(await new Blob(blocks).arrayBuffer());
    }
}
