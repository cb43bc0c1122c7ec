//! Counts as a table. A bar only shows again what the number beside it says.

use std::fmt::Write as _;

use console::Style;

use super::{Look, Page};
use crate::case::State;
use crate::lang::{Lang, fill};
use crate::stats::{Count, Stats};

/// How long the longest bar is, in columns.
const BAR: usize = 20;

/// What many cases have in common, as a table; with bars where they can be seen.
#[must_use]
pub fn stats(stats: &Stats, lang: Lang, look: Look, has_bars: bool) -> String {
    let words = lang.words();
    let mut page = Page::new(look);
    if stats.cases == 0 {
        page.hint(words.no_cases);
        return page.into_text();
    }
    page.banner(&fill(words.stats_cases, &[&stats.cases.to_string()]));
    let counts = State::ALL.iter().filter_map(|state| {
        let count = *stats.states.get(state.id())?;
        Some((state.name(words).to_owned(), count))
    });
    let counts: Vec<(String, usize)> = counts.collect();
    page.counts(words.state, &counts, most(&counts), has_bars);
    for (label, counts) in [
        (words.stats_symptoms, &stats.symptoms),
        (words.stats_solved_by, &stats.solved_by),
        (words.stats_unsure, &stats.unsure),
        (words.stats_taken_back, &stats.taken_back),
    ] {
        let own = |count: &Count| (count.title.clone(), count.count);
        let counts: Vec<(String, usize)> = counts.iter().map(own).collect();
        page.counts(label, &counts, most(&counts), has_bars);
    }
    if let Some(minutes) = stats.median_minutes {
        page.section(
            words.stats_median,
            &fill(words.minutes, &[&format!("{minutes:.0}")]),
        );
    }
    page.into_text()
}

/// The highest of some counts.
fn most(counts: &[(String, usize)]) -> usize {
    counts
        .iter()
        .map(|(_, count)| *count)
        .max()
        .unwrap_or_default()
}

impl Page {
    /// How often each of several things counted, the numbers below each other. The longest bar there can
    /// be stands for `most`.
    pub(super) fn counts(
        &mut self,
        label: &str,
        counts: &[(String, usize)],
        most: usize,
        has_bars: bool,
    ) {
        if counts.is_empty() {
            return;
        }
        self.label(label);
        let digits = most.to_string().len();
        let has_bars = has_bars && self.has_room(digits + BAR + 4);
        for (title, count) in counts {
            let mut first = format!("  {count:>digits$}  ");
            if has_bars {
                let length = (count * BAR).div_ceil(most);
                let _ = write!(first, "{:BAR$}  ", "█".repeat(length));
            }
            self.wrapped(&Style::new(), &first, title);
        }
    }
}
