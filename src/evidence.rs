//! What files say, as far as a tree asks for it. Nothing is read but what the tree declares, nothing is
//! guessed, and what could not be read or used is counted.
//!
//! Files are read record by record; of each only the fields that the tree names are kept, packed into
//! one text, so that memory grows with the number of devices and not with what is exported of them.

mod join;
mod kinds;
mod read;
mod told;
mod value;
mod verdict;

use std::io::Read;

use jiff::{SignedDuration, Timestamp};

use crate::tree::{About, Evidence, FactId, KindId, plain};
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
    /// Whether the last page that was read is followed by another one.
    is_unfinished: Vec<bool>,
    /// Whether anything was read, also where there was no record.
    is_read: Vec<bool>,
}

/// A file that was read.
#[derive(Debug)]
pub struct Source {
    /// What it is called.
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
    /// There are more pages than were read.
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
        let mut each = |record: Record| {
            let index = record.kind.index();
            counts[index] += 1;
            for (field, named) in all.named[index].iter_mut().enumerate() {
                *named |= record.names(field);
            }
            let held = Held { source, record };
            if verdict::counts(all.evidence, &held) {
                all.records[index].push(held);
            } else {
                left_out[index] += 1;
            }
        };
        let file = read::File { name, kind };
        let summary = read::read(input, &file, all.evidence, &mut each);
        let mut records = Vec::new();
        for (id, _) in all.evidence.kinds() {
            let count = counts[id.index()];
            if count > 0 || kind == Some(id) {
                all.is_read[id.index()] = true;
                all.is_unfinished[id.index()] = summary.unfinished.contains(&id);
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
        let (evidence, records) = (read.evidence, &read.records);
        let mut cautions = Vec::new();
        for (id, _) in evidence.kinds() {
            let left_out = left_out[id.index()];
            if left_out > 0 {
                cautions.push(Caution::LeftOut(id, left_out));
            }
            if read.is_unfinished[id.index()] {
                cautions.push(Caution::Unfinished(id));
            }
        }
        let chosen = evidence.kinds().map(|(id, kind)| match kind.about {
            About::Everyone => verdict::chosen(evidence, id, records, &mut cautions),
            About::Device | About::Person => Vec::new(),
        });
        let chosen = chosen.collect();
        let devices = join::devices(evidence, records, &mut cautions);
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
        let found = by(|kind| [&kind.ids[..], &kind.other_ids].concat());
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

    /// The record with this number of a kind.
    fn held(&self, kind: KindId, index: usize) -> &Held {
        &self.read.records[kind.index()][index]
    }

    /// How many days before now, or before its file was written, something was.
    fn age(&self, at: Timestamp, source: u32) -> f64 {
        let written = self
            .read
            .sources
            .get(source as usize)
            .and_then(|source| source.written);
        days(at.duration_until(written.unwrap_or(self.now)))
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

/// Whether two values are the same but for how programs write them.
fn is_same(value: &str, plain_value: &str) -> bool {
    plain(value) == plain_value
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::tree::{Kind, Question, Tree};

    const TREE: &str = "
title: Printers
start: what
evidence:
  fresh-days: 2
  pages: [value]
  facts: {floor: The floor}
  healthy: [{printer.state: ready}]
  kinds:
    printer:
      title: The printers
      about: device
      known-by: [printerState]
      types: [printer, printers]
      within: [details, AdditionalProperties]
      fields:
        id: [id]
        state: [printerState, state]
        inspected: [inspectedAt]
        system: [system version]
        user: [owner]
      ids: [id]
      person: [user]
      dated: inspected
      only: {printer.state: {none-of: [sold]}}
    ticket:
      title: The tickets
      about: device
      known-by: [ticketState]
      fields: {serial: [serial], printer: [printer], state: [ticketState], user: [owner]}
      ids: [serial]
      other-ids: [printer]
      person: [user]
    room:
      title: The rooms of the person
      about: person
      types: [room]
      alone: true
      of-one-person: true
      fields: {floor: [floor]}
    all-rooms:
      title: The rooms of the person and their neighbours
      about: person
      types: [room]
      named: neighbour
      alone: true
      of-one-person: true
      fields: {floor: [floor]}
nodes:
  what:
    question: What do you see?
    evidence:
      old: [{printer.inspected: {older-than: 30}}]
      slow: [{printer.state: slow}, {ticket.state: open}]
      outdated: [{printer.system: {below: 2.10}}]
      neighbour: [{all-rooms.floor: $floor, room.floor: {none-of: [$floor]}}]
      lost: [{printer: present, ticket: absent}]
      nameless: [{printer.user: {empty: true}}]
    choices:
      - to: slow
      - {id: old, label: Old, to: service}
      - {id: outdated, label: Outdated, to: service}
      - {id: neighbour, label: Neighbour, to: service}
      - {id: lost, label: Lost, to: service}
      - {id: nameless, label: Nameless, to: service}
  slow: {symptom: Slow, to: service}
  service: {escalation: Call, cause: C, channels: [{text: T}], facts: [F]}
";

    fn tree() -> Tree {
        Tree::parse(TREE).expect("it has no mistake")
    }

    fn now() -> Timestamp {
        "2026-11-25T12:00:00Z".parse().expect("it is a time")
    }

    fn question(tree: &Tree) -> &Question {
        match &tree[tree.start()].kind {
            Kind::Question(question) => question,
            _ => panic!("the tree starts with a question"),
        }
    }

    fn read<'t>(tree: &'t Tree, files: &[(&str, &[u8])], facts: Vec<Vec<String>>) -> Dossier<'t> {
        let mut reading = Reading::new(tree.evidence(), facts);
        for (name, bytes) in files {
            reading.read(name, None, None, *bytes);
        }
        reading.finish(now())
    }

    /// What is answered about each device: the id of the choice, `healthy` or nothing.
    fn answers(files: &[(&str, &[u8])]) -> Vec<String> {
        let tree = tree();
        let dossier = read(&tree, files, vec![Vec::new()]);
        let question = question(&tree);
        let answer = |device| {
            let subject = dossier.subject(Some(device));
            match subject.answer(question) {
                Some(verdict) => question.choices[verdict.choice].id.clone(),
                None if subject.healthy().is_some() => "healthy".to_owned(),
                None => String::new(),
            }
        };
        dossier.devices().iter().map(answer).collect()
    }

    fn of(json: &str) -> Vec<String> {
        answers(&[("f.json", json.as_bytes())])
    }

    #[test]
    fn one_record_says_the_same_in_every_form() {
        let record = r#"{"id": "a", "printerState": "Slow", "x": [{"id": 1}], "y": {"printerState": "ready"}}"#;
        let pascal = r#"{"Id": "a", "AdditionalProperties": {"printer_state": "SLOW"}}"#;
        let utf_16 = |text: &str, unit: fn(u16) -> [u8; 2]| -> Vec<u8> {
            let units = "\u{FEFF}".encode_utf16().chain(text.encode_utf16());
            units.flat_map(unit).collect()
        };
        let forms: Vec<Vec<u8>> = vec![
            record.into(),
            pascal.into(),
            format!("[{record}]").into(),
            format!(r#"{{"value": [{record}], "@odata.nextLink": null}}"#).into(),
            format!(r#"[{{"value": []}}, {{"Value": [{record}]}}]"#).into(),
            format!("\u{FEFF}\r\n{record}\r\n").into(),
            utf_16(record, u16::to_le_bytes),
            utf_16(pascal, u16::to_be_bytes),
            "Printer State;ID;x\r\n\"Slow\";a;1\r\n".into(),
            "id,printerState\na,slow".into(),
            "\u{FEFF}id\tprinter_state\na\tslow\n".into(),
        ];
        for form in &forms {
            let shown = String::from_utf8_lossy(form);
            assert_eq!(answers(&[("f", form)]), ["slow"], "{shown}");
        }
        let lines = format!("{record}\n{}\n", record.replace("\"a\"", "\"b\""));
        assert_eq!(of(&lines), ["slow", "slow"]);
        assert_eq!(of(&lines.replace('\n', "")), ["slow", "slow"]);
    }

    #[test]
    fn what_is_not_known_is_enough_for_nothing() {
        for (record, answer) in [
            (r#"{"id": "a", "printerState": "ready"}"#, "healthy"),
            (r#"{"id": "a", "printerState": "READY "}"#, "healthy"),
            (r#"{"id": "a", "printerState": "molten"}"#, ""),
            (r#"{"id": "a", "printerState": null}"#, ""),
            (
                r#"{"id": "a", "printerState": "", "owner": null}"#,
                "nameless",
            ),
            (
                r#"{"id": "a", "printerState": "x", "systemVersion": "2.9.1"}"#,
                "outdated",
            ),
            (
                r#"{"id": "a", "printerState": "x", "systemVersion": 2}"#,
                "outdated",
            ),
            (
                r#"{"id": "a", "printerState": "ready", "systemVersion": "2.10"}"#,
                "healthy",
            ),
            (
                r#"{"id": "a", "printerState": "slow", "inspectedAt": "2026-10-01T00:00:00Z"}"#,
                "old",
            ),
            (
                r#"{"id": "a", "printerState": "slow", "inspectedAt": "2026-11-01T00:00:00Z"}"#,
                "slow",
            ),
            // Whether it is old comes first, and cannot be told.
            (
                r#"{"id": "a", "printerState": "slow", "inspectedAt": "last spring"}"#,
                "",
            ),
            (
                r#"{"id": "a", "printerState": "slow", "inspectedAt": "0001-01-01T00:00:00Z"}"#,
                "slow",
            ),
        ] {
            assert_eq!(of(record), [answer], "{record}");
        }
        assert!(of(r#"{"id": "a", "printerState": "sold"}"#).is_empty());
    }

    #[test]
    fn records_are_joined_by_id_then_by_the_other_id_then_by_the_person() {
        let printers = r#"[{"id": "P1", "printerState": "ready", "owner": "ana"},
            {"id": "p2", "printerState": "ready", "owner": "bo"},
            {"id": "p3", "printerState": "ready", "owner": "bo"},
            {"id": "p4", "printerState": "ready", "owner": "cleo"}]"#;
        let tickets = r#"[{"serial": "p1", "ticketState": "open", "owner": "cleo"},
            {"printer": "P2", "ticketState": "open"},
            {"serial": "t3", "ticketState": "closed", "owner": "Bo"},
            {"serial": "t4", "ticketState": "open", "owner": "CLEO"},
            {"serial": "t5", "ticketState": "closed", "owner": "dan"}]"#;
        let files: [(&str, &[u8]); 2] = [("p", printers.as_bytes()), ("t", tickets.as_bytes())];
        // The one of p3 is the only one that bo is left with, and that of t5 has no printer.
        let expected = ["slow", "slow", "healthy", "slow", ""];
        assert_eq!(answers(&files), expected);
        let tree = tree();
        let dossier = read(&tree, &files, vec![Vec::new()]);
        let by_person: Vec<bool> = dossier
            .devices()
            .iter()
            .map(|own| own.is_by_person)
            .collect();
        assert_eq!(by_person, [false, false, true, true, false]);
        assert!(dossier.cautions().contains(&Caution::ByPerson(2)));
        assert_eq!(dossier.find("P4").len(), 1);
        assert_eq!(dossier.find("bo").len(), 2);
        assert_eq!(dossier.find("nobody").len(), 0);
    }

    #[test]
    fn nothing_is_missing_that_another_device_of_the_person_may_be() {
        let printers = |owner: &str| {
            format!(r#"[{{"id": "p1", "printerState": "ready", "owner": "{owner}"}}]"#)
        };
        let tickets = |tickets: &[&str]| {
            let tickets = tickets
                .iter()
                .map(|ticket| format!(r#"{{"ticketState": "closed", {ticket}}}"#));
            format!("[{}]", tickets.collect::<Vec<_>>().join(", "))
        };
        let joined = r#""serial": "p9", "printer": "p1""#;
        let (one, two) = (
            r#""serial": "t1", "owner": "ana""#,
            r#""serial": "t2", "owner": "ANA""#,
        );
        for (own, other, first) in [
            // One of two may be it; one is; none is.
            (printers("ana"), tickets(&[one, two]), "healthy"),
            (printers("ana"), tickets(&[one]), "healthy"),
            (printers("bo"), tickets(&[one, two]), "lost"),
            (printers("bo"), tickets(&[joined, one]), "healthy"),
        ] {
            let files: [(&str, &[u8]); 2] = [("p", own.as_bytes()), ("t", other.as_bytes())];
            assert_eq!(answers(&files)[0], first, "{own} {other}");
        }
        // Two devices that nothing is joined with have no common ids with the tickets.
        let own =
            r#"[{"id": "p1", "printerState": "ready"}, {"id": "p2", "printerState": "ready"}]"#;
        let other = tickets(&[one]);
        let files: [(&str, &[u8]); 2] = [("p", own.as_bytes()), ("t", other.as_bytes())];
        assert_eq!(answers(&files), ["healthy", "healthy", ""]);
        // Where others are joined, what is joined with nothing is missing.
        let own =
            r#"[{"id": "p1", "printerState": "ready"}, {"id": "p2", "printerState": "ready"}]"#;
        let other = tickets(&[joined]);
        let files: [(&str, &[u8]); 2] = [("p", own.as_bytes()), ("t", other.as_bytes())];
        assert_eq!(answers(&files), ["healthy", "lost"]);
    }

    #[test]
    fn of_two_records_about_a_device_the_later_one_counts() {
        let record = |state: &str, at: &str| {
            format!(
                r#"{{"id": "a", "printerState": "{state}", "inspectedAt": "2026-11-{at}T00:00:00Z"}}"#
            )
        };
        for records in [
            [record("ready", "24"), record("slow", "20")],
            [record("slow", "20"), record("ready", "24")],
        ] {
            let tree = tree();
            let text = records.join("\n");
            assert_eq!(of(&text), ["healthy"], "{text}");
            let dossier = read(&tree, &[("f", text.as_bytes())], vec![Vec::new()]);
            let printer = tree.evidence().kinds().next().expect("it is the first").0;
            assert_eq!(dossier.cautions(), [Caution::Repeated(printer, 1)]);
        }
    }

    #[test]
    fn nothing_is_missing_as_long_as_a_page_is() {
        let printer = r#"{"id": "a", "printerState": "ready"}"#;
        let page = |rest: &str| {
            format!(r#"{{"value": [{{"serial": "b", "ticketState": "closed"}}]{rest}}}"#)
        };
        let whole = page("");
        let cut = page(r#", "@odata.nextLink": "https://graph.example/next""#);
        for (tickets, answer) in [
            (&whole, "lost"),
            (&cut, "healthy"),
            (&(cut.clone() + &whole), "lost"),
        ] {
            let files: [(&str, &[u8]); 2] = [("p", printer.as_bytes()), ("t", tickets.as_bytes())];
            assert_eq!(answers(&files)[0], answer, "{tickets}");
        }
    }

    #[test]
    fn two_kinds_that_look_alike_are_told_apart_by_name() {
        let tree = tree();
        let room = |floor: &str| {
            format!(r##"{{"value": [{{"@odata.type": "#rooms.room", "floor": "{floor}"}}]}}"##)
        };
        let (own, neighbours) = (room("2"), room("3"));
        let answer = |fact: Option<&str>, own: &str, neighbours: &str, printers: &str| {
            let files: [(&str, &[u8]); 3] = [
                ("rooms.json", own.as_bytes()),
                ("Neighbours.json", neighbours.as_bytes()),
                ("p.json", printers.as_bytes()),
            ];
            let dossier = read(
                &tree,
                &files,
                vec![fact.map(str::to_owned).into_iter().collect()],
            );
            let subject = dossier.subject(dossier.devices().first());
            let verdict = subject.answer(question(&tree));
            verdict.map(|verdict| question(&tree).choices[verdict.choice].id.clone())
        };
        let one = r#"{"id": "a", "printerState": "ready"}"#;
        let two = r#"{"id": "a", "printerState": "ready"}{"id": "b", "printerState": "ready"}"#;
        let found = Some("neighbour".to_owned());
        assert_eq!(answer(Some("3"), &own, &neighbours, one), found);
        assert_eq!(answer(Some("3"), &own, &neighbours, ""), found);
        // Nobody said the floor; it is another; it is the person's own; it may be anybody's.
        assert_eq!(answer(None, &own, &neighbours, one), None);
        assert_eq!(answer(Some("30"), &own, &neighbours, one), None);
        assert_eq!(answer(Some("3"), &neighbours, &neighbours, one), None);
        assert_eq!(answer(Some("3"), &own, &neighbours, two), None);
    }

    #[test]
    fn what_counts_alone_does_not_count_among_others() {
        let tree = tree();
        let mixed = r##"[{"@odata.type": "#rooms.room", "floor": "3"}, {"id": "a", "printerState": "ready"}]"##;
        let dossier = read(&tree, &[("neighbours", mixed.as_bytes())], vec![Vec::new()]);
        let [source] = dossier.sources() else {
            panic!("one file");
        };
        assert_eq!((source.records.len(), source.unknown), (1, 1));
    }

    #[test]
    fn a_file_is_used_as_far_as_it_goes() {
        let good = r#"{"id": "a", "printerState": "slow"}"#;
        let first = format!("{{\"value\": [\n{good},\n");
        for (text, devices, line, cause) in [
            (
                format!("{first}{{\"id\": \"b\""),
                1,
                3,
                Some(Cause::NotFinished),
            ),
            (format!("{first}}}]}}"), 1, 3, None),
            (format!("{good}\n{{\"id\": nope}}\n{good}\n"), 1, 2, None),
            (
                format!("{good}\n{{\"id\": \"b\", \"printerState\": \"slow\" \"x\"}}\n{good}"),
                1,
                2,
                None,
            ),
            ("\u{0}\u{1}\u{2}PDF".to_owned(), 0, 1, Some(Cause::Form)),
            (
                "<html>\n<body>, </body>".to_owned(),
                0,
                1,
                Some(Cause::Form),
            ),
            (
                "id,printerState\na\nb,slow,x,y\n".to_owned(),
                2,
                2,
                Some(Cause::Cells {
                    expected: 2,
                    found: 1,
                }),
            ),
        ] {
            let tree = tree();
            let dossier = read(&tree, &[("f", text.as_bytes())], vec![Vec::new()]);
            assert_eq!(dossier.devices().len(), devices, "{text}");
            let trouble = &dossier.sources()[0].troubles[0];
            assert_eq!(trouble.line, line, "{text}: {trouble:?}");
            if let Some(cause) = cause {
                assert_eq!(
                    format!("{:?}", trouble.what),
                    format!("{cause:?}"),
                    "{text}"
                );
            }
        }
        let tree = tree();
        let dossier = read(&tree, &[("f", b""), ("g", b" \n")], vec![Vec::new()]);
        assert!(dossier.sources().iter().all(|source| source.faults == 0));
    }

    #[test]
    fn wherever_a_file_is_cut_reading_it_ends() {
        let tree = tree();
        let text = "[{\"value\": [{\"id\": \"ñ\\u00e9\\ud83d\\ude00\", \"printerState\": 1.5e3, \"details\": {\"id\": [{}]}}], \
                    \"@odata.context\": \"$metadata#printers(id)\"}, [[[[[[{}]]]]]], null, true, -1]\n";
        let utf_16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let utf_16 = [&[0xFF, 0xFE][..], &utf_16].concat();
        let csv = "id,printerState\n\"a\"\"b\",\"slow\nfast\"\nñ,ready\n".as_bytes();
        for bytes in [text.as_bytes(), &utf_16, csv] {
            for end in 0..=bytes.len() {
                read(&tree, &[("f", &bytes[..end])], vec![Vec::new()]);
                let mut broken = bytes[..end].to_vec();
                broken.extend(b"\xFF\x00\xD8{[\"");
                read(&tree, &[("f", &broken)], vec![Vec::new()]);
            }
        }
        let deep = "[".repeat(100_000);
        read(&tree, &[("f", deep.as_bytes())], vec![Vec::new()]);
        let deep = format!(
            r#"{{"id": "a", "printerState": "slow", "x": {}{}}}"#,
            "[".repeat(100_000),
            "]".repeat(100_000)
        );
        assert_eq!(of(&deep), ["slow"]);
        let deep = format!("{}1{}", r#"{"details": "#.repeat(50), "}".repeat(50));
        read(&tree, &[("f", deep.as_bytes())], vec![Vec::new()]);
    }

    #[test]
    fn ages_count_from_when_the_file_was_written() {
        let tree = tree();
        let record =
            br#"{"id": "a", "printerState": "ready", "inspectedAt": "2026-09-01T00:00:00Z"}"#;
        let written = |at: &str| {
            let mut reading = Reading::new(tree.evidence(), vec![Vec::new()]);
            reading.read("f", None, at.parse().ok(), &record[..]);
            reading.finish(now())
        };
        let fresh = written("2026-11-25T00:00:00Z");
        let subject = fresh.subject(fresh.devices().first());
        assert!(subject.answer(question(&tree)).is_some());
        assert_eq!(fresh.cautions(), []);
        let old = written("2026-09-02T12:00:00Z");
        let subject = old.subject(old.devices().first());
        assert_eq!(subject.answer(question(&tree)), None);
        assert_eq!(old.cautions(), [Caution::Old(0, 84.0)]);
    }

    /// Real answers of Microsoft Graph and Lookout, which are not part of the project.
    #[test]
    fn real_samples_are_recognized() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/domain/evidence");
        if !folder.exists() {
            eprintln!("skipped: there are no real samples in {}", folder.display());
            return;
        }
        let tree = include_str!("../decision_tree.yaml");
        let tree = Tree::parse(tree).expect("it has no mistake");
        for (name, kind, count) in [
            (
                "graph-v1.0-intune-onboarding-mobilethreatdefenseconnector-list.json",
                "connector",
                1,
            ),
            (
                "graph-beta-intune-onboarding-mobilethreatdefenseconnector-get.json",
                "connector",
                1,
            ),
            (
                "graph-v1.0-intune-devices-manageddevice-list.json",
                "managed-device",
                1,
            ),
            (
                "graph-beta-intune-devices-manageddevice-get.json",
                "managed-device",
                1,
            ),
            ("graph-v1.0-user-list-memberof.json", "member-of", 1),
            (
                "graph-contrib-user-memberof-select-id-example.json",
                "member-of",
                2,
            ),
            (
                "graph-v1.0-user-list-transitivememberof.json",
                "transitive-member-of",
                1,
            ),
            ("graph-v1.0-group-list-members-4.json", "group-members", 2),
            ("graph-v1.0-device-list.json", "directory-device", 1),
            (
                "sentinel-lookout-TEST_DATA_SAMPLES-DEVICE.json",
                "lookout-device",
                1,
            ),
            ("xsoar-lookout-v2-events.json", "lookout-device", 1),
        ] {
            let bytes = std::fs::read(folder.join(name)).expect("the samples can be read");
            let dossier = read(&tree, &[(name, &bytes)], Vec::new());
            let source = &dossier.sources()[0];
            let found = source.records.iter();
            let found: Vec<(&str, u64)> = found
                .map(|(kind, count)| (tree.evidence().kind(*kind).id.as_str(), *count))
                .collect();
            assert_eq!(found, [(kind, count)], "{name}: {source:?}");
            assert!(source.troubles.is_empty(), "{name}");
        }
    }
}
