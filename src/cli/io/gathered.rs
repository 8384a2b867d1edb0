//! What do the sources that are named give before a run begins, and what is given back after it?

use crate::cli::exit;
use crate::cli::io::settings::Settings;
use crate::cli::io::sources::NamedSource;
use crate::cli::io::stop;
use crate::cli::io::targets::put;
use crate::cli::refusal::Refusal;
use crate::configuration::{Configuration, NamedServer};
use crate::model::{ConfigurationFact, Fact, Origin, Question, Record, Target};
use crate::os::sources::{HeldSource, UsedSource, ask_again, ask_source};
use crate::os::{Options, OsWorld};
use crate::turn::Credentials;
use futures_util::FutureExt;
use futures_util::future::join_all;
use std::time::Duration;

/// How long a source is waited for, as in a checkup of the usual length.
pub(crate) const USUAL_LIMIT: Duration = Duration::from_secs(5);

/// Of the time for a source, what is kept for asking it once more.
const COMPARED: u32 = 3;

/// What sources gave.
#[derive(Default)]
pub(crate) struct Gathered {
    pub(crate) targets: Vec<(Target, Option<Credentials>)>,
    pub(crate) facts: Vec<ConfigurationFact>,
    /// The servers as each source offers them.
    pub(crate) configurations: Vec<Configuration>,
    /// What is to be given back when the servers are no longer in use.
    pub(crate) held: Vec<HeldSource>,
    /// The sources whose credentials run out.
    pub(crate) used: Vec<UsedSource>,
    /// The user has seen enough.
    pub(crate) is_stopped: bool,
}

/// Asks the sources side by side, each for at most `limit` and none any longer once the user wants the run to end.
pub(crate) async fn gather(
    sources: &[NamedSource],
    options: &Options,
    insecure: bool,
    limit: Duration,
) -> Result<Gathered, Refusal> {
    let mut gathered = Gathered::default();
    if sources.is_empty() {
        return Ok(gathered);
    }
    let world = OsWorld::new(options.clone()).map_err(|error| Refusal::new(exit::COULD_NOT_TELL, error.to_string()))?;
    let stop = stop::requested().shared();
    let asking = sources.iter().map(async |NamedSource { source, secrets, is_compared }| {
        let kept = if *is_compared { limit / COMPARED } else { Duration::ZERO };
        let mut asked = ask_source(&world, source, secrets, insecure, limit - kept, stop.clone()).await;
        if let Some(first) = asked.offer.as_ref().filter(|_| *is_compared) {
            let again = ask_again(&world, source, secrets, insecure, first, kept, stop.clone());
            asked.facts.extend(again.await);
        }
        asked
    });
    for (NamedSource { source, secrets, .. }, asked) in sources.iter().zip(join_all(asking).await) {
        let used = asked.offer.as_ref().and_then(|offer| UsedSource::new(source.clone(), secrets.clone(), offer));
        gathered.used.extend(used);
        gathered.facts.extend(asked.facts);
        gathered.held.extend(asked.held);
        for NamedServer { target, login } in asked.offer.iter().flat_map(|offer| offer.configuration.asked()) {
            let login = login.map(|(username, password)| Credentials::LongTerm { username, password });
            gathered.facts.extend(put(&mut gathered.targets, target, login));
        }
        gathered.configurations.extend(asked.offer.map(|offer| offer.configuration));
    }
    gathered.is_stopped = stop.peek().is_some();
    Ok(gathered)
}

/// Gives back what sources hold, and tells how that went.
pub(crate) async fn give_back(held: Vec<HeldSource>) -> Vec<ConfigurationFact> {
    let mut facts = Vec::new();
    for source in held {
        facts.extend(source.leave().await);
    }
    facts
}

impl Settings {
    /// With what the sources gave beside what is named itself.
    pub(crate) async fn with_sources(mut self) -> Result<(Self, Vec<HeldSource>), Refusal> {
        /// A source has so much of the time for the whole run.
        const SHARE: u32 = 3;
        if self.sources.is_empty() {
            return Ok((self, Vec::new()));
        }
        let limit = self.timeout / SHARE;
        let (further_roots, proxy) = (self.roots.clone(), self.proxy.clone());
        let options = Options { further_roots, proxy, ..Options::default() };
        let gathered = gather(&self.sources, &options, self.insecure, limit).await?;
        self.timeout -= limit;
        self.is_stopped = gathered.is_stopped;
        self.configured.extend(gathered.facts);
        for (target, login) in gathered.targets {
            self.configured.extend(put(&mut self.targets, target, login));
        }
        Ok((self, gathered.held))
    }
}

/// Keeps with a run what was seen of its sources after it.
pub(crate) fn append(facts: Vec<ConfigurationFact>, record: &mut Record) {
    let at = record.observations.last().map(|seen| seen.at_ms).unwrap_or_default();
    for fact in facts {
        let by = Origin { question: Question::Configuration, uri: None };
        record.push(at, by, Fact::Configuration(fact));
    }
}
