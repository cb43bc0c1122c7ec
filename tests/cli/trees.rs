//! Trees with mistakes: each file of `tests/trees/bad` beside the problems that are found in it.
//! With the environment variable `BLESS` set, the problems found are written down instead.

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use lookout_troubleshoot::tree::{Rule, Tree};
use lookout_troubleshoot::ui::{self, Look};

use crate::support::{TODAY, bomb, project, text_bomb};

fn trees(folder: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(project(folder)).expect("the folder is there");
    let paths = entries.map(|entry| entry.expect("readable").path());
    let mut trees: Vec<PathBuf> = paths
        .filter(|path| path.extension().is_some_and(|end| end == "yaml"))
        .collect();
    trees.sort();
    assert!(!trees.is_empty());
    trees
}

#[test]
fn every_mistake_is_found_and_nothing_else() {
    let mut differences = String::new();
    for path in trees("tests/trees/bad") {
        let source = fs::read_to_string(&path).expect("a tree is text");
        let (_, problems) = Tree::check(&source, TODAY);
        let name = path
            .file_name()
            .expect("a file")
            .to_string_lossy()
            .into_owned();
        let found = ui::problem_lines(&name, &problems, Look::PLAIN);
        assert_ne!(found, "", "nothing was found in {name}");
        let expected = path.with_extension("expected");
        if std::env::var_os("BLESS").is_some() {
            fs::write(&expected, &found).expect("the folder can be written to");
        }
        let expected = fs::read_to_string(&expected).unwrap_or_default();
        if found != expected.replace("\r\n", "\n") {
            let _ = writeln!(differences, "--- expected\n{expected}+++ found\n{found}");
        }
    }
    assert!(differences.is_empty(), "{differences}");
}

#[test]
fn good_trees_have_no_problems() {
    for path in trees("tests/trees/good") {
        let source = fs::read_to_string(&path).expect("a tree is text");
        let (tree, problems) = Tree::check(&source, TODAY);
        assert!(tree.is_some(), "{}", path.display());
        assert_eq!(problems, [], "{}", path.display());
    }
}

#[test]
fn the_codes_are_in_order_and_none_stands_twice() {
    let codes: Vec<String> = Rule::ALL
        .iter()
        .map(|rule| rule.code().to_owned())
        .collect();
    let expected: Vec<String> = (1..=Rule::ALL.len()).map(|n| format!("T{n:03}")).collect();
    assert_eq!(codes, expected);
}

/// A file that is no tree, and what is said about it.
fn hostile() -> Vec<(&'static str, String, &'static str)> {
    vec![
        ("open brackets", "[".repeat(100_000), "error[T030]"),
        ("open braces", "{a: ".repeat(100_000), "error[T030]"),
        ("nested lists", "- ".repeat(100_000), "error[T030]"),
        ("nested keys", "? ".repeat(100_000), "error[T030]"),
        (
            "a bomb of aliases",
            bomb(),
            "aliases make the file many times as large",
        ),
        (
            "a bomb of one long text",
            text_bomb(),
            "aliases make the file many times as large",
        ),
        (
            "an alias of itself",
            "title: &a [*a]".to_owned(),
            "error[T001]",
        ),
        (
            "a number",
            "1".to_owned(),
            "expected a tree (a mapping), found a text",
        ),
        ("a NUL", "title: \0".to_owned(), "error[T001]"),
        ("a directive", "%YAML 9.9\n---\n".to_owned(), "error[T001]"),
        (
            "a long key",
            format!("{}: 1", "k".repeat(1_000_000)),
            "error[",
        ),
    ]
}

#[test]
fn hostile_files_cost_little_and_are_refused() {
    for (what, source, message) in hostile() {
        let started = Instant::now();
        let (tree, problems) = Tree::check(&source, TODAY);
        let took = started.elapsed();
        assert!(tree.is_none(), "{what}");
        let found = ui::problem_lines("x", &problems, Look::PLAIN);
        assert!(found.contains(message), "{what}: {found:.300}");
        assert!(took < Duration::from_secs(5), "{what} took {took:?}");
    }
}
