"""A stand-in for the signalling of a LiveKit server, with LiveKit's own messages and its own reading of tokens.

livekit.py KEY SECRET [NAME=VALUE ...]

It prints the port on which it listens (127.0.0.1), then a line for each request and each message that comes.

turn=HOST:PORT   the TURN server that is handed out
turn=no          none is configured
"""

import asyncio
import sys
from datetime import timedelta

# The folder of this file comes first where modules are looked for, and this file has the name of LiveKit's package.
sys.path.pop(0)

import jwt  # noqa: E402
from aiohttp import WSMsgType, web  # noqa: E402
from livekit import api  # noqa: E402
from livekit.protocol import models, rtc  # noqa: E402

key, secret = sys.argv[1:3]
options = {"turn": "127.0.0.1:3478", **dict(word.split("=", 1) for word in sys.argv[3:])}


def say(line):
    print(line, flush=True)


def refusal(request):
    """The status and the words with which LiveKit refuses a token; None where it takes it."""
    given = request.query.get("access_token") or request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not given:
        return 401, "permissions denied"
    try:
        claims = api.TokenVerifier(key, secret, leeway=timedelta()).verify(given)
    except jwt.ExpiredSignatureError:
        return 401, "invalid token: validation failed, token is expired (exp)"
    except jwt.ImmatureSignatureError:
        return 401, "invalid token: validation failed, token not valid yet (nbf)"
    except jwt.InvalidTokenError as error:
        return 401, f"invalid token: {error}"
    if not (claims.video and claims.video.room_join):
        return 401, "permissions denied"
    return None


async def validate(request):
    refused = refusal(request)
    say(f"GET {request.path} {refused[0] if refused else 200}")
    return web.Response(status=refused[0], text=refused[1]) if refused else web.Response(text="success")


async def signal(request):
    refused = refusal(request)
    if refused:
        say(f"WS {request.path} {refused[0]}")
        return web.Response(status=refused[0], text=refused[1])
    socket = web.WebSocketResponse()
    await socket.prepare(request)
    say(f"WS {request.path} 101")
    room = models.Room(sid="RM_standin", name="room")
    me = models.ParticipantInfo(sid="PA_standin", identity="rtc-doctor", state=models.ParticipantInfo.JOINED)
    joined = rtc.JoinResponse(room=room, participant=me, server_version="1.13.5", subscriber_primary=True, ping_interval=5, ping_timeout=15)
    joined.server_info.version = "1.13.5"
    if options["turn"] == "no":
        joined.ice_servers.add(urls=["stun:stun.example:3478"])
    else:
        host = options["turn"]
        urls = [f"turn:{host}?transport=udp", f"turns:{host}?transport=tcp"]
        joined.ice_servers.add(urls=urls, username="1796000000:PA_standin", credential="cGFzc3dvcmQ=")
    await socket.send_bytes(rtc.SignalResponse(join=joined).SerializeToString())
    async for message in socket:
        if message.type is not WSMsgType.BINARY:
            continue
        asked = rtc.SignalRequest.FromString(message.data)
        kind = asked.WhichOneof("message")
        say(f"MESSAGE {kind}")
        if kind == "ping_req":
            pong = rtc.SignalResponse(pong_resp=rtc.Pong(last_ping_timestamp=asked.ping_req.timestamp))
            await socket.send_bytes(pong.SerializeToString())
        elif kind == "ping":
            await socket.send_bytes(rtc.SignalResponse(pong=asked.ping).SerializeToString())
        elif kind == "leave":
            await socket.close()
    return socket


async def main():
    app = web.Application()
    app.add_routes([web.get("/rtc", signal), web.get("/rtc/validate", validate)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    say(site._server.sockets[0].getsockname()[1])
    await asyncio.Event().wait()


asyncio.run(main())
