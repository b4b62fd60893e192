//! What counts for every row at a moment, of all statements.

use super::board::{
    Decided, DecisionStatus, ReadinessBoard, RowState, RowStatus, SeatState, SourceLine,
    ValueOrigin, blank,
};
use super::rows::{Asks, ReadinessRow, ReadinessRows, Seat, Voice};
use super::standing::{EffectiveStatement, standing};
use super::statement::{Claim, Statement, StatementTarget};
use crate::decision::{Decision, MeasuredQuantity, PollAnswer, Requirement, Says, Vote};
use crate::language::value::when::DayOrMoment;
use crate::language::word::ScalarValue;
use crate::units::{Ratio, grouped};
use jiff::Zoned;

impl ReadinessBoard {
    /// At this moment, of what was said until then.
    pub fn at(rows: &ReadinessRows, said: &[Statement], now: &Zoned) -> ReadinessBoard {
        let known = BoardBuilder { rows, said, now };
        let criteria = rows.criteria.iter().enumerate().map(|(place, row)| known.row(place, row));
        let poll = rows.poll.iter().enumerate().map(|(place, seat)| known.seat(place, seat));
        ReadinessBoard {
            scenario: rows.scenario.clone(),
            now: now.clone(),
            due: rows.due.clone(),
            rows: criteria.collect(),
            poll: poll.collect(),
            deciders: rows.deciders.clone(),
            decision: known.decision(),
        }
    }
}

/// What is being heard, at a moment.
struct BoardBuilder<'h> {
    rows: &'h ReadinessRows,
    said: &'h [Statement],
    now: &'h Zoned,
}

impl BoardBuilder<'_> {
    fn row(&self, place: usize, row: &ReadinessRow) -> RowState {
        let lines: Vec<SourceLine> = match &row.asks {
            Asks::Count(_) => vec![self.count(place, row)],
            Asks::Words(voices) => {
                let voices = voices.iter().enumerate();
                voices.map(|(voice, of)| self.voice(place, voice, of)).collect()
            }
        };
        let (mut owner, mut due) = (row.owner.clone(), row.due.clone());
        for statement in self.said.iter().filter(|s| s.recorded <= *self.now) {
            if let (StatementTarget::Count { row }, Claim::Owned { owner: name, due: by }) =
                (statement.target, &statement.claim)
                && row == place
            {
                owner = Some(name.clone());
                due = by.clone().unwrap_or(due);
            }
        }
        RowState {
            name: row.name.clone(),
            required: row.required(),
            status: RowStatus::of_all(lines.iter().map(|line| &line.status)),
            owner,
            due,
            lines,
        }
    }

    fn count(&self, place: usize, row: &ReadinessRow) -> SourceLine {
        let Asks::Count(Requirement { measured, at_least, counted, .. }) = &row.asks else {
            return blank(&row.name, RowStatus::Unknown);
        };
        let enough = |value: f64| if value >= *at_least { RowStatus::Go } else { RowStatus::NoGo };
        if let Some(counted) = counted {
            let of =
                DayOrMoment::parse(&counted.as_of).ok().map(|when| when.begins(&self.rows.zone));
            let expires = row.holds.zip(of).map(|(holds, of)| super::standing::later(&of, holds));
            let over = expires.as_ref().is_some_and(|expires| expires <= self.now);
            let unsure = counted.bound && counted.observed >= *at_least;
            let note = match (over, unsure) {
                (true, _) => Some("the count is too old".to_string()),
                (false, true) => Some("at most: counted by single categories".to_string()),
                (false, false) => None,
            };
            return SourceLine {
                status: if note.is_some() { RowStatus::Unknown } else { enough(counted.observed) },
                value: Some(value(counted.observed, measured)),
                as_of: Some(counted.as_of.clone()),
                source: Some(counted.source.clone()),
                expires,
                known: ValueOrigin::Measured,
                note,
                ..blank(&row.name, RowStatus::Unknown)
            };
        }
        let shown = |s: &Statement| match s.claim {
            Claim::Value(number) => value(number, measured),
            _ => s.word(),
        };
        let status = |s: &Statement| match s.claim {
            Claim::Value(number) => enough(number),
            _ => RowStatus::Unknown,
        };
        self.heard(
            &row.name,
            StatementTarget::Count { row: place },
            ValueOrigin::Measured,
            &shown,
            &status,
        )
    }

    fn voice(&self, row: usize, voice: usize, of: &Voice) -> SourceLine {
        if let Some((says, at)) = &of.stated {
            let (word, status) = match says {
                Says::Met => ("met", RowStatus::Go),
                Says::Failed => ("failed", RowStatus::NoGo),
                Says::Open => ("", RowStatus::Unknown),
            };
            return SourceLine {
                value: Some(word.to_string()),
                as_of: at.clone(),
                source: Some("the scenario".to_string()),
                known: ValueOrigin::Attested,
                ..blank(&of.name, status)
            };
        }
        let target = StatementTarget::Voice { row, voice };
        let status =
            |s: &Statement| if s.claim == Claim::Met { RowStatus::Go } else { RowStatus::NoGo };
        self.heard(&of.name, target, ValueOrigin::Attested, &Statement::word, &status)
    }

    fn seat(&self, place: usize, seat: &Seat) -> SeatState {
        let status = |vote: Option<Vote>| match vote {
            Some(Vote::Go | Vote::Continue) => RowStatus::Go,
            Some(Vote::NoGo) => RowStatus::NoGo,
            _ => RowStatus::Unknown,
        };
        let target = StatementTarget::Seat { seat: place };
        let vote = match &seat.stated {
            Some(PollAnswer::Vote(vote)) => Some(*vote),
            Some(PollAnswer::Other(_)) => None,
            None => match standing(self.said, target, self.now) {
                EffectiveStatement::One(Statement { claim: Claim::Vote(vote), .. }) => Some(*vote),
                _ => None,
            },
        };
        let line = match &seat.stated {
            Some(answer) => SourceLine {
                value: Some(answer.to_string()),
                source: Some("the scenario".to_string()),
                known: ValueOrigin::Attested,
                ..blank(&seat.name, status(vote))
            },
            None => {
                let holds_until = |s: &Statement| match &s.claim {
                    Claim::Vote(vote) => status(Some(*vote)),
                    _ => RowStatus::Unknown,
                };
                self.heard(
                    &seat.name,
                    target,
                    ValueOrigin::Attested,
                    &Statement::word,
                    &holds_until,
                )
            }
        };
        let asked = self.said.iter().filter(|s| s.target == target && s.recorded <= *self.now);
        let asked =
            asked.filter(|s| s.claim == Claim::Vote(Vote::Asked)).max_by_key(|s| s.from.clone());
        SeatState {
            name: seat.name.clone(),
            people: seat.who.words(),
            vote,
            asked: asked.map(|s| self.as_of_text(s)),
            line,
        }
    }

    fn decision(&self) -> DecisionStatus {
        if let Some((decided, by, at)) = &self.rows.stated {
            return DecisionStatus::Decided(Decided {
                decision: *decided,
                by: by.clone().unwrap_or_else(|| "the scenario does not say who".to_string()),
                at: at.clone().unwrap_or_else(|| "a time that is not recorded".to_string()),
                words: None,
                in_spite_of: Vec::new(),
            });
        }
        let one = match standing(self.said, StatementTarget::Decision, self.now) {
            EffectiveStatement::Nothing => return DecisionStatus::Nothing,
            EffectiveStatement::One(one) => one,
            EffectiveStatement::Stale(old) | EffectiveStatement::Reopened(old) => {
                return DecisionStatus::Undecided(format!(
                    "{} by {} no longer counts",
                    old.word(),
                    old.by
                ));
            }
            EffectiveStatement::Contradicted(them) => {
                return DecisionStatus::Undecided(self.contradiction(&them, &Statement::word));
            }
        };
        let decision = match one.claim {
            Claim::Decided(Decision::Hold) => {
                let words = one.words.as_ref().map_or(String::new(), |words| format!(": {words}"));
                return DecisionStatus::Undecided(format!(
                    "{} decided to hold, {}{words}",
                    one.by,
                    self.as_of_text(one)
                ));
            }
            Claim::Decided(decision) => decision,
            _ => return DecisionStatus::Nothing,
        };
        let then = BoardBuilder { now: &one.from, ..*self };
        let rows = self.rows.criteria.iter().enumerate();
        let rows = rows.map(|(place, row)| then.row(place, row));
        let open = rows.filter(|row| row.status != RowStatus::Go);
        DecisionStatus::Decided(Decided {
            decision,
            by: one.by.clone(),
            at: self.as_of_text(one),
            words: one.words.clone(),
            in_spite_of: open.map(|row| format!("{}: {}", row.name, row.status.word())).collect(),
        })
    }

    /// What counts of all that was said of one thing.
    fn heard(
        &self,
        name: &str,
        target: StatementTarget,
        known: ValueOrigin,
        shown: &dyn Fn(&Statement) -> String,
        status: &dyn Fn(&Statement) -> RowStatus,
    ) -> SourceLine {
        let line = |s: &Statement, status: RowStatus, note: Option<String>| SourceLine {
            value: Some(shown(s)),
            as_of: Some(self.as_of_text(s)),
            by: Some(s.by.clone()),
            source: Some(match &s.source {
                Some(source) => format!("{}, {source}", s.by),
                None => s.by.clone(),
            }),
            expires: s.expires.clone(),
            known,
            note,
            words: s.words.clone(),
            ..blank(name, status)
        };
        match standing(self.said, target, self.now) {
            EffectiveStatement::Nothing => blank(name, RowStatus::Unknown),
            EffectiveStatement::One(one) => {
                let status = match (&one.condition, status(one)) {
                    (Some((condition, by)), RowStatus::Go) => {
                        RowStatus::GoIf { condition: condition.clone(), by: by.clone() }
                    }
                    (_, status) => status,
                };
                line(one, status, None)
            }
            EffectiveStatement::Stale(old) => {
                let over = old.expires.as_ref().unwrap_or(self.now);
                let note = format!(
                    "too old since {}: {} said {} as of {}",
                    moment(over),
                    old.by,
                    shown(old),
                    self.as_of_text(old)
                );
                SourceLine {
                    expires: old.expires.clone(),
                    note: Some(note),
                    ..blank(name, RowStatus::Unknown)
                }
            }
            EffectiveStatement::Reopened(old) => {
                let (condition, until) = old.condition.as_ref().expect("it was open");
                let note = format!(
                    "open again since {}: {} said {} if {condition}",
                    moment(until),
                    old.by,
                    shown(old)
                );
                SourceLine { note: Some(note), ..blank(name, RowStatus::Unknown) }
            }
            EffectiveStatement::Contradicted(them) => {
                let note = self.contradiction(&them, shown);
                SourceLine { note: Some(note), known, ..blank(name, RowStatus::Unknown) }
            }
        }
    }

    fn contradiction(&self, them: &[&Statement], shown: &dyn Fn(&Statement) -> String) -> String {
        let one =
            |s: &&Statement| format!("{} says {} as of {}", s.by, shown(s), self.as_of_text(s));
        let all: Vec<String> = them.iter().map(one).collect();
        format!("contradicted until one is withdrawn: {}", all.join("; "))
    }

    /// As of when something was said: a day stays a day.
    fn as_of_text(&self, statement: &Statement) -> String {
        match statement.as_of {
            DayOrMoment::Day(day) => day.strftime("%a %Y-%m-%d").to_string(),
            _ => moment(&statement.from),
        }
    }
}

/// `Mon 2018-11-05 15:00`.
pub(super) fn moment(at: &Zoned) -> String {
    at.strftime("%a %Y-%m-%d %H:%M").to_string()
}

/// A number in the words of its criterion.
fn value(number: f64, measured: &MeasuredQuantity) -> String {
    match measured {
        MeasuredQuantity::Users if number.fract() == 0.0 => grouped(number as u64),
        MeasuredQuantity::Users => number.to_string(),
        MeasuredQuantity::Coverage(_) | MeasuredQuantity::Headroom => Ratio(number).to_string(),
    }
}
