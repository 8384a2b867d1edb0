//! What did a browser of 2019 to 2021 call what one of today tells? (Chromium 72 to 92: peer_connection_tracker.cc, data_series.js)
//!
//! Events had names in another manner and states with the names of C++; series did not say what they are of, but ids did.

use std::borrow::Cow;

/// The name of an event as it is today, without the `on` before it.
pub(super) fn event_of_today(name: &str) -> &str {
    match name {
        "signalingStateChange" => "signalingstatechange",
        "iceConnectionStateChange" => "iceconnectionstatechange",
        "connectionStateChange" => "connectionstatechange",
        "iceGatheringStateChange" => "icegatheringstatechange",
        "onIceCandidate" => "icecandidate",
        "stop" => "close",
        "setLocalDescriptionImplicitCreateOfferOrAnswer" => "setLocalDescription",
        "setLocalDescriptionImplicitCreateOfferOrAnswerOnSuccess" => "setLocalDescriptionOnSuccess",
        "setLocalDescriptionImplicitCreateOfferOrAnswerOnFailure" => "setLocalDescriptionOnFailure",
        other => other.strip_prefix("on").unwrap_or(other),
    }
}

/// A state as it is called today: `SignalingStateHaveLocalOffer` is `have-local-offer`.
pub(super) fn state_of_today(word: &str) -> Cow<'_, str> {
    let prefixes = ["SignalingState", "ICEConnectionState", "ICEGatheringState"];
    let Some(rest) = prefixes.iter().find_map(|prefix| word.strip_prefix(prefix)) else { return Cow::Borrowed(word) };
    let rest = rest.replace("PrAnswer", "Pranswer");
    let mut today = String::with_capacity(rest.len() + 2);
    for letter in rest.chars() {
        if letter.is_ascii_uppercase() && !today.is_empty() {
            today.push('-');
        }
        today.push(letter.to_ascii_lowercase());
    }
    Cow::Owned(today)
}

/// What a report is of, by its id. Which end's a candidate is, its `isRemote` says.
pub(super) fn kind_of_id(id: &str, is_remote: Option<bool>) -> Option<&'static str> {
    const KINDS: [(&str, &str); 9] = [
        ("RTCIceCandidatePair_", "candidate-pair"),
        ("RTCTransport_", "transport"),
        ("RTCInboundRTP", "inbound-rtp"),
        ("RTCOutboundRTP", "outbound-rtp"),
        ("RTCRemoteInboundR", "remote-inbound-rtp"),
        ("RTCRemoteOutboundR", "remote-outbound-rtp"),
        ("RTCDataChannel_", "data-channel"),
        ("RTCPeerConnection", "peer-connection"),
        ("RTCCodec_", "codec"),
    ];
    if id.starts_with("RTCIceCandidate_") {
        return Some(if is_remote? { "remote-candidate" } else { "local-candidate" });
    }
    KINDS.into_iter().find(|(prefix, _)| id.starts_with(prefix)).map(|(_, kind)| kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_states_of_old_are_those_of_today() {
        assert_eq!(event_of_today("iceConnectionStateChange"), "iceconnectionstatechange");
        assert_eq!(event_of_today("oniceconnectionstatechange"), "iceconnectionstatechange");
        assert_eq!(event_of_today("addIceCandidate"), "addIceCandidate");
        let states =
            ["SignalingStateStable", "SignalingStateHaveRemotePrAnswer", "ICEConnectionStateChecking", "checking"];
        assert_eq!(
            states.map(|state| state_of_today(state).into_owned()),
            ["stable", "have-remote-pranswer", "checking", "checking"]
        );
    }

    #[test]
    fn an_id_of_old_says_what_its_report_is_of() {
        assert_eq!(kind_of_id("RTCIceCandidatePair_a_b", None), Some("candidate-pair"));
        assert_eq!(kind_of_id("RTCIceCandidate_a", Some(true)), Some("remote-candidate"));
        assert_eq!([kind_of_id("RTCIceCandidate_a", None), kind_of_id("T01", None)], [None, None]);
    }
}
