//! Traffic: the curve, the mixes, the journeys.

use crate::journal::{FindingKind, Severity};
use crate::language::problem::{Problem, quoted};
use crate::language::value::calendar::MomentSpec;
use crate::language::value::number::Number;
use crate::language::written::{Entries, Placed};
use crate::names::EndpointId;
use crate::scenario::document::Document;
use crate::scenario::resolver::Resolver;
use crate::scenario::traffic::written::{
    AccountMix, Shares, WrittenClientRetries, WrittenTool, WrittenTraffic,
};
use crate::telemetry::ReportSource;
use crate::traffic::{ClientRetries, Curve, CurvePoint, Mixes, Tool, TrafficPlan, Weights};
use crate::units::{Rate, Ratio, Span, Time};
use indexmap::IndexSet;

/// More expected visits than this are refused. A choice: at some hundred events a visit that is
/// more than twice what is refused without `--large`.
const MOST_VISITS: f64 = 1e9;

/// The most sources of reports that can be told apart. A choice: every reading counts each of them,
/// by a number of its own.
const MOST_SOURCES: usize = 20;

impl Resolver<'_> {
    /// Who reports, in file order.
    pub fn reports(&mut self, document: &Document) -> Vec<ReportSource> {
        let traffic = document.traffic.as_ref();
        let Some(Entries(reports)) = traffic.and_then(|traffic| traffic.reports.as_ref()) else {
            return Vec::new();
        };
        if let Some((name, _)) = reports.get(MOST_SOURCES) {
            self.error(name.place, "there are more than 20 sources of reports", "join some");
        }
        let mut sources = Vec::new();
        for (name, report) in reports {
            let Some(report) = report else { continue };
            let (Some(share), Some(after)) = (report.share, report.after) else { continue };
            if share.value.0 <= 0.0 {
                self.error(share.place, "a share of 0% never reports", "leave the source out");
            }
            sources.push(ReportSource { name: name.value.clone(), share: share.value, after });
        }
        sources
    }

    /// Who comes, when, and what they do.
    pub fn traffic(&mut self, traffic: &WrittenTraffic) -> Option<TrafficPlan> {
        let mixes = self.mixes(traffic);
        let tools = self.tools(traffic, &mixes);
        let curve = match &traffic.from {
            Some(from) => self.curve_of_log(traffic, from, (&mixes, &tools)),
            None => self.curve(traffic, requests_per_visit(&mixes, &tools)),
        };
        self.check_single_rate(traffic);
        if let Some(curve) = &curve {
            self.few_enough(traffic, curve);
        }
        if let Some(patience) = &traffic.patience {
            self.positive(patience, "patience");
        }
        let retries = traffic.retries.as_ref().and_then(|retries| self.client_retries(retries));
        Some(TrafficPlan {
            curve: curve?,
            returning: traffic.returning.unwrap_or_default(),
            mixes,
            tools,
            patience: traffic.patience.map_or(Span::from_secs(30), |patience| patience.value),
            retries,
        })
    }

    /// How many come is said in one way.
    fn check_single_rate(&mut self, traffic: &WrittenTraffic) {
        let visits = traffic.visits.as_ref().and_then(|visits| visits.first());
        let visits = visits.map(|point| (point.place, "visits"));
        let requests = traffic.requests.as_ref().map(|requests| (requests.place, "requests"));
        if let (Some((place, _)), Some((other, _))) = (requests, visits)
            && place.source == other.source
        {
            let message = "`visits` and `requests` both say how many come";
            self.error(place, message, "leave one of them out");
        }
        let point = visits.or(requests);
        if let (Some(from), Some((place, key))) = (&traffic.from, point)
            && place.source == from.place.source
        {
            let message = format!("`{key}` has no effect: `from` says how many come");
            let problem = Problem::warning(place, message);
            self.problems.push(problem.hint("leave one of them out"));
        }
    }

    /// The curve of visits; where requests are given, as many visits as make them.
    fn curve(&mut self, traffic: &WrittenTraffic, requests_per_visit: f64) -> Option<Curve> {
        let requests = traffic.requests.as_ref().map(|requests| &requests.points);
        // What is set over an included file counts: a test scenario may say it in the other way.
        let per_visit = if requests.is_some() { requests_per_visit } else { 1.0 };
        let Some(visits) = requests.or(traffic.visits.as_ref()) else {
            if !self.problems.any_error() {
                let problem = Problem::error(traffic.place, "`visits` is missing");
                let problem = problem.label("traffic needs it");
                self.problems.push(problem.hint("visits: [{at: 0m, rate: 1/s}]"));
            }
            return None;
        };
        let mut points: Vec<CurvePoint> = Vec::with_capacity(visits.len());
        for point in visits {
            let (Some(at), Some(rate)) = (point.at, point.rate) else { continue };
            let Some(time) = self.moment(&at) else {
                if at.value == MomentSpec::Open {
                    let text = format!("nobody knows when {}/s come: left out", rate.value.0);
                    self.finding(FindingKind::Unfilled, Severity::Medium, text, at.place);
                }
                continue;
            };
            if points.last().is_some_and(|last| last.at >= time) {
                self.error(
                    at.place,
                    "this point is not later than the one before",
                    "sort the points by time",
                );
            }
            self.within_the_run(&at, time);
            points.push(CurvePoint { at: time, rate: Rate(rate.value.0 / per_visit) });
        }
        if visits.is_empty() {
            let hint = "visits: [{at: 0m, rate: 1/s}]";
            self.error(traffic.place, "the traffic has no visits", hint);
        }
        let profile = self.profile(traffic.by_hour.as_ref());
        (!points.is_empty()).then_some(Curve { points, profile })
    }

    /// A time of day that has passed when the run starts means the next day's.
    fn within_the_run(&mut self, at: &Placed<MomentSpec>, time: Time) {
        let MomentSpec::Clock(clock) = at.value else { return };
        if self.lasts > Span::ZERO && time > Time::ZERO + self.lasts {
            let starts = self.calendar.clock(Time::ZERO);
            let lasts = self.lasts;
            let message = format!(
                "{clock} comes when the run is over: it starts at {starts} and lasts {lasts}"
            );
            let problem = Problem::warning(at.place, message);
            self.problems.push(problem.hint("write a time of the run, or let it start earlier"));
        }
    }

    /// Refuses what no run can simulate.
    fn few_enough(&mut self, traffic: &WrittenTraffic, curve: &Curve) {
        let Curve { points, profile } = curve;
        let expected = expected_visits(points, profile, Time::ZERO + self.lasts);
        if expected > MOST_VISITS {
            let message = format!("about {expected:.0} visits are more than a run can simulate");
            let requests = traffic.requests.as_ref().map(|requests| &requests.points);
            let first = requests.or(traffic.visits.as_ref()).and_then(|points| points.first());
            let place = first.map_or(traffic.place, |point| point.place);
            self.error(place, message, "lower the rate or the length: at most 1,000,000,000");
        }
    }

    /// The factors by hour of the day, laid out along the calendar of the run.
    fn profile(&mut self, by_hour: Option<&Placed<Vec<Placed<Number>>>>) -> Vec<(Time, f64)> {
        let Some(by_hour) = by_hour else { return Vec::new() };
        let factors = &by_hour.value;
        if factors.len() != 24 {
            let message = format!("`by_hour` has {} factors, a day has 24 hours", factors.len());
            self.error(by_hour.place, message, "begin with the hour after midnight");
            return Vec::new();
        }
        for factor in factors.iter().filter(|factor| factor.value.0 > 1_000.0) {
            self.error(factor.place, "a factor must be at most 1,000", "");
        }
        let mut profile = Vec::new();
        let mut at = Time::ZERO;
        while at < Time::ZERO + self.lasts {
            let (hour, left) = self.calendar.hour(at);
            profile.push((at, factors[usize::from(hour)].value.0));
            at += left;
        }
        profile
    }

    fn mixes(&mut self, traffic: &WrittenTraffic) -> Mixes {
        let names = self.names;
        let [browsers, logins, accounts, tools] = &names.categories;
        let mix = traffic.mix.as_ref();
        let browser = weights(browsers, mix.and_then(|mix| mix.browser.as_ref()));
        let login = weights(logins, mix.and_then(|mix| mix.login.as_ref()));
        let account = match mix.and_then(|mix| mix.account.as_ref()) {
            Some(AccountMix::GivenLogin { place, each, others }) => {
                for name in each.names() {
                    self.find::<usize>(logins, name, "login");
                }
                let mut of_login = |login: &String| {
                    let own = each.0.iter().find(|(name, _)| name.value == *login);
                    if own.is_none() && others.is_none() {
                        let message = format!("no accounts are given for login {}", quoted(login));
                        self.error(*place, message, "add it, or `else: {…}`");
                    }
                    let shares = own.and_then(|(_, shares)| shares.as_ref()).or(others.as_ref());
                    weights(accounts, shares)
                };
                logins.iter().map(&mut of_login).collect()
            }
            Some(AccountMix::ForAll(shares)) => {
                vec![weights(accounts, Some(shares)); logins.len()]
            }
            None => vec![weights(accounts, None); logins.len()],
        };
        let tool = mix.and_then(|mix| mix.tool.as_ref());
        if tool.is_none() && tools.len() > 1 {
            let message = "with several tools, `mix` must give their shares";
            self.error(traffic.place, message, "mix: {tool: {browse: 80%, claims: 20%}}");
        }
        let login_none = logins.get_index_of("none").map(|index| index as u8);
        Mixes { browser, login, login_none, account, tool: weights(tools, tool) }
    }

    fn tools(&mut self, traffic: &WrittenTraffic, mixes: &Mixes) -> Vec<Tool> {
        let names = self.names;
        let Some(written) = &traffic.tools else { return Vec::new() };
        let mix = traffic.mix.as_ref().and_then(|mix| mix.tool.as_ref());
        let described: IndexSet<String> = written.names().map(|name| name.value.clone()).collect();
        for (name, _) in mix.into_iter().flat_map(|mix| &mix.shares) {
            self.find::<usize>(&described, name, "tool");
        }
        for name in written.names() {
            let named = |mix: &Shares| mix.shares.iter().any(|(tool, _)| tool.value == name.value);
            if mix.is_some_and(|mix| !named(mix)) {
                let message =
                    format!("no visit uses {}, it is not in the mix", quoted(&name.value));
                self.problems.push(Problem::warning(name.place, message));
            }
        }
        let resolve = |name: &String| {
            let found = written.0.iter().find(|(tool, _)| tool.value == *name)?;
            self.tool(found.1.as_ref()?, mixes)
        };
        names.categories[3].iter().filter_map(resolve).collect()
    }

    fn tool(&mut self, tool: &WrittenTool, mixes: &Mixes) -> Option<Tool> {
        if let Some(requests) = tool.requests
            && !(1.0..=10_000.0).contains(&requests.value.0)
        {
            self.error(requests.place, "a visit has between 1 and 10,000 requests", "");
        }
        if let Some(login) = &tool.login {
            if login.value != "required" {
                let message = format!("{} is not known here", quoted(&login.value));
                self.error(login.place, message, "write `login: required`, or leave it out");
            }
            let signed_in = mixes.login.0.iter().enumerate();
            let nobody = signed_in.filter(|(i, _)| mixes.login_none != Some(*i as u8));
            if nobody.map(|(_, share)| share).sum::<f64>() <= 0.0 {
                let hint = "give `mix.login` something beside `none`";
                self.error(login.place, "nobody in the mix can sign in", hint);
            }
        }
        let names = self.names;
        let shares = tool.uses.iter().flat_map(|uses| &uses.shares);
        let endpoint = |(name, share): &(Placed<String>, f64)| {
            let id: EndpointId = self.find(&names.endpoints, name, "endpoint")?;
            Some((id, *share))
        };
        let uses = shares.filter_map(endpoint).collect();
        Some(Tool {
            requests: tool.requests?.value.0,
            think: tool.think?,
            uses,
            login_required: tool.login.is_some(),
        })
    }

    fn client_retries(&mut self, retries: &WrittenClientRetries) -> Option<ClientRetries> {
        let growth = retries.growth.map_or(2.0, |growth| growth.value.0);
        if let Some(growth) = retries.growth
            && !(1.0..=100.0).contains(&growth.value.0)
        {
            self.error(growth.place, "`growth` must be between 1 and 100", "");
        }
        let at_most = retries.at_most.as_ref().map(|at_most| self.between(at_most, 0..=20));
        Some(ClientRetries {
            at_most: at_most? as u8,
            after: retries.after?,
            growth,
            jitter: retries.jitter.unwrap_or(Ratio(0.0)),
            budget: retries.budget,
        })
    }
}

/// The weights of a list of categories; all on the first where the scenario does not say.
fn weights(categories: &IndexSet<String>, shares: Option<&Shares>) -> Weights {
    let mut weights = vec![0.0; categories.len()];
    match shares {
        Some(shares) => {
            for (name, share) in &shares.shares {
                if let Some(index) = categories.get_index_of(&name.value) {
                    weights[index] = *share;
                }
            }
        }
        None => weights.iter_mut().take(1).for_each(|weight| *weight = 1.0),
    }
    Weights(weights)
}

/// How many requests a visit makes on average, without retries.
fn requests_per_visit(mixes: &Mixes, tools: &[Tool]) -> f64 {
    let each = mixes.tool.0.iter().zip(tools);
    let mean: f64 = each.map(|(share, tool)| share * tool.requests).sum();
    if mean > 0.0 { mean } else { 1.0 }
}

/// The area under the curve, times the largest factor of the profile.
fn expected_visits(points: &[CurvePoint], profile: &[(Time, f64)], end: Time) -> f64 {
    let mut area = 0.0;
    let rate = |rate: Rate| rate.0;
    if let Some(first) = points.first() {
        area += rate(first.rate) * first.at.min(end).seconds();
    }
    for pair in points.windows(2) {
        let (from, to) = (pair[0].at.min(end), pair[1].at.min(end));
        area += to.since(from).seconds() * (rate(pair[0].rate) + rate(pair[1].rate)) / 2.0;
    }
    if let Some(last) = points.last() {
        area += rate(last.rate) * end.since(last.at).seconds();
    }
    let largest = profile.iter().map(|(_, factor)| *factor).reduce(f64::max);
    area * largest.unwrap_or(1.0)
}
