//! What files say about a small tree, in every form that they can have.

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
    let record =
        r#"{"id": "a", "printerState": "Slow", "x": [{"id": 1}], "y": {"printerState": "ready"}}"#;
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
        utf_16(record, u16::to_le_bytes)[2..].to_vec(),
        utf_16(record, u16::to_be_bytes)[2..].to_vec(),
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
        {"ticketState": "closed", "owner": "Bo"},
        {"ticketState": "open", "owner": "CLEO"},
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
    let printers =
        |owner: &str| format!(r#"[{{"id": "p1", "printerState": "ready", "owner": "{owner}"}}]"#);
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
    let own = r#"[{"id": "p1", "printerState": "ready"}, {"id": "p2", "printerState": "ready"}]"#;
    let other = tickets(&[one]);
    let files: [(&str, &[u8]); 2] = [("p", own.as_bytes()), ("t", other.as_bytes())];
    assert_eq!(answers(&files), ["healthy", "healthy", ""]);
    // Where others are joined, what is joined with nothing is missing.
    let own = r#"[{"id": "p1", "printerState": "ready"}, {"id": "p2", "printerState": "ready"}]"#;
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
    let page =
        |rest: &str| format!(r#"{{"value": [{{"serial": "b", "ticketState": "closed"}}]{rest}}}"#);
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
    let mixed =
        r##"[{"@odata.type": "#rooms.room", "floor": "3"}, {"id": "a", "printerState": "ready"}]"##;
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
    let record = br#"{"id": "a", "printerState": "ready", "inspectedAt": "2026-09-01T00:00:00Z"}"#;
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
    let tree = include_str!("../../decision_tree.yaml");
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
        ("xsoar-lookout-v2-events.json", "lookout-device", 2),
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
