//! Every command besides the wizard, with what it prints for people and for programs.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;

use serde_json::Value;

use crate::support::{Finished, Program, bomb, deep, project, run, scratch, text_bomb, wait};

fn json(finished: &Finished) -> Value {
    serde_json::from_str(&finished.stdout).expect("standard output is one JSON document")
}

/// Checks that a value has exactly these keys.
#[track_caller]
fn has_keys(value: &Value, keys: &[&str]) {
    let own: BTreeSet<&str> = value
        .as_object()
        .expect("an object")
        .keys()
        .map(String::as_str)
        .collect();
    assert_eq!(own, keys.iter().copied().collect());
}

#[test]
fn list_names_every_symptom() {
    let finished = run(&["list"]).code(0).says(&[
        "403 ",
        "consent ",
        "missing-device ",
        "pending ",
        "no-device-id ",
        "disconnected ",
        "new-user ",
        "force-sync ",
        "noncompliant ",
        "connector ",
        "something-else ",
    ]);
    let symptoms = json(&run(&["list", "--json"]).code(0));
    let symptoms = symptoms.as_array().expect("an array");
    assert_eq!(symptoms.len(), finished.stdout.lines().count());
    for symptom in symptoms {
        has_keys(symptom, &["id", "title"]);
    }
}

#[test]
fn show_prints_each_kind_of_node() {
    for (id, sentences) in [
        (
            "403",
            &[
                "# Sign-in",
                "People say",
                "Where this leads",
                "(accept-consent)",
            ][..],
        ),
        (
            "403-who",
            &[
                "# Who gets",
                "How to find out",
                "Answers",
                "Everyone: 403-words",
            ],
        ),
        (
            "accept-consent",
            &[
                "Why this happens",
                "Steps",
                "Links",
                "Source: ",
                "What follows",
                "did not help: add-to-console-group",
            ],
        ),
        ("lookout-support", &["How to reach them", "What to include"]),
    ] {
        run(&["show", id]).code(0).says(sentences);
    }
}

#[test]
fn show_as_json_holds_the_resolved_texts_and_links() {
    let remedy = json(&run(&["show", "accept-consent", "--json"]).code(0));
    assert_eq!(remedy["kind"], "remedy");
    assert_eq!(remedy["steps"][0]["who"], "admin");
    assert_eq!(
        remedy["links"][0]["url"],
        "https://aad.lookout.com/les?action=consent"
    );
    let spanish = json(&Program::in_spanish(&["show", "403-who", "--json"]).run());
    assert_eq!(spanish["choices"][1]["label"], "A todo el mundo");
    assert_eq!(spanish["choices"][1]["to"], "403-words");
}

#[test]
fn an_unknown_name_gets_the_nearest_ones() {
    let finished = run(&["show", "acept-consent"]).code(1);
    assert_eq!(finished.stdout, "");
    assert!(
        finished.stderr.contains("did you mean `accept-consent`"),
        "{finished:#?}"
    );
    // What is nearly the name of a symptom is what the search finds.
    run(&["disconected"])
        .code(5)
        .says(&["disconnected  ", "matches “disconected”", "Is it this?"]);
    let finished = run(&["chek"]).code(1);
    assert!(
        finished.stderr.contains("did you mean `check`"),
        "{finished:#?}"
    );
    let finished = run(&["\u{1b}[2J"]).code(1);
    assert!(!finished.stderr.contains('\u{1b}'), "{finished:#?}");
}

#[test]
fn a_symptom_starts_the_wizard_there() {
    run(&["Missing-Device"]).code(5).says(&[
        "So far: A device is missing from the Lookout device list",
        "# Does the connector list the device as unsupported?",
    ]);
    // Nothing needs to be asked here.
    run(&["force-sync"])
        .code(5)
        .says(&["# Delete the device in Lookout"]);
}

#[test]
fn check_finds_nothing_in_the_embedded_tree() {
    let finished = run(&["check"]).code(0);
    assert_eq!(
        finished.stdout,
        "decision_tree.yaml: 0 errors, 0 warnings\n"
    );
    let report = json(&run(&["check", "--json"]).code(0));
    assert_eq!(
        report,
        serde_json::json!({"problems": [], "errors": 0, "warnings": 0})
    );
    // The one in the project is the one in the program.
    let file = project("decision_tree.yaml");
    let finished = run(&["check".as_ref(), file.as_os_str()]).code(0);
    assert!(
        finished.stdout.ends_with(": 0 errors, 0 warnings\n"),
        "{finished:#?}"
    );
}

#[test]
fn check_as_json_says_everything_about_a_problem() {
    let file = project("tests/trees/bad/unknown-target.yaml");
    let report = json(&run(&["check".as_ref(), file.as_os_str(), "--json".as_ref()]).code(1));
    let problem = &report["problems"][0];
    has_keys(
        problem,
        &[
            "file", "code", "severity", "line", "column", "node", "message", "hint",
        ],
    );
    assert_eq!(problem["code"], "T010");
    assert_eq!(problem["severity"], "error");
    assert_eq!(report["errors"], 1);
}

#[test]
fn check_shows_the_line_and_the_place() {
    let file = project("tests/trees/bad/unknown-target.yaml");
    let finished = run(&["check".as_ref(), file.as_os_str()]).code(1);
    finished.says(&[
        "error[T010]: `otherwise` of `switch` leads to `servise`, which does not exist\n",
        "unknown-target.yaml:20:16\n",
        "20 |     otherwise: servise\n",
        "   |                ^^^^^^^\n",
        "help: did you mean `service`?\n",
        "1 error, 0 warnings\n",
    ]);
    let arguments = [
        "check".as_ref(),
        file.as_os_str(),
        "--format=short".as_ref(),
    ];
    run(&arguments).code(1).says(&[
        "unknown-target.yaml:20:16: error[T010]: `otherwise` of `switch` leads",
        "  hint: did you mean `service`?",
    ]);
    let arguments = [
        "check".as_ref(),
        file.as_os_str(),
        "--format=github".as_ref(),
    ];
    let finished = run(&arguments).code(1);
    assert_eq!(finished.stdout.lines().count(), 1, "{finished:#?}");
    assert!(
        finished.stdout.starts_with("::error file="),
        "{finished:#?}"
    );
}

#[test]
fn check_takes_files_folders_and_standard_input_together() {
    let (good, bad) = (
        project("tests/trees/good"),
        project("tests/trees/bad/id.yaml"),
    );
    let finished = Program::new(&[
        "check".as_ref(),
        good.as_os_str(),
        bad.as_os_str(),
        "-".as_ref(),
    ])
    .input("title: [")
    .run()
    .code(1);
    finished.says(&[
        "small.yaml: 0 errors",
        "wide.yaml: 0 errors",
        "id.yaml: ",
        "<stdin>: 1 error",
    ]);
    let arguments = [
        "check".as_ref(),
        good.as_os_str(),
        bad.as_os_str(),
        "--json".as_ref(),
    ];
    let report = json(&run(&arguments).code(1));
    let file = report["problems"][0]["file"]
        .as_str()
        .expect("it names the file");
    assert!(file.ends_with("id.yaml"), "{file}");
    // What cannot be read keeps nothing else from being checked.
    let finished = run(&["check".as_ref(), "no-such-file".as_ref(), good.as_os_str()]).code(2);
    assert!(
        finished.stderr.contains("cannot read `no-such-file`"),
        "{finished:#?}"
    );
    finished.says(&["small.yaml: 0 errors", "wide.yaml: 0 errors"]);
    let empty = project("src/ui");
    let finished = run(&["check".as_ref(), empty.as_os_str()]).code(2);
    assert!(
        finished.stderr.contains("there is no `.yaml`"),
        "{finished:#?}"
    );
}

#[test]
fn check_names_files_in_full() {
    let folder = scratch();
    let file = deep(folder.path()).join("id.yaml");
    fs::copy(project("tests/trees/bad/id.yaml"), &file).expect("the folder is ours");
    for format in ["full", "short", "github", "json"] {
        let format = format!("--format={format}");
        let arguments = ["check".as_ref(), file.as_os_str(), format.as_ref()];
        let finished = run(&arguments).code(1);
        // What separates the parts of a path is not written alike in each format.
        for part in file.iter().skip(1).filter_map(OsStr::to_str) {
            assert!(finished.stdout.contains(part), "{part}: {finished:#?}");
        }
    }
}

#[test]
fn what_was_found_holds_also_where_nobody_reads_it() {
    let file = project("tests/trees/bad/id.yaml");
    for format in ["full", "short", "github", "json"] {
        let format = format!("--format={format}");
        let mut child =
            Program::new(&["check".as_ref(), file.as_os_str(), format.as_ref()]).start();
        drop(child.stdout.take());
        assert_eq!(wait(&mut child), 1, "{format}");
    }
    let mut child = Program::new(&["list"]).start();
    drop(child.stdout.take());
    assert_eq!(wait(&mut child), 0);
}

#[test]
fn warnings_are_denied_where_that_is_asked_for() {
    let file = project("tests/trees/bad/unused-link.yaml");
    run(&["check".as_ref(), file.as_os_str()]).code(0);
    run(&[
        "check".as_ref(),
        file.as_os_str(),
        "--deny=warnings".as_ref(),
    ])
    .code(1);
}

#[test]
fn routes_are_counted_where_that_is_asked_for() {
    run(&["check", "--routes"])
        .code(0)
        .says(&[" routes; questions asked: 1 at least, "]);
    let report = json(&run(&["check", "--routes", "--json"]).code(0));
    let routes = &report["routes"][0];
    has_keys(
        routes,
        &[
            "file",
            "count",
            "exact",
            "shortest",
            "median",
            "longest",
            "loops",
            "unreached",
        ],
    );
    assert!(routes["count"].as_u64() > Some(50), "{routes:?}");
    assert!(routes["median"].as_u64() <= Some(3), "{routes:?}");
    assert!(routes["longest"].as_u64() <= Some(6), "{routes:?}");
}

#[test]
fn check_reads_standard_input() {
    let source = fs::read(project("decision_tree.yaml")).expect("the tree is there");
    let finished = Program::new(&["check", "-"]).input(source).run().code(0);
    assert_eq!(finished.stdout, "<stdin>: 0 errors, 0 warnings\n");
    let finished = Program::new(&["--tree", "-", "list"])
        .input("title: x")
        .run();
    assert_eq!(finished.code(2).stdout, "");
}

#[test]
fn a_tree_can_be_named_by_option_or_environment() {
    let tree = project("tests/trees/good/small.yaml");
    for program in [
        Program::new(&["list".as_ref(), "--tree".as_ref(), tree.as_os_str()]),
        Program::new(&["list"]).env("LOOKOUT_TROUBLESHOOT_TREE", &tree),
    ] {
        assert_eq!(program.run().code(0).stdout, "slow  The printer is slow\n");
    }
}

#[test]
fn a_tree_that_cannot_be_used_is_one_clear_message() {
    for (tree, message) in [
        ("no-such-file.yaml", "error: cannot read `"),
        ("tests", "error: cannot read `"),
        (
            "tests/trees/bad/unknown-target.yaml",
            "cannot be used as a tree: 1 error",
        ),
    ] {
        let path = project(tree);
        for command in [&["list"][..], &["show", "403"], &[]] {
            let mut arguments = vec!["--tree".as_ref(), path.as_os_str()];
            arguments.extend(command.iter().map(|word| word.as_ref() as &std::ffi::OsStr));
            let finished = run(&arguments).code(2);
            assert_eq!(finished.stdout, "");
            assert!(finished.stderr.contains(message), "{finished:#?}");
        }
    }
    let finished = Program::new(&["--tree", "-"])
        .input("title: x")
        .run()
        .code(2);
    assert!(
        finished.stderr.contains("leaves nothing to answer with"),
        "{finished:#?}"
    );
}

#[test]
fn a_byte_order_mark_and_utf_16_are_read() {
    let source = fs::read_to_string(project("decision_tree.yaml")).expect("the tree is there");
    let utf_16: Vec<u8> = "\u{feff}"
        .encode_utf16()
        .chain(source.encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    let windows = format!("\u{feff}{}", source.replace('\n', "\r\n"));
    for bytes in [utf_16, windows.into_bytes()] {
        let finished = Program::new(&["check", "-"]).input(bytes).run().code(0);
        assert_eq!(finished.stdout, "<stdin>: 0 errors, 0 warnings\n");
    }
}

#[test]
fn what_cannot_be_a_tree_is_one_clear_message() {
    let deep = "[".repeat(10_000);
    let mut large = Vec::from(b"title: ");
    large.resize(100_000_000, b'x');
    for (input, message) in [
        (b"title: \xff\xfe".to_vec(), "save it as UTF-8"),
        (
            vec![0x7f, b'E', b'L', b'F', 0, 1, 2],
            "it holds NUL characters",
        ),
        (Vec::new(), "the file is empty"),
        (b"# nothing here\n".to_vec(), "the file is empty"),
        (deep.into_bytes(), "values are nested more than 128 deep"),
        (
            bomb().into_bytes(),
            "aliases make the file many times as large as it is",
        ),
        (
            text_bomb().into_bytes(),
            "aliases make the file many times as large as it is",
        ),
        (large, "it is larger than 64 MB"),
    ] {
        for command in [&["check", "-"][..], &["list", "--tree=-"]] {
            let finished = Program::new(command).input(input.clone()).run().code(2);
            let said = format!("{}{}", finished.stdout, finished.stderr);
            assert_eq!(said.matches(message).count(), 1, "{said:.2000}");
            assert!(
                finished.took < std::time::Duration::from_secs(5),
                "{:?}",
                finished.took
            );
        }
    }
}

#[cfg(unix)]
#[test]
fn a_pipe_that_nobody_writes_to_is_not_waited_for() {
    let pipe = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("pipe");
    let _ = fs::remove_file(&pipe);
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.expect("there is a mkfifo").success());
    for arguments in [
        ["check".as_ref(), pipe.as_os_str()],
        ["--tree".as_ref(), pipe.as_os_str()],
    ] {
        let finished = run(&arguments).code(2);
        assert!(
            finished.stderr.contains("it is not a regular file"),
            "{finished:#?}"
        );
    }
}

#[test]
fn completions_and_the_manual_name_every_command() {
    let commands = ["list", "show", "check", "schema", "completions", "man"];
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        run(&["completions", shell]).code(0).says(&commands[..1]);
    }
    let manual = run(&["man"]).code(0).says(&[".TH lookout", "Exit status"]);
    for command in commands {
        assert!(
            manual.stdout.contains(command),
            "{command} is missing in the manual"
        );
    }
}

#[test]
fn bad_usage_is_code_2() {
    for arguments in [
        &["--no-such-option"][..],
        &["show"],
        &["--lang", "fr"],
        &["list", "x"],
    ] {
        let finished = Program::bare(arguments).run().code(2);
        assert_eq!(finished.stdout, "");
        assert_ne!(finished.stderr, "");
    }
    run(&["--version"])
        .code(0)
        .says(&[env!("CARGO_PKG_VERSION")]);
}
