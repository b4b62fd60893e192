//! Who comes, through what, what breaks, what is planned: the scenario as a story.

use crate::decision::{LaunchAction, LaunchStep, LaunchTime, Message};
use crate::explanation::StorySection;
use crate::names::{ChannelId, Scope};
use crate::scenario::limits::limit::Limit;
use crate::scenario::phrases::{share, short};
use crate::scenario::plan::{Plan, peak};
use crate::site::{offered, per_visit};
use crate::units::{Rate, Time};

/// All sections that have something to say.
pub fn story(plan: &Plan) -> Vec<StorySection> {
    let section =
        |title: &str, lines: Vec<String>| StorySection { title: title.to_string(), lines };
    let expect = plan.expect.iter().map(|expectation| expectation.to_string());
    let sections = [
        section("Visitors", visitors(plan)),
        section("Site", site(plan)),
        section("Limits", plan.limits.iter().map(|one| limit(plan, one)).collect()),
        section("Planned steps", plan.playbook.launch.iter().map(|s| launch(plan, s)).collect()),
        section("Messages", plan.messages.iter().map(|one| message(plan, one)).collect()),
        section("Expected", expect.collect()),
    ];
    sections.into_iter().filter(|section| !section.lines.is_empty()).collect()
}

fn visitors(plan: &Plan) -> Vec<String> {
    let traffic = &plan.traffic;
    let end = Time::ZERO + plan.lasts;
    let shown = |rate: Rate| match rate.0 {
        rate if rate >= 0.1 => format!("{}/s", short(rate)),
        rate => format!("{}/m", short(rate * 60.0)),
    };
    let points = traffic.curve.points.iter().filter(|point| point.at < end);
    let points: Vec<String> = points
        .map(|point| format!("{} at {}", shown(point.rate), plan.calendar.clock(point.at)))
        .collect();
    let visits = traffic.curve.cumulative(end);
    let requests = per_visit(Scope::Site, &plan.site, traffic);
    let (at, most) = peak(plan);
    let by_hour = if traffic.curve.profile.is_empty() { "" } else { ", times the hour's factor" };
    let mut lines = vec![
        format!("Visits: {}{by_hour}.", points.join(", ")),
        format!(
            "About {} visits and {} requests in all; {} requests/s at the peak ({}).",
            rounded(visits),
            rounded(visits * requests),
            short(most.0 * requests),
            plan.calendar.clock(at)
        ),
    ];
    let tools = plan.names.categories[3].iter().zip(&traffic.tools).zip(&traffic.mixes.tool.0);
    for ((name, tool), weight) in tools {
        let login = if tool.login_required { ", signed in" } else { "" };
        lines.push(format!(
            "{} use {name}: {} requests on average, {} apart{login}.",
            share(*weight),
            short(tool.requests),
            tool.think
        ));
    }
    let again = match traffic.retries {
        Some(retries) => format!("tries again up to {} times", retries.at_most),
        None => "does not try again".to_string(),
    };
    lines.push(format!("A visitor waits {} for a reply and {again}.", traffic.patience));
    lines
}

fn site(plan: &Plan) -> Vec<String> {
    let names = &plan.names;
    let (at, most) = peak(plan);
    let mut lines = Vec::new();
    lines.push(format!(
        "Threads, own work, threads busy at the peak ({}):",
        plan.calendar.clock(at)
    ));
    let loads = offered(&plan.site, &plan.traffic, most);
    for ((tier, name), load) in plan.site.tiers.iter().zip(&names.tiers).zip(loads) {
        let (instances, threads, takes) = (tier.instances, tier.threads, tier.takes);
        let busy = match load.utilisation() {
            0.0 => "idle".to_string(),
            busy if busy < 0.01 => "under 1% busy".to_string(),
            busy => format!("{} busy", share(busy)),
        };
        let group = tier.autoscaling.map_or(String::new(), |scaling| {
            let target = scaling.target;
            let (least, most) = (scaling.min_capacity, scaling.max_capacity);
            let by = target.shown(target.value());
            format!(" of {most} instances; {least} to {most} by {by}, boots in {}", scaling.boot)
        });
        let kept = match tier.durable {
            true => "; keeps its work in a durable queue, and callers do not wait",
            false => "",
        };
        lines.push(format!("{name}: {instances} x {threads}, {takes}, {busy}{group}{kept}"));
    }
    let telemetry = &plan.telemetry;
    lines.push(format!(
        "The monitoring takes a reading every {} and has it {} later.",
        telemetry.every, telemetry.delay
    ));
    lines
}

/// `database connections: 320 of 400 at the peak (20 per instance of api), nobody has checked it`.
fn limit(plan: &Plan, limit: &Limit) -> String {
    let shown = |amount: Option<f64>| amount.map_or("?".to_string(), |amount| limit.shown(amount));
    let (used, value) = (shown(limit.used(plan, 1.0)), shown(limit.value));
    let by = match limit.used_by() {
        by if by.is_empty() => String::new(),
        by => format!(" ({by})"),
    };
    let checked = match (&limit.checked_by, &limit.checked_on) {
        (Some(who), Some(on)) => format!("checked by {who} on {on}"),
        (Some(who), None) => format!("checked by {who}, nobody knows when"),
        (None, _) => "nobody has checked it".to_string(),
    };
    format!("{}: {used} of {value} at the peak{by}, {checked}", limit.name)
}

fn launch(plan: &Plan, step: &LaunchStep) -> String {
    let names = &plan.names;
    let when = match step.at {
        None => "nobody knows when".to_string(),
        Some(LaunchTime::At(at)) => plan.calendar.clock(at),
        Some(LaunchTime::After(before, _)) => {
            format!("after {}", plan.playbook.launch[before.index()].label)
        }
    };
    let what = match &step.action {
        LaunchAction::Change { change, by } => {
            let change = &names.changes[change.index()];
            match by {
                Some(by) => format!("{} makes {change}", names.escalations[by.index()]),
                None => format!("{change} starts by itself"),
            }
        }
        LaunchAction::Tell { to, from, note } => {
            let from = from.as_ref().map(|from| format!("{} tells ", from.name(&plan.names)));
            let from = from.unwrap_or_else(|| "tell ".to_string());
            let note = note.as_ref().map(|note| format!(": {note}")).unwrap_or_default();
            format!("{from}{}{note}", to.name(&plan.names))
        }
    };
    format!("{when}: {what}")
}

/// `17:12:00, by phone: help desk to comms: callers see a blank page. decider must be told within
/// 10m`.
fn message(plan: &Plan, message: &Message) -> String {
    let channel = |by: Option<ChannelId>| match by {
        Some(by) => format!(" by {}", plan.names.channels[by.index()]),
        None => String::new(),
    };
    let (at, from) = (plan.calendar.clock(message.at), message.from.as_deref());
    let from = from.unwrap_or("somebody");
    let (to, by) = (message.to.name(&plan.names), channel(message.by));
    let expect = message.expect.map(|expect| {
        let within = expect.within.map(|within| format!(" within {within}"));
        let told = expect.audience.name(&plan.names);
        let takes = expect.takes.map(|takes| format!(", which takes {takes} to begin"));
        format!(
            "; {told} must be told{}{}{}",
            channel(expect.by),
            within.unwrap_or_default(),
            takes.unwrap_or_default()
        )
    });
    format!("{at}, {from} to {to}{by}: {}{}", message.says, expect.unwrap_or_default())
}

/// Two digits that mean something, in thousands or millions where there are that many.
fn rounded(number: f64) -> String {
    let two =
        |number: f64| if number < 10.0 { format!("{number:.1}") } else { format!("{number:.0}") };
    match number {
        n if n >= 1e6 => format!("{} million", two(n / 1e6)),
        n if n >= 1e3 => format!("{} thousand", two(n / 1e3)),
        n => format!("{n:.0}"),
    }
}
