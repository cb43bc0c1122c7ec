//! What a tree says about evidence, from its written form: every kind, field and fact that is named is
//! declared, and what is declared can be told apart.

use super::super::evidence::{
    About, Evidence, EvidenceKind, EvidenceRule, Fact, FactId, Field, FieldId, HowTo, KindId,
    Operand, Presence, Says, Test, Tests, plain,
};
use super::{Choice, Resolver, Rule, Span, Use, Word, clean, every, list, nearest, optional, raw};

/// How many kinds of evidence there can be: which of them are doubtful for a device is kept in 64 bits.
const KINDS: usize = 64;

impl Resolver {
    /// Takes over what the tree says about files.
    pub(super) fn evidence(&mut self, evidence: raw::Evidence) -> Option<Evidence> {
        let fresh_days = optional(evidence.fresh_days, |days| self.whole(&days, "days"));
        let pages = optional(evidence.pages, |pages| {
            every(pages, |page| self.plain(page))
        });
        let platforms = optional(evidence.platforms, |platforms| {
            every(platforms, |names| every(names, |name| self.plain(name)))
        });
        let facts = optional(evidence.facts, |facts| {
            every(facts.0, |(id, title)| {
                let good = self.id(&id);
                let title = title.and_then(|title| self.text(title, Use::Line));
                good.then_some(Fact {
                    id: id.value.into_owned(),
                    title: title?,
                })
            })
        });
        let mut choosing = Vec::new();
        let raw_kinds = evidence.kinds?.0;
        if let Some((id, _)) = raw_kinds.get(KINDS) {
            let message = format!("there are more than {KINDS} kinds of evidence");
            let hint = "read what is alike as one kind".to_owned();
            self.report(Rule::Value, id.span, message, Some(hint));
        }
        let kinds = every(raw_kinds, |(id, kind)| {
            let good = self.id(&id);
            let mut kind = kind?;
            choosing.push((kind.only.take(), kind.partial.take(), kind.prefers.take()));
            let kind = self.kind(id.value.into_owned(), id.span, kind)?;
            good.then_some(kind)
        });
        self.evidence = Some(Evidence {
            pages: pages?.unwrap_or_default(),
            platforms: platforms?.unwrap_or_default(),
            kinds: kinds?,
            facts: facts?.unwrap_or_default(),
            healthy: Vec::new(),
            doubtful: Vec::new(),
            fresh_days: fresh_days?,
            words: Vec::new(),
        });
        // Only now is known what a test may name.
        let choosing = every(choosing, |(only, partial, prefers)| {
            let only = optional(only, |tests| self.tests(tests));
            let partial = optional(partial, |tests| self.tests(tests));
            let prefers = optional(prefers, |tests| self.tests(tests));
            Some((only?, partial?, prefers?))
        });
        let mut lists = |lists: Option<Vec<raw::Tests>>| {
            optional(lists, |lists| every(lists, |tests| self.tests(tests)))
        };
        let (healthy, doubtful) = (lists(evidence.healthy), lists(evidence.doubtful));
        let mut evidence = self.evidence.take()?;
        for (kind, (only, partial, prefers)) in evidence.kinds.iter_mut().zip(choosing?) {
            (kind.only, kind.partial, kind.prefers) = (only, partial, prefers);
        }
        evidence.healthy = healthy?.unwrap_or_default();
        evidence.doubtful = doubtful?.unwrap_or_default();
        Some(evidence)
    }

    fn kind(&mut self, id: String, span: Span, kind: raw::EvidenceKind) -> Option<EvidenceKind> {
        let title = kind.title.and_then(|title| self.text(title, Use::Line));
        let about = kind.about.and_then(|about| {
            let known = About::ALL.into_iter().find(|own| own.id() == about.value);
            if known.is_none() {
                let message = format!("nothing is about `{}`", clean(&about.value));
                let hint = format!("a record is about {}", list(&About::ALL.map(About::id)));
                self.report(Rule::Value, about.span, message, Some(hint));
            }
            known
        });
        if kind.known_by.is_none() && kind.types.is_none() {
            let message = "nothing tells this kind of evidence from others".to_owned();
            let hint = "add `known-by`, `types` or both".to_owned();
            self.report(Rule::MissingKey, span, message, Some(hint));
        }
        let mut names = |names| optional(names, |names| every(names, |name| self.plain(name)));
        let (known_by, types, within) =
            (names(kind.known_by), names(kind.types), names(kind.within));
        let file_name = optional(kind.named, |word| self.plain(word));
        let is_alone = optional(kind.alone, |alone| self.boolean(&alone));
        let fields = kind.fields.and_then(|fields| {
            every(fields.0, |(id, names)| {
                let good = self.id(&id);
                let names = every(names?, |name| self.word(name, Use::Phrase));
                good.then_some(Field {
                    id: id.value.into_owned(),
                    names: names?,
                })
            })
        });
        let values = optional(kind.values, |values| {
            every(values.0, |(id, values)| {
                let values = every(values?, |value| self.plain(value));
                let field = self.own_field(&id, fields.as_deref()?);
                Some((field?, values?))
            })
        });
        let mut places = |ids: Option<Vec<Word>>| {
            // Where the fields could not be read, none is called unknown.
            optional(ids, |ids| {
                every(ids, |id| self.own_field(&id, fields.as_deref()?))
            })
        };
        let own_ids = places(kind.own_ids);
        let (ids, other_ids) = (places(kind.ids), places(kind.other_ids));
        let (person, shown) = (places(kind.person), places(kind.shown));
        let mut only_place = |id: Option<Word>| {
            let places = places(id.map(|id| vec![id]))?;
            Some(places.and_then(|places| places.first().copied()))
        };
        let (platform, dated) = (only_place(kind.platform), only_place(kind.dated));
        let page = optional(kind.page, |page| self.whole(&page, "records"));
        let of_one_person = optional(kind.of_one_person, |word| self.boolean(&word));
        let adds_devices = optional(kind.adds_devices, |adds| self.boolean(&adds));
        let permission = optional(kind.permission, |permission| {
            self.word(permission, Use::Phrase)
        });
        let commands = optional(kind.commands, |commands| {
            every(commands, |command| {
                let with = command.with.and_then(|with| self.word(with, Use::Line));
                // A command has no length that is too long for it.
                let run = command.run.filter(|run| self.is_safe(run));
                Some(HowTo {
                    with: with?,
                    run: run?.value.trim().to_owned(),
                })
            })
        });
        Some(EvidenceKind {
            id,
            title: title?,
            about: about?,
            known_by: known_by?.unwrap_or_default(),
            types: types?.unwrap_or_default(),
            named: file_name?,
            is_alone: is_alone?.unwrap_or_default(),
            within: within?.unwrap_or_default(),
            fields: fields?,
            values: values?.unwrap_or_default(),
            own_ids: own_ids?.unwrap_or_default(),
            ids: ids?.unwrap_or_default(),
            other_ids: other_ids?.unwrap_or_default(),
            person: person?.unwrap_or_default(),
            shown: shown?.unwrap_or_default(),
            platform: platform?,
            dated: dated?,
            adds_devices: adds_devices?.unwrap_or(true),
            is_of_one_person: of_one_person?.unwrap_or_default(),
            only: None,
            partial: None,
            page: page?,
            prefers: None,
            permission: permission?,
            commands: commands?.unwrap_or_default(),
        })
    }

    /// What is enough for which choice of a question.
    pub(super) fn rules(
        &mut self,
        rules: raw::Entries<Vec<raw::Tests>>,
        choices: Option<&[Choice]>,
    ) -> Option<Vec<EvidenceRule>> {
        every(rules.0, |(id, any)| {
            let any = every(any?, |tests| self.tests(tests));
            let known = choices?.iter().map(|own| &*own.id);
            let choice = self.place_or_report(place("choice", &id.value, known), id.span);
            Some(EvidenceRule {
                choice: choice?,
                any: any?,
            })
        })
    }

    fn tests(&mut self, tests: raw::Tests) -> Option<Tests> {
        every(tests.0, |(about, test)| self.test(&about, test)).map(Tests)
    }

    fn test(&mut self, about: &Word, test: raw::Test) -> Option<Test> {
        if !about.value.contains('.') {
            let kind = self.kind_named(&about.value, about.span);
            let presence = match &test {
                raw::Test::Is(values) if values.len() == 1 => Presence::ALL
                    .into_iter()
                    .find(|own| own.id() == values[0].value),
                _ => None,
            };
            if presence.is_none() {
                let message = format!("`{}` has no field in this test", clean(&about.value));
                let known = list(&Presence::ALL.map(Presence::id));
                let hint = format!("name a field of it, or write one of {known}");
                self.report(Rule::Value, about.span, message, Some(hint));
            }
            return Some(Test::Record(kind?, presence?));
        }
        let field = self.field_named(&about.value, about.span);
        let says = match test {
            raw::Test::Is(values) => self.values(values).map(Says::Is),
            raw::Test::Compares(span, comparison) => self.comparison(span, *comparison),
        };
        let (field, says) = (field?, says?);
        if let Says::Is(words)
        | Says::NoneOf(words)
        | Says::NothingBut(words)
        | Says::BeginsWith(words) = &says
        {
            let begins = matches!(says, Says::BeginsWith(_));
            let words = words.iter().filter_map(|word| match word {
                Operand::Literal(word) => Some((field, word.clone(), begins)),
                Operand::Field(_) | Operand::Fact(_) => None,
            });
            self.evidence_words.extend(words);
        }
        Some(Test::Field(field, says))
    }

    fn comparison(&mut self, span: Span, own: raw::Comparison) -> Option<Says> {
        let none_of = own
            .none_of
            .map(|values| self.values(values).map(Says::NoneOf));
        let nothing_but = own.nothing_but;
        let nothing_but = nothing_but.map(|values| self.values(values).map(Says::NothingBut));
        let begins_with = own.begins_with;
        let begins_with = begins_with.map(|values| self.values(values).map(Says::BeginsWith));
        let empty = own.empty.map(|empty| self.boolean(&empty).map(Says::Empty));
        let mut amount = |word: Option<Word>, says: fn(Operand) -> Says| {
            word.map(|word| self.amount(word).map(says))
        };
        let all = [
            none_of,
            nothing_but,
            begins_with,
            empty,
            amount(own.older_than, Says::OlderThan),
            amount(own.newer_than, Says::NewerThan),
            amount(own.below, Says::Below),
            amount(own.at_least, Says::AtLeast),
        ];
        let mut all = all.into_iter().flatten();
        let (Some(first), None) = (all.next(), all.next()) else {
            let message = "there is not one comparison".to_owned();
            let hint = "write one, and another one in another test".to_owned();
            self.report(Rule::Value, span, message, Some(hint));
            return None;
        };
        first
    }

    fn values(&mut self, words: Vec<Word>) -> Option<Vec<Operand>> {
        every(words, |word| self.value(word))
    }

    /// A word that a field may say, or a fact.
    fn value(&mut self, word: Word) -> Option<Operand> {
        match word.value.strip_prefix('$') {
            Some(fact) => self.fact_named(fact, word.span).map(Operand::Fact),
            None => self.plain(word).map(Operand::Literal),
        }
    }

    /// A number or a version: itself, a field or a fact.
    fn amount(&mut self, word: Word) -> Option<Operand> {
        if word.value.starts_with(|first: char| first.is_ascii_digit()) {
            let is_number = word.value.chars().all(|c| c.is_ascii_digit() || c == '.');
            if is_number {
                return Some(Operand::Literal(word.value.into_owned()));
            }
        } else if let Some(fact) = word.value.strip_prefix('$') {
            return self.fact_named(fact, word.span).map(Operand::Fact);
        } else if word.value.contains('.') {
            return self.field_named(&word.value, word.span).map(Operand::Field);
        }
        let message = format!("`{}` is neither a number nor a field", clean(&word.value));
        let hint = "write a number such as `7` or `5.0`, or a field as `kind.field`".to_owned();
        self.report(Rule::Value, word.span, message, Some(hint));
        None
    }

    fn fact_named(&mut self, id: &str, span: Span) -> Option<FactId> {
        let facts = &self.evidence.as_ref()?.facts;
        let place = place("fact", id, facts.iter().map(|own| &*own.id));
        let index = self.place_or_report(place, span)?;
        u16::try_from(index).ok().map(FactId)
    }

    fn kind_named(&mut self, id: &str, span: Span) -> Option<KindId> {
        let kinds = &self.evidence.as_ref()?.kinds;
        let place = place("kind of evidence", id, kinds.iter().map(|own| &*own.id));
        let index = self.place_or_report(place, span)?;
        u16::try_from(index).ok().map(KindId)
    }

    fn field_named(&mut self, name: &str, span: Span) -> Option<FieldId> {
        let (kind, field) = name.split_once('.')?;
        let kind = self.kind_named(kind, span)?;
        let fields = &self.evidence.as_ref()?.kind(kind).fields;
        let place = place("field", field, fields.iter().map(|own| &*own.id));
        let index = self.place_or_report(place, span)?;
        Some(FieldId { kind, index })
    }

    /// A place, unless it is the message and the hint that say why there is none.
    /// The place of a field among those of its kind.
    fn own_field(&mut self, id: &Word, fields: &[Field]) -> Option<usize> {
        let known = fields.iter().map(|own| &*own.id);
        self.place_or_report(place("field", &id.value, known), id.span)
    }

    fn place_or_report(&mut self, place: Result<usize, [String; 2]>, span: Span) -> Option<usize> {
        match place {
            Ok(place) => Some(place),
            Err([message, hint]) => {
                self.report(Rule::UnknownEvidence, span, message, Some(hint));
                None
            }
        }
    }

    fn plain(&mut self, word: Word) -> Option<String> {
        let span = word.span;
        let word = plain(&self.word(word, Use::Phrase)?);
        if word.is_empty() {
            let hint = "write letters or digits".to_owned();
            self.report(
                Rule::Empty,
                span,
                "the name says nothing".to_owned(),
                Some(hint),
            );
            return None;
        }
        Some(word)
    }

    fn boolean(&mut self, word: &Word) -> Option<bool> {
        match &*word.value {
            "true" => Some(true),
            "false" => Some(false),
            other => {
                let message = format!("`{}` is neither `true` nor `false`", clean(other));
                self.report(Rule::Value, word.span, message, None);
                None
            }
        }
    }
}

/// The place of a name among those that are known; a message and a hint where it is not.
fn place<'k>(
    what: &str,
    name: &str,
    known: impl Iterator<Item = &'k str> + Clone,
) -> Result<usize, [String; 2]> {
    if let Some(place) = known.clone().position(|own| own == name) {
        return Ok(place);
    }
    let message = format!("there is no {what} `{}`", clean(name));
    let near = nearest(name, known.clone());
    let known: Vec<&str> = known.collect();
    let hint = match (near.first(), &known[..]) {
        (Some(near), _) => format!("did you mean `{near}`?"),
        (None, []) => "declare it under `evidence`, or leave it out".to_owned(),
        (None, _) => format!("it is one of {}", list(&known)),
    };
    Err([message, hint])
}
