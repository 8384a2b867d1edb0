//! How is a text quoted that was to be a server's URI, so that no secret in it shows?

/// The URI with what may be a password hidden: all between the scheme and an '@', behind a '/' or '&', a query but for a
/// transport, and a word that is neither a URI nor a host's name. Each character stays
/// one character.
pub fn masked_uri(text: &str) -> String {
    /// So much of a hidden word is shown, for its writer to know it again.
    const KNOWN_BY: usize = 2;
    let chars: Vec<char> = text.chars().collect();
    let place = |sought: char| chars.iter().position(|c| *c == sought);
    let start = place(':').map_or(0, |colon| colon + 1);
    let at = chars.iter().rposition(|c| *c == '@').unwrap_or(0);
    let query = place('?').filter(|mark| {
        let query: String = chars[mark + 1..].iter().collect();
        let transport = query.strip_prefix("transport=");
        !transport.is_some_and(|value| value.len() < 10 && value.chars().all(|c| c.is_ascii_lowercase()))
    });
    let ends = [query, place('&'), chars[start..].iter().position(|c| *c == '/').map(|slash| start + slash)];
    let is_a_word = start == 0 && !text.contains('.');
    let end = if is_a_word { Some(KNOWN_BY) } else { ends.into_iter().flatten().min().map(|end| end + 1) };
    let end = end.unwrap_or(usize::MAX);
    let shown = |(i, c): (usize, char)| if (start..at).contains(&i) || i >= end { '*' } else { c };
    chars.into_iter().enumerate().map(shown).collect()
}
