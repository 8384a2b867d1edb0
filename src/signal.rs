//! How two ends tell each other where they are, before they can reach each other.

pub mod address;
pub mod rooms;
