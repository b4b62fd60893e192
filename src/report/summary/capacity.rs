//! The capacity check on the terminal: a first answer by formula, then what playing it shows.

use super::page::{Ink, Page, Piece, Style, inked, plain, right};
use crate::capacity::{Breaking, CaseResult, Check, Sizing, Status, TierOutcome, seconds};
use crate::report::book::significant;
use crate::report::capacity::tier_status;

/// The first answer: what formulas say of every tier and every case. It ends in a newline.
pub fn capacity_first(check: &Check, style: Style) -> String {
    let mut page = Page::new(style);
    page.title(&check.scenario);
    page.paragraph(Ink::Plain, &peak(check));
    page.heading("By formula, at the peak");
    tiers(check, &mut page);
    for sentence in uncalled(check) {
        page.paragraph(Ink::Faint, &sentence);
    }
    if !check.simulated {
        cases(check, &mut page);
        sizes(check, &mut page);
        assumed(check, &mut page);
        page.heading("Verdict, by formula alone");
        verdict(check, &mut page);
    }
    page.finish()
}

/// What playing the site shows, the verdict first. It ends in a newline.
pub fn capacity_summary(check: &Check, style: Style) -> String {
    let mut page = Page::new(style);
    page.heading("Verdict");
    verdict(check, &mut page);
    cases(check, &mut page);
    rising(check, &mut page);
    sizes(check, &mut page);
    assumed(check, &mut page);
    let origin = format!(
        "Simulated by sim {}, seed {}, scenario {}. In parentheses: from the highest load that \
         clearly holds to the lowest that clearly does not. By formula: Little's law, Erlang C; no \
         retries, no breakers, no health checks.",
        check.program, check.seed, check.scenario_hash
    );
    page.line(Vec::new());
    page.paragraph(Ink::Faint, &origin);
    page.finish()
}

fn peak(check: &Check) -> String {
    let requests = check.cases[0].formula.requests;
    format!(
        "The peak is {} visits/s, {} requests/s ({}).",
        significant(check.peak.visits, 3),
        significant(requests, 3),
        check.peak.source
    )
}

/// The objectives in words.
fn objectives(check: &Check) -> String {
    let of = &check.objectives;
    let usual = if check.objectives_written { "" } else { " (the usual ones, none are written)" };
    format!(
        "headroom {}, p{} < {}, errors < {}{usual}",
        of.headroom,
        significant(of.quantile * 100.0, 3),
        of.latency,
        of.errors
    )
}

fn verdict(check: &Check, page: &mut Page) {
    let (ink, word) = match check.verdict() {
        Status::Met => (Ink::Good, "The capacity is there"),
        Status::Missed => (Ink::Bad, "The capacity is not there"),
        Status::Open => (Ink::Plain, "Too close to tell"),
    };
    page.paragraph(ink, &format!("{word}: {}.", objectives(check)));
    for sentence in reasons(check) {
        page.paragraph(Ink::Plain, &sentence);
    }
}

/// Why the verdict is what it is.
pub(in crate::report) fn reasons(check: &Check) -> Vec<String> {
    let mut reasons = Vec::new();
    let normal = &check.cases[0];
    let wanted = check.objectives.headroom;
    if let Some([_, at, _]) = normal.headroom() {
        let stands = match check.headroom() {
            Status::Met => "enough",
            Status::Missed => "too little",
            Status::Open => "not clearly enough",
        };
        let breaks = breaks(normal, check.simulated);
        reasons.push(if at < 0.0 {
            format!("The expected peak is beyond the breaking point, which is at {breaks} of it.")
        } else {
            format!(
                "It breaks at {breaks} of the peak, a headroom of {}%: {stands} for {wanted}.",
                significant((at * 100.0).floor(), 3)
            )
        });
    }
    for case in check.cases.iter().filter(|case| case.status() != Status::Met) {
        reasons.push(missed(case, check));
    }
    if let Some(first) = check.steps.first() {
        let who = first.tier.as_deref().unwrap_or("visitors");
        reasons.push(format!(
            "What gives way first: {} of {who}, from {}x on: {}.",
            first.strain.word(),
            significant(first.multiple, 3),
            first.text
        ));
    } else if let Some(first) = &normal.bottleneck {
        reasons.push(format!("The first bottleneck is {}: {}.", first.tier, first.text));
    }
    reasons
}

/// What is wrong with a case.
fn missed(case: &CaseResult, check: &Check) -> String {
    let outcome = case.played.as_ref().map_or(&case.formula, |point| &point.outcome);
    let latency = outcome.latency.map_or("no answer".to_string(), seconds);
    let percentile = significant(check.objectives.quantile * 100.0, 3);
    let word = if case.status() == Status::Open { "unclear" } else { "missed" };
    let why = case
        .bottleneck
        .as_ref()
        .map_or(String::new(), |found| format!("; busiest is {}: {}", found.tier, found.text));
    format!(
        "{word} with {}: p{percentile} {latency}, errors {}%{why}.",
        case.title,
        significant(outcome.errors * 100.0, 2)
    )
}

/// The breaking point of a case in words: `3.2x (3.1x to 3.3x)`.
pub(in crate::report) fn breaks(case: &CaseResult, simulated: bool) -> String {
    let x = |multiple: f64| format!("{}x", significant(multiple, 3));
    match &case.breaking {
        Some(Breaking { at, low, high, .. }) => match (at, low, high) {
            (_, Some(low), None) => format!("more than {}", x(*low)),
            (_, None, Some(high)) => format!("less than {}", x(*high)),
            (Some(at), Some(low), Some(high)) => {
                format!("{} ({} to {})", x(*at), x(*low), x(*high))
            }
            _ => "not found".to_string(),
        },
        None if simulated => "not found".to_string(),
        None => case.formula_breaks.map_or("never".to_string(), x),
    }
}

fn tiers(check: &Check, page: &mut Page) {
    let normal = &check.cases[0];
    let heads = ["Tier", "calls/s", "threads", "busy", "use", "hold", "wait", "p95", "headroom"];
    let mut rows: Vec<Vec<Piece>> = vec![heads.map(|head| faint_right(head)).to_vec()];
    rows[0][0].right = false;
    for tier in normal.formula.tiers.iter().filter(|tier| tier.calls > 0.0) {
        rows.push(tier_row(normal, tier, check));
    }
    page.table(rows);
    if normal.formula.tiers.iter().any(|tier| tier.assumed && tier.calls > 0.0) {
        page.paragraph(Ink::Faint, "* the number of threads is assumed");
    }
}

fn tier_row(case: &CaseResult, tier: &TierOutcome, check: &Check) -> Vec<Piece> {
    let short = |value: f64| significant(value, 3);
    let percent = |share: f64| format!("{}%", significant(share * 100.0, 3));
    let time = |time: Option<f64>| time.map_or("-".to_string(), seconds);
    let mark = if tier.assumed { "*" } else { "" };
    let external = if tier.external { " (external)" } else { "" };
    let met = tier_status(case, tier, check) == Status::Met;
    let ink = if met { Ink::Good } else { Ink::Bad };
    vec![
        plain(format!("{}{external}", tier.tier)),
        right(short(tier.calls)),
        right(format!("{}{mark}", tier.threads)),
        right(short(tier.busy)),
        right(percent(tier.used())),
        right(seconds(tier.hold)),
        right(time(tier.wait)),
        right(time(tier.p95)),
        Piece { right: true, ..inked(ink, percent(1.0 - tier.used())) },
    ]
}

fn faint_right(text: &str) -> Piece {
    Piece { right: true, ..inked(Ink::Faint, text) }
}

/// Tiers that nobody calls, and cases that are not there.
fn uncalled(check: &Check) -> Vec<String> {
    let mut sentences = Vec::new();
    if !check.uncalled.is_empty() {
        let names = check.uncalled.join(", ");
        sentences.push(format!("No endpoint leads through {names}: not judged."));
    }
    sentences.extend(check.left_out.iter().map(|why| format!("Not a case here: {why}.")));
    sentences
}

fn cases(check: &Check, page: &mut Page) {
    page.heading("Case by case, at the peak");
    let percentile = format!("p{}", significant(check.objectives.quantile * 100.0, 3));
    let formula = format!("{percentile} by formula");
    let heads = ["Case", &formula, "played", "errors", "breaks at", ""];
    let mut rows: Vec<Vec<Piece>> = vec![heads.map(|head| inked(Ink::Faint, head)).to_vec()];
    let percent = |share: f64| format!("{}%", significant(share * 100.0, 2));
    for case in &check.cases {
        let played = case.played.as_ref();
        let time = |time: Option<f64>| time.map_or("-".to_string(), seconds);
        let ink = match case.status() {
            Status::Met => Ink::Good,
            Status::Missed => Ink::Bad,
            Status::Open => Ink::Plain,
        };
        let errors = played.map_or(case.formula.errors, |point| point.outcome.errors);
        rows.push(vec![
            plain(&case.title),
            right(time(case.formula.latency)),
            right(played.map_or("-".to_string(), |point| time(point.outcome.latency))),
            right(percent(errors)),
            plain(breaks(case, check.simulated)),
            inked(ink, case.status().word()),
        ]);
        for effect in &case.effects {
            rows.push(vec![plain(format!("    formula and simulation differ by {effect}"))]);
        }
    }
    page.table(rows);
}

/// What comes as the load rises, and whether it goes away again.
fn rising(check: &Check, page: &mut Page) {
    if !check.steps.is_empty() {
        page.heading("As the load rises");
        let rows = check.steps.iter().take(12).map(|step| {
            let who = step.tier.as_deref().unwrap_or("visitors");
            let at = format!("{}x", significant(step.multiple, 3));
            vec![right(at), plain(step.strain.word()), plain(who), plain(&step.text)]
        });
        page.table(rows.collect());
    }
    if let Some(sentence) = hysteresis(check) {
        page.heading("Up and down again");
        page.paragraph(Ink::Plain, &sentence);
    }
}

/// Whether a site that was overrun recovers at the load that it bore before.
pub(in crate::report) fn hysteresis(check: &Check) -> Option<String> {
    let found = check.hysteresis.as_ref()?;
    let x = |multiple: f64| format!("{}x", significant(multiple, 3));
    let bears = found.bears?;
    Some(match (found.is_there(), found.recovers) {
        (true, Some(recovers)) => format!(
            "Coming up it bears {} of the peak; once overrun it recovers only at {}. What keeps it \
             down is its own doing (hysteresis): take the load away, do not wait.",
            x(bears),
            x(recovers)
        ),
        (true, None) => format!(
            "Coming up it bears {} of the peak; once overrun it did not recover, not even at {} \
             (hysteresis): only taking the load away altogether ends it.",
            x(bears),
            found.down.last().map_or(String::new(), |rung| x(rung.multiple))
        ),
        (false, recovers) => format!(
            "Coming up it bears {} of the peak, going down it is well again at {}: nothing of the \
             overload stays.",
            x(bears),
            recovers.map_or("none".to_string(), x)
        ),
    })
}

fn sizes(check: &Check, page: &mut Page) {
    let Some(sizing) = &check.sizing else { return };
    page.heading("Fewest instances that pass, zones lost included");
    let heads = ["Tier", "now", "fewest", "carries, zones lost", "with one more"];
    let mut rows: Vec<Vec<Piece>> = vec![heads.map(|head| inked(Ink::Faint, head)).to_vec()];
    let x = |multiple: f64| format!("{}x", significant(multiple, 3));
    for size in &sizing.tiers {
        rows.push(vec![
            plain(&size.tier),
            right(size.now.to_string()),
            right(size.fewest.map_or("> 10000".to_string(), |fewest| fewest.to_string())),
            right(x(size.carries[0])),
            right(x(size.carries[1])),
        ]);
    }
    page.table(rows);
    let played = passes(sizing);
    page.paragraph(Ink::Faint, played);
}

/// Whether the sizes pass.
pub(in crate::report) fn passes(sizing: &Sizing) -> &'static str {
    match sizing.played {
        _ if !sizing.pass => {
            "No number of instances of ours passes; these have the threads. What is missed is missed \
             elsewhere."
        }
        Some(Status::Met) => "Played with these sizes, the objectives are met.",
        Some(Status::Missed) => "Played with these sizes, the objectives are still missed.",
        Some(Status::Open) => "Played with these sizes, it is too close to tell.",
        None => "By formula; not played.",
    }
}

fn assumed(check: &Check, page: &mut Page) {
    let Some(sentence) = assumed_sentence(check) else { return };
    page.heading("What it rests on");
    page.paragraph(Ink::Plain, &sentence);
}

/// How far the breaking point would move if the assumed thread counts were wrong.
pub(in crate::report) fn assumed_sentence(check: &Check) -> Option<String> {
    let assumed = check.assumed.as_ref()?;
    let x = |multiple: Option<f64>| {
        multiple.map_or("nothing".to_string(), |multiple| format!("{}x", significant(multiple, 3)))
    };
    let [low, as_is, high] = assumed.breaks.map(x);
    Some(format!(
        "Nobody has measured the threads of {}. Were they 30 % fewer, it would break at {low} of \
         the peak instead of {as_is}; were they 30 % more, at {high} (by formula).",
        assumed.tiers.join(", ")
    ))
}
