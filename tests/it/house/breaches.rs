//! No law of the house has an exception that is listed somewhere: what breaks one fails the test, with the place.

use std::collections::BTreeSet;

/// Holds that nothing breaks a law. Each breach is one line that tells where it is.
pub(super) fn settle(law: &str, found: impl IntoIterator<Item = String>) {
    let found: BTreeSet<String> = found.into_iter().map(|breach| format!("\n{law}: {breach}")).collect();
    assert!(found.is_empty(), "breaches:{}", found.into_iter().collect::<String>());
}

#[test]
fn a_breach_is_told_with_its_law_and_its_place() {
    settle("lines", []);
    let told = std::panic::catch_unwind(|| settle("lines", ["src/ice.rs".to_owned()])).expect_err("a breach");
    assert_eq!(told.downcast_ref::<String>().map(String::as_str), Some("breaches:\nlines: src/ice.rs"));
}
