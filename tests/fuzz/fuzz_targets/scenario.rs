//! Whatever bytes a file holds: it loads, or its problems can be shown.

#![no_main]

use libfuzzer_sys::fuzz_target;
use sim::scenario::{SourceText, load};

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes).into_owned();
    let source = SourceText::file("fuzz.yaml", text);
    match load(&source, &[]) {
        Ok(loaded) => assert!(!loaded.warnings.any_error()),
        Err(problems) => {
            assert!(problems.any_error());
            assert!(problems.render(false).contains("error: "));
        }
    }
});
