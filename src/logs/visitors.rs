//! Who is not a visitor: health checks, monitors and crawlers, and what a person wants left out.

use super::pattern::Pattern;
use super::request::Request;
use foldhash::fast::RandomState;
use std::collections::HashMap;
use std::net::IpAddr;

/// Health checks and monitors by a part of their agents. Kept by hand, of November 2026.
const MONITORS: [&str; 30] = [
    "ELB-HealthChecker",
    "kube-probe",
    "GoogleHC",
    "Amazon-Route53-Health-Check",
    "Pingdom",
    "UptimeRobot",
    "StatusCake",
    "Site24x7",
    "Datadog",
    "NewRelic",
    "Zabbix",
    "check_http",
    "Prometheus",
    "Blackbox Exporter",
    "Consul Health Check",
    "Edge Health Probe",
    "Load Balancer Agent",
    "Azure Traffic Manager",
    "Better Uptime",
    "Better Stack",
    "Uptime-Kuma",
    "Checkly",
    "Envoy/HC",
    "AlwaysOn",
    "Nagios",
    "Icinga",
    "Sensu",
    "Freshping",
    "HetrixTools",
    "Cloudflare-Healthchecks",
];

/// Crawlers by a part of their agents. Kept by hand, of November 2026.
const CRAWLERS: [&str; 26] = [
    "Googlebot",
    "bingbot",
    "YandexBot",
    "Baiduspider",
    "DuckDuckBot",
    "AhrefsBot",
    "SemrushBot",
    "MJ12bot",
    "DotBot",
    "Applebot",
    "PetalBot",
    "facebookexternalhit",
    "Twitterbot",
    "Yahoo! Slurp",
    "ia_archiver",
    "archive.org_bot",
    "GPTBot",
    "ClaudeBot",
    "CCBot",
    "Bytespider",
    "Amazonbot",
    "SeznamBot",
    "LinkedInBot",
    "Googlebot-Image",
    "AdsBot-Google",
    "PerplexityBot",
];

/// Paths that nobody but a health check asks for.
const CHECKED: [&[u8]; 9] = [
    b"/healthz",
    b"/livez",
    b"/readyz",
    b"/healthcheck",
    b"/health-check",
    b"/actuator/health",
    b"/ELB-HealthCheck",
    b"/nginx_status",
    b"/server-status",
];

/// What is left out of a log.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ignore {
    /// Patterns of user agents.
    pub agents: Vec<Pattern>,
    /// Patterns of paths.
    pub paths: Vec<Pattern>,
    /// Addresses of clients, one by one or as networks.
    pub addresses: Vec<Network>,
    /// All known health checks and monitors.
    pub monitors: bool,
    /// All known crawlers.
    pub crawlers: bool,
}

/// An address, or all that share its first bits: `10.0.0.0/8`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    bits: u128,
    prefix: u32,
    four: bool,
}

impl std::str::FromStr for Network {
    type Err = String;

    fn from_str(text: &str) -> Result<Network, String> {
        let wrong = || format!("`{text}` is not an address; write 10.0.0.7 or 10.0.0.0/8");
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix.parse::<u32>().map_err(|_| wrong())?)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().map_err(|_| wrong())?;
        let (bits, most, four) = bits(address);
        let prefix = prefix.unwrap_or(most);
        if prefix > most {
            return Err(wrong());
        }
        Ok(Network { bits, prefix, four })
    }
}

fn bits(address: IpAddr) -> (u128, u32, bool) {
    match address {
        IpAddr::V4(four) => (u128::from(u32::from(four)) << 96, 32, true),
        IpAddr::V6(six) => (u128::from(six), 128, false),
    }
}

impl Network {
    fn holds(self, address: IpAddr) -> bool {
        let (bits, _, four) = bits(address);
        let shift = 128 - self.prefix;
        four == self.four && (shift == 128 || bits >> shift == self.bits >> shift)
    }
}

impl Ignore {
    /// Adds what a person writes in a list: a path, an address or network, `monitors`, `crawlers`,
    /// or a pattern of agents.
    pub fn add(&mut self, text: &str) -> Result<(), String> {
        match text {
            "monitors" => self.monitors = true,
            "crawlers" => self.crawlers = true,
            text if text.starts_with('/') => self.paths.push(text.parse()?),
            text => match text.parse::<Network>() {
                Ok(network) => self.addresses.push(network),
                Err(_) => self.agents.push(text.parse()?),
            },
        }
        Ok(())
    }

    /// Whether nothing is left out.
    pub fn is_empty(&self) -> bool {
        *self == Ignore::default()
    }
}

/// What a request is, if it is not a visitor's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NonVisitor {
    /// A health check, a monitor, a crawler, or what matched.
    pub name: &'static str,
    /// It is to be left out.
    pub ignored: bool,
}

/// Tells visitors from others, remembering agents.
#[derive(Debug, Default)]
pub(super) struct VisitorClassifier {
    known: HashMap<Box<[u8]>, Option<NonVisitor>, RandomState>,
}

/// How many agents are remembered before they are forgotten all at once.
const REMEMBERED: usize = 16_384;

impl VisitorClassifier {
    /// What a request is, if it is not a visitor's.
    pub fn other(&mut self, request: &Request<'_>, ignore: &Ignore) -> Option<NonVisitor> {
        if let Some(path) = ignore.paths.iter().find(|path| path.holds_target(&request.target)) {
            let _ = path;
            return Some(NonVisitor { name: "paths to leave out", ignored: true });
        }
        if !ignore.addresses.is_empty()
            && let Some(address) = &request.address
            && let Ok(text) = std::str::from_utf8(address)
            && let Ok(address) = text.parse::<IpAddr>()
            && ignore.addresses.iter().any(|network| network.holds(address))
        {
            return Some(NonVisitor { name: "addresses to leave out", ignored: true });
        }
        let by_agent = request.agent.as_ref().and_then(|agent| self.by_agent(agent, ignore));
        by_agent.or_else(|| {
            let path = request.target.split(|byte| *byte == b'?').next().unwrap_or(b"");
            let name = CHECKED.contains(&path).then_some("health checks by their path")?;
            Some(NonVisitor { name, ignored: ignore.monitors })
        })
    }

    fn by_agent(&mut self, agent: &[u8], ignore: &Ignore) -> Option<NonVisitor> {
        if let Some(known) = self.known.get(agent) {
            return *known;
        }
        let known = |list: &[&'static str]| {
            list.iter().find(|name| memchr::memmem::find(agent, name.as_bytes()).is_some()).copied()
        };
        let other = if ignore.agents.iter().any(|pattern| pattern.holds(agent)) {
            Some(NonVisitor { name: "agents to leave out", ignored: true })
        } else if let Some(name) = known(&MONITORS) {
            Some(NonVisitor { name, ignored: ignore.monitors })
        } else {
            known(&CRAWLERS).map(|name| NonVisitor { name, ignored: ignore.crawlers })
        };
        if self.known.len() >= REMEMBERED {
            self.known.clear();
        }
        self.known.insert(agent.into(), other);
        other
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::logs::Moment;
    use std::borrow::Cow;

    fn request(
        target: &'static str,
        agent: &'static str,
        address: &'static str,
    ) -> Request<'static> {
        Request {
            at: Moment(0),
            second: None,
            local: false,
            elapsed: None,
            stream: false,
            status: 200,
            target: Cow::Borrowed(target.as_bytes()),
            agent: Some(Cow::Borrowed(agent.as_bytes())),
            address: Some(Cow::Borrowed(address.as_bytes())),
            named: [const { None }; 4],
        }
    }

    #[test]
    fn who_is_no_visitor_is_known_and_left_out_only_if_somebody_says_so() {
        let mut ignore = Ignore::default();
        let mut visitors = VisitorClassifier::default();
        let check = request("/a", "ELB-HealthChecker/2.0", "10.0.0.7");
        let other = visitors.other(&check, &ignore).expect("known");
        assert_eq!((other.name, other.ignored), ("ELB-HealthChecker", false));
        assert_eq!(visitors.other(&request("/a", "Mozilla/5.0", "10.0.0.7"), &ignore), None);
        for text in ["monitors", "/internal/*", "192.0.2.0/24", "*MyProbe*"] {
            ignore.add(text).expect(text);
        }
        let mut visitors = VisitorClassifier::default();
        for (target, agent, address, ignored) in [
            ("/a", "ELB-HealthChecker/2.0", "10.0.0.7", Some(true)),
            ("/healthz?x", "curl/8", "10.0.0.7", Some(true)),
            ("/internal/a", "curl/8", "10.0.0.7", Some(true)),
            ("/a", "curl/8", "192.0.2.9", Some(true)),
            ("/a", "x MyProbe/1", "10.0.0.7", Some(true)),
            ("/a", "Googlebot/2.1", "10.0.0.7", Some(false)),
            ("/a", "curl/8", "192.0.3.9", None),
        ] {
            let other = visitors.other(&request(target, agent, address), &ignore);
            assert_eq!(other.map(|other| other.ignored), ignored, "{target} {agent} {address}");
        }
        assert!("10.0.0.0/33".parse::<Network>().is_err());
        assert!("::1".parse::<Network>().is_ok());
    }
}
