"""Two sites behind the kernel's NATs, and the internet between them with a coturn, in network namespaces of this process.

    host a 10.0.0.2 ── router 203.0.113.21 ──┐
                                             internet 203.0.113.10 and .11 (coturn)
    host b 10.1.0.2 ── router 203.0.113.25 ──┘

A site is of one of these kinds: "open" (public addresses, 198.51.100.2
and .10), "nat" (EIM/APDF), "symmetric" (each destination
another port), "no-udp" (a NAT that lets no UDP out), "only-443" (nothing but TCP to port 443).
"""

import contextlib
import os
import shutil
import subprocess
import tempfile
import time

SERVER, ALTERNATE = "203.0.113.10", "203.0.113.11"
SERVER6 = "2001:db8::10"


def run(*words, text=None):
    done = subprocess.run(words, input=text, text=True, capture_output=True)
    if done.returncode:
        raise RuntimeError("%s: %s" % (" ".join(words), done.stderr))
    return done.stdout


class Lab:
    def __init__(self, kinds, ipv6=False):
        self.tag = "fresh%d" % os.getpid()
        self.folder = tempfile.mkdtemp(prefix=self.tag)
        self.hosts, self.children, self.blocks = [], [], 0
        self.kinds, self.ipv6 = kinds, ipv6

    def __enter__(self):
        try:
            self.namespace("internet")
            self.inside("internet", "sysctl", "-qw", "net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1")
            for address in (SERVER, ALTERNATE):
                self.ip("internet", "addr add %s/32 dev lo" % address)
            # What goes to nobody's address is lost without a word.
            self.namespace("nowhere")
            self.link(("internet", "nowhere", "192.0.2.1/30"), ("nowhere", "inside", "192.0.2.2/30"))
            self.ip("internet", "route add default via 192.0.2.2")
            if self.ipv6:
                self.ip("internet", "-6 addr add %s/128 dev lo nodad" % SERVER6)
            for number, kind in enumerate(self.kinds):
                self.site(number, kind)
            if self.ipv6:
                self.await_ipv6()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for child in self.children:
            child.terminate()
        for child in self.children:
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(3)
        for host in self.hosts:
            subprocess.run(["ip", "netns", "del", self.name(host)], capture_output=True)
        shutil.rmtree(self.folder, ignore_errors=True)

    def name(self, host):
        return "%s-%s" % (self.tag, host)

    def namespace(self, host):
        self.hosts.append(host)
        run("ip", "netns", "add", self.name(host))
        self.ip(host, "link set lo up")

    def within(self, host):
        return ["ip", "netns", "exec", self.name(host)]

    def inside(self, host, *words, text=None):
        return run(*self.within(host), *words, text=text)

    def ip(self, host, words):
        family = ["-6"] if words.startswith("-6 ") else []
        return run("ip", *family, "-n", self.name(host), *words.removeprefix("-6 ").split())

    def rules(self, host, text):
        self.inside(host, "nft", "-f", "-", text=text)

    def spawn(self, host, words, **how):
        child = subprocess.Popen([*self.within(host), *words], **how)
        self.children.append(child)
        return child

    def link(self, one, other):
        (host, device, address), (there, far, far_address) = one, other
        run("ip", "link", "add", device, "netns", self.name(host), "type", "veth", "peer", "name", far, "netns", self.name(there))
        for name, its, own in ((host, device, address), (there, far, far_address)):
            self.ip(name, "addr add %s dev %s" % (own, its))
            self.ip(name, "link set %s up" % its)

    def site(self, number, kind):
        host, router = "ab"[number], "router-" + "ab"[number]
        self.namespace(host)
        self.namespace(router)
        self.inside(router, "sysctl", "-qw", "net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1")
        first = 8 * number if kind == "open" else 0
        lan = "198.51.100.{}/29" if kind == "open" else "10.%d.0.{}/24" % number
        base = 20 + 4 * number
        self.link((host, "eth0", lan.format(first + 2)), (router, "inside", lan.format(first + 1)))
        uplink = "203.0.113.%d/30"
        self.link((router, "outside", uplink % (base + 1)), ("internet", "site%d" % number, uplink % (base + 2)))
        self.ip(host, "route add default via %s" % lan.format(first + 1).split("/")[0])
        self.ip(router, "route add default via 203.0.113.%d" % (base + 2))
        if kind == "open":
            self.ip("internet", "route add 198.51.100.%d/29 via 203.0.113.%d" % (first, base + 1))
        else:
            self.rules(router, nat(kind))
        if self.ipv6:
            self.ipv6_site(number, host, router)

    def ipv6_site(self, number, host, router):
        inner, outer = "2001:db8:10%d::" % number, "2001:db8:20%d::" % number
        for name, address, device in ((host, inner + "2", "eth0"), (router, inner + "1", "inside"),
                                      (router, outer + "1", "outside"), ("internet", outer + "2", "site%d" % number)):
            self.ip(name, "-6 addr add %s/64 dev %s nodad" % (address, device))
        self.ip(host, "-6 route add default via %s1" % inner)
        self.ip(router, "-6 route add default via %s2" % outer)
        self.ip("internet", "-6 route add %s/64 via %s1" % (inner, outer))

    def await_ipv6(self):
        """The addresses of the link are checked for a second first."""
        for host in "ab":
            while subprocess.run([*self.within(host), "ping", "-6", "-c1", "-W1", SERVER6], capture_output=True).returncode:
                pass

    def coturn(self, *more, password="pass"):
        words = ["turnserver", "-n", "-L", SERVER, "-L", ALTERNATE, "-a", "-u", "user:" + password, "-r", "lab.example",
                 "--no-cli", "--allow-loopback-peers", "--log-file=stdout", "--simple-log",
                 "--pidfile=%s/turn.pid" % self.folder, "--userdb=%s/turn.db" % self.folder, *(["-L", SERVER6] if self.ipv6 else []), *more]
        log = open(os.path.join(self.folder, "turn.log"), "wb")
        self.spawn("internet", words, stdout=log, stderr=subprocess.STDOUT)
        for _ in range(100):
            if SERVER + ":3478" in self.inside("internet", "ss", "-lnu"):
                return
            time.sleep(0.1)
        raise RuntimeError("coturn did not come up: %s/turn.log" % self.folder)

    def certificate(self):
        """Of the server, signed by nobody whom a browser knows."""
        pem, key = (os.path.join(self.folder, name) for name in ("turn.pem", "turn.key"))
        run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", pem, "-days", "30", "-subj",
            "/CN=" + SERVER, "-addext", "subjectAltName=IP:" + SERVER)
        return pem, key

    def block(self, host, *rules):
        """Drops what these nftables rules match, on its way through or at this host; gives the table's name, for `unblock`."""
        self.blocks += 1
        table = "rig%d" % self.blocks
        chains = "".join("chain %s { type filter hook %s priority -150; %s }\n" % (hook, hook, " ".join(
            rule + " drop;" for rule in rules)) for hook in ("forward", "input", "output"))
        self.rules(host, "table inet %s {\n%s}\n" % (table, chains))
        return table

    def unblock(self, host, table):
        self.inside(host, "nft", "delete", "table", "inet", table)


def nat(kind):
    masquerade = "masquerade fully-random" if kind == "symmetric" else "masquerade"
    out = {"no-udp": "oifname outside meta l4proto udp drop",
           "only-443": "oifname outside meta l4proto udp drop; oifname outside tcp dport != 443 drop"}.get(kind, "")
    return """
table ip nat {
  chain post { type nat hook postrouting priority 100; oifname outside %s; }
}
table ip filter {
  chain in { type filter hook input priority 0; iifname outside ct state new drop; }
  chain through { type filter hook forward priority 0; iifname outside ct state new drop; %s; }
}
""" % (masquerade, out)
