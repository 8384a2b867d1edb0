"""Debian's Chromium in a namespace, driven over the pipes of the DevTools protocol: a page that calls, and the page on which
the browser tells of its calls."""

import base64
import json
import os
import queue
import shutil
import subprocess
import tempfile
import threading
import time

FLAGS = ["--headless=new", "--remote-debugging-pipe", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync",
         "--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage", "--mute-audio",
         "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream", "--autoplay-policy=no-user-gesture-required"]

# What the page can do is told here; when and with whom is the script's.
PAGE = """<!doctype html><title>call</title><script>
let pc, opened = [], playing = [];
function make(configuration) {
  pc = new RTCPeerConnection(configuration);
  pc.onicecandidate = ({candidate}) => candidate && candidate.candidate && told(JSON.stringify({candidate}));
  pc.ondatachannel = ({channel}) => opened.push(channel);
  pc.onconnectionstatechange = () => told(JSON.stringify({state: pc.connectionState}));
  pc.ontrack = ({streams, track}) => {
    const element = document.createElement(track.kind);
    element.srcObject = new MediaStream([track]); element.muted = true; element.autoplay = true; playing.push(element);
  };
}
async function media(audio = true, video = true) {
  const size = {width: {ideal: 320}, height: {ideal: 240}, frameRate: {ideal: 15}};
  const stream = await navigator.mediaDevices.getUserMedia({audio, video: video && size});
  for (const track of stream.getTracks()) pc.addTrack(track, stream);
}
async function offer(options) {
  await pc.setLocalDescription(await pc.createOffer(options));
  return pc.localDescription.toJSON();
}
async function answer(description) {
  await pc.setRemoteDescription(description);
  await pc.setLocalDescription();
  return pc.localDescription.toJSON();
}
</script>"""

URL = "https://call.example/room"


class Browser:
    def __init__(self, lab, host, flags=(), tells_late=False):
        self.profile = tempfile.TemporaryDirectory(prefix="chromium", ignore_cleanup_errors=True)
        shell = ["sh", "-c", 'exec 3<&0 4>&1 </dev/null >/dev/null 2>&1; exec "$@"', "sh", "chromium"]
        # Who is to be refused a camera is not to be granted it without a question either.
        usual = [flag for flag in FLAGS if not (flags and flag == "--use-fake-ui-for-media-stream")]
        words = [*lab.within(host), *shell, *usual, *flags, "--user-data-dir=" + self.profile.name]
        environment = {**os.environ, "HOME": self.profile.name}
        self.child = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment)
        self.last, self.answers, self.events, self.lock = 0, {}, queue.Queue(), threading.Condition()
        self.saved = {}
        threading.Thread(target=self.listen, daemon=True).start()
        # The page of the calls is opened before there is one, or else no statistics are kept of it.
        self.internals = None
        if not tells_late:
            self.tell_now()
        self.page = self.tab("about:blank")
        self.ask("Fetch.enable", {"patterns": [{"urlPattern": "https://call.example/*"}]}, self.page)
        self.ask("Runtime.addBinding", {"name": "told"}, self.page)
        self.open()

    def tell_now(self):
        self.internals = self.tab("chrome://webrtc-internals")
        # It draws hundreds of graphs a second, and what it does not keep up with is never saved; unseen they cost nothing.
        self.until(self.internals, "document.querySelector('#dump-click-target') && (document.body.style.display = 'none')")

    def listen(self):
        buffer = b""
        while chunk := os.read(self.child.stdout.fileno(), 1 << 16):
            *messages, buffer = (buffer + chunk).split(b"\0")
            for message in map(json.loads, messages):
                with self.lock:
                    if "id" in message:
                        self.answers[message["id"]] = message
                    elif message["method"] == "Browser.downloadProgress":
                        self.saved[message["params"]["guid"]] = message["params"]["state"]
                    elif message["method"] == "Fetch.requestPaused":
                        self.serve(message)
                    else:
                        self.events.put(message)
                    self.lock.notify_all()
        with self.lock:
            self.answers[None] = True
            self.lock.notify_all()

    def poll(self):
        """What the page tells comes by itself."""

    def serve(self, message):
        body = base64.b64encode(PAGE.encode()).decode()
        self.send("Fetch.fulfillRequest", {"requestId": message["params"]["requestId"], "responseCode": 200, "body": body,
                  "responseHeaders": [{"name": "Content-Type", "value": "text/html"}]}, message["sessionId"])

    def send(self, method, params, session=None):
        with self.lock:
            self.last += 1
            message = {"id": self.last, "method": method, "params": params} | ({"sessionId": session} if session else {})
            self.child.stdin.write(json.dumps(message).encode() + b"\0")
            self.child.stdin.flush()
            return self.last

    def ask(self, method, params=None, session=None, limit=60):
        number = self.send(method, params or {}, session)
        with self.lock:
            if not self.lock.wait_for(lambda: number in self.answers or None in self.answers, limit):
                raise TimeoutError("%s: no answer" % method)
            answer = self.answers.pop(number)
        if "error" in answer:
            raise RuntimeError("%s: %s" % (method, answer["error"]))
        return answer["result"]

    def tab(self, url):
        # In a window of its own it is in front, and does not starve on a busy machine.
        target = self.ask("Target.createTarget", {"url": url, "newWindow": True})["targetId"]
        session = self.ask("Target.attachToTarget", {"targetId": target, "flatten": True})["sessionId"]
        self.ask("Runtime.enable", {}, session)
        self.ask("Page.enable", {}, session)
        return session

    def open(self):
        """Opens the page of calls, or loads it anew."""
        self.ask("Page.navigate", {"url": URL}, self.page)
        self.until(self.page, "document.title === 'call' && document.readyState === 'complete'")

    def eval(self, script, session=None):
        asked = {"expression": script, "awaitPromise": True, "returnByValue": True, "userGesture": True}
        answer = self.ask("Runtime.evaluate", asked, session or self.page)
        if "exceptionDetails" in answer:
            raise RuntimeError("%s: %s" % (script[:200], json.dumps(answer["exceptionDetails"])[:600]))
        return answer["result"].get("value")

    def until(self, session, expression, limit=30):
        end = time.monotonic() + limit
        while time.monotonic() < end:
            try:
                if value := self.eval(expression, session):
                    return value
            except RuntimeError:
                pass
            time.sleep(0.1)
        raise TimeoutError(expression)

    def save(self, button, path):
        """Presses a button of the page of calls, and keeps what it gives."""
        folder = tempfile.mkdtemp(dir=self.profile.name)
        self.ask("Browser.setDownloadBehavior", {"behavior": "allowAndName", "downloadPath": folder, "eventsEnabled": True})
        with self.lock:
            self.saved.clear()
        self.until(self.internals, "document.querySelector('%s')" % button + " && true")
        self.eval("document.querySelector('%s').click()" % button, self.internals)
        with self.lock:
            if not self.lock.wait_for(lambda: "completed" in self.saved.values(), 30):
                raise TimeoutError("nothing was saved by " + button)
            name = next(guid for guid, state in self.saved.items() if state == "completed")
        shutil.move(os.path.join(folder, name), path)

    def close(self):
        try:
            self.ask("Browser.close", limit=5)
            self.child.wait(5)
        except (TimeoutError, KeyError, OSError, RuntimeError, subprocess.TimeoutExpired):
            self.child.kill()
            self.child.wait()
        self.profile.cleanup()
