//! What waits in durable queues, and for how long: only of tiers that have one.

use super::chart::{LEFT, RIGHT, WIDTH, round_ticks};
use super::charts::{drawing, figure, plane, stretches};
use super::formatting::{n, shown};
use super::series::{QueuedWork, SiteSeries};
use super::thresholds;
use crate::decision::MeasureKind;
use crate::names::ScopeKind;
use crate::report::context::{ReportContext, significant};
use crate::units::{Span, Time, counted, grouped};
use maud::{Markup, html};

/// A tier that keeps what it is asked for.
pub(super) struct BacklogTier<'a> {
    /// Its name.
    pub tier: &'a str,
    points: &'a [Option<QueuedWork>],
    step: Span,
}

/// The tiers of which something waited at some time, in order.
pub(super) fn backlog_tiers<'a>(
    context: &'a ReportContext,
    series: &'a SiteSeries,
) -> Vec<BacklogTier<'a>> {
    let scopes = context.header.scopes.iter().zip(&series.waiting);
    let backlog =
        |((kind, name), points): (&'a (ScopeKind, String), &'a Vec<Option<QueuedWork>>)| {
            let any = points.iter().flatten().any(|point| point.requests > 0);
            (*kind == ScopeKind::Tier && any).then_some(BacklogTier {
                tier: name,
                points,
                step: series.step,
            })
        };
    scopes.filter_map(backlog).collect()
}

impl BacklogTier<'_> {
    fn timed(&self) -> impl Iterator<Item = (f64, Option<QueuedWork>)> + '_ {
        let step = self.step.seconds();
        self.points.iter().enumerate().map(move |(i, point)| ((i as f64 + 0.5) * step, *point))
    }

    fn moment(&self, position: usize) -> Time {
        Time(self.step.0.saturating_mul(position as u64))
    }

    /// The point that is greatest by this, the first of equals.
    fn most(&self, of: impl Fn(&QueuedWork) -> f64) -> Option<(Time, QueuedWork)> {
        let known = self.points.iter().enumerate().filter_map(|(i, point)| Some((i, (*point)?)));
        let most = known.reduce(|one, other| if of(&other.1) > of(&one.1) { other } else { one });
        most.map(|(position, point)| (self.moment(position), point))
    }

    /// How many waited, how long, and until when.
    pub(super) fn sentence(&self, context: &ReportContext) -> String {
        let (Some((at, most)), Some((oldest_at, oldest))) =
            (self.most(|point| point.requests as f64), self.most(|point| point.age))
        else {
            return String::new();
        };
        let clock = |time: Time| context.clock(time).get(..5).unwrap_or_default().to_string();
        let age = |seconds: f64| Span::from_seconds(libm::round(seconds));
        let many = |count: u64| counted(count as usize, "request");
        let last = self.points.iter().rposition(|point| point.is_some_and(|p| p.age >= MINUTE));
        let end = match (last, self.points.iter().flatten().last()) {
            (None, _) => "none for as long as a minute".to_string(),
            (Some(last), Some(left)) if last + 1 >= self.points.len() => {
                format!(
                    "{} still {} at the end, the oldest for {}",
                    many(left.requests),
                    if left.requests == 1 { "waits" } else { "wait" },
                    age(left.age)
                )
            }
            (Some(last), _) => {
                format!("drained by {}", clock(self.moment(last + 1)))
            }
        };
        format!(
            "For {}, at most {} waited (at {}), the oldest for {} (at {}); {end}.",
            shown(self.tier),
            many(most.requests),
            clock(at),
            age(oldest.age),
            clock(oldest_at)
        )
    }
}

/// A shorter wait than this, in seconds, is not called a backlog.
const MINUTE: f64 = 60.0;

/// Both drawings of every tier.
pub(super) fn section(context: &ReportContext, kept: &[BacklogTier]) -> Markup {
    html! {
        p { "A durable queue loses nothing: its requests wait until there is a thread \
             for them." }
        @for (number, kept) in kept.iter().enumerate() {
            p { (kept.sentence(context)) }
            (figure(&format!("backlog-{number}"), &format!("Requests that wait for {}",
                shown(kept.tier)), legend(), size(context, kept, number)))
            (figure(&format!("backlog-age-{number}"), &format!("How long the oldest of them has \
                waited for {}", shown(kept.tier)), legend(), age(context, kept, number)))
        }
    }
}

fn legend() -> Markup {
    html! { span.key.ok {} " waiting " span.key.limit {} " threshold of a rule" }
}

fn size(context: &ReportContext, kept: &BacklogTier, number: usize) -> Markup {
    let values = || kept.timed().map(|(at, point)| (at, point.map(|p| p.requests as f64)));
    let text = |value: f64| grouped(libm::round(value) as u64);
    over_time(context, kept, (MeasureKind::Backlog, number), values, text)
}

fn age(context: &ReportContext, kept: &BacklogTier, number: usize) -> Markup {
    let values = || kept.timed().map(|(at, point)| (at, point.map(|p| p.age / MINUTE)));
    let text = |value: f64| format!("{} min", significant(value, 3));
    over_time(context, kept, (MeasureKind::BacklogAge, number), values, text)
}

/// A drawing of these values, each with the seconds since the start.
fn over_time<I: Iterator<Item = (f64, Option<f64>)>>(
    context: &ReportContext,
    kept: &BacklogTier,
    (measure, number): (MeasureKind, usize),
    values: impl Fn() -> I,
    text: impl Fn(f64) -> String,
) -> Markup {
    let thresholds = thresholds::of_tier(context, measure, kept.tier);
    let highest = values().filter_map(|(_, value)| value).fold(0.0, f64::max);
    // A threshold far above what there was would leave nothing to be seen.
    let near = |at: &f64| *at <= highest * 3.0;
    let lines = thresholds.iter().map(|(at, _)| *at).filter(near);
    let ticks = round_ticks(lines.fold(highest, f64::max));
    let plane = plane(context, 0.0, ticks.last().copied().unwrap_or(1.0), false);
    let filled = stretches(values().map(|(at, value)| (at, value.map(|value| (0.0, value)))));
    let words = format!("At most {}", text(highest));
    let inside = html! {
        (plane.values(&ticks, &text))
        @for points in &filled { path class="ok" d=(plane.area(points)) {} }
        path class="line p50" d=(plane.line(values())) {}
        @for (at, text) in thresholds.iter().filter(|(at, _)| near(at)) {
            (plane.threshold(*at, "limit", text))
        }
        @for (_, text) in thresholds.iter().filter(|(at, _)| !near(at)) {
            text class="note end" x=(n(WIDTH - RIGHT)) y=(n(plane.top + 10.0)) {
                (text) " (far above)"
            }
            line class="grid" x1=(n(LEFT)) x2=(n(WIDTH - RIGHT)) y1=(n(plane.top))
                y2=(n(plane.top)) {}
        }
    };
    drawing(context, &plane, &format!("{measure}-title-{number}"), words, inside)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(points: &[Option<QueuedWork>]) -> BacklogTier<'_> {
        BacklogTier { tier: "mailer", points, step: Span::MINUTE }
    }

    #[test]
    fn the_most_is_the_first_of_equals_and_passes_over_gaps() {
        let waiting = |requests, age| Some(QueuedWork { requests, age });
        let points = [waiting(3, 60.0), None, waiting(9, 10.0), waiting(9, 300.0)];
        let kept = kept(&points);
        let (at, most) = kept.most(|point| point.requests as f64).expect("some");
        assert_eq!((at, most.requests), (Time::ZERO + Span::MINUTE * 2, 9));
        let (at, oldest) = kept.most(|point| point.age).expect("some");
        assert_eq!((at, oldest.age), (Time::ZERO + Span::MINUTE * 3, 300.0));
        assert_eq!(super::BacklogTier { points: &[], ..kept }.most(|point| point.age), None);
    }
}
