"""A stand-in for an OpenVidu 2 deployment, as far as a client of its REST API and its signalling sees it.

openvidu.py SECRET FOLDER [NAME=VALUE ...]

It prints the port on which it listens (127.0.0.1), then each request as it comes, one a line: the method and path, or the
JSON-RPC method. The page /page joins with the real openvidu-browser, which is bundled in FOLDER, and posts what became of it
to /told.

version=2.16|2.17|2.22|2.32   where the TURN credentials are (providers.md §1.1)
turn=HOST:PORT                the TURN server that is handed out
token-host=HOST:PORT          the host that tokens name, as where DOMAIN_OR_PUBLIC_IP is unset
public-url=URL                what config/openvidu-publicurl tells
media-node=no                 no media node is there to take a room
answers=slow                  joinRoom is never answered
"""

import asyncio
import base64
import hashlib
import hmac
import json
import pathlib
import sys
import time

from aiohttp import WSMsgType, web

secret, folder = sys.argv[1], pathlib.Path(sys.argv[2])
options = {"version": "2.32", "turn": "127.0.0.1:3478", **dict(word.split("=", 1) for word in sys.argv[3:])}
version = tuple(int(part) for part in options["version"].split("."))
sessions = {}  # id: the connections that were made in it, by their token: [id, "pending" or "active"]
number = 0


def say(line):
    print(line, flush=True)


def new(prefix):
    global number
    number += 1
    return f"{prefix}_{number:010d}"


def turn_login():
    if version < (2, 22):
        return "AB12cd", "xY34zw"
    username = f"{int(time.time()) + 86400}:{number:08d}"
    digest = hmac.new(secret.encode(), username.encode(), hashlib.sha1).digest()
    return username, base64.b64encode(digest).decode()


def refuse(status, request):
    # As Spring Boot answers.
    names = {401: "Unauthorized", 404: "Not Found", 409: "Conflict"}
    stamp = time.strftime("%Y-%m-%dT%H:%M:%S.000+00:00", time.gmtime())
    return web.json_response({"timestamp": stamp, "status": status, "error": names[status], "path": request.path}, status=status)


def rest(handler):
    async def answer(request):
        say(f"{request.method} {request.path}")
        expected = "Basic " + base64.b64encode(f"OPENVIDUAPP:{secret}".encode()).decode()
        if request.headers.get("Authorization") != expected:
            return refuse(401, request)
        return await handler(request)

    return answer


async def public_url(request):
    say(f"{request.method} {request.path}")
    return web.Response(text=options.get("public-url", f"https://{request.host}/"))


def session_json(name):
    connections = [connection_json(name, token, *made) for token, made in sessions[name].items()]
    return {
        "id": name, "object": "session", "sessionId": name, "customSessionId": name, "createdAt": int(time.time() * 1000),
        "mediaMode": "ROUTED", "recordingMode": "MANUAL", "recording": False, "broadcasting": False,
        "connections": {"numberOfElements": len(connections), "content": connections}, "forcedVideoCodec": "MEDIA_SERVER_PREFERRED",
        "allowTranscoding": False, "mediaNodeId": "media_node", "defaultRecordingProperties": {},
    }


def connection_json(session, token, name, status):
    given = {"customIceServers": []} if version >= (2, 21) else {}
    return {
        "id": name, "object": "connection", "connectionId": name, "status": status, "createdAt": int(time.time() * 1000),
        "activeAt": None, "location": None, "ip": None, "platform": None, "token": token, "type": "WEBRTC", "record": True,
        "role": "SUBSCRIBER", "kurentoOptions": None, "serverData": "", "clientData": None, "publishers": None,
        "subscribers": None, "sessionId": session, **given,
    }


@rest
async def make_session(request):
    name = (await request.json()).get("customSessionId") or new("ses")
    if name in sessions:
        return refuse(409, request)
    sessions[name] = {}
    return web.json_response(session_json(name))


@rest
async def make_connection(request):
    session = request.match_info["session"]
    if session not in sessions:
        return refuse(404, request)
    host = options.get("token-host", request.host)
    token = f"ws://{host}?sessionId={session}&token={new('tok')}"
    if version < (2, 17):
        username, credential = turn_login()
        ip = options["turn"].rsplit(":", 1)[0]
        token += f"&role=SUBSCRIBER&version=2.16.0&coturnIp={ip}&turnUsername={username}&turnCredential={credential}"
    sessions[session][token] = [new("con"), "pending"]
    return web.json_response(connection_json(session, token, *sessions[session][token]))


@rest
async def show_session(request):
    session = request.match_info["session"]
    return web.json_response(session_json(session)) if session in sessions else refuse(404, request)


@rest
async def remove_session(request):
    known = sessions.pop(request.match_info["session"], None)
    return web.Response(status=204) if known is not None else refuse(404, request)


@rest
async def remove_connection(request):
    made = sessions.get(request.match_info["session"], {})
    token = next((token for token, (name, _) in made.items() if name == request.match_info["connection"]), None)
    if token is None:
        return refuse(404, request)
    del made[token]
    return web.Response(status=204)


def join(params):
    """The result of joinRoom, or the code and the words of an error."""
    session, token = params["session"], params["token"]
    if options.get("media-node") == "no":
        return 204, 'Unable to create room. Cause: "There is no available Media Node where to initialize session"'
    made = sessions.get(session, {}).get(token)
    if made is None or made[1] != "pending":
        return 401, "Unable to join room. The token is not valid"
    made[1] = "active"
    ip, port = options["turn"].rsplit(":", 1)
    username, credential = turn_login()
    result = {
        "id": made[0], "finalUserId": "user", "createdAt": int(time.time() * 1000), "metadata": "", "value": [],
        "session": session, "sessionId": session, "role": "SUBSCRIBER", "record": True, "mediaServer": "kurento",
        "videoSimulcast": False, "life": 1, "version": f"{options['version']}.0",
    }
    if version >= (2, 17):
        result |= {"coturnIp": ip, "turnUsername": username, "turnCredential": credential}
    if version >= (2, 21):
        result["coturnPort"] = int(port)
    if version >= (2, 23):
        result["customIceServers"] = [{"url": f"turn:{ip}:{port}", "username": username, "credential": credential}]
    return result


async def signalling(request):
    socket = web.WebSocketResponse()
    await socket.prepare(request)
    say(f"WS {request.path}")
    session = request.query.get("sessionId")
    async for message in socket:
        if message.type is not WSMsgType.TEXT:
            continue
        asked = json.loads(message.data)
        method, params = asked["method"], asked.get("params") or {}
        say(f"RPC {method}")
        answer = {"jsonrpc": "2.0", "id": asked["id"]}
        if method == "ping":
            answer["result"] = {"value": "pong"}
        elif method == "joinRoom" and options.get("answers") == "slow":
            continue
        elif method == "joinRoom":
            joined = join(params)
            if isinstance(joined, tuple):
                answer["error"] = {"code": joined[0], "message": joined[1], "data": "RpcError"}
            else:
                answer["result"] = {**joined, "sessionId": asked["id"]}
        elif method == "leaveRoom":
            # The last one out destroys the session.
            sessions.pop(session, None)
            answer["result"] = {"sessionId": session}
        else:
            answer["error"] = {"code": -32601, "message": "method not found", "data": ""}
        await socket.send_str(json.dumps(answer))
    return socket


PAGE = """<!doctype html><script src="/bundle.js"></script><script>
const tell = what => fetch("/told", {method: "POST", body: JSON.stringify(what)});
const openvidu = new OpenViduBrowser.OpenVidu();
openvidu.enableProdMode();
const session = openvidu.initSession();
session.connect(new URLSearchParams(location.search).get("joins")).then(
    () => tell({iceServers: openvidu.iceServers, connection: session.connection.connectionId}).then(() => session.disconnect()),
    error => tell({error: String(error.message || error)}));
</script>"""


async def page(_):
    return web.Response(text=PAGE, content_type="text/html")


async def bundle(_):
    return web.FileResponse(folder / "bundle.js")


async def told(request):
    say(f"TOLD {await request.text()}")
    return web.Response()


async def main():
    app = web.Application()
    api = "/openvidu/api"
    app.add_routes([
        web.get(f"{api}/config/openvidu-publicurl", public_url),
        web.post(f"{api}/sessions", make_session),
        web.get(f"{api}/sessions/{{session}}", show_session),
        web.delete(f"{api}/sessions/{{session}}", remove_session),
        web.post(f"{api}/sessions/{{session}}/connection", make_connection),
        web.delete(f"{api}/sessions/{{session}}/connection/{{connection}}", remove_connection),
        web.get("/openvidu", signalling),
        web.get("/page", page),
        web.get("/bundle.js", bundle),
        web.post("/told", told),
    ])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    say(site._server.sockets[0].getsockname()[1])
    await asyncio.Event().wait()


asyncio.run(main())
