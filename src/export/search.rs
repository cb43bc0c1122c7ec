//! What a search found, as one JSON document. The text that was searched for is in it as it was given.

use serde::Serialize;

use crate::lang::Lang;
use crate::search::Found;
use crate::tree::Tree;

/// What a search found.
#[derive(Debug, Serialize)]
pub struct SearchView<'f> {
    query: &'f str,
    matches: Vec<MatchView<'f>>,
    cautions: Vec<String>,
}

#[derive(Debug, Serialize)]
struct MatchView<'f> {
    id: &'f str,
    kind: &'f str,
    title: &'f str,
    score: f64,
    why: &'f [String],
}

/// What was found for a text, with its titles and cautions in one language.
#[must_use]
pub fn search<'f>(tree: &'f Tree, query: &'f str, found: &'f Found, lang: Lang) -> SearchView<'f> {
    let matches = found.matches.iter().map(|found| {
        let node = &tree[found.node];
        MatchView {
            id: &node.id,
            kind: node.kind.name(),
            title: node.title().get(lang),
            // More digits would pretend to know more.
            score: (found.score * 1000.0).round() / 1000.0,
            why: &found.why,
        }
    });
    SearchView {
        query,
        matches: matches.collect(),
        cautions: found.cautions(tree, lang),
    }
}
