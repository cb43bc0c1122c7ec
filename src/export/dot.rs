//! A map in the language of Graphviz. No label can end its quotes, and none is taken for an escape
//! sequence or an HTML entity.

use std::fmt::Write as _;

use super::map::Map;
use crate::tree::Kind;

/// The map as the text of a Graphviz graph, for `dot -Tsvg` and its like.
///
/// The syntax is that of <https://graphviz.org/doc/info/lang.html>.
#[must_use]
pub fn dot(map: &Map) -> String {
    let mut text = format!(
        "digraph {} {{\n  rankdir=LR\n  \
         node [fontname=\"sans-serif\", fontsize=11, style=filled]\n  \
         edge [fontname=\"sans-serif\", fontsize=9]\n",
        quoted(map.title)
    );
    for place in &map.places {
        let look = match place.kind {
            Kind::Symptom(_) => "shape=box, style=\"filled,rounded\", fillcolor=\"#fff3bf\"",
            Kind::Question(_) => "shape=hexagon, margin=0, fillcolor=\"#d0ebff\"",
            Kind::Remedy(_) => "shape=box, fillcolor=\"#d3f9d8\"",
            Kind::Escalation(_) => "shape=box, peripheries=2, fillcolor=\"#ffe3e3\"",
        };
        let (id, label) = (quoted(place.id), quoted(&place.label.join("\n")));
        let _ = writeln!(text, "  {id} [label={label}, {look}]");
    }
    for way in &map.ways {
        let (from, to) = (map.places[way.from].id, map.places[way.to].id);
        let label = quoted(&way.label.join("\n"));
        let style = if way.is_choice { "solid" } else { "dashed" };
        let (from, to) = (quoted(from), quoted(to));
        let _ = writeln!(text, "  {from} -> {to} [label={label}, style={style}]");
    }
    text + "}\n"
}

fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            // Graphviz reads entities in every label.
            '&' => quoted.push_str("&amp;"),
            _ => quoted.push(character),
        }
    }
    quoted.push('"');
    quoted
}
