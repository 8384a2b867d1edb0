"""The far end of a whole call, whose WebRTC is aiortc's: silence and a moving picture, and numbered messages sent back.

It takes the seat that is free and says so, offers where it is the first, and ends when the other end has said that it is
done. The last line is one of JSON: {"seat", "state", "received": {"audio", "video", "messages"}}.

    aiortc_end.py ROOM [MISTAKE...]
"""

import asyncio
import json
import re
import sys

from aiortc import RTCConfiguration, RTCIceServer, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import AudioStreamTrack, VideoStreamTrack
from aiortc.sdp import candidate_from_sdp

import mistakes
from room import Room


async def main(address, wrong):
    mistakes.misbehave(wrong)
    received = {"audio": 0, "video": 0, "messages": 0}
    async with Room(address) as room:
        print("seated", flush=True)
        pc = RTCPeerConnection(RTCConfiguration(iceServers=[]))

        def echo(channel):
            @channel.on("message")
            def on_message(message):
                received["messages"] += 1
                if isinstance(message, bytes) and message[:1] == b"p":
                    channel.send(b"q" + message[1:])

        pc.on("datachannel", echo)

        @pc.on("track")
        def on_track(track):
            async def count():
                # Nothing that is sent here can be shown, so what came is counted where it came in.
                while True:
                    await track.recv()

            asyncio.ensure_future(count())

        def offer():
            pc.addTrack(AudioStreamTrack())
            pc.addTrack(VideoStreamTrack())
            echo(pc.createDataChannel("reliable"))
            echo(pc.createDataChannel("unreliable", ordered=False, maxRetransmits=0))

        async def describe(kind):
            sdp = pc.localDescription.sdp
            ufrag = re.search(r"a=ice-ufrag:(.*?)\r", sdp)[1]
            candidates = re.findall(r"^a=(candidate:.*?)\r?$", sdp, re.M)
            if "candidates-first" in wrong:
                for candidate in candidates:
                    await room.say("candidate", candidate=candidate, sdpMid="0")
            await room.say(mistakes.named(wrong, kind), sdp=mistakes.said(wrong, sdp))
            if "stale-candidates" in wrong:
                for candidate in candidates:
                    await room.say("candidate", candidate=f"{candidate} ufrag not{ufrag}", sdpMid="0")
            if "numbered-sections" in wrong:
                for candidate in candidates:
                    await room.say("candidate", candidate=candidate, sdpMid=0, sdpMLineIndex="0")
                await room.say("candidate", candidate=None)
            elif "no-end-of-candidates" not in wrong:
                await room.say("end-of-candidates")

        breaking = asyncio.ensure_future(mistakes.break_off(wrong, pc))
        await room.say("hello", tool={"name": "aiortc", "version": "1"})
        is_first = room.seat == "first"
        async for event, frame in room.events():
            if event == "peer-left":
                break
            if event == "peer-joined" and is_first:
                offer()
                await pc.setLocalDescription(await pc.createOffer())
                await describe("offer")
            if event != "message":
                continue
            if frame["kind"] == "offer" and "offers-as-well" in wrong:
                offer()
                await pc.setLocalDescription(await pc.createOffer())
                await describe("offer")
            elif frame["kind"] == "offer":
                await pc.setRemoteDescription(RTCSessionDescription(mistakes.heard(wrong, frame["sdp"]), "offer"))
                pc.addTrack(AudioStreamTrack())
                pc.addTrack(VideoStreamTrack())
                await pc.setLocalDescription(await pc.createAnswer())
                mistakes.take_role(wrong, pc)
                await describe("answer")
            elif frame["kind"] == "answer":
                await pc.setRemoteDescription(RTCSessionDescription(mistakes.heard(wrong, frame["sdp"]), "answer"))
                mistakes.take_role(wrong, pc)
            elif frame["kind"] == "candidate" and frame["candidate"]:
                candidate = candidate_from_sdp(frame["candidate"].removeprefix("candidate:"))
                candidate.sdpMid = pc.getTransceivers()[0].mid if pc.getTransceivers() else "0"
                if candidate.protocol.lower() == "udp":
                    await pc.addIceCandidate(candidate)
            elif frame["kind"] == "end-of-candidates":
                await pc.addIceCandidate(None)
            elif frame["kind"] == "done":
                await room.say("done")
                break
        for report in (await pc.getStats()).values():
            if report.type == "inbound-rtp":
                received[report.kind] = report.packetsReceived
        breaking.cancel()
        state = pc.connectionState
        await pc.close()
        print(json.dumps({"seat": room.seat, "state": state, "received": received}), flush=True)


asyncio.run(main(sys.argv[1], sys.argv[2:]))
