//! Runs the program in an environment that is the same everywhere, and never waits for ever.

use std::ffi::OsStr;
use std::fmt::Write as _;
use std::fs::{self, OpenOptions};
use std::io::{Read, Write};
use std::ops::{Deref, DerefMut};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Once;
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use jiff::civil::{Date, date};
use tempfile::TempDir;

/// The date that the dates in trees are judged against, so that no test depends on the calendar.
pub(crate) const TODAY: Date = date(2026, 11, 24);

/// The variable that says where cases are kept.
pub(crate) const CASES: &str = "LOOKOUT_TROUBLESHOOT_CASES";

/// How long a run may take before it counts as stuck.
const PATIENCE: Duration = Duration::from_secs(30);

/// What changes what the program prints.
pub(crate) const VARIABLES: [&str; 17] = [
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
    CASES,
];

/// The program with its arguments, its input and nothing else.
#[must_use]
pub(crate) struct Program {
    command: Command,
    input: Vec<u8>,
    /// Where it keeps cases unless it is told otherwise; it is gone with the run.
    cases: TempDir,
}

/// A run that has not ended.
pub(crate) struct Running {
    child: Child,
    _cases: TempDir,
}

impl Deref for Running {
    type Target = Child;

    fn deref(&self) -> &Child {
        &self.child
    }
}

impl DerefMut for Running {
    fn deref_mut(&mut self) -> &mut Child {
        &mut self.child
    }
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

/// Makes the exports in `tests/evidence` new, so that no test depends on when they were checked out.
pub(crate) fn renew_exports() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        for entry in fs::read_dir(project("tests/evidence")).expect("the exports are there") {
            let path = entry.expect("the folder can be read").path();
            let file = OpenOptions::new().append(true).open(path);
            // Where they cannot be written to, they are as new as they are.
            let _ = file.and_then(|file| file.set_modified(SystemTime::now()));
        }
    });
}

/// An empty folder that is gone when its value is.
pub(crate) fn scratch() -> TempDir {
    TempDir::new().expect("the folder for temporary files can be written to")
}

/// A folder whose path is longer than a line of any terminal, inside another one.
pub(crate) fn deep(folder: &Path) -> PathBuf {
    let deep = folder.join("a-long-name-".repeat(8)).join("b".repeat(90));
    fs::create_dir_all(&deep).expect("the folder is ours");
    deep
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
        command.args(arguments).current_dir(project(""));
        for variable in VARIABLES {
            command.env_remove(variable);
        }
        let cases = scratch();
        command.env(CASES, cases.path());
        Program {
            command,
            input: Vec::new(),
            cases,
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

    /// Runs in a folder.
    pub(crate) fn within(mut self, folder: &Path) -> Self {
        self.command.current_dir(folder);
        self
    }

    /// The program as the rest of a line of a shell: `$0` and `$@`.
    pub(crate) fn shell<A: AsRef<OsStr>>(script: &str, arguments: &[A]) -> Self {
        let mut program = Self::bare(arguments);
        let mut shell = Command::new("sh");
        shell.args(["-c", script]).arg(self::program());
        shell.args(arguments);
        if let Some(folder) = program.command.get_current_dir() {
            shell.current_dir(folder);
        }
        for (name, value) in program.command.get_envs() {
            match value {
                Some(value) => shell.env(name, value),
                None => shell.env_remove(name),
            };
        }
        program.command = shell;
        program
    }

    /// Starts without any input, and with standard input as it is wanted.
    pub(crate) fn spawn(mut self, stdin: Stdio) -> Running {
        let child = self
            .command
            .stdin(stdin)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        Running {
            child,
            _cases: self.cases,
        }
    }

    /// Starts with every stream piped, and gives the input.
    pub(crate) fn start(mut self) -> Running {
        let input = std::mem::take(&mut self.input);
        let mut running = self.spawn(Stdio::piped());
        let mut stdin = running.stdin.take().expect("piped");
        // The program may end before it has read everything.
        thread::spawn(move || drop(stdin.write_all(&input)));
        running
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
