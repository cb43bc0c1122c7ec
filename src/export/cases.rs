//! Cases as serialisable values: where each stands, and nothing that anybody wrote.

use serde::Serialize;

use crate::case::{Case, Timestamp};

/// Where a case stands.
#[derive(Debug, Serialize)]
pub struct CaseView<'c> {
    id: &'c str,
    opened: Timestamp,
    updated: Timestamp,
    state: &'static str,
    due: Option<Timestamp>,
    symptom: Option<&'c str>,
    title: Option<&'c str>,
    answers: usize,
    notes: usize,
}

/// Where each case stands, in their order.
#[must_use]
pub fn cases(cases: &[Case]) -> Vec<CaseView<'_>> {
    let views = cases.iter().map(|case| CaseView {
        id: &case.id,
        opened: case.opened,
        updated: case.updated(),
        state: case.state().id(),
        due: case.state().due(),
        symptom: case.symptom().map(|(id, _)| id),
        title: case.symptom().map(|(_, title)| title),
        answers: case.route().len(),
        notes: case.notes().count(),
    });
    views.collect()
}
