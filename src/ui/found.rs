//! What a search found, as text and as something to choose from. Nothing is taken for what a person
//! meant before they have said so.

use std::io;

use console::Style;

use super::page::Page;
use super::person::{Command, End, Offer, Reply};
use super::plain::shorten;
use super::{Look, Wizard};
use crate::case::Event;
use crate::lang::{Lang, fill};
use crate::search::{Found, Match, Search};
use crate::tree::Tree;

/// How many matches a person is asked about.
const OFFERED: usize = 3;

/// The id of the answer that none of the matches was meant.
const NONE: &str = "none";

/// What was found for a text: the cautions, then each entry with the words that speak for it, or that
/// there is none.
#[must_use]
pub fn found(tree: &Tree, query: &str, found: &Found, lang: Lang, look: Look) -> String {
    let words = lang.words();
    let mut page = Page::new(look);
    page.cautions(tree, found, lang);
    if found.matches.is_empty() {
        page.remark(&fill(words.nothing_matches, &[&shorten(query)]));
        page.hint(words.see_list);
        return page.into_text();
    }
    page.matches(tree, &found.matches, lang);
    if let Some(question) = found.question {
        page.section(words.one_question, tree[question].title().get(lang));
    }
    page.label(words.starts_there);
    page.into_text().trim_start().to_owned()
}

impl Page {
    /// The names of other products in a text.
    fn cautions(&mut self, tree: &Tree, found: &Found, lang: Lang) {
        for caution in found.cautions(tree, lang) {
            self.remark(&caution);
        }
    }

    /// Entries by id and title, each with the words that speak for it.
    fn matches(&mut self, tree: &Tree, matches: &[Match], lang: Lang) {
        let ids = matches.iter().map(|found| tree[found.node].id.len());
        let width = ids.max().unwrap_or(0);
        let beside = self.has_room(width + 2);
        let width = if beside { width } else { 0 };
        for found in matches {
            let node = &tree[found.node];
            if beside {
                let id = format!("{:width$}  ", node.id);
                self.wrapped(&Style::new(), &id, node.title().get(lang));
            } else {
                self.wrapped(&Style::new(), "", &node.id);
                self.wrapped(&Style::new(), "  ", node.title().get(lang));
            }
            let words = lang.words();
            let quoted = found.why.iter().map(|word| fill(words.quoted, &[word]));
            let quoted = quoted.collect::<Vec<_>>().join(", ");
            let indent = " ".repeat(width + 2);
            self.wrapped(
                &Style::new().dim(),
                &indent,
                &fill(words.matches, &[&quoted]),
            );
        }
    }
}

impl Wizard<'_, '_> {
    /// Asks for a text, and leads to what it means. Returns how the conversation ended, if it did.
    pub(super) fn ask_for_text(&mut self) -> io::Result<Option<End>> {
        let words = self.person.words();
        let mut page = self.person.page();
        page.ask(words.type_or_paste);
        page.hint(words.end_with_empty_line);
        self.person.show(page)?;
        match self.person.text()? {
            (_, Some(end)) => Ok(Some(end)),
            (text, None) if text.is_empty() => Ok(None),
            (text, None) => self.look_for(&text),
        }
    }

    /// Leads to what a text means. Returns how the conversation ended, if it did.
    pub(super) fn look_for(&mut self, text: &str) -> io::Result<Option<End>> {
        let found = Search::new(self.walk.tree()).find(text);
        self.describe(text, &found)
    }

    /// Writes down what was typed or pasted, and leads to what was found for it.
    pub(super) fn describe(&mut self, text: &str, found: &Found) -> io::Result<Option<End>> {
        self.record(Event::Described {
            text: text.to_owned(),
        })?;
        self.lead_to(text, found)
    }

    /// Leads to what was found for a text: to the entry that the person confirms, to the question that tells the
    /// likeliest apart, or nowhere. Returns how the conversation ended, if it did.
    fn lead_to(&mut self, text: &str, found: &Found) -> io::Result<Option<End>> {
        let words = self.person.words();
        let tree = self.walk.tree();
        let matches = &found.matches[..found.matches.len().min(OFFERED)];
        let mut page = self.person.page();
        page.gap();
        page.cautions(tree, found, self.person.lang);
        if matches.is_empty() {
            page.remark(&fill(words.nothing_matches, &[&shorten(text)]));
            self.person.show(page)?;
            return Ok(None);
        }
        page.matches(tree, matches, self.person.lang);
        if let Some(question) = found.question {
            page.paragraph(words.one_question);
            self.person.show(page)?;
            self.lead(question)?;
            return Ok(None);
        }
        page.ask(if matches.len() == 1 {
            words.is_it_this
        } else {
            words.which_is_it
        });
        let question = page.question();
        self.person.show(page)?;
        let entries = matches.iter().map(|found| {
            let node = &tree[found.node];
            (
                node.id.clone(),
                node.title().get(self.person.lang).to_owned(),
            )
        });
        let none = (NONE.to_owned(), words.none_of_these.to_owned());
        let offer = Offer {
            choices: entries.chain([none]).collect(),
            commands: vec![(Command::Back, words.back), (Command::Quit, words.quit)],
            default: None,
            question,
            words,
        };
        Ok(match self.ask(offer)? {
            Reply::Choice(index) => {
                if let Some(found) = matches.get(index) {
                    self.lead(found.node)?;
                }
                None
            }
            Reply::Command(Command::Quit) => Some(self.person.leaves()?),
            Reply::Command(_) | Reply::Described(_) => None,
            Reply::End(end) => Some(end),
        })
    }
}
