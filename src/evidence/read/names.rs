//! What the names in files mean to a tree. Each way to write a name is looked at once, and no more of
//! them are remembered than usual files have.

use rustc_hash::FxHashMap;

use crate::tree::{Evidence, KindId, plain};

/// How many ways to write names are remembered. A table or a list of devices has about a hundred.
const MOST_WRITTEN: usize = 4096;

/// The longest name, in bytes, that can be one of the tree.
const LONGEST: usize = 1000;

/// The place of a name among those that mean something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NameId(pub(super) usize);

impl NameId {
    /// What a record calls its type.
    pub(super) const TYPE: NameId = NameId(0);
    /// What a page or a single record says about where it is from.
    pub(super) const CONTEXT: NameId = NameId(1);
    /// Where the next page is.
    pub(super) const NEXT: NameId = NameId(2);

    /// Whether it is about a page rather than a record.
    pub(super) fn is_of_page(self) -> bool {
        matches!(self, NameId::CONTEXT | NameId::NEXT)
    }
}

/// What a name means.
#[derive(Debug, Default)]
pub(super) struct Name {
    /// Whether a list of this name makes a page of the object that it is in.
    pub(super) is_page: bool,
    /// Whether an object of this name is looked into.
    pub(super) is_within: bool,
    /// Whether what it says is read.
    pub(super) is_read: bool,
    /// The kinds that are known by it.
    pub(super) known_by: Vec<KindId>,
}

/// One type for both, so that the program has the code for it once.
type ByName = FxHashMap<Box<str>, Option<NameId>>;

/// Every name that means something.
#[derive(Debug)]
pub(super) struct Names {
    all: Vec<Name>,
    by_plain: ByName,
    /// Those that files have, and whether they mean something.
    by_written: ByName,
    /// For each kind and each of its fields the names to look for, the one that counts most first.
    fields: Vec<Vec<Vec<NameId>>>,
}

impl Names {
    pub(super) fn new(expected: &Evidence) -> Names {
        let mut names = Names {
            all: Vec::new(),
            by_plain: ByName::default(),
            by_written: ByName::default(),
            fields: Vec::new(),
        };
        names.read("odatatype");
        names.place("odatacontext");
        names.place("odatanextlink");
        for page in expected.pages() {
            names.named(page).is_page = true;
        }
        for (id, kind) in expected.kinds() {
            for within in &kind.within {
                names.named(within).is_within = true;
            }
            for name in &kind.known_by {
                names.named(name).known_by.push(id);
            }
            let fields = kind.fields.iter().map(|field| {
                let all = field.names.iter();
                all.map(|name| names.read(&plain(name))).collect()
            });
            let fields = fields.collect();
            names.fields.push(fields);
        }
        names
    }

    fn place(&mut self, plain: &str) -> NameId {
        if let Some(id) = self.by_plain.get(plain).copied().flatten() {
            return id;
        }
        let id = NameId(self.all.len());
        self.all.push(Name::default());
        self.by_plain.insert(plain.into(), Some(id));
        id
    }

    fn named(&mut self, plain: &str) -> &mut Name {
        let id = self.place(plain);
        &mut self.all[id.0]
    }

    fn read(&mut self, plain: &str) -> NameId {
        let id = self.place(plain);
        self.all[id.0].is_read = true;
        id
    }

    /// How many names mean something.
    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    /// What a name means.
    pub(super) fn get(&self, id: NameId) -> &Name {
        &self.all[id.0]
    }

    /// The names to look for, for each field of a kind.
    pub(super) fn of_fields(&self, kind: KindId) -> &[Vec<NameId>] {
        &self.fields[kind.index()]
    }

    /// The name that a file writes so, where it means something.
    pub(super) fn find(&mut self, written: &str) -> Option<NameId> {
        if let Some(known) = self.by_written.get(written) {
            return *known;
        }
        if written.len() > LONGEST {
            return None;
        }
        let found = self.by_plain.get(&*plain(written)).copied().flatten();
        if self.by_written.len() < MOST_WRITTEN {
            self.by_written.insert(written.into(), found);
        }
        found
    }
}
