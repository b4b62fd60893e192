//! What a plan rests on, value by value: where each comes from, and how it is known.

use crate::decision::Measure;
use crate::journal::{Basis, InputRow, WrittenAt, last_key};
use crate::language::problem::Problems;
use crate::language::source::Place;
use crate::language::written::Placed;
use crate::scenario::basis::Marks;
use crate::scenario::document::Document;
use crate::scenario::phrases::short;
use crate::scenario::plan::Plan;
use crate::units::Time;

/// Every value that a default may have filled in, and those beside it.
pub fn inputs(document: &Document, plan: &Plan, problems: &Problems) -> Vec<InputRow> {
    let marks = problems.sources.iter().map(|source| Marks::new(&source.text)).collect();
    let mut table = InputTable { problems, marks, rows: Vec::new(), path: String::new() };
    table.top(document, plan);
    table.traffic(document, plan);
    table.site(document, plan);
    table.limits(document, plan);
    table.faults(document, plan);
    table.rules(document, plan);
    table.people(document, plan);
    table.changes(document, plan);
    table.plays(document, plan);
    table.capacity(document, plan);
    table.rows
}

/// Defaults that are calibrated: the beginning and the end of their path, and their source.
const CALIBRATED: [(&str, &str, &str); 6] = [
    ("site.tiers.", ".queue", "Linux's listen backlog before 5.4"),
    ("site.calls.", ".timeout", "nginx's proxy_read_timeout"),
    ("site.tiers.", ".estimated_instance_warmup", "EC2 Auto Scaling's default cooldown"),
    ("site.tiers.", ".health_check_grace_period", "the console of EC2 Auto Scaling"),
    ("site.tiers.", ".scale_in_cooldown", "Application Auto Scaling's ScaleInCooldown"),
    ("site.tiers.", ".deregistration_delay", "Elastic Load Balancing's target groups"),
];

/// The sections that say what the world is like. The others say what the team has decided.
const WORLD: [&str; 8] =
    ["traffic", "site", "limits", "faults", "channels", "changes", "baseline", "telemetry"];

/// What is decided even there, and what a play says of the world.
const DECIDED: [&str; 12] = [
    "pipeline",
    "external",
    "zones",
    "balance",
    "kind",
    "checked_by",
    "checked_on",
    "metric",
    "target_value",
    "min_capacity",
    "max_capacity",
    "disable_scale_in",
];
const TIMED: [&str; 5] = ["declare", "triage", "among", "agrees", "answers"];

pub type Keys = [Placed<&'static str>];

/// The table that is being filled, section by section.
pub struct InputTable<'a> {
    pub problems: &'a Problems,
    /// Of every source.
    pub marks: Vec<Marks>,
    pub rows: Vec<InputRow>,
    /// The mapping that is being told.
    pub path: String,
}

impl InputTable<'_> {
    /// Goes to the mapping at a path.
    pub fn at(&mut self, path: impl Into<String>) {
        self.path = path.into();
    }

    /// One key of the mapping: its value, and whether it was written.
    pub fn row(&mut self, written: &Keys, key: &str, value: impl ToString) {
        let place = written.iter().find(|found| found.value == key).map(|found| found.place);
        let path = match self.path.as_str() {
            "" => key.to_string(),
            path => format!("{path}.{key}"),
        };
        self.place(path, value.to_string(), place);
    }

    /// One value, and where it was written.
    pub fn place(&mut self, path: String, value: String, place: Option<Place>) {
        let from = match place {
            None => WrittenAt::Default,
            Some(place) => match self.problems.part(place) {
                _ if place.source == 0 => WrittenAt::Line(place.line),
                Some(file) => WrittenAt::Part(format!("{file}:{}", place.line)),
                None => WrittenAt::Set,
            },
        };
        let (_, key) = last_key(&path);
        let written = place.and_then(|place| self.marks[place.source].basis(place.line, key));
        let default = || {
            let ends = |(begins, ends, _): &&(&str, &str, &str)| {
                place.is_none() && path.starts_with(begins) && path.ends_with(ends)
            };
            let source = CALIBRATED.iter().find(ends);
            source.map(|(_, _, source)| (Basis::Calibrated, source.to_string()))
        };
        let world = of_world(&path, key).then_some((Basis::Assumed, String::new()));
        let known = written.or_else(default).or(world).filter(|_| !decided(&path, key));
        let mut row = InputRow { path, value, from, basis: None, note: String::new() };
        if let Some((basis, note)) = known.filter(|_| !row.is_none()) {
            (row.basis, row.note) = (Some(basis), note);
        }
        self.rows.push(row);
    }

    /// The inputs at the top of the file.
    pub fn top(&mut self, document: &Document, plan: &Plan) {
        let starts = plan.calendar.starts();
        let zone = starts.time_zone().iana_name().unwrap_or_default();
        let starts = format!("{} {zone}", starts.strftime("%Y-%m-%dT%H:%M"));
        self.row(&document.written, "starts", starts);
        self.row(&document.written, "lasts", plan.lasts);
        self.row(&document.written, "seed", plan.seed);
        let telemetry = document.telemetry.as_ref().map_or(&[][..], |t| &t.written);
        self.at("telemetry");
        self.row(telemetry, "every", plan.telemetry.every);
        self.row(telemetry, "delay", plan.telemetry.delay);
        let baseline = document.baseline.as_ref().map_or(&[][..], |b| &b.written);
        self.at("baseline");
        let from = baseline.iter().any(|key| key.value == "from");
        let key = if from { "from" } else { "error_rate" };
        self.row(baseline, key, optional(plan.playbook.baseline.error_rate));
        let written = |wanted: &str| baseline.iter().any(|key| key.value == wanted);
        let start = (Time::ZERO, Time::ZERO);
        let requests = plan.playbook.baseline.normal(Measure::Requests, start);
        if let (Some(rate), true) = (requests, written("requests")) {
            self.row(baseline, "requests", format!("{}/m", short(rate * 60.0)));
        }
        if written("latency") {
            let all = plan.playbook.baseline.latency.iter();
            let all = all.map(|(quantile, span)| format!("p{} {span}", short(quantile * 100.0)));
            self.row(baseline, "latency", all.collect::<Vec<_>>().join(", "));
        }
    }
}

/// Whether a value is the team's choice although its section tells of the world.
pub fn decided(path: &str, key: &str) -> bool {
    DECIDED.contains(&key) || (key == "login" && path.starts_with("traffic.tools."))
}

/// Whether a value says what the world is like, so that it is assumed unless a source is named.
pub fn of_world(path: &str, key: &str) -> bool {
    let section = path.split('.').next().unwrap_or_default();
    TIMED.contains(&key) || WORLD.contains(&section)
}

/// The value, or that there is none.
pub fn optional(value: Option<impl ToString>) -> String {
    InputRow::shown(value.map(|value| value.to_string()))
}
