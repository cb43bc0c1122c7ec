//! A tree and what is known about it, for other programs: pure functions from values to values or
//! text, each format escaped at its own edge.

mod json;
mod problems;

pub use json::{Entry, NodeView, node, symptoms};
pub use problems::{CheckView, check, github};
