//! The form of a tree file as JSON Schema, put together from the types that read it, so that the
//! two cannot differ. What depends on the rest of the file (targets, languages) stays with `check`.
//!
//! It is draft 7, which the YAML support of every editor knows.

pub(in crate::tree) use serde_json::Value as Json;
use serde_json::{Map, json};

use super::{File, Read};
use crate::lang::Lang;
use crate::tree::{About, Rule, Severity, Who};

/// The JSON Schema of a tree file.
pub(in crate::tree) fn schema() -> Json {
    let mut definitions = Definitions(Map::new());
    let file = File::schema(&mut definitions);
    json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "A decision tree of lookout-troubleshoot",
        "allOf": [file],
        "definitions": definitions.0,
    })
}

/// The mappings that have been described, by name.
#[derive(Debug)]
pub(in crate::tree) struct Definitions(Map<String, Json>);

/// A key of a mapping.
#[derive(Debug)]
pub(super) struct Key {
    pub(super) name: &'static str,
    pub(super) is_required: bool,
    pub(super) description: &'static str,
    pub(super) value: Json,
}

impl Definitions {
    /// Describes a mapping, once, and returns what refers to it.
    pub(super) fn mapping(
        &mut self,
        what: &str,
        description: &str,
        keys: impl FnOnce(&mut Self) -> Vec<Key>,
    ) -> Json {
        let name = what.rsplit(' ').next().unwrap_or(what);
        if self.0.contains_key(name) {
            return reference(name);
        }
        self.0.insert(name.to_owned(), Json::Null);
        let keys = keys(self);
        let required = keys.iter().filter(|key| key.is_required);
        let required: Vec<&str> = required.map(|key| key.name).collect();
        let definition = json!({
            "type": "object",
            "description": one_line(description),
            "properties": properties(&keys),
            "required": required,
            "additionalProperties": false,
        });
        self.shared(name, definition)
    }

    /// Describes something that is in many places, and returns what refers to it.
    pub(super) fn shared(&mut self, name: &str, definition: Json) -> Json {
        self.0.insert(name.to_owned(), definition);
        reference(name)
    }
}

fn properties(keys: &[Key]) -> Json {
    let properties = keys.iter().map(|key| {
        // Beside a `$ref` draft 7 ignores everything else.
        let value = json!({"description": one_line(key.description), "allOf": [key.value]});
        (key.name.to_owned(), value)
    });
    Json::Object(properties.collect())
}

fn reference(name: &str) -> Json {
    json!({"$ref": format!("#/definitions/{name}")})
}

/// A doc comment as one line.
fn one_line(doc: &str) -> String {
    doc.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A text. YAML calls some of them numbers, booleans or dates; a tree never does.
pub(super) fn scalar() -> Json {
    json!({"type": ["string", "number", "boolean"]})
}

/// A list, which is never empty.
pub(super) fn list(items: &Json) -> Json {
    json!({"type": "array", "items": items, "minItems": 1})
}

/// Something for each language.
pub(super) fn translated(value: &Json) -> Json {
    let properties = Lang::ALL.map(|lang| (lang.code().to_owned(), value.clone()));
    json!({
        "type": "object",
        "properties": Map::from_iter(properties),
        "additionalProperties": false,
        "minProperties": 1,
    })
}

/// A mapping of ids to something.
pub(super) fn by_id(value: &Json) -> Json {
    json!({
        "type": "object",
        "propertyNames": {"pattern": ID},
        "additionalProperties": value,
        "minProperties": 1,
    })
}

/// A mapping of any names to something.
pub(super) fn by_name(value: &Json) -> Json {
    json!({"type": "object", "additionalProperties": value, "minProperties": 1})
}

const ID: &str = "^[a-z0-9]+(-[a-z0-9]+)*$";

pub(super) fn id() -> Json {
    // An id of digits only is a number to YAML.
    json!({"type": ["string", "integer"], "pattern": ID})
}

pub(super) fn ids() -> Json {
    list(&id())
}

pub(super) fn languages() -> Json {
    list(&json!({"enum": Lang::ALL.map(Lang::code)}))
}

pub(super) fn address() -> Json {
    let address = json!({"type": "string", "pattern": "^https://"});
    json!({"anyOf": [address, translated(&address)]})
}

pub(super) fn email() -> Json {
    json!({"type": "string", "pattern": "^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$"})
}

pub(super) fn date() -> Json {
    json!({"type": "string", "pattern": "^\\d{4}-\\d{2}-\\d{2}$"})
}

pub(super) fn whole() -> Json {
    json!({"type": "integer", "minimum": 1, "maximum": u32::MAX})
}

pub(super) fn boolean() -> Json {
    json!({"type": "boolean"})
}

pub(super) fn about() -> Json {
    json!({"enum": About::ALL.map(About::id)})
}

pub(super) fn who() -> Json {
    json!({"enum": Who::ALL.map(Who::id)})
}

pub(super) fn intended() -> Json {
    let codes = Rule::ALL.iter();
    let codes = codes.filter(|rule| rule.severity() != Severity::Error);
    let codes: Vec<&str> = codes.map(|rule| rule.code()).collect();
    list(&json!({"enum": codes}))
}
