//! From a file to the records in it, one after the other: whatever the file is, what can be read is, and
//! no more of it is kept than what the tree asks for.

mod collect;
mod json;
mod names;
mod source;
mod table;
#[cfg(test)]
mod tests;

use std::ffi::OsStr;
use std::io::{self, Read};
use std::path::Path;

use crate::tree::{Evidence, KindId};
use collect::Collector;
use source::{Source, Watch};

/// How many troubles of one file are told in full.
pub(super) const MOST_TROUBLES: usize = 20;

/// What separates the values of a record; no value holds it, because control characters are removed.
const SEPARATOR: char = '\u{1f}';

/// What stands for a field that the record does not have at all.
const ABSENT: &str = "\u{1e}";

/// What is known about a file before it is read.
#[derive(Clone, Copy, Debug)]
pub(super) struct File<'a> {
    /// Its path, whose last part tells kinds apart whose records look alike.
    pub(super) name: &'a str,
    /// The kind of its records, where a person said it.
    pub(super) kind: Option<KindId>,
}

/// The last part of a path, which is what says what is in the file; all of it where it has no such part.
pub(super) fn file_name(path: &str) -> &str {
    let name = Path::new(path).file_name().and_then(OsStr::to_str);
    name.unwrap_or(path)
}

/// What a file says about one thing, as far as its kind asks for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Record {
    /// Its kind.
    pub(super) kind: KindId,
    /// Which object or row of its file it is, from 1; those of no kind are counted too.
    pub(super) place: u64,
    /// The values of the fields of its kind, in their order. One text for all of them takes a fraction
    /// of the memory of one text for each.
    values: Box<str>,
}

impl Record {
    /// What a field of its kind says; `None` where it is missing or empty, or where it holds what
    /// programs write for nothing, such as a GUID of zeros or a date in the year 1.
    #[must_use]
    pub(super) fn get(&self, field: usize) -> Option<&str> {
        let value = self.values.split(SEPARATOR).nth(field)?;
        (!value.is_empty() && value != ABSENT).then_some(value)
    }

    /// Takes from another record what some of its own fields do not say.
    pub(super) fn complete(&mut self, other: &Record, fields: &[usize]) {
        let lacks = |field: &usize| self.get(*field).is_none() && other.get(*field).is_some();
        if !fields.iter().any(lacks) {
            return;
        }
        let own = self.values.split(SEPARATOR).enumerate();
        let values = own.map(|(field, value)| match other.get(field) {
            Some(other) if fields.contains(&field) && self.get(field).is_none() => other,
            _ => value,
        });
        let values: Vec<&str> = values.collect();
        self.values = values.join("\u{1f}").into();
    }

    /// Whether it has a field of its kind, also where the field is empty.
    #[must_use]
    pub(super) fn names(&self, field: usize) -> bool {
        let value = self.values.split(SEPARATOR).nth(field);
        value.is_some_and(|value| value != ABSENT)
    }
}

/// What became of a file.
#[derive(Debug, Default)]
pub(super) struct Summary {
    /// How many objects or rows are of no kind, or of one that does not count in this file.
    pub(super) unknown: u64,
    /// What could not be read, in the order of the file.
    pub(super) troubles: Troubles,
    /// The kinds whose last page in this file says that there is another one.
    pub(super) unfinished: Vec<KindId>,
}

/// What could not be read of a file.
#[derive(Debug, Default)]
pub(super) struct Troubles {
    /// The first of them, [`MOST_TROUBLES`] at most.
    pub(super) first: Vec<Trouble>,
    /// How many there are in all.
    pub(super) count: u64,
}

impl Troubles {
    /// Whether another one would be told in full.
    fn has_room(&self) -> bool {
        self.first.len() < MOST_TROUBLES
    }

    fn add(&mut self, trouble: Trouble) {
        self.count += 1;
        if self.has_room() {
            self.first.push(trouble);
        }
    }
}

/// Something that could not be read.
#[derive(Debug)]
pub struct Trouble {
    /// The line in the file, from 1.
    pub line: u64,
    /// The character in the line, from 1.
    pub column: u64,
    /// What it is.
    pub what: Cause,
}

/// Why something could not be read.
#[derive(Debug)]
pub enum Cause {
    /// It is neither JSON nor a table whose heading names anything that is known.
    Form,
    /// It is not written as it has to be, in the words of the parser.
    Syntax(String),
    /// Bytes that are no text; they are read as U+FFFD.
    Encoding,
    /// It ends in the middle.
    NotFinished,
    /// A single name, value or row is too large, or lists lie within lists without end.
    TooLarge,
    /// A row has more cells than the heading, or fewer.
    Cells {
        /// How many the heading has.
        expected: usize,
        /// How many the row has.
        found: usize,
    },
    /// It could not be read on.
    Io(io::Error),
}

/// Gives out every record of a file, in the order of the file. Records of kinds that count
/// [alone](crate::tree::EvidenceKind::is_alone) come at its end.
///
/// A file is JSON in UTF-8 or UTF-16 (objects, pages and lists of them, and any number of these one after
/// the other), or a table with a heading whose cells are separated by commas, semicolons or tabs.
pub(super) fn read(
    mut input: impl Read,
    file: &File,
    expected: &Evidence,
    each: &mut dyn FnMut(Record),
) -> Summary {
    let watch = Watch::default();
    let mut source = Source::new(&mut input, &watch);
    let mut collector = Collector::new(file, expected, &watch, each);
    match source.next_mark() {
        Some(b'{' | b'[') => json::read(&mut source, &mut collector),
        Some(_) => table::read(&mut source, &mut collector),
        None => source.report_failure(),
    }
    let mut summary = collector.finish();
    summary.troubles = source.troubles;
    summary
}
