//! What many cases have in common: counts over what they hold, and nothing about who they were about.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::case::{Asked, Case, Ended, Event, first_symptom};
use crate::lang::Lang;
use crate::tree::Tree;

/// What many cases have in common.
#[derive(Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Stats {
    /// How many cases there are.
    pub cases: usize,
    /// How many of them stand where.
    pub states: BTreeMap<&'static str, usize>,
    /// How many began with each symptom, the most frequent first, here and below.
    pub symptoms: Vec<Count>,
    /// How many each remedy solved.
    pub solved_by: Vec<Count>,
    /// How often nobody knew the answer to a question.
    pub unsure: Vec<Count>,
    /// How often the answer to a question was taken back.
    pub taken_back: Vec<Count>,
    /// Half of the solved cases took no longer than this, in minutes, from the first to the last entry;
    /// nothing where none is solved.
    pub median_minutes: Option<f64>,
}

/// How often an entry of the tree counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Count {
    /// The id of the entry.
    pub id: String,
    /// Its title, as the tree has it, or as it was read last where the tree does not have it.
    pub title: String,
    /// How often.
    pub count: usize,
}

/// Counts by id, each with the words that were read last.
#[derive(Default)]
struct Counts<'c>(BTreeMap<&'c str, (&'c str, usize)>);

impl<'c> Counts<'c> {
    fn add(&mut self, id: &'c str, words: &'c str) {
        let (last, count) = self.0.entry(id).or_default();
        *last = words;
        *count += 1;
    }

    fn sorted(self, tree: &Tree, lang: Lang) -> Vec<Count> {
        let counts = self.0.into_iter().map(|(id, (words, count))| Count {
            id: id.to_owned(),
            title: match tree.find(id) {
                Some(node) => tree[node].title().get(lang).to_owned(),
                None => words.to_owned(),
            },
            count,
        });
        let mut counts: Vec<Count> = counts.collect();
        counts.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.id.cmp(&b.id)));
        counts
    }
}

impl Stats {
    /// Counts what these cases hold. Where one entry is called is told in one language.
    #[must_use]
    pub fn new(cases: &[Case], tree: &Tree, lang: Lang) -> Self {
        let mut states = BTreeMap::new();
        let [mut symptoms, mut solved_by, mut unsure, mut taken_back] =
            std::array::from_fn(|_| Counts::default());
        let mut minutes = Vec::new();
        for case in cases {
            *states.entry(case.state().id()).or_default() += 1;
            let route = case.replay(|entry, route| match &entry.event {
                Event::Answered(own) if own.kind == Asked::Question && own.choice == "unsure" => {
                    unsure.add(&own.node, &own.asked);
                }
                Event::TookBack => {
                    if let Some((_, own)) = route.last() {
                        taken_back.add(&own.node, &own.asked);
                    }
                }
                _ => {}
            });
            if let Some((id, words)) = first_symptom(&route) {
                symptoms.add(id, words);
            }
            if let Some((_, last)) = route.last()
                && last.ended == Some(Ended::Solved)
            {
                solved_by.add(&last.node, &last.asked);
                let took = case.updated().duration_since(case.opened);
                minutes.push(took.as_secs_f64() / 60.0);
            }
        }
        Stats {
            cases: cases.len(),
            states,
            symptoms: symptoms.sorted(tree, lang),
            solved_by: solved_by.sorted(tree, lang),
            unsure: unsure.sorted(tree, lang),
            taken_back: taken_back.sorted(tree, lang),
            // A tenth of a minute says enough.
            median_minutes: median(minutes).map(|minutes| (minutes * 10.0).round() / 10.0),
        }
    }
}

/// The value in the middle, or halfway between the two in the middle.
fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    let upper = *values.get(middle)?;
    if values.len() % 2 == 1 {
        return Some(upper);
    }
    Some(f64::midpoint(values[middle - 1], upper))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_in_the_middle() {
        for (values, expected) in [
            (&[][..], None),
            (&[3.0], Some(3.0)),
            (&[9.0, 1.0, 2.0], Some(2.0)),
            (&[4.0, 1.0, 2.0, 9.0], Some(3.0)),
        ] {
            assert_eq!(median(values.to_vec()), expected);
        }
    }
}
