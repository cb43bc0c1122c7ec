//! What the names in a file mean to the tree. A name is looked up as it is written, and only the first time
//! made [`plain`].

use rustc_hash::FxHashMap;

use super::File;
use crate::evidence::kinds::Kinds;
use crate::tree::{Evidence, KindId, plain};

/// What a name in a file means.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Meaning {
    /// The place of what it says among the values.
    pub(super) slot: Option<usize>,
    /// The kinds that are known by it.
    pub(super) known_by: Kinds,
    /// Whether an object of this name is looked into.
    pub(super) is_within: bool,
    /// Whether a list of this name is a page of records.
    pub(super) is_page: bool,
    /// Whether it says something about the record or the page as a whole.
    pub(super) about: Option<About>,
}

/// What `@odata.` names say about a record or a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum About {
    Type,
    Context,
    Next,
}

/// How many names are remembered as they are written: more than any export has, and less than one that was
/// made to fill the memory.
const REMEMBERED: usize = 10_000;

/// The names that the tree knows, and those that were met.
#[derive(Debug)]
pub(super) struct Names {
    known: FxHashMap<String, Meaning>,
    met: FxHashMap<String, Meaning>,
    types: FxHashMap<String, Kinds>,
    /// For each kind and each of its fields the places of what its names say.
    pub(super) fields: Vec<Vec<Vec<usize>>>,
    /// How many places there are.
    pub(super) slots: usize,
    /// The kinds that need a word in the name of the file, by that word.
    named: Vec<(String, KindId)>,
    /// Those whose word is there.
    is_named: Kinds,
    /// Those that need none.
    free: Kinds,
    pub(super) ids: Vec<KindId>,
}

impl Names {
    pub(super) fn new(evidence: &Evidence, file: &File) -> Self {
        let mut names = Names {
            known: FxHashMap::default(),
            met: FxHashMap::default(),
            types: FxHashMap::default(),
            fields: Vec::new(),
            slots: 0,
            named: Vec::new(),
            is_named: Kinds::default(),
            free: Kinds::default(),
            ids: evidence.kinds().map(|(id, _)| id).collect(),
        };
        for (id, kind) in evidence.kinds() {
            let own = Kinds::one(id.index());
            let mut fields = Vec::with_capacity(kind.fields.len());
            for field in &kind.fields {
                let slots = field.names.iter().map(|name| {
                    let meaning = names.known.entry(plain(name)).or_default();
                    *meaning.slot.get_or_insert_with(|| {
                        names.slots += 1;
                        names.slots - 1
                    })
                });
                fields.push(slots.collect());
            }
            names.fields.push(fields);
            for name in &kind.known_by {
                let meaning = names.known.entry(name.clone()).or_default();
                meaning.known_by = meaning.known_by.or(own);
            }
            for name in &kind.within {
                names.known.entry(name.clone()).or_default().is_within = true;
            }
            for name in &kind.types {
                let types = names.types.entry(name.clone()).or_default();
                *types = types.or(own);
            }
            match &kind.named {
                Some(word) => names.named.push((word.clone(), id)),
                None => names.free = names.free.or(own),
            }
        }
        for page in evidence.pages() {
            names.known.entry(page.clone()).or_default().is_page = true;
        }
        for (name, about) in [
            ("odatatype", About::Type),
            ("odatacontext", About::Context),
            ("odatanextlink", About::Next),
        ] {
            names.known.entry(name.to_owned()).or_default().about = Some(about);
        }
        names.is_named = names.named_in(file.name);
        names
    }

    /// What a name means.
    pub(super) fn meaning(&mut self, name: &str) -> Meaning {
        if let Some(meaning) = self.met.get(name) {
            return *meaning;
        }
        let meaning = self.known.get(&plain(name)).copied().unwrap_or_default();
        if self.met.len() < REMEMBERED {
            self.met.insert(name.to_owned(), meaning);
        }
        meaning
    }

    /// The kinds that need a word which a text has.
    fn named_in(&self, text: &str) -> Kinds {
        let text = plain(text);
        let mut found = Kinds::default();
        for (word, kind) in &self.named {
            if text.contains(word) {
                found.add(*kind);
            }
        }
        found
    }

    /// The kinds of which a record can be whose type is this, such as `#microsoft.graph.group`.
    pub(super) fn of_type(&self, name: &str) -> Kinds {
        let last = name.rsplit(['.', '#']).next().unwrap_or_default();
        self.types.get(&plain(last)).copied().unwrap_or_default()
    }

    /// The kinds that the address of a page speaks for, and those that it names. It is what follows
    /// `$metadata#`: `groups(id,displayName)`, `deviceManagement/managedDevices`, `users('id')/memberOf`
    /// or `Collection(microsoft.graph.group)`.
    pub(super) fn of_context(&self, address: &str) -> (Kinds, Kinds) {
        let (_, what) = address.rsplit_once('#').unwrap_or_default();
        let what = match what.strip_prefix("Collection(") {
            Some(inner) => inner
                .trim_end_matches(')')
                .rsplit('.')
                .next()
                .unwrap_or_default(),
            None => what,
        };
        let mut kinds = Kinds::default();
        for part in what.split('/') {
            let name = part.split('(').next().unwrap_or_default();
            kinds = kinds.or(self.types.get(&plain(name)).copied().unwrap_or_default());
        }
        (kinds, self.named_in(address))
    }

    /// The kind that is meant among some: one that the file or the page names, before one that needs no
    /// name.
    pub(super) fn one_of(&self, kinds: Kinds, named: Kinds) -> Option<KindId> {
        let first = |kinds: Kinds| self.ids.iter().copied().find(|id| kinds.holds(*id));
        let named = self.is_named.or(named);
        first(kinds.and(named)).or_else(|| first(kinds.and(self.free)))
    }
}
