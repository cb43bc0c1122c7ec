//! The part of lookout-troubleshoot that every start waits for: a [`tree`] is read, and [`search`] finds
//! where to begin in it, in each [`lang`]uage. Nothing here knows what is done with a tree.

pub mod lang;
pub mod search;
pub mod tree;
