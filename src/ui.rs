//! What a person sees and types. It holds no rule about the tree: it shows where a walk stands,
//! offers the moves that the walk offers, and hands back the one that was chosen.

mod echo;
mod found;
mod menu;
mod page;
mod person;
mod plain;
mod problems;

use std::io;

use crate::lang::{Lang, fill};
use crate::search::Found;
use crate::tree::{Kind, Node, NodeId, Tree, clean, nearest};
use crate::walk::{Move, Outcome, Position, Walk};

pub use found::found;
pub use menu::Menu;
pub use page::{Look, Page};
use person::{Command, Offer, Reply, say};
pub use person::{End, Event, Events, Person};
pub use plain::clean_text;
pub use problems::{count, problem_lines, problems, summary};

/// Walks a person through a tree, to an outcome or until they leave.
pub struct Wizard<'t, 's> {
    walk: Walk<'t>,
    person: Person<'s>,
}

impl<'t, 's> Wizard<'t, 's> {
    /// A wizard where the walk stands.
    #[must_use]
    pub fn new(walk: Walk<'t>, person: Person<'s>) -> Self {
        Wizard { walk, person }
    }

    /// Asks until the walk ends, first about what was found for a text where there is one.
    ///
    /// # Errors
    ///
    /// Where the output cannot be written.
    pub fn run(&mut self, found: Option<(String, Found)>) -> io::Result<End> {
        let words = self.person.words();
        let tree = self.walk.tree();
        let mut page = self.person.page();
        page.banner(tree.title().get(self.person.lang));
        if self.person.has_menu() {
            page.hint(words.menu_keys);
        }
        self.person.show(page)?;
        if let Some((text, found)) = found
            && let Some(end) = self.lead_to(&text, &found)?
        {
            return Ok(end);
        }
        loop {
            let node = match self.walk.position() {
                Position::At(node) => node,
                Position::Ended(outcome) => {
                    let closing = match outcome {
                        Outcome::Solved => words.ended_solved,
                        Outcome::Escalated => words.ended_escalated,
                        Outcome::Waiting => words.ended_waiting,
                    };
                    self.person.say(closing)?;
                    return Ok(End::Reached(outcome));
                }
            };
            let mut page = self.person.page();
            self.trail(&mut page);
            page.node(tree, &tree[node], self.person.lang);
            match &tree[node].kind {
                Kind::Question(_) => self.progress(&mut page, node),
                Kind::Remedy(_) => page.ask(words.did_it_help),
                Kind::Symptom(_) | Kind::Escalation(_) => page.ask(words.what_now),
            }
            let above = page.lines_of_question();
            self.person.show(page)?;
            if let Some(end) = self.answer(&tree[node], above)? {
                return Ok(end);
            }
        }
    }

    /// The answers so far, in one line.
    fn trail(&self, page: &mut Page) {
        let words = self.person.words();
        let tree = self.walk.tree();
        let titled = |node: NodeId, what: &str| {
            let title = tree[node].title().get(self.person.lang);
            format!("{title}: {what}")
        };
        let mut answers: Vec<String> = Vec::new();
        let mut detours = Vec::new();
        for (node, step) in self.walk.trail() {
            match step {
                Move::Choose(choice) => answers.push(choice.label.get(self.person.lang).to_owned()),
                Move::Unsure(_) => answers.push(titled(node, words.not_sure)),
                Move::NotSolved(_) => answers.push(titled(node, words.did_not_help)),
                Move::CannotFind(_) => {
                    detours.push(answers.len());
                    answers.push(titled(node, words.not_found));
                }
                // What was looked for has been found, so that it was missing says nothing any more.
                Move::Found(_) => answers.truncate(detours.pop().unwrap_or(answers.len())),
                Move::Solved | Move::Waiting | Move::HandedOver => {}
            }
        }
        if !answers.is_empty() {
            page.trail(words.so_far, &answers.join(" > "));
        }
    }

    /// Which question this is, and how many there can be.
    fn progress(&self, page: &mut Page, node: NodeId) {
        let words = self.person.words();
        let tree = self.walk.tree();
        let is_question = |node| matches!(tree[node].kind, Kind::Question(_));
        let trail = self.walk.trail();
        let asked = trail.iter().filter(|(node, _)| is_question(*node)).count();
        let number = (asked + 1).to_string();
        page.progress(&match tree.questions_left(node) {
            Some(left) => fill(words.question_of, &[&number, &(asked + left).to_string()]),
            None => fill(words.question_number, &[&number]),
        });
    }

    fn label(&self, step: Move) -> String {
        let words = self.person.words();
        let tree = self.walk.tree();
        match step {
            Move::Choose(choice) => choice.label.get(self.person.lang).to_owned(),
            Move::Unsure(_) => words.still_not_sure.to_owned(),
            Move::Solved => words.solved.to_owned(),
            Move::NotSolved(to) => match tree[to].kind {
                Kind::Escalation(_) => words.not_solved_escalate.to_owned(),
                _ => words.not_solved.to_owned(),
            },
            Move::Waiting => words.waiting.to_owned(),
            Move::CannotFind(_) => words.cannot_find.to_owned(),
            Move::Found(to) => fill(words.found, &[tree[to].title().get(self.person.lang)]),
            Move::HandedOver => words.handed_over.to_owned(),
        }
    }

    /// Asks at this node until the walk has moved. Returns how it ended, if it did.
    fn answer(&mut self, node: &Node, above: usize) -> io::Result<Option<End>> {
        let words = self.person.words();
        let (unsure, moves): (Vec<Move>, Vec<Move>) = self
            .walk
            .moves()
            .into_iter()
            .partition(|step| matches!(step, Move::Unsure(_)));
        let mut how = match &node.kind {
            Kind::Question(question) => question.how.as_ref(),
            _ => None,
        };
        let unsure_label = match how {
            Some(_) => words.still_not_sure,
            None => words.not_sure,
        };
        let mut told_that_it_is_the_first = false;
        loop {
            let has_answers = !self.walk.answers().is_empty();
            let mut commands = Vec::new();
            if how.is_some() {
                commands.push((Command::Unsure, words.not_sure));
            } else if !unsure.is_empty() {
                commands.push((Command::Unsure, unsure_label));
            }
            if has_answers {
                commands.extend([
                    (Command::Back, words.back),
                    (Command::Restart, words.restart),
                ]);
            }
            commands.push((Command::Quit, words.quit));
            let earlier = self.walk.earlier();
            if !has_answers {
                commands.insert(commands.len() - 1, (Command::Search, words.type_or_paste));
            }
            // The command for being unsure is the first one.
            let answers = moves.iter().chain(&unsure);
            let offer = Offer {
                choices: moves
                    .iter()
                    .map(|step| (step.id().to_owned(), self.label(*step)))
                    .collect(),
                default: answers
                    .map(|step| step.id())
                    .position(|id| Some(id) == earlier),
                commands,
                above,
                words,
            };
            match self.person.ask(&offer)? {
                Reply::Choice(index) => {
                    self.walk.answer(moves[index].id());
                    return Ok(None);
                }
                Reply::Command(Command::Search) => return self.ask_for_text(),
                Reply::Command(Command::Unsure) => match (how.take(), unsure.first()) {
                    (Some(how), _) => {
                        let mut page = self.person.page();
                        page.section(words.how_to_find_out, how.get(self.person.lang));
                        self.person.show(page)?;
                    }
                    (None, Some(step)) => {
                        self.walk.answer(step.id());
                        return Ok(None);
                    }
                    (None, None) => {}
                },
                Reply::Command(Command::Back) if !has_answers => {
                    if !std::mem::replace(&mut told_that_it_is_the_first, true) {
                        self.person.say(words.nothing_to_undo)?;
                    }
                }
                Reply::Command(Command::Back) => {
                    self.walk.back();
                    return Ok(None);
                }
                Reply::Command(Command::Restart) => {
                    self.walk.restart();
                    return Ok(None);
                }
                Reply::Command(Command::Quit) => return self.leave().map(Some),
                Reply::End(end) => return Ok(Some(end)),
            }
        }
    }

    /// Says that the person has left.
    fn leave(&mut self) -> io::Result<End> {
        self.person.say(self.person.words().ended_left)?;
        Ok(End::Left)
    }
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
    let near = nearest(name, candidates).into_iter();
    let near: Vec<String> = near.map(|id| format!("`{id}`")).collect();
    if !near.is_empty() {
        page.hint(&fill(words.nearest, &[&near.join(", ")]));
    }
    page.hint(words.see_list);
    page.into_text()
}
