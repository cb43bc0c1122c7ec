//! From a file to the records in it, one after the other: whatever the file is, what can be read is, and
//! no more of it is kept than what the tree asks for. What it costs to read a record does not depend on the
//! file around it.

mod csv;
mod json;
mod names;
mod text;

use std::io::Read;

use crate::tree::{Evidence, KindId, is_unsafe};
use names::Names;
use text::Text;

/// What is known about a file beforehand.
#[derive(Debug)]
pub(super) struct File<'f> {
    /// What it is called.
    pub(super) name: &'f str,
    /// What all its records are, where a person said so.
    pub(super) kind: Option<KindId>,
}

/// A record of a kind, and what its fields say.
#[derive(Debug)]
pub(super) struct Record {
    pub(super) kind: KindId,
    /// What the fields say, in their order, with [`NEXT`] between them. One text for all of them takes
    /// little room, and there can be very many records.
    values: Box<str>,
}

/// Stands between two values.
const NEXT: char = '\u{1F}';

/// Stands for a field that the record does not have at all.
const ABSENT: &str = "\u{1E}";

/// The longest value that is kept, in characters; nothing that could be compared is longer.
const LONGEST: usize = 1_000;

impl Record {
    /// What a field says; nothing where it says nothing or is not there.
    pub(super) fn get(&self, field: usize) -> Option<&str> {
        let value = self.values.split(NEXT).nth(field)?;
        (!value.is_empty() && value != ABSENT).then_some(value)
    }

    /// Whether the record has a field, also where it says nothing.
    pub(super) fn names(&self, field: usize) -> bool {
        let value = self.values.split(NEXT).nth(field);
        value.is_some_and(|value| value != ABSENT)
    }
}

/// What became of a file.
#[derive(Debug, Default)]
pub(super) struct Summary {
    /// How many objects or rows are of no kind that the tree knows.
    pub(super) unknown: u64,
    /// What could not be read, the first of it.
    pub(super) troubles: Vec<Trouble>,
    /// How often something could not be read.
    pub(super) faults: u64,
    /// The kinds whose last page names a page that follows it.
    pub(super) unfinished: Vec<KindId>,
}

/// Something that could not be read.
#[derive(Debug, PartialEq, Eq)]
pub struct Trouble {
    /// The line, from 1.
    pub line: u64,
    /// The column, from 1, in characters or in bytes, whichever the reader counts.
    pub column: u64,
    /// Why.
    pub cause: Cause,
}

/// Why something could not be read.
#[derive(Debug, PartialEq, Eq)]
pub enum Cause {
    /// It is not what JSON or CSV allows here, as the reader of it says.
    Syntax(String),
    /// It is text in none of the encodings that are known.
    Encoding,
    /// It ends in the middle.
    Unfinished,
    /// A row has more or fewer cells than the headings.
    Cells,
    /// It is neither JSON nor a table with headings that the tree knows.
    Form,
    /// The file could not be read any further.
    Input(String),
}

/// How many troubles of a file are described; the others are counted.
const DESCRIBED: usize = 10;

impl Summary {
    fn note(&mut self, line: u64, column: u64, cause: Cause) {
        self.faults += 1;
        if self.troubles.len() < DESCRIBED {
            self.troubles.push(Trouble {
                line,
                column,
                cause,
            });
        }
    }
}

/// Reads the records of a file, as far as it can be read.
pub(super) fn read(
    mut input: impl Read,
    file: &File,
    evidence: &Evidence,
    each: &mut dyn FnMut(Record),
) -> Summary {
    let mut text = Text::new(&mut input);
    let mut sink = Sink {
        names: Names::new(evidence, file),
        evidence,
        kind: file.kind,
        summary: Summary::default(),
        alone: Vec::new(),
        has_others: false,
        packed: String::new(),
        each,
    };
    match text.peek_past_blanks() {
        Ok(None) => {}
        Ok(Some(b'{' | b'[')) => json::read(&mut text, &mut sink),
        Ok(Some(_)) => csv::read(&mut text, &mut sink),
        Err(error) => sink.summary.note(1, 1, Cause::Input(error.to_string())),
    }
    if text.is_broken() {
        let (line, column) = text.place();
        sink.summary.note(line, column, Cause::Encoding);
    }
    sink.finish()
}

/// Where records go.
struct Sink<'s> {
    names: Names,
    evidence: &'s Evidence,
    /// What every record is, where a person said so.
    kind: Option<KindId>,
    summary: Summary,
    /// Records that count only where the file has no others.
    alone: Vec<Record>,
    has_others: bool,
    /// What the fields of a record say, while they are put together.
    packed: String,
    each: &'s mut dyn FnMut(Record),
}

impl Sink<'_> {
    /// Takes a record of a kind, with what its names say.
    fn take(&mut self, kind: KindId, values: &Values) {
        let packed = &mut self.packed;
        packed.clear();
        for (field, names) in self.names.fields[kind.index()].iter().enumerate() {
            if field > 0 {
                packed.push(NEXT);
            }
            let mut said = names.iter().map(|slot| &values.0[*slot]);
            let full = said.clone().find(|value| !value.text.is_empty());
            match full.or_else(|| said.find(|value| value.is_there)) {
                Some(value) => packed.push_str(&value.text),
                None => packed.push_str(ABSENT),
            }
        }
        let record = Record {
            kind,
            // As long as it is, and no longer.
            values: packed.as_str().into(),
        };
        // Where a person said what it is, it is.
        if self.kind.is_none() && self.evidence.kind(kind).is_alone {
            self.alone.push(record);
        } else {
            self.has_others |= self.kind.is_none();
            (self.each)(record);
        }
    }

    fn finish(self) -> Summary {
        let mut summary = self.summary;
        for record in self.alone {
            if self.has_others {
                summary.unknown += 1;
            } else {
                (self.each)(record);
            }
        }
        summary
    }
}

/// What the names of one record say, by their place among the names that are known.
#[derive(Debug, Default)]
struct Values(Vec<Value>);

/// What a name says.
#[derive(Clone, Debug, Default)]
struct Value {
    is_there: bool,
    text: String,
}

impl Values {
    fn with_room(count: usize) -> Self {
        Values(vec![Value::default(); count])
    }

    fn clear(&mut self) {
        for value in &mut self.0 {
            value.is_there = false;
            value.text.clear();
        }
    }

    /// Takes what a name says, unless it has said something before.
    fn set(&mut self, slot: usize, text: &str) {
        let value = &mut self.0[slot];
        value.is_there = true;
        if !value.text.is_empty() || says_nothing(text) {
            return;
        }
        let safe = text.chars().filter(|c| !is_unsafe(*c) && *c != '\n');
        value.text.extend(safe.take(LONGEST));
    }
}

/// Whether a value stands for none: Microsoft writes a GUID of zeros and the first year for that.
fn says_nothing(text: &str) -> bool {
    text.starts_with("0001-01-01") || text == "00000000-0000-0000-0000-000000000000"
}
