//! The tree that is part of the program: what every node of it must have, and where every way
//! through it must end. It asserts structure, never whole texts.

use std::collections::{BTreeMap, BTreeSet};

use lookout_troubleshoot::export;
use lookout_troubleshoot::lang::Lang;
use lookout_troubleshoot::tree::{Kind, Node, NodeId, Tree};
use lookout_troubleshoot::ui::{self, Look};
use lookout_troubleshoot::walk::{Move, Outcome, Position, Walk};
use serde_json::Value;

const SYMPTOMS: [&str; 9] = [
    "403",
    "consent",
    "missing-device",
    "pending",
    "no-device-id",
    "disconnected",
    "new-user",
    "force-sync",
    "noncompliant",
];

fn tree() -> Tree {
    Tree::parse(include_str!("../../decision_tree.yaml")).expect("it has no mistake")
}

/// Calls `visit` at every node of every way that answers lead along, with the way so far; a way
/// goes on only where `visit` says so.
fn every_way<'t>(walk: &Walk<'t>, visit: &mut impl FnMut(&Walk<'t>) -> bool) {
    if !visit(walk) {
        return;
    }
    for step in walk.moves() {
        let mut next = walk.clone();
        assert!(
            next.answer(step.id()),
            "{} is offered but refused",
            step.id()
        );
        every_way(&next, visit);
    }
}

fn node<'t>(walk: &Walk<'t>) -> Option<(NodeId, &'t Node)> {
    match walk.position() {
        Position::At(id) => Some((id, &walk.tree()[id])),
        Position::Ended(_) => None,
    }
}

fn is_question(node: &Node) -> bool {
    matches!(node.kind, Kind::Question(_))
}

#[test]
fn a_remedy_is_three_questions_away_and_never_more_than_six() {
    let tree = tree();
    let mut counts = Vec::new();
    every_way(&Walk::new(&tree), &mut |walk| {
        let (_, node) = node(walk).expect("answers to questions end no walk");
        if !is_question(node) {
            counts.push(walk.answers().len());
        }
        is_question(node)
    });
    counts.sort_unstable();
    let median = counts[counts.len() / 2];
    assert!(counts.len() > 50, "{counts:?}");
    assert!(median <= 3, "{median} questions: {counts:?}");
    assert!(counts.last() <= Some(&6), "{counts:?}");
}

#[test]
fn every_symptom_is_offered_first_and_each_of_its_remedies_can_be_reached() {
    let tree = tree();
    let symptoms: BTreeSet<&str> = tree.symptoms().map(|(node, _)| node.id.as_str()).collect();
    for symptom in SYMPTOMS {
        assert!(symptoms.contains(symptom), "{symptom} is missing");
        let id = tree.find(symptom).expect("it is in the tree");
        let walk = Walk::leading_to(&tree, id);
        assert_eq!(walk.answers().len(), 1, "{symptom}");
        let mut remedies = BTreeSet::new();
        every_way(&walk, &mut |walk| {
            let (_, node) = node(walk).expect("answers to questions end no walk");
            if !is_question(node) {
                remedies.insert(node.id.clone());
            }
            is_question(node)
        });
        let promised = tree.outcomes_from(id);
        let promised: BTreeSet<String> = promised.iter().map(|node| node.id.clone()).collect();
        assert_eq!(remedies, promised, "{symptom}");
    }
}

#[test]
fn every_way_ends_in_an_outcome_and_offers_no_remedy_twice() {
    let tree = tree();
    let mut ends: BTreeMap<String, usize> = BTreeMap::new();
    let mut met = BTreeSet::new();
    every_way(&Walk::new(&tree), &mut |walk| {
        let trail = walk.trail();
        let Some((id, here)) = node(walk) else {
            let Position::Ended(outcome) = walk.position() else {
                panic!("a walk is somewhere")
            };
            *ends.entry(format!("{outcome:?}")).or_default() += 1;
            return false;
        };
        met.insert(here.id.clone());
        // Whoever looked for something and found it is back where it was needed.
        let came_back = matches!(trail.last(), Some((_, Move::Found(_))));
        let seen = trail.iter().filter(|(node, _)| *node == id).count();
        let ids: Vec<&str> = trail
            .iter()
            .map(|(node, _)| tree[*node].id.as_str())
            .collect();
        assert!(seen == 0 || came_back, "{ids:?} come to {} again", here.id);
        // From there on it is the way without the detour.
        !came_back
    });
    let outcomes = [Outcome::Solved, Outcome::Escalated, Outcome::Waiting];
    for outcome in outcomes {
        assert!(ends.contains_key(&format!("{outcome:?}")), "{ends:?}");
    }
    let all = tree
        .nodes()
        .filter(|(_, node)| !matches!(node.kind, Kind::Symptom(_)));
    let all: BTreeSet<String> = all.map(|(_, node)| node.id.clone()).collect();
    assert_eq!(met, all);
}

#[test]
fn back_always_undoes_an_answer() {
    let tree = tree();
    for (id, own) in tree.nodes() {
        if matches!(own.kind, Kind::Symptom(_)) {
            continue;
        }
        let walk = Walk::leading_to(&tree, id);
        assert_eq!(walk.position(), Position::At(id), "{}", own.id);
        for step in walk.moves() {
            let mut next = walk.clone();
            assert!(next.answer(step.id()));
            assert_ne!(next.answers(), walk.answers());
            assert!(next.back());
            assert_eq!(next.answers(), walk.answers());
            assert_eq!(next.position(), walk.position());
            assert_eq!(next.earlier(), Some(step.id()));
        }
    }
}

#[test]
fn every_question_says_how_to_find_out_and_where_to_go_without() {
    for (_, node) in tree().nodes() {
        if let Kind::Question(question) = &node.kind {
            assert!(question.how.is_some(), "{} has no `how`", node.id);
            assert!(question.unsure.is_some(), "{} has no `unsure`", node.id);
        }
    }
}

#[test]
fn every_remedy_has_something_to_read_to_the_caller() {
    for (_, node) in tree().nodes() {
        if let Kind::Remedy(remedy) = &node.kind {
            let says = remedy.steps.iter().any(|step| step.say.is_some());
            assert!(says, "{} has no `say`", node.id);
        }
    }
}

#[test]
fn every_remedy_that_sends_somebody_to_a_console_helps_to_find_the_page() {
    let tree = tree();
    for (_, node) in tree.nodes() {
        if let Kind::Remedy(remedy) = &node.kind {
            let actions = remedy.steps.iter().map(|step| step.action.get(Lang::En));
            let pages = [
                "System > ",
                "Connectors and tokens",
                "under Devices",
                "Devices > All devices",
                "open Devices",
                "in Intune that",
                "assignments",
            ];
            let mut named = actions.filter(|action| pages.iter().any(|page| action.contains(page)));
            // These are the help.
            let is_help = ["console-role", "connector-rights", "intune-page"].contains(&&*node.id);
            let names_a_page = named.next().is_some();
            assert!(
                is_help || !names_a_page || remedy.cannot_find.is_some(),
                "{}",
                node.id
            );
        }
    }
}

/// Every text of a value, with the way to it.
fn texts(value: &Value, way: &str, found: &mut Vec<(String, String)>) {
    match value {
        Value::String(text) => found.push((way.to_owned(), text.clone())),
        Value::Array(values) => {
            for (index, value) in values.iter().enumerate() {
                texts(value, &format!("{way}/{index}"), found);
            }
        }
        Value::Object(entries) => {
            for (key, value) in entries {
                texts(value, &format!("{way}/{key}"), found);
            }
        }
        _ => {}
    }
}

#[test]
fn no_sentence_was_left_untranslated() {
    let tree = tree();
    for (_, node) in tree.nodes() {
        let [english, spanish] = Lang::ALL.map(|lang| {
            let view = serde_json::to_value(export::node(&tree, node, lang)).expect("JSON");
            let mut found = Vec::new();
            texts(&view, &node.id, &mut found);
            found.retain(|(way, _)| !way.ends_with("/source") && !way.contains("/phrases"));
            found
        });
        assert_eq!(english.len(), spanish.len());
        for ((way, english), (_, spanish)) in english.iter().zip(&spanish) {
            let is_sentence = english.split_whitespace().count() > 3;
            assert!(!is_sentence || english != spanish, "{way}: {english}");
        }
    }
}

#[test]
fn every_page_fits_its_screen_in_both_languages() {
    let tree = tree();
    for (_, node) in tree.nodes() {
        for lang in Lang::ALL {
            for width in [20, 40, 80, 200] {
                let look = Look {
                    width,
                    ..Look::PLAIN
                };
                let page = ui::show(&tree, node, lang, look);
                // An address stays whole, so that it can be copied.
                let lines = page
                    .lines()
                    .filter(|line| !line.contains("://") && !line.contains('@'));
                for line in lines {
                    let columns = console::measure_text_width(line);
                    assert!(columns <= width, "{} at {width}: {line}", node.id);
                }
                assert!(!page.contains('\u{1b}'));
            }
        }
    }
}
