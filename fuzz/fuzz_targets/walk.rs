//! Whatever is answered, a walk stays in its tree, and going back undoes it.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use lookout_troubleshoot::tree::{Kind, Tree};
use lookout_troubleshoot::walk::{Position, Walk};

static TREE: LazyLock<Tree> = LazyLock::new(|| {
    Tree::parse(include_str!("../../decision_tree.yaml")).expect("it has no mistake")
});

fuzz_target!(|bytes: &[u8]| {
    let mut walk = Walk::new(&TREE);
    for byte in bytes {
        let before = walk.clone();
        let moves = walk.moves();
        match byte {
            0 => {
                assert_eq!(walk.back(), !before.answers().is_empty());
            }
            1 => {
                walk.restart();
                assert_eq!(walk.position(), Position::At(TREE.start()));
            }
            2 => {
                assert!(!walk.answer("no such answer"));
                assert_eq!(walk.answers(), before.answers());
            }
            byte => {
                let Some(step) = moves.get(usize::from(*byte) % moves.len().max(1)) else {
                    assert!(matches!(walk.position(), Position::Ended(_)));
                    continue;
                };
                assert!(walk.answer(step.id()));
                assert_eq!(walk.answers().len(), before.answers().len() + 1);
                let mut undone = walk.clone();
                assert!(undone.back());
                assert_eq!(undone.answers(), before.answers());
                assert_eq!(undone.position(), before.position());
                assert_eq!(undone.earlier(), Some(step.id()));
            }
        }
        match walk.position() {
            Position::At(node) => {
                assert!(!matches!(TREE[node].kind, Kind::Symptom(_)));
                assert!(!walk.moves().is_empty());
            }
            Position::Ended(_) => assert!(walk.moves().is_empty()),
        }
        assert_eq!(walk.trail().len(), walk.answers().len());
    }
});
