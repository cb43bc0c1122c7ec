//! The content of a tree as serialisable values, each text in the one language asked for. What a
//! node does not have is left out.

use serde::Serialize;

use crate::lang::Lang;
use crate::tree::{Kind, LinkId, Node, Text, Tree, Who};

/// A node by name.
#[derive(Debug, Serialize)]
pub struct Entry<'t> {
    id: &'t str,
    title: &'t str,
}

/// The symptoms of a tree, in its order.
#[must_use]
pub fn symptoms(tree: &Tree, lang: Lang) -> Vec<Entry<'_>> {
    let symptoms = tree.symptoms();
    symptoms.map(|(node, _)| Entry::new(node, lang)).collect()
}

impl<'t> Entry<'t> {
    fn new(node: &'t Node, lang: Lang) -> Self {
        Entry {
            id: &node.id,
            title: node.title().get(lang),
        }
    }
}

/// Everything a tree says about one node. What a node does not have is left out.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct NodeView<'t> {
    id: &'t str,
    kind: &'t str,
    title: &'t str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    phrases: Vec<&'t str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    to: Option<&'t str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    outcomes: Vec<Entry<'t>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    how: Option<&'t str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    choices: Vec<ChoiceView<'t>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unsure: Option<&'t str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cause: Option<&'t str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    warning: Option<&'t str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    steps: Vec<StepView<'t>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    wait: Option<WaitView<'t>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<&'t str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    channels: Vec<ChannelView<'t>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    facts: Vec<&'t str>,
    links: Vec<LinkView<'t>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    otherwise: Option<&'t str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cannot_find: Option<&'t str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<&'t str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    checked: Option<String>,
}

#[derive(Debug, Serialize)]
struct ChoiceView<'t> {
    id: &'t str,
    label: &'t str,
    to: &'t str,
}

#[derive(Debug, Serialize)]
struct StepView<'t> {
    who: Who,
    #[serde(rename = "do")]
    action: &'t str,
    #[serde(skip_serializing_if = "Option::is_none")]
    say: Option<&'t str>,
}

#[derive(Debug, Serialize)]
struct WaitView<'t> {
    minutes: u32,
    #[serde(rename = "for")]
    reason: &'t str,
}

#[derive(Debug, Serialize)]
struct ChannelView<'t> {
    text: &'t str,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<&'t str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    link: Option<LinkView<'t>>,
}

#[derive(Debug, Serialize)]
struct LinkView<'t> {
    id: &'t str,
    label: &'t str,
    url: &'t str,
}

/// One node, with its texts in one language and its links by address.
#[must_use]
pub fn node<'t>(tree: &'t Tree, node: &'t Node, lang: Lang) -> NodeView<'t> {
    let name = |id| tree[id].id.as_str();
    let text = |text: &'t Text| text.get(lang);
    let link = |id: LinkId| {
        let link = tree.link(id);
        LinkView {
            id: &link.id,
            label: link.label.get(lang),
            url: link.url.get(lang),
        }
    };
    let view = NodeView {
        id: &node.id,
        kind: node.kind.name(),
        title: node.title().get(lang),
        ..NodeView::default()
    };
    match &node.kind {
        Kind::Symptom(symptom) => NodeView {
            phrases: symptom.phrases.get(lang).collect(),
            to: Some(name(symptom.to)),
            outcomes: {
                let outcomes = tree.outcomes_from(symptom.to).into_iter();
                outcomes.map(|node| Entry::new(node, lang)).collect()
            },
            ..view
        },
        Kind::Question(question) => NodeView {
            how: question.how.as_ref().map(text),
            choices: {
                let choices = question.choices.iter().map(|choice| ChoiceView {
                    id: &choice.id,
                    label: choice.label.get(lang),
                    to: name(choice.to),
                });
                choices.collect()
            },
            unsure: question.unsure.map(name),
            ..view
        },
        Kind::Remedy(remedy) => NodeView {
            phrases: remedy.phrases.get(lang).collect(),
            cause: Some(text(&remedy.cause)),
            warning: remedy.warning.as_ref().map(text),
            steps: {
                let steps = remedy.steps.iter().map(|step| StepView {
                    who: step.who,
                    action: step.action.get(lang),
                    say: step.say.as_ref().map(text),
                });
                steps.collect()
            },
            wait: remedy.wait.as_ref().map(|wait| WaitView {
                minutes: wait.minutes,
                reason: wait.reason.get(lang),
            }),
            note: remedy.note.as_ref().map(text),
            links: remedy.links.iter().copied().map(link).collect(),
            otherwise: Some(name(remedy.otherwise)),
            cannot_find: remedy.cannot_find.map(name),
            source: Some(&remedy.source),
            checked: Some(remedy.checked.to_string()),
            ..view
        },
        Kind::Escalation(escalation) => NodeView {
            cause: Some(text(&escalation.cause)),
            channels: {
                let channels = escalation.channels.iter().map(|channel| ChannelView {
                    text: channel.text.get(lang),
                    email: channel.email.as_deref(),
                    link: channel.link.map(link),
                });
                channels.collect()
            },
            facts: escalation.facts.iter().map(text).collect(),
            ..view
        },
    }
}
