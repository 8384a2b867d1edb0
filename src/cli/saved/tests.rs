//! What may be handed in instead of a document.

use super::*;

#[test]
fn what_is_no_document_is_told_with_line_and_column() {
    for (text, problem) in [
        ("", "it is empty"),
        (" \n ", "it is empty"),
        ("{\n\"schema\" 1}", "it is no JSON: expected `:` (line 2 column 10)"),
    ] {
        assert_eq!(parse(text).expect_err(text), problem);
    }
}
