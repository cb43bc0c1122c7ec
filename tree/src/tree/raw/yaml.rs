//! YAML as plain values that know where they stand. Nothing here knows what a tree is; what a file
//! may cost is bounded by its size, whatever its aliases say.
//!
//! The events of the parser behind `serde_yaml` are taken as they come. A derived `Deserialize`
//! would stop at the first value of a wrong shape and guess the types of scalars (`title: no`); it
//! would also take longer, as `docs/performance.md` shows.

use std::borrow::Cow;
use std::collections::HashMap;

use serde_yaml::granit_parser::{self, Event, Parser, ScalarStyle, ScanError};

use crate::tree::problem::{Rule, Span};

/// A value and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Yaml<'s> {
    pub(super) span: Span,
    pub(super) value: Value<'s>,
}

/// The three shapes of YAML, and nothing at all. A scalar is text, whatever it looks like.
#[derive(Clone, Debug)]
pub(super) enum Value<'s> {
    Null,
    Text(Cow<'s, str>),
    List(Vec<Yaml<'s>>),
    Mapping(Vec<(Yaml<'s>, Yaml<'s>)>),
}

/// Why a file is not YAML that a tree could be, and where.
#[derive(Debug)]
pub(super) struct SyntaxError {
    /// [`Rule::Syntax`], or [`Rule::Unreadable`] where the text is YAML but no tree.
    pub(super) rule: Rule,
    pub(super) span: Span,
    pub(super) message: String,
    pub(super) hint: Option<&'static str>,
}

/// How deep values may be nested, aliases included: no tree needs a tenth of it, and it keeps
/// recursion over a value short.
const DEPTH: usize = 128;

/// How large all that aliases stand for may be together, besides the size of the file: see [`size`].
const ALIASED: usize = 10_000;

/// Reads a file that holds one document.
///
/// # Errors
///
/// The first place where the text is not YAML, or is more than a tree may be.
pub(super) fn read(source: &str) -> Result<Yaml<'_>, SyntaxError> {
    let mut builder = Builder {
        open: Vec::new(),
        anchors: HashMap::new(),
        aliased: ALIASED + source.len(),
        document: None,
    };
    for next in Parser::new_from_str(source) {
        let (event, span) = next.map_err(|error| scan_error(&error, source))?;
        builder.event(event, place(&span))?;
    }
    Ok(builder.document.unwrap_or(Yaml {
        span: Span::START,
        value: Value::Null,
    }))
}

/// How large a text is: one for the value and one for every few of its bytes, so that as many values as
/// a file has bytes, each with its text, take a bounded multiple of the file.
fn size(text: &str) -> usize {
    1 + text.len() / 16
}

fn place(span: &granit_parser::Span) -> Span {
    let number = |value: usize| u32::try_from(value).unwrap_or(u32::MAX);
    let (start, end) = (&span.start, &span.end);
    Span {
        line: number(start.line()),
        column: number(start.col().saturating_add(1)),
        length: if start.line() == end.line() {
            number(end.col().saturating_sub(start.col()))
        } else {
            0
        },
    }
}

fn scan_error(error: &ScanError, source: &str) -> SyntaxError {
    let span = place(&granit_parser::Span::empty(*error.marker()));
    let message = error.info();
    // The parser has a limit of its own, which it may come to first because it looks ahead.
    if message == "recursion limit exceeded" {
        return too_deep(span);
    }
    if !message.contains("tab") {
        return not_yaml(span, &message);
    }
    // It names the value that the tab comes after.
    let tab = first_tab(source, span);
    SyntaxError {
        hint: Some("use spaces"),
        ..not_yaml(tab.unwrap_or(span), &message)
    }
}

/// The first tab that indents a line, from a place on.
fn first_tab(source: &str, from: Span) -> Option<Span> {
    let lines = (1..)
        .zip(source.lines())
        .skip(from.line.saturating_sub(1) as usize);
    let mut tabs = lines.filter_map(|(line, text)| {
        let indent = text.len() - text.trim_start_matches([' ', '\t']).len();
        let before = text[..indent].find('\t')?;
        let column = u32::try_from(before + 1).ok()?;
        Some(Span {
            line,
            column,
            length: 1,
        })
    });
    tabs.next()
}

fn too_deep(span: Span) -> SyntaxError {
    too_much(span, format!("values are nested more than {DEPTH} deep"))
}

/// The error of a text that is YAML, but no tree.
fn too_much(span: Span, message: impl Into<String>) -> SyntaxError {
    SyntaxError {
        rule: Rule::Unreadable,
        span,
        message: message.into(),
        hint: None,
    }
}

/// The error of a text that is not YAML where the parser does not say so.
fn not_yaml(span: Span, message: &str) -> SyntaxError {
    SyntaxError {
        rule: Rule::Syntax,
        span,
        message: message.to_owned(),
        hint: None,
    }
}

/// A value that an anchor names.
#[derive(Debug)]
struct Anchored<'s> {
    yaml: Yaml<'s>,
    size: usize,
    depth: usize,
}

/// A list or a mapping whose end has not come yet.
#[derive(Debug)]
struct Open<'s> {
    span: Span,
    anchor: usize,
    /// How large it is, with all that is in it.
    size: usize,
    /// How deep it is, itself included.
    depth: usize,
    content: Content<'s>,
}

#[derive(Debug)]
enum Content<'s> {
    List(Vec<Yaml<'s>>),
    Mapping(Vec<(Yaml<'s>, Yaml<'s>)>, Option<Yaml<'s>>),
}

struct Builder<'s> {
    open: Vec<Open<'s>>,
    anchors: HashMap<usize, Anchored<'s>>,
    aliased: usize,
    document: Option<Yaml<'s>>,
}

impl<'s> Builder<'s> {
    fn event(&mut self, event: Event<'s>, span: Span) -> Result<(), SyntaxError> {
        match event {
            Event::Scalar(.., Some(_))
            | Event::SequenceStart(.., Some(_))
            | Event::MappingStart(.., Some(_)) => {
                let message = "a value has a tag such as `!this`, which means nothing in a tree";
                return Err(not_yaml(span, message));
            }
            Event::Scalar(text, style, anchor, None) => {
                let is_null = style == ScalarStyle::Plain && matches!(&*text, "" | "~" | "null");
                let size = size(&text);
                let value = if is_null {
                    Value::Null
                } else {
                    Value::Text(text)
                };
                self.close(Yaml { span, value }, anchor, size, 1);
            }
            Event::SequenceStart(_, anchor, _) => {
                self.open(span, anchor, Content::List(Vec::new()))?;
            }
            Event::MappingStart(_, anchor, _) => {
                // Most mappings are a text in two languages.
                self.open(span, anchor, Content::Mapping(Vec::with_capacity(2), None))?;
            }
            Event::SequenceEnd | Event::MappingEnd => {
                if let Some(open) = self.open.pop() {
                    let value = match open.content {
                        Content::List(values) => Value::List(values),
                        Content::Mapping(entries, _) => Value::Mapping(entries),
                    };
                    let yaml = Yaml {
                        span: open.span,
                        value,
                    };
                    self.close(yaml, open.anchor, open.size, open.depth);
                }
            }
            Event::Alias(anchor) => self.alias(anchor, span)?,
            Event::DocumentStart(..) if self.document.is_some() => {
                let message = "a second document begins; a tree is a single one";
                return Err(not_yaml(span, message));
            }
            _ => {}
        }
        Ok(())
    }

    fn open(&mut self, span: Span, anchor: usize, content: Content<'s>) -> Result<(), SyntaxError> {
        self.fits(1, span)?;
        self.open.push(Open {
            span,
            anchor,
            size: 1,
            depth: 1,
            content,
        });
        Ok(())
    }

    fn fits(&self, depth: usize, span: Span) -> Result<(), SyntaxError> {
        if self.open.len() + depth <= DEPTH {
            return Ok(());
        }
        Err(too_deep(span))
    }

    fn alias(&mut self, anchor: usize, span: Span) -> Result<(), SyntaxError> {
        let Some(anchored) = self.anchors.get(&anchor) else {
            let message = "the alias stands inside the value that it names";
            return Err(not_yaml(span, message));
        };
        let (size, depth) = (anchored.size, anchored.depth);
        self.fits(depth, span)?;
        let Some(left) = self.aliased.checked_sub(size) else {
            let message = "aliases make the file many times as large as it is";
            return Err(too_much(span, message));
        };
        self.aliased = left;
        // A mistake in what is repeated is shown where it is written.
        let yaml = anchored.yaml.clone();
        self.close(yaml, 0, size, depth);
        Ok(())
    }

    /// Puts a finished value where it belongs.
    fn close(&mut self, yaml: Yaml<'s>, anchor: usize, size: usize, depth: usize) {
        if anchor > 0 {
            let anchored = Anchored {
                yaml: yaml.clone(),
                size,
                depth,
            };
            self.anchors.insert(anchor, anchored);
        }
        let Some(open) = self.open.last_mut() else {
            self.document = Some(yaml);
            return;
        };
        open.size += size;
        open.depth = open.depth.max(depth + 1);
        match &mut open.content {
            Content::List(list) => list.push(yaml),
            Content::Mapping(entries, key) => match key.take() {
                None => *key = Some(yaml),
                Some(key) => entries.push((key, yaml)),
            },
        }
    }
}

impl Value<'_> {
    /// What it is, for a message.
    pub(super) fn shape(&self) -> &'static str {
        match self {
            Value::Null => "nothing",
            Value::Text(_) => "a text",
            Value::List(_) => "a list",
            Value::Mapping(_) => "a mapping",
        }
    }
}
