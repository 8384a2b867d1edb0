//! Networks as files: how they are read, checked and drawn, and how a simulated network or a real one is built from
//! them.

mod build;
mod check;
mod draw;
mod file;
mod from;
mod presets;
mod toml_path;

pub use build::{Built, Ground};
pub use file::{
    AnswersEntry, ChangeEntry, File, FirewallEntry, HostEntry, INTERNET, LineEntry, LinkEntry, Nat64Entry, NatEntry,
    PassageWord, PortsEntry, ResolverEntry, Serves, SiteEntry,
};
pub use from::from;
pub use presets::{FAULTS, PRESETS, all};

use crate::lab::roles::TellingRouter;
use crate::model::{Behaviour, Family};
use std::collections::BTreeMap;
use std::net::IpAddr;

/// A network that has passed all checks.
#[derive(Clone, Debug, PartialEq)]
pub struct Topology {
    file: File,
}

/// Why a file describes no valid network: a sentence, and for a text also line, column and the line itself.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct TopologyError(pub String);

/// The combined behaviour of the NATs and firewalls between a host and the internet, for one address family.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Amount {
    /// Whether some device translates addresses.
    pub translated: bool,
    /// The strictest mapping behaviour of all devices that translate.
    pub mapping: Behaviour,
    /// The strictest filtering behaviour of all devices.
    pub filtering: Behaviour,
}

impl Topology {
    /// Parses the text of a file and checks the network.
    pub fn parse(text: &str) -> Result<Self, TopologyError> {
        let file: File = toml::from_str(text).map_err(|error| TopologyError(toml_path::unread(text, &error)))?;
        check::check(&file).map_err(|contradiction| TopologyError(contradiction.located(text)))?;
        Ok(Self { file })
    }

    /// Checks a network that was not read from a text.
    pub fn of(file: File) -> Result<Self, TopologyError> {
        check::check(&file).map_err(|contradiction| TopologyError(contradiction.message))?;
        Ok(Self { file })
    }

    /// One of the networks that come with the tool ([`all`]), by its name.
    pub fn preset(name: &str) -> Option<Self> {
        let (_, text) = all().find(|(known, _)| *known == name)?;
        Self::parse(text).ok()
    }

    /// The network as its file has it.
    pub fn file(&self) -> &File {
        &self.file
    }

    /// The file as TOML.
    pub fn text(&self) -> Result<String, TopologyError> {
        toml::to_string(&self.file).map_err(|error| TopologyError(error.to_string()))
    }

    /// The host to check from by default: the first one that serves nothing.
    pub fn client(&self) -> Option<&HostEntry> {
        self.file.hosts.iter().find(|host| host.serves.is_none())
    }

    /// The machine of a host that is its site's router and says its address outside; None of another host.
    pub fn telling_router(&self, host: &HostEntry) -> Option<TellingRouter> {
        let protocol = host.serves?.port_control()?;
        let nat = self.way_out(host).next()?.ipv4.as_ref()?;
        let IpAddr::V4(outside) = *nat.public.first()? else { return None };
        Some(TellingRouter::new(protocol, *host.addresses.first()?, outside))
    }

    /// The sites between a host and the internet, beginning with its own.
    fn way_out(&self, host: &HostEntry) -> impl Iterator<Item = &SiteEntry> {
        let by_name: BTreeMap<&str, &SiteEntry> =
            self.file.sites.iter().map(|site| (site.name.as_str(), site)).collect();
        let first = by_name.get(host.site.as_str()).copied();
        std::iter::successors(first, move |site| by_name.get(site.behind.as_str()).copied())
    }

    /// Devices in a row are as strict as the strictest of them: a packet has to pass them all, and each device that
    /// varies its mapping varies what is seen outside. None where the host has no address of the family.
    pub fn amount(&self, host: &HostEntry, family: Family) -> Option<Amount> {
        host.addresses.iter().find(|address| Family::of(**address) == family)?;
        let open = Behaviour::EndpointIndependent;
        let none = Amount { translated: false, mapping: open, filtering: open };
        let devices = self.way_out(host).filter_map(|site| match family {
            Family::Ipv4 => site.ipv4.as_ref(),
            Family::Ipv6 => site.ipv6.as_ref(),
        });
        Some(devices.fold(none, |amount, nat| Amount {
            translated: amount.translated || !nat.public.is_empty(),
            // A firewall has no mapping that could vary.
            mapping: if nat.public.is_empty() { amount.mapping } else { amount.mapping.max(nat.mapping) },
            filtering: amount.filtering.max(nat.filtering),
        }))
    }

    /// Draws the network as a tree, from the internet inwards; with `ascii` from ASCII characters only.
    pub fn draw(&self, ascii: bool) -> String {
        draw::draw(&self.file, ascii)
    }
}

#[cfg(test)]
mod tests;
