//! Asks with a list to move in with the arrow keys. The only file that knows dialoguer; it is never
//! reached without a terminal on both sides.
//!
//! dialoguer counts bytes where a terminal counts columns, so it is given the numbers of the items
//! only, and a [`Theme`] paints the labels behind them: it counts the line feeds that a theme
//! writes, and those are right.

use std::fmt;
use std::io::{self, ErrorKind, Write};
use std::panic::{self, AssertUnwindSafe};

use console::{Style, Term};
use dialoguer::Select;
use dialoguer::theme::Theme;

use super::echo::Silence;
use super::page::wrap;
use super::{Command, End, Look, Offer, Reply};

/// A list on the terminal that standard output is.
#[derive(Debug)]
pub struct Menu {
    term: Term,
    _silence: Silence,
}

/// The fewest rows and columns in which a menu can be used.
const ROWS: u16 = 6;
const COLUMNS: u16 = 16;

impl Menu {
    /// A menu, where standard output is a terminal that can show one.
    #[must_use]
    pub fn on_stdout() -> Option<Menu> {
        let term = Term::buffered_stdout();
        // Git Bash's terminal is a pipe in disguise: keys cannot be read from it.
        let is_terminal = term.is_term() && !term.features().is_msys_tty();
        let (rows, columns) = term.size_checked()?;
        (is_terminal && rows >= ROWS && columns >= COLUMNS).then(|| Menu {
            term,
            _silence: Silence::begin(),
        })
    }

    /// Asks once. `None` where the terminal does not let it.
    pub(super) fn ask(
        &self,
        out: &mut dyn Write,
        look: &Look,
        offer: &Offer,
    ) -> io::Result<Option<Reply>> {
        let choices = offer.choices.iter().map(|(_, label)| Label {
            text: label,
            is_command: false,
            after_gap: false,
        });
        let commands = offer.commands.iter().zip(0..);
        let commands = commands.map(|((_, label), index)| Label {
            text: label,
            is_command: true,
            after_gap: index == 0,
        });
        let labels: Vec<Label> = choices.chain(commands).collect();
        let (rows, _) = self.term.size();
        if rows < ROWS {
            return Ok(None);
        }
        let painter = Painter {
            labels: &labels,
            colours: look.colours,
            term: &self.term,
        };
        let mut select = Select::with_theme(&painter)
            .items((0..labels.len()).map(|index| index.to_string()))
            .default(offer.default.unwrap_or(0));
        let height = |label| painter.item(label, false).lines().count();
        let heights: Vec<usize> = labels.iter().map(height).collect();
        let room = usize::from(rows) - 2;
        if heights.iter().sum::<usize>() > room {
            // dialoguer turns pages by items and keeps two rows for a prompt it is not given here.
            let tallest = heights.into_iter().max().unwrap_or(1);
            select = select.max_length((room / tallest).max(1) + 2);
            writeln!(out, "({})", offer.words.menu_pages)?;
        }
        out.flush()?;

        let shown = Cursor { term: &self.term };
        let chosen = quietly(|| select.interact_on_opt(&self.term));
        drop(shown);
        let index = match chosen {
            Some(Ok(Some(index))) => index,
            Some(Ok(None)) => return Ok(Some(Reply::Command(Command::Back))),
            Some(Err(dialoguer::Error::IO(error))) if error.kind() == ErrorKind::Interrupted => {
                return Ok(Some(Reply::End(End::Interrupted)));
            }
            // Everything else, a panic included, says that this terminal cannot show a menu.
            Some(Err(_)) | None => return Ok(None),
        };
        writeln!(out, "{}", painter.lines(&labels[index], true))?;
        Ok(Some(match index.checked_sub(offer.choices.len()) {
            Some(command) => Reply::Command(offer.commands[command].0),
            None => Reply::Choice(index),
        }))
    }
}

/// Shows the cursor when it goes: dialoguer leaves it hidden when it is interrupted.
struct Cursor<'a> {
    term: &'a Term,
}

impl Drop for Cursor<'_> {
    fn drop(&mut self) {
        let _ = self.term.show_cursor();
        let _ = self.term.flush();
    }
}

/// Runs dialoguer, which panics when a terminal shrinks to two rows; `None` where it did.
fn quietly<T>(ask: impl FnOnce() -> T) -> Option<T> {
    let hook = panic::take_hook();
    panic::set_hook(Box::new(|_| {}));
    let result = panic::catch_unwind(AssertUnwindSafe(ask));
    panic::set_hook(hook);
    result.ok()
}

struct Label<'a> {
    text: &'a str,
    is_command: bool,
    /// Whether an empty line comes before it, which tells answers from commands without colour.
    after_gap: bool,
}

struct Painter<'a> {
    labels: &'a [Label<'a>],
    colours: bool,
    term: &'a Term,
}

impl Painter<'_> {
    /// A label as the list shows it.
    fn item(&self, label: &Label, active: bool) -> String {
        let gap = if label.after_gap { "\n" } else { "" };
        format!("{gap}{}", self.lines(label, active))
    }

    fn lines(&self, label: &Label, active: bool) -> String {
        // The last column stays free: some terminals wrap as soon as it is written.
        let columns = usize::from(self.term.size().1).saturating_sub(1).max(1);
        let style = match (active, label.is_command) {
            (true, _) => Style::new().bold().cyan(),
            (false, true) => Style::new().dim(),
            (false, false) => Style::new(),
        };
        let style = style.force_styling(self.colours);
        let mark = if active { "> " } else { "  " };
        let lines = wrap(label.text, columns, mark).into_iter();
        let lines: Vec<String> = lines.map(|line| style.apply_to(line).to_string()).collect();
        lines.join("\n")
    }
}

impl Theme for Painter<'_> {
    fn format_select_prompt_item(
        &self,
        f: &mut dyn fmt::Write,
        text: &str,
        active: bool,
    ) -> fmt::Result {
        let label = text
            .parse()
            .ok()
            .and_then(|index: usize| self.labels.get(index));
        label.map_or(Ok(()), |label| f.write_str(&self.item(label, active)))
    }
}
