//! Cases as serialisable values: where each stands, and nothing that anybody wrote.

use serde::Serialize;

use crate::case::{Case, State, Timestamp};
use crate::lang::Lang;
use crate::tree::Tree;

/// Where a case stands.
#[derive(Debug, Serialize)]
pub struct CaseView<'c> {
    id: &'c str,
    opened: Timestamp,
    updated: Timestamp,
    state: State,
    due: Option<Timestamp>,
    symptom: Option<&'c str>,
    title: Option<String>,
    answers: usize,
    notes: usize,
}

/// Where each case stands, in their order; the symptoms in one language.
#[must_use]
pub fn cases<'c>(cases: &'c [Case], tree: &Tree, lang: Lang) -> Vec<CaseView<'c>> {
    let view = |case: &'c Case| {
        let (symptom, title) = case.symptom(tree, lang).unzip();
        let state = case.state();
        CaseView {
            id: &case.id,
            opened: case.opened,
            updated: case.updated(),
            state,
            due: state.due(),
            symptom,
            title,
            answers: case.route().len(),
            notes: case.notes().count(),
        }
    };
    cases.iter().map(view).collect()
}
