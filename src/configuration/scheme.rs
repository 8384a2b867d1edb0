//! What does a URI ask for, before it is known whether it is right?

/// As any URL is read: without the spaces around it, and without tabs and line ends anywhere (URL standard §4.4).
pub(super) fn stripped(uri: &str) -> String {
    uri.trim_matches(|c: char| c <= ' ').replace(['\t', '\n', '\r'], "")
}

/// Whether it is the URI of a TURN server, right or wrong in all else.
pub(super) fn relays(uri: &str) -> bool {
    let uri = stripped(uri);
    let scheme = uri.split_once(':').map_or("", |(scheme, _)| scheme);
    ["turn", "turns"].iter().any(|known| known.eq_ignore_ascii_case(scheme))
}
