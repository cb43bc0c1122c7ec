//! How long it takes to read exports and to walk every device in them, beside the cost of their JSON
//! alone. `cargo bench --bench evidence` runs it.

mod generate;

use std::io::BufReader;

use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use jiff::Timestamp;
use lookout_troubleshoot::evidence::Reading;
use lookout_troubleshoot::tree::Tree;
use lookout_troubleshoot::triage::Triage;
use serde::de::IgnoredAny;

/// How many devices the exports have.
const SIZES: [usize; 3] = [1_000, 10_000, 100_000];

fn main() {
    divan::main();
}

fn measured(bencher: Bencher, size: usize, work: impl Fn(&[u8]) + Sync) {
    let mut export = Vec::new();
    generate::managed_devices(size, &mut export).expect("memory can be written to");
    bencher
        .counter(BytesCount::new(export.len()))
        .bench(|| work(black_box(&export)));
}

/// What `serde_json` needs to see every value of what is read bit by bit, and to keep none.
#[divan::bench(args = SIZES, sample_count = 3, sample_size = 1)]
fn json_alone(bencher: Bencher, size: usize) {
    measured(bencher, size, |export| {
        let export = BufReader::with_capacity(64 * 1024, export);
        serde_json::from_reader::<_, IgnoredAny>(export).expect("the export is JSON");
    });
}

/// Reading, joining, and walking every device.
#[divan::bench(args = SIZES, sample_count = 3, sample_size = 1)]
fn triage(bencher: Bencher, size: usize) {
    let tree = include_str!("../../decision_tree.yaml");
    let tree = Tree::parse(tree).expect("the tree has no mistake");
    measured(bencher, size, |export| {
        let mut reading = Reading::new(tree.evidence(), Vec::new());
        reading.read("export.json", None, None, export);
        let dossier = reading.finish(Timestamp::UNIX_EPOCH);
        assert_eq!(
            black_box(Triage::new(&tree, &dossier)).devices().len(),
            size
        );
    });
}
