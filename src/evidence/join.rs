//! Which records are about the same device: those with a common id, then those with an id that one side
//! keeps for the other, then, where nothing else is possible, those of a person who has no other. A
//! record belongs to one device at most.

use std::borrow::Cow;

use rustc_hash::FxHashMap;

use super::{Caution, Held, value};
use crate::tree::{About, Evidence, EvidenceKind, KindId};

/// A device that files name.
#[derive(Debug)]
pub struct Device {
    /// The records about it and its person.
    records: Vec<(KindId, u32)>,
    /// Whether some of them are only known to be about it because they are about the same person.
    pub is_by_person: bool,
}

impl Device {
    /// The records about it: each its kind, and its place among those of the kind.
    pub(super) fn records(&self) -> impl Iterator<Item = (KindId, usize)> {
        self.records
            .iter()
            .map(|(kind, index)| (*kind, *index as usize))
    }

    /// The places of the records of one kind.
    pub(super) fn of(&self, kind: KindId) -> impl Iterator<Item = usize> {
        let own = self.records().filter(move |(own, _)| *own == kind);
        own.map(|(_, index)| index)
    }
}

/// Devices by what names them. In names, case makes no difference.
type Names<'r> = FxHashMap<Cow<'r, str>, u32>;

/// Every device that the records name.
pub(super) fn devices(
    evidence: &Evidence,
    records: &[Vec<Held>],
    cautions: &mut Vec<Caution>,
) -> Vec<Device> {
    let mut joiner = Joiner {
        evidence,
        records,
        devices: Vec::new(),
    };
    let about = |about: About| {
        evidence
            .kinds()
            .filter(move |(_, kind)| kind.about == about)
    };
    // What makes a device known goes before what only adds to it.
    for adds_devices in [true, false] {
        for (id, kind) in about(About::Device).filter(|(_, kind)| kind.adds_devices == adds_devices)
        {
            let repeated = joiner.join(id, kind);
            if repeated > 0 {
                cautions.push(Caution::Repeated(id, repeated));
            }
        }
    }
    for (id, kind) in about(About::Person).filter(|(_, kind)| !kind.ids.is_empty()) {
        joiner.add_persons(id, kind);
    }
    let by_person = joiner.devices.iter().filter(|device| device.is_by_person);
    let by_person = by_person.count() as u64;
    if by_person > 0 {
        cautions.push(Caution::ByPerson(by_person));
    }
    joiner.devices
}

struct Joiner<'r> {
    evidence: &'r Evidence,
    records: &'r [Vec<Held>],
    devices: Vec<Device>,
}

impl<'r> Joiner<'r> {
    /// Finds the devices that the records of a kind are about. Returns how many records repeat others.
    fn join(&mut self, id: KindId, kind: &EvidenceKind) -> u64 {
        let (mut latest, repeated) = self.latest(id, kind);
        let ids = self.names(|kind| &kind.ids);
        let all_ids = self.names(|kind| &kind.other_ids);
        // By a common id; then by the id that one of the two keeps for the other.
        self.take(id, &mut latest, |name| ids.get(name).copied(), &kind.ids);
        let either = |name: &str| ids.get(name).or_else(|| all_ids.get(name)).copied();
        self.take(id, &mut latest, either, &kind.other_ids);
        self.take(
            id,
            &mut latest,
            |name| all_ids.get(name).copied(),
            &kind.ids,
        );
        if kind.adds_devices {
            self.take_by_person(id, kind, &mut latest);
            for index in latest {
                self.devices.push(Device {
                    records: vec![(id, index)],
                    is_by_person: false,
                });
            }
        }
        repeated
    }

    /// The records of a kind, of those about the same device only the latest, and how many that leaves
    /// out.
    fn latest(&self, id: KindId, kind: &EvidenceKind) -> (Vec<u32>, u64) {
        let mut by_name: Names = FxHashMap::default();
        let mut latest: Vec<u32> = Vec::new();
        let mut repeated = 0;
        for (index, held) in (0..).zip(&self.records[id.index()]) {
            let mut names: Vec<Cow<str>> = names_in(held, &kind.ids).collect();
            if names.is_empty() {
                names.extend(names_in(held, &kind.other_ids));
            }
            let earlier = names.iter().find_map(|name| by_name.get(name)).copied();
            let place = earlier.unwrap_or(u32::try_from(latest.len()).unwrap_or(u32::MAX));
            if earlier.is_some() {
                repeated += 1;
                let before = &self.records[id.index()][latest[place as usize] as usize];
                if at(held, kind) >= at(before, kind) {
                    latest[place as usize] = index;
                }
            } else {
                latest.push(index);
            }
            by_name.extend(names.into_iter().map(|name| (name, place)));
        }
        (latest, repeated)
    }

    /// The devices by some fields of their records.
    fn names(&self, fields: fn(&EvidenceKind) -> &[usize]) -> Names<'r> {
        let mut names: Names = FxHashMap::default();
        for (place, device) in (0..).zip(&self.devices) {
            for (kind, index) in device.records() {
                let held = &self.records[kind.index()][index];
                for name in names_in(held, fields(self.evidence.kind(kind))) {
                    names.entry(name).or_insert(place);
                }
            }
        }
        names
    }

    /// Gives the records to the devices that are known by what some of their fields say.
    fn take(
        &mut self,
        id: KindId,
        indexes: &mut Vec<u32>,
        device: impl Fn(&str) -> Option<u32>,
        fields: &[usize],
    ) {
        indexes.retain(|index| {
            let held = &self.records[id.index()][*index as usize];
            let known = names_in(held, fields).find_map(|name| device(&name));
            if let Some(known) = known {
                self.devices[known as usize].records.push((id, *index));
            }
            known.is_none()
        });
    }

    /// Gives the records to the devices of the same person, where the person has one that lacks a record
    /// of this kind, and one such record that no device has.
    fn take_by_person(&mut self, id: KindId, kind: &EvidenceKind, indexes: &mut Vec<u32>) {
        // A name that stands for two leads to neither.
        let mut lacking: FxHashMap<Cow<str>, Option<u32>> = FxHashMap::default();
        for (place, device) in (0..).zip(&self.devices) {
            if device.of(id).next().is_some() {
                continue;
            }
            for name in self.persons(device) {
                let known = lacking.entry(name).or_insert(Some(place));
                *known = known.filter(|known| *known == place);
            }
        }
        if lacking.is_empty() {
            return;
        }
        let mut asking: FxHashMap<Cow<str>, u32> = FxHashMap::default();
        let persons =
            |index: u32| names_in(&self.records[id.index()][index as usize], &kind.person);
        for index in indexes.iter() {
            for name in persons(*index) {
                *asking.entry(name).or_default() += 1;
            }
        }
        indexes.retain(|index| {
            let mut names = persons(*index).filter(|name| asking.get(name) == Some(&1));
            let known = names.find_map(|name| lacking.get(&name).copied().flatten());
            if let Some(known) = known {
                let device = &mut self.devices[known as usize];
                device.records.push((id, *index));
                device.is_by_person = true;
            }
            known.is_none()
        });
    }

    /// Gives the records about persons to the devices that they use.
    fn add_persons(&mut self, id: KindId, kind: &EvidenceKind) {
        let mut by_name: FxHashMap<Cow<str>, u32> = FxHashMap::default();
        for (index, held) in (0..).zip(&self.records[id.index()]) {
            by_name.extend(names_in(held, &kind.ids).map(|name| (name, index)));
        }
        for place in 0..self.devices.len() {
            let mut names = self.persons(&self.devices[place]);
            let found = names.find_map(|name| by_name.get(&name)).copied();
            drop(names);
            self.devices[place]
                .records
                .extend(found.map(|index| (id, index)));
        }
    }

    /// What names the person who uses a device.
    fn persons<'d>(&self, device: &'d Device) -> impl Iterator<Item = Cow<'r, str>> + use<'d, 'r> {
        let (evidence, records) = (self.evidence, self.records);
        device.records().flat_map(move |(kind, index)| {
            let held = &records[kind.index()][index];
            names_in(held, &evidence.kind(kind).person)
        })
    }
}

/// What some fields of a record say, in small letters.
fn names_in<'r>(held: &'r Held, fields: &'r [usize]) -> impl Iterator<Item = Cow<'r, str>> {
    let values = fields.iter().filter_map(|field| held.record.get(*field));
    values.map(|value| {
        if value.chars().any(char::is_uppercase) {
            value.to_lowercase().into()
        } else {
            value.into()
        }
    })
}

/// When a record was true; nothing where it does not say.
fn at(held: &Held, kind: &EvidenceKind) -> Option<jiff::Timestamp> {
    held.record.get(kind.dated?).and_then(value::moment)
}
