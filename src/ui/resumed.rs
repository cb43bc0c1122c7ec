//! Cases that were left: which of them to go on with, where they stand, and what has changed since. No case
//! is passed over in silence.

use std::io;

use jiff::Zoned;

use super::person::{End, Person, Reply};
use super::plain::shorten;
use super::{Look, Page, Wizard, time};
use crate::case::{Asked, Case, Event, State};
use crate::lang::{Lang, Words, fill};
use crate::tree::Tree;
use crate::walk::{Change, Position, Walk};

/// How many cases a person is asked about.
const OFFERED: usize = 8;

/// The id of the answer that begins a new case, and of the one that agrees.
const NEW: &str = "new";
const YES: &str = "y";

/// What to go on with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// One of the cases, by its number.
    Old(usize),
    /// A new one.
    New,
}

impl Person<'_> {
    /// Asks which of the cases to go on with, the latest of which comes first. An error is how the
    /// conversation ended.
    ///
    /// # Errors
    ///
    /// Where the output cannot be written.
    pub fn which_case(
        &mut self,
        cases: &[Case],
        tree: &Tree,
        now: &Zoned,
    ) -> io::Result<Result<Which, End>> {
        let lang = self.lang;
        let words = self.words();
        let cases = &cases[..cases.len().min(OFFERED)];
        let labels = cases.iter().map(|case| {
            let what = seen(case, tree, lang);
            let label = format!("{}: {what} ({})", case.id, state(case.state(), now, words));
            (case.id.clone(), label)
        });
        let new = (NEW.to_owned(), words.new_case.to_owned());
        let choices = labels.chain([new]).collect();
        let offer = self.offer(words.unfinished_case, choices)?;
        Ok(match self.ask(&offer)? {
            Reply::Choice(index) if index < cases.len() => Ok(Which::Old(index)),
            Reply::Choice(_) => Ok(Which::New),
            Reply::Command(_) | Reply::Described(_) => Err(self.leaves()?),
            Reply::End(end) => Err(end),
        })
    }

    /// Says that a case is not finished, and that a new one begins.
    ///
    /// # Errors
    ///
    /// Where the output cannot be written.
    pub fn hear_of(&mut self, case: &Case) -> io::Result<()> {
        let words = self.words();
        self.remark(&fill(words.unfinished_hint, &[&case.id, &case.id]))
    }

    /// Says that cases cannot be kept, and asks whether to go on all the same. An error is how the
    /// conversation ended.
    ///
    /// # Errors
    ///
    /// Where the output cannot be written.
    pub fn goes_on_unkept(&mut self, why: &str) -> io::Result<Result<bool, End>> {
        let words = self.words();
        self.remark(&fill(words.unkept, &[why]))?;
        if !self.has_menu() {
            return Ok(Ok(true));
        }
        self.agrees(words.go_on_unkept, words.yes_unkept)
    }

    /// Asks whether to delete cases. An error is how the conversation ended.
    ///
    /// # Errors
    ///
    /// Where the output cannot be written.
    pub fn agrees_to_delete(&mut self, ids: &[&str]) -> io::Result<Result<bool, End>> {
        let words = self.words();
        let question = fill(words.delete_cases, &[&ids.join(", ")]);
        self.agrees(&question, words.yes_delete)
    }

    fn agrees(&mut self, question: &str, yes: &str) -> io::Result<Result<bool, End>> {
        let offer = self.offer(question, vec![(YES.to_owned(), yes.to_owned())])?;
        Ok(match self.ask(&offer)? {
            Reply::Choice(_) => Ok(true),
            Reply::Command(_) | Reply::Described(_) => Ok(false),
            Reply::End(end) => Err(end),
        })
    }
}

impl Wizard<'_, '_> {
    /// Goes to where the case was left, says where that is, and what has changed since then.
    pub(super) fn resume(&mut self) -> io::Result<()> {
        let words = self.person.words();
        let tree = self.walk.tree();
        let state = self.case.state();
        let resumed = Walk::resumed(tree, &self.case.answers());
        let mut page = self.person.page();
        page.gap();
        let open = match resumed.walk.position() {
            Position::At(node) => tree[node].title().get(self.person.lang),
            Position::Ended(_) => "",
        };
        for line in summary(&self.case, tree, open, &self.local_now(), self.person.lang) {
            page.brief(&line);
        }
        if !tree
            .title()
            .all()
            .any(|title| title == self.case.tree.title)
        {
            page.gap();
            page.remark(&fill(words.other_tree, &[&self.case.tree.title]));
        }
        let route = self.case.route();
        let has_evidence = route
            .iter()
            .any(|(_, answered)| answered.evidence.is_some());
        if has_evidence && self.evidence.is_none() {
            page.gap();
            page.remark(words.evidence_again);
        }
        for change in &resumed.changes {
            page.gap();
            page.remark(&match change {
                Change::Gone(index) | Change::NotAsked(index) => {
                    let (_, answered) = route[*index];
                    let (asked, answer) = answered.told_in(self.person.lang, tree);
                    fill(words.not_asked, &[&asked, &answer])
                }
                Change::NotOffered(index) => {
                    let (_, answered) = route[*index];
                    let (asked, answer) = answered.told_in(self.person.lang, tree);
                    fill(words.not_offered, &[&answer, &asked])
                }
                Change::New(node) => {
                    let title = tree[*node].title().get(self.person.lang);
                    fill(words.newly_asked, &[title])
                }
            });
        }
        let kept = resumed.kept.iter().map(|index| route[*index].0).collect();
        self.is_brief = resumed.changes.is_empty() && matches!(state, State::Ended(_));
        self.person.show(page)?;
        self.walk = resumed.walk;
        self.recalled = resumed.rest;
        self.resumed = Some(Event::Resumed { kept });
        Ok(())
    }
}

/// Where a case stands, in at most six lines: what was seen, what was tried, what is open.
fn summary(case: &Case, tree: &Tree, open: &str, now: &Zoned, lang: Lang) -> Vec<String> {
    let words = lang.words();
    let route = case.route();
    let mut lines = vec![fill(
        words.case_from,
        &[&case.id, &time(case.updated(), now, words)],
    )];
    lines.push(format!("{}: {}", words.seen, seen(case, tree, lang)));
    let remedies = route
        .iter()
        .filter(|(_, answered)| answered.kind == Asked::Remedy);
    let tried = remedies.filter(|(_, answered)| answered.ended.is_none());
    let tried: Vec<String> = tried
        .map(|(_, answered)| answered.told_in(lang, tree).0)
        .collect();
    if !tried.is_empty() {
        lines.push(format!("{}: {}", words.tried, tried.join("; ")));
    }
    if let Some((_, note)) = case.notes().last() {
        lines.push(format!("{}: {note}", words.note));
    }
    lines.push(format!(
        "{}: {}",
        words.state,
        state(case.state(), now, words)
    ));
    if !open.is_empty() {
        lines.push(format!("{}: {open}", words.open));
    }
    lines
}

/// What was seen when a case began: the symptom, what was typed, or that nothing was said yet.
fn seen(case: &Case, tree: &Tree, lang: Lang) -> String {
    let described = || {
        case.entries.iter().find_map(|entry| match &entry.event {
            Event::Described { text } => Some(shorten(text)),
            _ => None,
        })
    };
    let symptom = case.symptom(tree, lang).map(|(_, title)| title);
    let seen = symptom.or_else(described);
    seen.unwrap_or_else(|| lang.words().nothing_chosen.to_owned())
}

/// Where a case stands, in words.
fn state(state: State, now: &Zoned, words: &Words) -> String {
    let Some(due) = state.due() else {
        return state.name(words).to_owned();
    };
    let sentence = if due <= now.timestamp() {
        words.state_due
    } else {
        words.state_due_later
    };
    fill(sentence, &[&time(due, now, words)])
}

/// A list of cases: what each is called, when it was last used, where it stands and what it is about.
#[must_use]
pub fn cases(cases: &[Case], tree: &Tree, now: &Zoned, lang: Lang, look: Look) -> String {
    let words = lang.words();
    let mut page = Page::new(look);
    if cases.is_empty() {
        page.hint(words.no_cases);
        return page.into_text();
    }
    let lines: Vec<(&str, String)> = cases
        .iter()
        .map(|case| {
            let seen = seen(case, tree, lang);
            let updated = case.updated().to_zoned(now.time_zone().clone());
            let state = state(case.state(), now, words);
            let line = format!("{}  {seen} ({state})", updated.strftime("%Y-%m-%d %H:%M"));
            (case.id.as_str(), line)
        })
        .collect();
    let lines: Vec<(&str, &str)> = lines
        .iter()
        .map(|(id, line)| (*id, line.as_str()))
        .collect();
    page.entries(&lines);
    page.into_text()
}
