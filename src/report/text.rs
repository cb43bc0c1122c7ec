//! A report as text for any field of any ticket, and as Markdown. Both are made of the same blocks; what
//! people wrote is kept to the letter in both.

use std::fmt::Write as _;

use jiff::tz::TimeZone;

use super::{Report, Tried};
use crate::case::Timestamp;
use crate::lang::{Lang, Words, fill};

/// A part of a report.
enum Block<'r> {
    /// What the report is about.
    Title(String),
    /// A name and what it stands for.
    Field(&'r str, String),
    /// What follows.
    Heading(&'r str),
    /// An item of a list.
    Item(String),
    /// An item that belongs to the one above it.
    SubItem(String),
    /// An address to go to, with what is there.
    Link(&'r str, &'r str),
    /// What somebody wrote, and when.
    Quote(String, &'r str),
}

impl Report {
    /// The report as plain text: no mark means anything, and no line is broken that was not broken before.
    #[must_use]
    pub fn to_text(&self, zone: &TimeZone) -> String {
        let mut text = String::new();
        for block in self.blocks(zone) {
            // Writing to a string cannot fail.
            let _ = match block {
                Block::Title(title) => writeln!(text, "{title}"),
                Block::Field(name, value) => writeln!(text, "{name}: {}", one_line(&value)),
                Block::Heading(heading) => writeln!(text, "\n{heading}"),
                Block::Item(item) => writeln!(text, "- {}", one_line(&item)),
                Block::SubItem(item) => writeln!(text, "  - {}", one_line(&item)),
                Block::Link(label, url) => writeln!(text, "  - {}: {url}", one_line(label)),
                Block::Quote(name, quoted) => writeln!(text, "[{name}]\n{quoted}"),
            };
        }
        text
    }

    /// The report as Markdown, in the form of `CommonMark`.
    #[must_use]
    pub fn to_markdown(&self, zone: &TimeZone) -> String {
        let mut text = String::new();
        let mut was_quote = false;
        for block in self.blocks(zone) {
            let is_quote = matches!(block, Block::Quote(..));
            let _ = match block {
                Block::Title(title) => writeln!(text, "# {}\n", escaped(&title)),
                Block::Field(name, value) => {
                    writeln!(text, "- **{}:** {}", escaped(name), escaped(&value))
                }
                Block::Heading(heading) => writeln!(text, "\n## {}\n", escaped(heading)),
                Block::Item(item) => writeln!(text, "- {}", escaped(&item)),
                Block::SubItem(item) => writeln!(text, "  - {}", escaped(&item)),
                Block::Link(label, url) => writeln!(text, "  - [{}](<{url}>)", escaped(label)),
                Block::Quote(name, quoted) => {
                    let gap = if was_quote { "\n" } else { "" };
                    let fence = fence(quoted);
                    writeln!(
                        text,
                        "{gap}{}\n\n{fence}text\n{quoted}\n{fence}",
                        escaped(&name)
                    )
                }
            };
            was_quote = is_quote;
        }
        text
    }

    fn blocks(&self, zone: &TimeZone) -> Vec<Block<'_>> {
        let lang = Lang::from_code(self.language).unwrap_or(Lang::En);
        let words = lang.words();
        let mut blocks = vec![
            Block::Title(fill(words.report_title, &[&self.tree.title, &self.case])),
            Block::Field(words.opened, clock(self.opened, zone)),
            Block::Field(words.updated, clock(self.updated, zone)),
        ];
        if let Some(symptom) = &self.symptom {
            blocks.push(Block::Field(words.symptom, symptom.title.clone()));
        }
        let outcome = match self.due {
            Some(due) => fill(words.state_due_later, &[&clock(due, zone)]),
            None => self.state.name(words).to_owned(),
        };
        blocks.push(Block::Field(words.outcome, outcome));
        if let Some(to) = &self.escalated_to {
            blocks.push(Block::Field(words.escalation, to.title.clone()));
        }
        if let Some(open) = &self.open {
            blocks.push(Block::Field(words.open, open.title.clone()));
        }
        for written in &self.described {
            blocks.push(Block::Heading(words.described));
            blocks.push(Block::Quote(clock(written.at, zone), &written.text));
        }
        if !self.answers.is_empty() {
            blocks.push(Block::Heading(words.choices));
            for own in &self.answers {
                blocks.push(Block::Item(joined(&own.question, &own.answer)));
                let Some(said) = &own.evidence else { continue };
                let label = if said.agrees {
                    words.evidence.to_owned()
                } else {
                    fill(words.evidence_against, &[&said.answer])
                };
                let item = joined(&label, &said.grounds.join("; "));
                blocks.push(Block::SubItem(item));
            }
        }
        for remedy in &self.remedies {
            remedy.blocks(words, &mut blocks);
        }
        if !self.notes.is_empty() {
            blocks.push(Block::Heading(words.notes));
            let notes = self.notes.iter();
            blocks.extend(notes.map(|note| Block::Quote(clock(note.at, zone), &note.text)));
        }
        if !self.facts.is_empty() {
            blocks.push(Block::Heading(words.known_facts));
            let facts = self.facts.iter();
            blocks.extend(facts.map(|own| Block::Item(joined(&own.fact, &own.value))));
        }
        if !self.unknown.is_empty() {
            blocks.push(Block::Heading(words.unknown));
            blocks.extend(self.unknown.iter().map(|what| Block::Item(what.clone())));
        }
        blocks.push(Block::Heading(words.about));
        let version = match &self.tree.checked {
            Some(day) => fill(words.tree_checked, &[&self.tree.title, day]),
            None => self.tree.title.clone(),
        };
        let program = format!("{} {}", env!("CARGO_PKG_NAME"), self.program);
        blocks.push(Block::Item(program));
        blocks.push(Block::Item(version));
        if !self.hidden.is_empty() {
            let counts = self.hidden.iter();
            let counts: Vec<String> = counts
                .map(|(kind, count)| format!("{kind} {count}"))
                .collect();
            blocks.push(Block::Item(fill(words.hidden, &[&counts.join(", ")])));
        }
        blocks
    }
}

impl Tried {
    fn blocks<'r>(&'r self, words: &'r Words, blocks: &mut Vec<Block<'r>>) {
        blocks.push(Block::Heading(words.remedy));
        let answer = self.answer.as_deref().unwrap_or(words.not_known_yet);
        blocks.push(Block::Item(joined(&self.title, answer)));
        if let Some(cause) = &self.cause {
            blocks.push(Block::Item(format!("{}: {cause}", words.why)));
        }
        if !self.steps.is_empty() {
            blocks.push(Block::Item(words.steps.to_owned()));
        }
        for (number, step) in (1..).zip(&self.steps) {
            let who = step.who.map(|who| format!("[{}] ", who.name(words)));
            let mut item = format!("{number}. {}{}", who.unwrap_or_default(), step.action);
            if let Some(mark) = step.mark {
                let _ = write!(item, " ({})", mark.in_words(words, step.reason.as_deref()));
            }
            blocks.push(Block::SubItem(item));
        }
        if !self.links.is_empty() {
            blocks.push(Block::Item(words.links.to_owned()));
            let links = self.links.iter();
            blocks.extend(links.map(|link| Block::Link(&link.label, &link.url)));
        }
    }
}

/// A question with its answer. A question that ends with its own mark needs no other.
pub(super) fn joined(question: &str, answer: &str) -> String {
    let mark = if question.ends_with(['?', ':', '.']) {
        ""
    } else {
        ":"
    };
    format!("{question}{mark} {answer}")
}

/// A time with its zone, so that it says the same everywhere.
pub(super) fn clock(at: Timestamp, zone: &TimeZone) -> String {
    let at = at.to_zoned(zone.clone());
    at.strftime("%Y-%m-%d %H:%M %:z").to_string()
}

/// A text without line breaks.
fn one_line(text: &str) -> String {
    text.lines().collect::<Vec<_>>().join(" ")
}

/// A text in which nothing means anything to Markdown. ASCII punctuation may always be escaped:
/// `CommonMark` 0.31, section 2.4.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in one_line(text).chars() {
        if matches!(
            letter,
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '&' | '~' | '|' | '!'
        ) {
            escaped.push('\\');
        }
        escaped.push(letter);
    }
    escaped
}

/// A fence that the text does not hold: `CommonMark` 0.31, section 4.5.
fn fence(text: &str) -> String {
    let longest = text.split(|letter| letter != '`').map(str::len).max();
    "`".repeat(longest.unwrap_or(0).max(2) + 1)
}
