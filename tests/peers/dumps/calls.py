"""The calls that `fresh.py` can make: the network of each, what is done in the midst of it, and the truth of it.

The truth has "path" (direct, relay-a, relay-b, none), "broke" (None, or how: cut, one-way, dtls, …), and "cause" in words.
"""

import json
import time

CALLS = {}


class Plan:
    def __init__(self, run, kinds, coturn, ipv6, ends, browser):
        self.run, self.kinds, self.coturn, self.ipv6 = run, kinds, coturn, ipv6
        self.ends, self.browser = ends, browser


def call(a, b, coturn=(), ipv6=False, ends="ab", browser=None):
    def noted(run):
        CALLS[run.__name__.replace("_", "-")] = Plan(run, (a, b), coturn, ipv6, ends, browser or {})
        return run
    return noted


def truth(path, broke=None, cause="", **more):
    return {"path": path, "broke": broke, "cause": cause, **more}


# --- what issue 18 asks for --------------------------------------------------------------------------------------------


@call("nat", "open")
def direct(rig):
    """a behind a NAT that nothing is in the way of."""
    rig.call(media="video")
    return truth("direct")


@call("symmetric", "symmetric")
def relayed(rig):
    """Both NATs give each destination another port."""
    rig.call()
    return truth("relay", cause="both NATs map by destination")


@call("symmetric", "symmetric")
def wrong_password(rig):
    """The TURN server is there and refuses."""
    rig.call(rig.servers(password="wrong"), seconds=6)
    return truth("none", "never", "TURN refused the credentials; both NATs map by destination")


@call("no-udp", "nat")
def udp_blocked(rig):
    """No UDP leaves a's network; TURN over TCP carries the call."""
    rig.call()
    return truth("relay-a", cause="no UDP at a", over="tcp")


@call("nat", "open")
def cut(rig):
    """All of a's packets are dropped in the midst, for good."""
    rig.call(seconds=6)
    rig.lab.block("router-a", "meta nfproto ipv4")
    at = rig.now()
    rig.pump(18)
    return truth("direct", "cut", "everything at a's router was dropped", at_s=at)


@call("nat", "open")
def one_way(rig):
    """RTP towards a is dropped, nothing else."""
    rig.lab.block("router-a", "iifname outside meta l4proto udp @th,64,8 128-191")
    rig.call(seconds=9, media="video")
    return truth("direct", "one-way", "RTP and RTCP towards a are dropped", hears={"a": False, "b": True})


@call("nat", "open")
def dtls_blocked(rig):
    """DTLS is dropped in both directions, STUN is not."""
    rig.lab.block("router-a", "meta l4proto udp @th,64,8 20-63")
    rig.call(seconds=4)
    return truth("direct", "dtls", "DTLS is dropped both ways at a's router")


@call("nat", "open")
def candidates_lost(rig):
    """Descriptions arrive, candidates do not."""
    rig.loses_candidates = lambda end, candidate: True
    rig.call(seconds=1)
    return truth("none", "never", "signalling loses the candidates")


@call("nat", "open")
def restart(rig):
    """ICE is restarted in a good call, and goes on."""
    rig.call(seconds=4)
    rig.negotiate(options={"iceRestart": True})
    rig.pump(7)
    return truth("direct", cause="an ICE restart that went well", restarted=True)


@call("nat", "open")
def outage(rig):
    """Nothing passes for 8 s, then all does again."""
    rig.call(seconds=6)
    table = rig.lab.block("router-a", "meta nfproto ipv4")
    at = rig.now()
    rig.pump(8)
    rig.lab.unblock("router-a", table)
    rig.pump(9)
    return truth("direct", "outage", "nothing passed for 8 s", at_s=at, for_s=8)


# --- what is not among the shared files ---------------------------------------------------------------------------------


@call("nat", "open")
def relay_policy(rig):
    """The page of a asks for relays only; nothing else is in the way."""
    rig.call(rig.servers(policy="relay"), rig.servers())
    return truth("relay-a", cause="iceTransportPolicy relay, by the application", over="udp")


@call("nat", "open")
def three_interfaces(rig):
    """a has a container's bridge and a tunnel beside its network."""
    for device, address in (("docker0", "172.17.0.1/16"), ("tun0", "10.8.0.6/24"), ("virbr0", "192.168.122.1/24")):
        rig.lab.link(("a", device, address), ("nowhere", device, "192.0.2.9/32"))
    rig.call()
    return truth("direct", cause="the other interfaces do no harm")


@call("nat", "nat", ipv6=True)
def ipv6(rig):
    """Both have IPv6 without a firewall."""
    rig.call()
    return truth("direct", cause="over IPv6", family=6)


@call("nat", "open")
def network_changed(rig):
    """a's address changes in the midst, and the page restarts ICE."""
    rig.call(seconds=5)
    at = rig.now()
    # With the first address of a network all others of it go, and so does the route.
    rig.lab.ip("a", "addr del 10.0.0.2/24 dev eth0")
    rig.lab.ip("a", "addr add 10.0.0.77/24 dev eth0")
    rig.lab.ip("a", "route replace default via 10.0.0.1")
    rig.pump(3)
    rig.negotiate(options={"iceRestart": True})
    rig.pump(8)
    return truth("direct", "outage", "a changed its network, and ICE was restarted", at_s=at, restarted=True)


@call("only-443", "nat", coturn=lambda lab: ["--tls-listening-port", "443", "--cert", lab.certificate()[0], "--pkey",
                                            lab.folder + "/turn.key"])
def tls_unknown(rig):
    """Only TCP 443 leaves a's network; the TURN server there has a certificate that nobody signed."""
    rig.call(rig.servers(turn=("udp",), urls=["turns:203.0.113.10:443?transport=tcp"]), rig.servers(), seconds=5)
    return truth("none", "never", "a's network lets only TCP 443 out, and the certificate of the TURN server is not trusted")


@call("only-443", "nat", coturn=["--alt-listening-port", "443", "--listening-port", "3478"])
def tcp_443(rig):
    """Only TCP 443 leaves a's network, and TURN is there."""
    rig.call(rig.servers(urls=["turn:203.0.113.10:443?transport=tcp"]), rig.servers())
    return truth("relay-a", cause="a's network lets only TCP 443 out", over="tcp")


@call("nat", "open")
def hold(rig):
    """b puts the call on hold: its description says so."""
    rig.call(seconds=5)
    rig.ends["b"].eval("pc.getTransceivers().forEach(each => each.direction = 'inactive')")
    rig.negotiate(first="b")
    rig.pump(9)
    return truth("direct", cause="b has put the call on hold; nothing is broken")


@call("nat", "open")
def nothing_sent(rig):
    """b takes its tracks away without telling: no packet of it is sent."""
    rig.call(seconds=5)
    rig.ends["b"].eval("Promise.all(pc.getSenders().map(each => each.replaceTrack(null)))")
    rig.pump(10)
    return truth("direct", cause="b's page sends nothing any more; the network lets all through")


@call("nat", "open")
def muted(rig):
    """b is muted from the beginning: silence and a black picture are sent."""
    rig.make("a", rig.servers())
    rig.make("b", rig.servers())
    rig.ends["b"].eval("pc.getSenders().forEach(each => each.track.enabled = false)")
    rig.negotiate()
    rig.pump(15, until="connected")
    rig.pump(9)
    return truth("direct", cause="b is muted; nothing is broken")


@call("symmetric", "symmetric", coturn=["--user-quota=1"])
def quota(rig):
    """The TURN server gives each user one allocation, and both ends are one user."""
    rig.call(seconds=8)
    return truth("relay-a", cause="relayed through the one allocation that was given; others were refused by quota (486)")


@call("symmetric", "symmetric", coturn=["--total-quota=1", "--user-quota=1"])
def quota_none(rig):
    """The quota of the TURN server is used up before the call."""
    rig.ends["a"].eval("""(async () => { window.hoard = new RTCPeerConnection(%s); hoard.createDataChannel('x');
        await hoard.setLocalDescription(); })()""" % json.dumps(rig.servers(stun=False, turn=("udp",), policy="relay")))
    time.sleep(2)
    rig.call(seconds=6)
    return truth("none", "never", "the TURN server refused by quota (486); both NATs map by destination", several=True)


def private_relay_words(lab):
    lab.ip("internet", "addr add 172.31.9.9/32 dev lo")
    return ["-E", "172.31.9.9"]


@call("symmetric", "symmetric", coturn=private_relay_words)
def private_relay(rig):
    """TURN hands out a private address, as behind a NAT without external-ip, that nobody else reaches."""
    for host in ("router-a", "router-b"):
        rig.lab.block(host, "ip daddr 172.16.0.0/12", "ip saddr 172.16.0.0/12")
    # The two relays must not reach each other either: on the real one each would be another machine's.
    rig.lab.block("internet", "ip daddr 172.31.9.9 meta l4proto udp")
    rig.call(seconds=6)
    return truth("none", "never", "the TURN server hands out private relayed addresses; both NATs map by destination")


@call("nat", "open")
def hidden(rig):
    """a has no permission for a microphone: its addresses are names of mDNS; data alone."""
    rig.make("a", rig.servers(), media=False)
    rig.ends["a"].eval("window.channel = pc.createDataChannel('x'), 0")
    rig.make("b", rig.servers(), media=False)
    rig.negotiate()
    rig.pump(15, until="connected")
    rig.ends["a"].eval("window.ticking = setInterval(() => channel.readyState === 'open' && channel.send('tick'), 200), 0")
    rig.pump(7)
    return truth("direct", cause="data alone, as agreed")


@call("nat", "open")
def tab_closed(rig):
    """b closes its tab without a word."""
    rig.call(seconds=6)
    at = rig.now()
    rig.save("b")
    rig.ends["b"].ask("Page.close", {}, rig.ends["b"].page)
    rig.sees["b"] = False
    rig.pump(17)
    rig.save("a")
    return truth("direct", "ended-there", "b's tab was closed", at_s=at, is_saved=True)


@call("nat", "open")
def hung_up(rig):
    """b closes its connection, and a only learns of it by DTLS."""
    rig.call(seconds=6)
    at = rig.now()
    rig.ends["b"].eval("pc.close()")
    rig.pump(12)
    return truth("direct", "ended-there", "b closed the connection", at_s=at)


@call("nat", "open")
def reloaded(rig):
    """b loads its page anew in the midst, and the two call again with new connections."""
    rig.call(seconds=5)
    at = rig.now()
    rig.ends["b"].open()
    rig.sees.update(a=False, b=False)
    rig.early = {"a": [], "b": []}
    rig.pump(1)
    rig.early = {"a": [], "b": []}
    rig.call(seconds=8)
    return truth("direct", cause="b reloaded; the second connection is good", at_s=at, connections={"a": 2, "b": 1})


@call("nat", "open", browser={"a": {"tells_late": True}})
def opened_late(rig):
    """a's page of calls is opened 6 s into the call."""
    rig.call(seconds=5)
    rig.ends["a"].tell_now()
    rig.pump(7)
    return truth("direct", cause="statistics begin late at a")


@call("nat", "open")
def saved_after(rig):
    """Both hang up, and then the files are saved."""
    rig.call(seconds=7)
    for name in "ab":
        rig.ends[name].eval("pc.close()")
    rig.pump(2)
    return truth("direct", cause="ended by the application")


@call("nat", "open")
def saved_gone(rig):
    """The page of a is left before the file is saved: its connections are gone from it."""
    rig.call(seconds=4)
    rig.ends["a"].ask("Page.navigate", {"url": "about:blank"}, rig.ends["a"].page)
    rig.sees["a"] = False
    rig.pump(3)
    return truth("unknown", cause="a's file holds no connection any more")


def lite(to, description):
    """As a server that only answers checks describes itself; it offers the loopback address alone."""
    if to == "a":
        lines = description["sdp"].split("\r\n")
        lines.insert(next(place for place, line in enumerate(lines) if line.startswith("t=")) + 1, "a=ice-lite")
        return description | {"sdp": "\r\n".join(lines)}
    return description


@call("nat", "open")
def lite_good(rig):
    """b describes itself as a server does (ice-lite), and is reached."""
    rig.call(change=lite)
    return truth("direct")


@call("nat", "open")
def lite_loopback(rig):
    """b is a server (ice-lite) that announces nothing but 127.0.0.1."""
    rig.loses_candidates = lambda end, candidate: True
    rig.make("a", rig.servers())
    rig.make("b", rig.servers())
    loopback = "candidate:1 1 udp 2130706431 127.0.0.1 50000 typ host"

    def announced(to, description):
        if to == "b":
            return description
        described = lite(to, description)
        sdp = described["sdp"].replace("a=mid:0\r\n", "a=mid:0\r\na=%s\r\na=end-of-candidates\r\n" % loopback)
        return described | {"sdp": sdp}

    rig.negotiate(change=announced)
    rig.pump(17)
    return truth("none", "never", "the server announces its loopback address alone")


@call("nat", "open")
def two_connections(rig):
    """Before the good call, the page of a tries a TURN server that is not there."""
    configuration = rig.servers(stun=False, turn=(), urls=["turn:203.0.113.99:3478?transport=udp"], policy="relay")
    rig.ends["a"].eval("""(async () => { window.tried = new RTCPeerConnection(%s); tried.createDataChannel('test');
        await tried.setLocalDescription(); })()""" % json.dumps(configuration))
    rig.call(seconds=8)
    return truth("direct", cause="the first connection is a test of the page's own", connections={"a": 2, "b": 1})


@call("nat", "open", ends="a")
def no_answer(rig):
    """Nobody answers a's offer."""
    rig.make("a", rig.servers())
    rig.ends["a"].eval("offer({})")
    rig.pump(12)
    return truth("none", "never", "no answer came by signalling")


@call("symmetric", "symmetric")
def no_turn(rig):
    """Both NATs map by destination, and only STUN is configured."""
    rig.call(rig.servers(turn=()), seconds=6)
    return truth("none", "never", "no TURN server is configured; both NATs map by destination")


@call("nat", "open")
def lossy(rig):
    """One packet in six towards a is lost."""
    rig.lab.block("router-a", "iifname outside meta l4proto udp numgen random mod 6 == 0")
    rig.call(seconds=12, media="video")
    return truth("direct", "degraded", "17 % towards a are lost", loss={"a": 0.17})


@call("nat", "open")
def no_stun(rig):
    """The STUN server is silent; b's public address is enough."""
    rig.lab.block("internet", "udp dport 3478")
    rig.call(rig.servers(turn=("udp",)))
    return truth("direct", cause="the servers are silent, which did not matter")


@call("nat", "nat", coturn=None)
def no_server(rig):
    """Nothing answers at the servers' address, over UDP or TCP, and both are behind NATs."""
    rig.call(seconds=4)
    return truth("none", "never", "no server answered; neither end has an address that the other reaches")


@call("nat", "open", browser={"a": {"flags": ["--deny-permission-prompts"]}})
def no_microphone(rig):
    """The page of a gets no camera and microphone, and calls with data alone."""
    rig.make("a", rig.servers(), media=False)
    rig.ends["a"].eval("media().catch(() => 0)")
    rig.ends["a"].eval("window.channel = pc.createDataChannel('x'), 0")
    rig.make("b", rig.servers())
    rig.negotiate()
    rig.pump(15, until="connected")
    rig.pump(6)
    return truth("direct", cause="a's page was refused camera and microphone; the network is good")


@call("nat", "open")
def listens(rig):
    """a only receives, as in a broadcast."""
    rig.make("a", rig.servers(), media=False)
    rig.ends["a"].eval("['audio', 'video'].forEach(kind => pc.addTransceiver(kind, {direction: 'recvonly'}))")
    rig.make("b", rig.servers())
    rig.negotiate()
    rig.pump(15, until="connected")
    rig.pump(8)
    return truth("direct", cause="one way as agreed")


# --- Firefox -----------------------------------------------------------------------------------------------------------


@call("nat", "open", browser={"a": {"firefox": True}})
def firefox_direct(rig):
    """Firefox at a, nothing in the way."""
    rig.call()
    return truth("direct")


@call("symmetric", "symmetric", browser={"a": {"firefox": True}})
def firefox_relayed(rig):
    """Firefox at a; both NATs give each destination another port."""
    rig.call()
    return truth("relay", cause="both NATs map by destination")


@call("symmetric", "symmetric", browser={"a": {"firefox": True}})
def firefox_wrong_password(rig):
    """Firefox at a; the TURN server is there and refuses."""
    rig.call(rig.servers(password="wrong"), seconds=8)
    return truth("none", "never", "TURN refused the credentials; both NATs map by destination")


@call("nat", "open", browser={"a": {"firefox": True}})
def firefox_cut(rig):
    """Firefox at a; all of a's packets are dropped in the midst, for good."""
    rig.call(seconds=6)
    rig.lab.block("router-a", "meta nfproto ipv4")
    at = rig.now()
    rig.pump(25)
    return truth("direct", "cut", "everything at a's router was dropped", at_s=at)


@call("nat", "open", browser={"a": {"firefox": True}})
def firefox_one_way(rig):
    """Firefox at a; RTP towards a is dropped, nothing else."""
    rig.lab.block("router-a", "iifname outside meta l4proto udp @th,64,8 128-191")
    rig.call(seconds=9)
    return truth("direct", "one-way", "RTP and RTCP towards a are dropped", hears={"a": False, "b": True})
