//! The questions asked of every trial, and their answers.

use super::headline::{Headline, HeadlineSubject, HeadlineUnit, UsualHeadline};
use crate::decision::{Phase, Step};
use crate::journal::episodes::{self, Class};
use crate::journal::{
    self, AudienceTimeline, Expectation, Header, Incident, SegmentRow, Story, Totals, Verdict,
};
use crate::names::{Dimension, NamedScope};
use crate::scenario::Plan;
use crate::units::Span;

/// A trial that is over.
pub(super) struct FinishedTrial<'a> {
    story: &'a Story,
    totals: &'a Totals,
    /// Of the incident that expectations judge: what was going on for how long, and its times.
    judged: Option<JudgedIncident>,
    /// What those who must be told of it were told.
    told: Vec<(String, AudienceTimeline)>,
    /// How often those who want updates want one.
    every: Vec<(String, Span)>,
    days: f64,
}

struct JudgedIncident {
    spent: [Option<Span>; Phase::ALL.len()],
    total: Span,
    recovered: Option<Span>,
    helped: Option<Span>,
    contained: Option<Span>,
}

/// Everything asked of the trials of a plan, in the order of the tables.
pub(super) fn headlines(plan: &Plan) -> Vec<Headline> {
    use UsualHeadline as Usual;
    let mut headlines = Vec::new();
    let mut add = |subject: HeadlineSubject, unit| {
        headlines.push(Headline { subject, unit });
    };
    add(Usual::IncidentOpens.into(), HeadlineUnit::Chance);
    for play in &plan.names.plays {
        add(HeadlineSubject::PlayOpens(play.clone()), HeadlineUnit::Chance);
    }
    for expectation in &plan.expect {
        add(expectation.into(), HeadlineUnit::Chance);
    }
    for phase in Phase::ALL {
        add(phase.into(), HeadlineUnit::Seconds);
    }
    add(Usual::Total.into(), HeadlineUnit::Seconds);
    add(Usual::Recovered.into(), HeadlineUnit::Seconds);
    if plan.actual.is_some() {
        add(Usual::Helped.into(), HeadlineUnit::Seconds);
    }
    add(Usual::Contained.into(), HeadlineUnit::Seconds);
    add(Usual::FalseAlarms.into(), HeadlineUnit::PerDay);
    for (subject, unit) in plan.expect.iter().flat_map(audience_headlines) {
        add(subject, unit);
    }
    let requests =
        [Usual::Requests, Usual::RequestsFailed, Usual::RequestsGivenUp, Usual::RequestsTurnedAway];
    for count in requests {
        add(count.into(), HeadlineUnit::Requests);
    }
    add(Usual::UsersAffected.into(), HeadlineUnit::Users);
    add(Usual::UserMinutesLost.into(), HeadlineUnit::UserMinutes);
    let segments = segments(plan);
    for segment in &segments {
        add(HeadlineSubject::AffectedOf(segment.clone()), HeadlineUnit::Users);
    }
    for segment in segments {
        add(HeadlineSubject::LostOf(segment), HeadlineUnit::UserMinutes);
    }
    headlines
}

/// The segments of users, of every dimension in which they are not all alike.
fn segments(plan: &Plan) -> Vec<NamedScope> {
    let of_dimension = |dimension: Dimension| {
        let words = plan.names.categories[dimension as usize].iter();
        words.map(move |word| NamedScope { kind: dimension.into(), name: word.clone() })
    };
    let apart = |dimension: &Dimension| plan.names.categories[*dimension as usize].len() > 1;
    Dimension::ALL.into_iter().filter(apart).flat_map(of_dimension).collect()
}

/// What is asked of an expectation that somebody has word of incidents by when.
fn audience_headlines(expectation: &Expectation) -> Vec<(HeadlineSubject, HeadlineUnit)> {
    match expectation {
        Expectation::Told { whom, .. } => {
            vec![(HeadlineSubject::Told(whom.clone()), HeadlineUnit::Seconds)]
        }
        Expectation::Updates { whom, .. } => vec![
            (HeadlineSubject::UpdatesDue(whom.clone()), HeadlineUnit::Updates),
            (HeadlineSubject::UpdatesMissed(whom.clone()), HeadlineUnit::Updates),
        ],
        _ => Vec::new(),
    }
}

impl<'a> FinishedTrial<'a> {
    /// What the story of a trial of this plan says.
    pub(super) fn new(plan: &Plan, header: &Header, story: &'a Story) -> Self {
        let judged = story.judged(&plan.expect);
        let told = judged.as_ref().map_or(Vec::new(), |incident| {
            let whom = plan.expect.iter().filter_map(Expectation::audience);
            whom.map(|whom| (whom.to_string(), story.informed(header, incident, whom))).collect()
        });
        let every = plan.expect.iter().filter_map(|expectation| match expectation {
            Expectation::Updates { whom, every } => Some((whom.clone(), *every)),
            _ => None,
        });
        let every = every.collect();
        let judged = judged.as_ref().map(|incident| JudgedIncident::new(header, story, incident));
        let totals = story.totals().expect("a trial that is over has its sums");
        FinishedTrial { story, totals, judged, told, every, days: plan.lasts.seconds() / 86_400.0 }
    }

    /// What an audience was told of the incident that expectations judge.
    fn informed(&self, whom: &str) -> Option<&AudienceTimeline> {
        self.told.iter().find(|(of, _)| of == whom).map(|(_, informed)| informed)
    }

    /// How many updates to an audience were due, and how many of those did not come.
    fn updates(&self, whom: &str) -> Option<(f64, f64)> {
        let (_, every) = self.every.iter().find(|(of, _)| of == whom)?;
        let (due, late) = self.informed(whom)?.updates(*every)?;
        Some((due as f64, late as f64))
    }

    /// What the users of a segment had to bear.
    fn segment(&self, of: &NamedScope) -> Option<&SegmentRow> {
        self.totals.segments.iter().find(|row| (row.kind, &row.name) == (of.kind, &of.name))
    }

    /// Whether an expectation was met; `None`: it was not judged, so neither met nor missed.
    fn met(&self, expectation: &str) -> Option<bool> {
        let entry = self.story.expectations().find(|entry| entry.text == expectation)?;
        (entry.verdict != Verdict::NotJudged).then(|| entry.met())
    }
}

impl JudgedIncident {
    fn new(header: &Header, story: &Story, incident: &Incident) -> JudgedIncident {
        let course = story.phase_timeline(incident);
        JudgedIncident {
            spent: Phase::ALL.map(|phase| course.spent(phase)),
            total: course.total(),
            recovered: story.recovery(header, incident),
            helped: story.helped(header, incident),
            contained: incident.contained(),
        }
    }
}

impl Headline {
    /// Whether any trial of the plan could have a value. A headline that could and has none yet is
    /// rare, and worth waiting for; one that could not is never known.
    pub(super) fn possible(&self, plan: &Plan) -> bool {
        let steps = || plan.playbook.plays.iter().flat_map(|play| &play.steps);
        let acts = |step: &Step| matches!(step, Step::Change(_) | Step::Diagnose { .. });
        match &self.subject {
            HeadlineSubject::Spent(phase) => match phase {
                Phase::Detect | Phase::Clear => !plan.playbook.plays.is_empty(),
                Phase::Acknowledge => steps().any(|step| matches!(step, Step::Page(_))),
                Phase::Declare => steps().any(|step| matches!(step, Step::Declare(_))),
                Phase::Diagnose => steps().any(|step| matches!(step, Step::Diagnose { .. })),
                Phase::Reach => {
                    steps().any(|step| matches!(step, Step::Ask(ask) if !ask.asks_nobody()))
                }
                Phase::Decide => steps().any(|step| match step {
                    Step::Ask(ask) => ask.takes.is_some() || !ask.others.is_empty(),
                    _ => false,
                }),
                Phase::Work => steps().any(|step| matches!(step, Step::Work(_))),
                Phase::Queue | Phase::Deploy | Phase::Rollout => steps().any(acts),
                Phase::Confirm => {
                    plan.playbook.plays.iter().any(|play| play.verify.is_some())
                        || steps().any(|step| matches!(step, Step::Confirm(_)))
                }
                // Nobody plans for them, so that none may ever come.
                Phase::Hold | Phase::Stalled => false,
            },
            HeadlineSubject::Usual(usual) => match usual {
                UsualHeadline::Total | UsualHeadline::Recovered | UsualHeadline::Contained => {
                    !plan.playbook.rules.is_empty()
                }
                UsualHeadline::Helped => steps().any(acts),
                _ => true,
            },
            HeadlineSubject::Told(_)
            | HeadlineSubject::UpdatesDue(_)
            | HeadlineSubject::UpdatesMissed(_) => !plan.playbook.rules.is_empty(),
            HeadlineSubject::PlayOpens(_)
            | HeadlineSubject::Meets(_)
            | HeadlineSubject::AffectedOf(_)
            | HeadlineSubject::LostOf(_)
            | HeadlineSubject::Other(_) => true,
        }
    }

    /// The value in one trial; `None` if there was nothing to measure.
    pub(super) fn answer(&self, evidence: &FinishedTrial) -> Option<f64> {
        match &self.subject {
            HeadlineSubject::Usual(usual) => evidence.usual(*usual),
            HeadlineSubject::PlayOpens(play) => {
                chance(journal::plays_opened(evidence.story).contains(&play.as_str()))
            }
            HeadlineSubject::Meets(expectation) => evidence.met(expectation).and_then(chance),
            HeadlineSubject::Spent(phase) => {
                let judged = evidence.judged.as_ref();
                seconds(judged.and_then(|judged| judged.spent[*phase as usize]))
            }
            HeadlineSubject::Told(whom) => {
                seconds(evidence.informed(whom).and_then(AudienceTimeline::first))
            }
            HeadlineSubject::UpdatesDue(whom) => evidence.updates(whom).map(|(due, _)| due),
            HeadlineSubject::UpdatesMissed(whom) => evidence.updates(whom).map(|(_, late)| late),
            HeadlineSubject::AffectedOf(segment) => {
                evidence.segment(segment).map(|row| row.affected.total() as f64)
            }
            HeadlineSubject::LostOf(segment) => {
                evidence.segment(segment).map(|row| minutes(row.lost))
            }
            HeadlineSubject::Other(_) => None,
        }
    }
}

impl FinishedTrial<'_> {
    /// The value of a figure that every plan has.
    fn usual(&self, usual: UsualHeadline) -> Option<f64> {
        let judged = self.judged.as_ref();
        let site = &self.totals.site;
        let count = |count: u64| Some(count as f64);
        match usual {
            UsualHeadline::IncidentOpens => chance(!self.story.incidents().is_empty()),
            UsualHeadline::Total => seconds(judged.map(|judged| judged.total)),
            UsualHeadline::Recovered => seconds(judged.and_then(|judged| judged.recovered)),
            UsualHeadline::Helped => seconds(judged.and_then(|judged| judged.helped)),
            UsualHeadline::Contained => seconds(judged.and_then(|judged| judged.contained)),
            UsualHeadline::FalseAlarms => {
                let episodes = episodes::episodes(self.story);
                let alarms = episodes.iter().filter(|e| e.class() == Class::FalseAlarm).count();
                Some(alarms as f64 / self.days)
            }
            UsualHeadline::Requests => count(site.requests.generated),
            UsualHeadline::RequestsFailed => count(site.requests.failed + site.requests.rejected),
            UsualHeadline::RequestsGivenUp => count(site.requests.abandoned),
            UsualHeadline::RequestsTurnedAway => count(site.requests.planned),
            UsualHeadline::UsersAffected => count(site.affected.total()),
            UsualHeadline::UserMinutesLost => Some(minutes(site.lost)),
        }
    }
}

fn seconds(span: Option<Span>) -> Option<f64> {
    span.map(|span| span.seconds())
}

/// 1 for what came true, 0 for what did not.
fn chance(came_true: bool) -> Option<f64> {
    Some(f64::from(u8::from(came_true)))
}

fn minutes(span: Span) -> f64 {
    span.seconds() / 60.0
}
