//! The records of a table with headings, with commas, semicolons or tabs between its cells, as Intune
//! exports its devices. The headings say of which kind the rows are.

use csv::{ByteRecord, ReaderBuilder};

use super::text::Text;
use super::{Cause, Sink, Values};
use crate::evidence::kinds::Kinds;

/// Reads all that follows.
pub(super) fn read(text: &mut Text, sink: &mut Sink) {
    let Some(delimiter) = delimiter(text) else {
        sink.summary.note(1, 1, Cause::Form);
        return;
    };
    let mut reader = ReaderBuilder::new()
        .delimiter(delimiter)
        .flexible(true)
        .from_reader(text);
    let mut slots = Vec::new();
    let mut known = Kinds::default();
    match reader.byte_headers() {
        Ok(headings) => {
            for heading in headings {
                let meaning = sink.names.meaning(&String::from_utf8_lossy(heading));
                slots.push(meaning.slot);
                known = known.or(meaning.known_by);
            }
        }
        Err(error) => return note(sink, 1, &error),
    }
    let kind = sink
        .kind
        .or_else(|| sink.names.one_of(known, Kinds::default()));
    let Some(kind) = kind else {
        sink.summary.note(1, 1, Cause::Form);
        return;
    };
    let mut values = Values::with_room(sink.names.slots);
    let mut row = ByteRecord::new();
    loop {
        match reader.read_byte_record(&mut row) {
            Ok(true) => {}
            Ok(false) => return,
            Err(error) => return note(sink, reader.position().line(), &error),
        }
        let line = row.position().map_or(0, csv::Position::line);
        if row.len() != slots.len() {
            sink.summary.note(line, 1, Cause::Cells);
        }
        values.clear();
        for (cell, slot) in row.iter().zip(&slots) {
            let Some(slot) = slot else { continue };
            let text = String::from_utf8_lossy(cell);
            if text.contains(char::REPLACEMENT_CHARACTER) {
                sink.summary.note(line, 1, Cause::Encoding);
            }
            values.set(*slot, text.trim());
        }
        sink.take(kind, &values);
    }
}

fn note(sink: &mut Sink, line: u64, error: &csv::Error) {
    sink.summary.note(line, 1, Cause::Input(error.to_string()));
}

/// What stands most often between the cells of the first line; nothing where it has one cell, or no end in
/// sight.
fn delimiter(text: &mut Text) -> Option<u8> {
    let ahead = text.ahead().ok()?;
    let end = ahead.iter().position(|byte| *byte == b'\n')?;
    let line = &ahead[..end];
    let parts = |delimiter: &u8| line.split(|byte| byte == delimiter).count();
    let most = *b",;\t".iter().max_by_key(|delimiter| parts(delimiter))?;
    (parts(&most) > 1).then_some(most)
}
