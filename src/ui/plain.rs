//! Asks with numbered lines and reads a line: for screen readers, pipes, logs and terminals that
//! cannot be painted on. Input that is no answer never advances, and the end of the input ends.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::sync::mpsc::{Sender, channel};
use std::thread;

use super::echo::more_is_pasted;
use super::person::{Command, End, Event, Events, Offer, Reply, say};
use super::{Look, Page};
use crate::lang::{Words, fill};
use crate::tree::is_unsafe;

/// How many answers in a row may be none where no person can be typing them.
const MISTAKES: usize = 10;

/// The longest line that is read as one answer, in bytes.
const LONGEST_LINE: u64 = 64 * 1024;

/// How much is read at once, in bytes: more than standard input keeps itself.
const BUFFER: usize = 64 * 1024;

/// How much of a text is kept, in bytes: more than anybody pastes, and more than is searched for.
pub(super) const LONGEST_TEXT: usize = 1024 * 1024;

/// How many lines a text may have before it counts as one without an end.
const ENDLESS: usize = 50_000;

/// Numbered lines, answered on standard input.
#[derive(Debug)]
pub(super) struct Plain {
    /// Asks the thread that reads for a line.
    requests: Sender<()>,
    /// Whether a person may be typing.
    is_terminal: bool,
    mistakes: usize,
}

impl Plain {
    /// Starts to read standard input. `is_terminal` says whether a person may be typing there.
    ///
    /// A thread of its own reads, so that Ctrl-C is heard while nothing is typed; it reads a line
    /// only when one is wanted.
    pub(super) fn new(is_terminal: bool, events: Sender<Event>) -> Plain {
        let (requests, wanted) = channel();
        thread::spawn(move || {
            // A buffer of its own, which says what is in it.
            let mut input = BufReader::with_capacity(BUFFER, io::stdin().lock());
            for () in wanted {
                let event = match read_line(&mut input) {
                    Some(text) => Event::Line {
                        text,
                        has_more: !input.buffer().is_empty(),
                    },
                    None => Event::End,
                };
                if events.send(event).is_err() {
                    break;
                }
            }
        });
        Plain {
            requests,
            is_terminal,
            mistakes: 0,
        }
    }

    /// Asks until there is an answer.
    pub(super) fn ask(
        &mut self,
        out: &mut dyn Write,
        look: &dyn Fn() -> Look,
        offer: &Offer,
        events: &Events,
    ) -> io::Result<Reply> {
        let words = offer.words;
        let mut page = Page::new(look());
        page.numbered(offer.choices.iter().map(|(_, label)| label.as_str()));
        page.keys(
            offer
                .commands
                .iter()
                .map(|(command, label)| (command.key(), *label)),
        );
        page.print(out)?;
        loop {
            let prompt = match offer.default {
                Some(index) => format!("[{}] > ", offer.key(index)),
                None => "> ".to_owned(),
            };
            let (line, has_more) = match self.line(&prompt, out, events)? {
                Ok((line, has_more)) => (line.trim().to_owned(), has_more),
                Err(End::Left) => return ended(out, look(), words).map(Reply::End),
                Err(end) => return Ok(Reply::End(end)),
            };
            if let Some(reply) = understand(&line, offer) {
                self.mistakes = 0;
                return Ok(reply);
            }
            self.mistakes += 1;
            if self.mistakes >= MISTAKES && !self.is_terminal {
                say(out, look(), words.too_many_mistakes)?;
                return Ok(Reply::End(End::Left));
            }
            if offer.takes(Command::Search) && is_description(&line) {
                return self.description(line, has_more, out, events);
            }
            let mut page = Page::new(look());
            if line.eq_ignore_ascii_case(Command::Back.key()) {
                page.remark(words.nothing_to_undo);
            } else {
                if !line.is_empty() {
                    page.remark(&fill(words.not_an_answer, &[&shorten(&line)]));
                }
                page.remark(&fill(words.type_one_of, &[&possible(offer)]));
            }
            page.print(out)?;
        }
    }

    /// What was typed in place of an answer, with the lines that were pasted together with it.
    fn description(
        &mut self,
        mut text: String,
        mut has_more: bool,
        out: &mut dyn Write,
        events: &Events,
    ) -> io::Result<Reply> {
        while self.goes_on(has_more) {
            match self.line("", out, events)? {
                Ok((line, more)) => {
                    has_more = more;
                    if text.len() < LONGEST_TEXT {
                        text.push('\n');
                        text.push_str(&line);
                    }
                }
                Err(End::Left) => break,
                Err(end) => return Ok(Reply::End(end)),
            }
        }
        Ok(Reply::Described(text))
    }

    /// Reads a text that ends with an empty line; empty where nothing was typed. With it comes how the
    /// conversation ended in the middle of it, if it did.
    pub(super) fn text(
        &mut self,
        out: &mut dyn Write,
        look: &dyn Fn() -> Look,
        words: &Words,
        events: &Events,
    ) -> io::Result<(String, Option<End>)> {
        let mut text = String::new();
        let mut ending = None;
        for number in 0.. {
            // Nobody pastes so much; something that is no person writes without an end.
            if number >= ENDLESS && !self.is_terminal {
                ending = Some(ended(out, look(), words)?);
                break;
            }
            // What is pasted at a terminal is shown by it, line after line.
            let prompt = if text.is_empty() || !self.is_terminal {
                "> "
            } else {
                ""
            };
            match self.line(prompt, out, events)? {
                // What was pasted may have empty lines in it.
                Ok((line, has_more)) if line.trim().is_empty() && !self.goes_on(has_more) => break,
                Ok((line, _)) if text.len() < LONGEST_TEXT => {
                    text.push_str(&line);
                    text.push('\n');
                }
                Ok(_) => {}
                Err(End::Left) if text.is_empty() => {
                    ending = Some(ended(out, look(), words)?);
                    break;
                }
                Err(End::Left) => break,
                Err(end) => {
                    ending = Some(end);
                    break;
                }
            }
        }
        Ok((text.trim_matches('\n').to_owned(), ending))
    }

    /// Reads one line; empty where nothing was typed. An error is how the conversation ended instead.
    pub(super) fn one_line(
        &mut self,
        out: &mut dyn Write,
        look: &dyn Fn() -> Look,
        words: &Words,
        events: &Events,
    ) -> io::Result<Result<String, End>> {
        match self.line("> ", out, events)? {
            Ok((line, _)) => Ok(Ok(line.trim().to_owned())),
            Err(End::Left) => ended(out, look(), words).map(Err),
            Err(end) => Ok(Err(end)),
        }
    }

    /// Whether a text goes on after an empty line, because more of it has been pasted.
    fn goes_on(&self, has_more: bool) -> bool {
        self.is_terminal && (has_more || more_is_pasted())
    }

    /// The next line that is typed, and whether more has been read; an error where none comes any more.
    fn line(
        &mut self,
        prompt: &str,
        out: &mut dyn Write,
        events: &Events,
    ) -> io::Result<Result<(String, bool), End>> {
        write!(out, "{prompt}")?;
        out.flush()?;
        // Where the thread is gone, so is the input.
        let event = match self.requests.send(()) {
            Ok(()) => events.next(),
            Err(_) => Event::End,
        };
        let line = match event {
            Event::Line { text, has_more } => (harmless(&text), has_more),
            Event::Interrupt => {
                writeln!(out)?;
                return Ok(Err(End::Interrupted));
            }
            Event::End => {
                writeln!(out)?;
                return Ok(Err(End::Left));
            }
        };
        if !self.is_terminal {
            // A terminal shows what is typed; a log would lack it.
            writeln!(out, "{}", shorten(&line.0))?;
        }
        Ok(Ok(line))
    }
}

/// Says that the input has ended.
fn ended(out: &mut dyn Write, look: Look, words: &Words) -> io::Result<End> {
    say(out, look, words.input_ended)?;
    Ok(End::Left)
}

/// The next line of the input, cut where it is too long to be an answer; `None` at its end.
fn read_line(input: &mut impl BufRead) -> Option<String> {
    let mut bytes = Vec::new();
    let read = input.take(LONGEST_LINE).read_until(b'\n', &mut bytes);
    let line = String::from_utf8_lossy(&bytes).into_owned();
    read.is_ok_and(|count| count > 0).then_some(line)
}

/// What was typed or pasted, without what a terminal may have added, what could act on one, and what
/// cannot be seen: the colours of a log, the soft hyphens of a page.
#[must_use]
pub fn clean_text(text: &str) -> String {
    harmless(text).trim().to_owned()
}

/// The same with the blanks that it begins with, which a log may need.
fn harmless(text: &str) -> String {
    let text = console::strip_ansi_codes(text);
    let kept = text.chars().filter_map(|character| match character {
        _ if !is_unsafe(character) => Some(character),
        _ if character.is_control() => Some(' '),
        _ => None,
    });
    kept.collect::<String>().trim_end().to_owned()
}

/// How many characters of what was typed are repeated.
const SHORT: usize = 40;

/// The beginning of what was typed, short enough to be repeated.
pub(super) fn shorten(line: &str) -> String {
    // What takes no room on the screen takes some here.
    let beginning: String = line.chars().take(SHORT + 1).collect();
    console::truncate_str(&beginning.replace('\n', " "), SHORT, "…").into_owned()
}

/// What was meant: a number, a key, or an id typed in full. Nothing typed means what was answered
/// here before.
fn understand(line: &str, offer: &Offer) -> Option<Reply> {
    if line.is_empty() {
        return offer.default.map(|index| offer.reply(index));
    }
    // On the screen a bracket stands behind each number and key.
    let key = line.strip_suffix([')', '.']).unwrap_or(line);
    let number: Option<usize> = key.parse().ok();
    let numbered = number.and_then(|number| number.checked_sub(1));
    if let Some(index) = numbered.filter(|index| *index < offer.choices.len()) {
        return Some(Reply::Choice(index));
    }
    let mut commands = offer.commands.iter();
    if let Some((command, _)) =
        commands.find(|(command, _)| key.eq_ignore_ascii_case(command.key()))
    {
        return Some(Reply::Command(*command));
    }
    let named = offer
        .choices
        .iter()
        .position(|(id, _)| line.eq_ignore_ascii_case(id));
    named.map(Reply::Choice)
}

/// Whether what was typed describes something: several words, or an error code.
pub(super) fn is_description(line: &str) -> bool {
    let is_code = line.len() >= 6 && line.contains(|letter: char| letter.is_ascii_digit());
    let has_words = line.split_whitespace().nth(1).is_some();
    line.contains(char::is_alphabetic) && (is_code || has_words)
}

/// Everything that can be typed.
fn possible(offer: &Offer) -> String {
    let numbers = match offer.choices.len() {
        1 => "1".to_owned(),
        last => format!("1-{last}"),
    };
    let keys = offer.commands.iter().map(|(command, _)| command.key());
    [&*numbers]
        .into_iter()
        .chain(keys)
        .collect::<Vec<_>>()
        .join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::Lang;

    fn offer() -> Offer {
        Offer {
            choices: ["b", "12", "solved"]
                .map(|id| (id.to_owned(), id.to_owned()))
                .to_vec(),
            commands: vec![(Command::Unsure, "Not sure"), (Command::Back, "Back")],
            default: None,
            question: String::new(),
            words: Lang::En.words(),
        }
    }

    #[test]
    fn numbers_come_before_keys_and_keys_before_ids() {
        for (line, reply) in [
            ("1", Some(Reply::Choice(0))),
            ("03", Some(Reply::Choice(2))),
            ("1)", Some(Reply::Choice(0))),
            ("2.", Some(Reply::Choice(1))),
            ("b)", Some(Reply::Command(Command::Back))),
            ("b", Some(Reply::Command(Command::Back))),
            ("B", Some(Reply::Command(Command::Back))),
            ("?", Some(Reply::Command(Command::Unsure))),
            ("12", Some(Reply::Choice(1))),
            ("Solved", Some(Reply::Choice(2))),
            ("0", None),
            ("4", None),
            ("q", None),
            ("solve", None),
            ("", None),
        ] {
            assert_eq!(understand(line, &offer()), reply, "{line}");
        }
        for (default, reply) in [(1, Reply::Choice(1)), (3, Reply::Command(Command::Unsure))] {
            let offer = Offer {
                default: Some(default),
                ..offer()
            };
            assert_eq!(understand("", &offer), Some(reply));
        }
    }

    #[test]
    fn a_line_longer_than_an_answer_is_read_in_parts_and_none_is_lost() {
        let long = "x".repeat(usize::try_from(LONGEST_LINE).expect("it fits") + 10);
        let text = format!("{long}\nnext");
        let mut input = text.as_bytes();
        let lines: Vec<String> = std::iter::from_fn(|| read_line(&mut input)).collect();
        assert_eq!(lines.concat(), text);
    }

    #[test]
    fn what_could_act_on_a_terminal_is_dropped() {
        assert_eq!(clean_text(" \u{1b}[31mred\u{202e}\u{7}x\r\n"), "red x");
        assert_eq!(shorten(&"日".repeat(100)), format!("{}…", "日".repeat(19)));
    }
}
