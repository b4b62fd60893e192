//! What is normal, as far as rules compare with it.

use crate::decision::{Baseline, Hourly, Measure, Rule, Threshold};
use crate::journal::{FindingKind, OpenPoint, Severity};
use crate::language::problem::quoted;
use crate::language::source::Place;
use crate::language::value::number::Number;
use crate::language::word::ScalarValue;
use crate::logs::{self, Moment};
use crate::names::Scope;
use crate::scenario::document::{self, Document};
use crate::scenario::resolver::Resolver;
use crate::units::{Rate, Span, Time, hundredths, product};

/// What the scenario says of what is normal.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Normal {
    pub baseline: Baseline,
    /// What of it is `"?"`: rules that are multiples of that cannot fire.
    unmeasured: Vec<Measure>,
    /// Something about it is wrong and said already.
    pub wrong: bool,
    /// Why its requests are of no use, where there should be some.
    thin: Option<String>,
}

impl Normal {
    /// Whether a rule is a multiple of something that nobody has measured.
    pub fn is_unmeasured(&self, rule: &Rule) -> bool {
        rule.clauses().any(|clause| {
            matches!(clause.breach.threshold, Threshold::Baseline { .. })
                && self.unmeasured.contains(&clause.measure)
        })
    }
}

impl Resolver<'_> {
    /// The figures of an ordinary day: from the file, else as written.
    pub fn normal(&mut self, document: &Document) -> Normal {
        let has_unknown_key = self.problems.has_unknown_key("a baseline", "baseline");
        let mut normal = Normal { wrong: has_unknown_key, ..Normal::default() };
        let Some(written) = document.baseline.as_ref() else { return normal };
        let Some(from) = &written.from else {
            self.as_written(written, &mut normal);
            return normal;
        };
        match self.baseline_file(from) {
            Some(file) => self.of_file(&file, &mut normal),
            None => normal.wrong = true,
        }
        normal
    }

    fn as_written(&mut self, written: &document::Baseline, normal: &mut Normal) {
        let read =
            [written.error_rate.is_some(), written.requests.is_some(), written.latency.is_some()];
        let read = read.iter().filter(|read| **read).count();
        normal.wrong |= read < written.written.len();
        if let Some(rate) = &written.error_rate {
            normal.baseline.error_rate = rate.value.0;
            if rate.value.0.is_none() {
                self.unmeasured(Measure::ErrorRate, None, rate.place, normal);
            }
        }
        if let Some(requests) = &written.requests {
            let rate = requests.value.0;
            if rate.is_some_and(|rate| rate.0 <= 0.0) {
                let hint = "write how many there are, such as 30/m";
                self.error(requests.place, "a baseline of no requests says nothing", hint);
                normal.wrong = true;
            }
            match rate {
                Some(rate) => normal.baseline.requests = Hourly::constant(rate),
                None => {
                    let figure = Some("requests".to_string());
                    self.unmeasured(Measure::Requests, figure, requests.place, normal);
                }
            }
        }
        for (name, span) in written.latency.iter().flat_map(|entries| &entries.0) {
            let Some(span) = span else { continue };
            match (quantile(&name.value), span.value.0) {
                (Some(quantile), Some(value)) => normal.baseline.latency.push((quantile, value)),
                (Some(quantile), None) => {
                    let figure = Some(format!("latency {}", name.value));
                    self.unmeasured(Measure::Latency(quantile), figure, span.place, normal);
                }
                (None, _) => {
                    let message = format!("{} is not a percentile", quoted(&name.value));
                    self.error(name.place, message, "write p50, p95, p99 or p99.9");
                    normal.wrong = true;
                }
            }
        }
    }

    /// A figure that is `"?"`.
    fn unmeasured(
        &mut self,
        measure: Measure,
        figure: Option<String>,
        place: Place,
        normal: &mut Normal,
    ) {
        let point = OpenPoint::Unmeasured { figure };
        self.finding(FindingKind::Unfilled, Severity::High, point, place);
        normal.unmeasured.push(measure);
    }

    fn of_file(&mut self, file: &logs::LogBaseline, normal: &mut Normal) {
        let start = Moment::from_timestamp(self.calendar.starts().timestamp());
        normal.baseline.error_rate = Some(file.error_rate(start, start.plus(self.lasts)));
        if let Some(times) = &file.latency_s {
            let percentiles = [(0.5, &times.p50), (0.95, &times.p95), (0.99, &times.p99)];
            let spans =
                percentiles.map(|(quantile, times)| (quantile, Span::from_seconds(times.p50)));
            normal.baseline.latency.extend(spans);
        }
        let known = file.requests_by_hour();
        let of_run =
            Hourly::of_week((0..168).map(|hour| Rate(f64::from(hour))).collect(), &self.calendar);
        let hours = of_run.until(Time::ZERO + self.lasts).map(|rate| rate.0 as usize);
        let missing = hours.filter(|hour| known[*hour].is_none()).min();
        if let Some(hour) = missing {
            let day = DAYS[hour / 24];
            normal.thin = Some(format!("it has no {day} {:02}:00 to {0:02}:59", hour % 24));
            return;
        }
        // Hours that only another day's log may touch: nothing better is known of them.
        let all: Vec<f64> = known.iter().flatten().map(|rate| rate.0).collect();
        let mean = Rate(all.iter().sum::<f64>() / all.len().max(1) as f64);
        let week = known.into_iter().map(|rate| rate.unwrap_or(mean)).collect();
        normal.baseline.requests = Hourly::of_week(week, &self.calendar);
    }

    /// Says where a rule compares with what nobody knows.
    pub fn knows_normal(&mut self, rule: &Rule, place: Place, normal: &Normal) {
        if normal.wrong {
            return;
        }
        let multiples = rule
            .clauses()
            .filter(|clause| matches!(clause.breach.threshold, Threshold::Baseline { .. }));
        let measures: Vec<Measure> = multiples.map(|clause| clause.measure).collect();
        for measure in measures {
            self.normal_of(measure, rule, place, normal);
        }
    }

    fn normal_of(&mut self, measure: Measure, rule: &Rule, place: Place, normal: &Normal) {
        if normal.unmeasured.contains(&measure) {
            return;
        }
        let known = normal.baseline.normal(measure, (Time::ZERO, Time::ZERO)).is_some();
        match measure {
            Measure::ErrorRate if !known => {
                let hint = "add `baseline: {error_rate: 0.013%}`";
                self.error(place, "a multiple of the baseline needs a baseline", hint);
            }
            Measure::Latency(quantile) if !known => {
                let percentile = percentile(quantile);
                let message = format!("the baseline does not say what {percentile} is normal");
                let hint = format!(
                    "add `baseline: {{latency: {{{percentile}: 400ms}}}}`; a file of `sim \
                     baseline` has p50, p95 and p99"
                );
                self.error(place, message, &hint);
            }
            Measure::Requests => {
                let site = rule.scope == Scope::Site && rule.by.is_none();
                if !known {
                    let message = match &normal.thin {
                        Some(why) => format!("the baseline has no requests for this run: {why}"),
                        None => "the baseline does not say how many requests are normal".into(),
                    };
                    let hint = "add `baseline: {requests: 30/m}`, or make a file of whole weeks \
                                with `sim baseline`";
                    self.error(place, message, hint);
                } else if !site {
                    let message = "the baseline's requests are those of the whole site";
                    self.error(place, message, "leave `where` and `by` out, or name a rate");
                }
            }
            _ => {}
        }
    }
}

/// A share of one as `p99.9`.
fn percentile(quantile: f64) -> String {
    format!("p{}", product(quantile, 100.0))
}

/// `p99.9` as a share of one.
fn quantile(name: &str) -> Option<f64> {
    let digits = name.strip_prefix('p')?;
    let quantile = Number::parse(digits).ok().and_then(|_| hundredths(digits))?;
    (0.0 < quantile && quantile < 1.0).then_some(quantile)
}

const DAYS: [&str; 7] =
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
