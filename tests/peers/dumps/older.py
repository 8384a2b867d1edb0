#!/usr/bin/env python3
"""Turns a fresh dump of a call into the form that an older browser or another tool would have written of the same call.

    older.py FORM IN OUT          (IN and OUT may be packed with gzip)
    older.py all IN DIRECTORY     (every form that IN can be turned into)

What no browser of today writes any more cannot be made anew; what is in a call can. So the call comes from a fresh dump, of
webrtc-internals or of rtcstats, whose truth is known, and only its form is changed. Where an older browser told less, what it
did not tell is left out: a reader must not need it.

Each form was written after the source that wrote it, and held against public files where there are any:

  internals-2019   Chromium 72 to 92. peer_connection_tracker.cc and webrtc_internals.js, data_series.js of 2020 and 2021:
                   names such as `iceConnectionStateChange`, states such as `SignalingStateStable`, no type beside a series,
                   `ip` and no related address, checks of consent counted apart, time in words (here: Los Angeles).
  internals-2022   Chromium 93 to about 106: names without `on`, bare states, `type: offer, sdp: …`, candidates as a text with
                   url and relayProtocol, ids such as `RTCIceCandidatePair_…`, types beside series, time in words (Seoul).
  internals-2023   Chromium 107 to 141: the same with the short ids, series of times, configuration as JSON (Berlin).
  internals-2025   Chromium 142: two times, names without `on`, states and descriptions already as JSON.
  goog             webrtc-internals of 2019 to 2022 with the callback statistics chosen: `googCandidatePair`, `ssrc_…_recv`.
  goog-2018        The same in a browser that took every value for a number where it begins like one (`10.1.0.2` is 10.1).
  rtcstats         rtcstats-js: numbered names, delta-coded statistics with numbered properties (rtcstats-shared,
                   compression.js), descriptions of which only what differs is written.
  rtcstats-server  The same, as the server saves it: addresses shortened, a head, a close (address-obfuscator.js).
  jitsi            Lines without a head and with absolute times, statistics delta-coded with `timestamp: 0`, every address
                   `x.x.x.x` (fippo's and jitsi's rtcstats-server).
  jitsi-3.1        The same with a number behind the time.
  jitsi-goog       The same with the callback statistics, in which every value is a text (2020).
"""

import gzip
import os
import re
import sys

# Nothing is left among the sources.
sys.dont_write_bytecode = True

from call import read
from older_internals import AGENTS, write_internals
from older_jitsi import write_jitsi
from older_rtcstats import write_rtcstats

SUFFIXES = {"internals": ".txt", "goog": ".txt", "rtcstats": ".rtcstats", "jitsi": ".jsonl"}
FORMS = [*AGENTS, "rtcstats", "rtcstats-server", "jitsi", "jitsi-3.1", "jitsi-goog"]


def converted(form, path):
    calls, asked = read(path)
    if form in AGENTS:
        return write_internals(calls, asked, form)
    return write_rtcstats(calls, form) if form.startswith("rtcstats") else write_jitsi(calls, form)


def write(path, text):
    # With no time within, so that the same call gives the same file.
    data = text.encode()
    with open(path, "wb") as file:
        file.write(gzip.compress(data, 9, mtime=0) if path.endswith(".gz") else data)


def name_in(form, path):
    stem = re.sub(r"\.(webrtc_internals_dump|rtcstats_dump)(\.txt)?(\.gz)?$", "", os.path.basename(path))
    return "%s.%s%s.gz" % (stem, form, SUFFIXES[form.split("-")[0]])


def main(arguments):
    if len(arguments) != 3:
        sys.exit(__doc__)
    form, path, out = arguments
    for each in FORMS if form == "all" else [form]:
        target = os.path.join(out, name_in(each, path)) if os.path.isdir(out) else out
        write(target, converted(each, path))


if __name__ == "__main__":
    main(sys.argv[1:])
