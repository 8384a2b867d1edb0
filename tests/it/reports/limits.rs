//! `reports/limits.md`: what strangers may cost, each row held to the code that says so and to the test that shows it.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Where every limit stands in the table: what listens to strangers.
const LISTENERS: [&str; 5] = ["os/listen.rs", "os/rooms", "peer/session", "server", "signal"];

struct Row {
    file: String,
    name: String,
    value: String,
    test: String,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn table() -> Vec<Row> {
    let text = fs::read_to_string(root().join("reports/limits.md")).expect("readable");
    let rows = text.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| what "));
    let cells = rows.map(|row| row.split(" | ").map(|cell| cell.trim_matches(['|', ' ', '`']).to_owned()));
    cells
        .map(|cells| match <[String; 5]>::try_from(cells.collect::<Vec<_>>()) {
            Ok([_, file, name, value, test]) => Row { file, name, value, test },
            Err(other) => panic!("no row of five: {other:?}"),
        })
        .collect()
}

/// Every Rust file below a folder, by its path from there.
fn sources(folder: &Path, from: &Path, found: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources(&path, from, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let name = path.strip_prefix(from).expect("below it").to_string_lossy().replace('\\', "/");
            found.push((name, fs::read_to_string(&path).expect("readable")));
        }
    }
}

fn library() -> Vec<(String, String)> {
    let (src, mut found) = (root().join("src"), Vec::new());
    sources(&src, &src, &mut found);
    found
}

/// The value of a constant, of a field of a default, or of an arm, as a line of the file has it.
fn value<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    text.lines().map(str::trim).find_map(|line| {
        let constant = line.split_once(&format!("const {name}: ")).and_then(|(_, rest)| rest.split_once(" = "));
        let constant = constant.and_then(|(_, value)| value.strip_suffix(';'));
        let field = || line.strip_prefix(&format!("{name}: "))?.strip_suffix(',').filter(|value| !value.contains(';'));
        let arm = || line.strip_prefix(&format!("{name} => "))?.strip_suffix(',');
        constant.or_else(field).or_else(arm)
    })
}

#[test]
fn each_limit_stands_in_the_code_with_its_value_and_its_test_is_there() {
    let mut library = library();
    let rows = table();
    assert!(rows.len() > 40);
    for Row { file, name, value: told, .. } in &rows {
        let (_, text) = library.iter().find(|(path, _)| path == file).unwrap_or_else(|| panic!("no file {file}"));
        assert_eq!(value(text, name), Some(told.as_str()), "{name} in {file}");
    }
    sources(&root().join("tests"), root(), &mut library);
    for Row { name, test, .. } in rows {
        let head = format!("fn {test}()");
        assert!(library.iter().any(|(_, text)| text.contains(&head)), "{name} has no test {test}");
    }
}

/// The names of constants that say how much is too much.
fn limits(text: &str) -> impl Iterator<Item = &str> {
    let constants = text.lines().filter_map(|line| line.split_once("const ")?.1.split_once(": ").map(|(name, _)| name));
    constants.filter(|name| name.ends_with("_MAX") || name.starts_with("MOST_"))
}

#[test]
fn no_limit_of_what_listens_to_strangers_is_missing() {
    let rows: BTreeSet<(String, String)> = table().into_iter().map(|row| (row.file, row.name)).collect();
    for (file, text) in library().into_iter().filter(|(file, _)| !file.contains("test")) {
        if LISTENERS.iter().any(|part| file.starts_with(part)) {
            for name in limits(&text) {
                assert!(rows.contains(&(file.clone(), name.to_owned())), "{name} in {file}");
            }
        }
    }
}

#[test]
fn a_planted_value_is_found_and_a_planted_limit_too() {
    let planted =
        "    pub const A_MAX: usize = 1 << 3;\n            rooms: Shares { all: 1 },\n    Self::X => InAll(4),";
    let values = ["A_MAX", "rooms", "Self::X", "B_MAX"].map(|name| value(planted, name));
    assert_eq!(values, [Some("1 << 3"), Some("Shares { all: 1 }"), Some("InAll(4)"), None]);
    assert_eq!(limits(planted).collect::<Vec<_>>(), ["A_MAX"]);
}
