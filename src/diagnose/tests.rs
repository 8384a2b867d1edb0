//! Records told by small words, and what they must mean.

mod behaviours;
mod broken;
mod browsers;
mod calls;
mod causes;
mod cut;
mod exits;
mod filters;
mod incoming;
mod innocents;
mod inspection;
mod legs;
mod load;
mod media;
mod meeting;
mod neighbours;
mod network;
mod parts;
mod proxied;
mod relays;
mod scene;
mod servers;
mod traps;
mod two_words;
mod verdicts;
mod whatever;
