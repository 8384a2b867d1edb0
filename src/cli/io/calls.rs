//! A file that tells of calls which somebody else had: which of them, and as what record?

use crate::cli::refusal::Refusal;
use crate::dump::detect::{self, Form, NoDump};
use crate::dump::session::{SavedConnection, SavedSession};
use crate::dump::{choice, facts, two_ends};
use crate::model::{Fact, Millis, Origin, Question, Record, Tool};
use std::net::IpAddr;

/// As large as files are read.
pub(crate) const BYTES_MAX: u64 = detect::BYTES_MAX as u64;

/// The calls in a file.
pub(crate) struct Calls {
    form: Form,
    session: SavedSession,
}

impl Calls {
    /// None where the file is none of calls; `is_cut` where it was packed and ended in the middle. Of a capture the calls of
    /// `client`, where it is given.
    pub(crate) fn of(bytes: &[u8], is_cut: bool, client: Option<IpAddr>) -> Result<Option<Self>, NoDump> {
        let Some(form) = detect::form(bytes)? else { return Ok(None) };
        let mut session = detect::read(form, bytes, client);
        session.left_out.is_cut |= is_cut;
        Ok(Some(Self { form, session }))
    }

    /// The connection that matters most; an empty one of a file without any.
    pub(crate) fn that_matters(&self) -> SavedConnection {
        choice::that_matters(&self.session).cloned().unwrap_or_default()
    }

    /// The connection of this name, or the names that there are.
    pub(crate) fn named(&self, name: &str) -> Result<SavedConnection, String> {
        choice::named(&self.session, name).cloned().ok_or_else(|| {
            let names = self.session.connections.iter().map(|connection| connection.name.as_str());
            format!("no connection is called {name:?}; there are: {}", names.take(50).collect::<Vec<_>>().join(", "))
        })
    }

    /// Whether it is a capture, in which several ends are seen.
    pub(crate) fn is_capture(&self) -> bool {
        self.form == Form::Capture
    }

    /// Whether a connection is in it: browsers forget those that were closed.
    pub(crate) fn holds_any(&self) -> bool {
        !self.session.connections.is_empty()
    }

    /// All connections.
    pub(crate) fn all(&self) -> &[SavedConnection] {
        &self.session.connections
    }

    /// What was observed of one of them.
    pub(crate) fn record(&self, connection: SavedConnection) -> Record {
        facts::record(&self.session, self.form.name(), &connection)
    }

    /// One record of the call that the two files have in common: of both ends, or of one as its browser and its network saw
    /// it.
    pub(crate) fn joined(&self, theirs: &Self) -> Result<Record, Refusal> {
        // Of a file that was saved after its call nothing is joined to the other.
        match [self, theirs].map(Calls::holds_any) {
            [true, false] => return Ok(self.record(self.that_matters())),
            [false, true] => return Ok(theirs.record(theirs.that_matters())),
            [true, true] | [false, false] => {}
        }
        let (browser, capture) = if self.is_capture() { (theirs, self) } else { (self, theirs) };
        if capture.is_capture() && !browser.is_capture() {
            let none = "the browser's file and the capture have no call in common: no pair of the one has the ports that \
                packets of the other went between";
            let beside = two_ends::beside(&browser.session, &capture.session).ok_or_else(|| Refusal::usage(none))?;
            return Ok(browser.record(beside));
        }
        if !self.holds_any() {
            return Ok(self.record(self.that_matters()));
        }
        let none = "the two files have no call in common: neither end was given what the other described itself by";
        let matched = two_ends::matched(&self.session, &theirs.session);
        let (one, other) = matched.ok_or_else(|| Refusal::usage(none))?;
        let mut ours = self.record(one.clone());
        if let Some(compared) = two_ends::clocks(one, other) {
            ours.push(Millis::ZERO, Origin { question: Question::Call, uri: None }, Fact::Run(compared));
        }
        Ok(ours.join(theirs.record(other.clone()), theirs.tool()))
    }

    /// What made the file, as far as it says.
    pub(crate) fn tool(&self) -> Tool {
        Tool { name: self.form.name().to_owned(), version: String::new() }
    }
}
