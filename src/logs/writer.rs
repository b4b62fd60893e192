//! Simulated traffic as an access log: combined, with the request's time.

use super::agents::agent_of;
use super::mapping::LogMapping;
use crate::names::{Dimension, EndpointId, Names};
use crate::telemetry::{Outcome, RequestAttempt};
use crate::units::{Calendar, Span, Time};
use std::io::{self, Write};

/// Writes the attempts of a simulated run as lines that [`super::Feed`] reads back: every attempt
/// into the interval and the scopes that the simulator's telemetry counts it in.
#[derive(Debug)]
pub struct LogWriter {
    calendar: Calendar,
    /// By endpoint.
    paths: Vec<String>,
    /// By browser; `-` alone where the scenario has none.
    agents: Vec<String>,
    /// The second that was written last, and its words.
    second: Option<(u64, String)>,
}

impl LogWriter {
    /// A writer for a scenario's site.
    pub fn new(mapping: &LogMapping, names: &Names, calendar: &Calendar) -> LogWriter {
        let mut mapping = mapping.clone();
        let endpoints = (0..names.endpoints.len()).map(EndpointId::from);
        // Where each of its paths is another endpoint's, its requests count for the site alone.
        let paths = endpoints.map(|endpoint| mapping.path(endpoint));
        let paths = paths.map(|path| path.unwrap_or_else(|| "*".to_string())).collect();
        let browsers = names.categories[Dimension::Browser as usize].iter();
        let agents = browsers.enumerate().map(|(index, name)| {
            let known = on_one_line(&agent_of(name));
            let read = mapping.browser(known.as_bytes());
            if read == Some(index as u8) { known } else { on_one_line(&super::agents::plain(name)) }
        });
        LogWriter { calendar: calendar.clone(), paths, agents: agents.collect(), second: None }
    }

    /// One line. Times are those at which the attempt ended, with the seconds it took to the
    /// microsecond, which is how finely readings keep them.
    pub fn write(&mut self, out: &mut impl Write, attempt: &RequestAttempt) -> io::Result<()> {
        let second = attempt.at.0 / Span::SECOND.0;
        if self.second.as_ref().is_none_or(|(written, _)| *written != second) {
            let at = self.calendar.at(Time(second * Span::SECOND.0));
            self.second = Some((second, at.strftime("%d/%b/%Y:%H:%M:%S %z").to_string()));
        }
        let time = self.second.as_ref().map_or("", |(_, words)| words);
        let [_, a, b, c] = attempt.visitor.to_be_bytes();
        let path = &self.paths[attempt.endpoint.index()];
        let status = attempt.status;
        let mark = if attempt.outcome == Outcome::Planned { "?sim=planned" } else { "" };
        let browser = usize::from(attempt.segment.value(Dimension::Browser));
        let agent = self.agents.get(browser).map_or("-", String::as_str);
        let micros = attempt.took.0 / 1_000;
        let (seconds, micros) = (micros / 1_000_000, micros % 1_000_000);
        writeln!(
            out,
            "10.{a}.{b}.{c} - - [{time}] \"GET {path}{mark} HTTP/1.1\" {status} 0 \"-\" \
             \"{agent}\" rt={seconds}.{micros:06}"
        )
    }
}

/// A name of a scenario inside the quotes of a log.
fn on_one_line(text: &str) -> String {
    let odd = |c: char| c.is_control() || c == '"' || c == '\\';
    text.chars().map(|c| if odd(c) { '_' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::DrawKey;
    use crate::logs::{Bins, Feed, LogReadOptions, Moment};
    use crate::names::{Scope, Segment};
    use crate::telemetry::Tally;
    use proptest::prelude::*;

    fn names() -> Names {
        let set = |words: &[&str]| words.iter().map(|word| word.to_string()).collect();
        Names {
            tiers: set(&["proxy"]),
            endpoints: set(&["page", "claims", "a \"quoted\" one"]),
            categories: [
                set(&["chrome", "ie11", "new-thing", "other"]),
                set(&["none"]),
                set(&["all"]),
                set(&["browse"]),
            ],
            ..Names::default()
        }
    }

    fn calendar() -> Calendar {
        Calendar::new("2018-11-07T17:00[America/New_York]".parse().expect("a moment"))
    }

    proptest! {
        /// The log of a run, read and counted, gives the readings of the run.
        #[test]
        fn what_is_written_is_counted_as_it_was(
            attempts in prop::collection::vec(
                (0u64..40_000, 0u16..3, 0u8..4, 0usize..5, 0u64..90_000_000_000), 1..80
            ),
        ) {
            let names = names();
            use Outcome::{Abandoned, Failed, Ok, Planned, Rejected};
            let outcomes = [Ok, Failed, Rejected, Abandoned, Planned];
            let attempt = |(at, endpoint, browser, outcome, took): (u64, u16, u8, usize, u64)| {
                RequestAttempt {
                    at: Time(at * 1_000_003),
                    visitor: 7,
                    endpoint: EndpointId(endpoint),
                    segment: Segment([browser, 0, 0, 0]),
                    outcome: outcomes[outcome],
                    status: outcomes[outcome].status(),
                    took: Span(took),
                }
            };
            let mut attempts: Vec<RequestAttempt> = attempts.into_iter().map(attempt).collect();
            attempts.sort_by_key(|attempt| attempt.at);
            let mapping = LogMapping::from_names(&names);
            let mut writer = LogWriter::new(&mapping, &names, &calendar());
            let mut log = Vec::new();
            attempts.iter().for_each(|a| writer.write(&mut log, a).expect("memory"));

            let start = Moment::from_timestamp(calendar().starts().timestamp());
            let every = Span::from_secs(10);
            let mut bins = Bins::new(mapping, &names, start, every);
            let mut feed = Feed::new(LogReadOptions::default());
            feed.push(&log);
            feed.finish();
            while feed.step(&mut |request| bins.count(request)) {}
            prop_assert_eq!(feed.counts().bad, 0, "{:?}", feed.counts());
            bins.complete(start.plus(Span::MINUTE));

            let mut tally = Tally::new(&names);
            let mut rest = attempts.as_slice();
            for interval in 0..6u64 {
                let (from, to) = (Time(every.0 * interval), Time(every.0 * (interval + 1)));
                let now = rest.partition_point(|attempt| attempt.at < to);
                for a in &rest[..now] {
                    let (who, how) = (|| DrawKey::new(0, 0, "requests"), (a.outcome, a.status));
                    tally.attempt(who, a.endpoint, a.segment, how, a.took);
                }
                rest = &rest[now..];
                let simulated = tally.take(from, to);
                let read = bins.next_reading().expect("complete");
                prop_assert_eq!((simulated.from, simulated.to), (read.from, read.to));
                for (index, scope) in names.scopes().into_iter().enumerate() {
                    let known = matches!(
                        scope,
                        Scope::Site | Scope::Endpoint(_) | Scope::Segment(Dimension::Browser, _)
                    );
                    let expected = &simulated.scopes[index];
                    prop_assert!(!known || read.scopes[index] == *expected, "{:?}", scope);
                }
            }
        }
    }
}
