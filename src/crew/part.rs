//! The part of a scenario that a log becomes.

use super::fit::{Crew, Fitted, LEAST};
use crate::names::{quoted_for_yaml, visible};
use crate::units::Span;

/// A part to include: `crew:`, which every page repeats, and a variable for each step. The lines
/// are put together here, since each carries a comment that says what its figures rest on, and the
/// serializer of YAML drops comments on maps.
pub fn yaml(crew: &Crew, like: &str, source: &str) -> String {
    // A name is a name, and not a variable.
    let quoted = |text: &str| quoted_for_yaml(&text.replace("${", "$${"));
    let (inside, all) = crew.held();
    let mut text = format!(
        "# People as they were in {}: fitted by `sim crew`, not assumed.\n\
         # Include this file, and write ${{declare}}, ${{diagnose}}, … where a step takes time.\n\
         # No plan can promise such times within a factor of two: they vary far more than that.\n\
         crew:\n  like: {}\n  source: {}\n  held: {inside} of {all}\nvars:\n",
        visible(source),
        quoted(like),
        quoted(&format!("calibrated on {} incidents, {source}", crew.incidents)),
    );
    for fitted in &crew.fitted {
        text += &format!("  {}: {}\n", fitted.step, line(fitted));
    }
    for (step, n) in &crew.too_few {
        text += &format!(
            "# {step}: {n} incidents tell it, and fewer than {LEAST} tell nothing: what was \
             assumed stays.\n"
        );
    }
    text
}

/// `48m (p99 2d)` and what it rests on.
fn line(fitted: &Fitted) -> String {
    let compact = Span::compact;
    let (low, high) = fitted.between;
    let open = match fitted.not_yet {
        0 => String::new(),
        n => format!(", {n} of them not over"),
    };
    let note = fitted.note.map(|note| format!("; {note}")).unwrap_or_default();
    let (inside, all) = fitted.held;
    format!(
        "{}   # [c] n {}{open}: 8 in 10 between {} and {}; left out one by one, {inside} of {all} \
         lay there{note}",
        fitted.after.in_one_line(),
        fitted.n,
        compact(low),
        compact(high),
    )
}
