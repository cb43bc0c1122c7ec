//! What files said, for people: what was read, which device is meant, and a triage as a table. A bar
//! only shows again what the number beside it says.

use std::io;

use super::{End as Ending, Look, Page, Person};
use crate::evidence::{Device, Dossier, Subject};
use crate::lang::{Lang, Words, fill};
use crate::tree::{Kind, Tree, clean};
use crate::triage::{End, Group, Triage};

/// Where the devices of the evidence end, as a table; with bars where they can be seen.
#[must_use]
pub fn triage(triage: &Triage, lang: Lang, look: Look, has_bars: bool) -> String {
    let words = lang.words();
    let tree = triage.tree();
    let mut page = Page::new(look);
    let count = triage.devices().len();
    if count == 0 {
        page.remark(words.triage_none);
        return page.into_text();
    }
    page.banner(&fill(words.triage_devices, &[&count.to_string()]));
    let (mut found, mut asks, mut healthy) = (Vec::new(), Vec::new(), Vec::new());
    for group in triage.groups() {
        let End::At { symptom, node } = group.end else {
            healthy.push((words.triage_healthy.to_owned(), group.devices));
            continue;
        };
        let title = tree[node].title().get(lang);
        let seen = symptom.map(|symptom| tree[symptom].title().get(lang));
        let seen = seen.map(|title| format!(" ({title})")).unwrap_or_default();
        let named = named(triage, &group, words);
        let title = format!("{title} [{}]{seen}: {named}", tree[node].id);
        let list = match tree[node].kind {
            Kind::Question(_) => &mut asks,
            _ => &mut found,
        };
        list.push((title, group.devices));
    }
    page.counts(words.triage_found, &found, count, has_bars);
    page.counts(words.triage_asks, &asks, count, has_bars);
    page.counts(words.triage_healthy, &healthy, count, has_bars);
    if !triage.is_healthy() {
        page.gap();
        page.hint(words.triage_one);
    }
    page.into_text()
}

/// The first devices of a group, and how many there are besides.
fn named(triage: &Triage, group: &Group, words: &Words) -> String {
    let dossier = triage.dossier();
    let devices = group.first.iter().map(|index| &dossier.devices()[*index]);
    let named = devices.map(|device| {
        let names = device.names(dossier);
        clean(names.name.or(names.id).or(names.person).unwrap_or_default())
    });
    let named: Vec<String> = named.collect();
    match group.devices - named.len() {
        0 => named.join(", "),
        more => fill(words.and_more, &[&named.join(", "), &more.to_string()]),
    }
}

/// What was read from the files, and what to know about it.
#[must_use]
pub fn read(dossier: &Dossier, lang: Lang, look: Look) -> String {
    let mut page = Page::new(look);
    evidence(&mut page, dossier, lang);
    page.into_text()
}

fn evidence(page: &mut Page, dossier: &Dossier, lang: Lang) {
    for source in dossier.sources() {
        for line in source.told(dossier, lang) {
            page.hint(&line);
        }
        for line in source.faults_told(lang) {
            page.remark(&line);
        }
    }
    for caution in dossier.cautions() {
        page.remark(&caution.told(dossier, lang));
    }
}

/// How to get the files that a tree can use.
#[must_use]
pub fn evidence_help(tree: &Tree, lang: Lang, look: Look) -> String {
    let words = lang.words();
    let evidence = tree.evidence();
    let mut page = Page::new(look);
    page.paragraph(words.evidence_help);
    for (_, kind) in evidence.kinds() {
        page.heading(&format!("{}: {}", kind.id, kind.title.get(lang)));
        if let Some(permission) = &kind.permission {
            page.section(words.permission, permission);
        }
        for command in &kind.commands {
            page.label(&command.with);
            page.verbatim(&command.run);
        }
    }
    let mut facts = evidence.facts().peekable();
    if facts.peek().is_some() {
        page.heading(words.evidence_facts);
    }
    for (_, fact) in facts {
        page.section(&format!("--fact {}=…", fact.id), fact.title.get(lang));
    }
    page.into_text()
}

impl Person<'_> {
    /// Says what was read from the files.
    ///
    /// # Errors
    ///
    /// Where the output cannot be written.
    pub fn hear_of_evidence(&mut self, dossier: &Dossier) -> io::Result<()> {
        let mut page = self.page();
        page.gap();
        self.show(page)?;
        let mut page = self.page();
        evidence(&mut page, dossier, self.lang);
        self.show(page)
    }

    /// Asks which of several devices is meant, until there is one or none is. An error is how the
    /// conversation ended instead.
    ///
    /// # Errors
    ///
    /// Where the output cannot be written.
    pub fn which_device<'d>(
        &mut self,
        dossier: &'d Dossier,
    ) -> io::Result<Result<Option<&'d Device>, Ending>> {
        let words = self.words();
        loop {
            self.say(words.which_device)?;
            let name = match self.line()? {
                Ok(name) => name,
                Err(end) => return Ok(Err(end)),
            };
            if name.trim().is_empty() {
                return Ok(Ok(None));
            }
            match device_named(dossier, &name, self.lang) {
                Ok(device) => return Ok(Ok(Some(device))),
                Err(why) => self.remark(&why)?,
            }
        }
    }

    /// Says which device the conversation is about, and returns it as it is written down.
    pub(super) fn hear_of_device(&mut self, subject: &Subject) -> io::Result<Option<String>> {
        let words = self.words();
        let Some(device) = subject.device() else {
            if !subject.dossier().devices().is_empty() {
                self.remark(words.about_nobody)?;
            }
            return Ok(None);
        };
        let names = device.names(subject.dossier()).told();
        let mut page = self.page();
        page.gap();
        page.section(words.about_device, &names);
        if device.is_by_person {
            page.remark(words.by_person);
        }
        self.show(page)?;
        Ok(Some(format!("{}: {names}", words.about_device)))
    }
}

/// The device that has an id or a name.
///
/// # Errors
///
/// Why there is not one, in a sentence.
pub fn device_named<'d>(
    dossier: &'d Dossier,
    name: &str,
    lang: Lang,
) -> Result<&'d Device, String> {
    /// How many devices are named at most.
    const NAMED: usize = 5;
    let words = lang.words();
    match &dossier.find(name)[..] {
        [device] => Ok(device),
        [] => Err(fill(words.no_device, &[&clean(name)])),
        several => {
            let named = several.iter().take(NAMED);
            let ids: Vec<String> = named.map(|device| device.names(dossier).told()).collect();
            let count = several.len().to_string();
            Err(fill(
                words.many_devices,
                &[&clean(name), &count, &ids.join("; ")],
            ))
        }
    }
}
