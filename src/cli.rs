//! The command line: what can be asked of the program, and nothing about how it is done.

use std::io::{self, Write};
use std::path::PathBuf;

use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use clap_mangen::Man;
use jiff::Span;

use crate::lang::Lang;

/// Find out what is wrong between Lookout for Work and Microsoft Intune, step by step.
///
/// Without a command it starts the wizard: choose what you see, answer a few questions, and read the
/// steps that solve it.
#[derive(Debug, Parser)]
#[command(
    version,
    help_expected = true,
    after_help = EXIT_STATUS,
    after_long_help = long_help()
)]
pub struct Cli {
    /// The options that every command takes.
    #[command(flatten)]
    pub options: Options,

    /// What to do instead of starting the wizard.
    #[command(subcommand)]
    pub command: Option<Command>,

    /// What is known and what is wanted besides.
    #[command(flatten)]
    pub conversation: Conversation,

    /// What you see, to start from: the id of a symptom such as 403 (see `list`), an error message, or
    /// any words
    #[arg(value_name = "TEXT")]
    pub words: Vec<String>,
}

/// What is known before a conversation, and what is wanted after it.
#[derive(Debug, Args)]
pub struct Conversation {
    /// Answer from this file: YAML or JSON, ids of questions with ids of choices, as `report --answers`
    /// prints them. What it lacks is asked
    #[arg(long, value_name = "FILE")]
    pub answers: Option<PathBuf>,
    /// Write the record to this file in the end: `.md`, `.txt` or `.json`, or `-` for standard output
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,
    /// Leave in the record what notes say about persons and devices
    #[arg(long)]
    pub no_redact: bool,
    /// Answer from this export, as far as it says enough (see `evidence help`); `-` reads standard input.
    /// Say what it is with `KIND=FILE` where that cannot be seen
    #[arg(long, value_name = "[KIND=]FILE")]
    pub evidence: Vec<PathBuf>,
    /// The device of the evidence that this is about: its ID, its name or its user
    #[arg(long, value_name = "ID", requires = "evidence")]
    pub device: Option<String>,
    /// What is known and stands in no file (see `evidence help`)
    #[arg(long, value_name = "NAME=VALUE", requires = "evidence")]
    pub fact: Vec<String>,
}

/// What the numbers mean that the program ends with.
const EXIT_STATUS: &str = "\
Exit status:
  0    solved, or the command did what it was asked
  1    the answer is no: `check` or `triage` found something, `show` or `search` found nothing
  2    could not run: bad usage, unreadable or invalid tree
  3    finished, not solved: escalate
  4    pending: wait for something, then check again
  5    left early: quit, or end of input
  130  interrupted with Ctrl-C";

/// What the program looks at besides its arguments.
const ENVIRONMENT: &str = "\
Environment:
  LOOKOUT_TROUBLESHOOT_TREE   the decision tree to use where `--tree` is not given
  LOOKOUT_TROUBLESHOOT_CASES  the folder to keep cases in where `--cases` is not given
  LANG, LC_ALL, LANGUAGE      the language where `--lang` is not given
  ACCESSIBLE, TERM=dumb       where one is set: as with `--plain`
  NO_COLOR                    where it is set: no colour
  CLICOLOR_FORCE              where it is set and not 0: colour also where there is no terminal";

/// What stands below the long help, and so in the manual.
fn long_help() -> String {
    format!("{EXIT_STATUS}\n\n{ENVIRONMENT}")
}

/// The options that every command takes.
#[derive(Debug, Args)]
pub struct Options {
    /// Use this decision tree instead of the built-in one; `-` reads standard input
    #[arg(long, global = true, value_name = "FILE")]
    pub tree: Option<PathBuf>,

    /// Keep cases in this folder instead of the one for the data of programs
    #[arg(long, global = true, value_name = "DIR")]
    pub cases: Option<PathBuf>,

    /// Speak this language instead of the system's
    #[arg(long, global = true)]
    pub lang: Option<Lang>,

    /// Ask with numbered lines instead of a menu, without colour and without repainting
    #[arg(long, global = true)]
    pub plain: bool,

    /// When to use colour
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub color: When,
}

/// When to do something that a terminal may or may not be able to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum When {
    /// Where the output is a terminal that can show it
    Auto,
    /// Everywhere
    Always,
    /// Nowhere
    Never,
}

/// What the program can do besides the wizard.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Print the id and the title of every symptom
    List {
        /// How the answer is written.
        #[command(flatten)]
        output: Output,
    },
    /// Print one entry of the tree: a symptom, a question, a remedy or an escalation
    Show {
        /// The id of the entry, such as 403
        id: String,
        /// How the answer is written.
        #[command(flatten)]
        output: Output,
    },
    /// Find the entries that a text may mean: an error message, a state, a sentence
    Search {
        /// What you see, in any words; `-` reads standard input
        #[arg(required = true)]
        text: Vec<String>,
        /// How the answer is written.
        #[command(flatten)]
        output: Output,
    },
    /// Go on with a case that was left, or look again at one that had to wait
    Resume {
        /// The case [default: the one that was used last and is not finished]
        case: Option<String>,
        /// What is known and what is wanted besides.
        #[command(flatten)]
        conversation: Conversation,
    },
    /// Print the cases on this machine, or delete some
    Cases(Cases),
    /// Print the record of a case, for a ticket
    Report(ReportRequest),
    /// Count what the cases on this machine have in common
    Stats {
        /// How the answer is written.
        #[command(flatten)]
        output: Output,
    },
    /// Find out from exports what is wrong with each of many devices
    Triage(Triage),
    /// Print how to get the exports that `--evidence` and `triage` can read
    Evidence {
        /// What to print
        #[arg(default_value = "help")]
        topic: EvidenceTopic,
    },
    /// Print every problem in decision trees
    Check(Check),
    /// Print a map of the tree: what leads where
    Export(Export),
    /// Print the JSON Schema of a tree file, for editors, or of a report
    Schema {
        /// What the schema is of
        #[arg(default_value = "tree")]
        of: SchemaOf,
    },
    /// Print the completion script for a shell
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Print the manual page
    Man,
}

/// Which cases are meant, and what to do with them.
#[derive(Debug, Args)]
pub struct Cases {
    /// Only these [default: all]
    #[arg(value_name = "CASE")]
    pub ids: Vec<String>,
    /// Only those that nothing was written to for so long, such as `30d`, `2w` or `12h`
    #[arg(long, value_name = "TIME", value_parser = age)]
    pub older_than: Option<Span>,
    /// Delete them, after a question
    #[arg(long, conflicts_with = "json")]
    pub delete: bool,
    /// Do not ask before deleting
    #[arg(long, requires = "delete")]
    pub yes: bool,
    /// How the answer is written.
    #[command(flatten)]
    pub output: Output,
}

/// A length of time, as it is typed.
fn age(text: &str) -> Result<Span, &'static str> {
    let age: Span = text
        .parse()
        .map_err(|_| "give a time such as 30d, 2w or 12h")?;
    Ok(age.abs())
}

/// Which case to print, and as what.
#[derive(Debug, Args)]
pub struct ReportRequest {
    /// The case [default: the one that was used last]
    pub case: Option<String>,
    /// What to print it as [default: text, or what the name given with `--report` ends with]
    #[arg(long, value_name = "FORMAT")]
    pub format: Option<ReportFormat>,
    /// Write it to this file instead: `.md`, `.txt` or `.json`
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,
    /// Print only its answers, for `--answers`
    #[arg(long, conflicts_with_all = ["format", "message", "report"])]
    pub answers: bool,
    /// Print the message to those who go on
    #[arg(long, conflicts_with = "format")]
    pub message: bool,
    /// Leave in what notes say about persons and devices
    #[arg(long)]
    pub no_redact: bool,
}

/// What a record is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ReportFormat {
    /// Plain text for any field of any ticket
    Text,
    /// Markdown
    Markdown,
    /// JSON, for programs
    Json,
}

/// What a JSON Schema is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SchemaOf {
    /// A tree file
    Tree,
    /// A report as JSON
    Report,
}

/// Which exports to look at, and how to say what was found.
#[derive(Debug, Args)]
pub struct Triage {
    /// The exports (see `evidence help`); `-` reads standard input
    #[arg(required = true, value_name = "[KIND=]FILE")]
    pub evidence: Vec<PathBuf>,
    /// Go on with this device in the wizard: its ID, its name or its user
    #[arg(long, value_name = "ID", conflicts_with_all = ["json", "csv", "report"])]
    pub device: Option<String>,
    /// What is known and stands in no file (see `evidence help`)
    #[arg(long, value_name = "NAME=VALUE")]
    pub fact: Vec<String>,
    /// Write a report about each device to this folder, as Markdown
    #[arg(long, value_name = "DIR")]
    pub report: Option<PathBuf>,
    /// Leave in the reports whose device it is
    #[arg(long, requires = "report")]
    pub no_redact: bool,
    /// Print one JSON document and nothing else
    #[arg(long, conflicts_with = "csv")]
    pub json: bool,
    /// Print a table of the devices, with commas between the cells
    #[arg(long)]
    pub csv: bool,
}

impl Triage {
    /// The conversation about one device of the evidence.
    #[must_use]
    pub fn conversation(&self) -> Conversation {
        Conversation {
            answers: None,
            report: None,
            no_redact: false,
            evidence: self.evidence.clone(),
            device: self.device.clone(),
            fact: self.fact.clone(),
        }
    }
}

/// What can be printed about evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum EvidenceTopic {
    /// The commands that export it, and the permissions that they need
    Help,
}

/// What to check, and how to say what was found.
#[derive(Debug, Args)]
pub struct Check {
    /// The trees to check: files, folders with `.yaml` files, or `-` for standard input [default:
    /// the tree in use]
    #[arg(value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// How problems are written
    #[arg(long, value_name = "FORMAT", default_value = "full")]
    pub format: ProblemFormat,
    /// Print one JSON document and nothing else; short for `--format json`
    #[arg(long, conflicts_with = "format")]
    pub json: bool,
    /// Let warnings, too, count as found errors
    #[arg(long, value_name = "WHAT")]
    pub deny: Option<Deny>,
    /// Count the routes from the first question to a remedy or an escalation
    #[arg(long)]
    pub routes: bool,
}

/// How problems are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ProblemFormat {
    /// With the line of the file and a mark under the place
    Full,
    /// A line each, for editors
    Short,
    /// One JSON document
    Json,
    /// Annotations of GitHub Actions
    Github,
}

/// What counts as an error besides errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Deny {
    /// Warnings; notes, which the calendar alone can bring up, never do
    Warnings,
}

/// What to draw, and as what.
#[derive(Debug, Args)]
pub struct Export {
    /// What to draw it as
    #[arg(value_name = "FORMAT")]
    pub format: MapFormat,
    /// Draw only what this entry leads to, such as the symptom 403
    #[arg(long, value_name = "ID")]
    pub from: Option<String>,
}

/// What a map is drawn as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum MapFormat {
    /// A flowchart for Markdown pages
    Mermaid,
    /// A graph for Graphviz
    Dot,
    /// A picture
    Svg,
}

/// How an answer is written.
#[derive(Clone, Copy, Debug, Args)]
pub struct Output {
    /// Print one JSON document and nothing else
    #[arg(long)]
    pub json: bool,
}

/// What the terminal and the environment say about colour.
#[derive(Clone, Copy, Debug, Default)]
#[allow(clippy::struct_excessive_bools)] // Independent facts, each as it was found.
pub struct ColourFacts {
    /// The output is a terminal that understands escape sequences.
    pub terminal: bool,
    /// `NO_COLOR` is set and not empty, see <https://no-color.org>.
    pub no_color: bool,
    /// `CLICOLOR_FORCE` is set and neither empty nor 0, see <https://bixense.com/clicolors>.
    pub force: bool,
    /// `CLICOLOR` is 0.
    pub off: bool,
    /// The screen is plain.
    pub plain: bool,
}

impl When {
    /// Whether to use colour: never where the screen is plain; else the option decides, then
    /// `NO_COLOR`, then `CLICOLOR_FORCE`, then what the output is.
    #[must_use]
    pub fn colours(self, facts: ColourFacts) -> bool {
        match self {
            _ if facts.plain => false,
            When::Always => true,
            When::Never => false,
            When::Auto if facts.no_color => false,
            When::Auto if facts.force => true,
            When::Auto => facts.terminal && !facts.off,
        }
    }
}

/// The manual page, in the language of `man`: one page, with a section for every command.
///
/// # Errors
///
/// None that can happen: it is written to memory.
pub fn manual() -> io::Result<Vec<u8>> {
    let usage = |page: &Man, text: &mut Vec<u8>| {
        page.render_synopsis_section(text)?;
        page.render_description_section(text)?;
        page.render_options_section(text)
    };
    let program = Cli::command();
    let page = Man::new(program.clone());
    let mut text = Vec::new();
    page.render_title(&mut text)?;
    page.render_name_section(&mut text)?;
    usage(&page, &mut text)?;
    for command in program.get_subcommands() {
        let name = format!("{} {}", program.get_name(), command.get_name());
        let page = Man::new(command.clone().bin_name(&name).disable_help_flag(true));
        let mut section = Vec::new();
        usage(&page, &mut section)?;
        let section = String::from_utf8_lossy(&section).replace(".SH ", ".SS ");
        write!(text, ".SH {}\n{section}", name.to_uppercase())?;
    }
    // What belongs to the whole program stands below its commands.
    page.render_extra_section(&mut text)?;
    page.render_version_section(&mut text)?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn colours_follow_option_then_environment_then_output() {
        let nothing = ColourFacts::default();
        let terminal = ColourFacts {
            terminal: true,
            ..nothing
        };
        for (when, facts, colours) in [
            (When::Auto, terminal, true),
            (When::Auto, nothing, false),
            (When::Always, nothing, true),
            (When::Never, terminal, false),
            (
                When::Auto,
                ColourFacts {
                    no_color: true,
                    ..terminal
                },
                false,
            ),
            (
                When::Always,
                ColourFacts {
                    no_color: true,
                    ..terminal
                },
                true,
            ),
            (
                When::Auto,
                ColourFacts {
                    force: true,
                    ..nothing
                },
                true,
            ),
            (
                When::Auto,
                ColourFacts {
                    force: true,
                    no_color: true,
                    ..nothing
                },
                false,
            ),
            (
                When::Auto,
                ColourFacts {
                    off: true,
                    ..terminal
                },
                false,
            ),
            (
                When::Auto,
                ColourFacts {
                    plain: true,
                    ..terminal
                },
                false,
            ),
            (
                When::Always,
                ColourFacts {
                    plain: true,
                    force: true,
                    ..terminal
                },
                false,
            ),
        ] {
            assert_eq!(when.colours(facts), colours, "{when:?} {facts:?}");
        }
    }
}
