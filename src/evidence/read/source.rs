//! The text of a file, piece by piece: always UTF-8, whatever the bytes are, never more than a piece in
//! memory, and always with the line and the column in the file.

use std::cell::Cell;
use std::io::{self, Read};

use super::{Cause, Trouble, Troubles};

/// How many bytes are read at once.
const PIECE: usize = 64 * 1024;

/// How many pieces a single name, value or row may take.
const MOST_PIECES: u32 = 16;

/// How deep lists and objects may lie within each other where they are skipped. The parser takes a byte
/// for each level.
const DEEPEST: u64 = 1_000_000;

/// How far ahead is seen of a document that may have a line of its own.
const AHEAD: usize = 256;

/// What the reader of records tells the source while a parser has it, so that nothing grows with the
/// file, and mistakes are where they are.
#[derive(Debug, Default)]
pub(super) struct Watch {
    pieces: Cell<u32>,
    is_skipping: Cell<bool>,
    /// Up to where the text was given out.
    at: Cell<usize>,
    failed_at: Cell<Option<usize>>,
}

impl Watch {
    /// Something begins that is kept while it is read, and so must not be too large.
    pub(super) fn keep(&self) {
        self.pieces.set(0);
        self.is_skipping.set(false);
    }

    /// Something begins that is skipped, however large it is.
    pub(super) fn skip(&self) {
        self.pieces.set(0);
        self.is_skipping.set(true);
    }

    /// What was given out last is a mistake. The parser goes on a bit before it says so itself.
    pub(super) fn fail(&self) {
        if self.failed_at.get().is_none() {
            self.failed_at.set(Some(self.at.get()));
        }
    }
}

/// How the characters are written.
#[derive(Clone, Copy, Debug)]
enum Encoding {
    Utf8,
    Utf16(fn([u8; 2]) -> u16),
}

/// A place in the text to go back to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mark {
    pub(super) line: u64,
    pub(super) column: u64,
    at: usize,
    piece: u64,
}

/// A text that is read. [`Read`] gives it out, up to the end of the line where it was asked to.
pub(super) struct Source<'a> {
    input: &'a mut dyn Read,
    watch: &'a Watch,
    /// Bytes that were read, and how many of them do not yet have their characters in the text.
    bytes: Vec<u8>,
    waiting: usize,
    encoding: Option<Encoding>,
    is_over: bool,
    text: String,
    /// How many pieces came before the text.
    piece: u64,
    /// Up to where the text may be given out.
    end: usize,
    /// Whether only the line may be given out, and whether its end is known.
    by_line: bool,
    has_line: bool,
    /// Up to where lines and columns were counted, and what they are there.
    counted: usize,
    line: u64,
    column: u64,
    depth: u64,
    failure: Option<Cause>,
    pub(super) troubles: Troubles,
}

impl<'a> Source<'a> {
    pub(super) fn new(input: &'a mut dyn Read, watch: &'a Watch) -> Source<'a> {
        Source {
            input,
            watch,
            bytes: vec![0; PIECE],
            waiting: 0,
            encoding: None,
            is_over: false,
            text: String::new(),
            piece: 0,
            end: 0,
            by_line: false,
            has_line: false,
            counted: 0,
            line: 1,
            column: 1,
            depth: 0,
            failure: None,
            troubles: Troubles::default(),
        }
    }

    fn at(&self) -> usize {
        self.watch.at.get()
    }

    /// Counts so many bytes as given out.
    pub(super) fn pass(&mut self, count: usize) {
        self.watch.at.set(self.at() + count);
    }

    /// Goes to the next character that is no blank, in this line or in another one, and returns the
    /// first byte of it; `None` at the end.
    pub(super) fn next_mark(&mut self) -> Option<u8> {
        self.leave_character();
        loop {
            let rest = &self.text[self.at()..self.end];
            // Files that were put together have byte order marks in the middle.
            let blanks = [' ', '\t', '\r', '\n', '\u{feff}'];
            let trimmed = rest.trim_start_matches(blanks);
            self.watch.at.set(self.end - trimmed.len());
            if let Some(first) = self.text.as_bytes()[self.at()..self.end].first() {
                return Some(*first);
            }
            self.watch.keep();
            if self.has_line {
                self.widen();
            } else if !self.refill() {
                return None;
            }
        }
    }

    /// Goes to the end of the character in which the parser may have stopped.
    fn leave_character(&mut self) {
        while !self.text.is_char_boundary(self.at()) {
            self.pass(1);
        }
    }

    /// Where the text goes on.
    pub(super) fn mark(&mut self) -> Mark {
        self.count(self.at());
        Mark {
            line: self.line,
            column: self.column,
            at: self.at(),
            piece: self.piece,
        }
    }

    /// Whether the text that follows has something in its line after what opens it.
    pub(super) fn is_more_than_bracket(&mut self) -> bool {
        if self.text.len() - self.at() < AHEAD {
            self.refill();
        }
        let rest = self.text[self.at()..].trim_start_matches(['{', '[']);
        let rest = rest.trim_start_matches([' ', '\t', '\r']);
        !rest.is_empty() && !rest.starts_with('\n')
    }

    /// Gives out no more than the line from now on.
    pub(super) fn narrow(&mut self) {
        self.by_line = true;
        self.has_line = false;
        self.limit();
    }

    fn widen(&mut self) {
        self.by_line = false;
        self.has_line = false;
        self.limit();
    }

    fn limit(&mut self) {
        let line = self.by_line.then(|| self.text[self.at()..].find('\n'));
        let line = line.flatten();
        self.has_line = line.is_some();
        self.end = line.map_or(self.text.len(), |length| self.at() + length + 1);
    }

    /// Goes to the beginning of the next line.
    pub(super) fn skip_line(&mut self) {
        if self.has_line {
            self.watch.at.set(self.end);
            return self.widen();
        }
        self.widen();
        self.leave_character();
        loop {
            if let Some(length) = self.text[self.at()..].find('\n') {
                self.pass(length + 1);
                return;
            }
            self.watch.at.set(self.text.len());
            self.watch.skip();
            if !self.refill() {
                return;
            }
        }
    }

    /// The line from here on, as far as it is in memory, without its end.
    pub(super) fn line(&self) -> &str {
        let rest = &self.text[self.at()..];
        rest.lines().next().unwrap_or_default()
    }

    /// Text from here on: as much as is in memory, and none at the end. Whoever takes it must see to it
    /// that it does not grow.
    pub(super) fn rest(&mut self) -> &[u8] {
        if self.at() == self.end {
            self.watch.keep();
            self.refill();
        }
        &self.text.as_bytes()[self.at()..self.end]
    }

    /// Goes over the ends of lines.
    pub(super) fn skip_line_ends(&mut self) {
        while let [b'\r' | b'\n', ..] = self.rest() {
            self.pass(1);
        }
    }

    /// Tells that a document has a mistake, and goes to the next line where the document looks like one
    /// of many that have a line each: the line after its own begins and ends as a document does. `false`
    /// where nothing can be read after the mistake.
    ///
    /// Lines after the first one are read again where they may be.
    pub(super) fn recover(&mut self, mark: Mark, what: Cause, may_go_back: bool) -> bool {
        self.go_to_mistake();
        let is_here = !self.is_cut() && mark.piece == self.piece;
        let lines = is_here.then(|| self.text[mark.at..].split_once('\n'));
        let Some((line, rest)) = lines.flatten() else {
            self.report(what);
            return false;
        };
        let next = rest.lines().next().unwrap_or_default().trim();
        let is_document = next.starts_with(['{', '[']) && next.ends_with(['}', ']']);
        let is_one_of_many = line.trim().len() > 1 && is_document;
        let line_end = mark.at + line.len();
        let is_in_line = self.at() <= line_end + 1;
        if !is_one_of_many || !(is_in_line || may_go_back) {
            self.report(what);
            return false;
        }
        if is_in_line {
            self.report(what);
            // The mistake may be the end of the line.
            self.watch.at.set(line_end);
        } else {
            // The parser took the end of the line for a blank.
            self.watch.at.set(line_end);
            self.counted = mark.at;
            (self.line, self.column) = (mark.line, mark.column);
            self.report(Cause::NotFinished);
        }
        self.skip_line();
        true
    }

    /// Goes back to the mistake that a parser has met.
    fn go_to_mistake(&mut self) {
        if let Some(at) = self.watch.failed_at.take() {
            self.watch.at.set(at);
        }
    }

    /// Tells that something is wrong with what was given out last, or that it ended too early.
    pub(super) fn report(&mut self, what: Cause) {
        self.go_to_mistake();
        let failure = self.is_cut().then(|| self.failure.take());
        let what = failure.flatten().unwrap_or(what);
        let is_before =
            matches!(what, Cause::Syntax(_)) || (self.has_line && self.at() == self.end);
        let mut at = self.at().saturating_sub(usize::from(is_before));
        while !self.text.is_char_boundary(at) {
            at -= 1;
        }
        self.count(at.max(self.counted));
        self.troubles.add(Trouble {
            line: self.line,
            column: self.column,
            what,
        });
    }

    /// Whether there is no more text though the file did not end.
    fn is_cut(&self) -> bool {
        self.failure.is_some() && self.at() == self.text.len()
    }

    /// Tells why there is no more text, where it is not that the file ended.
    pub(super) fn report_failure(&mut self) {
        if self.is_cut() {
            self.report(Cause::NotFinished);
        }
    }

    /// Counts lines and columns up to a place in the text.
    fn count(&mut self, at: usize) {
        let passed = &self.text.as_bytes()[self.counted..at];
        let lines = count_of(passed, |byte| byte == b'\n');
        let mut last = passed;
        if lines > 0 {
            last = passed.rsplit(|byte| *byte == b'\n').next().unwrap_or(last);
            self.line += lines;
            self.column = 1;
        }
        // All bytes of a character but the first begin with these two bits.
        self.column += count_of(last, |byte| byte & 0b1100_0000 != 0b1000_0000);
        self.counted = at;
    }

    /// Puts more behind what was not yet given out; `false` where there is no more.
    fn refill(&mut self) -> bool {
        self.count(self.at());
        if self.failure.is_some() || self.has_failed() || self.is_over || self.is_too_large() {
            return false;
        }
        self.text.drain(..self.at());
        self.watch.at.set(0);
        self.counted = 0;
        self.piece += 1;
        let before = self.text.len();
        while self.text.len() == before && !self.is_over {
            self.read_bytes();
            self.decode();
        }
        self.limit();
        self.text.len() > before
    }

    /// Gives out some of the text, and more of it where there is none left.
    // What it needs would otherwise be made ready for each byte.
    #[cold]
    #[inline(never)]
    fn read_some(&mut self, into: &mut [u8]) -> usize {
        if self.at() == self.end && (self.has_line || !self.refill()) {
            return 0;
        }
        let from = &self.text.as_bytes()[self.at()..self.end];
        let count = into.len().min(from.len());
        into[..count].copy_from_slice(&from[..count]);
        self.pass(count);
        count
    }

    /// Whether the parser has met a mistake, to which the source must be able to go back.
    fn has_failed(&self) -> bool {
        self.watch.failed_at.get().is_some()
    }

    /// Whether what is being read takes too much memory. Only what has a piece for itself is looked at,
    /// so that nothing is counted in usual files.
    fn is_too_large(&mut self) -> bool {
        let pieces = self.watch.pieces.get();
        if pieces == 0 {
            self.depth = 0;
        } else {
            let given = &self.text.as_bytes()[..self.at()];
            let opened = count_of(given, |byte| matches!(byte, b'[' | b'{'));
            let closed = count_of(given, |byte| matches!(byte, b']' | b'}'));
            self.depth = (self.depth + opened).saturating_sub(closed);
        }
        self.watch.pieces.set(pieces.saturating_add(1));
        let is_kept = !self.watch.is_skipping.get();
        let is_too_large = (is_kept && pieces > MOST_PIECES) || self.depth > DEEPEST;
        if is_too_large {
            self.failure = Some(Cause::TooLarge);
        }
        is_too_large
    }

    fn read_bytes(&mut self) {
        while self.waiting < PIECE {
            match self.input.read(&mut self.bytes[self.waiting..]) {
                Ok(0) => {
                    self.is_over = true;
                    break;
                }
                Ok(count) => self.waiting += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    self.failure = Some(Cause::Io(error));
                    self.is_over = true;
                    break;
                }
            }
        }
    }

    /// Turns the bytes that wait into text, all but those of a character whose end is not there yet.
    fn decode(&mut self) {
        let bytes = std::mem::take(&mut self.bytes);
        let mut waiting = &bytes[..self.waiting];
        let encoding = *self.encoding.get_or_insert_with(|| {
            let (encoding, mark) = encoding(waiting);
            waiting = &waiting[mark..];
            encoding
        });
        let left = match encoding {
            Encoding::Utf8 => self.decode_utf_8(waiting),
            Encoding::Utf16(unit) => self.decode_utf_16(waiting, unit),
        };
        let done = self.waiting - left;
        self.bytes = bytes;
        self.bytes.copy_within(done..self.waiting, 0);
        self.waiting = left;
    }

    fn decode_utf_8(&mut self, mut bytes: &[u8]) -> usize {
        loop {
            let error = match str::from_utf8(bytes) {
                Ok(text) => {
                    self.text.push_str(text);
                    return 0;
                }
                Err(error) => error,
            };
            let (good, rest) = bytes.split_at(error.valid_up_to());
            self.text.push_str(str::from_utf8(good).unwrap_or_default());
            let Some(bad) = error.error_len().or(self.is_over.then_some(rest.len())) else {
                return rest.len();
            };
            self.replace();
            bytes = &rest[bad..];
        }
    }

    fn decode_utf_16(&mut self, bytes: &[u8], unit: fn([u8; 2]) -> u16) -> usize {
        let (mut units, rest) = bytes.as_chunks();
        let mut left = rest.len();
        if let Some((last, others)) = units.split_last()
            && (0xD800..0xDC00).contains(&unit(*last))
            && !self.is_over
        {
            units = others;
            left += 2;
        }
        for character in char::decode_utf16(units.iter().copied().map(unit)) {
            match character {
                Ok(character) => self.text.push(character),
                Err(_) => self.replace(),
            }
        }
        if self.is_over && left > 0 {
            self.replace();
            return 0;
        }
        left
    }

    /// Puts a sign where something is no text.
    fn replace(&mut self) {
        let mut trouble = Trouble {
            line: 0,
            column: 0,
            what: Cause::Encoding,
        };
        if self.troubles.has_room() {
            let counted = (self.counted, self.line, self.column);
            self.count(self.text.len());
            (trouble.line, trouble.column) = (self.line, self.column);
            (self.counted, self.line, self.column) = counted;
        }
        self.troubles.add(trouble);
        self.text.push(char::REPLACEMENT_CHARACTER);
    }
}

impl Read for Source<'_> {
    #[inline]
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let at = self.at();
        // The parser of JSON asks for one byte at a time.
        if let [into] = into
            && at < self.end
            && let Some(byte) = self.text.as_bytes().get(at)
        {
            *into = *byte;
            self.watch.at.set(at + 1);
            return Ok(1);
        }
        Ok(self.read_some(into))
    }
}

/// How many bytes are such. Sums that fit into a byte are several times as fast.
fn count_of(bytes: &[u8], is_such: impl Fn(u8) -> bool) -> u64 {
    let parts = bytes.chunks(usize::from(u8::MAX));
    let sums = parts.map(|part| part.iter().map(|byte| u8::from(is_such(*byte))).sum::<u8>());
    sums.map(u64::from).sum()
}

/// What the first bytes of a file say, and how many of them say it.
fn encoding(bytes: &[u8]) -> (Encoding, usize) {
    match bytes {
        [0xFF, 0xFE, ..] => (Encoding::Utf16(u16::from_le_bytes), 2),
        [0xFE, 0xFF, ..] => (Encoding::Utf16(u16::from_be_bytes), 2),
        [0xEF, 0xBB, 0xBF, ..] => (Encoding::Utf8, 3),
        // JSON has no NUL, so every other byte tells the encoding where no mark does: RFC 4627, section 3.
        [b'{' | b'[', 0, ..] => (Encoding::Utf16(u16::from_le_bytes), 0),
        [0, b'{' | b'[', ..] => (Encoding::Utf16(u16::from_be_bytes), 0),
        _ => (Encoding::Utf8, 0),
    }
}
