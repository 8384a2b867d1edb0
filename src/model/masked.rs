//! How is a text quoted that was to be a server's URI, so that no secret in it shows?

/// The URI with what may be a password hidden: all between the scheme and an '@', behind a '/', '#', ';', '%' or '&', where a
/// port has to be and none is, a query but for a transport, and a word that is neither a URI nor a host's name. Each character
/// stays one character.
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
    let behind_scheme = |sought: &[char]| chars[start..].iter().position(|c| sought.contains(c)).map(|at| start + at);
    let ends = [query, place('&'), behind_scheme(&['/', '#', ';', '%']), no_port(&chars, start)];
    let is_a_word = start == 0 && !text.contains('.');
    let end = if is_a_word { Some(KNOWN_BY) } else { ends.into_iter().flatten().min().map(|end| end + 1) };
    let end = end.unwrap_or(usize::MAX);
    let shown = |(i, c): (usize, char)| if (start..at).contains(&i) || i >= end { '*' } else { c };
    chars.into_iter().enumerate().map(shown).collect()
}

/// The colon behind the host, where what follows it up to the query is neither a port nor a part of an IPv6 address.
fn no_port(chars: &[char], start: usize) -> Option<usize> {
    let end = chars.iter().position(|c| *c == '?').unwrap_or(chars.len());
    let colon = chars[..end].iter().rposition(|c| *c == ':').filter(|colon| *colon >= start)?;
    chars[colon + 1..end].iter().any(|c| !c.is_ascii_hexdigit() && !".]".contains(*c)).then_some(colon)
}

#[cfg(test)]
mod tests {
    use super::masked_uri;

    #[test]
    fn what_stands_where_a_secret_may_stand_is_hidden() {
        for (text, shown) in [
            ("turn:h:secret", "turn:h:******"),
            ("turn:[::1]:secret", "turn:[::1]:******"),
            ("stun:h;secret", "stun:h;******"),
            ("turn:h%secret", "turn:h%******"),
            ("stun:h#secret", "stun:h#******"),
            ("turn:h?transport=SECRET", "turn:h?****************"),
        ] {
            assert_eq!(masked_uri(text), shown);
        }
    }

    #[test]
    fn hosts_ports_and_addresses_are_shown() {
        for text in
            ["turn:h:3478?transport=tcp", "stun:a.example:99999", "turn:2001:db8::10:3478", "turn:[2001:db8::1]:5349"]
        {
            assert_eq!(masked_uri(text), text);
        }
    }
}
