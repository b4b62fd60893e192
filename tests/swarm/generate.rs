//! Random valid scenarios, written as YAML so that the reader is exercised as well.

use std::fmt::Write;

/// SplitMix64: small, and the same everywhere.
pub struct Luck(pub u64);

impl Luck {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    }

    /// From `least` to `most`, both included.
    pub fn between(&mut self, least: u64, most: u64) -> u64 {
        least + self.next() % (most - least + 1)
    }

    /// True in so many of a hundred cases.
    pub fn chance(&mut self, percent: u64) -> bool {
        self.next() % 100 < percent
    }

    pub fn pick<'a, T: ?Sized>(&mut self, from: &[&'a T]) -> &'a T {
        from[self.between(0, from.len() as u64 - 1) as usize]
    }

    /// Some of them, at least one, in their order.
    fn some<'a>(&mut self, from: &[&'a str]) -> Vec<&'a str> {
        let mut chosen: Vec<&str> = from.iter().copied().filter(|_| self.chance(50)).collect();
        if chosen.is_empty() {
            chosen.push(self.pick(from));
        }
        chosen
    }

    /// `{a: 40%, b: 60%}`.
    fn shares(&mut self, names: &[&str]) -> String {
        let mut left = 100;
        let mut parts = Vec::new();
        for (position, name) in names.iter().enumerate() {
            let last = position + 1 == names.len();
            let share = if last { left } else { self.between(0, left) };
            left -= share;
            parts.push(format!("{}: {share}%", quoted(name)));
        }
        format!("{{{}}}", parts.join(", "))
    }

    /// A time as teams write it, of about so many seconds.
    fn spread(&mut self, seconds: u64) -> String {
        let seconds = self.between(1, seconds.max(2));
        match self.between(0, 5) {
            0 => format!("~{seconds}s"),
            1 => format!("<{seconds}s"),
            2 => format!("{seconds}s..{}s", seconds * 3),
            3 => format!("{{median: {seconds}s, p99: {}s}}", seconds * 9),
            4 => format!("{{exponential: {seconds}s}}"),
            _ => format!("{seconds}s"),
        }
    }

    /// The same in milliseconds.
    fn work(&mut self) -> String {
        let text = self.spread(300);
        text.replace('s', "ms")
    }
}

fn quoted(text: &str) -> String {
    format!("\"{text}\"")
}

fn list(names: &[&str]) -> String {
    let names: Vec<String> = names.iter().map(|name| quoted(name)).collect();
    format!("[{}]", names.join(", "))
}

/// What the other sections may name.
pub struct Words {
    pub tiers: Vec<&'static str>,
    pub endpoints: Vec<&'static str>,
    pub browsers: Vec<&'static str>,
    pub tools: Vec<&'static str>,
    pub people: Vec<&'static str>,
    pub minutes: u64,
    pub every: u64,
}

pub const CHANGES: [&str; 6] = ["fix", "rebuild", "+revert", "page", "page-off", "pipe-back"];
pub const RULES: [&str; 6] = ["Errors", "=Slow()", "Segment", "Quiet", "Probed", "Reported"];
pub const PLAYS: [&str; 4] = ["rollback", "maintenance", "stuck", "after"];

/// A whole scenario.
pub fn scenario(seed: u64) -> String {
    let luck = &mut Luck(seed);
    let words = Words {
        tiers: ["proxy", "api", "store", "far away"][..luck.between(1, 4) as usize].to_vec(),
        endpoints: ["page", "-claims", "search"][..luck.between(1, 3) as usize].to_vec(),
        browsers: ["chrome", "ie11", "@other"][..luck.between(1, 3) as usize].to_vec(),
        tools: ["browse", "claims", "find"][..luck.between(1, 3) as usize].to_vec(),
        people: ["ann", "bob", "=eve", "Zoë"][..luck.between(1, 4) as usize].to_vec(),
        minutes: luck.between(5, 45),
        every: *[5, 10, 20, 30].get(luck.between(0, 3) as usize).expect("four"),
    };
    let mut text = String::new();
    let name = luck.pick(&["A day", "=1+1", "naïve \\e[31m\\u202e", "-", "a,b\\n\\\"c\\\""]);
    let hour = luck.between(0, 23);
    let _ = writeln!(text, "scenario: {}", quoted(name));
    let _ = writeln!(text, "starts: 2018-11-07T{hour:02}:00 America/New_York");
    let _ = writeln!(text, "lasts: {}m\nseed: {}", words.minutes, luck.between(0, 999_999_999_999));
    traffic(&mut text, luck, &words);
    site(&mut text, luck, &words);
    super::response::faults(&mut text, luck, &words);
    super::response::rules(&mut text, luck, &words);
    super::response::people(&mut text, luck, &words);
    super::response::changes(&mut text, luck, &words);
    super::response::plays(&mut text, luck);
    super::response::verdicts(&mut text, luck);
    text
}

fn traffic(text: &mut String, luck: &mut Luck, words: &Words) {
    let key = luck.pick(&["visits", "visits", "requests"]);
    let _ = writeln!(text, "traffic:\n  {key}:");
    let mut at = luck.between(0, 2);
    for _ in 0..luck.between(1, 3) {
        let rate = luck.between(0, 40);
        let _ = writeln!(text, "    - {{at: {at}m, rate: {rate}/m}}");
        at += luck.between(1, 20);
    }
    if luck.chance(20) {
        let factors: Vec<String> = (0..24).map(|_| luck.between(0, 2).to_string()).collect();
        let _ = writeln!(text, "  by_hour: [{}]", factors.join(", "));
    }
    if luck.chance(40) {
        let _ = writeln!(text, "  returning: {}%", luck.between(0, 100));
    }
    text.push_str("  mix:\n");
    let _ = writeln!(text, "    browser: {}", luck.shares(&words.browsers));
    let none = luck.between(0, 99);
    let _ = writeln!(text, "    login: {{none: {none}%, id.me: {}%}}", 100 - none);
    if luck.chance(60) {
        let _ = writeln!(text, "    account: {}", luck.shares(&["loa1", "loa3"]));
    } else {
        let others = luck.shares(&["loa1", "loa3"]);
        let _ =
            writeln!(text, "    account: {{given: login, none: {{guest: 100%}}, else: {others}}}");
    }
    let _ = writeln!(text, "    tool: {}\n  tools:", luck.shares(&words.tools));
    for tool in &words.tools {
        let (requests, think) = (luck.between(1, 12), luck.spread(40));
        let uses = luck.shares(&words.endpoints);
        let login = if luck.chance(30) { ", login: required" } else { "" };
        let _ = writeln!(
            text,
            "    {tool}: {{requests: {requests}, think: {think}, use: {uses}{login}}}"
        );
    }
    let _ = writeln!(text, "  patience: {}s", luck.between(1, 60));
    let (share, after) = (luck.between(1, 100), luck.time(300));
    let _ = writeln!(text, "  reports: {{desk: {{share: {share}%, after: {after}}}}}");
    if luck.chance(60) {
        let (most, after) = (luck.between(0, 4), luck.between(0, 20));
        let more = luck.pick(&["", ", jitter: 50%", ", budget: 10%", ", growth: 1"]);
        let _ = writeln!(text, "  retries: {{at_most: {most}, after: {after}s{more}}}");
    }
}

fn site(text: &mut String, luck: &mut Luck, words: &Words) {
    text.push_str("site:\n  tiers:\n");
    for tier in &words.tiers {
        let (instances, threads) = (luck.between(1, 6), luck.between(1, 32));
        let _ = write!(
            text,
            "    {tier}: {{instances: {instances}, threads: {threads}, takes: {}, zones: {}",
            luck.work(),
            if luck.chance(50) { "[a, b]" } else { "[b]" }
        );
        let queue = luck.between(0, 50);
        let options = [
            if queue < 8 { "queue: durable".to_string() } else { format!("queue: {queue}") },
            "balance: least-busy".to_string(),
            "external: true".to_string(),
            format!("errors: {}%", luck.between(0, 5)),
            format!(
                "health: {{every: {}s, timeout: {}s, fails: {}, replace: {}s}}",
                luck.between(1, 30),
                luck.between(1, 10),
                luck.between(1, 4),
                luck.between(0, 300)
            ),
        ];
        for option in options.iter() {
            if luck.chance(35) {
                let _ = write!(text, ", {option}");
            }
        }
        text.push_str("}\n");
    }
    text.push_str("  endpoints:\n");
    for endpoint in &words.endpoints {
        let path = luck.some(&words.tiers).join(" > ");
        let _ = writeln!(text, "    {endpoint}: {path}");
    }
    if luck.chance(70) {
        let caller = luck.pick(&words.tiers);
        let _ = write!(text, "  calls:\n    {caller}: {{timeout: {}s", luck.between(1, 30));
        if luck.chance(60) {
            let (most, backoff) = (luck.between(0, 3), luck.between(0, 5));
            let _ = write!(text, ", retries: {{at_most: {most}, backoff: {backoff}s, jitter: 20%");
            text.push_str(if luck.chance(50) { ", budget: 5%}" } else { "}" });
        }
        if luck.chance(50) {
            let (opens, retest) = (luck.between(1, 100), luck.between(1, 120));
            let _ = write!(text, ", breaker: {{opens: {opens}%, retest: {retest}s}}");
        }
        text.push_str("}\n");
    }
}

impl Words {
    /// A moment of the run, or shortly after it.
    pub fn moment(&self, luck: &mut Luck) -> String {
        format!("{}s", luck.between(0, self.minutes * 63))
    }

    /// A part of the visitors.
    pub fn only(&self, luck: &mut Luck) -> String {
        if luck.chance(60) {
            return String::new();
        }
        format!(", only: {{browser: {}}}", list(&luck.some(&self.browsers)))
    }
}

/// Lists and spreads for the rest of the scenario.
impl Luck {
    pub fn list(&mut self, from: &[&str]) -> String {
        list(&self.some(from))
    }

    pub fn text(&mut self, from: &[&str]) -> String {
        quoted(self.pick(from))
    }

    pub fn time(&mut self, seconds: u64) -> String {
        self.spread(seconds)
    }

    pub fn mix(&mut self, names: &[&str]) -> String {
        self.shares(names)
    }
}
