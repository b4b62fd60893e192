//! `sim hinges` on the terminal: the odds, what they hinge on, and what would have saved most.

use super::page::{Ink, Page, Style, inked};
use crate::campaign::{BEST, CampaignIdentity, Hinge, Hinges, Remedies};
use crate::journal::Expectation;
use crate::measure::estimate::{Estimate, Estimator, Proportion};
use crate::report::hinges::{benefit, then};
use crate::units::grouped;

/// The most remedies that are shown.
const REMEDIES: usize = 4;

/// What was found, in at most 24 lines. It ends in a newline.
pub fn hinges_summary(
    identity: &CampaignIdentity,
    hinges: &Hinges,
    remedies: &Remedies,
    style: Style,
) -> String {
    let mut page = Page::new(style);
    page.line(vec![inked(Ink::Heading, identity.scenario.as_str())]);
    page.paragraph(Ink::Plain, &odds(identity, hinges));
    page.heading("It hinges on what is assumed: met with another value, change from now");
    if hinges.best.is_empty() {
        page.paragraph(Ink::Plain, &nothing(hinges));
    }
    let figures: Vec<String> = hinges.best.iter().map(figures).collect();
    let widest = figures.iter().map(|text| text.chars().count()).max().unwrap_or(0);
    for (hinge, figures) in hinges.best.iter().zip(figures).take(BEST) {
        let words = format!("\"{}\" → {}", hinge.input, hinge.to);
        page.labelled(&format!("{figures:<widest$}"), &words);
    }
    page.paragraph(Ink::Faint, &looked_at(hinges));
    page.heading(&format!("What would have saved most of {} lost runs", grouped(remedies.lost)));
    if remedies.best.is_empty() {
        page.paragraph(Ink::Plain, &no_remedy(remedies));
    }
    for (at, one) in remedies.best.iter().take(REMEDIES).enumerate() {
        page.labelled(
            &(at + 1).to_string(),
            &format!("{} ({})", one.words, benefit(one, remedies.lost)),
        );
    }
    let origin = format!(
        "{} runs, {} of them run again with other values and the same luck, simulated by sim \
         {} with seed {}. In parentheses: 95% intervals, of changes pair by pair.",
        grouped(hinges.total),
        grouped(hinges.replayed + remedies.replayed),
        identity.program,
        identity.seed
    );
    page.line(Vec::new());
    page.paragraph(Ink::Faint, &origin);
    page.finish()
}

/// `Keeps what is expected in 182 of 200 runs (86 to 94 %).`
fn odds(identity: &CampaignIdentity, hinges: &Hinges) -> String {
    let share = Proportion { hits: hinges.kept, trials: hinges.total }.estimate();
    let ends = share.and_then(|share: Estimate| share.low.zip(share.high));
    let percent = |share: f64| (share * 100.0).round();
    let ends = ends
        .map_or(String::new(), |(low, high)| format!(" ({} to {}%)", percent(low), percent(high)));
    let (kept, of) = (grouped(hinges.kept), grouped(hinges.total));
    let over = match identity.expect.iter().any(Expectation::is_limit) {
        true => "",
        false => ", and its incident is over,",
    };
    format!("As it is, the plan meets what it expects{over} in {kept} of {of} runs{ends}.")
}

/// `170 of 200, −6 points (−10 to −3)`.
fn figures(hinge: &Hinge) -> String {
    let about = if hinge.is_whole() { "" } else { "about " };
    let change = match (hinge.is_luck_only(), hinge.difference) {
        (false, Some(Estimate { value, low: Some(low), high: Some(high), .. })) => {
            let points = |share: f64| format!("{:+.0}", share * 100.0).replace('-', "−");
            format!("{} points ({} to {})", points(value), points(low), points(high))
        }
        _ => "luck only".to_string(),
    };
    format!("{about}{}, {change}", then(hinge))
}

fn nothing(hinges: &Hinges) -> String {
    let said = match (hinges.tried.is_empty(), hinges.left_out.is_empty()) {
        (true, true) => "No input that could be set to another value is assumed.",
        (true, false) => "Not computed.",
        (false, true) => "None of them moves it in these runs.",
        (false, false) => "Nothing that was tried moves it in these runs.",
    };
    said.to_string()
}

/// How much was looked at.
fn looked_at(hinges: &Hinges) -> String {
    let used = hinges.tried.iter().filter(|hinge| hinge.may_differ > 0).count();
    let mut text = format!(
        "{} assumed inputs were tried, with {} other values, of which {} could change a run.",
        hinges.inputs(),
        hinges.tried.len(),
        used
    );
    if let left @ 1.. = hinges.left_out.len() {
        text += &format!(" {left} more were not tried.");
    }
    text
}

fn no_remedy(remedies: &Remedies) -> String {
    match (remedies.lost, remedies.tried) {
        (_, 0) if !remedies.left_out.is_empty() => {
            let left = remedies.left_out.len();
            format!("Not computed: {left} things that the plan suggests were not tried.")
        }
        (0, _) => "No run is lost, and nothing that the plan suggests is much faster.".to_string(),
        (_, 0) => "The plan suggests nothing that could be tried.".to_string(),
        (_, tried) => format!("None of {tried} things that the plan suggests saves any."),
    }
}
