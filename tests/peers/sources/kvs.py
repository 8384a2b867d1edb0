"""A stand-in for the signalling channels of Amazon Kinesis Video Streams: three requests, each held to AWS's own model and
its signature computed again by AWS's own signer (botocore).

kvs.py KEY SECRET [NAME=VALUE ...]

It prints the port on which it listens (127.0.0.1), then a line for each request: its path, and what was said of it.

token=T          the session token that goes with the key
ahead=SECONDS    its clock runs ahead of this machine's
allows=no        the key may not ask for ICE servers
channel=NAME     the one channel that is there
turn=HOST:PORT   the TURN server that is handed out
"""

import asyncio
import datetime
import json
import re
import sys
import time

import botocore.session
from aiohttp import web
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.validate import ParamValidator

key, secret = sys.argv[1:3]
options = {"turn": "127.0.0.1:3478", "channel": "front-door", **dict(word.split("=", 1) for word in sys.argv[3:])}
models = botocore.session.get_session()
OPERATIONS = {
    "/describeSignalingChannel": ("kinesisvideo", "DescribeSignalingChannel"),
    "/getSignalingChannelEndpoint": ("kinesisvideo", "GetSignalingChannelEndpoint"),
    "/v1/get-ice-server-config": ("kinesis-video-signaling", "GetIceServerConfig"),
}
ARN = f"arn:aws:kinesisvideo:eu-west-1:111122223333:channel/{options['channel']}/1700000000000"


class Refused(Exception):
    def __init__(self, status, kind, message):
        super().__init__(kind)
        self.status, self.kind, self.message = status, kind, message


def verify(request, body):
    """As AWS's front does before it looks at a request."""
    given = re.fullmatch(
        r"AWS4-HMAC-SHA256 Credential=([^/]+)/(\d{8})/([^/]+)/kinesisvideo/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})",
        request.headers.get("Authorization", ""),
    )
    if given is None:
        raise Refused(403, "MissingAuthenticationTokenException", "Missing Authentication Token")
    asked_key, _, region, names, signature = given.groups()
    if asked_key != key or request.headers.get("X-Amz-Security-Token") != options.get("token"):
        raise Refused(403, "UnrecognizedClientException", "The security token included in the request is invalid.")
    stamp = request.headers["X-Amz-Date"]
    made = datetime.datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=datetime.timezone.utc).timestamp()
    now = time.time() + float(options.get("ahead", 0))
    if abs(now - made) > 300:
        show = lambda at: time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(at))
        words = "Signature expired: {} is now earlier than {} ({} - 5 min.)" if made < now else "Signature not yet current: {} is still later than {} ({} + 5 min.)"
        limit = now - 300 if made < now else now + 300
        raise Refused(403, "InvalidSignatureException", words.format(stamp, show(limit), show(now)))
    signed = {name: request.headers[name] for name in names.split(";")}
    again = AWSRequest(request.method, f"http://{request.host}{request.path_qs}", headers=signed, data=body)
    again.context["timestamp"] = stamp
    auth = SigV4Auth(Credentials(key, secret, options.get("token")), "kinesisvideo", region)
    if auth.signature(auth.string_to_sign(again, auth.canonical_request(again)), again) != signature:
        words = "The request signature we calculated does not match the signature you provided."
        raise Refused(403, "InvalidSignatureException", words)


def answer(request, name, params):
    channel = params.get("ChannelName", params.get("ChannelARN"))
    if channel not in (options["channel"], ARN):
        raise Refused(404, "ResourceNotFoundException", "The requested channel is not found or not active.")
    if name == "DescribeSignalingChannel":
        info = {"ChannelName": options["channel"], "ChannelARN": ARN, "ChannelType": "SINGLE_MASTER", "ChannelStatus": "ACTIVE"}
        return {"ChannelInfo": info}
    if name == "GetSignalingChannelEndpoint":
        wanted = params["SingleMasterChannelEndpointConfiguration"]["Protocols"]
        ends = [{"Protocol": protocol, "ResourceEndpoint": f"http://{request.host}"} for protocol in wanted]
        return {"ResourceEndpointList": ends}
    if options.get("allows") == "no":
        words = f"User: arn:aws:iam::111122223333:user/test is not authorized to perform: kinesisvideo:GetIceServerConfig on resource: {ARN}"
        raise Refused(401, "NotAuthorizedException", words)
    host = options["turn"]
    uris = [f"turn:{host}?transport=udp", f"turns:{host}?transport=udp", f"turns:{host}?transport=tcp"]
    return {"IceServerList": [{"Password": "cGFzc3dvcmQ=", "Ttl": 300, "Uris": uris, "Username": "1796000000:user"}]}


async def take(request):
    body = await request.read()
    service, name = OPERATIONS[request.path]
    try:
        verify(request, body)
        params = json.loads(body)
        shape = models.get_service_model(service).operation_model(name).input_shape
        report = ParamValidator().validate(params, shape)
        if report.has_errors():
            raise Refused(400, "InvalidArgumentException", report.generate_report())
        told = answer(request, name, params)
    except Refused as refused:
        print(f"{request.path} {refused.kind}: {refused.message}", flush=True)
        head = {"x-amzn-ErrorType": refused.kind}
        return web.json_response({"Message": refused.message}, status=refused.status, headers=head)
    print(f"{request.path} answered", flush=True)
    return web.json_response(told)


async def main():
    app = web.Application()
    app.add_routes([web.post(path, take) for path in OPERATIONS])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    print(site._server.sockets[0].getsockname()[1], flush=True)
    await asyncio.Event().wait()


asyncio.run(main())
