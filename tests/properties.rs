//! What holds for every input, tried on random ones: a tree is checked to its end whatever is in the
//! file, a walk stays in its tree whatever is answered, and a search finds entries of the tree whatever
//! is searched for.

use std::sync::LazyLock;

use jiff::civil::date;
use lookout_troubleshoot::check::Checked;
use lookout_troubleshoot::search::Search;
use lookout_troubleshoot::tree::{Kind, Severity, Tree};
use lookout_troubleshoot::ui::{self, Look};
use lookout_troubleshoot::walk::{Position, Walk};
use proptest::prelude::*;

const EMBEDDED: &str = include_str!("../decision_tree.yaml");
const SMALL: &str = include_str!("trees/good/small.yaml");

static TREE: LazyLock<Tree> = LazyLock::new(|| Tree::parse(EMBEDDED).expect("it has no mistake"));

/// What a person does at a prompt.
#[derive(Clone, Debug)]
enum Input {
    Answer(usize),
    Nonsense(String),
    Back,
    Restart,
}

fn input() -> impl Strategy<Value = Input> {
    prop_oneof![
        8 => any::<usize>().prop_map(Input::Answer),
        1 => ".{0,8}".prop_map(Input::Nonsense),
        2 => Just(Input::Back),
        1 => Just(Input::Restart),
    ]
}

/// A line of a tree file, or what somebody may have made of it.
fn line() -> impl Strategy<Value = String> {
    let lines: Vec<String> = SMALL.lines().map(str::to_owned).collect();
    let kept = prop::sample::select(lines);
    prop_oneof![
        6 => kept.clone(),
        1 => (kept.clone(), kept).prop_map(|(one, other)| format!("{one} {other}")),
        1 => "( {0,8})(- )?[a-z]{0,6}: ?(\\[|\\{|&|\\*|\"|é|日)?[a-z]{0,4}",
        1 => ".{0,20}",
    ]
}

fn check_to_the_end(text: &str) {
    let checked = Checked::new("x".to_owned(), text.to_owned(), date(2026, 11, 24), true);
    assert_eq!(checked.tree.is_some(), checked.count(Severity::Error) == 0);
    assert_eq!(checked.tree.is_some(), Tree::parse(text).is_ok());
    let shown = ui::problems("x", text, &checked.problems, Look::PLAIN);
    assert_eq!(shown.is_empty(), checked.problems.is_empty());
    for problem in &checked.problems {
        assert!(!problem.message.contains('\n'), "{problem:?}");
    }
}

/// What the fuzzer found worth keeping.
#[test]
fn what_the_fuzzer_kept_is_checked_to_its_end() {
    let corpus = concat!(env!("CARGO_MANIFEST_DIR"), "/fuzz/corpus/check");
    let files = std::fs::read_dir(corpus).expect("the corpus is there");
    let mut count = 0;
    for file in files {
        let bytes = std::fs::read(file.expect("readable").path()).expect("readable");
        check_to_the_end(&String::from_utf8_lossy(&bytes));
        count += 1;
    }
    assert!(count > 20, "{count} files");
}

proptest! {
    #[test]
    fn any_text_is_checked_to_its_end(text in "\\PC{0,200}") {
        check_to_the_end(&text);
    }

    #[test]
    fn any_lines_are_checked_to_their_end(lines in prop::collection::vec(line(), 0..40)) {
        check_to_the_end(&lines.join("\n"));
    }

    #[test]
    fn a_damaged_tree_is_checked_to_its_end(
        at in 0..SMALL.len(),
        length in 0..40_usize,
        instead in "\\PC{0,4}",
    ) {
        let end = (at + length).min(SMALL.len());
        prop_assume!(SMALL.is_char_boundary(at) && SMALL.is_char_boundary(end));
        check_to_the_end(&format!("{}{instead}{}", &SMALL[..at], &SMALL[end..]));
    }

    #[test]
    fn a_walk_stays_in_its_tree_and_back_undoes(inputs in prop::collection::vec(input(), 0..40)) {
        let mut walk = Walk::new(&TREE);
        for input in inputs {
            let before = walk.clone();
            let moves = walk.moves();
            match input {
                Input::Answer(choice) if !moves.is_empty() => {
                    let step = moves[choice % moves.len()];
                    prop_assert!(walk.answer(step.id()));
                    let mut undone = walk.clone();
                    prop_assert!(undone.back());
                    prop_assert_eq!(undone.answers(), before.answers());
                    prop_assert_eq!(undone.position(), before.position());
                }
                Input::Answer(_) => prop_assert!(matches!(walk.position(), Position::Ended(_))),
                Input::Nonsense(word) => {
                    let makes_sense = moves.iter().any(|step| step.id() == word);
                    prop_assert_eq!(walk.answer(&word), makes_sense);
                }
                Input::Back => prop_assert_eq!(walk.back(), !before.answers().is_empty()),
                Input::Restart => drop(walk.restart()),
            }
            if let Position::At(node) = walk.position() {
                prop_assert!(!matches!(TREE[node].kind, Kind::Symptom(_)));
                prop_assert!(!walk.moves().is_empty());
            }
            prop_assert_eq!(walk.trail().len(), walk.answers().len());
        }
    }

    #[test]
    fn a_search_finds_symptoms_and_remedies_or_nothing(text in "(\\PC|AADSTS|pending |lookout |móvil |\n){0,60}") {
        let found = Search::new(&TREE).find(&text);
        for (index, found) in found.matches.iter().enumerate() {
            prop_assert!((0.0..=1.0).contains(&found.score));
            prop_assert!(matches!(TREE[found.node].kind, Kind::Symptom(_) | Kind::Remedy(_)));
            prop_assert!(index < 5 && !found.why.is_empty());
            for word in &found.why {
                let words: Vec<&str> = word.split(' ').collect();
                prop_assert!(words.iter().all(|word| text.contains(word)), "{word} is not in {text}");
            }
        }
    }
}
