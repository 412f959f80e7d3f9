//! What dependencies may be: deny.toml says so, for `cargo deny` and for this test, which needs no tool and no network.

use std::collections::BTreeMap;
use std::process::Command;

use serde_json::Value;
use spdx::{Expression, ParseMode};

/// Every package of the lock file, as cargo describes it.
fn packages() -> Vec<Value> {
    let cargo =
        Command::new(env!("CARGO")).args(["metadata", "--format-version=1", "--all-features", "--locked"]).output();
    let output = cargo.expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo writes JSON");
    metadata["packages"].as_array().expect("a list of packages").clone()
}

fn text<'a>(package: &'a Value, field: &str) -> &'a str {
    package[field].as_str().unwrap_or_default()
}

#[test]
fn licences_may_be_combined_with_the_programs() {
    let deny: toml::Table = include_str!("../deny.toml").parse().expect("deny.toml is TOML");
    let allowed: Vec<&str> =
        deny["licenses"]["allow"].as_array().unwrap().iter().filter_map(toml::Value::as_str).collect();
    let refused: BTreeMap<String, String> = packages()
        .iter()
        .filter(|package| package["source"].is_string())
        .filter(|package| {
            // Some packages still write MIT/Apache-2.0.
            let licence = Expression::parse_mode(text(package, "license"), ParseMode::LAX);
            !licence.is_ok_and(|licence| {
                licence.evaluate(|asked| asked.license.id().is_some_and(|id| allowed.contains(&id.name)))
            })
        })
        .map(|package| (text(package, "name").to_owned(), text(package, "license").to_owned()))
        .collect();
    assert!(refused.is_empty(), "not in the list of deny.toml: {refused:?}");
}

#[test]
fn packages_come_from_the_registry_in_stated_versions() {
    for package in packages() {
        let (name, source) = (text(&package, "name"), text(&package, "source"));
        assert!(source.is_empty() || source.starts_with("registry+"), "{name} comes from {source}");
        for dependency in package["dependencies"].as_array().into_iter().flatten() {
            let wild = source.is_empty() && text(dependency, "req") == "*" && dependency["path"].is_null();
            assert!(!wild, "{name} takes any version of {}", text(dependency, "name"));
        }
    }
}
