//! Ids by id, as people write them in YAML or JSON: each with one id or a list, and each once.

use super::yaml::{self, Value, Yaml};
use crate::tree::{Span, clean};

/// Ids by id, in the order of the text.
pub type Ids = Vec<(String, Vec<String>)>;

/// Reads a mapping from ids to ids or lists of ids. A text without anything maps nothing.
///
/// # Errors
///
/// What is wrong with the first thing that is none of this, and where.
pub fn ids(source: &str) -> Result<Ids, String> {
    let yaml = yaml::read(source).map_err(|error| at(error.span, &error.message))?;
    let entries = match yaml.value {
        Value::Null => Vec::new(),
        Value::Mapping(entries) => entries,
        other => return Err(wrong(yaml.span, "ids", other.shape())),
    };
    let mut ids: Ids = Vec::with_capacity(entries.len());
    for (key, value) in entries {
        let span = key.span;
        let id = text(key)?;
        if ids.iter().any(|(own, _)| *own == id) {
            return Err(at(span, &format!("`{}` stands twice", clean(&id))));
        }
        let values = match value.value {
            Value::List(values) => values.into_iter().map(text).collect::<Result<_, _>>()?,
            _ => vec![text(value)?],
        };
        ids.push((id, values));
    }
    Ok(ids)
}

fn text(yaml: Yaml) -> Result<String, String> {
    match yaml.value {
        Value::Text(text) => Ok(text.into_owned()),
        other => Err(wrong(yaml.span, "an id", other.shape())),
    }
}

fn wrong(span: Span, expected: &str, found: &str) -> String {
    at(span, &format!("there should be {expected}, not {found}"))
}

fn at(span: Span, message: &str) -> String {
    format!("line {}, column {}: {message}", span.line, span.column)
}
