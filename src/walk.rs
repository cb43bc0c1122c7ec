//! A [`Walk`] is the list of answers given so far and nothing else; where it stands is computed by
//! replaying them from the start. No input or output, no clock, no sentence for a person, and an
//! input that makes no sense changes nothing.

use std::collections::{HashMap, VecDeque};

use crate::tree::{Choice, Kind, Node, NodeId, Tree};

/// One answer, by ids that stay the same when the tree is edited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The id of the node that was answered.
    pub node: String,
    /// The id of the choice, or the [`Move::id`] of what was chosen elsewhere.
    pub choice: String,
}

/// What can be answered at a node, and where that leads.
#[derive(Clone, Copy, Debug)]
pub enum Move<'t> {
    /// One of the choices of a question.
    Choose(&'t Choice),
    /// The person could not find out.
    Unsure(NodeId),
    /// The remedy helped.
    Solved,
    /// The remedy did not help.
    NotSolved(NodeId),
    /// Whether the remedy helped will only be seen later.
    Waiting,
    /// What the steps name is not where they say.
    CannotFind(NodeId),
    /// What this remedy was needed for has been found: back to the remedy that names it.
    Found(NodeId),
    /// Somebody else goes on.
    HandedOver,
}

impl<'t> Move<'t> {
    /// The stable id that stands for it in an answer.
    #[must_use]
    pub fn id(self) -> &'t str {
        match self {
            Move::Choose(choice) => &choice.id,
            Move::Unsure(_) => "unsure",
            Move::Solved => "solved",
            Move::NotSolved(_) => "not-solved",
            Move::Waiting => "waiting",
            Move::CannotFind(_) => "cannot-find",
            Move::Found(_) => "found",
            Move::HandedOver => "handed-over",
        }
    }

    /// Everything that can ever be answered at a node. Where [`Move::Found`] leads is not known before it is
    /// walked; here it stands for any remedy.
    #[must_use]
    pub fn all_at(node: &'t Node) -> Vec<Move<'t>> {
        match &node.kind {
            Kind::Remedy(remedy) => {
                let mut all = moves_of(node, None);
                all.push(Move::Found(remedy.otherwise));
                all
            }
            _ => moves_of(node, None),
        }
    }

    /// How the walk ends with it, if it does.
    #[must_use]
    pub fn outcome(self) -> Option<Outcome> {
        match self.target() {
            Position::At(_) => None,
            Position::Ended(outcome) => Some(outcome),
        }
    }

    /// Where the move leads, before a symptom is passed through.
    fn target(self) -> Position {
        match self {
            Move::Choose(choice) => Position::At(choice.to),
            Move::Unsure(to) | Move::NotSolved(to) | Move::CannotFind(to) | Move::Found(to) => {
                Position::At(to)
            }
            Move::Solved => Position::Ended(Outcome::Solved),
            Move::Waiting => Position::Ended(Outcome::Waiting),
            Move::HandedOver => Position::Ended(Outcome::Escalated),
        }
    }
}

/// How a walk can end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The person says that it is solved.
    Solved,
    /// Somebody else goes on.
    Escalated,
    /// Something has to be waited for.
    Waiting,
}

/// Where a walk stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Position {
    /// At a question, a remedy or an escalation; never at a symptom.
    At(NodeId),
    /// At its end.
    Ended(Outcome),
}

/// A way through a tree.
#[derive(Clone, Debug)]
pub struct Walk<'t> {
    tree: &'t Tree,
    answers: Vec<Answer>,
    undone: Vec<Answer>,
}

/// What became of answers that were given in another tree, or in an earlier form of the same.
#[derive(Debug)]
pub struct Resumed<'t> {
    /// The walk, as far as the answers still lead.
    pub walk: Walk<'t>,
    /// Which of the answers it is made of.
    pub kept: Vec<usize>,
    /// What differs from then, in the order of the walk.
    pub changes: Vec<Change>,
    /// The answers that are left over, which may hold again further on.
    pub rest: Vec<Answer>,
}

/// How a tree differs from the one in which answers were given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// What was answered is no longer in the tree. The number is that of the answer, here and below.
    Gone(usize),
    /// What was answered is no longer asked on this way.
    NotAsked(usize),
    /// What was answered is still asked, but this answer is no longer among those offered.
    NotOffered(usize),
    /// This was not asked then.
    New(NodeId),
}

/// What replaying the answers comes to.
struct Replay<'t> {
    position: Position,
    trail: Vec<(NodeId, Move<'t>)>,
    /// The remedies that were left to find what their steps name, latest last.
    detours: Vec<NodeId>,
}

impl<'t> Walk<'t> {
    /// A walk at the first question of a tree.
    #[must_use]
    pub fn new(tree: &'t Tree) -> Self {
        Walk {
            tree,
            answers: Vec::new(),
            undone: Vec::new(),
        }
    }

    /// A walk that has just been led to this node, by the fewest answers that lead there; at the
    /// first question where none do.
    #[must_use]
    pub fn leading_to(tree: &'t Tree, node: NodeId) -> Self {
        let mut came_from: HashMap<NodeId, (NodeId, Move)> = HashMap::new();
        let mut queue = VecDeque::from([tree.start()]);
        while let Some(at) = queue.pop_front() {
            for step in moves_of(&tree[at], None) {
                let Position::At(to) = step.target() else {
                    continue;
                };
                for reached in [to, tree.past_symptom(to)] {
                    if reached != tree.start() && !came_from.contains_key(&reached) {
                        came_from.insert(reached, (at, step));
                        queue.push_back(tree.past_symptom(to));
                    }
                }
            }
        }
        let mut answers = Vec::new();
        let mut at = node;
        while let Some((from, step)) = came_from.get(&at) {
            answers.push(Answer {
                node: tree[*from].id.clone(),
                choice: step.id().to_owned(),
            });
            at = *from;
        }
        answers.reverse();
        Walk {
            answers,
            ..Walk::new(tree)
        }
    }

    /// A walk by answers that may have been given in another form of the tree: it goes on for as long as
    /// there is an answer to what is asked, and leaves out the answers to what is not. The answers that
    /// are left over are offered again where they were given.
    #[must_use]
    pub fn resumed(tree: &'t Tree, answers: &[Answer]) -> Resumed<'t> {
        let mut replay = Replay::new(tree, answers.len());
        let mut kept = Vec::new();
        let mut changes = Vec::new();
        let lost = |index: usize| match tree.find(&answers[index].node) {
            None => Change::Gone(index),
            Some(_) => Change::NotAsked(index),
        };
        let mut next = 0;
        while let Position::At(at) = replay.position {
            let rest = &answers[next..];
            let Some(skipped) = rest.iter().position(|own| own.node == tree[at].id) else {
                let gone = (next..answers.len()).map(lost);
                changes.extend(gone.filter(|change| matches!(change, Change::Gone(_))));
                if !rest.is_empty() && matches!(tree[at].kind, Kind::Question(_)) {
                    changes.push(Change::New(at));
                }
                break;
            };
            changes.extend((next..next + skipped).map(lost));
            next += skipped;
            if !replay.follow(tree, at, &answers[next].choice) {
                changes.push(Change::NotOffered(next));
                break;
            }
            kept.push(next);
            next += 1;
        }
        let walk = Walk {
            answers: kept.iter().map(|index| answers[*index].clone()).collect(),
            undone: answers[next..].iter().rev().cloned().collect(),
            ..Walk::new(tree)
        };
        Resumed {
            walk,
            kept,
            changes,
            rest: answers[next..].to_vec(),
        }
    }

    /// The tree that is walked.
    #[must_use]
    pub fn tree(&self) -> &'t Tree {
        self.tree
    }

    /// The answers so far, in the order given.
    #[must_use]
    pub fn answers(&self) -> &[Answer] {
        &self.answers
    }

    /// Where the walk stands.
    #[must_use]
    pub fn position(&self) -> Position {
        self.replay().position
    }

    /// The nodes that were answered on the way, each with its answer.
    #[must_use]
    pub fn trail(&self) -> Vec<(NodeId, Move<'t>)> {
        self.replay().trail
    }

    /// What can be answered now, in the order of the screen; nothing at the end.
    #[must_use]
    pub fn moves(&self) -> Vec<Move<'t>> {
        let replay = self.replay();
        match replay.position {
            Position::At(at) => moves_of(&self.tree[at], replay.detours.last().copied()),
            Position::Ended(_) => Vec::new(),
        }
    }

    /// Answers with the id of one of the [moves](Walk::moves).
    ///
    /// Returns whether that made sense; where not, nothing has changed.
    pub fn answer(&mut self, choice: &str) -> bool {
        let mut replay = self.replay();
        let Position::At(at) = replay.position else {
            return false;
        };
        let makes_sense = replay.follow(self.tree, at, choice);
        if makes_sense {
            self.answers.push(Answer {
                node: self.tree[at].id.clone(),
                choice: choice.to_owned(),
            });
        }
        makes_sense
    }

    /// Takes the last answer back. Returns whether there was one.
    pub fn back(&mut self) -> bool {
        let last = self.answers.pop();
        let undone = last.is_some();
        self.undone.extend(last);
        undone
    }

    /// Takes every answer back. Returns whether there was one.
    pub fn restart(&mut self) -> bool {
        let any = !self.answers.is_empty();
        while self.back() {}
        any
    }

    /// The answer that was given here before it was taken back.
    #[must_use]
    pub fn earlier(&self) -> Option<&str> {
        let Position::At(at) = self.position() else {
            return None;
        };
        let id = &self.tree[at].id;
        let here = self.undone.iter().rev().find(|answer| answer.node == *id);
        here.map(|answer| answer.choice.as_str())
    }

    fn replay(&self) -> Replay<'t> {
        let mut replay = Replay::new(self.tree, self.answers.len());
        for answer in &self.answers {
            let Position::At(at) = replay.position else {
                break;
            };
            if self.tree[at].id != answer.node || !replay.follow(self.tree, at, &answer.choice) {
                break;
            }
        }
        replay
    }
}

impl<'t> Replay<'t> {
    /// The first question, with room for so many answers.
    fn new(tree: &Tree, answers: usize) -> Self {
        Replay {
            position: Position::At(tree.start()),
            trail: Vec::with_capacity(answers),
            detours: Vec::new(),
        }
    }

    /// Goes on from a node by one answer. Returns whether the answer made sense there.
    fn follow(&mut self, tree: &'t Tree, at: NodeId, choice: &str) -> bool {
        let moves = moves_of(&tree[at], self.detours.last().copied());
        let Some(step) = moves.into_iter().find(|step| step.id() == choice) else {
            return false;
        };
        match step {
            Move::CannotFind(_) => self.detours.push(at),
            Move::Found(_) => drop(self.detours.pop()),
            Move::NotSolved(_) => self.detours.clear(),
            _ => {}
        }
        self.trail.push((at, step));
        self.position = match step.target() {
            Position::At(to) => Position::At(tree.past_symptom(to)),
            ended @ Position::Ended(_) => ended,
        };
        true
    }
}

/// What can be answered at a node. `left` is the remedy that was left to find what its steps name.
fn moves_of(node: &Node, left: Option<NodeId>) -> Vec<Move<'_>> {
    match &node.kind {
        Kind::Symptom(_) => Vec::new(),
        Kind::Question(question) => {
            let choices = question.choices.iter().map(Move::Choose);
            choices.chain(question.unsure.map(Move::Unsure)).collect()
        }
        Kind::Remedy(remedy) => {
            let first = left.map_or(Move::Solved, Move::Found);
            let otherwise = Move::NotSolved(remedy.otherwise);
            let moves = [first, otherwise, Move::Waiting].into_iter();
            moves
                .chain(remedy.cannot_find.map(Move::CannotFind))
                .collect()
        }
        Kind::Escalation(_) => vec![Move::HandedOver],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
    choices:
      - {id: yes, label: \"Yes\", to: replace}
      - {id: no, label: \"No\", to: switch}
    unsure: switch
  switch:
    remedy: Switch it off and on
    cause: It has run for months.
    steps: [{who: user, do: Press the button}]
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
    channels: [{text: By phone}]
    facts: [Serial number]
";

    fn tree() -> Tree {
        Tree::parse(TREE).expect("it has no mistake")
    }

    fn walked<'t>(tree: &'t Tree, answers: &[&str]) -> Walk<'t> {
        let mut walk = Walk::new(tree);
        for answer in answers {
            assert!(walk.answer(answer), "{answer} makes no sense");
        }
        walk
    }

    /// The id of the node where a walk stands, or how it ended.
    fn stands(walk: &Walk) -> String {
        match walk.position() {
            Position::At(id) => walk.tree()[id].id.clone(),
            Position::Ended(outcome) => format!("{outcome:?}"),
        }
    }

    #[test]
    fn answers_lead_from_node_to_node() {
        let tree = tree();
        for (answers, end) in [
            (&[][..], "what"),
            (&["slow"], "age"),
            (&["slow", "unsure"], "switch"),
            (&["slow", "no", "solved"], "Solved"),
            (&["slow", "no", "waiting"], "Waiting"),
            (&["slow", "no", "not-solved"], "replace"),
            (&["slow", "no", "not-solved", "not-solved"], "service"),
            (&["other", "handed-over"], "Escalated"),
            (&["slow", "no", "cannot-find"], "find-button"),
            (&["slow", "no", "cannot-find", "found"], "switch"),
            (&["slow", "no", "cannot-find", "found", "solved"], "Solved"),
            (&["slow", "no", "cannot-find", "not-solved"], "service"),
        ] {
            assert_eq!(stands(&walked(&tree, answers)), end, "{answers:?}");
        }
    }

    #[test]
    fn what_makes_no_sense_changes_nothing() {
        let tree = tree();
        let mut walk = walked(&tree, &["slow", "no"]);
        for nonsense in ["yes", "found", "handed-over", "unsure", "", "SOLVED"] {
            assert!(!walk.answer(nonsense), "{nonsense}");
        }
        assert_eq!(stands(&walk), "switch");
        assert!(walk.answer("solved"));
        assert!(!walk.answer("solved"));
        assert_eq!(walk.answers().len(), 3);
    }

    #[test]
    fn back_undoes_one_answer_and_remembers_it() {
        let tree = tree();
        let mut walk = walked(&tree, &["slow", "no", "cannot-find"]);
        for (end, earlier) in [("switch", "cannot-find"), ("age", "no"), ("what", "slow")] {
            assert!(walk.back());
            assert_eq!((&*stands(&walk), walk.earlier()), (end, Some(earlier)));
        }
        assert!(!walk.back());
        assert_eq!(stands(&walk), "what");
        // Another way leaves the earlier answers of the first one where they were given.
        assert!(walk.answer("slow"));
        assert_eq!(walk.earlier(), Some("no"));
    }

    #[test]
    fn starting_over_undoes_everything() {
        let tree = tree();
        let mut walk = walked(&tree, &["slow", "yes", "not-solved"]);
        assert!(walk.restart());
        assert_eq!(stands(&walk), "what");
        assert!(!walk.restart());
    }

    #[test]
    fn the_remedy_that_was_left_is_offered_again_where_it_was_found() {
        let tree = tree();
        let ids = |walk: &Walk| -> Vec<String> {
            walk.moves()
                .iter()
                .map(|step| step.id().to_owned())
                .collect()
        };
        let walk = walked(&tree, &["slow", "no", "cannot-find"]);
        assert_eq!(ids(&walk), ["found", "not-solved", "waiting"]);
        let walk = walked(&tree, &["slow", "no", "cannot-find", "found"]);
        assert_eq!(
            ids(&walk),
            ["solved", "not-solved", "waiting", "cannot-find"]
        );
    }

    #[test]
    fn answers_are_replayed_in_another_form_of_the_tree() {
        const ASKED: &str = "slow:\n    symptom: The printer is slow\n    to: age";
        const LIGHT: &str =
            "light: {question: Is it on?, choices: [{id: y, label: Y, to: switch}]}\n  slow:";
        let original = tree();
        let walk = walked(&original, &["slow", "no", "not-solved"]);
        for (edits, stands_at, kept, changes) in [
            (&[][..], "replace", &[0, 1, 2][..], &[][..]),
            (
                &[("  age:", "  years:"), ("to: age", "to: years")],
                "years",
                &[0],
                &["gone age", "new years"],
            ),
            (
                &[
                    (ASKED, "slow:\n    symptom: Slow\n    to: switch"),
                    (
                        "id: other, label: Something else, to: service",
                        "id: other, label: O, to: age",
                    ),
                ],
                "replace",
                &[0, 2],
                &["not-asked age"],
            ),
            (
                &[("{id: no,", "{id: nope,")],
                "age",
                &[0],
                &["not-offered age"],
            ),
            (
                &[
                    ("\"No\", to: switch", "\"No\", to: light"),
                    ("slow:", LIGHT),
                ],
                "light",
                &[0, 1],
                &["new light"],
            ),
        ] {
            let edit = |text: String, (from, into): &(&str, &str)| {
                assert!(text.contains(from), "{from}");
                text.replacen(from, into, if *from == "to: age" { 9 } else { 1 })
            };
            let edited = edits.iter().fold(TREE.to_owned(), edit);
            let edited = Tree::parse(&edited).expect("it has no mistake");
            let resumed = Walk::resumed(&edited, walk.answers());
            assert_eq!(stands(&resumed.walk), stands_at);
            assert_eq!(resumed.kept, kept);
            let named = |change: &Change| match change {
                Change::Gone(index) => format!("gone {}", walk.answers()[*index].node),
                Change::NotAsked(index) => format!("not-asked {}", walk.answers()[*index].node),
                Change::NotOffered(index) => format!("not-offered {}", walk.answers()[*index].node),
                Change::New(node) => format!("new {}", edited[*node].id),
            };
            let found: Vec<String> = resumed.changes.iter().map(named).collect();
            assert_eq!(found, changes);
        }
    }

    #[test]
    fn a_walk_can_begin_at_any_node() {
        let tree = tree();
        for (id, node) in tree.nodes() {
            let walk = Walk::leading_to(&tree, id);
            let expected = match &node.kind {
                Kind::Symptom(symptom) => &tree[symptom.to].id,
                _ => &node.id,
            };
            assert_eq!(&stands(&walk), expected);
        }
    }
}
