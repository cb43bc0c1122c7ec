//! Bytes as UTF-8: a mark at their beginning says whether they are UTF-16, which Windows PowerShell writes,
//! and where they stand is known at any time. No more than one block is in memory.

use std::io::{self, ErrorKind, Read};

/// How many bytes are read at a time.
const BLOCK: usize = 64 * 1024;

/// How two bytes make a unit of UTF-16.
type Unit = fn([u8; 2]) -> u16;

/// A text that is read byte by byte.
pub(super) struct Text<'r> {
    input: &'r mut dyn Read,
    units: Option<Unit>,
    has_begun: bool,
    /// What was read and not yet given out, as UTF-8.
    block: Vec<u8>,
    next: usize,
    /// What was read of a character whose other half is in the next block.
    rest: Vec<u8>,
    line: u64,
    column: u64,
    is_broken: bool,
}

impl<'r> Text<'r> {
    pub(super) fn new(input: &'r mut dyn Read) -> Self {
        Text {
            input,
            units: None,
            has_begun: false,
            block: Vec::new(),
            next: 0,
            rest: Vec::new(),
            line: 1,
            column: 1,
            is_broken: false,
        }
    }

    /// The line and the column of the next byte, from 1.
    pub(super) fn place(&self) -> (u64, u64) {
        (self.line, self.column)
    }

    /// Whether something was no text in the encoding that the file begins with.
    pub(super) fn is_broken(&self) -> bool {
        self.is_broken
    }

    /// What has been read and comes next, without taking it; nothing at the end.
    pub(super) fn ahead(&mut self) -> io::Result<&[u8]> {
        if self.next == self.block.len() {
            self.fill()?;
        }
        Ok(&self.block[self.next..])
    }

    /// Takes so many bytes of what comes next.
    fn take(&mut self, count: usize) {
        let taken = &self.block[self.next..self.next + count];
        for byte in taken {
            if *byte == b'\n' {
                self.line += 1;
                self.column = 1;
            } else {
                self.column += 1;
            }
        }
        self.next += count;
    }

    /// The next byte that is no blank, without taking it.
    pub(super) fn peek_past_blanks(&mut self) -> io::Result<Option<u8>> {
        loop {
            let ahead = self.ahead()?;
            if ahead.is_empty() {
                return Ok(None);
            }
            let blanks = ahead.iter().take_while(|byte| byte.is_ascii_whitespace());
            let blanks = blanks.count();
            let first = ahead.get(blanks).copied();
            self.take(blanks);
            if first.is_some() {
                return Ok(first);
            }
        }
    }

    /// Takes the rest of the line, unless the line has just begun.
    pub(super) fn skip_line(&mut self) -> io::Result<()> {
        while self.column > 1 {
            let ahead = self.ahead()?;
            if ahead.is_empty() {
                break;
            }
            let end = ahead.iter().position(|byte| *byte == b'\n');
            let count = end.map_or(ahead.len(), |end| end + 1);
            self.take(count);
        }
        Ok(())
    }

    /// Reads the next block.
    fn fill(&mut self) -> io::Result<()> {
        self.next = 0;
        self.block.clear();
        while self.block.is_empty() {
            self.block.append(&mut self.rest);
            let had = self.block.len();
            self.block.resize(had + BLOCK, 0);
            let read = loop {
                match self.input.read(&mut self.block[had..]) {
                    Err(error) if error.kind() == ErrorKind::Interrupted => {}
                    read => break read,
                }
            };
            // What an error leaves behind must not be taken for text.
            self.block.truncate(had + *read.as_ref().unwrap_or(&0));
            let is_end = read? == 0;
            if !self.has_begun {
                if self.block.len() < 3 && !is_end {
                    // The mark may be cut in two.
                    self.rest = std::mem::take(&mut self.block);
                    continue;
                }
                self.begin();
            }
            if let Some(unit) = self.units {
                self.transcode(unit, is_end);
            }
            if is_end {
                break;
            }
        }
        Ok(())
    }

    /// Takes the mark at the beginning away.
    fn begin(&mut self) {
        self.has_begun = true;
        let (mark, units): (usize, Option<Unit>) = match self.block[..] {
            [0xFF, 0xFE, ..] => (2, Some(u16::from_le_bytes)),
            [0xFE, 0xFF, ..] => (2, Some(u16::from_be_bytes)),
            [0xEF, 0xBB, 0xBF, ..] => (3, None),
            _ => (0, None),
        };
        self.block.drain(..mark);
        self.units = units;
    }

    /// Makes UTF-8 of UTF-16. What is none becomes the sign for that.
    fn transcode(&mut self, unit: Unit, is_end: bool) {
        let bytes = std::mem::take(&mut self.block);
        let (pairs, odd) = bytes.as_chunks::<2>();
        let is_high = |pair: &[u8; 2]| (0xD800..0xDC00).contains(&unit(*pair));
        let cut = pairs.last().is_some_and(is_high) && !is_end;
        let whole = pairs.len() - usize::from(cut);
        self.rest.extend(pairs[whole..].as_flattened());
        if is_end {
            self.is_broken |= !odd.is_empty();
        } else {
            self.rest.extend(odd);
        }
        let units = pairs[..whole].iter().map(|pair| unit(*pair));
        let mut text = String::with_capacity(bytes.len());
        for character in char::decode_utf16(units) {
            self.is_broken |= character.is_err();
            text.push(character.unwrap_or(char::REPLACEMENT_CHARACTER));
        }
        self.block = text.into_bytes();
    }
}

impl Read for Text<'_> {
    #[inline]
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        // Who reads JSON takes one byte at a time.
        if let ([byte], Some(next)) = (&mut *bytes, self.block.get(self.next)) {
            *byte = *next;
            self.next += 1;
            if *next == b'\n' {
                self.line += 1;
                self.column = 1;
            } else {
                self.column += 1;
            }
            return Ok(1);
        }
        let ahead = self.ahead()?;
        let count = ahead.len().min(bytes.len());
        bytes[..count].copy_from_slice(&ahead[..count]);
        self.take(count);
        Ok(count)
    }
}
