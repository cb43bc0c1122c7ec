//! [`Answers`] that are known before anything is asked: ids of questions with ids of choices. None of them
//! names a question or a choice that the tree does not have.

use std::collections::VecDeque;

use serde::ser::{Serialize, Serializer};

use crate::case::Case;
use crate::tree::{Kind, Tree, clean, ids, nearest, ticked};
use crate::walk::Move;

/// Answers by question, in the order of their file; to a question that is asked again, one after the
/// other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answers(Vec<(String, VecDeque<String>)>);

impl Answers {
    /// Reads a file of answers, which is YAML or JSON: a mapping of the id of a question to the id of a
    /// choice, or to a list of ids where it is asked several times.
    ///
    /// # Errors
    ///
    /// What is wrong with it, in a sentence that names the question or the choice and those nearest to
    /// it.
    pub fn parse(text: &str, tree: &Tree) -> Result<Answers, String> {
        let answers = ids(text)?;
        for (id, choices) in &answers {
            let node = tree.find(id).map(|node| &tree[node]);
            let all = node.map(Move::all_at).unwrap_or_default().into_iter();
            let known: Vec<&str> = all.map(Move::id).collect();
            // A symptom is nothing to answer.
            if known.is_empty() {
                let nodes = tree.nodes().map(|(_, node)| node);
                let nodes = nodes.filter(|node| !matches!(node.kind, Kind::Symptom(_)));
                let message = format!("the tree has no question `{}`", clean(id));
                return Err(message + &hint(id, nodes.map(|node| node.id.as_str())));
            }
            for choice in choices {
                if !known.contains(&choice.as_str()) {
                    let message = format!("`{id}` has no answer `{}`", clean(choice));
                    let all = format!("; its answers are {}", ticked(&known));
                    return Err(message + &hint(choice, known.iter().copied()) + &all);
                }
            }
        }
        let answers = answers.into_iter();
        Ok(Answers(
            answers.map(|(id, choices)| (id, choices.into())).collect(),
        ))
    }

    /// The answers that lead to where a case stands.
    #[must_use]
    pub fn of(case: &Case) -> Answers {
        let mut answers = Answers::default();
        for (_, answered) in case.route() {
            let known = answers.0.iter_mut().find(|(id, _)| *id == answered.node);
            if let Some((_, choices)) = known {
                choices.push_back(answered.choice.clone());
            } else {
                let choices = VecDeque::from([answered.choice.clone()]);
                answers.0.push((answered.node.clone(), choices));
            }
        }
        answers
    }

    /// The next answer to a question, which is used up with it.
    pub fn next(&mut self, id: &str) -> Option<String> {
        let own = self.0.iter_mut().find(|(own, _)| own == id)?;
        own.1.pop_front()
    }

    /// The questions that have not been asked, though there were answers to them.
    pub fn unused(&self) -> impl Iterator<Item = &str> {
        let unused = self.0.iter().filter(|(_, choices)| !choices.is_empty());
        unused.map(|(id, _)| id.as_str())
    }
}

fn hint<'a>(id: &str, known: impl Iterator<Item = &'a str>) -> String {
    let near = nearest(id, known);
    if near.is_empty() {
        return String::new();
    }
    format!(": did you mean {}?", ticked(&near))
}

impl Serialize for Answers {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let value = |choices: &VecDeque<String>| match choices.iter().collect::<Vec<_>>()[..] {
            [only] => serde_json::json!(only),
            ref several => serde_json::json!(several),
        };
        serializer.collect_map(self.0.iter().map(|(id, choices)| (id, value(choices))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree() -> Tree {
        let tree = "title: T\nstart: q\nnodes:\n  q: {question: Q?, choices: [{id: no, label: N, to: q2}, {id: '1', label: One, to: e}, {to: s}]}\n  \
                    q2: {question: Q?, choices: [{id: back, label: B, to: q}, {id: true, label: T, to: e}]}\n  \
                    e: {escalation: E, cause: C, channels: [{text: T}], facts: [F]}\n  s: {symptom: S, to: e}\n";
        Tree::parse(tree).expect("it has no mistake")
    }

    #[test]
    fn answers_are_read_from_yaml_and_json_and_written_so_that_they_can_be_read() {
        for text in [
            "q: [no, 1]\nq2: back\n",
            "{\"q\": [\"no\", \"1\"], \"q2\": \"back\"}",
            "q: ['no', '1']\nq2: [back]",
        ] {
            let mut answers = Answers::parse(text, &tree()).expect("it is right");
            let written = serde_json::to_string(&answers).expect("it can be written");
            assert_eq!(Answers::parse(&written, &tree()), Ok(answers.clone()));
            assert_eq!(answers.next("q").as_deref(), Some("no"));
            assert_eq!(answers.unused().collect::<Vec<_>>(), ["q", "q2"]);
            assert_eq!(answers.next("q").as_deref(), Some("1"));
            assert_eq!(answers.next("q"), None);
        }
        assert!(Answers::parse("q2: true", &tree()).is_ok());
        assert!(Answers::parse("{}", &tree()).is_ok());
    }

    #[test]
    fn what_the_tree_does_not_have_is_named_with_what_is_nearest() {
        for (text, message) in [
            ("q3: no", "the tree has no question `q3`: did you mean"),
            ("q: on", "`q` has no answer `on`"),
            (
                "q2: bakc",
                "`q2` has no answer `bakc`: did you mean `back`?; its answers are `back`, `true`",
            ),
            ("e: solved", "its answers are `handed-over`"),
            ("- q", "line 1, column 1: there should be ids, not a list"),
            ("q: {a: b}", "line 1"),
            ("q: no\nq: no", "line 2"),
            ("q: [", "line 1"),
        ] {
            let error = Answers::parse(text, &tree()).expect_err("it is wrong");
            assert!(error.contains(message), "{text}: {error}");
        }
    }
}
