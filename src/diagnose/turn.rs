//! What does a STUN error response of a TURN server mean? Each code its own meaning (RFC 8656 §19, RFC 8489 §14.8).
//!
//! The relay probe tells a refusal only when it is final: a first 401 and a first 438 are part of the way. coturn
//! answers 400 where the RFC has 437 or 442; the catalogue's text for 400 says so.

use crate::model::{Code, Method};

/// How far the exchange had come when it was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Before {
    /// The server has not yet asked for credentials.
    Challenge,
    /// The server has asked for credentials, and they were sent.
    Credentials,
}

/// The finding for a final refusal. `redirected_back` says that a 300 leads to a server that was asked already.
pub(crate) fn code_of(method: Method, stun_code: u16, before: Before, redirected_back: bool) -> Code {
    match (stun_code, method) {
        (300, _) if redirected_back => Code::RelayRedirectLoop,
        (300, _) => Code::RelayRedirected,
        (400, _) => Code::RelayBadRequest,
        // A 401 without REALM or NONCE has nothing that credentials could be made for (RFC 8489 §9.2.5).
        (401, _) if before == Before::Challenge => Code::RelayNoChallenge,
        (401, _) => Code::RelayCredentialsRejected,
        (403, Method::CreatePermission | Method::ChannelBind) => Code::RelayPeerRefused,
        (403, _) => Code::RelayForbidden,
        (420, _) => Code::RelayUnknownAttribute,
        (437, Method::Refresh | Method::CreatePermission | Method::ChannelBind) => Code::RelayAllocationLost,
        (437, _) => Code::RelayAllocationMismatch,
        (438, _) => Code::RelayStaleNonceLoop,
        (440, _) => Code::RelayFamilyNotSupported,
        (441, _) => Code::RelayWrongCredentials,
        (442, _) => Code::RelayTransportNotSupported,
        (443, _) => Code::RelayPeerFamilyMismatch,
        // This code is RFC 6062 §6.3's.
        (446, _) => Code::RelayConnectionExists,
        (447, _) => Code::RelayConnectionFailed,
        (486, _) => Code::RelayQuotaReached,
        (500, _) => Code::RelayServerError,
        (508, _) => Code::RelayNoCapacity,
        _ => Code::RelayUnknownError,
    }
}
