//! The options of every subcommand that reads logs.

use super::options::span;
use super::{named_file, terminal};
use crate::logs::{
    Field, FormatSpec, LogCounts, LogError, LogPlan, LogReadOptions, LogSource, Moment, Role, conf,
};
use crate::report::{Style, for_terminal, log_counts};
use crate::units::{Ratio, Span};
use jiff::tz::TimeZone;
use jiff::{Timestamp, civil};
use std::path::{Path, PathBuf};

/// The logs, and how they are read.
#[derive(clap::Args)]
pub(in crate::cli) struct LogOptions {
    /// The format of the lines: detect, combined, json, csv, w3c, logfmt, alb, haproxy, envoy, …
    ///
    /// Formats are detected from the first lines; scenarios/LOG-FORMATS.md lists them. Formats
    /// that look like another must be given: combined-us (Apache's %D at the end), combined-ms,
    /// common-us.
    #[arg(long, value_name = "FORMAT")]
    format: Option<FormatSpec>,

    /// The format as nginx's log_format, Apache's LogFormat or HAProxy's log-format
    ///
    /// Paste the directive or its text: '$remote_addr [$time_local] "$request" $status
    /// $request_time' or '%h %t "%r" %>s %D'. Plain names are also accepted: $time, $status, $path,
    /// $agent, $elapsed_ms; `$_` matches anything.
    #[arg(long, value_name = "PATTERN", conflicts_with = "format", value_parser = described)]
    log_format: Option<FormatSpec>,

    /// Take the log_format from this nginx configuration
    #[arg(long, value_name = "FILE", num_args = 1..=2, value_names = ["FILE", "NAME"],
        conflicts_with_all = ["format", "log_format"])]
    nginx_conf: Option<Vec<String>>,

    /// Which field holds what: status=http.code, elapsed="took ms", elapsed="11 us"
    ///
    /// The names are time, elapsed, status, path, agent, address, browser, login, account, tool and
    /// some more. A field is the name of a JSON field, a column or a key, or the number of a word
    /// in a line of text (`last` is the last). Fields with the usual names are found automatically.
    #[arg(long = "field", value_name = "WHAT=FIELD", value_parser = field)]
    fields: Vec<(Role, Field)>,

    /// The time zone of log times that do not name one [default: the scenario's, or UTC]
    #[arg(long, value_name = "ZONE", value_parser = zone)]
    zone: Option<TimeZone>,

    /// Leave requests out: a path, an address, a user agent, or `monitors` or `crawlers`
    #[arg(long, value_name = "WHO")]
    ignore: Vec<String>,

    /// The maximum share of unreadable lines
    #[arg(long, value_name = "SHARE", default_value = "1%", value_parser = share)]
    max_bad: Ratio,

    /// How far a line may lag behind the newest one before it [default: any order]
    #[arg(long, value_name = "TIME", value_parser = span)]
    disorder: Option<Span>,

    /// Leave out what is before this moment: 2018-11-07T17:00 or 2018-11-07T22:00:00Z
    #[arg(long, value_name = "TIME")]
    since: Option<String>,

    /// Leave out what is at or after this moment
    #[arg(long, value_name = "TIME")]
    until: Option<String>,
}

impl LogOptions {
    /// The zone that was said.
    pub(in crate::cli) fn zone(&self) -> Option<&TimeZone> {
        self.zone.as_ref()
    }

    /// What was typed of how lines are read, to be typed again.
    pub(in crate::cli) fn typed(&self) -> Vec<String> {
        let mut words = Vec::new();
        let mut option = |name: &str, value: &str| words.extend([name, value].map(String::from));
        if let Some(conf) = &self.nginx_conf {
            let (file, name) = conf.split_first().expect("clap wants one at least");
            option("--nginx-conf", file);
            name.iter().for_each(|name| words.push(name.clone()));
        }
        let said = self.log_format.as_ref().or(self.format.as_ref()).and_then(FormatSpec::option);
        words.extend(said.into_iter().flatten());
        let mut option = |name: &str, value: &str| words.extend([name, value].map(String::from));
        for (role, field) in &self.fields {
            option("--field", &format!("{}={field}", role.word()));
        }
        if let Some(zone) = self.zone.as_ref().and_then(TimeZone::iana_name) {
            option("--zone", zone);
        }
        self.ignore.iter().for_each(|who| option("--ignore", who));
        words
    }

    /// Everything that results depend on, to be typed again.
    pub(in crate::cli) fn again(&self) -> Vec<String> {
        let mut words = self.typed();
        let mut option = |name: &str, value: &str| words.extend([name, value].map(String::from));
        option("--max-bad", &self.max_bad.to_string());
        self.disorder.iter().for_each(|time| option("--disorder", &time.to_string()));
        self.since.iter().for_each(|moment| option("--since", moment));
        self.until.iter().for_each(|moment| option("--until", moment));
        words
    }

    /// As the readers take them: what was typed, else what the scenario says, else what is usual.
    /// The error is a sentence.
    pub(in crate::cli) fn options(
        &self,
        zone: TimeZone,
        plan: &LogPlan,
    ) -> Result<LogReadOptions, String> {
        let zone = self.zone.clone().or_else(|| plan.zone.clone()).unwrap_or(zone);
        let moment = |text: &Option<String>, otherwise| match text {
            Some(text) => moment(text, &zone),
            None => Ok(otherwise),
        };
        let (since, until) = (moment(&self.since, Moment::MIN)?, moment(&self.until, Moment::MAX)?);
        if since >= until {
            return Err("--since is not before --until".to_string());
        }
        let mut fields = plan.fields.clone();
        for (role, field) in &self.fields {
            fields.set(*role, field.clone());
        }
        let mut ignore = plan.ignore.clone();
        for who in &self.ignore {
            ignore.add(who)?;
        }
        let conf = self.nginx_conf.as_deref().map(from_conf).transpose()?;
        let said = conf.or_else(|| self.log_format.clone()).or_else(|| self.format.clone());
        Ok(LogReadOptions {
            format: said.unwrap_or_else(|| plan.format.clone()),
            fields,
            zone,
            disorder: self.disorder,
            max_bad: self.max_bad,
            ignore,
            streams: plan.streams.clone(),
            since,
            until,
        })
    }
}

/// The log_format of a configuration; of several, the one with the name.
fn from_conf(arguments: &[String]) -> Result<FormatSpec, String> {
    let [path, name @ ..] = arguments else { return Err("name a file".to_string()) };
    let text = named_file::text(Path::new(path));
    let text = text.map_err(|error| format!("cannot read {path}: {error}"))?;
    conf::log_format(&text, name.first().map(String::as_str))
        .map_err(|message| format!("{path}: {message}"))
}

fn described(text: &str) -> Result<FormatSpec, String> {
    FormatSpec::described(text).map_err(|error| format!("{}; {}", error.message, error.hint))
}

fn zone(text: &str) -> Result<TimeZone, String> {
    TimeZone::get(text)
        .map_err(|_| format!("`{text}` is not a time zone; write it as America/New_York"))
}

fn field(text: &str) -> Result<(Role, Field), String> {
    let Some((what, field)) = text.split_once('=') else {
        return Err("write WHAT=FIELD, such as status=http.code".to_string());
    };
    let role = Role::of_word(what).ok_or_else(|| {
        let words = Role::ALL.map(Role::word).join(", ");
        format!("`{what}` is not one of {words}")
    })?;
    let field: Field = field.parse()?;
    match field.unit_problem().filter(|_| role == Role::Elapsed) {
        Some(why) => Err(why),
        None => Ok((role, field)),
    }
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

fn moment(text: &str, zone: &TimeZone) -> Result<Moment, String> {
    if let Ok(stamp) = text.parse::<Timestamp>() {
        return Ok(Moment::from_timestamp(stamp));
    }
    let local = text.parse::<civil::DateTime>();
    let zoned = local.and_then(|local| local.to_zoned(zone.clone()));
    zoned.map(|zoned| Moment::from_timestamp(zoned.timestamp())).map_err(|_| {
        format!("`{text}` is not a time; write 2018-11-07T17:00 or 2018-11-07T22:00:00Z")
    })
}

/// The logs at these paths; `-` is standard input, and a folder is all files in it.
pub(in crate::cli) fn sources(paths: &[PathBuf]) -> Result<Vec<LogSource>, String> {
    let mut sources = Vec::new();
    for path in paths {
        let shown = path.display();
        let found =
            LogSource::all(path).map_err(|error| format!("cannot read {shown}: {error}"))?;
        if found.is_empty() {
            return Err(format!("{shown} is a folder without files"));
        }
        sources.extend(found);
    }
    Ok(sources)
}

/// Reports on stderr what was seen of the logs: formats, bad lines with samples, what was cut.
pub(in crate::cli) fn report_counts(counts: &LogCounts) {
    let color = terminal::colour_on_stderr();
    terminal::print_to_stderr(&log_counts(counts, Style { color, width: terminal::width() }));
}

/// Says why logs cannot be used.
pub(in crate::cli) fn refuse(error: &LogError) {
    if let Some(counts) = error.counts() {
        report_counts(counts);
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
