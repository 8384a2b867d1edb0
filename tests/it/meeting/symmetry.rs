//! Whichever of the two calls itself "ours", the verdict is one, and the words are mirrored.

use super::{check, compare, places};
use rtc_doctor::diagnose::mirrored;
use rtc_doctor::model::{Code, Diagnosis, Judged, Path, Record};
use std::collections::BTreeSet;

fn said(path: &Judged<Path>) -> (Option<Path>, Option<Code>) {
    (path.value().copied(), path.why())
}

pub(super) fn assert_mirrored(what: &str, ours: &Diagnosis, theirs: &Diagnosis) {
    let (a, b) = (&ours.verdict, &theirs.verdict);
    assert_eq!(said(&a.path), said(&b.path), "{what}");
    assert_eq!(a.predicted.as_ref().map(said), b.predicted.as_ref().map(said), "{what}");
    assert_eq!(a.tried.as_ref().map(said), b.tried.as_ref().map(said), "{what}");
    let as_they_say = |codes: &[Code]| codes.iter().map(|code| mirrored(*code)).collect::<BTreeSet<Code>>();
    // There and back: what only one of the two can know of itself is told by the other in general.
    let as_it_is = |codes: &[Code]| codes.iter().map(|code| mirrored(mirrored(*code))).collect::<BTreeSet<Code>>();
    assert_eq!(as_they_say(&a.because), as_it_is(&b.because), "{what}");
    assert_eq!(as_they_say(&a.direct_if), as_it_is(&b.direct_if), "{what}");
}

#[test]
fn two_ends_say_the_same_of_their_call_each_in_its_own_words() {
    let places = places();
    let checks: Vec<[Record; 2]> = places.iter().map(|place| [check(place, 1, 1), check(place, 2, 1)]).collect();
    for (a, [ours, _]) in places.iter().zip(&checks) {
        for (b, [_, theirs]) in places.iter().zip(&checks) {
            let what = format!("{} with {}", a.name, b.name);
            assert_mirrored(&what, &compare(ours, theirs), &compare(theirs, ours));
        }
    }
}
