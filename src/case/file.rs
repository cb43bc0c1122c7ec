//! A case as the text of a file. What cannot be read is told apart by what can be done about it, and
//! every text that this program wrote can be read again by it and by later ones.

use std::fmt;

use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};

use super::{Case, Event};
use crate::tree::is_unsafe;

/// The version of the form in which cases are written.
pub const FORMAT: u32 = 1;

/// Why a text is no case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// There is nothing in it.
    Empty,
    /// Its end is missing.
    Cut,
    /// It is not JSON: where it stops being that.
    Garbage {
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
    },
    /// It is something other than a case of this program.
    Foreign,
    /// A later version of the program wrote it.
    Newer(u64),
    /// It says what it is, but something is missing or is not what it should be.
    Damaged(String),
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unreadable::Empty => f.write_str("the file is empty"),
            Unreadable::Cut => f.write_str("the end of the file is missing"),
            Unreadable::Garbage { line, column } => {
                write!(f, "it is not JSON: see line {line}, column {column}")
            }
            Unreadable::Foreign => f.write_str("it is not a case"),
            Unreadable::Newer(format) => write!(
                f,
                "a newer version of the program wrote it: its format is {format}, and this version \
                 knows up to {FORMAT}"
            ),
            Unreadable::Damaged(what) => write!(f, "the case is damaged: {what}"),
        }
    }
}

impl std::error::Error for Unreadable {}

/// A case and the version of its form, as they are written.
#[derive(Serialize, Deserialize)]
struct File<C> {
    format: u64,
    case: C,
}

impl Case {
    /// Takes out of every text what could act on a terminal: a file may come from somebody else.
    fn make_safe(&mut self) {
        let safe = |text: &mut String| text.retain(|letter| !is_unsafe(letter));
        safe(&mut self.program);
        safe(&mut self.tree.title);
        self.tree.checked.iter_mut().for_each(safe);
        for entry in &mut self.entries {
            match &mut entry.event {
                Event::Answered(own) => {
                    safe(&mut own.node);
                    safe(&mut own.choice);
                    safe(&mut own.asked);
                    safe(&mut own.answered);
                    own.symptom.iter_mut().for_each(safe);
                }
                Event::Described { text } | Event::Noted { text } => safe(text),
                Event::Marked(own) => {
                    safe(&mut own.remedy);
                    safe(&mut own.title);
                    safe(&mut own.action);
                    own.reason.iter_mut().for_each(safe);
                }
                Event::Stated { fact, value } => {
                    safe(fact);
                    safe(value);
                }
                Event::TookBack | Event::StartedOver | Event::Resumed { .. } => {}
            }
        }
    }

    /// The text of a file that holds the case.
    ///
    /// # Errors
    ///
    /// None that can happen: it is written to memory, and has no keys that are not text.
    pub fn to_text(&self) -> Result<String, serde_json::Error> {
        let file = File {
            format: u64::from(FORMAT),
            case: self,
        };
        serde_json::to_string_pretty(&file).map(|text| text + "\n")
    }

    /// The case that a file holds.
    ///
    /// # Errors
    ///
    /// Why the text is no case.
    pub fn from_text(text: &str) -> Result<Case, Unreadable> {
        if text.trim().is_empty() {
            return Err(Unreadable::Empty);
        }
        // What it says it is comes first: a later version may have written anything else.
        let file: File<IgnoredAny> = serde_json::from_str(text).map_err(|error| {
            if error.is_eof() {
                Unreadable::Cut
            } else if error.is_data() {
                Unreadable::Foreign
            } else {
                Unreadable::Garbage {
                    line: error.line(),
                    column: error.column(),
                }
            }
        })?;
        if file.format > u64::from(FORMAT) {
            return Err(Unreadable::Newer(file.format));
        }
        let file: File<Case> =
            serde_json::from_str(text).map_err(|error| Unreadable::Damaged(error.to_string()))?;
        let mut case = file.case;
        case.make_safe();
        Ok(case)
    }
}
