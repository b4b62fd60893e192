//! What must be known, and from whom: as the scenario says it.

use super::statement::StatementTarget;
use crate::decision::{CriterionKind, Decision, PollAnswer, Requirement, Says};
use crate::language::problem::{advice, nearest, quoted};
use crate::scenario::Plan;
use crate::units::Span;
use jiff::Zoned;
use jiff::tz::TimeZone;

/// The rows of a scenario: criteria, the poll, and who decides.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadinessRows {
    /// The scenario's own words.
    pub scenario: String,
    /// The zone of its clock.
    pub zone: TimeZone,
    /// In file order.
    pub criteria: Vec<ReadinessRow>,
    /// In file order.
    pub poll: Vec<Seat>,
    /// Who may decide.
    pub deciders: Vec<String>,
    /// When it is to be decided.
    pub due: Zoned,
    /// Everybody whom the scenario names.
    pub people: Vec<String>,
    /// The decision that the scenario itself records: what, by whom, when.
    pub stated: Option<(Decision, Option<String>, Option<String>)>,
}

/// A criterion.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadinessRow {
    pub name: String,
    pub asks: Asks,
    /// Who answers for it.
    pub owner: Option<String>,
    /// By when it must be known.
    pub due: Zoned,
    /// How long what is said of it holds; `None`: until it is withdrawn.
    pub holds: Option<Span>,
}

/// What a criterion asks for.
#[derive(Debug, Clone, PartialEq)]
pub enum Asks {
    /// A number that somebody has measured.
    Count(Requirement),
    /// The word of each of these.
    Words(Vec<Voice>),
}

/// One of those who must say that a criterion is met.
#[derive(Debug, Clone, PartialEq)]
pub struct Voice {
    pub name: String,
    pub who: Respondents,
    /// What the scenario itself says, and of which date.
    pub stated: Option<(Says, Option<String>)>,
}

/// One of those who are polled.
#[derive(Debug, Clone, PartialEq)]
pub struct Seat {
    pub name: String,
    pub who: Respondents,
    /// What the scenario itself says.
    pub stated: Option<PollAnswer>,
}

/// Who speaks for a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Respondents {
    /// These people: the name is theirs, or that of their role.
    People(Vec<String>),
    /// The scenario leaves open who it is (`"?"`).
    Unnamed,
    /// Nobody of this name or role is in the scenario, such as `analytics`.
    Nobody,
}

/// Nothing has this name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownRow {
    pub message: String,
    pub hint: String,
}

impl ReadinessRows {
    /// The rows of a plan.
    pub fn from_plan(plan: &Plan) -> ReadinessRows {
        let calendar = &plan.calendar;
        let due = plan.decision.due.clone().unwrap_or_else(|| calendar.starts().clone());
        let row = |criterion: &crate::decision::Criterion| ReadinessRow {
            name: criterion.name.clone(),
            asks: match &criterion.kind {
                CriterionKind::Require(required) => Asks::Count(required.clone()),
                CriterionKind::Attested(voices) => {
                    let voice = |voice: &crate::decision::Attestation| Voice {
                        name: voice.source.clone(),
                        who: respondents(plan, &voice.source),
                        stated: (voice.says != Says::Open).then(|| (voice.says, voice.at.clone())),
                    };
                    Asks::Words(voices.iter().map(voice).collect())
                }
            },
            owner: criterion.owner.clone(),
            due: criterion.due.clone().unwrap_or_else(|| due.clone()),
            holds: criterion.holds,
        };
        let seat = |(name, says): &(String, Option<PollAnswer>)| Seat {
            name: name.clone(),
            who: respondents(plan, name),
            stated: says.clone(),
        };
        let record = &plan.decision;
        let deciders = match respondents(plan, "decider") {
            Respondents::People(people) => people,
            _ => Vec::new(),
        };
        let roster = plan.names.people.iter().zip(&plan.playbook.roster.people);
        let named = roster.filter(|(_, person)| !person.unnamed);
        ReadinessRows {
            scenario: plan.scenario.clone(),
            zone: calendar.zone().clone(),
            criteria: plan.go_no_go.iter().map(row).collect(),
            poll: record.poll.iter().map(seat).collect(),
            deciders,
            due,
            people: named.map(|(name, _)| name.clone()).collect(),
            stated: (record.decided).map(|decided| (decided, record.by.clone(), record.at.clone())),
        }
    }

    /// What somebody means who types the name of a criterion, or of one who must say that it is
    /// met; `from_plan` is the criterion where the name alone does not tell.
    pub fn criterion(&self, name: &str, of: Option<&str>) -> Result<StatementTarget, UnknownRow> {
        let within = match of {
            None => None,
            Some(of) => Some(self.place(of)?),
        };
        let rows = || {
            let rows = self.criteria.iter().enumerate();
            rows.filter(|(row, _)| within.is_none_or(|within| within == *row))
        };
        let mut found: Vec<(usize, usize)> = Vec::new();
        for (row, criterion) in rows() {
            let voices = criterion.voices().iter().enumerate();
            found
                .extend(voices.filter(|(_, v)| same(&v.name, name)).map(|(voice, _)| (row, voice)));
        }
        if let [(row, voice)] = found[..] {
            return Ok(StatementTarget::Voice { row, voice });
        }
        if let Some(row) = rows().find(|(_, row)| same(&row.name, name)).map(|(row, _)| row) {
            let voices = self.criteria[row].voices();
            return match (&self.criteria[row].asks, voices) {
                (Asks::Count(_), _) => Ok(StatementTarget::Count { row }),
                (_, [_]) => Ok(StatementTarget::Voice { row, voice: 0 }),
                _ => Err(UnknownRow {
                    message: format!(
                        "{} must be confirmed by {} sources",
                        quoted(name),
                        voices.len()
                    ),
                    hint: format!("name the one that says so: {}", listed(voices)),
                }),
            };
        }
        if found.len() > 1 {
            let names = found.iter().map(|(row, _)| quoted(&self.criteria[*row].name));
            let names: Vec<String> = names.collect();
            return Err(UnknownRow {
                message: format!("{} appears in {} rows", quoted(name), names.len()),
                hint: format!("say for which: {}", names.join(" or ")),
            });
        }
        let criteria = rows().map(|(_, row)| row);
        let known: Vec<&str> = criteria
            .flat_map(|row| {
                let voices = row.voices().iter().map(|voice| voice.name.as_str());
                std::iter::once(row.name.as_str()).chain(voices)
            })
            .collect();
        Err(unknown("row of the go/no-go list", name, &known))
    }

    /// The criterion of this name alone.
    pub fn place(&self, name: &str) -> Result<usize, UnknownRow> {
        let place = self.criteria.iter().position(|row| same(&row.name, name));
        let known: Vec<&str> = self.criteria.iter().map(|row| row.name.as_str()).collect();
        place.ok_or_else(|| unknown("criterion", name, &known))
    }

    /// Whoever is polled under this name.
    pub fn seat(&self, name: &str) -> Result<StatementTarget, UnknownRow> {
        let seat = self.poll.iter().position(|seat| same(&seat.name, name));
        let known: Vec<&str> = self.poll.iter().map(|seat| seat.name.as_str()).collect();
        seat.map(|seat| StatementTarget::Seat { seat })
            .ok_or_else(|| unknown("seat of the poll", name, &known))
    }

    /// What is odd about somebody who says something: nobody of this name is known, or somebody
    /// else decides.
    pub fn speaker_warning(&self, by: &str, decides: bool) -> Option<UnknownRow> {
        // A name that is not sure yet ends in a question mark.
        let sure = |name: &str| name.trim_end_matches('?').trim().to_string();
        let known: Vec<String> = self.people.iter().map(|name| sure(name)).collect();
        if !known.iter().any(|name| same(name, &sure(by))) {
            let message = format!("nobody in the scenario is called {}", quoted(by));
            let hint = nearest(by, known.iter().map(String::as_str));
            let hint = hint.map_or("it is kept as it is".to_string(), |near| {
                format!(
                    "did you mean {}? say it again by that name, and withdraw this",
                    quoted(near)
                )
            });
            return Some(UnknownRow { message, hint });
        }
        let may = self.deciders.iter().any(|name| same(&sure(name), &sure(by)));
        (decides && !self.deciders.is_empty() && !may).then(|| UnknownRow {
            message: format!("{} is not the decider in the plan", quoted(by)),
            hint: format!("the plan names {}", self.deciders.join(", ")),
        })
    }
}

impl ReadinessRow {
    /// Those who must say that it is met; none of a number.
    pub fn voices(&self) -> &[Voice] {
        match &self.asks {
            Asks::Words(voices) => voices,
            Asks::Count(_) => &[],
        }
    }

    /// What it asks for, in words.
    pub fn required(&self) -> String {
        match (&self.asks, self.voices()) {
            (Asks::Count(required), _) => required.text.clone(),
            (_, [voice]) => format!("{} says met", voice.name),
            (_, voices) => format!("all {} say met", voices.len()),
        }
    }
}

impl Respondents {
    /// The people, or what is written in their place.
    pub fn words(&self) -> Option<String> {
        match self {
            Respondents::People(people) => Some(people.join(" or ")),
            Respondents::Unnamed | Respondents::Nobody => None,
        }
    }
}

/// Names are the same in any case.
pub(super) fn same(one: &str, other: &str) -> bool {
    one.trim().to_lowercase() == other.trim().to_lowercase()
}

fn listed(voices: &[Voice]) -> String {
    voices.iter().map(|voice| quoted(&voice.name)).collect::<Vec<_>>().join(", ")
}

fn unknown(what: &str, name: &str, known: &[&str]) -> UnknownRow {
    let hint = advice(name, known.iter().copied());
    let hint = hint.unwrap_or_else(|| "`sim go FILE` lists them".to_string());
    UnknownRow { message: format!("{} is not a {what}", quoted(name)), hint }
}

/// Who has this name, or this role.
fn respondents(plan: &Plan, name: &str) -> Respondents {
    let (names, roster) = (&plan.names, &plan.playbook.roster);
    let is = |person: usize| &roster.people[person];
    // People first: a role may be called as the organisation whose person is not named.
    if let Some(person) = names.people.iter().position(|person| same(person, name)) {
        return match is(person).unnamed {
            true => Respondents::Unnamed,
            false => Respondents::People(vec![names.people[person].clone()]),
        };
    }
    let Some(role) = names.roles.iter().position(|role| same(role, name)) else {
        return Respondents::Nobody;
    };
    let holders: Vec<usize> =
        roster.holders(crate::names::RoleId::from(role)).map(|person| person.index()).collect();
    let named = holders.iter().filter(|person| !is(**person).unnamed);
    let named: Vec<String> = named.map(|person| names.people[*person].clone()).collect();
    match (named.is_empty(), holders.is_empty()) {
        (false, _) => Respondents::People(named),
        (true, false) => Respondents::Unnamed,
        (true, true) => Respondents::Nobody,
    }
}
