//! How the site's logs are read, and what comes from a baseline made of them.

use crate::language::files::read_neighbour_file;
use crate::language::problem::quoted;
use crate::language::written::{Entries, OneOrMany, Placed};
use crate::logs::{Fields, FormatSpec, Ignore, LogBaseline, LogPlan, Moment, Pattern, Role};
use crate::names::Dimension;
use crate::scenario::document::Document;
use crate::scenario::logs::written::{LeftOut, LogField, WrittenLogs};
use crate::scenario::resolver::Resolver;
use crate::scenario::traffic::written::WrittenTraffic;
use crate::traffic::{Curve, Mixes, Tool};
use crate::units::{Rate, Time};
use indexmap::IndexSet;
use jiff::tz::TimeZone;

const DAYS: [&str; 7] =
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

impl Resolver<'_> {
    /// The mapping of the site's logs.
    pub fn logs(&mut self, document: &Document) -> LogPlan {
        let Some(logs) = &document.logs else { return LogPlan::default() };
        let names = self.names;
        let browsers = &names.categories[Dimension::Browser as usize];
        let OneOrMany(planned) = logs.planned.clone().unwrap_or(OneOrMany(Vec::new()));
        LogPlan {
            routes: self.patterns(logs.routes.as_ref(), &names.endpoints, "endpoint"),
            browsers: self
                .patterns::<usize>(logs.browsers.as_ref(), browsers, "browser")
                .into_iter()
                .map(|(pattern, browser)| (pattern, browser as u8))
                .collect(),
            planned,
            format: self.log_format(logs),
            fields: self.fields(logs),
            zone: self.log_zone(logs),
            ignore: self.ignore(logs),
            streams: logs.streams.clone().map(|OneOrMany(paths)| paths).unwrap_or_default(),
        }
    }

    fn fields(&mut self, logs: &WrittenLogs) -> Fields {
        let mut fields = Fields::default();
        let Some(written) = logs.fields.clone() else { return fields };
        let elapsed = written.elapsed.map(|Placed { value: LogField(field), place }| {
            if let Some(why) = field.unit_problem() {
                self.error(place, format!("{} is not a field", quoted(&field.name)), &why);
            }
            LogField(field)
        });
        let all = [
            (Role::Time, written.time),
            (Role::Date, written.date),
            (Role::Elapsed, elapsed),
            (Role::Status, written.status),
            (Role::Path, written.path),
            (Role::Agent, written.agent),
            (Role::Address, written.address),
            (Role::Browser, written.browser),
            (Role::Login, written.login),
            (Role::Account, written.account),
            (Role::Tool, written.tool),
        ];
        for (role, field) in all {
            field.into_iter().for_each(|LogField(field)| fields.set(role, field));
        }
        fields
    }

    fn log_format(&mut self, logs: &WrittenLogs) -> FormatSpec {
        let Some(format) = &logs.format else { return FormatSpec::Detect };
        FormatSpec::word_or_description(&format.value).unwrap_or_else(|error| {
            self.error(format.place, error.message, &error.hint);
            FormatSpec::Detect
        })
    }

    fn log_zone(&mut self, logs: &WrittenLogs) -> Option<TimeZone> {
        let zone = logs.zone.as_ref()?;
        let found = TimeZone::get(&zone.value).ok();
        if found.is_none() {
            let message = format!("{} is not a time zone", quoted(&zone.value));
            self.error(zone.place, message, "write it as America/New_York");
        }
        found
    }

    fn ignore(&mut self, logs: &WrittenLogs) -> Ignore {
        let mut ignore = Ignore::default();
        let mut each = |of: &[Placed<String>], add: &mut dyn FnMut(&str) -> Result<(), String>| {
            for who in of {
                if let Err(hint) = add(&who.value) {
                    let message = format!("{} cannot be left out", quoted(&who.value));
                    self.error(who.place, message, &hint);
                }
            }
        };
        match &logs.ignore {
            None => {}
            Some(LeftOut::Any(all)) => each(all, &mut |who| ignore.add(who)),
            Some(LeftOut::By(by)) => {
                let all = |of: &Option<OneOrMany<Placed<String>>>| {
                    of.clone().map_or(Vec::new(), |OneOrMany(all)| all)
                };
                each(&all(&by.agents), &mut |who| {
                    ignore.agents.push(who.parse()?);
                    Ok(())
                });
                each(&all(&by.paths), &mut |who| {
                    ignore.paths.push(who.parse()?);
                    Ok(())
                });
                each(&all(&by.addresses), &mut |who| {
                    ignore.addresses.push(who.parse()?);
                    Ok(())
                });
                ignore.monitors = by.monitors == Some(true);
                ignore.crawlers = by.crawlers == Some(true);
            }
        }
        ignore
    }

    fn patterns<I: From<usize>>(
        &mut self,
        entries: Option<&Entries<Placed<String>>>,
        set: &IndexSet<String>,
        what: &str,
    ) -> Vec<(Pattern, I)> {
        let mut patterns = Vec::new();
        for (key, name) in entries.into_iter().flat_map(|entries| &entries.0) {
            let Some(name) = name else { continue };
            let found = self.find(set, name, what);
            match key.value.parse::<Pattern>() {
                Ok(pattern) => patterns.extend(found.map(|id| (pattern, id))),
                Err(hint) => {
                    self.error(
                        key.place,
                        format!("{} is not a pattern", quoted(&key.value)),
                        &hint,
                    );
                }
            }
        }
        patterns
    }

    /// The curve of visits that a log's arrivals make: requests per second by the mean number of
    /// requests of a visit.
    pub fn curve_of_log(
        &mut self,
        traffic: &WrittenTraffic,
        from: &Placed<String>,
        (mixes, tools): (&Mixes, &[Tool]),
    ) -> Option<Curve> {
        if let Some(by_hour) = &traffic.by_hour {
            let hint = "leave out `by_hour`: the log has its own hours";
            self.error(by_hour.place, "`by_hour` does not go with `from`", hint);
        }
        let baseline = self.baseline_file(from)?;
        let start = Moment::from_timestamp(self.calendar.starts().timestamp());
        let laid = match baseline.arrivals(start, self.lasts) {
            Ok(laid) => laid,
            Err(hour) => {
                let (day, hour) = (DAYS[usize::from(hour / 24) % 7], hour % 24);
                let message = format!(
                    "{} has no {day} {hour:02}:00 to {hour:02}:59 ({})",
                    quoted(&from.value),
                    baseline.zone
                );
                let hint = "start the scenario within the log, or make the baseline from a log \
                            of whole weeks";
                self.error(from.place, message, hint);
                return None;
            }
        };
        let requests = mixes.tool.0.iter().zip(tools).map(|(share, tool)| share * tool.requests);
        let requests: f64 = requests.sum();
        let mut curve = laid.curve;
        for point in &mut curve.points {
            point.rate = Rate(point.rate.0 / requests.max(1.0));
        }
        if curve.cumulative(Time::ZERO + self.lasts) == 0.0 {
            let message = format!("in {} there are no requests at that time", quoted(&from.value));
            self.error(from.place, message, "start the scenario at another time");
        }
        Some(curve)
    }

    /// The file that `sim baseline` has made.
    pub fn baseline_file(&mut self, from: &Placed<String>) -> Option<LogBaseline> {
        let text = read_neighbour_file(self.problems, from)?;
        LogBaseline::read(&text)
            .map_err(|why| {
                let message = format!("{} is not a baseline: {why}", quoted(&from.value));
                self.error(from.place, message, "make one with `sim baseline LOG… -o FILE`");
            })
            .ok()
    }
}
