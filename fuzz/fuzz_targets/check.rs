//! Whatever a tree file holds, checking it ends, and what was found can be shown.

#![no_main]

use jiff::civil::date;
use libfuzzer_sys::fuzz_target;
use lookout_troubleshoot::check::Checked;
use lookout_troubleshoot::export;
use lookout_troubleshoot::lang::Lang;
use lookout_troubleshoot::tree::{Severity, Tree};
use lookout_troubleshoot::ui::{self, Look};

fuzz_target!(|text: &str| {
    let checked = Checked::new("x".to_owned(), text.to_owned(), date(2026, 11, 24), true);
    assert_eq!(checked.tree.is_some(), checked.count(Severity::Error) == 0);
    // The wizard refuses exactly what has errors.
    assert_eq!(checked.tree.is_some(), Tree::parse(text).is_ok());
    // All in the order of the file, none twice.
    assert!(checked.problems.windows(2).all(|pair| {
        let [a, b] = [&pair[0], &pair[1]].map(|problem| (problem.span, problem.rule));
        a < b || (a == b && pair[0].message != pair[1].message)
    }));
    let look = Look {
        width: 40,
        ..Look::PLAIN
    };
    let shown = ui::problems("x", text, &checked.problems, look);
    assert_eq!(shown.is_empty(), checked.problems.is_empty());
    let lines = ui::problem_lines("x", &checked.problems, look);
    let annotations = export::github(&checked);
    for (problem, annotation) in checked.problems.iter().zip(annotations.lines()) {
        assert!(lines.contains(&problem.message));
        assert!(annotation.contains(problem.rule.code()));
    }
    assert_eq!(annotations.lines().count(), checked.problems.len());
    assert!(ui::summary(&checked).ends_with('\n'));
    if let Some(tree) = &checked.tree {
        for (_, node) in tree.nodes() {
            for lang in Lang::ALL {
                assert!(!ui::show(tree, node, lang, look).contains('\u{1b}'));
            }
        }
    }
});
