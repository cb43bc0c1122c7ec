//! Cases: what is kept of a conversation whatever ends it, and what becomes of it afterwards.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{ChildStdin, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{CASES, Finished, Program, Running, scratch, wait};

const TREE: &str = "
title: Printers
start: what
links:
  manual: {label: The manual, url: https://printer.example/manual}
nodes:
  what:
    question: What do you see?
    choices:
      - to: slow
      - {id: other, label: Something else, to: service}
  slow:
    symptom: The printer is slow
    to: age
  age:
    question: Is it old?
    how: Look at the back.
    choices:
      - {id: yes, label: \"Yes\", to: replace}
      - {id: no, label: \"No\", to: switch}
    unsure: switch
  switch:
    remedy: Switch it off and on
    cause: It has run for months.
    steps: [{who: user, do: Press the button}, {who: admin, do: Wait for the light}]
    wait: {minutes: 90, for: It warms up.}
    links: [manual]
    otherwise: replace
    cannot-find: find-button
    source: Experience
    checked: 2026-11-23
  find-button:
    remedy: Look for the button
    cause: The button is at the back.
    steps: [{who: user, do: Look at the back}]
    links: [manual]
    otherwise: service
    source: Experience
    checked: 2026-11-23
  replace:
    remedy: Replace it
    cause: It is worn out.
    steps: [{who: admin, do: Buy another}]
    links: [manual]
    otherwise: service
    source: Experience
    checked: 2026-11-23
  service:
    escalation: Call the service
    cause: It needs a mechanic.
    channels: [{text: By e-mail, email: service@printer.example}]
    facts: [Serial number, Floor]
";

/// A folder with a tree and the cases that are made with it.
struct Desk {
    folder: TempDir,
}

impl Desk {
    fn new() -> Self {
        let desk = Desk { folder: scratch() };
        desk.write_tree(TREE);
        desk
    }

    fn write_tree(&self, tree: &str) {
        fs::write(self.tree(), tree).expect("the folder is ours");
    }

    fn tree(&self) -> PathBuf {
        self.folder.path().join("tree.yaml")
    }

    fn cases(&self) -> PathBuf {
        self.folder.path().join("cases")
    }

    fn file(&self, name: &str) -> PathBuf {
        self.cases().join(name)
    }

    fn program(&self, arguments: &[&str]) -> Program {
        let tree = self.tree();
        let tree = tree.to_str().expect("a plain path");
        let arguments = [&["--tree", tree][..], arguments].concat();
        Program::new(&arguments).env(CASES, self.cases())
    }

    /// Runs with one line of input for each answer.
    fn run(&self, arguments: &[&str], answers: &[&str]) -> Finished {
        let input: String = answers.iter().flat_map(|answer| [answer, "\n"]).collect();
        self.program(arguments).input(input).run()
    }

    fn json(&self, arguments: &[&str]) -> Value {
        let printed = self.run(arguments, &[]).code(0).stdout;
        serde_json::from_str(&printed).expect("it prints JSON")
    }

    /// The id of the case that was used last.
    fn last(&self) -> String {
        let cases = self.json(&["cases", "--json"]);
        let id = cases[0]["id"].as_str();
        id.expect("there is a case").to_owned()
    }
}

/// A conversation that goes on for as long as the test wants.
struct Conversation {
    child: Running,
    stdin: ChildStdin,
    printed: Receiver<String>,
}

impl Conversation {
    fn begin(desk: &Desk, arguments: &[&str]) -> Self {
        let mut child = desk.program(arguments).spawn(Stdio::piped());
        let stdin = child.stdin.take().expect("piped");
        let stdout = child.stdout.take().expect("piped");
        let (sender, printed) = channel();
        thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    break;
                }
            }
        });
        Conversation {
            child,
            stdin,
            printed,
        }
    }

    fn say(&mut self, line: &str) {
        writeln!(self.stdin, "{line}").expect("the program reads");
    }

    /// Waits until a line holds this.
    #[track_caller]
    fn wait_for(&self, text: &str) {
        loop {
            let line = self.printed.recv_timeout(Duration::from_secs(20));
            let line = line.unwrap_or_else(|_| panic!("`{text}` never came"));
            if line.contains(text) {
                return;
            }
        }
    }

    fn kill(mut self) {
        self.child.kill().expect("it can be killed");
        self.child.wait().expect("it ends");
    }
}

#[test]
fn nothing_that_was_answered_is_lost_when_the_program_is_killed() {
    // What is said, and what shows that the program has gone on.
    let walk = [
        ("1", "# Is it old?"),
        ("2", "# Switch it off and on"),
        ("2", "# Replace it"),
        ("1", "Solved."),
    ];
    for killed_at in 0..=walk.len() {
        let desk = Desk::new();
        let mut conversation = Conversation::begin(&desk, &[]);
        conversation.wait_for("# What do you see?");
        for (line, next) in &walk[..killed_at] {
            conversation.say(line);
            conversation.wait_for(next);
        }
        conversation.kill();
        if killed_at == 0 {
            assert_eq!(desk.json(&["cases", "--json"]), json!([]));
            continue;
        }
        let case = &desk.json(&["cases", "--json"])[0];
        assert_eq!(case["answers"], killed_at, "{case}");
        let resumed = desk.run(&["resume", &desk.last()], &["q"]);
        let next = [
            "# Is it old?",
            "# Switch it off",
            "# Replace it",
            "# Replace it",
        ];
        resumed.code(5).says(&["Case ", next[killed_at - 1]]);
    }
}

#[test]
fn a_note_is_kept_as_it_was_written_and_at_once() {
    let desk = Desk::new();
    let mut conversation = Conversation::begin(&desk, &[]);
    conversation.wait_for("# What do you see?");
    for line in ["n", "b", "  C:\\new\\table \"Zoë\" 日本 `x` <b> *", "q", ""] {
        conversation.say(line);
    }
    conversation.wait_for("Noted.");
    conversation.kill();
    let note = "b\n  C:\\new\\table \"Zoë\" 日本 `x` <b> *\nq";
    let case = desk.last();
    let report = desk.json(&["report", &case, "--format", "json"]);
    assert_eq!(report["notes"][0]["text"], note);
    for format in ["text", "markdown"] {
        let printed = desk.run(&["report", &case, "--format", format], &[]);
        printed.code(0).says(&[&format!("\n{note}\n")]);
    }
}

#[test]
fn notes_can_be_added_at_every_prompt() {
    let desk = Desk::new();
    let notes = [
        "n", "one", "", "1", "n", "two", "", "2", "n", "three", "", "m", "n", "four", "",
    ];
    let more = ["1", "n", "five", "", "1", "b", "n", "", "1"];
    let answers = [&notes[..], &more[..]].concat();
    desk.run(&[], &answers)
        .code(0)
        .says(&["Nothing was noted.", "Solved."]);
    let report = desk.json(&["report", "--format", "json"]);
    let notes = report["notes"].as_array().expect("a list");
    let notes: Vec<&str> = notes
        .iter()
        .filter_map(|note| note["text"].as_str())
        .collect();
    assert_eq!(notes, ["one", "two", "three", "four", "five"]);
    // The text that is searched for can be followed by one, too.
    desk.run(&["the printer is slow"], &["n", "six", "", "q"])
        .code(5)
        .says(&["Noted."]);
}

#[test]
fn notes_can_be_added_where_a_line_is_asked_for() {
    let desk = Desk::new();
    let marks = [
        "1", "2", "m", "2", "3", "n", "one", "", "no hands", "b", "b", "b",
    ];
    let message = ["2", "w", "N", "two", "", "AB12", "", "1"];
    desk.run(&[], &[&marks[..], &message[..]].concat()).code(3);
    let report = desk.json(&["report", "--format", "json", "--no-redact"]);
    let notes = report["notes"].as_array().expect("a list");
    let notes: Vec<&str> = notes
        .iter()
        .filter_map(|note| note["text"].as_str())
        .collect();
    assert_eq!(notes, ["one", "two"]);
    assert_eq!(report["facts"][0]["value"], "AB12");
    // The way there was taken back; what was said of the step stays.
    assert_eq!(report["remedies"][0]["steps"][0]["reason"], "no hands");
}

#[test]
fn what_a_failed_write_left_behind_goes_with_the_case() {
    let desk = Desk::new();
    desk.run(&[], &["1", "q"]).code(5);
    let id = desk.last();
    let left = desk.file(&format!("{id}.new"));
    fs::write(&left, "personal").expect("the folder is ours");
    for arguments in [
        &["cases", "--json", &id, "--delete", "--yes"][..],
        &["report", "--answers", "--report", "x.json"],
    ] {
        desk.run(arguments, &[]).code(2);
    }
    desk.run(&["cases", &id, "--delete", "--yes"], &[]).code(0);
    assert!(!left.exists());
}

#[test]
fn steps_are_marked_and_what_had_been_tried_before_moves_on() {
    let desk = Desk::new();
    let marks = ["1", "2", "m", "1", "1", "2", "3", "no hands", "1"];
    desk.run(&[], &marks).code(0).says(&[
        "Which step?",
        "What became of it?",
        "[2] > 2",
        "Why not?",
        "Marked",
        "1. done; 2. could not do it: no hands",
        "Solved.",
    ]);
    let report = desk.json(&["report", "--format", "json"]);
    let steps = &report["remedies"][0]["steps"];
    assert_eq!(steps[0]["mark"], "done");
    assert_eq!(steps[1]["mark"], "could-not");
    assert_eq!(steps[1]["reason"], "no hands");
    desk.run(&["report"], &[]).code(0).says(&[
        "1. [Device user] Press the button (done)",
        "2. [Administrator] Wait for the light (could not do it: no hands)",
    ]);
    // All at once, and one after the other.
    for tried in [
        &["1", "2", "m", "3", "2", "1"][..],
        &["1", "2", "m", "1", "2", "2", "2", "1"],
    ] {
        let finished = desk.run(&[], tried).code(0);
        finished.says(&["All of this was tried before", "# Replace it", "Solved."]);
        let report = desk.json(&["report", "--format", "json"]);
        assert_eq!(report["remedies"][0]["result"], "not-solved");
        assert_eq!(report["remedies"][1]["result"], "solved");
    }
}

#[test]
fn a_reason_that_never_came_does_not_take_the_mark_with_it() {
    let desk = Desk::new();
    desk.run(&[], &["1", "2", "m", "2", "3"]).code(5);
    let report = desk.json(&["report", "--format", "json"]);
    assert_eq!(report["remedies"][0]["steps"][1]["mark"], "could-not");
}

#[test]
fn what_must_wait_is_looked_at_again_at_once() {
    let desk = Desk::new();
    let finished = desk.run(&[], &["1", "2", "3"]).code(4);
    let finished = finished.says(&["Pending: check after ", "whether it helped."]);
    assert!(finished.stdout.contains(':'));
    let case = &desk.json(&["cases", "--json"])[0];
    assert_eq!(case["state"], "pending");
    let time = |key: &str| -> jiff::Timestamp {
        let text = case[key].as_str().expect("a time");
        text.parse().expect("a time")
    };
    let wait = time("due").duration_since(time("updated"));
    assert_eq!(wait, jiff::SignedDuration::from_mins(90));
    let listed = desk.run(&["cases"], &[]).code(0);
    listed.says(&["The printer is slow", "pending, check after "]);
    // To look, to note something and to leave changes nothing.
    desk.run(&["resume"], &["n", "asked again", "", "q"])
        .code(5);
    let looked_at = &desk.json(&["cases", "--json"])[0];
    assert_eq!(
        (&looked_at["state"], &looked_at["due"]),
        (&case["state"], &case["due"])
    );
    let resumed = desk.run(&["resume"], &["1"]).code(0);
    let resumed = resumed.says(&[
        "Seen: The printer is slow",
        "State: pending, check after",
        "Open: Switch it off and on",
        "# Switch it off and on",
        "Did this solve it?",
        "Solved.",
    ]);
    assert!(!resumed.stdout.contains("Press the button"));
    let (summary, _) = resumed.stdout.split_once("\n\n# ").expect("a page follows");
    assert!(summary.lines().skip(2).count() <= 6, "{summary}");
    // A remedy without a time has none.
    desk.run(&[], &["1", "1", "3"])
        .code(4)
        .says(&["check again later"]);
    assert_eq!(desk.json(&["cases", "--json"])[0]["due"], Value::Null);
}

/// What is replaced in a tree, and what is said then.
type Edit = (
    &'static [(&'static str, &'static str)],
    &'static [&'static str],
);

#[test]
fn a_case_goes_on_in_a_tree_that_has_changed() {
    const ASKED: &str = "to: age\n  age:";
    let edits: [Edit; 5] = [
        // Nothing that matters.
        (&[("Is it old?", "How old is it?")], &["# Replace it"]),
        // A question is gone.
        (
            &[
                (ASKED, "to: switch\n  age:"),
                ("Something else, to: service", "S, to: age"),
            ],
            &[
                "This is no longer asked: “Is it old?” (the answer was “No”).",
                "# Replace it",
            ],
        ),
        // An answer has another name.
        (
            &[("{id: no,", "{id: newish,")],
            &[
                "“No” is no longer an answer to “Is it old?”",
                "# Is it old?",
            ],
        ),
        // A question is new.
        (
            &[(
                ASKED,
                "to: on\n  on: {question: Is it on?, choices: [{id: y, label: Y, to: age}]}\n  age:",
            )],
            &[
                "This was not asked before: “Is it on?”",
                "# Is it on?",
                "[2] > 1",
            ],
        ),
        // A remedy has another name.
        (
            &[
                ("  switch:", "  restart:"),
                ("to: switch", "to: restart"),
                ("unsure: switch", "unsure: restart"),
            ],
            &[
                "This is no longer asked: “Switch it off and on”",
                "# Switch it",
            ],
        ),
    ];
    for (edit, says) in edits {
        let desk = Desk::new();
        desk.run(&[], &["1", "2", "2", "q"]).code(5);
        let edited = edit.iter().fold(TREE.to_owned(), |tree, (from, into)| {
            assert!(tree.contains(from), "{from}");
            tree.replace(from, into)
        });
        desk.write_tree(&edited);
        let says: Vec<&str> = says
            .iter()
            .copied()
            .filter(|text| !text.starts_with('['))
            .collect();
        desk.run(&["resume"], &["q"]).code(5).says(&says);
    }
}

#[test]
fn what_was_answered_is_not_asked_again_after_something_new() {
    const ASKED: &str = "to: age\n  age:";
    const NEW: &str =
        "to: on\n  on: {question: Is it on?, choices: [{id: y, label: Y, to: age}]}\n  age:";
    let desk = Desk::new();
    desk.run(&[], &["1", "2", "2", "q"]).code(5);
    desk.write_tree(&TREE.replace(ASKED, NEW));
    let resumed = desk.run(&["resume"], &["1", "1"]).code(0);
    let resumed = resumed.says(&["# Is it on?", "# Replace it", "Solved."]);
    assert!(
        !resumed.stdout.contains("# Is it old?"),
        "{}",
        resumed.stdout
    );
}

#[test]
fn a_mark_belongs_to_what_the_step_said() {
    let desk = Desk::new();
    desk.run(&[], &["1", "2", "m", "1", "1", "q", "q"]).code(5);
    let first = "steps: [{who: user, do: Press the button}";
    assert!(TREE.contains(first));
    for (step, marked) in [
        (
            "steps: [{who: user, do: First this}, {who: user, do: Press the button}",
            1,
        ),
        ("steps: [{who: user, do: Hold the button}", 2),
    ] {
        desk.write_tree(&TREE.replace(first, step));
        let report = desk.json(&["report", "--format", "json"]);
        let steps = report["remedies"][0]["steps"].as_array().expect("a list");
        for (number, step) in steps.iter().enumerate() {
            assert_eq!(step["mark"].is_string(), number == marked, "{step}");
            assert_eq!(step["do"] == "Press the button", number == marked, "{step}");
        }
    }
    // In another tree, what was done is told all the same.
    let report = Program::new(&["report"]).env(CASES, desk.cases()).run();
    report.code(0).says(&[
        "Printers: case",
        "Switch it off and on",
        "Press the button (done)",
    ]);
    let resumed = Program::new(&["resume"]).env(CASES, desk.cases()).run();
    resumed
        .code(5)
        .says(&["This case belongs to another tree: Printers"]);
}

#[test]
#[cfg(unix)]
fn a_pipe_among_the_cases_is_not_waited_for() {
    let desk = Desk::new();
    desk.run(&[], &["1", "q"]).code(5);
    let pipe = desk.file("x.json");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.expect("mkfifo runs").success());
    let listed = desk.run(&["cases"], &[]).code(0);
    assert!(
        listed.stderr.contains("x.json`: it is not a file"),
        "{listed:?}"
    );
    desk.run(&[], &["1", "1", "1"]).code(0);
}

#[test]
fn a_case_from_somebody_else_does_nothing_to_the_terminal() {
    let desk = Desk::new();
    desk.run(&[], &["1", "q"]).code(5);
    let file = desk.file(&format!("{}.json", desk.last()));
    let text = fs::read_to_string(&file).expect("it is there");
    let text = text.replace("The printer is slow", "\\u001b[31mslow\\u0007\\u202e");
    fs::write(&file, format!("\u{FEFF}{text}")).expect("it can be written");
    for command in [&["report"][..], &["cases"], &["resume"]] {
        let printed = desk.run(command, &[]).stdout;
        assert!(
            !printed.contains(['\u{1b}', '\u{7}', '\u{202e}']),
            "{printed:?}"
        );
    }
}

#[test]
fn the_name_of_a_deleted_case_is_not_given_again() {
    let desk = Desk::new();
    desk.run(&[], &["1", "q"]).code(5);
    let id = desk.last();
    desk.run(&["cases", &id, "--delete", "--yes"], &[]).code(0);
    desk.run(&[], &["1", "q"]).code(5);
    assert_ne!(desk.last(), id);
}

#[test]
fn all_the_other_steps_are_those_of_which_nothing_was_said() {
    let desk = Desk::new();
    let marks = ["1", "2", "m", "1", "3", "locked", "3", "1", "1"];
    desk.run(&[], &marks).code(0).says(&["All the other steps"]);
    let report = desk.json(&["report", "--format", "json"]);
    let steps = &report["remedies"][0]["steps"];
    assert_eq!(
        (&steps[0]["mark"], &steps[1]["mark"]),
        (&json!("could-not"), &json!("done"))
    );
    assert_eq!(steps[0]["reason"], "locked");
}

#[test]
fn five_restarts_leave_one_case_with_one_route() {
    let desk = Desk::new();
    let round = ["1", "2", "r"];
    let answers = [&round.repeat(5)[..], &["1", "1", "1"]].concat();
    desk.run(&[], &answers).code(0);
    let report = desk.json(&["report", "--format", "json"]);
    let answers = report["answers"].as_array().expect("a list");
    let answers: Vec<&str> = answers
        .iter()
        .filter_map(|own| own["answer"].as_str())
        .collect();
    assert_eq!(answers, ["The printer is slow", "Yes"]);
    assert_eq!(
        desk.json(&["cases", "--json"]).as_array().map(Vec::len),
        Some(1)
    );
}

#[test]
fn a_new_case_beside_an_unfinished_one_is_never_silent() {
    let desk = Desk::new();
    desk.run(&[], &["1", "q"])
        .code(5)
        .says(&["is saved", "resume"]);
    let first = desk.last();
    let said = format!("Case {first} is not finished");
    desk.run(&[], &["1", "1", "1"])
        .code(0)
        .says(&[&said, "This is a new case."]);
    assert_eq!(
        desk.json(&["cases", "--json"]).as_array().map(Vec::len),
        Some(2)
    );
    desk.run(&["resume", &first], &["1", "1"]).code(0);
    let finished = desk.run(&[], &["q"]).code(5);
    assert!(!finished.stdout.contains("not finished"));
}

#[test]
fn two_processes_do_not_write_to_one_case() {
    let desk = Desk::new();
    let mut first = Conversation::begin(&desk, &[]);
    first.wait_for("# What do you see?");
    first.say("1");
    first.wait_for("# Is it old?");
    let id = desk.last();
    for arguments in [&["resume", id.as_str()][..], &["resume"]] {
        let second = desk.run(arguments, &["1"]).code(2);
        assert!(
            second.stderr.contains("is open in another window"),
            "{second:?}"
        );
    }
    let deleted = desk.run(&["cases", &id, "--delete", "--yes"], &[]).code(2);
    assert!(deleted.stderr.contains("is open in another window"));
    // A new one is another one, and the first is not offered as one that was left.
    let second = desk.run(&[], &["1", "1", "1"]).code(0);
    assert!(!second.stdout.contains("not finished"));
    assert_ne!(desk.last(), id);
    first.say("1");
    first.wait_for("# Replace it");
    first.kill();
    desk.run(&["resume", &id], &["1"])
        .code(0)
        .says(&["# Replace it", "Solved."]);
}

#[test]
fn cases_that_begin_together_do_not_collide() {
    let desk = Desk::new();
    let conversations: Vec<Conversation> =
        (0..4).map(|_| Conversation::begin(&desk, &[])).collect();
    let mut running = Vec::new();
    for mut conversation in conversations {
        conversation.wait_for("# What do you see?");
        conversation.say("1");
        conversation.wait_for("# Is it old?");
        running.push(conversation);
    }
    assert_eq!(
        desk.json(&["cases", "--json"]).as_array().map(Vec::len),
        Some(4)
    );
    running.into_iter().for_each(Conversation::kill);
}

#[test]
fn where_nothing_can_be_written_it_is_said_before_the_first_question() {
    let desk = Desk::new();
    // No folder can be made in a file, whoever runs this.
    let cases = desk.tree().join("cases");
    let program = desk.program(&[]).env(CASES, &cases).input("1\n1\n1\n");
    let finished = program.run().code(0);
    let finished = finished.says(&[
        "Cases cannot be saved: cannot write to `",
        "# What do you see?",
        "Solved.",
    ]);
    assert!(!finished.stdout.contains("is saved"));
    assert_eq!(finished.stderr, "");
    let resumed = desk.program(&["resume"]).env(CASES, &cases).run();
    assert!(resumed.stderr.starts_with("error: "), "{resumed:?}");
    assert_eq!(resumed.code, 2);
}

#[test]
#[cfg(unix)]
fn a_disk_that_fills_takes_nothing_that_was_written() {
    let desk = Desk::new();
    // Files may be 128 kB at most, which is as good as a full disk to whoever writes more.
    let limited = |blocks: u32, input: &str| {
        let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\"");
        let tree = desk.tree();
        let arguments = ["--tree", tree.to_str().expect("a plain path"), "--lang=en"];
        let program = Program::shell(&script, &arguments).env(CASES, desk.cases());
        program.input(input).run()
    };
    let note = "x".repeat(200 * 1024);
    let input = format!("1\nn\n{note}\n\nn\n{note}\n\n1\n1\n");
    let finished = limited(256, &input).code(0);
    let finished = finished.says(&["From here on this case is not saved: ", "Solved."]);
    assert_eq!(finished.stdout.matches("From here on").count(), 1);
    assert!(!finished.stdout.contains("is saved:"));
    let case = &desk.json(&["cases", "--json"])[0];
    assert_eq!((&case["answers"], &case["notes"]), (&json!(1), &json!(0)));
    // And where there is no room from the beginning.
    limited(1, "1\n1\n1\n")
        .code(0)
        .says(&["Cases cannot be saved: "]);
}

#[test]
#[cfg(unix)]
fn a_case_is_for_the_eyes_of_one_user() {
    use std::os::unix::fs::PermissionsExt;

    let desk = Desk::new();
    desk.run(&[], &["1", "q"]).code(5);
    let mode = |path: &Path| {
        let metadata = fs::metadata(path).expect("it is there");
        metadata.permissions().mode() & 0o777
    };
    assert_eq!(mode(&desk.cases()), 0o700);
    assert_eq!(mode(&desk.file(&format!("{}.json", desk.last()))), 0o600);
}

#[test]
fn what_is_no_case_is_named_and_left_as_it_is_and_the_others_are_listed() {
    let desk = Desk::new();
    desk.run(&[], &["1", "q"]).code(5);
    let id = desk.last();
    let whole = fs::read(desk.file(&format!("{id}.json"))).expect("it is there");
    let whole = String::from_utf8(whole).expect("text");
    let newer = whole.replace("\"format\": 1", "\"format\": 2");
    let damaged = whole.replace("\"entries\"", "\"entrails\"");
    let deep = "[".repeat(100_000);
    let files: [(&str, &[u8], &str); 8] = [
        ("a-empty", b"", "the file is empty"),
        (
            "b-cut",
            &whole.as_bytes()[..whole.len() / 2],
            "the end of the file is missing",
        ),
        (
            "c-garbage",
            b"what is this?",
            "it is not JSON: see line 1, column 1",
        ),
        ("d-foreign", b"{\"a\": [1]}", "it is not a case"),
        (
            "e-newer",
            newer.as_bytes(),
            "a newer version of the program wrote it",
        ),
        (
            "f-damaged",
            damaged.as_bytes(),
            "the case is damaged: missing field `entries`",
        ),
        ("g-bytes", b"\xff\xfe\x00", "it is not text"),
        ("h-deep", deep.as_bytes(), "it is not a case"),
    ];
    for (name, bytes, _) in files {
        fs::write(desk.file(&format!("{name}.json")), bytes).expect("the folder is ours");
    }
    let listed = desk.run(&["cases"], &[]).code(0);
    assert_eq!(listed.stdout.lines().count(), 1, "{listed:?}");
    assert_eq!(
        listed.stderr.lines().count(),
        files.len(),
        "{}",
        listed.stderr
    );
    for (name, bytes, message) in files {
        let file = format!("{name}.json");
        let line = listed.stderr.lines().find(|line| line.contains(&file));
        let line = line.unwrap_or_else(|| panic!("{name} is not named"));
        assert!(line.contains(message), "{line}");
        for command in ["resume", "report"] {
            let failed = desk.run(&[command, name], &[]).code(2);
            assert!(failed.stderr.contains(message), "{failed:?}");
        }
        let kept = fs::read(desk.file(&file)).expect("it is there");
        assert_eq!(kept, bytes, "{name}");
    }
    desk.run(&["resume", &id], &["1", "1"]).code(0);
    desk.run(&["stats"], &[]).code(0);
    let unknown = desk.run(&["report", "2026-01-01-1"], &[]).code(2);
    assert!(unknown.stderr.contains("there is no case `2026-01-01-1`"));
    let outside = desk.run(&["report", "../cases/a-empty"], &[]).code(2);
    assert!(outside.stderr.contains("there is no case"));
}

#[test]
fn cases_are_deleted_only_when_somebody_agrees() {
    let desk = Desk::new();
    for _ in 0..2 {
        desk.run(&[], &["1", "q"]).code(5);
    }
    let id = desk.last();
    let refused = desk.run(&["cases", &id, "--delete"], &[]).code(2);
    assert!(refused.stderr.contains("nobody is there to ask"));
    let all = desk.run(&["cases", "--delete", "--yes"], &[]).code(2);
    assert!(all.stderr.contains("say which cases to delete"));
    let old = desk.run(&["cases", "--delete", "--yes", "--older-than", "30d"], &[]);
    old.code(0).says(&["Cases deleted: 0"]);
    desk.run(&["cases", &id, "--delete", "--yes"], &[]).code(0);
    let left = desk.json(&["cases", "--json"]);
    assert_eq!(left.as_array().map(Vec::len), Some(1));
    assert_ne!(left[0]["id"], id.as_str());
    // As if nothing had been written to it for a month.
    let file = desk.file(&format!("{}.json", desk.last()));
    let text = fs::read_to_string(&file).expect("it is there");
    let year = jiff::Zoned::now().year().to_string();
    fs::write(&file, text.replace(&format!("\"{year}-"), "\"2001-")).expect("it can be written");
    desk.run(&["cases", "--older-than", "30d"], &[])
        .code(0)
        .says(&["2001-"]);
    let old = desk.run(&["cases", "--delete", "--yes", "--older-than", "30d"], &[]);
    old.code(0).says(&["Cases deleted: 1"]);
    desk.run(&["cases"], &[])
        .code(0)
        .says(&["No case is saved here."]);
}

#[test]
fn a_report_is_what_its_schema_says_in_every_state() {
    let schema: Value =
        serde_json::from_str(include_str!("../../report.schema.json")).expect("JSON");
    let validator = jsonschema::options()
        .should_validate_formats(true)
        .build(&schema)
        .expect("it is a schema");
    let printed = Program::new(&["schema", "report"]).run().code(0).stdout;
    assert_eq!(printed, include_str!("../../report.schema.json"));
    let desk = Desk::new();
    for (answers, state) in [
        (&["n", "x", "", "q"][..], "open"),
        (&["1", "?", "?", "m", "1", "3", "r", "4", "2", "q"], "open"),
        (&["1", "2", "3"], "pending"),
        (&["1", "1", "1"], "solved"),
        (&["2", "w", "AB12", "", "1"], "escalated"),
    ] {
        desk.run(&[], answers);
        let report = desk.json(&["report", "--format", "json"]);
        let errors: Vec<String> = validator
            .iter_errors(&report)
            .map(|error| error.to_string())
            .collect();
        assert_eq!(errors, [""; 0], "{report:#}");
        assert_eq!(report["state"], state);
    }
    let mut wrong = desk.json(&["report", "--format", "json"]);
    wrong["state"] = json!("lost");
    assert!(!validator.is_valid(&wrong));
}

#[test]
fn a_report_tells_the_route_in_its_order_and_what_stayed_unknown() {
    let desk = Desk::new();
    // The first answer is taken back, and the second question is answered without knowing.
    desk.run(&[], &["2", "b", "1", "?", "?", "4", "3"]).code(4);
    let report = desk.json(&["report", "--format", "json"]);
    let answers = report["answers"].as_array().expect("a list");
    let answers: Vec<&str> = answers
        .iter()
        .filter_map(|own| own["choice"].as_str())
        .collect();
    assert_eq!(answers, ["slow", "unsure"]);
    assert_eq!(
        report["unknown"],
        json!(["Is it old? (Not sure)", "Switch it off and on (not found)"])
    );
    assert_eq!(report["tree"]["checked"], "2026-11-23");
    desk.run(&["report"], &[]).code(0).says(&[
        "Printers: case ",
        "Symptom: The printer is slow",
        "Outcome: pending",
        "Open: Look for the button",
        "- What do you see? The printer is slow",
        "- Is it old? Not sure",
        "- Switch it off and on: not found",
        "It has run for months.",
        "The manual: https://printer.example/manual",
        "What stayed unknown",
    ]);
    desk.run(&["report", "--lang=es"], &[]);
}

#[test]
fn what_notes_say_about_persons_and_devices_is_hidden_unless_it_is_wanted() {
    let desk = Desk::new();
    let note = "marta@contoso.com has IMEI 490154203237518, not MARTA@contoso.com's";
    desk.run(&["pending for marta@contoso.com, printer slow"], &["q"]);
    desk.run(&[], &["n", note, "", "2", "w", "R58M12ABCDE", "3", "1"])
        .code(3);
    let report = desk.json(&["report", "--format", "json"]);
    assert_eq!(
        report["notes"][0]["text"],
        "user-1 has IMEI imei-1, not user-1's"
    );
    assert_eq!(report["facts"][0]["value"], "serial-1");
    assert_eq!(report["hidden"], json!({"imei": 1, "serial": 1, "user": 2}));
    for format in ["text", "markdown", "json"] {
        let hidden = desk.run(&["report", "--format", format], &[]).code(0);
        assert!(!hidden.stdout.contains("contoso") && !hidden.stdout.contains("490154"));
        let whole = desk.run(&["report", "--format", format, "--no-redact"], &[]);
        whole.code(0).says(&[note]);
    }
}

#[test]
fn the_message_to_support_has_the_facts_and_blanks_for_the_others() {
    let desk = Desk::new();
    let finished = desk
        .run(&[], &["2", "w", "R58M12ABCDE & more", "", "1"])
        .code(3);
    let finished = finished.says(&[
        "# Call the service",
        "What they will ask for.",
        "Serial number",
        "To: service@printer.example",
        "- Serial number: R58M12ABCDE & more",
        "- Floor: ____",
        "mailto:service@printer.example?subject=",
        "R58M12ABCDE%20%26%20more",
    ]);
    let mailto = finished
        .stdout
        .lines()
        .find(|line| line.starts_with("mailto:"));
    let mailto = mailto.expect("it is there");
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || ":?&=%@.-_~".contains(letter);
    assert!(mailto.chars().all(is_plain), "{mailto}");
    let printed = desk.run(&["report", "--message"], &[]).code(0);
    printed.says(&["- Serial number: R58M12ABCDE & more", "mailto:"]);
    desk.run(&[], &["1", "1", "1"]).code(0);
    let none = desk.run(&["report", "--message"], &[]).code(2);
    assert!(none.stderr.contains("has not been passed on"));
}

#[test]
fn a_message_that_no_link_can_hold_says_so() {
    let desk = Desk::new();
    let note = "日本 ".repeat(1_000);
    let finished = desk
        .run(&[], &["n", &note, "", "2", "w", "", "", "1"])
        .code(3);
    let mailto = finished
        .stdout
        .lines()
        .find(|line| line.starts_with("mailto:"));
    assert!(mailto.is_some_and(|link| link.len() <= 2_000));
    finished.says(&["mailto:", "The%20link%20is%20too%20short"]);
}

#[test]
fn a_record_is_written_where_it_was_asked_for() {
    let desk = Desk::new();
    for (name, begins) in [
        ("r.md", "# Printers"),
        ("r.txt", "Printers"),
        ("r.json", "{"),
    ] {
        let path = desk.folder.path().join(name);
        let path = path.to_str().expect("a plain path");
        desk.run(&["--report", path], &["1", "q"]).code(5);
        let written = fs::read_to_string(path).expect("it is there");
        assert!(written.starts_with(begins), "{written}");
        let printed = desk.run(&["report", "--report", path], &[]).code(0);
        assert_eq!(printed.stdout, "");
    }
    desk.run(&["--report", "-"], &["1", "1", "1"])
        .code(0)
        .says(&["Solved.", "Printers: case"]);
    // What cannot be written is found out before anything is asked.
    let missing = desk.folder.path().join("missing").join("r.md");
    for path in [missing.to_str().expect("a plain path"), "r.doc", "r"] {
        let failed = desk.run(&["--report", path], &["1"]).code(2);
        assert_eq!(failed.stdout, "", "{path}");
        assert!(failed.stderr.contains(path), "{failed:?}");
    }
}

#[test]
fn a_record_that_can_no_longer_be_written_is_printed() {
    let desk = Desk::new();
    let folder = desk.folder.path().join("gone");
    fs::create_dir(&folder).expect("the folder is ours");
    let path = folder.join("r.txt");
    let path = path.to_str().expect("a plain path");
    let mut conversation = Conversation::begin(&desk, &["--report", path]);
    conversation.wait_for("# What do you see?");
    fs::remove_dir(&folder).expect("it is empty");
    for line in ["1", "1", "1"] {
        conversation.say(line);
    }
    conversation.wait_for("Solved.");
    conversation.wait_for("Printers: case ");
    assert_eq!(wait(&mut conversation.child), 2);
}

#[test]
fn answers_from_a_file_lead_as_far_as_they_go() {
    let desk = Desk::new();
    let answers = |text: &str| {
        let path = desk.folder.path().join("answers.yaml");
        fs::write(&path, text).expect("the folder is ours");
        path.to_str().expect("a plain path").to_owned()
    };
    let whole = answers("what: slow\nage: no\nswitch: solved\n");
    desk.run(&["--answers", &whole], &[])
        .code(0)
        .says(&["Solved."]);
    // What a case prints leads to where it stood.
    let printed = desk.run(&["report", "--answers"], &[]).code(0).stdout;
    let again = answers(&printed);
    desk.run(&["--answers", &again], &[])
        .code(0)
        .says(&["Solved."]);
    // A symptom on the command line comes first.
    let rest = answers("age: yes\nreplace: waiting\n");
    desk.run(&["slow", "--answers", &rest], &[]).code(4);
    let lacking = answers("what: slow\n");
    let failed = desk.run(&["--answers", &lacking], &["1"]).code(2);
    assert!(
        failed.stderr.contains("the answers lack one to `age`"),
        "{failed:?}"
    );
    for (text, message) in [
        ("wat: slow", "no question `wat`: did you mean `what`?"),
        (
            "what: slwo",
            "`what` has no answer `slwo`: did you mean `slow`?",
        ),
        ("what: [", "line 1"),
    ] {
        let failed = desk.run(&["--answers", &answers(text)], &[]).code(2);
        assert!(failed.stderr.contains(message), "{failed:?}");
        assert_eq!(failed.stdout, "");
    }
    let unused = answers("what: other\nservice: handed-over\nage: no\n");
    let finished = desk.run(&["--answers", &unused], &[]).code(3);
    assert!(
        finished
            .stderr
            .contains("nothing asked for the answer to `age`")
    );
}

#[test]
fn counts_are_those_of_the_cases() {
    let desk = Desk::new();
    desk.run(&["stats"], &[])
        .code(0)
        .says(&["No case is saved here."]);
    for answers in [
        &["1", "1", "1"][..],
        &["1", "2", "1"],
        &["1", "?", "?", "1"],
        &["1", "b", "2", "1"],
        &["1", "2", "3"],
        &["1", "q"],
    ] {
        desk.run(&[], answers);
    }
    let stats = desk.json(&["stats", "--json"]);
    assert_eq!(stats["cases"], 6);
    assert_eq!(
        stats["states"],
        json!({"escalated": 1, "open": 1, "pending": 1, "solved": 3})
    );
    let count =
        |id: &str, title: &str, count: usize| json!({"id": id, "title": title, "count": count});
    assert_eq!(
        stats["symptoms"],
        json!([count("slow", "The printer is slow", 5)])
    );
    assert_eq!(
        stats["solved-by"],
        json!([
            count("switch", "Switch it off and on", 2),
            count("replace", "Replace it", 1)
        ])
    );
    assert_eq!(stats["unsure"], json!([count("age", "Is it old?", 1)]));
    assert_eq!(
        stats["taken-back"],
        json!([count("what", "What do you see?", 1)])
    );
    assert!(stats["median-minutes"].is_number());
    desk.run(&["stats"], &[]).code(0).says(&[
        "Cases on this machine: 6",
        "3  ",
        "solved",
        "The printer is slow",
    ]);
}

#[test]
fn cases_are_kept_in_spanish_too() {
    let cases = scratch();
    let run = |arguments: &[&str], input: &str| {
        let program = Program::in_spanish(arguments).env(CASES, cases.path());
        program.input(input).run()
    };
    run(&["pending"], "n\nuna nota\n\nq\n")
        .code(5)
        .says(&["Anotado.", "está guardado"]);
    run(&["cases"], "").code(0).says(&["sin terminar"]);
    run(&["resume"], "q\n")
        .code(5)
        .says(&["Caso ", "Nota: una nota", "Por resolver: "]);
    run(&["report"], "")
        .code(0)
        .says(&["Síntoma: ", "Notas", "una nota", "Sobre este informe"]);
    run(&["stats"], "")
        .code(0)
        .says(&["Casos en esta máquina: 1"]);
}
