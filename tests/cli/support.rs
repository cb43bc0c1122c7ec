//! Runs the program in an environment that is the same everywhere, and never waits for ever.

use std::ffi::OsStr;
use std::fmt::Write as _;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use jiff::civil::{Date, date};

/// The date that the dates in trees are judged against, so that no test depends on the calendar.
pub(crate) const TODAY: Date = date(2026, 11, 24);

/// How long a run may take before it counts as stuck.
const PATIENCE: Duration = Duration::from_secs(30);

/// What changes what the program prints.
pub(crate) const VARIABLES: [&str; 16] = [
    "LANG",
    "LANGUAGE",
    "LC_ALL",
    "LC_MESSAGES",
    "LC_CTYPE",
    "NO_COLOR",
    "CLICOLOR",
    "CLICOLOR_FORCE",
    "ACCESSIBLE",
    "TERM",
    "TERM_PROGRAM",
    "COLORTERM",
    "FORCE_HYPERLINK",
    "COLUMNS",
    "RUST_BACKTRACE",
    "LOOKOUT_TROUBLESHOOT_TREE",
];

/// The program with its arguments, its input and nothing else.
#[must_use]
pub(crate) struct Program {
    command: Command,
    input: Vec<u8>,
}

/// What a run came to.
#[derive(Debug)]
pub(crate) struct Finished {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) took: Duration,
}

/// The path of the built program.
pub(crate) fn program() -> &'static str {
    env!("CARGO_BIN_EXE_lookout-troubleshoot")
}

/// A path inside the project.
pub(crate) fn project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// A small file whose aliases stand for ten to the power of twenty texts.
pub(crate) fn bomb() -> String {
    let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..20 {
        let aliases = vec![format!("*a{}", level - 1); 10].join(", ");
        let _ = writeln!(bomb, "a{level}: &a{level} [{aliases}]");
    }
    bomb
}

/// A small file in which a long text is named once and repeated very often.
pub(crate) fn text_bomb() -> String {
    let text = "x".repeat(50_000);
    let aliases = vec!["*t"; 12_000].join(", ");
    format!("title: T\nphrases: [&t {text}, {aliases}]\n")
}

/// Runs with arguments in English, and with no input.
pub(crate) fn run<A: AsRef<OsStr>>(arguments: &[A]) -> Finished {
    Program::new(arguments).run()
}

/// Walks in plain mode with one answer a line.
pub(crate) fn walk(arguments: &[&str], answers: &[&str]) -> Finished {
    let input: String = answers.iter().flat_map(|answer| [answer, "\n"]).collect();
    Program::new(arguments).input(input).run()
}

impl Program {
    /// The program in English; a later `--lang` is not allowed, so use [`Program::in_spanish`].
    pub(crate) fn new<A: AsRef<OsStr>>(arguments: &[A]) -> Self {
        Self::bare(arguments).argument("--lang=en")
    }

    pub(crate) fn in_spanish<A: AsRef<OsStr>>(arguments: &[A]) -> Self {
        Self::bare(arguments).argument("--lang=es")
    }

    /// The program in the language of the system.
    pub(crate) fn bare<A: AsRef<OsStr>>(arguments: &[A]) -> Self {
        let mut command = Command::new(program());
        command.args(arguments);
        for variable in VARIABLES {
            command.env_remove(variable);
        }
        Program {
            command,
            input: Vec::new(),
        }
    }

    fn argument(mut self, argument: &str) -> Self {
        self.command.arg(argument);
        self
    }

    pub(crate) fn input(mut self, input: impl Into<Vec<u8>>) -> Self {
        self.input = input.into();
        self
    }

    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// Starts with every stream piped, and gives the input.
    pub(crate) fn start(mut self) -> Child {
        let mut child = self
            .command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut stdin = child.stdin.take().expect("piped");
        let input = self.input;
        // The program may end before it has read everything.
        thread::spawn(move || drop(stdin.write_all(&input)));
        child
    }

    #[track_caller]
    pub(crate) fn run(self) -> Finished {
        let started = Instant::now();
        let mut child = self.start();
        let stdout = collect(child.stdout.take().expect("piped"));
        let stderr = collect(child.stderr.take().expect("piped"));
        let code = wait(&mut child);
        Finished {
            code,
            stdout: stdout.join().expect("standard output is UTF-8"),
            stderr: stderr.join().expect("standard error is UTF-8"),
            took: started.elapsed(),
        }
    }
}

impl Finished {
    /// Checks the exit code, and shows everything where it differs.
    #[track_caller]
    pub(crate) fn code(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{self:#?}");
        self
    }

    /// Checks that standard output holds these, in this order.
    #[track_caller]
    pub(crate) fn says(self, sentences: &[&str]) -> Self {
        let mut rest = self.stdout.as_str();
        for sentence in sentences {
            let Some(at) = rest.find(sentence) else {
                panic!(
                    "`{sentence}` is missing, or too early, in:\n{}",
                    self.stdout
                );
            };
            rest = &rest[at + sentence.len()..];
        }
        self
    }
}

/// Waits for a child to end, and says how it did.
#[track_caller]
pub(crate) fn wait(child: &mut Child) -> i32 {
    let started = Instant::now();
    loop {
        if let Some(status) = child.try_wait().expect("the program can be waited for") {
            return status.code().expect("the program ends by itself");
        }
        if started.elapsed() > PATIENCE {
            child.kill().expect("the program can be killed");
            panic!("the program did not end");
        }
        thread::sleep(Duration::from_millis(2));
    }
}

fn collect(mut stream: impl Read + Send + 'static) -> thread::JoinHandle<String> {
    thread::spawn(move || {
        let mut text = String::new();
        stream.read_to_string(&mut text).expect("UTF-8");
        text
    })
}
