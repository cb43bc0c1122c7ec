//! Asks with a list to move in. What is on the screen is always what can be chosen: the list is
//! painted anew after every key, for the size that the terminal has then.
//!
//! The look is a [`Theme`] of dialoguer. Its own list is not used: it knows neither numbers nor the
//! end of the input, counts bytes where a terminal counts columns, scrolls its first line away where
//! an item has several, and panics where a terminal has two rows.

use std::borrow::Cow;
use std::fmt;
use std::io::{self, ErrorKind, Write};
use std::ops::Range;

use console::{Key, Style, Term};
use dialoguer::theme::Theme;

use super::echo::{Silence, more_is_pasted};
use super::page::wrap;
use super::person::{Command, End, Offer, Reply};
use super::plain::{LONGEST_TEXT, clean_text, is_description, shorten};

/// A list on the terminal that standard output is.
#[derive(Debug)]
pub struct Menu {
    term: Term,
    silence: Option<Silence>,
}

/// The fewest lines of a list that are of use: one item, and what says that there are more.
const LINES: usize = 3;

/// The fewest columns in which a list can be read.
const COLUMNS: usize = 16;

impl Menu {
    /// A menu, where standard output is a terminal that can show one.
    #[must_use]
    pub fn on_stdout() -> Option<Menu> {
        let term = Term::buffered_stdout();
        // Git Bash's terminal is a pipe in disguise: it has no size, and keys cannot be read from it.
        (term.is_term() && term.size_checked().is_some()).then_some(Menu {
            term,
            silence: None,
        })
    }

    /// Gives the terminal back to whoever reads whole lines from it.
    pub(super) fn release(&mut self) {
        self.silence = None;
    }

    /// Adds the lines that were pasted together with the one that has been read. Returns how the conversation
    /// ended in the middle of them, if it did.
    fn read_pasted(&self, typed: &mut String) -> Option<End> {
        typed.push('\n');
        while more_is_pasted() {
            let letter = match self.term.read_key_raw() {
                Ok(Key::Enter) => '\n',
                Ok(Key::Char(letter)) => letter,
                Ok(Key::CtrlC) => return Some(End::Interrupted),
                Ok(_) => continue,
                Err(_) => break,
            };
            if typed.len() < LONGEST_TEXT {
                typed.push(letter);
            }
        }
        None
    }

    /// Asks until there is an answer. What describes something, such as an error message that is pasted,
    /// moves to an item by accident only: it is no answer. `None` where the terminal is too small to show
    /// the list; it is as it was then, for another way to ask.
    pub(super) fn ask(
        &mut self,
        out: &mut dyn Write,
        colours: bool,
        offer: &Offer,
    ) -> io::Result<Option<Reply>> {
        out.flush()?;
        self.silence.get_or_insert_with(Silence::begin);
        let theme = ListTheme { colours };
        let mut list = List::new(offer);
        let mut painted = Painted::default();
        let mut typed = String::new();
        let reply = loop {
            painted.wipe(&self.term)?;
            let (rows, columns) = self.term.size();
            // The last column stays free: some terminals wrap as soon as it is written.
            let columns = usize::from(columns).saturating_sub(1);
            // Below the list is the line that the cursor goes to in the end.
            let lines = usize::from(rows).saturating_sub(1 + offer.question.lines().count());
            let Some(lines) = list.view(lines, columns) else {
                self.term.flush()?;
                self.silence = None;
                return Ok(None);
            };
            painted = Painted::paint(&self.term, &lines, &theme, columns)?;
            match self.term.read_key_raw() {
                Ok(Key::Enter) if is_description(&typed) => {
                    if let Some(end) = self.read_pasted(&mut typed) {
                        break Reply::End(end);
                    }
                    if offer.takes(Command::Search) {
                        break Reply::Described(clean_text(&typed));
                    }
                    // Its letters have moved in the list.
                    typed.clear();
                    list = List::new(offer);
                }
                Ok(key) => {
                    match key {
                        Key::Char(letter) => typed.push(letter),
                        _ => typed.clear(),
                    }
                    if let Some(reply) = list.press(&key, lines.len()) {
                        break reply;
                    }
                }
                // A signal came, such as the one that asks a program to end.
                Err(error) if error.kind() == ErrorKind::Interrupted => {
                    break Reply::End(End::Interrupted);
                }
                // Nobody is at the terminal any more.
                Err(_) => break Reply::End(End::Left),
            }
        };
        painted.wipe(&self.term)?;
        if let Some(chosen) = list.chosen(&reply) {
            let (_, columns) = self.term.size();
            let lines = wrap(&chosen, usize::from(columns).saturating_sub(1).max(1), "> ");
            for line in lines {
                self.term.write_line(&theme.item(&line, true, false))?;
            }
        }
        self.term.flush()?;
        Ok(Some(reply))
    }
}

/// What can be chosen, and where the choice stands.
struct List<'o> {
    offer: &'o Offer,
    /// What stands before each label: a number, or the key of a command.
    keys: Vec<String>,
    selected: usize,
    /// The digits typed so far.
    typed: String,
    /// The first line that is shown where not all are.
    top: usize,
    layout: Layout,
}

/// Every line of a list, wrapped to a width. It is made anew only where the width changes: a list
/// can be long.
#[derive(Default)]
struct Layout {
    columns: usize,
    lines: Vec<String>,
    /// Where the lines of each item begin.
    starts: Vec<usize>,
    tallest: usize,
}

/// A line of a list on the screen.
struct Line {
    text: String,
    is_selected: bool,
    is_dim: bool,
}

impl Layout {
    /// The lines of these labels. An empty one tells the answers, which come first, from the rest.
    fn new<'a>(
        labels: impl Iterator<Item = (&'a str, &'a str)>,
        answers: usize,
        columns: usize,
    ) -> Self {
        let mut layout = Layout {
            columns,
            ..Layout::default()
        };
        for (index, (key, label)) in labels.enumerate() {
            if index == answers {
                layout.lines.push(String::new());
            }
            layout.starts.push(layout.lines.len());
            let lines = wrap(label, columns.max(1), &format!("  {key}"));
            layout.tallest = layout.tallest.max(lines.len());
            layout.lines.extend(lines);
        }
        layout
    }

    /// Which item a line belongs to.
    fn item(&self, line: usize) -> usize {
        self.starts.partition_point(|start| *start <= line) - 1
    }

    /// The lines of an item.
    fn lines_of(&self, item: usize, answers: usize) -> Range<usize> {
        let next = self.starts.get(item + 1).copied();
        let gap = usize::from(item + 1 == answers);
        self.starts[item]..next.map_or(self.lines.len(), |next| next - gap)
    }
}

impl<'o> List<'o> {
    fn new(offer: &'o Offer) -> Self {
        let digits = offer.choices.len().to_string().len();
        let items = 0..offer.choices.len() + offer.commands.len();
        let keys = items.map(|index| format!("{:>digits$}) ", offer.key(index)));
        List {
            offer,
            keys: keys.collect(),
            selected: offer.default.unwrap_or(0),
            typed: String::new(),
            top: 0,
            layout: Layout::default(),
        }
    }

    fn label(&self, index: usize) -> &str {
        let choices = &self.offer.choices;
        match index.checked_sub(choices.len()) {
            None => &choices[index].1,
            Some(command) => self.offer.commands[command].1,
        }
    }

    /// What is chosen by a reply, to be kept on the screen; nothing where the prompt just ends.
    fn chosen(&self, reply: &Reply) -> Option<Cow<'_, str>> {
        match reply {
            Reply::Choice(index) => Some(self.label(*index).into()),
            Reply::Command(command) => {
                let mut commands = self.offer.commands.iter();
                let named = commands.find(|(own, _)| own == command);
                named.map(|(_, label)| (*label).into())
            }
            Reply::Described(text) => Some(shorten(text).into()),
            Reply::End(_) => None,
        }
    }

    /// What to show in so many lines; `None` where one item alone does not fit.
    fn view(&mut self, lines: usize, columns: usize) -> Option<Vec<Line>> {
        let answers = self.offer.choices.len();
        if self.layout.starts.is_empty() || self.layout.columns != columns {
            let keys = self.keys.iter().enumerate();
            let labels = keys.map(|(index, key)| (key.as_str(), self.label(index)));
            self.layout = Layout::new(labels, answers, columns);
        }
        let layout = &self.layout;
        let line = |index: usize| {
            let item = layout.item(index);
            let text = &layout.lines[index];
            let is_selected = item == self.selected && !text.is_empty();
            let is_first = is_selected && layout.starts[item] == index;
            Line {
                text: match text.strip_prefix(' ').filter(|_| is_first) {
                    Some(rest) => format!(">{rest}"),
                    None => text.clone(),
                },
                is_selected,
                is_dim: item >= answers,
            }
        };
        let all = layout.lines.len();
        if all <= lines {
            self.top = 0;
            return Some((0..all).map(line).collect());
        }
        // A line above and one below say that there is more.
        let room = lines.checked_sub(2).filter(|_| lines >= LINES)?;
        if layout.tallest > room || columns < COLUMNS {
            return None;
        }
        let selected = layout.lines_of(self.selected, answers);
        let top = self
            .top
            .clamp(selected.end.saturating_sub(room), selected.start);
        let top = top.min(all - room);
        let more = |is_more: bool| Line {
            text: if is_more { "  ..." } else { "" }.to_owned(),
            is_selected: false,
            is_dim: true,
        };
        let mut shown = vec![more(top > 0)];
        shown.extend((top..top + room).map(line));
        shown.push(more(top + room < all));
        self.top = top;
        Some(shown)
    }

    /// What a key does. Returns what it answers, if it does. A number or the key of a command only
    /// moves there, so that no slip of a finger answers anything.
    fn press(&mut self, key: &Key, page: usize) -> Option<Reply> {
        let last = self.keys.len() - 1;
        let typed = std::mem::take(&mut self.typed);
        let choices = self.offer.choices.len();
        match key {
            Key::Enter => return Some(self.offer.reply(self.selected)),
            Key::Escape => return Some(Reply::Command(Command::Back)),
            Key::CtrlC => return Some(Reply::End(End::Interrupted)),
            // The key that ends the input of every other program at a terminal.
            Key::Char('\u{4}') => return Some(Reply::End(End::Left)),
            Key::ArrowDown | Key::Tab | Key::Char('j') => {
                self.selected = (self.selected + 1) % self.keys.len();
            }
            Key::ArrowUp | Key::BackTab | Key::Char('k') => {
                self.selected = self.selected.checked_sub(1).unwrap_or(last);
            }
            Key::Home => self.selected = 0,
            Key::End => self.selected = last,
            Key::PageDown => self.selected = (self.selected + page / 2).min(last),
            Key::PageUp => self.selected = self.selected.saturating_sub(page / 2),
            Key::Char(digit) if digit.is_ascii_digit() => {
                // The second digit of a number, or else the first of another one.
                let numbers = [format!("{typed}{digit}"), digit.to_string()];
                let is_offered = |number: &&String| {
                    let number: Option<usize> = number.parse().ok();
                    number.is_some_and(|number| (1..=choices).contains(&number))
                };
                if let Some(number) = numbers.iter().find(is_offered) {
                    self.selected = number.parse().unwrap_or(1) - 1;
                    self.typed.clone_from(number);
                }
            }
            Key::Char(character) => {
                let typed = character.to_lowercase().to_string();
                let mut commands = self.offer.commands.iter();
                if let Some(index) = commands.position(|(command, _)| command.key() == typed) {
                    self.selected = choices + index;
                }
            }
            _ => {}
        }
        None
    }
}

/// What has been painted above the cursor, which is on the selected line: that is where screen
/// readers and magnifiers look.
#[derive(Default)]
struct Painted {
    /// How wide each line above the cursor is.
    above: Vec<usize>,
    /// The width of the terminal when it was painted.
    columns: usize,
}

impl Painted {
    fn paint(
        term: &Term,
        lines: &[Line],
        theme: &ListTheme,
        columns: usize,
    ) -> io::Result<Painted> {
        for line in lines {
            term.write_line(&theme.item(&line.text, line.is_selected, line.is_dim))?;
        }
        // A Windows console moves its cursor at once, whatever has not been written yet.
        term.flush()?;
        let selected = lines.iter().position(|line| line.is_selected);
        let above = &lines[..selected.unwrap_or(0)];
        term.move_cursor_up(lines.len() - above.len())?;
        term.flush()?;
        let widths = above
            .iter()
            .map(|line| console::measure_text_width(&line.text));
        Ok(Painted {
            above: widths.collect(),
            columns,
        })
    }

    /// Takes the list off the screen, and everything below it, and puts the cursor where it began.
    fn wipe(&self, term: &Term) -> io::Result<()> {
        let (_, columns) = term.size();
        let columns = usize::from(columns).max(1);
        // Where the terminal has become narrower, lines that were too long for it are several now.
        let rows = |width: &usize| {
            if columns > self.columns {
                1
            } else {
                width.div_ceil(columns).max(1)
            }
        };
        term.move_cursor_up(self.above.iter().map(rows).sum())?;
        term.clear_to_end_of_screen()
    }
}

/// How a line of a list looks.
struct ListTheme {
    colours: bool,
}

impl ListTheme {
    fn item(&self, text: &str, is_selected: bool, is_dim: bool) -> String {
        let mut item = String::new();
        if is_dim && !is_selected {
            let style = Style::new().dim().force_styling(self.colours);
            return style.apply_to(text).to_string();
        }
        // Writing to a string cannot fail.
        let _ = self.format_select_prompt_item(&mut item, text, is_selected);
        item
    }
}

impl Theme for ListTheme {
    fn format_select_prompt_item(
        &self,
        f: &mut dyn fmt::Write,
        text: &str,
        active: bool,
    ) -> fmt::Result {
        let style = if active {
            Style::new().bold().cyan()
        } else {
            Style::new()
        };
        write!(f, "{}", style.force_styling(self.colours).apply_to(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::Lang;

    fn offer(choices: usize) -> Offer {
        let choices =
            (1..=choices).map(|number| (format!("id-{number}"), format!("Answer {number}")));
        Offer {
            choices: choices.collect(),
            commands: vec![(Command::Unsure, "Not sure"), (Command::Quit, "Quit")],
            default: None,
            question: String::new(),
            words: Lang::En.words(),
        }
    }

    /// What is shown after these keys, in so many lines of 30 columns.
    fn shown(list: &mut List, keys: &[Key], lines: usize) -> Vec<String> {
        for key in keys {
            assert_eq!(list.press(key, lines), None);
        }
        let view = list.view(lines, 30).expect("it fits");
        assert!(view.len() <= lines);
        view.into_iter().map(|line| line.text).collect()
    }

    #[test]
    fn keys_move_and_only_enter_answers() {
        let offer = offer(11);
        let down = Key::ArrowDown;
        let digit = |digit| Key::Char(digit);
        for (keys, reply) in [
            (vec![], Reply::Choice(0)),
            (vec![down.clone(), down.clone()], Reply::Choice(2)),
            (vec![Key::ArrowUp], Reply::Command(Command::Quit)),
            (vec![digit('3')], Reply::Choice(2)),
            (vec![digit('1'), digit('1')], Reply::Choice(10)),
            (vec![digit('1'), digit('2')], Reply::Choice(1)),
            (vec![digit('1'), down, digit('1')], Reply::Choice(0)),
            (vec![digit('0')], Reply::Choice(0)),
            (vec![Key::Char('?')], Reply::Command(Command::Unsure)),
            (vec![Key::Char('Q')], Reply::Command(Command::Quit)),
            (vec![Key::Char('b'), Key::Char('x')], Reply::Choice(0)),
            (vec![Key::End, Key::Home], Reply::Choice(0)),
        ] {
            let mut list = List::new(&offer);
            for key in &keys {
                assert_eq!(list.press(key, 10), None, "{keys:?}");
            }
            assert_eq!(list.press(&Key::Enter, 10), Some(reply), "{keys:?}");
        }
    }

    #[test]
    fn a_list_that_does_not_fit_is_shown_around_what_is_selected() {
        let offer = offer(3);
        let mut list = List::new(&offer);
        let all = [
            "> 1) Answer 1",
            "  2) Answer 2",
            "  3) Answer 3",
            "",
            "  ?) Not sure",
            "  q) Quit",
        ];
        assert_eq!(shown(&mut list, &[], 6), all);
        assert_eq!(
            shown(&mut list, &[], 4),
            ["", "> 1) Answer 1", "  2) Answer 2", "  ..."]
        );
        let keys = [Key::ArrowDown, Key::ArrowDown];
        assert_eq!(
            shown(&mut list, &keys, 4),
            ["  ...", "  2) Answer 2", "> 3) Answer 3", "  ..."]
        );
        assert_eq!(
            shown(&mut list, &[Key::End], 4),
            ["  ...", "  ?) Not sure", "> q) Quit", ""]
        );
        assert!(list.view(2, 30).is_none());
        assert!(list.view(4, 8).is_none());
    }

    #[test]
    fn an_item_taller_than_the_screen_is_not_shown_in_part() {
        let mut offer = offer(2);
        offer.choices[0].1 = "word ".repeat(100);
        assert!(List::new(&offer).view(10, 30).is_none());
        assert!(List::new(&offer).view(40, 30).is_some());
    }
}
