//! The problems of a tree file for its author: where each stands in the text, what is wrong, and
//! what to do. It shows every problem it is given, and decides nothing about them.

use std::fmt::Write as _;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use console::Style;

use super::Look;
use crate::check::Checked;
use crate::tree::{Problem, Severity, Span};

/// Problems with the lines of the file that they stand in, as compilers show them. `path` is what
/// the file is called, and `text` is what stands in it.
#[must_use]
pub fn problems(path: &str, text: &str, problems: &[Problem], look: Look) -> String {
    let renderer = if look.colours {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    // A long line is shown in part, around the place that is meant.
    let renderer = match look.width {
        0 => renderer,
        width => renderer.term_width(width.max(40)),
    };
    let lines: Vec<&str> = text.lines().collect();
    let mut shown = String::new();
    for problem in problems {
        let level = match problem.severity() {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
            Severity::Note => Level::NOTE,
        };
        let index = usize::try_from(problem.span.line).unwrap_or(usize::MAX);
        let line = lines.get(index.saturating_sub(1)).copied();
        let line = line.unwrap_or_default();
        let snippet = Snippet::source(line)
            .line_start(index)
            .path(path)
            .annotation(AnnotationKind::Primary.span(bytes(line, problem.span)));
        let mut group = level
            .primary_title(&problem.message)
            .id(problem.rule.code())
            .element(snippet);
        if let Some(hint) = &problem.hint {
            group = group.element(Level::HELP.message(hint));
        }
        shown.push_str(&renderer.render(&[group]));
        shown.push_str("\n\n");
    }
    shown
}

/// The bytes of a line that a place covers, at least one character unless there is none.
fn bytes(line: &str, span: Span) -> std::ops::Range<usize> {
    let at = |column: u32| {
        let column = usize::try_from(column).unwrap_or(usize::MAX);
        let mut starts = line.char_indices().map(|(index, _)| index);
        starts.nth(column).unwrap_or(line.len())
    };
    let start = at(span.column.saturating_sub(1));
    let end = match span.length {
        0 => line.trim_end().len(),
        length => at((span.column - 1).saturating_add(length)),
    };
    start..end.max(start)
}

/// Problems as a line each, `path:line:column: error[code]: message`, and a line for the hint.
#[must_use]
pub fn problem_lines(path: &str, problems: &[Problem], look: Look) -> String {
    let mut text = String::new();
    for problem in problems {
        let style = match problem.severity() {
            Severity::Error => Style::new().red().bold(),
            Severity::Warning => Style::new().yellow().bold(),
            Severity::Note => Style::new().green().bold(),
        };
        let code = format!("{}[{}]", problem.severity().name(), problem.rule.code());
        let code = style.force_styling(look.colours).apply_to(code);
        let (line, column) = (problem.span.line, problem.span.column);
        let _ = writeln!(text, "{path}:{line}:{column}: {code}: {}", problem.message);
        if let Some(hint) = &problem.hint {
            let _ = writeln!(text, "  hint: {hint}");
        }
    }
    text
}

/// How many problems a file has and, where they were asked for, how many routes: a line each.
#[must_use]
pub fn summary(checked: &Checked) -> String {
    let name = &checked.name;
    let mut text = format!("{name}: {}\n", count(&checked.problems));
    let Some(routes) = &checked.routes else {
        return text;
    };
    let number = match routes.count {
        u128::MAX => "more than 10^38 routes".to_owned(),
        1 => "1 route".to_owned(),
        count => format!("{count} routes"),
    };
    let (shortest, longest) = (routes.shortest, routes.longest);
    let median = match routes.median {
        Some(median) => format!("{median} in the median"),
        None => "too many to say in the median".to_owned(),
    };
    let _ = if routes.is_exact {
        writeln!(
            text,
            "{name}: {number}; questions asked: {shortest} at least, {median}, {longest} at most",
        )
    } else {
        writeln!(
            text,
            "{name}: {number} or more: they cross in too many ways to be counted; questions asked: \
             {shortest} at least, {longest} or more at most",
        )
    };
    if routes.loops > 0 {
        let loops = routes.loops;
        let _ = writeln!(
            text,
            "{name}: answers that lead back, not followed: {loops}"
        );
    }
    let unreached: Vec<&str> = checked.unreached().collect();
    if !unreached.is_empty() {
        let unreached = unreached.join(", ");
        let _ = writeln!(text, "{name}: no route ends at: {unreached}");
    }
    text
}

/// How many problems there are of each severity, in words. Notes are mentioned only where there are
/// any.
#[must_use]
pub fn count(problems: &[Problem]) -> String {
    let number = |severity: Severity| {
        let own = problems.iter().filter(|own| own.severity() == severity);
        match own.count() {
            1 => format!("1 {}", severity.name()),
            count => format!("{count} {}s", severity.name()),
        }
    };
    let (errors, warnings) = (number(Severity::Error), number(Severity::Warning));
    if problems.iter().any(|own| own.severity() == Severity::Note) {
        format!("{errors}, {warnings}, {}", number(Severity::Note))
    } else {
        format!("{errors}, {warnings}")
    }
}
