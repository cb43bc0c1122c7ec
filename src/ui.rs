//! What a person sees and types. It holds no rule about the tree: it shows where a walk stands,
//! offers the moves that the walk offers, and hands back the one that was chosen.

mod echo;
mod evidence;
mod found;
mod menu;
mod notes;
mod page;
mod person;
mod plain;
mod problems;
mod resumed;
mod stats;
mod wizard;

use jiff::Zoned;

use crate::case::Timestamp;
use crate::lang::{Lang, Words, fill};
use crate::tree::{Node, Tree, clean, nearest, ticked};

pub use echo::end_silence;
pub use evidence::{device_named, evidence_help, read, triage};
pub use found::found;
pub use menu::Menu;
pub use page::{Look, Page};
pub use person::{End, Event, Events, Person};
pub use plain::clean_text;
pub use problems::{count, problem_lines, problems, summary};
pub use resumed::{Which, cases};
pub use stats::stats;
pub use wizard::{Begin, Journal, Wizard};

/// A time where the person is, in words: only the hour where it is today.
#[must_use]
pub fn time(at: Timestamp, now: &Zoned, words: &Words) -> String {
    let at = at.to_zoned(now.time_zone().clone());
    let hour = fill(words.at_hour, &[&at.strftime("%H:%M").to_string()]);
    if at.date() == now.date() {
        return hour;
    }
    fill(words.on_day, &[&hour, &at.date().to_string()])
}

/// One node as a page, for reading without a walk.
#[must_use]
pub fn show(tree: &Tree, node: &Node, lang: Lang, look: Look) -> String {
    let mut page = Page::new(look);
    page.node(tree, node, lang);
    page.ways(tree, node, lang);
    // Nothing stands before it that it would have to be told apart from.
    page.into_text().trim_start().to_owned()
}

/// The id and the title of every symptom.
#[must_use]
pub fn list(tree: &Tree, lang: Lang, look: Look) -> String {
    let mut page = Page::new(look);
    let symptoms: Vec<(&str, &str)> = tree
        .symptoms()
        .map(|(node, symptom)| (node.id.as_str(), symptom.title.get(lang)))
        .collect();
    page.entries(&symptoms);
    page.into_text()
}

/// That a name is unknown, as `sentence` says it, and what it may have meant.
#[must_use]
pub fn not_found<'a>(
    sentence: &str,
    name: &str,
    candidates: impl Iterator<Item = &'a str>,
    lang: Lang,
    look: Look,
) -> String {
    let words = lang.words();
    let mut page = Page::new(look);
    page.hint(&fill(sentence, &[&clean(name)]));
    let near = nearest(name, candidates);
    if !near.is_empty() {
        page.hint(&fill(words.nearest, &[&ticked(&near)]));
    }
    page.hint(words.see_list);
    page.into_text()
}
