//! A tree and what is known about it, for other programs: pure functions from values to values or
//! text, each format escaped at its own edge.

mod cases;
mod dot;
mod json;
mod map;
mod mermaid;
mod problems;
mod search;
mod svg;
mod triage;

pub use cases::{CaseView, cases};
pub use dot::dot;
pub use json::{Entry, NodeView, node, symptoms};
pub use map::Map;
pub use mermaid::mermaid;
pub use problems::{CheckView, check, github};
pub use search::{SearchView, search};
pub use svg::svg;
pub use triage::{COLUMNS, DeviceView, TriageView, triage};
