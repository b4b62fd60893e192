//! Options that several subcommands share: what is said of logs, and how many at a time.

use super::terminal;
use crate::logs::{Counts, Field, Fields, LogError, Moment, Options, Source, Wanted};
use crate::report::{Style, for_terminal, log_counts};
use crate::units::{Ratio, Span};
use jiff::tz::TimeZone;
use jiff::{Timestamp, civil};
use std::path::PathBuf;

/// The logs, and how they are read.
#[derive(clap::Args)]
pub(in crate::cli) struct LogOptions {
    /// How lines are written: detect, common, combined, combined-us (Apache's %D), alb, json
    #[arg(long, value_name = "FORMAT", default_value = "detect")]
    format: Wanted,

    /// Where JSON lines have something: status=http.code, elapsed="took ms"
    ///
    /// The names are time, elapsed, status, path, agent, browser, login, account and tool. Fields
    /// with the usual names are found without; what the scenario's `logs:` says comes after this.
    #[arg(long = "field", value_name = "WHAT=FIELD", value_parser = field)]
    fields: Vec<(String, Field)>,

    /// The share of lines that may be unreadable
    #[arg(long, value_name = "SHARE", default_value = "1%", value_parser = share)]
    max_bad: Ratio,

    /// How far behind the newest line before it a line may be
    #[arg(long, value_name = "TIME", default_value = "10s", value_parser = span)]
    disorder: Span,

    /// Leave out what is before this moment: 2018-11-07T17:00 or 2018-11-07T22:00:00Z
    #[arg(long, value_name = "TIME")]
    since: Option<String>,

    /// Leave out what is at or after this moment
    #[arg(long, value_name = "TIME")]
    until: Option<String>,
}

impl LogOptions {
    /// As the readers take them; local times are in `zone`. The error is a sentence.
    pub(in crate::cli) fn options(
        &self,
        zone: TimeZone,
        fields: &Fields,
    ) -> Result<Options, String> {
        let moment = |text: &Option<String>, otherwise| match text {
            Some(text) => moment(text, &zone),
            None => Ok(otherwise),
        };
        let (since, until) = (moment(&self.since, Moment::MIN)?, moment(&self.until, Moment::MAX)?);
        if since >= until {
            return Err("--since is not before --until".to_string());
        }
        let mut fields = fields.clone();
        for (what, field) in &self.fields {
            *place(&mut fields, what) = Some(field.clone());
        }
        Ok(Options {
            format: self.format,
            fields,
            zone,
            window: self.disorder,
            max_bad: self.max_bad,
            since,
            until,
        })
    }
}

const WHATS: [&str; 9] =
    ["time", "elapsed", "status", "path", "agent", "browser", "login", "account", "tool"];

fn place<'f>(fields: &'f mut Fields, what: &str) -> &'f mut Option<Field> {
    match what {
        "time" => &mut fields.time,
        "elapsed" => &mut fields.elapsed,
        "status" => &mut fields.status,
        "path" => &mut fields.path,
        "agent" => &mut fields.agent,
        "browser" => &mut fields.named[0],
        "login" => &mut fields.named[1],
        "account" => &mut fields.named[2],
        _ => &mut fields.named[3],
    }
}

fn field(text: &str) -> Result<(String, Field), String> {
    let Some((what, field)) = text.split_once('=') else {
        return Err("write WHAT=FIELD, such as status=http.code".to_string());
    };
    if !WHATS.contains(&what) {
        return Err(format!("`{what}` is none of {}", WHATS.join(", ")));
    }
    Ok((what.to_string(), field.parse()?))
}

fn share(text: &str) -> Result<Ratio, String> {
    let (number, scale) = match text.strip_suffix('%') {
        Some(number) => (number, 0.01),
        None => (text, 1.0),
    };
    let value = number.trim().parse::<f64>().map(|number| number * scale);
    value
        .ok()
        .filter(|share| (0.0..=1.0).contains(share))
        .map(Ratio)
        .ok_or_else(|| "write a share between 0% and 100%".to_string())
}

/// So many threads, or one per processor.
pub(in crate::cli) fn all_or(jobs: Option<usize>) -> usize {
    jobs.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from))
}

/// How many trials at a time: 1 to 1,024.
pub(in crate::cli) fn jobs(text: &str) -> Result<usize, String> {
    let jobs = text.parse().ok().filter(|jobs| (1..=1_024).contains(jobs));
    jobs.ok_or_else(|| "write a number from 1 to 1024".to_string())
}

/// A duration on the command line.
pub(in crate::cli) fn span(text: &str) -> Result<Span, String> {
    let span = humantime::parse_duration(text).map_err(|error| error.to_string())?;
    let nanos = u64::try_from(span.as_nanos()).ok().filter(|n| *n <= Span::from_secs(86_400).0);
    nanos.map(Span).ok_or_else(|| "a day at most".to_string())
}

fn moment(text: &str, zone: &TimeZone) -> Result<Moment, String> {
    if let Ok(stamp) = text.parse::<Timestamp>() {
        return Ok(Moment::of(stamp));
    }
    let local = text.parse::<civil::DateTime>();
    let zoned = local.and_then(|local| local.to_zoned(zone.clone()));
    zoned.map(|zoned| Moment::of(zoned.timestamp())).map_err(|_| {
        format!("`{text}` is no moment; write 2018-11-07T17:00 or 2018-11-07T22:00:00Z")
    })
}

/// `-` is standard input.
pub(in crate::cli) fn sources(paths: &[PathBuf]) -> Vec<Source> {
    paths.iter().map(|path| Source::of(path)).collect()
}

/// Tells on stderr what was seen of the logs: formats, bad lines with samples, what was cut.
pub(in crate::cli) fn tell(counts: &Counts) {
    let color = terminal::colour_on_stderr();
    terminal::complain(&log_counts(counts, Style { color, width: 80 }));
}

/// Tells why logs cannot be used.
pub(in crate::cli) fn refuse(error: &LogError) {
    if let Some(counts) = error.counts() {
        tell(counts);
    }
    terminal::error(&for_terminal(&error.to_string(), 2_000), error.hint());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_fields_and_moments_as_typed() {
        assert_eq!(share("1%"), Ok(Ratio(0.01)));
        assert_eq!(share("0.5"), Ok(Ratio(0.5)));
        ["", "101%", "-1%", "NaN", "x"].iter().for_each(|text| assert!(share(text).is_err()));
        assert!(field("status=http.code").is_ok());
        ["status", "stats=a", "elapsed=", "elapsed=a b"]
            .iter()
            .for_each(|text| assert!(field(text).is_err(), "{text}"));
        let york = TimeZone::get("America/New_York").expect("bundled");
        assert_eq!(moment("2018-11-07T17:00", &york), moment("2018-11-07T22:00:00Z", &york));
        assert!(moment("yesterday", &york).is_err());
    }
}
