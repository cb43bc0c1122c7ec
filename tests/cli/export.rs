//! The maps of a tree: whatever the format, each node is in it once and each way once, and no label
//! can break out of its place.

use std::collections::BTreeSet;
use std::fs;
use std::time::Duration;

use lookout_troubleshoot::export::{self, Map};
use lookout_troubleshoot::lang::Lang;
use lookout_troubleshoot::tree::{NodeId, Tree};
use roxmltree::{Document, Node};

use crate::support::{Finished, Program, project, run};

const HOSTILE: &str = r#"
title: 'A "title" & <b>more</b> \N'
start: end
nodes:
  end:
    question: '1. "Quotes" & <b>bold</b> #quot; `code` \ \G ]]> {x} |y| [z](w) *a* _b_'
    choices:
      - to: class
      - {id: graph, label: '- "]:::x & --> %% ; end', to: subgraph}
      - {id: self, label: 日本語の長いラベルはここで折り返されるべきですよねそうですよね, to: subgraph}
  class:
    symptom: 'x" onload="alert(1)'
    to: subgraph
  subgraph:
    escalation: "Call us \uFFFE"
    cause: C.
    channels: [{text: By phone}]
    facts: [F]
"#;

fn embedded() -> Tree {
    Tree::parse(include_str!("../../decision_tree.yaml")).expect("it has no mistake")
}

/// The ids of what a node leads to, itself included, found in the plainest way there is.
fn below(tree: &Tree, from: NodeId) -> BTreeSet<&str> {
    let mut below = BTreeSet::from([from]);
    loop {
        let known = below.len();
        let nodes = below.iter().flat_map(|id| tree[*id].targets());
        let next: Vec<NodeId> = nodes.collect();
        below.extend(next);
        if below.len() == known {
            return below.iter().map(|id| tree[*id].id.as_str()).collect();
        }
    }
}

/// The ways out of these nodes, each by the ids of its ends, in order.
fn ways<'t>(tree: &'t Tree, nodes: &BTreeSet<&str>) -> Vec<(&'t str, &'t str)> {
    let nodes = tree.nodes().filter(|(_, node)| nodes.contains(&*node.id));
    let ways = nodes.flat_map(|(_, node)| {
        let targets = node.targets();
        targets.map(|to| (node.id.as_str(), tree[to].id.as_str()))
    });
    let mut ways: Vec<_> = ways.collect();
    ways.sort_unstable();
    ways
}

/// The first quoted name of a line, and that of what an arrow leads to, where there is one.
fn names(line: &str) -> (&str, Option<&str>) {
    let quoted = |text: &'_ str| -> usize { text.find('"').unwrap_or(text.len()) };
    let rest = &line[quoted(line) + 1..];
    let (name, rest) = rest.split_at(quoted(rest));
    let to = rest.strip_prefix("\" -> \"");
    (name, to.map(|to| &to[..quoted(to)]))
}

#[test]
fn each_node_and_each_way_is_drawn_once() {
    let tree = embedded();
    let entries = ["403", "noncompliant", "pending-android", "lookout-support"];
    let entries = entries.map(|id| tree.find(id).expect("it is there"));
    for from in entries.into_iter().chain([tree.start()]) {
        let expected = below(&tree, from);
        let expected_ways = ways(&tree, &expected);
        for lang in Lang::ALL {
            let map = Map::new(&tree, from, lang);

            let dot = export::dot(&map);
            let lines = dot.lines().filter(|line| line.starts_with("  \""));
            let (drawn_ways, nodes): (Vec<_>, Vec<_>) =
                lines.map(names).partition(|(_, to)| to.is_some());
            let mut drawn_ways: Vec<_> = drawn_ways
                .into_iter()
                .map(|(from, to)| (from, to.expect("it is a way")))
                .collect();
            drawn_ways.sort_unstable();
            assert_eq!(nodes.len(), expected.len());
            let nodes: BTreeSet<_> = nodes.into_iter().map(|(name, _)| name).collect();
            assert_eq!(nodes, expected);
            assert_eq!(drawn_ways, expected_ways);

            let mermaid = export::mermaid(&map);
            let nodes = mermaid.lines().filter(|line| line.contains(":::"));
            assert_eq!(nodes.count(), expected.len());
            let arrows = mermaid
                .lines()
                .filter(|line| line.contains("> n-") || line.contains("| n-"));
            assert_eq!(arrows.count(), expected_ways.len());

            let svg = export::svg(&map).expect("it is not too large");
            let document = Document::parse(&svg).expect("it is XML");
            let ids: Vec<_> = ids(&document);
            assert_eq!(ids.len(), expected.len());
            assert_eq!(ids.into_iter().collect::<BTreeSet<_>>(), expected);
            let lines = elements(&document, "path").filter(|path| has_class(path, "way"));
            let named = elements(&document, "a").count();
            assert_eq!(lines.count() + named, expected_ways.len());
        }
    }
}

fn elements<'d>(document: &'d Document, name: &str) -> impl Iterator<Item = Node<'d, 'd>> {
    let elements = document.descendants();
    elements.filter(move |node| node.tag_name().name() == name)
}

fn has_class(node: &Node, class: &str) -> bool {
    let classes = node.attribute("class").unwrap_or_default();
    classes.split(' ').any(|own| own == class)
}

/// The ids of the places of a picture.
fn ids<'d>(document: &'d Document) -> Vec<&'d str> {
    let places = elements(document, "g");
    places.filter_map(|place| place.attribute("id")).collect()
}

/// The left, top, right and bottom of each place of a picture, by its id.
fn frames<'d>(document: &'d Document) -> Vec<(&'d str, [f64; 4])> {
    let places = elements(document, "g").filter(|place| place.attribute("id").is_some());
    let frame = |place: Node<'d, 'd>| {
        let shape = place.first_element_child().expect("it has a shape");
        let corners: Vec<[f64; 2]> = if let Some(points) = shape.attribute("points") {
            let points = points.split_whitespace().map(|point| {
                let (x, y) = point.split_once(',').expect("two numbers");
                [x, y].map(|number| number.parse().expect("a number"))
            });
            points.collect()
        } else {
            let number = |name| -> f64 {
                let text = shape.attribute(name).expect("it is a rectangle");
                text.parse().expect("a number")
            };
            let (x, y) = (number("x"), number("y"));
            vec![[x, y], [x + number("width"), y + number("height")]]
        };
        let bound = |axis: usize, better: fn(f64, f64) -> f64| {
            let numbers = corners.iter().map(|corner| corner[axis]);
            numbers.reduce(better).expect("it has corners")
        };
        [
            bound(0, f64::min),
            bound(1, f64::min),
            bound(0, f64::max),
            bound(1, f64::max),
        ]
    };
    places
        .map(|place| (place.attribute("id").expect("it has one"), frame(place)))
        .collect()
}

/// Points along a line of lines and cubic curves, close to each other.
fn points(path: &str) -> Vec<[f64; 2]> {
    let mut points: Vec<[f64; 2]> = Vec::new();
    let mut rest = path;
    while let Some(command) = rest.chars().next() {
        let end = rest[1..]
            .find(char::is_alphabetic)
            .map_or(rest.len(), |end| end + 1);
        let numbers = rest[1..end].split_whitespace();
        let numbers: Vec<f64> = numbers
            .map(|number| number.parse().expect("a number"))
            .collect();
        rest = &rest[end..];
        let Some(&from) = points.last() else {
            points.push([numbers[0], numbers[1]]);
            continue;
        };
        let [a, b, to] = match (command, &numbers[..]) {
            ('L', &[x, y]) => [from, [x, y], [x, y]],
            ('C', &[ax, ay, bx, by, x, y]) => [[ax, ay], [bx, by], [x, y]],
            _ => panic!("what is {command} in {path}?"),
        };
        for step in 1..=50 {
            let t = f64::from(step) / 50.0;
            let along = |axis: usize| {
                (1.0 - t).powi(3) * from[axis]
                    + 3.0 * t * (1.0 - t).powi(2) * a[axis]
                    + 3.0 * t * t * (1.0 - t) * b[axis]
                    + t.powi(3) * to[axis]
            };
            points.push([along(0), along(1)]);
        }
    }
    points
}

#[test]
fn no_line_runs_below_a_place() {
    let tree = embedded();
    for (from, lang) in [
        ("what-do-you-see", Lang::En),
        ("what-do-you-see", Lang::Es),
        ("pending", Lang::Es),
    ] {
        let from = tree.find(from).expect("it is there");
        let svg = export::svg(&Map::new(&tree, from, lang)).expect("it is not too large");
        let document = Document::parse(&svg).expect("it is XML");
        let frames = frames(&document);
        for line in elements(&document, "path").filter(|path| has_class(path, "way")) {
            for [x, y] in points(line.attribute("d").expect("it is a line")) {
                for (id, [left, top, right, bottom]) in &frames {
                    let is_inside =
                        x > left + 1.0 && x < right - 1.0 && y > top + 1.0 && y < bottom - 1.0;
                    assert!(!is_inside, "a line runs below {id} at {x} {y}");
                }
            }
        }
    }
}

/// What a person reads in an element.
fn read(node: Node) -> String {
    let texts = node.descendants().filter(Node::is_text);
    let texts = texts.filter_map(|text| text.text());
    texts.collect::<Vec<_>>().join(" ")
}

#[test]
fn no_label_breaks_out_of_its_place() {
    let tree = Tree::parse(HOSTILE).expect("it has no mistake");
    let map = Map::new(&tree, tree.start(), Lang::En);

    let svg = export::svg(&map).expect("it is not too large");
    let document = Document::parse(&svg).expect("it is XML");
    assert_eq!(ids(&document), ["end", "class", "subgraph"]);
    let question = elements(&document, "g").find(|place| place.attribute("id") == Some("end"));
    let text = read(question.expect("it is drawn"));
    let expected = r#"1. "Quotes" & <b>bold</b> #quot; `code` \ \G ]]> {x} |y| [z](w) *a* _b_ end"#;
    assert_eq!(
        text.split_whitespace().collect::<Vec<_>>().join(" "),
        expected
    );
    assert!(elements(&document, "b").next().is_none());

    // As Graphviz reads it: what is escaped is not the end.
    let dot = export::dot(&map);
    assert!(
        dot.contains(r#"1. \"Quotes\" &amp; <b>bold</b>\n#quot; `code` \\ \\G"#),
        "{dot}"
    );
    for line in dot.lines() {
        let quotes = line.replace("\\\\", "").replace("\\\"", "");
        assert_eq!(quotes.matches('"').count() % 2, 0, "{line}");
    }

    // As Mermaid reads it: between quotes stands nothing that it gives a meaning to.
    let mermaid = export::mermaid(&map);
    for line in mermaid.lines().filter(|line| line.contains('"')) {
        let parts: Vec<&str> = line.split('"').collect();
        assert_eq!(parts.len(), 3, "{line}");
        let label = parts[1].replace("<br>", "");
        assert!(!label.contains(['<', '>', '`', '[', '|', '*']), "{line}");
    }
    assert!(mermaid.contains("#35;quot#59;"), "{mermaid}");
}

#[test]
fn a_part_begins_where_it_is_asked_to() {
    let part = run(&["export", "dot", "--from", "FORCE-SYNC"])
        .code(0)
        .stdout;
    assert!(part.contains("\"force-sync\""), "{part}");
    assert!(!part.contains("\"what-do-you-see\""), "{part}");
    let finished = run(&["export", "svg", "--from", "force-sink"]).code(1);
    assert_eq!(finished.stdout, "");
    assert!(
        finished.stderr.contains("did you mean `force-sync`"),
        "{finished:#?}"
    );
    let spanish = Program::in_spanish(&["export", "svg", "--from", "403"]).run();
    spanish
        .code(0)
        .says(&["lang=\"es\"", ">Síntoma<", ">No lo sé<"]);
}

/// A tree in which each question leads to the next one, to some other one, and to the end.
fn tangle(questions: usize, others: usize) -> String {
    use std::fmt::Write as _;

    let mut text = String::from(
        "title: T\nstart: q0\nnodes:\n  e:\n    escalation: E\n    cause: C.\n    \
         channels: [{text: By phone}]\n    facts: [F]\n  s:\n    symptom: S\n    to: e\n",
    );
    for question in 0..questions {
        let next = (question + 1) % questions;
        let _ = write!(
            text,
            "  q{question}:\n    question: Q{question}?\n    choices:\n      - {{id: s, label: S, to: s}}\n      \
             - {{id: n, label: Next, to: q{next}}}\n"
        );
        for other in 0..others {
            let to = (question * 7919 + other * 104_729 + 13) % questions;
            let _ = writeln!(
                text,
                "      - {{id: o{other}, label: Other {other}, to: q{to}}}"
            );
        }
    }
    text
}

fn picture(tree: String) -> Finished {
    Program::new(&["export", "svg", "--tree", "-"])
        .input(tree)
        .run()
}

#[test]
fn a_picture_is_drawn_or_refused_in_bounded_time() {
    // A loop of a thousand questions that all lead to one place.
    let finished = picture(tangle(1_000, 0)).code(0);
    Document::parse(&finished.stdout).expect("it is XML");
    // Everything leads everywhere.
    for (questions, others) in [(1_000, 3), (300, 8)] {
        let finished = picture(tangle(questions, others)).code(2);
        assert_eq!(finished.stdout, "");
        assert!(
            finished.stderr.contains("too large for a picture"),
            "{finished:#?}"
        );
        assert!(
            finished.took < Duration::from_secs(20),
            "{:?}",
            finished.took
        );
    }
}

#[test]
fn the_map_in_the_project_is_the_one_that_is_drawn() {
    let drawn = run(&["export", "svg"]).code(0).stdout;
    let file = project("docs/tree.svg");
    if std::env::var_os("BLESS").is_some() {
        fs::write(&file, &drawn).expect("the folder can be written to");
    }
    let kept = fs::read_to_string(file).expect("the map is there");
    assert!(
        kept.replace("\r\n", "\n") == drawn,
        "docs/tree.svg is not the map of the tree: `BLESS=1 cargo test the_map` draws it again"
    );
    let readme = fs::read_to_string(project("README.md")).expect("the README is there");
    assert!(readme.contains("(docs/tree.svg)"));
}
