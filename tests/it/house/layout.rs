//! What is seen first: a top level of few names, and files that one sitting reads.

use super::breaches::settle;
use super::source::{files_below, root};

const LINES_MAX: usize = 500;

#[test]
fn the_top_level_shows_only_what_a_reader_needs() {
    let known = ["Cargo.toml", "Cargo.lock", "README.md", "src", "reports", "tests", "fixtures", "target"];
    for entry in std::fs::read_dir(root()).expect("the top level") {
        let name = entry.expect("an entry").file_name().to_string_lossy().into_owned();
        assert!(name.starts_with('.') || name.starts_with("LICENSE-") || known.contains(&name.as_str()), "{name}");
    }
}

fn long<'a>(files: impl IntoIterator<Item = &'a (String, String)>) -> Vec<String> {
    let long = files.into_iter().filter(|(_, text)| text.lines().count() > LINES_MAX);
    long.map(|(path, _)| path.clone()).collect()
}

#[test]
fn no_file_grows_beyond_five_hundred_lines() {
    settle("lines", long(files_below("src").iter().chain(&files_below("tests"))));
}

#[test]
fn a_planted_long_file_is_found() {
    let file = |lines| (format!("{lines}"), "\n".repeat(lines));
    assert_eq!(long(&[file(LINES_MAX), file(LINES_MAX + 1)]), ["501"]);
}
