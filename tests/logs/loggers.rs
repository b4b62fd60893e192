//! Formats of programs and their loggers, with and without a time of their own.

use super::cases::Case;

/// Those of text.
pub const TEXT: &[Case] = &[
    (
        "lograge behind Rails' logger",
        |t| {
            format!(
                "I, [{} #4171]  INFO -- : method=GET path={} format=html controller=A action=b \
                 status={} duration={}.00 view=4.43",
                t.iso().trim_end_matches('Z'),
                t.path,
                t.status,
                t.took_ms
            )
        },
        true,
        false,
    ),
    (
        "Rust's env_logger before combined",
        |t| {
            let tail = t.combined();
            let tail = tail.split("] ").nth(1).expect("behind the time");
            format!("[{} INFO  web::log] 192.0.2.1 {tail} {}", t.iso(), t.seconds())
        },
        true,
        true,
    ),
    (
        "milliseconds with a space before the unit",
        |t| {
            let (clock, path, status) = (t.clock(), t.path, t.status);
            format!(
                "2018-11-07 {clock}.479  INFO 1 --- [exec-1] c.e.AccessLog : 192.0.2.1 \"GET \
                 {path} HTTP/1.1\" {status} 5 {} ms",
                t.took_ms
            )
        },
        true,
        false,
    ),
    ("OpenLiteSpeed, whole line in quotes", |t| format!("\"{}\"", t.combined()), false, true),
    (
        "LTSV",
        |t| {
            format!(
                "time:[{}]\thost:192.0.2.1\treq:GET {} HTTP/1.1\tstatus:{}\tsize:5\tua:{}\t\
                 reqtime:{}",
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
        "logfmt in Kubernetes' container logs, dated only by them",
        |t| {
            format!(
                "{} stdout F level=info method=GET path={} status={} duration={}ms",
                t.iso(),
                t.path,
                t.status,
                t.took_ms
            )
        },
        true,
        false,
    ),
    (
        "morgan's tiny in Docker's json-file, dated only by it",
        |t| {
            format!(
                "{{\"log\":\"GET {} {} 5 - {}.000 ms\\n\",\"stream\":\"stdout\",\"time\":\"{}\"}}",
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
        "JSON after a console timestamp",
        |t| {
            format!(
                "2018/11/07 {}.479\tinfo\thttp.log.access\thandled request\t{{\"request\": \
                 {{\"uri\": \"{}\"}}, \"duration_ms\": {}, \"status\": {}}}",
                t.clock(),
                t.path,
                t.took_ms,
                t.status
            )
        },
        true,
        false,
    ),
];

/// Those of JSON.
pub const JSON: &[Case] = &[
    (
        "JSON of Envoy, named by its command operators",
        |t| {
            format!(
                "{{\"protocol\":\"HTTP/1.1\",\"duration\":\"{}\",\"start_time\":\"{}\",\
                 \"x-envoy-origin-path\":\"{}\",\"response_code\":\"{}\",\"user-agent\":\"{}\"}}",
                t.took_ms,
                t.iso(),
                t.path,
                t.status,
                t.agent
            )
        },
        true,
        true,
    ),
    (
        "JSON of Serilog",
        |t| {
            format!(
                "{{\"@t\":\"{}\",\"@mt\":\"HTTP {{RequestMethod}}\",\"RequestPath\":\"{}\",\
                 \"StatusCode\":{},\"Elapsed\":{}.25,\"SourceContext\":\"Serilog\"}}",
                t.iso(),
                t.path,
                t.status,
                t.took_ms
            )
        },
        true,
        false,
    ),
    (
        "JSON of logback-access",
        |t| {
            format!(
                "{{\"@timestamp\":\"{}\",\"status_code\":{},\"requested_uri\":\"{}\",\
                 \"remote_host\":\"192.0.2.1\",\"elapsed_time\":{}}}",
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
        "JSON of Kong",
        |t| {
            format!(
                "{{\"latencies\":{{\"request\":{},\"kong\":1}},\"service\":{{\"created_at\":\
                 1614232642}},\"request\":{{\"uri\":\"{}\",\"headers\":{{\"user-agent\":\"{}\"}}}},\
                 \"response\":{{\"status\":{}}},\"started_at\":{}}}",
                t.took_ms,
                t.path,
                t.agent,
                t.status,
                t.epoch().replace('.', "")
            )
        },
        true,
        true,
    ),
    (
        "JSON of Echo, the time in words as well",
        |t| {
            format!(
                "{{\"time\":\"{}\",\"remote_ip\":\"192.0.2.1\",\"uri\":\"{}\",\"status\":{},\
                 \"latency\":{}000000,\"latency_human\":\"{}ms\",\"bytes_in\":0}}",
                t.iso(),
                t.path,
                t.status,
                t.took_ms,
                t.took_ms
            )
        },
        true,
        false,
    ),
    (
        "JSON of express-winston",
        |t| {
            format!(
                "{{\"level\":\"info\",\"meta\":{{\"req\":{{\"url\":\"{}\",\"method\":\"GET\"}},\
                 \"res\":{{\"statusCode\":{}}},\"responseTime\":{}}},\"timestamp\":\"{}\"}}",
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
        "JSON as returned by Elasticsearch",
        |t| {
            format!(
                "{{\"_id\":\"1\",\"_source\":{{\"@timestamp\":\"{}\",\"event\":{{\"duration\":\
                 {}000000}},\"http\":{{\"response\":{{\"status_code\":{}}}}},\"url\":{{\"path\":\
                 \"{}\"}},\"user_agent\":{{\"original\":\"{}\"}}}}}}",
                t.iso(),
                t.took_ms,
                t.status,
                t.path,
                t.agent
            )
        },
        true,
        true,
    ),
    (
        "JSON with names similar to the usual ones",
        |t| {
            format!(
                "{{\"writtenTimeUtc\":\"{}\",\"httpStatusCode\":{},\"httpRequestPathFull\":\"{}\",\
                 \"durationMillis\":{}}}",
                t.iso(),
                t.status,
                t.path,
                t.took_ms
            )
        },
        true,
        false,
    ),
];
