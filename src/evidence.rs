//! What files say, as far as a tree asks for it. Nothing is read but what the tree declares, nothing is
//! guessed, and what could not be read or used is counted.
//!
//! Files are read record by record; of each only the fields that the tree names are kept, packed into
//! one text, so that memory grows with the number of devices and not with what is exported of them.

mod join;
mod kinds;
mod read;
#[cfg(test)]
mod tests;
mod told;
mod value;
mod verdict;

use std::io::Read;

use jiff::{SignedDuration, Timestamp};

use crate::tree::{About, Evidence, FactId, KindId};
pub use join::Device;
use read::Record;
pub use read::{Cause, Trouble};
pub use told::Names;
pub use verdict::{Ground, Said, Subject, Verdict};

/// Files as they are read, one after the other.
#[derive(Debug)]
pub struct Reading<'t> {
    read: Collected<'t>,
    /// How many records of each kind do not count.
    left_out: Vec<u64>,
}

/// What was read, kind by kind.
#[derive(Debug)]
struct Collected<'t> {
    evidence: &'t Evidence,
    /// What a person said beforehand, in the order of the tree.
    facts: Vec<Vec<String>>,
    sources: Vec<Source>,
    /// The records, in the order in which they were read.
    records: Vec<Vec<Held>>,
    /// Which fields are named in any record at all.
    named: Vec<Vec<bool>>,
    /// Whether there may be more than was read.
    is_unfinished: Vec<bool>,
    /// Whether anything was read, also where there was no record.
    is_read: Vec<bool>,
}

/// A file that was read.
#[derive(Debug)]
pub struct Source {
    /// Its path, as it was given.
    pub name: String,
    /// When it was written, where that is known.
    pub written: Option<Timestamp>,
    /// How many records of each kind it holds, where it holds any.
    pub records: Vec<(KindId, u64)>,
    /// How many objects or rows are none that the tree knows.
    pub unknown: u64,
    /// What could not be read, the first of it.
    pub troubles: Vec<Trouble>,
    /// How often something could not be read.
    pub faults: u64,
}

/// A record and the file that it is from.
#[derive(Debug)]
struct Held {
    source: u32,
    record: Record,
}

/// Everything that the files say, device by device.
#[derive(Debug)]
pub struct Dossier<'t> {
    read: Collected<'t>,
    /// The records about everyone that are meant, by kind.
    chosen: Vec<Vec<u32>>,
    devices: Vec<Device>,
    cautions: Vec<Caution>,
    now: Timestamp,
}

/// What to know about the evidence as a whole.
#[derive(Clone, Debug, PartialEq)]
pub enum Caution {
    /// Records that repeat what others say about the same device, and do not count.
    Repeated(KindId, u64),
    /// Records of devices that the tree is not about.
    LeftOut(KindId, u64),
    /// The one record that there is, though it does not look like the one that is meant.
    Doubtful(KindId),
    /// Several records, of which none looks like the one that is meant; none is used.
    Ambiguous(KindId),
    /// There may be more than was read.
    Unfinished(KindId),
    /// So many devices that no other kind has.
    Apart(KindId, u64),
    /// Nothing tells which of its devices are those of other kinds.
    Unrelated(KindId),
    /// Says nothing about whose it is, and so nothing where there are several persons.
    OfOnePerson(KindId),
    /// So many devices are the same in two files only because the same person uses them.
    ByPerson(u64),
    /// A file that was written so many days ago, by its place among the sources.
    Old(usize, f64),
}

impl<'t> Reading<'t> {
    /// Nothing read yet. `facts` are what a person said beforehand about each fact, in the order of the tree.
    #[must_use]
    pub fn new(evidence: &'t Evidence, facts: Vec<Vec<String>>) -> Self {
        let kinds = evidence.kinds();
        let named = kinds.map(|(_, kind)| vec![false; kind.fields.len()]);
        let named: Vec<Vec<bool>> = named.collect();
        let count = named.len();
        Reading {
            read: Collected {
                evidence,
                facts,
                sources: Vec::new(),
                records: (0..count).map(|_| Vec::new()).collect(),
                named,
                is_unfinished: vec![false; count],
                is_read: vec![false; count],
            },
            left_out: vec![0; count],
        }
    }

    /// Reads a file as far as it can be read. `kind` is what all its records are, where a person said so;
    /// `written` is when it was written, where that is known.
    pub fn read(
        &mut self,
        name: &str,
        kind: Option<KindId>,
        written: Option<Timestamp>,
        input: impl Read,
    ) {
        let Reading {
            read: all,
            left_out,
        } = self;
        let source = u32::try_from(all.sources.len()).unwrap_or(u32::MAX);
        let mut counts = vec![0; all.records.len()];
        let mut partial = vec![false; all.records.len()];
        let mut each = |record: Record| {
            let index = record.kind.index();
            counts[index] += 1;
            for (field, named) in all.named[index].iter_mut().enumerate() {
                *named |= record.names(field);
            }
            let held = Held { source, record };
            partial[index] |= verdict::is_partial(all.evidence, &held);
            if verdict::counts(all.evidence, &held) {
                all.records[index].push(held);
            } else {
                left_out[index] += 1;
            }
        };
        let file = read::File { name, kind };
        let summary = read::read(input, &file, all.evidence, &mut each);
        let mut records = Vec::new();
        for (id, declared) in all.evidence.kinds() {
            let count: u64 = counts[id.index()];
            if count > 0 || kind == Some(id) {
                all.is_read[id.index()] = true;
                // A full page, a mistake, an event, or a member that is no person: there may be more.
                let is_full = declared
                    .page
                    .is_some_and(|page| count > 0 && count.is_multiple_of(u64::from(page)));
                let is_members = declared.about == About::Person && !declared.is_of_one_person;
                let has_others = is_members && summary.unknown > 0;
                all.is_unfinished[id.index()] = summary.unfinished.contains(&id)
                    || summary.troubles.count > 0
                    || partial[id.index()]
                    || is_full
                    || has_others;
            }
            if count > 0 {
                records.push((id, count));
            }
        }
        all.sources.push(Source {
            name: name.to_owned(),
            written,
            records,
            unknown: summary.unknown,
            troubles: summary.troubles.first,
            faults: summary.troubles.count,
        });
    }

    /// Puts together what was read about each device. `now` is what ages are counted to where it is not
    /// known when a file was written.
    #[must_use]
    pub fn finish(self, now: Timestamp) -> Dossier<'t> {
        let Reading { mut read, left_out } = self;
        join::complete(read.evidence, &mut read.records);
        let (evidence, records) = (read.evidence, &read.records);
        let mut cautions = Vec::new();
        for (id, _) in evidence.kinds() {
            let left_out = left_out[id.index()];
            if left_out > 0 {
                cautions.push(Caution::LeftOut(id, left_out));
            }
            // Of a single record nobody expects that it is all there is.
            if read.is_unfinished[id.index()] && records[id.index()].len() > 1 {
                cautions.push(Caution::Unfinished(id));
            }
        }
        let chosen = evidence.kinds().map(|(id, kind)| match kind.about {
            About::Everyone => verdict::chosen(&read, id, &mut cautions),
            About::Device | About::Person => Vec::new(),
        });
        let chosen = chosen.collect();
        let devices = join::devices(&read, &mut cautions);
        for (id, apart) in join::apart(evidence, records, &devices) {
            let has = |device: &&Device| device.of(id).next().is_some();
            let own = devices.iter().filter(has).count();
            // One device may well be nowhere else; if all are, the files have no common ids.
            if apart == own && devices.len() - own > 1 {
                read.is_unfinished[id.index()] = true;
                cautions.push(Caution::Unrelated(id));
            } else if apart > 0 {
                cautions.push(Caution::Apart(id, apart as u64));
            }
        }
        let mut dossier = Dossier {
            read,
            chosen,
            devices,
            cautions,
            now,
        };
        dossier.judge_files();
        dossier
    }
}

impl Collected<'_> {
    /// When the file of a record was written, where that is known.
    fn written(&self, held: &Held) -> Option<Timestamp> {
        let source = self.sources.get(held.source as usize);
        source.and_then(|source| source.written)
    }
}

impl<'t> Dossier<'t> {
    /// The files, in the order in which they were read.
    #[must_use]
    pub fn sources(&self) -> &[Source] {
        &self.read.sources
    }

    /// Every device that the files name, in the order in which they do.
    #[must_use]
    pub fn devices(&self) -> &[Device] {
        &self.devices
    }

    /// What to know about the evidence as a whole.
    #[must_use]
    pub fn cautions(&self) -> &[Caution] {
        &self.cautions
    }

    /// What the tree says about evidence.
    #[must_use]
    pub fn evidence(&self) -> &'t Evidence {
        self.read.evidence
    }

    /// What the files say where one device is meant, or none in particular.
    #[must_use]
    pub fn subject<'d>(&'d self, device: Option<&'d Device>) -> Subject<'d> {
        Subject::new(self, device)
    }

    /// Every device that has this id or name, or whose person has; case makes no difference.
    #[must_use]
    pub fn find(&self, name: &str) -> Vec<&Device> {
        let name = name.trim().to_lowercase();
        let by = |fields: fn(&crate::tree::EvidenceKind) -> Vec<usize>| {
            let is_named = |device: &&Device| {
                device.records().any(|(kind, index)| {
                    let record = &self.held(kind, index).record;
                    let mut fields = fields(self.read.evidence.kind(kind)).into_iter();
                    fields.any(|field| {
                        record
                            .get(field)
                            .is_some_and(|own| own.to_lowercase() == name)
                    })
                })
            };
            self.devices.iter().filter(is_named).collect::<Vec<_>>()
        };
        let found = by(|kind| [&kind.ids[..], &kind.other_ids, &kind.own_ids].concat());
        if found.is_empty() {
            by(|kind| [&kind.shown[..], &kind.person].concat())
        } else {
            found
        }
    }

    /// What a person said beforehand.
    fn said(&self, fact: FactId) -> &[String] {
        self.read.facts.get(fact.index()).map_or(&[], Vec::as_slice)
    }

    /// Whether anything says who uses a device.
    fn has_person(&self, device: &Device) -> bool {
        device.records().any(|(kind, index)| {
            let mut fields = self.read.evidence.kind(kind).person.iter();
            fields.any(|field| self.held(kind, index).record.get(*field).is_some())
        })
    }

    /// The record with this number of a kind.
    fn held(&self, kind: KindId, index: usize) -> &Held {
        &self.read.records[kind.index()][index]
    }

    /// How many days before now, or before the file of the record was written, something was.
    fn age(&self, at: Timestamp, held: &Held) -> f64 {
        days(at.duration_until(self.read.written(held).unwrap_or(self.now)))
    }

    /// Notes which files are old, and what says nothing because there are several persons.
    fn judge_files(&mut self) {
        if let Some(fresh) = self.read.evidence.fresh_days() {
            for (index, source) in self.read.sources.iter().enumerate() {
                let Some(written) = source.written else {
                    continue;
                };
                let age = days(written.duration_until(self.now));
                if age > f64::from(fresh) {
                    self.cautions.push(Caution::Old(index, age));
                }
            }
        }
        if self.devices.len() > 1 {
            for (id, kind) in self.read.evidence.kinds() {
                if kind.is_of_one_person && self.read.is_read[id.index()] {
                    self.cautions.push(Caution::OfOnePerson(id));
                }
            }
        }
    }
}

/// A length of time in days.
fn days(length: SignedDuration) -> f64 {
    length.as_secs_f64() / (24.0 * 60.0 * 60.0)
}
