//! Every device of the evidence walked through a tree without a person: to a remedy, to the first question
//! that the files do not answer, or to nothing, because it is healthy. Nothing is answered that the tree
//! does not say how to answer.

use std::collections::HashMap;

use rustc_hash::FxHashSet;

use crate::case::{Answered, Case, Event, Exhibit, TreeVersion};
use crate::evidence::{Device, Dossier, Ground, Subject, Verdict};
use crate::lang::Lang;
use crate::tree::{Kind, NodeId, Question, Tree};
use crate::walk::Move;
use jiff::Timestamp;

/// Where files alone lead.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum End {
    /// Nothing is wrong.
    Healthy,
    /// To a node.
    At {
        /// The symptom that was passed, if one was.
        symptom: Option<NodeId>,
        /// A remedy, an escalation, or the question that somebody has to answer.
        node: NodeId,
    },
}

/// The way that files alone lead.
#[derive(Debug)]
pub struct Way {
    /// The questions that they answer, in order.
    pub answers: Vec<(NodeId, Verdict)>,
    /// Where they lead.
    pub end: End,
    /// Why the device is healthy, where it is.
    pub healthy: Vec<Ground>,
}

/// What many devices have in common.
#[derive(Debug)]
pub struct Group {
    /// Where files lead them all.
    pub end: End,
    /// How many there are, at least one.
    pub devices: usize,
    /// The places of the first of them among the devices of the evidence.
    pub first: Vec<usize>,
}

/// How many devices of a group are named.
const NAMED: usize = 3;

/// Every device of the evidence, and where it ends.
#[derive(Debug)]
pub struct Triage<'d> {
    tree: &'d Tree,
    dossier: &'d Dossier<'d>,
    ends: Vec<End>,
}

impl Way {
    /// Walks as far as files lead.
    #[must_use]
    pub fn of(tree: &Tree, subject: &Subject) -> Way {
        let mut way = Way {
            answers: Vec::new(),
            end: End::Healthy,
            healthy: Vec::new(),
        };
        let (mut symptom, mut node) = (None, tree.start());
        let mut seen = FxHashSet::default();
        // Files answer a question in the same way each time, so to come back to it leads nowhere.
        while let (Kind::Question(question), true) = (&tree[node].kind, seen.insert(node)) {
            let Some(verdict) = subject.answer(question) else {
                break;
            };
            let to = question.choices[verdict.choice].to;
            if matches!(tree[to].kind, Kind::Symptom(_)) {
                symptom = symptom.or(Some(to));
            }
            way.answers.push((node, verdict));
            node = tree.past_symptom(to);
        }
        if way.answers.is_empty()
            && let Some(grounds) = subject.healthy()
        {
            way.healthy = grounds;
            return way;
        }
        way.end = End::At { symptom, node };
        way
    }
}

impl<'d> Triage<'d> {
    /// Walks every device of the evidence.
    #[must_use]
    pub fn new(tree: &'d Tree, dossier: &'d Dossier<'d>) -> Self {
        let end = |device| Way::of(tree, &dossier.subject(Some(device))).end;
        Triage {
            tree,
            dossier,
            ends: dossier.devices().iter().map(end).collect(),
        }
    }

    /// The tree that was walked.
    #[must_use]
    pub fn tree(&self) -> &'d Tree {
        self.tree
    }

    /// The evidence.
    #[must_use]
    pub fn dossier(&self) -> &'d Dossier<'d> {
        self.dossier
    }

    /// Every device, in the order of the evidence, with where it ends.
    #[must_use]
    pub fn devices(&self) -> impl ExactSizeIterator<Item = (&'d Device, End)> {
        self.dossier.devices().iter().zip(self.ends.iter().copied())
    }

    /// Whether no device has anything wrong with it.
    #[must_use]
    pub fn is_healthy(&self) -> bool {
        self.ends.iter().all(|end| *end == End::Healthy)
    }

    /// Devices that end in the same way, the most first; the order of the tree decides between equals.
    #[must_use]
    pub fn groups(&self) -> Vec<Group> {
        let mut groups: HashMap<End, Group> = HashMap::new();
        for (index, end) in self.ends.iter().enumerate() {
            let group = groups.entry(*end).or_insert(Group {
                end: *end,
                devices: 0,
                first: Vec::new(),
            });
            group.devices += 1;
            if group.first.len() < NAMED {
                group.first.push(index);
            }
        }
        let mut groups: Vec<Group> = groups.into_values().collect();
        groups.sort_by_key(|group| {
            let place = match group.end {
                End::Healthy => None,
                End::At { symptom, node } => Some((symptom, node)),
            };
            (std::cmp::Reverse(group.devices), place)
        });
        groups
    }

    /// The case of a device as far as files tell it, as if somebody had answered so, with a note of which
    /// device it is and what to know about the files.
    #[must_use]
    pub fn case(&self, device: &Device, id: String, now: Timestamp, lang: Lang) -> Case {
        let mut case = Case::new(id, now, TreeVersion::of(self.tree, lang));
        let way = Way::of(self.tree, &self.dossier.subject(Some(device)));
        let words = lang.words();
        let names = device.names(self.dossier).told();
        let mut note = vec![format!("{}: {names}", words.about_device)];
        if device.is_by_person {
            note.push(words.by_person.to_owned());
        }
        if way.end == End::Healthy {
            let grounds = way
                .healthy
                .iter()
                .map(|ground| ground.told(self.dossier, lang));
            let grounds: Vec<String> = grounds.collect();
            note.push(format!("{}: {}", words.triage_healthy, grounds.join("; ")));
        }
        let cautions = self.dossier.cautions().iter();
        note.extend(cautions.map(|caution| caution.told(self.dossier, lang)));
        case.record(
            now,
            Event::Noted {
                text: note.join("\n"),
            },
        );
        for (node, verdict) in &way.answers {
            if let Kind::Question(question) = &self.tree[*node].kind {
                let step = Move::Choose(&question.choices[verdict.choice]);
                let mut answered = Answered::new(self.tree, *node, step, lang, None);
                answered.evidence = Some(exhibit(verdict, question, self.dossier, lang));
                case.record(now, Event::Answered(answered));
            }
        }
        case
    }
}

impl End {
    /// What kind of end it is, as programs are told.
    #[must_use]
    pub fn id(self, tree: &Tree) -> &'static str {
        match self {
            End::Healthy => "healthy",
            End::At { node, .. } => tree[node].kind.name(),
        }
    }
}

/// What files say about a question, as it is written down.
#[must_use]
pub fn exhibit(verdict: &Verdict, question: &Question, dossier: &Dossier, lang: Lang) -> Exhibit {
    let choice = &question.choices[verdict.choice];
    let grounds = verdict.grounds.iter();
    Exhibit {
        choice: choice.id.clone(),
        answer: choice.label.get(lang).to_owned(),
        grounds: grounds.map(|ground| ground.told(dossier, lang)).collect(),
    }
}
