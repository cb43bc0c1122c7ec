//! A set of kinds of evidence in one word. A tree has no more kinds than the word has bits: one that has is
//! refused.

use crate::tree::KindId;

/// Some of the kinds of a tree: a bit for each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Kinds(u64);

impl Kinds {
    pub(super) fn one(index: usize) -> Self {
        Kinds(
            1_u64
                .checked_shl(u32::try_from(index).unwrap_or(u32::MAX))
                .unwrap_or(0),
        )
    }

    pub(super) fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub(super) fn or(self, other: Kinds) -> Self {
        Kinds(self.0 | other.0)
    }

    pub(super) fn and(self, other: Kinds) -> Self {
        Kinds(self.0 & other.0)
    }

    pub(super) fn add(&mut self, kind: KindId) {
        *self = self.or(Kinds::one(kind.index()));
    }

    pub(super) fn holds(self, kind: KindId) -> bool {
        !self.and(Kinds::one(kind.index())).is_empty()
    }
}
