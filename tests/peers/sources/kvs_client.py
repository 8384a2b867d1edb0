"""Asks for the ICE servers of a signalling channel with the real botocore, and prints their URIs or the name of the error.

kvs_client.py URL KEY SECRET TOKEN CHANNEL
"""

import sys

import botocore.session
from botocore.exceptions import ClientError

url, key, secret, token, channel = sys.argv[1:]
session = botocore.session.get_session()


def client(service, url):
    login = {"aws_access_key_id": key, "aws_secret_access_key": secret, "aws_session_token": token or None}
    return session.create_client(service, region_name="eu-west-1", endpoint_url=url, **login)


try:
    channels = client("kinesisvideo", url)
    arn = channels.describe_signaling_channel(ChannelName=channel)["ChannelInfo"]["ChannelARN"]
    how = {"Protocols": ["HTTPS"], "Role": "VIEWER"}
    ends = channels.get_signaling_channel_endpoint(ChannelARN=arn, SingleMasterChannelEndpointConfiguration=how)
    end = ends["ResourceEndpointList"][0]["ResourceEndpoint"]
    servers = client("kinesis-video-signaling", end).get_ice_server_config(ChannelARN=arn, ClientId="viewer", Service="TURN")
    print(*(uri for server in servers["IceServerList"] for uri in server["Uris"]))
except ClientError as error:
    print(error.response["Error"]["Code"])
