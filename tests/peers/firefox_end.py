"""The far end of a whole call, whose WebRTC is Firefox's: the page of the room, in Debian's firefox-esr without a window,
driven over WebDriver BiDi from the namespace in which it runs.

It says when the page is seated, and ends with the page. The last line is one of JSON: {"agent", "sentence"}.

    firefox_end.py ROOM
"""

import asyncio
import contextlib
import ctypes
import json
import re
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import aiohttp

PREFERENCES = {
    "media.autoplay.default": 0,
    # Names of the local link take a multicast that a namespace does not have.
    "media.peerconnection.ice.obfuscate_host_addresses": False,
    "media.peerconnection.ice.loopback": True,
    "app.update.enabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
}


class Page:
    """One page, asked by WebDriver BiDi (https://w3c.github.io/webdriver-bidi)."""

    def __init__(self, socket):
        self.socket, self.last = socket, 0

    async def ask(self, method, **params):
        self.last += 1
        await self.socket.send_json({"id": self.last, "method": method, "params": params})
        async for message in self.socket:
            said = json.loads(message.data)
            if said.get("id") == self.last:
                if said["type"] == "error":
                    raise RuntimeError(f"{method}: {said['message']}")
                return said["result"]

    async def open(self, address):
        await self.ask("session.new", capabilities={})
        self.context = (await self.ask("browsingContext.getTree"))["contexts"][0]["context"]
        await self.ask("browsingContext.navigate", context=self.context, url=address, wait="complete")

    async def until(self, expression):
        """The first value of this expression that is truthy; the page itself looks."""
        script = f"""new Promise(resolve => {{ const look = () => {{
            const value = ({expression}); value ? resolve(value) : setTimeout(look, 20) }}; look() }})"""
        asked = {"expression": script, "target": {"context": self.context}, "awaitPromise": True, "userActivation": True}
        return (await self.ask("script.evaluate", **asked))["result"].get("value")


def ends_with_us():
    """A test that fails kills this program alone: the kernel then ends its browser, too (PR_SET_PDEATHSIG)."""
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)


def listening(program):
    for line in program.stderr:
        if found := re.search(r"WebDriver BiDi listening on (ws://\S+)", line):
            return found[1]
    raise RuntimeError("Firefox does not listen")


@contextlib.asynccontextmanager
async def firefox():
    """A page of a Firefox that ends with it."""
    with tempfile.TemporaryDirectory() as profile:
        preferences = [f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in PREFERENCES.items()]
        Path(profile, "user.js").write_text("".join(preferences))
        words = ["firefox-esr", "--headless", "--no-remote", "--profile", profile, "--remote-debugging-port", "0"]
        program = subprocess.Popen(
            words,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            env={"HOME": profile, "PATH": "/usr/bin:/bin"},
            preexec_fn=ends_with_us,
        )
        try:
            where = listening(program)
            # What else it has to say would fill the pipe.
            reading = asyncio.get_running_loop().run_in_executor(None, program.stderr.read)
            async with aiohttp.ClientSession() as client, client.ws_connect(where + "/session") as socket:
                yield Page(socket)
        finally:
            program.terminate()
            program.wait()
            await reading


async def main(address):
    async with firefox() as page:
        await page.open(address)
        await page.until("(document.querySelector('#start').click(), true)")
        await page.until("document.querySelector('[data-step=room]').dataset.state === 'done'")
        print("seated", flush=True)
        sentence = await page.until(
            "!document.querySelector('#after').hidden && document.querySelector('#sentence').textContent"
        )
        agent = await page.until("navigator.userAgent")
        print(json.dumps({"agent": agent, "sentence": sentence}), flush=True)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
