//! The formats that are read without a word, each with how it writes a request.

use super::loggers;
use super::objects::ENVELOPED;
pub use super::objects::JSON;
use super::truth::Truth;

/// A format: its name, how it writes a request, and whether it has response times and agents.
pub type Case = (&'static str, fn(&Truth) -> String, bool, bool);

/// All of them.
pub fn cases() -> Vec<Case> {
    [TEXT, PROXIES, loggers::TEXT, JSON, loggers::JSON, ENVELOPED].concat()
}

const TEXT: &[Case] = &[
    ("common", |t| t.combined().split(" \"-\"").next().expect("a start").to_string(), false, false),
    ("combined", Truth::combined, false, true),
    ("combined and $request_time", |t| format!("{} {}", t.combined(), t.seconds()), true, true),
    ("combined and rt=", |t| format!("{} rt={} urt=\"-\"", t.combined(), t.seconds()), true, true),
    (
        "combined and request_time by name",
        |t| {
            format!(
                "{} upstream_response_time 0.001 msec {} request_time {}",
                t.combined(),
                t.epoch(),
                t.seconds()
            )
        },
        true,
        true,
    ),
    ("combined and a quoted gzip ratio", |t| format!("{} \"3.80\"", t.combined()), false, true),
    (
        "combined with a virtual host",
        |t| format!("www.example.org {} {}", t.combined(), t.seconds()),
        true,
        true,
    ),
    (
        "combined with $time_iso8601",
        |t| {
            format!(
                "{} {}",
                t.combined().replace(&t.common(), &t.iso().replace('Z', "+00:00")),
                t.seconds()
            )
        },
        true,
        true,
    ),
    (
        "combined with milliseconds in the timestamp",
        |t| format!("{} {}", t.combined().replace(" +0000]", ".479 +0000]"), t.seconds()),
        true,
        true,
    ),
    (
        "combined without a time zone",
        |t| format!("{} {}", t.combined().replace(" +0000]", "]"), t.seconds()),
        true,
        true,
    ),
    (
        "combined with +00:00",
        |t| format!("{} {}", t.combined().replace("+0000", "+00:00"), t.seconds()),
        true,
        true,
    ),
    (
        "combined with a cache status in the middle",
        |t| format!("{} {} .", t.combined().replace("] \"GET", "] HIT \"GET"), t.seconds()),
        true,
        true,
    ),
    (
        "combined with two spaces",
        |t| format!("{} {}", t.combined().replace("1.1\" ", "1.1\"  "), t.seconds()),
        true,
        true,
    ),
    (
        "separated by bars",
        |t| {
            format!(
                "{}|x|GET {} HTTP/1.1|{}|-|192.0.2.1|{}|-|www|5|{}|y",
                t.common(),
                t.path,
                t.status,
                t.agent,
                t.seconds()
            )
        },
        true,
        true,
    ),
    (
        "ISO timestamp first",
        |t| {
            format!(
                "{} 192.0.2.1 \"GET {} HTTP/1.1\" - {} {} 520 \"-\" \"{}\"",
                t.iso(),
                t.path,
                t.status,
                t.seconds(),
                t.agent
            )
        },
        true,
        true,
    ),
    (
        "Traefik",
        |t| format!("{} 7 \"web@docker\" \"http://172.29.0.2:80\" {}ms", t.combined(), t.took_ms),
        true,
        true,
    ),
    (
        "ingress-nginx",
        |t| {
            format!(
                "{} 300 {} [default-web-80] [] 192.0.2.7:80 150 0.001 200 x",
                t.combined(),
                t.seconds()
            )
        },
        true,
        true,
    ),
    (
        "Gerrit",
        |t| {
            format!(
                "192.0.2.1 [HTTP-1] - someone [{}] \"GET {} HTTP/1.1\" {} {} {} - \"{}\"",
                t.common(),
                t.path,
                t.status,
                t.bytes,
                t.took_ms,
                t.agent
            )
        },
        true,
        true,
    ),
    (
        "Nginx Proxy Manager",
        |t| {
            format!(
                "[{}] - 200 {} - GET https www.example.org \"{}\" [Client 192.0.2.1] [Length \
                     5] [Gzip -] [Sent-to 10.0.0.2] \"{}\" \"-\"",
                t.common(),
                t.status,
                t.path,
                t.agent
            )
        },
        false,
        true,
    ),
    (
        "gorouter",
        |t| {
            format!(
                "www.example.org - [{}] \"GET {} HTTP/1.1\" {} 0 5 \"-\" \"{}\" \
                     \"10.0.4.1:2\" \"10.0.4.7:6\" x_forwarded_for:\"192.0.2.1\" response_time:{} \
                     app_id:\"x\"",
                t.iso(),
                t.path,
                t.status,
                t.agent,
                t.seconds()
            )
        },
        true,
        true,
    ),
    (
        "uWSGI",
        |t| {
            format!(
                "[pid: 7|app: 0|req: 1/1] 192.0.2.1 () {{30 vars in 400 bytes}} [Wed Nov  7 \
                     {} 2018] GET {} => generated 5 bytes in {} msecs (HTTP/1.1 {}) 2 headers in \
                     79 bytes",
                t.clock(),
                t.path,
                t.took_ms,
                t.status
            )
        },
        true,
        false,
    ),
    (
        "Gin",
        |t| {
            format!(
                "[GIN] 2018/11/07 - {} | {} | {}ms | 192.0.2.1 | GET      \"{}\"",
                t.clock(),
                t.status,
                t.took_ms,
                t.path
            )
        },
        true,
        false,
    ),
];

const PROXIES: &[Case] = &[
    (
        "AWS Application Load Balancer",
        |t| {
            format!(
                "https {} app/lb/1 192.0.2.1:28 10.0.0.1:80 0.000 {} 0.000 {} {} 0 5 \"GET \
                     https://www.example.org:443{} HTTP/1.1\" \"{}\" - - arn:x \"Root=1\" \"www\" \
                     \"arn:y\" 1 {} \"forward\" \"-\" \"-\"",
                t.iso(),
                t.seconds(),
                t.status,
                t.status,
                t.path,
                t.agent,
                t.iso()
            )
        },
        true,
        true,
    ),
    (
        "AWS classic load balancer",
        |t| {
            format!(
                "{} lb 192.0.2.1:28 10.0.0.1:80 0.000000 {} 0.000000 {} {} 0 5 \"GET \
                     http://www.example.org:80{} HTTP/1.1\" \"{}\" - -",
                t.iso(),
                t.seconds(),
                t.status,
                t.status,
                t.path,
                t.agent
            )
        },
        true,
        true,
    ),
    (
        "Amazon S3",
        |t| {
            format!(
                "79a bucket [{}] 192.0.2.1 79a 3E57 REST.GET.OBJECT key \"GET {} HTTP/1.1\" \
                     {} - 5 5 {} 10 \"-\" \"{}\" -",
                t.common(),
                t.path,
                t.status,
                t.took_ms,
                t.agent
            )
        },
        true,
        true,
    ),
    (
        "HAProxy",
        |t| {
            format!(
                "Nov  7 {} lb1 haproxy[148]: 192.0.2.1:215 [07/Nov/2018:{}.479] https-in~ \
                     be/web1 0/0/1/2/{} {} 5 - - ---- 18/18/0/1/0 0/0 {{www|Mozilla}} \"GET {} \
                     HTTP/1.1\"",
                t.clock(),
                t.clock(),
                t.took_ms,
                t.status,
                t.path
            )
        },
        true,
        false,
    ),
    (
        "Envoy",
        |t| {
            format!(
                "[{}] \"GET {} HTTP/1.1\" {} - 0 5 {} 68 \"192.0.2.1\" \"{}\" \"id\" \"www\" \
                     \"10.0.2.1:80\"",
                t.iso(),
                t.path,
                t.status,
                t.took_ms,
                t.agent
            )
        },
        true,
        true,
    ),
    (
        "Istio",
        |t| {
            format!(
                "[{}] \"GET {} HTTP/1.1\" {} - via_upstream - \"-\" 0 5 {} 68 \"192.0.2.1\" \
                     \"{}\" \"id\" \"www\" \"10.0.2.1:80\"",
                t.iso(),
                t.path,
                t.status,
                t.took_ms,
                t.agent
            )
        },
        true,
        true,
    ),
    (
        "Squid",
        |t| {
            format!(
                "{} {:>6} 192.0.2.1 TCP_MISS/{} 5 GET http://www.example.org{} - \
                     HIER_DIRECT/192.0.2.7 text/html",
                t.epoch(),
                t.took_ms,
                t.status,
                t.path
            )
        },
        true,
        false,
    ),
    (
        "Heroku's router (logfmt)",
        |t| {
            format!(
                "{} heroku[router]: at=info method=GET path=\"{}\" host=www fwd=\"192.0.2.1\" \
                     dyno=web.1 connect=0ms service={}ms status={} bytes=5 protocol=https",
                t.iso(),
                t.path,
                t.took_ms,
                t.status
            )
        },
        true,
        false,
    ),
    (
        "logfmt",
        |t| {
            format!(
                "time={} level=info method=GET path=\"{}\" status={} duration={}ms \
                     user_agent=\"{}\"",
                t.iso(),
                t.path,
                t.status,
                t.took_ms,
                t.agent
            )
        },
        true,
        true,
    ),
];
