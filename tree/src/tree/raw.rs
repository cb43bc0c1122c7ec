//! The tree file as written: only this file knows that it is YAML. What is read here keeps its
//! place; what cannot be read is reported and left out, never guessed.
//!
//! Authors want every mistake at once, so [`Read`] takes the values apart without stopping at the
//! first that does not fit.

mod ids;
mod schema;
mod yaml;

use std::borrow::Cow;
use std::collections::HashSet;

use super::problem::{Problem, Rule, Span};
use super::{Who, clean, nearest};
pub use ids::{Ids, ids};
pub(super) use schema::schema;
use schema::{Definitions, Json};
use serde_json::json;
use yaml::{Value, Yaml};

/// A value and where it stands.
#[derive(Clone, Debug)]
pub(super) struct At<T> {
    pub(super) value: T,
    pub(super) span: Span,
}

/// Text and where it stands.
pub(super) type Word<'s> = At<Cow<'s, str>>;

/// Declares a mapping of the tree file: the struct that holds it, how it is read, and its part of
/// the JSON Schema. Every field is optional in the struct, because what is missing or unreadable has
/// been reported already. A field whose type alone does not say what it may hold names its form.
macro_rules! mapping {
    ($(#[doc = $doc:literal])* $name:ident, $what:literal {
        $($(#[doc = $field_doc:literal])*
        $need:ident $key:literal $field:ident: $type:ty $(= $form:ident)?,)*
    }) => {
        $(#[doc = $doc])*
        #[derive(Debug)]
        pub(super) struct $name<'s> {
            $($(#[doc = $field_doc])* pub(super) $field: Option<$type>,)*
        }

        impl<'s> Read<'s> for $name<'s> {
            fn read(yaml: Yaml<'s>, reader: &mut Reader) -> Option<Self> {
                let span = yaml.span;
                let entries = reader.fields(yaml, $what)?;
                let entries = entries.into_iter().map(Some).collect();
                let mut fields = Fields { what: $what, span, entries, missing: Vec::new() };
                let read = Self {
                    $($field: fields
                        .take($key, Need::$need, reader)
                        .and_then(|value| Read::read(value, reader)),)*
                };
                fields.finish(&[$($key),*], reader);
                Some(read)
            }

            fn schema(definitions: &mut Definitions) -> Json {
                definitions.mapping($what, concat!($($doc, "\n"),*), |definitions| vec![
                    $(schema::Key {
                        name: $key,
                        is_required: Need::$need == Need::Required,
                        description: concat!($($field_doc, "\n"),*),
                        value: mapping!(@form definitions, $type $(, $form)?),
                    },)*
                ])
            }
        }
    };
    (@form $definitions:ident, $type:ty) => { <$type>::schema($definitions) };
    (@form $definitions:ident, $type:ty, $form:ident) => { schema::$form() };
}

mapping! {
    /// A whole tree file.
    File, "a tree" {
        /// What the tree is about.
        Required "title" title: Text<'s>,
        /// The codes of the languages that every text is written in; `[en]` where it is left out.
        Optional "languages" languages: Vec<Word<'s>> = languages,
        /// The id of the first question.
        Required "start" start: Word<'s> = id,
        /// The table of links that nodes name by id.
        Optional "links" links: Entries<'s, Link<'s>>,
        /// The words that searching the tree needs to know.
        Optional "search" search: Vocabulary<'s>,
        /// The files that can answer questions.
        Optional "evidence" evidence: Evidence<'s>,
        /// Every symptom, question, remedy and escalation, by id.
        Required "nodes" nodes: Nodes<'s>,
        /// The codes of the warnings that are meant to be there, such as `[T022]`; they are not reported.
        Optional "intended" intended: Vec<Word<'s>> = intended,
    }
}

mapping! {
    /// A page to read or a place to go.
    Link, "a link" {
        /// Describes the page well enough to find it if it moves.
        Required "label" label: Text<'s>,
        /// An address that begins with `https://`, per language where the page has translations.
        Required "url" url: Text<'s> = address,
        /// The codes of the warnings that are meant to be there, such as `[T022]`; they are not reported.
        Optional "intended" intended: Vec<Word<'s>> = intended,
    }
}

mapping! {
    /// The words that searching the tree needs to know besides those of its entries.
    Vocabulary, "the search" {
        /// What the product is called that the tree is about, also by people and in the past: a list, or
        /// a text with one name in each line.
        Optional "names" names: Lines<'s>,
        /// Names of other products. A text that names one of them, and not the product, finds nothing.
        Optional "others" others: Lines<'s>,
        /// What people may be talking about without meaning the product, such as printers: it makes a match
        /// less likely. What is also among the synonyms counts as one of them all the same.
        Optional "topics" topics: Lines<'s>,
        /// Words that mean the same, in whatever language: in each line some words with commas between
        /// them.
        Optional "synonyms" synonyms: Lines<'s>,
    }
}

mapping! {
    /// The files that can answer questions.
    Evidence, "the evidence" {
        /// What the list of records is called in an object that is a page of them, such as `value`.
        Optional "pages" pages: Vec<Word<'s>>,
        /// The sorts of devices, each as a list of how their names begin. Records that are joined only by
        /// their person are about the same sort.
        Optional "platforms" platforms: Vec<Vec<Word<'s>>>,
        /// Every kind of record that is read, by id.
        Required "kinds" kinds: Entries<'s, EvidenceKind<'s>>,
        /// What no file holds and a person can say beforehand, by id; tests name it as `$id`.
        Optional "facts" facts: Entries<'s, Text<'s>>,
        /// What is enough to call a device healthy: lists of tests, of which one is enough.
        Optional "healthy" healthy: Vec<Tests<'s>>,
        /// What is enough not to call a device healthy, whatever else holds.
        Optional "doubtful" doubtful: Vec<Tests<'s>>,
        /// After how many days a file may no longer be true.
        Optional "fresh-days" fresh_days: Word<'s> = whole,
    }
}

mapping! {
    /// A kind of record that files hold. In names and values, case, blanks and punctuation make no
    /// difference.
    EvidenceKind, "an evidence kind" {
        /// What it is, in a few words.
        Required "title" title: Text<'s>,
        /// What a record of it is about: `everyone`, a `device` or a `person`.
        Required "about" about: Word<'s> = about,
        /// Names of which a record of this kind has at least one.
        Optional "known-by" known_by: Vec<Word<'s>>,
        /// What a record or its page calls itself, as `@odata.type` and `@odata.context` have it.
        Optional "types" types: Vec<Word<'s>>,
        /// What the name of a file holds that has this kind, where its records look like those of another.
        Optional "named" named: Word<'s>,
        /// Whether its records count only in a file that has no other kind.
        Optional "alone" alone: Word<'s> = boolean,
        /// The names of the objects in a record that are looked into.
        Optional "within" within: Vec<Word<'s>>,
        /// What is read of a record, by the name that tests use: what files call it, the usual name first.
        Required "fields" fields: Entries<'s, Vec<Word<'s>>>,
        /// What a field can say besides what tests compare it with, by the name of the field: what it says
        /// else is pointed out.
        Optional "values" values: Entries<'s, Vec<Word<'s>>>,
        /// The fields that name the record where it comes from, and nowhere else.
        Optional "own-ids" own_ids: Vec<Word<'s>> = ids,
        /// The fields that name the device, or the person, most surely.
        Optional "ids" ids: Vec<Word<'s>> = ids,
        /// The fields that name the device where none of the others is known elsewhere.
        Optional "other-ids" other_ids: Vec<Word<'s>> = ids,
        /// The fields that name the person who uses the device.
        Optional "person" person: Vec<Word<'s>> = ids,
        /// The fields by which people know the device.
        Optional "shown" shown: Vec<Word<'s>> = ids,
        /// The field that says what sort of device it is.
        Optional "platform" platform: Word<'s> = id,
        /// The field that says when the record was true: of two about the same device, the later one
        /// counts.
        Optional "dated" dated: Word<'s> = id,
        /// Whether a record makes a device known, as it does where this is left out, and does not only
        /// add to what is known of one.
        Optional "adds-devices" adds_devices: Word<'s> = boolean,
        /// Whether a file of it is about one person without saying whom; it is used where only one is
        /// meant.
        Optional "of-one-person" of_one_person: Word<'s> = boolean,
        /// Which records count: all for which these tests do not fail.
        Optional "only" only: Tests<'s>,
        /// By what a record shows that its file does not list all there are, as a file of events does not.
        Optional "partial" partial: Tests<'s>,
        /// How many records a full page has: a file with just as many may lack the next page.
        Optional "page" page: Word<'s> = whole,
        /// Which record is meant where there are several.
        Optional "prefers" prefers: Tests<'s>,
        /// The least permission that is needed to get it.
        Optional "permission" permission: Word<'s>,
        /// The commands that get it.
        Optional "commands" commands: Vec<HowTo<'s>>,
    }
}

mapping! {
    /// A command that gets a kind of evidence.
    HowTo, "a command" {
        /// The program that it is for.
        Required "with" with: Word<'s>,
        /// The command.
        Required "run" run: Word<'s>,
    }
}

mapping! {
    /// How what a field says is compared: one of these.
    Comparison, "a comparison" {
        /// No record of the kind says one of these: words, or `$fact`.
        Optional "none-of" none_of: Vec<Word<'s>>,
        /// Every record of the kind, if there are any, says one of these words or nothing.
        Optional "nothing-but" nothing_but: Vec<Word<'s>>,
        /// The field begins with one of these.
        Optional "begins-with" begins_with: Vec<Word<'s>>,
        /// `true` where the field says nothing, `false` where it says something.
        Optional "empty" empty: Word<'s> = boolean,
        /// A moment that lies further back than so many days: a number, a field or `$fact`.
        Optional "older-than" older_than: Word<'s>,
        /// A moment that lies not so far back.
        Optional "newer-than" newer_than: Word<'s>,
        /// A version before this one: a version, a field or `$fact`.
        Optional "below" below: Word<'s>,
        /// This version or a later one.
        Optional "at-least" at_least: Word<'s>,
    }
}

mapping! {
    /// What a person sees before any question is asked.
    Symptom, "a symptom" {
        /// What is seen, in a few words.
        Required "symptom" title: Text<'s>,
        /// What people say and what error pages print, a list per language.
        Optional "phrases" phrases: Phrases<'s>,
        /// The first question, or a remedy where nothing needs to be asked.
        Required "to" to: Word<'s> = id,
        /// The codes of the warnings that are meant to be there, such as `[T022]`; they are not reported.
        Optional "intended" intended: Vec<Word<'s>> = intended,
    }
}

mapping! {
    /// Something to answer.
    Question, "a question" {
        /// What is asked.
        Required "question" text: Text<'s>,
        /// How the person can find out, shown to somebody who is not sure.
        Optional "how" how: Text<'s>,
        /// The possible answers, in the order of the screen.
        Required "choices" choices: Vec<At<Choice<'s>>>,
        /// Where to go when the person cannot find out.
        Optional "unsure" unsure: Word<'s> = id,
        /// What in the evidence is enough for which choice, by the id of the choice: lists of tests, of
        /// which one is enough. The first choice that has it is taken.
        Optional "evidence" evidence: Entries<'s, Vec<Tests<'s>>>,
        /// The codes of the warnings that are meant to be there, such as `[T022]`; they are not reported.
        Optional "intended" intended: Vec<Word<'s>> = intended,
    }
}

mapping! {
    /// One answer. Where it leads to a symptom, it has the id and the title of the symptom unless
    /// it says otherwise.
    Choice, "a choice" {
        /// The stable name, unique within the question.
        Optional "id" id: Word<'s> = id,
        /// What the person reads.
        Optional "label" label: Text<'s>,
        /// The id of the node that the answer leads to.
        Required "to" to: Word<'s> = id,
    }
}

mapping! {
    /// A cause and what to do about it.
    Remedy, "a remedy" {
        /// What is done, in a few words.
        Required "remedy" title: Text<'s>,
        /// What people say who need it and what the screen shows then, a list per language.
        Optional "phrases" phrases: Phrases<'s>,
        /// Why this happens.
        Required "cause" cause: Text<'s>,
        /// What to know before the first step.
        Optional "warning" warning: Text<'s>,
        /// What to do, in order.
        Required "steps" steps: Vec<Step<'s>>,
        /// What takes time before the result can be judged.
        Optional "wait" wait: Wait<'s>,
        /// What is worth knowing besides.
        Optional "note" note: Text<'s>,
        /// The ids of pages to read.
        Required "links" links: Vec<Word<'s>> = ids,
        /// Where to go when this did not help: the next cause, or an escalation.
        Required "otherwise" otherwise: Word<'s> = id,
        /// Help for somebody who cannot find what the steps name.
        Optional "cannot-find" cannot_find: Word<'s> = id,
        /// Where the facts come from.
        Required "source" source: Word<'s>,
        /// When the facts were last confirmed, as in `2026-11-23`.
        Required "checked" checked: Word<'s> = date,
        /// The codes of the warnings that are meant to be there, such as `[T022]`; they are not reported.
        Optional "intended" intended: Vec<Word<'s>> = intended,
    }
}

mapping! {
    /// One action of one person.
    Step, "a step" {
        /// Who does it: `admin`, `user` or `lookout-support`.
        Required "who" who: Word<'s> = who,
        /// The action, in the imperative, with the path to click.
        Required "do" action: Text<'s>,
        /// What a helpdesk agent reads aloud to the caller.
        Optional "say" say: Text<'s>,
    }
}

mapping! {
    /// Something that takes time.
    Wait, "a wait" {
        /// How long, in minutes.
        Required "minutes" minutes: Word<'s> = whole,
        /// What is waited for.
        Required "for" reason: Text<'s>,
    }
}

mapping! {
    /// Whom to contact, how, and what to tell them.
    Escalation, "an escalation" {
        /// Who goes on from here.
        Required "escalation" title: Text<'s>,
        /// When this is the right place to turn to.
        Required "cause" cause: Text<'s>,
        /// The ways to reach them.
        Required "channels" channels: Vec<Channel<'s>>,
        /// What they will ask for.
        Required "facts" facts: Vec<Text<'s>>,
        /// The codes of the warnings that are meant to be there, such as `[T022]`; they are not reported.
        Optional "intended" intended: Vec<Word<'s>> = intended,
    }
}

mapping! {
    /// One way to reach somebody.
    Channel, "a channel" {
        /// The way, in words.
        Required "text" text: Text<'s>,
        /// An e-mail address.
        Optional "email" email: Word<'s> = email,
        /// The id of a page.
        Optional "link" link: Word<'s> = id,
    }
}

/// A text: plain in a tree of one language, else a mapping of language to text.
#[derive(Debug)]
pub(super) enum Text<'s> {
    Plain(Word<'s>),
    Translated(Span, Vec<(Word<'s>, Word<'s>)>),
}

/// Words: a list, or a text with one of them in each line, which is quicker to write and to read.
#[derive(Debug)]
pub(super) enum Lines<'s> {
    List(Vec<Word<'s>>),
    Text(Word<'s>),
}

/// Phrases: plain words in a tree of one language, else a mapping of language to words.
#[derive(Debug)]
pub(super) enum Phrases<'s> {
    Plain(Span, Lines<'s>),
    Translated(Span, Vec<(Word<'s>, Lines<'s>)>),
}

/// Tests that all have to hold: what each is about, a kind or `kind.field`, and what it says.
#[derive(Debug)]
pub(super) struct Tests<'s>(pub(super) Vec<(Word<'s>, Test<'s>)>);

/// What has to be the case: one of some values, `present`, `absent` or `unread`, or what a comparison says.
#[derive(Debug)]
pub(super) enum Test<'s> {
    Is(Vec<Word<'s>>),
    Compares(Span, Box<Comparison<'s>>),
}

/// A mapping whose keys are ids. An entry that could not be read keeps its id, so that nothing that
/// names it is called unknown.
#[derive(Debug)]
pub(super) struct Entries<'s, T>(pub(super) Vec<(Word<'s>, Option<T>)>);

/// The mapping of ids to nodes.
#[derive(Debug)]
pub(super) struct Nodes<'s>(pub(super) Vec<(Word<'s>, Option<Node<'s>>)>);

/// A node; the key that holds its title says of which kind it is.
#[derive(Debug)]
pub(super) enum Node<'s> {
    Symptom(Symptom<'s>),
    Question(Question<'s>),
    Remedy(Box<Remedy<'s>>),
    Escalation(Escalation<'s>),
}

impl Who {
    /// The person that a step names.
    pub(super) fn from_id(id: &str) -> Option<Who> {
        Who::ALL.into_iter().find(|who| who.id() == id)
    }
}

/// Reads a tree file as far as it can be read, and reports what cannot.
pub(super) fn read(source: &str) -> (Option<File<'_>>, Reader) {
    let mut reader = Reader {
        node: None,
        hidden: Vec::new(),
        problems: Vec::new(),
    };
    let file = match yaml::read(source) {
        Ok(Yaml {
            value: Value::Null, ..
        }) => {
            let message = "the file is empty".to_owned();
            reader.report(Rule::Unreadable, Span::START, message, None);
            None
        }
        Ok(yaml) => File::read(yaml, &mut reader),
        Err(error) => {
            let hint = error.hint.map(str::to_owned);
            reader.report(error.rule, error.span, error.message, hint);
            None
        }
    };
    (file, reader)
}

/// The keys that lead from a node to another one.
const WAYS: [&str; 5] = ["to", "choices", "unsure", "otherwise", "cannot-find"];

/// Takes YAML apart and collects what is wrong with it.
#[derive(Debug)]
pub(super) struct Reader {
    /// The node that is being read.
    pub(super) node: Option<String>,
    /// The ids of the nodes in which something could not be read that may lead to another node.
    pub(super) hidden: Vec<String>,
    pub(super) problems: Vec<Problem>,
}

/// Something that can be read from YAML; `None` where it could not be and that has been reported.
trait Read<'s>: Sized {
    fn read(yaml: Yaml<'s>, reader: &mut Reader) -> Option<Self>;

    /// What can be read, as JSON Schema.
    fn schema(definitions: &mut Definitions) -> Json;
}

/// Whether a key may be left out.
#[derive(Clone, Copy, PartialEq)]
enum Need {
    Required,
    Optional,
}

/// The entries of a mapping that have not been taken yet.
struct Fields<'s> {
    what: &'static str,
    span: Span,
    entries: Vec<Option<(Word<'s>, Yaml<'s>)>>,
    /// The keys that are needed and not there.
    missing: Vec<&'static str>,
}

impl Reader {
    /// Notes a problem with the node that is being read.
    pub(super) fn report(&mut self, rule: Rule, span: Span, message: String, hint: Option<String>) {
        self.problems.push(Problem {
            rule,
            span,
            node: self.node.clone(),
            message,
            hint,
        });
    }

    fn wrong_shape(&mut self, yaml: &Yaml, wanted: &str) {
        let message = format!("expected {wanted}, found {}", yaml.value.shape());
        self.report(Rule::Shape, yaml.span, message, None);
        self.hidden.extend(self.node.clone());
    }

    /// Notes that the value of a key is not read.
    fn hide(&mut self, key: &str) {
        if WAYS.contains(&key) {
            self.hidden.extend(self.node.clone());
        }
    }

    /// The entries of a mapping whose keys are names, each name once.
    fn entries<'s>(&mut self, yaml: Yaml<'s>, what: &str) -> Option<Vec<(Word<'s>, Yaml<'s>)>> {
        let mut seen = HashSet::new();
        let entries = self.fields(yaml, what)?.into_iter();
        let entries = entries.filter(|(key, _)| {
            let first = seen.insert(key.value.clone());
            if !first {
                self.twice(key, what);
                // Only the first of the two is read.
                self.hidden.push(key.value.to_string());
            }
            first
        });
        Some(entries.collect())
    }

    /// Reports that a key stands twice.
    pub(super) fn twice(&mut self, key: &Word, what: &str) {
        let message = format!("`{}` stands twice in {what}", clean(&key.value));
        let hint = "keep one of the two".to_owned();
        self.report(Rule::DuplicateKey, key.span, message, Some(hint));
    }

    /// The entries of a mapping, in the order of the file.
    fn fields<'s>(&mut self, yaml: Yaml<'s>, what: &str) -> Option<Vec<(Word<'s>, Yaml<'s>)>> {
        let Value::Mapping(pairs) = yaml.value else {
            self.wrong_shape(&yaml, &format!("{what} (a mapping)"));
            return None;
        };
        let mut entries = Vec::with_capacity(pairs.len());
        for (key, value) in pairs {
            match key.value {
                Value::Text(name) => {
                    let span = key.span;
                    entries.push((At { value: name, span }, value));
                }
                _ => self.wrong_shape(&key, "a key"),
            }
        }
        Some(entries)
    }
}

impl<'s> Fields<'s> {
    /// The value of a key, unless it is missing or empty. That it is empty is reported here, that it
    /// is missing in the end, because it may only be misspelt.
    fn take(&mut self, name: &'static str, need: Need, reader: &mut Reader) -> Option<Yaml<'s>> {
        let is_named =
            |entry: &Option<(Word, Yaml)>| matches!(entry, Some((key, _)) if key.value == name);
        let entry = self.entries.iter_mut().find(|entry| is_named(entry));
        let Some((key, value)) = entry.and_then(Option::take) else {
            if need == Need::Required {
                self.missing.push(name);
            }
            return None;
        };
        let empty = match &value.value {
            Value::Null => true,
            Value::List(values) => values.is_empty(),
            Value::Mapping(entries) => entries.is_empty(),
            Value::Text(_) => false,
        };
        if empty {
            let message = format!("{} has an empty `{name}`", self.what);
            let hint = match need {
                Need::Required => "fill it in",
                Need::Optional => "fill it in, or leave the key out",
            };
            reader.report(Rule::Empty, key.span, message, Some(hint.to_owned()));
            reader.hide(name);
            return None;
        }
        Some(value)
    }

    /// Reports every key that nobody took, and every key that is missing, also under another name.
    fn finish(self, known: &[&str], reader: &mut Reader) {
        let Fields {
            what,
            span,
            entries,
            mut missing,
        } = self;
        for (key, _) in entries.into_iter().flatten() {
            // Every known key has been taken once.
            if known.contains(&&*key.value) {
                reader.twice(&key, what);
                reader.hide(&key.value);
                continue;
            }
            let message = format!("{what} has no key `{}`", clean(&key.value));
            let hint = match nearest(&key.value, known.iter().copied())[..] {
                [near, ..] => {
                    missing.retain(|missing| *missing != near);
                    reader.hide(near);
                    format!("did you mean `{near}`?")
                }
                [] => format!("its keys are {}", list(known)),
            };
            reader.report(Rule::UnknownKey, key.span, message, Some(hint));
        }
        for name in missing {
            let message = format!("{what} has no `{name}`");
            let hint = format!("add the key `{name}`");
            reader.report(Rule::MissingKey, span, message, Some(hint));
        }
    }
}

/// Names in backticks, as in "`a`, `b` and `c`".
pub(super) fn list(names: &[impl AsRef<str>]) -> String {
    let ticked: Vec<String> = names
        .iter()
        .map(|name| format!("`{}`", name.as_ref()))
        .collect();
    match &ticked[..] {
        [] => String::new(),
        [one] => one.clone(),
        [others @ .., last] => format!("{} and {last}", others.join(", ")),
    }
}

impl<'s> Read<'s> for Cow<'s, str> {
    fn read(yaml: Yaml<'s>, reader: &mut Reader) -> Option<Self> {
        let Value::Text(text) = yaml.value else {
            reader.wrong_shape(&yaml, "a text");
            return None;
        };
        Some(text)
    }

    fn schema(_: &mut Definitions) -> Json {
        schema::scalar()
    }
}

impl<'s, T: Read<'s>> Read<'s> for At<T> {
    fn read(yaml: Yaml<'s>, reader: &mut Reader) -> Option<Self> {
        let span = yaml.span;
        T::read(yaml, reader).map(|value| At { value, span })
    }

    fn schema(definitions: &mut Definitions) -> Json {
        T::schema(definitions)
    }
}

impl<'s, T: Read<'s>> Read<'s> for Vec<T> {
    fn read(yaml: Yaml<'s>, reader: &mut Reader) -> Option<Self> {
        let Value::List(values) = yaml.value else {
            reader.wrong_shape(&yaml, "a list");
            return None;
        };
        let read = |value| T::read(value, reader);
        Some(values.into_iter().filter_map(read).collect())
    }

    fn schema(definitions: &mut Definitions) -> Json {
        schema::list(&T::schema(definitions))
    }
}

impl<'s> Read<'s> for Text<'s> {
    fn read(yaml: Yaml<'s>, reader: &mut Reader) -> Option<Self> {
        let span = yaml.span;
        match yaml.value {
            Value::Text(value) => Some(Text::Plain(At { value, span })),
            Value::Mapping(_) => {
                let entries = reader.fields(yaml, "a text")?;
                let read = |(key, value)| Some((key, Word::read(value, reader)?));
                Some(Text::Translated(
                    span,
                    entries.into_iter().filter_map(read).collect(),
                ))
            }
            _ => {
                reader.wrong_shape(&yaml, "a text, or a mapping of language to text");
                None
            }
        }
    }

    fn schema(definitions: &mut Definitions) -> Json {
        let text = schema::scalar();
        let text = json!({"anyOf": [text, schema::translated(&text)]});
        definitions.shared("text", text)
    }
}

impl<'s> Read<'s> for Lines<'s> {
    fn read(yaml: Yaml<'s>, reader: &mut Reader) -> Option<Self> {
        let span = yaml.span;
        match yaml.value {
            Value::Text(value) => Some(Lines::Text(At { value, span })),
            _ => Vec::read(yaml, reader).map(Lines::List),
        }
    }

    fn schema(_: &mut Definitions) -> Json {
        json!({"anyOf": [schema::list(&schema::scalar()), schema::scalar()]})
    }
}

impl<'s> Read<'s> for Phrases<'s> {
    fn read(yaml: Yaml<'s>, reader: &mut Reader) -> Option<Self> {
        let span = yaml.span;
        if !matches!(yaml.value, Value::Mapping(_)) {
            return Lines::read(yaml, reader).map(|phrases| Phrases::Plain(span, phrases));
        }
        let entries = reader.fields(yaml, "the phrases")?;
        let read = |(key, value)| Some((key, Lines::read(value, reader)?));
        Some(Phrases::Translated(
            span,
            entries.into_iter().filter_map(read).collect(),
        ))
    }

    fn schema(definitions: &mut Definitions) -> Json {
        let phrases = Lines::schema(definitions);
        json!({"anyOf": [phrases, schema::translated(&phrases)]})
    }
}

impl<'s> Read<'s> for Tests<'s> {
    fn read(yaml: Yaml<'s>, reader: &mut Reader) -> Option<Self> {
        let entries = reader.entries(yaml, "the tests")?;
        let read = |(key, value)| Some((key, Test::read(value, reader)?));
        Some(Tests(entries.into_iter().map(read).collect::<Option<_>>()?))
    }

    fn schema(definitions: &mut Definitions) -> Json {
        let test = Test::schema(definitions);
        definitions.shared("tests", schema::by_name(&test))
    }
}

impl<'s> Read<'s> for Test<'s> {
    fn read(yaml: Yaml<'s>, reader: &mut Reader) -> Option<Self> {
        let span = yaml.span;
        match yaml.value {
            Value::Text(value) => Some(Test::Is(vec![At { value, span }])),
            Value::List(_) => Vec::read(yaml, reader).map(Test::Is),
            _ => {
                let read = Comparison::read(yaml, reader)?;
                Some(Test::Compares(span, Box::new(read)))
            }
        }
    }

    fn schema(definitions: &mut Definitions) -> Json {
        let value = schema::scalar();
        json!({"anyOf": [value, schema::list(&value), Comparison::schema(definitions)]})
    }
}

impl<'s, T: Read<'s>> Read<'s> for Entries<'s, T> {
    fn read(yaml: Yaml<'s>, reader: &mut Reader) -> Option<Self> {
        let entries = reader.entries(yaml, "the table")?;
        let read = |(key, value)| (key, T::read(value, reader));
        Some(Entries(entries.into_iter().map(read).collect()))
    }

    fn schema(definitions: &mut Definitions) -> Json {
        schema::by_id(&T::schema(definitions))
    }
}

impl<'s> Read<'s> for Nodes<'s> {
    fn read(yaml: Yaml<'s>, reader: &mut Reader) -> Option<Self> {
        let entries = reader.entries(yaml, "`nodes`")?;
        let mut nodes = Vec::with_capacity(entries.len());
        for (id, value) in entries {
            reader.node = Some(id.value.to_string());
            nodes.push((id, Node::read(value, reader)));
        }
        reader.node = None;
        Some(Nodes(nodes))
    }

    fn schema(definitions: &mut Definitions) -> Json {
        schema::by_id(&Node::schema(definitions))
    }
}

impl<'s> Read<'s> for Node<'s> {
    fn read(yaml: Yaml<'s>, reader: &mut Reader) -> Option<Self> {
        let Value::Mapping(entries) = &yaml.value else {
            reader.wrong_shape(&yaml, "a node (a mapping)");
            return None;
        };
        let kinds = ["symptom", "question", "remedy", "escalation"];
        let mut own = entries.iter().filter_map(|(key, _)| match &key.value {
            Value::Text(text) => kinds.iter().find(|kind| text == **kind),
            _ => None,
        });
        let kind = own.next().copied();
        if let Some(other) = own.find(|other| Some(**other) != kind) {
            let kind = kind.unwrap_or_default();
            let message = format!("a node cannot have both `{kind}` and `{other}`");
            let hint = "make two nodes of it".to_owned();
            reader.report(Rule::DuplicateKey, yaml.span, message, Some(hint));
            return None;
        }
        match kind {
            Some("symptom") => Symptom::read(yaml, reader).map(Node::Symptom),
            Some("question") => Question::read(yaml, reader).map(Node::Question),
            Some("remedy") => Remedy::read(yaml, reader).map(Box::new).map(Node::Remedy),
            Some(_) => Escalation::read(yaml, reader).map(Node::Escalation),
            None => {
                let keys = entries.iter().filter_map(|(key, _)| match &key.value {
                    Value::Text(text) => Some((nearest(text, kinds), text, key.span)),
                    _ => None,
                });
                let mut slips = keys.filter(|(near, ..)| !near.is_empty());
                if let Some((near, key, span)) = slips.next() {
                    let message = format!("a node has no key `{}`", clean(key));
                    let hint = format!("did you mean `{}`?", near[0]);
                    reader.report(Rule::UnknownKey, span, message, Some(hint));
                    return None;
                }
                let message = "a node has no key that says what it is".to_owned();
                let hint = "give it `symptom`, `question`, `remedy` or `escalation`".to_owned();
                reader.report(Rule::MissingKey, yaml.span, message, Some(hint));
                None
            }
        }
    }

    fn schema(definitions: &mut Definitions) -> Json {
        json!({"anyOf": [
            Symptom::schema(definitions),
            Question::schema(definitions),
            Remedy::schema(definitions),
            Escalation::schema(definitions),
        ]})
    }
}
