//! Tree files as text: whatever a path names, reading it ends, costs no more than the largest tree
//! may, and says in one line why where it fails.

use std::borrow::Cow;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use lookout_troubleshoot::tree::clean_whole;

/// The tree that is part of the program.
const EMBEDDED: &str = include_str!("../../../decision_tree.yaml");
const EMBEDDED_NAME: &str = "decision_tree.yaml";

/// The largest file that is read as a tree, in bytes: room for about a hundred thousand nodes.
const LARGEST: u64 = 64 * 1024 * 1024;

/// A text and the name to call it by.
#[derive(Debug)]
pub(crate) struct Source {
    pub(crate) name: String,
    pub(crate) text: Cow<'static, str>,
}

/// The text of a tree file, of standard input where the path is `-`, or of the embedded tree where
/// there is none.
///
/// # Errors
///
/// Where it cannot be read, is no file, is too large, or is no text.
pub(crate) fn read(path: Option<&Path>) -> anyhow::Result<Source> {
    let Some(path) = path else {
        return Ok(Source {
            name: EMBEDDED_NAME.to_owned(),
            text: EMBEDDED.into(),
        });
    };
    let (name, bytes) = if path == Path::new("-") {
        (
            "<stdin>".to_owned(),
            read_bounded(io::stdin().lock(), LARGEST),
        )
    } else {
        (shown(path), read_file(path))
    };
    let text = bytes.and_then(|bytes| decode(&bytes));
    let text = text.with_context(|| format!("cannot read `{name}`"))?;
    let text = text.into();
    Ok(Source { name, text })
}

/// Standard input as text, and whether that is all of it: no more is read than may be searched for.
///
/// # Errors
///
/// Where it cannot be read.
pub(crate) fn standard_input() -> anyhow::Result<(String, bool)> {
    const MOST: u64 = 1024 * 1024;
    let mut bytes = Vec::new();
    let mut input = io::stdin().lock();
    let read = input.by_ref().take(MOST).read_to_end(&mut bytes);
    let rest = read.and_then(|_| input.read(&mut [0]));
    let is_whole = rest.context("cannot read standard input")? == 0;
    let bytes = bytes.strip_prefix(UTF_8_MARK).unwrap_or(&bytes);
    Ok((String::from_utf8_lossy(bytes).into_owned(), is_whole))
}

fn read_file(path: &Path) -> anyhow::Result<Vec<u8>> {
    let kind = fs::metadata(path)?;
    if kind.is_dir() {
        bail!("it is a folder");
    }
    // To open a pipe that nobody writes to would wait for ever.
    if !kind.is_file() {
        bail!("it is not a regular file: give its text on standard input, and `-` as the name");
    }
    read_bounded(File::open(path)?, LARGEST)
}

/// All that comes, where it is no more than so many bytes.
///
/// # Errors
///
/// Where it is more, or cannot be read.
pub(crate) fn read_bounded(input: impl Read, most: u64) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    input.take(most + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most {
        bail!("it is larger than {} MB", most / 1024 / 1024);
    }
    Ok(bytes)
}

/// Text from bytes: UTF-8, or UTF-16 where a byte order mark says so, as PowerShell 5 writes it.
fn decode(bytes: &[u8]) -> anyhow::Result<String> {
    let text = match bytes {
        [0xFF, 0xFE, units @ ..] => from_utf_16(units, u16::from_le_bytes)
            .context("it is not UTF-16LE text: save it as UTF-8")?,
        [0xFE, 0xFF, units @ ..] => from_utf_16(units, u16::from_be_bytes)
            .context("it is not UTF-16BE text: save it as UTF-8")?,
        _ => {
            let text = str::from_utf8(bytes.strip_prefix(UTF_8_MARK).unwrap_or(bytes));
            let text = text.with_context(|| {
                let line = line_of_first_error(bytes);
                format!("it is not UTF-8 text from line {line} on: save it as UTF-8")
            });
            text?.to_owned()
        }
    };
    if text.contains('\0') {
        bail!("it is not text: it holds NUL characters");
    }
    Ok(text)
}

/// The byte order mark that some programs put before UTF-8.
const UTF_8_MARK: &[u8] = b"\xEF\xBB\xBF";

/// Text from UTF-16; `None` where it is none.
fn from_utf_16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Option<String> {
    let (units, rest) = bytes.as_chunks();
    let units: Vec<u16> = units.iter().copied().map(unit).collect();
    String::from_utf16(&units).ok().filter(|_| rest.is_empty())
}

/// The line in which bytes stop being UTF-8.
fn line_of_first_error(bytes: &[u8]) -> usize {
    let good = bytes.utf8_chunks().next().map_or("", |chunk| chunk.valid());
    1 + good.matches('\n').count()
}

/// The tree files that a path names: itself, or every `.yaml` and `.yml` file below a folder, in
/// the order of their names. Links to folders are not followed, so that no folder is met twice.
///
/// # Errors
///
/// Where a folder cannot be read, or has no such file.
pub(crate) fn trees(path: &Path) -> anyhow::Result<Vec<PathBuf>> {
    if path == Path::new("-") || !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut trees = Vec::new();
    let mut folders = vec![path.to_owned()];
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(&folder);
        let entries = entries.with_context(|| format!("cannot read `{}`", shown(&folder)))?;
        for entry in entries {
            let entry = entry.with_context(|| format!("cannot read `{}`", shown(&folder)))?;
            let path = entry.path();
            if entry.file_type()?.is_dir() {
                folders.push(path);
            } else if path
                .extension()
                .is_some_and(|end| end == "yaml" || end == "yml")
            {
                trees.push(path);
            }
        }
    }
    trees.sort();
    if trees.is_empty() {
        bail!("there is no `.yaml` or `.yml` file in `{}`", shown(path));
    }
    Ok(trees)
}

/// A path as a message can show it: a file name can hold anything, line feeds and escapes too.
pub(crate) fn shown(path: &Path) -> String {
    clean_whole(&path.display().to_string())
}
