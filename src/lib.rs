//! A guided-troubleshooting wizard over a decision tree; nothing here reads the clock, the
//! environment or a file: `main` does, and passes in what it read.
//!
//! [`tree`] turns a YAML file into a value that cannot be wrong, and [`check`] tells its author what is.
//! [`walk`] replays a list of answers through it, [`search`] finds where to begin, and [`answers`] are
//! those that are known beforehand; [`evidence`] is what exports say instead, and [`triage`] walks every
//! device in them. [`ui`] shows where the walk stands and asks. What happens is a [`case`], which
//! [`report`] tells to a ticket and [`stats`] counts. [`export`] gives content to other programs, [`cli`]
//! is what can be asked of this one, and [`lang`] holds every sentence that it says.

pub mod answers;
pub mod case;
pub mod check;
pub mod cli;
pub mod evidence;
pub mod export;
pub mod report;
pub mod stats;
pub mod triage;
pub mod ui;
pub mod walk;

#[doc(inline)]
pub use lookout_troubleshoot_tree::{lang, search, tree};
