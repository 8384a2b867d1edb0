//! What `call` refuses before anything is sent.

use super::*;

#[test]
fn a_call_is_told_what_is_wrong_with_its_room_before_anything_is_sent() {
    refused(&["call"], exit::USAGE, "required");
    refused(&["call", "doctor.example"], exit::USAGE, "begins with https://");
    refused(&["call", "https://doctor.example/r/short"], exit::USAGE, "too short");
    refused(
        &["call", "--copy-paste", "https://doctor.example/r/0123456789abcdefABCD-_"],
        exit::USAGE,
        "cannot be used",
    );
    refused(&["call", "--copy-paste", "--relay-only", "--host-only"], exit::USAGE, "cannot be used");
    refused(&["call", "--copy-paste", "--user", "alice"], exit::USAGE, "needs a password");
    refused(&["call", "rtcd1-312-7VZR"], exit::USAGE, "missing");
}

#[test]
fn a_rooms_address_is_not_repeated_in_an_error_since_it_lets_its_reader_in() {
    let ran = run_with(&["call", "ftp://doctor.example/r/0123456789abcdefABCD-_"]);
    assert!(!ran.stderr.contains("0123456789abcdef"), "{}", ran.stderr);
}
