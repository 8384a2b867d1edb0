//! What rests on what: a fault of an earlier layer explains those of later ones, and never the other way round.

use crate::model::{Code, Group};

/// The layers, from what everything rests on to what rests on everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Layer {
    Machine,
    /// Does the network let this machine in?
    Access,
    Names,
    /// Does anything pass at all, over which family?
    Reach,
    Nat,
    Servers,
    Relays,
    /// Calls go, and how well?
    Quality,
    Calls,
    /// What is said of the run and not of the network explains nothing.
    Run,
}

/// The layer that a code speaks of, by its group.
pub(crate) fn layer_of(code: Code) -> Layer {
    match code.group() {
        Group::Machine => Layer::Machine,
        Group::Access => Layer::Access,
        Group::Names => Layer::Names,
        Group::Reach => Layer::Reach,
        Group::Nat => Layer::Nat,
        Group::Configuration | Group::Servers => Layer::Servers,
        Group::Relays => Layer::Relays,
        Group::Quality => Layer::Quality,
        Group::Peer
        | Group::Signalling
        | Group::Pairs
        | Group::Browser
        | Group::Calls
        | Group::Path
        | Group::Change => Layer::Calls,
        Group::Run => Layer::Run,
    }
}
