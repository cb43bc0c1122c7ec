//! What files say about a question: the first choice for which there is enough, with the grounds, or
//! nothing. What is not known, or cannot be understood, is enough for nothing.

use std::cmp::Ordering;

use super::join::latest;
use super::value::{compare_versions, moment, number};
use super::{Caution, Collected, Device, Dossier, Held};
use crate::tree::{
    About, Evidence, EvidenceRule, FieldId, KindId, Operand, Presence, Question, Says, Test, Tests,
    plain,
};

/// What files say where one device is meant, or none in particular.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'d> {
    dossier: &'d Dossier<'d>,
    device: Option<&'d Device>,
    /// Whether files that are about one person count.
    is_alone: bool,
}

/// An answer that files give.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// The place of the choice in its question.
    pub choice: usize,
    /// What it rests on.
    pub grounds: Vec<Ground>,
}

/// Something that files say.
#[derive(Clone, Debug, PartialEq)]
pub struct Ground {
    /// The kind of record that says it.
    pub kind: KindId,
    /// The field, where it is one that says it.
    pub field: Option<FieldId>,
    /// What it says.
    pub said: Said,
    /// The files that say it, by their place.
    pub sources: Vec<usize>,
    /// Which record of its file says it, from 1, where one does.
    pub record: Option<u64>,
}

/// What can be said.
#[derive(Clone, Debug, PartialEq)]
pub enum Said {
    /// This value.
    Value(String),
    /// A moment, so many days ago.
    DaysAgo(f64),
    /// A version, compared with another.
    Version(String, Ordering, String),
    /// Nothing at all.
    Nothing,
    /// None of these values.
    NoneOf(Vec<String>),
    /// Of this kind there is this.
    Record(Presence),
    /// A value that the tree does not know how to take.
    Strange(String),
}

/// Whether tests hold.
enum Outcome {
    Holds(Vec<Ground>),
    Fails,
    /// There is nothing to tell it by.
    Open,
    /// What there is cannot be understood.
    Unclear(Ground),
}

/// The records that a test is about.
struct Records<'d> {
    all: Vec<&'d Held>,
    is_read: bool,
    /// Whether what is not among them is nowhere.
    is_complete: bool,
}

impl<'d> Records<'d> {
    /// What a field of them says, where it says something, each with its record.
    fn values(&self, field: usize) -> impl Iterator<Item = (&'d Held, &'d str)> {
        let all = self.all.iter().copied();
        all.filter_map(move |held| Some((held, held.record.get(field)?)))
    }

    /// The places of the files that they are from.
    fn sources(&self) -> Vec<usize> {
        let sources = self.all.iter().map(|held| held.source as usize);
        let mut sources: Vec<usize> = sources.collect();
        sources.dedup();
        sources
    }
}

impl<'d> Subject<'d> {
    pub(super) fn new(dossier: &'d Dossier<'d>, device: Option<&'d Device>) -> Self {
        let is_alone = dossier.devices.len() <= 1;
        Subject {
            dossier,
            device,
            is_alone,
        }
    }

    /// The device that is meant, if one is.
    #[must_use]
    pub fn device(&self) -> Option<&'d Device> {
        self.device
    }

    /// Everything that the files say.
    #[must_use]
    pub fn dossier(&self) -> &'d Dossier<'d> {
        self.dossier
    }

    /// The same, where a person said which device is meant: then files about one person are about the
    /// person who uses it.
    #[must_use]
    pub fn chosen(self) -> Self {
        Subject {
            is_alone: true,
            ..self
        }
    }

    /// What files say about a question; nothing where they do not say enough.
    #[must_use]
    pub fn answer(&self, question: &Question) -> Option<Verdict> {
        self.decide(&question.evidence).ok().flatten()
    }

    /// What makes the device healthy; nothing where that is not known.
    #[must_use]
    pub fn healthy(&self) -> Option<Vec<Ground>> {
        let evidence = self.dossier.read.evidence;
        match self.any(evidence.doubtful()) {
            Outcome::Holds(_) | Outcome::Unclear(_) => return None,
            Outcome::Fails | Outcome::Open => {}
        }
        match self.any(evidence.healthy()) {
            Outcome::Holds(grounds) => Some(grounds),
            Outcome::Fails | Outcome::Open | Outcome::Unclear(_) => None,
        }
    }

    /// What files say about a question that the tree does not know how to take.
    #[must_use]
    pub fn strange(&self, question: &Question) -> Vec<Ground> {
        if let Err(ground) = self.decide(&question.evidence) {
            return vec![*ground];
        }
        let mut strange: Vec<Ground> = Vec::new();
        let any = question.evidence.iter().flat_map(|rule| &rule.any);
        for test in any.flat_map(|tests| &tests.0) {
            let Test::Field(id, Says::Is(_)) = test else {
                continue;
            };
            if strange.iter().any(|own| own.field == Some(*id)) {
                continue;
            }
            for (held, value) in self.records(id.kind).values(id.index) {
                if !self.dossier.read.evidence.knows(*id, value) {
                    strange.push(ground(*id, Said::Strange(value.to_owned()), held));
                }
            }
        }
        strange
    }

    fn decide(&self, rules: &[EvidenceRule]) -> Result<Option<Verdict>, Box<Ground>> {
        for rule in rules {
            match self.any(&rule.any) {
                Outcome::Holds(grounds) => {
                    return Ok(Some(Verdict {
                        choice: rule.choice,
                        grounds,
                    }));
                }
                Outcome::Fails | Outcome::Open => {}
                Outcome::Unclear(ground) => return Err(Box::new(ground)),
            }
        }
        Ok(None)
    }

    /// Whether one of several lists of tests holds.
    fn any(&self, any: &[Tests]) -> Outcome {
        let mut outcome = Outcome::Fails;
        for tests in any {
            match all(self.dossier, tests, &|kind| self.records(kind)) {
                holds @ Outcome::Holds(_) => return holds,
                unclear @ Outcome::Unclear(_) => outcome = unclear,
                Outcome::Fails | Outcome::Open => {}
            }
        }
        outcome
    }

    /// The records of a kind that are about the subject.
    fn records(&self, id: KindId) -> Records<'d> {
        let dossier = self.dossier;
        let kind = dossier.read.evidence.kind(id);
        let is_hidden = kind.is_of_one_person && !self.is_alone;
        let of_device = || self.device.into_iter().flat_map(|device| device.of(id));
        let held = |index: usize| dossier.held(id, index);
        let all: Vec<&Held> = match kind.about {
            _ if is_hidden => Vec::new(),
            About::Everyone => dossier.chosen[id.index()]
                .iter()
                .map(|index| held(*index as usize))
                .collect(),
            About::Person if kind.is_of_one_person => {
                dossier.read.records[id.index()].iter().collect()
            }
            About::Device | About::Person => of_device().map(held).collect(),
        };
        // Whoever uses the device may be anybody where nothing says who it is.
        let is_somebody = kind.about != About::Person
            || kind.is_of_one_person
            || self.device.is_some_and(|device| dossier.has_person(device));
        let may_have = self.device.is_some_and(|device| device.may_have(id));
        let is_about_it =
            kind.about == About::Everyone || kind.is_of_one_person || self.device.is_some();
        Records {
            all,
            is_read: dossier.read.is_read[id.index()] && !is_hidden,
            is_complete: is_about_it
                && is_somebody
                && !may_have
                && !dossier.read.is_unfinished[id.index()],
        }
    }
}

/// Whether a record shows that its file does not list all there are.
pub(super) fn is_partial(evidence: &Evidence, held: &Held) -> bool {
    let partial = evidence.kind(held.record.kind).partial.as_ref();
    partial.is_some_and(|partial| matches!(alone(evidence, partial, held), Outcome::Holds(_)))
}

/// Whether a record counts at all.
pub(super) fn counts(evidence: &Evidence, held: &Held) -> bool {
    let kind = evidence.kind(held.record.kind);
    let only = kind.only.as_ref();
    only.is_none_or(|only| !matches!(alone(evidence, only, held), Outcome::Fails))
}

/// The records about everyone that are meant, by their places: those that the tree prefers, or the only
/// one. Of those with the same id, the latest counts.
pub(super) fn chosen(read: &Collected, id: KindId, cautions: &mut Vec<Caution>) -> Vec<u32> {
    let kind = read.evidence.kind(id);
    let latest = latest(read, id, cautions);
    let Some(prefers) = &kind.prefers else {
        return latest;
    };
    let is_preferred = |index: &u32| {
        let held = &read.records[id.index()][*index as usize];
        matches!(alone(read.evidence, prefers, held), Outcome::Holds(_))
    };
    let preferred: Vec<u32> = latest.iter().copied().filter(is_preferred).collect();
    match (&preferred[..], &latest[..]) {
        ([], []) => {}
        ([], [_]) => {
            cautions.push(Caution::Doubtful(id));
            return latest;
        }
        ([], _) => cautions.push(Caution::Ambiguous(id)),
        _ => {}
    }
    preferred
}

/// Whether tests hold of a record by itself.
fn alone(evidence: &Evidence, tests: &Tests, held: &Held) -> Outcome {
    let of_one = |kind: KindId| Records {
        all: Vec::from_iter((kind == held.record.kind).then_some(held)),
        is_read: kind == held.record.kind,
        is_complete: true,
    };
    let context = Context {
        evidence,
        dossier: None,
        records: &of_one,
    };
    context.all(tests)
}

/// Whether tests hold of the records of a dossier.
fn all<'d>(
    dossier: &'d Dossier,
    tests: &Tests,
    records: &dyn Fn(KindId) -> Records<'d>,
) -> Outcome {
    let context = Context {
        evidence: dossier.read.evidence,
        dossier: Some(dossier),
        records,
    };
    context.all(tests)
}

/// What a test is judged by.
struct Context<'c, 'd> {
    evidence: &'c Evidence,
    /// What is known besides; nothing where only one record is looked at.
    dossier: Option<&'c Dossier<'c>>,
    records: &'c dyn Fn(KindId) -> Records<'d>,
}

impl Context<'_, '_> {
    fn all(&self, tests: &Tests) -> Outcome {
        let mut grounds = Vec::new();
        let mut open = None;
        for test in &tests.0 {
            match self.test(test) {
                Outcome::Holds(new) => grounds.extend(new),
                Outcome::Fails => return Outcome::Fails,
                other => open = Some(other),
            }
        }
        open.unwrap_or(Outcome::Holds(grounds))
    }

    fn test(&self, test: &Test) -> Outcome {
        match test {
            Test::Record(kind, presence) => self.presence(*kind, *presence),
            Test::Field(field, says) => self.field(*field, says),
        }
    }

    fn presence(&self, kind: KindId, presence: Presence) -> Outcome {
        let records = (self.records)(kind);
        let found = match (records.is_read, records.all.is_empty()) {
            (false, _) => Presence::Unread,
            (true, false) => Presence::Present,
            (true, true) if records.is_complete => Presence::Absent,
            (true, true) => return Outcome::Open,
        };
        if found != presence {
            return if found == Presence::Unread {
                Outcome::Open
            } else {
                Outcome::Fails
            };
        }
        if found == Presence::Unread {
            // That nobody gave a file is no ground for anything.
            return Outcome::Holds(Vec::new());
        }
        let mut sources = records.sources();
        if let (Presence::Absent, Some(dossier)) = (found, self.dossier) {
            let all = dossier.read.sources.iter().enumerate();
            let of_kind =
                all.filter(|(_, source)| source.records.iter().any(|(own, _)| *own == kind));
            sources.extend(of_kind.map(|(index, _)| index));
        }
        Outcome::Holds(vec![Ground {
            kind,
            field: None,
            said: Said::Record(found),
            sources,
            record: None,
        }])
    }

    fn field(&self, id: FieldId, says: &Says) -> Outcome {
        let records = (self.records)(id.kind);
        if let Says::NothingBut(operands) = says {
            return self.nothing_but(id, operands, &records);
        }
        if !records.is_read {
            return Outcome::Open;
        }
        let mut values = records.values(id.index).peekable();
        match says {
            Says::Empty(wanted) => return self.empty(id, *wanted, &records),
            Says::NoneOf(operands) => return self.none_of(id, operands, &records),
            _ if values.peek().is_none() => return Outcome::Open,
            _ => {}
        }
        let mut outcome = Outcome::Fails;
        for (held, value) in values {
            match self.value(held, value, says) {
                Ok(Some(said)) => return Outcome::Holds(vec![ground(id, said, held)]),
                Ok(None) => {}
                Err(Lack::Operand) => outcome = Outcome::Open,
                Err(Lack::Sense(strange)) => {
                    outcome = Outcome::Unclear(ground(id, Said::Strange(strange), held));
                }
            }
        }
        outcome
    }

    /// What a value says that is wanted of it; nothing where it says something else.
    fn value(&self, held: &Held, value: &str, says: &Says) -> Result<Option<Said>, Lack> {
        let strange = || Lack::Sense(value.to_owned());
        let said = match says {
            Says::Is(operands) => {
                let holds = self.is_one_of(value, operands, is_same)?;
                holds.then(|| Said::Value(value.to_owned()))
            }
            Says::BeginsWith(operands) => {
                let begins = |value: &str, with: &str| plain(value).starts_with(with);
                let holds = self.is_one_of(value, operands, begins)?;
                holds.then(|| Said::Value(value.to_owned()))
            }
            Says::OlderThan(operand) | Says::NewerThan(operand) => {
                let limit = self.limit(operand)?;
                let at = moment(value).ok_or_else(strange)?;
                let limit = number(&limit).ok_or(Lack::Sense(limit))?;
                let age = self.dossier.map_or(0.0, |dossier| dossier.age(at, held));
                let holds = (age > limit) == matches!(says, Says::OlderThan(_));
                holds.then_some(Said::DaysAgo(age))
            }
            Says::Below(operand) | Says::AtLeast(operand) => {
                let limit = self.limit(operand)?;
                let order = compare_versions(value, &limit).ok_or_else(strange)?;
                let holds = order.is_lt() == matches!(says, Says::Below(_));
                holds.then(|| Said::Version(value.to_owned(), order, limit))
            }
            Says::Empty(_) | Says::NoneOf(_) | Says::NothingBut(_) => None,
        };
        Ok(said)
    }

    /// Whether a value is one of some words, or letter by letter a fact.
    fn is_one_of(
        &self,
        value: &str,
        operands: &[Operand],
        is: fn(&str, &str) -> bool,
    ) -> Result<bool, Lack> {
        for operand in operands {
            let holds = match operand {
                Operand::Literal(word) => is(value, word),
                Operand::Field(_) | Operand::Fact(_) => {
                    self.operand(operand)?.iter().any(|own| own == value)
                }
            };
            if holds {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// What a field is compared with, at least one value.
    fn operand(&self, operand: &Operand) -> Result<Vec<String>, Lack> {
        let known = match operand {
            Operand::Literal(value) => vec![value.clone()],
            Operand::Field(id) => {
                let records = (self.records)(id.kind);
                let values = records.values(id.index);
                values.map(|(_, value)| value.to_owned()).collect()
            }
            Operand::Fact(fact) => {
                let dossier = self.dossier.into_iter();
                dossier
                    .flat_map(|dossier| dossier.said(*fact).to_vec())
                    .collect()
            }
        };
        if known.is_empty() {
            return Err(Lack::Operand);
        }
        Ok(known)
    }

    /// The first value that a field is compared with, where it is compared with one.
    fn limit(&self, operand: &Operand) -> Result<String, Lack> {
        Ok(self.operand(operand)?.swap_remove(0))
    }

    fn empty(&self, id: FieldId, wanted: bool, records: &Records) -> Outcome {
        let Some(first) = records.all.first() else {
            return Outcome::Open;
        };
        let full = records.values(id.index).next();
        // Where no record names the field, the export left it out, and that it is empty is not known.
        let is_exported = |dossier: &Dossier| dossier.read.named[id.kind.index()][id.index];
        match (full, wanted) {
            (Some((held, value)), false) => {
                Outcome::Holds(vec![ground(id, Said::Value(value.to_owned()), held)])
            }
            (None, _) if !self.dossier.is_some_and(is_exported) => Outcome::Open,
            (None, true) => Outcome::Holds(vec![ground(id, Said::Nothing, first)]),
            (Some(_), true) | (None, false) => Outcome::Fails,
        }
    }

    fn nothing_but(&self, id: FieldId, operands: &[Operand], records: &Records) -> Outcome {
        let mut grounds = Vec::new();
        for (held, value) in records.values(id.index) {
            match self.is_one_of(value, operands, is_same) {
                Ok(true) => grounds.push(ground(id, Said::Value(value.to_owned()), held)),
                Ok(false) => return Outcome::Fails,
                Err(_) => return Outcome::Open,
            }
        }
        Outcome::Holds(grounds)
    }

    fn none_of(&self, id: FieldId, operands: &[Operand], records: &Records) -> Outcome {
        let kind = self.evidence.kind(id.kind);
        if records.all.is_empty() && !(kind.is_of_one_person && records.is_complete) {
            return Outcome::Open;
        }
        let values: Vec<&str> = records.values(id.index).map(|(_, value)| value).collect();
        if values.is_empty() && !records.all.is_empty() {
            return Outcome::Open;
        }
        for value in &values {
            match self.is_one_of(value, operands, is_same) {
                Ok(true) => return Outcome::Fails,
                Ok(false) => {}
                Err(_) => return Outcome::Open,
            }
        }
        let wanted: Result<Vec<Vec<String>>, Lack> =
            operands.iter().map(|own| self.operand(own)).collect();
        match wanted {
            Ok(wanted) if records.is_complete => Outcome::Holds(vec![Ground {
                kind: id.kind,
                field: Some(id),
                said: Said::NoneOf(wanted.concat()),
                sources: records.sources(),
                record: None,
            }]),
            _ => Outcome::Open,
        }
    }
}

/// Why a value says nothing.
enum Lack {
    /// What it would be compared with is not known.
    Operand,
    /// This cannot be understood.
    Sense(String),
}

fn ground(id: FieldId, said: Said, held: &Held) -> Ground {
    Ground {
        kind: id.kind,
        field: Some(id),
        said,
        sources: vec![held.source as usize],
        record: Some(held.record.place),
    }
}

/// Whether two values are the same but for how programs write them.
fn is_same(value: &str, plain_value: &str) -> bool {
    plain(value) == plain_value
}
