//! Calls with other stacks that make one mistake on purpose, in both roles: the mistake is named, and no network is blamed
//! for it. What Firefox 153 and Chromium 156 were measured to take is taken (tests/peers/browsers.md).

use crate::Test;
use crate::stacks::Seat::{First, Second};
use crate::stacks::Stack::{Aiortc, NodeDatachannel, Werift, Wrtc};
use crate::stacks::meets_mistaken;

pub(crate) const TESTS: &[Test] = &[
    ("aiortc_that_answers_with_another_certificate_is_told", || {
        meets_mistaken(Aiortc, Second, &["fingerprint-of-another"]).tells("call-wrong-fingerprint", 2);
    }),
    ("wrtc_that_offers_another_certificate_is_told", || {
        meets_mistaken(Wrtc, First, &["fingerprint-of-another"]).tells("call-wrong-fingerprint", 2);
    }),
    ("aiortc_that_answers_active_and_waits_is_told", || {
        meets_mistaken(Aiortc, Second, &["says-active", "hears-active"]).tells("call-dtls-not-begun", 2);
    }),
    ("aiortc_that_offers_active_and_waits_is_told", || {
        meets_mistaken(Aiortc, First, &["says-active", "hears-active"]).tells("call-dtls-not-begun", 2);
    }),
    ("aiortc_that_answers_passive_and_begins_is_told", || {
        meets_mistaken(Aiortc, Second, &["says-passive"]).tells("call-dtls-both-begin", 2);
    }),
    ("aiortc_that_offers_passive_and_begins_is_told", || {
        meets_mistaken(Aiortc, First, &["says-passive", "hears-passive"]).tells("call-dtls-both-begin", 2);
    }),
    ("aiortc_that_answers_without_a_fingerprint_is_told", || {
        meets_mistaken(Aiortc, Second, &["no-fingerprint"]).tells("call-no-fingerprint", 2);
    }),
    ("werift_that_offers_without_a_fingerprint_is_told", || {
        meets_mistaken(Werift, First, &["no-fingerprint"]).tells("call-no-fingerprint", 2);
    }),
    ("node_datachannel_that_answers_media_without_a_fingerprint_is_told", || {
        meets_mistaken(NodeDatachannel, Second, &["no-fingerprint"]).tells("call-no-fingerprint", 2);
    }),
    ("node_datachannel_that_offers_data_without_a_fingerprint_is_told", || {
        meets_mistaken(NodeDatachannel, First, &["no-fingerprint"]).tells("call-no-fingerprint", 2);
    }),
    ("werift_whose_answer_is_cut_is_told", || {
        meets_mistaken(Werift, Second, &["cut"]).tells("call-description-cut", 2);
    }),
    ("wrtc_whose_offer_is_cut_is_told", || meets_mistaken(Wrtc, First, &["cut"]).tells("call-description-cut", 2)),
    ("wrtc_that_answers_actpass_is_told", || {
        meets_mistaken(Wrtc, Second, &["says-actpass"]).tells("call-answer-undecided", 2);
    }),
    ("aiortc_that_answers_and_never_yields_its_role_is_told", || {
        meets_mistaken(Aiortc, Second, &["never-yields"]).tells("role-conflict-unresolved", 2);
    }),
    ("aiortc_that_offers_and_never_takes_control_is_told", || {
        meets_mistaken(Aiortc, First, &["never-controls"]).tells("role-conflict-unresolved", 2);
    }),
    ("wrtc_that_drops_our_bundle_is_told", || {
        meets_mistaken(Wrtc, Second, &["no-bundle"]).tells("call-bundle-dropped", 1);
    }),
    ("wrtc_that_offers_without_a_bundle_is_called_over_its_first_section", || {
        let report = meets_mistaken(Wrtc, First, &["no-bundle"]);
        report.tells("call-not-bundled", 0);
        report.is_good();
    }),
    ("wrtc_that_offers_without_names_is_called_over_its_first_section", || {
        let report = meets_mistaken(Wrtc, First, &["no-mid"]);
        report.tells("call-not-bundled", 0);
        report.is_good();
    }),
    ("werift_with_line_feeds_alone_is_called", || meets_mistaken(Werift, First, &["line-feeds"]).is_good()),
    ("wrtc_that_offers_active_is_called", || meets_mistaken(Wrtc, First, &["says-active"]).is_good()),
    ("aiortc_that_offers_sha_384_alone_is_called", || meets_mistaken(Aiortc, First, &["sha-384-alone"]).is_good()),
    ("aiortc_that_answers_sha_512_alone_is_called", || meets_mistaken(Aiortc, Second, &["sha-512-alone"]).is_good()),
    ("aiortc_with_other_characters_in_its_ufrag_is_called", || meets_mistaken(Aiortc, First, &["odd-ufrag"]).is_good()),
    ("aiortc_that_never_ends_its_candidates_is_called", || {
        meets_mistaken(Aiortc, Second, &["no-end-of-candidates"]).is_good();
    }),
    ("aiortc_that_sends_candidates_before_its_answer_is_called", || {
        meets_mistaken(Aiortc, Second, &["candidates-first"]).is_good();
    }),
    ("werift_that_answers_without_names_or_a_bundle_is_told_that_it_drops_ours", || {
        meets_mistaken(Werift, Second, &["no-mid"]).tells("call-bundle-dropped", 1);
    }),
    ("aiortc_that_offers_as_a_lite_end_is_called_without_a_conflict", || lite(First)),
    ("aiortc_that_answers_as_a_lite_end_is_called_without_a_conflict", || lite(Second)),
    ("aiortc_with_candidates_of_another_session_is_told", || {
        meets_mistaken(Aiortc, Second, &["stale-candidates"]).tells("peer-candidate-stale", 0);
    }),
    ("aiortc_with_candidates_of_rtcp_alone_is_told", || {
        meets_mistaken(Aiortc, First, &["component-2"]).tells("peer-candidate-component", 0);
    }),
    ("aiortc_with_tcp_candidates_without_a_type_is_told", || {
        meets_mistaken(Aiortc, First, &["tcp-without-type"]).tells("peer-candidate-no-tcp-type", 0);
    }),
    ("aiortc_that_answers_and_stops_sending_is_told", || {
        meets_mistaken(Aiortc, Second, &["stops-sending"]).tells("call-peer-stopped", 2);
    }),
    ("aiortc_that_offers_and_stops_sending_is_told", || {
        meets_mistaken(Aiortc, First, &["stops-sending"]).tells("call-peer-stopped", 2);
    }),
    ("aiortc_that_answers_and_is_killed_is_told", || {
        meets_mistaken(Aiortc, Second, &["is-killed"]).tells("call-peer-closed-port", 2);
    }),
    ("aiortc_that_offers_and_is_killed_is_told", || {
        meets_mistaken(Aiortc, First, &["is-killed"]).tells("call-peer-closed-port", 2);
    }),
    ("aiortc_that_answers_and_encrypts_with_other_keys_is_told", || {
        meets_mistaken(Aiortc, Second, &["other-keys"]).tells("call-media-unusable", 2);
    }),
    ("aiortc_that_offers_and_encrypts_with_other_keys_is_told", || {
        meets_mistaken(Aiortc, First, &["other-keys"]).tells("call-media-unusable", 2);
    }),
    ("aiortc_whose_answer_alone_has_its_payload_types_is_told", || {
        meets_mistaken(Aiortc, Second, &["other-payload-types"]).tells("call-media-unusable", 2);
    }),
    ("aiortc_that_calls_its_answer_an_offer_is_told", || {
        meets_mistaken(Aiortc, Second, &["calls-them-otherwise"]).tells("peer-description-misplaced", 2);
    }),
    ("aiortc_that_calls_its_offer_an_answer_is_told", || {
        meets_mistaken(Aiortc, First, &["calls-them-otherwise"]).tells("peer-description-misplaced", 2);
    }),
    ("aiortc_that_offers_where_it_is_to_answer_is_told", || {
        meets_mistaken(Aiortc, Second, &["offers-as-well"]).tells("peer-description-misplaced", 2);
    }),
    ("aiortc_that_answers_for_now_is_called", || meets_mistaken(Aiortc, Second, &["answers-for-now"]).is_good()),
    ("aiortc_that_answers_as_inactive_is_told_as_agreed", || {
        meets_mistaken(Aiortc, Second, &["inactive"]).tells("call-media-declined", 0);
    }),
    ("aiortc_that_offers_to_send_only_is_told_as_agreed", || {
        meets_mistaken(Aiortc, First, &["sendonly"]).tells("call-media-declined", 0);
    }),
    ("aiortc_that_answers_with_numbers_for_sections_is_called", || {
        meets_mistaken(Aiortc, Second, &["numbered-sections"]).is_good();
    }),
    ("aiortc_that_offers_with_numbers_for_sections_is_called", || {
        meets_mistaken(Aiortc, First, &["numbered-sections"]).is_good();
    }),
];

fn lite(seat: crate::stacks::Seat) {
    let report = meets_mistaken(Aiortc, seat, &["lite"]);
    report.is_good();
    report.does_not_tell("role-conflict");
}
