//! The only place that reads files, the clock, the environment and the state of the terminal, and
//! that picks the exit code; it decides nothing else.

mod cases;
mod check;
mod conversation;
mod evidence;
mod files;
mod records;
mod screen;
mod target;

use std::io::{self, ErrorKind, Write};
use std::panic;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::{CommandFactory, Parser};
use lookout_troubleshoot::cli::{
    self, Cli, Command, EvidenceTopic, Export, MapFormat, Options, Output, SchemaOf,
};
use lookout_troubleshoot::export::{self, Map};
use lookout_troubleshoot::lang::Lang;
use lookout_troubleshoot::report;
use lookout_troubleshoot::search::Search;
use lookout_troubleshoot::tree::{self, NodeId, Tree};
use lookout_troubleshoot::ui::{self, Look};

use crate::conversation::Opening;
use crate::screen::{Screen, variable};

/// The answer is no.
const NO: u8 = 1;
/// The program could not do what it was asked.
const FAILED: u8 = 2;
/// Finished, not solved.
const ESCALATE: u8 = 3;
/// Something has to be waited for.
const PENDING: u8 = 4;
/// Left early.
const LEFT: u8 = 5;
/// Interrupted, as a shell reports it: 128 and the number of the signal.
const INTERRUPTED: u8 = 130;

/// What is said where no picture can be drawn.
const TOO_LARGE: &str = "the map is too large for a picture: draw a part of it with `--from`, or use \
                         `export dot`";

fn main() -> ExitCode {
    // A panic ends the program at once, and the terminal has to be usable then.
    let print = panic::take_hook();
    panic::set_hook(Box::new(move |panic| {
        ui::end_silence();
        print(panic);
    }));
    let (result, is_wizard) = match Cli::try_parse() {
        Ok(cli) => {
            let is_wizard = match &cli.command {
                None | Some(Command::Resume { .. }) => true,
                Some(Command::Triage(request)) => request.device.is_some(),
                Some(_) => false,
            };
            (run(cli), is_wizard)
        }
        Err(error) if error.use_stderr() => {
            // Where this cannot be printed, nothing else can.
            let _ = error.print();
            (Ok(FAILED), false)
        }
        Err(help) => {
            let printed = help.print().and_then(|()| io::stdout().flush());
            (printed.map(|()| 0).map_err(Into::into), false)
        }
    };
    match result {
        Ok(code) => ExitCode::from(code),
        // Whoever read the output has had enough of it.
        Err(error) if is_broken_pipe(&error) => ExitCode::from(if is_wizard { LEFT } else { 0 }),
        Err(error) => {
            // Every other failure says itself what it was about.
            let is_output = error.is::<io::Error>() && error.chain().len() == 1;
            let error = if is_output {
                error.context("cannot write the output")
            } else {
                error
            };
            report(&error);
            ExitCode::from(FAILED)
        }
    }
}

/// Standard output for a command whose exit code is an answer, too: it holds whether or not somebody
/// reads the output to its end.
struct Heard<W>(W);

impl<W: Write> Write for Heard<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.0.write(bytes) {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(bytes.len()),
            written => written,
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self.0.flush() {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
            flushed => flushed,
        }
    }
}

/// Says on standard error what went wrong.
fn report(error: &anyhow::Error) {
    // Where this cannot be printed, nothing else can.
    let _ = writeln!(io::stderr(), "error: {error:#}");
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let mut causes = error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<io::Error>());
    causes.any(|error| error.kind() == ErrorKind::BrokenPipe)
}

fn run(cli: Cli) -> anyhow::Result<u8> {
    let mut options = cli.options;
    let in_environment = variable("LOOKOUT_TROUBLESHOOT_TREE").map(PathBuf::from);
    options.tree = options.tree.or(in_environment);
    let in_environment = variable("LOOKOUT_TROUBLESHOOT_CASES").map(PathBuf::from);
    options.cases = options.cases.or(in_environment);
    let lang = options
        .lang
        .unwrap_or_else(|| Lang::from_locales(sys_locale::get_locales()));
    let screen = Screen::new(&options);
    let mut out = io::stdout().lock();
    let Some(command) = cli.command else {
        let opening = Opening::Words(&cli.words);
        return conversation::hold(
            &opening,
            &cli.conversation,
            &options,
            lang,
            &screen,
            &mut out,
        );
    };
    let mut out = Heard(out);
    match command {
        Command::List { output } => list(tree(&options)?, lang, output, screen.look(), &mut out),
        Command::Show { id, output } => {
            let tree = tree(&options)?;
            let Some(node) = node(tree, &id, lang, screen.look())? else {
                if output.json {
                    print_json(&mut out, &())?;
                }
                return Ok(NO);
            };
            let node = &tree[node];
            if output.json {
                print_json(&mut out, &export::node(tree, node, lang))?;
            } else {
                out.write_all(ui::show(tree, node, lang, screen.look()).as_bytes())?;
            }
            Ok(0)
        }
        Command::Search { text, output } => search(
            tree(&options)?,
            &text,
            lang,
            output,
            screen.look(),
            &mut out,
        ),
        Command::Resume { case, conversation } => {
            let opening = Opening::Case(case.as_deref());
            conversation::hold(&opening, &conversation, &options, lang, &screen, &mut out.0)
        }
        Command::Cases(request) => records::cases(&request, &options, lang, &screen, &mut out),
        Command::Report(request) => records::report(&request, &options, lang, &mut out),
        Command::Stats { output } => records::stats(output, &options, lang, &screen, &mut out),
        Command::Triage(request) if request.device.is_some() => conversation::hold(
            &Opening::Words(&[]),
            &request.conversation(),
            &options,
            lang,
            &screen,
            &mut out.0,
        ),
        Command::Triage(request) => evidence::triage(&request, &options, lang, &screen, &mut out),
        Command::Evidence { topic } => {
            let EvidenceTopic::Help = topic;
            let said = ui::evidence_help(tree(&options)?, lang, screen.look());
            out.write_all(said.as_bytes())?;
            Ok(0)
        }
        Command::Check(request) => check::check(&request, options.tree, screen.look(), &mut out),
        Command::Export(request) => map(&request, tree(&options)?, lang, screen.look(), &mut out),
        Command::Schema { of } => {
            let schema = match of {
                SchemaOf::Tree => tree::SCHEMA,
                SchemaOf::Report => report::SCHEMA,
            };
            out.write_all(schema.as_bytes())?;
            Ok(0)
        }
        Command::Completions { shell } => {
            // What clap writes to must not fail, so it is written to memory first.
            let mut script = Vec::new();
            let name = env!("CARGO_PKG_NAME");
            clap_complete::generate(shell, &mut Cli::command(), name, &mut script);
            out.write_all(&script)?;
            Ok(0)
        }
        Command::Man => {
            out.write_all(&cli::manual()?)?;
            Ok(0)
        }
    }
}

/// The node with an id; `None` where there is none, which has been said then.
fn node(tree: &Tree, id: &str, lang: Lang, look: Look) -> io::Result<Option<NodeId>> {
    let node = tree.find(&id.to_lowercase());
    if node.is_none() {
        let ids = tree.nodes().map(|(_, node)| node.id.as_str());
        let said = ui::not_found(lang.words().no_node, id, ids, lang, look.uncoloured());
        io::stderr().write_all(said.as_bytes())?;
    }
    Ok(node)
}

/// Prints a map of the tree, or of a part of it.
fn map(
    request: &Export,
    tree: &Tree,
    lang: Lang,
    look: Look,
    out: &mut impl Write,
) -> anyhow::Result<u8> {
    let from = match &request.from {
        None => Some(tree.start()),
        Some(id) => node(tree, id, lang, look)?,
    };
    let Some(from) = from else {
        return Ok(NO);
    };
    let map = Map::new(tree, from, lang);
    let text = match request.format {
        MapFormat::Mermaid => export::mermaid(&map),
        MapFormat::Dot => export::dot(&map),
        MapFormat::Svg => export::svg(&map).context(TOO_LARGE)?,
    };
    out.write_all(text.as_bytes())?;
    Ok(0)
}

/// Prints what a text may mean.
fn search(
    tree: &Tree,
    text: &[String],
    lang: Lang,
    output: Output,
    look: Look,
    out: &mut impl Write,
) -> anyhow::Result<u8> {
    let text = match text {
        [only] if only == "-" => {
            let (text, is_whole) = files::standard_input()?;
            if !is_whole {
                warn(&[anyhow::anyhow!(
                    "only the first megabyte of standard input is searched for"
                )]);
            }
            text
        }
        words => words.join(" "),
    };
    let text = ui::clean_text(&text);
    let found = Search::new(tree).find(&text);
    let answer = if found.matches.is_empty() { NO } else { 0 };
    if output.json {
        print_json(out, &export::search(tree, &text, &found, lang))?;
    } else if answer == NO {
        let said = ui::found(tree, &text, &found, lang, look.uncoloured());
        io::stderr().write_all(said.as_bytes())?;
    } else {
        out.write_all(ui::found(tree, &text, &found, lang, look).as_bytes())?;
    }
    Ok(answer)
}

/// Says on standard error what could not be read, and goes on.
fn warn(errors: &[anyhow::Error]) {
    for error in errors {
        // Where this cannot be printed, nothing else can.
        let _ = writeln!(io::stderr(), "warning: {error:#}");
    }
}

/// Prints the id and the title of every symptom.
fn list(
    tree: &Tree,
    lang: Lang,
    output: Output,
    look: Look,
    out: &mut impl Write,
) -> anyhow::Result<u8> {
    if output.json {
        print_json(out, &export::symptoms(tree, lang))?;
        return Ok(0);
    }
    out.write_all(ui::list(tree, lang, look).as_bytes())?;
    Ok(0)
}

fn print_json(out: &mut impl Write, value: &impl serde::Serialize) -> anyhow::Result<()> {
    let mut json = serde_json::to_string_pretty(value)?;
    json.push('\n');
    Ok(out.write_all(json.as_bytes())?)
}

/// The tree in use. It lives as long as the program does: to take it apart in the end would be in vain.
///
/// # Errors
///
/// Where it cannot be read or is broken; what is broken has been said on standard error then.
fn tree(options: &Options) -> anyhow::Result<&'static Tree> {
    let source = files::read(options.tree.as_deref())?;
    let tree = Tree::parse(&source.text).map_err(|problems| {
        let text = ui::problems(&source.name, &source.text, &problems, Look::PLAIN);
        // Where this cannot be printed, nothing else can.
        let _ = io::stderr().write_all(text.as_bytes());
        let found = ui::count(&problems);
        anyhow::anyhow!("`{}` cannot be used as a tree: {found}", source.name)
    })?;
    Ok(Box::leak(Box::new(tree)))
}
