//! What the odds say of deciding now or later, in words.

use crate::campaign::{DelayedOutcome, WAITS, WaitingOdds};
use crate::units::{Calendar, Span, Time, counted, grouped};

/// What is said beside the odds.
pub struct WaitingShown<'a> {
    /// What is done: `a yes to web-revert`.
    pub what: String,
    /// The moment at which the runs begin.
    pub at: Time,
    pub calendar: &'a Calendar,
    /// Whether the plan expects anything.
    pub expects: bool,
    /// The earliest moment by the table at which it is everywhere, for every wait.
    pub earliest: Option<[Time; 3]>,
    /// Users affected so far.
    pub affected: u64,
}

/// The odds of waiting, line by line; the first is a heading.
pub fn waiting(found: &WaitingOdds, shown: &WaitingShown) -> Vec<String> {
    let mut lines = vec![format!("odds: {}, now or later", shown.what)];
    for (wait, one) in WAITS.iter().zip(&found.each) {
        lines.push(line(*wait, one, found.forks, shown));
    }
    if let Some(earliest) = shown.earliest {
        let [now, soon, later] = earliest.map(|at| shown.calendar.minute(at));
        lines.push(format!(
            "By its table time it is everywhere at {now}, {soon} or {later} at the earliest."
        ));
    }
    let [now, soon, _] = &found.each;
    let minutes = (WAITS[1].seconds() / 60.0) as u64;
    let affected = grouped(shown.affected);
    lines.push(match soon.users.saturating_sub(now.users) / minutes {
        0 => format!("Users affected so far: {affected}."),
        more => format!(
            "Users affected so far: {affected}; each minute of waiting adds about {}.",
            grouped(more)
        ),
    });
    let runs = grouped(found.forks);
    let at = shown.calendar.clock(shown.at);
    let kept = if shown.expects { " Met: all that is expected." } else { "" };
    lines.push(format!(
        "Simulated: {runs} runs that begin at {at}, the same luck for all three; whoever sits here \
         is simulated from then on, and nobody approves before that.{kept}"
    ));
    lines
}

fn line(wait: Span, one: &DelayedOutcome, forks: u64, shown: &WaitingShown) -> String {
    let when = match wait {
        Span::ZERO => "now".to_string(),
        wait => format!("in {wait}"),
    };
    let kept = if shown.expects { "met" } else { "restored" };
    let back = match one.recovered_at {
        Some(back) => format!("back by {}", shown.calendar.minute(back)),
        None => "not back".to_string(),
    };
    let (runs, of) = (grouped(one.kept), grouped(forks));
    let users = counted(one.users as usize, "user");
    format!("{when}: {kept} in {runs} of {of} runs; typically {back}, {users} affected")
}
