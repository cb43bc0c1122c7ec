//! `docs/checks.md` is true: it has a section for every rule, with an example that breaks this rule
//! and no other, and one that breaks none.

use std::fs;

use lookout_troubleshoot::tree::{Problem, Rule, Tree};

use crate::support::{TODAY, project};

/// A section: its heading and its blocks of YAML.
struct Section {
    heading: String,
    examples: Vec<String>,
}

fn sections() -> Vec<Section> {
    let text = fs::read_to_string(project("docs/checks.md")).expect("the document is there");
    let mut sections = Vec::new();
    for section in text.replace("\r\n", "\n").split("\n## ").skip(1) {
        let (heading, rest) = section
            .split_once('\n')
            .expect("a heading has a text below it");
        let examples = rest.split("```yaml\n").skip(1);
        let examples = examples.map(|example| {
            let (example, _) = example.split_once("```").expect("an example has an end");
            example.to_owned()
        });
        sections.push(Section {
            heading: heading.to_owned(),
            examples: examples.collect(),
        });
    }
    sections
}

/// The entries of a text at one indentation, each with the lines below it.
fn entries(text: &str, indent: &str) -> Vec<String> {
    let mut entries: Vec<String> = Vec::new();
    for line in text.lines() {
        let own = line.strip_prefix(indent);
        let begins = own.is_some_and(|own| own.starts_with(|first: char| !first.is_whitespace()));
        match entries.last_mut() {
            Some(entry) if !begins => {
                entry.push_str(line);
                entry.push('\n');
            }
            _ => entries.push(format!("{line}\n")),
        }
    }
    entries
}

fn name(entry: &str) -> &str {
    entry.trim_start().split(':').next().unwrap_or_default()
}

/// The base with the entries of an example in the place of its own, or added to it.
fn with(base: &str, example: &str) -> String {
    let at_top = entries(example, "").into_iter();
    // What comes before the first entry at the top is entries of `nodes`.
    let (inner, top): (Vec<String>, Vec<String>) = at_top.partition(|entry| entry.starts_with(' '));
    let mut merged = entries(base, "");
    for new in top {
        match merged.iter_mut().find(|entry| name(entry) == name(&new)) {
            Some(entry) => *entry = new,
            None => merged.push(new),
        }
    }
    let nodes = merged.iter_mut().find(|entry| name(entry) == "nodes");
    let nodes = nodes.expect("the base has nodes");
    let mut own = entries(nodes.strip_prefix("nodes:\n").expect("a mapping"), "  ");
    for new in inner.iter().flat_map(|inner| entries(inner, "  ")) {
        match own.iter_mut().find(|entry| name(entry) == name(&new)) {
            Some(entry) => *entry = new,
            None => own.push(new),
        }
    }
    *nodes = format!("nodes:\n{}", own.concat());
    merged.concat()
}

fn found(tree: &str) -> Vec<Problem> {
    Tree::check(tree, TODAY).1
}

#[test]
fn every_rule_has_a_bad_and_a_good_example() {
    let sections = sections();
    let section = |begin: &str| {
        let mut named = sections.iter().filter(|own| own.heading.starts_with(begin));
        let section = named
            .next()
            .unwrap_or_else(|| panic!("{begin} has no section"));
        assert!(named.next().is_none(), "{begin} has two sections");
        section
    };
    let base = &section("The examples").examples[0];
    assert_eq!(found(base), []);
    let [intended] = &section("When it is meant").examples[..] else {
        panic!("one example of a mark");
    };
    assert_eq!(found(&with(base, intended)), []);
    for rule in Rule::ALL {
        let section = section(&format!("{} ", rule.code()));
        let severity = format!("({})", rule.severity().name());
        assert!(section.heading.ends_with(&severity), "{}", section.heading);
        let [bad, good] = &section.examples[..] else {
            panic!("{} has not two examples", rule.code());
        };
        let broken = found(&with(base, bad));
        assert!(!broken.is_empty(), "{} is not broken", rule.code());
        for problem in broken {
            assert_eq!(problem.rule, *rule, "{problem:#?} in\n{}", with(base, bad));
        }
        assert_eq!(found(&with(base, good)), [], "{}", with(base, good));
    }
    assert_eq!(sections.len(), Rule::ALL.len() + 2);
}
