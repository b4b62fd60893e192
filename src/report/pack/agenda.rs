//! Several exercises in one session: what comes when, and how long each may take in the room.

use crate::units::Span;

/// A minute-by-minute part of a session; times count from its begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slot {
    /// What is done.
    pub what: AgendaItem,
    /// From here.
    pub from: Span,
    /// As long.
    pub lasts: Span,
}

/// What is done in a part of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AgendaItem {
    /// Signing in, ground rules, the abort card.
    Welcome,
    /// The exercise of this number, from 0.
    Exercise(usize),
    /// What is fresh in everybody's mind is said, right after it.
    HotWash(usize),
    /// Nothing.
    Break,
    /// What is to be changed, who is responsible for it, and until when.
    Closing,
}

/// A session from its begin to its end, without gaps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionAgenda {
    /// In order.
    pub slots: Vec<Slot>,
    /// How long all of it takes.
    pub lasts: Span,
}

// In minutes. Choices of the house, for sessions of one to two hours; the closing also gets what is
// left over. With double, a session of an hour has no room for two exercises.
const WELCOME: u64 = 10;
const HOT_WASH: u64 = 5;
const BREAK: u64 = 5;
const CLOSING: u64 = 15;
/// In less time than this, no exercise is worth setting up: a choice, in minutes.
const LEAST: u64 = 10;
/// The longest session.
const DAY: u64 = 24 * 60;

impl SessionAgenda {
    /// A session of so long with exercises of these lengths by their own clocks, in this order.
    /// What is left beside welcome, hot washes, breaks and closing is shared out by those lengths;
    /// none takes longer in the room than by its clock. The error says what would fit.
    pub fn new(lasts: Span, clocks: &[Span]) -> Result<SessionAgenda, String> {
        let count = clocks.len() as u64;
        let minutes = lasts.0 / Span::MINUTE.0;
        if minutes > DAY {
            return Err(format!("an agenda of {lasts} is longer than a day; write --agenda 2h"));
        }
        let fixed = WELCOME + CLOSING + count * HOT_WASH + count.saturating_sub(1) * BREAK;
        let least = fixed + count * LEAST;
        if minutes < least {
            return Err(format!(
                "an agenda of {lasts} is too short for {}: welcome, hot washes, breaks and closing \
                 take {}, and each exercise at least {}; use --agenda {} or fewer exercises",
                if count == 1 { "an exercise".to_string() } else { format!("{count} exercises") },
                Span::MINUTE * fixed,
                Span::MINUTE * LEAST,
                Span::MINUTE * least,
            ));
        }
        let rooms = shared_out(minutes - fixed, clocks);
        let spare = minutes - fixed - rooms.iter().sum::<u64>();
        let mut agenda = SessionAgenda { slots: Vec::new(), lasts: Span::ZERO };
        agenda.add(AgendaItem::Welcome, WELCOME);
        for (number, room) in rooms.iter().enumerate() {
            if number > 0 {
                agenda.add(AgendaItem::Break, BREAK);
            }
            agenda.add(AgendaItem::Exercise(number), *room);
            agenda.add(AgendaItem::HotWash(number), HOT_WASH);
        }
        agenda.add(AgendaItem::Closing, CLOSING + spare);
        Ok(agenda)
    }

    fn add(&mut self, what: AgendaItem, minutes: u64) {
        let lasts = Span::MINUTE * minutes;
        self.slots.push(Slot { what, from: self.lasts, lasts });
        self.lasts += lasts;
    }

    /// How long the exercise of this number has in the room.
    pub fn room(&self, number: usize) -> Span {
        let own = self.slots.iter().find(|slot| slot.what == AgendaItem::Exercise(number));
        own.map_or(Span::ZERO, |slot| slot.lasts)
    }
}

/// Minutes for each, by the lengths of their clocks; at least [`LEAST`], at most its clock.
fn shared_out(minutes: u64, clocks: &[Span]) -> Vec<u64> {
    let most: Vec<u64> =
        clocks.iter().map(|clock| clock.0.div_ceil(Span::MINUTE.0).max(LEAST)).collect();
    let mut rooms = vec![LEAST; clocks.len()];
    let mut left = minutes - LEAST * clocks.len() as u64;
    // A minute at a time to whoever is furthest behind its clock.
    while left > 0 {
        let behind = (0..rooms.len()).filter(|at| rooms[*at] < most[*at]);
        let Some(next) = behind.min_by(|one, other| {
            let share = |at: usize| rooms[at] as f64 / most[at] as f64;
            share(*one).total_cmp(&share(*other))
        }) else {
            break;
        };
        rooms[next] += 1;
        left -= 1;
    }
    rooms
}

#[cfg(test)]
mod tests {
    use super::*;

    fn minutes(minutes: &[u64]) -> Vec<Span> {
        minutes.iter().map(|minutes| Span::MINUTE * *minutes).collect()
    }

    #[test]
    fn a_session_is_whole_and_shares_its_time_by_the_clocks() {
        let agenda =
            SessionAgenda::new(Span::MINUTE * 120, &minutes(&[180, 90, 90])).expect("it fits");
        assert_eq!(agenda.lasts, Span::MINUTE * 120);
        let mut at = Span::ZERO;
        for slot in &agenda.slots {
            assert_eq!(slot.from, at, "no gap: {agenda:?}");
            at += slot.lasts;
        }
        assert_eq!(at, agenda.lasts);
        let rooms: Vec<u64> = (0..3).map(|n| agenda.room(n).0 / Span::MINUTE.0).collect();
        assert_eq!(rooms.iter().sum::<u64>(), 120 - 10 - 15 - 15 - 10);
        assert_eq!(rooms, [35, 18, 17], "by their clocks, to the minute");
        let breaks = agenda.slots.iter().filter(|slot| slot.what == AgendaItem::Break);
        assert_eq!(breaks.count(), 2);
    }

    #[test]
    fn no_exercise_takes_longer_than_its_clock_and_the_rest_is_for_closing() {
        let agenda = SessionAgenda::new(Span::MINUTE * 240, &minutes(&[12, 30])).expect("it fits");
        assert_eq!((agenda.room(0), agenda.room(1)), (Span::MINUTE * 12, Span::MINUTE * 30));
        let closing = agenda.slots.last().expect("a closing");
        assert!(
            closing.what == AgendaItem::Closing && closing.lasts > Span::MINUTE * 100,
            "{agenda:?}"
        );
        assert_eq!(agenda.lasts, Span::MINUTE * 240);
    }

    #[test]
    fn what_does_not_fit_says_what_would() {
        let long = SessionAgenda::new(Span::MINUTE * 1_800, &minutes(&[60])).expect_err("30 hours");
        assert!(long.contains("longer than a day"), "{long}");
        let short =
            SessionAgenda::new(Span::MINUTE * 45, &minutes(&[60, 60, 60])).expect_err("too short");
        assert!(short.contains("--agenda 1h 20m"), "{short}");
        assert!(SessionAgenda::new(Span::MINUTE * 80, &minutes(&[60, 60, 60])).is_ok());
        assert!(SessionAgenda::new(Span::ZERO, &minutes(&[60])).is_err());
    }
}
