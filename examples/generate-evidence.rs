//! Prints an export of managed devices: `cargo run --release --example generate-evidence -- 100000`.

#[path = "../benches/evidence/generate.rs"]
mod generate;

use std::io::{self, BufWriter};

fn main() -> io::Result<()> {
    let count = std::env::args().nth(1);
    let count = count.and_then(|count| count.parse().ok()).unwrap_or(1_000);
    generate::managed_devices(count, &mut BufWriter::new(io::stdout().lock()))
}
