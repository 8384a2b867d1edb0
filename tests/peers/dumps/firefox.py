"""Debian's Firefox ESR in a namespace, driven by Marionette: the same page, and what about:webrtc tells of its calls."""

import ctypes
import json
import os
import queue
import socket
import subprocess
import tempfile
import threading
import time

from browser import PAGE

PREFERENCES = {
    "media.navigator.streams.fake": True, "media.navigator.permission.disabled": True, "media.autoplay.default": 0,
    # Names of the local link take a multicast that a namespace does not have.
    "media.peerconnection.ice.obfuscate_host_addresses": False, "media.aboutwebrtc.hist.enabled": True,
    "app.update.enabled": False, "datareporting.policy.dataSubmissionEnabled": False, "browser.shell.checkDefaultBrowser": False,
    "network.captive-portal-service.enabled": False, "network.connectivity-service.enabled": False,
}
CLONE_NEWNET = 0x40000000
# Of what a page tells, Firefox has no binding to hear at once.
HEARD = PAGE.replace("let pc", "const heard = []; window.told = word => heard.push(word); let pc")


def within(lab, host, act):
    """What `act` gives in a host's namespace; sockets belong to that in which they are made."""
    libc, given = ctypes.CDLL(None, use_errno=True), queue.Queue()

    def there():
        with open("/var/run/netns/" + lab.name(host)) as namespace:
            if libc.setns(namespace.fileno(), CLONE_NEWNET):
                given.put(OSError("setns"))
                return
        try:
            given.put(act())
        except OSError as error:
            given.put(error)

    # The namespace is the thread's alone, and ends with it.
    thread = threading.Thread(target=there)
    thread.start()
    thread.join()
    value = given.get()
    if isinstance(value, OSError):
        raise value
    return value


class Firefox:
    def __init__(self, lab, host):
        self.profile = tempfile.TemporaryDirectory(prefix="firefox", ignore_cleanup_errors=True)
        with open(os.path.join(self.profile.name, "user.js"), "w") as file:
            file.writelines("user_pref(%s, %s);\n" % (json.dumps(n), json.dumps(v)) for n, v in PREFERENCES.items())
        self.listener = within(lab, host, lambda: socket.create_server(("127.0.0.1", 8080)))
        threading.Thread(target=self.serve, daemon=True).start()
        words = [*lab.within(host), "firefox-esr", "--headless", "--no-remote", "--marionette", "--remote-allow-system-access",
                 "--profile", self.profile.name]
        self.child = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                      env={"HOME": self.profile.name, "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"})
        self.last, self.buffer, self.events = 0, b"", queue.Queue()
        self.socket = self.connected(lab, host)
        self.receive()
        self.ask("WebDriver:NewSession", {"capabilities": {"alwaysMatch": {"timeouts": {"script": 60000}}}})
        self.page = self.ask("WebDriver:GetWindowHandle")["value"]
        self.open()

    def connected(self, lab, host):
        end = time.monotonic() + 60
        while True:
            try:
                return within(lab, host, lambda: socket.create_connection(("127.0.0.1", 2828)))
            except OSError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.2)

    def serve(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            client.recv(65536)
            body = HEARD.encode()
            head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\nContent-Length: %d\r\n\r\n"
            client.sendall(head % len(body) + body)
            client.close()

    def receive(self):
        while b":" not in self.buffer:
            self.buffer += self.socket.recv(65536)
        length, _, rest = self.buffer.partition(b":")
        while len(rest) < int(length):
            rest += self.socket.recv(1 << 20)
        self.buffer = rest[int(length):]
        return json.loads(rest[:int(length)])

    def ask(self, command, params=None):
        self.last += 1
        message = json.dumps([0, self.last, command, params or {}]).encode()
        self.socket.sendall(b"%d:%s" % (len(message), message))
        _, _, error, result = self.receive()
        if error:
            raise RuntimeError("%s: %s" % (command, error.get("message")))
        return result

    def script(self, text, *words):
        answer = self.ask("WebDriver:ExecuteAsyncScript", {"script": text, "args": list(words), "newSandbox": False})["value"]
        if answer and "error" in answer:
            raise RuntimeError(answer["error"])
        return answer and answer.get("value")

    def eval(self, script):
        value = self.script("""const [text, done] = [arguments[0], arguments[arguments.length - 1]];
            const page = window.wrappedJSObject ?? window;
            page.eval('(async () => JSON.stringify(await (' + text + ')))()').then(
                value => done({value}), error => done({error: String(error)}));""", script)
        return None if value is None else json.loads(value)

    def open(self):
        self.ask("WebDriver:Navigate", {"url": "http://127.0.0.1:8080/room"})

    def poll(self):
        for word in self.eval("heard.splice(0)"):
            self.events.put({"method": "Runtime.bindingCalled", "params": {"payload": word}})

    def save(self, folder, name):
        """The report that "Copy Report" gives, the connection log, and the page as "Save Page" writes it."""
        self.ask("Marionette:SetContext", {"value": "chrome"})
        reports = self.script("""const done = arguments[arguments.length - 1];
            WebrtcGlobalInformation.getAllStats(all => done({value: JSON.stringify(all.reports)}));""")
        log = self.script("""const done = arguments[arguments.length - 1];
            WebrtcGlobalInformation.getLogging('', lines => done({value: lines.join('\\n')}));""")
        self.ask("Marionette:SetContext", {"value": "content"})
        for place, report in enumerate(json.loads(reports)):
            with open(os.path.join(folder, "%s.copy-report%s.json" % (name, place or "")), "w") as file:
                json.dump(report, file, indent=2)
        with open(os.path.join(folder, name + ".log.txt"), "w") as file:
            file.write(log or "")
        self.ask("WebDriver:SwitchToWindow", {"handle": self.ask("WebDriver:NewWindow", {"type": "tab"})["handle"]})
        self.ask("WebDriver:Navigate", {"url": "about:webrtc"})
        time.sleep(1.5)
        page = self.script("""const done = arguments[arguments.length - 1];
            for (const button of document.querySelectorAll('.fold-trigger, button')) {
                if (/show|expand/i.test(button.dataset.l10nId ?? '') && !/history/.test(button.dataset.l10nId)) button.click();
            }
            setTimeout(() => { document.querySelectorAll('.no-print').forEach(each => each.remove());
                done({value: document.querySelector('#content').outerHTML}); }, 1000);""")
        with open(os.path.join(folder, name + ".aboutWebrtc.html"), "wb") as file:
            # One byte a character, whatever the character is.
            file.write(bytes(ord(character) & 0xFF for character in page))
        self.ask("WebDriver:SwitchToWindow", {"handle": self.page})

    def close(self):
        self.listener.close()
        self.child.terminate()
        try:
            self.child.wait(5)
        except subprocess.TimeoutExpired:
            self.child.kill()
        self.profile.cleanup()
