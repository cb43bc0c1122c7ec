//! How long it takes to read, to check and to walk trees of all sizes, beside the cost of their YAML
//! alone. `cargo bench --bench tree` runs it.

mod generate;

use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use jiff::civil::date;
use lookout_troubleshoot::search::Search;
use lookout_troubleshoot::tree::{Date, Tree};
use lookout_troubleshoot::walk::Walk;
use serde::de::IgnoredAny;
use serde_yaml::Options;

const TODAY: Date = date(2026, 11, 24);

/// How many nodes the trees have; 0 stands for the embedded tree.
const SIZES: [usize; 5] = [0, 150, 1_000, 10_000, 100_000];

fn main() {
    divan::main();
}

fn source(size: usize) -> String {
    match size {
        0 => include_str!("../../decision_tree.yaml").to_owned(),
        size => generate::tree(size),
    }
}

fn measured(bencher: Bencher, size: usize, work: impl Fn(&str) + Sync) {
    let source = source(size);
    bencher
        .counter(BytesCount::of_str(&source))
        .bench(|| work(black_box(&source)));
}

/// What the parser behind `serde_yaml` needs to see every value and to keep none.
#[divan::bench(args = SIZES, sample_count = 10)]
fn yaml_alone(bencher: Bencher, size: usize) {
    measured(bencher, size, |source| {
        let mut options = Options::default();
        // Its limit on the size of a file is what the largest trees are beyond.
        options.budget = None;
        serde_yaml::from_str_with_options::<IgnoredAny>(source, options).expect("the tree is YAML");
    });
}

/// Reading and resolving, as at every start.
#[divan::bench(args = SIZES, sample_count = 10)]
fn parse(bencher: Bencher, size: usize) {
    measured(bencher, size, |source| {
        black_box(Tree::parse(source)).expect("the tree has no mistake");
    });
}

/// Reading, resolving and every rule.
#[divan::bench(args = SIZES, sample_count = 10)]
fn check(bencher: Bencher, size: usize) {
    measured(bencher, size, |source| {
        assert!(black_box(Tree::check(source, TODAY)).0.is_some());
    });
}

/// Counting the routes of a tree that has been read.
#[divan::bench(args = SIZES, sample_count = 10)]
fn routes(bencher: Bencher, size: usize) {
    let tree = Tree::parse(&source(size)).expect("the tree has no mistake");
    bencher.bench(|| black_box(tree.routes()));
}

/// One answer, and everything that a screen shows of a walk after it.
#[divan::bench(args = SIZES, sample_count = 10)]
fn answer(bencher: Bencher, size: usize) {
    let tree = Tree::parse(&source(size)).expect("the tree has no mistake");
    bencher.bench(|| {
        let mut walk = Walk::new(black_box(&tree));
        let first = walk.moves()[0].id();
        walk.answer(first);
        (walk.position(), walk.moves().len(), walk.trail().len())
    });
}

/// Getting a tree ready to be searched, and one search.
#[divan::bench(args = SIZES, sample_count = 10)]
fn search(bencher: Bencher, size: usize) {
    let tree = Tree::parse(&source(size)).expect("the tree has no mistake");
    bencher.bench(|| {
        let search = Search::new(black_box(&tree));
        search.find(black_box(
            "my phone stays pending in Lookout since last week",
        ))
    });
}
