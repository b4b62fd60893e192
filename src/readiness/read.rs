//! The record as written, and from its text to statements; all that is wrong is found at once.

use super::rows::{Asks, ReadinessRows, UnknownRow, same};
use super::statement::{Claim, Statement, StatementTarget};
use crate::decision::{Decision, MeasuredQuantity, Vote};
use crate::language::node::NodeKind;
use crate::language::problem::{Problem, Problems, advice, quoted};
use crate::language::source::{Place, SourceText};
use crate::language::value::number::decimal;
use crate::language::value::when::DayOrMoment;
use crate::language::word::{ScalarValue, ValueError};
use crate::language::wording::Wording;
use crate::language::written::{FromNode, Placed, check_length, written};
use crate::language::yaml;
use crate::names::{is_hidden, visible};
use crate::units::Ratio;
use jiff::Zoned;

/// The statements of a record. `clock` is the last moment at which anything can have been said.
pub fn read(
    source: &SourceText,
    rows: &ReadinessRows,
    clock: &Zoned,
) -> Result<Vec<Statement>, Problems> {
    let source = source.without_mark();
    let text = source.text.clone();
    let mut problems = Problems::new(source);
    let mut root = yaml::parse(&text, 0, &mut problems);
    // A list in which nothing is said yet.
    if let Some(NodeKind::Map(entries)) = root.as_mut().map(|root| &mut root.kind) {
        entries.retain(|(key, value)| key.text != "statements" || value.kind != NodeKind::Null);
    }
    if let Some(node) = root.as_ref().and_then(|root| root.get("scenario"))
        && let Some(title) = node.text()
        && !same(title, &rows.scenario)
    {
        // Whatever else it says is about something else.
        problems.push(of_another(title, node.place, rows));
        return Err(problems);
    }
    let record = root.and_then(|root| Record::read(&root, &mut problems));
    let mut statements = Vec::new();
    if let Some(record) = record {
        for line in record.statements.iter().flatten() {
            let mut reader = StatementReader { rows, clock, problems: &mut problems };
            statements.extend(reader.statement(line));
        }
    }
    if problems.any_error() { Err(problems.sorted()) } else { Ok(statements) }
}

/// Another scenario has this title.
fn of_another(title: &str, place: Place, rows: &ReadinessRows) -> Problem {
    let hint = format!(
        "the scenario here is {}: name another record with --record, or edit this line if it \
         was renamed",
        quoted(&rows.scenario)
    );
    Problem::error(place, format!("this is from another scenario: {}", quoted(title))).hint(hint)
}

struct StatementReader<'r> {
    rows: &'r ReadinessRows,
    clock: &'r Zoned,
    problems: &'r mut Problems,
}

impl StatementReader<'_> {
    fn error(&mut self, place: Place, message: impl Into<Wording>, hint: impl Into<String>) {
        self.problems.push(Problem::error(place, message).hint(hint));
    }

    fn unknown(&mut self, place: Place, unknown: UnknownRow) {
        self.error(place, unknown.message, unknown.hint);
    }

    fn report_value_error(&mut self, place: Place, complaint: ValueError) {
        self.problems.push(complaint.at(place));
    }

    fn statement(&mut self, line: &Line) -> Option<Statement> {
        self.lengths(line);
        let target = self.target(line)?;
        let said = self.claim(line, target)?;
        self.only_once(line, target, &said);
        let (by, as_of) = (line.by.as_ref()?, line.as_of.as_ref()?);
        if by.value.trim().is_empty() || by.value == "?" {
            self.error(by.place, "nobody says this", "write who does: by: josh");
        }
        let zone = &self.rows.zone;
        let from = as_of.value.begins(zone);
        let recorded = line.said.map_or(from.clone(), |said| said.value.begins(zone));
        if let Some(said) = line.said.filter(|_| recorded > *self.clock) {
            let message = "this is said in the future";
            self.error(said.place, message, "write when it was said");
        } else if from > recorded.clone().min(self.clock.clone()) {
            let message = "this evidence is dated after the statement";
            self.error(as_of.place, message, "write as of when it was so");
        }
        let expires = line.expires.map(|expires| (expires.place, expires.value.ends(zone)));
        if let Some((place, at)) = &expires
            && *at <= from
        {
            self.error(*place, "this expires before its own date", "write a later moment");
        }
        let expires = expires.map(|(_, at)| at).or_else(|| self.holds_until(target, &said, &from));
        Some(Statement {
            target,
            claim: said,
            by: by.value.trim().to_string(),
            as_of: as_of.value,
            condition: self.condition(line, &from),
            from,
            recorded,
            source: line.source.as_ref().map(|source| source.value.clone()),
            expires,
            words: line.words.as_ref().map(|words| words.value.clone()),
            line: line.place.line,
        })
    }

    /// Names are short, since they stand in every table.
    fn lengths(&mut self, line: &Line) {
        let texts = [
            ("who says so", &line.by),
            ("whose word it is", &line.whose),
            ("the owner", &line.owner),
            ("the source", &line.source),
            ("the condition", &line.condition),
            ("what is said", &line.words),
        ];
        for (what, text) in texts {
            if let Some(Placed { value, place }) = text {
                check_length(what, value, *place, self.problems);
                self.visible(what, value, *place);
            }
        }
    }

    /// Characters that reorder or hide text could make a line say something else.
    fn visible(&mut self, what: &str, text: &str, place: Place) {
        if let Some(hidden) = text.chars().find(|letter| is_hidden(*letter)) {
            let message =
                format!("{what} contains an invisible character: {}", visible(&hidden.to_string()));
            self.error(place, message, "type it again without it");
        }
    }

    fn target(&mut self, line: &Line) -> Option<StatementTarget> {
        let given = [&line.criterion, &line.poll, &line.decision];
        let mut given = given.into_iter().flatten();
        match (given.next(), given.next()) {
            (None, _) => {
                let hint = "write criterion, poll or decision";
                self.error(line.place, "this does not say what it is about", hint);
                return None;
            }
            (_, Some(second)) => {
                self.error(second.place, "these are two statements", "write them separately");
                return None;
            }
            _ => {}
        }
        let found = match (&line.criterion, &line.poll) {
            (Some(name), _) => match &line.of {
                None if line.owner.is_some() => {
                    self.rows.place(&name.value).map(|row| StatementTarget::Count { row })
                }
                None => self.rows.criterion(&name.value, None),
                Some(of) => self.rows.criterion(&of.value, Some(&name.value)),
            }
            .map_err(|unknown| {
                let wrong_row = self.rows.place(&name.value).is_err();
                (line.of.as_ref().filter(|_| !wrong_row).map_or(name.place, |of| of.place), unknown)
            }),
            (None, Some(name)) => {
                self.rows.seat(&name.value).map_err(|unknown| (name.place, unknown))
            }
            (None, None) => Ok(StatementTarget::Decision),
        };
        found.map_err(|(place, unknown)| self.unknown(place, unknown)).ok()
    }

    fn claim(&mut self, line: &Line, target: StatementTarget) -> Option<Claim> {
        if let Some(owner) = &line.owner {
            if let Some(says) = line.says.as_ref().or(line.decision.as_ref()) {
                let message = "this names an owner and says something";
                self.error(says.place, message, "write them separately");
                return None;
            }
            let due = line.due.map(|due| due.ends(&self.rows.zone));
            return Some(Claim::Owned { owner: owner.value.trim().to_string(), due });
        }
        let word = match (target, &line.decision) {
            (StatementTarget::Decision, Some(decision)) => decision,
            _ => match &line.says {
                Some(says) => says,
                None => {
                    let hint = "write says: met, or owner: josh";
                    self.error(line.place, "this does not say anything", hint);
                    return None;
                }
            },
        };
        if word.value == "withdrawn" {
            let whose = line.whose.as_ref().or(line.by.as_ref())?;
            return Some(Claim::Withdrawn { whose: whose.value.trim().to_string() });
        }
        let said = match target {
            StatementTarget::Voice { .. } => {
                one_of(&word.value, &[("met", Claim::Met), ("failed", Claim::Failed)])
            }
            StatementTarget::Seat { .. } => {
                let votes = Vote::ALL.map(|vote| (vote.word(), Claim::Vote(vote)));
                one_of(&word.value, &votes)
            }
            StatementTarget::Decision => {
                let words =
                    Decision::ALL.map(|decision| (decision.word(), Claim::Decided(decision)));
                one_of(&word.value, &words)
            }
            StatementTarget::Count { row } => match &self.rows.criteria[row].asks {
                Asks::Count(required) => value(&word.value, &required.measured).map(Claim::Value),
                Asks::Words(_) => one_of(&word.value, &[]),
            },
        };
        said.map_err(|complaint| self.report_value_error(word.place, complaint)).ok()
    }

    /// What the scenario says is said there, and nowhere else.
    fn only_once(&mut self, line: &Line, target: StatementTarget, said: &Claim) {
        if matches!(said, Claim::Owned { .. }) {
            if let StatementTarget::Count { row } = target
                && self.rows.criteria[row].owner.is_some()
            {
                let message = "the scenario names an owner of this too";
                let hint = "keep one of the two: remove `owner` from the scenario";
                self.error(line.place, message, hint);
            }
            return;
        }
        let stated = match target {
            StatementTarget::Count { row } => match &self.rows.criteria[row].asks {
                Asks::Count(required) => required.counted.as_ref().map(|counted| {
                    format!("the scenario takes this number from {}", quoted(&counted.source))
                }),
                Asks::Words(_) => None,
            },
            StatementTarget::Voice { row, voice } => {
                let voice = &self.rows.criteria[row].voices()[voice];
                let said = voice.stated.as_ref();
                said.map(|_| format!("the scenario itself says what {} says", quoted(&voice.name)))
            }
            StatementTarget::Seat { seat } => {
                let seat = &self.rows.poll[seat];
                let said = seat.stated.as_ref();
                said.map(|_| format!("the scenario itself says what {} says", quoted(&seat.name)))
            }
            StatementTarget::Decision => (self.rows.stated.as_ref())
                .map(|_| "the scenario itself has a decision".to_string()),
        };
        if let Some(message) = stated {
            let hint = "say it once: remove it from the scenario, or this line from the record";
            self.error(line.place, format!("{message}: given in both"), hint);
        }
    }

    /// Until when a statement counts that does not say so itself.
    fn holds_until(&self, target: StatementTarget, said: &Claim, from: &Zoned) -> Option<Zoned> {
        let row = match target {
            StatementTarget::Count { row } | StatementTarget::Voice { row, .. } => row,
            StatementTarget::Seat { .. } | StatementTarget::Decision => return None,
        };
        let holds = self.rows.criteria[row].holds?;
        let counts = matches!(said, Claim::Met | Claim::Failed | Claim::Value(_));
        counts.then(|| super::standing::later(from, holds))
    }

    fn condition(&mut self, line: &Line, from: &Zoned) -> Option<(String, Zoned)> {
        let (condition, until) = match (&line.condition, &line.until) {
            (None, None) => return None,
            (Some(condition), None) => {
                let hint = "write by when it must be met: until: 2018-11-06T18:00";
                self.error(condition.place, "this condition has no deadline", hint);
                return None;
            }
            (None, Some(until)) => {
                let hint = "write what must be met by then: if: the logs are complete";
                self.error(
                    until.place,
                    "`until` is the deadline of a condition, and there is none",
                    hint,
                );
                return None;
            }
            (Some(condition), Some(until)) => (condition, until),
        };
        let may = |word: &Option<Placed<String>>| {
            word.as_ref()
                .is_some_and(|word| ["met", "go", "continue"].contains(&word.value.as_str()))
        };
        if !may(&line.says) {
            let hint = "a condition belongs to `met` and to `go`";
            self.error(condition.place, "only what is said to be good has a condition", hint);
        }
        let end = until.value.ends(&self.rows.zone);
        if end <= *from {
            self.error(until.place, "the condition ends before it is made", "write a later moment");
        }
        Some((condition.value.clone(), end))
    }
}

fn one_of(text: &str, words: &[(&str, Claim)]) -> Result<Claim, ValueError> {
    let found = words.iter().find(|(word, _)| same(word, text));
    found.map(|(_, said)| said.clone()).ok_or_else(|| {
        let hint = advice(text, words.iter().map(|(word, _)| *word));
        let message = format!("{} is not one of the words that count here", quoted(text));
        ValueError { message, hint }
    })
}

/// A number of a criterion: users as a number, shares in percent.
fn value(text: &str, measured: &MeasuredQuantity) -> Result<f64, ValueError> {
    match measured {
        MeasuredQuantity::Users => decimal(text.trim(), "a number of users"),
        MeasuredQuantity::Coverage(_) | MeasuredQuantity::Headroom => {
            Ratio::parse(text.trim()).map(|share| share.0)
        }
    }
}

written! {
    /// What has been said before go or no-go, oldest first.
    Record("a record of `sim go`") {
        /// The scenario that it is about, in its own words.
        required scenario: Placed<String> = "scenario";
        /// What has been said, one line each.
        optional statements: Vec<Line> = "statements";
    }

    /// Something that somebody has said: of a criterion, in the poll, or the decision.
    Line("a statement") {
        /// The criterion that it is about.
        optional criterion: Placed<String> = "criterion";
        /// The one of those who must say so.
        optional of: Placed<String> = "of";
        /// Who is polled.
        optional poll: Placed<String> = "poll";
        /// `go`, `no-go` or `hold`.
        optional decision: Placed<String> = "decision";
        /// `met`, `failed`, a number, a vote, or `withdrawn`.
        optional says: Placed<String> = "says";
        /// Whose word is withdrawn.
        optional whose: Placed<String> = "whose";
        /// Who answers for the criterion from now on.
        optional owner: Placed<String> = "owner";
        /// By when it must be known.
        optional due: DayOrMoment = "due";
        /// Who says so.
        required by: Placed<String> = "by";
        /// As of when it is so.
        required as_of: Placed<DayOrMoment> = "as_of";
        /// Where it is known from.
        optional source: Placed<String> = "source";
        /// Until when it counts.
        optional expires: Placed<DayOrMoment> = "expires";
        /// On which condition.
        optional condition: Placed<String> = "if";
        /// Until when the condition may be open.
        optional until: Placed<DayOrMoment> = "until";
        /// In their own words.
        optional words: Placed<String> = "words";
        /// When it was written down.
        optional said: Placed<DayOrMoment> = "said";
    }
}
