//! `sim baseline`, and the scenarios that take what it writes.

use super::{faulty, line, sim, support, two_hours};
use std::fs;
use std::path::Path;

fn said(folder: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = sim(folder).args(arguments).output().expect("runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

#[test]
fn a_baseline_of_a_real_log() {
    let folder = support::folder_with_parts();
    let log = faulty().display().to_string();
    fs::write(folder.path().join("day.yaml"), mapped()).expect("written");
    let (code, told, seen) = said(
        folder.path(),
        &["baseline", &log, "--window", "10s", "--scenario", "day.yaml", "-o", "b.yaml"],
    );
    assert_eq!(code, Some(0), "{seen}");
    assert!(seen.contains("22,497 lines, combined with response times in seconds"), "{seen}");
    for part in ["Baseline: 22,497 requests", "response time p95", "errors", "chrome", "claims"] {
        assert!(told.contains(part), "{part} in {told}");
    }
    assert!(told.lines().all(|line| line.chars().count() <= 80 || line.contains("File")), "{told}");
    let written = fs::read_to_string(folder.path().join("b.yaml")).expect("written");
    let baseline = sim::logs::LogBaseline::read(&written).expect("a baseline");
    assert_eq!(baseline.requests, 22_497);
    assert_eq!(baseline.arrivals.requests.iter().sum::<u64>(), 22_497);
    assert!(baseline.windows >= 140, "{}", baseline.windows);
    let share = baseline.error_rate.share;
    assert!((0.06..0.07).contains(&share), "{share}");
    let shares: f64 = baseline.mix.browser.values().sum();
    assert!((shares - 1.0).abs() < 1e-4, "{:?}", baseline.mix.browser);
}

/// A scenario whose paths are those of the real log.
fn mapped() -> String {
    let routes = "logs:\n  routes: {\"/*\": page, \"/v0/claims*\": claims, \
                  \"/v0/facilities*\": facilities, \"/v0/gi*\": schools, \
                  \"/v0/prescriptions*\": prescriptions}\n";
    support::shipped("quiet-day") + "\n" + routes
}

#[test]
fn a_scenario_takes_error_rate_and_arrivals() {
    let folder = support::folder_with_parts();
    fs::write(folder.path().join("a.log"), two_hours()).expect("written");
    let (code, _, seen) = said(folder.path(), &["baseline", "a.log", "-o", "b.yaml"]);
    assert_eq!(code, Some(0), "{seen}");
    let day = "scenario: The day of the log\n\
               include: [parts/war-room.yaml, parts/traffic.yaml, parts/site.yaml,\n\
               \u{20}         parts/rules.yaml, parts/launch-plan.yaml, parts/rollback.yaml]\n\
               starts: 2018-11-07T00:30 UTC\nlasts: 1h\n\
               traffic: {from: b.yaml}\nbaseline: {from: b.yaml}\n";
    fs::write(folder.path().join("day.yaml"), day).expect("written");
    let source = sim::scenario::read_source(&folder.path().join("day.yaml")).expect("there");
    let loaded = sim::scenario::load(&source, &[("lasts".into(), "20m".into())]);
    let plan = match loaded {
        Ok(loaded) => loaded.plan,
        Err(problems) => panic!("{}\n{day}", problems.render(false)),
    };
    // A request a second, by the mean number of requests of a visit.
    let mean: f64 = plan
        .traffic
        .mixes
        .tool
        .0
        .iter()
        .zip(&plan.traffic.tools)
        .map(|(share, tool)| share * tool.requests)
        .sum();
    let rate = plan.traffic.curve.rate(sim::units::Time::ZERO).0;
    assert!((rate * mean - 1.0).abs() < 1e-9, "{rate} {mean}");
    assert_eq!(plan.playbook.baseline.error_rate, Some(sim::units::Ratio(0.0)));
    let (code, told, seen) = said(
        folder.path(),
        &["run", "day.yaml", "--trials", "1", "--set", "lasts=20m", "--out", "out"],
    );
    assert!(matches!(code, Some(0 | 99)), "{told}{seen}");

    for (set, expected) in [
        ("starts=2018-11-09T00:30 UTC", "has no Friday 00:00"),
        ("traffic.from=none.yaml", "there is no file"),
        ("traffic.from=../b.yaml", "no file"),
        ("traffic.from=day.yaml", "is not a baseline"),
        ("baseline.from=/etc/passwd", "not a relative path"),
        ("traffic.by_hour=[1]", "does not go with"),
    ] {
        let (code, _, seen) = said(folder.path(), &["check", "day.yaml"]);
        assert_eq!(code, Some(0), "{seen}");
        let (code, _, seen) =
            said(folder.path(), &["run", "day.yaml", "--trials", "1", "--set", set]);
        assert_eq!(code, Some(2), "{set}: {seen}");
        assert!(seen.contains(expected), "{set}: {seen}");
    }
}

#[test]
fn too_few_windows_are_refused() {
    let folder = support::folder_with_parts();
    let log: String = (0..2_900).map(|n| line(n, "/page", 200, "curl/8", "0.1")).collect();
    fs::write(folder.path().join("a.log"), log).expect("written");
    let (code, told, seen) = said(folder.path(), &["baseline", "a.log", "-o", "b.yaml"]);
    assert_eq!((code, told.as_str()), (Some(3), ""), "{seen}");
    assert!(seen.contains("only 49 windows of 1m have 20 requests or more"), "{seen}");
    assert!(!folder.path().join("b.yaml").exists());
}

#[test]
fn hours_of_the_week_are_those_of_the_zone() {
    let folder = support::folder_with_parts();
    fs::write(folder.path().join("a.log"), two_hours()).expect("written");
    let zone = ["--zone", "America/New_York", "--by", "hour-of-week"];
    let mut arguments = vec!["baseline", "a.log", "-o", "b.yaml"];
    arguments.extend(zone);
    let (code, told, seen) = said(folder.path(), &arguments);
    assert_eq!(code, Some(0), "{seen}");
    assert!(told.contains("2018-11-06 19:00 to 2018-11-06 21:00 (America/New_York)"), "{told}");
    let written = fs::read_to_string(folder.path().join("b.yaml")).expect("written");
    let baseline = sim::logs::LogBaseline::read(&written).expect("a baseline");
    let hours: Vec<u8> = baseline.by_hour_of_week.iter().map(|hour| hour.hour).collect();
    assert_eq!(hours, [24 + 19, 24 + 20], "Tuesday evening in New York");
}

#[test]
fn other_formats_are_read_as_well() {
    let folder = support::folder_with_parts();
    let clock = |n: u32| format!("{:02}:{:02}:{:02}", n / 3_600, n / 60 % 60, n % 60);
    let alb = |n| {
        let at = clock(n);
        format!(
            "https 2018-11-07T{at}.186641Z app/x/50dc6c 192.0.2.1:2817 10.0.0.1:80 0.000 0.100 \
             0.000 200 200 34 366 \"GET https://www.example.org:443/claims HTTP/1.1\" \
             \"curl/7.46.0\" - - arn:x \"Root=1\" \"-\" \"-\" 0 2018-11-07T{at}.086000Z \
             \"forward\" \"-\" \"-\"\n"
        )
    };
    let json = |n| {
        format!(
            "{{\"clocked\":\"2018-11-07T{}\",\"http\":{{\"code\":200}},\"took\":100}}\n",
            clock(n)
        )
    };
    let plain =
        |n: u32| format!("h - - [07/Nov/2018:{} +0000] \"GET /claims HTTP/1.1\" 200 1\n", clock(n));
    let write = |name: &str, line: &dyn Fn(u32) -> String| {
        let log: String = (0..3_600).map(line).collect();
        fs::write(folder.path().join(name), log).expect("written");
    };
    write("alb.log", &alb);
    write("app.jsonl", &json);
    write("common.log", &plain);
    let (code, told, seen) = said(folder.path(), &["baseline", "alb.log"]);
    assert_eq!(code, Some(0), "{seen}");
    assert!(seen.contains("AWS Application") && told.contains("100ms"), "{seen}{told}");
    let (code, _, seen) = said(folder.path(), &["baseline", "app.jsonl"]);
    assert_eq!(code, Some(2), "its fields are not the usual ones: {seen}");
    let fields =
        ["--field", "time=clocked", "--field", "status=http.code", "--field", "elapsed=took ms"];
    let mut arguments = vec!["baseline", "app.jsonl"];
    arguments.extend(fields);
    let (code, told, seen) = said(folder.path(), &arguments);
    assert_eq!(code, Some(0), "{seen}");
    assert!(seen.contains("JSON lines") && told.contains("100ms"), "{seen}{told}");
    let (code, told, seen) = said(folder.path(), &["baseline", "common.log"]);
    assert_eq!(code, Some(0), "{seen}");
    assert!(seen.contains("common, no response times"), "{seen}");
    assert!(told.contains("the log names none"), "{told}");
}

#[test]
fn several_files_are_one_log_whatever_their_order() {
    let folder = support::folder_with_parts();
    let log = two_hours();
    let lines: Vec<&str> = log.split_inclusive('\n').collect();
    let part = |from: usize, step: usize| lines.iter().skip(from).step_by(step).copied();
    fs::write(folder.path().join("all.log"), &log).expect("written");
    fs::write(folder.path().join("even.log"), part(0, 2).collect::<String>()).expect("written");
    let odd = fs::File::create(folder.path().join("odd.gz")).expect("created");
    let mut odd = flate2::write::GzEncoder::new(odd, flate2::Compression::fast());
    std::io::Write::write_all(&mut odd, part(1, 2).collect::<String>().as_bytes()).expect("packed");
    odd.finish().expect("packed");
    let of = |arguments: &[&str]| {
        let mut all = vec!["baseline", "-o", "b.yaml"];
        all.extend(arguments);
        let (code, told, seen) = said(folder.path(), &all);
        assert_eq!(code, Some(0), "{seen}");
        let written = fs::read_to_string(folder.path().join("b.yaml")).expect("written");
        (told, written.lines().skip(1).map(str::to_string).collect::<Vec<_>>())
    };
    let whole = of(&["all.log"]);
    assert_eq!(of(&["even.log", "odd.gz"]), whole);
    assert_eq!(of(&["odd.gz", "even.log"]), whole);
    let output = sim(folder.path()).args(["baseline", "-"]).write_stdin(log).output().expect("ran");
    assert!(output.status.success() && String::from_utf8_lossy(&output.stdout).contains("7,200"));
}
