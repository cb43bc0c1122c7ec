//! What only a terminal shows: keys, the cursor, the width. A pseudo-terminal runs the program, and
//! a model of its screen says what a person would see.
//!
//! Skipped on Windows: its pseudo-terminal repaints the screen by rules of its own, so what arrives
//! is not what the program wrote.

use std::io::{Read, Write};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use tempfile::TempDir;
use vt100::Parser;

use crate::support::{CASES, VARIABLES, program, project, scratch};

/// How long the screen may take to show something.
const PATIENCE: Duration = Duration::from_secs(20);

/// How long nothing arrives after a screen that is complete.
const QUIET: Duration = Duration::from_millis(50);

const DOWN: &str = "\x1b[B";
const UP: &str = "\x1b[A";
const ENTER: &str = "\r";
const ESCAPE: &str = "\x1b";
const CTRL_C: &str = "\x03";
const CTRL_D: &str = "\x04";

/// The first question of the embedded tree, and the first line of its list.
const FIRST: &str = "# What do you see?";

struct Terminal {
    child: Box<dyn Child + Send + Sync>,
    master: Box<dyn MasterPty + Send>,
    writer: Box<dyn Write + Send>,
    screen: Arc<Mutex<Screen>>,
    /// Where it keeps cases, for as long as it runs.
    cases: Option<TempDir>,
}

struct Screen {
    parser: Parser,
    bytes: Vec<u8>,
}

fn size(rows: u16, cols: u16) -> PtySize {
    PtySize {
        rows,
        cols,
        ..PtySize::default()
    }
}

impl Terminal {
    fn start(rows: u16, columns: u16, arguments: &[&str]) -> Self {
        let cases = scratch();
        let mut terminal = Self::start_with(cases.path(), rows, columns, arguments);
        terminal.cases = Some(cases);
        terminal
    }

    /// With cases in a folder that outlives the terminal.
    fn start_with(cases: &Path, rows: u16, columns: u16, arguments: &[&str]) -> Self {
        let pair = native_pty_system()
            .openpty(size(rows, columns))
            .expect("a pseudo-terminal");
        let mut command = CommandBuilder::new(program());
        command.args(arguments);
        command.arg("--lang=en");
        for variable in VARIABLES {
            command.env_remove(variable);
        }
        command.env("TERM", "xterm-256color");
        command.env(CASES, cases);
        let child = pair
            .slave
            .spawn_command(command)
            .expect("the program starts");
        drop(pair.slave);
        let parser = Parser::new(
            rows.try_into().expect("rows"),
            columns.try_into().expect("columns"),
            1_000,
        );
        let screen = Screen {
            parser,
            bytes: Vec::new(),
        };
        let screen = Arc::new(Mutex::new(screen));
        let mut reader = pair.master.try_clone_reader().expect("a reader");
        let writer = pair.master.take_writer().expect("a writer");
        let seen = Arc::clone(&screen);
        thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(count @ 1..) = reader.read(&mut buffer) {
                let mut seen = seen.lock().expect("no thread panicked");
                seen.parser.process(&buffer[..count]);
                seen.bytes.extend_from_slice(&buffer[..count]);
            }
        });
        Terminal {
            child,
            master: pair.master,
            writer,
            screen,
            cases: None,
        }
    }

    fn send(&mut self, keys: &str) {
        self.writer
            .write_all(keys.as_bytes())
            .expect("the program reads");
        self.writer.flush().expect("the program reads");
    }

    fn contents(&self) -> String {
        let screen = self.screen.lock().expect("no thread panicked");
        screen.parser.screen().contents()
    }

    fn bytes(&self) -> String {
        let screen = self.screen.lock().expect("no thread panicked");
        String::from_utf8_lossy(&screen.bytes).into_owned()
    }

    fn cursor_is_hidden(&self) -> bool {
        let screen = self.screen.lock().expect("no thread panicked");
        screen.parser.screen().hide_cursor()
    }

    /// Waits until the screen is as it should be and nothing more arrives, and returns what it shows: a
    /// screen comes in pieces, and what is looked for may be in the first.
    #[track_caller]
    fn wait_until(&self, what: &str, is_so: impl Fn(&str) -> bool) -> String {
        let started = Instant::now();
        let (mut arrived, mut since) = (0, started);
        loop {
            let contents = self.contents();
            let now_arrived = self.bytes().len();
            if now_arrived != arrived {
                (arrived, since) = (now_arrived, Instant::now());
            }
            if is_so(&contents) && since.elapsed() >= QUIET {
                return contents;
            }
            assert!(
                started.elapsed() < PATIENCE,
                "never saw {what} in:\n{contents}"
            );
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// Waits until the screen shows a text, and the list is ready for the next key.
    #[track_caller]
    fn wait_for(&self, text: &str) -> String {
        self.wait_until(text, |contents| contents.contains(text))
    }

    /// Waits until this is the chosen line of a list.
    #[track_caller]
    fn wait_for_choice(&self, label: &str) -> String {
        let end = format!(") {label}");
        self.wait_until(label, |contents| {
            let mut lines = contents.lines();
            lines.any(|line| line.starts_with('>') && line.ends_with(&end))
        })
    }

    fn resize(&self, rows: u16, columns: u16) {
        self.master
            .resize(size(rows, columns))
            .expect("the terminal can be resized");
        let mut screen = self.screen.lock().expect("no thread panicked");
        let rows = rows.try_into().expect("rows");
        screen
            .parser
            .screen_mut()
            .set_size(rows, columns.try_into().expect("columns"));
    }

    /// Waits for the program to end; the exit code, once everything it wrote has arrived.
    #[track_caller]
    fn end(&mut self) -> u32 {
        let started = Instant::now();
        let code = loop {
            if let Some(status) = self
                .child
                .try_wait()
                .expect("the program can be waited for")
            {
                break status.exit_code();
            }
            if started.elapsed() > PATIENCE {
                self.child.kill().expect("the program can be killed");
                panic!("the program did not end:\n{}", self.contents());
            }
            thread::sleep(Duration::from_millis(5));
        };
        self.wait_until("the cursor", |_| !self.cursor_is_hidden());
        code
    }
}

#[test]
#[cfg_attr(
    windows,
    ignore = "the pseudo-terminal of Windows repaints by its own rules"
)]
fn arrows_choose_and_escape_goes_back_to_the_earlier_answer() {
    let mut terminal = Terminal::start(36, 80, &[]);
    terminal.wait_for_choice("Sign-in to the Lookout console ends in error 403");
    terminal.send(DOWN);
    terminal.send(DOWN);
    terminal.wait_for_choice("A device is missing from the Lookout device list");
    terminal.send(ENTER);
    terminal.wait_for("# Does the connector list the device as unsupported?");
    terminal.wait_for_choice("Yes, it is in that list");
    terminal.send(ESCAPE);
    let contents = terminal.wait_until("the first question again", |contents| {
        contents.matches(FIRST).count() == 2 && contents.contains("q) Quit")
    });
    let last = contents.rsplit(FIRST).next().expect("it was seen");
    assert!(last.contains("\n>  3) A device is missing"), "{contents}");
    // There is nothing before the first question: Escape must not end the program.
    terminal.send(ESCAPE);
    terminal.wait_for("This is the first question: there is nothing to go back to.");
    terminal.wait_for_choice("A device is missing from the Lookout device list");
    terminal.send("q");
    terminal.wait_for_choice("Quit");
    terminal.send(ENTER);
    assert_eq!(terminal.end(), 5);
}

#[test]
#[cfg_attr(
    windows,
    ignore = "the pseudo-terminal of Windows repaints by its own rules"
)]
fn a_walk_in_the_menu_ends_with_the_same_codes() {
    for (downs, label, code) in [
        (0, "Yes, it is solved", 0),
        (1, "No: whom do I contact?", 3),
        (2, "Too early to tell: I will check later", 4),
    ] {
        let mut terminal = Terminal::start(50, 80, &["connector"]);
        terminal.wait_for_choice("Enabled");
        terminal.send(&DOWN.repeat(5));
        terminal.wait_for_choice("Unavailable");
        terminal.send(ENTER);
        terminal.wait_for("# Have Lookout provision the connector again");
        terminal.wait_for_choice("Yes, it is solved");
        terminal.send(&DOWN.repeat(downs));
        terminal.wait_for_choice(label);
        terminal.send(ENTER);
        if code == 3 {
            terminal.wait_for_choice("Finish: I will contact them");
            terminal.send(ENTER);
        }
        assert_eq!(terminal.end(), code);
        assert!(!terminal.cursor_is_hidden());
    }
}

#[test]
#[cfg_attr(
    windows,
    ignore = "the pseudo-terminal of Windows repaints by its own rules"
)]
fn ctrl_c_in_a_list_brings_the_cursor_back() {
    // Ten times, because what must not happen is a race.
    for _ in 0..10 {
        let mut terminal = Terminal::start(30, 80, &[]);
        terminal.wait_for_choice("Sign-in to the Lookout console ends in error 403");
        terminal.send(CTRL_C);
        assert_eq!(terminal.end(), 130);
        assert!(!terminal.cursor_is_hidden());
    }
}

#[test]
#[cfg_attr(
    windows,
    ignore = "the pseudo-terminal of Windows repaints by its own rules"
)]
fn plain_mode_in_a_terminal_paints_nothing() {
    let mut terminal = Terminal::start(40, 80, &["--plain"]);
    terminal.wait_for("\n> ");
    terminal.send("1\r");
    terminal.wait_for("# Who gets error 403?");
    terminal.send(CTRL_C);
    assert_eq!(terminal.end(), 130);
    assert!(!terminal.bytes().contains('\x1b'), "{:?}", terminal.bytes());

    let mut terminal = Terminal::start(40, 80, &["--plain"]);
    terminal.wait_for("\n> ");
    terminal.send(CTRL_D);
    assert_eq!(terminal.end(), 5);
}

#[test]
#[cfg_attr(
    windows,
    ignore = "the pseudo-terminal of Windows repaints by its own rules"
)]
fn numbers_and_letters_move_and_ctrl_d_leaves() {
    let mut terminal = Terminal::start(30, 80, &[]);
    terminal.wait_for_choice("Sign-in to the Lookout console ends in error 403");
    terminal.send("11");
    terminal.wait_for_choice("Something else");
    terminal.send("?");
    terminal.wait_for_choice("Not sure");
    terminal.send(ENTER);
    terminal.wait_for("How to find out");
    terminal.send("4\r");
    terminal.wait_for("# Which system does the device run?");
    terminal.send(CTRL_D);
    assert_eq!(terminal.end(), 5);
}

#[test]
#[cfg_attr(
    windows,
    ignore = "the pseudo-terminal of Windows repaints by its own rules"
)]
fn a_paste_is_read_to_its_end_and_answers_nothing() {
    // Its last line has no end, as where somebody marks a text on a page.
    let paste = "Sorry, but we are having trouble\n\nsigning you in\n\nAADSTS90093: consent";
    for arguments in [&[][..], &["--plain"]] {
        let mut terminal = Terminal::start(50, 80, arguments);
        terminal.wait_for("Type or paste what you see");
        terminal.send("t\r");
        terminal.wait_for("An empty line");
        terminal.send(paste);
        terminal.wait_for("AADSTS90093: consent");
        // Longer than it takes to see that no more is pasted.
        thread::sleep(Duration::from_millis(300));
        assert!(
            !terminal.contents().contains("matches “"),
            "{}",
            terminal.contents()
        );
        terminal.send(ENTER);
        terminal.send(ENTER);
        terminal.wait_for("None of these: show the list");
        assert!(
            terminal.contents().contains("matches “AADSTS90093”"),
            "{}",
            terminal.contents()
        );
        terminal.send(if arguments.is_empty() { ENTER } else { "1\r" });
        terminal.wait_for("So far: Sign-in to the Lookout console fails");
        terminal.send(CTRL_C);
        assert_eq!(terminal.end(), 130);
    }
}

#[test]
#[cfg_attr(
    windows,
    ignore = "a Windows console does not say that more has been pasted"
)]
fn what_is_pasted_in_place_of_an_answer_is_understood_or_does_no_harm() {
    let paste = "Lookout FAQ\rplease quit now\rAADSTS90093: consent\r";
    for arguments in [&[][..], &["--plain"]] {
        let mut terminal = Terminal::start(50, 80, arguments);
        terminal.wait_for("Type or paste what you see");
        terminal.send(paste);
        terminal.wait_for("None of these: show the list");
        terminal.send(paste);
        thread::sleep(Duration::from_millis(300));
        terminal.send(if arguments.is_empty() { ENTER } else { "1\r" });
        terminal.wait_for("So far: Sign-in to the Lookout console fails");
        terminal.send(CTRL_C);
        assert_eq!(terminal.end(), 130);
    }
}

#[test]
#[cfg_attr(
    windows,
    ignore = "the pseudo-terminal of Windows repaints by its own rules"
)]
fn twenty_columns_are_enough() {
    let mut terminal = Terminal::start(24, 20, &["missing-device"]);
    let contents = terminal.wait_for_choice("Yes, it is in");
    assert!(contents.contains("\n     that list"), "{contents}");
    terminal.send(DOWN);
    let contents = terminal.wait_for_choice("No");
    // The list is where it was: nothing above it has been erased, nothing is left below.
    assert!(contents.contains("(Question 2 of at"), "{contents}");
    assert_eq!(contents.matches("q) Quit").count(), 1, "{contents}");
    terminal.send(ENTER);
    terminal.wait_for("enrollment group?");
    terminal.send(CTRL_C);
    assert_eq!(terminal.end(), 130);
}

#[test]
#[cfg_attr(
    windows,
    ignore = "the pseudo-terminal of Windows repaints by its own rules"
)]
fn a_terminal_can_shrink_in_the_middle() {
    let mut terminal = Terminal::start(30, 80, &["missing-device"]);
    terminal.wait_for_choice("Yes, it is in that list");
    terminal.resize(24, 20);
    terminal.send(DOWN);
    terminal.wait_for_choice("No");
    terminal.send(ENTER);
    terminal.wait_for("enrollment group?");
    terminal.wait_for_choice("No");
    terminal.send(ESCAPE);
    terminal.wait_for("list the device as");
    terminal.wait_for_choice("No");
    terminal.send(CTRL_C);
    assert_eq!(terminal.end(), 130);

    // Where the list stands at the bottom of the screen, nothing above it is wiped away.
    let mut terminal = Terminal::start(30, 80, &["force-sync"]);
    terminal.wait_for_choice("Yes, it is solved");
    terminal.resize(30, 20);
    terminal.send(DOWN);
    let contents = terminal.wait_for("> 2) No: what else");
    assert!(contents.contains("Did this solve it?"), "{contents}");
    terminal.send(CTRL_C);
    assert_eq!(terminal.end(), 130);
}

#[test]
#[cfg_attr(
    windows,
    ignore = "the pseudo-terminal of Windows repaints by its own rules"
)]
fn a_terminal_too_low_for_a_menu_gets_numbered_answers() {
    let mut terminal = Terminal::start(2, 80, &[]);
    terminal.wait_for("> ");
    terminal.send("q\r");
    assert_eq!(terminal.end(), 5);

    // It can also become too low while a list is shown.
    let mut terminal = Terminal::start(30, 80, &[]);
    terminal.wait_for_choice("Sign-in to the Lookout console ends in error 403");
    terminal.resize(2, 80);
    terminal.send(ENTER);
    terminal.wait_until("numbered answers", |_| {
        terminal.bytes().contains("1) One person")
    });
    terminal.send("q\r");
    assert_eq!(terminal.end(), 5);
}

#[test]
#[cfg_attr(
    windows,
    ignore = "the pseudo-terminal of Windows repaints by its own rules"
)]
fn wide_characters_wrap_and_erase_nothing() {
    let tree = project("tests/trees/good/wide.yaml");
    let tree = format!("--tree={}", tree.display());
    for columns in [60, 30, 20] {
        let mut terminal = Terminal::start(40, columns, &[&tree]);
        let is_first = |contents: &str| contents.contains("\n> 1) 印刷がとても遅");
        let before = terminal.wait_until("the first answer", is_first);
        for _ in 0..4 {
            terminal.send(DOWN);
            terminal.send(DOWN);
            terminal.send(UP);
            terminal.send(UP);
        }
        terminal.send(DOWN);
        terminal.wait_until("the second answer", |contents| {
            contents.contains("\n> 2) 紙送り")
        });
        terminal.send(UP);
        terminal.wait_until("the screen as it was", |contents| contents == before);
        terminal.send(CTRL_C);
        assert_eq!(terminal.end(), 130);
    }
}

#[test]
#[cfg_attr(
    windows,
    ignore = "the pseudo-terminal of Windows repaints by its own rules"
)]
fn colour_is_used_where_it_can_be_seen_and_never_needed() {
    let mut coloured = Terminal::start(50, 80, &["force-sync"]);
    coloured.wait_for_choice("Yes, it is solved");
    assert!(
        coloured.bytes().contains("\x1b[1m"),
        "{:?}",
        coloured.bytes()
    );
    let contents = coloured.contents();
    coloured.send(CTRL_C);
    assert_eq!(coloured.end(), 130);

    let mut plain = Terminal::start(50, 80, &["force-sync", "--color=never"]);
    plain.wait_for_choice("Yes, it is solved");
    assert!(!plain.bytes().contains("\x1b[1m"), "{:?}", plain.bytes());
    assert_eq!(plain.contents(), contents);
    plain.send(CTRL_C);
    assert_eq!(plain.end(), 130);
}

#[test]
#[cfg_attr(
    windows,
    ignore = "the pseudo-terminal of Windows repaints by its own rules"
)]
fn notes_and_marks_are_made_in_the_list_and_the_question_is_asked_again() {
    let cases = scratch();
    let mut terminal = Terminal::start_with(cases.path(), 40, 80, &["pending"]);
    terminal.wait_for_choice("Android");
    terminal.send("n\r");
    terminal.wait_for("An empty line ends it.");
    terminal.send("b\rZo\u{eb}: C:\\new\r\r");
    terminal.wait_for("Noted.");
    let contents = terminal.wait_for_choice("Android");
    let question = contents.rsplit("Noted.").next();
    assert!(question.is_some_and(|text| text.contains("# Which system does the device run?")));
    terminal.send(ENTER);
    terminal.wait_for_choice("Lookout for Work is not installed");
    terminal.send(ENTER);
    terminal.wait_for_choice("Yes, it is solved");
    terminal.send("m\r");
    terminal.wait_for("Which step?");
    terminal.send(ENTER);
    terminal.wait_for_choice("done");
    terminal.send("3\r");
    terminal.wait_for("Why not?");
    // Ctrl-C is heard while a text is read, too, and what was typed of a note is kept.
    terminal.send("n\rhalf a note\r");
    // The prompt of the next line, which comes once this one has been read, is not to be seen.
    terminal.wait_for("half a note");
    thread::sleep(Duration::from_secs(1));
    terminal.send(CTRL_C);
    assert_eq!(terminal.end(), 130);
    let files = std::fs::read_dir(cases.path()).expect("the folder is there");
    let files = files.filter_map(|entry| std::fs::read_to_string(entry.ok()?.path()).ok());
    let kept: String = files.collect();
    assert!(
        kept.contains("half a note") && kept.contains("could-not"),
        "{kept}"
    );
    let contents = terminal.contents();
    assert!(contents.contains("resume "), "{contents}");
}

#[test]
#[cfg_attr(
    windows,
    ignore = "the pseudo-terminal of Windows repaints by its own rules"
)]
fn a_case_that_was_left_is_offered_before_a_new_one_begins() {
    let cases = scratch();
    let mut first = Terminal::start_with(cases.path(), 30, 80, &["pending"]);
    first.wait_for_choice("Android");
    first.send(ENTER);
    first.wait_for_choice("Lookout for Work is not installed");
    // It is open there, so it is not one that was left.
    let mut second = Terminal::start_with(cases.path(), 30, 80, &[]);
    second.wait_for_choice("Sign-in to the Lookout console ends in error 403");
    second.send(CTRL_D);
    assert_eq!(second.end(), 5);
    first.send(CTRL_C);
    assert_eq!(first.end(), 130);

    let mut third = Terminal::start_with(cases.path(), 30, 80, &[]);
    third.wait_for("There are cases that are not finished. Which one?");
    third.send(ENTER);
    third.wait_for("Seen: A device stays Pending in Lookout");
    third.wait_for_choice("Lookout for Work is not installed");
    third.send("q\r");
    assert_eq!(third.end(), 5);

    let mut fourth = Terminal::start_with(cases.path(), 30, 80, &[]);
    fourth.wait_for("A new case");
    fourth.send("2\r");
    fourth.wait_for_choice("Sign-in to the Lookout console ends in error 403");
    fourth.send(CTRL_C);
    assert_eq!(fourth.end(), 130);

    let mut fifth = Terminal::start_with(cases.path(), 30, 80, &[]);
    fifth.wait_for("A new case");
    fifth.send("q\r");
    assert_eq!(fifth.end(), 5);
}

#[test]
#[cfg_attr(
    windows,
    ignore = "the pseudo-terminal of Windows repaints by its own rules"
)]
fn where_nothing_can_be_kept_the_list_asks_whether_to_go_on() {
    // No folder can be made in a file, whoever runs this.
    let cases = project("README.md").join("cases");
    let mut terminal = Terminal::start_with(&cases, 30, 80, &[]);
    terminal.wait_for("Cases cannot be saved: ");
    terminal.wait_for_choice("Yes, go on without saving");
    terminal.send("q\r");
    assert_eq!(terminal.end(), 5);

    let mut terminal = Terminal::start_with(&cases, 30, 80, &[]);
    terminal.wait_for_choice("Yes, go on without saving");
    terminal.send(ENTER);
    terminal.wait_for_choice("Sign-in to the Lookout console ends in error 403");
    terminal.send(CTRL_C);
    assert_eq!(terminal.end(), 130);
}
