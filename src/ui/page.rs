//! Content as text for a screen: wrapped to its width, cut nowhere, its parts told apart by their
//! marks alone and by colour where there is colour. Nothing here asks or decides.

use std::fmt::Write as _;
use std::io::{self, Write};

use console::Style;
use textwrap::{Options, WordSeparator, WordSplitter, WrapAlgorithm};

use crate::lang::{Lang, Words, fill};
use crate::tree::{Escalation, Kind, Link, Node, NodeId, Remedy, Symptom, Tree};

/// What the output can show.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    /// The width in columns; 0 where it is not known.
    pub width: usize,
    /// Whether it shows colours.
    pub colours: bool,
    /// Whether an address can be clicked by the escape sequence OSC 8.
    pub hyperlinks: bool,
}

impl Look {
    /// A screen of which nothing is known.
    pub const PLAIN: Look = Look {
        width: 0,
        colours: false,
        hyperlinks: false,
    };

    /// The same without colour, for what is written elsewhere.
    #[must_use]
    pub fn uncoloured(self) -> Look {
        Look {
            colours: false,
            hyperlinks: false,
            ..self
        }
    }

    /// The width to wrap text at: long lines are hard to read, and no screen is narrower than a
    /// word.
    fn columns(self) -> usize {
        match self.width {
            0 => 80,
            width => width.clamp(10, 96),
        }
    }

    fn paint(self, style: &Style, text: &str) -> String {
        let style = style.clone().force_styling(self.colours);
        style.apply_to(text).to_string()
    }
}

/// How many phrases of an entry are shown: the first ones say what the others vary.
const PHRASES: usize = 8;

/// Keeps what belongs together on one line.
const NO_BREAK_SPACE: &str = "\u{a0}";

/// Wraps a text into lines. The first one begins with `first`, the others with blanks as wide.
pub(super) fn wrap(text: &str, columns: usize, first: &str) -> Vec<String> {
    let indent = " ".repeat(console::measure_text_width(first));
    let options = Options::new(columns)
        .initial_indent(first)
        .subsequent_indent(&indent)
        .word_separator(WordSeparator::AsciiSpace)
        .word_splitter(WordSplitter::NoHyphenation)
        .wrap_algorithm(WrapAlgorithm::FirstFit);
    let lines = textwrap::wrap(text, options).into_iter();
    lines.map(|line| line.trim_end().to_owned()).collect()
}

/// A page that is being written.
#[derive(Debug)]
pub struct Page {
    look: Look,
    text: String,
}

impl Page {
    /// An empty page.
    #[must_use]
    pub fn new(look: Look) -> Self {
        Page {
            look,
            text: String::new(),
        }
    }

    /// Writes the page to the output, all at once.
    ///
    /// # Errors
    ///
    /// Where the output cannot be written.
    pub fn print(self, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(self.text.as_bytes())?;
        out.flush()
    }

    /// The page as text.
    #[must_use]
    pub fn into_text(self) -> String {
        self.text
    }

    /// The question that is asked at the end of the page: what stands after the last empty line.
    pub(super) fn question(&self) -> String {
        let last = self.text.trim_start().rsplit("\n\n").next();
        last.unwrap_or_default().to_owned()
    }

    /// A question of an earlier page, once more.
    pub(super) fn again(&mut self, question: &str) {
        self.text.push('\n');
        self.text.push_str(question);
    }

    fn blank(&mut self) {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
    }

    pub(super) fn wrapped(&mut self, style: &Style, first: &str, text: &str) {
        for line in wrap(text, self.look.columns(), first) {
            self.text.push_str(&self.look.paint(style, &line));
            self.text.push('\n');
        }
    }

    /// A wrapped text whose first words stand out.
    fn marked(&mut self, style: &Style, indent: &str, mark: &str, text: &str) {
        let start = self.text.len();
        self.wrapped(&Style::new(), indent, &format!("{mark} {text}"));
        // A mark that was wrapped itself stays as it is: there is no room for more than words.
        let end = start + indent.len() + mark.len();
        if self.text.get(start + indent.len()..end) == Some(mark) {
            let painted = self.look.paint(style, mark);
            self.text.replace_range(start + indent.len()..end, &painted);
        }
    }

    /// Whether a text can be read beside something so wide.
    pub(super) fn has_room(&self, width: usize) -> bool {
        self.look.columns() >= width + 24
    }

    /// An empty line, also at the beginning.
    pub(super) fn gap(&mut self) {
        self.text.push('\n');
    }

    /// The line that opens a conversation.
    pub fn banner(&mut self, title: &str) {
        self.wrapped(&Style::new().bold(), "", title);
    }

    /// A remark on how to use the screen.
    pub fn hint(&mut self, text: &str) {
        self.wrapped(&Style::new().dim(), "", text);
    }

    /// The answers so far.
    pub fn trail(&mut self, label: &str, answers: &str) {
        self.text.push('\n');
        self.wrapped(&Style::new().dim(), "", &format!("{label}: {answers}"));
    }

    /// Which question this is.
    pub fn progress(&mut self, text: &str) {
        self.wrapped(&Style::new().dim(), "", &format!("({text})"));
    }

    /// A line that asks for an answer.
    pub fn ask(&mut self, text: &str) {
        self.text.push('\n');
        self.wrapped(&Style::new().bold(), "", text);
    }

    /// A paragraph of its own.
    pub fn paragraph(&mut self, text: &str) {
        self.text.push('\n');
        self.wrapped(&Style::new(), "", text);
    }

    /// A text to be copied, as it is.
    pub(super) fn verbatim(&mut self, text: &str) {
        self.text.push('\n');
        self.text.push_str(text);
        self.text.push('\n');
    }

    /// A remark that has to fit on one line: what does not is left out.
    pub(super) fn brief(&mut self, text: &str) {
        let columns = self.look.columns();
        let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
        self.text
            .push_str(&console::truncate_str(&line, columns, "…"));
        self.text.push('\n');
    }

    /// A labelled paragraph.
    pub fn section(&mut self, label: &str, text: &str) {
        self.label(label);
        self.wrapped(&Style::new(), "  ", text);
    }

    /// A remark on what was typed.
    pub(super) fn remark(&mut self, text: &str) {
        self.wrapped(&Style::new().yellow(), "", text);
    }

    /// What can be answered, numbered from 1.
    pub(super) fn numbered<'a>(&mut self, labels: impl ExactSizeIterator<Item = &'a str>) {
        let digits = labels.len().to_string().len();
        for (number, label) in (1..).zip(labels) {
            self.wrapped(&Style::new(), &format!("  {number:>digits$}) "), label);
        }
    }

    /// What can be done instead of answering, with the keys to type. No key is parted from its
    /// label, unless a line has no room for both.
    pub(super) fn keys<'a>(&mut self, keys: impl Iterator<Item = (&'a str, &'a str)>) {
        let room = self.look.columns().saturating_sub(2);
        let keys = keys.map(|(key, label)| {
            let key = format!("{key}) {label}");
            if console::measure_text_width(&key) > room {
                return key;
            }
            key.replace(' ', NO_BREAK_SPACE)
        });
        let keys = keys.collect::<Vec<_>>().join("   ");
        let start = self.text.len();
        self.wrapped(&Style::new().dim(), "  ", &keys);
        let wrapped = self.text.split_off(start);
        self.text.push_str(&wrapped.replace(NO_BREAK_SPACE, " "));
    }

    pub(super) fn heading(&mut self, text: &str) {
        self.text.push('\n');
        self.wrapped(&Style::new().bold().cyan(), "# ", text);
    }

    pub(super) fn label(&mut self, text: &str) {
        self.blank();
        self.wrapped(&Style::new().bold(), "", text);
    }

    fn item(&mut self, text: &str) {
        self.wrapped(&Style::new(), "  - ", text);
    }

    /// A node with all that is to be read before it is answered.
    pub fn node(&mut self, tree: &Tree, node: &Node, lang: Lang) {
        self.heading(node.title().get(lang));
        let words = lang.words();
        match &node.kind {
            Kind::Symptom(symptom) => self.symptom(tree, symptom, lang, words),
            Kind::Question(_) => {}
            Kind::Remedy(remedy) => self.remedy(tree, remedy, lang, words),
            Kind::Escalation(escalation) => self.escalation(tree, escalation, lang, words),
        }
    }

    fn symptom(&mut self, tree: &Tree, symptom: &Symptom, lang: Lang, words: &Words) {
        let mut phrases = symptom.phrases.get(lang).peekable();
        if phrases.peek().is_some() {
            self.label(words.phrases);
            phrases.take(PHRASES).for_each(|phrase| self.item(phrase));
        }
        self.label(words.causes);
        for outcome in tree.outcomes_from(symptom.to) {
            self.item(&format!("{} ({})", outcome.title().get(lang), outcome.id));
        }
    }

    /// What a question or a remedy leads to, and how to find out, for reading without being asked.
    pub(super) fn ways(&mut self, tree: &Tree, node: &Node, lang: Lang) {
        let words = lang.words();
        let leads_to = |what: &str, to: NodeId| format!("{what}: {}", tree[to].id);
        match &node.kind {
            Kind::Question(question) => {
                if let Some(how) = &question.how {
                    self.section(words.how_to_find_out, how.get(lang));
                }
                self.label(words.choices);
                for choice in &question.choices {
                    self.item(&leads_to(choice.label.get(lang), choice.to));
                }
                if let Some(unsure) = question.unsure {
                    self.item(&leads_to(words.not_sure, unsure));
                }
            }
            Kind::Remedy(remedy) => {
                self.label(words.then);
                self.item(&leads_to(words.did_not_help, remedy.otherwise));
                if let Some(help) = remedy.cannot_find {
                    self.item(&leads_to(words.not_found, help));
                }
            }
            Kind::Symptom(_) | Kind::Escalation(_) => {}
        }
    }

    /// Ids and titles, the titles below each other. Where the width is not known, each is one line,
    /// which is what scripts want.
    pub(super) fn entries(&mut self, entries: &[(&str, &str)]) {
        let widths = entries.iter().map(|(id, _)| id.len());
        let width = widths.max().unwrap_or(0);
        for (id, title) in entries {
            let id = format!("{id:width$}  ");
            if self.look.width == 0 {
                let _ = writeln!(self.text, "{id}{title}");
            } else {
                self.wrapped(&Style::new(), &id, title);
            }
        }
    }

    fn remedy(&mut self, tree: &Tree, remedy: &Remedy, lang: Lang, words: &Words) {
        self.section(words.why, remedy.cause.get(lang));
        if let Some(warning) = &remedy.warning {
            self.blank();
            let mark = format!("! {}:", words.warning);
            let style = Style::new().bold().yellow();
            self.marked(&style, "", &mark, warning.get(lang));
        }
        self.label(words.steps);
        for (number, step) in (1..).zip(&remedy.steps) {
            let number = format!("  {number}. ");
            let who = format!("[{}]", step.who.name(words));
            self.marked(&Style::new().bold(), &number, &who, step.action.get(lang));
            if let Some(say) = &step.say {
                let indent = " ".repeat(number.len());
                let mark = format!("{}:", words.say);
                let say = fill(words.quoted, &[say.get(lang)]);
                self.marked(&Style::new().green(), &indent, &mark, &say);
            }
        }
        if let Some(wait) = &remedy.wait {
            self.blank();
            let mark = format!("{} ({}):", words.wait, duration(words, wait.minutes));
            self.marked(&Style::new().bold(), "", &mark, wait.reason.get(lang));
        }
        if let Some(note) = &remedy.note {
            self.blank();
            let mark = format!("{}:", words.note);
            self.marked(&Style::new().bold(), "", &mark, note.get(lang));
        }
        self.label(words.links);
        for link in &remedy.links {
            self.link(tree.link(*link), "  ", lang);
        }
        self.blank();
        let checked = remedy.checked.to_string();
        let source = fill(words.source, &[&remedy.source, &checked]);
        self.wrapped(&Style::new().dim(), "", &source);
    }

    fn escalation(&mut self, tree: &Tree, escalation: &Escalation, lang: Lang, words: &Words) {
        self.paragraph(escalation.cause.get(lang));
        self.label(words.channels);
        for channel in &escalation.channels {
            self.item(channel.text.get(lang));
            if let Some(email) = &channel.email {
                self.address(&format!("mailto:{email}"), email, "      ");
            }
            if let Some(link) = channel.link {
                self.link(tree.link(link), "    ", lang);
            }
        }
        self.label(words.facts);
        for fact in &escalation.facts {
            self.item(fact.get(lang));
        }
        self.item(words.fact_tried);
    }

    fn link(&mut self, link: &Link, indent: &str, lang: Lang) {
        self.wrapped(&Style::new(), &format!("{indent}- "), link.label.get(lang));
        let url = link.url.get(lang);
        self.address(url, url, &format!("{indent}  "));
    }

    /// An address, on one line however narrow the screen is, so that it can be copied whole.
    fn address(&mut self, target: &str, text: &str, indent: &str) {
        let text = self.look.paint(&Style::new().blue().underlined(), text);
        let (mut open, mut close) = (String::new(), "");
        if self.look.hyperlinks {
            open = format!("\x1b]8;;{target}\x1b\\");
            close = "\x1b]8;;\x1b\\";
        }
        let _ = writeln!(self.text, "{indent}{open}{text}{close}");
    }
}

/// A length of time in the largest unit that needs no fraction.
fn duration(words: &Words, minutes: u32) -> String {
    const HOUR: u32 = 60;
    const DAY: u32 = 24 * HOUR;
    let (unit, length) = match minutes {
        minutes if minutes > DAY && minutes % DAY == 0 => (words.days, minutes / DAY),
        minutes if minutes % HOUR == 0 => (words.hours, minutes / HOUR),
        minutes => (words.minutes, minutes),
    };
    fill(unit, &[&length.to_string()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_wraps_under_its_first_word_and_nothing_is_cut() {
        assert_eq!(wrap("one two three", 9, "> "), ["> one two", "  three"]);
        assert_eq!(wrap("日本語日本語", 9, "- "), ["- 日本語", "  日本語"]);
        assert_eq!(wrap("", 9, "> "), [">"]);
        for columns in 1..40 {
            let text = "日本語 ".repeat(20) + &"x".repeat(10_000);
            let lines = wrap(&text, columns, "  1) ");
            let kept: String = lines.concat().split_whitespace().collect();
            let whole: String = format!("1){text}").split_whitespace().collect();
            assert_eq!(kept, whole);
        }
    }

    #[test]
    fn marks_are_the_same_with_and_without_colour() {
        let looks = [false, true].map(|colours| Look {
            width: 24,
            colours,
            hyperlinks: false,
        });
        let [plain, coloured] = looks.map(|look| {
            let mut page = Page::new(look);
            page.heading("A remedy");
            page.marked(
                &Style::new().bold(),
                "  1. ",
                "[Administrator]",
                "Do it now",
            );
            page.marked(
                &Style::new().bold(),
                "",
                "A mark that is itself too long:",
                "x",
            );
            page.into_text()
        });
        assert_eq!(console::strip_ansi_codes(&coloured), plain);
        assert!(
            coloured.contains("\x1b[1m[Administrator]\x1b[0m"),
            "{coloured:?}"
        );
        assert!(
            plain.contains("# A remedy\n  1. [Administrator] Do\n     it now\n"),
            "{plain}"
        );
    }

    #[test]
    fn an_address_stays_whole_and_is_shown_in_full_where_it_is_a_link() {
        let url = "https://printer.example/a/very/long/address/that/does/not/fit";
        for hyperlinks in [false, true] {
            let mut page = Page::new(Look {
                width: 20,
                colours: false,
                hyperlinks,
            });
            page.address(url, url, "  ");
            let text = page.into_text();
            assert_eq!(
                text.contains(&format!("\x1b]8;;{url}\x1b\\")),
                hyperlinks,
                "{text:?}"
            );
            assert_eq!(console::strip_ansi_codes(&text), format!("  {url}\n"));
        }
    }

    #[test]
    fn a_wait_is_given_in_the_largest_whole_unit() {
        let words = Lang::En.words();
        for (minutes, length) in [
            (1, "1 min"),
            (60, "1 h"),
            (90, "90 min"),
            (480, "8 h"),
            (1_440, "24 h"),
            (2_880, "2 days"),
            (u32::MAX, "4294967295 min"),
        ] {
            assert_eq!(duration(words, minutes), length);
        }
    }
}
