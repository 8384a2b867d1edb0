//! Finding addresses and names in a text of any kind.

use super::Redaction;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

impl Redaction {
    /// The text with stand-ins in it. A text that is one known name of a single label is replaced only where it
    /// `may_be_a_name`.
    pub(super) fn search(&mut self, text: &str, may_be_a_name: bool) -> String {
        let mut safe = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let whole = |piece: &str| piece.len() == text.len() && !may_be_a_name;
            let (taken, stand_in) = if let Some(user) = self.names.user_at(rest).filter(|user| !whole(user)) {
                (user.len(), self.names.of_user(user))
            } else if let Some(found) = self.colons(rest) {
                found
            } else if is_word(first) {
                let word = &rest[..rest.find(|c| !is_word(c)).unwrap_or(rest.len())];
                let stand_in = self.word(word, rest[word.len()..].starts_with('@'), whole(word));
                (word.len(), stand_in)
            } else {
                (first.len_utf8(), first.to_string())
            };
            safe.push_str(&stand_in);
            rest = &rest[taken..];
        }
        safe
    }

    /// What is written with colons: an IPv6 address, or a hardware address.
    fn colons(&mut self, text: &str) -> Option<(usize, String)> {
        let run = &text[..text.find(|c: char| !(c.is_ascii_hexdigit() || c == ':' || c == '.')).unwrap_or(text.len())];
        if run.matches(':').count() < 2 {
            return None;
        }
        // A colon or a full stop may belong to the sentence; "::" may end an address.
        let mut address = run;
        loop {
            if let Ok(found) = address.parse::<Ipv6Addr>() {
                return Some((address.len(), self.addresses.of(IpAddr::V6(found)).to_string()));
            }
            if is_hardware(address) {
                return Some((address.len(), self.names.of_hardware("mac", &address.replace(':', ""))));
            }
            address = address.strip_suffix([':', '.'])?;
        }
    }

    fn word(&mut self, word: &str, is_of_mail: bool, is_whole: bool) -> String {
        let core = word.trim_end_matches(['.', '-']);
        let behind = &word[core.len()..];
        if core.is_empty() {
            return word.to_owned();
        }
        if let Ok(address) = core.parse::<Ipv4Addr>() {
            return format!("{}{behind}", self.addresses.of(IpAddr::V4(address)));
        }
        if is_of_mail {
            return format!("{}{behind}", self.names.of_user(core));
        }
        if is_domain(core) || holds_dashed_address(core) || (self.names.is_known(core) && !is_whole) {
            return format!("{}{behind}", self.names.of_host(core));
        }
        if let Some((kind, address)) = hardware_name(core) {
            return format!("{}{behind}", self.names.of_hardware(kind, address));
        }
        self.dotted(word)
    }

    /// IPv4 addresses inside a word, as in `ip-192.0.2.1`.
    fn dotted(&mut self, word: &str) -> String {
        let mut safe = String::with_capacity(word.len());
        for piece in word.split_inclusive(|c: char| !(c.is_ascii_digit() || c == '.')) {
            let end = piece.trim_end_matches(|c: char| !c.is_ascii_digit()).len();
            let start = piece.len() - piece.trim_start_matches('.').len();
            match piece.get(start..end).and_then(|digits| digits.parse::<Ipv4Addr>().ok()) {
                Some(address) => {
                    safe.push_str(&piece[..start]);
                    safe.push_str(&self.addresses.of(IpAddr::V4(address)).to_string());
                    safe.push_str(&piece[end..]);
                }
                None => safe.push_str(piece),
            }
        }
        safe
    }
}

/// What host names are written with.
pub(super) fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | '*')
}

/// Labels of letters and digits, the last of them of letters, as top-level domains are. A version has a number there.
fn is_domain(word: &str) -> bool {
    let mut labels = word.rsplit('.');
    let Some(last) = labels.next() else { return false };
    let is_top = last.chars().count() >= 2 && (last.chars().all(char::is_alphabetic) || last.starts_with("xn--"));
    let mut others = labels.peekable();
    is_top && others.peek().is_some() && others.all(|label| !label.is_empty())
}

/// As providers name hosts by their addresses: `ip-10-0-0-1`.
fn holds_dashed_address(word: &str) -> bool {
    let parts: Vec<Option<u8>> = word.split('-').map(|part| part.parse().ok()).collect();
    parts.windows(4).any(|four| four.iter().all(Option::is_some))
}

/// Six pairs of hexadecimal digits with colons between them.
fn is_hardware(text: &str) -> bool {
    let is_pair = |pair: &str| pair.len() == 2 && pair.bytes().all(|b| b.is_ascii_hexdigit());
    text.len() == 17 && text.split(':').all(is_pair)
}

/// The kind and the hardware address in an interface's name such as `enx001122334455`.
fn hardware_name(word: &str) -> Option<(&str, &str)> {
    let (kind, address) = word.split_at_checked(3)?;
    let is_address = address.len() == 12 && address.bytes().all(|b| b.is_ascii_hexdigit());
    (is_address && matches!(kind, "enx" | "wlx" | "wwx" | "slx" | "ibx")).then_some((kind, address))
}
