//! What the program is built of: licences that allow it, and no crate twice.

use std::process::Command;

/// Every dependency is offered under one of these.
const ALLOWED: [&str; 13] = [
    "MIT",
    "MIT-0",
    "BSL-1.0",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "ISC",
    "Zlib",
    "0BSD",
    "Unlicense",
    "Unicode-3.0",
    "CC0-1.0",
    // Of the bzip2 library in Rust; it asks for as little as BSD's.
    "bzip2-1.0.6",
];

#[test]
fn every_dependency_may_be_used() {
    // Crates of other systems need not be on a machine that has only built for its own.
    let told = cargo(&["--version", "--verbose"]);
    let host = told.lines().find_map(|line| line.strip_prefix("host: ")).expect("a host");
    let metadata = ["metadata", "--format-version", "1", "--offline", "--locked"];
    let metadata = cargo(&[&metadata[..], &["--filter-platform", host]].concat());
    let metadata: serde_json::Value = serde_json::from_str(&metadata).expect("JSON");
    let packages = metadata["packages"].as_array().expect("a list");
    assert!(packages.len() > 50, "the dependencies are listed");
    let mut refused = Vec::new();
    for package in packages {
        let name = package["name"].as_str().expect("a name");
        let licence = package["license"].as_str().unwrap_or_default().replace('/', " OR ");
        // An expression with both is used whole: every part of it must be allowed.
        let good = match licence.contains(" AND ") {
            false => licence.split(" OR ").any(may_be_used),
            true => licence
                .split(" AND ")
                .all(|part| part.trim_matches(['(', ')', ' ']).split(" OR ").any(may_be_used)),
        };
        if !good {
            refused.push(format!("{name}: {licence}"));
        }
    }
    assert!(refused.is_empty(), "licences that nobody has allowed:\n{}", refused.join("\n"));
}

/// What the cargo that built these tests prints.
fn cargo(arguments: &[&str]) -> String {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_string());
    let mut cargo = Command::new(cargo);
    let output = cargo.args(arguments).current_dir(env!("CARGO_MANIFEST_DIR")).output();
    let output = output.expect("there is a cargo");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

fn may_be_used(licence: &str) -> bool {
    let licence = licence.split(" WITH ").next().unwrap_or_default();
    ALLOWED.contains(&licence.trim_matches(['(', ')', ' ']))
}
