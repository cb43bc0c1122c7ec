//! What standard output is and can show, as the environment and the options have it.

use std::env;
use std::ffi::OsString;
use std::io::{self, IsTerminal};

use console::Term;
use lookout_troubleshoot::cli::{ColourFacts, Options};
use lookout_troubleshoot::ui::Look;

/// What standard output can show.
pub(crate) struct Screen {
    term: Term,
    /// What it can show, but for its width.
    look: Look,
    /// Whether numbered lines are asked for, or all that there can be.
    pub(crate) plain: bool,
    /// Whether they are asked for.
    pub(crate) is_plain_wanted: bool,
}

impl Screen {
    pub(crate) fn new(options: &Options) -> Screen {
        let term = Term::stdout();
        let is_dumb = match variable("TERM") {
            Some(term) => term == "dumb",
            // On Windows nobody sets it.
            None => cfg!(unix),
        };
        let is_terminal = io::stdout().is_terminal() && !is_dumb;
        let asked_for_plain = options.plain || variable("ACCESSIBLE").is_some();
        let plain = asked_for_plain || !is_terminal || !io::stdin().is_terminal();
        // A Windows console shows escape sequences only once it is asked to, and an old one never.
        let has_escapes = cfg!(not(windows)) || term.features().colors_supported();
        let colours = options.color.colours(ColourFacts {
            terminal: is_terminal && has_escapes,
            no_color: variable("NO_COLOR").is_some(),
            force: variable("CLICOLOR_FORCE").is_some_and(|value| value != "0"),
            off: variable("CLICOLOR").is_some_and(|value| value == "0"),
            plain: asked_for_plain,
        });
        Screen {
            look: Look {
                width: 0,
                colours,
                hyperlinks: is_terminal
                    && colours
                    && supports_hyperlinks::on(supports_hyperlinks::Stream::Stdout),
            },
            plain,
            is_plain_wanted: asked_for_plain,
            term,
        }
    }

    /// What can be shown now; a terminal may have been resized.
    pub(crate) fn look(&self) -> Look {
        Look {
            width: self
                .term
                .size_checked()
                .map_or(0, |(_, columns)| usize::from(columns)),
            ..self.look
        }
    }
}

/// A variable of the environment, unless it is empty, which means the same as not being there.
pub(crate) fn variable(name: &str) -> Option<OsString> {
    env::var_os(name).filter(|value| !value.is_empty())
}
