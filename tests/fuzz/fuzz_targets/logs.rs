//! Whatever lines a log has: each is a request or a bad line, however they are cut into pieces.

#![no_main]

use libfuzzer_sys::fuzz_target;
use sim::logs::{Feed, LogReadOptions};

fuzz_target!(|bytes: &[u8]| {
    let read = |piece: usize| {
        let mut feed = Feed::new(LogReadOptions::default());
        let mut requests = 0;
        for piece in bytes.chunks(piece) {
            feed.push(piece);
        }
        feed.finish();
        while feed.step(&mut |_| requests += 1) {}
        requests
    };
    assert_eq!(read(7), read(1 << 16));
});
