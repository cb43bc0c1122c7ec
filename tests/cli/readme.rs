//! The README is true: its commands run and print what it says, its trees have no mistake, and the
//! command that it gives for the tests is the one that the checks run.

use std::fs;

use crate::support::{CASES, Program, project, renew_exports, scratch};

/// A fenced block: its language and its lines.
struct Block {
    language: String,
    lines: Vec<String>,
}

fn blocks() -> Vec<Block> {
    let text = fs::read_to_string(project("README.md")).expect("the README is there");
    let mut blocks: Vec<Block> = Vec::new();
    let mut inside = false;
    for line in text.lines() {
        match line.strip_prefix("```") {
            Some(language) if !inside => {
                let language = language.to_owned();
                blocks.push(Block {
                    language,
                    lines: Vec::new(),
                });
                inside = true;
            }
            Some(_) => inside = false,
            None if inside => {
                let block = blocks.last_mut().expect("a block has begun");
                block.lines.push(line.to_owned());
            }
            None => {}
        }
    }
    assert!(!inside, "the last block has no end");
    blocks
}

fn blocks_in(language: &str) -> Vec<Vec<String>> {
    let blocks = blocks().into_iter();
    let blocks: Vec<_> = blocks
        .filter(|block| block.language == language)
        .map(|block| block.lines)
        .collect();
    assert!(!blocks.is_empty(), "the README has no block in {language}");
    blocks
}

/// The arguments of a command line that runs the program; what it is redirected to is left out.
fn arguments(command: &str) -> Option<Vec<&str>> {
    let mut words = command.split_whitespace();
    (words.next() == Some("lookout-troubleshoot"))
        .then(|| words.take_while(|word| *word != ">").collect())
}

#[test]
fn its_sessions_are_what_the_program_prints() {
    renew_exports();
    for block in blocks_in("console") {
        let command = block[0].strip_prefix("$ ").expect("a command comes first");
        let arguments = arguments(command).expect("it runs the program");
        let expected = &block[1..];
        let answers = expected.iter().filter_map(|line| line.strip_prefix("> "));
        let answers: String = answers.flat_map(|answer| [answer, "\n"]).collect();
        let printed = Program::new(&arguments).input(answers).run().stdout;
        // The name of a case is the day.
        let today = jiff::Zoned::now().date().to_string();
        let printed = printed.replace(&today, "2026-11-25");
        let printed: Vec<&str> = printed.lines().collect();
        // What the README leaves out stands as dots.
        let mut parts = expected.split(|line| line == "...");
        let first = parts.next().expect("there is always a first part");
        assert!(
            printed.starts_with(&borrowed(first)),
            "{command}:\n{printed:#?}"
        );
        let rest = parts.next();
        assert!(parts.next().is_none(), "only one part can be left out");
        match rest {
            Some(last) => assert!(
                printed.ends_with(&borrowed(last)),
                "{command}:\n{printed:#?}"
            ),
            None => assert_eq!(printed, borrowed(first), "{command}"),
        }
    }
}

fn borrowed(lines: &[String]) -> Vec<&str> {
    lines.iter().map(String::as_str).collect()
}

#[test]
fn its_commands_run() {
    let blocks = blocks_in("sh");
    let commands = blocks.iter().flatten();
    let mut run = 0;
    let (folder, cases) = (scratch(), scratch());
    for command in commands {
        let Some(arguments) = arguments(command) else {
            assert!(command.starts_with("cargo "), "what is `{command}`?");
            continue;
        };
        let program = Program::bare(&arguments).within(folder.path());
        let finished = program.env(CASES, cases.path()).run();
        if let Some((_, file)) = command.split_once(" > ")
            && !file.contains('/')
        {
            fs::write(folder.path().join(file), &finished.stdout).expect("the folder is ours");
        }
        run += 1;
        // The answers of a case that was left are not enough, and nobody is there to ask.
        if arguments.first() == Some(&"--answers") {
            assert!(finished.stderr.contains("the answers lack one to"));
            continue;
        }
        // The wizard is left where its input ends.
        assert!([0, 5].contains(&finished.code), "{command}: {finished:#?}");
        assert_eq!(finished.stderr, "", "{command}");
    }
    assert!(run > 5, "{run} commands");
}

#[test]
fn its_trees_have_no_mistake() {
    for tree in blocks_in("yaml") {
        let finished = Program::new(&["check", "-"]).input(tree.join("\n")).run();
        let finished = finished.code(0);
        assert_eq!(finished.stdout, "<stdin>: 0 errors, 0 warnings\n");
    }
}

#[test]
fn its_two_commands_are_the_ones_that_are_checked() {
    let set_up = ["cargo run --release", "cargo test"].map(String::from);
    assert!(blocks_in("sh").iter().any(|block| *block == set_up));
    let checks = fs::read_to_string(project(".ci/run")).expect("the checks are there");
    assert!(checks.lines().any(|line| line == "step cargo test"));
}

#[test]
fn it_lists_the_exit_codes_that_the_program_lists() {
    let text = fs::read_to_string(project("README.md")).expect("the README is there");
    let help = Program::new(&["--help"]).run().code(0).stdout;
    let (_, codes) = help.split_once("Exit status:\n").expect("it lists them");
    for line in codes.lines().take_while(|line| !line.is_empty()) {
        let (code, meaning) = line.trim().split_once(' ').expect("a code and its meaning");
        let row = format!("| {code} | {} |", meaning.trim());
        assert!(text.contains(&row), "{row}");
    }
}
