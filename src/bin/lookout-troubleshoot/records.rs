//! What has been written down in cases, printed, counted and deleted.

use std::io::{self, IsTerminal, Write};

use anyhow::{Context, bail};
use lookout_troubleshoot::answers::Answers;
use lookout_troubleshoot::case::Case;
use lookout_troubleshoot::cli::{Cases, Options, Output, ReportFormat, ReportRequest};
use lookout_troubleshoot::export;
use lookout_troubleshoot::lang::{Lang, fill};
use lookout_troubleshoot::report::{Message, Report};
use lookout_troubleshoot::stats::Stats;
use lookout_troubleshoot::ui::{self, Events, Person};

use crate::cases::{Folder, now};
use crate::screen::Screen;
use crate::target::{Target, text};
use crate::{LEFT, print_json, tree, warn};

/// Prints cases, or deletes them.
pub(crate) fn cases(
    request: &Cases,
    options: &Options,
    lang: Lang,
    screen: &Screen,
    out: &mut impl Write,
) -> anyhow::Result<u8> {
    let folder = Folder::new(options.cases.as_deref())?;
    let (mut cases, errors) = folder.all()?;
    warn(&errors);
    for id in &request.ids {
        // Says which are near where there is none.
        folder.read(id)?;
    }
    let tree = tree(options)?;
    let now = now();
    if let Some(age) = request.older_than {
        let limit = now
            .checked_sub(age)
            .context("so long ago there was nothing")?;
        cases.retain(|case| case.updated() < limit.timestamp());
    }
    if !request.ids.is_empty() {
        cases.retain(|case| request.ids.contains(&case.id));
    }
    if request.delete {
        return delete(&folder, &cases, request, lang, screen, out);
    }
    let is_part = request.older_than.is_some() || !request.ids.is_empty();
    if request.output.json {
        print_json(out, &export::cases(&cases, tree, lang))?;
    } else if cases.is_empty() && is_part {
        writeln!(out, "{}", lang.words().none_match)?;
    } else {
        out.write_all(ui::cases(&cases, tree, &now, lang, screen.look()).as_bytes())?;
    }
    Ok(0)
}

fn delete(
    folder: &Folder,
    cases: &[Case],
    request: &Cases,
    lang: Lang,
    screen: &Screen,
    out: &mut impl Write,
) -> anyhow::Result<u8> {
    if request.ids.is_empty() && request.older_than.is_none() {
        bail!("say which cases to delete: by name, or with `--older-than`");
    }
    let ids: Vec<&str> = cases.iter().map(|case| case.id.as_str()).collect();
    if !request.yes && !ids.is_empty() {
        if !io::stdin().is_terminal() {
            bail!(
                "nobody is there to ask: give `--yes` to delete {}",
                ids.join(", ")
            );
        }
        let look = || screen.look();
        let mut person = Person::new(lang, None, true, Events::new(), out, &look);
        match person.agrees_to_delete(&ids)? {
            Ok(true) => {}
            Ok(false) | Err(_) => return Ok(LEFT),
        }
    }
    for id in &ids {
        folder.delete(id)?;
    }
    let count = ids.len().to_string();
    writeln!(out, "{}", fill(lang.words().deleted, &[&count]))?;
    Ok(0)
}

/// Prints the record of a case.
pub(crate) fn report(
    request: &ReportRequest,
    options: &Options,
    lang: Lang,
    out: &mut impl Write,
) -> anyhow::Result<u8> {
    let tree = tree(options)?;
    let folder = Folder::new(options.cases.as_deref())?;
    let case = if let Some(id) = &request.case {
        folder.read(id)?
    } else {
        let (cases, errors) = folder.all()?;
        warn(&errors);
        let last = cases.into_iter().next();
        last.context("there is no case to report on")?
    };
    if request.answers {
        print_json(out, &Answers::of(&case))?;
        return Ok(0);
    }
    if request.message {
        let Some(message) = Message::new(&case, tree, &now(), lang) else {
            bail!(
                "case {} has not been passed on: its last question decides to whom",
                case.id
            );
        };
        write!(out, "{message}")?;
        return Ok(0);
    }
    let report = Report::new(&case, tree, lang, request.no_redact);
    if let Some(path) = &request.report {
        Target::new(path)?.write(&report, request.format, out)?;
    } else {
        let format = request.format.unwrap_or(ReportFormat::Text);
        out.write_all(text(&report, format)?.as_bytes())?;
    }
    Ok(0)
}

/// Counts what cases have in common.
pub(crate) fn stats(
    output: Output,
    options: &Options,
    lang: Lang,
    screen: &Screen,
    out: &mut impl Write,
) -> anyhow::Result<u8> {
    let tree = tree(options)?;
    let (cases, errors) = Folder::new(options.cases.as_deref())?.all()?;
    warn(&errors);
    let stats = Stats::new(&cases, tree, lang);
    if output.json {
        print_json(out, &stats)?;
    } else {
        let said = ui::stats(&stats, lang, screen.look(), !screen.is_plain_wanted);
        out.write_all(said.as_bytes())?;
    }
    Ok(0)
}
