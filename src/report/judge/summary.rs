//! A judgement on the terminal: the verdict first.

use super::formatting;
use crate::decision::{Attempt, Closest, Episode, Ticks};
use crate::judge::{Acting, Judgement, ResponseByPlan, Subject, margin};
use crate::names::{RuleId, Scope, ScopeKind};
use crate::report::summary::TextPiece;
use crate::report::summary::{Ink, Page, Style, inked, plain};
use crate::units::{Span, Time, grouped};

/// The most rows of a list that are shown; the rest are in the tables.
const SHOWN: usize = 8;

/// What the rules made of the readings, and what would have been done about it. `source` says in a
/// few words where they come from. It ends in a newline.
pub fn judge_summary(
    subject: &Subject,
    judgement: &Judgement,
    source: &str,
    style: Style,
) -> String {
    let days = judgement.seen.is_some_and(|(from, to)| to.since(from) > Span::from_secs(86_400));
    let mut told = JudgementPage { subject, judgement, days, page: Page::new(style) };
    told.page.title(&subject.scenario);
    told.source(source);
    told.verdict();
    told.rules();
    told.responses();
    told.unjudged();
    told.page.finish()
}

/// One moment, as it is told while a log grows.
pub fn judge_moment(
    subject: &Subject,
    known: Time,
    alert: &crate::decision::AlertEvent,
    style: Style,
) -> String {
    let mut page = Page::new(style);
    let rule = &subject.playbook.rules[alert.rule.index()];
    let ink = match alert.state {
        crate::decision::AlertState::Firing | crate::decision::AlertState::NoData => Ink::Fired,
        crate::decision::AlertState::Resolved => Ink::Good,
        _ => Ink::Plain,
    };
    let mut value =
        alert.value.map_or(String::new(), |value| formatting::amount(rule.measure, value));
    if let (false, Some(threshold)) = (value.is_empty(), alert.threshold) {
        let margin = formatting::beyond(margin(rule, alert.value, alert.threshold));
        value += &format!(
            " of {}{margin}, n {}",
            formatting::amount(rule.measure, threshold),
            grouped(alert.n)
        );
    }
    page.table(vec![vec![
        plain(subject.calendar.clock(known)),
        inked(ink, format!("{:<9}", formatting::state(alert.state))),
        plain(formatting::name(subject, alert.rule, alert.scope)),
        plain(value),
    ]]);
    page.finish()
}

struct JudgementPage<'a> {
    subject: &'a Subject,
    judgement: &'a Judgement,
    /// The readings cover more than a day, so that clocks need their dates.
    days: bool,
    page: Page,
}

impl JudgementPage<'_> {
    fn clock(&self, time: Time) -> String {
        self.zoned(formatting::clock(self.subject, self.days, time), time)
    }

    /// A clock that says by which time it is told, where that changes within the readings (EDT and
    /// EST): the same clock comes twice then.
    fn zoned(&self, clock: String, time: Time) -> String {
        let calendar = &self.subject.calendar;
        let offset = |time: Time| calendar.at(time).offset();
        match self.judgement.seen {
            Some((from, to)) if offset(from) != offset(to) => {
                format!("{clock} {}", calendar.at(time).strftime("%Z"))
            }
            _ => clock,
        }
    }

    fn name(&self, rule: RuleId, scope: Scope) -> String {
        formatting::name(self.subject, rule, scope)
    }

    /// Alerts of one rule on several scopes at one time stand together.
    fn group_simultaneous<'e>(episodes: &[&'e Episode<'e>]) -> Vec<Vec<&'e Episode<'e>>> {
        let mut groups: Vec<Vec<&Episode>> = Vec::new();
        for episode in episodes {
            let kind = |of: &Episode| (of.judged.rule, of.no_data, of.ended_at.is_some());
            let meets = |group: &&mut Vec<&Episode>| {
                let other = group[0].judged.scope != episode.judged.scope
                    && group.iter().all(|one| one.judged.scope != episode.judged.scope);
                let until = group[0].ended_at.unwrap_or(Time(u64::MAX));
                kind(group[0]) == kind(episode) && other && began(episode) <= until
            };
            match groups.iter_mut().find(meets) {
                Some(group) => group.push(episode),
                None => groups.push(vec![episode]),
            }
        }
        groups
    }

    /// `OneBrowserBroken ×4: browser chrome, safari, ie11, other`.
    fn name_of_all(&self, group: &[&Episode]) -> String {
        let first = group[0];
        if group.len() == 1 {
            return self.name(first.judged.rule, first.judged.scope);
        }
        let scopes = group.iter().take(SHOWN).map(|one| self.subject.names.scope(one.judged.scope));
        let scopes: Vec<(ScopeKind, &str)> = scopes.collect();
        let alike = scopes.iter().all(|(kind, _)| *kind == scopes[0].0);
        let word = |(position, (kind, name)): (usize, &(ScopeKind, &str))| match position {
            0 => kind.with(name),
            _ if alike => name.to_string(),
            _ => kind.with(name),
        };
        let scopes: Vec<String> = scopes.iter().enumerate().map(word).collect();
        let more = match group.len() - scopes.len() {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let rule = &self.subject.names.rules[first.judged.rule.index()];
        format!("{rule} ×{}: {}{more}", group.len(), scopes.join(", "))
    }

    fn source(&mut self, source: &str) {
        let Judgement { seen, readings, missing, .. } = self.judgement;
        let mut text = format!("{source}: ");
        text += &match seen {
            None => "no readings".to_string(),
            Some((from, to)) => {
                let every = self.subject.telemetry.every;
                let count = grouped(*readings);
                let from = self.zoned(self.subject.calendar.local(*from), *from);
                format!("{count} readings of {every}, {from} to {}", self.clock(*to))
            }
        };
        if *missing > 0 {
            text += &format!(", {} of them missing", grouped(*missing));
        }
        self.page.paragraph(Ink::Faint, &text);
        let notes = self.subject.notes.clone();
        notes.iter().for_each(|note| self.page.paragraph(Ink::Faint, note));
    }

    fn verdict(&mut self) {
        self.page.heading("Verdict");
        let judgement = self.judgement;
        if !judgement.judged_anything() {
            let text = "Could not be judged: no rule had anything to judge.";
            return self.page.paragraph(Ink::Bad, text);
        }
        let episodes = judgement.episodes();
        let fired = episodes.iter().filter(|e| !e.no_data && e.firing_at.is_some()).count();
        if fired == 0 {
            self.page.paragraph(Ink::Good, "No rule fired.");
        }
        let rules = self.subject.playbook.rules.len();
        let unjudged = rules - self.judged_rules();
        if unjudged > 0 {
            let few = judgement.ticks.iter().any(|ticks| ticks.judged == 0 && ticks.readings > 0);
            let hint = match few {
                true => " With so few requests, a longer `window` lets a rule judge.",
                false => "",
            };
            let text = format!("{unjudged} of {rules} rules could not be judged, see below.{hint}");
            self.page.paragraph(Ink::Bad, &text);
        }
        let recorded = judgement.acting == Acting::Recorded;
        for response in judgement.responses.iter().take(3) {
            let text = formatting::sentence(self.subject, response, recorded, self.days);
            self.page.paragraph(Ink::Bad, &text);
        }
        if judgement.responses.len() > 3 {
            let more = judgement.responses.len() - 3;
            self.page.paragraph(Ink::Faint, &format!("+ {more} more incidents"));
        }
    }

    /// Rules that could judge at least one of the scopes they look at.
    fn judged_rules(&self) -> usize {
        let judged = |rule: usize| {
            let mut ticks = self.judgement.ticks.iter();
            ticks.any(|ticks| ticks.rule.index() == rule && ticks.judged > 0)
        };
        (0..self.subject.playbook.rules.len()).filter(|rule| judged(*rule)).count()
    }

    fn rules(&mut self) {
        self.page.heading("Rules");
        let judgement = self.judgement;
        let episodes = judgement.episodes();
        let (near, fired): (Vec<&Episode>, Vec<&Episode>) =
            episodes.iter().partition(|episode| episode.firing_at.is_none());
        let mut near: Vec<&Episode> = near
            .into_iter()
            .filter(|e| e.ended_at.is_none() || e.judged.held > Span::ZERO)
            .collect();
        near.sort_by_key(|episode| std::cmp::Reverse(episode.judged.held));
        let (fired, near) = (Self::group_simultaneous(&fired), Self::group_simultaneous(&near));
        let mut rows: Vec<Vec<TextPiece>> =
            fired.iter().take(SHOWN).map(|group| self.fired(group)).collect();
        rows.extend(near.iter().take(SHOWN).map(|group| self.near(group)));
        let heard = |rule: RuleId| episodes.iter().any(|episode| episode.judged.rule == rule);
        for (index, _) in self.subject.playbook.rules.iter().enumerate() {
            let rule = RuleId::from(index);
            if !heard(rule) {
                rows.extend(self.silent(rule));
            }
        }
        self.page.table(rows);
        let more: usize =
            fired.iter().skip(SHOWN).chain(near.iter().skip(SHOWN)).map(Vec::len).sum();
        if more > 0 {
            self.page.paragraph(Ink::Faint, &format!("+ {more} more in judge.csv"));
        }
    }

    fn fired(&self, group: &[&Episode]) -> Vec<TextPiece> {
        let episode = self.worst(group);
        let rule = &self.subject.playbook.rules[episode.judged.rule.index()];
        let tick = group.iter().map(|one| began(one)).min().unwrap_or_default();
        let end = self.judgement.seen.map_or(tick, |(_, to)| to);
        let lasted = |one: &Episode| one.ended_at.unwrap_or(end).since(began(one));
        let lasted = group.iter().map(|one| lasted(one)).max().unwrap_or_default();
        let up_to = if group.len() > 1 { "up to" } else { "for" };
        let open = if episode.ended_at.is_none() { ", not over" } else { "" };
        let what = if episode.no_data { "no data " } else { "fired" };
        vec![
            inked(Ink::Fired, what),
            plain(self.name_of_all(group)),
            plain(self.clock(tick)),
            plain(format!("{up_to} {lasted}{open}")),
            plain(self.value(rule, episode)),
        ]
    }

    fn near(&self, group: &[&Episode]) -> Vec<TextPiece> {
        let longest = group.iter().max_by_key(|one| one.judged.held);
        let episode = longest.expect("one at least");
        let first = group.iter().filter_map(|one| one.pending_at).min();
        let rule = &self.subject.playbook.rules[episode.judged.rule.index()];
        let held = match episode.ended_at {
            Some(_) => format!("held {} of {}", episode.judged.held, formatting::hold(rule)),
            None => format!("still pending, {}", formatting::hold(rule)),
        };
        vec![
            plain("almost fired"),
            plain(self.name_of_all(group)),
            plain(self.clock(first.unwrap_or_default())),
            plain(held),
            plain(self.value(rule, episode)),
        ]
    }

    /// The one that is furthest beyond its threshold.
    fn worst<'e>(&self, group: &[&'e Episode<'e>]) -> &'e Episode<'e> {
        let beyond = |one: &&&Episode| {
            let rule = &self.subject.playbook.rules[one.judged.rule.index()];
            margin(rule, one.judged.value, one.judged.threshold).unwrap_or(f64::NEG_INFINITY)
        };
        let worst = group.iter().rev().max_by(|a, b| beyond(a).total_cmp(&beyond(b)));
        worst.expect("one at least")
    }

    fn value(&self, rule: &crate::decision::Rule, episode: &Episode) -> String {
        let judged = &episode.judged;
        let (Some(value), Some(threshold)) = (judged.value, judged.threshold) else {
            return String::new();
        };
        let amount = |value| formatting::amount(rule.measure, value);
        format!("{} of {}, n {}", amount(value), amount(threshold), grouped(judged.n))
    }

    /// A rule that did not move: how close it came.
    fn silent(&self, id: RuleId) -> Option<Vec<TextPiece>> {
        let rule = &self.subject.playbook.rules[id.index()];
        let is_judged = |ticks: &&Ticks| ticks.rule == id && ticks.judged > 0;
        let ticks = self.judgement.ticks.iter().filter(is_judged);
        let closest = ticks.filter_map(|ticks| ticks.closest.map(|closest| (ticks.scope, closest)));
        let beyond = |(_, of): &(_, Closest)| {
            margin(rule, Some(of.value), Some(of.threshold)).unwrap_or(f64::NEG_INFINITY)
        };
        let (scope, Closest { tick, value, threshold }) =
            closest.max_by(|one, other| beyond(one).total_cmp(&beyond(other)))?;
        let amount = |value| formatting::amount(rule.measure, value);
        Some(vec![
            plain("silent"),
            plain(self.name(id, scope)),
            plain(self.clock(tick)),
            plain("closest"),
            plain(format!("{} of {}", amount(value), amount(threshold))),
        ])
    }

    fn responses(&mut self) {
        let judgement = self.judgement;
        let plays = judgement.responses.iter().filter(|response| response.play.is_some());
        for response in plays.take(3) {
            self.response(response);
        }
    }

    fn response(&mut self, response: &ResponseByPlan) {
        let Some(attempt) = &response.attempt else { return };
        let names = &self.subject.names;
        let play = response.play.map_or("", |play| &names.plays[play.index()]);
        let how = match self.judgement.acting {
            Acting::ByPlan => "by the plan's own times, assumed",
            Acting::Recorded => "as recorded",
        };
        self.page.heading(&format!("{play}, {how}"));
        let rows = self.steps(response, attempt);
        let rows = rows.into_iter().map(|(time, text)| vec![plain(self.clock(time)), plain(text)]);
        let rows = rows.collect();
        self.page.table(rows);
        if let Some(why) = &response.stalled {
            self.page.paragraph(Ink::Bad, &format!("It stalls: {why}."));
        }
    }

    fn steps(&self, response: &ResponseByPlan, attempt: &Attempt) -> Vec<(Time, String)> {
        let names = &self.subject.names;
        let person = |id: Option<crate::names::PersonId>, role: &str| {
            id.map_or(role.to_string(), |person| names.people[person.index()].clone())
        };
        let change = attempt.change.map(|change| &names.changes[change.index()]);
        let change_name = change.cloned().unwrap_or_else(|| "the change".to_string());
        let paper = attempt.change.map(|change| {
            let row = &self.subject.playbook.changes.changes[change.index()];
            format!(" (table: {})", row.paper)
        });
        let rule = &names.rules[response.rule.index()];
        let channel = attempt.channel.map_or("", |channel| &names.channels[channel.index()]);
        let responder = person(attempt.responder, "somebody");
        let at = &attempt.reached;
        let mut steps: Vec<(Option<Time>, String)> = vec![
            (at.alerted_at, format!("{rule} is known")),
            (at.acknowledged_at, format!("{responder} answers by {channel}")),
            (at.declared_at, "it is an incident".to_string()),
            (at.chosen_at, format!("{change_name} is chosen")),
            (at.decided_at, format!("{} says yes", person(attempt.decider, "the decider"))),
        ];
        if at.deploying_at != at.ordered_at {
            steps.push((at.ordered_at, format!("{change_name} waits for its pipeline")));
        }
        steps.push((at.deploying_at, format!("{change_name} begins{}", paper.unwrap_or_default())));
        steps.push((at.live_at, format!("{change_name} is live")));
        let by_plan = self.judgement.acting == Acting::ByPlan;
        let over = if by_plan { "back to normal in the log" } else { "back to normal" };
        steps.push((response.over_at, over.to_string()));
        let mut steps: Vec<(Time, String)> =
            steps.into_iter().filter_map(|(time, text)| time.map(|time| (time, text))).collect();
        steps.sort_by_key(|(time, _)| *time);
        steps
    }

    fn unjudged(&mut self) {
        let subject = self.subject;
        let mut rows: Vec<(String, String)> = subject
            .unjudged
            .iter()
            .map(|one| (subject.names.rules[one.rule.index()].clone(), one.why.clone()))
            .collect();
        for ticks in self.judgement.ticks.iter().filter(|ticks| ticks.judged == 0) {
            let least = subject.playbook.rules[ticks.rule.index()].min_requests;
            let why = format!("never {least} requests in its window");
            rows.push((formatting::name(subject, ticks.rule, ticks.scope), why));
        }
        if rows.is_empty() {
            return;
        }
        self.page.heading("Could not be judged");
        let more = rows.len().saturating_sub(SHOWN);
        let rows = rows.into_iter().take(SHOWN);
        self.page.table(rows.map(|(name, why)| vec![plain(name), plain(why)]).collect());
        if more > 0 {
            self.page.paragraph(Ink::Faint, &format!("+ {more} more in judge_rules.csv"));
        }
    }
}

/// When an alert fired; when it began, where it never did.
fn began(episode: &Episode) -> Time {
    episode.firing_at.or(episode.pending_at).unwrap_or_default()
}
