//! A map as a Mermaid flowchart. No label can end its quotes or be taken for markup: what Mermaid
//! gives a meaning to is written as the number of its character.

use std::fmt::Write as _;

use super::map::Map;
use crate::tree::Kind;

/// The colours of each kind, chosen to be read on a light and on a dark page.
const CLASSES: &str = "  \
  classDef symptom fill:#fff3bf,stroke:#b58900,color:#222
  classDef question fill:#d0ebff,stroke:#1971c2,color:#222
  classDef remedy fill:#d3f9d8,stroke:#2b8a3e,color:#222
  classDef escalation fill:#ffe3e3,stroke:#c92a2a,color:#222
";

/// The map as the text of a Mermaid flowchart, as Markdown pages show it.
///
/// The syntax is that of <https://mermaid.js.org/syntax/flowchart.html>.
#[must_use]
pub fn mermaid(map: &Map) -> String {
    let mut text = String::from("flowchart LR\n");
    for place in &map.places {
        let (open, close) = match place.kind {
            Kind::Symptom(_) => ("([", "])"),
            Kind::Question(_) => ("{{", "}}"),
            Kind::Remedy(_) => ("[", "]"),
            Kind::Escalation(_) => ("[[", "]]"),
        };
        let (id, label) = (place.id, escaped(&place.label));
        let _ = writeln!(
            text,
            "  {NAME}{id}{open}\"{label}\"{close}:::{}",
            place.kind
        );
    }
    for way in &map.ways {
        let (from, to) = (map.places[way.from].id, map.places[way.to].id);
        let arrow = if way.is_choice { "-->" } else { "-.->" };
        let label = match escaped(&way.label) {
            label if label.is_empty() => label,
            label => format!("|\"{label}\"|"),
        };
        let _ = writeln!(text, "  {NAME}{from} {arrow}{label} {NAME}{to}");
    }
    text + CLASSES
}

/// What every name begins with: some ids, such as `end`, are words of the language.
const NAME: &str = "n-";

fn escaped(lines: &[String]) -> String {
    let mut label = String::new();
    for character in lines.join("\n").chars() {
        match character {
            '\n' => label.push_str("<br>"),
            // Markdown, HTML and Mermaid itself each give some of these a meaning.
            _ if character.is_ascii_punctuation() && !",:?!".contains(character) => {
                let _ = write!(label, "#{};", u32::from(character));
            }
            _ => label.push(character),
        }
    }
    label
}
