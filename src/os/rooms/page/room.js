// The room: a seat in it, and the ways by which messages reach it. The same protocol as src/os/carriers speaks; see
// src/signal/rooms/frames.rs.

/** Why there is no way to the room (any more): `code` is a word of the server's, or one of ours. */
class Lost extends Error {
    constructor(code) {
        super(code);
        this.code = code;
    }
}

/** Why one carrier does not carry, as model::CarrierFailure has it. */
class NotCarried extends Error {
    constructor(failure) {
        super(failure.why);
        this.failure = failure;
    }
}

const ROOM_VERSION = 1;
const ANSWER_LIMIT_MS = 3000;
/** Who is too fast waits for this long, as the native end does. */
const BREATH_MS = 200;
/** So often the ways may all be cut with nothing carried between. */
const SETBACKS = 6;

const cut = () => new NotCarried({ why: "cut" });
const heldBack = () => new NotCarried({ why: "held-back" });

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** What this gives, or `late()` thrown. */
function inTime(promise, ms, late) {
    let timer;
    const limit = new Promise((_, reject) => {
        timer = setTimeout(() => reject(late()), ms);
    });
    return Promise.race([promise, limit]).finally(() => clearTimeout(timer));
}

function base64(bytes) {
    let text = "";
    for (let at = 0; at < bytes.length; at += 8192) {
        text += String.fromCharCode(...bytes.subarray(at, at + 8192));
    }
    return btoa(text);
}

const unbase64 = (text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));

class Room {
    /**
     * `base` is the room's own address. `hears` has joined(answer), peerJoined(), said(text), peerLeft(), carried(carrier,
     * tookMs, rttMs), notCarried(carrier, failure, tookMs), chosen(carrier), lost(code).
     */
    constructor(base, hears) {
        this.base = base;
        this.hears = hears;
        const token = base64(crypto.getRandomValues(new Uint8Array(16)));
        this.token = token.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
        this.outbox = [];
        this.said = 0;
        this.cursor = 0;
        this.over = false;
        this.stopping = new AbortController();
    }

    /** Takes a seat, and carries until it is left or lost. */
    async enter() {
        try {
            const answer = await this.ask("POST", "", JSON.stringify({ version: ROOM_VERSION }));
            const joined = await answer.json();
            this.heartbeat = joined.heartbeat_ms;
            this.patience = joined.lease_ms * 0.75;
            this.messageBytes = joined.message_bytes;
            this.hears.joined(joined);
            await this.carry();
        } catch (error) {
            if (!this.over) {
                this.over = true;
                this.hears.lost(error instanceof Lost ? error.code : "unreachable");
            }
        }
    }

    /** One message; false where the server would not take one so large. */
    say(text) {
        const bytes = new TextEncoder().encode(text);
        if (bytes.length > this.messageBytes) return false;
        this.said += 1;
        this.outbox.push({ number: this.said, bytes });
        this.wake?.();
        return true;
    }

    /** Comes back when everything that was said has arrived at the server, or after the limit. */
    async allSaid(limitMs) {
        const end = performance.now() + limitMs;
        while (this.outbox.length > 0 && !this.over && performance.now() < end) await pause(20);
        return this.outbox.length === 0;
    }

    /** Gives the seat back, also while the page is being closed. */
    leave() {
        if (this.over) return;
        this.over = true;
        const headers = { Authorization: `Bearer ${this.token}` };
        fetch(`${this.base}/leave`, { method: "POST", headers, keepalive: true }).catch(() => {});
        this.stopping.abort();
        this.wake?.();
    }

    async ask(method, path, body, limit = ANSWER_LIMIT_MS) {
        const stop = new AbortController();
        const stopped = () => stop.abort();
        this.stopping.signal.addEventListener("abort", stopped);
        const options = { method, body, headers: { Authorization: `Bearer ${this.token}` }, signal: stop.signal, cache: "no-store" };
        try {
            const answer = await inTime(fetch(this.base + path, options), limit, () => {
                stop.abort();
                return heldBack();
            });
            if (answer.ok) return answer;
            const refused = await answer.json().catch(() => ({}));
            throw refused.refused ? new Lost(refused.refused) : new NotCarried({ why: "status", status: answer.status });
        } catch (error) {
            throw error instanceof Lost || error instanceof NotCarried ? error : cut();
        }
    }

    /** The best carrier that works; when it is cut, the next, and the same again at last. */
    async carry() {
        const carriers = { "web-socket": this.webSocket, "event-stream": this.eventStream, "long-polling": this.longPolling };
        let order = Object.keys(carriers);
        let setbacks = 0;
        while (!this.over) {
            const carrier = order[0];
            const before = this.cursor + this.said - this.outbox.length;
            const began = performance.now();
            this.works = () => {
                this.works = () => {};
                this.hears.chosen(carrier);
            };
            this.measured = (tookMs, rttMs) => this.hears.carried(carrier, tookMs, rttMs);
            try {
                await carriers[carrier].call(this, began);
            } catch (error) {
                if (this.over) return;
                if (error instanceof Lost) throw error;
                const failure = error instanceof NotCarried ? error.failure : { why: "cut" };
                const carried = this.cursor + this.said - this.outbox.length > before;
                if (!carried) this.hears.notCarried(carrier, failure, performance.now() - began);
                setbacks = carried ? 0 : setbacks + 1;
                if (setbacks > SETBACKS) throw new Lost("cut");
                order = [...order.slice(1), carrier];
            }
        }
    }

    /** One of the server's frames; true for the echo that is waited for. */
    take(frame, tag) {
        if (frame.refused) throw new Lost(frame.refused.refused);
        if (frame.said !== undefined) {
            this.outbox = this.outbox.filter(({ number }) => number > frame.said);
        }
        if (!frame.told || frame.told.number !== this.cursor + 1) return false;
        this.cursor = frame.told.number;
        const { event } = frame.told;
        if (event === "peer-joined") this.hears.peerJoined();
        else if (event === "peer-left") this.hears.peerLeft();
        else if (event.message !== undefined) this.hears.said(new TextDecoder().decode(unbase64(event.message)));
        else return event.echo === tag;
        return false;
    }

    /** RFC 6455. The browser answers the server's pings by itself and shows none: so there is an echo instead. */
    async webSocket(began) {
        const socket = new WebSocket(`${this.base.replace(/^http/, "ws")}/ws`);
        const tag = `try-${this.cursor}`;
        let sent = 0;
        let heard = performance.now();
        const send = (frame) => socket.send(JSON.stringify(frame));
        const flush = () => {
            for (const { number, bytes } of this.outbox.filter(({ number }) => number > sent)) {
                send({ say: { number, message: base64(bytes) } });
                sent = number;
            }
        };
        let beat;
        try {
            const opened = new Promise((resolve, reject) => {
                socket.onopen = resolve;
                socket.onerror = () => reject(cut());
            });
            await inTime(opened, ANSWER_LIMIT_MS, heldBack);
            const tookMs = performance.now() - began;
            send({ take: { token: this.token, after: this.cursor } });
            send({ echo: tag });
            const asked = performance.now();
            let echoed;
            const echo = new Promise((resolve) => (echoed = resolve));
            const ended = new Promise((_, reject) => {
                socket.onclose = () => reject(cut());
                socket.onmessage = ({ data }) => {
                    heard = performance.now();
                    try {
                        const frame = JSON.parse(data);
                        if (frame.again !== undefined) {
                            sent = frame.again - 1;
                            setTimeout(() => socket.readyState === WebSocket.OPEN && flush(), BREATH_MS);
                        }
                        if (this.take(frame, tag)) echoed();
                        if (frame.told) send({ heard: this.cursor });
                    } catch (error) {
                        reject(error);
                    }
                };
                this.stopping.signal.addEventListener("abort", () => reject(cut()));
            });
            await Promise.race([inTime(echo, ANSWER_LIMIT_MS, heldBack), ended]);
            this.measured(tookMs, performance.now() - asked);
            this.works();
            this.wake = flush;
            flush();
            const silent = new Promise((_, reject) => {
                beat = setInterval(() => {
                    if (performance.now() - heard > this.patience) reject(cut());
                    else if (socket.readyState === WebSocket.OPEN) send({ echo: "beat" });
                }, this.heartbeat);
            });
            await Promise.race([ended, silent]);
        } finally {
            clearInterval(beat);
            this.wake = undefined;
            socket.close();
        }
    }

    /** Posts what waits, one after the other, until `done`. */
    async post(done) {
        let waker;
        this.wake = () => waker?.();
        while (!this.over && !done.signal.aborted) {
            const next = this.outbox[0];
            if (!next) {
                await Promise.race([new Promise((resolve) => (waker = resolve)), pause(this.heartbeat)]);
                if (this.outbox.length === 0 && !this.over && !done.signal.aborted) {
                    await this.ask("POST", `/stay?heard=${this.cursor}`);
                }
                continue;
            }
            try {
                const answer = await this.ask("POST", `/say?number=${next.number}`, next.bytes);
                this.take(await answer.json());
            } catch (error) {
                const passes = error instanceof Lost && ["too-fast", "too-much-waiting"].includes(error.code);
                if (!passes) throw error;
                await pause(BREATH_MS);
            }
        }
    }

    /** An answer that goes on: Server-Sent Events, read by hand, since an EventSource cannot bring the seat's token. */
    async eventStream(began) {
        const done = new AbortController();
        const tag = `try-${this.cursor}`;
        const answer = await this.ask("GET", `/events?after=${this.cursor}`);
        const reader = answer.body.getReader();
        const decoder = new TextDecoder();
        let unread = "";
        const next = async (limit) => {
            const { value, done: ended } = await inTime(reader.read(), limit, heldBack);
            if (ended) throw cut();
            unread += decoder.decode(value, { stream: true });
            const events = unread.split("\n\n");
            unread = events.pop();
            let echoed = false;
            for (const event of events.filter((event) => event.startsWith("data: "))) {
                echoed = this.take(JSON.parse(event.slice(6)), tag) || echoed;
            }
            return echoed;
        };
        try {
            await next(ANSWER_LIMIT_MS);
            const tookMs = performance.now() - began;
            const asked = performance.now();
            await this.ask("POST", "/echo", tag);
            while (!(await next(ANSWER_LIMIT_MS)));
            this.measured(tookMs, performance.now() - asked);
            this.works();
            const listening = (async () => {
                while (!this.over) await next(this.patience);
            })();
            await Promise.race([listening, this.post(done)]);
        } finally {
            done.abort();
            reader.cancel().catch(() => {});
        }
    }

    async longPolling(began) {
        const done = new AbortController();
        const tag = `try-${this.cursor}`;
        const poll = async (wait) => {
            const path = `/poll?after=${this.cursor}&heard=${this.cursor}&wait=${wait}`;
            const frames = await (await this.ask("GET", path, undefined, this.patience)).json();
            return frames.map((frame) => this.take(frame, tag)).includes(true);
        };
        await poll(false);
        const tookMs = performance.now() - began;
        const asked = performance.now();
        await this.ask("POST", "/echo", tag);
        while (!(await poll(true)));
        this.measured(tookMs, performance.now() - asked);
        this.works();
        const listening = (async () => {
            while (!this.over) await poll(true);
        })();
        try {
            await Promise.race([listening, this.post(done)]);
        } finally {
            done.abort();
        }
    }
}
