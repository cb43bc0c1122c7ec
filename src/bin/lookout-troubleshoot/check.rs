//! The command `check`: every file is looked at, whatever is wrong with another one, and the exit
//! code says the worst of what was found.

use std::io::Write;
use std::path::PathBuf;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use lookout_troubleshoot::check::Checked;
use lookout_troubleshoot::cli::{Check, Deny, ProblemFormat};
use lookout_troubleshoot::export;
use lookout_troubleshoot::tree::{Date, Rule, Severity};
use lookout_troubleshoot::ui::{self, Look};

use crate::{FAILED, NO, files, print_json, report};

/// Prints every problem of the trees that were named, or else of the tree in use.
pub(crate) fn check(
    request: &Check,
    in_use: Option<PathBuf>,
    look: Look,
    out: &mut impl Write,
) -> anyhow::Result<u8> {
    let format = if request.json {
        ProblemFormat::Json
    } else {
        request.format
    };
    let mut paths = Vec::new();
    let mut failed = false;
    for named in &request.files {
        match files::trees(named) {
            Ok(found) => paths.extend(found.into_iter().map(Some)),
            Err(error) => {
                report(&error);
                failed = true;
            }
        }
    }
    if request.files.is_empty() {
        paths.push(in_use);
    }
    let today = today();
    let mut checked = Vec::new();
    for path in paths {
        let source = match files::read(path.as_deref()) {
            Ok(source) => source,
            Err(error) => {
                report(&error);
                failed = true;
                continue;
            }
        };
        let file = Checked::new(source.name, source.text.into_owned(), today, request.routes);
        let text = match format {
            ProblemFormat::Full => {
                let problems = ui::problems(&file.name, &file.text, &file.problems, look);
                problems + &ui::summary(&file)
            }
            ProblemFormat::Short => {
                let problems = ui::problem_lines(&file.name, &file.problems, look);
                problems + &ui::summary(&file)
            }
            ProblemFormat::Github => export::github(&file),
            ProblemFormat::Json => String::new(),
        };
        out.write_all(text.as_bytes())?;
        failed |= file
            .problems
            .iter()
            .any(|problem| problem.rule == Rule::Unreadable);
        checked.push(file);
    }
    if format == ProblemFormat::Json {
        print_json(out, &export::check(&checked))?;
    }
    let found = |severity| checked.iter().any(|file| file.count(severity) > 0);
    let denied = request.deny == Some(Deny::Warnings) && found(Severity::Warning);
    Ok(match (failed, found(Severity::Error) || denied) {
        (true, _) => FAILED,
        (false, true) => NO,
        (false, false) => 0,
    })
}

/// The date by universal time; the check allows for places where it is tomorrow already.
fn today() -> Date {
    Timestamp::now().to_zoned(TimeZone::UTC).date()
}
