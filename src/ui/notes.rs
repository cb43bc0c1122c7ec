//! What is written down besides answers: notes, what became of the steps of a remedy, and the facts that
//! those who go on will ask for.

use std::io;

use super::person::{Command, End, Reply};
use super::{Page, Wizard};
use crate::case::{Event, Mark, Marked};
use crate::report::Message;
use crate::tree::{Kind, Node, Remedy, Step};
use crate::walk::Move;

/// The id of the choice of every step.
const ALL: &str = "all";

impl Wizard<'_, '_> {
    /// Reads a note and writes it down. Returns how the conversation ended, if it did.
    pub(super) fn note(&mut self) -> io::Result<Option<End>> {
        let words = self.person.words();
        let mut page = self.person.page();
        page.ask(words.add_note);
        page.hint(words.note_ends);
        self.person.show(page)?;
        let (text, end) = self.person.text()?;
        let is_empty = text.trim().is_empty();
        if !is_empty {
            // Also where Ctrl-C came in the middle: what was typed is not lost.
            self.record(Event::Noted { text })?;
        }
        if end.is_none() && is_empty {
            self.person.say(words.nothing_noted)?;
        } else if end.is_none() && !self.is_loss_told {
            self.person.say(words.noted)?;
        }
        Ok(end)
    }

    /// What became of the steps of a remedy so far, in one line.
    pub(super) fn marks(&self, page: &mut Page, node: &Node, remedy: &Remedy) {
        let words = self.person.words();
        let marks = (1..).zip(&remedy.steps).filter_map(|(number, step)| {
            let marked = self.case.mark(&node.id, &step.action)?;
            Some(format!("{number}. {}", marked.in_words(words)))
        });
        let marks: Vec<String> = marks.collect();
        if !marks.is_empty() {
            page.section(words.marked, &marks.join("; "));
        }
    }

    /// Asks what became of the steps, one after the other. When all of them had been tried before, the walk
    /// moves on. Returns how the conversation ended, if it did.
    pub(super) fn mark_steps(&mut self, node: &Node) -> io::Result<Option<End>> {
        let Kind::Remedy(remedy) = &node.kind else {
            return Ok(None);
        };
        let words = self.person.words();
        self.is_brief = true;
        let steps = remedy.steps.len();
        loop {
            let marked = self.marked(node, remedy);
            let next = marked.iter().position(Option::is_none);
            let chosen = match self.which_step(node, remedy, next)? {
                Reply::Choice(index) if index < steps => vec![index],
                // What was said of a step before stays.
                Reply::Choice(_) if next.is_some() => {
                    (0..steps).filter(|step| marked[*step].is_none()).collect()
                }
                Reply::Choice(_) => (0..steps).collect(),
                Reply::Command(Command::Quit) => return self.person.leaves().map(Some),
                Reply::Command(_) | Reply::Described(_) => return Ok(None),
                Reply::End(end) => return Ok(Some(end)),
            };
            let mark = match self.what_became()? {
                Reply::Choice(index) => Mark::ALL[index],
                Reply::Command(Command::Quit) => return self.person.leaves().map(Some),
                Reply::Command(_) | Reply::Described(_) => continue,
                Reply::End(end) => return Ok(Some(end)),
            };
            self.mark(node, remedy, &chosen, mark, None)?;
            if mark == Mark::CouldNot {
                match self.line(words.why_not, words.enter_skips)? {
                    Ok(reason) if reason.is_empty() => {}
                    Ok(reason) => self.mark(node, remedy, &chosen, mark, Some(&reason))?,
                    Err(end) => return Ok(Some(end)),
                }
            }
            let marks: Option<Vec<Mark>> = self.marked(node, remedy).into_iter().collect();
            let Some(marks) = marks else {
                continue;
            };
            if marks.iter().all(|mark| *mark == Mark::Tried) {
                self.person.say(words.all_tried)?;
                self.is_brief = false;
                self.take(Move::NotSolved(remedy.otherwise))?;
            }
            return Ok(None);
        }
    }

    /// What became of each step, where that was said.
    fn marked(&self, node: &Node, remedy: &Remedy) -> Vec<Option<Mark>> {
        let steps = remedy.steps.iter();
        let marks = steps.map(|step| self.case.mark(&node.id, &step.action));
        marks.map(|marked| Some(marked?.mark)).collect()
    }

    fn which_step(
        &mut self,
        node: &Node,
        remedy: &Remedy,
        next: Option<usize>,
    ) -> io::Result<Reply> {
        let (words, lang) = (self.person.words(), self.person.lang);
        let label = |(number, step): (usize, &Step)| {
            let action = step.action.get(lang);
            let label = match self.case.mark(&node.id, &step.action) {
                None => action.to_owned(),
                Some(marked) => format!("{action} ({})", marked.in_words(words)),
            };
            (format!("step-{number}"), label)
        };
        let mut choices: Vec<(String, String)> = (1..).zip(&remedy.steps).map(label).collect();
        if choices.len() > 1 {
            let is_new = self.case.marks(&node.id).is_empty();
            let all = if is_new || next.is_none() {
                words.all_steps
            } else {
                words.other_steps
            };
            choices.push((ALL.to_owned(), all.to_owned()));
        }
        self.ask_or_back(words.which_step, choices, next)
    }

    fn what_became(&mut self) -> io::Result<Reply> {
        let words = self.person.words();
        let label = |mark: Mark| (mark.id().to_owned(), mark.in_words(words, None));
        self.ask_or_back(words.what_became, Mark::ALL.map(label).to_vec(), None)
    }

    /// Asks a question from which the person can go back.
    fn ask_or_back(
        &mut self,
        question: &str,
        choices: Vec<(String, String)>,
        default: Option<usize>,
    ) -> io::Result<Reply> {
        let mut offer = self.person.offer(question, choices)?;
        offer.commands.insert(0, (Command::Back, offer.words.back));
        offer.default = default;
        self.ask(offer)
    }

    /// Writes down what became of some steps of a remedy.
    fn mark(
        &mut self,
        node: &Node,
        remedy: &Remedy,
        steps: &[usize],
        mark: Mark,
        reason: Option<&str>,
    ) -> io::Result<()> {
        for index in steps {
            let marked = Marked {
                remedy: node.id.clone(),
                title: remedy.title.get(self.person.lang).to_owned(),
                action: remedy.steps[*index].action.get(self.person.lang).to_owned(),
                mark,
                reason: reason.map(str::to_owned),
            };
            self.case.record(self.now(), Event::Marked(marked));
        }
        self.keep()
    }

    /// Asks for one line; a note can be added before it. An error is how the conversation ended instead.
    fn line(&mut self, question: &str, hint: &str) -> io::Result<Result<String, End>> {
        loop {
            let mut page = self.person.page();
            page.ask(question);
            if !hint.is_empty() {
                page.hint(hint);
            }
            self.person.show(page)?;
            match self.person.line()? {
                Ok(line) if line.eq_ignore_ascii_case(Command::Note.key()) => {
                    if let Some(end) = self.note()? {
                        return Ok(Err(end));
                    }
                }
                line => return Ok(line),
            }
        }
    }

    /// Asks for each fact that those who go on will ask for, and shows the message to them. Returns how the
    /// conversation ended, if it did.
    pub(super) fn write_message(&mut self, node: &Node) -> io::Result<Option<End>> {
        let Kind::Escalation(escalation) = &node.kind else {
            return Ok(None);
        };
        let words = self.person.words();
        let lang = self.person.lang;
        self.is_brief = true;
        let mut page = self.person.page();
        page.paragraph(words.facts_follow);
        self.person.show(page)?;
        for fact in &escalation.facts {
            let fact = fact.get(lang);
            let question = match self.case.fact(fact) {
                None => fact.to_owned(),
                Some(value) => format!("{fact} [{value}]"),
            };
            match self.line(&question, "")? {
                Ok(value) if value.is_empty() => {}
                Ok(value) => self.record(Event::Stated {
                    fact: fact.to_owned(),
                    value,
                })?,
                Err(end) => return Ok(Some(end)),
            }
        }
        let tree = self.walk.tree();
        if let Some(message) = Message::new(&self.case, tree, &self.local_now(), lang) {
            let mut page = self.person.page();
            page.verbatim(&message.to_string());
            self.person.show(page)?;
        }
        Ok(None)
    }
}
