//! Whatever a sheet kept by hand holds: it is refused row by row, or told.

#![no_main]

use libfuzzer_sys::fuzz_target;
use sim::journal::Story;
use sim::observed::observed;
use sim::scenario::{self, SourceText};
use std::sync::OnceLock;

static HEADER: OnceLock<sim::journal::Header> = OnceLock::new();

fuzz_target!(|bytes: &[u8]| {
    let header = HEADER.get_or_init(|| {
        let text = include_str!("../../../src/cli/commands/templates/minimal.yaml").to_string();
        let source = SourceText::file("fuzz.yaml", text);
        let plan = scenario::load(&source, &[]).expect("shipped").plan;
        scenario::header(&plan, 0, plan.seed)
    });
    let _ = observed(bytes, header, &Story::default());
});
