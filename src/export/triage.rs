//! A triage as serialisable values, for programs: device by device, without holding more than one of them
//! at a time.

use serde::Serialize;
use serde::ser::{SerializeStruct, Serializer};

use crate::lang::Lang;
use crate::tree::Kind;
use crate::triage::{End, Triage, Way, exhibit};

/// A triage, with its texts in one language.
#[derive(Debug)]
pub struct TriageView<'t>(&'t Triage<'t>, Lang);

/// A triage, with its texts in one language.
#[must_use]
pub fn triage<'t>(triage: &'t Triage<'t>, lang: Lang) -> TriageView<'t> {
    TriageView(triage, lang)
}

/// Devices that end in the same way.
#[derive(Serialize)]
struct GroupView<'t> {
    state: &'static str,
    symptom: Option<&'t str>,
    id: Option<&'t str>,
    title: Option<&'t str>,
    devices: usize,
}

/// A device and where it ends.
#[derive(Debug, Serialize)]
pub struct DeviceView<'t> {
    device: Option<&'t str>,
    name: Option<&'t str>,
    user: Option<&'t str>,
    state: &'static str,
    symptom: Option<&'t str>,
    id: Option<&'t str>,
    title: Option<&'t str>,
    #[serde(rename = "joined-by-user")]
    joined_by_user: bool,
    answers: Vec<AnswerView<'t>>,
    /// What a person reads where there is nothing to answer: why it is healthy, or what is not understood.
    because: Vec<String>,
}

#[derive(Debug, Serialize)]
struct AnswerView<'t> {
    question: &'t str,
    choice: String,
    because: Vec<String>,
}

#[derive(Serialize)]
struct SourceView<'t> {
    name: &'t str,
    records: u64,
    unknown: u64,
    faults: u64,
}

/// The columns of a device as a row of a table.
pub const COLUMNS: [&str; 9] = [
    "device",
    "name",
    "user",
    "state",
    "symptom",
    "id",
    "title",
    "joined-by-user",
    "because",
];

impl DeviceView<'_> {
    /// The cells of a row of a table, in the order of [`COLUMNS`].
    #[must_use]
    pub fn cells(&self) -> [String; COLUMNS.len()] {
        let cell = |text: Option<&str>| cell(text.unwrap_or_default());
        let answers = self.answers.iter().flat_map(|answer| &answer.because);
        let mut because: Vec<&str> = Vec::new();
        for ground in answers.chain(&self.because) {
            // One ground can be enough for several answers.
            if !because.contains(&ground.as_str()) {
                because.push(ground);
            }
        }
        [
            cell(self.device),
            cell(self.name),
            cell(self.user),
            cell(Some(self.state)),
            cell(self.symptom),
            cell(self.id),
            cell(self.title),
            self.joined_by_user.to_string(),
            cell(Some(&because.join("; "))),
        ]
    }
}

/// A text that no spreadsheet takes for a formula: what begins like one gets an apostrophe, as OWASP
/// advises against CSV injection.
fn cell(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        return format!("'{text}");
    }
    text.to_owned()
}

impl<'t> TriageView<'t> {
    /// Every device, one after the other.
    pub fn devices(&self) -> impl Iterator<Item = DeviceView<'t>> {
        let TriageView(triage, lang) = *self;
        triage.devices().map(move |(device, end)| {
            let (tree, dossier) = (triage.tree(), triage.dossier());
            let subject = dossier.subject(Some(device));
            let way = Way::of(tree, &subject);
            let mut because: Vec<String> = way
                .healthy
                .iter()
                .map(|ground| ground.told(dossier, lang))
                .collect();
            if let End::At { node, .. } = end
                && let Kind::Question(question) = &tree[node].kind
            {
                let strange = subject.strange(question).into_iter();
                because.extend(strange.map(|ground| ground.told(dossier, lang)));
            }
            let answers = way.answers.iter().filter_map(|(node, verdict)| {
                let Kind::Question(question) = &tree[*node].kind else {
                    return None;
                };
                let said = exhibit(verdict, question, dossier, lang);
                Some(AnswerView {
                    question: &tree[*node].id,
                    choice: said.choice,
                    because: said.grounds,
                })
            });
            let names = device.names(dossier);
            let place = Place::of(triage, end, lang);
            DeviceView {
                device: names.id,
                name: names.name,
                user: names.person,
                state: end.id(tree),
                symptom: place.symptom,
                id: place.id,
                title: place.title,
                joined_by_user: device.is_by_person,
                answers: answers.collect(),
                because,
            }
        })
    }
}

/// Where devices end, in words.
#[derive(Default)]
struct Place<'t> {
    symptom: Option<&'t str>,
    id: Option<&'t str>,
    title: Option<&'t str>,
}

impl<'t> Place<'t> {
    fn of(triage: &'t Triage<'t>, end: End, lang: Lang) -> Self {
        let tree = triage.tree();
        match end {
            End::Healthy => Place::default(),
            End::At { symptom, node } => Place {
                symptom: symptom.map(|symptom| tree[symptom].id.as_str()),
                id: Some(&tree[node].id),
                title: Some(tree[node].title().get(lang)),
            },
        }
    }
}

impl Serialize for TriageView<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let TriageView(triage, lang) = *self;
        let groups = triage.groups().into_iter().map(|group| {
            let place = Place::of(triage, group.end, lang);
            GroupView {
                state: group.end.id(triage.tree()),
                symptom: place.symptom,
                id: place.id,
                title: place.title,
                devices: group.devices,
            }
        });
        let dossier = triage.dossier();
        let sources = dossier.sources().iter().map(|source| SourceView {
            name: &source.name,
            records: source.records.iter().map(|(_, count)| count).sum(),
            unknown: source.unknown,
            faults: source.faults,
        });
        let cautions = dossier
            .cautions()
            .iter()
            .map(|caution| caution.told(dossier, lang));
        let mut view = serializer.serialize_struct("triage", 4)?;
        view.serialize_field("groups", &groups.collect::<Vec<_>>())?;
        view.serialize_field("files", &sources.collect::<Vec<_>>())?;
        view.serialize_field("cautions", &cautions.collect::<Vec<_>>())?;
        view.serialize_field("devices", &Devices(self))?;
        view.end()
    }
}

/// The devices of a view as a list.
struct Devices<'v, 't>(&'v TriageView<'t>);

impl Serialize for Devices<'_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.devices())
    }
}
