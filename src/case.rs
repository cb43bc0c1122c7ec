//! A [`Case`] is what happened in one conversation, in the order in which it happened, and nothing that
//! could be computed from it. What has been written down never changes; what was taken back is followed
//! by an entry that says so.
//!
//! It keeps the words that were read at the time beside the ids, so that it can be read where the tree
//! has changed or is not there at all.

mod file;

pub use file::{FORMAT, Unreadable};
pub use jiff::Timestamp;
use serde::{Deserialize, Serialize, Serializer};

use crate::lang::{Lang, Words, fill};
use crate::tree::{Kind, NodeId, Text, Tree};
use crate::walk::{Answer, Move, Outcome};

/// The record of one conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Case {
    /// What it is called: the day on which it began and a number.
    pub id: String,
    /// When it began.
    pub opened: Timestamp,
    /// The version of the program that began it.
    pub program: String,
    /// The tree that it began in.
    pub tree: TreeVersion,
    /// What happened, in order.
    pub entries: Vec<Entry>,
}

/// Which tree it was, and how new.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct TreeVersion {
    /// Its title.
    pub title: String,
    /// The latest day on which one of its remedies was confirmed, which is the version of what it
    /// says; nothing where it has no remedy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub checked: Option<String>,
}

/// Something that happened, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// When it happened.
    pub at: Timestamp,
    /// What happened.
    pub event: Event,
}

/// Something that can happen in a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Event {
    /// What was asked was answered.
    Answered(Answered),
    /// The last answer was taken back.
    TookBack,
    /// Every answer was taken back.
    StartedOver,
    /// The conversation went on at a later time, in the tree as it was then.
    Resumed {
        /// The answers that still led somewhere, by the number of their entry, in order.
        kept: Vec<usize>,
    },
    /// A text was typed or pasted to begin with.
    Described {
        /// The text.
        text: String,
    },
    /// Something was noted.
    Noted {
        /// The note.
        text: String,
    },
    /// It was said what became of a step.
    Marked(Marked),
    /// A fact was given that those who go on will ask for.
    Stated {
        /// What they ask for.
        fact: String,
        /// The answer.
        value: String,
    },
}

/// An answer, with what could be read then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Answered {
    /// The id of the node that was answered.
    pub node: String,
    /// What kind of node it was.
    pub kind: Asked,
    /// The id of the choice or the move.
    pub choice: String,
    /// The language in which it was read.
    pub language: Lang,
    /// The question, or the title of the remedy.
    pub asked: String,
    /// The words of the answer.
    pub answered: String,
    /// The id of the symptom that the answer led through.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub symptom: Option<String>,
    /// How the walk ended with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<Ended>,
    /// What files said about it, whether or not that was the answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<Exhibit>,
}

/// What files said about a question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Exhibit {
    /// The id of the choice that they speak for.
    pub choice: String,
    /// Its words, as they were read.
    pub answer: String,
    /// What it rests on: what each file says, in words.
    pub grounds: Vec<String>,
}

/// What was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Asked {
    /// A question.
    Question,
    /// Whether a remedy helped.
    Remedy,
    /// What to do at an escalation.
    Escalation,
}

/// How a walk ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ended {
    /// It is solved.
    Solved,
    /// Somebody else goes on.
    Escalated,
    /// Something has to be waited for.
    Pending {
        /// When to look again, where the remedy says how long it takes.
        due: Option<Timestamp>,
    },
}

/// What became of a step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Marked {
    /// The id of the remedy.
    pub remedy: String,
    /// The title of the remedy.
    pub title: String,
    /// What the step says, which tells it from the others also where the remedy has changed.
    pub action: String,
    /// What became of it.
    pub mark: Mark,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// What can become of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mark {
    /// It was done.
    Done,
    /// It had been tried before.
    Tried,
    /// It could not be done.
    CouldNot,
}

impl Mark {
    /// Everything that can become of a step.
    pub const ALL: [Mark; 3] = [Mark::Done, Mark::Tried, Mark::CouldNot];

    /// The stable name.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Mark::Done => "done",
            Mark::Tried => "tried",
            Mark::CouldNot => "could-not",
        }
    }

    /// The mark on the screen, with the reason where there is one.
    #[must_use]
    pub fn in_words(self, words: &Words, reason: Option<&str>) -> String {
        let name = match self {
            Mark::Done => words.mark_done,
            Mark::Tried => words.mark_tried,
            Mark::CouldNot => words.mark_could_not,
        };
        reason.map_or_else(|| name.to_owned(), |reason| format!("{name}: {reason}"))
    }
}

impl Marked {
    /// The mark on the screen, with the reason where there is one.
    #[must_use]
    pub fn in_words(&self, words: &Words) -> String {
        self.mark.in_words(words, self.reason.as_deref())
    }
}

/// Where a case stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It has not come to an end.
    Open,
    /// It has, in this way.
    Ended(Ended),
}

impl State {
    /// Every state, what is settled first.
    pub const ALL: [State; 4] = [
        State::Ended(Ended::Solved),
        State::Ended(Ended::Escalated),
        State::Ended(Ended::Pending { due: None }),
        State::Open,
    ];

    /// The stable name.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            State::Open => "open",
            State::Ended(Ended::Solved) => "solved",
            State::Ended(Ended::Escalated) => "escalated",
            State::Ended(Ended::Pending { .. }) => "pending",
        }
    }

    /// The state on the screen.
    #[must_use]
    pub fn name(self, words: &Words) -> &'static str {
        match self {
            State::Open => words.state_open,
            State::Ended(Ended::Solved) => words.state_solved,
            State::Ended(Ended::Escalated) => words.state_escalated,
            State::Ended(Ended::Pending { .. }) => words.state_pending,
        }
    }

    /// Whether there is something left to do here.
    #[must_use]
    pub fn is_unfinished(self) -> bool {
        matches!(self, State::Open | State::Ended(Ended::Pending { .. }))
    }

    /// When to look again, where that is known.
    #[must_use]
    pub fn due(self) -> Option<Timestamp> {
        match self {
            State::Ended(Ended::Pending { due }) => due,
            _ => None,
        }
    }
}

/// By its stable name.
impl Serialize for State {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.id())
    }
}

impl TreeVersion {
    /// The version of a tree.
    #[must_use]
    pub fn of(tree: &Tree, lang: Lang) -> Self {
        let checked = tree.nodes().filter_map(|(_, node)| match &node.kind {
            Kind::Remedy(remedy) => Some(remedy.checked),
            _ => None,
        });
        TreeVersion {
            title: tree.title().get(lang).to_owned(),
            checked: checked.max().map(|day| day.to_string()),
        }
    }
}

impl Case {
    /// A case in which nothing has happened yet.
    #[must_use]
    pub fn new(id: String, opened: Timestamp, tree: TreeVersion) -> Self {
        Case {
            id,
            opened,
            program: env!("CARGO_PKG_VERSION").to_owned(),
            tree,
            entries: Vec::new(),
        }
    }

    /// Writes down what happened.
    pub fn record(&mut self, at: Timestamp, event: Event) {
        self.entries.push(Entry { at, event });
    }

    /// When something last happened.
    #[must_use]
    pub fn updated(&self) -> Timestamp {
        self.entries.last().map_or(self.opened, |entry| entry.at)
    }

    /// The answers that have not been taken back, each with the number of its entry.
    #[must_use]
    pub fn route(&self) -> Vec<(usize, &Answered)> {
        self.replay(|_, _| {})
    }

    /// The same, with a look at each entry and the answers that held before it.
    pub fn replay<'c>(
        &'c self,
        mut look: impl FnMut(&'c Entry, &[(usize, &'c Answered)]),
    ) -> Vec<(usize, &'c Answered)> {
        let mut route: Vec<(usize, &Answered)> = Vec::new();
        for (index, entry) in self.entries.iter().enumerate() {
            look(entry, &route);
            match &entry.event {
                Event::Answered(answered) => route.push((index, answered)),
                Event::TookBack => drop(route.pop()),
                Event::StartedOver => route.clear(),
                Event::Resumed { kept } => {
                    route.retain(|(index, _)| kept.binary_search(index).is_ok());
                }
                Event::Described { .. }
                | Event::Noted { .. }
                | Event::Marked(_)
                | Event::Stated { .. } => {}
            }
        }
        route
    }

    /// The answers that lead to where it stands, without how it ended: what can be walked again.
    #[must_use]
    pub fn answers(&self) -> Vec<Answer> {
        let route = self.route().into_iter().map(|(_, answered)| answered);
        let open = route.filter(|answered| answered.ended.is_none());
        let answers = open.map(|answered| Answer {
            node: answered.node.clone(),
            choice: answered.choice.clone(),
        });
        answers.collect()
    }

    /// Where it stands.
    #[must_use]
    pub fn state(&self) -> State {
        let ended = self.route().last().and_then(|(_, last)| last.ended);
        ended.map_or(State::Open, State::Ended)
    }

    /// The symptom that an answer led through: its id, and its title in a language, or as it was read where
    /// the tree does not have it.
    #[must_use]
    pub fn symptom(&self, tree: &Tree, lang: Lang) -> Option<(&str, String)> {
        let (id, as_read) = first_symptom(&self.route())?;
        let title = match tree.find(id) {
            Some(node) => tree[node].title().get(lang),
            None => as_read,
        };
        Some((id, title.to_owned()))
    }

    /// What was noted, with when.
    pub fn notes(&self) -> impl Iterator<Item = (Timestamp, &str)> {
        self.entries.iter().filter_map(|entry| match &entry.event {
            Event::Noted { text } => Some((entry.at, text.as_str())),
            _ => None,
        })
    }

    /// What became of the step of a remedy that says this in one of its languages, where that was said
    /// last.
    #[must_use]
    pub fn mark(&self, remedy: &str, action: &Text) -> Option<&Marked> {
        let mut marks = self.marks(remedy).into_iter();
        marks.find(|marked| action.all().any(|action| action == marked.action))
    }

    /// What was said last of every step of a remedy that was marked, in the order in which they were first.
    #[must_use]
    pub fn marks(&self, remedy: &str) -> Vec<&Marked> {
        let mut marks: Vec<&Marked> = Vec::new();
        for entry in &self.entries {
            let Event::Marked(marked) = &entry.event else {
                continue;
            };
            if marked.remedy != remedy {
                continue;
            }
            match marks.iter_mut().find(|own| own.action == marked.action) {
                Some(own) => *own = marked,
                None => marks.push(marked),
            }
        }
        marks
    }

    /// The remedies of which a step was marked, each with its title as it was read.
    pub fn marked_remedies(&self) -> impl Iterator<Item = (&str, &str)> {
        self.entries.iter().filter_map(|entry| match &entry.event {
            Event::Marked(marked) => Some((marked.remedy.as_str(), marked.title.as_str())),
            _ => None,
        })
    }

    /// All that people wrote, one text in each line.
    #[must_use]
    pub fn written(&self) -> String {
        let texts = self.entries.iter().filter_map(|entry| match &entry.event {
            Event::Described { text } | Event::Noted { text } => Some(text.as_str()),
            Event::Marked(marked) => marked.reason.as_deref(),
            Event::Stated { value, .. } => Some(value.as_str()),
            _ => None,
        });
        texts.collect::<Vec<_>>().join("\n")
    }

    /// A fact that those who go on ask for, where it has been given.
    #[must_use]
    pub fn fact(&self, asked: &str) -> Option<&str> {
        let mut given = self
            .entries
            .iter()
            .rev()
            .filter_map(|entry| match &entry.event {
                Event::Stated { fact, value } if fact == asked => Some(value.as_str()),
                _ => None,
            });
        given.next()
    }
}

impl Answered {
    /// The answer to a node, and when to look again.
    #[must_use]
    pub fn new(tree: &Tree, node: NodeId, step: Move, lang: Lang, due: Option<Timestamp>) -> Self {
        let words = label(tree, step, lang);
        let node = &tree[node];
        let kind = match &node.kind {
            Kind::Remedy(_) => Asked::Remedy,
            Kind::Escalation(_) => Asked::Escalation,
            Kind::Question(_) | Kind::Symptom(_) => Asked::Question,
        };
        let symptom = match step {
            Move::Choose(choice) => match &tree[choice.to].kind {
                Kind::Symptom(_) => Some(tree[choice.to].id.clone()),
                _ => None,
            },
            _ => None,
        };
        Answered {
            node: node.id.clone(),
            kind,
            choice: step.id().to_owned(),
            language: lang,
            asked: node.title().get(lang).to_owned(),
            answered: words,
            symptom,
            ended: step.outcome().map(|outcome| match outcome {
                Outcome::Solved => Ended::Solved,
                Outcome::Escalated => Ended::Escalated,
                Outcome::Waiting => Ended::Pending { due },
            }),
            evidence: None,
        }
    }

    /// What was asked and what was answered, in a language: as it was read, or where that was another
    /// language, in the words of the tree, if it still has them.
    #[must_use]
    pub fn told_in(&self, lang: Lang, tree: &Tree) -> (String, String) {
        let as_read = (self.asked.clone(), self.answered.clone());
        if self.language == lang {
            return as_read;
        }
        let Some(node) = tree.find(&self.node).map(|node| &tree[node]) else {
            return as_read;
        };
        let mut moves = Move::all_at(node).into_iter();
        match moves.find(|step| step.id() == self.choice) {
            Some(Move::Found(_)) | None => as_read,
            Some(step) => (node.title().get(lang).to_owned(), label(tree, step, lang)),
        }
    }

    /// The same for a ticket, which wants to know what came of a remedy, and not what was pressed.
    #[must_use]
    pub fn told_in_short(&self, lang: Lang, tree: &Tree) -> (String, String) {
        let (asked, answer) = self.told_in(lang, tree);
        let answer = in_short(&self.choice, lang.words()).map_or(answer, str::to_owned);
        (asked, answer)
    }
}

/// The symptom that the first of some answers leads through: its id, and the words that were chosen.
#[must_use]
pub fn first_symptom<'c>(route: &[(usize, &'c Answered)]) -> Option<(&'c str, &'c str)> {
    let mut symptoms = route.iter().filter_map(|(_, answered)| {
        let id = answered.symptom.as_deref()?;
        Some((id, answered.answered.as_str()))
    });
    symptoms.next()
}

/// What an answer says of a remedy, or that nobody knew; `None` where the answer says it itself.
fn in_short(choice: &str, words: &Words) -> Option<&'static str> {
    Some(match choice {
        "solved" => words.state_solved,
        "not-solved" => words.did_not_help,
        "waiting" => words.state_pending,
        "cannot-find" => words.not_found,
        "found" => words.found_then,
        "unsure" => words.not_sure,
        _ => return None,
    })
}

/// A move, as it is read on the screen.
#[must_use]
pub fn label(tree: &Tree, step: Move, lang: Lang) -> String {
    let words = lang.words();
    match step {
        Move::Choose(choice) => choice.label.get(lang).to_owned(),
        Move::Unsure(_) => words.still_not_sure.to_owned(),
        Move::Solved => words.solved.to_owned(),
        Move::NotSolved(to) => match tree[to].kind {
            Kind::Escalation(_) => words.not_solved_escalate.to_owned(),
            _ => words.not_solved.to_owned(),
        },
        Move::Waiting => words.waiting.to_owned(),
        Move::CannotFind(_) => words.cannot_find.to_owned(),
        Move::Found(to) => fill(words.found, &[tree[to].title().get(lang)]),
        Move::HandedOver => words.handed_over.to_owned(),
    }
}
