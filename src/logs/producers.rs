//! Recognises the program that writes a log by the names of its fields, and with it the unit of its
//! times.

use super::elapsed::ElapsedUnit;

/// One field of the first lines: its path and its values.
#[derive(Debug, Clone)]
pub(super) struct FieldSamples {
    /// `request.headers.User-Agent`.
    pub path: String,
    /// As many as were seen.
    pub values: Vec<Vec<u8>>,
}

/// Small letters and digits of a name.
pub(super) fn plain(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

/// Somebody who writes such lines, known by names that nobody else uses together.
#[derive(Debug)]
pub(super) struct Producer {
    pub title: &'static str,
    /// All of these are there.
    signs: &'static [&'static str],
    /// The names of its response times.
    pub elapsed: &'static [&'static str],
    pub unit: ElapsedUnit,
}

const PRODUCERS: &[Producer] = &[
    Producer {
        title: "Traefik",
        signs: &["downstreamstatus", "duration"],
        elapsed: &["duration"],
        unit: ElapsedUnit::Nanos,
    },
    Producer {
        title: "Caddy",
        signs: &["logger", "requesturi", "duration", "respheaders"],
        elapsed: &["duration"],
        unit: ElapsedUnit::Seconds,
    },
    Producer {
        title: "Caddy",
        signs: &["logger", "requesturi", "duration", "requestproto"],
        elapsed: &["duration", "latency"],
        unit: ElapsedUnit::Seconds,
    },
    Producer {
        title: "Envoy or Istio",
        signs: &["responseflags", "duration"],
        elapsed: &["duration"],
        unit: ElapsedUnit::Millis,
    },
    Producer {
        title: "lograge",
        signs: &["controller", "action", "duration"],
        elapsed: &["duration"],
        unit: ElapsedUnit::Millis,
    },
    Producer {
        title: "pino",
        signs: &["level", "pid", "hostname", "responsetime"],
        elapsed: &["responsetime"],
        unit: ElapsedUnit::Millis,
    },
    Producer {
        title: "bunyan",
        signs: &["v", "level", "pid", "hostname", "latency"],
        elapsed: &["latency"],
        unit: ElapsedUnit::Millis,
    },
    Producer {
        title: "bunyan",
        signs: &["v", "level", "pid", "hostname", "duration"],
        elapsed: &["duration"],
        unit: ElapsedUnit::Millis,
    },
    Producer {
        title: "the Elastic Common Schema",
        signs: &["httpresponsestatuscode", "eventduration"],
        elapsed: &["duration"],
        unit: ElapsedUnit::Nanos,
    },
    Producer {
        title: "IIS",
        signs: &["csuristem", "scstatus", "scsubstatus", "timetaken"],
        elapsed: &["timetaken"],
        unit: ElapsedUnit::Millis,
    },
    Producer {
        title: "CloudFront",
        signs: &["xedgelocation", "scstatus", "timetaken"],
        elapsed: &["timetaken"],
        unit: ElapsedUnit::Seconds,
    },
    Producer {
        title: "Azure App Service",
        signs: &["csuristem", "scstatus", "timetaken", "csusername"],
        elapsed: &["timetaken"],
        unit: ElapsedUnit::Millis,
    },
    Producer {
        title: "Amazon API Gateway",
        signs: &["requestid", "responselatency"],
        elapsed: &["responselatency", "integrationlatency"],
        unit: ElapsedUnit::Millis,
    },
    Producer {
        title: "Envoy",
        signs: &["starttime", "responsecode", "duration", "protocol"],
        elapsed: &["duration"],
        unit: ElapsedUnit::Millis,
    },
    Producer {
        title: "Serilog",
        signs: &["t", "mt", "elapsed", "statuscode"],
        elapsed: &["elapsed"],
        unit: ElapsedUnit::Millis,
    },
    Producer {
        title: "Serilog",
        signs: &["requestpath", "statuscode", "elapsed", "sourcecontext"],
        elapsed: &["elapsed"],
        unit: ElapsedUnit::Millis,
    },
    Producer {
        title: "logback-access",
        signs: &["requesteduri", "statuscode", "elapsedtime", "remotehost"],
        elapsed: &["elapsedtime"],
        unit: ElapsedUnit::Millis,
    },
    Producer {
        title: "Kong",
        signs: &["latenciesrequest", "latencieskong", "responsestatus"],
        elapsed: &["request", "latenciesrequest"],
        unit: ElapsedUnit::Millis,
    },
    Producer {
        title: "hapi",
        signs: &["event", "instance", "responsetime", "sourceremoteaddress"],
        elapsed: &["responsetime"],
        unit: ElapsedUnit::Millis,
    },
    Producer {
        title: "express-winston",
        signs: &["metareqmethod", "metaresstatuscode", "metaresponsetime"],
        elapsed: &["responsetime"],
        unit: ElapsedUnit::Millis,
    },
    Producer {
        title: "Node",
        signs: &["resstatuscode", "responsetime"],
        elapsed: &["responsetime"],
        unit: ElapsedUnit::Millis,
    },
    Producer {
        title: "Echo",
        signs: &["latency", "bytesin", "bytesout", "remoteip"],
        elapsed: &["latency"],
        unit: ElapsedUnit::Nanos,
    },
    Producer {
        title: "Elasticsearch",
        signs: &["sourcehttpresponsestatuscode", "sourceeventduration"],
        elapsed: &["duration"],
        unit: ElapsedUnit::Nanos,
    },
];

/// The one whose signs are all among these fields.
pub(super) fn producer(columns: &[FieldSamples]) -> Option<&'static Producer> {
    let names: Vec<(String, String)> = columns
        .iter()
        .map(|column| {
            let last = column.path.rsplit('.').next().unwrap_or("");
            (plain(&column.path), plain(last))
        })
        .collect();
    let there = |sign: &&str| {
        names.iter().any(|(whole, last)| {
            whole == sign || last == sign || whole.starts_with(sign) && sign.len() > 9
        })
    };
    PRODUCERS.iter().find(|producer| producer.signs.iter().all(&there))
}
