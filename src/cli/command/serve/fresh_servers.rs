//! Which ICE servers does the application's own source give the next visitor?
//!
//! Each visitor has servers of its own, as the application's users have. The source is asked for one visitor at a time, so that
//! whoever comes and goes without end does not flood it; where it gives none, the visitor gets the server's own and the
//! operator is told, once for each reason.

use crate::catalog;
use crate::cli::io::gathered;
use crate::cli::io::sources::NamedSource;
use crate::configuration::NamedServer;
use crate::diagnose::diagnose;
use crate::model::{Code, ConfigurationFact, Finding, Group, Record, Severity};
use crate::os::sources::{AskedSource, HeldSource, afresh, ask_source};
use crate::os::{Options, OptionsError, OsWorld};
use crate::signal::rooms::frames::RtcIceServer;
use std::collections::{BTreeSet, VecDeque};
use std::time::Duration;
use tokio::sync::{Mutex, mpsc};

/// A visitor waits for it, and its seat waits for the visitor no longer than a lease.
const LIMIT: Duration = Duration::from_secs(3);

/// What is made at a source for a visitor is kept for so many of the last ones.
const HELD_MAX: usize = 8;

/// What has to be kept between two visitors.
#[derive(Default)]
struct Kept {
    held: VecDeque<HeldSource>,
    /// The sources, by their number, that refused what they were shown: nothing is shown to them again.
    refusing: BTreeSet<usize>,
    /// What the operator was told last.
    told: Option<String>,
}

/// The sources, and who is told of them.
pub(crate) struct FreshServers {
    world: OsWorld,
    sources: Vec<NamedSource>,
    lang: catalog::Lang,
    operator: mpsc::UnboundedSender<String>,
    kept: Mutex<Kept>,
}

impl FreshServers {
    /// With what it tells the operator.
    pub(crate) fn new(
        sources: Vec<NamedSource>,
        options: Options,
        lang: catalog::Lang,
    ) -> Result<(Self, mpsc::UnboundedReceiver<String>), OptionsError> {
        let world = OsWorld::new(options)?;
        let (operator, told) = mpsc::unbounded_channel();
        Ok((Self { world, sources, lang, operator, kept: Mutex::default() }, told))
    }

    /// What of the sources may be shown.
    pub(crate) fn shown(&self) -> Vec<String> {
        self.sources.iter().map(|named| named.source.shown()).collect()
    }

    /// Servers of the next visitor's own; none where no source gives any.
    pub(crate) async fn for_a_visitor(&self) -> Vec<RtcIceServer> {
        let mut kept = self.kept.lock().await;
        let mut servers = Vec::new();
        let mut record = Record::default();
        for (number, NamedSource { source, secrets, .. }) in self.sources.iter().enumerate() {
            if kept.refusing.contains(&number) {
                continue;
            }
            let Some(secrets) = afresh(secrets) else { continue };
            let never = std::future::pending();
            let AskedSource { facts, offer, held } =
                ask_source(&self.world, source, &secrets, false, LIMIT, never).await;
            if facts.iter().any(refuses) {
                kept.refusing.insert(number);
            }
            gathered::append(facts, &mut record);
            servers.extend(offer.iter().flat_map(|offer| offer.configuration.asked()).filter_map(of_a_page));
            kept.held.extend(held);
        }
        while kept.held.len() > HELD_MAX
            && let Some(oldest) = kept.held.pop_front()
        {
            gathered::append(oldest.leave().await, &mut record);
        }
        self.tell(&record, &mut kept.told);
        servers
    }

    fn tell(&self, record: &Record, told: &mut Option<String>) {
        let findings = diagnose(record).findings.into_iter();
        let mut grave = findings.filter(|found| {
            let is_of_source = found.code.group() == Group::Configuration && found.severity == Severity::Critical;
            is_of_source || found.code == Code::SourceLeftBehind
        });
        let now = grave.next().map(|found| self.said(&found));
        if let Some(text) = now.as_ref().filter(|text| told.as_ref() != Some(text)) {
            // Where the server has ended already, nobody reads it.
            let _ = self.operator.send(text.clone());
        }
        *told = now;
    }

    fn said(&self, found: &Finding) -> String {
        let words = catalog::words(found.code, &found.about, self.lang);
        format!("{}. {}", words.title, words.detail)
    }

    /// Gives back what was made for visitors, and says what may be left of it.
    pub(crate) async fn leave(&self) -> Vec<String> {
        let held = std::mem::take(&mut self.kept.lock().await.held);
        let mut record = Record::default();
        gathered::append(gathered::give_back(held.into()).await, &mut record);
        let left = diagnose(&record).findings.into_iter().filter(|found| found.code == Code::SourceLeftBehind);
        left.map(|found| self.said(&found)).collect()
    }
}

/// Whether a source does not take what it was shown. Whoever shows it again and again is locked out.
fn refuses(fact: &ConfigurationFact) -> bool {
    let ConfigurationFact::FaultyConfiguration { fault, .. } = fact else { return false };
    matches!(
        fault,
        Code::SourceRejectedSecret
            | Code::SourceWantsSecret
            | Code::SourceForbidden
            | Code::SourceTokenExpired
            | Code::SourceTokenNotYetValid
    )
}

/// As a page hands it to its browser; None where that would make the browser throw.
fn of_a_page(named: NamedServer) -> Option<RtcIceServer> {
    let NamedServer { target, login } = Some(named).filter(NamedServer::is_taken)?;
    let (username, credential) = login.unzip();
    Some(RtcIceServer { urls: vec![target.uri()], username, credential })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_gets_no_entry_that_makes_its_browser_throw() {
        let named = |uri: &str, login: Option<(&str, &str)>| NamedServer {
            target: uri.parse().expect(uri),
            login: login.map(|(user, password)| (user.to_owned(), password.to_owned())),
        };
        let page = |uri, login| of_a_page(named(uri, login)).map(|server| server.urls);
        assert_eq!(page("turn:a.example", None), None);
        assert_eq!(page("turn:a.example", Some(("u", ""))), None);
        assert_eq!(page("turn:a.example", Some(("u", "p"))), Some(vec!["turn:a.example?transport=udp".to_owned()]));
        assert_eq!(page("stun:a.example", None), Some(vec!["stun:a.example".to_owned()]));
    }
}
