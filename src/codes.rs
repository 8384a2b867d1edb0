//! Every code under which the tool says something: one row each, in the file of its topic.
//!
//! A row names the code, the group that it belongs to and the document that says more (empty where none does). Then it
//! says, in English and in Korean, what a reader is told: a title without its full stop, the detail, and the steps of
//! the remedy, each under the one whose step it is. A row without steps says that there is nothing to do. A code that
//! is a reason of the verdict may say the title again behind `plain:`, as a sentence for people who have never heard of
//! STUN, and behind `short:`, as a clause that follows a colon. `seen:` lists what the text claims to have been seen
//! ([`SeenClaim`](crate::diagnose::claims::SeenClaim)): a test looks for each claim in the evidence of every finding.
//!
//! ```text
//! PairLossy: Pairs, "RFC 8834 §7" {
//!     title: "The pair that carries the call loses {loss} % of its packets", "통화에 쓰이는 쌍에서 …";
//!     detail: "Of the checks from {local} to {remote}, so many were not answered.", "…";
//!     seen: [];
//!     You: "Use a cable or come closer to the Wi-Fi, and stop other transfers.", "…";
//!     NetworkTeam as "Network team of either end", "…": "Look for full queues.", "…";
//! }
//! ```
//!
//! The text is a template: the catalogue says how it is completed. A row that lacks a language does not compile.
//!
//! The rows are macros, so that this part needs no types of its own: `model` takes the names and groups out of them
//! and makes [`Code`](crate::model::Code), `catalog` takes the words, `diagnose` the claims. None can lack what another
//! has.

/// Hands the rows of one topic after the other on, and all of them to the macro `$take` in the end.
macro_rules! collect {
    ($take:ident []
        $($rows:tt)*) => { $take! { $($rows)* } };
    ($take:ident [$topic:ident $($later:ident)*]
        $($rows:tt)*) => { $topic! { $take [$($later)*] $($rows)* } };
}

#[macro_use]
mod details;
#[macro_use]
mod phrases;
#[macro_use]
mod questions;

#[macro_use]
mod agreement;
#[macro_use]
mod browser;
#[macro_use]
mod by_sight;
#[macro_use]
mod call;
#[macro_use]
mod call_upkeep;
#[macro_use]
mod changes;
#[macro_use]
mod configuration;
#[macro_use]
mod machine;
#[macro_use]
mod names;
#[macro_use]
mod network;
#[macro_use]
mod other_end;
#[macro_use]
mod own_call;
#[macro_use]
mod pairs;
#[macro_use]
mod path;
#[macro_use]
mod peer_candidates;
#[macro_use]
mod quality;
#[macro_use]
mod relays;
#[macro_use]
mod saved_call;
#[macro_use]
mod servers;
#[macro_use]
mod sources;
#[macro_use]
mod tls;
#[macro_use]
mod two_ends;
#[macro_use]
mod unanswered;

/// Expands to `$take! { all rows }`, in the order in which `explain` lists them.
macro_rules! codes {
    ($take:ident) => {
        collect! { $take [
            unanswered configuration sources network by_sight quality machine names servers tls relays two_ends peer_candidates pairs browser call call_upkeep agreement own_call path other_end changes saved_call
        ] }
    };
}
