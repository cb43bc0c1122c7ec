//! Prints a generated tree of about as many nodes as the first argument says, to measure with.

#[path = "../benches/tree/generate.rs"]
mod generate;

use std::io::{self, Write};

fn main() -> io::Result<()> {
    let nodes = std::env::args().nth(1).and_then(|nodes| nodes.parse().ok());
    let tree = generate::tree(nodes.unwrap_or(1_000));
    io::stdout().write_all(tree.as_bytes())
}
