//! The JSON Schema of the scenario language, from the same tables that read it.

use crate::language::shape::{KeyDoc, MappingShape, Shape};
use crate::language::word::Spelling;
use crate::language::written::FromNode;
use crate::scenario::document::Document;
use crate::scenario::rule_test;
use serde_json::{Map, Value, json};

/// The schema of scenario files, draft 7, which editors understand best. A scenario that includes
/// other files may leave out what those have.
pub fn schema() -> Value {
    let mut writer = Writer { definitions: Map::new() };
    let whole = writer.shape(&Document::shape(), true);
    let part = writer.shape(&Document::shape(), false);
    let variable = json!({
        "type": "string",
        "pattern": "\\$\\{",
        "description": "A text with a variable in it: ${name}",
    });
    writer.definitions.insert("variable".to_string(), variable);
    json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "A scenario of sim",
        "type": "object",
        "if": {"required": ["include"]},
        "then": part,
        "else": whole,
        "definitions": writer.definitions,
    })
}

/// The schema of files of rule tests.
pub fn rule_test_schema() -> Value {
    let mut writer = Writer { definitions: Map::new() };
    let file = writer.shape(&rule_test::shape(), true);
    let mut definitions = writer.definitions;
    definitions.insert("variable".to_string(), json!({"not": {}}));
    json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Tests of the rules of a scenario of sim",
        "allOf": [file],
        "definitions": definitions,
    })
}

struct Writer {
    definitions: Map<String, Value>,
}

impl Writer {
    /// What may stand somewhere; where parts are merged, nothing is required.
    fn shape(&mut self, shape: &Shape, whole: bool) -> Value {
        match shape {
            Shape::Word(spelling, kind) => word(*spelling, kind),
            Shape::List(inner) => json!({"type": "array", "items": self.shape(inner, true)}),
            Shape::OneOrMany(inner) => {
                let one = self.shape(inner, true);
                json!({"anyOf": [one, {"type": "array", "items": one}]})
            }
            Shape::Entries(inner) => {
                let each = self.shape(inner, whole);
                json!({"type": "object", "additionalProperties": each})
            }
            Shape::Either(shapes) => {
                let each: Vec<Value> = shapes.iter().map(|one| self.shape(one, whole)).collect();
                json!({ "anyOf": each })
            }
            Shape::Keys(mapping) => self.mapping(mapping, whole),
        }
    }

    fn mapping(&mut self, mapping: &MappingShape, whole: bool) -> Value {
        let name = if whole { mapping.name.to_string() } else { format!("{}Part", mapping.name) };
        let reference = json!({"$ref": format!("#/definitions/{name}")});
        if self.definitions.contains_key(&name) {
            return reference;
        }
        self.definitions.insert(name.clone(), Value::Null);
        let mut properties = Map::new();
        for key in &mapping.keys {
            properties.insert(key.key.to_string(), self.key(key, whole));
            if mapping.name == "Document" && matches!((key.shape)(), Shape::List(_)) {
                let mut added = self.key(key, whole);
                let doc = format!("Added to the included `{}` instead of replacing it.", key.key);
                added["description"] = json!(doc);
                properties.insert(format!("{}+", key.key), added);
            }
        }
        let required: Vec<&str> =
            mapping.keys.iter().filter(|key| whole && key.required).map(|key| key.key).collect();
        let mut definition = json!({
            "type": "object",
            "description": mapping.doc.trim(),
            "properties": properties,
            "patternProperties": {"^x-": {}},
            "additionalProperties": false,
        });
        if !required.is_empty() {
            definition["required"] = json!(required);
        }
        self.definitions.insert(name, definition);
        reference
    }

    /// A description beside a `$ref` would be ignored in draft 7, so it goes around it.
    fn key(&mut self, key: &KeyDoc, whole: bool) -> Value {
        let value = self.shape(&(key.shape)(), whole);
        let described = |mut value: Value| {
            value["description"] = json!(key.doc.trim());
            value
        };
        match value.get("$ref") {
            Some(_) => described(json!({"allOf": [value]})),
            None => described(value),
        }
    }
}

fn word(spelling: Spelling, kind: &str) -> Value {
    let plain = match spelling {
        Spelling::Any => return json!({"type": ["string", "number", "boolean"]}),
        Spelling::OneOf(words) => json!({ "enum": words }),
        Spelling::Pattern(pattern) => json!({"type": "string", "pattern": pattern}),
        Spelling::NumberOr(pattern) => {
            json!({"type": ["number", "string"], "minimum": 0, "pattern": pattern})
        }
        Spelling::Number => json!({"type": "number", "minimum": 0}),
        Spelling::Whole => json!({"type": "integer", "minimum": 0}),
        Spelling::Flag => json!({"type": "boolean"}),
    };
    let message = format!("expected {kind}");
    let variable = json!({"$ref": "#/definitions/variable"});
    json!({"anyOf": [plain, variable], "errorMessage": message})
}
