//! Whatever a shard holds: it is refused with its line, or it makes a campaign with finite figures.

#![no_main]

use libfuzzer_sys::fuzz_target;
use sim::campaign::{Shard, Summary, merge};
use sim::report::{Style, campaign_summary};

fuzz_target!(|bytes: &[u8]| {
    let Ok(shard) = Shard::read(bytes) else { return };
    let Ok(results) = merge(vec![("fuzz.jsonl".to_string(), shard)]) else { return };
    campaign_summary(&Summary::from_results(&results), Style { color: false, width: 80 });
});
