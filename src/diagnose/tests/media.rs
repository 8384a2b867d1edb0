//! Media that did not pass, by what this end counted, what the other end reports and what its record says.

use super::calls::Told;
use crate::diagnose::diagnose;
use crate::model::{
    CallOutcome, CandidateType, Code, Diagnosis, Fact, IceFact, MediaDatagrams, MediaFlow, Millis, Path, Record,
    Severity, Tool, Traffic,
};

fn call(change: impl FnOnce(&mut Traffic)) -> Told {
    Told::with_peer().secured().selected(CandidateType::Host).called(change)
}

fn deaf(traffic: &mut Traffic) {
    for flow in [&mut traffic.audio, &mut traffic.video] {
        (flow.received_packets, flow.jitter_ms) = (0, None);
    }
}

fn mute(traffic: &mut Traffic) {
    for flow in [&mut traffic.audio, &mut traffic.video] {
        flow.lost_there = None;
    }
}

/// What is told above information.
fn grave(diagnosis: &Diagnosis) -> Vec<Code> {
    let grave = diagnosis.findings.iter().filter(|finding| finding.severity > Severity::Info);
    grave.map(|finding| finding.code).collect()
}

/// What this end makes of its record beside that of the other.
fn beside(ours: Told, theirs: Told) -> Diagnosis {
    let tool = Tool { name: "rtc-doctor".to_owned(), version: "0".to_owned() };
    diagnose(&Record::join(ours.record, theirs.record, tool))
}

#[test]
fn media_that_came_and_could_not_be_used_acquit_the_network() {
    let came = |rtp, of_other_types| MediaDatagrams { rtp, of_other_types, rtcp: 9 };
    for (of_other_types, named) in [(0, None), (680, Some("680".to_owned()))] {
        let told = call(|traffic| {
            deaf(traffic);
            traffic.came = Some(came(680, of_other_types));
        });
        let diagnosis = told.diagnosis();
        assert_eq!(grave(&diagnosis), [Code::CallMediaUnusable]);
        let finding = diagnosis.findings.iter().find(|finding| finding.code == Code::CallMediaUnusable).expect("told");
        assert_eq!((finding.about.get("received"), finding.about.get("count")), (Some("680".to_owned()), named));
        assert_eq!((&diagnosis.verdict.because[..], diagnosis.exit_code()), (&[Code::CallMediaUnusable][..], 2));
        assert_ne!(diagnosis.verdict.path.value(), Some(&Path::None));
    }
    let few = call(|traffic| {
        deaf(traffic);
        traffic.came = Some(came(3, 3));
    });
    assert_eq!(grave(&few.diagnosis()), [Code::CallMediaAbsent], "a few may be anybody's");
}

#[test]
fn one_kind_that_came_and_could_not_be_used_is_not_called_unsent() {
    let never = call(|traffic| {
        (traffic.video.received_packets, traffic.video.jitter_ms) = (0, None);
        traffic.came = Some(MediaDatagrams { rtp: 500 + 300, of_other_types: 300, rtcp: 9 });
    });
    assert_eq!(grave(&never.diagnosis()), [Code::CallMediaUnusable]);
    let stopped = |rtp| {
        call(move |traffic| {
            traffic.video.longest_stall_ms = Millis(4000.0);
            traffic.came = Some(MediaDatagrams { rtp, of_other_types: 0, rtcp: 9 });
        })
    };
    assert_eq!(grave(&stopped(1100).diagnosis()), [Code::CallDegraded, Code::CallMediaUnusable]);
    assert_eq!(
        grave(&stopped(1012).diagnosis()),
        [Code::CallDegraded, Code::CallPicturePaused],
        "padding is no stream"
    );
}

#[test]
fn without_the_other_ends_record_media_that_do_not_come_or_are_not_reported_accuse_nobody() {
    for (change, code) in [(deaf as fn(&mut Traffic), Code::CallMediaAbsent), (mute, Code::CallMediaUnreported)] {
        let diagnosis = call(change).diagnosis();
        assert_eq!(diagnosis.call.as_ref().map(|call| call.outcome), Some(CallOutcome::MediaOneWay), "{code}");
        assert_eq!((grave(&diagnosis), diagnosis.exit_code()), (vec![code], 2));
        assert_eq!(diagnosis.verdict.path.why(), Some(code));
    }
}

#[test]
fn the_other_ends_record_says_on_which_way_media_were_lost() {
    let inward = beside(call(deaf), call(mute));
    assert_eq!(grave(&inward), [Code::CallMediaOneWay, Code::CallMediaLostInward]);
    let outward = beside(call(mute), call(deaf));
    assert_eq!(grave(&outward), [Code::CallMediaOneWay, Code::CallMediaLostOutward]);
    let unsent = beside(call(deaf), call(|traffic| (traffic.audio.sent_packets, traffic.video.sent_packets) = (0, 0)));
    assert!(grave(&unsent).contains(&Code::CallMediaAbsent), "{:?}", grave(&unsent));
    assert!(!grave(&unsent).contains(&Code::CallMediaLostInward), "it sent none");
}

#[test]
fn a_kind_that_the_other_end_does_not_report_any_more_is_told_while_it_reports_the_other() {
    type Kind = fn(&mut Traffic) -> &mut MediaFlow;
    let kinds: [(Kind, Code); 2] = [
        (|traffic| &mut traffic.audio, Code::CallSoundUnheard),
        (|traffic| &mut traffic.video, Code::CallPictureUnseen),
    ];
    for (kind, code) in kinds {
        let never = |lasted_ms| {
            call(move |traffic| {
                (kind(traffic).lost_there, traffic.lasted_ms) = (None, lasted_ms);
            })
        };
        let told = never(Millis(10_000.0));
        assert_eq!(told.outcome(), Some(CallOutcome::MediaOneWay), "{code}");
        assert_eq!((told.finds(code), told.diagnosis().exit_code()), (Some(Severity::Warning), 2));
        assert_eq!(
            never(Millis(6000.0)).outcome(),
            Some(CallOutcome::Good),
            "a slow end reports sound later than that"
        );
        let stopped = call(move |traffic| kind(traffic).unconfirmed_ms = Some(Millis(6000.0)));
        assert_eq!(grave(&stopped.diagnosis()), [Code::CallDegraded, code]);
        let usual = call(move |traffic| kind(traffic).unconfirmed_ms = Some(Millis(0.0)));
        assert_eq!(usual.outcome(), Some(CallOutcome::Good), "{code}");
    }
}

#[test]
fn a_restart_excuses_its_own_pause_and_no_later_one() {
    let restarted = |came| {
        let told = Told::with_peer().fact(Fact::Ice(IceFact::Restarted)).secured().selected(CandidateType::Host);
        told.called(|traffic| (traffic.video.longest_stall_ms, traffic.came) = (Millis(8000.0), came))
    };
    assert_eq!(restarted(None).outcome(), Some(CallOutcome::Good), "an earlier release counts the restart's own pause");
    let counted = restarted(Some(MediaDatagrams { rtp: 1000, of_other_types: 0, rtcp: 9 }));
    assert_eq!(grave(&counted.diagnosis()), [Code::CallDegraded, Code::CallPicturePaused]);
}
