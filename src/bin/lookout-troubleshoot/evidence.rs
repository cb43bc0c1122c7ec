//! Exports, from their files to what they say, and the triage of the devices in them. A file that cannot be
//! opened ends the program; what cannot be read in it is said, and the rest is used.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, BufWriter, IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use jiff::Timestamp;
use lookout_troubleshoot::cli::{self, Options, ReportFormat};
use lookout_troubleshoot::evidence::{Device, Dossier, Reading};
use lookout_troubleshoot::lang::{Lang, fill};
use lookout_troubleshoot::report::Report;
use lookout_troubleshoot::tree::{Evidence, KindId, Tree, clean, nearest, ticked};
use lookout_troubleshoot::triage::Triage;
use lookout_troubleshoot::{export, ui};

use crate::cases::now;
use crate::files::shown;
use crate::screen::Screen;
use crate::{FAILED, NO, target, tree};

/// How long reading may take before it is shown how far it is.
const MOMENT: Duration = Duration::from_millis(700);

/// Reads exports. `facts` are `NAME=VALUE`.
///
/// # Errors
///
/// Where a file cannot be opened, or something is named that the tree does not know.
pub(crate) fn read(
    paths: &[PathBuf],
    facts: &[String],
    tree: &'static Tree,
    screen: &Screen,
) -> anyhow::Result<Dossier<'static>> {
    let evidence = tree.evidence();
    if evidence.kinds().next().is_none() {
        bail!("the tree does not say what it could take from files");
    }
    let mut reading = Reading::new(evidence, said(facts, evidence)?);
    let mut inputs = Vec::with_capacity(paths.len());
    for path in paths {
        inputs.push(Input::open(path, evidence)?);
    }
    let has_bar = io::stderr().is_terminal() && !screen.is_plain_wanted;
    for input in inputs {
        let watched = Watched::new(input.reader, input.length, &input.name, has_bar);
        reading.read(&input.name, input.kind, input.written, watched);
    }
    Ok(reading.finish(now().timestamp()))
}

/// What a person said beforehand, in the order of the tree.
fn said(facts: &[String], evidence: &Evidence) -> anyhow::Result<Vec<Vec<String>>> {
    let mut said = vec![Vec::new(); evidence.facts().count()];
    for fact in facts {
        let said_of = fact.split_once('=').filter(|(_, value)| !value.is_empty());
        let (name, value) = said_of.with_context(|| {
            format!("`{}` is not a fact: write it as `NAME=VALUE`", clean(fact))
        })?;
        let known = evidence.facts().find(|(_, own)| own.id == name);
        let Some((id, _)) = known else {
            let near = nearest(name, evidence.facts().map(|(_, own)| own.id.as_str()));
            let hint = if near.is_empty() {
                String::new()
            } else {
                format!(": did you mean {}?", ticked(&near))
            };
            bail!("the tree has no fact `{}`{hint}", clean(name));
        };
        said[id.index()].push(value.to_owned());
    }
    Ok(said)
}

/// A file to read.
struct Input {
    name: String,
    kind: Option<KindId>,
    written: Option<Timestamp>,
    /// In bytes, where that is known.
    length: Option<u64>,
    reader: Box<dyn Read>,
}

impl Input {
    /// Opens a file, which may be named as `KIND=FILE`.
    fn open(path: &Path, evidence: &Evidence) -> anyhow::Result<Input> {
        let named = path.to_str().and_then(|path| path.split_once('='));
        let kind = named.and_then(|(name, _)| evidence.kinds().find(|(_, kind)| kind.id == name));
        let path = match (kind, named) {
            (Some(_), Some((_, file))) => Path::new(file),
            _ => path,
        };
        let kind = kind.map(|(id, _)| id);
        if path == Path::new("-") {
            return Ok(Input {
                name: "<stdin>".to_owned(),
                kind,
                written: None,
                length: None,
                reader: Box::new(io::stdin()),
            });
        }
        let name = shown(path);
        let opened = File::open(path).map_err(anyhow::Error::from);
        let opened = opened.and_then(|file| {
            let facts = file.metadata()?;
            if facts.is_dir() {
                bail!("it is a folder");
            }
            Ok((file, facts))
        });
        let (file, facts) = opened.with_context(|| {
            let kinds = evidence.kinds().map(|(_, kind)| kind.id.as_str());
            let all: Vec<&str> = kinds.collect();
            let near = named.map(|(name, _)| nearest(name, all.iter().copied()));
            let hint = match near.as_deref() {
                None => String::new(),
                Some([]) => format!(" (the kinds are {})", ticked(&all)),
                Some(near) => format!(" (did you mean the kind {}?)", ticked(near)),
            };
            format!("cannot read `{name}`{hint}")
        })?;
        // A pipe is as old as what comes through it.
        let written = facts.modified().ok().filter(|_| facts.is_file());
        Ok(Input {
            name,
            kind,
            written: written.and_then(|at| Timestamp::try_from(at).ok()),
            length: facts.is_file().then_some(facts.len()),
            reader: Box::new(file),
        })
    }
}

/// A file that shows how far it has been read, where that takes more than a moment.
struct Watched<R> {
    inner: R,
    length: Option<u64>,
    name: String,
    has_bar: bool,
    begun: Instant,
    done: u64,
    bar: Option<ProgressBar>,
}

impl<R> Watched<R> {
    fn new(inner: R, length: Option<u64>, name: &str, has_bar: bool) -> Self {
        Watched {
            inner,
            length,
            name: name.to_owned(),
            has_bar,
            begun: Instant::now(),
            done: 0,
            bar: None,
        }
    }

    fn bar(&self) -> ProgressBar {
        let target = ProgressDrawTarget::stderr();
        let bar = ProgressBar::with_draw_target(self.length, target);
        let form = match self.length {
            Some(_) => "{msg} {wide_bar} {percent:>3} %",
            None => "{msg} {bytes}",
        };
        // The default is as good where the form is not understood.
        bar.set_style(ProgressStyle::with_template(form).unwrap_or(ProgressStyle::default_bar()));
        bar.set_message(self.name.clone());
        bar
    }
}

impl<R: Read> Read for Watched<R> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(bytes)?;
        self.done += read as u64;
        if self.has_bar && self.bar.is_none() && self.begun.elapsed() > MOMENT {
            self.bar = Some(self.bar());
        }
        if let Some(bar) = &self.bar {
            bar.set_position(self.done);
        }
        Ok(read)
    }
}

impl<R> Drop for Watched<R> {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

/// The device of the evidence with an id or a name.
///
/// # Errors
///
/// Where there is none, or more than one.
pub(crate) fn device<'d>(
    dossier: &'d Dossier,
    name: &str,
    lang: Lang,
) -> anyhow::Result<&'d Device> {
    ui::device_named(dossier, name, lang).map_err(anyhow::Error::msg)
}

/// Walks every device of the evidence, and prints where each ends.
pub(crate) fn triage(
    request: &cli::Triage,
    options: &Options,
    lang: Lang,
    screen: &Screen,
    out: &mut impl Write,
) -> anyhow::Result<u8> {
    if let Some(folder) = &request.report {
        let made = fs::create_dir_all(folder);
        made.with_context(|| format!("cannot write to `{}`", shown(folder)))?;
    }
    let tree = tree(options)?;
    let dossier = read(&request.evidence, &request.fact, tree, screen)?;
    let is_for_people = !request.json && !request.csv;
    let look = if is_for_people {
        screen.look()
    } else {
        screen.look().uncoloured()
    };
    let said = ui::read(&dossier, lang, look);
    if is_for_people {
        out.write_all(said.as_bytes())?;
    } else {
        // Where this cannot be printed, nothing else can.
        let _ = io::stderr().write_all(said.as_bytes());
    }
    let triage = Triage::new(tree, &dossier);
    if request.json {
        let mut out = BufWriter::new(&mut *out);
        serde_json::to_writer_pretty(&mut out, &export::triage(&triage, lang))?;
        out.write_all(b"\n")?;
        out.flush()?;
    } else if request.csv {
        let mut table = csv::Writer::from_writer(BufWriter::new(&mut *out));
        table.write_record(export::COLUMNS)?;
        for device in export::triage(&triage, lang).devices() {
            table.write_record(device.cells())?;
        }
        table.flush()?;
    } else {
        writeln!(out)?;
        let has_bars = !screen.is_plain_wanted;
        out.write_all(ui::triage(&triage, lang, screen.look(), has_bars).as_bytes())?;
    }
    if dossier.devices().is_empty() {
        return Ok(FAILED);
    }
    if let Some(folder) = &request.report {
        let written = reports(&triage, folder, lang, request.no_redact)?;
        let count = written.to_string();
        let said = fill(lang.words().triage_reports, &[&shown(folder), &count]);
        // Where this cannot be printed, nothing else can.
        let _ = writeln!(io::stderr(), "{said}");
    }
    // What could not be read may be about a device that is not.
    let mut sources = dossier.sources().iter();
    let is_whole = sources.all(|source| source.faults == 0 && !source.records.is_empty());
    Ok(if triage.is_healthy() && is_whole {
        0
    } else {
        NO
    })
}

/// Writes a report about each device. Returns how many there are.
fn reports(triage: &Triage, folder: &Path, lang: Lang, keeps_all: bool) -> anyhow::Result<usize> {
    let now = now().timestamp();
    let mut taken = HashSet::new();
    for (number, (device, _)) in (1..).zip(triage.devices()) {
        let name = device
            .names(triage.dossier())
            .id
            .map(file_name)
            .unwrap_or_default();
        let name = if name.is_empty() || !taken.insert(name.to_lowercase()) {
            let name = format!("device-{number}");
            taken.insert(name.clone());
            name
        } else {
            name
        };
        let case = triage.case(device, name.clone(), now, lang);
        let report = Report::new(&case, triage.tree(), lang, keeps_all);
        let path = folder.join(format!("{name}.md"));
        let text = target::text(&report, ReportFormat::Markdown)?;
        fs::write(&path, text).with_context(|| format!("cannot write `{}`", shown(&path)))?;
    }
    Ok(taken.len())
}

/// A name that every system takes for a file: what is not a letter, a digit or a hyphen becomes one.
fn file_name(id: &str) -> String {
    /// The longest name, in characters.
    const LONGEST: usize = 100;
    let letters = id.chars().take(LONGEST);
    let letters = letters.map(|c| if c.is_ascii_alphanumeric() { c } else { '-' });
    letters.collect::<String>().trim_matches('-').to_owned()
}
