//! What the evidence says, in words for people of either language: each sentence names the file.

use std::cmp::Ordering;

use super::read::file_name;
use super::{Cause, Caution, Device, Dossier, Ground, Said, Source, Trouble};
use crate::lang::{Lang, Words, fill};
use crate::tree::{Presence, clean};

impl Ground {
    /// What it says, and where.
    #[must_use]
    pub fn told(&self, dossier: &Dossier, lang: Lang) -> String {
        let words = lang.words();
        let evidence = dossier.evidence();
        let what = match self.field {
            // The name that files usually have for it.
            Some(field) => evidence
                .field(field)
                .names
                .first()
                .map_or("", String::as_str),
            None => evidence.kind(self.kind).title.get(lang),
        };
        let sources = self.sources.iter();
        let names: Vec<&str> = sources.map(|index| dossier.called(*index)).collect();
        let said = clean(&self.said.told(words));
        if names.is_empty() {
            return format!("{what}: {said}");
        }
        let names = names.join(", ");
        match self.record {
            Some(record) => {
                let record = fill(words.record, &[&record.to_string()]);
                format!("{what}: {said} ({names}, {record})")
            }
            None => format!("{what}: {said} ({names})"),
        }
    }
}

impl Dossier<'_> {
    /// What a file is called where it is clear from the list of files which one is meant: the last part
    /// of its path, unless another file has the same.
    fn called(&self, index: usize) -> &str {
        let mut sources = self.sources().iter();
        let Some(source) = self.sources().get(index) else {
            return "";
        };
        let short = file_name(&source.name);
        let is_clear = sources.all(|own| own.name == source.name || file_name(&own.name) != short);
        if is_clear { short } else { &source.name }
    }
}

impl Said {
    fn told(&self, words: &Words) -> String {
        match self {
            Said::Value(value) => value.clone(),
            Said::DaysAgo(days) => days_ago(*days, words),
            Said::Version(version, Ordering::Less, limit) => {
                fill(words.is_below, &[version, limit])
            }
            Said::Version(version, _, limit) => fill(words.is_at_least, &[version, limit]),
            Said::Nothing => words.is_empty.to_owned(),
            Said::NoneOf(values) => fill(words.none_is, &[&values.join("”, “")]),
            Said::Record(Presence::Present) => words.record_present.to_owned(),
            Said::Record(Presence::Absent | Presence::Unread) => words.record_absent.to_owned(),
            Said::Strange(value) => fill(words.is_strange, &[value]),
        }
    }
}

/// How long ago something was, in whole days.
fn days_ago(days: f64, words: &Words) -> String {
    let whole = days.floor();
    if days < 0.0 {
        words.ahead.to_owned()
    } else if whole < 1.0 {
        words.today.to_owned()
    } else if whole < 2.0 {
        words.day_ago.to_owned()
    } else {
        fill(words.days_ago, &[&format!("{whole:.0}")])
    }
}

impl Source {
    /// What was read from it, and what could not be, each in a line.
    #[must_use]
    pub fn told(&self, dossier: &Dossier, lang: Lang) -> Vec<String> {
        let words = lang.words();
        let kinds = self.records.iter().map(|(kind, count)| {
            format!(
                "{} ({count})",
                dossier.evidence().kind(*kind).title.get(lang)
            )
        });
        let kinds: Vec<String> = kinds.collect();
        let mut lines = vec![if kinds.is_empty() {
            fill(words.source_empty, &[&self.name])
        } else {
            format!("{}: {}", self.name, kinds.join(", "))
        }];
        if self.unknown > 0 && !kinds.is_empty() {
            lines.push(fill(
                words.source_unknown,
                &[&self.name, &self.unknown.to_string()],
            ));
        }
        lines
    }

    /// What could not be read in it, each with its place.
    #[must_use]
    pub fn faults_told(&self, lang: Lang) -> Vec<String> {
        let words = lang.words();
        let mut lines: Vec<String> = self
            .troubles
            .iter()
            .map(|own| own.told(&self.name, words))
            .collect();
        if self.faults > self.troubles.len() as u64 {
            lines.push(fill(
                words.more_faults,
                &[&self.name, &self.faults.to_string()],
            ));
        }
        lines
    }
}

impl Trouble {
    fn told(&self, name: &str, words: &Words) -> String {
        let what = match &self.what {
            Cause::Form => words.fault_form.to_owned(),
            Cause::Syntax(error) => fill(words.fault_syntax, &[&clean(error)]),
            Cause::Encoding => words.fault_encoding.to_owned(),
            Cause::NotFinished => words.fault_end.to_owned(),
            Cause::TooLarge => words.fault_large.to_owned(),
            Cause::Cells { expected, found } => fill(
                words.fault_cells,
                &[&found.to_string(), &expected.to_string()],
            ),
            Cause::Io(error) => fill(words.fault_syntax, &[&clean(&error.to_string())]),
        };
        format!("{name}:{}:{}: {what}", self.line, self.column)
    }
}

impl Caution {
    /// What to know, in a sentence.
    #[must_use]
    pub fn told(&self, dossier: &Dossier, lang: Lang) -> String {
        let words = lang.words();
        let title = |kind| dossier.evidence().kind(kind).title.get(lang);
        match self {
            Caution::Repeated(kind, count) => {
                fill(words.caution_repeated, &[title(*kind), &count.to_string()])
            }
            Caution::LeftOut(kind, count) => {
                fill(words.caution_left_out, &[title(*kind), &count.to_string()])
            }
            Caution::Apart(kind, count) => {
                fill(words.caution_apart, &[title(*kind), &count.to_string()])
            }
            Caution::Unrelated(kind) => fill(words.caution_unrelated, &[title(*kind)]),
            Caution::Doubtful(kind) => fill(words.caution_doubtful, &[title(*kind)]),
            Caution::Ambiguous(kind) => fill(words.caution_ambiguous, &[title(*kind)]),
            Caution::Unfinished(kind) => fill(words.caution_unfinished, &[title(*kind)]),
            Caution::OfOnePerson(kind) => fill(words.caution_of_one_person, &[title(*kind)]),
            Caution::ByPerson(count) => fill(words.caution_by_person, &[&count.to_string()]),
            Caution::Old(index, days) => {
                let name = dossier.called(*index);
                fill(words.caution_old, &[name, &days_ago(*days, words)])
            }
        }
    }
}

impl Device {
    /// The id that names it most surely, and what people know it by, where the files say so.
    #[must_use]
    pub fn names<'d>(&self, dossier: &'d Dossier) -> Names<'d> {
        let mut names = Names::default();
        for (kind, index) in self.records() {
            let declared = dossier.read.evidence.kind(kind);
            let record = &dossier.held(kind, index).record;
            let first = |slot: &mut Option<&'d str>, fields: &[usize]| {
                if slot.is_none() {
                    *slot = fields.iter().find_map(|field| record.get(*field));
                }
            };
            first(&mut names.id, &declared.ids);
            first(&mut names.id, &declared.other_ids);
            first(&mut names.id, &declared.own_ids);
            first(&mut names.name, &declared.shown);
            first(&mut names.person, &declared.person);
        }
        names
    }
}

/// What names a device.
#[derive(Clone, Copy, Debug, Default)]
pub struct Names<'d> {
    /// The id.
    pub id: Option<&'d str>,
    /// What people call it.
    pub name: Option<&'d str>,
    /// Who uses it.
    pub person: Option<&'d str>,
}

impl Names<'_> {
    /// All of it in one line; empty where nothing is known.
    #[must_use]
    pub fn told(&self) -> String {
        let all = [self.name, self.person, self.id].into_iter().flatten();
        all.map(clean).collect::<Vec<_>>().join(" · ")
    }
}
