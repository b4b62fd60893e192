//! Formats of JSON lines, and lines with something around them.

use super::cases::Case;

/// Those of JSON lines.
pub const JSON: &[Case] = &[
    (
        "JSON with usual names",
        |t| {
            format!(
                "{{\"time\":\"{}\",\"status\":{},\"path\":\"{}\",\"request_time\":{},\
                     \"user_agent\":\"{}\"}}",
                t.iso(),
                t.status,
                t.path,
                t.seconds(),
                t.agent
            )
        },
        true,
        true,
    ),
    (
        "JSON of Traefik",
        |t| {
            format!(
                "{{\"DownstreamStatus\":{},\"Duration\":{}000000,\"RequestPath\":\"{}\",\
                     \"StartUTC\":\"{}\",\"request_User-Agent\":\"{}\"}}",
                t.status,
                t.took_ms,
                t.path,
                t.iso(),
                t.agent
            )
        },
        true,
        true,
    ),
    (
        "JSON of Caddy",
        |t| {
            format!(
                "{{\"level\":\"info\",\"ts\":{},\"logger\":\"http.log.access\",\"request\":\
                     {{\"proto\":\"HTTP/2.0\",\"uri\":\"{}\",\"headers\":{{\"User-Agent\":\
                     [\"{}\"]}}}},\"duration\":{},\"status\":{},\"resp_headers\":{{\"Server\":\
                      [\"Caddy\"]}}}}",
                t.epoch(),
                t.path,
                t.agent,
                t.seconds(),
                t.status
            )
        },
        true,
        true,
    ),
    (
        "JSON of Istio",
        |t| {
            format!(
                "{{\"start_time\":\"{}\",\"response_code\":{},\"response_flags\":\"-\",\
                     \"path\":\"{}\",\"duration\":{},\"user_agent\":\"{}\"}}",
                t.iso(),
                t.status,
                t.path,
                t.took_ms,
                t.agent
            )
        },
        true,
        true,
    ),
    (
        "JSON of Google's load balancer",
        |t| {
            format!(
                "{{\"httpRequest\":{{\"latency\":\"{}s\",\"requestUrl\":\"https:\
                     //www.example.org{}\",\"status\":{},\"userAgent\":\"{}\"}},\"timestamp\":\
                     \"{}\"}}",
                t.seconds(),
                t.path,
                t.status,
                t.agent,
                t.iso()
            )
        },
        true,
        true,
    ),
    (
        "JSON of Akamai",
        |t| {
            format!(
                "{{\"reqTimeSec\":\"{}\",\"statusCode\":\"{}\",\"reqPath\":\"{}\",\"UA\":\
                     \"{}\",\"turnAroundTimeMSec\":\"{}\"}}",
                t.epoch(),
                t.status,
                t.path.trim_start_matches('/'),
                t.agent.replace(' ', "%20"),
                t.took_ms
            )
        },
        true,
        true,
    ),
    (
        "JSON of Cloudflare",
        |t| {
            format!(
                "{{\"EdgeStartTimestamp\":\"{}\",\"EdgeResponseStatus\":{},\
                     \"ClientRequestURI\":\"{}\",\"ClientRequestUserAgent\":\"{}\",\
                     \"EdgeTimeToFirstByteMs\":{}}}",
                t.iso(),
                t.status,
                t.path,
                t.agent,
                t.took_ms
            )
        },
        true,
        true,
    ),
    (
        "JSON of lograge",
        |t| {
            format!(
                "{{\"method\":\"GET\",\"path\":\"{}\",\"controller\":\"A\",\"action\":\
                     \"show\",\"status\":{},\"duration\":{}.0,\"@timestamp\":\"{}\"}}",
                t.path,
                t.status,
                t.took_ms,
                t.iso()
            )
        },
        true,
        false,
    ),
    (
        "JSON of pino, two lines per request",
        |t| {
            format!(
                "{{\"level\":30,\"time\":1,\"pid\":1,\"hostname\":\"w\",\"req\":{{\"url\":\
                     \"{}\"}},\"msg\":\"incoming\"}}\n{{\"level\":30,\"time\":{},\"pid\":1,\
                     \"hostname\":\"w\",\"res\":{{\"statusCode\":{}}},\"responseTime\":{}.0,\
                      \"msg\":\"done\"}}",
                t.path,
                t.epoch().replace('.', ""),
                t.status,
                t.took_ms
            )
        },
        true,
        false,
    ),
    (
        "JSON of the Elastic Common Schema",
        |t| {
            format!(
                "{{\"@timestamp\":\"{}\",\"http\":{{\"response\":{{\"status_code\":{}}}}},\
                     \"url\":{{\"path\":\"{}\"}},\"event\":{{\"duration\":{}000000}},\
                     \"user_agent\":{{\"original\":\"{}\"}}}}",
                t.iso(),
                t.status,
                t.path,
                t.took_ms,
                t.agent
            )
        },
        true,
        true,
    ),
    (
        "JSON of Tomcat",
        |t| {
            format!(
                "{{\"host\":\"192.0.2.1\",\"time\":\"[{}]\",\"request\":\"GET {} \
                     HTTP/1.1\",\"statusCode\":\"{}\",\"size\":\"5\",\"elapsedTimeS\":\"{}\"}}",
                t.common(),
                t.path,
                t.status,
                t.seconds()
            )
        },
        true,
        false,
    ),
    (
        "JSON of Go, with capitalised names",
        |t| {
            format!(
                "{{\"Time\":\"{}\",\"Status\":{},\"Path\":\"{}\",\"Duration\":{}}}",
                t.iso(),
                t.status,
                t.path,
                t.seconds()
            )
        },
        true,
        false,
    ),
    (
        "JSON of nginx without escape=json",
        |t| {
            format!(
                "{{\"time\":\"{}\",\"request_uri\":\"{}\\x22\",\"status\":{},\"request_time\":\
                     {}}}",
                t.iso(),
                t.path,
                t.status,
                t.seconds()
            )
        },
        true,
        false,
    ),
];

/// Those with something around every line.
pub const ENVELOPED: &[Case] = &[
    (
        "Docker's json-file",
        |t| {
            format!(
                "{{\"log\":\"{} {}\\n\",\"stream\":\"stdout\",\"time\":\"{}\"}}",
                t.combined().replace('"', "\\\""),
                t.seconds(),
                t.iso()
            )
        },
        true,
        true,
    ),
    (
        "Kubernetes' container logs (CRI)",
        |t| format!("{} stdout F {} {}", t.iso(), t.combined(), t.seconds()),
        true,
        true,
    ),
    (
        "journald as JSON",
        |t| {
            format!(
                "{{\"__REALTIME_TIMESTAMP\":\"1\",\"MESSAGE\":\"{} {}\"}}",
                t.combined().replace('"', "\\\""),
                t.seconds()
            )
        },
        true,
        true,
    ),
    (
        "syslog",
        |t| format!("Nov  7 {} web1 nginx: {} {}", t.clock(), t.combined(), t.seconds()),
        true,
        true,
    ),
    (
        "docker compose before JSON",
        |t| {
            format!(
                "web_1  | {{\"time\":\"{}\",\"status\":{},\"path\":\"{}\",\"duration_ms\":{}}}",
                t.iso(),
                t.status,
                t.path,
                t.took_ms
            )
        },
        true,
        false,
    ),
    (
        "syslog before Envoy's",
        |t| {
            format!(
                "Nov  7 {} web1 envoy: [{}] \"GET {} HTTP/1.1\" {} - 0 5 {} 68 \"192.0.2.1\" \
                     \"{}\" \"id\"",
                t.clock(),
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
