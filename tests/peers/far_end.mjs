// The far end of a whole call, whose WebRTC is that of an npm package: numbered messages sent back, and media where the
// package can make some. It takes the seat that is free and says so, offers where it is the first, and ends when the other end has said
// that it is done. The last line is one of JSON: {"seat", "state", "received": {"messages"}}.
//
//     node far_end.mjs werift|@roamhq/wrtc|node-datachannel ROOM FOLDER-OF-PACKAGES [MISTAKE...]
import { randomBytes } from "node:crypto";
import { createRequire } from "node:module";
import { said } from "./mistakes.mjs";

const [stack, address, packages, ...mistakes] = process.argv.slice(2);
const require = createRequire(`${packages}/`);
const received = { messages: 0 };

/** A seat in a room, by long polling (src/signal/rooms/frames.rs), and its messages (src/signal/envelope.rs). */
class Room {
    token = randomBytes(16).toString("base64url");
    me = randomBytes(8).toString("hex");
    seq = 0;
    heard = 0;
    saying = Promise.resolve();

    async post(path, body) {
        const headers = { Authorization: `Bearer ${this.token}` };
        const answer = await fetch(address + path, { method: "POST", headers, body });
        const text = await answer.text();
        if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text}`);
        return text ? JSON.parse(text) : undefined;
    }

    async enter() {
        this.seat = (await this.post("", JSON.stringify({ version: 1 }))).seat;
    }

    say(kind, members = {}) {
        this.saying = this.saying.then(() => {
            this.seq += 1;
            const frame = { "rtc-doctor": 1, from: this.me, seq: this.seq, kind, ...members };
            return this.post(`/say?number=${this.seq}`, JSON.stringify(frame));
        });
        return this.saying;
    }

    async *events() {
        for (;;) {
            const headers = { Authorization: `Bearer ${this.token}` };
            const answer = await fetch(`${address}/poll?after=${this.heard}&heard=${this.heard}`, { headers });
            for (const { told } of await answer.json()) {
                if (!told) continue;
                this.heard = told.number;
                if (told.event.message) {
                    yield ["message", JSON.parse(Buffer.from(told.event.message, "base64").toString())];
                } else {
                    yield [told.event];
                }
            }
        }
    }
}

/** A connection, and a function that gives it media to send; null where the package has none. */
function connection() {
    if (stack === "werift") {
        const { RTCPeerConnection, MediaStreamTrack, RtpPacket, RtpHeader, useOPUS, useVP8 } = require("werift");
        const pc = new RTCPeerConnection({ iceServers: [], codecs: { audio: [useOPUS()], video: [useVP8()] } });
        const send = () => {
            for (const [kind, ms, ticks, bytes] of [["audio", 20, 960, 80], ["video", 33, 3000, 900]]) {
                const track = new MediaStreamTrack({ kind });
                pc.addTransceiver(track, { direction: "sendrecv" });
                let sequenceNumber = 0;
                setInterval(() => {
                    sequenceNumber += 1;
                    const header = new RtpHeader({ sequenceNumber, timestamp: sequenceNumber * ticks, payloadType: 96 });
                    track.writeRtp(new RtpPacket(header, Buffer.alloc(bytes, 1)));
                }, ms);
            }
        };
        return { pc, send };
    }
    if (stack === "@roamhq/wrtc") {
        const wrtc = require("@roamhq/wrtc");
        const pc = new wrtc.RTCPeerConnection({ iceServers: [] });
        const send = () => {
            const audio = new wrtc.nonstandard.RTCAudioSource();
            const video = new wrtc.nonstandard.RTCVideoSource();
            pc.addTrack(audio.createTrack());
            pc.addTrack(video.createTrack());
            const samples = new Int16Array(480);
            setInterval(() => audio.onData({ samples, sampleRate: 48000 }), 10);
            let at = 0;
            setInterval(() => {
                const frame = { width: 320, height: 240, data: new Uint8ClampedArray((320 * 240 * 3) / 2).fill(at++ % 256) };
                video.onFrame(frame);
            }, 33);
        };
        return { pc, send };
    }
    const { RTCPeerConnection } = require("node-datachannel/polyfill");
    return { pc: new RTCPeerConnection({ iceServers: [] }), send: null };
}

function echo(channel) {
    channel.binaryType = "arraybuffer";
    channel.onmessage = ({ data }) => {
        received.messages += 1;
        const bytes = Buffer.from(data);
        if (bytes[0] !== 0x70) return;
        bytes[0] = 0x71;
        channel.send(bytes);
    };
}

const room = new Room();
await room.enter();
console.log("seated");
const { pc, send } = connection();
pc.ondatachannel = ({ channel }) => echo(channel);
pc.onicecandidate = ({ candidate }) => {
    if (candidate?.candidate) room.say("candidate", { candidate: candidate.candidate, sdpMid: candidate.sdpMid });
    else room.say("end-of-candidates");
};
await room.say("hello", { tool: { name: stack, version: "1" } });
const early = [];
let described = false;
const take = async (kind, sdp) => {
    await pc.setRemoteDescription({ type: kind, sdp });
    described = true;
    for (const candidate of early.splice(0)) await add(candidate);
};
const add = (candidate) => pc.addIceCandidate({ candidate, sdpMid: mid, sdpMLineIndex: 0 }).catch(() => {});
let mid = "0";
for await (const [event, frame] of room.events()) {
    if (event === "peer-left") break;
    if (event === "peer-joined" && room.seat === "first") {
        send?.();
        echo(pc.createDataChannel("reliable"));
        echo(pc.createDataChannel("unreliable", { ordered: false, maxRetransmits: 0 }));
        await pc.setLocalDescription(await pc.createOffer());
        await room.say("offer", { sdp: said(mistakes, pc.localDescription.sdp) });
    }
    if (event !== "message") continue;
    if (frame.kind === "offer") {
        mid = /^a=mid:(.*)$/m.exec(frame.sdp)?.[1].trim() ?? "0";
        send?.();
        await take("offer", frame.sdp);
        await pc.setLocalDescription(await pc.createAnswer());
        await room.say("answer", { sdp: said(mistakes, pc.localDescription.sdp) });
    } else if (frame.kind === "answer") {
        mid = /^a=mid:(.*)$/m.exec(frame.sdp)?.[1].trim() ?? "0";
        await take("answer", frame.sdp);
    } else if (frame.kind === "candidate" && frame.candidate) {
        if (described) await add(frame.candidate);
        else early.push(frame.candidate);
    } else if (frame.kind === "done") {
        await room.say("done");
        break;
    }
}
console.log(JSON.stringify({ seat: room.seat, state: pc.connectionState, received }));
await room.post("/leave");
process.exit(0);
