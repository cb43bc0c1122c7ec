//! How long it takes to read a tree, beside the cost of its YAML alone. `cargo bench` runs it.

use divan::{Bencher, black_box};
use lookout_troubleshoot::tree::Tree;
use serde::de::IgnoredAny;

const EMBEDDED: &str = include_str!("../decision_tree.yaml");

fn main() {
    divan::main();
}

/// What the parser behind `serde_yaml` needs to see every value and to keep none.
#[divan::bench]
fn yaml_alone(bencher: Bencher) {
    bencher.bench(|| {
        serde_yaml::from_str::<IgnoredAny>(black_box(EMBEDDED)).expect("the tree is YAML")
    });
}

/// Reading, checking and resolving.
#[divan::bench]
fn parse(bencher: Bencher) {
    bencher.bench(|| Tree::parse(black_box(EMBEDDED)));
}
