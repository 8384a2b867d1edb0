//! Stand-ins for the names of hosts and users, and for checksums of them.

use super::text::is_word;
use crate::model::IPV4_ONLY;
use std::collections::BTreeMap;

#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    /// In lower case, without what stays of a name.
    hosts: BTreeMap<String, usize>,
    users: BTreeMap<String, usize>,
    hardware: BTreeMap<String, usize>,
    fingerprints: BTreeMap<String, usize>,
    foundations: BTreeMap<String, usize>,
}

/// The number of a thing, counted from 1 in the order in which they are met.
fn number(met: &mut BTreeMap<String, usize>, thing: &str) -> usize {
    let next = met.len() + 1;
    *met.entry(thing.to_owned()).or_insert(next)
}

impl Names {
    /// Of the time-limited kind, `1767225600:alice`, the part that is a name too.
    pub(super) fn of_users(users: impl IntoIterator<Item = String>) -> Self {
        let mut names = Self::default();
        for user in users.into_iter().filter(|user| !user.is_empty()) {
            if let Some((_, name)) = user.split_once(':').filter(|(_, name)| !name.is_empty()) {
                number(&mut names.users, name);
            }
            number(&mut names.users, &user);
        }
        names
    }

    /// One that no host can have is a person's.
    pub(super) fn meet(&mut self, name: &str) {
        if !name.is_empty() && name.contains(|c| !is_word(c)) {
            number(&mut self.users, name);
        } else if let Some((_, core, _)) = parts(name) {
            number(&mut self.hosts, &core);
        }
    }

    pub(super) fn is_known(&self, name: &str) -> bool {
        parts(name).is_some_and(|(_, core, _)| self.hosts.contains_key(&core))
    }

    /// A name stays itself where it names nobody: `localhost`, what the whole world has, or no name at all.
    pub(super) fn of_host(&mut self, name: &str) -> String {
        match parts(name) {
            Some((before, core, after)) => format!("{before}host-{}{after}", number(&mut self.hosts, &core)),
            None => name.to_owned(),
        }
    }

    pub(super) fn of_user(&mut self, name: &str) -> String {
        format!("user-{}", number(&mut self.users, name))
    }

    /// The longest user name that the text begins with, and that does not end inside a word.
    pub(super) fn user_at<'a>(&self, text: &'a str) -> Option<&'a str> {
        let begins = self.users.keys().filter(|user| {
            text.strip_prefix(user.as_str()).is_some_and(|rest| !(user.ends_with(is_word) && rest.starts_with(is_word)))
        });
        begins.max_by_key(|user| user.len()).map(|user| &text[..user.len()])
    }

    /// An interface that is called by its hardware address, as `enx001122334455`: the kind stays.
    pub(super) fn of_hardware(&mut self, kind: &str, address: &str) -> String {
        format!("{kind}-{}", number(&mut self.hardware, &address.to_ascii_lowercase()))
    }

    /// The number alone where `short`, else as long as a SHA-256.
    pub(super) fn checksum(&mut self, sum: &str, short: bool) -> String {
        if short {
            number(&mut self.foundations, sum).to_string()
        } else {
            format!("{:064x}", number(&mut self.fingerprints, sum))
        }
    }
}

/// What stays before a name, its core in lower case, and what stays behind it. None where there is nothing to hide.
fn parts(name: &str) -> Option<(&str, String, &'static str)> {
    let name = name.trim_end_matches('.');
    let mut core = name;
    // A service (RFC 2782) or a wildcard.
    while let Some((_, rest)) = core.split_once('.').filter(|(label, _)| label.starts_with('_') || *label == "*") {
        core = rest;
    }
    let before = &name[..name.len() - core.len()];
    let core = core.to_lowercase();
    let (core, after) = match core.strip_suffix(".local") {
        Some(core) => (core.to_owned(), ".local"),
        None => (core, ""),
    };
    let says_nothing = core.is_empty()
        || ["localhost", IPV4_ONLY].contains(&core.as_str())
        || core.parse::<std::net::IpAddr>().is_ok();
    (!says_nothing).then_some((before, core, after))
}
