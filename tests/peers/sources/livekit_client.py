"""Makes a token, and joins a room with it by LiveKit's own client; prints what became of it.

livekit_client.py URL KEY SECRET [SECONDS_OF_LIFE] [SECONDS_UNTIL_VALID]

With "token" in the place of URL it prints the token and joins nothing.
"""

import asyncio
import sys
import time

sys.path.pop(0)

import jwt  # noqa: E402
from livekit import rtc  # noqa: E402

url, key, secret = sys.argv[1:4]
life = int(sys.argv[4]) if len(sys.argv) > 4 else 600
until = int(sys.argv[5]) if len(sys.argv) > 5 else 0
now = int(time.time())
claims = {"iss": key, "sub": "rtc-doctor", "nbf": now + until, "exp": now + life, "video": {"roomJoin": True, "room": "room"}}
token = jwt.encode(claims, secret, algorithm="HS256")


async def join():
    room = rtc.Room()
    try:
        await asyncio.wait_for(room.connect(url, token), 4)
        print("connected", room.name)
    except TimeoutError:
        # It has joined, and waits for the offer that a whole server would make.
        print("joined")
    except Exception as error:
        print("refused", error)


if url == "token":
    print(token)
else:
    asyncio.run(join())
