//! What was seen of logs, and the picture of a baseline.

use super::summary::{Ink, Page, Style, inked, plain, right};
use super::untrusted::columns_of;
use crate::logs::{FileCounts, LogBaseline, LogCounts, Quantiles, VaryingShare};
use crate::units::{Ratio, Span, grouped};
use jiff::{Timestamp, tz::TimeZone};

/// What was read: one line per file, then what was wrong with it.
pub fn log_counts(counts: &LogCounts, style: Style) -> String {
    let mut page = Page::new(style);
    // A choice: more lines would push what was wrong with the files off the screen.
    const SHOWN: usize = 20;
    for (name, file) in counts.files.iter().take(SHOWN) {
        let format = file.format.as_ref().map_or("no known format".to_string(), |f| f.to_string());
        let lines = grouped(file.lines);
        let text = match file.lines {
            0 => "empty, left out".to_string(),
            _ => format!("{lines} lines, {format}"),
        };
        if columns_of(name) + columns_of(&text) + 2 <= style.width {
            page.line(vec![plain(format!("{name}: {text}"))]);
        } else {
            page.line(vec![plain(format!("{name}:"))]);
            page.line(vec![plain("  "), plain(text)]);
        }
        wrong(&mut page, file);
    }
    if counts.files.len() > SHOWN {
        let more = counts.files.len() - SHOWN;
        let (lines, bad) = (grouped(counts.lines()), grouped(counts.bad()));
        let text = format!("… and {more} more files; {lines} lines in all, {bad} of them bad");
        page.line(vec![plain(text)]);
    }
    page.finish()
}

fn wrong(page: &mut Page, file: &FileCounts) {
    if file.bad > 0 {
        let share = Ratio((file.bad as f64 / file.lines.max(1) as f64 * 1e6).round() / 1e6);
        let mut text = format!("{} bad lines ({share})", grouped(file.bad));
        if file.behind > 0 {
            text += &format!(", {} of them out of order", grouped(file.behind));
        }
        if file.ahead > 0 {
            text += &format!(", {} with a wrong clock", grouped(file.ahead));
        }
        page.line(vec![plain("  "), inked(Ink::Bad, text)]);
    }
    for bad in &file.samples {
        let start = format!("    line {}, {}: ", bad.number, bad.flaw.words());
        page.line(vec![plain(start), inked(Ink::Faint, bad.text.clone())]);
    }
    if file.outside > 0 {
        let text = format!("{} requests outside the requested period", grouped(file.outside));
        page.line(vec![plain("  "), plain(text)]);
    }
    if file.untimed > 0 && file.untimed < file.requests {
        let text = format!("{} requests without a response time", grouped(file.untimed));
        page.line(vec![plain("  "), plain(text)]);
    }
    for (kind, n) in &file.others {
        let verb = if *n == 1 { "line is one of" } else { "lines are" };
        let text = format!("{} {verb} {kind}, not requests", grouped(*n));
        page.line(vec![plain("  "), inked(Ink::Faint, text)]);
    }
    if file.streams > 0 {
        let text = "requests stay open (WebSockets, streams): no response time is theirs";
        page.line(vec![plain("  "), plain(format!("{} {text}", grouped(file.streams)))]);
    }
    no_visitors(page, file);
    format_notes(page, file);
    if let Some(why) = &file.cut {
        let text = format!("ends early: {why}; what was read until there counts");
        page.line(vec![plain("  "), inked(Ink::Bad, text)]);
    }
}

/// Above this share of the requests, health checks and crawlers hide what visitors see. A choice:
/// it only makes a warning of a note.
const TOO_MANY: f64 = 0.1;

/// Health checks, monitors and crawlers: how many of each, and a warning if they are many.
fn no_visitors(page: &mut Page, file: &FileCounts) {
    let list = |left_out: bool| {
        let mut all: Vec<&(&str, u64, bool)> =
            file.no_visitors.iter().filter(|(.., out)| *out == left_out).collect();
        all.sort_by_key(|(_, n, _)| std::cmp::Reverse(*n));
        let sum: u64 = all.iter().map(|(_, n, _)| n).sum();
        let names = all.iter().take(5).map(|(name, n, _)| format!("{name} {}", grouped(*n)));
        (sum, names.collect::<Vec<_>>().join(", "))
    };
    let (left_out, names) = list(true);
    if left_out > 0 {
        let text = format!("{} requests left out: {names}", grouped(left_out));
        page.paragraph(Ink::Plain, &text);
    }
    let (counted, names) = list(false);
    let share = counted as f64 / file.requests.max(1) as f64;
    if counted > 0 && share <= TOO_MANY {
        let text = format!("{} requests are no visitors': {names}", grouped(counted));
        page.paragraph(Ink::Faint, &text);
    } else if counted > 0 {
        let share = Ratio((share * 1e3).round() / 1e3);
        let text = format!(
            "Warning: {share} of the requests are no visitors' ({names}). They hide what visitors \
             see. Leave them out with --ignore monitors --ignore crawlers, or in the scenario \
             with `logs: {{ignore: [monitors, crawlers, /path, \"*agent*\"]}}`."
        );
        page.paragraph(Ink::Bad, &text);
    }
}

/// What was guessed of the format, and what must be said.
fn format_notes(page: &mut Page, file: &FileCounts) {
    let Some(format) = &file.format else { return };
    for guess in format.guesses() {
        page.paragraph(Ink::Plain, &format!("Guessed: {guess}"));
    }
    if let Some(question) = format.question() {
        page.paragraph(Ink::Bad, &format!("No response times: {question}"));
    }
}

/// The picture of a baseline: how it varies, when requests come, and who sends them.
pub fn baseline_picture(baseline: &LogBaseline, style: Style) -> String {
    let mut page = Page::new(style);
    let zone = TimeZone::get(&baseline.zone).unwrap_or(TimeZone::UTC);
    // Where the clock changes in between, each end says by which one it is told.
    let offset = |at: Timestamp| zone.to_offset(at);
    let form = match offset(baseline.from) == offset(baseline.to) {
        true => "%Y-%m-%d %H:%M",
        false => "%Y-%m-%d %H:%M %Z",
    };
    let local = |at: Timestamp| at.to_zoned(zone.clone()).strftime(form).to_string();
    let (from, to) = (local(baseline.from), local(baseline.to));
    let requests = grouped(baseline.requests);
    page.heading(&format!("Baseline: {requests} requests"));
    let window = Span::from_seconds(baseline.window_s);
    let (windows, least) = (grouped(baseline.windows), baseline.min_requests);
    page.paragraph(
        Ink::Plain,
        &format!(
            "{from} to {to} ({}), {windows} windows of {window} with {least} requests or more.",
            baseline.zone
        ),
    );
    page.heading("From window to window");
    let mut rows = vec![
        ["", "median", "p95", "worst", "all together"].map(|title| inked(Ink::Faint, title)).into(),
    ];
    rows.push(rate_row("errors", &baseline.error_rate));
    match &baseline.latency_s {
        Some(times) => {
            let all = [("p50", &times.p50), ("p95", &times.p95), ("p99", &times.p99)];
            rows.extend(all.map(|(name, q)| time_row(&format!("response time {name}"), q)));
        }
        None => rows.push(vec![plain("response times"), plain("the log names none")]),
    }
    page.table(rows);
    page.heading("Requests a second");
    arrivals(&mut page, baseline, style.width.saturating_sub(18).max(10));
    week(&mut page, baseline);
    mixes(&mut page, baseline);
    page.finish()
}

fn rate_row(name: &str, share: &VaryingShare) -> Vec<super::summary::TextPiece> {
    let percent = |value: f64| right(Ratio((value * 1e6).round() / 1e6).to_string());
    let all = [share.p50, share.p95, share.max, share.share].map(percent);
    std::iter::once(plain(name)).chain(all).collect()
}

fn time_row(name: &str, q: &Quantiles) -> Vec<super::summary::TextPiece> {
    let time = |value: f64| right(Span::from_seconds((value * 1e3).round() / 1e3).to_string());
    std::iter::once(plain(name)).chain([q.p50, q.p95, q.max].map(time)).collect()
}

const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// The mean rate of each column as a bar; nothing at all is a space.
fn bars(counts: &[u64], every_s: f64, columns: usize) -> (String, f64) {
    let each = counts.len().div_ceil(columns).max(1);
    let rates: Vec<f64> = counts
        .chunks(each)
        .map(|some| some.iter().sum::<u64>() as f64 / (some.len() as f64 * every_s))
        .collect();
    let most = rates.iter().copied().fold(0.0, f64::max);
    let bar = |rate: &f64| match *rate {
        0.0 => ' ',
        rate => BARS[((rate / most * 8.0).ceil() as usize).clamp(1, 8) - 1],
    };
    (rates.iter().map(bar).collect(), most)
}

fn arrivals(page: &mut Page, baseline: &LogBaseline, columns: usize) {
    let arrivals = &baseline.arrivals;
    let (text, most) = bars(&arrivals.requests, arrivals.every_s, columns);
    let each = arrivals.requests.len().div_ceil(columns).max(1) as f64 * arrivals.every_s;
    let (step, most) = (Span::from_seconds(each), (most * 100.0).round() / 100.0);
    page.line(vec![plain("  "), inked(Ink::Bar, text), plain(format!("  up to {most}"))]);
    page.line(vec![plain("  "), inked(Ink::Faint, format!("each column is {step}"))]);
}

const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// Requests by hour of the week, a day a line, and the worst hours' error rates.
fn week(page: &mut Page, baseline: &LogBaseline) {
    if baseline.by_hour_of_week.is_empty() {
        return;
    }
    page.heading("By hour of the week");
    let rate = |hour: u8| {
        let found = baseline.by_hour_of_week.iter().find(|known| known.hour == hour)?;
        Some(found.requests as f64 / (found.windows as f64 * baseline.window_s))
    };
    let most = (0..168).filter_map(rate).fold(0.0, f64::max);
    page.line(vec![inked(Ink::Faint, "       0     6     12    18    ")]);
    for (day, name) in DAYS.iter().enumerate() {
        let bars: String = (0..24)
            .map(|hour| match rate((day * 24 + hour) as u8) {
                Some(rate) => BARS[((rate / most * 8.0).ceil() as usize).clamp(1, 8) - 1],
                None => ' ',
            })
            .collect();
        let of_day = baseline.by_hour_of_week.iter().filter(|h| usize::from(h.hour) / 24 == day);
        let worst = of_day.max_by(|a, b| a.error_rate.share.total_cmp(&b.error_rate.share));
        let worst =
            worst.filter(|hour| hour.error_rate.share > 0.0).map_or(String::new(), |hour| {
                let share = Ratio((hour.error_rate.share * 1e6).round() / 1e6);
                format!("  most errors at {:02}:00, {share}", hour.hour % 24)
            });
        page.line(vec![plain(format!("  {name}  ")), inked(Ink::Bar, bars), plain(worst)]);
    }
}

fn mixes(page: &mut Page, baseline: &LogBaseline) {
    for (title, shares) in
        [("Browsers", &baseline.mix.browser), ("Endpoints", &baseline.mix.endpoint)]
    {
        if shares.is_empty() {
            continue;
        }
        page.heading(title);
        let text = shares
            .iter()
            .take(12)
            .map(|(word, share)| format!("{word} {}", Ratio((share * 1e4).round() / 1e4)));
        page.paragraph(Ink::Plain, &text.collect::<Vec<_>>().join(", "));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::logs::{BadLine, LineError};

    #[test]
    fn bars_show_the_mean_of_their_column() {
        let (text, most) = bars(&[60, 60, 120, 0, 0, 0, 30, 30], 60.0, 4);
        assert_eq!((text.as_str(), most), ("██ ▄", 1.0));
        assert_eq!(bars(&[], 60.0, 4), (String::new(), 0.0));
    }

    #[test]
    fn hostile_lines_reach_no_terminal() {
        let text = "\u{1b}[31m=cmd|'/c calc'!A1 \u{202e}".to_string();
        let bad = BadLine { number: 7, flaw: LineError::Shape, text };
        let file = FileCounts { lines: 10, bad: 1, samples: vec![bad], ..FileCounts::default() };
        let counts = LogCounts { files: vec![("a\u{1b}]0;log".to_string(), file)] };
        let shown = log_counts(&counts, Style::default());
        assert!(!shown.contains('\u{1b}') && !shown.contains('\u{202e}'), "{shown:?}");
        assert!(shown.contains("line 7, not of this format"), "{shown}");
        assert!(shown.lines().all(|line| crate::report::columns_of(line) <= 80));
    }
}
