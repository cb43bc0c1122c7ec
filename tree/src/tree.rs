//! A [`Tree`] has no dangling link, no missing text, no unreachable node and no way to get stuck:
//! [`Tree::parse`] and [`Tree::check`] are the only ways to make one, and they report every mistake
//! they find instead.

mod evidence;
mod graph;
mod marks;
mod problem;
mod raw;
mod resolve;
mod routes;
mod wording;

use std::collections::HashMap;
use std::fmt;
use std::ops::Index;

pub use jiff::civil::Date;
use rustc_hash::FxHashSet;
use serde::{Serialize, Serializer};

use crate::lang::{Lang, Words};
pub use evidence::{
    About, Evidence, EvidenceKind, EvidenceRule, Fact, FactId, Field, FieldId, HowTo, KindId,
    Operand, Presence, Says, Test, Tests, plain,
};
pub use problem::{Problem, Rule, Severity, Span};
pub use raw::{Ids, ids};
pub use routes::Routes;
pub use wording::{clean, clean_whole, is_unsafe};

/// The JSON Schema of a tree file, for editors, as `tree.schema.json` has it: what [`Tree::schema`] puts
/// together, written down once, because that takes more room in the program than what it says.
pub const SCHEMA: &str = include_str!("../../tree.schema.json");

/// A whole decision tree: where it starts, what it asks, and the remedies it leads to.
#[derive(Debug)]
pub struct Tree {
    title: Text,
    languages: Vec<Lang>,
    start: NodeId,
    nodes: Vec<Node>,
    by_id: HashMap<String, NodeId>,
    links: Vec<Link>,
    vocabulary: Vocabulary,
    evidence: Evidence,
    questions_left: Vec<Option<usize>>,
}

/// A node of the tree that made it. Only a tree hands one out, so indexing with it cannot miss. They
/// are ordered as in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(u32);

/// A link of the tree that made it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LinkId(u32);

/// A text in every language that its tree speaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text(Vec<(Lang, String)>);

/// Phrases to search for, any number in each language of their tree, each in a line of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Phrases(Vec<(Lang, String)>);

/// The words that searching a tree needs to know besides those of its entries.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Vocabulary {
    names: String,
    others: String,
    topics: String,
    synonyms: String,
}

/// A page to read or a place to go.
#[derive(Debug)]
pub struct Link {
    /// The stable name in the tree file.
    pub id: String,
    /// Describes the page well enough to find it if it moves.
    pub label: Text,
    /// An address that begins with `https://`, per language where the page has translations.
    pub url: Text,
}

/// A place in the tree.
#[derive(Debug)]
pub struct Node {
    /// The stable name that scripts, cases and links rely on.
    pub id: String,
    /// What kind of place it is.
    pub kind: Kind,
}

/// The four kinds of node.
#[derive(Debug)]
pub enum Kind {
    /// What a person sees; a walk passes through it without stopping.
    Symptom(Symptom),
    /// Something to answer.
    Question(Question),
    /// A cause and what to do about it.
    Remedy(Remedy),
    /// Somebody else has to go on.
    Escalation(Escalation),
}

/// An entry point: what a person sees before any question is asked.
#[derive(Debug)]
pub struct Symptom {
    /// What is seen, in a few words.
    pub title: Text,
    /// What people say and what error pages print.
    pub phrases: Phrases,
    /// The first question, or the remedy where nothing needs to be asked. Never a symptom.
    pub to: NodeId,
}

/// A question and its choices, in the author's order.
#[derive(Debug)]
pub struct Question {
    /// What is asked.
    pub text: Text,
    /// How the person can find out.
    pub how: Option<Text>,
    /// The possible answers, at least one.
    pub choices: Vec<Choice>,
    /// Where to go when the person cannot find out.
    pub unsure: Option<NodeId>,
    /// What in the evidence is enough for which choice; the first that holds decides.
    pub evidence: Vec<EvidenceRule>,
}

/// One answer to a question.
#[derive(Debug)]
pub struct Choice {
    /// The stable name, unique within its question.
    pub id: String,
    /// What the person reads.
    pub label: Text,
    /// Where the answer leads.
    pub to: NodeId,
}

/// A cause, the steps against it, and what follows when they did not help.
#[derive(Debug)]
pub struct Remedy {
    /// What is done, in a few words.
    pub title: Text,
    /// What people say who need it, and what the screen shows then.
    pub phrases: Phrases,
    /// Why this happens.
    pub cause: Text,
    /// What to know before the first step.
    pub warning: Option<Text>,
    /// What to do, in order, at least one step.
    pub steps: Vec<Step>,
    /// What takes time before the result can be judged.
    pub wait: Option<Wait>,
    /// What is worth knowing besides.
    pub note: Option<Text>,
    /// Pages to read, at least one.
    pub links: Vec<LinkId>,
    /// Where to go when this did not help: the next cause, or an escalation.
    pub otherwise: NodeId,
    /// Help for somebody who cannot find a page or a button that the steps name.
    pub cannot_find: Option<NodeId>,
    /// Where the facts come from.
    pub source: String,
    /// When the facts were last confirmed.
    pub checked: Date,
}

/// One action of one person.
#[derive(Debug)]
pub struct Step {
    /// Who does it.
    pub who: Who,
    /// The action, with the path to click.
    pub action: Text,
    /// What a helpdesk agent reads aloud to the caller.
    pub say: Option<Text>,
}

/// Who does a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// An administrator of Intune, Entra ID or the Lookout console.
    Admin,
    /// The person who uses the device.
    User,
    /// Lookout Enterprise Support.
    LookoutSupport,
}

impl Who {
    /// Everyone who can do a step.
    pub const ALL: [Who; 3] = [Who::Admin, Who::User, Who::LookoutSupport];

    /// The name in the tree file.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Who::Admin => "admin",
            Who::User => "user",
            Who::LookoutSupport => "lookout-support",
        }
    }

    /// The name on the screen.
    #[must_use]
    pub fn name(self, words: &Words) -> &'static str {
        match self {
            Who::Admin => words.admin,
            Who::User => words.user,
            Who::LookoutSupport => words.lookout_support,
        }
    }
}

/// By its name in the tree file.
impl Serialize for Who {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.id())
    }
}

/// Something that takes time.
#[derive(Debug)]
pub struct Wait {
    /// How long, in minutes, at least one.
    pub minutes: u32,
    /// What is waited for.
    pub reason: Text,
}

/// Whom to contact, how, and what to tell them.
#[derive(Debug)]
pub struct Escalation {
    /// Who goes on from here.
    pub title: Text,
    /// When this is the right place to turn to.
    pub cause: Text,
    /// The ways to reach them, at least one.
    pub channels: Vec<Channel>,
    /// What they will ask for, at least one fact.
    pub facts: Vec<Text>,
}

/// One way to reach somebody.
#[derive(Debug)]
pub struct Channel {
    /// The way, in words.
    pub text: Text,
    /// An e-mail address.
    pub email: Option<String>,
    /// A page.
    pub link: Option<LinkId>,
}

impl Tree {
    /// Reads a tree file.
    ///
    /// # Errors
    ///
    /// Every error of the file, in its order.
    pub fn parse(source: &str) -> Result<Tree, Vec<Problem>> {
        let (tree, mut problems) = resolve::resolve(source, None);
        problems.retain(|problem| problem.severity() == Severity::Error);
        tree.ok_or(problems)
    }

    /// Reads a tree file as its author wants it read: returns the tree where no problem is an
    /// error, and in either case every problem, also what can be walked but is probably not meant,
    /// in the order of the file. What is marked as intended is left out. Dates are judged against
    /// `today`.
    #[must_use]
    pub fn check(source: &str, today: Date) -> (Option<Tree>, Vec<Problem>) {
        resolve::resolve(source, Some(today))
    }

    /// The JSON Schema of a tree file, put together from the types that read it: what a file may look
    /// like, with what each key is for. A file that fits it can still have problems that only
    /// [`check`](Tree::check) finds.
    #[must_use]
    pub fn schema() -> serde_json::Value {
        raw::schema()
    }

    /// What the tree is about.
    #[must_use]
    pub fn title(&self) -> &Text {
        &self.title
    }

    /// The languages that every text of the tree is written in, at least one.
    #[must_use]
    pub fn languages(&self) -> &[Lang] {
        &self.languages
    }

    /// The first question.
    #[must_use]
    pub fn start(&self) -> NodeId {
        self.start
    }

    /// Every node, in the order of the file.
    pub fn nodes(&self) -> impl Iterator<Item = (NodeId, &Node)> {
        (0..).map(NodeId).zip(&self.nodes)
    }

    /// The symptoms, in the order of the file.
    pub fn symptoms(&self) -> impl Iterator<Item = (&Node, &Symptom)> {
        self.nodes.iter().filter_map(|node| match &node.kind {
            Kind::Symptom(symptom) => Some((node, symptom)),
            _ => None,
        })
    }

    /// The node with this id, if there is one.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<NodeId> {
        self.by_id.get(id).copied()
    }

    /// Every link, in the order of the file.
    pub fn links(&self) -> impl Iterator<Item = &Link> {
        self.links.iter()
    }

    /// The link behind a link id.
    #[must_use]
    pub fn link(&self, id: LinkId) -> &Link {
        &self.links[id.0 as usize]
    }

    /// The words that searching it needs to know besides those of its entries.
    #[must_use]
    pub fn vocabulary(&self) -> &Vocabulary {
        &self.vocabulary
    }

    /// What it says about files that can answer its questions.
    #[must_use]
    pub fn evidence(&self) -> &Evidence {
        &self.evidence
    }

    /// How many questions are asked at most from this node on until a remedy or an escalation is
    /// reached, this node included; `None` where a loop sets no limit.
    #[must_use]
    pub fn questions_left(&self, node: NodeId) -> Option<usize> {
        self.questions_left[node.index()]
    }

    /// The node where somebody stops who has been led to this one: a symptom is passed through.
    #[must_use]
    pub fn past_symptom(&self, node: NodeId) -> NodeId {
        match &self[node].kind {
            Kind::Symptom(symptom) => symptom.to,
            _ => node,
        }
    }

    /// The remedies and escalations that answers alone lead to from this node, nearest first.
    #[must_use]
    pub fn outcomes_from(&self, node: NodeId) -> Vec<&Node> {
        let outcomes = self.outcomes_near(node, usize::MAX).into_iter();
        outcomes.map(|id| &self[id]).collect()
    }

    /// The same, as far as they are among so many nodes that are nearest.
    #[must_use]
    pub fn outcomes_near(&self, node: NodeId, most: usize) -> Vec<NodeId> {
        let mut reached = self.reached(node, most, |node| !node.kind.is_outcome());
        reached.retain(|id| self[*id].kind.is_outcome());
        reached
    }

    /// This node and every node that a way from it leads to, nearest first.
    #[must_use]
    pub fn reached_from(&self, node: NodeId) -> Vec<NodeId> {
        self.reached(node, usize::MAX, |_| true)
    }

    /// This node and what it leads to, nearest first and at most so many, where a way ends at a node that
    /// it does not go past. It costs as much as is reached, however large the tree is.
    fn reached(&self, node: NodeId, most: usize, goes_past: impl Fn(&Node) -> bool) -> Vec<NodeId> {
        let mut seen = FxHashSet::from_iter([node]);
        let mut reached = vec![node];
        let mut next = 0;
        while let Some(id) = reached.get(next).copied() {
            next += 1;
            let node = &self[id];
            if !goes_past(node) {
                continue;
            }
            for target in node.targets() {
                if seen.len() < most && seen.insert(target) {
                    reached.push(target);
                }
            }
        }
        reached
    }
}

impl NodeId {
    /// The place in the list of nodes.
    fn index(self) -> usize {
        self.0 as usize
    }
}

impl Index<NodeId> for Tree {
    type Output = Node;

    fn index(&self, id: NodeId) -> &Node {
        &self.nodes[id.index()]
    }
}

impl Node {
    /// The line that names this node: the title, or the question itself.
    #[must_use]
    pub fn title(&self) -> &Text {
        match &self.kind {
            Kind::Symptom(symptom) => &symptom.title,
            Kind::Question(question) => &question.text,
            Kind::Remedy(remedy) => &remedy.title,
            Kind::Escalation(escalation) => &escalation.title,
        }
    }

    /// Every node that this one leads to, in the author's order, repeats included.
    pub fn targets(&self) -> impl Iterator<Item = NodeId> {
        let (choices, others) = match &self.kind {
            Kind::Symptom(symptom) => (&[][..], [Some(symptom.to), None]),
            Kind::Question(question) => (&question.choices[..], [question.unsure, None]),
            Kind::Remedy(remedy) => (&[][..], [Some(remedy.otherwise), remedy.cannot_find]),
            Kind::Escalation(_) => (&[][..], [None, None]),
        };
        let others = others.into_iter().flatten();
        choices.iter().map(|choice| choice.to).chain(others)
    }
}

impl Phrases {
    /// The phrases in one language.
    pub fn get(&self, lang: Lang) -> impl Iterator<Item = &str> {
        let own = self.0.iter().filter(move |(own, _)| *own == lang);
        own.flat_map(|(_, phrases)| lines(phrases))
    }
}

impl Vocabulary {
    /// What the product is called that the tree is about.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        lines(&self.names)
    }

    /// Names of other products.
    pub fn others(&self) -> impl Iterator<Item = &str> {
        lines(&self.others)
    }

    /// What people may be talking about without meaning the product.
    pub fn topics(&self) -> impl Iterator<Item = &str> {
        lines(&self.topics)
    }

    /// Lists of words that mean the same, in whatever language.
    pub fn synonyms(&self) -> impl Iterator<Item = impl Iterator<Item = &str> + Clone> {
        lines(&self.synonyms).map(|line| line.split(',').map(str::trim))
    }
}

/// The lines of a text that say something.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    let lines = text.lines().map(str::trim);
    lines.filter(|line| !line.is_empty())
}

impl Kind {
    /// Whether questions end here: at a remedy or an escalation.
    #[must_use]
    pub fn is_outcome(&self) -> bool {
        matches!(self, Kind::Remedy(_) | Kind::Escalation(_))
    }

    /// The name of the kind, as the tree file has it.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Kind::Symptom(_) => "symptom",
            Kind::Question(_) => "question",
            Kind::Remedy(_) => "remedy",
            Kind::Escalation(_) => "escalation",
        }
    }
}

impl Text {
    /// The text in each of its languages.
    pub fn all(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(_, text)| text.as_str())
    }

    /// The text in this language, or in the first language of the tree where it does not speak it.
    #[must_use]
    pub fn get(&self, lang: Lang) -> &str {
        let wanted = self.0.iter().find(|(own, _)| *own == lang);
        let text = wanted.or_else(|| self.0.first());
        text.map_or("", |(_, text)| text)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The candidates nearest to `word` in spelling, best first, at most three; none where nothing is
/// near.
///
/// Nearness is Jaro-Winkler similarity of at least 0.8, the figure that clap uses for its own hints.
#[must_use]
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let word = word.to_lowercase();
    let mut near: Vec<(f64, &str)> = candidates
        .into_iter()
        .map(|candidate| (strsim::jaro_winkler(&word, candidate), candidate))
        .filter(|(similarity, _)| *similarity >= 0.8)
        .collect();
    sort_by_likeness(&mut near);
    near.into_iter()
        .take(3)
        .map(|(_, candidate)| candidate)
        .collect()
}

/// Names in backticks, with commas between them.
#[must_use]
pub fn ticked(names: &[&str]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    names.join(", ")
}

/// Puts what is most alike first. A function of its own, so that it is in the program once and not once
/// for each kind of candidates.
fn sort_by_likeness(near: &mut [(f64, &str)]) {
    near.sort_by(|a, b| b.0.total_cmp(&a.0));
}
