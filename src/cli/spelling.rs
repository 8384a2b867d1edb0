//! Which name was meant by one that is misspelt?

/// Longer words are no typing errors, and take long to compare.
const LONGEST: usize = 64;

/// How many letters have to be put in, left out, changed or swapped between the two; None of what is no name at all.
pub(crate) fn slips(name: &str, asked: &str) -> Option<usize> {
    (asked.len() <= LONGEST).then(|| strsim::damerau_levenshtein(name, asked))
}

/// How different a mistyped name may be: two slips, or a third of it.
fn is_near(name: &str, asked: &str, slips: usize) -> bool {
    slips <= 2 || slips * 3 <= name.len() || (asked.len() >= 4 && name.contains(asked))
}

/// The most names that are suggested; more would be no help.
const SUGGESTIONS_MAX: usize = 5;

/// Those of the names that may have been meant, the likeliest first.
pub(crate) fn nearest(asked: &str, names: impl Iterator<Item = String>) -> Vec<String> {
    let counted = names.filter_map(|name| Some((slips(&name, asked)?, name)));
    let mut near: Vec<(usize, String)> = counted.filter(|(slips, name)| is_near(name, asked, *slips)).collect();
    near.sort_by_key(|(slips, _)| *slips);
    near.truncate(SUGGESTIONS_MAX);
    near.into_iter().map(|(_, name)| name).collect()
}
