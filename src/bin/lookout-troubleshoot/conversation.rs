//! One conversation from its beginning to its record. Whatever can fail is tried before the first question.

use std::io::{self, IsTerminal, Write};
use std::path::Path;

use anyhow::{Context, bail};
use clap::CommandFactory;
use lookout_troubleshoot::answers::Answers;
use lookout_troubleshoot::case::{Case, TreeVersion};
use lookout_troubleshoot::cli::{Cli, Conversation, Options};
use lookout_troubleshoot::lang::Lang;
use lookout_troubleshoot::report::Report;
use lookout_troubleshoot::search::Search;
use lookout_troubleshoot::tree::{Kind, NodeId, Tree};
use lookout_troubleshoot::ui::{self, Begin, End, Events, Look, Menu, Person, Which, Wizard};
use lookout_troubleshoot::walk::{Outcome, Walk};

use crate::cases::{Folder, Kept, Notebook, now};
use crate::screen::Screen;
use crate::target::Target;
use crate::{ESCALATE, INTERRUPTED, LEFT, NO, PENDING, evidence, files, tree};

/// What a conversation begins with.
pub(crate) enum Opening<'w> {
    /// What is seen, in words, if anything.
    Words(&'w [String]),
    /// A case that was left; the one that was used last where none is named.
    Case(Option<&'w str>),
}

/// Holds a conversation, and returns the exit code that says how it ended.
///
/// # Errors
///
/// Where it cannot begin, or what was asked for cannot be written.
pub(crate) fn hold(
    opening: &Opening,
    asked: &Conversation,
    options: &Options,
    lang: Lang,
    screen: &Screen,
    out: &mut impl Write,
) -> anyhow::Result<u8> {
    if options.tree.as_deref() == Some(Path::new("-")) {
        bail!("a tree from standard input leaves nothing to answer with: give `--tree` a file");
    }
    let tree = tree(options)?;
    let answers = asked
        .answers
        .as_deref()
        .map(|path| read_answers(path, tree));
    let answers = answers.transpose()?;
    let target = asked.report.as_deref().map(Target::new).transpose()?;
    let dossier = match &asked.evidence[..] {
        [] => None,
        files => Some(evidence::read(files, &asked.fact, tree, screen)?),
    };
    let named = match (&dossier, &asked.device) {
        (Some(dossier), Some(name)) => Some(evidence::device(dossier, name, lang)?),
        _ => None,
    };
    let folder = || Folder::new(options.cases.as_deref());
    let (begin, left) = match opening {
        Opening::Words(words) => match beginning(tree, words, lang, screen.look().uncoloured())? {
            Some(begin) => (begin, None),
            None => return Ok(NO),
        },
        Opening::Case(id) => (Begin::Resumed, Some(resumed(&folder()?, *id)?)),
    };
    let events = Events::new();
    ctrlc::set_handler(events.interrupter()).context("Ctrl-C cannot be handled")?;
    let menu = if screen.plain {
        None
    } else {
        Menu::on_stdout()
    };
    let look = || screen.look();
    let is_typed = io::stdin().is_terminal();
    let mut person = Person::new(lang, menu, is_typed, events, out, &look);
    person.greet(tree)?;
    if let Some(dossier) = &dossier {
        person.hear_of_evidence(dossier)?;
    }
    let (case, kept, begin) = if let Some((case, kept)) = left {
        (case, Some(kept), begin)
    } else {
        let asks = is_typed && answers.is_none();
        match choose(&mut person, folder(), tree, asks, begin, lang)? {
            Ok(chosen) => chosen,
            Err(end) => return Ok(code(end)),
        }
    };
    let subject = match &dossier {
        None => None,
        Some(dossier) => {
            let device = match (named, dossier.devices()) {
                (Some(device), _) | (None, [device]) => Some(device),
                (None, [_, ..]) if is_typed && answers.is_none() => {
                    match person.which_device(dossier)? {
                        Ok(device) => device,
                        Err(end) => return Ok(code(end)),
                    }
                }
                (None, _) => None,
            };
            let subject = dossier.subject(device);
            Some(if device.is_some() {
                subject.chosen()
            } else {
                subject
            })
        }
    };
    let mut notebook = Notebook(kept);
    let mut wizard = Wizard::new(
        Walk::new(tree),
        case,
        answers,
        subject,
        person,
        &mut notebook,
    );
    let end = wizard.run(begin)?;
    for id in wizard.unused() {
        // Where this cannot be printed, nothing else can.
        let _ = writeln!(
            io::stderr(),
            "warning: nothing asked for the answer to `{id}`"
        );
    }
    if let Some(target) = target {
        let report = Report::new(wizard.case(), tree, lang, asked.no_redact);
        drop(wizard);
        target.write(&report, None, out)?;
    }
    if let End::Unanswered(node) = end {
        bail!(
            "the answers lack one to `{}`, and nobody is there to ask: {}",
            tree[node].id,
            tree[node].title().get(lang)
        );
    }
    Ok(code(end))
}

/// The exit code that says how a conversation ended.
fn code(end: End) -> u8 {
    match end {
        End::Reached(Outcome::Solved) => 0,
        End::Reached(Outcome::Escalated) => ESCALATE,
        End::Reached(Outcome::Waiting) => PENDING,
        End::Left | End::Unanswered(_) => LEFT,
        End::Interrupted => INTERRUPTED,
    }
}

/// Where the words ask to begin; `None` where nothing matches them, which has been said then, and there
/// is nobody to choose from the list instead.
fn beginning(tree: &Tree, words: &[String], lang: Lang, look: Look) -> io::Result<Option<Begin>> {
    if words.is_empty() {
        return Ok(Some(Begin::First));
    }
    let text = ui::clean_text(&words.join(" "));
    let is_entry = |id: &NodeId| matches!(tree[*id].kind, Kind::Symptom(_) | Kind::Remedy(_));
    if let Some(entry) = tree.find(&text.to_lowercase()).filter(is_entry) {
        return Ok(Some(Begin::At(entry)));
    }
    let found = Search::new(tree).find(&text);
    if !found.matches.is_empty() || io::stdin().is_terminal() {
        return Ok(Some(Begin::Found(text, found)));
    }
    // A single word may be meant as the name of something.
    let said = if text.contains(' ') || !found.others.is_empty() {
        ui::found(tree, &text, &found, lang, look)
    } else {
        let command = Cli::command();
        let commands = command.get_subcommands().map(clap::Command::get_name);
        let symptoms = tree.symptoms().map(|(node, _)| node.id.as_str());
        ui::not_found(
            lang.words().no_symptom,
            &text,
            symptoms.chain(commands),
            lang,
            look,
        )
    };
    io::stderr().write_all(said.as_bytes())?;
    Ok(None)
}

/// The case that was named, or the unfinished one that was used last.
fn resumed(folder: &Folder, id: Option<&str>) -> anyhow::Result<(Case, Kept)> {
    if let Some(id) = id {
        return folder.open(id);
    }
    let (cases, errors) = folder.all()?;
    crate::warn(&errors);
    let mut unfinished = cases.iter().filter(|case| case.state().is_unfinished());
    match unfinished.next() {
        Some(case) => folder.open(&case.id),
        None => bail!("no case is unfinished: `lookout-troubleshoot cases` prints them all"),
    }
}

type Chosen = (Case, Option<Kept>, Begin);

/// Lets a person choose between the cases that are not finished and a new one. Where there is nobody to
/// ask, a new one begins, and the latest unfinished one is named.
fn choose(
    person: &mut Person,
    folder: anyhow::Result<Folder>,
    tree: &Tree,
    asks: bool,
    begin: Begin,
    lang: Lang,
) -> anyhow::Result<Result<Chosen, End>> {
    let now = now();
    let version = TreeVersion::of(tree, lang);
    let new = match folder {
        Ok(folder) => {
            // Where the folder cannot be read, it cannot be written to either, which is said below.
            let (cases, errors) = folder.all().unwrap_or_default();
            crate::warn(&errors);
            let is_left = |case: &Case| {
                case.state().is_unfinished()
                    && !case.entries.is_empty()
                    && !folder.is_open(&case.id)
            };
            let left: Vec<Case> = cases.into_iter().filter(is_left).collect();
            match left.first() {
                Some(_) if asks => match person.which_case(&left, tree, &now)? {
                    Ok(Which::Old(index)) => {
                        let (case, kept) = folder.open(&left[index].id)?;
                        return Ok(Ok((case, Some(kept), Begin::Resumed)));
                    }
                    Ok(Which::New) => {}
                    Err(end) => return Ok(Err(end)),
                },
                Some(case) => {
                    person.hear_of(case)?;
                }
                None => {}
            }
            folder.begin(&now, version.clone())
        }
        Err(error) => Err(error),
    };
    match new {
        Ok((case, kept)) => Ok(Ok((case, Some(kept), begin))),
        Err(error) => match person.goes_on_unkept(&format!("{error:#}"))? {
            Ok(true) => {
                let id = format!("{}-unsaved", now.date());
                Ok(Ok((Case::new(id, now.timestamp(), version), None, begin)))
            }
            Ok(false) => Ok(Err(End::Left)),
            Err(end) => Ok(Err(end)),
        },
    }
}

fn read_answers(path: &Path, tree: &Tree) -> anyhow::Result<Answers> {
    let source = files::read(Some(path))?;
    let answers = Answers::parse(&source.text, tree).map_err(anyhow::Error::msg);
    answers.with_context(|| format!("`{}` cannot be used as answers", source.name))
}
