//! A set of kinds of evidence in one word. A tree has no more kinds than the word has bits: one that has is
//! refused.

use crate::tree::KindId;

/// Some of the kinds of a tree: a bit for each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Kinds(u64);

impl Kinds {
    pub(super) fn add(&mut self, kind: KindId) {
        self.0 |= bit(kind);
    }

    pub(super) fn holds(self, kind: KindId) -> bool {
        self.0 & bit(kind) != 0
    }
}

fn bit(kind: KindId) -> u64 {
    let place = u32::try_from(kind.index()).unwrap_or(u32::MAX);
    1_u64.checked_shl(place).unwrap_or(0)
}
