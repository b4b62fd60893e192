//! A baseline as a file: made from logs, taken by scenarios.

use super::moment::Moment;
use crate::names::{is_hidden, written_out};
use crate::traffic::{Curve, CurvePoint};
use crate::units::{Rate, Ratio, Span, Time};
use indexmap::IndexMap;
use jiff::{Timestamp, tz::TimeZone};
use serde::{Deserialize, Serialize, Serializer};
use serde_yaml::{FlowMap, FlowSeq};

/// A baseline rests on at least this many windows, and so does an hour of the week. A choice: of
/// 50, two are above the 95th percentile; of 20, one.
pub const MIN_WINDOWS: usize = 50;
/// More than this would be no baseline that this program has written.
const MOST_BYTES: usize = 2_000_000;

/// What is normal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogBaseline {
    /// The version of the file: 1.
    pub baseline: u32,
    /// The first window begins.
    pub from: Timestamp,
    /// The last window ends.
    pub to: Timestamp,
    /// The time zone of the hours of the week.
    pub zone: String,
    /// Requests in all windows.
    pub requests: u64,
    /// The length of a window in seconds.
    pub window_s: f64,
    /// Windows with fewer requests are left out of rates and times.
    pub min_requests: u64,
    /// The windows on which rates and times rest.
    pub windows: u64,
    /// Failed and refused requests per request, 0 to 1.
    #[serde(serialize_with = "in_one_line")]
    pub error_rate: VaryingShare,
    /// Response times in seconds; none where the log has none.
    #[serde(serialize_with = "in_one_line", skip_serializing_if = "Option::is_none")]
    #[serde(default)]
    pub latency_s: Option<VaryingTimes>,
    /// Hours of the week with at least one window, Monday 00:00 first.
    #[serde(default, serialize_with = "in_lines")]
    pub by_hour_of_week: Vec<HourOfWeek>,
    pub arrivals: ArrivalSeries,
    pub mix: Mix,
}

/// A share over all windows together, and how it varies from window to window.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VaryingShare {
    pub share: f64,
    pub p50: f64,
    pub p95: f64,
    pub max: f64,
}

/// How something varies from window to window.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Quantiles {
    pub p50: f64,
    pub p95: f64,
    pub max: f64,
}

/// Percentiles of the response times of a window, and how those vary.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VaryingTimes {
    pub p50: Quantiles,
    pub p95: Quantiles,
    pub p99: Quantiles,
}

/// One hour of the week.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HourOfWeek {
    /// Since Monday 00:00, 0 to 167.
    pub hour: u8,
    pub windows: u64,
    pub requests: u64,
    #[serde(serialize_with = "in_one_line")]
    pub error_rate: VaryingShare,
    #[serde(serialize_with = "in_one_line", skip_serializing_if = "Option::is_none")]
    #[serde(default)]
    pub latency_s: Option<VaryingTimes>,
}

/// Requests per step, one step after the other.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ArrivalSeries {
    /// The length of a step in seconds.
    pub every_s: f64,
    #[serde(serialize_with = "list_in_one_line")]
    pub requests: Vec<u64>,
}

/// Shares of requests.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub struct Mix {
    #[serde(serialize_with = "in_one_line")]
    pub browser: IndexMap<String, f64>,
    /// `(none)` is what no route leads anywhere; empty without a scenario.
    #[serde(serialize_with = "in_one_line")]
    pub endpoint: IndexMap<String, f64>,
}

/// A baseline's arrivals for a stretch of time.
#[derive(Debug, Clone, PartialEq)]
pub struct Overlaid {
    /// In requests per second.
    pub curve: Curve,
    /// Whether they are those of the log itself, step by step; else the log's typical week.
    pub exact: bool,
}

impl LogBaseline {
    /// Reads a file; the message says where and what is wrong.
    pub fn read(text: &str) -> Result<LogBaseline, String> {
        if text.len() > MOST_BYTES {
            return Err("it is larger than 2 MB, which no baseline is".to_string());
        }
        let options = serde_yaml::options! { strict_booleans: true, with_snippet: false };
        let baseline: LogBaseline = serde_yaml::from_str_with_options(text, options)
            .map_err(|error| error.to_string().lines().next().unwrap_or_default().to_string())?;
        baseline.sound()?;
        Ok(baseline)
    }

    fn sound(&self) -> Result<(), String> {
        let shares = self.by_hour_of_week.iter().map(|hour| &hour.error_rate);
        let shares = shares.chain([&self.error_rate]);
        let steps = self.arrivals.requests.len();
        let every = self.arrivals.every_s;
        let wrong = if self.baseline != 1 {
            "`baseline` is not 1: another version of sim wrote it"
        } else if self.windows < MIN_WINDOWS as u64 {
            "it rests on fewer than 50 windows"
        } else if shares.into_iter().any(|share| !(0.0..=1.0).contains(&share.share)) {
            "a share is not between 0 and 1"
        } else if self.by_hour_of_week.iter().any(|hour| hour.hour > 167) {
            "an hour of the week is above 167"
        } else if !(1.0..=604_800.0).contains(&every) || every.fract() != 0.0 {
            "`every_s` is not a whole number of seconds up to a week"
        } else if steps == 0 || steps > 100_000 {
            "`arrivals` has no steps, or more than 100,000"
        } else if self.arrivals.requests.iter().any(|n| *n > 1_000_000_000_000) {
            "a step of `arrivals` has more than 1,000,000,000,000 requests"
        } else if TimeZone::get(&self.zone).is_err() {
            "its `zone` is not a time zone"
        } else {
            return Ok(());
        };
        Err(wrong.to_string())
    }

    /// The error rate of an ordinary day between two moments: that of the hours of the week it
    /// touches if each of them rests on enough windows, else of all hours together.
    pub fn error_rate(&self, from: Moment, to: Moment) -> Ratio {
        let zone = TimeZone::get(&self.zone).unwrap_or(TimeZone::UTC);
        let mut sums = (0.0, 0.0);
        let mut at = from;
        while at < to {
            let hour = hour_of_week(at, &zone);
            let found = self.by_hour_of_week.iter().find(|known| known.hour == hour);
            match found.filter(|hour| hour.windows >= MIN_WINDOWS as u64) {
                None => return Ratio(self.error_rate.share),
                Some(hour) => {
                    sums.0 += hour.error_rate.share * hour.requests as f64;
                    sums.1 += hour.requests as f64;
                }
            }
            at = at.plus(Span::from_secs(3_600));
        }
        Ratio(if sums.1 > 0.0 { sums.0 / sums.1 } else { self.error_rate.share })
    }

    /// The arrivals from a moment on: the log's own where it covers all of it, else those of its
    /// typical week. Fails, with the hour of the week, where it has none of such an hour.
    pub fn arrivals(&self, from: Moment, lasts: Span) -> Result<Overlaid, u8> {
        let (begins, every) =
            (Moment::from_timestamp(self.from), Span::from_seconds(self.arrivals.every_s));
        let counts = &self.arrivals.requests;
        let ends = begins.plus(every * counts.len() as u64);
        let end = from.plus(lasts);
        let exact = from >= begins && end <= ends;
        let zone = TimeZone::get(&self.zone).unwrap_or(TimeZone::UTC);
        let week = if exact { Vec::new() } else { self.week(begins, every, &zone) };
        let step = if exact { every } else { Span::from_secs(3_600) };
        let mut points = Vec::new();
        // Steps of the log, or hours of the wall clock, whose minutes may not be the hour's.
        let origin = if exact { begins.0 } else { begins.0 - begins.0.rem_euclid(step.0 as i64) };
        let into = (from.0 - origin).rem_euclid(step.0 as i64);
        let mut at = Moment(from.0 - into);
        while at < end {
            let next = at.plus(step);
            let rate = if exact {
                let index = (at.since(begins).0 / every.0) as usize;
                counts[index] as f64 / every.seconds()
            } else {
                let hour = hour_of_week(at, &zone);
                week[usize::from(hour)].ok_or(hour)?
            };
            for moment in [at.max(from), next.min(end)] {
                points.push(CurvePoint { at: Time(moment.since(from).0), rate: Rate(rate) });
            }
            at = next;
        }
        Ok(Overlaid { curve: Curve { points, profile: Vec::new() }, exact })
    }

    /// Requests per second by hour of the week, the mean over all such hours; `None` for those
    /// that the log does not touch.
    pub fn requests_by_hour(&self) -> Vec<Option<Rate>> {
        let zone = TimeZone::get(&self.zone).unwrap_or(TimeZone::UTC);
        let every = Span::from_seconds(self.arrivals.every_s);
        let week = self.week(Moment::from_timestamp(self.from), every, &zone);
        week.into_iter().map(|rate| rate.map(Rate)).collect()
    }

    /// Requests per second by hour of the week, the mean over all such hours.
    fn week(&self, begins: Moment, every: Span, zone: &TimeZone) -> Vec<Option<f64>> {
        let mut sums = vec![(0.0, 0u64); 168];
        for (index, count) in self.arrivals.requests.iter().enumerate() {
            let hour = hour_of_week(begins.plus(every * index as u64), zone);
            let (sum, n) = &mut sums[usize::from(hour)];
            *sum += *count as f64 / every.seconds();
            *n += 1;
        }
        sums.into_iter().map(|(sum, n)| (n > 0).then(|| sum / n as f64)).collect()
    }

    /// The file. `note` says of what, in a comment of one line.
    pub fn write(&self, note: &str) -> String {
        let note: String = note.chars().filter(|c| !is_hidden(*c)).collect();
        let yaml = serde_yaml::to_string(&self.masked()).expect("numbers and words are YAML");
        let yaml = unmasked(&yaml);
        format!(
            "# {note}\n# A scenario uses it with `baseline: {{from: this file}}` and `traffic: \
             {{from: this file, …}}`.\n# Hour 0 of the week begins on Monday at 00:00.\n{yaml}"
        )
    }
}

/// Marks a character that must be written as an escape: a control character, so that the serializer
/// takes double quotes, and eight digits.
const MASK: char = '\u{1}';

impl LogBaseline {
    /// The same with the characters of its names marked that nobody could see.
    fn masked(&self) -> LogBaseline {
        let mask = |(name, share): (&String, &f64)| {
            let pieces = written_out(name).map(|(c, hidden)| match hidden {
                Some(_) => format!("{MASK}{:08x}", c as u32),
                None => c.to_string(),
            });
            (pieces.collect::<String>(), *share)
        };
        let masked = |shares: &IndexMap<String, f64>| shares.iter().map(mask).collect();
        let mix = Mix { browser: masked(&self.mix.browser), endpoint: masked(&self.mix.endpoint) };
        LogBaseline { mix, ..self.clone() }
    }
}

/// YAML with the escapes of the characters that were marked.
fn unmasked(yaml: &str) -> String {
    yaml.replace("\\u0001", "\\U").replace("\\x01", "\\U")
}

/// A map in one line.
fn in_one_line<T: Serialize, S: Serializer>(map: &T, serializer: S) -> Result<S::Ok, S::Error> {
    FlowMap(map).serialize(serializer)
}

/// A list of maps, each in one line.
fn in_lines<T: Serialize, S: Serializer>(list: &[T], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(list.iter().map(FlowMap))
}

/// A list in one line.
fn list_in_one_line<T: Serialize, S: Serializer>(
    list: &[T],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    FlowSeq(list).serialize(serializer)
}

/// Hours since Monday 00:00 on the wall clock of a zone.
pub(super) fn hour_of_week(at: Moment, zone: &TimeZone) -> u8 {
    let local = at.timestamp().to_zoned(zone.clone());
    local.weekday().to_monday_zero_offset() as u8 * 24 + local.hour() as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    fn baseline() -> LogBaseline {
        let share = |share| VaryingShare { share, p50: 0.0, p95: 0.01, max: 0.5 };
        let one = Quantiles { p50: 0.1, p95: 0.2, max: 1.5 };
        let times = VaryingTimes { p50: one.clone(), p95: one.clone(), p99: one };
        let hour = |hour, rate, windows| HourOfWeek {
            hour,
            windows,
            requests: 100,
            error_rate: share(rate),
            latency_s: None,
        };
        LogBaseline {
            baseline: 1,
            from: "2018-11-05T00:00:00Z".parse().expect("a moment"),
            to: "2018-11-05T02:00:00Z".parse().expect("a moment"),
            zone: "UTC".to_string(),
            requests: 480,
            window_s: 60.0,
            min_requests: 20,
            windows: 120,
            error_rate: share(0.001),
            latency_s: Some(times),
            by_hour_of_week: vec![hour(0, 0.002, 60), hour(1, 0.004, 60), hour(2, 0.1, 10)],
            arrivals: ArrivalSeries { every_s: 1800.0, requests: vec![1800, 3600, 5400, 7200] },
            mix: Mix {
                browser: [("a \"b\": {c}".to_string(), 0.5), ("other".to_string(), 0.5)].into(),
                endpoint: IndexMap::new(),
            },
        }
    }

    fn at(text: &str) -> Moment {
        Moment::from_timestamp(text.parse().expect("a moment"))
    }

    #[test]
    fn what_is_written_is_read_back() {
        let text = baseline().write("from a log\nscenario: injected");
        assert_eq!(LogBaseline::read(&text), Ok(baseline()), "{text}");
    }

    #[test]
    fn broken_files_say_what_is_wrong() {
        let text = baseline().write("from a log");
        let cases = [
            ("baseline: 1", "baseline: 2", "another version"),
            ("windows: 120", "windows: 12", "fewer than 50"),
            ("share: 0.001,", "share: 1.5,", "between 0 and 1"),
            ("every_s: 1800.0", "every_s: 0", "every_s"),
            ("zone: UTC", "zone: Mars/Olympus", "not a time zone"),
            ("requests: 480", "requests: many", "line 8"),
            ("mix:", "mixes:", "mixes"),
        ];
        for (right, wrong, expected) in cases {
            let said = LogBaseline::read(&text.replacen(right, wrong, 1)).expect_err("broken");
            assert!(said.contains(expected), "{wrong}: {said}");
        }
        assert!(LogBaseline::read("").is_err());
    }

    #[test]
    fn the_error_rate_is_that_of_the_hours_touched() {
        let baseline = baseline();
        let rate = |from: &str, to: &str| baseline.error_rate(at(from), at(to)).0;
        assert!((rate("2018-11-12T00:00:00Z", "2018-11-12T01:00:00Z") - 0.002).abs() < 1e-12);
        assert!((rate("2018-11-12T00:00:00Z", "2018-11-12T02:00:00Z") - 0.003).abs() < 1e-12);
        let thin = rate("2018-11-12T02:00:00Z", "2018-11-12T03:00:00Z");
        assert_eq!(thin, 0.001, "ten windows are too few for an hour of its own");
    }

    #[test]
    fn arrivals_are_the_logs_own_or_its_typical_week() {
        let baseline = baseline();
        let hour = Span::from_secs(3_600);
        let exact = baseline.arrivals(at("2018-11-05T00:45:00Z"), hour).expect("covered");
        assert!(exact.exact);
        let visits = exact.curve.cumulative(Time::ZERO + hour);
        assert!((visits - (1800.0 + 5400.0 + 3600.0)).abs() < 1e-6, "{visits}");
        let week = baseline.arrivals(at("2018-11-12T00:30:00Z"), hour).expect("a Monday");
        assert!(!week.exact);
        let visits = week.curve.cumulative(Time::ZERO + hour);
        assert!((visits - (1.5 * 1800.0 + 3.5 * 1800.0)).abs() < 1e-6, "{visits}");
        assert_eq!(baseline.arrivals(at("2018-11-13T00:30:00Z"), hour), Err(24));
    }
}
