//! From the tree as written to the tree as used: every name becomes the thing it names, and every
//! rule that the shape alone does not keep is checked here. No problem is reported that another one
//! explains.

use std::collections::{HashMap, HashSet};

use jiff::civil::Date;

use super::graph;
use super::problem::{Problem, Rule, Severity, Span};
use super::raw::{self, At, Reader, Word, list};
use super::{
    Channel, Choice, Escalation, Kind, Link, LinkId, Node, NodeId, Question, Remedy, Step, Symptom,
    Text, Tree, Wait, Who, nearest,
};
use crate::lang::Lang;

/// Checks a tree file and resolves its names.
pub(super) fn resolve(source: &str) -> (Option<Tree>, Vec<Problem>) {
    let (file, reader) = raw::read(source);
    let mut resolver = Resolver {
        reader,
        languages: vec![Lang::En],
        nodes: HashMap::new(),
        links: HashMap::new(),
        used_links: HashSet::new(),
        symptom_titles: HashMap::new(),
        edges: Vec::new(),
        edges_missing: false,
        unread: HashSet::new(),
    };
    let tree = file.and_then(|file| resolver.file(file));
    let mut problems = resolver.reader.problems;
    problems.sort_by_key(|problem| problem.span);
    let is_error = |problem: &Problem| problem.rule.severity() == Severity::Error;
    (tree.filter(|_| !problems.iter().any(is_error)), problems)
}

/// Whether a character could act on a terminal, or make a text read otherwise than it is written.
///
/// These are the control characters but for the line feed, the line and paragraph separators, and
/// the explicit bidirectional formatting characters of Unicode Standard Annex 9, section 2.
#[must_use]
pub(crate) fn is_unsafe(character: char) -> bool {
    let line_feed = character == '\n';
    (character.is_control() && !line_feed)
        || matches!(character, '\u{2028}' | '\u{2029}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// The first unsafe character of a text. Most texts are cleared by looking at their bytes: in UTF-8
/// every unsafe character but the C0 controls and DEL begins with `C2` or `E2`.
fn first_unsafe(text: &str) -> Option<char> {
    let may_be = |byte: u8| matches!(byte, 0..=9 | 11..=31 | 0x7F | 0xC2 | 0xE2);
    if !text.bytes().any(may_be) {
        return None;
    }
    text.chars().find(|character| is_unsafe(*character))
}

struct Resolver {
    reader: Reader,
    languages: Vec<Lang>,
    nodes: HashMap<String, NodeId>,
    links: HashMap<String, LinkId>,
    used_links: HashSet<u32>,
    /// The title of every symptom; `None` where it could not be read.
    symptom_titles: HashMap<NodeId, Option<Text>>,
    /// What each node leads to. An unknown target counts as the node it probably means, so that
    /// one slip is not reported once more as a node that nothing reaches.
    edges: Vec<Vec<NodeId>>,
    /// Whether a target is wrong in a way that leaves open what was meant.
    edges_missing: bool,
    /// The nodes of which nothing could be read, not even their kind.
    unread: HashSet<NodeId>,
}

impl Resolver {
    fn report(&mut self, rule: Rule, span: Span, message: String, hint: Option<String>) {
        self.reader.report(rule, span, message, hint);
    }

    fn file(&mut self, file: raw::File) -> Option<Tree> {
        if let Some(languages) = file.languages {
            self.languages(languages);
        }
        let title = file.title.and_then(|text| self.text(text));
        let raw_links = file.links.map_or_else(Vec::new, |links| links.0);
        let link_spans: Vec<Span> = raw_links.iter().map(|(id, _)| id.span).collect();
        let links = self.links(raw_links);

        let mut raw_nodes = file.nodes?.0;
        let spans: Vec<Span> = raw_nodes.iter().map(|(id, _)| id.span).collect();
        for ((id, node), index) in raw_nodes.iter_mut().zip(0..) {
            self.reader.node = Some(id.value.to_string());
            self.id(id);
            self.nodes.insert(id.value.to_string(), NodeId(index));
            // Choices that lead to a symptom read like it, so its title has to be known first.
            match node {
                Some(raw::Node::Symptom(symptom)) => {
                    let title = symptom.title.take().and_then(|title| self.text(title));
                    self.symptom_titles.insert(NodeId(index), title);
                }
                Some(_) => {}
                None => drop(self.unread.insert(NodeId(index))),
            }
        }
        let mut nodes = Vec::with_capacity(raw_nodes.len());
        for ((id, node), index) in raw_nodes.into_iter().zip(0..) {
            self.reader.node = Some(id.value.to_string());
            self.edges.push(Vec::new());
            let kind = node.and_then(|node| self.node(NodeId(index), node));
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
        if let Some(start) = start.filter(|_| self.graph_is_known()) {
            self.graph(start, &spans);
        }
        for (index, (span, link)) in (0..).zip(link_spans.iter().zip(&links)) {
            if let Some(link) = link.as_ref().filter(|_| !self.used_links.contains(&index)) {
                let message = format!("no node names the link `{}`", link.id);
                self.report(Rule::UnusedLink, *span, message, None);
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
        })
    }

    fn languages(&mut self, codes: Vec<Word>) {
        let mut languages = Vec::new();
        for code in codes {
            match Lang::from_code(&code.value) {
                Some(lang) if languages.contains(&lang) => {
                    let message = format!("language `{}` stands twice", code.value);
                    self.report(Rule::DuplicateKey, code.span, message, None);
                }
                Some(lang) => languages.push(lang),
                None => {
                    let codes: Vec<&str> = Lang::ALL.map(Lang::code).to_vec();
                    let message = format!("unknown language `{}`", code.value);
                    let hint = format!("the program speaks {}", list(&codes));
                    self.report(Rule::UnknownLanguage, code.span, message, Some(hint));
                }
            }
        }
        if !languages.is_empty() {
            self.languages = languages;
        }
    }

    fn links(&mut self, links: Vec<(Word, Option<raw::Link>)>) -> Vec<Option<Link>> {
        let mut resolved = Vec::with_capacity(links.len());
        for ((id, link), index) in links.into_iter().zip(0..) {
            self.id(&id);
            self.links.insert(id.value.to_string(), LinkId(index));
            let link = link.and_then(|link| {
                let label = link.label.and_then(|text| self.text(text));
                let url = link.url.and_then(|url| self.address(url));
                Some((label?, url?))
            });
            resolved.push(link.map(|(label, url)| Link {
                id: id.value.into_owned(),
                label,
                url,
            }));
        }
        resolved
    }

    fn start(&mut self, start: Option<Word>, nodes: &[Option<Node>]) -> Option<NodeId> {
        let start = start?;
        let Some(&id) = self.nodes.get(&*start.value) else {
            let hint = self.hint_node(&start.value).1;
            let message = format!("the tree starts at `{}`, which does not exist", start.value);
            self.report(Rule::Start, start.span, message, hint);
            return None;
        };
        let node = nodes[id.0 as usize].as_ref()?;
        if matches!(node.kind, Kind::Question(_)) {
            return Some(id);
        }
        let message = format!("the tree starts at `{}`, which is not a question", node.id);
        let hint = "start with the question that offers the symptoms".to_owned();
        self.report(Rule::Start, start.span, message, Some(hint));
        None
    }

    fn node(&mut self, id: NodeId, node: raw::Node) -> Option<Kind> {
        match node {
            raw::Node::Symptom(symptom) => self.symptom(id, symptom).map(Kind::Symptom),
            raw::Node::Question(question) => self.question(id, question).map(Kind::Question),
            raw::Node::Remedy(remedy) => self.remedy(id, *remedy).map(Kind::Remedy),
            raw::Node::Escalation(escalation) => self.escalation(escalation).map(Kind::Escalation),
        }
    }

    fn symptom(&mut self, id: NodeId, symptom: raw::Symptom) -> Option<Symptom> {
        let phrases = optional(symptom.phrases, |phrases| self.phrases(phrases));
        let to = symptom.to.and_then(|to| {
            let target = self.target(id, &to, "the symptom")?;
            if !self.symptom_titles.contains_key(&target) {
                return Some(target);
            }
            self.edges_missing = true;
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
        let text = question.text.and_then(|text| self.text(text));
        let how = optional(question.how, |text| self.text(text));
        let choices = question.choices.and_then(|choices| {
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
                    self.report(Rule::DuplicateChoice, span, message, None);
                } else if choice
                    .label
                    .0
                    .iter()
                    .any(|label| !labels.insert(label.clone()))
                {
                    let message = format!("choice `{}` reads like another one", choice.id);
                    self.report(Rule::DuplicateLabel, span, message, None);
                }
                Some(choice)
            })
        });
        let unsure = optional(question.unsure, |to| self.target(id, &to, "`unsure`"));
        Some(Question {
            text: text?,
            how: how?,
            choices: choices?,
            unsure: unsure?,
        })
    }

    /// A choice. Where it leads to a symptom, it takes the id and the title that it does not give
    /// itself from there.
    fn choice(&mut self, question: NodeId, choice: raw::Choice, span: Span) -> Option<Choice> {
        let place = match &choice.id {
            Some(id) => format!("choice `{}`", clean(&id.value)),
            None => "a choice".to_owned(),
        };
        let id = optional(choice.id, |id| self.id(&id).then(|| id.value.into_owned()));
        let label = optional(choice.label, |label| self.text(label));
        let to = choice.to?;
        let target = self.target(question, &to, &place)?;
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
                let message = format!("{place} has no `{name}`");
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
        let title = remedy.title.and_then(|text| self.text(text));
        let cause = remedy.cause.and_then(|text| self.text(text));
        let warning = optional(remedy.warning, |text| self.text(text));
        let steps = remedy
            .steps
            .and_then(|steps| every(steps, |step| self.step(step)));
        let wait = optional(remedy.wait, |wait| self.wait(wait));
        let note = optional(remedy.note, |text| self.text(text));
        let links = remedy
            .links
            .and_then(|links| every(links, |link| self.link(&link)));
        let otherwise = remedy
            .otherwise
            .and_then(|to| self.target(id, &to, "`otherwise`"));
        let cannot_find = optional(remedy.cannot_find, |to| {
            self.target(id, &to, "`cannot-find`")
        });
        let source = remedy.source.and_then(|source| self.word(source));
        let checked = remedy.checked.and_then(|checked| self.date(&checked));
        Some(Remedy {
            title: title?,
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
                let message = format!("nobody is called `{}`", who.value);
                let hint = format!("a step is done by {}", list(&ids));
                self.report(Rule::Value, who.span, message, Some(hint));
            }
            known
        });
        let action = step.action.and_then(|text| self.text(text));
        let say = optional(step.say, |text| self.text(text));
        Some(Step {
            who: who?,
            action: action?,
            say: say?,
        })
    }

    fn wait(&mut self, wait: raw::Wait) -> Option<Wait> {
        let minutes = wait.minutes.and_then(|minutes| {
            let number = minutes
                .value
                .parse()
                .ok()
                .filter(|number: &u32| *number > 0);
            if number.is_none() {
                let message = format!("`{}` is not a number of minutes", minutes.value);
                let hint = "write a whole number from 1 on".to_owned();
                self.report(Rule::Value, minutes.span, message, Some(hint));
            }
            number
        });
        let reason = wait.reason.and_then(|text| self.text(text));
        Some(Wait {
            minutes: minutes?,
            reason: reason?,
        })
    }

    fn escalation(&mut self, escalation: raw::Escalation) -> Option<Escalation> {
        let title = escalation.title.and_then(|text| self.text(text));
        let cause = escalation.cause.and_then(|text| self.text(text));
        let channels = escalation.channels;
        let channels =
            channels.and_then(|channels| every(channels, |channel| self.channel(channel)));
        let facts = escalation
            .facts
            .and_then(|facts| every(facts, |fact| self.text(fact)));
        Some(Escalation {
            title: title?,
            cause: cause?,
            channels: channels?,
            facts: facts?,
        })
    }

    fn channel(&mut self, channel: raw::Channel) -> Option<Channel> {
        let text = channel.text.and_then(|text| self.text(text));
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
        let good = id.value.split('-').all(is_word);
        if !good {
            let message = format!("`{}` is not an id", clean(&id.value));
            let hint = "use lower-case letters and digits, in words joined by hyphens".to_owned();
            self.report(Rule::Id, id.span, message, Some(hint));
        }
        good
    }

    /// A text in every language of the tree.
    fn text(&mut self, text: raw::Text) -> Option<Text> {
        match text {
            raw::Text::Plain(word) => {
                let [lang] = self.languages[..] else {
                    let message = "the text is not given in each language of the tree".to_owned();
                    let hint = format!("give it as {}", list(&self.codes()));
                    self.report(Rule::MissingLanguage, word.span, message, Some(hint));
                    return None;
                };
                Some(Text(vec![(lang, self.word(word)?)]))
            }
            raw::Text::Translated(span, words) => {
                let words = self.translated(span, words, true)?;
                every(words, |(lang, word)| Some((lang, self.word(word)?))).map(Text)
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
            self.report(Rule::MissingLanguage, span, message, None);
            good = false;
        }
        spoken.sort_by_key(|(lang, _)| self.languages.iter().position(|own| own == lang));
        good.then_some(spoken)
    }

    fn phrases(&mut self, phrases: raw::Phrases) -> Option<Vec<(Lang, String)>> {
        let lists = match phrases {
            raw::Phrases::Plain(span, words) => {
                let [lang] = self.languages[..] else {
                    let message = "the phrases are not given per language".to_owned();
                    let hint = format!("give a list for each of {}", list(&self.codes()));
                    self.report(Rule::MissingLanguage, span, message, Some(hint));
                    return None;
                };
                vec![(lang, words)]
            }
            raw::Phrases::Translated(span, lists) => self.translated(span, lists, true)?,
        };
        let words = lists
            .into_iter()
            .flat_map(|(lang, words)| words.into_iter().map(move |word| (lang, word)));
        every(words, |(lang, word)| Some((lang, self.word(word)?)))
    }

    /// A text that says something and can be shown.
    fn word(&mut self, word: Word) -> Option<String> {
        if let Some(character) = first_unsafe(&word.value) {
            let message = format!(
                "the text holds the character U+{:04X}",
                u32::from(character)
            );
            let hint = "it can act on a terminal or hide what the text says: remove it".to_owned();
            self.report(Rule::UnsafeCharacter, word.span, message, Some(hint));
            return None;
        }
        let trimmed = word.value.trim().len();
        if trimmed == 0 {
            self.report(Rule::Empty, word.span, "the text is empty".to_owned(), None);
            return None;
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
            let address = self.word(word)?;
            let rest = address.strip_prefix("https://");
            let host = rest.and_then(|rest| rest.split(['/', '?', '#']).next());
            let good = host.is_some_and(|host| host.contains('.') && !host.contains('@'));
            if good && !address.contains(char::is_whitespace) {
                return Some((lang, address));
            }
            let message = format!("`{address}` is not a safe web address");
            let hint = "it has to begin with `https://` and a host, without a user name".to_owned();
            self.report(Rule::Address, span, message, Some(hint));
            None
        });
        addresses.map(Text)
    }

    fn email(&mut self, email: Word) -> Option<String> {
        let span = email.span;
        let address = self.word(email)?;
        let good = address.split_once('@').is_some_and(|(name, host)| {
            !name.is_empty() && host.contains('.') && !host.contains('@')
        });
        if good && !address.contains(char::is_whitespace) {
            return Some(address);
        }
        let message = format!("`{address}` is not an e-mail address");
        self.report(Rule::Address, span, message, None);
        None
    }

    fn date(&mut self, date: &Word) -> Option<Date> {
        let parsed = date.value.parse().ok().filter(|_| date.value.len() == 10);
        if parsed.is_none() {
            let message = format!("`{}` is not a date", clean(&date.value));
            let hint = "write it as year-month-day, as in `2026-11-23`".to_owned();
            self.report(Rule::Value, date.span, message, Some(hint));
        }
        parsed
    }

    fn link(&mut self, link: &Word) -> Option<LinkId> {
        if let Some(&id) = self.links.get(&*link.value) {
            self.used_links.insert(id.0);
            return Some(id);
        }
        let near = nearest(&link.value, self.links.keys().map(String::as_str));
        let hint = near.first().map(|near| format!("did you mean `{near}`?"));
        // The link it probably means counts as used: one slip, one problem.
        let meant = near.first().and_then(|near| self.links.get(*near));
        self.used_links.extend(meant.map(|id| id.0));
        let message = format!("there is no link `{}`", clean(&link.value));
        self.report(Rule::UnknownLink, link.span, message, hint);
        None
    }

    /// The node that a name probably means, and the hint that says so.
    fn hint_node(&self, name: &str) -> (Option<NodeId>, Option<String>) {
        let near = nearest(name, self.nodes.keys().map(String::as_str));
        match near.first() {
            Some(near) => (
                self.nodes.get(*near).copied(),
                Some(format!("did you mean `{near}`?")),
            ),
            None => (None, None),
        }
    }

    fn target(&mut self, from: NodeId, target: &Word, place: &str) -> Option<NodeId> {
        let known = self.nodes.get(&*target.value).copied();
        let meant = known.or_else(|| {
            let (meant, hint) = self.hint_node(&target.value);
            let name = clean(&target.value);
            let message = format!("{place} leads to `{name}`, which does not exist");
            self.report(Rule::UnknownTarget, target.span, message, hint);
            self.edges_missing |= meant.is_none();
            meant
        });
        self.edges[from.0 as usize].extend(meant);
        known
    }

    /// Whether every node and where it leads to could be read. Where not, a node that nothing
    /// reaches may only look so.
    fn graph_is_known(&self) -> bool {
        let hides_targets = |problem: &Problem| {
            matches!(
                problem.rule,
                Rule::Shape
                    | Rule::UnknownKey
                    | Rule::MissingKey
                    | Rule::DuplicateKey
                    | Rule::Empty
            )
        };
        !self.edges_missing && !self.reader.problems.iter().any(hides_targets)
    }

    /// Reports the nodes that nothing reaches, and the loops that nothing leads out of.
    fn graph(&mut self, start: NodeId, spans: &[Span]) {
        let mut names = vec![String::new(); spans.len()];
        for (name, id) in &self.nodes {
            names[id.0 as usize].clone_from(name);
        }
        let reached = graph::reach(&self.edges, [start]);
        for (index, name) in names
            .iter()
            .enumerate()
            .filter(|(index, _)| !reached[*index])
        {
            let message = format!("nothing leads to `{name}`");
            let hint = "let a choice or an `otherwise` lead to it, or remove it".to_owned();
            self.reader.node = Some(name.clone());
            self.report(Rule::Unreachable, spans[index], message, Some(hint));
        }
        for trail in graph::traps(&self.edges, &reached) {
            let trail: Vec<usize> = trail.into_iter().map(|node| node.0 as usize).collect();
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

/// Text of the file as a message can show it.
fn clean(text: &str) -> String {
    text.chars()
        .filter(|character| !is_unsafe(*character))
        .collect()
}
