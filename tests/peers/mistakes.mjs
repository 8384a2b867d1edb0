// One mistake on purpose: what an end says in its description that it should not, by name (mistakes.py has more).
const DESCRIPTIONS = {
    "fingerprint-of-another": (sdp) =>
        sdp.replace(/(a=fingerprint:sha-\d+ )(..)/g, (_, name, byte) => name + (byte === "00" ? "11" : "00")),
    "no-fingerprint": (sdp) => sdp.replace(/a=(fingerprint|setup):.*\r\n/g, ""),
    // In the midst of a line that says what a codec is, where there is one.
    cut: (sdp) => sdp.slice(0, sdp.includes("a=rtpmap:") ? sdp.lastIndexOf("a=rtpmap:") + 12 : sdp.length / 2),
    "says-active": (sdp) => sdp.replace(/a=setup:\w+/g, "a=setup:active"),
    "says-actpass": (sdp) => sdp.replace(/a=setup:\w+/g, "a=setup:actpass"),
    "no-bundle": (sdp) => sdp.replace(/a=group:BUNDLE.*\r\n/g, ""),
    "no-mid": (sdp) => sdp.replace(/a=(group:BUNDLE|mid:).*\r\n/g, ""),
    "line-feeds": (sdp) => sdp.replaceAll("\r\n", "\n"),
};

export const said = (mistakes, sdp) => mistakes.reduce((text, mistake) => DESCRIPTIONS[mistake]?.(text) ?? text, sdp);
