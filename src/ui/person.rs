//! The [`Person`] who reads and types, whatever stands between: a list to move in, numbered lines, a
//! pipe. Whoever asks gets an answer that was offered, or is told that nobody is there any more.

use std::io::{self, Write};
use std::sync::mpsc::{Receiver, Sender, channel};

use super::plain::Plain;
use super::{Look, Menu, Page};
use crate::lang::{Lang, Words};
use crate::tree::{NodeId, Tree};
use crate::walk::Outcome;

/// How a conversation ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// The walk came to its end.
    Reached(Outcome),
    /// The person left, or the input ended.
    Left,
    /// Ctrl-C, or another signal that asks the program to end.
    Interrupted,
    /// Nobody can answer this, and there is no answer to it beforehand.
    Unanswered(NodeId),
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
    pub(super) fn next(&self) -> Event {
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
pub(super) struct Offer {
    /// What can be answered, each with its stable id.
    pub(super) choices: Vec<(String, String)>,
    /// What can be done instead, with what it is called here.
    pub(super) commands: Vec<(Command, &'static str)>,
    /// What was chosen here before: a choice or, after them, a command.
    pub(super) default: Option<usize>,
    /// What is asked, as it stands above: it has to stay in sight.
    pub(super) question: String,
    pub(super) words: &'static Words,
}

impl Offer {
    /// Whether this can be done.
    pub(super) fn takes(&self, command: Command) -> bool {
        self.commands.iter().any(|(own, _)| *own == command)
    }

    /// What is typed for a choice or, after them, a command.
    pub(super) fn key(&self, index: usize) -> String {
        match index.checked_sub(self.choices.len()) {
            None => (index + 1).to_string(),
            Some(command) => self.commands[command].0.key().to_owned(),
        }
    }

    /// What it means to choose a choice or, after them, a command.
    pub(super) fn reply(&self, index: usize) -> Reply {
        match index.checked_sub(self.choices.len()) {
            None => Reply::Choice(index),
            Some(command) => Reply::Command(self.commands[command].0),
        }
    }
}

/// What can be done at a prompt besides answering.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Command {
    Search,
    Unsure,
    Mark,
    Message,
    Note,
    Back,
    Restart,
    Quit,
}

impl Command {
    /// What is typed for it where there is no menu; the same in every language.
    pub(super) fn key(self) -> &'static str {
        match self {
            Command::Search => "t",
            Command::Unsure => "?",
            Command::Mark => "m",
            Command::Message => "w",
            Command::Note => "n",
            Command::Back => "b",
            Command::Restart => "r",
            Command::Quit => "q",
        }
    }
}

/// What a person did at a prompt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Reply {
    Choice(usize),
    Command(Command),
    /// What was typed or pasted in place of an answer, where [`Command::Search`] is offered.
    Described(String),
    /// There is nobody to ask any more.
    End(End),
}

/// Somebody who can be asked.
pub struct Person<'s> {
    pub(super) lang: Lang,
    out: &'s mut dyn Write,
    look: &'s dyn Fn() -> Look,
    menu: Option<Menu>,
    plain: Option<Plain>,
    is_typed: bool,
    events: Events,
}

impl<'s> Person<'s> {
    /// Somebody who reads `out` in this language, and chooses from a menu where there is one.
    /// `is_typed` says whether standard input is a terminal. `look` is asked anew for every page,
    /// because a terminal can be resized.
    #[must_use]
    pub fn new(
        lang: Lang,
        menu: Option<Menu>,
        is_typed: bool,
        events: Events,
        out: &'s mut dyn Write,
        look: &'s dyn Fn() -> Look,
    ) -> Self {
        Person {
            lang,
            out,
            look,
            menu,
            plain: None,
            is_typed,
            events,
        }
    }

    /// Opens the conversation: what it is about, and how to answer.
    ///
    /// # Errors
    ///
    /// Where the output cannot be written.
    pub fn greet(&mut self, tree: &Tree) -> io::Result<()> {
        let mut page = self.page();
        page.banner(tree.title().get(self.lang));
        if self.has_menu() {
            page.hint(self.words().menu_keys);
        }
        self.show(page)
    }

    /// What the program says in the language of the person.
    pub(super) fn words(&self) -> &'static Words {
        self.lang.words()
    }

    /// Whether there is a menu to choose from.
    pub(super) fn has_menu(&self) -> bool {
        self.menu.is_some()
    }

    /// Whether a person may be typing the answers.
    pub(super) fn is_typed(&self) -> bool {
        self.is_typed
    }

    /// An empty page for the screen as it is now.
    pub(super) fn page(&self) -> Page {
        Page::new((self.look)())
    }

    /// Shows a page.
    pub(super) fn show(&mut self, page: Page) -> io::Result<()> {
        page.print(self.out)
    }

    /// Shows one sentence.
    pub(super) fn say(&mut self, sentence: &str) -> io::Result<()> {
        say(self.out, (self.look)(), sentence)
    }

    /// Shows one sentence that should not be missed.
    pub(super) fn remark(&mut self, sentence: &str) -> io::Result<()> {
        let mut page = self.page();
        page.gap();
        page.remark(sentence);
        self.show(page)
    }

    /// Says that the person has left.
    pub(super) fn leaves(&mut self) -> io::Result<End> {
        self.say(self.words().ended_left)?;
        Ok(End::Left)
    }

    /// Shows a question, and offers its answers. Besides them the person can leave.
    pub(super) fn offer(
        &mut self,
        question: &str,
        choices: Vec<(String, String)>,
    ) -> io::Result<Offer> {
        let words = self.words();
        let mut page = self.page();
        page.ask(question);
        let question = page.question();
        self.show(page)?;
        Ok(Offer {
            choices,
            commands: vec![(Command::Quit, words.quit)],
            default: None,
            question,
            words,
        })
    }

    /// Asks until there is an answer.
    pub(super) fn ask(&mut self, offer: &Offer) -> io::Result<Reply> {
        if let Some(menu) = &mut self.menu {
            if self.events.interrupted() {
                return Ok(Reply::End(End::Interrupted));
            }
            if let Some(reply) = menu.ask(self.out, (self.look)().colours, offer)? {
                if reply == Reply::End(End::Left) {
                    self.say(offer.words.input_ended)?;
                }
                return Ok(reply);
            }
        }
        let plain = plain(&mut self.plain, self.is_typed, &self.events);
        plain.ask(self.out, self.look, offer, &self.events)
    }

    /// Reads a text that ends with an empty line; empty where nothing was typed. With it comes how the
    /// conversation ended in the middle of it, if it did.
    pub(super) fn text(&mut self) -> io::Result<(String, Option<End>)> {
        let words = self.words();
        if let Some(menu) = &mut self.menu {
            menu.release();
        }
        let plain = plain(&mut self.plain, self.is_typed, &self.events);
        plain.text(self.out, self.look, words, &self.events)
    }

    /// Reads one line; empty where nothing was typed. An error is how the conversation ended instead.
    pub(super) fn line(&mut self) -> io::Result<Result<String, End>> {
        let words = self.words();
        if let Some(menu) = &mut self.menu {
            menu.release();
        }
        let plain = plain(&mut self.plain, self.is_typed, &self.events);
        plain.one_line(self.out, self.look, words, &self.events)
    }
}

/// The way to read lines, begun where it has not been used yet.
fn plain<'p>(plain: &'p mut Option<Plain>, is_typed: bool, events: &Events) -> &'p mut Plain {
    plain.get_or_insert_with(|| Plain::new(is_typed, events.sender.clone()))
}

/// Prints one sentence.
pub(super) fn say(out: &mut dyn Write, look: Look, sentence: &str) -> io::Result<()> {
    let mut page = Page::new(look);
    page.paragraph(sentence);
    page.print(out)
}
