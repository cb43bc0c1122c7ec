//! What checking trees found, for other programs. Every problem is in it, once, in the order of the
//! files and within a file in its order.

use std::fmt::Write as _;

use serde::Serialize;

use crate::check::Checked;
use crate::tree::{Problem, Severity};

/// What checking found, as one JSON document.
#[derive(Debug, Serialize)]
pub struct CheckView<'c> {
    problems: Vec<ProblemView<'c>>,
    errors: usize,
    warnings: usize,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    routes: Vec<RoutesView<'c>>,
}

/// A problem and the file it is in.
#[derive(Debug, Serialize)]
struct ProblemView<'c> {
    file: &'c str,
    #[serde(flatten)]
    problem: &'c Problem,
}

#[derive(Debug, Serialize)]
struct RoutesView<'c> {
    file: &'c str,
    count: u128,
    exact: bool,
    shortest: usize,
    median: Option<usize>,
    longest: usize,
    loops: usize,
    unreached: Vec<&'c str>,
}

/// Everything that was found, with how many errors and warnings there are.
#[must_use]
pub fn check(checked: &[Checked]) -> CheckView<'_> {
    let count = |severity| checked.iter().map(|file| file.count(severity)).sum();
    let problems = checked.iter().flat_map(|file| {
        let problems = file.problems.iter();
        problems.map(move |problem| ProblemView {
            file: &file.name,
            problem,
        })
    });
    let routes = checked.iter().filter_map(|file| {
        file.routes.as_ref().map(|routes| RoutesView {
            file: &file.name,
            count: routes.count,
            exact: routes.is_exact,
            shortest: routes.shortest,
            median: routes.median,
            longest: routes.longest,
            loops: routes.loops,
            unreached: file.unreached().collect(),
        })
    });
    CheckView {
        problems: problems.collect(),
        errors: count(Severity::Error),
        warnings: count(Severity::Warning),
        routes: routes.collect(),
    }
}

/// Problems as workflow commands of GitHub Actions, which shows them beside the lines of the file.
///
/// The form, and what has to be escaped where, is that of "Workflow commands for GitHub Actions",
/// section "Setting an error message".
#[must_use]
pub fn github(checked: &Checked) -> String {
    let data = |text: &str| {
        text.replace('%', "%25")
            .replace('\r', "%0D")
            .replace('\n', "%0A")
    };
    let property = |text: &str| data(text).replace(':', "%3A").replace(',', "%2C");
    let mut text = String::new();
    for problem in &checked.problems {
        let level = match problem.severity() {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "notice",
        };
        let (line, column) = (problem.span.line, problem.span.column);
        let file = property(&checked.name);
        let code = problem.rule.code();
        let _ = write!(
            text,
            "::{level} file={file},line={line},col={column},title={code}::{}",
            data(&problem.message)
        );
        if let Some(hint) = &problem.hint {
            let _ = write!(text, "%0A{}", data(hint));
        }
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::{Rule, Span};

    #[test]
    fn an_annotation_is_one_line_whatever_is_in_it() {
        let checked = Checked {
            name: "a,b:c%.yaml".to_owned(),
            text: String::new(),
            problems: vec![Problem {
                rule: Rule::Empty,
                span: Span::START,
                node: None,
                message: "100% :: wrong\nindeed".to_owned(),
                hint: Some("mend it".to_owned()),
            }],
            tree: None,
            routes: None,
        };
        assert_eq!(
            github(&checked),
            "::error file=a%2Cb%3Ac%25.yaml,line=1,col=1,title=T012::100%25 :: wrong%0Aindeed%0Amend it\n"
        );
    }
}
