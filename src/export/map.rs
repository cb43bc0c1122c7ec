//! The map of a tree, or of the part that one node leads to: each node is in it once, and each way
//! from one node to another once, in the order of the file. How it is drawn is left to each format.

use textwrap::{Options, WordSeparator, WordSplitter, WrapAlgorithm};

use crate::lang::{Lang, Words};
use crate::tree::{Kind, Node, NodeId, Tree};

/// The widest line of a place's label, in columns.
const PLACE_COLUMNS: usize = 30;
/// The widest line of a way's label, in columns.
const WAY_COLUMNS: usize = 24;

/// What to draw, in one language.
#[derive(Debug)]
pub struct Map<'t> {
    pub(super) title: &'t str,
    pub(super) lang: Lang,
    pub(super) places: Vec<Place<'t>>,
    pub(super) ways: Vec<Way>,
}

/// A node.
#[derive(Debug)]
pub(super) struct Place<'t> {
    pub(super) id: &'t str,
    pub(super) kind: &'t Kind,
    /// The title, in lines.
    pub(super) label: Vec<String>,
}

/// A way from one place to another, both by their index.
#[derive(Debug)]
pub(super) struct Way {
    pub(super) from: usize,
    pub(super) to: usize,
    /// The answer that leads along it, in lines; none where nothing is answered, or where the answer
    /// reads like the place that it leads to.
    pub(super) label: Vec<String>,
    /// Whether a choice leads along it, and not that there was none to take.
    pub(super) is_choice: bool,
}

impl<'t> Map<'t> {
    /// The map of everything that a node leads to, itself included: of the whole tree where it is
    /// the first question.
    #[must_use]
    pub fn new(tree: &'t Tree, from: NodeId, lang: Lang) -> Self {
        let mut nodes = tree.reached_from(from);
        nodes.sort_unstable();
        let places = nodes.iter().map(|id| {
            let node = &tree[*id];
            Place {
                id: &node.id,
                kind: &node.kind,
                label: lines(node.title().get(lang), PLACE_COLUMNS),
            }
        });
        let ways = nodes.iter().enumerate().flat_map(|(from, id)| {
            let nodes = &nodes;
            ways(&tree[*id], lang).filter_map(move |(to, label, is_choice)| {
                let repeats = label == tree[to].title().get(lang);
                let label = if repeats { "" } else { label };
                Some(Way {
                    from,
                    to: nodes.binary_search(&to).ok()?,
                    label: lines(label, WAY_COLUMNS),
                    is_choice,
                })
            })
        });
        Map {
            title: tree.title().get(lang),
            lang,
            places: places.collect(),
            ways: ways.collect(),
        }
    }

    /// A place of each kind that is in it, with the name of the kind.
    pub(super) fn kinds(&self) -> Vec<(&'t Kind, &'static str)> {
        let words = self.lang.words();
        let mut kinds: Vec<(&Kind, &str)> = Vec::new();
        for place in &self.places {
            if kinds
                .iter()
                .all(|(kind, _)| kind.name() != place.kind.name())
            {
                let name = match place.kind {
                    Kind::Symptom(_) => words.symptom,
                    Kind::Question(_) => words.question,
                    Kind::Remedy(_) => words.remedy,
                    Kind::Escalation(_) => words.escalation,
                };
                kinds.push((place.kind, name));
            }
        }
        kinds
    }
}

/// The ways out of a node: where each leads, the answer that leads there, and whether that is one of
/// the choices.
fn ways(node: &Node, lang: Lang) -> impl Iterator<Item = (NodeId, &str, bool)> {
    let words: &Words = lang.words();
    let (choices, others) = match &node.kind {
        Kind::Symptom(symptom) => (&[][..], [Some((symptom.to, "", true)), None]),
        Kind::Question(question) => {
            let unsure = question.unsure.map(|to| (to, words.not_sure, false));
            (&question.choices[..], [unsure, None])
        }
        Kind::Remedy(remedy) => {
            let cannot_find = remedy.cannot_find.map(|to| (to, words.not_found, false));
            let otherwise = (remedy.otherwise, words.did_not_help, false);
            (&[][..], [Some(otherwise), cannot_find])
        }
        Kind::Escalation(_) => (&[][..], [None, None]),
    };
    let choices = choices.iter();
    let choices = choices.map(move |choice| (choice.to, choice.label.get(lang), true));
    choices.chain(others.into_iter().flatten())
}

/// A text in lines; none where there is no text.
fn lines(text: &str, columns: usize) -> Vec<String> {
    let options = Options::new(columns)
        .word_separator(WordSeparator::AsciiSpace)
        .word_splitter(WordSplitter::NoHyphenation)
        .wrap_algorithm(WrapAlgorithm::FirstFit);
    let lines = textwrap::wrap(text, options).into_iter();
    let lines = lines.map(|line| line.trim().to_owned());
    lines.filter(|line| !line.is_empty()).collect()
}
