//! The whole file, key by key.

use crate::language::problem::quoted;
use crate::language::value::calendar::Starts;
use crate::language::value::time::duration;
use crate::language::value::varying::Open;
use crate::language::word::{ScalarValue, Spelling, ValueError};
use crate::language::written::{Entries, OneOrMany, Placed, written};
use crate::scenario::capacity::written::WrittenCapacity;
use crate::scenario::changes::written::{WrittenChange, WrittenFreeze};
use crate::scenario::faults::written::WrittenFault;
use crate::scenario::go_no_go::written::{ChecklistItem, WrittenCriterion, WrittenDecision};
use crate::scenario::launch::written::WrittenLaunchStep;
use crate::scenario::limits::written::WrittenLimit;
use crate::scenario::logs::written::WrittenLogs;
use crate::scenario::messages::written::WrittenMessage;
use crate::scenario::people::written::{
    HoursRow, WrittenChannel, WrittenEscalation, WrittenPerson,
};
use crate::scenario::plays::written::WrittenPlay;
use crate::scenario::rules::written::{Tune, WrittenRule};
use crate::scenario::site::written::WrittenSite;
use crate::scenario::traffic::written::WrittenTraffic;
use crate::telemetry::ErrorKind;
use crate::units::{Rate, Ratio, Span};

written! {
    /// A scenario.
    Document("the scenario") {
        /// What happens, in the team's own words.
        required scenario: Placed<String> = "scenario";
        /// Files whose keys this one builds upon; where both have a key, this one wins.
        optional include: OneOrMany<Placed<String>> = "include";
        /// Named values, filled in wherever `${name}` appears.
        optional vars: Entries<Placed<String>> = "vars";
        /// When it starts, with the time zone: `2018-11-07T17:00 America/New_York`.
        required starts: Placed<Starts> = "starts";
        /// How long it lasts, at most 31 days.
        required lasts: Placed<Span> = "lasts";
        /// `true`: it came from a launch plan and is still being filled in. Everything made from it
        /// says so, until no number is assumed any longer. Default: `false`.
        optional draft: bool = "draft";
        /// Seeds all random draws; the same seed gives the same run. Default: 1.
        optional seed: u64 = "seed";
        /// Who comes, when, and what they do.
        required traffic: WrittenTraffic = "traffic";
        /// The tiers and the endpoints that lead through them.
        required site: WrittenSite = "site";
        /// What can run out, other than threads: quotas, connections, bandwidth, by name.
        optional limits: Entries<WrittenLimit> = "limits";
        /// What the site must keep to at the peak, for `sim capacity`.
        optional capacity: WrittenCapacity = "capacity";
        /// What breaks, and when.
        optional faults: Vec<WrittenFault> = "faults";
        /// How often and how late the monitoring sees the site.
        optional telemetry: Telemetry = "telemetry";
        /// How the site's access logs are read; no run depends on it.
        optional logs: WrittenLogs = "logs";
        /// What is normal.
        optional baseline: Baseline = "baseline";
        /// The thresholds.
        optional rules: Vec<WrittenRule> = "rules";
        /// What `sim tune` tries for the numbers of a rule.
        optional tune: Entries<Tune> = "tune";
        /// The people involved; `"?"` where nobody is named yet.
        optional people: Entries<WrittenPerson> = "people";
        /// When people are on duty.
        optional hours: Entries<Vec<HoursRow>> = "hours";
        /// How people are reached.
        optional channels: Entries<WrittenChannel> = "channels";
        /// Who is tried after whom.
        optional escalation: Entries<WrittenEscalation> = "escalation";
        /// The change-time table.
        optional changes: Entries<WrittenChange> = "changes";
        /// The planned steps of the launch.
        optional launch: Vec<WrittenLaunchStep> = "launch";
        /// When changes may not be made.
        optional freezes: Vec<WrittenFreeze> = "freezes";
        /// What is done when rules fire.
        optional plays: Entries<WrittenPlay> = "plays";
        /// For how long after the all clear a rule that fires again reopens its incident.
        /// Default: 10m.
        optional closes_after: Placed<Span> = "closes_after";
        /// Texts that `tell` fills in, with `{{fields}}` such as `{{incident}}` and `{{change}}`.
        optional templates: Entries<Placed<String>> = "templates";
        /// Who is outside the team and can be told something: `[public, partner]`.
        optional outside: OneOrMany<Placed<String>> = "outside";
        /// Messages from people in no play: the help desk, a reporter, the partner.
        optional messages: Vec<WrittenMessage> = "messages";
        /// What must be done before the launch; open items are findings.
        optional checklist: Vec<ChecklistItem> = "checklist";
        /// What must be met before the launch.
        optional go_no_go: Vec<WrittenCriterion> = "go_no_go";
        /// The poll and the decision, filled in by hand.
        optional decision: WrittenDecision = "decision";
        /// What the run must show.
        optional expect: Expect = "expect";
        /// Whose people these are, as shown on every page.
        optional crew: Crew = "crew";
        /// How long the incident really took, if it is a past one.
        optional actual: Actual = "actual";
    }

    /// Whose people these are: what their times rest on. `sim crew` writes it.
    Crew("whose people these are") {
        /// Their name: `on call`.
        required like: Placed<String> = "like";
        /// The source of their times.
        required source: Placed<String> = "source";
        /// How many parts of past incidents these times predicted, of how many: `13 of 20`.
        optional held: Placed<String> = "held";
    }

    /// How long a past incident really took, for comparison with simulated ones. Parts the source
    /// does not give are left out.
    Actual("what really happened") {
        /// From the onset until somebody was told.
        optional detect: Placed<Span> = "detect";
        /// From being told to calling it an incident.
        optional declare: Placed<Span> = "declare";
        /// All time spent looking for a repair.
        optional diagnose: Placed<Span> = "diagnose";
        /// Until the decider said yes.
        optional decide: Placed<Span> = "decide";
        /// Changes on their way, from the order to being in effect.
        optional deploy: Placed<Span> = "deploy";
        /// From being called an incident until the change that helped was in effect.
        optional repair: Placed<Span> = "repair";
        /// From being told until the change that helped was in effect.
        optional respond: Placed<Span> = "respond";
        /// From the change that helped until it was over.
        optional recover: Placed<Span> = "recover";
        /// From the onset until it was over.
        optional total: Placed<Span> = "total";
        /// The source of these times.
        required source: Placed<String> = "source";
    }

    /// The monitoring.
    Telemetry("telemetry") {
        /// The length of an interval. Default: 10s.
        optional every: Placed<Span> = "every";
        /// From the end of an interval until its reading is known. Default: 20s.
        optional delay: Placed<Span> = "delay";
        /// Users whose answers take longer are affected. Default: the smallest latency limit
        /// in the rules, else 10s.
        optional slow_after: Placed<Span> = "slow_after";
        /// What counts as an error, in the simulation and in logs: `5xx` (failed and refused
        /// requests, the default), `4xx`, single statuses such as `404`, `given-up` (or `499`),
        /// `slow` (longer than `slow_after`). A simulated site answers with 200, 500 and 503.
        optional errors: OneOrMany<Placed<ErrorKind>> = "errors";
    }

    /// What is normal, from the historical log.
    Baseline("a baseline") {
        /// Share of requests that fail on a normal day; `"?"` until somebody has measured it.
        optional error_rate: Placed<Open<Ratio>> = "error_rate";
        /// Requests of the whole site on a normal day: `30/m`; `"?"` until somebody has counted.
        optional requests: Placed<Open<Rate>> = "requests";
        /// Percentiles of the response times on a normal day: `{p50: 140ms, p95: "?"}`.
        optional latency: Entries<Placed<Open<Span>>> = "latency";
        /// A file made from the historical log by `sim baseline`, next to this one; its figures
        /// replace the others, its requests are those of each hour of the week.
        optional from: Placed<String> = "from";
    }

    /// What the run must show for its exit code to be 0.
    Expect("expect") {
        /// From a cause taking effect to people being told of it: `< 5m`. Causes count if they
        /// affected users, or if a rule fired or almost fired for them.
        optional detected: Bound = "detected";
        /// From a cause taking effect to users having recovered: `< 45m`; to the all clear:
        /// `< 45m all-clear`.
        optional recovered: RecoveryBound = "recovered";
        /// From a cause taking effect to the maintenance page, or to users having recovered if
        /// that is sooner: `< 60m`.
        optional contained: Bound = "contained";
        /// The one cause that `detected`, `recovered` and `contained` are about: the name of a
        /// fault, or `overload of TIER`. Default: all causes.
        optional of: Placed<String> = "of";
        /// The play that opens.
        optional play: Placed<String> = "play";
        /// `none`, or the rules that fire.
        optional alerts: OneOrMany<Placed<String>> = "alerts";
        /// Rules that do not fire.
        optional silent: OneOrMany<Placed<String>> = "silent";
        /// Who must hear of an incident by when, from its start: `{decider: < 10m, public: < 30m
        /// every 30m, partner: before change}`. Counts for every incident in which a play opened.
        optional told: Entries<Placed<ToldBound>> = "told";
        /// The share of runs in which each of these must be met. Default: `95%`. The
        /// 95 % interval of the share decides: exit code 0 if it lies above, 99 if below, 3 if
        /// there are too few runs to tell.
        optional on: Placed<Ratio> = "on";
    }
}

impl ScalarValue for ErrorKind {
    const KIND: &'static str = "`5xx`, `4xx`, a status such as 404, `given-up` or `slow`";
    const SPELLING: Spelling = Spelling::NumberOr("^(5xx|4xx|[1-5][0-9][0-9]|given-up|slow)$");

    fn parse(text: &str) -> Result<Self, ValueError> {
        let known = [
            ("5xx", ErrorKind::ServerErrors),
            ("4xx", ErrorKind::ClientErrors),
            ("given-up", ErrorKind::GivenUp),
            ("slow", ErrorKind::Slow),
        ];
        if let Some((_, kind)) = known.iter().find(|(word, _)| *word == text) {
            return Ok(*kind);
        }
        let hint = format!("write {}", Self::KIND);
        let digits = text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_digit());
        match text.parse::<u16>().ok().filter(|_| digits) {
            Some(200..=299) => {
                let message = format!("{} is a successful response", quoted(text));
                Err(ValueError::new(message, hint))
            }
            Some(status @ (100..=599 | 0)) => Ok(ErrorKind::Status(status)),
            _ => Err(ValueError::new(format!("{} is not known here", quoted(text)), hint)),
        }
    }
}

/// What an expectation allows at most: `< 5m`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bound(pub Span);

impl ScalarValue for Bound {
    const KIND: &'static str = "a limit such as < 5m";
    const SPELLING: Spelling = Spelling::Pattern("^<");

    fn parse(text: &str) -> Result<Self, ValueError> {
        match text.strip_prefix('<') {
            Some(limit) if limit.starts_with('=') => {
                let message = format!("{} is not a limit", quoted(text));
                let limit = quoted(limit.trim_start_matches('=').trim());
                Err(ValueError::new(message, format!("write \"< {}\"", limit.trim_matches('`'))))
            }
            Some(limit) => duration(limit.trim()).map(Bound),
            None => {
                let message = format!("{} is not a limit", quoted(text));
                Err(ValueError::new(
                    message,
                    format!("write \"< {}\"", quoted(text).trim_matches('`')),
                ))
            }
        }
    }
}

/// By when somebody must be told: `< 10m`, `before change`, `< 30m every 30m`; `?`: nobody knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ToldBound {
    /// At most so long after the start of the incident.
    pub within: Option<Span>,
    /// Before a change begins to be made.
    pub before_change: bool,
    /// Then again at least this often.
    pub every: Option<Span>,
}

impl ScalarValue for ToldBound {
    const KIND: &'static str = "a limit such as < 10m, before change, or < 30m every 30m";
    const SPELLING: Spelling = Spelling::Pattern("^([?]$|<|before change|every )");

    fn parse(text: &str) -> Result<Self, ValueError> {
        const BEFORE: &str = "before change";
        if text == "?" {
            return Ok(ToldBound { within: None, before_change: false, every: None });
        }
        let (first, every) = match text.trim().rsplit_once("every ") {
            Some((first, every)) => (first.trim(), Some(duration(every.trim())?)),
            None => (text.trim(), None),
        };
        let (limit, before_change) = match first.strip_suffix(BEFORE) {
            Some(limit) => (limit.trim(), true),
            None => (first, false),
        };
        let within = match limit {
            "" => None,
            limit if limit.starts_with('<') || duration(limit).is_ok() => {
                Some(Bound::parse(limit)?.0)
            }
            limit => {
                let message = format!("{} does not say by when", quoted(limit));
                return Err(ValueError::new(message, format!("write {}", Self::KIND)));
            }
        };
        if within.is_none() && !before_change && every.is_none() {
            let message = format!("{} does not say by when", quoted(text));
            return Err(ValueError::new(message, format!("write {}", Self::KIND)));
        }
        if within == Some(Span::ZERO) || every == Some(Span::ZERO) {
            return Err(ValueError::new("0s is not a limit", format!("write {}", Self::KIND)));
        }
        Ok(ToldBound { within, before_change, every })
    }
}

/// What a recovery is allowed at most: `< 45m`, or `< 45m all-clear`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RecoveryBound {
    pub within: Span,
    /// Until the all clear was told, not only until users were well again.
    pub all_clear: bool,
}

impl ScalarValue for RecoveryBound {
    const KIND: &'static str = "a limit such as < 45m or < 45m all-clear";
    const SPELLING: Spelling = Spelling::Pattern("^<");

    fn parse(text: &str) -> Result<Self, ValueError> {
        let (limit, all_clear) = match text.trim_end().strip_suffix("all-clear") {
            Some(limit) => (limit, true),
            None => (text, false),
        };
        if limit.trim().is_empty() {
            let message = format!("{} does not say how long it may take", quoted(text));
            return Err(ValueError::new(message, "write \"< 45m all-clear\""));
        }
        Bound::parse(limit.trim_end()).map(|Bound(within)| RecoveryBound { within, all_clear })
    }
}
