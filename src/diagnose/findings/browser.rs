//! What does a browser do differently from a tool of its own? Told from the half of the record that its page kept.
//!
//! It hides its addresses from the page and from the other end (mDNS names), may use fewer of them than there are
//! (RFC 8828), and asks servers by itself: of that the page hears the candidates, and the errors a browser cares to tell.

use super::{List, about};
use crate::diagnose::meeting::NoCandidates;
use crate::diagnose::saved::{SavedCall, is_of_a_name};
use crate::model::{
    BrowserFact, CallFact, CallStage, CandidateType, Code, End, Fact, Family, Host, HostFact, IceFact, Observation,
    ObservationId, PairEnd, Protocol, Reason, Record, RunFact, ServerUri, Several, Severity, Target, Tenths, Transport,
};
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

/// The error code of a browser that did not reach the server at all (webrtc-pc §4.8.3).
const NOT_REACHED: u16 = 701;

pub(crate) fn add(joined: &Record, saved: Option<&SavedCall<'_>>, list: &mut List) {
    let none = NoCandidates::of(joined);
    let theirs = joined.peer.as_ref().map(|peer| peer.targets.as_slice());
    for (end, targets) in [(End::Ours, Some(joined.targets.as_slice())), (End::Theirs, theirs)] {
        let said: Vec<&Observation> = joined.observations.iter().filter(|it| it.end == end).collect();
        let page = said.iter().find(|it| matches!(it.fact, Fact::Browser(BrowserFact::Browser { .. })));
        if let Some(page) = page {
            let leaves_nothing_to_check = none.as_ref().is_some_and(|none| none.code == Code::BrowserOffersNothing);
            let browser = Browser { leaves_nothing_to_check, ..Browser::of(page.id, &said) };
            browser.hides(list);
            // What it left out is known where all that it told was read.
            let lacks_some =
                |fact: &Fact| matches!(fact, Fact::Run(RunFact::FromFile(file)) if file.may_lack_candidates());
            let is_whole = !said.iter().any(|it| lacks_some(&it.fact));
            if is_whole {
                browser.uses_few_addresses(list);
            }
            browser.got_errors(saved.filter(|_| end.is_ours()), list);
            if !is_whole {
                continue;
            }
            match saved {
                Some(saved) if !saved.has_waited_for_servers() => {
                    browser.not_told_of(saved, targets.unwrap_or_default(), list)
                }
                _ => browser.skipped(targets.unwrap_or_default(), list),
            }
        }
    }
    if joined.peer.is_none() {
        names_alone(joined, list);
    }
}

/// One candidate that the browser told its page of; `address` is None where it is hidden.
struct Own<'a> {
    id: ObservationId,
    kind: CandidateType,
    protocol: Protocol,
    address: Option<IpAddr>,
    /// Under which the page was told of it.
    name: Option<&'a str>,
    server: Option<ServerUri>,
}

impl Own<'_> {
    /// Whether the browser put a name of its own in the place of the address (draft-ietf-mmusic-mdns-ice-candidates §3.1.1).
    fn is_hidden_by_it(&self) -> bool {
        self.name.is_some_and(is_of_mdns)
    }
}

fn is_of_mdns(name: &str) -> bool {
    name.to_ascii_lowercase().ends_with(".local")
}

/// What a browser says went wrong with a server: its reasons, and where it said so.
type Complaint<'a> = (BTreeSet<&'a str>, Vec<ObservationId>);

struct Browser<'a> {
    page: ObservationId,
    /// Its end of the call has no candidate, so that there is no call.
    leaves_nothing_to_check: bool,
    /// That it goes through a relay of its own. Addresses of its own need no server's answer and come first: where there is a
    /// relayed one alone by then, the others are held back, gathered to the end or not.
    is_relayed: Option<ObservationId>,
    /// Where it gathered to the end. One that was connected before has stopped instead (libwebrtc's P2PTransportChannel does,
    /// `MaybeStopPortAllocatorSessions`), with names not made and relays not answered yet: nothing is known of what it left out.
    gathered: Option<ObservationId>,
    own: Vec<Own<'a>>,
    /// By the server, where the browser named one, and the code.
    errors: BTreeMap<(Option<ServerUri>, u16), Complaint<'a>>,
}

impl<'a> Browser<'a> {
    fn of(page: ObservationId, said: &[&'a Observation]) -> Self {
        let mut browser = Self {
            page,
            leaves_nothing_to_check: false,
            is_relayed: None,
            gathered: None,
            own: Vec::new(),
            errors: BTreeMap::new(),
        };
        let mut is_connected = false;
        for observation in said {
            let id = observation.id;
            let server = |named: &'a Option<ServerUri>| named.as_ref().and_then(ServerUri::target).map(whole);
            match &observation.fact {
                Fact::Host(HostFact::Candidate(seen)) => browser.own.push(Own {
                    id,
                    kind: seen.kind,
                    protocol: seen.protocol,
                    address: Some(seen.address),
                    name: None,
                    server: server(&seen.server),
                }),
                Fact::Browser(BrowserFact::HiddenCandidate(PairEnd {
                    kind, protocol, address, server: named, ..
                })) => {
                    let name = match address {
                        Host::Name(name) => Some(name.as_str()),
                        Host::Address(_) => None,
                    };
                    let (kind, protocol, address) = (*kind, *protocol, address.address());
                    browser.own.push(Own { id, kind, protocol, address, name, server: server(named) });
                }
                Fact::Browser(BrowserFact::CandidateError { code, reason, .. }) => {
                    let uri = server(&observation.by.uri);
                    let (reasons, evidence) = browser.errors.entry((uri, *code)).or_default();
                    reasons.extend(Some(reason.as_str()).filter(|reason| !reason.is_empty()));
                    evidence.push(id);
                }
                Fact::Ice(IceFact::Nominated { local, .. }) if local.kind == CandidateType::Relay => {
                    browser.is_relayed = Some(id);
                }
                Fact::Call(CallFact::CallReached { stage: CallStage::Connected, .. }) => is_connected = true,
                Fact::Call(CallFact::CallReached { stage: CallStage::Gathered, .. }) if !is_connected => {
                    browser.gathered = Some(id)
                }
                _ => {}
            }
        }
        browser
    }

    fn hosts(&self) -> impl Iterator<Item = &Own<'a>> {
        self.own.iter().filter(|own| own.kind == CandidateType::Host)
    }

    fn hides(&self, list: &mut List) {
        let hidden: Vec<ObservationId> = self.hosts().filter(|own| own.is_hidden_by_it()).map(|own| own.id).collect();
        if !hidden.is_empty() {
            list.add(Code::BrowserHidesAddresses, Severity::Info, about(), &hidden);
        }
    }

    /// Only what was gathered to the end shows what the browser left out. Whether the machine has more interfaces is
    /// hidden from the page: that one address is offered is told, not that others were held back.
    fn uses_few_addresses(&self, list: &mut List) {
        let has_relays_alone = self.own.iter().all(|own| own.kind == CandidateType::Relay) && !self.own.is_empty();
        let Some(shown) = self.gathered.or(self.is_relayed.filter(|_| has_relays_alone)) else { return };
        let mut evidence = vec![self.page, shown];
        let over_udp: Vec<&Own<'_>> = self.hosts().filter(|own| own.protocol == Protocol::Udp).collect();
        evidence.extend(over_udp.iter().map(|own| own.id));
        if self.hosts().next().is_none() {
            evidence.extend(self.own.iter().map(|own| own.id));
            let relays = self.own.iter().any(|own| own.kind == CandidateType::Relay);
            let reflexive = self.own.iter().any(|own| own.kind == CandidateType::Srflx);
            let code = match (reflexive, relays) {
                (true, _) => Code::BrowserOffersNoLocalAddress,
                (false, true) => Code::BrowserOffersRelaysOnly,
                (false, false) => Code::BrowserOffersNothing,
            };
            let decides = code == Code::BrowserOffersNothing && self.leaves_nothing_to_check;
            list.add(code, if decides { Severity::Critical } else { Severity::Info }, about(), &evidence);
            return;
        }
        // Where somebody took the addresses out of a file, nobody knows how many there were.
        if over_udp.iter().any(|own| own.address.is_none() && !own.is_hidden_by_it()) {
            return;
        }
        let names: BTreeSet<&str> = over_udp.iter().filter_map(|own| own.name).collect();
        let known: BTreeSet<IpAddr> = over_udp.iter().filter_map(|own| own.address).collect();
        let families: BTreeSet<Family> = known.iter().map(|address| Family::of(*address)).collect();
        // A name does not say of which family its address is.
        let is_one = match names.len() {
            0 => !known.is_empty() && known.len() == families.len(),
            1 => known.is_empty(),
            _ => false,
        };
        if is_one {
            list.add(Code::BrowserOffersOneAddress, Severity::Info, about(), &evidence);
        }
    }

    /// A server that gave a candidate was reached: that another address of the machine did not reach it, as one of the
    /// other family cannot, is nothing to look into.
    fn got_errors(&self, saved: Option<&SavedCall<'_>>, list: &mut List) {
        for ((uri, code), (reasons, evidence)) in &self.errors {
            let target = uri.as_ref().and_then(ServerUri::target);
            if *code == NOT_REACHED && target.is_some_and(|target| self.candidates_of(target).next().is_some()) {
                continue;
            }
            let mut of = about().code(*code).server(uri.as_ref().map(ServerUri::to_string));
            if !reasons.is_empty() {
                of = of.reason(Reason::Said(Several::of(reasons).to_string()));
            }
            match (*code == NOT_REACHED, saved) {
                (true, Some(saved)) if saved.was_direct() => {
                    list.add(Code::SavedErrorHarmless, Severity::Info, of, evidence)
                }
                (true, saved) => {
                    let is_of_its_name = !reasons.is_empty() && reasons.iter().all(|said| is_of_a_name(said));
                    let code =
                        if is_of_its_name { Code::BrowserServerNameUnknown } else { Code::BrowserServerNotReached };
                    list.add(code, self.severity(target, saved), of, evidence);
                }
                (false, saved) => {
                    list.add(Code::BrowserServerRefused, self.severity(target, saved), of, evidence);
                }
            }
        }
    }

    /// How much it mattered that no candidate came of a server: where there was no path, any relay would have been one.
    fn severity(&self, target: Option<&Target>, saved: Option<&SavedCall<'_>>) -> Severity {
        let relays = self.own.iter().any(|own| own.kind == CandidateType::Relay);
        let is_over_udp = target.is_some_and(|target| target.transport == Transport::Udp);
        // Where nothing at all answered over UDP, that is the fault, and not each server's silence.
        let is_told = is_over_udp && saved.is_some_and(|saved| saved.no_udp().is_some());
        match saved.is_some_and(|saved| saved.had_no_path() || saved.had_no_relay()) {
            true if !relays && !is_told && target.is_some_and(|target| target.scheme.relays()) => Severity::Critical,
            true => Severity::Warning,
            false => Severity::Info,
        }
    }

    /// TURN servers that it was given, and neither made a candidate from nor told an error of. Where a browser does not
    /// say which server a relayed candidate is from, none can be called skipped.
    fn skipped(&self, targets: &[Target], list: &mut List) {
        let Some(gathered) = self.gathered else { return };
        for target in self.without_a_word(targets) {
            let of = about().server(target.uri()).transport(target.transport);
            list.add(Code::BrowserSkippedServer, Severity::Info, of, &[self.page, gathered]);
        }
    }

    /// The same where a file of a call ends before a browser gives a server up: where there was no path, nobody knows of it.
    fn not_told_of(&self, saved: &SavedCall<'_>, targets: &[Target], list: &mut List) {
        if !saved.had_no_path() || self.own.iter().any(|own| own.kind == CandidateType::Relay) {
            return;
        }
        let (file, id) = saved.file;
        for target in self.without_a_word(targets).into_iter().filter(|it| it.transport == Transport::Udp) {
            let of = about().server(target.uri()).time(Tenths::of_milliseconds(file.lasted_ms));
            list.add(Code::SavedServerNotTold, Severity::Warning, of, &[self.page, id]);
        }
    }

    fn without_a_word<'t>(&self, targets: &'t [Target]) -> Vec<&'t Target> {
        let mut relayed = self.own.iter().filter(|own| own.kind == CandidateType::Relay);
        if relayed.any(|own| own.server.is_none()) {
            return Vec::new();
        }
        let mut seen_once = BTreeSet::new();
        let relays = targets.iter().filter(|target| target.scheme.relays());
        let silent = relays.filter(|target| {
            let whole = whole(target);
            let is_told_of = self.errors.keys().any(|(named, _)| named.as_ref().is_none_or(|named| *named == whole));
            !is_told_of && self.candidates_of(target).next().is_none() && seen_once.insert(whole)
        });
        silent.collect()
    }

    fn candidates_of(&self, target: &Target) -> impl Iterator<Item = &Own<'a>> {
        let whole = whole(target);
        self.own.iter().filter(move |own| own.server.as_ref().is_some_and(|server| *server == whole))
    }
}

/// The URI with its port written out, as browsers report it: so the one that was given can be compared with theirs.
fn whole(target: &Target) -> ServerUri {
    ServerUri::from(&Target { port: Some(target.port_or_default()), ..target.clone() })
}

/// Where the other end's half is missing, the names among its candidates tell that it is a browser that hides.
fn names_alone(joined: &Record, list: &mut List) {
    let hidden = joined.observations.iter().filter(|observation| {
        matches!(&observation.fact, Fact::Ice(IceFact::RemoteCandidate(PairEnd { address: Host::Name(name), .. }))
            if is_of_mdns(name.as_str()))
    });
    let hidden: Vec<ObservationId> = hidden.map(|observation| observation.id).collect();
    if !hidden.is_empty() {
        list.add(Code::BrowserHidesAddresses, Severity::Info, about(), &hidden);
    }
}
