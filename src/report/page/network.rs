//! What the NAT and the firewall do to UDP, family by family, and how calls go with each kind of peer.

use super::{Cell, Section, Tone, Topic};
use crate::catalog::html::{ReportWords, peer_is};
use crate::catalog::{self, Lang, page as said};
use crate::model::{Behaviour, Code, Diagnosis, Forecast, Judged, Nat, Path, Scope};
use std::net::IpAddr;

pub(super) fn behaviour(diagnosis: &Diagnosis, lang: Lang) -> Option<Section> {
    let families = families(diagnosis);
    let columns = std::iter::once(said::BEHAVIOUR.to(lang)).chain(families.iter().map(|(name, _)| *name)).collect();
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    for (_, nat) in &families {
        for (place, Answer { name, value, .. }) in answers(nat, lang).into_iter().enumerate() {
            match rows.get_mut(place) {
                Some(row) => row.push(value),
                None => rows.push(vec![name, value]),
            }
        }
    }
    Section::table(Topic::Network, said::THIS_NETWORK.to(lang), columns, rows)
}

/// The families that this machine has.
pub(super) fn families(diagnosis: &Diagnosis) -> Vec<(&'static str, &Nat)> {
    let families = [("IPv4", &diagnosis.nat.ipv4), ("IPv6", &diagnosis.nat.ipv6)];
    families.into_iter().filter_map(|(name, nat)| Some((name, nat.as_ref()?))).collect()
}

/// One thing that a NAT does or does not.
pub(super) struct Answer {
    pub(super) name: Cell,
    pub(super) value: Cell,
    pub(super) is_known: bool,
}

macro_rules! rows {
    ($($(#[$attribute:meta])* $answer:ident: $kind:ty => $shape:ident,
        $name:literal, $name_ko:literal, $plain:literal, $plain_ko:literal;)+) => {
        const ANSWERS: usize = [$(stringify!($answer)),+].len();

        /// All that is known of the NAT, in the order of the page.
        pub(super) fn answers(nat: &Nat, lang: Lang) -> [Answer; ANSWERS] {
            [$(Answer::new(&said::NAT.$answer, $shape(&nat.$answer, lang), lang)),+]
        }
    };
}

nat_answers!(rows);

impl Answer {
    fn new(names: &said::AnswerName, (value, is_known): (Cell, bool), lang: Lang) -> Self {
        let name = Cell::plain(names.name.to(lang)).in_plain_words(names.plain.to(lang));
        Self { name, value, is_known }
    }
}

/// How a value is shown, and whether it is known.
fn shown<T>(judged: &Judged<T>, lang: Lang, cell: impl Fn(&T) -> Cell) -> (Cell, bool) {
    (Cell::judged(judged, lang, cell), judged.value().is_some())
}

fn yes_no(judged: &Judged<bool>, lang: Lang) -> (Cell, bool) {
    shown(judged, lang, |yes| Cell::plain(said::yes_no(*yes, lang)))
}

fn translation(judged: &Judged<bool>, lang: Lang) -> (Cell, bool) {
    let w = &ReportWords::of(lang);
    shown(judged, lang, |yes| {
        let plain = if *yes { w.a_translated } else { w.a_not_translated };
        Cell::plain(said::yes_no(*yes, lang)).in_plain_words(plain)
    })
}

fn addresses(addresses: &[IpAddr], lang: Lang) -> (Cell, bool) {
    let listed: Vec<String> = addresses
        .iter()
        .map(|address| match Scope::of(*address) {
            Scope::Public => address.to_string(),
            _ => said::not_public(*address, lang),
        })
        .collect();
    match listed.is_empty() {
        true => (Cell::new(Tone::Faint, said::NONE_SEEN.to(lang)), false),
        false => (Cell::plain(listed.join(", ")), true),
    }
}

fn keeps_its_port(mapping: &Judged<Behaviour>, lang: Lang) -> (Cell, bool) {
    let w = &ReportWords::of(lang);
    behaves(mapping, [w.a_mapping_eim, w.a_mapping_adm, w.a_mapping_apdm], lang)
}

fn lets_in(filtering: &Judged<Behaviour>, lang: Lang) -> (Cell, bool) {
    let w = &ReportWords::of(lang);
    behaves(filtering, [w.a_filtering_eif, w.a_filtering_adf, w.a_filtering_apdf], lang)
}

/// `plain` from the mildest behaviour to the strictest.
fn behaves(judged: &Judged<Behaviour>, plain: [&'static str; 3], lang: Lang) -> (Cell, bool) {
    let [independent, by_address, by_port] = plain;
    shown(judged, lang, |behaviour| {
        Cell::plain(catalog::behaviour(*behaviour, lang)).in_plain_words(match behaviour {
            Behaviour::EndpointIndependent => independent,
            Behaviour::AddressDependent => by_address,
            Behaviour::AddressAndPortDependent => by_port,
        })
    })
}

fn at_least_seconds(ms: &Judged<u64>, lang: Lang) -> (Cell, bool) {
    shown(ms, lang, |ms| Cell::plain(said::seconds_at_least(ms / 1000, lang)))
}

fn bytes(bytes: &Judged<u32>, lang: Lang) -> (Cell, bool) {
    shown(bytes, lang, |bytes| Cell::plain(said::bytes(bytes, lang)))
}

/// None where the other end is known: classes of others are of no interest then. Nor where no call can be foretold,
/// and all for one reason: the verdict has said so.
pub(super) fn forecast(diagnosis: &Diagnosis, lang: Lang) -> Option<Section> {
    let forecast = foretold(diagnosis)?;
    let w = &ReportWords::of(lang);
    let row = |Forecast { peer, path }: &Forecast| {
        vec![Cell::plain(catalog::peer(*peer, lang)), Cell::plain(peer_is(*peer, lang)), goes(path, lang)]
    };
    let columns = vec![said::A_CALL_WITH.to(lang), w.who_that_is, said::GOES.to(lang)];
    Section::table(Topic::Forecast, said::CALLS_FROM_HERE.to(lang), columns, forecast.iter().map(row).collect())
}

pub(super) fn foretold(diagnosis: &Diagnosis) -> Option<&[Forecast]> {
    let forecast = &diagnosis.verdict.forecast;
    let first = forecast.first().filter(|_| !diagnosis.is_of_two() && !diagnosis.has_found(Code::SavedCall))?;
    let is_one_reason = |why| forecast.iter().all(|other| other.path.why() == Some(why));
    (!first.path.why().is_some_and(is_one_reason)).then_some(forecast)
}

pub(in crate::report) fn goes(path: &Judged<Path>, lang: Lang) -> Cell {
    Cell::judged(path, lang, |path| {
        let tone = match path {
            Path::Direct => Tone::Good,
            Path::Relay => Tone::Poor,
            Path::None => Tone::Bad,
        };
        Cell::new(tone, catalog::path(*path, lang))
    })
}
