//! A problem says which rule is broken, where, and what to do next; it holds no colour, no path and
//! no layout.

use serde::Serialize;

/// How bad a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth a look some day; the calendar alone can bring it up.
    Note,
    /// The tree can be walked, but something in it is probably not meant.
    Warning,
    /// The tree cannot be walked.
    Error,
}

impl Severity {
    /// The word for it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Severity::Note => "note",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

/// Declares the rules: what each asks for, its stable code, and how bad it is to break it.
macro_rules! rules {
    ($($(#[$doc:meta])* $rule:ident $code:literal $severity:ident,)*) => {
        /// A rule that a tree file has to keep. `docs/checks.md` has an example of each.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Rule {
            $($(#[$doc])* $rule,)*
        }

        impl Rule {
            /// Every rule, in the order of the codes.
            pub const ALL: &[Rule] = &[$(Rule::$rule),*];

            /// The stable code that scripts, marks and documents rely on.
            #[must_use]
            pub fn code(self) -> &'static str {
                match self {
                    $(Rule::$rule => $code,)*
                }
            }

            /// How bad it is to break this rule.
            #[must_use]
            pub fn severity(self) -> Severity {
                match self {
                    $(Rule::$rule => Severity::$severity,)*
                }
            }
        }
    };
}

rules! {
    /// The file is YAML.
    Syntax "T001" Error,
    /// A value has the shape that its place asks for: text, list or mapping.
    Shape "T002" Error,
    /// A mapping has only keys that exist.
    UnknownKey "T003" Error,
    /// A mapping has every key that it needs.
    MissingKey "T004" Error,
    /// A key, and so an id, stands once.
    DuplicateKey "T005" Error,
    /// An id is lower-case letters and digits, in words joined by hyphens.
    Id "T006" Error,
    /// A text is in a language that the tree speaks.
    UnknownLanguage "T007" Error,
    /// A text is in every language that the tree speaks.
    MissingLanguage "T008" Error,
    /// A text holds no character that could act on a terminal or hide what it says.
    UnsafeCharacter "T009" Error,
    /// A target is a node of the tree.
    UnknownTarget "T010" Error,
    /// A link is in the table of links.
    UnknownLink "T011" Error,
    /// What is there is not empty.
    Empty "T012" Error,
    /// The choices of a question have different ids.
    DuplicateChoice "T013" Error,
    /// The choices of a question read differently.
    DuplicateLabel "T014" Error,
    /// An address begins with `https://`, names a host, and gives nobody's password away.
    Address "T015" Error,
    /// A value is one of those that its place allows.
    Value "T016" Error,
    /// The tree starts with a question.
    Start "T017" Error,
    /// The tree has a symptom.
    NoSymptom "T018" Error,
    /// Every node can be reached from the start.
    Unreachable "T019" Error,
    /// Every node leads to an escalation in the end.
    EndlessLoop "T020" Error,
    /// Every link of the table is used.
    UnusedLink "T021" Warning,
    /// A question has more than one choice.
    OnlyChoice "T022" Warning,
    /// An address stands in the table of links once.
    SameAddress "T023" Warning,
    /// A text has no blanks that nobody sees.
    Whitespace "T024" Warning,
    /// A text is short enough to be read at a glance.
    LongText "T025" Warning,
    /// A sentence is short enough to be understood at once.
    LongSentence "T026" Warning,
    /// A fact was confirmed before today.
    CheckedLater "T027" Note,
    /// A fact was confirmed within the last year.
    CheckedLongAgo "T028" Note,
    /// A mark that something is intended marks something.
    UnusedMark "T029" Warning,
    /// The file is one YAML document of a size that a tree can have.
    Unreadable "T030" Error,
    /// What is there for the search stands once.
    RepeatedWord "T031" Warning,
    /// What a test of the evidence names is declared, and its choice is one of the question.
    UnknownEvidence "T032" Error,
}

impl Rule {
    /// The rule with this code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Rule> {
        Rule::ALL.iter().copied().find(|rule| rule.code() == code)
    }
}

/// A place in the tree file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The line, from 1.
    pub line: u32,
    /// The column in characters, from 1.
    pub column: u32,
    /// How many characters of the line belong to it; 0 where it goes on to the end of the line.
    pub length: u32,
}

impl Span {
    /// The beginning of a file.
    pub const START: Span = Span {
        line: 1,
        column: 1,
        length: 0,
    };
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

impl Problem {
    /// How bad it is.
    #[must_use]
    pub fn severity(&self) -> Severity {
        self.rule.severity()
    }
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
