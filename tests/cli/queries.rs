//! The queries that a search has to answer, or to leave unanswered: each names entries of the tree
//! that a fair judge would accept, or none. One half of them is for tuning, the other for the proof.

use std::collections::{BTreeMap, HashSet};
use std::fs;

use lookout_troubleshoot::tree::Tree;

use crate::support::project;

#[test]
fn every_query_names_entries_of_the_tree_and_stands_once() {
    let text = fs::read_to_string(project("tests/search/queries.tsv")).expect("it is there");
    let tree = Tree::parse(include_str!("../../decision_tree.yaml")).expect("it has no mistake");
    let (mut queries, mut counts) = (HashSet::new(), BTreeMap::new());
    for line in text.lines().skip(1) {
        let columns: Vec<&str> = line.split('\t').collect();
        let [half, expected, language, voice, query] = columns[..] else {
            panic!("five columns: {line}");
        };
        assert!(["tuning", "held-out"].contains(&half), "{line}");
        assert!(["en", "es", "other"].contains(&language), "{line}");
        assert!(["admin", "agent", "caller"].contains(&voice), "{line}");
        let known = |id: &str| id == "-" || tree.find(id).is_some();
        assert!(expected.split('|').all(known), "{line}");
        assert!(queries.insert(query.to_lowercase()), "twice: {line}");
        *counts.entry((half, expected == "-")).or_insert(0) += 1;
    }
    for half in ["tuning", "held-out"] {
        assert!(counts[&(half, false)] >= 75, "{counts:?}");
        assert!(counts[&(half, true)] >= 20, "{counts:?}");
    }
}
