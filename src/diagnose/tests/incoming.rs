//! What this machine throws away of what comes in: told from a network that drops UDP, and from what hosts always throw away.

use super::relays::working_relay;
use super::scene::*;
use crate::model::*;
use crate::model::{HostFact, Millis};

const OVER_TCP: &str = "turn:192.0.2.1?transport=tcp";

/// What is counted of the packets that are thrown away: while something is asked, and while nothing is.
fn counted(scene: &mut Scene, asking: &[u64], quiet: &[u64], lets_errors_in: bool) {
    let mut say = |requests, thrown_away| {
        scene.say(
            Question::Counters,
            None,
            Fact::Host(HostFact::Counted {
                family: Family::Ipv4,
                requests,
                received: thrown_away + 1,
                thrown_away,
                lets_errors_in,
                waited_ms: Millis(250.0),
            }),
        );
    };
    quiet.iter().for_each(|thrown_away| say(0, *thrown_away));
    asking.iter().for_each(|thrown_away| say(5, *thrown_away));
}

#[test]
fn answers_that_came_and_were_given_to_no_program_are_this_machines_firewall_and_not_the_networks() {
    for (lets_errors_in, strength) in [(true, Strength::Proven), (false, Strength::Likely)] {
        let mut scene = Scene::at_home(&[HOME, SECOND, OVER_TCP]);
        scene.silent(HOME, "192.0.2.1:3478");
        scene.silent(SECOND, "198.51.100.9:3478");
        working_relay(&mut scene, OVER_TCP);
        counted(&mut scene, &[5, 4, 6], &[0, 1, 0], lets_errors_in);
        let diagnosis = scene.judged();
        assert_eq!(codes(&diagnosis, Severity::Warning), [Code::LocalFirewall]);
        assert!(finding(&diagnosis, Code::UdpBlocked).is_none());
        assert_eq!(diagnosis.verdict.because.first(), Some(&Code::LocalFirewall));
        assert_eq!(diagnosis.verdict.path.value(), Some(&Path::Relay));
        let root = finding(&diagnosis, Code::LocalFirewall).expect("said");
        assert_eq!(root.strength, Some(strength), "an error of a router may have been thrown away as well");
        assert_eq!(root.about.get("count").as_deref(), Some("15"));
        let asked_of_others = diagnosis.verdict.direct_if.contains(&Code::AllowOutboundUdp);
        assert_eq!(asked_of_others, strength == Strength::Likely);
    }
}

#[test]
fn what_a_host_throws_away_whether_or_not_it_asks_and_what_is_too_little_or_too_much_is_no_answer() {
    for (asking, quiet) in [
        (&[5, 5, 5][..], &[1, 1, 1][..]),
        (&[5, 5, 3], &[0, 0, 0]),
        (&[5, 5, 40], &[0, 0, 0]),
        (&[5, 5], &[0, 0]),
        (&[], &[0, 0, 0]),
    ] {
        let mut scene = Scene::at_home(&[HOME, SECOND, OVER_TCP]);
        scene.silent(HOME, "192.0.2.1:3478");
        scene.silent(SECOND, "198.51.100.9:3478");
        working_relay(&mut scene, OVER_TCP);
        counted(&mut scene, asking, quiet, true);
        assert!(finding(&scene.judged(), Code::LocalFirewall).is_none(), "{asking:?} {quiet:?}");
    }
}
