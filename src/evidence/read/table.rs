//! Records in a table: its heading is what tells records from any other text, and a row that does not
//! fit is used as far as it goes.

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

use super::collect::Collector;
use super::source::{Mark, Source};
use super::{Cause, Trouble, Troubles};

/// The largest row, in bytes.
const LARGEST_ROW: usize = 1024 * 1024;

/// The most cells of a row.
const MOST_CELLS: usize = 4096;

/// Gives out what the rest of a text holds, where it begins with a heading that means something.
pub(super) fn read(source: &mut Source, collector: &mut Collector) {
    // PowerShell 5 and Excel put a line before the heading.
    let first = source.line();
    if first.starts_with("#TYPE ") || first.starts_with("sep=") {
        source.skip_line();
    }
    let start = source.mark();
    let mut row = Row::new(delimiter(source.line()));
    collector.begin();
    let heading = row.next(source).unwrap_or(0);
    let names = (0..heading).map(|cell| collector.name(row.cell(cell)));
    let names: Vec<_> = names.collect();
    let kind = collector.kind();
    let Some(kind) = kind.filter(|_| names.iter().any(Option::is_some)) else {
        // What is wrong with its bytes is of no interest.
        source.troubles = Troubles::default();
        return add(source, start, Cause::Form);
    };
    loop {
        source.skip_line_ends();
        let start = source.mark();
        let Some(cells) = row.next(source) else {
            return;
        };
        collector.begin();
        for (cell, name) in names.iter().enumerate().take(cells) {
            if let Some(name) = name {
                collector.say(*name, 0, row.cell(cell));
            }
        }
        collector.end_as(Some(kind));
        if cells != heading {
            let (expected, found) = (heading, cells);
            add(source, start, Cause::Cells { expected, found });
        }
    }
}

fn add(source: &mut Source, at: Mark, what: Cause) {
    let (line, column) = (at.line, at.column);
    source.troubles.add(Trouble { line, column, what });
}

/// What separates the cells of a heading: what it has most of.
fn delimiter(heading: &str) -> u8 {
    let count = |delimiter: &u8| heading.bytes().filter(|byte| byte == delimiter).count();
    let all = [b'\t', b';', b','];
    all.into_iter().max_by_key(count).unwrap_or(b',')
}

/// A row after the other, in the memory of one.
struct Row {
    parser: Reader,
    text: Vec<u8>,
    ends: Vec<usize>,
}

impl Row {
    fn new(delimiter: u8) -> Row {
        Row {
            parser: ReaderBuilder::new().delimiter(delimiter).build(),
            text: vec![0; 4096],
            ends: vec![0; MOST_CELLS],
        }
    }

    /// Goes to the next row, and returns how many cells it has; `None` where there is none or it cannot
    /// be read, which is told.
    fn next(&mut self, source: &mut Source) -> Option<usize> {
        let (mut length, mut cells) = (0, 0);
        loop {
            let (result, taken, written, ended) = self.parser.read_record(
                source.rest(),
                &mut self.text[length..],
                &mut self.ends[cells..],
            );
            source.pass(taken);
            length += written;
            cells += ended;
            match result {
                ReadRecordResult::Record => return Some(cells),
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull if length < LARGEST_ROW => {
                    self.text.resize(2 * length, 0);
                }
                ReadRecordResult::OutputFull | ReadRecordResult::OutputEndsFull => {
                    source.report(Cause::TooLarge);
                    return None;
                }
                ReadRecordResult::End => {
                    source.report_failure();
                    return None;
                }
            }
        }
    }

    fn cell(&self, cell: usize) -> &str {
        let start = cell.checked_sub(1).map_or(0, |before| self.ends[before]);
        // It is text that was cut at its delimiters, which are characters.
        str::from_utf8(&self.text[start..self.ends[cell]]).unwrap_or_default()
    }
}
