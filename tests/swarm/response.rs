//! The half of a random scenario that breaks and recovers: faults, rules, people, changes, plays.

use super::generate::{CHANGES, Luck, PLAYS, RULES, Words};
use std::fmt::Write;

pub fn faults(text: &mut String, luck: &mut Luck, words: &Words) {
    text.push_str("faults:\n");
    for _ in 0..luck.between(1, 5) {
        let verb = verb(luck, words);
        let start = if verb.starts_with("bad-release") && luck.chance(60) {
            format!("with: {}", luck.text(&CHANGES))
        } else if luck.chance(15) {
            let (share, minutes) = (luck.between(1, 60), luck.between(1, 6));
            format!("starts_when: error_rate > {share}% for {minutes}m")
        } else {
            format!("at: {}", words.moment(luck))
        };
        let _ = write!(text, "  - {{{start}, {verb}");
        if luck.chance(50) {
            let _ = write!(text, ", for: {}s", luck.between(1, 1_200));
        }
        if luck.chance(60) {
            let _ = write!(text, ", until: {}", luck.list(&CHANGES));
        }
        let lasting = ["unreachable", "blocked", "blind: telemetry"];
        if luck.chance(25) && !lasting.iter().any(|kind| verb.starts_with(kind)) {
            let _ = write!(text, ", fades: {}", luck.time(600));
        }
        text.push_str("}\n");
    }
    let delay = luck.pick(&["0s", "1s", "20s", "95s"]);
    let _ = writeln!(text, "telemetry: {{every: {}s, delay: {delay}}}", words.every);
    let _ = writeln!(text, "baseline: {{error_rate: 0.{:03}%}}", luck.between(1, 999));
}

fn verb(luck: &mut Luck, words: &Words) -> String {
    let tier = luck.pick(&words.tiers);
    let endpoint = luck.text(&words.endpoints);
    let which = match luck.between(0, 3) {
        0 => format!(", share: {}%", luck.between(1, 100)),
        1 => format!(", count: {}", luck.between(1, 9)),
        2 => ", zone: b".to_string(),
        _ => String::new(),
    };
    let (only, errors) = (words.only(luck), luck.between(0, 100));
    match luck.between(0, 11) {
        0 => format!("outage: {tier}{which}"),
        1 => format!("outage: {tier}{which}, mode: hang"),
        2 => format!("slow: {tier}{which}{only}, by: {}s", luck.between(0, 20)),
        3 => format!("slow: {endpoint}{only}, times: {}", luck.between(1, 50)),
        4 => format!("slow: {tier}{only}, takes: {}", luck.time(20)),
        5 => format!("failing: {tier}{which}{only}, errors: {errors}%"),
        6 => format!("lost-servers: {tier}{which}"),
        7 => "lost-zone: b".to_string(),
        8 => format!("surge: visits, times: {}{only}", luck.between(1, 6)),
        9 => format!("bad-release: {endpoint}{only}, errors: {errors}%"),
        10 => format!("unreachable: {}", luck.text(&words.people)),
        _ => {
            let (whole, part) = (format!("blind: {tier}"), format!("blind: {tier}, share: 30%"));
            let blind = ["blind: telemetry", "blind: telemetry, share: 60%", &whole, &part];
            let rules = [
                "blind: Errors",
                "blind: \"=Slow()\", share: 50%",
                "blind: Probed, share: 50%",
                "blind: desk",
            ];
            let other = ["blocked: one", "blocked: two"];
            luck.pick(&[&blind[..], &rules[..], &other[..]].concat()).to_string()
        }
    }
}

pub fn rules(text: &mut String, luck: &mut Luck, words: &Words) {
    let window = words.every * luck.between(1, 6);
    let lasts = |luck: &mut Luck| match luck.between(0, 3) {
        0 => "0s".to_string(),
        1 => "2 of 3".to_string(),
        _ => format!("{}s", words.every * luck.between(1, 8)),
    };
    let held = [lasts(luck), lasts(luck), lasts(luck), lasts(luck)];
    let tier = luck.pick(&words.tiers);
    let least = luck.between(0, 30);
    let seconds = luck.between(1, 4);
    let _ = write!(
        text,
        "rules:
  - {{alert: Errors, expr: error_rate > 3x baseline, floor: 1%, for: {}, window: {window}s,
     min_requests: {least}, severity: SEV-1}}
  - {{alert: \"=Slow()\", expr: latency > {seconds}s for 10% of traffic, for: {},
     keep_firing_for: 30s}}
  - {{alert: Segment, expr: error_rate > 5%, by: {}, for: {}, resolve: error_rate < 2%}}
  - {{alert: Quiet, expr: requests < {}/m, for: {}, where: {{tier: {tier}}},
     no_data_for: {}s}}
  - {{alert: Probed, expr: error_rate > {}%, probe: {}s, window: {}s, for: {}{}}}
  - {{alert: Reported, expr: reports > {}/h, where: {{source: desk}}}}
",
        held[0],
        held[1],
        luck.pick(&["browser", "login", "account", "tool"]),
        held[2],
        luck.between(0, 9),
        held[3],
        luck.between(0, 300),
        luck.between(1, 90),
        luck.between(1, words.every),
        words.every * luck.between(1, 6),
        lasts(luck),
        match luck.between(0, 2) {
            0 => String::new(),
            1 => format!(", where: {{endpoint: {}}}", luck.text(&words.endpoints)),
            _ => ", keep_firing_for: 20s".to_string(),
        },
        luck.between(0, 60)
    );
}

pub fn people(text: &mut String, luck: &mut Luck, words: &Words) {
    text.push_str("people:\n");
    for (position, person) in words.people.iter().enumerate() {
        let role = if position == 0 { "ops" } else { luck.pick(&["ops", "decider", "comms"]) };
        let hours = luck.pick(&["", ", hours: day", ", hours: [day, short]", ", hours: short"]);
        let own = luck.pick(&["", ", channels: {phone: {answers: 100%, after: 10s}}"]);
        let _ = writeln!(text, "  \"{person}\": {{role: {role}{hours}{own}}}");
    }
    text.push_str("  spare: {roles: [decider, comms, oit]}\n  nobody: \"?\"\n");
    let (from, to) = (luck.between(0, 11), luck.between(12, 23));
    let (slack, phone) = (luck.time(200), luck.time(60));
    let _ = write!(
        text,
        "hours:
  day: [{{from: 2018-11-05, to: 2018-11-09, daily: {from:02}:00-{to:02}:30 America/New_York}}]
  short: [{{from: 2018-11-07, to: 2018-11-08, days: mon-fri, daily: {to:02}:10-24:00 UTC}}]
channels:
  slack: {{answers: {}%, after: {slack}}}
  phone: {{answers: {}%, after: {phone}}}
",
        luck.between(0, 100),
        luck.between(0, 100)
    );
    let mut tried = luck.list(&words.people);
    if luck.chance(20) {
        tried = tried.replace(']', ", nobody]");
    }
    let _ = writeln!(
        text,
        "escalation:\n  ops: {{try: {tried}, by: {}, each: {}s, rounds: {}}}\n  \
         merge: {{try: {}, each: {}s}}",
        luck.list(&["slack", "phone"]),
        luck.between(1, 120),
        luck.between(1, 3),
        luck.list(&words.people),
        luck.between(1, 120)
    );
}

pub fn changes(text: &mut String, luck: &mut Luck, words: &Words) {
    let times: Vec<String> = CHANGES.iter().map(|_| luck.time(400)).collect();
    let path = luck.pick(&words.tiers);
    let room = match luck.between(0, 3) {
        0 => format!(", admits: {}/m", luck.between(1, 60)),
        1 => format!(", admits: {}/m, waits: {}", luck.between(1, 60), luck.time(300)),
        _ => String::new(),
    };
    let _ = write!(
        text,
        "changes:
  fix: {{takes: {}, pipeline: one, {}: {}}}
  rebuild: {{takes: {}, pipeline: one, fails: {}%, add: {{{path}: 2}}}}
  \"+revert\": {{takes: {}, pipeline: two, fails: {}%, ends: [fix, rebuild]}}
  page: {{takes: {}, serves: 503}}
  page-off: {{takes: {}, ends: [page, pipe-back]}}
  pipe-back: {{takes: {}, pipeline: two, route: {{{}: {path}}}{room}}}
  unknown: \"?\"
",
        times[0],
        luck.pick(&["propagate", "rolls"]),
        luck.time(100),
        times[1],
        luck.between(0, 100),
        times[2],
        luck.between(0, 40),
        times[3],
        times[4],
        times[5],
        luck.text(&words.endpoints)
    );
    text.push_str("launch:\n");
    let _ = writeln!(
        text,
        "  - {{step: first, at: {}, change: {}, by: merge}}\n  - {{after: first, change: {}}}\n  \
         - {{at: \"?\", tell: everyone, note: \"=doc\"}}\n  - {{at: {}, tell: ops, to: comms}}",
        words.moment(luck),
        luck.text(&CHANGES),
        luck.text(&CHANGES),
        words.moment(luck)
    );
    if luck.chance(50) {
        let from = luck.between(0, words.minutes);
        let _ = writeln!(
            text,
            "freezes:\n  - {{from: {from}m, to: {}m, changes: {}, except: {}, tell: oit}}",
            from + luck.between(1, 30),
            luck.list(&CHANGES),
            luck.list(&PLAYS)
        );
    }
}

pub fn plays(text: &mut String, luck: &mut Luck) {
    let mut triggers = luck.list(&RULES);
    if luck.chance(20) {
        triggers = triggers.replace(']', ", {lasts: fix, for: 2m}]");
    }
    let _ = writeln!(text, "plays:\n  rollback:\n    when: {triggers}\n    steps:");
    let among = luck.mix(&["fix", "rebuild", "+revert"]);
    let steps = [
        "page ops".to_string(),
        format!("declare {}s..{}s", 1, luck.between(2, 200)),
        format!("{{triage: 10s..{}s, again: 5s, among: {among}}}", luck.between(11, 300)),
        format!(
            "{{ask: decider, agrees: {}%, within: {}s, refused: {}}}",
            luck.between(0, 100),
            luck.between(2, 600),
            luck.pick(&["stop", "next"])
        ),
        "tell oit".to_string(),
        "change chosen".to_string(),
        format!("confirm {}s", luck.between(1, 900)),
        format!("{{work: write it down, by: comms, takes: {}}}", luck.time(300)),
        format!(
            "{{together: [[{{work: look, takes: {}}}], [{{tell: comms, to: oit, takes: {}}}, \
             {{tell: oit}}]]}}",
            luck.time(300),
            luck.time(200)
        ),
        format!("{{tell: comms, to: decider, every: {}s}}", luck.between(30, 900)),
    ];
    let early = luck.chance(20);
    for (position, step) in steps.iter().enumerate() {
        let needed = matches!(position, 2 | 5) || (early && position == 0);
        if needed || luck.chance(80) {
            let _ = writeln!(text, "      - {step}");
        }
    }
    if luck.chance(70) {
        let _ = writeln!(text, "    verify: {}s", luck.between(1, 600));
    }
    let even = luck.pick(&["", ", even: running"]);
    let _ = write!(
        text,
        "    otherwise: maintenance
  maintenance:
    steps: [change page, {{tell: comms, to: decider}}, tell everyone]
  stuck:
    when: [{{lasts: page, for: {}s{even}}}]
    steps: [page ops, {{ask: decider}}, change pipe-back, confirm {}s, change page-off]
    verify: {}s
  after:
    when: [{{failed: stuck}}, {}]
    steps: [page merge, change {}]
",
        luck.between(1, 600),
        luck.between(1, 900),
        luck.between(1, 300),
        luck.text(&["Quiet", "Segment"]),
        luck.pick(&["fix", "page", "page-off"]),
    );
}

pub fn verdicts(text: &mut String, luck: &mut Luck) {
    let expect = luck.pick(&[
        "{detected: < 5m, recovered: < 30m, play: rollback}",
        "{alerts: none}",
        "{contained: < 20m, silent: [Quiet]}",
        "{alerts: [Errors, Segment]}",
    ]);
    let _ = write!(
        text,
        "go_no_go:
  - {{criterion: users, require: users >= 100}}
  - {{criterion: mix, require: \"coverage >= 85% of browser, login, account, tool\"}}
  - {{criterion: moved, attested: {{oit: {{says: met, at: 2018-11-06}}, mhv: \"?\"}}}}
decision: {{poll: {{oit: go, mhv: \"?\"}}, decided: \"?\"}}
expect: {expect}
"
    );
}
