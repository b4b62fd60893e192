//! Whatever a journal holds: it is read to its end or to its first bad line, and told.

#![no_main]

use libfuzzer_sys::fuzz_target;
use sim::journal::{JournalReader, Story};
use sim::report::{Style, summary};

fuzz_target!(|bytes: &[u8]| {
    let Ok(reader) = JournalReader::new(bytes) else { return };
    let header = reader.header().clone();
    let mut story = Story::default();
    reader.map_while(Result::ok).for_each(|entry| story.add(&entry));
    summary(&header, &story, sim::report::Extras::default(), Style { color: false, width: 80 });
});
