//! A tree and what is known about it, for other programs: pure functions from values to values or
//! text, each format escaped at its own edge.

mod json;

pub use json::{CheckView, Entry, NodeView, node, problems, symptoms};
