//! Whatever a file holds, reading it as evidence ends, and what was read can be walked and shown.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use lookout_troubleshoot::evidence::Reading;
use lookout_troubleshoot::export;
use lookout_troubleshoot::lang::Lang;
use lookout_troubleshoot::tree::Tree;
use lookout_troubleshoot::triage::Triage;
use lookout_troubleshoot::ui::{self, Look};

static TREE: LazyLock<Tree> = LazyLock::new(|| {
    Tree::parse(include_str!("../../decision_tree.yaml")).expect("it has no mistake")
});

fuzz_target!(|files: [&[u8]; 2]| {
    let facts = vec![vec!["Lookout users".to_owned()]];
    let mut reading = Reading::new(TREE.evidence(), facts);
    for (file, name) in files.into_iter().zip(["managed.json", "lookout.json"]) {
        reading.read(name, None, None, file);
    }
    let dossier = reading.finish(jiff::Timestamp::UNIX_EPOCH);
    let triage = Triage::new(&TREE, &dossier);
    let groups = triage.groups();
    let counted: usize = groups.iter().map(|group| group.devices).sum();
    assert_eq!(counted, dossier.devices().len());
    for lang in Lang::ALL {
        let json = serde_json::to_string(&export::triage(&triage, lang)).expect("it is memory");
        let shown = ui::read(&dossier, lang, Look::PLAIN) + &ui::triage(&triage, lang, Look::PLAIN, true);
        assert!(!json.contains('\u{1b}') && !shown.contains('\u{1b}'));
    }
});
