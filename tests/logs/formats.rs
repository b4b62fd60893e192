//! Every format that is read without a word, and what must be said of the others: one truth,
//! written in each of them.

use super::cases::{JSON, cases};
use super::truth::{Truth, expected, seen, truth};
use sim::logs::{FormatSpec, LogReadOptions, Role};
use std::fmt::Write;
use std::path::Path;

fn written(line: fn(&Truth) -> String) -> String {
    truth().iter().map(|one| line(one) + "\n").collect()
}

#[test]
fn every_format_gives_the_truth() {
    let mut wrong = String::new();
    for (name, line, times, agents) in cases() {
        let expected = expected(times, agents);
        match seen(written(line).as_bytes(), &LogReadOptions::default()) {
            Ok((seen, counts)) if seen == expected && counts.bad() == 0 => {}
            Ok((seen, counts)) => {
                let format = counts.files[0].1.format.as_ref().map(ToString::to_string);
                let _ = writeln!(wrong, "{name}: {seen:?} bad {} as {format:?}", counts.bad());
            }
            Err(error) => {
                let _ = writeln!(wrong, "{name}: {error}");
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// The table of formats is what these tests read. To write it again: `SIM_ACCEPT=1 cargo test
/// --test all formats`.
#[test]
fn the_table_of_formats_is_that_of_the_tests() {
    let mut table = String::from(
        "# Log formats\n\nDetected automatically, each tested with 2,100 known requests. \
         Also compressed with gzip, bzip2, xz or zstd, in UTF-8 or UTF-16, with CRLF, as a list or \
         one object per line.\n\n| format | response times | user agents |\n|---|---|---|\n",
    );
    for (name, _, times, agents) in cases() {
        let word = |has: bool| if has { "yes" } else { "no" };
        let _ = writeln!(table, "| {name} | {} | {} |", word(times), word(agents));
    }
    table += "| W3C (`#Fields:`), IIS and CloudFront | yes | yes |\n| CSV with a header row | if \
     named | if named |\n";
    let words = FormatSpec::words().join("`, `");
    let _ = write!(table, "\nNames for `--format`: `{words}`.\n");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/LOG-FORMATS.md");
    if std::env::var_os("SIM_ACCEPT").is_some() {
        std::fs::write(&path, &table).expect("written");
    }
    assert_eq!(std::fs::read_to_string(&path).expect("readable"), table);
}

#[test]
fn tables_with_headings_are_read() {
    let iis: String = truth()
        .iter()
        .map(|t| {
            let ((path, query), agent) = (t.parts(), t.agent.replace(' ', "+"));
            format!(
                "2018-11-07 {} 10.0.0.9 GET {path} {query} 443 - 192.0.2.1 {agent} - {} 0 0 {}\r\n",
                t.clock(),
                t.status,
                t.took_ms
            )
        })
        .collect();
    let heading = "#Software: Microsoft Internet Information Services 10.0\r\n#Fields: date time \
                   s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip \
                   cs(User-Agent) cs(Referer) sc-status sc-substatus sc-win32-status \
                   time-taken\r\n";
    let (read, _) =
        seen(format!("{heading}{iis}").as_bytes(), &LogReadOptions::default()).expect("IIS");
    assert_eq!(read, expected(true, true));
    // The columns change midway.
    let half = |skip: usize, line: fn(&Truth) -> String| -> String {
        truth().iter().skip(skip).take(1_050).map(line).collect()
    };
    let cloudfront = format!(
        "#Version: 1.0\n#Fields: date time x-edge-location cs-uri-stem sc-status cs(User-Agent) \
         time-taken\n{}#Fields: date time sc-status x-edge-location cs-uri-stem time-taken \
         cs(User-Agent)\n{}",
        half(0, |t| format!(
            "2018-11-07\t{}\tLHR\t{}\t{}\t{}\t{}\n",
            t.clock(),
            t.parts().0,
            t.status,
            t.agent.replace(' ', "%20"),
            t.seconds()
        )),
        half(1_050, |t| format!(
            "2018-11-07\t{}\t{}\tLHR\t{}\t{}\t{}\n",
            t.clock(),
            t.status,
            t.parts().0,
            t.seconds(),
            t.agent.replace(' ', "%20")
        )),
    );
    let (read, _) = seen(cloudfront.as_bytes(), &LogReadOptions::default()).expect("CloudFront");
    assert_eq!(read, expected(true, true));
    let csv: String = truth()
        .iter()
        .map(|t| {
            format!(
                "192.0.2.1,2018-11-07,{},{}.0,\"{}\",{}\n",
                t.clock(),
                t.status,
                t.agent,
                t.took_ms
            )
        })
        .collect();
    let csv = format!("ip,date,time,code,agent,took_ms\n{csv}");
    let (read, _) = seen(csv.as_bytes(), &LogReadOptions::default()).expect("CSV");
    assert_eq!(read, expected(true, true));
}

#[test]
fn what_packs_or_encodes_a_log_makes_no_difference() {
    let log = written(|t| format!("{} {}", t.combined(), t.seconds()));
    let objects: Vec<String> = truth().iter().map(JSON[0].1).collect();
    let bom = [b"\xef\xbb\xbf".as_slice(), log.as_bytes()].concat();
    let wide: Vec<u8> =
        format!("\u{feff}{log}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    for bytes in [
        bom,
        wide,
        log.replace('\n', "\r\n").into_bytes(),
        format!("[{}]", objects.join(",")).into_bytes(),
        format!("[\n{}\n]\n", objects.join(",\n")).replace("\",\"", "\",\n  \"").into_bytes(),
        format!("{{\"records\":[{}]}}", objects.join(", ")).into_bytes(),
    ] {
        let (read, _) = seen(&bytes, &LogReadOptions::default()).expect("readable");
        assert_eq!(read, expected(true, true), "{}", String::from_utf8_lossy(&bytes[..60]));
    }
}

#[test]
fn the_order_of_lines_makes_no_difference() {
    let lines: Vec<String> =
        truth().iter().map(|t| format!("{} {}\n", t.combined(), t.seconds())).collect();
    let (old, new) = lines.split_at(1_400);
    let newest_first: String = [new, old].concat().concat();
    let (even, odd): (Vec<_>, Vec<_>) = lines.iter().enumerate().partition(|(n, _)| n % 2 == 0);
    let two_servers: String = even.iter().chain(&odd).map(|(_, line)| line.as_str()).collect();
    let backwards: String = lines.iter().rev().map(String::as_str).collect();
    for log in [newest_first, two_servers, backwards] {
        let (read, counts) = seen(log.as_bytes(), &LogReadOptions::default()).expect("any order");
        assert_eq!((read, counts.bad()), (expected(true, true), 0));
        let strict = LogReadOptions {
            disorder: Some(sim::units::Span::from_secs(10)),
            ..LogReadOptions::default()
        };
        let error = seen(log.as_bytes(), &strict).expect_err("out of order");
        assert!(error.hint().contains("--disorder"), "{}", error.hint());
    }
}

#[test]
fn units_are_asked_for_and_never_guessed_in_silence() {
    let with =
        |line: fn(&Truth) -> String| seen(written(line).as_bytes(), &LogReadOptions::default());
    for line in [
        (|t| t.json("duration", &t.took_ms.to_string())) as fn(&Truth) -> String,
        |t| t.json("response_time", &format!("\"{}.000\"", t.took_ms)),
        |t| format!("{} {}000", t.combined(), t.took_ms),
    ] {
        let (read, counts) = with(line).expect("readable");
        assert_eq!((read.requests, read.median), (2_100, None), "no time without a unit");
        let format = counts.files[0].1.format.as_ref().expect("known");
        let question = format.question().expect("a question");
        assert!(question.contains("seconds") && question.contains("milliseconds"), "{question}");
    }
    let (_, counts) = with(|t| format!("{} {}", t.combined(), t.seconds())).expect("readable");
    let guesses = counts.files[0].1.format.as_ref().expect("known").guesses().join(" ");
    assert!(guesses.contains("three decimals"), "{guesses}");
    let mut options = LogReadOptions::default();
    options.fields.set(Role::Elapsed, "last us".parse().expect("a field"));
    let log = written(|t| format!("{} {}000", t.combined(), t.took_ms));
    let (read, _) = seen(log.as_bytes(), &options).expect("said");
    assert_eq!(read, expected(true, true));
}

#[test]
fn a_line_can_be_described() {
    /// A name, who writes the log, and whether the times are in it.
    type Case = (&'static str, fn(&Truth) -> String, bool);
    let cases: [Case; 5] = [
        (
            "[$time_local] $remote_addr -> $_ | $scheme $request_method $request_uri $_ | urt: $_ \
             msec | rt: $request_time msec | status: $status",
            |t| {
                format!(
                    "[{}] 192.0.2.1 -> 192.0.2.7 | https GET {} HTTP/1.1 | urt: 0.1 msec | rt: {} \
                     msec | status: {}",
                    t.common(),
                    t.path,
                    t.seconds(),
                    t.status
                )
            },
            false,
        ),
        (
            r#"%h %l %u %t %D "%r" %>s %b "%{Referer}i" "%{User-Agent}i""#,
            |t| t.combined().replace("] \"GET", &format!("] {}000 \"GET", t.took_ms)),
            true,
        ),
        (
            "$host $remote_addr - - [$time_local] \"$request\" $status $bytes \"$http_referer\" \
             \"$http_user_agent\" ($pid-$request_time)",
            |t| format!("www.example.org {} (6064-{})", t.combined(), t.seconds()),
            true,
        ),
        (
            "$remote_addr - - [$time_local]  \"$request\" $status $bytes [\"$_\" \
             \"$request_time\" \"$_\"]\"$http_referer\" \"$http_user_agent\"",
            |t| {
                t.combined().replace(
                    " \"-\"",
                    &format!(" [\"192.0.2.7:1\" \"{}\" \"0.1\"]\"-\"", t.seconds()),
                )
            },
            true,
        ),
        (
            "log_format j \
             '{\"t\":\"$time_iso8601\",\"code\":$status,\"took\":$request_time,\"u\":\
             \"$request_uri\",\"a\":\"$http_user_agent\"}';",
            |t| {
                format!(
                    "{{\"t\":\"{}\",\"code\":{},\"took\":{},\"u\":\"{}\",\"a\":\"{}\"}}",
                    t.iso(),
                    t.status,
                    t.seconds(),
                    t.path,
                    t.agent
                )
            },
            true,
        ),
    ];
    for (pattern, line, agents) in cases {
        let format = FormatSpec::described(pattern).unwrap_or_else(|error| panic!("{error:?}"));
        let options = LogReadOptions { format, ..LogReadOptions::default() };
        let (read, counts) = seen(written(line).as_bytes(), &options).expect(pattern);
        assert_eq!((read, counts.bad()), (expected(true, agents), 0), "{pattern}");
    }
}

#[test]
fn lines_of_other_kinds_are_counted_and_are_no_damage() {
    let log: String = truth()
        .iter()
        .enumerate()
        .map(|(n, t)| {
            let other = match n % 20 {
                0 => "2018/11/07 22:00:02 [error] 31#31: *0 upstream timed out\n",
                10 => "I1107 22:00:02.094937       7 controller.go:428] backend reload required\n",
                _ => "",
            };
            format!("{other}{} {}\n", t.combined(), t.seconds())
        })
        .collect();
    let (read, counts) = seen(log.as_bytes(), &LogReadOptions::default()).expect("readable");
    assert_eq!((read, counts.bad()), (expected(true, true), 0));
    let others: u64 = counts.files[0].1.others.iter().map(|(_, n)| n).sum();
    assert_eq!(others, 210);
}
