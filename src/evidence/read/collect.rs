//! One record at a time: what its names say is kept until it ends, then its kind is found, and it is
//! given out with what the kind asks for.

use std::fmt::{Display, Write as _};
use std::{iter, mem};

use super::names::{Name, NameId, Names};
use super::source::Watch;
use super::{ABSENT, File, Record, SEPARATOR, Summary, file_name};
use crate::tree::{Evidence, KindId, is_unsafe, plain};

/// How many characters of a value are kept.
const LONGEST: usize = 1000;

/// How many records of kinds that count alone wait for the end of their file. A list that has more of
/// them from its beginning on is taken for one of their kind.
const MOST_HELD: usize = 10_000;

/// What a record says under one name.
#[derive(Debug, Default)]
struct Value {
    /// Whether it is there, also where it says nothing.
    is_there: bool,
    /// Nothing where it says nothing.
    text: String,
    /// How many objects of the record it is in.
    depth: u8,
}

/// What is known of the page that records are in.
#[derive(Debug, Default)]
pub(super) struct Page {
    /// The kinds that it names.
    types: Vec<KindId>,
    /// The kinds whose files are named as it is.
    named: Vec<KindId>,
    /// Whether it says that there is another one.
    has_next: bool,
    /// The kinds that its records had.
    kinds: Vec<KindId>,
}

/// Takes what records say, and gives the records out.
pub(super) struct Collector<'a> {
    expected: &'a Evidence,
    pub(super) watch: &'a Watch,
    given: Option<KindId>,
    /// The kinds whose files are named as this one is.
    named: Vec<KindId>,
    each: &'a mut dyn FnMut(Record),
    names: Names,
    values: Vec<Value>,
    /// The names that have said something in this record.
    said: Vec<NameId>,
    /// The kinds by whose names this record is known.
    known: Vec<KindId>,
    /// The last type that a record had, and the kinds that have it.
    last_type: (String, Vec<KindId>),
    page: Page,
    packed: String,
    place: u64,
    held: Vec<Record>,
    has_others: bool,
    is_unfinished: Vec<bool>,
    /// Whether the record that is read is in a list of some sort.
    is_listed: bool,
    /// How many records of each kind there are, and how many in no list.
    counts: Vec<[u64; 2]>,
    summary: Summary,
}

impl<'a> Collector<'a> {
    pub(super) fn new(
        file: &File,
        expected: &'a Evidence,
        watch: &'a Watch,
        each: &'a mut dyn FnMut(Record),
    ) -> Collector<'a> {
        let names = Names::new(expected);
        let mut values = Vec::new();
        values.resize_with(names.len(), Value::default);
        Collector {
            expected,
            watch,
            given: file.kind,
            named: named(expected, file_name(file.name)),
            each,
            names,
            values,
            said: Vec::new(),
            known: Vec::new(),
            last_type: (String::new(), Vec::new()),
            page: Page::default(),
            packed: String::new(),
            place: 0,
            held: Vec::new(),
            has_others: false,
            is_unfinished: vec![false; expected.kinds().count()],
            is_listed: true,
            counts: vec![[0; 2]; expected.kinds().count()],
            summary: Summary::default(),
        }
    }

    /// How many objects or rows have ended.
    pub(super) fn place(&self) -> u64 {
        self.place
    }

    /// The name that a file writes so, where it means something. Its record is known by it.
    pub(super) fn name(&mut self, written: &str) -> Option<NameId> {
        let id = self.names.find(written)?;
        self.note(id);
        for kind in &self.names.get(id).known_by {
            if !self.known.contains(kind) {
                self.known.push(*kind);
            }
        }
        Some(id)
    }

    /// The record has a name.
    fn note(&mut self, id: NameId) {
        if !mem::replace(&mut self.values[id.0].is_there, true) {
            self.said.push(id);
        }
    }

    /// What a name means.
    pub(super) fn meaning(&self, id: NameId) -> &Name {
        self.names.get(id)
    }

    /// Whether what a name says at this depth would be kept: the outermost object that says something
    /// counts, and the first time that it does.
    pub(super) fn wants(&self, id: NameId, depth: u8) -> bool {
        let value = &self.values[id.0];
        self.names.get(id).is_read && (value.text.is_empty() || depth < value.depth)
    }

    /// A record begins that is in a list of some sort, or is not.
    pub(super) fn begin_listed(&mut self, is_listed: bool) {
        self.begin();
        self.is_listed = is_listed;
    }

    /// A record begins.
    pub(super) fn begin(&mut self) {
        for id in self.said.drain(..) {
            let value = &mut self.values[id.0];
            value.text.clear();
            value.is_there = false;
        }
        self.known.clear();
    }

    /// A name of the record says something.
    pub(super) fn say(&mut self, id: NameId, depth: u8, text: &str) {
        self.note(id);
        if !self.wants(id, depth) || is_nothing(text) {
            return;
        }
        let value = &mut self.values[id.0];
        value.text.clear();
        value.depth = depth;
        let is_usual = |byte: u8| (b' '..0x7F).contains(&byte);
        if text.len() <= LONGEST && text.bytes().all(is_usual) {
            value.text.push_str(text);
        } else {
            let characters = text.chars().filter(|c| !is_unsafe(*c) && *c != '\n');
            value.text.extend(characters.take(LONGEST));
        }
    }

    /// A name of the record says something that is no text.
    pub(super) fn print(&mut self, id: NameId, depth: u8, what: &dyn Display) {
        let mut text = mem::take(&mut self.packed);
        text.clear();
        // Writing to a text cannot fail.
        let _ = write!(text, "{what}");
        self.say(id, depth, &text);
        self.packed = text;
    }

    /// Something begins that may be a page; returns what is known of the one around it.
    pub(super) fn begin_page(&mut self) -> Page {
        mem::take(&mut self.page)
    }

    /// A page, or what may be one, says something of itself.
    pub(super) fn say_of_page(&mut self, id: NameId, text: &str) {
        match id {
            NameId::NEXT => self.page.has_next = !text.is_empty(),
            NameId::CONTEXT => {
                self.page.types = self.kinds_of_context(text);
                self.page.named = named(self.expected, text);
            }
            _ => {}
        }
    }

    /// A page ends. Where it has no record, what it names tells of which kind it is the last one.
    pub(super) fn end_page(&mut self) {
        let mut kinds = mem::take(&mut self.page.kinds);
        if kinds.is_empty() {
            self.begin();
            kinds.extend(self.kind());
        }
        for kind in kinds {
            self.is_unfinished[kind.index()] = self.page.has_next;
        }
    }

    /// Goes back to the page around the one that ended.
    pub(super) fn leave_page(&mut self, outer: Page) {
        self.page = outer;
    }

    /// A document begins, whatever became of the last one.
    pub(super) fn begin_document(&mut self) {
        self.page = Page::default();
    }

    /// A record ends.
    pub(super) fn end(&mut self) {
        let kind = self.kind();
        self.end_as(kind);
    }

    /// A record of a kind ends.
    pub(super) fn end_as(&mut self, kind: Option<KindId>) {
        self.place += 1;
        let Some(kind) = kind else {
            self.summary.unknown += 1;
            return;
        };
        if !self.page.kinds.contains(&kind) {
            self.page.kinds.push(kind);
        }
        let [all, unlisted] = &mut self.counts[kind.index()];
        *all += 1;
        *unlisted += u64::from(!self.is_listed);
        let record = Record {
            kind,
            place: self.place,
            values: self.pack(kind),
        };
        if self.given.is_some() {
            self.give(record);
        } else if !self.expected.kind(kind).is_alone {
            if !mem::replace(&mut self.has_others, true) {
                self.summary.unknown += self.held.len() as u64;
                self.held = Vec::new();
            }
            self.give(record);
        } else if self.has_others {
            self.summary.unknown += 1;
        } else if self.held.len() < MOST_HELD {
            self.held.push(record);
        } else {
            self.give_held();
            self.give(record);
        }
    }

    fn give(&mut self, record: Record) {
        (self.each)(record);
    }

    /// Gives out what was held back.
    fn give_held(&mut self) {
        for record in mem::take(&mut self.held) {
            self.give(record);
        }
    }

    /// The file ends.
    pub(super) fn finish(mut self) -> Summary {
        self.give_held();
        let kinds = self.expected.kinds();
        let unfinished = kinds.filter(|(id, kind)| {
            let counts = !kind.is_alone || !self.has_others || self.given.is_some();
            // What was asked for by itself says nothing about what else there is.
            let is_single = self.counts[id.index()] == [1, 1];
            (self.is_unfinished[id.index()] || is_single) && counts
        });
        self.summary.unfinished = unfinished.map(|(id, _)| id).collect();
        self.summary
    }

    fn pack(&mut self, kind: KindId) -> Box<str> {
        self.packed.clear();
        for (place, names) in self.names.of_fields(kind).iter().enumerate() {
            if place > 0 {
                self.packed.push(SEPARATOR);
            }
            let mut values = names.iter().map(|id| &self.values[id.0]);
            let full = values.clone().find(|value| !value.text.is_empty());
            self.packed.push_str(match full {
                Some(value) => &value.text,
                None if values.any(|value| value.is_there) => "",
                None => ABSENT,
            });
        }
        self.packed.as_str().into()
    }

    /// The kind of a record, from everything that it and its page have said.
    pub(super) fn kind(&mut self) -> Option<KindId> {
        if self.given.is_some() {
            return self.given;
        }
        let own_type = &self.values[NameId::TYPE.0].text;
        let candidates = if !own_type.is_empty() {
            if self.last_type.0 != *own_type {
                let kinds = self.kinds_of_type(&plain(last_name(own_type)));
                self.last_type = (own_type.clone(), kinds);
            }
            if self.last_type.1.is_empty() {
                // A type that nobody knows rules out what has types.
                let kinds = self.expected.kinds();
                let typed = kinds.filter(|(_, kind)| !kind.types.is_empty());
                for (id, _) in typed {
                    self.known.retain(|known| *known != id);
                }
                &self.known
            } else {
                &self.last_type.1
            }
        } else if self.known.is_empty() {
            &self.page.types
        } else {
            &self.known
        };
        let is_named = |id: &&KindId| self.named.contains(id) || self.page.named.contains(id);
        let has_no_name = |id: &&KindId| self.expected.kind(**id).named.is_none();
        let named = candidates.iter().filter(is_named).min();
        named
            .or_else(|| candidates.iter().filter(has_no_name).min())
            .copied()
    }

    fn kinds_of_type(&self, plain: &str) -> Vec<KindId> {
        let kinds = self.expected.kinds();
        let kinds = kinds.filter(|(_, kind)| kind.types.iter().any(|own| own == plain));
        kinds.map(|(id, _)| id).collect()
    }

    /// The kinds of the last part of an `@odata.context` that names any, such as
    /// `…/$metadata#users('5')/memberOf`.
    fn kinds_of_context(&self, context: &str) -> Vec<KindId> {
        let path = context.split_once("$metadata#").unwrap_or_default().1;
        let parts: Vec<&str> = parts(path).filter(|part| !part.starts_with('$')).collect();
        let Some((last, others)) = parts.split_last() else {
            return Vec::new();
        };
        // What belongs to one thing is not of the kind of that thing: `users('5')/ownedDevices`.
        let others = others.iter().rev().take_while(|part| !part.contains('('));
        let kinds = iter::once(last).chain(others).map(|part| {
            let part = part.strip_prefix("Collection(").unwrap_or(part);
            let name = part.split(['(', ')']).next().unwrap_or_default();
            self.kinds_of_type(&plain(last_name(name)))
        });
        kinds
            .into_iter()
            .find(|kinds| !kinds.is_empty())
            .unwrap_or_default()
    }
}

/// The last of the names between dots.
fn last_name(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or_default()
}

/// The parts of a path between slashes, but not within brackets.
fn parts(path: &str) -> impl Iterator<Item = &str> {
    let mut depth = 0_u32;
    path.split(move |c| {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        c == '/' && depth == 0
    })
}

/// The kinds whose files have a name such as this one.
fn named(expected: &Evidence, name: &str) -> Vec<KindId> {
    let name = plain(name);
    let kinds = expected.kinds().filter(|(_, kind)| {
        let named = kind.named.as_ref();
        named.is_some_and(|own| name.contains(own.as_str()))
    });
    kinds.map(|(id, _)| id).collect()
}

/// Whether a value is what programs write where there is none: blanks, a GUID of zeros, or the first
/// moment that .NET knows, as JSON, as PowerShell 5 and as a table have it.
fn is_nothing(value: &str) -> bool {
    const FIRST_MOMENTS: [&str; 5] = [
        "0001-01-01",
        "/Date(-62135596800000",
        "1/1/0001",
        "01/01/0001",
        "01.01.0001",
    ];
    const GUID: &str = "00000000-0000-0000-0000-000000000000";
    let value = value.trim();
    let bare = value.trim_start_matches('{').trim_end_matches('}');
    value.is_empty() || bare == GUID || FIRST_MOMENTS.iter().any(|first| value.starts_with(first))
}
