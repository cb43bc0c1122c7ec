//! Every form in which programs write records is read, and nothing that a file may hold stops the reader
//! or makes it lose its place.

use std::fs;
use std::io::{self, Read};
use std::path::Path;
use std::sync::LazyLock;

use proptest::prelude::*;

use super::{Cause, File, MOST_TROUBLES, Record, Summary, read};
use crate::tree::{KindId, Tree};

const SOURCE: &str = "
title: A tree
start: which
nodes:
  which: {question: Which?, choices: [{to: noise}]}
  noise: {symptom: A noise, to: oil}
  oil: {remedy: Oil it, cause: Dry., steps: [{who: user, do: Oil it.}], otherwise: service, links: [manual], source: A book, checked: 2026-11-01}
  service: {escalation: Call, cause: Broken., channels: [{text: By phone}], facts: [Number]}
links:
  manual: {label: The manual, url: 'https://machine.example/manual'}
evidence:
  pages: [value, devices, events]
  kinds:
    connector:
      title: The connector
      about: everyone
      known-by: [partnerState, partnerUnresponsivenessThresholdInDays]
      fields:
        state: [partnerState]
        heartbeat: [lastHeartbeatDateTime]
        days: [partnerUnresponsivenessThresholdInDays]
        ios: [iosEnabled]
    managed-device:
      title: A device
      about: device
      known-by: [complianceState, azureADDeviceId, Compliance, Azure AD Device ID, Last check-in]
      types: [managedDevice, managedDevices]
      fields:
        id: [id, Device ID]
        directory: [azureADDeviceId, Azure AD Device ID]
        name: [deviceName, Device name]
        sync: [lastSyncDateTime, Last check-in]
        compliance: [complianceState, Compliance]
        threat: [partnerReportedThreatState]
        person: [userPrincipalName, Primary user UPN]
    lookout-device:
      title: A device in Lookout
      about: device
      known-by: [activation_status, protection_status, security_status]
      within: [device, status, details, software, target]
      fields:
        id: [guid]
        external: [customer_device_id, external_id]
        activation: [activation_status]
        security: [security_status]
        version: [os_version]
    group-members:
      title: The members
      about: person
      types: [user, users]
      known-by: [userPrincipalName]
      fields:
        person: [userPrincipalName]
    member-of:
      title: Groups
      about: person
      types: [group, groups, memberOf]
      known-by: [securityEnabled, mailEnabled]
      alone: true
      within: [AdditionalProperties]
      fields:
        id: [id]
        name: [displayName]
    transitive-member-of:
      title: All groups
      about: person
      named: transitive
      types: [group, groups, memberOf, transitiveMemberOf]
      known-by: [securityEnabled, mailEnabled]
      alone: true
      within: [AdditionalProperties]
      fields:
        id: [id]
        name: [displayName]
    directory-device:
      title: A device of the directory
      about: device
      types: [device, devices]
      known-by: [deviceId]
      fields:
        device: [deviceId]
        name: [displayName]
    owned-device:
      title: A device of a person
      about: device
      named: owned
      types: [device, devices]
      known-by: [deviceId]
      fields:
        device: [deviceId]
        name: [displayName]
";

static TREE: LazyLock<Tree> =
    LazyLock::new(|| Tree::parse(SOURCE).unwrap_or_else(|problems| panic!("{problems:#?}")));

/// Everything that came of a file, in a form to compare.
#[derive(Debug, Default)]
struct Got {
    /// Each record as `kind place: value|value`, `-` for nothing.
    records: Vec<String>,
    unknown: u64,
    /// Each trouble as `line:column what`.
    troubles: Vec<String>,
    unfinished: Vec<String>,
}

fn cause(cause: &Cause) -> String {
    match cause {
        Cause::Syntax(text) => text.clone(),
        Cause::Cells { expected, found } => format!("{found} cells, not {expected}"),
        Cause::Io(error) => error.to_string(),
        other => format!("{other:?}"),
    }
}

fn kind_of(id: &str) -> KindId {
    let mut kinds = TREE.evidence().kinds();
    kinds.find(|(_, kind)| kind.id == id).unwrap().0
}

fn read_with(input: impl Read, name: &str, kind: Option<&str>) -> Got {
    let expected = TREE.evidence();
    let kind = kind.map(kind_of);
    let mut records = Vec::new();
    let mut each = |record: Record| {
        let kind = expected.kind(record.kind);
        let values = (0..kind.fields.len()).map(|field| record.get(field).unwrap_or("-"));
        let values: Vec<&str> = values.collect();
        assert_eq!(record.get(kind.fields.len()), None);
        records.push(format!(
            "{} {}: {}",
            kind.id,
            record.place,
            values.join("|")
        ));
    };
    let Summary {
        unknown,
        troubles,
        unfinished,
    } = read(input, &File { name, kind }, expected, &mut each);
    let first = &troubles.first;
    assert_eq!(first.len() as u64, troubles.count.min(MOST_TROUBLES as u64));
    let places = first.iter().map(|own| (own.line, own.column));
    assert!(places.clone().all(|place| place >= (1, 1)));
    Got {
        records,
        unknown,
        troubles: first
            .iter()
            .map(|own| format!("{}:{} {}", own.line, own.column, cause(&own.what)))
            .collect(),
        unfinished: unfinished
            .iter()
            .map(|id| expected.kind(*id).id.clone())
            .collect(),
    }
}

fn got(text: impl AsRef<[u8]>) -> Got {
    read_with(text.as_ref(), "file.json", None)
}

/// A file without anything wrong in it, and its records.
fn records(text: impl AsRef<[u8]>) -> Vec<String> {
    let got = got(text);
    assert_eq!((got.troubles, got.unknown), (Vec::new(), 0));
    got.records
}

const USERS: &str = r#"{"userPrincipalName": "a"}
{"userPrincipalName": "b"}
"#;

#[test]
fn every_form_holds_the_same_records() {
    let wanted = ["group-members 1: a", "group-members 2: b"];
    let [a, b] = ["a", "b"].map(|name| format!("{{\"userPrincipalName\": \"{name}\"}}"));
    for text in [
        USERS.to_owned(),
        format!("{a}{b}"),
        format!("\r\n{a}\r\n\r\n{b}"),
        format!("[{a},{b}]"),
        format!("[\n{a}\n,\n{b}\n]\n"),
        format!("{{\"value\": [{a},{b}]}}"),
        format!("{{\"Value\": [{a},{b}], \"Count\": 2}}"),
        format!("{{\"value\": {{\"value\": [{a},{b}], \"Count\": 2}}}}"),
        format!("{{\"value\": {a}}}\n{{\"value\": [{b}]}}"),
        format!("[{{\"value\": [{a}]}}, {{\"value\": [{b}]}}]"),
        format!("[[{a}],[{b}]]"),
        format!("{{\n  \"value\": [\n    {a}\n  ]\n}}\n{{\n  \"value\": [\n    {b}\n  ]\n}}\n"),
        format!("{{\"value\": [{a}]}}\n{{\n  \"value\": [\n{b}\n  ]\n}}\n"),
        format!("{{\"value\": [{a}]}}\n[\n{b}\n]\n"),
    ] {
        assert_eq!(records(&text), wanted, "{text}");
        assert_eq!(records(format!("\u{feff}{text}")), wanted);
        let units = || format!("\u{feff}{text}").encode_utf16().collect::<Vec<_>>();
        let little: Vec<u8> = units().into_iter().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = units().into_iter().flat_map(u16::to_be_bytes).collect();
        assert_eq!(records(little), wanted);
        assert_eq!(records(big), wanted);
    }
    for nothing in ["", "\n \r\n", "\u{feff}", "[]", "{\"value\": []}", "null"] {
        let got = got(nothing);
        if nothing == "null" {
            assert_eq!(got.troubles, ["1:1 Form"]);
        } else {
            assert!(got.troubles.is_empty(), "{nothing}: {got:?}");
        }
        assert_eq!((got.records.len(), got.unknown), (0, 0), "{nothing}");
    }
}

#[test]
fn names_are_known_however_they_are_written() {
    let wanted = ["managed-device 1: 5|-|Phone|-|compliant|-|-"];
    for text in [
        r#"{"id": 5, "deviceName": "Phone", "complianceState": "compliant"}"#,
        r#"{"Id": "5", "DeviceName": "Phone", "ComplianceState": "compliant"}"#,
        r#"{"ID": "5", "device_name": "Phone", "compliance state": "compliant"}"#,
        "Device ID,Device name,Compliance\n5,Phone,compliant\n",
    ] {
        assert_eq!(records(text), wanted, "{text}");
    }
}

#[test]
fn the_first_name_that_says_something_counts() {
    for text in [
        r#"{"customer_device_id": "c", "external_id": "e", "security_status": "s"}"#,
        r#"{"external_id": "e", "customer_device_id": "c", "security_status": "s"}"#,
        r#"{"external_id": "c", "customer_device_id": null, "security_status": "s"}"#,
        r#"{"external_id": "c", "customer_device_id": "", "security_status": "s"}"#,
        r#"{"details": {"customer_device_id": "d"}, "customer_device_id": "c", "security_status": "s"}"#,
        r#"{"customer_device_id": "c", "details": {"customer_device_id": "d"}, "security_status": "s"}"#,
        r#"{"customer_device_id": "c", "customer_device_id": "d", "security_status": "s"}"#,
    ] {
        assert_eq!(records(text), ["lookout-device 1: -|c|-|s|-"], "{text}");
    }
}

#[test]
fn only_declared_objects_are_looked_into() {
    let text = r#"{"events": [{"type": "DEVICE", "device": {"guid": "g",
        "status": {"activation_status": "ACTIVATED"}, "software": {"os_version": "18"},
        "parent_status": {"security_status": "SECURE"}, "list": [{"security_status": "SECURE"}],
        "details": {"external_id": "e", "status": {"status": {"status": {"security_status": "too deep"}}}}}}]}"#;
    assert_eq!(records(text), ["lookout-device 1: g|e|ACTIVATED|-|18"]);
    let text = r##"{"id": "5", "AdditionalProperties": {"@odata.type": "#microsoft.graph.group", "displayName": "G"}}"##;
    assert_eq!(records(text), ["member-of 1: 5|G"]);
}

#[test]
fn what_stands_for_nothing_is_nothing() {
    for nothing in [
        "null",
        "\"\"",
        "\"  \"",
        "\"00000000-0000-0000-0000-000000000000\"",
        "\"0001-01-01T00:00:00Z\"",
        r#""\/Date(-62135596800000)\/""#,
        "\"\\u0000\\u001f\"",
        "[1]",
        "{\"id\": 1}",
    ] {
        let text = format!("{{\"deviceName\": {nothing}, \"complianceState\": \"x\"}}");
        let got = records(&text);
        assert_eq!(got, ["managed-device 1: -|-|-|-|x|-|-"], "{text}");
    }
}

#[test]
fn values_are_kept_as_they_are() {
    for (written, value) in [
        ("\"Ana's phone\"", "Ana's phone".to_owned()),
        ("\" á\\u00e9\\ud83d\\ude00\"", " áé😀".to_owned()),
        ("\"a\\u001fb\\nc\\u0000\\u0085\"", "abc".to_owned()),
        ("true", "true".to_owned()),
        ("12", "12".to_owned()),
        ("-12", "-12".to_owned()),
        ("18446744073709551615", "18446744073709551615".to_owned()),
        ("1.5", "1.5".to_owned()),
    ] {
        let text = format!("{{\"deviceName\": {written}, \"complianceState\": \"x\"}}");
        let wanted = format!("managed-device 1: -|-|{value}|-|x|-|-");
        assert_eq!(records(&text), [wanted], "{text}");
    }
    let text = format!("{{\"userPrincipalName\": \"{}\"}}", "á".repeat(5000));
    let wanted = format!("group-members 1: {}", "á".repeat(1000));
    assert_eq!(records(text), [wanted]);
}

#[test]
fn a_record_has_the_kind_of_its_type_its_names_or_its_page() {
    let kinds = |name: &str, text: &str| {
        let got = read_with(text.as_bytes(), name, None);
        assert!(got.troubles.is_empty(), "{got:?}");
        let kinds = got.records.iter().map(|own| own.split(' ').next().unwrap());
        (
            kinds.map(str::to_owned).collect::<Vec<_>>().join(" "),
            got.unknown,
        )
    };
    let kind = |name: &str, text: &str| kinds(name, text).0;
    // The type says more than the names, even where nobody knows it.
    let text = r##"{"@odata.type": "#microsoft.graph.group", "userPrincipalName": "a"}"##;
    assert_eq!(kind("x", text), "member-of");
    let text = r##"{"@odata.type": "#microsoft.graph.directoryRole", "securityEnabled": true}"##;
    assert_eq!(kinds("x", text), (String::new(), 1));
    let text = r##"{"@odata.type": "#microsoft.graph.connector", "partnerState": "enabled"}"##;
    assert_eq!(kind("x", text), "connector");
    // The names say more than the page.
    let page = |context: &str, record: &str| {
        format!(
            "{{\"@odata.context\": \"https://graph.microsoft.com/v1.0/$metadata#{context}\", \"value\": [{record}]}}"
        )
    };
    let text = page(
        "groups",
        r#"{"userPrincipalName": "a", "complianceState": "b"}"#,
    );
    assert_eq!(kind("x", &text), "managed-device");
    for (context, wanted) in [
        ("groups", "member-of"),
        ("groups(displayName,id)", "member-of"),
        ("groups(id,owners(id,users/x))", "member-of"),
        ("Collection(microsoft.graph.group)", "member-of"),
        ("microsoft.graph.device", "directory-device"),
        ("deviceManagement/managedDevices", "managed-device"),
        ("deviceManagement/managedDevices/$entity", "managed-device"),
        ("users('5')/memberOf", "member-of"),
        ("users('5')/transitiveMemberOf(id)", "transitive-member-of"),
        ("users('5')/memberOf/microsoft.graph.group(id)", "member-of"),
        ("users('5')/ownedObjects", ""),
        ("users('5')", "group-members"),
        ("directoryObjects", ""),
        ("", ""),
    ] {
        let text = page(context, r#"{"id": "5"}"#);
        assert_eq!(kind("x", &text), wanted, "{context}");
        let alone = format!("{{\"id\": 5, \"@odata.context\": \"x/$metadata#{context}\"}}");
        assert_eq!(kind("x", &alone), wanted, "{context}");
    }
    // Names of files and pages tell apart what looks alike.
    let group = r#"{"securityEnabled": true}"#;
    assert_eq!(kind("memberOf.json", group), "member-of");
    assert_eq!(
        kind("Transitive-MemberOf.json", group),
        "transitive-member-of"
    );
    assert_eq!(
        kind("owned_devices.json", r#"{"deviceId": "5"}"#),
        "owned-device"
    );
    assert_eq!(
        kind("devices.json", r#"{"deviceId": "5"}"#),
        "directory-device"
    );
    let text = page("users('5')/transitiveMemberOf", group);
    assert_eq!(kind("x", &text), "transitive-member-of");
}

#[test]
fn a_given_kind_is_that_of_every_record() {
    let text = r##"{"@odata.type": "#microsoft.graph.directoryRole", "id": "5"}{"userPrincipalName": "a"}"##;
    let got = read_with(text.as_bytes(), "x", Some("member-of"));
    assert_eq!(got.records, ["member-of 1: 5|-", "member-of 2: -|-"]);
    let text = "displayName;id\nG;5\n";
    let got = read_with(text.as_bytes(), "x", Some("member-of"));
    assert_eq!(got.records, ["member-of 1: 5|G"]);
    let got = read_with("<html>".as_bytes(), "x", Some("member-of"));
    assert_eq!(got.troubles, ["1:1 Form"]);
}

#[test]
fn some_kinds_count_only_alone() {
    let group = r#"{"id": "g", "securityEnabled": true}"#;
    let user = r#"{"userPrincipalName": "a"}"#;
    for (text, wanted, unknown) in [
        (
            format!("{group}{group}"),
            &["member-of 1: g|-", "member-of 2: g|-"][..],
            0,
        ),
        (format!("{group}{user}{group}"), &["group-members 2: a"], 2),
        (format!("{user}{group}"), &["group-members 1: a"], 1),
        (format!("{group}{{}}"), &["member-of 1: g|-"], 1),
    ] {
        let got = got(&text);
        assert_eq!(
            (&*got.records, got.unknown),
            (&*strings(wanted), unknown),
            "{text}"
        );
    }
    // Not without end.
    let many = got(group.repeat(12_000));
    assert_eq!(many.records.len(), 12_000);
    assert!(many.records.is_sorted_by_key(|own| {
        own.split([' ', ':'])
            .nth(1)
            .map(|place| place.parse::<u32>().unwrap())
    }));
}

fn strings(texts: &[&str]) -> Vec<String> {
    texts.iter().copied().map(str::to_owned).collect()
}

#[test]
fn a_last_page_that_names_another_one_is_unfinished() {
    let page = |next: &str, records: &str| {
        format!("{{\"@odata.context\": \"$metadata#users\", {next} \"value\": [{records}]}}")
    };
    let user = r#"{"userPrincipalName": "a"}"#;
    let next = r#""@odata.nextLink": "https://x","#;
    for (text, wanted) in [
        (page(next, user), &["group-members"][..]),
        (page(next, ""), &["group-members"]),
        (page("\"@odata.nextLink\": null,", user), &[]),
        (page(next, user) + &page("", user), &[]),
        (page(next, user) + &page("", ""), &[]),
        (page("", user) + &page(next, user), &["group-members"]),
        (format!("[{},{}]", page(next, user), page("", user)), &[]),
        (
            format!("{{\"value\": [{user}], \"@odata.nextLink\": \"https://x\"}}"),
            &["group-members"],
        ),
        // One of a kind that does not count, and one that stands by itself.
        (
            page(next, r#"{"securityEnabled": true}"#) + user + user,
            &[],
        ),
        (user.to_owned(), &["group-members"]),
    ] {
        assert_eq!(got(&text).unfinished, *wanted, "{text}");
    }
}

#[test]
fn a_broken_line_costs_only_itself() {
    let user = |name: &str| format!("{{\"userPrincipalName\": \"{name}\"}}");
    let [a, b, c] = ["a", "b", "c"].map(user);
    for (broken, trouble) in [
        ("{\"userPrincipalName\": ", "2:23 NotFinished"),
        (
            "{\"userPrincipalName\": \"x",
            "2:25 control character (\\u0000-\\u001F) found while parsing a string",
        ),
        ("{\"userPrincipalName\": \"x\"", "2:26 NotFinished"),
        ("{\"a\": [", "2:8 NotFinished"),
        ("{\"a\": 1,", "2:9 NotFinished"),
        ("{\"á\": x}", "2:7 expected value"),
        ("garbage", "2:1 expected value"),
        ("é", "2:1 expected value"),
        ("{é", "2:2 key must be a string"),
        ("}", "2:1 expected value"),
    ] {
        let text = format!("{a}\n{broken}\n{b}\r\n{c}");
        let middle = got(&text);
        assert_eq!(middle.troubles, [trouble], "{text}");
        let wanted = [
            "group-members 1: a",
            "group-members 2: b",
            "group-members 3: c",
        ];
        assert_eq!(middle.records, wanted, "{text}");
        let text = format!("{a}\n{b}\n\n{broken}");
        let end = got(&text);
        let wanted = if trouble.contains("control") {
            "4:25 NotFinished".to_owned()
        } else {
            trouble.replace("2:", "4:")
        };
        assert_eq!(
            (end.records.len(), end.troubles),
            (2, vec![wanted]),
            "{text}"
        );
        if broken.starts_with('{') {
            let text = format!("{broken}\n{a}\n{b}\n");
            let first = got(&text);
            assert_eq!(first.troubles, [trouble.replace("2:", "1:")], "{text}");
            assert_eq!(first.records.len(), 2, "{text}");
        }
    }
}

#[test]
fn a_line_may_hold_several_documents() {
    let got = got(
        "{\"userPrincipalName\": \"a\"}{\"userPrincipalName\": \"b\"}\n{x}\n{\"userPrincipalName\": \"c\"} x\n[{\"userPrincipalName\": \"d\"}]",
    );
    assert_eq!(got.records.len(), 4);
    assert_eq!(
        got.troubles,
        ["2:2 key must be a string", "3:28 expected value"]
    );
}

#[test]
fn any_other_mistake_ends_the_file() {
    let user = r#"{"userPrincipalName": "a"}"#;
    for (text, trouble) in [
        (
            format!("[\n{user},\n{user}\n{user}]"),
            "4:1 expected `,` or `]`",
        ),
        (format!("[{user},{user}"), "1:55 NotFinished"),
        (
            format!("{{\n\"value\": [{user},\n{user}],\n x }}"),
            "4:2 key must be a string",
        ),
        (format!("{user}{user} x {user}"), "1:54 expected value"),
        (
            format!("[{user},{user},\n x\n]\n{user}\n"),
            "2:2 expected value",
        ),
    ] {
        let got = got(&text);
        assert_eq!(
            (got.records.len(), got.troubles),
            (2, strings(&[trouble])),
            "{text}"
        );
    }
}

#[test]
fn what_is_no_text_is_told_and_read_over() {
    let got = got(b"{\"userPrincipalName\": \"a\xff\"}\n{\"userPrincipalName\": \"\xe2\x82\"}");
    let wanted = ["group-members 1: a\u{fffd}", "group-members 2: \u{fffd}"];
    assert_eq!(got.records, wanted);
    assert_eq!(got.troubles, ["1:25 Encoding", "2:24 Encoding"]);
    let mut text = vec![0xFF, 0xFE];
    let units = "{\"userPrincipalName\": \"x\"}".encode_utf16();
    let units = units.map(|unit| {
        if unit == u16::from(b'x') {
            0xD800
        } else {
            unit
        }
    });
    text.extend(units.flat_map(u16::to_le_bytes));
    let got = self::got(&text);
    assert_eq!(got.records, ["group-members 1: \u{fffd}"]);
    assert_eq!(got.troubles, ["1:24 Encoding"]);
    text.push(b'\n');
    assert_eq!(
        self::got(&text).troubles[1..],
        ["1:27 Encoding", "1:27 expected value"]
    );
}

#[test]
fn tables_are_read() {
    let wanted = [
        "managed-device 1: 5|-|A, B|-|Compliant|-|-",
        "managed-device 2: 6|-|C|-|Not compliant|-|-",
    ];
    for text in [
        "Device ID,Device name,Other,Compliance\r\n5,\"A, B\",x,Compliant\r\n6,C,,Not compliant\r\n",
        "Device ID;Device name;Other;Compliance\n5;A, B;x;Compliant\n6;C;;Not compliant",
        "\u{feff}Device ID\tDevice name\tOther\tCompliance\n5\tA, B\tx\tCompliant\n\n6\tC\t\tNot compliant",
        "#TYPE Device\n\"Device ID\",\"Device name\",Other,Compliance\n5,\"A, B\",x,Compliant\n6,C,,Not compliant\n",
        "sep=;\nDevice ID;Device name;Other;Compliance\n5;A, B;x;Compliant\n6;C;;Not compliant",
    ] {
        assert_eq!(records(text), wanted, "{text}");
    }
    for end in ["\n", "\r\n"] {
        let text = [
            "Device ID,Compliance,X",
            "5,a,b,c",
            "",
            "6",
            "7,\"b\nc\",d",
            "8,\"é\"\"x",
            "9",
        ];
        let got = got(text.join(end));
        let wanted = [
            "managed-device 1: 5|-|-|-|a|-|-".to_owned(),
            "managed-device 2: 6|-|-|-|-|-|-".to_owned(),
            "managed-device 3: 7|-|-|-|bc|-|-".to_owned(),
            "managed-device 4: 8|-|-|-|é\"x9|-|-".to_owned(),
        ];
        assert_eq!(got.records, wanted);
        assert_eq!(
            got.troubles,
            [
                "2:1 4 cells, not 3",
                "4:1 1 cells, not 3",
                "7:1 2 cells, not 3"
            ]
        );
    }
}

#[test]
fn what_is_neither_json_nor_a_table_is_one_trouble() {
    for text in [
        &b"<!DOCTYPE html>\n<html><body>\xff</body></html>"[..],
        b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj <</Type /Catalog>>",
        b"\x00\x01\x02\xff\xfe\x00",
        b"name,age\nx,5\n",
        b"PK\x03\x04\x14\x00\x06\x00",
        b"title: a YAML file\n",
        b"\"text\"",
    ] {
        let got = got(text);
        assert_eq!((got.records.len(), got.unknown), (0, 0));
        assert_eq!(got.troubles, ["1:1 Form"]);
    }
}

#[test]
fn nothing_grows_with_a_file() {
    // More than each of them may take.
    const LENGTH: u64 = 4 * 1024 * 1024;
    let head = br#"{"userPrincipalName": "a"}{"userPrincipalName": ""#;
    let endless = |start: &'static [u8], byte: u8| start.chain(io::repeat(byte).take(LENGTH));
    let kept = read_with(endless(head, b'x'), "x", None);
    assert_eq!(kept.records, ["group-members 1: a"]);
    assert!(kept.troubles[0].ends_with("TooLarge"), "{kept:?}");
    let name = read_with(endless(b"{\"a", b'x'), "x", None);
    assert!(name.troubles[0].ends_with("TooLarge"), "{name:?}");
    let lists = read_with(endless(b"", b'['), "x", None);
    assert!(lists.troubles[0].ends_with("TooLarge"), "{lists:?}");
    let cell = read_with(endless(b"Compliance\n\"", b'x'), "x", None);
    assert!(
        cell.troubles.last().unwrap().ends_with("TooLarge"),
        "{cell:?}"
    );
    let noise = read_with(endless(b"", b'x'), "x", None);
    assert_eq!(noise.troubles, ["1:1 Form"]);
    // All of it may be as large as it likes.
    let rows = "Compliance,Device name\n".to_owned() + &"a,b\n".repeat(500_000);
    let count = |text: &[u8]| {
        let file = File {
            name: "x",
            kind: None,
        };
        let mut count = 0;
        let summary = read(text, &file, TREE.evidence(), &mut |_| count += 1);
        (count, summary.troubles.count)
    };
    assert_eq!(count(rows.as_bytes()), (500_000, 0));
    assert_eq!(count(USERS.repeat(25_000).as_bytes()), (50_000, 0));
    // What is skipped too.
    let end = b"\", \"userPrincipalName\": \"a\"}";
    let skipped = read_with(endless(b"{\"x\": \"", b'x').chain(&end[..]), "x", None);
    assert_eq!(skipped.records, ["group-members 1: a"]);
    let blanks = read_with(
        endless(USERS.as_bytes(), b' ').chain(USERS.as_bytes()),
        "x",
        None,
    );
    assert_eq!(blanks.records.len(), 4);
}

#[test]
fn depth_is_no_danger() {
    for (open, close) in [
        ("[", "]"),
        ("{\"value\":", "}"),
        ("{\"device\":", "}"),
        ("{\"x\":", "}"),
    ] {
        let nested = format!("{}1{}", open.repeat(10_000), close.repeat(10_000));
        for text in [
            nested.clone(),
            format!("[{nested},{{\"userPrincipalName\": \"a\"}}]"),
            format!("{{\"x\": {nested}, \"userPrincipalName\": \"a\"}}"),
            format!("{{\"userPrincipalName\": {nested}}}"),
        ] {
            let got = got(&text);
            assert!(got.troubles.is_empty(), "{:?}", got.troubles);
        }
        let got = got(open.repeat(10_000));
        assert_eq!(got.troubles.len(), 1, "{:?}", got.troubles);
    }
}

#[test]
fn a_file_that_cannot_be_read_on_gives_what_it_gave() {
    struct Broken;
    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("no more"))
        }
    }
    for text in [
        USERS,
        "[{\"userPrincipalName\": \"a\"},{\"userPrincipalName\": \"b\"},",
    ] {
        let got = read_with(text.as_bytes().chain(Broken), "x", None);
        assert_eq!(got.records.len(), 2);
        assert_eq!(got.troubles.len(), 1);
        assert!(got.troubles[0].ends_with("no more"), "{got:?}");
    }
    let table = "Compliance\na\nb\n";
    let got = read_with(table.as_bytes().chain(Broken), "x", None);
    assert_eq!(
        (got.records.len(), got.troubles),
        (2, strings(&["4:1 no more"]))
    );
    let got = read_with(Broken, "x", None);
    assert_eq!(got.troubles, ["1:1 no more"]);
}

#[test]
fn troubles_are_counted_and_not_all_kept() {
    let file = File {
        name: "x",
        kind: None,
    };
    let text = format!("{USERS}{}", "x\n".repeat(100_000));
    let mut count = 0;
    let summary = read(text.as_bytes(), &file, TREE.evidence(), &mut |_| count += 1);
    assert_eq!((count, summary.troubles.count), (2, 100_000));
    assert_eq!(summary.troubles.first.len(), MOST_TROUBLES);
}

/// A reader that gives one byte at a time.
struct Slow<'a>(&'a [u8]);

impl Read for Slow<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let length = into.len().min(1);
        self.0.read(&mut into[..length])
    }
}

#[test]
fn a_file_may_end_anywhere() {
    let text = r##"[{"@odata.context": "x/$metadata#groups(id)", "value": [{"id": "5", "displayName": "á😀\u00e9"},
        {"@odata.type": "#microsoft.graph.user", "userPrincipalName": null, "x": [1.5e3, {}]}]}]
        {"device": {"guid": "g", "status": {"security_status": true}}}"##;
    let table = "Device ID;Compliance\n5;\"á\"\"b\"\n6;c\n";
    for text in [text, table, USERS] {
        let whole = got(text);
        assert!(whole.troubles.is_empty(), "{whole:?}");
        for end in 0..text.len() {
            let cut = got(&text.as_bytes()[..end]);
            assert!(cut.records.len() <= whole.records.len() + 1);
            let slow = read_with(Slow(&text.as_bytes()[..end]), "file.json", None);
            assert_eq!((slow.records, slow.troubles), (cut.records, cut.troubles));
            let utf_16 = [0xFF, 0xFE].into_iter();
            let utf_16 = utf_16.chain(text.encode_utf16().flat_map(u16::to_le_bytes));
            got(utf_16.take(end).collect::<Vec<u8>>());
        }
    }
}

#[test]
fn pieces_may_end_anywhere() {
    // Wherever the file is cut into pieces, it is the same file.
    let line = "{\"userPrincipalName\": \"áé😀x\"}\n";
    for shift in 0..40 {
        let text = " ".repeat(64 * 1024 - shift) + &line.repeat(3);
        let got = got(&text);
        assert_eq!(
            (got.records.len(), got.troubles.len()),
            (3, 0),
            "{shift}: {got:?}"
        );
        let broken = format!(
            "{}{line}{}\n{line}",
            " ".repeat(64 * 1024 - 40 - shift),
            &line[..27]
        );
        let got = self::got(&broken);
        assert_eq!(
            (got.records.len(), got.troubles.len()),
            (2, 1),
            "{shift}: {got:?}"
        );
        assert!(got.troubles[0].starts_with("2:"), "{got:?}");
    }
}

proptest! {
    #[test]
    fn whatever_a_file_holds_it_is_read(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        got(&bytes);
    }

    #[test]
    fn whatever_looks_like_a_record_is_read(parts in prop::collection::vec(prop::sample::select(vec![
        "{", "}", "[", "]", ",", ":", "\n", " ", "\"value\"", "\"device\"", "\"userPrincipalName\"",
        "\"complianceState\"", "\"a\"", "1", "null", "é", "\\", "\"", "{\"userPrincipalName\": \"a\"}",
        "{\"value\": [{\"securityEnabled\": true}]}", "\"@odata.nextLink\"", "1e999", "\"\\ud800\"",
    ]), 0..40)) {
        got(parts.concat());
    }
}

#[test]
fn real_samples_are_read() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/domain/evidence");
    let folder = Path::new(folder);
    if !folder.is_dir() {
        eprintln!("there are no samples in {}", folder.display());
        return;
    }
    let wanted = [
        (
            "graph-beta-intune-devices-manageddevice-get",
            "managed-device",
            1,
        ),
        (
            "graph-beta-intune-onboarding-mobilethreatdefenseconnector-get",
            "connector",
            1,
        ),
        (
            "graph-beta-intune-onboarding-mobilethreatdefenseconnector-list",
            "connector",
            1,
        ),
        ("graph-contrib-user-memberof-example", "member-of", 1),
        (
            "graph-contrib-user-memberof-select-id-example",
            "member-of",
            2,
        ),
        ("graph-v1.0-device-get", "directory-device", 1),
        ("graph-v1.0-device-list-3", "directory-device", 1),
        ("graph-v1.0-device-list-4", "directory-device", 1),
        ("graph-v1.0-device-list", "directory-device", 1),
        (
            "graph-v1.0-intune-devices-manageddevice-get",
            "managed-device",
            1,
        ),
        (
            "graph-v1.0-intune-devices-manageddevice-list",
            "managed-device",
            1,
        ),
        (
            "graph-v1.0-intune-onboarding-mobilethreatdefenseconnector-get",
            "connector",
            1,
        ),
        (
            "graph-v1.0-intune-onboarding-mobilethreatdefenseconnector-list",
            "connector",
            1,
        ),
        ("graph-v1.0-user-list-memberof-4", "member-of", 1),
        ("graph-v1.0-user-list-memberof-5", "member-of", 1),
        ("graph-v1.0-user-list-memberof", "member-of", 1),
        (
            "graph-v1.0-user-list-transitivememberof-4",
            "transitive-member-of",
            1,
        ),
        (
            "graph-v1.0-user-list-transitivememberof-5",
            "transitive-member-of",
            1,
        ),
        (
            "graph-v1.0-user-list-transitivememberof",
            "transitive-member-of",
            1,
        ),
        (
            "sentinel-lookout-TEST_DATA_SAMPLES-DEVICE",
            "lookout-device",
            1,
        ),
        ("xsoar-lookout-v2-events", "lookout-device", 1),
    ];
    for (name, kind, count) in wanted {
        let path = folder.join(format!("{name}.json"));
        let bytes = fs::read(&path).unwrap();
        let got = read_with(&*bytes, name, None);
        eprintln!("{name}: {got:?}");
        let own = got
            .records
            .iter()
            .filter(|own| own.starts_with(&format!("{kind} ")));
        assert_eq!(own.count(), count, "{name}: {got:?}");
        assert_eq!(got.records.len(), count, "{name}: {got:?}");
        assert!(got.troubles.is_empty(), "{name}: {got:?}");
    }
    for file in fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let bytes = fs::read(&path).unwrap();
        if path.extension().is_some_and(|end| end == "json") {
            for end in 0..bytes.len() {
                got(&bytes[..end]);
            }
        }
    }
}
