// What the customer sees: one button, how far the test is, and one sentence at the end.

const TOOL = { name: "rtc-doctor page", version: "@VERSION@" };
const ENVELOPE_VERSION = 1;
/** Between two pages nobody else says when the call has been measured. */
const CALL_MS = 10000;
/** For the last messages to reach the server, and for the other end's to come. */
const FAREWELL_MS = 5000;

const element = (id) => document.getElementById(id);

/** The room's own address; undefined where this page is in none. */
function roomAddress() {
    const path = location.pathname.replace(/\/+$/, "");
    return /\/r\/[\w-]{22,64}$/.test(path) ? location.origin + path : undefined;
}

const STEPS = ["room", "peer", "ways", "pair", "media", "report"];

/** What is shown now, so that it can be said again in the other language. */
const view = { now: undefined, sentence: [], advice: [], picture: "idle", steps: {}, values: {} };

function draw() {
    document.documentElement.lang = language;
    document.title = say("title");
    for (const node of document.querySelectorAll("[data-word]")) node.textContent = say(node.dataset.word);
    for (const node of document.querySelectorAll("[data-label]")) node.setAttribute("aria-label", say(node.dataset.label));
    for (const button of document.querySelectorAll("[data-language]")) {
        button.setAttribute("aria-pressed", String(button.dataset.language === language));
    }
    const { picture, now, values, sentence, advice } = view;
    document.querySelector(".picture").dataset.picture = picture;
    element("picture-title").textContent = say(`picture${picture[0].toUpperCase()}${picture.slice(1)}`);
    for (const step of STEPS) {
        const state = view.steps[step] ?? "waiting";
        const item = document.querySelector(`[data-step="${step}"]`);
        item.dataset.state = state;
        item.querySelector(".state").textContent = say(state);
        if (state === "working") item.setAttribute("aria-current", "step");
        else item.removeAttribute("aria-current");
    }
    const told = now ? say(now, values) : "";
    // Said once: a screen reader says again whatever is written.
    if (element("now").textContent !== told) element("now").textContent = told;
    element("sentence").textContent = sentence.map((word) => say(word, values)).join(" ");
    element("advice").textContent = advice.map((word) => say(word, values)).join(" ");
}

function show(changes) {
    Object.assign(view, changes);
    draw();
}

/** Everything before this step is done. */
function reach(step, now, picture = view.picture) {
    for (const earlier of STEPS.slice(0, STEPS.indexOf(step))) view.steps[earlier] = "done";
    view.steps[step] = "working";
    show({ now, picture });
}

const KINDS = { host: "host", srflx: "srflx", prflx: "prflx", relay: "relayKind" };

function listFound(story) {
    const facts = story.observations.map(({ fact, by }) => ({ ...fact, uri: by.uri }));
    const cells = (kind, texts) => {
        const row = document.createElement("tr");
        const first = document.createElement("td");
        first.dataset.word = kind;
        row.append(first, ...texts.map((text) => Object.assign(document.createElement("td"), { textContent: text })));
        return row;
    };
    const found = facts.filter(({ kind }) => kind === "candidate" || kind === "hidden-candidate");
    const rows = found.map(({ kind, type, address, port, protocol, server }) =>
        cells(kind === "hidden-candidate" ? "hidden" : KINDS[type], [`${endpoint(address, port)} ${protocol}`, server ?? "–"]));
    element("addresses").replaceChildren(...rows);
    const errors = facts.filter(({ kind }) => kind === "candidate-error").map(({ code, reason, uri }) =>
        Object.assign(document.createElement("li"), { textContent: [uri, code, reason].filter(Boolean).join(" – ") }));
    if (errors.length === 0) {
        const none = document.createElement("li");
        none.dataset.word = "noErrors";
        errors.push(none);
    }
    element("errors").replaceChildren(...errors);
}

/** One test, from the press of the button to the sentence. */
class Test {
    constructor(base) {
        const id = crypto.getRandomValues(new Uint8Array(8));
        this.from = Array.from(id, (byte) => byte.toString(16).padStart(2, "0")).join("");
        this.seq = 0;
        this.chain = Promise.resolve();
        this.story = new Story([]);
        this.story.browser();
        this.room = new Room(base, this);
        this.room.enter();
        reach("room", "nowRoom");
    }

    say(kind, members = {}) {
        this.seq += 1;
        return this.room.say(JSON.stringify({ "rtc-doctor": ENVELOPE_VERSION, from: this.from, seq: this.seq, kind, ...members }));
    }

    // What the room tells.

    joined({ seat, ice_servers }) {
        this.offers = seat === "first";
        this.iceServers = ice_servers ?? [];
        this.story.targets = this.iceServers.flatMap(({ urls }) => urls);
        element("share").hidden = !this.offers;
        reach("peer", "nowPeer");
    }

    carried(carrier, tookMs, rttMs) {
        this.story.note("signalling", { kind: "carried", carrier, took_ms: tookMs, rtt_ms: rttMs });
    }

    notCarried(carrier, failure, tookMs) {
        this.story.note("signalling", { kind: "not-carried", carrier, ...failure, took_ms: tookMs });
    }

    chosen(carrier) {
        this.story.note("signalling", { kind: "chosen", carrier });
    }

    peerJoined() {
        if (this.call || this.over) return;
        element("share").hidden = true;
        this.say("hello", { tool: TOOL });
        const relayOnly = new URLSearchParams(location.search).has("relay-only");
        const { offers, iceServers, story } = this;
        this.call = new Call({ offers, iceServers, relayOnly, story, tells: this });
        reach("ways", "nowWays", "trying");
        if (offers) this.inOrder(() => this.call.offer());
    }

    peerLeft() {
        if (this.over || this.ending) return;
        this.story.note("signalling", { kind: "peer-left" });
        this.end("left");
    }

    lost(code) {
        const sentences = { "room-full": "full", "not-seated": "gone", "too-many-rooms": "busy", "too-many-joins": "busy", "other-version": "otherVersion", unreachable: "unreachable" };
        this.end(this.call ? "lostRoom" : (sentences[code] ?? "lostRoom"));
    }

    said(text) {
        let message;
        try {
            message = JSON.parse(text);
        } catch {
            return;
        }
        if (message["rtc-doctor"] !== ENVELOPE_VERSION) return;
        this.theirs ??= message.from;
        if (message.from !== this.theirs || message.seq <= (this.heardSeq ?? 0)) return;
        this.heardSeq = message.seq;
        const { kind, sdp, candidate, sdpMid, usernameFragment } = message;
        if (kind === "hello") this.meet(message.tool);
        else if (kind === "offer" || kind === "answer") this.inOrder(() => this.call?.take(kind, sdp));
        else if (kind === "candidate") this.inOrder(() => this.call?.add({ candidate, usernameFragment }));
        else if (kind === "done") this.heardAll();
    }

    /** Descriptions and candidates take effect in the order in which they came. */
    inOrder(work) {
        this.chain = this.chain.then(work).catch((error) => {
            view.values.reason = `${error.name}: ${error.message}`;
            this.end("wentWrong");
        });
    }

    meet({ name, version } = {}) {
        this.isPage = name === TOOL.name;
        this.story.note("signalling", { kind: "peer-joined", software: cutText(`${name} ${version}`) });
    }

    /** The other end has said everything: it has measured for as long as its user chose. */
    heardAll() {
        this.theirsDone = true;
        const { call } = this;
        this.end(!call?.connected ? "none" : call.isDeclined || call.reached.has("dtls") ? undefined : "noCall");
    }

    // What the call tells.

    state(word) {
        if (this.over) return;
        if (word === "found") {
            const found = this.story.observations.filter(({ fact }) => /candidate$/.test(fact.kind) && fact.kind !== "remote-candidate").length;
            show({ values: { ...view.values, found } });
        } else if (word === "ice-checking") {
            reach("pair", "nowPair");
        } else if (word === "ice-connected") {
            reach("media", "nowChecks");
        } else if (word === "connected") {
            reach("media", "nowMedia");
            if (this.isPage && this.offers) this.timer ??= setTimeout(() => this.end(), CALL_MS);
        }
    }

    failed() {
        this.end("none");
    }

    /** Ends the test with this sentence, or with how the two are connected. */
    async end(sentence) {
        if (this.ending) return;
        this.ending = true;
        clearTimeout(this.timer);
        const failedAt = STEPS.find((step) => view.steps[step] === "working");
        const { call, story, room } = this;
        if (call) await call.finish();
        story.interrupted = sentence === "stopped";
        if (story.interrupted) story.note("signalling", { kind: "interrupted" });
        const isSent = Boolean(call) && !["lostRoom", "left"].includes(sentence) && (await this.tell());
        call?.close();
        this.over = true;
        room.leave();
        const selected = call?.selected;
        const isRelayed = selected && [selected.local, selected.remote].some(({ type }) => type === "relay");
        const works = sentence === undefined && selected;
        const rtt = call?.rtt();
        if (rtt !== undefined) view.values.rtt = rtt < 10 ? rtt.toFixed(1) : Math.round(rtt);
        view.steps[failedAt] = works ? "done" : "failed";
        view.steps.report = isSent ? "done" : "failed";
        show({
            now: undefined,
            picture: works ? (isRelayed ? "relay" : "direct") : "none",
            sentence: works ? [isRelayed ? "relayed" : "direct", ...(rtt === undefined ? [] : ["roundTrip"])] : [sentence ?? "none"],
            advice: call ? [isSent ? "sent" : "notSent", "again"] : [],
        });
        element("after").hidden = false;
        element("save").hidden = !call;
        element("stop").hidden = true;
        element("share").hidden = true;
        element("found").hidden = !call;
        listFound(story);
        draw();
        element("sentence").focus();
    }

    /** Sends everything that was seen; false where it did not arrive at the room. */
    async tell() {
        reach("report", "nowReport");
        const isSaid = this.say("record", { record: await this.story.packed() });
        this.say("done");
        if (!isSaid || !(await this.room.allSaid(FAREWELL_MS))) return false;
        // Who leaves at once takes away what the other end has not fetched yet.
        const end = performance.now() + FAREWELL_MS;
        while (!this.theirsDone && !this.room.over && performance.now() < end) await pause(50);
        return true;
    }

    save() {
        const file = new Blob([JSON.stringify(this.story.record(), null, 2)], { type: "application/json" });
        const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(file), download: "connection-test.json" });
        link.click();
        setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    }
}

let test;
for (const button of document.querySelectorAll("[data-language]")) {
    button.addEventListener("click", () => {
        language = button.dataset.language;
        draw();
    });
}
const base = roomAddress();
element("nowhere").hidden = Boolean(base);
element("before").hidden = !base;
element("open").addEventListener("click", () => {
    const id = base64(crypto.getRandomValues(new Uint8Array(16))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
    location.assign(`${location.pathname.replace(/\/+$/, "")}/r/${id}`);
});
element("start").addEventListener("click", () => {
    element("before").hidden = true;
    if (typeof RTCPeerConnection === "undefined") {
        element("after").hidden = false;
        element("save").hidden = true;
        show({ sentence: ["unsupported"], picture: "none" });
        element("sentence").focus();
        return;
    }
    element("link").textContent = location.href;
    element("during").hidden = false;
    element("stop").focus();
    test = new Test(base);
});
element("stop").addEventListener("click", () => test.end("stopped"));
element("save").addEventListener("click", () => test.save());
// A tab that is closed gives its seat back at once, so that the other end is told.
addEventListener("pagehide", () => test?.room.leave());
draw();
