//! Exports answer what they can: in the wizard, where a person can overrule them, and for many devices at
//! once. The exports in `tests/evidence` are ours, in the shape of what Microsoft Graph, Intune and Lookout
//! give.

use std::fs;

use serde_json::{Map, Value, json};

use crate::support::{CASES, Program, deep, project, renew_exports, run, scratch, walk};

/// The path of an export from where the program runs, so that no line depends on where the project is.
fn file(name: &str) -> String {
    renew_exports();
    format!("tests/evidence/{name}")
}

/// A triage of some exports as JSON, and its exit code.
fn triage(files: &[&str]) -> (Value, i32) {
    let files: Vec<String> = files.iter().map(|name| file(name)).collect();
    let mut arguments = vec!["triage", "--json"];
    arguments.extend(files.iter().map(String::as_str));
    let finished = run(&arguments);
    (
        serde_json::from_str(&finished.stdout).expect("it is JSON"),
        finished.code,
    )
}

/// Each device of a triage: its name, what it ended as, and where.
fn ends(triage: &Value) -> Vec<(String, String, String)> {
    let devices = triage["devices"]
        .as_array()
        .expect("it lists the devices")
        .iter();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    devices
        .map(|own| (text(&own["name"]), text(&own["state"]), text(&own["id"])))
        .collect()
}

fn expect(triage: &Value, expected: &[(&str, &str, &str)]) {
    let expected: Vec<(String, String, String)> = expected
        .iter()
        .map(|(name, state, id)| ((*name).to_owned(), (*state).to_owned(), (*id).to_owned()))
        .collect();
    assert_eq!(ends(triage), expected);
}

const ENDS: [(&str, &str, &str); 9] = [
    ("Ana-Pixel", "healthy", ""),
    ("Bo-iPhone", "question", "pending-ios"),
    ("Cleo-Galaxy", "remedy", "group-name"),
    ("Dan-Pixel", "remedy", "reinstall-lookout"),
    ("Eve-iPad", "remedy", "add-to-enrollment-group"),
    ("Fay-Moto", "remedy", "unsupported-device"),
    ("Gil-Galaxy", "question", "threat-wanted"),
    // Lookout knows no device of hers, but one of hers.
    ("Ida-iPhone", "question", "pending-ios"),
    // Its state is none that is known, so it is not healthy.
    ("Jo-Pixel", "question", "what-do-you-see"),
];

const FILES: [&str; 3] = [
    "managed-devices.json",
    "lookout-devices.json",
    "group-members.json",
];

/// What begins a walk of a device with these exports.
fn of_one_device() -> Vec<String> {
    let files = FILES.map(|name| ["--evidence".to_owned(), file(name)]);
    let device = ["--device".to_owned(), "Dan-Pixel".to_owned()];
    device
        .into_iter()
        .chain(files.into_iter().flatten())
        .collect()
}

#[test]
fn each_device_ends_at_a_remedy_a_question_or_healthy() {
    let (found, code) = triage(&FILES);
    assert_eq!(code, 1);
    expect(&found, &ENDS);
    let device = |name: &str| {
        let mut devices = found["devices"].as_array().into_iter().flatten();
        devices
            .find(|own| own["name"] == name)
            .expect("it is listed")
            .clone()
    };
    assert_eq!(device("Ida-iPhone")["joined-by-user"], true);
    assert_eq!(device("Ana-Pixel")["joined-by-user"], false);
    let strange = device("Jo-Pixel")["because"][0].to_string();
    assert!(
        strange.contains("SUSPENDED") && strange.contains("does not know"),
        "{strange}"
    );
    let lost = &device("Fay-Moto")["answers"][1];
    assert_eq!(lost["choice"], "listed");
    assert!(
        lost["because"].to_string().contains("4.4.2, below 5.0"),
        "{lost}"
    );
    let groups = found["groups"].as_array().expect("it counts");
    let count: u64 = groups
        .iter()
        .filter_map(|own| own["devices"].as_u64())
        .sum();
    assert_eq!((count, &groups[0]["id"]), (9, &json!("pending-ios")));
    assert_eq!(found["cautions"].as_array().map(Vec::len), Some(3));
}

#[test]
fn all_healthy_is_success_and_no_device_is_none() {
    let folder = scratch();
    let path = folder.path().join("one.json");
    let managed = fs::read_to_string(file("managed-devices.json")).expect("it is there");
    let managed: Value = serde_json::from_str(&managed).expect("it is JSON");
    fs::write(&path, managed["value"][0].to_string()).expect("the folder is ours");
    let path = path.to_str().expect("a plain path");
    let healthy = run(&["triage", path]).code(0);
    assert!(healthy.stdout.contains("Healthy"), "{}", healthy.stdout);
    // The same about an organization whose connector is not healthy.
    let connectors = file("connectors.json");
    let finished = run(&["triage", path, &connectors]).code(1);
    assert!(
        finished.stdout.contains("connector-unresponsive"),
        "{}",
        finished.stdout
    );
    run(&["triage", &connectors]).code(2);
    run(&["triage", &file("nowhere.json")]).code(2);
    let folder = run(&["triage", folder.path().to_str().expect("a plain path")]).code(2);
    assert!(
        folder.stderr.contains("it is a folder"),
        "{}",
        folder.stderr
    );
}

/// An export as Windows PowerShell 5 writes it: other names, dates and bytes.
fn as_powershell(export: &str) -> Vec<u8> {
    fn pascal(value: &Value) -> Value {
        match value {
            Value::Object(entries) => {
                let rename = |(name, value): (&String, &Value)| {
                    let mut letters = name.chars();
                    let first = letters.next().map(|first| first.to_ascii_uppercase());
                    (
                        first.into_iter().chain(letters).collect::<String>(),
                        pascal(value),
                    )
                };
                Value::Object(entries.iter().map(rename).collect::<Map<_, _>>())
            }
            Value::Array(values) => values.iter().map(pascal).collect(),
            Value::String(text) if text.starts_with("2026-11-23T06") => {
                json!("/Date(1795414365123)/")
            }
            other => other.clone(),
        }
    }
    let export: Value = serde_json::from_str(export).expect("it is JSON");
    let text = pascal(&export["value"]).to_string();
    let units = "\u{FEFF}".encode_utf16().chain(text.encode_utf16());
    units.flat_map(u16::to_le_bytes).collect()
}

#[test]
fn the_form_of_an_export_makes_no_difference() {
    let managed = fs::read_to_string(file("managed-devices.json")).expect("it is there");
    let page: Value = serde_json::from_str(&managed).expect("it is JSON");
    let records = page["value"].as_array().expect("it is a page");
    let lines: Vec<String> = records.iter().map(Value::to_string).collect();
    let lines = lines.join("\n");
    let (first, rest) = records.split_at(4);
    let pages = format!(
        "{}{}",
        json!({"value": first, "@odata.nextLink": "https://x"}),
        json!({"value": rest})
    );
    let (lookout, members) = (file("lookout-devices.json"), file("group-members.json"));
    for form in [as_powershell(&managed), lines.into(), pages.into()] {
        let shown = String::from_utf8_lossy(&form).into_owned();
        let finished = Program::new(&["triage", "--json", "-", &lookout, &members])
            .input(form)
            .run();
        let found = serde_json::from_str(&finished.stdout).expect("it is JSON");
        assert_eq!(ends(&found).len(), ENDS.len(), "{shown}");
        expect(&found, &ENDS);
    }
}

#[test]
fn intune_s_own_table_is_read() {
    let (found, code) = triage(&["intune-export.csv", "lookout-devices.json"]);
    assert_eq!(code, 1);
    let found = ends(&found);
    assert_eq!(found[0].1, "healthy", "{found:?}");
    // An iPad with a comma in its name.
    assert_eq!(
        (found[1].0.as_str(), found[1].2.as_str()),
        ("Eve, iPad", "missing-group")
    );
}

#[test]
fn a_phone_of_another_platform_is_another_phone() {
    let managed = |id: &str, user: &str, system: &str| json!({"id": id, "userPrincipalName": user, "operatingSystem": system, "complianceState": "compliant"});
    let lookout = |id: &str, email: &str, platform: &str| json!({"customer_device_id": id, "email": email, "platform": platform, "activation_status": "PENDING"});
    for (platform, id) in [("ANDROID", "missing-unsupported"), ("IOS", "pending-ios")] {
        let records = [
            managed("a", "ana@x.example", "Android"),
            managed("k", "kim@x.example", "iPadOS"),
            lookout("a", "ana@x.example", "ANDROID"),
            lookout("", "kim@x.example", platform),
        ];
        let lines = records.map(|record| record.to_string()).join("\n");
        let finished = Program::new(&["triage", "--json", "-"]).input(lines).run();
        let found: Value = serde_json::from_str(&finished.stdout).expect("it is JSON");
        assert_eq!(found["devices"][1]["id"], id, "{found:#}");
    }
}

#[test]
fn of_the_events_of_a_device_the_last_counts() {
    let (found, _) = triage(&["managed-devices.json", "lookout-events-v1.json"]);
    let found = ends(&found);
    assert_eq!(found[0].1, "healthy", "{found:?}");
    assert_eq!(
        (found[1].0.as_str(), found[1].2.as_str()),
        ("Bo-iPhone", "disconnected-apps")
    );
    // An event that names the device by the id of Lookout alone, which the list has, too.
    let folder = scratch();
    let event = folder.path().join("event.json");
    let text = json!({"events": [{"type": "DEVICE", "created_time": "2026-11-24T10:00:00Z", "change_type": "UPDATED",
        "device": {"guid": "00000bb9-0000-4000-8000-000000000bb9",
            "status": {"activation_status": "ACTIVATED", "protection_status": "DISCONNECTED"}}}]});
    fs::write(&event, text.to_string()).expect("the folder is ours");
    let event = event.to_str().expect("a plain path");
    let (managed, lookout) = (file("managed-devices.json"), file("lookout-devices.json"));
    for files in [[lookout.as_str(), event], [event, lookout.as_str()]] {
        let finished = run(&["triage", "--json", &managed, files[0], files[1]]);
        let found: Value = serde_json::from_str(&finished.stdout).expect("it is JSON");
        let found = ends(&found);
        assert_eq!(
            (found[0].0.as_str(), found[0].2.as_str()),
            ("Ana-Pixel", "disconnected-apps")
        );
    }
    // Nested, in the form of the second version.
    let (found, _) = triage(&["managed-devices.json", "lookout-events.json"]);
    let found = ends(&found);
    assert_eq!(
        (found[1].0.as_str(), found[1].2.as_str()),
        ("Bo-iPhone", "pending-ios")
    );
}

#[test]
fn a_table_of_the_devices_is_safe_in_a_spreadsheet() {
    let folder = scratch();
    let path = folder.path().join("one.json");
    fs::write(
        &path,
        r#"{"id": "1", "deviceName": "=cmd|'/c calc'!A1", "complianceState": "compliant"}"#,
    )
    .expect("the folder is ours");
    let finished = run(&["triage", "--csv", path.to_str().expect("a plain path")]).code(1);
    let mut lines = finished.stdout.lines();
    let headings = lines.next().expect("there are headings");
    assert!(
        headings.starts_with("device,name,user,state,"),
        "{headings}"
    );
    let row = lines.next().expect("there is a row");
    assert!(row.starts_with("1,'=cmd"), "{row}");
}

#[test]
fn a_report_is_written_for_each_device() {
    let folder = scratch();
    let reports = folder.path().join("reports");
    let mut arguments = vec!["triage".to_owned(), "--report".to_owned()];
    arguments.push(reports.to_str().expect("a plain path").to_owned());
    arguments.extend(FILES.map(file));
    run(&arguments).code(1);
    let written = fs::read_dir(&reports).expect("the folder was made").count();
    assert_eq!(written, 9);
    let report = reports.join("00000006-0000-4000-8000-000000000006.md");
    let report = fs::read_to_string(report).expect("it is called like the device");
    for text in [
        "Update the device, or replace it",
        "4.4.2, below 5.0",
        "Evidence",
    ] {
        assert!(report.contains(text), "{text}: {report}");
    }
}

#[test]
fn what_cannot_be_read_is_said_with_its_place_and_the_rest_is_used() {
    let folder = scratch();
    let path = folder.path().join("cut.json");
    let managed = fs::read_to_string(file("managed-devices.json")).expect("it is there");
    let end = managed.find("Dan-Pixel").expect("it is in it");
    fs::write(&path, &managed[..end]).expect("the folder is ours");
    let path = path.to_str().expect("a plain path");
    let finished = run(&["triage", "--json", path, &file("connectors.json")]).code(1);
    let line = managed[..end].lines().count();
    let place = format!("cut.json:{line}:");
    assert!(finished.stderr.contains(&place), "{}", finished.stderr);
    let found: Value = serde_json::from_str(&finished.stdout).expect("it is JSON");
    assert_eq!(ends(&found).len(), 3);
    assert_eq!(found["files"][0]["faults"], 1);
    // What is left may be healthy, but not all of it is known.
    let healthy = folder.path().join("healthy.json");
    let end = managed.find("Bo-iPhone").expect("it is in it");
    fs::write(&healthy, &managed[..end]).expect("the folder is ours");
    let finished = run(&["triage", healthy.to_str().expect("a plain path")]).code(1);
    assert!(
        !finished.stdout.contains("To be done"),
        "{}",
        finished.stdout
    );
    let spanish = Program::in_spanish(&["triage", path]).run();
    assert!(
        spanish.stdout.contains("termina a la mitad"),
        "{}",
        spanish.stdout
    );
}

/// The files that tell that a person is only in a group inside of an enrollment group.
fn nested() -> Vec<String> {
    let names = [
        "managed-devices.json",
        "lookout-devices.json",
        "member-of.json",
        "transitive-member-of.json",
    ];
    names
        .into_iter()
        .flat_map(|name| ["--evidence".to_owned(), file(name)])
        .collect()
}

#[test]
fn direct_and_transitive_groups_are_compared_where_one_device_is_chosen() {
    let mut arguments = nested();
    let more = [
        "--device",
        "Eve-iPad",
        "--fact",
        "enrollment-group=Lookout users",
    ]
    .map(String::from);
    arguments.extend(more);
    let walked = Program::new(&arguments).input("q\n").run().code(5);
    for text in [
        "Only through another group that is a member of an enrollment group",
        "displayName: Lookout users",
        "none is “Lookout users”",
        "# Add the user to the enrollment group directly",
    ] {
        let flat = walked.stdout.replace("\n  ", " ").replace('\n', " ");
        assert!(flat.contains(text), "{text}: {}", walked.stdout);
    }
    // Of another case it is another name.
    let mut arguments = nested();
    let more = [
        "--device",
        "Eve-iPad",
        "--fact",
        "enrollment-group=lookout users",
    ]
    .map(String::from);
    arguments.extend(more);
    let walked = Program::new(&arguments).input("q\n").run().code(5);
    assert!(
        walked
            .stdout
            .contains("# Add the user to an enrollment group"),
        "{}",
        walked.stdout
    );
}

#[test]
fn an_answer_of_a_file_can_be_overruled_and_the_record_keeps_both() {
    let cases = scratch();
    let mut arguments = of_one_device();
    arguments.extend(["--report", "-"].map(str::to_owned));
    // Back from the remedy; both apps are there after all; that helped.
    let program = Program::new(&arguments).env(CASES, cases.path());
    let walked = program.input("b\n3\n1\n").run().code(0);
    let (before, after) = walked.stdout.split_once("> b").expect("it goes back");
    assert!(before.contains("Taken from the evidence"), "{before}");
    assert!(
        before.contains("# Install Lookout for Work again"),
        "{before}"
    );
    assert!(
        after.contains("The evidence says “Lookout for Work is missing"),
        "{after}"
    );
    assert!(
        after.contains("# Open Lookout for Work on the device"),
        "{after}"
    );
    let (_, report) = walked
        .stdout
        .split_once("Answers\n")
        .expect("there is a record");
    assert!(
        report.contains(
            "- What do you see? A device is Disconnected in Lookout\n  - Evidence: protection"
        ),
        "{report}"
    );
    assert!(
        report.contains("Device: Dan-Pixel · user-1 · id-1"),
        "{report}"
    );
    let conflict = "  - The evidence says “Lookout for Work is missing, or both apps are”: protection_status: UNINSTALLED";
    assert!(report.contains(conflict), "{report}");
    let json = Program::new(&["report", "--format", "json"])
        .env(CASES, cases.path())
        .run()
        .code(0);
    let json: Value = serde_json::from_str(&json.stdout).expect("it is JSON");
    assert_eq!(json["answers"][0]["evidence"]["agrees"], true);
    assert_eq!(json["answers"][1]["evidence"]["agrees"], false);
    let schema: Value =
        serde_json::from_str(include_str!("../../report.schema.json")).expect("JSON");
    assert!(jsonschema::is_valid(&schema, &json), "{json:#}");
}

#[test]
fn going_on_without_the_files_says_so() {
    let cases = scratch();
    let mut arguments = of_one_device();
    let begin = |arguments: &[String]| Program::new(arguments).env(CASES, cases.path());
    begin(&arguments).input("q\n").run().code(5);
    let resumed = begin(&["resume".to_owned()]).input("q\n").run().code(5);
    assert!(
        resumed.stdout.contains("Files have answered some of this."),
        "{}",
        resumed.stdout
    );
    arguments.insert(0, "resume".to_owned());
    let resumed = begin(&arguments).input("b\nq\n").run().code(5);
    assert!(
        !resumed.stdout.contains("Files have answered some of this."),
        "{}",
        resumed.stdout
    );
    assert!(
        resumed.stdout.contains("The evidence says"),
        "{}",
        resumed.stdout
    );
}

#[test]
fn starting_over_asks_what_is_seen() {
    let arguments = of_one_device();
    let walked = Program::new(&arguments).input("r\n4\nq\n").run().code(5);
    let (_, after) = walked.stdout.split_once("> r").expect("it starts over");
    assert!(after.contains("# What do you see?\n"), "{after}");
    // The next question is answered by the files again.
    assert!(after.contains("Taken from the evidence"), "{after}");
}

#[test]
fn a_device_is_named_by_id_name_or_user() {
    let managed = file("managed-devices.json");
    for name in [
        "00000002-0000-4000-8000-000000000002",
        "bo-iphone",
        "BO@contoso.example",
    ] {
        let walked = Program::new(&["triage", &managed, "--device", name])
            .run()
            .code(5);
        assert!(
            walked.stdout.contains("Bo-iPhone"),
            "{name}: {}",
            walked.stdout
        );
    }
    let nobody = run(&["triage", &managed, "--device", "nobody"]).code(2);
    assert!(
        nobody
            .stderr
            .contains("no device in the evidence is called `nobody`"),
        "{}",
        nobody.stderr
    );
}

#[test]
fn without_a_device_only_what_is_about_everyone_counts() {
    let (managed, connectors) = (file("managed-devices.json"), file("connectors.json"));
    let walked = walk(&["--evidence", &managed, "--evidence", &connectors], &["q"]).code(5);
    assert!(
        walked
            .stdout
            .contains("# Bring back the heartbeat of the connector"),
        "{}",
        walked.stdout
    );
    assert!(
        walked.stdout.contains("lastHeartbeatDateTime"),
        "{}",
        walked.stdout
    );
}

#[test]
fn what_a_file_is_can_be_said() {
    let path = format!("group-members={}", file("member-of.json"));
    let managed = file("managed-devices.json");
    let finished = run(&["triage", &path, &managed]).code(1);
    assert!(
        finished
            .stdout
            .contains("Members of an enrollment group (3)"),
        "{}",
        finished.stdout
    );
    let slip = run(&["triage", "group-member=x.json"]).code(2);
    assert!(slip.stderr.contains("`group-members`"), "{}", slip.stderr);
    let slip = run(&["triage", &managed, "--fact", "enrolment-group=x"]).code(2);
    assert!(
        slip.stderr.contains("did you mean `enrollment-group`?"),
        "{}",
        slip.stderr
    );
    run(&["triage", &managed, "--fact", "x"]).code(2);
    run(&["triage", &managed, "--fact", "enrollment-group="]).code(2);
    let slip = run(&["triage", "phones=x.json"]).code(2);
    assert!(slip.stderr.contains("`managed-device`"), "{}", slip.stderr);
}

#[test]
fn where_a_file_is_changes_nothing() {
    let folder = scratch();
    let deep = deep(&folder.path().join("member-of"));
    let copies = FILES.map(|name| {
        let copy = deep.join(name);
        fs::copy(project("tests/evidence").join(name), &copy).expect("the folder is ours");
        copy.to_str().expect("a plain path").to_owned()
    });
    let [managed, lookout, members] = &copies;
    let finished = run(&["triage", "--json", managed, lookout, members]).code(1);
    let found: Value = serde_json::from_str(&finished.stdout).expect("it is JSON");
    expect(&found, &ENDS);
    assert_eq!(found["files"][0]["name"], managed.as_str());
    let eve = &found["devices"][4]["answers"];
    assert!(
        eve.to_string().contains("(group-members.json)"),
        "a sentence names the file alone: {eve}"
    );
    // Two files of one name are told apart.
    let other = file("managed-devices.json");
    let finished = run(&["triage", "--json", managed, &other, lookout, members]).code(1);
    let found: Value = serde_json::from_str(&finished.stdout).expect("it is JSON");
    let because = found["devices"].to_string();
    assert!(because.contains(&format!("({other},")), "{because}");
    assert!(!because.contains("(managed-devices.json,"), "{because}");
}

#[test]
fn a_tree_without_evidence_takes_none() {
    let folder = scratch();
    let tree = folder.path().join("tree.yaml");
    fs::write(
        &tree,
        "title: T\nstart: q\nnodes:\n  q: {question: Q?, choices: [{to: s}]}\n  s: {symptom: S, to: e}\n  \
         e: {escalation: E, cause: C, channels: [{text: T}], facts: [F]}\n",
    )
    .expect("the folder is ours");
    let tree = tree.to_str().expect("a plain path");
    let finished = run(&["--tree", tree, "triage", &file("connectors.json")]).code(2);
    assert!(
        finished.stderr.contains("does not say"),
        "{}",
        finished.stderr
    );
}

#[test]
fn the_help_has_a_command_for_each_kind() {
    for program in [
        Program::new(&["evidence", "help"]),
        Program::in_spanish(&["evidence"]),
    ] {
        let help = program.run().code(0).stdout;
        for text in [
            "connector:",
            "managed-device:",
            "transitive-member-of:",
            "lookout-device:",
            "DeviceManagementServiceConfig.Read.All",
            "az rest",
            "Connect-MgGraph",
            "curl",
            "nextLink",
            "--fact enrollment-group=",
        ] {
            assert!(help.contains(text), "{text}: {help}");
        }
    }
}

#[test]
fn a_tree_of_somebody_else_is_triaged_by_what_it_says() {
    let page = fs::read_to_string(project("docs/evidence.md")).expect("the page is there");
    let (_, tree) = page.split_once("```yaml\n").expect("it has a tree");
    let (tree, _) = tree.split_once("```").expect("the tree has an end");
    let folder = scratch();
    let path = folder.path().join("tree.yaml");
    fs::write(&path, tree).expect("the folder is ours");
    let tree = path.to_str().expect("a plain path");
    let checked = run(&["check", tree]).code(0);
    assert!(
        checked.stdout.contains("0 errors, 0 warnings"),
        "{}",
        checked.stdout
    );
    let printers = r#"{"printers": [{"serialNumber": "a", "printerState": "READY", "tonerPercent": 50, "floor": 3},
        {"serialNumber": "b", "status": {"printerState": "slow"}},
        {"serialNumber": "c", "printerState": "ready", "tonerPercent": 5, "floor": 3},
        {"serialNumber": "d", "printerState": "ready", "tonerPercent": 50, "floor": 4}]}
        {"ticketNumber": 7, "printerSerial": "C"}"#;
    let arguments = ["--tree", tree, "triage", "--json", "-", "--fact", "floor=3"];
    let finished = Program::new(&arguments).input(printers).run().code(1);
    let found: Value = serde_json::from_str(&finished.stdout).expect("it is JSON");
    let states: Vec<(String, String)> =
        ends(&found).into_iter().map(|own| (own.0, own.1)).collect();
    let states: Vec<(&str, &str)> = states
        .iter()
        .map(|own| (own.0.as_str(), own.1.as_str()))
        .collect();
    assert_eq!(
        states,
        [
            ("a", "healthy"),
            ("b", "escalation"),
            ("c", "escalation"),
            ("d", "escalation")
        ]
    );
    let help = run(&["--tree", tree, "evidence", "help"]).code(0).stdout;
    assert!(
        help.contains("curl -o printers.json") && help.contains("--fact floor="),
        "{help}"
    );
}
