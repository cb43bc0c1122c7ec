//! A mark says that a problem is meant to be there. It silences what it names within its own node
//! or link, or in the whole file; a mark that silences nothing is a problem itself.

use std::collections::{HashMap, HashSet};

use super::problem::{Problem, Rule, Severity, Span};

/// The word that a problem is intended, and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Mark {
    /// What is intended. Never an error.
    pub(super) rule: Rule,
    /// Where the mark stands.
    pub(super) span: Span,
    /// Where the node or link that it stands in begins; `None` for the whole file.
    pub(super) entry: Option<Span>,
    /// The id of the node that it stands in.
    pub(super) node: Option<String>,
}

/// Takes away the problems that are marked as intended, and adds the marks that mark nothing at the
/// end, in any order. `entries` are the places where nodes and links begin.
pub(super) fn apply(marks: &[Mark], mut entries: Vec<Span>, problems: &mut Vec<Problem>) {
    if marks.is_empty() {
        return;
    }
    entries.sort_unstable();
    let mut unused: HashMap<(Rule, Option<Span>), &Mark> = HashMap::new();
    for mark in marks {
        unused.insert((mark.rule, mark.entry), mark);
    }
    let intended: HashSet<(Rule, Option<Span>)> = unused.keys().copied().collect();
    problems.retain(|problem| {
        let begun = entries.partition_point(|entry| *entry <= problem.span);
        let entry = begun.checked_sub(1).map(|index| entries[index]);
        let here = [None, entry].map(|place| (problem.rule, place));
        for place in here {
            unused.remove(&place);
        }
        !here.iter().any(|place| intended.contains(place))
    });
    for mark in unused.values() {
        // What the calendar brings up may not be there yet.
        if mark.rule.severity() == Severity::Note {
            continue;
        }
        problems.push(Problem {
            rule: Rule::UnusedMark,
            span: mark.span,
            node: mark.node.clone(),
            message: format!("there is no `{}` here to be intended", mark.rule.code()),
            hint: Some("remove the mark".to_owned()),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(line: u32) -> Span {
        Span {
            line,
            column: 1,
            length: 1,
        }
    }

    fn problem(rule: Rule, line: u32) -> Problem {
        Problem {
            rule,
            span: at(line),
            node: None,
            message: String::new(),
            hint: None,
        }
    }

    fn mark(rule: Rule, line: u32, entry: Option<u32>) -> Mark {
        Mark {
            rule,
            span: at(line),
            entry: entry.map(at),
            node: None,
        }
    }

    #[test]
    fn a_mark_silences_its_own_entry_only() {
        // Entries begin in the lines 10, 20 and 30, in whatever order they were read.
        let entries = [30, 10, 20].map(at);
        for (marks, left) in [
            (vec![], vec![(Rule::LongText, 12), (Rule::LongText, 25)]),
            (
                vec![mark(Rule::LongText, 19, Some(10))],
                vec![(Rule::LongText, 25)],
            ),
            (vec![mark(Rule::LongText, 1, None)], vec![]),
            (
                vec![mark(Rule::LongText, 39, Some(30))],
                vec![
                    (Rule::LongText, 12),
                    (Rule::LongText, 25),
                    (Rule::UnusedMark, 39),
                ],
            ),
            (
                vec![
                    mark(Rule::Whitespace, 19, Some(10)),
                    mark(Rule::LongText, 19, Some(10)),
                ],
                vec![(Rule::UnusedMark, 19), (Rule::LongText, 25)],
            ),
            (
                vec![mark(Rule::CheckedLongAgo, 19, Some(10))],
                vec![(Rule::LongText, 12), (Rule::LongText, 25)],
            ),
        ] {
            let mut problems = vec![problem(Rule::LongText, 12), problem(Rule::LongText, 25)];
            apply(&marks, entries.to_vec(), &mut problems);
            problems.sort_by_key(|problem| problem.span);
            let found: Vec<(Rule, u32)> = problems
                .iter()
                .map(|problem| (problem.rule, problem.span.line))
                .collect();
            assert_eq!(found, left, "{marks:?}");
        }
    }
}
