//! The message to those who go on where the tree ends: what they ask for, with blanks for what is missing,
//! and what has been tried. It holds what was stated for them as it was stated, and nothing else about
//! persons and devices.

use std::fmt;

use jiff::Zoned;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::Report;
use super::text::{clock, joined};
use crate::case::Case;
use crate::lang::{Lang, fill};
use crate::tree::{Kind, Tree};

/// What stands for a fact that is missing.
const BLANK: &str = "____________";

/// How long the address of a link may be: some mail programs cut longer ones.
const LONGEST_LINK: usize = 2_000;

/// What a `mailto:` address must write otherwise: all but the unreserved characters of RFC 3986, section 2.3.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// A message to those who go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// The e-mail address, where they have one.
    pub to: Option<String>,
    /// What it is about, in one line.
    pub subject: String,
    /// What it says.
    pub body: String,
    lang: Lang,
}

impl Message {
    /// The message about a case to those who go on; `None` where nobody does, or the tree no longer has
    /// them.
    #[must_use]
    pub fn new(case: &Case, tree: &Tree, now: &Zoned, lang: Lang) -> Option<Self> {
        let report = Report::new(case, tree, lang, false);
        let to = tree.find(&report.escalated_to.as_ref()?.id)?;
        let Kind::Escalation(escalation) = &tree[to].kind else {
            return None;
        };
        let words = lang.words();
        let about = report
            .symptom
            .as_ref()
            .map_or(report.tree.title.as_str(), |own| own.title.as_str());
        let mut channels = escalation.channels.iter();
        let mut lines = vec![words.message_begin.to_owned(), String::new()];
        for fact in &escalation.facts {
            let stated = tree
                .languages()
                .iter()
                .find_map(|other| case.fact(fact.get(*other)));
            lines.push(format!(
                "- {}",
                joined(fact.get(lang), stated.unwrap_or(BLANK))
            ));
        }
        lines.extend([String::new(), joined(words.symptom, about)]);
        for own in &report.answers {
            lines.push(format!("- {}", joined(&own.question, &own.answer)));
        }
        if !report.remedies.is_empty() {
            lines.extend([String::new(), format!("{}:", words.tried)]);
        }
        for own in &report.remedies {
            let answer = own.answer.as_deref().unwrap_or(words.not_known_yet);
            lines.push(format!("- {}", joined(&own.title, answer)));
            for step in &own.steps {
                if let Some(mark) = step.mark {
                    let mark = mark.in_words(words, step.reason.as_deref());
                    lines.push(format!("  - {} ({mark})", step.action));
                }
            }
        }
        for note in report.described.iter().chain(&report.notes) {
            lines.extend([String::new(), format!("{}:", words.note), note.text.clone()]);
        }
        lines.extend([
            String::new(),
            format!(
                "{}: {}",
                words.written,
                clock(now.timestamp(), now.time_zone())
            ),
        ]);
        Some(Message {
            to: channels.find_map(|channel| channel.email.clone()),
            subject: fill(words.message_subject, &[about, &case.id]),
            body: lines.join("\n"),
            lang,
        })
    }

    /// The address of a link that opens the message in a mail program, by RFC 6068. Where it would be too
    /// long, the body ends earlier and says so.
    #[must_use]
    pub fn mailto(&self) -> String {
        let encoded = |text: &str| utf8_percent_encode(text, RESERVED).to_string();
        // The address itself may hold an @ as it is.
        let to = self.to.as_deref().unwrap_or_default();
        let to = encoded(to).replace("%40", "@");
        let mut link = format!("mailto:{to}?subject={}&body=", encoded(&self.subject));
        let rest =
            encoded(&format!("\n{}", self.lang.words().message_cut)).replace("%0A", "%0D%0A");
        let lines: Vec<String> = self.body.lines().map(encoded).collect();
        let whole = lines.join("%0D%0A");
        if link.len() + whole.len() <= LONGEST_LINK {
            return link + &whole;
        }
        for line in lines {
            if link.len() + line.len() + rest.len() > LONGEST_LINK {
                break;
            }
            link += &line;
            link += "%0D%0A";
        }
        link + &rest
    }
}

impl fmt::Display for Message {
    /// The message as text, with the link that opens it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = self.lang.words();
        if let Some(to) = &self.to {
            writeln!(f, "{}: {to}", words.message_to)?;
        }
        writeln!(f, "{}: {}\n", words.message_about, self.subject)?;
        writeln!(f, "{}\n", self.body)?;
        writeln!(f, "{}\n{}", words.message_link, self.mailto())
    }
}
