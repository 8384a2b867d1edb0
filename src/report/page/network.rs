//! What the NAT and the firewall do to UDP, family by family, and how calls go with each kind of peer.

use super::{Cell, Section, Tone, Topic};
use crate::catalog::html::{ReportWords, peer_is};
use crate::catalog::{self, Lang, Said, page as said};
use crate::model::{Behaviour, Diagnosis, Forecast, Judged, Nat, Path};

pub(super) fn behaviour(diagnosis: &Diagnosis, lang: Lang) -> Option<Section> {
    let families = families(diagnosis);
    let columns = std::iter::once(said::BEHAVIOUR.to(lang)).chain(families.iter().map(|(name, _)| *name)).collect();
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    for (_, nat) in &families {
        for (place, (name, value)) in answers(nat, lang).into_iter().enumerate() {
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

/// Each behaviour by its name, with what is known of it.
pub(super) fn answers(nat: &Nat, lang: Lang) -> [(Cell, Cell); 8] {
    let w = &ReportWords::of(lang);
    let name = |term: Said, question: &'static str| Cell::plain(term.to(lang)).in_plain_words(question);
    let yes_no = |judged: &Judged<bool>| Cell::judged(judged, lang, |yes| Cell::plain(said::yes_no(*yes, lang)));
    let addresses: Vec<String> = nat.public_addresses.iter().map(ToString::to_string).collect();
    let public = match addresses.is_empty() {
        true => Cell::new(Tone::Faint, said::NONE_SEEN.to(lang)),
        false => Cell::plain(addresses.join(", ")),
    };
    let translated = Cell::judged(&nat.translated, lang, |yes| {
        let plain = if *yes { w.a_translated } else { w.a_not_translated };
        Cell::plain(said::yes_no(*yes, lang)).in_plain_words(plain)
    });
    let lifetime =
        Cell::judged(&nat.mapping_lifetime_ms, lang, |ms| Cell::plain(said::seconds_at_least(ms / 1000, lang)));
    [
        (name(said::TRANSLATED, w.q_translated), translated),
        (name(said::PUBLIC_ADDRESS, w.q_public), public),
        (
            name(said::MAPPING, w.q_mapping),
            behaves(&nat.mapping, [w.a_mapping_eim, w.a_mapping_adm, w.a_mapping_apdm], lang),
        ),
        (
            name(said::FILTERING, w.q_filtering),
            behaves(&nat.filtering, [w.a_filtering_eif, w.a_filtering_adf, w.a_filtering_apdf], lang),
        ),
        (name(said::HAIRPINNING, w.q_hairpinning), yes_no(&nat.hairpinning)),
        (name(said::KEEPS_PORTS, w.q_ports), yes_no(&nat.port_preservation)),
        (name(said::IDLE_LIFETIME, w.q_lifetime), lifetime),
        (
            name(said::LARGEST_PACKET, w.q_mtu),
            Cell::judged(&nat.path_mtu_bytes, lang, |bytes| Cell::plain(said::bytes(bytes, lang))),
        ),
    ]
}

/// `plain` from the mildest behaviour to the strictest.
fn behaves(judged: &Judged<Behaviour>, plain: [&'static str; 3], lang: Lang) -> Cell {
    let [independent, by_address, by_port] = plain;
    Cell::judged(judged, lang, |behaviour| {
        Cell::plain(catalog::behaviour(*behaviour, lang)).in_plain_words(match behaviour {
            Behaviour::EndpointIndependent => independent,
            Behaviour::AddressDependent => by_address,
            Behaviour::AddressAndPortDependent => by_port,
        })
    })
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
    let first = forecast.first().filter(|_| !diagnosis.is_of_two())?;
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
