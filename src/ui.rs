//! What a person sees and types. It holds no rule about the tree: it shows where a walk stands,
//! offers the moves that the walk offers, and hands back the one that was chosen.

mod echo;
mod found;
mod menu;
mod page;
mod plain;
mod problems;

use std::io::{self, Write};
use std::sync::mpsc::{Receiver, Sender, channel};

use crate::lang::{Lang, Words, fill};
use crate::search::Found;
use crate::tree::{Kind, Node, NodeId, Tree, clean, nearest};
use crate::walk::{Move, Outcome, Position, Walk};

pub use found::found;
pub use menu::Menu;
pub use page::{Look, Page};
use plain::Plain;
pub use plain::clean_text;
pub use problems::{count, problem_lines, problems, summary};

/// How a conversation ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// The walk came to its end.
    Reached(Outcome),
    /// The person left, or the input ended.
    Left,
    /// Ctrl-C, or another signal that asks the program to end.
    Interrupted,
}

/// What comes from outside while a person is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A line was typed.
    Line {
        /// The line, with its end.
        text: String,
        /// Whether more has been read already, which nobody can have had time to type.
        has_more: bool,
    },
    /// The input has ended.
    End,
    /// Ctrl-C was pressed, or another signal asks the program to end.
    Interrupt,
}

/// Everything that comes from outside, in the order in which it came.
#[derive(Debug)]
pub struct Events {
    sender: Sender<Event>,
    receiver: Receiver<Event>,
}

impl Events {
    /// A stream of events in which nothing has happened yet.
    #[must_use]
    pub fn new() -> Events {
        let (sender, receiver) = channel();
        Events { sender, receiver }
    }

    /// What a handler of Ctrl-C has to do.
    pub fn interrupter(&self) -> impl Fn() + Send + use<> {
        let sender = self.sender.clone();
        // Nobody listens only once the conversation is over.
        move || drop(sender.send(Event::Interrupt))
    }

    /// Waits for the next event.
    fn next(&self) -> Event {
        // `self` holds a sender, so there is always one.
        self.receiver.recv().unwrap_or(Event::End)
    }

    /// Whether Ctrl-C was pressed while nobody was asked.
    fn interrupted(&self) -> bool {
        self.receiver
            .try_iter()
            .any(|event| event == Event::Interrupt)
    }
}

impl Default for Events {
    fn default() -> Self {
        Events::new()
    }
}

/// What is offered to a person to choose from.
#[derive(Debug)]
struct Offer {
    /// What can be answered, each with its stable id.
    choices: Vec<(String, String)>,
    /// What can be done instead, with what it is called here.
    commands: Vec<(Command, &'static str)>,
    /// What was chosen here before: a choice or, after them, a command.
    default: Option<usize>,
    /// How many lines above have to stay in sight: those of the question.
    above: usize,
    words: &'static Words,
}

impl Offer {
    /// What is typed for a choice or, after them, a command.
    fn key(&self, index: usize) -> String {
        match index.checked_sub(self.choices.len()) {
            None => (index + 1).to_string(),
            Some(command) => self.commands[command].0.key().to_owned(),
        }
    }

    /// What it means to choose a choice or, after them, a command.
    fn reply(&self, index: usize) -> Reply {
        match index.checked_sub(self.choices.len()) {
            None => Reply::Choice(index),
            Some(command) => Reply::Command(self.commands[command].0),
        }
    }
}

/// What can be done at a prompt besides answering.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Command {
    Search,
    Unsure,
    Back,
    Restart,
    Quit,
}

impl Command {
    /// What is typed for it where there is no menu; the same in every language.
    fn key(self) -> &'static str {
        match self {
            Command::Search => "t",
            Command::Unsure => "?",
            Command::Back => "b",
            Command::Restart => "r",
            Command::Quit => "q",
        }
    }
}

/// What a person did at a prompt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reply {
    Choice(usize),
    Command(Command),
    /// There is nobody to ask any more.
    End(End),
}

/// Walks a person through a tree, to an outcome or until they leave.
#[derive(Debug)]
pub struct Wizard<'t> {
    walk: Walk<'t>,
    lang: Lang,
    menu: Option<Menu>,
    plain: Option<Plain>,
    typed_by_person: bool,
    events: Events,
}

impl<'t> Wizard<'t> {
    /// A wizard where the walk stands, with a menu where there is one. `typed_by_person` says
    /// whether standard input is a terminal.
    #[must_use]
    pub fn new(
        walk: Walk<'t>,
        lang: Lang,
        menu: Option<Menu>,
        typed_by_person: bool,
        events: Events,
    ) -> Self {
        Wizard {
            walk,
            lang,
            menu,
            plain: None,
            typed_by_person,
            events,
        }
    }

    /// Asks until the walk ends, first about what was found for a text where there is one. `look` is asked
    /// anew for every page, because a terminal can be resized.
    ///
    /// # Errors
    ///
    /// Where the output cannot be written.
    pub fn run(
        &mut self,
        found: Option<(String, Found)>,
        out: &mut dyn Write,
        look: &dyn Fn() -> Look,
    ) -> io::Result<End> {
        let words = self.lang.words();
        let tree = self.walk.tree();
        let mut page = Page::new(look());
        page.banner(tree.title().get(self.lang));
        if self.menu.is_some() {
            page.hint(words.menu_keys);
        }
        page.print(out)?;
        if let Some((text, found)) = found
            && let Some(end) = self.lead_to(&text, &found, out, look)?
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
                    say(out, look(), closing)?;
                    return Ok(End::Reached(outcome));
                }
            };
            let mut page = Page::new(look());
            self.trail(&mut page);
            page.node(tree, &tree[node], self.lang);
            match &tree[node].kind {
                Kind::Question(_) => self.progress(&mut page, node),
                Kind::Remedy(_) => page.ask(words.did_it_help),
                Kind::Symptom(_) | Kind::Escalation(_) => page.ask(words.what_now),
            }
            let above = page.lines_of_question();
            page.print(out)?;
            if let Some(end) = self.answer(out, look, &tree[node], above)? {
                return Ok(end);
            }
        }
    }

    /// The answers so far, in one line.
    fn trail(&self, page: &mut Page) {
        let words = self.lang.words();
        let tree = self.walk.tree();
        let titled = |node: NodeId, what: &str| {
            let title = tree[node].title().get(self.lang);
            format!("{title}: {what}")
        };
        let mut answers: Vec<String> = Vec::new();
        let mut detours = Vec::new();
        for (node, step) in self.walk.trail() {
            match step {
                Move::Choose(choice) => answers.push(choice.label.get(self.lang).to_owned()),
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
        let words = self.lang.words();
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
        let words = self.lang.words();
        let tree = self.walk.tree();
        match step {
            Move::Choose(choice) => choice.label.get(self.lang).to_owned(),
            Move::Unsure(_) => words.still_not_sure.to_owned(),
            Move::Solved => words.solved.to_owned(),
            Move::NotSolved(to) => match tree[to].kind {
                Kind::Escalation(_) => words.not_solved_escalate.to_owned(),
                _ => words.not_solved.to_owned(),
            },
            Move::Waiting => words.waiting.to_owned(),
            Move::CannotFind(_) => words.cannot_find.to_owned(),
            Move::Found(to) => fill(words.found, &[tree[to].title().get(self.lang)]),
            Move::HandedOver => words.handed_over.to_owned(),
        }
    }

    /// Asks at this node until the walk has moved. Returns how it ended, if it did.
    fn answer(
        &mut self,
        out: &mut dyn Write,
        look: &dyn Fn() -> Look,
        node: &Node,
        above: usize,
    ) -> io::Result<Option<End>> {
        let words = self.lang.words();
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
            match self.ask(out, look, &offer)? {
                Reply::Choice(index) => {
                    self.walk.answer(moves[index].id());
                    return Ok(None);
                }
                Reply::Command(Command::Search) => return self.ask_for_text(out, look),
                Reply::Command(Command::Unsure) => match (how.take(), unsure.first()) {
                    (Some(how), _) => {
                        let mut page = Page::new(look());
                        page.section(words.how_to_find_out, how.get(self.lang));
                        page.print(out)?;
                    }
                    (None, Some(step)) => {
                        self.walk.answer(step.id());
                        return Ok(None);
                    }
                    (None, None) => {}
                },
                Reply::Command(Command::Back) if !has_answers => {
                    if !std::mem::replace(&mut told_that_it_is_the_first, true) {
                        say(out, look(), words.nothing_to_undo)?;
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
                Reply::Command(Command::Quit) => return self.leave(out, look).map(Some),
                Reply::End(end) => return Ok(Some(end)),
            }
        }
    }

    fn ask(
        &mut self,
        out: &mut dyn Write,
        look: &dyn Fn() -> Look,
        offer: &Offer,
    ) -> io::Result<Reply> {
        if let Some(menu) = &mut self.menu {
            if self.events.interrupted() {
                return Ok(Reply::End(End::Interrupted));
            }
            if let Some(reply) = menu.ask(out, look().colours, offer)? {
                if reply == Reply::End(End::Left) {
                    say(out, look(), offer.words.input_ended)?;
                }
                return Ok(reply);
            }
        }
        let (plain, events) = self.plain();
        plain.ask(out, look, offer, events)
    }

    /// The way to read lines, begun where it has not been used yet, and what comes from outside.
    fn plain(&mut self) -> (&mut Plain, &Events) {
        let events = &self.events;
        let plain = self
            .plain
            .get_or_insert_with(|| Plain::new(self.typed_by_person, events.sender.clone()));
        (plain, events)
    }

    /// Says that the person has left.
    fn leave(&self, out: &mut dyn Write, look: &dyn Fn() -> Look) -> io::Result<End> {
        say(out, look(), self.lang.words().ended_left)?;
        Ok(End::Left)
    }
}

/// Prints one sentence.
fn say(out: &mut dyn Write, look: Look, sentence: &str) -> io::Result<()> {
    let mut page = Page::new(look);
    page.paragraph(sentence);
    page.print(out)
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
