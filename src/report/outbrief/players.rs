//! The screen for the players: what a monitoring system would show them and what they were told,
//! never what is broken or why.

use super::charts;
use super::document::AGAIN;
use super::document::{STYLES, light_and_dark, scripted_head};
use super::formatting::shown;
use super::series::SiteSeries;
use crate::change::ChangeStage;
use crate::decision::{AlertState, MeasureKind};
use crate::journal::{
    AlertEntry, Attribution, Entry, Event, Header, MessageEntry, MessageStage, Story, episodes,
};
use crate::report::context::{ReportContext, significant};
use crate::units::{Span, Time, grouped};
use maud::{DOCTYPE, Markup, PreEscaped, html};

/// The most messages and changes that are shown, the newest first.
const SHOWN: usize = 7;

/// The most alerts that are shown, those that fire first.
const ALERTS: usize = 9;

/// For the back of a room: large, and without what is only for reading closely.
const LARGE: &str = "\
body{font-size:1.125rem}.exercise{background:#b32b22;color:#fff;text-align:center;font-weight:700;\
letter-spacing:.14em;padding:.35rem 1rem;font-size:1.125rem;margin:0}\
header.band{max-width:none;padding:0}\
.clock{display:flex;flex-wrap:wrap;gap:.25rem 1.5rem;align-items:baseline;margin:.6rem 0}\
.clock strong{font-size:3.25rem;line-height:1.1}.clock span{color:var(--soft)}\
header,main,footer{max-width:112rem}.two{grid-template-columns:minmax(0,1fr) minmax(0,1fr)}\
.charts{display:grid;margin-top:.75rem;gap:.75rem;\
grid-template-columns:repeat(auto-fit,minmax(min(40rem,100%),1fr))}\
.charts figure{background:var(--card);border:1px solid var(--line);border-radius:10px;\
padding:.6rem .9rem;margin:0}.charts svg{min-width:0}td,th{font-size:1.0625rem}\
@media(max-width:60rem){.two{grid-template-columns:minmax(0,1fr)}.clock strong{font-size:2.25rem}\
table{min-width:0}td,th{font-size:.9375rem;padding-right:.4rem}}\
@media(max-width:30rem){.exercise{letter-spacing:.05em}.charts svg{min-width:38rem}\
.two thead{display:none}.two tr{display:block;border-bottom:1px solid var(--line)}\
.two td{display:inline-block;border:0;padding:.15rem .6rem .15rem 0}}";

/// Everything that players may see of a gameday, as far as it has come.
#[derive(Debug, Clone)]
pub struct PlayerScreen {
    header: Header,
    story: Story,
    series: SiteSeries,
    /// The title of the scenario, which says what is going to happen.
    title: String,
    /// What the exercise is called instead.
    code_name: String,
}

impl PlayerScreen {
    /// The screen at the start.
    pub fn new(header: &Header, code_name: &str) -> PlayerScreen {
        let title = header.scenario.clone();
        // So do its faults and its findings.
        let draft = header.draft().map_or(String::new(), |draft| format!(", {draft}"));
        let mut header = Header {
            scenario: format!("EXERCISE{draft}"),
            faults: Vec::new(),
            findings: Vec::new(),
            inputs: Vec::new(),
            ..header.clone()
        };
        if let Some(plan) = header.plan.as_object_mut() {
            plan.retain(|key, _| key == "playbook");
        }
        let series = SiteSeries::new(&header);
        let (story, code_name) = (Story::default(), code_name.to_string());
        PlayerScreen { header, story, series, title, code_name }
    }

    /// Takes in what players may see of an entry.
    pub fn add(&mut self, entry: &Entry) {
        self.series.add(entry);
        let event = match &entry.event {
            Event::Alert(alert) => {
                Event::Alert(AlertEntry { attribution: Attribution::default(), ..alert.clone() })
            }
            Event::Tell { incident, from, audience, to, text, evidence } => {
                // A message may have the title in it, as `{{scenario}}`.
                let text = self.without_title(text);
                let (from, audience) = (from.clone(), audience.clone());
                let (incident, to, evidence) = (*incident, to.clone(), *evidence);
                Event::Tell { incident, from, audience, to, text, evidence }
            }
            // What must follow from it is for the players to know.
            Event::Message(message) if message.stage == MessageStage::Sent => {
                let text = self.without_title(&message.text);
                let (told, due) = (None, None);
                Event::Message(Box::new(MessageEntry {
                    text,
                    must_tell: told,
                    due,
                    ..(**message).clone()
                }))
            }
            Event::Change { .. } => entry.event.clone(),
            _ => return,
        };
        self.story.add(&Entry { event, ..entry.clone() });
    }

    /// A text without the title of the scenario, which says what is going to happen.
    fn without_title(&self, text: &str) -> String {
        match self.title.as_str() {
            "" => text.to_string(),
            title => text.replace(title, &self.code_name),
        }
    }

    fn clock(&self, at: Time) -> String {
        self.header.calendar.clock(at)
    }

    /// The page at this moment, `paused` or not, which asks to be loaded again every `refresh`.
    pub fn page(&self, now: Time, paused: bool, refresh: Span) -> String {
        let context = ReportContext::new(&self.header, &self.story);
        let calendar = &self.header.calendar;
        let clock = self.clock(now);
        let seconds = (refresh.0 / 1_000_000_000).max(1);
        let more = html! {
            (light_and_dark())
            // With a script it is loaded again without a jump to its top.
            noscript { meta http-equiv="refresh" content=(seconds); }
        };
        let lasts = self.header.lasts.seconds().max(1.0);
        let share = format!("{:.3}", (now.since(Time::ZERO).seconds() / lasts).min(1.0));
        let title = format!("EXERCISE · {} · {clock}", shown(&self.code_name));
        let page = html! {
            (DOCTYPE)
            html lang="en" {
                (scripted_head(&title, more, &[STYLES, LARGE], AGAIN))
                body data-again=(seconds) data-now=(share) {
                    header.band { p.exercise { "EXERCISE · EXERCISE · EXERCISE" } }
                    main {
                        div.clock {
                            strong { (clock) }
                            span { (calendar.at(now).strftime("%A, %-d %B %Y").to_string()) }
                            span { (shown(&self.code_name)) }
                            @if paused { span.tag.medium { "clock stopped" } }
                        }
                        h1.unseen { (shown(&self.code_name)) }
                        div.two {
                            section aria-labelledby="alerts" {
                                h2 id="alerts" { "Alerts" }
                                (self.alerts())
                            }
                            section aria-labelledby="messages" {
                                h2 id="messages" { "Messages" }
                                (self.messages())
                                h2 id="changes" { "Changes" }
                                (self.changes())
                            }
                        }
                        div.charts { (charts::figures(&context, &self.series)) }
                    }
                    footer { p { "This is an exercise. Nothing here is happening to the site." } }
                    script { (PreEscaped(AGAIN)) }
                }
            }
        };
        page.into_string() + "\n"
    }

    fn alerts(&self) -> Markup {
        let mut episodes = episodes::episodes(&self.story);
        episodes.reverse();
        episodes.sort_by_key(|episode| match (episode.ended_at, episode.firing_at) {
            (None, Some(_)) => 0,
            (None, None) => 1,
            _ => 2,
        });
        let more = episodes.len().saturating_sub(ALERTS);
        html! {
            @if episodes.is_empty() { p.quiet { "No alert so far." } } @else {
                table {
                    thead { tr {
                        th { "State" } th { "Alert" } th { "Since" } th { "Value then" }
                    } }
                    tbody { @for episode in episodes.iter().take(ALERTS) {
                        @let (state, look, since) = state(episode);
                        tr {
                            td { span class={ "tag " (look) } { (state) } }
                            td { (shown(&episode.name())) }
                            td { @if let Some(since) = since { (self.clock(since)) } }
                            td { (self.value(episode.judged)) }
                        }
                    } }
                }
                @if more > 0 { p.quiet { "and " (more) " older" } }
            }
        }
    }

    /// The value that was judged, in the unit of its rule.
    fn value(&self, alert: &AlertEntry) -> String {
        let rule = self.header.rules.iter().find(|rule| rule.alert == alert.rule);
        let Some((value, rule)) = alert.value.zip(rule) else { return String::new() };
        let written = |value: f64| match rule.measure {
            MeasureKind::ErrorRate | MeasureKind::GivenUp | MeasureKind::SlowShare => {
                format!("{}%", significant(value * 100.0, 2))
            }
            MeasureKind::Latency | MeasureKind::BacklogAge => {
                format!("{} s", significant(value, 2))
            }
            MeasureKind::Backlog => grouped(value as u64),
            _ => format!("{} /s", significant(value, 2)),
        };
        match alert.threshold {
            Some(limit) => format!("{} (limit {})", written(value), written(limit)),
            None => written(value),
        }
    }

    fn messages(&self) -> Markup {
        let tells = self.story.entries().iter().rev().filter_map(|entry| match &entry.event {
            Event::Tell { from, audience, text, .. } => {
                let from = from.as_deref().map_or("the program".into(), shown);
                Some((entry.at, from, audience, None, text))
            }
            Event::Message(message) => {
                let from = message.from.as_deref().map_or("somebody".into(), shown);
                let by = message.channel.as_ref();
                Some((entry.at, from, &message.audience, by, &message.text))
            }
            _ => None,
        });
        let tells: Vec<_> = tells.take(SHOWN).collect();
        html! {
            @if tells.is_empty() { p.quiet { "No message so far." } }
            ul style="list-style:none;padding:0;margin:.2rem 0" {
                @for (at, from, audience, by, text) in tells {
                    li style="margin:.3rem 0" {
                        span.quiet { (self.clock(at)) " " }
                        strong { (from) }
                        " to " (shown(audience))
                        @if let Some(by) = by { " by " (shown(by)) }
                        ": " (shown(text))
                    }
                }
            }
        }
    }

    fn changes(&self) -> Markup {
        let changes = self.story.entries().iter().rev().filter_map(|entry| match &entry.event {
            Event::Change { change, stage, .. } => Some((entry.at, change, *stage)),
            _ => None,
        });
        let mut seen: Vec<&str> = Vec::new();
        let mut latest = Vec::new();
        for (at, change, stage) in changes {
            if !seen.contains(&change.as_str()) && seen.len() < SHOWN {
                seen.push(change);
                latest.push((at, change, stage));
            }
        }
        html! {
            @if latest.is_empty() { p.quiet { "No change so far." } }
            ul style="list-style:none;padding:0;margin:.2rem 0" {
                @for (at, change, stage) in latest {
                    li { (shown(change)) " " (moved(stage)) " since " (self.clock(at)) }
                }
            }
        }
    }
}

/// State, look and beginning of an alert.
fn state(episode: &episodes::Episode) -> (&'static str, &'static str, Option<Time>) {
    let since = episode.firing_at.or(episode.pending_at);
    match (episode.ended_at, episode.judged.state) {
        (None, AlertState::NoData) => ("no data", "medium", since),
        (None, _) if episode.firing_at.is_some() => ("FIRING", "high", since),
        (None, _) => ("pending", "medium", since),
        (ended, _) if episode.firing_at.is_some() => ("resolved", "good", ended),
        (ended, _) => ("cleared", "", ended),
    }
}

fn moved(stage: ChangeStage) -> &'static str {
    match stage {
        ChangeStage::Ordered => "waits for its pipeline",
        ChangeStage::Deploying => "is being deployed",
        ChangeStage::Deployed => "is deployed",
        ChangeStage::Live => "is live",
        ChangeStage::Failed => "has failed",
        ChangeStage::Frozen => "frozen",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::fixture;

    #[test]
    fn players_see_alerts_messages_and_changes_but_never_a_fault() {
        let (header, entries) = fixture::proxy_outage();
        let mut screen = PlayerScreen::new(&header, "the exercise");
        let empty = screen.page(Time::ZERO, true, Span::from_secs(2));
        for part in ["No alert so far", "No message so far", "clock stopped", "17:00:00"] {
            assert!(empty.contains(part), "no {part:?}");
        }
        for entry in &entries {
            screen.add(entry);
            let page = screen.page(entry.at, false, Span::from_secs(2));
            for (fault, text) in &header.faults {
                assert!(
                    !page.contains(fault.as_str()) && !page.contains(&text.to_string()),
                    "{page}"
                );
            }
            assert!(!page.contains(&header.scenario), "the title says what happens");
            assert!(page.contains("EXERCISE") && page.contains("content=\"2\""));
        }
        let page = screen.page(fixture::at(5100.0), false, Span::from_secs(2));
        for part in ["ErrorSpike", "cleared", "heads-up", "reverse-proxy-update", "18:25:00"] {
            assert!(page.contains(part), "no {part:?} in {page}");
        }
    }

    #[test]
    fn names_are_escaped() {
        let (header, mut entries) = fixture::proxy_outage();
        for entry in &mut entries {
            if let Event::Tell { text, .. } = &mut entry.event {
                *text = format!("<script>alert(1)</script> {}", header.scenario);
            }
        }
        let mut screen = PlayerScreen::new(&header, "the exercise");
        entries.iter().for_each(|entry| screen.add(entry));
        let page = screen.page(Time::ZERO, false, Span::from_secs(2));
        assert!(page.contains("&lt;script&gt;") && page.matches("<script").count() == 1);
        assert!(page.contains("the exercise") && !page.contains(&header.scenario));
    }
}
