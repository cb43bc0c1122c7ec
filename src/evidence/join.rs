//! Which records are about the same device: those with a common id, then those with an id that one side
//! keeps for the other, then, where nothing else is possible, those of a person who has no other. A
//! record belongs to one device at most.

use std::borrow::Cow;

use rustc_hash::FxHashMap;

use super::kinds::Kinds;
use super::{Caution, Collected, Held, value};
use crate::tree::{About, Evidence, EvidenceKind, KindId};

/// A device that files name.
#[derive(Debug)]
pub struct Device {
    /// The records about it and its person.
    records: Vec<(KindId, u32)>,
    /// Whether some of them are only known to be about it because they are about the same person.
    pub is_by_person: bool,
    /// The kinds of which its person has records that may be about it or about another device.
    doubtful: Kinds,
}

impl Device {
    /// The records about it: each its kind, and its place among those of the kind.
    pub(super) fn records(&self) -> impl Iterator<Item = (KindId, usize)> {
        self.records
            .iter()
            .map(|(kind, index)| (*kind, *index as usize))
    }

    /// Whether a record of a kind may be about it, though nothing says so.
    pub(super) fn may_have(&self, kind: KindId) -> bool {
        self.doubtful.holds(kind)
    }

    /// The places of the records of one kind.
    pub(super) fn of(&self, kind: KindId) -> impl Iterator<Item = usize> {
        let own = self.records().filter(move |(own, _)| *own == kind);
        own.map(|(_, index)| index)
    }
}

/// Devices by what names them. In names, case makes no difference.
type Names<'r> = FxHashMap<Cow<'r, str>, u32>;

/// What is named, several where a name stands for several.
type Several<'r> = FxHashMap<Cow<'r, str>, Vec<u32>>;

/// Adds something by its names, once by each.
fn add<'r>(several: &mut Several<'r>, names: impl Iterator<Item = Cow<'r, str>>, what: u32) {
    for name in names {
        let known = several.entry(name).or_default();
        if known.last() != Some(&what) {
            known.push(what);
        }
    }
}

/// Whether two sorts of devices can be the same, one of which may not be known.
fn is_alike(one: Option<usize>, other: Option<usize>) -> bool {
    one.is_none() || other.is_none() || one == other
}

/// Every device that the records name.
pub(super) fn devices(read: &Collected, cautions: &mut Vec<Caution>) -> Vec<Device> {
    let mut joiner = Joiner {
        read,
        devices: Vec::new(),
    };
    let about = |about: About| {
        read.evidence
            .kinds()
            .filter(move |(_, kind)| kind.about == about)
    };
    // What makes a device known goes before what only adds to it.
    for adds_devices in [true, false] {
        for (id, kind) in about(About::Device).filter(|(_, kind)| kind.adds_devices == adds_devices)
        {
            joiner.join(id, kind, cautions);
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

/// Gives to records that name themselves alike what some of them say about the device and its person: an
/// event says less of that than a list does.
pub(super) fn complete(evidence: &Evidence, records: &mut [Vec<Held>]) {
    let kinds = evidence.kinds();
    for (id, kind) in kinds.filter(|(_, kind)| !kind.own_ids.is_empty()) {
        let mut fields = [&kind.ids[..], &kind.other_ids, &kind.person, &kind.shown].concat();
        fields.extend(kind.platform);
        let records = &mut records[id.index()];
        let mut by_name: FxHashMap<String, usize> = FxHashMap::default();
        for index in 0..records.len() {
            let name = names_in(&records[index], &kind.own_ids).next();
            let Some(name) = name.map(Cow::into_owned) else {
                continue;
            };
            let Some(&before) = by_name.get(&name) else {
                by_name.insert(name, index);
                continue;
            };
            let (earlier, later) = records.split_at_mut(index);
            let (earlier, later) = (&mut earlier[before].record, &mut later[0].record);
            earlier.complete(later, &fields);
            later.complete(earlier, &fields);
        }
    }
}

/// How many devices only the records of one kind name, for each of several kinds that name devices.
pub(super) fn apart(
    evidence: &Evidence,
    records: &[Vec<Held>],
    devices: &[Device],
) -> Vec<(KindId, usize)> {
    let is_read = |id: KindId| !records[id.index()].is_empty();
    let kinds = evidence
        .kinds()
        .filter(|(id, kind)| kind.about == About::Device && kind.adds_devices && is_read(*id));
    let kinds: Vec<KindId> = kinds.map(|(id, _)| id).collect();
    if kinds.len() < 2 {
        return Vec::new();
    }
    let is_apart = |device: &&Device, id: KindId| {
        device.of(id).next().is_some()
            && kinds
                .iter()
                .all(|own| *own == id || device.of(*own).next().is_none())
    };
    let count = |id: KindId| devices.iter().filter(|device| is_apart(device, id)).count();
    kinds.iter().map(|id| (*id, count(*id))).collect()
}

/// The records of a kind, by their places, of those with a common name only the latest.
pub(super) fn latest(read: &Collected, id: KindId, cautions: &mut Vec<Caution>) -> Vec<u32> {
    let (kind, records) = (read.evidence.kind(id), &read.records[id.index()]);
    // What a record says of its time, or else when its file was written.
    let at = |held: &Held| {
        let said = kind.dated.and_then(|field| held.record.get(field));
        said.and_then(value::moment).or(read.written(held))
    };
    let mut by_name: Names = FxHashMap::default();
    let mut latest: Vec<u32> = Vec::new();
    for (index, held) in (0..).zip(records) {
        // By the first sort of names that it has.
        let sorts = [&kind.own_ids, &kind.ids, &kind.other_ids].into_iter();
        let mut sorts = sorts.map(|fields| names_in(held, fields).collect::<Vec<Cow<str>>>());
        let names = sorts.find(|names| !names.is_empty()).unwrap_or_default();
        let earlier = names.iter().find_map(|name| by_name.get(name)).copied();
        let place = earlier.unwrap_or(u32::try_from(latest.len()).unwrap_or(u32::MAX));
        match latest.get_mut(place as usize) {
            Some(before) if at(held) >= at(&records[*before as usize]) => *before = index,
            Some(_) => {}
            None => latest.push(index),
        }
        by_name.extend(names.into_iter().map(|name| (name, place)));
    }
    let repeated = records.len() - latest.len();
    if repeated > 0 {
        cautions.push(Caution::Repeated(id, repeated as u64));
    }
    latest
}

struct Joiner<'r> {
    read: &'r Collected<'r>,
    devices: Vec<Device>,
}

impl<'r> Joiner<'r> {
    /// Finds the devices that the records of a kind are about.
    fn join(&mut self, id: KindId, kind: &EvidenceKind, cautions: &mut Vec<Caution>) {
        if self.read.records[id.index()].is_empty() {
            return;
        }
        let mut latest = latest(self.read, id, cautions);
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
            self.devices.reserve_exact(latest.len());
            for index in latest {
                self.devices.push(Device {
                    records: vec![(id, index)],
                    is_by_person: false,
                    doubtful: Kinds::default(),
                });
            }
        }
    }

    /// The devices by some fields of their records.
    fn names(&self, fields: fn(&EvidenceKind) -> &[usize]) -> Names<'r> {
        let mut names: Names = FxHashMap::default();
        for (place, device) in (0..).zip(&self.devices) {
            for (kind, index) in device.records() {
                let held = &self.read.records[kind.index()][index];
                for name in names_in(held, fields(self.read.evidence.kind(kind))) {
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
            let held = &self.read.records[id.index()][*index as usize];
            let known = names_in(held, fields).find_map(|name| device(&name));
            if let Some(known) = known {
                self.devices[known as usize].records.push((id, *index));
            }
            known.is_none()
        });
    }

    /// Gives the records to the devices of the same person, where only one device of the person can be meant,
    /// and only one record. Where it may be one of several, nothing is said to be missing.
    fn take_by_person(&mut self, id: KindId, kind: &EvidenceKind, indexes: &mut Vec<u32>) {
        let mut lacking: Several = FxHashMap::default();
        for (place, device) in (0..).zip(&self.devices) {
            if device.of(id).next().is_none() {
                add(&mut lacking, self.persons(device), place);
            }
        }
        if lacking.is_empty() {
            return;
        }
        let held = |index: u32| &self.read.records[id.index()][index as usize];
        let mut asking: Several = FxHashMap::default();
        for index in indexes.iter() {
            add(&mut asking, names_in(held(*index), &kind.person), *index);
        }
        let platform = |index: u32| {
            self.read
                .evidence
                .platform(kind, |field| held(index).record.get(field))
        };
        let mut joined: Vec<(u32, u32)> = Vec::new();
        let mut doubtful: Vec<u32> = Vec::new();
        for index in indexes.iter() {
            for name in names_in(held(*index), &kind.person) {
                let places = lacking.get(&name).into_iter().flatten().copied();
                let can_be = |place: &u32| is_alike(self.platform(*place), platform(*index));
                let places: Vec<u32> = places.filter(can_be).collect();
                let rivals = asking.get(&name).into_iter().flatten().copied();
                let has_ids = kind
                    .ids
                    .iter()
                    .chain(&kind.other_ids)
                    .any(|field| held(*index).record.get(*field).is_some());
                match places[..] {
                    // Ids that lead nowhere may well be those of another device.
                    [place]
                        if !has_ids
                            && rivals
                                .filter(|own| is_alike(self.platform(place), platform(*own)))
                                .count()
                                == 1 =>
                    {
                        joined.push((*index, place));
                        break;
                    }
                    _ => doubtful.extend(places),
                }
            }
        }
        for (index, place) in &joined {
            let device = &mut self.devices[*place as usize];
            // Two names of a person can lead two records to one device; the first was there first.
            if device.of(id).next().is_none() {
                device.records.push((id, *index));
                device.is_by_person = true;
            }
        }
        for place in doubtful {
            let device = &mut self.devices[place as usize];
            if device.of(id).next().is_none() {
                device.doubtful.add(id);
            }
        }
        let taken: Vec<u32> = joined
            .into_iter()
            .filter(|(index, place)| {
                self.devices[*place as usize]
                    .of(id)
                    .any(|own| own == *index as usize)
            })
            .map(|(index, _)| index)
            .collect();
        indexes.retain(|index| taken.binary_search(index).is_err());
    }

    /// What sort of device it is, where its records say so.
    fn platform(&self, place: u32) -> Option<usize> {
        let mut records = self.devices[place as usize].records();
        records.find_map(|(kind, index)| {
            let record = &self.read.records[kind.index()][index].record;
            self.read
                .evidence
                .platform(self.read.evidence.kind(kind), |field| record.get(field))
        })
    }

    /// Gives the records about persons to the devices that they use.
    fn add_persons(&mut self, id: KindId, kind: &EvidenceKind) {
        if self.read.records[id.index()].is_empty() {
            return;
        }
        let mut by_name: FxHashMap<Cow<str>, u32> = FxHashMap::default();
        for (index, held) in (0..).zip(&self.read.records[id.index()]) {
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
        let (evidence, records) = (self.read.evidence, &self.read.records);
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
