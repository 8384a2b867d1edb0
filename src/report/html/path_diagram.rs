//! Which way does a call take? The plain picture at the top: this machine, what stands in front of it, the internet, a
//! relay and the other side; the way of the call drawn, blocked ones struck through.
//!
//! It is drawn twice, from left to right and, for telephones, from top to bottom; the page shows one of the two.

use crate::catalog::html::{ReportWords, fill};
use crate::model::{BlockedAt, CandidateType, Code, Diagnosis, Nat, Pair, Path, StageOutcome, Step, Transport};
use crate::report::pictures::text;
use std::fmt::Write;

/// What is in the picture, before any pixel.
#[derive(Debug)]
pub(super) struct PathDiagram {
    /// The boxes on the way from this machine to the other side.
    nodes: Vec<Node>,
    /// The place of the internet among them.
    internet: usize,
    straight: Way,
    /// The node behind which the straight way ends, where it is blocked.
    blocked_after: usize,
    relay: Option<RelayNode>,
    told: String,
}

#[derive(Debug)]
struct Node {
    icon: &'static str,
    label: &'static str,
    below: String,
}

#[derive(Debug)]
struct RelayNode {
    way: Way,
    below: String,
    /// UDP, TCP or TLS, where it is known.
    over: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    Chosen,
    Blocked,
    Reserve,
    Unknown,
    /// There is nothing to be drawn.
    Absent,
}

impl Way {
    pub(super) fn class(self) -> &'static str {
        match self {
            Self::Chosen => "chosen",
            Self::Blocked => "blocked",
            Self::Reserve => "reserve",
            Self::Unknown | Self::Absent => "unknown",
        }
    }
}

impl PathDiagram {
    pub(super) fn of(diagnosis: &Diagnosis, w: &ReportWords) -> Self {
        let path = diagnosis.verdict.path.value().copied();
        let mut nodes = vec![Node { icon: LAPTOP, label: w.this_machine, below: own_address(diagnosis) }];
        nodes.extend(in_front(diagnosis, w));
        let internet = nodes.len();
        nodes.push(Node { icon: CLOUD, label: w.internet, below: String::new() });
        nodes.push(Node { icon: BOX, label: w.peer_router, below: String::new() });
        let whom = if diagnosis.peer.is_none() { w.typical_home.to_owned() } else { String::new() };
        nodes.push(Node { icon: PERSON, label: w.peer, below: whom });

        let straight = match path {
            Some(Path::Direct) => Way::Chosen,
            Some(Path::Relay | Path::None) => Way::Blocked,
            None => Way::Unknown,
        };
        Self {
            blocked_after: match diagnosis.blocked_at() {
                Some(BlockedAt::There) => internet,
                Some(BlockedAt::Here) | None => internet.saturating_sub(1),
            },
            relay: relay(diagnosis, path, w),
            straight,
            internet,
            nodes,
            told: match path {
                Some(Path::Direct) => w.picture_direct,
                Some(Path::Relay) => w.picture_relay,
                Some(Path::None) => w.picture_none,
                None => w.picture_unknown,
            }
            .to_owned(),
        }
    }

    /// The kinds of way in the picture.
    pub(super) fn ways(&self) -> Vec<Way> {
        let drawn = [Some(self.straight), self.relay.as_ref().map(|relay| relay.way)];
        let mut ways: Vec<Way> = drawn.into_iter().flatten().filter(|way| *way != Way::Absent).collect();
        ways.sort_by_key(|way| *way != Way::Chosen);
        ways.dedup();
        ways
    }

    /// Draws the way from left to right.
    pub(super) fn wide(&self, w: &ReportWords) -> String {
        let step = (WIDE - 2.0 * WIDE_EDGE - WIDE_BOX.0) / (self.nodes.len().max(2) - 1) as f64;
        self.draw(
            w,
            &Layout {
                size: (WIDE, 244.0),
                class: "wide",
                of_box: WIDE_BOX,
                along: (step, 0.0),
                first: (WIDE_EDGE + WIDE_BOX.0 / 2.0, 184.0),
                relay: (0.0, 40.0),
                is_upright: false,
            },
        )
    }

    /// Draws the way from top to bottom, for narrow screens.
    pub(super) fn tall(&self, w: &ReportWords) -> String {
        self.draw(
            w,
            &Layout {
                size: (340.0, 76.0 * self.nodes.len() as f64),
                class: "tall",
                of_box: TALL_BOX,
                along: (0.0, 76.0),
                first: (96.0, 34.0),
                relay: (276.0, 0.0),
                is_upright: true,
            },
        )
    }

    fn draw(&self, w: &ReportWords, layout: &Layout) -> String {
        let mut svg = String::with_capacity(4096);
        let (width, height) = layout.size;
        let (title, told) = (text(w.picture), text(&self.describe(w)));
        // Writing to a String does not fail.
        let _ = write!(
            svg,
            "<svg class=\"{}\" viewBox=\"0 0 {width:.0} {height:.0}\" role=\"img\" aria-label=\"{title}: {told}\">\
             <title>{title}</title><desc>{told}</desc>",
            layout.class
        );
        self.ways_into(&mut svg, w, layout);
        for (place, node) in self.nodes.iter().enumerate() {
            let is_on = self.is_on_the_way(place);
            node_into(&mut svg, node, layout.node(place), layout, if is_on { "node on" } else { "node" });
        }
        if let Some(relay) = &self.relay {
            let node = Node { icon: SERVER, label: w.relay, below: relay.below.clone() };
            let class = match relay.way {
                Way::Chosen => "node on",
                Way::Absent => "node ghost",
                _ => "node",
            };
            node_into(&mut svg, &node, layout.relay(self.internet), &layout.with_relay_box(), class);
        }
        svg.push_str("</svg>");
        svg
    }

    /// The picture in words, for those who do not see it.
    fn describe(&self, w: &ReportWords) -> String {
        let names: Vec<&str> = self.nodes.iter().map(|node| node.label).collect();
        let relay = self.relay.as_ref().map(|relay| format!(" {}: {}.", w.relay, relay.below)).unwrap_or_default();
        format!("{}. {}{relay}", names.join(" – "), self.told)
    }

    fn is_on_the_way(&self, place: usize) -> bool {
        let over_relay = self.relay.as_ref().is_some_and(|relay| relay.way == Way::Chosen);
        self.straight == Way::Chosen || (over_relay && place != self.internet)
    }

    fn ways_into(&self, svg: &mut String, w: &ReportWords, layout: &Layout) {
        let over_relay = self.relay.as_ref().is_some_and(|relay| relay.way == Way::Chosen);
        for place in 0..self.nodes.len() - 1 {
            let shared = over_relay && (place + 1 < self.internet || place > self.internet);
            let way = if shared { Way::Chosen } else { self.straight };
            let (from, to) = layout.between(place);
            let _ = write!(svg, "<path class=\"way {}\" d=\"M{} {}L{} {}\"/>", way.class(), from.0, from.1, to.0, to.1);
            if way == Way::Chosen && (place + 2 == self.nodes.len()) {
                tip_into(svg, to, layout.is_upright);
            }
        }
        if let Some(relay) = self.relay.as_ref().filter(|relay| relay.way != Way::Absent) {
            let (from, hub, to) =
                (layout.leaving(self.internet - 1), layout.relay(self.internet), layout.leaving(self.internet + 1));
            let half = layout.with_relay_box().of_box;
            let class = relay.way.class();
            let _ = if layout.is_upright {
                let x = hub.0 - half.0 / 2.0;
                let bend = x - 22.0;
                write!(
                    svg,
                    "<path class=\"way {class}\" d=\"M{} {}C{bend} {} {bend} {} {x} {}\"/>\
                     <path class=\"way {class}\" d=\"M{x} {}C{bend} {} {bend} {} {} {}\"/>",
                    from.0,
                    from.1,
                    from.1,
                    hub.1 - 6.0,
                    hub.1 - 6.0,
                    hub.1 + 6.0,
                    hub.1 + 6.0,
                    to.1,
                    to.0,
                    to.1,
                )
            } else {
                let (left, right) = (hub.0 - half.0 / 2.0, hub.0 + half.0 / 2.0);
                write!(
                    svg,
                    "<path class=\"way {class}\" d=\"M{} {}C{} {} {} {} {left} {}\"/>\
                     <path class=\"way {class}\" d=\"M{right} {}C{} {} {} {} {} {}\"/>",
                    from.0, from.1, from.0, hub.1, from.0, hub.1, hub.1, hub.1, to.0, hub.1, to.0, hub.1, to.0, to.1,
                )
            };
            if relay.way == Way::Blocked {
                let at = if layout.is_upright {
                    (hub.0 - half.0 / 2.0 - 14.0, hub.1)
                } else {
                    ((from.0 + hub.0 - half.0 / 2.0) / 2.0 + 6.0, hub.1 + 8.0)
                };
                badge_into(svg, at, CROSS, "", "badge", layout);
            }
            if !relay.over.is_empty() && relay.way == Way::Chosen {
                let (x, y) = if layout.is_upright {
                    (hub.0, hub.1 + half.1 / 2.0 + 17.0)
                } else {
                    ((to.0 + hub.0 + half.0 / 2.0) / 2.0 + 4.0, hub.1 - 6.0)
                };
                let _ = write!(
                    svg,
                    "<text class=\"over\" text-anchor=\"middle\" x=\"{x:.0}\" y=\"{y:.0}\">{}</text>",
                    text(&relay.over)
                );
            }
        }
        let (from, to) = layout.between(self.blocked_after.min(self.nodes.len() - 2));
        let middle = ((from.0 + to.0) / 2.0, (from.1 + to.1) / 2.0);
        match self.straight {
            Way::Blocked => badge_into(svg, middle, CROSS, w.blocked, "badge", layout),
            Way::Unknown => badge_into(svg, middle, DOUBT, w.not_known, "badge unknown", layout),
            _ => {}
        }
    }
}

/// This machine's own address, as the candidates have it.
fn own_address(diagnosis: &Diagnosis) -> String {
    let host = |candidate: &&crate::model::Candidate| candidate.kind == CandidateType::Host;
    let own = diagnosis.candidates.iter().filter(host).min_by_key(|candidate| candidate.address.is_ipv6());
    own.map(|candidate| shown(candidate.address)).unwrap_or_default()
}

/// Short enough for a box.
fn shown(address: std::net::IpAddr) -> String {
    let shown = address.to_string();
    if shown.len() > 17 { shown.chars().take(16).chain(['…']).collect() } else { shown }
}

/// What stands between this machine and the internet.
fn in_front(diagnosis: &Diagnosis, w: &ReportWords) -> Vec<Node> {
    let found = |code: Code| diagnosis.has_found(code);
    let nat: Option<&Nat> = diagnosis.nat.ipv4.as_ref().or(diagnosis.nat.ipv6.as_ref());
    let public = nat.and_then(|nat| nat.public_addresses.first()).map(|address| shown(*address)).unwrap_or_default();
    let node = |icon, label, below: &str| Node { icon, label, below: below.to_owned() };
    if found(Code::CaptivePortal) {
        return vec![node(WALL, w.portal, "")];
    }
    match nat.and_then(|nat| nat.translated.value()) {
        Some(true) if found(Code::CarrierNat) => vec![node(BOX, w.router, ""), node(BOX, w.carrier, &public)],
        Some(true) if found(Code::DoubleNat) => vec![node(BOX, w.router, ""), node(BOX, w.second_router, &public)],
        Some(true) => vec![node(BOX, w.router, &public)],
        Some(false)
            if found(Code::NoNat)
                && nat.is_some_and(|nat| {
                    nat.filtering.value() == Some(&crate::model::Behaviour::EndpointIndependent)
                }) =>
        {
            Vec::new()
        }
        Some(false) => vec![node(WALL, w.firewall, "")],
        None if diagnosis.forbids_udp() && !found(Code::LocalFirewall) => vec![node(WALL, w.firewall, "")],
        None => vec![node(BOX, w.unknown_box, "")],
    }
}

/// The relay, where one was asked or would be needed.
fn relay(diagnosis: &Diagnosis, path: Option<Path>, w: &ReportWords) -> Option<RelayNode> {
    let asked =
        diagnosis.servers.iter().filter(|server| server.stages.iter().any(|stage| stage.name == Step::RelayOut));
    let works = |server: &&crate::model::Server| {
        server.stages.iter().any(|stage| stage.name == Step::RelayOut && stage.outcome == StageOutcome::Passed)
    };
    let of_pair = diagnosis.verdicts_pair().and_then(Pair::relay_transport);
    let over = of_pair.or_else(|| asked.clone().filter(works).map(|server| server.transport).min());
    let named = |over: Transport| fill(w.over, &[("transport", &over.to_string())]);
    let relay = |way, below: &str, over: String| Some(RelayNode { way, below: below.to_owned(), over });
    match (path, over, asked.count()) {
        (Some(Path::Relay), over, _) => relay(Way::Chosen, "TURN", over.map(named).unwrap_or_default()),
        (Some(Path::Direct), Some(_), _) => relay(Way::Reserve, w.relay_reserve, String::new()),
        (Some(Path::Direct), None, _) => None,
        (None, Some(_), _) => relay(Way::Unknown, "TURN", String::new()),
        (_, None, 0) => relay(Way::Absent, w.relay_not_tested, String::new()),
        (Some(Path::None), _, _) | (None, None, _) => relay(Way::Blocked, w.relay_fails, String::new()),
    }
}

const WIDE: f64 = 900.0;
const WIDE_EDGE: f64 = 2.0;
const WIDE_BOX: (f64, f64) = (132.0, 80.0);
const TALL_BOX: (f64, f64) = (184.0, 48.0);

type Point = (f64, f64);

/// The places of things; a box's is its middle.
struct Layout {
    size: Point,
    class: &'static str,
    of_box: Point,
    along: Point,
    first: Point,
    /// The coordinate of the relay that does not follow the internet's.
    relay: Point,
    is_upright: bool,
}

impl Layout {
    fn node(&self, place: usize) -> Point {
        let n = place as f64;
        (self.first.0 + n * self.along.0, self.first.1 + n * self.along.1)
    }

    fn relay(&self, internet: usize) -> Point {
        let (x, y) = self.node(internet);
        if self.is_upright { (self.relay.0, y) } else { (x, self.relay.1) }
    }

    fn with_relay_box(&self) -> Self {
        let of_box = if self.is_upright { (116.0, 78.0) } else { (144.0, 78.0) };
        Self { of_box, class: if self.is_upright { "hub" } else { self.class }, ..*self }
    }

    /// The way from one box to the next.
    fn between(&self, place: usize) -> (Point, Point) {
        let ((x, y), (to_x, to_y)) = (self.node(place), self.node(place + 1));
        let (half_x, half_y) = (self.of_box.0 / 2.0, self.of_box.1 / 2.0);
        if self.is_upright {
            ((x, y + half_y), (to_x, to_y - half_y))
        } else {
            ((x + half_x, y), (to_x - half_x, to_y))
        }
    }

    /// The point at which the way to the relay leaves a box.
    fn leaving(&self, place: usize) -> Point {
        let (x, y) = self.node(place);
        if self.is_upright { (x + self.of_box.0 / 2.0, y) } else { (x, y - self.of_box.1 / 2.0) }
    }
}

fn node_into(svg: &mut String, node: &Node, (x, y): Point, layout: &Layout, class: &str) {
    let (width, height) = layout.of_box;
    let (left, top) = (x - width / 2.0, y - height / 2.0);
    let is_row = layout.class == "tall";
    let (icon_x, icon_y) = if is_row { (left + 12.0, y - 12.0) } else { (x - 12.0, top + 7.0) };
    let (text_x, anchor) = if is_row { (left + 48.0, "start") } else { (x, "middle") };
    let under = if node.below.is_empty() { 0.0 } else { 7.0 };
    let line =
        if is_row { y + 4.5 - under } else { top + height - 27.0 + if node.below.is_empty() { 8.0 } else { 0.0 } };
    let _ = write!(
        svg,
        "<g class=\"{class}\"><rect x=\"{left:.0}\" y=\"{top:.0}\" width=\"{width}\" height=\"{height}\" rx=\"10\"/>\
         <path class=\"icon\" transform=\"translate({icon_x:.0} {icon_y:.0})\" d=\"{}\"/>\
         <text x=\"{text_x:.0}\" y=\"{line:.0}\" text-anchor=\"{anchor}\">{}</text>",
        node.icon,
        text(node.label)
    );
    if !node.below.is_empty() {
        let below = text(&node.below);
        let _ = write!(
            svg,
            "<text class=\"sub\" x=\"{text_x:.0}\" y=\"{:.0}\" text-anchor=\"{anchor}\">{below}</text>",
            line + 16.0
        );
    }
    svg.push_str("</g>");
}

fn badge_into(svg: &mut String, (x, y): Point, sign: &str, caption: &str, class: &str, layout: &Layout) {
    let (text_x, text_y, anchor) =
        if layout.is_upright { (x + 18.0, y + 4.0, "start") } else { (x, y + layout.of_box.1 / 2.0 + 14.0, "middle") };
    let _ = write!(
        svg,
        "<g class=\"{class}\"><circle cx=\"{x:.0}\" cy=\"{y:.0}\" r=\"10\"/><path transform=\"translate({x:.0} {y:.0})\" d=\"{sign}\"/>\
         <text class=\"cap\" x=\"{text_x:.0}\" y=\"{text_y:.0}\" text-anchor=\"{anchor}\">{}</text></g>",
        text(caption)
    );
}

fn tip_into(svg: &mut String, (x, y): Point, is_upright: bool) {
    let d = if is_upright { "M-7 -9L7 -9L0 1Z" } else { "M-9 -7L-9 7L1 0Z" };
    let _ = write!(svg, "<path class=\"tip\" transform=\"translate({x:.0} {y:.0})\" d=\"{d}\"/>");
}

/// Symbols, drawn in lines on squares of 24 pixels.
const LAPTOP: &str = "M4 5h16v11H4zM1.5 19.5h21";
const BOX: &str = "M2 13h20v7H2zM6 16.5h.01M10 16.5h.01M17 13V7M13.5 6.5a5 5 0 0 1 7 0M11.5 4a8 8 0 0 1 11 0";
const WALL: &str = "M3 5h18v14H3zM3 9.7h18M3 14.3h18M12 5v4.7M8 9.7v4.6M16 9.7v4.6M12 14.3V19";
const CLOUD: &str = "M7 19a5 5 0 0 1-.6-9.96A6.5 6.5 0 0 1 18.8 9.6 4.75 4.75 0 0 1 18 19z";
const PERSON: &str = "M12 12a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9zM3.5 21a8.5 8.5 0 0 1 17 0";
const SERVER: &str = "M3 4h18v7H3zM3 13h18v7H3zM6.5 7.5h.01M6.5 16.5h.01M11 7.5h6.5M11 16.5h6.5";

/// Around the middle of a badge.
const CROSS: &str = "M-4 -4L4 4M-4 4L4 -4";
const DOUBT: &str = "M-3 -3a3 3 0 1 1 3.6 3.2V2M.5 5h.01";
