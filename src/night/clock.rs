//! The clock of a night: that of the machine, which may jump, and on which day the plan is taken.

use crate::units::{Calendar, Span, Time};
use jiff::Zoned;

/// How long a night may go on after its plan has ended. A choice: an evening launch may go on until
/// the morning; after it, a clock is taken for another night.
const AFTER: Span = Span::from_secs(12 * 3600);
/// A clock that is off by less than this is corrected silently. A choice: with less, small
/// corrections of the clock of the machine would be reported too.
const QUIET: Span = Span::from_secs(30);

/// The clock of the plan on the night that begins now: on its own day, or, where that is another
/// one, on the day on which its hours are those of now. The error says when the plan begins.
pub fn calendar(plan: &Calendar, lasts: Span, now: &Zoned) -> Result<Calendar, String> {
    let now = now.with_time_zone(plan.zone().clone());
    let until = Time::ZERO + lasts + AFTER;
    let holds = |calendar: &Calendar| calendar.time_of(&now).is_some_and(|at| at < until);
    if holds(plan) {
        return Ok(plan.clone());
    }
    let time = plan.starts().time();
    let yesterday = now.date().yesterday().ok();
    let days = [Some(now.date()), yesterday].into_iter().flatten();
    let begun = days.filter_map(|day| plan.zone().to_zoned(day.to_datetime(time)).ok());
    let mut calendars = begun.map(Calendar::new);
    calendars.find(holds).ok_or_else(|| {
        let begins = plan.starts().strftime("%-d %B %Y, %H:%M");
        format!("it is {}, and the plan begins on {begins}", now.strftime("%-d %B %Y, %H:%M"))
    })
}

/// How the machine's clock has moved where nobody would have expected it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Jump {
    /// It went back by this much: the night stands still until it has caught up.
    Back(Span),
    /// It went ahead by this much more than time went by.
    Ahead(Span),
}

/// The clock of the night, which never goes back.
#[derive(Debug, Clone)]
pub struct NightClock {
    now: Time,
    /// What the machine showed last.
    shown: Time,
    /// The jump back that was told and has not been caught up with.
    behind: bool,
}

impl NightClock {
    /// It stood at this moment when the last line was written.
    pub fn new(reached: Time) -> NightClock {
        NightClock { now: reached, shown: reached, behind: false }
    }

    /// The moment reached, in whole seconds.
    pub fn now(&self) -> Time {
        self.now.full_second()
    }

    /// The machine shows this moment, after so much time as it really took. Says if it jumped.
    pub fn shows(&mut self, moment: Time, went_by: Span) -> Option<Jump> {
        let expected = self.shown + went_by;
        self.shown = moment;
        let back = self.now.since(moment);
        let jump = if back > Span::ZERO {
            let fresh = !std::mem::replace(&mut self.behind, true);
            (fresh && back > QUIET).then_some(Jump::Back(back))
        } else {
            self.behind = false;
            let ahead = moment.since(expected);
            (ahead > QUIET).then_some(Jump::Ahead(ahead))
        };
        self.now = self.now.max(moment);
        jump
    }
}
