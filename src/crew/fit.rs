//! Fits spreads to moments, tests them on what was left out, and writes the part of a scenario that
//! they become.

use super::log::{PastIncident, PastMoment};
use crate::names::{quoted_for_yaml, visible, worded};
use crate::units::{Span, Spread};

/// With fewer incidents nothing is fitted. A choice: what so few leave open widens the spread by
/// 13 % at ten, by 31 % at five (Student).
pub const LEAST: usize = 10;

/// The 90 % and 99 % quantiles of the standard normal distribution.
const Z90: f64 = 1.281_551_565_544_600_4;
const Z99: f64 = 2.326_347_874_040_841;

/// What is shorter was not timed: logs are kept in minutes.
const SHORTEST: f64 = 30.0;

/// For cross-validation, incidents are left out in this many groups, once there are more of them.
/// A choice that bounds the time: each group is one more fit.
const GROUPS: usize = 100;

worded! {
    /// What is fitted.
    pub enum FittedStep {
        /// From its beginning until somebody noticed.
        Notice = "notice",
        /// From being noticed to being called an incident.
        Declare = "declare",
        /// Until the repair was chosen.
        Diagnose = "diagnose",
        /// Until somebody said yes to it.
        Decide = "decide",
        /// Until the change that helped was in effect.
        Deploy = "deploy",
        /// Until it was over.
        Clear = "clear",
    }
}

/// How long one step takes.
#[derive(Debug, Clone, PartialEq)]
pub struct StepFit {
    /// Which.
    pub step: FittedStep,
    /// Incidents with a time for it, those included that were not over.
    pub n: usize,
    /// Those that were not over.
    pub not_yet: usize,
    /// A log-normal that is wider than the sample by what so few incidents leave open.
    pub after: Spread,
    /// The range that should hold eight in ten.
    pub between: (Span, Span),
    /// Of the incidents left out, how many lay within the range that the others give.
    pub held: (usize, usize),
    /// What it counts as, if that is more than its name says.
    pub note: Option<&'static str>,
}

/// What a log says of a team.
#[derive(Debug, Clone, PartialEq)]
pub struct CrewFit {
    /// Incidents in the log.
    pub incidents: usize,
    /// In the order of [`FittedStep::ALL`].
    pub fitted: Vec<StepFit>,
    /// Steps of which too little is known, with how many incidents tell them.
    pub too_few: Vec<(FittedStep, usize)>,
}

impl CrewFit {
    /// Of the steps left out, how many lay within the range that the others give.
    pub fn within_range(&self) -> (usize, usize) {
        let sum = |of: fn(&StepFit) -> usize| self.fitted.iter().map(of).sum();
        (sum(|one| one.held.0), sum(|one| one.held.1))
    }
}

/// How long something took, in seconds; or longer than that.
type StepDuration = PastMoment;

/// Fits every step that at least [`LEAST`] incidents tell to its end.
pub fn fit(log: &[PastIncident]) -> CrewFit {
    let has = |column: usize| log.iter().any(|incident| incident.moments[column].is_some());
    let mut crew = CrewFit { incidents: log.len(), fitted: Vec::new(), too_few: Vec::new() };
    for step in FittedStep::ALL {
        let (from, to, note) = match step {
            FittedStep::Notice => (0, 1, None),
            FittedStep::Declare => (1, 2, None),
            FittedStep::Diagnose if has(3) => (2, 3, None),
            FittedStep::Diagnose if has(4) => (2, 4, Some("with the decision in it")),
            FittedStep::Diagnose => (2, 5, Some("until the change was in effect, deploy included")),
            FittedStep::Decide => (3, 4, None),
            FittedStep::Deploy => (4, 5, None),
            FittedStep::Clear => (5, 6, None),
        };
        let took: Vec<StepDuration> =
            log.iter().filter_map(|one| step_duration(one, from, to)).collect();
        // One that was not over says only how long it took at least.
        let known = took.iter().filter(|took| !took.not_yet).count();
        match predicted(&took).filter(|_| known >= LEAST) {
            None => crew.too_few.push((step, known)),
            Some(after) => crew.fitted.push(fitted(step, &took, after, note)),
        }
    }
    crew
}

/// From one moment to another. Where it was never declared, or late, the repair began when it was
/// noticed.
fn step_duration(incident: &PastIncident, from: usize, to: usize) -> Option<StepDuration> {
    let then = incident.moments[to]?;
    let early = |moment: &PastMoment| moment.at <= then.at;
    let mut start = incident.moments[from].filter(early);
    if from == 2 {
        start = start.or(incident.moments[1].filter(early));
    }
    let start = start.filter(|start| !start.not_yet)?;
    Some(StepDuration { at: (then.at - start.at).max(SHORTEST), not_yet: then.not_yet })
}

fn fitted(
    step: FittedStep,
    took: &[StepDuration],
    after: Spread,
    note: Option<&'static str>,
) -> StepFit {
    let groups = took.len().min(GROUPS);
    let mut held = (0, 0);
    for group in 0..groups {
        let apart = |(position, _): &(usize, &StepDuration)| position % groups == group;
        let others = took.iter().enumerate().filter(|one| !apart(one)).map(|(_, took)| *took);
        let Some(after) = predicted(&others.collect::<Vec<StepDuration>>()) else { continue };
        let (low, high) = between(after);
        for (_, took) in took.iter().enumerate().filter(apart) {
            // Of one that was not over it is only known whether it was too long already.
            if took.not_yet && took.at <= high.seconds() {
                continue;
            }
            held.1 += 1;
            held.0 += usize::from((low.seconds()..=high.seconds()).contains(&took.at));
        }
    }
    let not_yet = took.iter().filter(|took| took.not_yet).count();
    StepFit { step, n: took.len(), not_yet, after, between: between(after), held, note }
}

fn between(after: Spread) -> (Span, Span) {
    (after.quantile(0.1), after.quantile(0.9))
}

/// The spread of the next incident: the log-normal of these, as much wider as so few leave open.
/// Its tenth and ninetieth percentiles are those of Student's prediction.
fn predicted(took: &[StepDuration]) -> Option<Spread> {
    let (mean, deviation, known) = log_normal(took)?;
    let n = known as f64;
    let freedom = n - 1.0;
    let wider = libm::sqrt(1.0 + 1.0 / n) * student(freedom) / Z90;
    let deviation = (deviation * wider).max(1e-6);
    let minute = |log: f64| {
        let seconds = libm::exp(log.min(19.0));
        let unit = if seconds < 600.0 { 1.0 } else { 60.0 };
        Span::from_secs(((seconds / unit).round().max(1.0) * unit) as u64)
    };
    let (median, p99) = (minute(mean), minute(mean + Z99 * deviation));
    Some(if p99 > median { Spread::Tail { median, p99 } } else { Spread::Fixed(median) })
}

/// The 90 % quantile of Student's t, by the expansion of Cornish and Fisher; right to a thousandth
/// from nine degrees of freedom on.
fn student(freedom: f64) -> f64 {
    let z = Z90;
    let (cube, fifth) = (libm::pow(z, 3.0), libm::pow(z, 5.0));
    z + (cube + z) / (4.0 * freedom)
        + (5.0 * fifth + 16.0 * cube + 3.0 * z) / (96.0 * freedom * freedom)
}

/// Mean and deviation of the logarithms, and of how many that are known. What was not over counts
/// as longer than it was by what the others say (maximum likelihood, by expectation).
fn log_normal(took: &[StepDuration]) -> Option<(f64, f64, usize)> {
    let known = took.iter().filter(|took| !took.not_yet).count();
    if known < 2 {
        return None;
    }
    let logs: Vec<(f64, bool)> =
        took.iter().map(|took| (libm::log(took.at), took.not_yet)).collect();
    let n = logs.len() as f64;
    let mut mean = logs.iter().map(|(log, _)| log).sum::<f64>() / n;
    let square = |mean: f64| logs.iter().map(|(log, _)| libm::pow(log - mean, 2.0)).sum::<f64>();
    let mut deviation = libm::sqrt(square(mean) / n);
    if known == logs.len() || deviation <= 0.0 {
        return Some((mean, libm::sqrt(square(mean) / (n - 1.0)), known));
    }
    for _ in 0..500 {
        let expected: Vec<(f64, f64)> = logs
            .iter()
            .map(|(log, not_yet)| match not_yet {
                false => (*log, 0.0),
                true => longer(*log, mean, deviation),
            })
            .collect();
        let next = expected.iter().map(|(log, _)| log).sum::<f64>() / n;
        let spread = |(log, variance): &(f64, f64)| libm::pow(log - next, 2.0) + variance;
        let wide = libm::sqrt(expected.iter().map(spread).sum::<f64>() / n);
        let still = (next - mean).abs() + (wide - deviation).abs() < 1e-9;
        (mean, deviation) = (next, wide);
        if still {
            break;
        }
    }
    Some((mean, deviation * libm::sqrt(n / (n - 1.0)), known))
}

/// Mean and variance of a normal that is known to lie above a value.
fn longer(least: f64, mean: f64, deviation: f64) -> (f64, f64) {
    let z = (least - mean) / deviation;
    let above = 0.5 * libm::erfc(z * std::f64::consts::FRAC_1_SQRT_2);
    let density = libm::exp(-z * z / 2.0) / libm::sqrt(2.0 * std::f64::consts::PI);
    // Far out there is next to nothing above, and the ratio is the distance itself.
    let hazard = if above > 1e-12 { density / above } else { z };
    let variance = deviation * deviation * (1.0 + z * hazard - hazard * hazard).max(0.0);
    (mean + deviation * hazard, variance)
}

/// A part to include: `crew:`, which every page repeats, and a variable for each step. The lines
/// are put together here, since each carries a comment that says what its figures rest on, and the
/// serializer of YAML drops comments on maps.
pub fn yaml(crew: &CrewFit, like: &str, source: &str) -> String {
    // A name is a name, and not a variable.
    let quoted = |text: &str| quoted_for_yaml(&text.replace("${", "$${"));
    let (inside, all) = crew.within_range();
    let mut text = format!(
        "# People as they were in {}: fitted by `sim crew`, not assumed.\n\
         # Include this file, and write ${{declare}}, ${{diagnose}}, … where a step takes time.\n\
         # No plan can promise such times within a factor of two: they vary far more than that.\n\
         crew:\n  like: {}\n  source: {}\n  held: {inside} of {all}\nvars:\n",
        visible(source),
        quoted(like),
        quoted(&format!("calibrated on {} incidents, {source}", crew.incidents)),
    );
    for fitted in &crew.fitted {
        text += &format!("  {}: {}\n", fitted.step, line(fitted));
    }
    for (step, n) in &crew.too_few {
        text += &format!(
            "# {step}: recorded in {n} incidents, fewer than the {LEAST} needed: the \
             assumed stays.\n"
        );
    }
    text
}

/// `48m (p99 2d)` and what it rests on.
fn line(fitted: &StepFit) -> String {
    let compact = Span::compact;
    let (low, high) = fitted.between;
    let open = match fitted.not_yet {
        0 => String::new(),
        n => format!(", {n} of them not over"),
    };
    let note = fitted.note.map(|note| format!("; {note}")).unwrap_or_default();
    let (inside, all) = fitted.held;
    format!(
        "{}   # [c] n {}{open}: 8 in 10 between {} and {}; each left out once, {inside} of {all} \
         fell inside{note}",
        fitted.after.in_one_line(),
        fitted.n,
        compact(low),
        compact(high),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::DrawKey;

    fn log(minutes: &[f64]) -> Vec<PastIncident> {
        let incident = |minutes: &f64| {
            let moment = |minutes: f64| Some(PastMoment { at: 60.0 * minutes, not_yet: false });
            let (none, noticed) = (None, moment(0.0));
            let moments = [none, noticed, moment(*minutes), none, none, none, none];
            PastIncident { name: String::new(), moments }
        };
        minutes.iter().map(incident).collect()
    }

    #[test]
    fn fewer_than_ten_tell_nothing() {
        let crew = fit(&log(&[5.0; 9]));
        assert!(crew.fitted.is_empty());
        assert_eq!(crew.too_few[1], (FittedStep::Declare, 9));
    }

    #[test]
    fn what_was_never_over_tells_no_end() {
        let mut log = log(&[5.0; 12]);
        for incident in &mut log[..3] {
            incident.moments[2].as_mut().expect("declared").not_yet = true;
        }
        assert_eq!(fit(&log).too_few[1], (FittedStep::Declare, 9));
        for incident in &mut log {
            incident.moments[2].as_mut().expect("declared").not_yet = true;
        }
        assert_eq!(fit(&log).too_few[1], (FittedStep::Declare, 0));
    }

    #[test]
    fn eight_in_ten_of_what_comes_next_lie_between() {
        // Fitted on ten, tried on one more, a thousand times: the seed is in the key.
        let tail = Spread::Tail { median: Span::from_secs(1_800), p99: Span::from_secs(90_000) };
        let mut inside = 0;
        for round in 0..1_000 {
            let key = DrawKey::new(17, round, "crew");
            let minutes = |n: u64| key.child(n).spread(tail).seconds() / 60.0;
            let crew = fit(&log(&(0..10).map(minutes).collect::<Vec<f64>>()));
            let (low, high) = crew.fitted[0].between;
            let next = 60.0 * minutes(10);
            inside += u32::from((low.seconds()..=high.seconds()).contains(&next));
        }
        assert!((760..=840).contains(&inside), "{inside} of 1,000");
    }

    #[test]
    fn what_was_not_over_counts_as_longer() {
        let mut short = log(&[10.0, 20.0, 30.0, 40.0, 50.0, 60.0, 70.0, 80.0, 90.0, 100.0, 100.0]);
        let plain = fit(&short).fitted[0].after.median();
        short[10].moments[2] = Some(PastMoment { at: 6_000.0, not_yet: true });
        let crew = fit(&short);
        assert!(crew.fitted[0].after.median() > plain);
        assert_eq!((crew.fitted[0].n, crew.fitted[0].not_yet), (11, 1));
        assert_eq!(crew.within_range().1, 10, "nobody knows where the open one lies");
    }
}
