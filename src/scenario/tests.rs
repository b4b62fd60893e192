//! Whole scenarios: the example of the language, and what is wrong with broken ones.

use super::*;

const EXAMPLE: &str = include_str!("../../tests/data/example.yaml");

fn source(text: &str) -> Source {
    Source { path_shown: "example.yaml".to_string(), text: text.to_string() }
}

fn example() -> Loaded {
    load(&source(EXAMPLE), &[]).unwrap_or_else(|problems| panic!("{}", problems.render(false)))
}

#[test]
fn the_example_loads() {
    let Loaded { plan, warnings } = example();
    println!("{}", warnings.render(false));
    println!("{plan:#?}");
    println!("{:#?}", header(&plan, 0, 1).faults);
}
