//! A [`Report`] is a case as it goes into a ticket: what was asked and answered on the way that was taken in
//! the end, what was tried, what was noted and what is open. What must not be spread is replaced before
//! anything is written, and each format escapes at its own edge.

mod message;
mod redact;
mod text;

use std::collections::BTreeMap;

use serde::Serialize;

use crate::case::{Answered, Asked, Case, Ended, Event, Mark, State, Timestamp, TreeVersion};
use crate::lang::Lang;
use crate::tree::{self, Kind, Node, Tree, Who};
use crate::walk::{Position, Walk};
pub use message::Message;
use redact::Redactor;

/// The version of the form of a report, for programs that read it.
const FORMAT: u32 = 1;

/// The JSON Schema of a report, as `report.schema.json` has it.
pub const SCHEMA: &str = include_str!("../report.schema.json");

/// A case as it goes into a ticket.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Report {
    format: u32,
    case: String,
    language: &'static str,
    program: String,
    tree: TreeVersion,
    opened: Timestamp,
    updated: Timestamp,
    state: State,
    #[serde(skip_serializing_if = "Option::is_none")]
    due: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    symptom: Option<Named>,
    described: Vec<Written>,
    answers: Vec<Asking>,
    remedies: Vec<Tried>,
    notes: Vec<Written>,
    facts: Vec<Fact>,
    unknown: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    open: Option<Named>,
    #[serde(skip_serializing_if = "Option::is_none")]
    escalated_to: Option<Named>,
    hidden: BTreeMap<&'static str, usize>,
}

/// An entry of the tree.
#[derive(Debug, Serialize)]
struct Named {
    id: String,
    title: String,
}

/// Something that somebody wrote.
#[derive(Debug, Serialize)]
struct Written {
    at: Timestamp,
    text: String,
}

/// A question and the answer to it.
#[derive(Debug, Serialize)]
struct Asking {
    at: Timestamp,
    node: String,
    choice: String,
    question: String,
    answer: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    evidence: Option<Said>,
}

/// What files said about a question.
#[derive(Debug, Serialize)]
struct Said {
    /// Whether it is what was answered.
    agrees: bool,
    answer: String,
    grounds: Vec<String>,
}

/// A remedy that was come to, and what became of it.
#[derive(Debug, Default, Serialize)]
struct Tried {
    id: String,
    title: String,
    /// The id of the answer whether it helped; nothing where that is open.
    #[serde(skip_serializing_if = "Option::is_none")]
    result: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    answer: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cause: Option<String>,
    steps: Vec<Step>,
    links: Vec<Link>,
}

/// A step of a remedy, and what became of it.
#[derive(Debug, Serialize)]
struct Step {
    #[serde(skip_serializing_if = "Option::is_none")]
    who: Option<Who>,
    #[serde(rename = "do")]
    action: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    mark: Option<Mark>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

/// A page to read.
#[derive(Debug, PartialEq, Serialize)]
struct Link {
    label: String,
    url: String,
}

/// A fact that those who go on ask for.
#[derive(Debug, Serialize)]
struct Fact {
    fact: String,
    value: String,
}

impl Report {
    /// A case as it stands, told in one language. What the tree no longer has is told in the words that were
    /// read then. `keeps_all` leaves in what people wrote about persons and devices.
    #[must_use]
    pub fn new(case: &Case, tree: &Tree, lang: Lang, keeps_all: bool) -> Self {
        let mut redactor = (!keeps_all).then(|| Redactor::new(tree, case.written()));
        let mut safe = |text: &str| match &mut redactor {
            Some(redactor) => redactor.redact(text),
            None => text.to_owned(),
        };
        let route = case.route();
        let asked = route.iter().filter(|(_, own)| own.kind == Asked::Question);
        let answers = asked.map(|(index, own)| {
            let (question, answer) = own.told_in_short(lang, tree);
            let evidence = own.evidence.as_ref().map(|said| Said {
                agrees: said.choice == own.choice,
                answer: said.answer.clone(),
                grounds: said.grounds.iter().map(|ground| safe(ground)).collect(),
            });
            Asking {
                at: case.entries[*index].at,
                node: own.node.clone(),
                choice: own.choice.clone(),
                question,
                answer,
                evidence,
            }
        });
        let answers = answers.collect();
        let walk = Walk::resumed(tree, &case.answers()).walk;
        let state = case.state();
        let open = match (walk.position(), state.is_unfinished()) {
            (Position::At(node), true) => Some(&tree[node]),
            _ => None,
        };
        let mut remedies: Vec<Tried> = Vec::new();
        for (_, own) in route.iter().filter(|(_, own)| own.kind == Asked::Remedy) {
            remedies.push(Tried::new(case, tree, lang, own, &mut safe));
        }
        let is_answered = |node: &Node| remedies.last().is_some_and(|last| last.id == node.id);
        if let Some(node) =
            open.filter(|node| matches!(node.kind, Kind::Remedy(_)) && !is_answered(node))
        {
            remedies.push(Tried::open(case, node, tree, lang, &mut safe));
        }
        // What was done was done, also where the tree no longer leads there.
        for (id, title) in case.marked_remedies() {
            if !remedies.iter().any(|own| own.id == id) {
                remedies.push(Tried::gone(case, id, title.to_owned(), &mut safe));
            }
        }
        let mut report = Report {
            format: FORMAT,
            case: case.id.clone(),
            language: lang.code(),
            program: case.program.clone(),
            tree: case.tree.clone(),
            opened: case.opened,
            updated: case.updated(),
            state,
            due: state.due(),
            symptom: case.symptom(tree, lang).map(|(id, title)| Named {
                id: id.to_owned(),
                title,
            }),
            described: Vec::new(),
            answers,
            remedies,
            notes: Vec::new(),
            facts: Vec::new(),
            unknown: unknown(&route, tree, lang),
            open: open.map(|node| Named::of(node, lang)),
            escalated_to: escalation(&route, tree, open, lang),
            hidden: BTreeMap::new(),
        };
        for entry in &case.entries {
            let at = entry.at;
            match &entry.event {
                Event::Described { text } => report.described.push(Written {
                    at,
                    text: safe(text),
                }),
                Event::Noted { text } => report.notes.push(Written {
                    at,
                    text: safe(text),
                }),
                Event::Stated { fact, value } => {
                    report.facts.retain(|own| own.fact != *fact);
                    report.facts.push(Fact {
                        fact: fact.clone(),
                        value: safe(value),
                    });
                }
                _ => {}
            }
        }
        report.hidden = redactor.map(|redactor| redactor.hidden).unwrap_or_default();
        report
    }

    /// The report as JSON, as [`SCHEMA`] describes it.
    ///
    /// # Errors
    ///
    /// None that can happen: it is written to memory.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string_pretty(self).map(|text| text + "\n")
    }
}

impl Named {
    fn of(node: &Node, lang: Lang) -> Self {
        Named {
            id: node.id.clone(),
            title: node.title().get(lang).to_owned(),
        }
    }
}

impl Tried {
    /// A remedy that was answered.
    fn new(
        case: &Case,
        tree: &Tree,
        lang: Lang,
        answered: &Answered,
        safe: &mut dyn FnMut(&str) -> String,
    ) -> Self {
        let (title, answer) = answered.told_in_short(lang, tree);
        let tried = match tree.find(&answered.node) {
            Some(node) => Tried::open(case, &tree[node], tree, lang, safe),
            None => Tried::gone(case, &answered.node, title, safe),
        };
        Tried {
            result: Some(answered.choice.clone()),
            answer: Some(answer),
            ..tried
        }
    }

    /// A remedy that the tree no longer has: what is known of it is what was marked.
    fn gone(case: &Case, id: &str, title: String, safe: &mut dyn FnMut(&str) -> String) -> Self {
        Tried {
            id: id.to_owned(),
            title,
            steps: marked_only(case, id, &[], safe),
            ..Tried::default()
        }
    }

    /// A remedy of which it is not known whether it helped.
    fn open(
        case: &Case,
        node: &Node,
        tree: &Tree,
        lang: Lang,
        safe: &mut dyn FnMut(&str) -> String,
    ) -> Self {
        let Kind::Remedy(remedy) = &node.kind else {
            return Tried::gone(case, &node.id, node.title().get(lang).to_owned(), safe);
        };
        let mut steps = Vec::with_capacity(remedy.steps.len());
        for step in &remedy.steps {
            let marked = case.mark(&node.id, &step.action);
            steps.push(Step {
                who: Some(step.who),
                action: step.action.get(lang).to_owned(),
                mark: marked.map(|marked| marked.mark),
                reason: marked
                    .and_then(|marked| marked.reason.as_deref())
                    .map(&mut *safe),
            });
        }
        // Steps that the remedy had then, and has no longer.
        steps.extend(marked_only(case, &node.id, &remedy.steps, safe));
        let links = remedy.links.iter().map(|id| {
            let link = tree.link(*id);
            Link {
                label: link.label.get(lang).to_owned(),
                url: link.url.get(lang).to_owned(),
            }
        });
        Tried {
            id: node.id.clone(),
            title: remedy.title.get(lang).to_owned(),
            cause: Some(remedy.cause.get(lang).to_owned()),
            steps,
            links: links.collect(),
            ..Tried::default()
        }
    }
}

/// The steps of a remedy that were marked and are not among these, as they were read then.
fn marked_only(
    case: &Case,
    remedy: &str,
    others: &[tree::Step],
    safe: &mut dyn FnMut(&str) -> String,
) -> Vec<Step> {
    let is_other = |action: &str| {
        let mut others = others.iter();
        others.any(|step| step.action.all().any(|own| own == action))
    };
    let marks = case.marks(remedy).into_iter();
    let steps = marks.filter(|marked| !is_other(&marked.action));
    let steps = steps.map(|marked| Step {
        who: None,
        action: marked.action.clone(),
        mark: Some(marked.mark),
        reason: marked.reason.as_deref().map(&mut *safe),
    });
    steps.collect()
}

/// The questions that nobody could answer, and what nobody could find.
fn unknown(route: &[(usize, &Answered)], tree: &Tree, lang: Lang) -> Vec<String> {
    let words = lang.words();
    let unknown = route.iter().enumerate().filter_map(|(at, (_, own))| {
        let is_found = || route[at..].iter().any(|(_, later)| later.choice == "found");
        let what = match own.choice.as_str() {
            "cannot-find" if is_found() => return None,
            "unsure" if own.kind == Asked::Question => words.not_sure,
            "cannot-find" if own.kind == Asked::Remedy => words.not_found,
            _ => return None,
        };
        Some(format!("{} ({what})", own.told_in(lang, tree).0))
    });
    unknown.collect()
}

/// Who goes on, where somebody does.
fn escalation(
    route: &[(usize, &Answered)],
    tree: &Tree,
    open: Option<&Node>,
    lang: Lang,
) -> Option<Named> {
    let last = route
        .last()
        .filter(|(_, own)| own.ended == Some(Ended::Escalated));
    let answered = last.map(|(_, own)| match tree.find(&own.node) {
        Some(node) => Named::of(&tree[node], lang),
        None => Named {
            id: own.node.clone(),
            title: own.asked.clone(),
        },
    });
    let open = open.filter(|node| matches!(node.kind, Kind::Escalation(_)));
    answered.or_else(|| open.map(|node| Named::of(node, lang)))
}
