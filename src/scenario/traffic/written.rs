//! Traffic as written.

use crate::language::node::Node;
use crate::language::problem::{Problem, Problems, quoted};
use crate::language::shape::Shape;
use crate::language::source::Place;
use crate::language::value::calendar::MomentSpec;
use crate::language::value::number::Number;
use crate::language::word::{ScalarValue, Spelling, ValueError, one_of};
use crate::language::written::{Entries, FromNode, Placed, unexpected, value, written};
use crate::names::Dimension;
use crate::units::{Rate, Ratio, Span, Spread};

written! {
    /// Who comes, when, and what they do.
    WrittenTraffic("traffic") {
        /// Visits per second at points in time; linear in between, the last rate holds. This,
        /// `requests` or `from` is required.
        optional visits: Vec<VisitPoint> = "visits";
        /// First requests per second instead of `visits`, as a load balancer's graph shows them:
        /// `40/s`, or points like those of `visits`. Enough visits come to make these requests,
        /// not counting retries; the full rate is reached after about the length of one visit.
        optional requests: Requests = "requests";
        /// A file made from the historical log by `sim baseline`, next to this one: its arrivals at
        /// the time of the run, or those of its typical week, instead of `visits`.
        optional from: Placed<String> = "from";
        /// 24 factors, one per hour of the day, that multiply the visits.
        optional by_hour: Placed<Vec<Placed<Number>>> = "by_hour";
        /// Share of visits by somebody already seen. Default: 0%.
        optional returning: Ratio = "returning";
        /// Which browsers, logins, accounts and tools the visitors have.
        optional mix: WrittenMix = "mix";
        /// What a visit to each tool consists of.
        required tools: Entries<WrittenTool> = "tools";
        /// How long a visitor waits for a reply. Default: 30s.
        optional patience: Placed<Span> = "patience";
        /// Which affected users report it, by where they report it: `call-center`, `feedback`,
        /// `social`.
        optional reports: Entries<Report> = "reports";
        /// What a visitor does when a request fails. Default: nothing.
        optional retries: WrittenClientRetries = "retries";
    }

    /// Users who report problems, each at most once.
    Report("who reports, and after how long") {
        /// The share of affected users, slow answers included, who report it.
        required share: Placed<Ratio> = "share";
        /// How long after they were affected: `20m (p99 8h)`.
        required after: Spread = "after";
    }

    /// A point on the curve of visits.
    VisitPoint("a point of visits") {
        /// When: after the start (`65m`) or by the clock (`"17:30"`).
        required at: Placed<MomentSpec> = "at";
        /// Visits per unit of time: `0.6/s`, `36/m`.
        required rate: Placed<Rate> = "rate";
    }

    /// The four ways in which visitors differ.
    WrittenMix("a mix") {
        /// Shares of the browsers.
        optional browser: Shares = "browser";
        /// Shares of the logins; `none` means not signed in.
        optional login: Shares = "login";
        /// Shares of the accounts, or one set of shares per login (`given: login`).
        optional account: AccountMix = "account";
        /// Shares of the tools.
        optional tool: Shares = "tool";
    }

    /// What a visit consists of.
    WrittenTool("a tool") {
        /// Mean number of requests of a visit, at least 1.
        required requests: Placed<Number> = "requests";
        /// Time between a reply and the next request.
        required think: Spread = "think";
        /// Shares of the endpoints that its requests go to.
        required uses: Shares = "use";
        /// `required`: its visitors are signed in.
        optional login: Placed<String> = "login";
    }

    /// What a visitor does when a request fails.
    WrittenClientRetries("retries of visitors") {
        /// Attempts after the first.
        required at_most: Placed<u32> = "at_most";
        /// The wait before the first retry.
        required after: Span = "after";
        /// The wait grows by this factor from one retry to the next. Default: 2.
        optional growth: Placed<Number> = "growth";
        /// The wait is drawn from `wait ± jitter`. Default: 0%.
        optional jitter: Ratio = "jitter";
        /// The most retries per first attempt over all visitors. Default: no limit.
        optional budget: Ratio = "budget";
    }
}

/// Requests per second: one rate for the whole run, or points of a curve.
#[derive(Debug, Clone, PartialEq)]
pub struct Requests {
    pub place: Place,
    pub points: Vec<VisitPoint>,
}

impl FromNode for Requests {
    fn kind() -> &'static str {
        "a rate such as 40/s, or points such as [{at: 0m, rate: 40/s}]"
    }

    fn shape() -> Shape {
        Shape::Either(vec![Rate::shape(), Vec::<VisitPoint>::shape()])
    }

    fn read(node: &Node, problems: &mut Problems) -> Option<Self> {
        let place = node.place;
        if node.text().is_none() {
            return Vec::read(node, problems).map(|points| Requests { place, points });
        }
        let rate = Placed::<Rate>::read(node, problems);
        let at = Some(Placed { value: MomentSpec::Offset(Span::ZERO), place });
        let point = VisitPoint { place, written: Vec::new(), at, rate };
        rate.map(|_| Requests { place, points: vec![point] })
    }
}

/// Shares that add up to 100%, by name.
#[derive(Debug, Clone, PartialEq)]
pub struct Shares {
    pub place: Place,
    pub shares: Vec<(Placed<String>, f64)>,
}

impl FromNode for Shares {
    fn kind() -> &'static str {
        "shares that add up to 100%"
    }

    fn shape() -> Shape {
        Shape::Entries(Box::new(Ratio::shape()))
    }

    fn read(node: &Node, problems: &mut Problems) -> Option<Self> {
        if node.entries().is_none() {
            problems.push(unexpected(node, "shares such as {chrome: 60%, other: 40%}"));
            return None;
        }
        let Entries(entries) = Entries::<Ratio>::read(node, problems)?;
        let mut shares = Vec::with_capacity(entries.len());
        let mut whole = true;
        for (name, share) in entries {
            if matches!(name.value.as_str(), "given" | "else") {
                let message = format!("{} cannot be a category", quoted(&name.value));
                let problem = Problem::error(name.place, message);
                problems.push(problem.hint("only `account` may have `given: login` and `else`"));
            }
            whole &= share.is_some();
            shares.push((name, share.map_or(0.0, |share| share.0)));
        }
        let sum: f64 = shares.iter().map(|(_, share)| share).sum();
        if whole && (sum - 1.0).abs() > 1e-4 {
            let message = format!("the shares add up to {}, not 100%", Ratio(sum));
            let mut files = shares.iter().map(|(name, _)| name.place.source);
            let first = files.next();
            let merged = files.any(|source| Some(source) != first);
            let rest = Ratio(((1.0 - sum).abs() * 1e6).round() / 1e6);
            let hint = match (merged, sum < 1.0) {
                (true, _) => {
                    "an included file has some of them; set the removed ones to 0%".to_string()
                }
                (false, true) => format!("{rest} is missing"),
                (false, false) => format!("{rest} is too much"),
            };
            let problem = Problem::error(node.place, message).label("these");
            problems.push(problem.hint(hint));
        }
        if whole && sum > 0.0 {
            shares.iter_mut().for_each(|(_, share)| *share /= sum);
        }
        Some(Shares { place: node.place, shares })
    }
}

/// Shares of accounts: the same for all, or depending on the login.
#[derive(Debug, Clone, PartialEq)]
pub enum AccountMix {
    ForAll(Shares),
    /// The shares for each login named, and for the others.
    GivenLogin {
        place: Place,
        each: Entries<Shares>,
        others: Option<Shares>,
    },
}

impl FromNode for AccountMix {
    fn kind() -> &'static str {
        "shares that add up to 100%, or {given: login, …}"
    }

    fn shape() -> Shape {
        let given = Shape::Word(Spelling::OneOf(&["login"]), "`login`");
        Shape::Entries(Box::new(Shape::Either(vec![Ratio::shape(), given, Shares::shape()])))
    }

    fn read(node: &Node, problems: &mut Problems) -> Option<Self> {
        let Some(given) = node.get("given") else {
            return Shares::read(node, problems).map(AccountMix::ForAll);
        };
        if given.text() != Some("login") {
            let problem = Problem::error(given.place, "accounts can only be given the login");
            problems.push(problem.hint("write `given: login`"));
        }
        let (mut each, mut others) = (Entries::default(), None);
        for (key, node) in node.entries()? {
            match key.text.as_str() {
                "given" => {}
                "else" => others = value(node, problems),
                _ => {
                    let name = Placed { value: key.text.clone(), place: key.place };
                    each.0.push((name, value(node, problems)));
                }
            }
        }
        Some(AccountMix::GivenLogin { place: node.place, each, others })
    }
}

impl ScalarValue for Dimension {
    const KIND: &'static str = "`browser`, `login`, `account` or `tool`";
    const SPELLING: Spelling = Spelling::OneOf(&["browser", "login", "account", "tool"]);

    fn parse(text: &str) -> Result<Self, ValueError> {
        one_of(text, &Dimension::ALL.map(|dimension| (dimension.word(), dimension)))
    }
}
