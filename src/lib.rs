//! A guided-troubleshooting wizard over a decision tree; nothing here reads the clock, the
//! environment or a file: `main` does, and passes in what it read.
//!
//! [`tree`] turns a YAML file into a value that cannot be wrong, [`check`] tells its author what is,
//! [`walk`] replays a list of answers through it, [`ui`] shows where the walk stands and asks, [`export`] gives the same content to
//! other programs, and [`lang`] holds every sentence the program itself says.

pub mod check;
pub mod cli;
pub mod export;
pub mod lang;
pub mod search;
pub mod tree;
pub mod ui;
pub mod walk;
