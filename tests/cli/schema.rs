//! The JSON Schema of a tree file says what the program accepts: the two come from the same types,
//! and here they are held against each other.

use std::fs;
use std::path::Path;

use lookout_troubleshoot::tree::Tree;
use serde_json::Value;

use crate::support::{project, run};

fn schema() -> Value {
    serde_json::from_str(&run(&["schema"]).code(0).stdout).expect("a JSON document")
}

fn yaml(path: &Path) -> Option<Value> {
    let text = fs::read_to_string(path).expect("a tree is text");
    serde_yaml::from_str(&text).ok()
}

fn errors(schema: &Value, tree: &Value) -> Vec<String> {
    let validator = jsonschema::validator_for(schema).expect("a JSON Schema");
    let errors = validator.iter_errors(tree);
    errors
        .map(|error| format!("{} at {}", error, error.instance_path()))
        .collect()
}

#[test]
fn the_file_in_the_project_is_the_one_that_is_put_together_and_printed() {
    let schema = serde_json::to_string_pretty(&Tree::schema()).expect("it is JSON") + "\n";
    let file = project("tree.schema.json");
    if std::env::var_os("BLESS").is_some() {
        fs::write(&file, &schema).expect("the folder can be written to");
    }
    let kept = fs::read_to_string(file).expect("the schema is there");
    assert_eq!(kept.replace("\r\n", "\n"), schema);
    // Until it is built again, the program has the file as it was.
    let printed = run(&["schema"]).code(0).stdout;
    assert_eq!(printed, kept);
    let tree = fs::read_to_string(project("decision_tree.yaml")).expect("the tree is there");
    let first = "# yaml-language-server: $schema=tree.schema.json";
    assert_eq!(tree.lines().next(), Some(first));
}

#[test]
fn every_good_tree_fits() {
    let schema = schema();
    assert!(jsonschema::meta::is_valid(&schema));
    let good = [
        "decision_tree.yaml",
        "tests/trees/good/small.yaml",
        "tests/trees/good/wide.yaml",
    ];
    for tree in good.map(project) {
        let value = yaml(&tree).expect("it is YAML");
        assert_eq!(errors(&schema, &value), [""; 0], "{}", tree.display());
    }
}

#[test]
fn a_tree_whose_form_is_wrong_does_not_fit() {
    let schema = schema();
    for name in [
        "address",
        "email",
        "id",
        "missing-key",
        "missing-kind",
        "shape",
        "unknown-key",
        "unknown-language",
        "value",
    ] {
        let tree = yaml(&project(&format!("tests/trees/bad/{name}.yaml"))).expect("it is YAML");
        assert!(!errors(&schema, &tree).is_empty(), "{name} fits");
    }
}

#[test]
fn every_key_is_explained() {
    let schema = schema();
    let definitions = schema["definitions"].as_object().expect("a mapping");
    let mut keys = 0;
    for (name, definition) in definitions {
        let properties = definition["properties"].as_object().into_iter().flatten();
        for (key, property) in properties {
            let description = property["description"].as_str().unwrap_or_default();
            assert!(
                description.ends_with('.'),
                "{name} does not explain `{key}`"
            );
            keys += 1;
        }
    }
    assert!(keys > 40, "{keys} keys");
}
