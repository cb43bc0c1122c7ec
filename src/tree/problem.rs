//! A problem says which rule is broken, where, and what to do next; it holds no colour, no path and
//! no layout.

use serde::Serialize;

/// How bad a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The tree cannot be walked.
    Error,
    /// The tree can be walked, but something in it is probably not meant.
    Warning,
}

/// A rule that a tree file has to keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rule {
    /// The file is YAML.
    Syntax,
    /// A value has the shape that its place asks for: text, list or mapping.
    Shape,
    /// A mapping has only keys that exist.
    UnknownKey,
    /// A mapping has every key that it needs.
    MissingKey,
    /// A key, and so an id, stands once.
    DuplicateKey,
    /// An id is lower-case letters and digits, in words joined by hyphens.
    Id,
    /// A text is in a language that the tree speaks.
    UnknownLanguage,
    /// A text is in every language that the tree speaks.
    MissingLanguage,
    /// A text holds no character that could act on a terminal or hide what it says.
    UnsafeCharacter,
    /// A target is a node of the tree.
    UnknownTarget,
    /// A link is in the table of links.
    UnknownLink,
    /// What is there is not empty.
    Empty,
    /// The choices of a question have different ids.
    DuplicateChoice,
    /// The choices of a question read differently.
    DuplicateLabel,
    /// An address begins with `https://` and names a host.
    Address,
    /// A value is one of those that its place allows.
    Value,
    /// The tree starts with a question.
    Start,
    /// The tree has a symptom.
    NoSymptom,
    /// Every node can be reached from the start.
    Unreachable,
    /// Every node leads to an escalation in the end.
    EndlessLoop,
    /// Every link of the table is used.
    UnusedLink,
}

impl Rule {
    /// Every rule, in the order of the codes.
    pub const ALL: [Rule; 21] = [
        Rule::Syntax,
        Rule::Shape,
        Rule::UnknownKey,
        Rule::MissingKey,
        Rule::DuplicateKey,
        Rule::Id,
        Rule::UnknownLanguage,
        Rule::MissingLanguage,
        Rule::UnsafeCharacter,
        Rule::UnknownTarget,
        Rule::UnknownLink,
        Rule::Empty,
        Rule::DuplicateChoice,
        Rule::DuplicateLabel,
        Rule::Address,
        Rule::Value,
        Rule::Start,
        Rule::NoSymptom,
        Rule::Unreachable,
        Rule::EndlessLoop,
        Rule::UnusedLink,
    ];

    /// The stable code that scripts and documents rely on.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Rule::Syntax => "T001",
            Rule::Shape => "T002",
            Rule::UnknownKey => "T003",
            Rule::MissingKey => "T004",
            Rule::DuplicateKey => "T005",
            Rule::Id => "T006",
            Rule::UnknownLanguage => "T007",
            Rule::MissingLanguage => "T008",
            Rule::UnsafeCharacter => "T009",
            Rule::UnknownTarget => "T010",
            Rule::UnknownLink => "T011",
            Rule::Empty => "T012",
            Rule::DuplicateChoice => "T013",
            Rule::DuplicateLabel => "T014",
            Rule::Address => "T015",
            Rule::Value => "T016",
            Rule::Start => "T017",
            Rule::NoSymptom => "T018",
            Rule::Unreachable => "T019",
            Rule::EndlessLoop => "T020",
            Rule::UnusedLink => "T021",
        }
    }

    /// How bad it is to break this rule.
    #[must_use]
    pub fn severity(self) -> Severity {
        match self {
            Rule::UnusedLink => Severity::Warning,
            _ => Severity::Error,
        }
    }
}

/// A place in the tree file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// The line, from 1.
    pub line: u32,
    /// The column in characters, from 1.
    pub column: u32,
}

impl Span {
    /// The beginning of a file.
    pub const START: Span = Span { line: 1, column: 1 };
}

/// One mistake in a tree file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The rule that is broken.
    pub rule: Rule,
    /// Where.
    pub span: Span,
    /// The id of the node that the place belongs to, if it belongs to one.
    pub node: Option<String>,
    /// What is wrong: lower case, no full stop, names in backticks.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
}

impl Serialize for Problem {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct View<'a> {
            code: &'a str,
            severity: Severity,
            line: u32,
            column: u32,
            node: Option<&'a str>,
            message: &'a str,
            hint: Option<&'a str>,
        }
        View {
            code: self.rule.code(),
            severity: self.rule.severity(),
            line: self.span.line,
            column: self.span.column,
            node: self.node.as_deref(),
            message: &self.message,
            hint: self.hint.as_deref(),
        }
        .serialize(serializer)
    }
}
