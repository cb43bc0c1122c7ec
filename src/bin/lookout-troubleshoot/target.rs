//! Where a record goes, and as what: that it can be written there is known before the first question, and
//! what cannot be written in the end is not lost.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use jiff::tz::TimeZone;
use lookout_troubleshoot::cli::ReportFormat;
use lookout_troubleshoot::report::Report;

/// Where a record goes, and as what.
pub(crate) struct Target {
    /// Nothing where it goes to standard output.
    path: Option<PathBuf>,
    format: ReportFormat,
}

impl Target {
    /// Makes sure that a record can be written to a path.
    ///
    /// # Errors
    ///
    /// Where it cannot, or the name does not say as what.
    pub(crate) fn new(path: &Path) -> anyhow::Result<Target> {
        if path == Path::new("-") {
            return Ok(Target {
                path: None,
                format: ReportFormat::Text,
            });
        }
        let shown = path.display();
        let extension = path.extension().and_then(|extension| extension.to_str());
        let format = match extension.map(str::to_ascii_lowercase).as_deref() {
            Some("md" | "markdown") => ReportFormat::Markdown,
            Some("txt") => ReportFormat::Text,
            Some("json") => ReportFormat::Json,
            _ => {
                bail!("`{shown}` does not say what to write: end the name with .md, .txt or .json")
            }
        };
        let was_there = path.exists();
        let opened = OpenOptions::new().append(true).create(true).open(path);
        opened.with_context(|| format!("cannot write `{shown}`"))?;
        if !was_there {
            // It was only made to see whether it can be.
            fs::remove_file(path).with_context(|| format!("cannot write `{shown}`"))?;
        }
        Ok(Target {
            path: Some(path.to_owned()),
            format,
        })
    }

    /// Writes a record; where that fails, it goes to standard output, so that it is not lost.
    ///
    /// # Errors
    ///
    /// Where it could not be written to where it was meant to go.
    pub(crate) fn write(
        &self,
        report: &Report,
        format: Option<ReportFormat>,
        out: &mut dyn Write,
    ) -> anyhow::Result<()> {
        let text = text(report, format.unwrap_or(self.format))?;
        let Some(path) = &self.path else {
            return Ok(out.write_all(format!("\n{text}").as_bytes())?);
        };
        let Err(error) = fs::write(path, &text) else {
            return Ok(());
        };
        out.write_all(format!("\n{text}").as_bytes())?;
        Err(error).with_context(|| format!("cannot write `{}`", path.display()))
    }
}

/// A record as text in a format.
pub(crate) fn text(report: &Report, format: ReportFormat) -> anyhow::Result<String> {
    let zone = TimeZone::system();
    Ok(match format {
        ReportFormat::Text => report.to_text(&zone),
        ReportFormat::Markdown => report.to_markdown(&zone),
        ReportFormat::Json => report.to_json()?,
    })
}
