//! Walks in plain mode: numbered lines and typed answers, as through a pipe or a screen reader.

use std::io::{BufRead, BufReader};
use std::time::Duration;

use crate::support::{Program, run, wait, walk};

#[test]
fn a_walk_ends_as_the_person_says() {
    for (answers, code, ending) in [
        (&["1", "1", "2", "1"][..], 0, "Solved."),
        (
            &["1", "1", "2", "3"],
            4,
            "Pending: check again later whether it helped.",
        ),
        (
            &["1", "1", "2", "2", "2", "1"],
            3,
            "Not solved here: pass it on with the facts above.",
        ),
        (&["1", "1", "q"], 5, "Left before an outcome was reached."),
        (
            &["1", "1"],
            5,
            "Stopped: the input ended before an outcome was reached.",
        ),
    ] {
        let finished = walk(&[], answers).code(code).says(&[ending]);
        assert_eq!(finished.stderr, "", "{answers:?}");
    }
}

#[test]
fn the_same_answers_lead_to_the_same_end_in_spanish() {
    for (answers, code, ending) in [
        (&b"1\n1\n2\n1\n"[..], 0, "Resuelto."),
        (b"1\n1\n2\n3\n", 4, "Pendiente: "),
        (b"1\n1\n2\n2\n2\n1\n", 3, "Sin resolver aquí"),
        (
            b"1\n1\nq\n",
            5,
            "Abandonado antes de llegar a un resultado.",
        ),
        (b"", 5, "Detenido: la entrada terminó"),
    ] {
        let finished = Program::in_spanish::<&str>(&[]).input(answers).run();
        finished.code(code).says(&[ending]);
    }
}

#[test]
fn a_remedy_shows_cause_steps_words_to_say_links_and_source() {
    walk(&["403"], &["1", "2", "1"]).code(0).says(&[
        "So far: Sign-in to the Lookout console ends in error 403",
        "# Add the person to the group that opens the console",
        "Why this happens",
        "Steps",
        "  1. [Administrator]",
        "Say: “",
        "Links",
        "https://enterprise.support.lookout.com/hc/requests",
        "Source: ",
        "Did this solve it?",
    ]);
}

#[test]
fn a_remedy_that_did_not_help_leads_to_the_next_cause() {
    walk(&["consent"], &["1", "2", "2", "2", "1"])
        .code(3)
        .says(&[
            "# Have a Global Administrator accept the Lookout setup",
            "Have a Global Administrator accept the Lookout setup: did not help",
            "# Add the person to the group that opens the console",
            "# Let Lookout check which groups open the console",
            "No: whom do I contact?",
            "# Contact Lookout Enterprise Support",
            "enterprisesupport@lookout.com",
            "What to include",
        ]);
}

#[test]
fn back_offers_the_earlier_answer_and_an_empty_line_takes_it() {
    // At the second question an empty line repeats what was answered there before: "Everyone".
    walk(&["403"], &["2", "b", "", "q"]).code(5).says(&[
        "# Who gets error 403?",
        "# Does the page really say 403",
        "# Who gets error 403?",
        "[2] > ",
        "# Does the page really say 403",
    ]);
    // Not to be sure is an answer too.
    walk(&["403"], &["?", "?", "b", "", "", "q"])
        .code(5)
        .says(&[
            "# Is the person in",
            "# Who gets",
            "[?] > ",
            "[?] > ",
            "# Is the person in",
        ]);
}

#[test]
fn starting_over_forgets_the_trail() {
    let finished = walk(&[], &["1", "1", "r", "2", "q"]).code(5);
    let last = finished.stdout.rsplit("So far: ").next();
    let expected = "Sign-in to the Lookout console fails";
    assert!(
        last.is_some_and(|last| last.starts_with(expected)),
        "{finished:#?}"
    );
}

#[test]
fn back_at_the_first_question_changes_nothing() {
    walk(&[], &["b", "B", "q"]).code(5).says(&[
        "This is the first question: there is nothing to go back to.",
        "This is the first question: there is nothing to go back to.",
    ]);
}

#[test]
fn not_sure_says_how_to_find_out_and_then_goes_on() {
    walk(&["missing-device"], &["?", "?", "q"]).code(5).says(&[
        "?) Not sure",
        "How to find out",
        "Unsupported Devices",
        "?) Still not sure",
        "# Is the user of the device in an enrollment group?",
    ]);
}

#[test]
fn what_cannot_be_found_is_explained_and_the_way_leads_back() {
    walk(&["missing-device"], &["1", "4", "1", "1"])
        .code(0)
        .says(&[
            "# Update the device, or replace it",
            "I cannot find this in the console",
            "Update the device, or replace it: not found",
            "# Look under the other name, or with a role that shows the page",
            "Found it: go back to",
            "# Update the device, or replace it",
            "Yes, it is solved",
            "Solved.",
        ]);
}

#[test]
fn an_answer_can_be_typed_by_its_id() {
    walk(&[], &["NONCOMPLIANT", "threat-level", "Pending", "solved"])
        .code(0)
        .says(&["# Activate Lookout for Work first"]);
}

#[test]
fn what_is_no_answer_never_advances() {
    let finished = walk(&[], &["0", "99", "-1", "1.0", "\u{1b}[2J", "xy", "q"]).code(5);
    assert_eq!(finished.stdout.matches("# What do you see?").count(), 1);
    assert!(!finished.stdout.contains('\u{1b}'), "{finished:#?}");
    finished.says(&[
        "“99” is not one of the answers.",
        "Type one of these: 1-11, ?, t, n, q",
    ]);
}

#[test]
fn a_stream_that_never_answers_is_given_up() {
    let yes = "y\n".repeat(100_000);
    let finished = Program::new::<&str>(&[]).input(yes).run().code(5);
    assert!(finished.stdout.len() < 10_000, "{}", finished.stdout.len());
    finished.says(&["Stopped: too many answers in a row were not among those offered."]);
}

#[test]
fn garbage_on_standard_input_is_given_up() {
    let mut noise: Vec<u8> = (0..=255).cycle().take(100_000).collect();
    noise.extend(vec![b'x'; 1_000_000]);
    Program::new::<&str>(&[]).input(noise).run().code(5);
}

#[test]
fn lines_from_windows_are_answers() {
    let input = "1\r\n1\r\n2\r\n1\r\n";
    Program::new::<&str>(&[]).input(input).run().code(0);
}

#[test]
fn the_end_of_the_input_stops_within_a_second() {
    let finished = run::<&str>(&[]).code(5);
    assert!(finished.took < Duration::from_secs(1), "{finished:#?}");
}

#[test]
fn a_reader_that_has_had_enough_is_no_error() {
    let mut child = Program::new(&["--plain"]).input("1\n1\nb\nb\n").start();
    let mut lines = BufReader::new(child.stdout.take().expect("piped")).lines();
    assert!(lines.next().is_some());
    drop(lines);
    let mut stderr = String::new();
    std::io::Read::read_to_string(&mut child.stderr.take().expect("piped"), &mut stderr)
        .expect("UTF-8");
    wait(&mut child);
    assert_eq!(stderr, "");
}

#[test]
fn no_escape_byte_reaches_a_pipe() {
    for lang in ["--lang=en", "--lang=es"] {
        let finished = Program::bare(&[lang])
            .input("9\n1\n2\n1\n2\n2\n1\nq\n")
            .run();
        assert!(!finished.stdout.contains('\u{1b}'), "{finished:#?}");
    }
    let coloured = Program::new(&["--color=always"]).run();
    assert!(coloured.stdout.contains('\u{1b}'), "{coloured:#?}");
    let silent = Program::new::<&str>(&[])
        .env("NO_COLOR", "1")
        .env("CLICOLOR_FORCE", "1");
    assert!(!silent.run().stdout.contains('\u{1b}'));
}

#[cfg(unix)]
#[test]
fn the_language_is_that_of_the_system_unless_told() {
    for (locale, sentence) in [
        ("es_MX.UTF-8", "# ¿Qué ve usted?"),
        ("en_US.UTF-8", "# What do you see?"),
        ("de_DE.UTF-8", "# What do you see?"),
        ("C.UTF-8", "# What do you see?"),
    ] {
        let program = Program::bare::<&str>(&[]).env("LANG", locale);
        program.run().code(5).says(&[sentence]);
    }
}
