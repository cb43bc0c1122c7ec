//! From the tree as written to the tree as used: every name becomes the thing it names, and every
//! rule that the shape alone does not keep is checked here. No problem is reported that another one
//! explains.

mod evidence;

use std::collections::{HashMap, HashSet};

use jiff::civil::Date;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

use super::graph;
use super::marks::{self, Mark};
use super::problem::{Problem, Rule, Severity, Span};
use super::raw::{self, At, Lines, Reader, Word, list};
use super::wording::{Use, clean, first_unsafe, remarks};
use super::{
    Channel, Choice, Escalation, Evidence, FieldId, Kind, Link, LinkId, Node, NodeId, Phrases,
    Question, Remedy, Step, Symptom, Text, Tree, Vocabulary, Wait, Who, nearest,
};
use crate::lang::Lang;

/// Checks a tree file and resolves its names.
///
/// With `today` it also reports what does not keep a tree from being walked.
pub(super) fn resolve(source: &str, today: Option<Date>) -> (Option<Tree>, Vec<Problem>) {
    let (file, reader) = raw::read(source);
    let mut resolver = Resolver {
        reader,
        today,
        languages: vec![Lang::En],
        nodes: HashMap::new(),
        links: HashMap::new(),
        used_links: HashSet::new(),
        symptom_titles: HashMap::new(),
        edges: Vec::new(),
        detours: HashMap::new(),
        open: HashSet::new(),
        links_are_known: true,
        misspelt: HashMap::new(),
        guesses: 0,
        unread: HashSet::new(),
        marks: Vec::new(),
        entries: Vec::new(),
        evidence: None,
        evidence_words: Vec::new(),
    };
    let tree = file.and_then(|file| resolver.file(file));
    let mut problems = resolver.reader.problems;
    if today.is_some() {
        marks::apply(&resolver.marks, resolver.entries, &mut problems);
    }
    // What an alias repeats is wrong once: where it is written.
    let order = |a: &Problem, b: &Problem| {
        let place = (a.span, a.rule).cmp(&(b.span, b.rule));
        place.then_with(|| a.message.cmp(&b.message))
    };
    problems.sort_by(order);
    problems.dedup_by(|a, b| order(a, b).is_eq());
    let is_error = |problem: &Problem| problem.severity() == Severity::Error;
    (tree.filter(|_| !problems.iter().any(is_error)), problems)
}

struct Resolver {
    reader: Reader,
    /// The date that facts are judged against; `None` where only errors are asked for.
    today: Option<Date>,
    languages: Vec<Lang>,
    nodes: HashMap<String, NodeId>,
    links: HashMap<String, LinkId>,
    used_links: HashSet<u32>,
    /// The title of every symptom; `None` where it could not be read.
    symptom_titles: HashMap<NodeId, Option<Text>>,
    /// What each node leads to. An unknown target counts as the node it probably means, so that
    /// one slip is not reported once more as a node that nothing reaches.
    edges: Vec<Vec<NodeId>>,
    /// Which remedy has help to find what it names, and where. It leads back, so it is no way out of
    /// anything.
    detours: HashMap<NodeId, NodeId>,
    /// The nodes that may lead somewhere else as well: something is wrong that leaves open what was
    /// meant. What they may lead to is not called unreachable, nor a loop that one of them may end.
    open: HashSet<NodeId>,
    /// Whether all links that nodes name could be read.
    links_are_known: bool,
    /// The nodes whose ids are none, by what they probably are.
    misspelt: HashMap<String, NodeId>,
    /// How many unknown names have been compared with every name there is.
    guesses: usize,
    /// The nodes of which nothing could be read, not even their kind.
    unread: HashSet<NodeId>,
    /// What is marked as intended.
    marks: Vec<Mark>,
    /// Where each node and link begins.
    entries: Vec<Span>,
    /// What tests may name; nothing where it could not be read.
    evidence: Option<Evidence>,
    /// The words that tests compare fields with.
    evidence_words: Vec<(FieldId, String, bool)>,
}

/// How many unknown names are compared with every other name: each costs as much as the tree is
/// long, and a tree with more slips than this has other worries.
const GUESSES: usize = 100;

impl Resolver {
    fn report(&mut self, rule: Rule, span: Span, message: String, hint: Option<String>) {
        self.reader.report(rule, span, message, hint);
    }

    fn file(&mut self, file: raw::File) -> Option<Tree> {
        let languages_are_known = file
            .languages
            .is_some_and(|languages| self.languages(languages));
        if let (false, Some(raw::Text::Translated(span, words))) =
            (languages_are_known, &file.title)
        {
            self.languages_of_title(*span, words);
        }
        self.marks(file.intended, None);
        let title = file.title.and_then(|text| self.text(text, Use::Line));
        let vocabulary = optional(file.search, |search| self.vocabulary(search));
        let raw_links = file.links.map_or_else(Vec::new, |links| links.0);
        let link_spans: Vec<Span> = raw_links.iter().map(|(id, _)| id.span).collect();
        let links = self.links(raw_links);

        self.evidence = match file.evidence {
            Some(evidence) => self.evidence(evidence),
            None => Some(Evidence::default()),
        };

        let mut raw_nodes = file.nodes?.0;
        let spans: Vec<Span> = raw_nodes.iter().map(|(id, _)| id.span).collect();
        for ((id, node), index) in raw_nodes.iter_mut().zip(0..) {
            self.reader.node = Some(id.value.to_string());
            if !self.id(id) {
                self.misspelt.insert(plain_id(&id.value), NodeId(index));
            }
            self.entries.push(id.span);
            self.nodes.insert(id.value.to_string(), NodeId(index));
            // Choices that lead to a symptom read like it, so its title has to be known first.
            match node {
                Some(raw::Node::Symptom(symptom)) => {
                    let title = symptom.title.take();
                    let title = title.and_then(|title| self.text(title, Use::Line));
                    self.symptom_titles.insert(NodeId(index), title);
                }
                Some(_) => {}
                None => drop(self.unread.insert(NodeId(index))),
            }
        }
        let hidden = self.reader.hidden.iter();
        let hidden = hidden.filter_map(|id| self.nodes.get(id));
        self.open.extend(hidden.chain(&self.unread));
        let mut nodes = Vec::with_capacity(raw_nodes.len());
        for ((id, node), index) in raw_nodes.into_iter().zip(0..) {
            self.reader.node = Some(id.value.to_string());
            self.edges.push(Vec::new());
            let span = id.span;
            let kind = node.and_then(|node| self.node(NodeId(index), node, span));
            nodes.push(kind.map(|kind| Node {
                id: id.value.into_owned(),
                kind,
            }));
        }
        self.reader.node = None;

        let start = self.start(file.start, &nodes);
        if self.symptom_titles.is_empty() && self.unread.is_empty() {
            let message = "the tree has no symptom".to_owned();
            let hint = "add a node with `symptom`, and a choice that leads to it".to_owned();
            self.report(Rule::NoSymptom, Span::START, message, Some(hint));
        }
        if let Some(start) = start {
            self.graph(start, &spans);
        }
        let links_are_known = self.links_are_known && self.unread.is_empty();
        for (index, (span, link)) in (0..).zip(link_spans.iter().zip(&links)) {
            let is_used = !links_are_known || self.used_links.contains(&index);
            if let Some(link) = link.as_ref().filter(|_| !is_used) {
                let message = format!("no node names the link `{}`", link.id);
                let hint = "let a node name it, or remove it".to_owned();
                self.report(Rule::UnusedLink, *span, message, Some(hint));
            }
        }

        let nodes: Vec<Node> = nodes.into_iter().collect::<Option<_>>()?;
        Some(Tree {
            title: title?,
            languages: std::mem::take(&mut self.languages),
            start: start?,
            questions_left: graph::questions_left(&nodes),
            nodes,
            by_id: std::mem::take(&mut self.nodes),
            links: links.into_iter().collect::<Option<_>>()?,
            vocabulary: vocabulary?.unwrap_or_default(),
            evidence: Evidence {
                words: std::mem::take(&mut self.evidence_words),
                ..self.evidence.take()?
            },
        })
    }

    fn vocabulary(&mut self, search: raw::Vocabulary) -> Option<Vocabulary> {
        let mut seen = HashMap::new();
        let mut lines = |lines, separator, seen: &mut _| {
            optional(lines, |lines| self.lines(lines, separator, seen))
        };
        let names = lines(search.names, '\n', &mut seen);
        let others = lines(search.others, '\n', &mut seen);
        // A topic may also be among the synonyms.
        let topics = lines(search.topics, '\n', &mut seen.clone());
        let synonyms = lines(search.synonyms, ',', &mut seen);
        Some(Vocabulary {
            names: names?.unwrap_or_default(),
            others: others?.unwrap_or_default(),
            topics: topics?.unwrap_or_default(),
            synonyms: synonyms?.unwrap_or_default(),
        })
    }

    /// Words to search for, each in a line of its own or with separators between them.
    fn lines(
        &mut self,
        lines: raw::Lines,
        separator: char,
        seen: &mut HashMap<String, u32>,
    ) -> Option<String> {
        match lines {
            Lines::List(words) => {
                let words = every(words, |word| {
                    self.once(&word.value, word.span, separator, seen);
                    self.word(word, Use::Phrase)
                });
                words.map(|words| words.join("\n"))
            }
            Lines::Text(text) => {
                if !self.is_safe(&text) {
                    return None;
                }
                self.once(&text.value, text.span, separator, seen);
                if self.today.is_some() {
                    let words = text.value.split(['\n', separator]);
                    let remarks = words.flat_map(|word| remarks(word.trim(), Use::Phrase));
                    for remark in remarks.collect::<Vec<_>>() {
                        let hint = Some(remark.hint.to_owned());
                        self.report(remark.rule, text.span, remark.message, hint);
                    }
                }
                Some(text.value.into_owned())
            }
        }
    }

    /// Reports what stands twice among what is searched for; case makes no difference.
    fn once(&mut self, text: &str, span: Span, separator: char, seen: &mut HashMap<String, u32>) {
        if self.today.is_none() {
            return;
        }
        for word in text.split(['\n', separator]).map(str::trim) {
            let Some(earlier) = seen.insert(word.to_lowercase(), span.line) else {
                continue;
            };
            if word.is_empty() {
                continue;
            }
            let place = if earlier == span.line {
                "twice here".to_owned()
            } else {
                format!("in line {earlier} already")
            };
            let message = format!("`{}` stands {place}", clean(word));
            let hint = "keep one of the two".to_owned();
            self.report(Rule::RepeatedWord, span, message, Some(hint));
        }
    }

    /// Takes over the languages of the tree. Returns whether all could be read.
    fn languages(&mut self, codes: Vec<Word>) -> bool {
        let mut languages = Vec::new();
        let mut good = true;
        for code in codes {
            match Lang::from_code(&code.value) {
                Some(lang) if languages.contains(&lang) => {
                    let message = format!("language `{}` stands twice", code.value);
                    self.report(Rule::DuplicateKey, code.span, message, None);
                }
                Some(lang) => languages.push(lang),
                None => {
                    let codes: Vec<&str> = Lang::ALL.map(Lang::code).to_vec();
                    let message = format!("unknown language `{}`", clean(&code.value));
                    let hint = format!("the program speaks {}", list(&codes));
                    self.report(Rule::UnknownLanguage, code.span, message, Some(hint));
                    good = false;
                }
            }
        }
        if !languages.is_empty() {
            self.languages = languages;
        }
        good
    }

    /// Takes the languages of the title for those of the tree, where the tree does not say them, so that
    /// one slip is not reported again for every text.
    fn languages_of_title(&mut self, span: Span, words: &[(Word, Word)]) {
        let codes = words
            .iter()
            .filter_map(|(code, _)| Lang::from_code(&code.value));
        let languages: Vec<Lang> = codes.collect();
        if languages.is_empty() {
            return;
        }
        let is_known = self.languages == languages;
        self.languages = languages;
        // Only `languages` can be wrong so far that is no key of a node.
        let is_reported = self
            .reader
            .problems
            .iter()
            .any(|problem| problem.node.is_none());
        if !is_known && !is_reported {
            let codes = self.codes();
            let message = "the tree does not say its `languages`".to_owned();
            let hint = format!("add `languages: [{}]`", codes.join(", "));
            self.report(Rule::MissingKey, span, message, Some(hint));
        }
    }

    fn links(&mut self, links: Vec<(Word, Option<raw::Link>)>) -> Vec<Option<Link>> {
        let mut resolved = Vec::with_capacity(links.len());
        let mut addresses: HashMap<String, String> = HashMap::new();
        for ((id, link), index) in links.into_iter().zip(0..) {
            self.id(&id);
            self.entries.push(id.span);
            self.links.insert(id.value.to_string(), LinkId(index));
            let link = link.and_then(|link| {
                self.marks(link.intended, Some(id.span));
                let label = link.label.and_then(|text| self.text(text, Use::Line));
                let url = link.url.and_then(|url| self.address(url));
                Some((label?, url?))
            });
            if let Some((_, url)) = link.as_ref().filter(|_| self.today.is_some()) {
                self.same_address(&id, url, &mut addresses);
            }
            resolved.push(link.map(|(label, url)| Link {
                id: id.value.into_owned(),
                label,
                url,
            }));
        }
        resolved
    }

    /// Reports an address that an earlier link has already. A slash at the end makes no difference.
    fn same_address(&mut self, id: &Word, url: &Text, addresses: &mut HashMap<String, String>) {
        let own: HashSet<&str> = url
            .0
            .iter()
            .map(|(_, url)| url.trim_end_matches('/'))
            .collect();
        for url in own {
            match addresses.get(url) {
                Some(earlier) => {
                    let message = format!(
                        "the links `{earlier}` and `{}` have the same address",
                        id.value
                    );
                    let hint = format!("let the nodes name `{earlier}`, and remove the other");
                    self.report(Rule::SameAddress, id.span, message, Some(hint));
                }
                None => drop(addresses.insert(url.to_owned(), id.value.to_string())),
            }
        }
    }

    /// Notes what is marked as intended, in the node or link that begins at `entry`.
    fn marks(&mut self, codes: Option<Vec<Word>>, entry: Option<Span>) {
        for code in codes.into_iter().flatten() {
            let span = code.span;
            match Rule::from_code(&code.value) {
                Some(rule) if rule.severity() != Severity::Error => {
                    let node = self.reader.node.clone();
                    self.marks.push(Mark {
                        rule,
                        span,
                        entry,
                        node,
                    });
                }
                Some(rule) => {
                    let message = format!("`{}` cannot be intended", rule.code());
                    let hint = "it is an error: a tree that has one cannot be walked".to_owned();
                    self.report(Rule::Value, span, message, Some(hint));
                }
                None => {
                    let message = format!("no problem has the code `{}`", clean(&code.value));
                    let hint = "write the code that `check` prints, such as `T022`".to_owned();
                    self.report(Rule::Value, span, message, Some(hint));
                }
            }
        }
    }

    fn start(&mut self, start: Option<Word>, nodes: &[Option<Node>]) -> Option<NodeId> {
        let start = start?;
        let Some(&id) = self.nodes.get(&*start.value) else {
            let (_, hint) = guess(&mut self.guesses, &start.value, &self.nodes);
            let message = format!(
                "the tree starts at `{}`, which does not exist",
                clean(&start.value)
            );
            self.report(Rule::Start, start.span, message, hint);
            return None;
        };
        let node = nodes[id.index()].as_ref()?;
        if matches!(node.kind, Kind::Question(_)) {
            return Some(id);
        }
        let message = format!("the tree starts at `{}`, which is not a question", node.id);
        let hint = "start with the question that offers the symptoms".to_owned();
        self.report(Rule::Start, start.span, message, Some(hint));
        None
    }

    fn node(&mut self, id: NodeId, mut node: raw::Node, span: Span) -> Option<Kind> {
        let intended = match &mut node {
            raw::Node::Symptom(symptom) => symptom.intended.take(),
            raw::Node::Question(question) => question.intended.take(),
            raw::Node::Remedy(remedy) => remedy.intended.take(),
            raw::Node::Escalation(escalation) => escalation.intended.take(),
        };
        self.marks(intended, Some(span));
        match node {
            raw::Node::Symptom(symptom) => self.symptom(id, symptom).map(Kind::Symptom),
            raw::Node::Question(question) => self.question(id, question).map(Kind::Question),
            raw::Node::Remedy(remedy) => self.remedy(id, *remedy).map(Kind::Remedy),
            raw::Node::Escalation(escalation) => self.escalation(escalation).map(Kind::Escalation),
        }
    }

    fn symptom(&mut self, id: NodeId, symptom: raw::Symptom) -> Option<Symptom> {
        let phrases = optional(symptom.phrases, |phrases| self.phrases(phrases));
        self.leads_on(id, symptom.to.is_some());
        let to = symptom.to.and_then(|to| {
            let target = self.target(id, &to, || "`to`".to_owned())?;
            if !self.symptom_titles.contains_key(&target) {
                return Some(target);
            }
            self.open.insert(id);
            let message = "the symptom leads to another symptom".to_owned();
            let hint = "let it lead to the first question, or to a remedy".to_owned();
            self.report(Rule::Value, to.span, message, Some(hint));
            None
        });
        Some(Symptom {
            title: self.symptom_titles.get(&id)?.clone()?,
            phrases: phrases?.unwrap_or_default(),
            to: to?,
        })
    }

    fn question(&mut self, id: NodeId, question: raw::Question) -> Option<Question> {
        let text = question.text.and_then(|text| self.text(text, Use::Line));
        let how = optional(question.how, |text| self.text(text, Use::Paragraph));
        self.leads_on(id, question.choices.is_some());
        let choices = question.choices.and_then(|choices| {
            if let ([choice], Some(_)) = (&choices[..], self.today) {
                let message = "the question has one choice only".to_owned();
                let hint =
                    "where there is nothing to choose, lead to the target at once".to_owned();
                self.report(Rule::OnlyChoice, choice.span, message, Some(hint));
            }
            let (mut ids, mut labels) = (HashSet::new(), HashSet::new());
            every(choices, |At { value, span }| {
                let choice = self.choice(id, value, span)?;
                if choice.id == "unsure" {
                    let message = "the choice id `unsure` is taken by the program".to_owned();
                    let hint = "use the key `unsure` of the question, or another id".to_owned();
                    self.report(Rule::Value, span, message, Some(hint));
                } else if !ids.insert(choice.id.clone()) {
                    let message =
                        format!("two choices of the question have the id `{}`", choice.id);
                    let hint = "give each choice an id of its own".to_owned();
                    self.report(Rule::DuplicateChoice, span, message, Some(hint));
                } else if choice
                    .label
                    .0
                    .iter()
                    .any(|(lang, label)| !labels.insert((*lang, as_seen(label))))
                {
                    let message = format!("choice `{}` reads like another one", choice.id);
                    let hint = "say what makes them different".to_owned();
                    self.report(Rule::DuplicateLabel, span, message, Some(hint));
                }
                Some(choice)
            })
        });
        let unsure = optional(question.unsure, |to| self.elsewhere(id, &to, "`unsure`"));
        let evidence = optional(question.evidence, |rules| {
            self.rules(rules, choices.as_deref())
        });
        Some(Question {
            text: text?,
            how: how?,
            choices: choices?,
            unsure: unsure?,
            evidence: evidence?.unwrap_or_default(),
        })
    }

    /// A choice. Where it leads to a symptom, it takes the id and the title that it does not give
    /// itself from there.
    fn choice(&mut self, question: NodeId, choice: raw::Choice, span: Span) -> Option<Choice> {
        let name = choice.id.as_ref().map(|id| id.value.clone());
        let place = || match &name {
            Some(id) => format!("choice `{}`", clean(id)),
            None => "a choice".to_owned(),
        };
        let id = optional(choice.id, |id| self.id(&id).then(|| id.value.into_owned()));
        let label = optional(choice.label, |label| self.text(label, Use::Line));
        self.leads_on(question, choice.to.is_some());
        let to = choice.to?;
        let target = self.target(question, &to, place)?;
        if let Some(title) = self.symptom_titles.get(&target) {
            return Some(Choice {
                id: id?.unwrap_or_else(|| to.value.into_owned()),
                label: label?.or_else(|| title.clone())?,
                to: target,
            });
        }
        if self.unread.contains(&target) {
            // It may have been meant to be a symptom.
            return None;
        }
        for (name, missing) in [("id", id == Some(None)), ("label", label == Some(None))] {
            if missing {
                let message = format!("{} has no `{name}`", place());
                let hint = "only a choice that leads to a symptom can leave it out".to_owned();
                self.report(Rule::MissingKey, span, message, Some(hint));
            }
        }
        Some(Choice {
            id: id??,
            label: label??,
            to: target,
        })
    }

    fn remedy(&mut self, id: NodeId, remedy: raw::Remedy) -> Option<Remedy> {
        let title = remedy.title.and_then(|text| self.text(text, Use::Line));
        let cause = remedy
            .cause
            .and_then(|text| self.text(text, Use::Paragraph));
        let phrases = optional(remedy.phrases, |phrases| self.phrases(phrases));
        let warning = optional(remedy.warning, |text| self.text(text, Use::Paragraph));
        let steps = remedy
            .steps
            .and_then(|steps| every(steps, |step| self.step(step)));
        let wait = optional(remedy.wait, |wait| self.wait(wait));
        let note = optional(remedy.note, |text| self.text(text, Use::Paragraph));
        self.links_are_known &= remedy.links.is_some();
        let links = remedy
            .links
            .and_then(|links| every(links, |link| self.link(&link)));
        self.leads_on(id, remedy.otherwise.is_some());
        let otherwise = remedy
            .otherwise
            .and_then(|to| self.target(id, &to, || "`otherwise`".to_owned()));
        let cannot_find = optional(remedy.cannot_find, |to| {
            let ways = self.edges[id.index()].len();
            let target = self.elsewhere(id, &to, "`cannot-find`");
            let help = self.edges[id.index()].split_off(ways);
            self.detours.extend(help.into_iter().map(|help| (id, help)));
            target
        });
        let source = remedy
            .source
            .and_then(|source| self.word(source, Use::Paragraph));
        let checked = remedy.checked.and_then(|checked| self.date(&checked));
        Some(Remedy {
            title: title?,
            phrases: phrases?.unwrap_or_default(),
            cause: cause?,
            warning: warning?,
            steps: steps?,
            wait: wait?,
            note: note?,
            links: links?,
            otherwise: otherwise?,
            cannot_find: cannot_find?,
            source: source?,
            checked: checked?,
        })
    }

    fn step(&mut self, step: raw::Step) -> Option<Step> {
        let who = step.who.and_then(|who| {
            let known = Who::from_id(&who.value);
            if known.is_none() {
                let ids: Vec<&str> = Who::ALL.map(Who::id).to_vec();
                let message = format!("nobody is called `{}`", clean(&who.value));
                let hint = format!("a step is done by {}", list(&ids));
                self.report(Rule::Value, who.span, message, Some(hint));
            }
            known
        });
        let action = step.action.and_then(|text| self.text(text, Use::Paragraph));
        let say = optional(step.say, |text| self.text(text, Use::Speech));
        Some(Step {
            who: who?,
            action: action?,
            say: say?,
        })
    }

    fn wait(&mut self, wait: raw::Wait) -> Option<Wait> {
        let minutes = wait
            .minutes
            .and_then(|minutes| self.whole(&minutes, "minutes"));
        let reason = wait.reason.and_then(|text| self.text(text, Use::Paragraph));
        Some(Wait {
            minutes: minutes?,
            reason: reason?,
        })
    }

    /// A number from 1 on.
    fn whole(&mut self, word: &Word, of_what: &str) -> Option<u32> {
        let number = word.value.parse().ok().filter(|number: &u32| *number > 0);
        if number.is_none() {
            let message = format!("`{}` is not a number of {of_what}", clean(&word.value));
            let hint = "write a whole number from 1 on".to_owned();
            self.report(Rule::Value, word.span, message, Some(hint));
        }
        number
    }

    fn escalation(&mut self, escalation: raw::Escalation) -> Option<Escalation> {
        let title = escalation.title.and_then(|text| self.text(text, Use::Line));
        let cause = escalation
            .cause
            .and_then(|text| self.text(text, Use::Paragraph));
        let channels = escalation.channels;
        let channels =
            channels.and_then(|channels| every(channels, |channel| self.channel(channel)));
        let facts = escalation
            .facts
            .and_then(|facts| every(facts, |fact| self.text(fact, Use::Paragraph)));
        Some(Escalation {
            title: title?,
            cause: cause?,
            channels: channels?,
            facts: facts?,
        })
    }

    fn channel(&mut self, channel: raw::Channel) -> Option<Channel> {
        let text = channel
            .text
            .and_then(|text| self.text(text, Use::Paragraph));
        let email = optional(channel.email, |email| self.email(email));
        let link = optional(channel.link, |link| self.link(&link));
        Some(Channel {
            text: text?,
            email: email?,
            link: link?,
        })
    }

    /// Checks the form of an id: words of lower-case letters and digits, joined by hyphens.
    fn id(&mut self, id: &Word) -> bool {
        let is_word = |word: &str| {
            let mut bytes = word.bytes();
            !word.is_empty() && bytes.all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        };
        if !self.is_safe(id) {
            return false;
        }
        let good = id.value.split('-').all(is_word);
        if !good {
            let message = format!("`{}` is not an id", clean(&id.value));
            let hint = "use lower-case letters and digits, in words joined by hyphens".to_owned();
            self.report(Rule::Id, id.span, message, Some(hint));
        }
        good
    }

    /// A text in every language of the tree.
    fn text(&mut self, text: raw::Text, purpose: Use) -> Option<Text> {
        match text {
            raw::Text::Plain(word) => {
                let [lang] = self.languages[..] else {
                    let message = "the text is not given in each language of the tree".to_owned();
                    let hint = format!("give it as {}", list(&self.codes()));
                    self.report(Rule::MissingLanguage, word.span, message, Some(hint));
                    return None;
                };
                Some(Text(vec![(lang, self.word(word, purpose)?)]))
            }
            raw::Text::Translated(span, words) => {
                let words = self.translated(span, words, true)?;
                every(words, |(lang, word)| {
                    Some((lang, self.word(word, purpose)?))
                })
                .map(Text)
            }
        }
    }

    fn codes(&self) -> Vec<&'static str> {
        self.languages.iter().map(|lang| lang.code()).collect()
    }

    /// The entries of a mapping of language to something, in the order of the tree's languages.
    fn translated<T>(
        &mut self,
        span: Span,
        entries: Vec<(Word, T)>,
        complete: bool,
    ) -> Option<Vec<(Lang, T)>> {
        let mut spoken: Vec<(Lang, T)> = Vec::with_capacity(entries.len());
        let mut good = true;
        for (code, value) in entries {
            let lang = Lang::from_code(&code.value);
            if let Some(lang) = lang.filter(|lang| self.languages.contains(lang)) {
                if spoken.iter().any(|(own, _)| *own == lang) {
                    self.reader.twice(&code, "the text");
                } else {
                    spoken.push((lang, value));
                }
                continue;
            }
            let message = format!("the tree does not speak `{}`", clean(&code.value));
            let hint = format!("it speaks {}", list(&self.codes()));
            self.report(Rule::UnknownLanguage, code.span, message, Some(hint));
            good = false;
        }
        let missing: Vec<&str> = self
            .languages
            .iter()
            .filter(|lang| spoken.iter().all(|(own, _)| own != *lang))
            .map(|lang| lang.code())
            .collect();
        if complete && good && !missing.is_empty() {
            let message = format!("the text is missing in {}", list(&missing));
            let hint = "write it there too, or take the language out of `languages`".to_owned();
            self.report(Rule::MissingLanguage, span, message, Some(hint));
            good = false;
        }
        spoken.sort_by_key(|(lang, _)| self.languages.iter().position(|own| own == lang));
        good.then_some(spoken)
    }

    fn phrases(&mut self, phrases: raw::Phrases) -> Option<Phrases> {
        let lists = match phrases {
            raw::Phrases::Plain(span, lines) => {
                let [lang] = self.languages[..] else {
                    let message = "the phrases are not given per language".to_owned();
                    let hint = format!("give them for each of {}", list(&self.codes()));
                    self.report(Rule::MissingLanguage, span, message, Some(hint));
                    return None;
                };
                vec![(lang, lines)]
            }
            raw::Phrases::Translated(span, lists) => self.translated(span, lists, true)?,
        };
        let phrases = every(lists, |(lang, lines)| {
            Some((lang, self.lines(lines, '\n', &mut HashMap::new())?))
        });
        phrases.map(Phrases)
    }

    /// Whether a text can be shown as it is written.
    fn is_safe(&mut self, word: &Word) -> bool {
        let Some(character) = first_unsafe(&word.value) else {
            return true;
        };
        let code = u32::from(character);
        let message = format!("the text holds the character U+{code:04X}");
        let hint = "it can act on a terminal or hide what the text says: remove it".to_owned();
        self.report(Rule::UnsafeCharacter, word.span, message, Some(hint));
        false
    }

    /// A text that says something and can be shown.
    fn word(&mut self, word: Word, purpose: Use) -> Option<String> {
        if !self.is_safe(&word) {
            return None;
        }
        let trimmed = word.value.trim().len();
        if trimmed == 0 {
            let hint = "say something, or leave the key out".to_owned();
            self.report(
                Rule::Empty,
                word.span,
                "the text is empty".to_owned(),
                Some(hint),
            );
            return None;
        }
        if self.today.is_some() {
            for remark in remarks(&word.value, purpose) {
                let hint = Some(remark.hint.to_owned());
                self.report(remark.rule, word.span, remark.message, hint);
            }
        }
        if trimmed == word.value.len() {
            return Some(word.value.into_owned());
        }
        Some(word.value.trim().to_owned())
    }

    /// An address, the same for every language or in each that the page is translated to.
    fn address(&mut self, url: raw::Text) -> Option<Text> {
        let words = match url {
            raw::Text::Plain(word) => vec![(self.languages[0], word)],
            raw::Text::Translated(span, words) => self.translated(span, words, false)?,
        };
        let addresses = every(words, |(lang, word)| {
            let span = word.span;
            let address = self.word(word, Use::Phrase)?;
            let Some(reason) = fault_of_address(&address) else {
                return Some((lang, address));
            };
            let address = clean(&address);
            let message = format!("`{address}` is not a safe web address: {reason}");
            let hint = "write it as `https://host/path`".to_owned();
            self.report(Rule::Address, span, message, Some(hint));
            None
        });
        addresses.map(Text)
    }

    fn email(&mut self, email: Word) -> Option<String> {
        let span = email.span;
        let address = self.word(email, Use::Phrase)?;
        let is_name = |name: &str| {
            let mut parts = name.split('.');
            let is_part = |part: &str| {
                let mut bytes = part.bytes();
                !part.is_empty()
                    && bytes.all(|byte| byte.is_ascii_alphanumeric() || b"_%+-'".contains(&byte))
            };
            parts.all(is_part)
        };
        let parts = address.split_once('@');
        if parts.is_some_and(|(name, host)| is_name(name) && is_host(host)) {
            return Some(address);
        }
        let message = format!("`{}` is not an e-mail address", clean(&address));
        let hint = "write it as `name@host`".to_owned();
        self.report(Rule::Address, span, message, Some(hint));
        None
    }

    fn date(&mut self, date: &Word) -> Option<Date> {
        let parsed: Option<Date> = date.value.parse().ok();
        let Some(parsed) = parsed.filter(|_| date.value.len() == 10) else {
            let message = format!("`{}` is not a date", clean(&date.value));
            let hint = "write it as year-month-day, as in `2026-11-23`".to_owned();
            self.report(Rule::Value, date.span, message, Some(hint));
            return None;
        };
        if let Some(today) = self.today {
            // East of here it may be tomorrow already.
            let tomorrow = today.tomorrow().unwrap_or(today);
            let year = jiff::Span::new().years(1);
            if parsed > tomorrow {
                let message = format!("{parsed} is in the future");
                let hint = "write the date on which the facts were confirmed".to_owned();
                self.report(Rule::CheckedLater, date.span, message, Some(hint));
            } else if parsed.checked_add(year).is_ok_and(|end| end < today) {
                let message = format!("the facts were last confirmed on {parsed}, over a year ago");
                let hint = "look whether they still hold, and write today's date".to_owned();
                self.report(Rule::CheckedLongAgo, date.span, message, Some(hint));
            }
        }
        Some(parsed)
    }

    fn link(&mut self, link: &Word) -> Option<LinkId> {
        if let Some(&id) = self.links.get(&*link.value) {
            self.used_links.insert(id.0);
            return Some(id);
        }
        if !self.is_safe(link) {
            self.links_are_known = false;
            return None;
        }
        // The link it probably means counts as used: one slip, one problem.
        let (meant, hint) = guess(&mut self.guesses, &link.value, &self.links);
        self.used_links.extend(meant.map(|id| id.0));
        self.links_are_known &= meant.is_some();
        let message = format!("there is no link `{}`", clean(&link.value));
        let hint = hint.unwrap_or_else(|| "name the id of a link of the table".to_owned());
        self.report(Rule::UnknownLink, link.span, message, Some(hint));
        None
    }

    fn target(
        &mut self,
        from: NodeId,
        target: &Word,
        place: impl Fn() -> String,
    ) -> Option<NodeId> {
        if !self.is_safe(target) {
            self.open.insert(from);
            return None;
        }
        let known = self.nodes.get(&*target.value);
        // That its id is none has been reported where it stands.
        let known = known.or_else(|| self.misspelt.get(&plain_id(&target.value)));
        let known = known.copied();
        let meant = known.or_else(|| {
            let (meant, hint) = guess(&mut self.guesses, &target.value, &self.nodes);
            let name = clean(&target.value);
            let from_name = clean(self.reader.node.as_deref().unwrap_or_default());
            let place = place();
            let message =
                format!("{place} of `{from_name}` leads to `{name}`, which does not exist");
            let hint = hint.unwrap_or_else(|| "name the id of a node of this tree".to_owned());
            self.report(Rule::UnknownTarget, target.span, message, Some(hint));
            self.leads_on(from, meant.is_some());
            meant
        });
        self.edges[from.index()].extend(meant);
        known
    }

    /// A target that is no use where it is the node itself.
    fn elsewhere(&mut self, from: NodeId, target: &Word, place: &str) -> Option<NodeId> {
        let known = self.target(from, target, || place.to_owned())?;
        if known != from {
            return Some(known);
        }
        let message = format!("{place} of `{}` leads back to itself", clean(&target.value));
        let hint = "let it lead on, or leave it out".to_owned();
        self.report(Rule::Value, target.span, message, Some(hint));
        None
    }

    /// Notes whether a way out of a node could be read.
    fn leads_on(&mut self, node: NodeId, is_known: bool) {
        if !is_known {
            self.open.insert(node);
        }
    }

    /// Reports the nodes that nothing reaches, and the loops that nothing leads out of.
    fn graph(&mut self, start: NodeId, spans: &[Span]) {
        let mut names = vec![String::new(); spans.len()];
        for (name, id) in &self.nodes {
            names[id.index()].clone_from(name);
        }
        let targets = |node: NodeId| {
            self.edges[node.index()]
                .iter()
                .chain(self.detours.get(&node))
        };
        let reached = graph::reach(spans.len(), targets, [start]);
        let may_be_reached = self.open.iter().any(|node| reached[node.index()]);
        for (index, name) in names
            .iter()
            .enumerate()
            .filter(|(index, _)| !may_be_reached && !reached[*index])
        {
            let message = format!("nothing leads to `{name}`");
            let hint = "let a choice or an `otherwise` lead to it, or remove it".to_owned();
            self.reader.node = Some(name.clone());
            self.report(Rule::Unreachable, spans[index], message, Some(hint));
        }
        for node in &self.open {
            // Whoever gets there may get out.
            self.edges[node.index()].clear();
        }
        for trail in graph::traps(&self.edges, &reached) {
            let trail: Vec<usize> = trail.into_iter().map(NodeId::index).collect();
            let steps = trail.iter().chain(trail.first());
            let steps: Vec<&str> = steps.map(|node| names[*node].as_str()).collect();
            let message = format!("this loop has no way out: {}", steps.join(" > "));
            let hint = "let one of them lead to an escalation in the end".to_owned();
            self.reader.node = Some(names[trail[0]].clone());
            self.report(Rule::EndlessLoop, spans[trail[0]], message, Some(hint));
        }
        self.reader.node = None;
    }
}

/// Reads every value, also after one that could not be read; `None` where one could not.
fn every<T, R>(
    values: impl IntoIterator<Item = T>,
    read: impl FnMut(T) -> Option<R>,
) -> Option<Vec<R>> {
    let read: Vec<Option<R>> = values.into_iter().map(read).collect();
    read.into_iter().collect()
}

/// Reads a value that may be left out; `None` where it is there and could not be read.
#[allow(clippy::option_option)] // The inner one is the value as the tree has it.
fn optional<T, R>(value: Option<T>, read: impl FnOnce(T) -> Option<R>) -> Option<Option<R>> {
    match value {
        Some(value) => read(value).map(Some),
        None => Some(None),
    }
}

/// What a name that does not exist probably means, and the hint that says so.
fn guess<T: Copy>(
    guesses: &mut usize,
    name: &str,
    known: &HashMap<String, T>,
) -> (Option<T>, Option<String>) {
    *guesses += 1;
    if *guesses > GUESSES {
        return (None, None);
    }
    // A map has no order, and the same file must give the same hint.
    let mut names: Vec<&str> = known.keys().map(String::as_str).collect();
    names.sort_unstable();
    match nearest(name, names).first() {
        Some(near) => {
            let hint = format!("did you mean `{near}`?");
            (known.get(*near).copied(), Some(hint))
        }
        None => (None, None),
    }
}

/// A text as it looks: without the difference between blanks, and between the ways to write a letter
/// with an accent (form NFC of Unicode Standard Annex 15).
fn as_seen(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let text = words.join(" ");
    // Nearly every text is in that form already, which is quick to see.
    if is_nfc_quick(text.chars()) == IsNormalized::Yes {
        return text;
    }
    text.nfc().collect()
}

/// An id as it was probably meant.
fn plain_id(id: &str) -> String {
    id.to_lowercase().replace(['_', ' '], "-")
}

/// Whether a text is the name of a host, with a dot, as RFC 1123 writes it.
fn is_host(host: &str) -> bool {
    let is_label = |label: &str| {
        let mut bytes = label.bytes();
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    host.contains('.') && host.split('.').all(is_label)
}

/// Why an address is not one that a person can be sent to; `None` where it is.
///
/// The parts are those of RFC 3986.
fn fault_of_address(address: &str) -> Option<&'static str> {
    let Some(rest) = address.strip_prefix("https://") else {
        return Some("it does not begin with `https://`");
    };
    let is_foreign = |character: char| {
        !character.is_ascii_graphic()
            || matches!(
                character,
                '"' | '<' | '>' | '\\' | '^' | '`' | '{' | '|' | '}'
            )
    };
    if rest.contains(is_foreign) {
        return Some("a character in it has to be percent-encoded");
    }
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if authority.contains('@') {
        return Some("it holds a user name or a password");
    }
    let (host, port) = match authority.split_once(':') {
        Some((host, port)) => (host, port.parse::<u16>().ok()),
        None => (authority, Some(443)),
    };
    if !is_host(host) {
        return Some("its host is not a name with a dot");
    }
    if port.is_none() {
        return Some("its port is not a number");
    }
    let mut escapes = rest.split('%').skip(1);
    let is_escape = |rest: &str| {
        let mut digits = rest.bytes().take(2);
        rest.len() >= 2 && digits.all(|byte| byte.is_ascii_hexdigit())
    };
    if !escapes.all(is_escape) {
        return Some("a `%` in it is not followed by two hexadecimal digits");
    }
    None
}
