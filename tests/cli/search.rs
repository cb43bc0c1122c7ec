//! What people say leads to the right entry, or to none. How often it does is measured on queries that
//! were written by somebody else than the phrases of the tree; `docs/search.md` has the figures.

use std::fmt::Write as _;
use std::fs;
use std::time::Duration;

use lookout_troubleshoot::search::Search;
use lookout_troubleshoot::tree::{Kind, Tree};
use serde_json::Value;

use crate::support::{Finished, Program, project, run, walk};

fn embedded() -> Tree {
    Tree::parse(include_str!("../../decision_tree.yaml")).expect("it has no mistake")
}

fn json(finished: &Finished) -> Value {
    serde_json::from_str(&finished.stdout).expect("one JSON document")
}

/// The ids of the matches of a query.
fn ids(query: &str) -> Vec<String> {
    let tree = embedded();
    let found = Search::new(&tree).find(query);
    let ids = found
        .matches
        .iter()
        .map(|found| tree[found.node].id.clone());
    ids.collect()
}

/// How well the queries of one half are answered.
#[derive(Default)]
struct Measured {
    positive: u32,
    first: u32,
    among_three: u32,
    negative: u32,
    answered: u32,
    wrong: String,
}

fn measure(half: &str) -> Measured {
    let tree = embedded();
    let search = Search::new(&tree);
    let text = fs::read_to_string(project("tests/search/queries.tsv")).expect("it is there");
    let mut measured = Measured::default();
    for line in text.lines().skip(1) {
        let columns: Vec<&str> = line.split('\t').collect();
        let [own, expected, _, _, query] = columns[..] else {
            panic!("five columns: {line}");
        };
        if own != half {
            continue;
        }
        let query = query.replace("\\n", "\n").replace("\\t", "\t");
        let found = search.find(&query).matches;
        let ids: Vec<&str> = found.iter().map(|found| &*tree[found.node].id).collect();
        let is_right = |id: &&str| expected.split('|').any(|expected| expected == *id);
        let is_first = ids.first().is_some_and(is_right);
        if expected == "-" {
            measured.negative += 1;
            measured.answered += u32::from(!ids.is_empty());
        } else {
            measured.positive += 1;
            measured.first += u32::from(is_first);
            measured.among_three += u32::from(ids.iter().take(3).any(is_right));
        }
        if is_first == (expected == "-") || expected == "-" && !ids.is_empty() {
            let _ = writeln!(measured.wrong, "{expected} and not {ids:?}: {query}");
        }
    }
    measured
}

impl Measured {
    /// Checks the shares against floors that lie close below what is reached.
    #[track_caller]
    fn reaches(&self, first: f64, among_three: f64, answered: f64) {
        let share = |part: u32, all: u32| f64::from(part) / f64::from(all);
        let shares = [
            share(self.first, self.positive),
            share(self.among_three, self.positive),
            share(self.answered, self.negative),
        ];
        #[allow(clippy::print_stdout)] // What the documents say was measured.
        {
            println!(
                "first {:.3} of {}, among three {:.3}, answered {:.3} of {}",
                shares[0], self.positive, shares[1], shares[2], self.negative
            );
        }
        assert!(
            shares[0] >= first && shares[1] >= among_three && shares[2] <= answered,
            "{shares:?}"
        );
    }
}

#[test]
fn the_queries_for_tuning_are_answered() {
    let measured = measure("tuning");
    // Only those of this half are ever looked at.
    #[allow(clippy::print_stdout)]
    {
        println!("{}", measured.wrong);
    }
    measured.reaches(0.96, 0.975, 0.03);
}

#[test]
fn the_queries_that_nobody_looked_at_are_answered() {
    measure("held-out").reaches(0.94, 0.97, 0.05);
}

#[test]
fn spelling_case_accents_order_and_noise_make_no_difference() {
    for query in [
        "AADSTS90093",
        "aadsts90093",
        "AADSTS 90093",
        "2026-11-03T09:12:55Z 4b1f6e0a-93d2-4a55-8c1e-0b2f77d1c9aa AADSTS90093\nadmin@contoso.com",
    ] {
        assert_eq!(ids(query)[0], "consent", "{query}");
    }
    for query in [
        "Lookout device disconnected",
        "DISCONNECTED lookout DEVICES",
        "lookout device disconected",
        "dispositivo desconectado en Lookout",
        "móvil DESCONECTADO lookout",
        "movil desconectado lookout",
    ] {
        assert_eq!(ids(query)[0], "disconnected", "{query}");
    }
}

#[test]
fn what_is_about_something_else_is_not_answered() {
    for (query, other) in [
        (
            "Microsoft Defender connector is Unresponsive",
            Some("Microsoft Defender"),
        ),
        ("Zimperium device pending activation", Some("Zimperium")),
        ("Lookout Life subscription pending", Some("Lookout Life")),
        ("xyzzy plugh", None),
        ("a", None),
        ("🙂🙂🙂", None),
        ("", None),
    ] {
        let finished = run(&["search", "--json", query]).code(1);
        let report = json(&finished);
        assert_eq!(report["query"], query);
        assert_eq!(report["matches"], serde_json::json!([]));
        let cautions = report["cautions"].as_array().expect("a list");
        assert_eq!(
            cautions.len(),
            usize::from(other.is_some()),
            "{finished:#?}"
        );
        if let Some(other) = other {
            assert!(cautions[0].as_str().expect("a text").contains(other));
        }
    }
    // Where the product is named, too, the caution comes with the answer.
    let both = json(
        &run(&[
            "search",
            "--json",
            "two vendors connected for one platform, Zimperium and Lookout",
        ])
        .code(0),
    );
    assert_eq!(both["matches"][0]["id"], "second-vendor");
    assert_eq!(both["cautions"].as_array().expect("a list").len(), 1);
}

#[test]
fn what_others_talk_about_as_well_needs_something_beside_it() {
    for (query, first) in [
        ("my VPN is slow", None),
        ("la vpn pide un token", None),
        ("AnyConnect keeps dropping", None),
        (
            "Safe Browsing stays off while AnyConnect is on",
            Some("one-vpn"),
        ),
        (
            "since Lookout is on my phone the VPN keeps dropping",
            Some("one-vpn"),
        ),
    ] {
        assert_eq!(ids(query).first().map(|id| &**id), first, "{query}");
    }
}

#[test]
fn the_name_of_the_product_is_no_idiom_with_a_capital() {
    for (query, first) in [
        (
            "on the Lookout for Work page the device is pending",
            Some("pending"),
        ),
        ("a Lookout for Work device is pending", Some("pending")),
        ("acceso a Lookout for Work pendiente", Some("pending")),
        ("on the lookout for a flat", None),
    ] {
        assert_eq!(ids(query).first().map(|id| &**id), first, "{query}");
    }
}

#[test]
fn addresses_and_browsers_are_about_nothing() {
    for (query, first) in [
        (
            "https://sts.windows.net/6a2c/ pending in lookout",
            "pending",
        ),
        (
            "see https://jira.contoso.com/browse/ABC-1 lookout device pending",
            "pending",
        ),
        (
            "HTTP/1.1 403 Forbidden\nHost: aad.lookout.com\n\
             User-Agent: Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/120",
            "403",
        ),
    ] {
        let report = json(&run(&["search", "--json", query]).code(0));
        assert_eq!(report["matches"][0]["id"], first, "{query}");
        assert_eq!(report["cautions"], serde_json::json!([]), "{query}");
    }
}

#[test]
fn a_line_is_found_in_a_long_log() {
    let noise = "2026-11-25T09:00:04.123Z INFO  10.0.190.4 tcp connect ok\n\
                 2026-11-25T09:00:05.123Z DEBUG Sync session started for user 7a3f cache\n";
    for (line, first) in [
        (
            "ERROR AADSTS90094: The grant requires admin permission",
            "accept-consent",
        ),
        (r#"{"errorCode":90093,"app":"portal"}"#, "consent"),
        ("WARN Lookout for Work: the device stays Pending", "pending"),
    ] {
        let log = format!("{}{line}\n{}", noise.repeat(300), noise.repeat(100));
        assert_eq!(ids(&log).first().map(|id| &**id), Some(first), "{line}");
    }
}

#[test]
fn an_id_and_a_misspelt_state_are_enough() {
    for (query, first) in [
        ("connector-unresponsive", "connector-unresponsive"),
        ("no device id", "no-device-id"),
        ("pendng", "pending"),
        ("pendinte", "pending"),
        ("Error 90093", "consent"),
    ] {
        assert_eq!(ids(query)[0], first, "{query}");
    }
    // The reason is what was understood, however much there is beside it.
    let query = format!("{} AADSTS90093", "x".repeat(5000));
    let report = json(&run(&["search", "--json", &query]).code(0));
    assert_eq!(
        report["matches"][0]["why"],
        serde_json::json!(["AADSTS90093"])
    );
}

#[test]
fn a_state_is_enough_beside_a_device() {
    for query in ["pending Pixel", "samsung pendiente", "Pending iPhone"] {
        let found = ids(query);
        let is_right = |id: &String| id.contains("pending") || id.contains("activate");
        assert!(found.first().is_some_and(is_right), "{query}: {found:?}");
    }
}

#[test]
fn what_is_not_read_is_said() {
    let text = "word ".repeat(250_000) + "AADSTS90093";
    let finished = Program::new(&["search", "-"]).input(text).run().code(1);
    assert!(
        finished.stderr.contains("only the first megabyte"),
        "{}",
        finished.stderr
    );
}

#[test]
fn names_of_people_make_no_difference() {
    for query in [
        "el teléfono de Gómez ahora lo lleva Ruiz",
        "el teléfono de Natalia ahora lo lleva Thomas",
    ] {
        assert_eq!(ids(query)[0], "new-user", "{query}");
    }
}

#[test]
fn what_a_program_calls_something_is_enough() {
    assert_eq!(
        ids("lastHeartbeatDateTime 2 weeks ago")[0],
        "connector-unresponsive"
    );
}

#[test]
fn a_match_says_why_in_both_languages() {
    let query = "AADSTS90093: Calling principal cannot consent";
    let report = json(&run(&["search", query, "--json"]).code(0));
    let first = &report["matches"][0];
    assert_eq!(
        (&first["id"], &first["kind"]),
        (&"consent".into(), &"symptom".into())
    );
    let score = first["score"].as_f64().expect("a number");
    assert!((0.5..=1.0).contains(&score), "{score}");
    let why = first["why"].as_array().expect("a list");
    assert!(why.contains(&"AADSTS90093".into()), "{why:?}");
    run(&["search", query])
        .code(0)
        .says(&["consent  ", "matches ", "“AADSTS90093”"]);
    let spanish = Program::in_spanish(&["search", query]).run().code(0);
    spanish.says(&["consent  ", "coincide con ", "«AADSTS90093»"]);
    // Standard input is as good as arguments, and line breaks mean nothing.
    let pasted = Program::new(&["search", "-", "--json"]).input("AADSTS90093:\r\ncannot consent\n");
    assert_eq!(json(&pasted.run().code(0))["matches"][0]["id"], "consent");
}

#[test]
fn a_word_of_the_console_alone_is_enough() {
    for (query, id) in [
        ("Pending", "pending"),
        ("disconnected", "disconnected"),
        ("desconectado", "disconnected"),
        ("noncompliant", "noncompliant"),
        ("403", "403"),
        ("Unresponsive", "connector-unresponsive"),
        ("State Sync", "state-sync"),
    ] {
        assert_eq!(ids(query).first().map(String::as_str), Some(id), "{query}");
    }
}

#[test]
fn close_matches_are_told_apart_by_one_question() {
    let tree = "
title: Printers
start: what
nodes:
  what:
    question: What do you see?
    choices:
      - to: jam
      - {id: other, label: Something else, to: service}
  jam: {symptom: Paper is stuck, to: which}
  which:
    question: Which tray is it?
    choices:
      - {id: upper, label: The upper one, to: upper}
      - {id: lower, label: The lower one, to: lower}
  upper:
    remedy: Open the upper flap
    phrases: [crumpled sheet in the drawer]
    cause: A sheet slipped.
    steps: [{who: user, do: Open it.}]
    links: [manual]
    otherwise: service
    source: Manual
    checked: 2026-11-23
  lower:
    remedy: Open the lower flap
    phrases: [crumpled sheet in the drawer]
    cause: A sheet slipped.
    steps: [{who: user, do: Open it.}]
    links: [manual]
    otherwise: service
    source: Manual
    checked: 2026-11-23
  service: {escalation: Call, cause: C, channels: [{text: T}], facts: [F]}
links: {manual: {label: The manual, url: https://printer.example/manual}}
";
    let tree = Tree::parse(tree).expect("it has no mistake");
    let search = Search::new(&tree);
    let found = search.find("there is a crumpled sheet in the drawer");
    let question = found.question.expect("one tells them apart");
    assert_eq!(tree[question].id, "which");
    assert_eq!(found.matches.len(), 2);
    // One of them is clearly meant.
    let found = search.find("crumpled sheet in the upper drawer, upper flap");
    assert_eq!(
        (found.question, &*tree[found.matches[0].node].id),
        (None, "upper")
    );
}

#[test]
fn words_on_the_command_line_are_confirmed_before_the_walk() {
    let finished = walk(&["phone", "stays", "pending", "in", "Lookout"], &["1", "1"]).code(5);
    finished.says(&[
        "matches “pending”",
        "1) A device stays Pending in Lookout",
        "None of these: show the list",
        "So far: A device stays Pending in Lookout",
        "# Which system does the device run?",
    ]);
    // None of them leads to the list, and so does going back.
    for answer in ["b", "none"] {
        let finished = walk(&["phone", "stays", "pending", "in", "Lookout"], &[answer]);
        finished
            .code(5)
            .says(&["None of these", "# What do you see?"]);
    }
    walk(&["phone stays pending in Lookout"], &["q"])
        .code(5)
        .says(&["Left before"]);
    // Nothing matches, and nobody is there to choose instead.
    let finished = run(&["xyzzy", "plugh"]).code(1);
    assert_eq!(finished.stdout, "");
    assert!(finished.stderr.contains("xyzzy plugh"), "{finished:#?}");
    let finished = run(&["Zimperium pending"]).code(1);
    assert!(
        finished.stderr.contains("“Zimperium” is something other"),
        "{finished:#?}"
    );
}

#[test]
fn a_text_can_be_pasted_at_the_first_question() {
    let pasted = [
        "t",
        "2026-11-03 Sign-in error",
        "AADSTS90093: need admin approval",
        "",
        "1",
    ];
    walk(&[], &pasted).code(5).says(&[
        "t) Type or paste what you see",
        "An empty line ends",
        "“AADSTS90093”",
        "So far: Sign-in to the Lookout console fails",
    ]);
    // Nothing typed leads back to the list; nothing found says so, and leads there as well.
    for (lines, said) in [
        (&["t", ""][..], "# What do you see?"),
        (&["t", "xyzzy", ""], "Nothing that is known here"),
    ] {
        let finished = walk(&[], lines).code(5).says(&["An empty line ends", said]);
        assert_eq!(finished.stdout.matches("# What do you see?").count(), 2);
    }
    let spanish = Program::in_spanish::<&str>(&[])
        .input("t\nmóvil desconectado en Lookout\n\n1\n")
        .run();
    spanish.code(5).says(&[
        "Escribir o pegar lo que ve",
        "coincide con",
        "Hasta ahora: Un dispositivo aparece como",
    ]);
    // What could act on a terminal is neither searched for nor shown.
    let finished = walk(&[], &["t", "\u{1b}[31mpending\u{202e} Lookout", "", "1"]).code(5);
    assert!(
        !finished.stdout.contains(['\u{1b}', '\u{202e}']),
        "{finished:#?}"
    );
    // It is offered only where nothing has been answered.
    let finished = walk(&["pending"], &["t", "1"]).code(5);
    assert!(
        finished.stdout.contains("“t” is not one of the answers"),
        "{finished:#?}"
    );
}

#[test]
fn what_describes_something_is_understood_in_place_of_an_answer() {
    for text in ["AADSTS90093", "need admin approval AADSTS90093"] {
        walk(&[], &[text, "1"])
            .code(5)
            .says(&["matches “", "So far: Sign-in to the Lookout console fails"]);
    }
    // A word may be a slip of a key, and where something has been answered no text is asked for.
    walk(&[], &["quit"])
        .code(5)
        .says(&["“quit” is not one of the answers"]);
    walk(&["pending"], &["need admin approval"])
        .code(5)
        .says(&["is not one of the answers"]);
    // What is no person does not go on for ever.
    let endless = "nothing that is known\n".repeat(1000);
    let finished = Program::new::<&str>(&[]).input(endless).run().code(5);
    assert!(
        finished.stdout.matches("Nothing that is known").count() < 20,
        "{finished:#?}"
    );
}

#[test]
fn what_could_act_on_a_terminal_is_not_repeated() {
    let hostile = "\u{1b}[31mzzz\u{1b}[0m \u{7}\u{202e}yyy\u{9b}31m \u{1b}]0;title\u{7}";
    let finished = Program::new(&["search", "-"]).input(hostile).run().code(1);
    let finished_json = Program::new(&["search", "-", "--json"])
        .input(hostile)
        .run()
        .code(1);
    for text in [finished.stderr, finished_json.stdout] {
        assert!(
            !text.contains(['\u{1b}', '\u{7}', '\u{202e}', '\u{9b}']),
            "{text:?}"
        );
        assert!(text.contains("zzz"), "{text:?}");
    }
    // The colours of a log and the soft hyphens of a page hide no word.
    for text in [
        "\u{1b}[31mAADSTS90093\u{1b}[0m",
        "lookout dis\u{ad}connected",
    ] {
        run(&["search", text]).code(0);
    }
    // What takes no room on a screen is cut, too.
    let marks = "e\u{301}".repeat(100_000);
    let finished = Program::new(&["search", "-"]).input(marks).run().code(1);
    assert!(finished.stderr.len() < 1_000, "{}", finished.stderr.len());
}

#[test]
fn every_phrase_title_and_id_leads_to_its_entry() {
    let tree = embedded();
    let search = Search::new(&tree);
    for (id, node) in tree.nodes() {
        let phrases = match &node.kind {
            Kind::Symptom(symptom) => &symptom.phrases,
            Kind::Remedy(remedy) => &remedy.phrases,
            _ => continue,
        };
        run(&[&*node.id]).code(5);
        for &lang in tree.languages() {
            let texts = phrases.get(lang).chain([node.title().get(lang), &node.id]);
            for text in texts {
                let found = search.find(text);
                let is_there = found.matches.iter().any(|found| found.node == id);
                // The same words may be a phrase of another entry, too.
                assert!(
                    is_there || found.matches[0].score >= 1.0,
                    "{text} of {}",
                    node.id
                );
            }
        }
    }
}

#[test]
fn matches_are_in_the_order_of_their_scores() {
    let tree = embedded();
    let search = Search::new(&tree);
    for query in [
        "partnerState: notSetUp",
        "dynamic enrollment group",
        "nadie puede entrar en la consola",
    ] {
        let found = search.find(query).matches;
        assert!(found.is_sorted_by(|a, b| a.score >= b.score), "{found:?}");
    }
}

#[test]
fn no_query_takes_long() {
    let word = "disconnectd ";
    let many_words = (0..200_000).fold(String::new(), |mut words, number| {
        let _ = write!(words, "w{number} ");
        words
    });
    for query in [
        word.repeat(100_000),
        many_words,
        "x".repeat(1_000_000),
        "\u{1}\u{2}\u{7f}".repeat(300_000),
        "日本語".repeat(100_000),
        "Lookout-Gerät bleibt auf Pending ".repeat(30_000),
    ] {
        let finished = Program::new(&["search", "-", "--json"]).input(query).run();
        assert!([0, 1].contains(&finished.code), "{}", finished.code);
        json(&finished);
        assert!(
            finished.took < Duration::from_secs(5),
            "{:?}",
            finished.took
        );
    }
}

#[test]
fn a_tree_without_words_for_the_search_can_be_searched() {
    let file = project("tests/trees/good/small.yaml");
    let search = |text: &str| {
        let tree = file.as_os_str();
        run(&[
            "search".as_ref(),
            text.as_ref(),
            "--json".as_ref(),
            "--tree".as_ref(),
            tree,
        ])
    };
    let report = json(&search("printer slow, it takes for ever").code(0));
    assert_eq!(report["matches"][0]["id"], "slow");
    search("the weather in Hamburg").code(1);
}
