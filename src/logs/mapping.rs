//! From what a log says to a scenario's own names: paths to endpoints, agents to browsers.

use super::agents::{self, Agents};
use super::pattern::Pattern;
use super::request::{Request, outcome};
use super::role::Fields;
use super::visitors::Ignore;
use super::wanted::FormatSpec;
use crate::names::{Dimension, EndpointId, Names};
use crate::telemetry::{ErrorKinds, Outcome};
use crate::units::Span;
use foldhash::fast::RandomState;
use indexmap::IndexSet;
use jiff::tz::TimeZone;
use std::collections::HashMap;

/// Where the requests of a log belong.
#[derive(Debug, Clone)]
pub struct LogMapping {
    /// The most particular first.
    routes: Vec<(Pattern, EndpointId)>,
    planned: Vec<Pattern>,
    browsers: Vec<(Pattern, u8)>,
    categories: [IndexSet<String>; 4],
    named: [bool; 4],
    /// The browser of every agent seen lately.
    known: HashMap<Box<[u8]>, Option<u8>, RandomState>,
    agents: Option<&'static Agents>,
    errors: ErrorKinds,
    /// Good answers are late after this.
    late_after: Span,
}

/// How many different agents are remembered before they are forgotten all at once.
const REMEMBERED: usize = 16_384;
/// What a simulated maintenance page is written as.
pub(super) const PLANNED: &str = "*?sim=planned";

/// How the logs of a scenario's site are read, as the scenario says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LogPlan {
    /// Paths and the endpoints they lead to.
    pub routes: Vec<(Pattern, EndpointId)>,
    /// Paths of maintenance pages.
    pub planned: Vec<Pattern>,
    /// User agents and their browsers, as positions among the categories.
    pub browsers: Vec<(Pattern, u8)>,
    /// How lines are written, if the scenario says so.
    pub format: FormatSpec,
    /// Which fields say what.
    pub fields: Fields,
    /// Requests that are not visitors'.
    pub ignore: Ignore,
    /// The zone of times that name none; the scenario's unless said.
    pub zone: Option<TimeZone>,
    /// Paths of requests that stay open as long as somebody listens.
    pub streams: Vec<Pattern>,
}

impl LogPlan {
    /// The mapping.
    pub fn mapping(&self, names: &Names) -> LogMapping {
        let LogPlan { routes, planned, browsers, fields, .. } = self.clone();
        LogMapping::new(names, routes, planned, browsers, &fields)
    }
}

/// A name as browsers put it into a path.
fn encoded(name: &str) -> String {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.~/:@!$&'()+,;=".contains(byte);
    let encode = |byte: u8| match plain(&byte) {
        true => char::from(byte).to_string(),
        false => format!("%{byte:02X}"),
    };
    name.bytes().map(encode).collect()
}

/// What a request is to a scenario.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct MappedRequest {
    pub endpoint: Option<EndpointId>,
    pub segment: [Option<u8>; 4],
    pub outcome: Outcome,
}

impl LogMapping {
    /// The mapping of a scenario that says nothing of logs: an endpoint is the first part of a
    /// path (`/claims/12` is `claims`), and browsers are known by their usual names.
    pub fn from_names(names: &Names) -> LogMapping {
        LogMapping::new(names, Vec::new(), Vec::new(), Vec::new(), &Fields::default())
    }

    /// A mapping with routes, patterns of maintenance pages and patterns of agents of the
    /// scenario's own. Of several routes that hold, the most particular counts. Endpoints without
    /// a route are the first part of a path.
    pub fn new(
        names: &Names,
        mut routes: Vec<(Pattern, EndpointId)>,
        mut planned: Vec<Pattern>,
        browsers: Vec<(Pattern, u8)>,
        fields: &Fields,
    ) -> LogMapping {
        for (index, name) in names.endpoints.iter().enumerate() {
            let endpoint = EndpointId::from(index);
            if routes.iter().all(|(_, known)| *known != endpoint) {
                let name = encoded(name);
                let patterns = [format!("/{name}"), format!("/{name}/*")];
                let patterns = patterns.into_iter().filter_map(|text| text.parse().ok());
                routes.extend(patterns.map(|pattern| (pattern, endpoint)));
            }
        }
        routes.sort_by_key(|(pattern, _)| std::cmp::Reverse(pattern.specificity()));
        planned.extend(PLANNED.parse());
        LogMapping {
            routes,
            planned,
            browsers,
            categories: names.categories.clone(),
            named: fields.named(),
            known: HashMap::default(),
            agents: None,
            errors: ErrorKinds::default(),
            late_after: Span(u64::MAX),
        }
    }

    /// The same with these requests as errors; good answers are late after so long.
    pub fn with_errors(self, errors: ErrorKinds, late_after: Span) -> LogMapping {
        LogMapping { errors, late_after, ..self }
    }

    /// What counts as an error, and after how long a good answer is late.
    pub(super) fn errors(&self) -> (ErrorKinds, Span) {
        (self.errors, self.late_after)
    }

    /// Which of browser, login, account and tool are named by fields.
    pub(super) fn named(&self) -> [bool; 4] {
        self.named
    }

    /// The endpoint that a path and query belong to.
    pub fn endpoint(&self, target: &[u8]) -> Option<EndpointId> {
        let route = self.routes.iter().find(|(pattern, _)| pattern.holds_target(target));
        route.map(|(_, endpoint)| *endpoint)
    }

    /// A path that leads to an endpoint: the shortest of one of its routes; `None` where each of
    /// them is another endpoint's as well.
    pub fn path(&self, endpoint: EndpointId) -> Option<String> {
        let routes = self.routes.iter().filter(|(_, to)| *to == endpoint);
        let paths = routes
            .map(|(pattern, _)| pattern.shortest())
            .map(|path| if path.starts_with('/') { path } else { format!("/{path}") });
        let plain = |path: &String| path.bytes().all(|b| b.is_ascii_graphic() && b != b'"');
        let leads = |path: &String| self.endpoint(path.as_bytes()) == Some(endpoint);
        paths.filter(plain).filter(leads).min_by_key(String::len)
    }

    pub(super) fn see(&mut self, request: &Request<'_>) -> MappedRequest {
        let planned = self.planned.iter().any(|pattern| pattern.holds_target(&request.target));
        let mut segment = [None; 4];
        for (dimension, value) in segment.iter_mut().enumerate() {
            if let Some(named) = &request.named[dimension] {
                *value = self.category(dimension, &[named]);
            }
        }
        let browser = Dimension::Browser as usize;
        if segment[browser].is_none()
            && let Some(agent) = &request.agent
        {
            segment[browser] = self.browser(agent);
        }
        MappedRequest {
            endpoint: self.endpoint(&request.target),
            segment,
            outcome: if planned { Outcome::Planned } else { outcome(request.status) },
        }
    }

    /// The browser category of an agent; what is of none is `other`, where there is one.
    pub(super) fn browser(&mut self, agent: &[u8]) -> Option<u8> {
        if self.categories[Dimension::Browser as usize].is_empty() {
            return None;
        }
        if let Some(known) = self.known.get(agent) {
            return *known;
        }
        let own = self.browsers.iter().find(|(pattern, _)| pattern.holds(agent));
        let browser = match own {
            Some((_, browser)) => Some(*browser),
            None => {
                let agents = *self.agents.get_or_insert_with(agents::agents);
                let words = agents.words(&String::from_utf8_lossy(agent));
                let words: Vec<&str> = words.iter().map(String::as_str).collect();
                self.category(Dimension::Browser as usize, &words)
            }
        };
        if self.known.len() >= REMEMBERED {
            self.known.clear();
        }
        self.known.insert(agent.into(), browser);
        browser
    }

    /// The category of the first of these words that is one, else `other`.
    fn category(&self, dimension: usize, words: &[&str]) -> Option<u8> {
        let categories = &self.categories[dimension];
        let same = |category: &str, word: &str| category.eq_ignore_ascii_case(word);
        let position = |word: &&str| categories.iter().position(|known| same(known, word));
        let found = words.iter().find_map(position).or_else(|| position(&"other"));
        found.map(|position| position as u8)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> Names {
        let set = |words: &[&str]| words.iter().map(|word| word.to_string()).collect();
        Names {
            endpoints: set(&["page", "claims", "schools"]),
            categories: [set(&["chrome", "safari", "ie11", "other"]), set(&[]), set(&[]), set(&[])],
            ..Names::default()
        }
    }

    fn pattern(text: &str) -> Pattern {
        text.parse().expect("a pattern")
    }

    #[test]
    fn the_most_particular_route_counts_whatever_the_order() {
        let routes = vec![
            (pattern("/*"), EndpointId(0)),
            (pattern("/v0/claims*"), EndpointId(1)),
            (pattern("/v0/*"), EndpointId(0)),
        ];
        let mapping = LogMapping::new(&names(), routes, Vec::new(), Vec::new(), &Fields::default());
        let endpoint = |target: &str| mapping.endpoint(target.as_bytes()).map(|id| id.0);
        assert_eq!(endpoint("/v0/claims/12?a=/schools"), Some(1));
        assert_eq!(endpoint("/schools/x"), Some(2), "no route of its own: the first part");
        assert_eq!(endpoint("/about"), Some(0));
        assert_eq!(endpoint("*"), None);
        assert_eq!(mapping.path(EndpointId(1)).as_deref(), Some("/v0/claims"));
        assert_eq!(mapping.path(EndpointId(2)).as_deref(), Some("/schools"));
    }

    #[test]
    fn agents_become_the_scenarios_browsers() {
        let own = vec![(pattern("*NewBrowser*"), 1)];
        let names = names();
        let mut mapping = LogMapping::new(&names, vec![], vec![], own, &Fields::default());
        let cases: [(&[u8], &str); 8] = [
            (
                b"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) \
                  Chrome/70.0.3538.77 Safari/537.36",
                "chrome",
            ),
            (
                b"Mozilla/5.0 (iPhone; CPU iPhone OS 12_1 like Mac OS X) AppleWebKit/605.1.15 \
                  (KHTML, like Gecko) Version/12.0 Mobile/15E148 Safari/604.1",
                "safari",
            ),
            (b"Mozilla/5.0 (Windows NT 6.1; WOW64; Trident/7.0; rv:11.0) like Gecko", "ie11"),
            (
                b"Mozilla/5.0 (Windows NT 10.0; rv:63.0) Gecko/20100101 Firefox/63.0",
                "other",
            ),
            (b"NewBrowser/1.0", "safari"),
            (b"\xff\xfe\x1b[31m", "other"),
            (b"", "other"),
            (b"Mozilla/5.0 (compatible; sim; ie11)", "ie11"),
        ];
        for (agent, expected) in cases {
            let browser = mapping.browser(agent).expect("there is `other`");
            let browser = &names.categories[0][usize::from(browser)];
            assert_eq!(browser, expected, "{}", String::from_utf8_lossy(agent));
        }
    }

    #[test]
    fn only_so_many_agents_are_remembered() {
        let mut mapping = LogMapping::from_names(&names());
        for n in 0..REMEMBERED + 10 {
            mapping.browser(format!("curl/{n}").as_bytes());
        }
        assert!(mapping.known.len() <= REMEMBERED);
    }
}
