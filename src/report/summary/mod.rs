//! What a run says on the terminal: the verdict first.

pub(in crate::report) mod campaign;
mod capacity;
pub(in crate::report) mod compare;
mod hinges;
pub(super) mod lists;
mod minutes;
mod odds;
mod page;
mod rehearsed;
mod table;
mod told;
pub(super) mod verdict;

pub use campaign::{campaign_summary, merged_summary, progress_estimate};
pub use capacity::{capacity_first, capacity_summary};
pub use compare::compare_summary;
pub use hinges::hinges_summary;
pub use page::Style;
pub use rehearsed::{how_did_we_do, rehearsed};

use super::context::ReportContext;
use super::extras::Extras;
use super::odds::FirstScreen;
use crate::campaign::Summary;
use crate::journal::{Header, Story};
pub(super) use page::{Ink, Page, TextPiece, inked, plain, right};

/// The summary of a run, and of many runs beside it if there are some: then what they say comes
/// first. It ends in a newline, and depends on nothing but what it is made from.
///
/// Panics if the header's start is not a time, which reading a journal rules out.
pub fn summary(header: &Header, story: &Story, beside: Extras, style: Style) -> String {
    answer(header, story, beside, style)
        + &sensitivity(header, story, beside, style)
        + &run_details(header, story, beside, style)
}

/// The first screen of many runs; empty where there are not many.
///
/// Panics if the header's start is not a time, which reading a journal rules out.
pub fn answer(header: &Header, story: &Story, beside: Extras, style: Style) -> String {
    on_screen(header, story, beside, style, odds::draw)
}

/// What the answer hinges on and what would have saved most, as lines that go on with it; empty
/// where it is not known.
///
/// Panics if the header's start is not a time, which reading a journal rules out.
pub fn sensitivity(header: &Header, story: &Story, beside: Extras, style: Style) -> String {
    on_screen(header, story, beside, style, odds::sensitivity)
}

/// A part of the first screen of many runs.
fn on_screen(
    header: &Header,
    story: &Story,
    beside: Extras,
    style: Style,
    draw: fn(&FirstScreen, &mut Page),
) -> String {
    let context = ReportContext::new(header, story);
    let mut page = Page::new(style);
    FirstScreen::from_context(&context, beside).iter().for_each(|screen| draw(screen, &mut page));
    page.finish()
}

/// The run that is told, and the tables of many runs beside it.
///
/// Panics if the header's start is not a time, which reading a journal rules out.
pub fn run_details(header: &Header, story: &Story, beside: Extras, style: Style) -> String {
    let context = ReportContext::new(header, story);
    let mut page = Page::new(style);
    let screen = FirstScreen::from_context(&context, beside);
    match &screen {
        Some(screen) => page.heading(&format!("One run in full: {}", screen.rank_of_run())),
        None => {
            page.title(&title(header));
            page.heading("Verdict");
        }
    }
    verdict::draw(&context, &mut page);
    minutes::draw(&context, &mut page);
    if let Some(crew) = &header.crew {
        page.paragraph(Ink::Faint, &crew.sentence());
    }
    told::incidents(&context, &mut page);
    told::messages(&context, &mut page);
    lists::rules(&context, &mut page);
    lists::undetected(&context, &mut page);
    lists::go_no_go(&context, &mut page);
    lists::findings(&context, &mut page);
    lists::traffic(&context, &mut page);
    lists::expectations(&context, &mut page);
    if let Some(screen) = &screen {
        odds::lost(&screen.answer, &mut page);
    }
    let mut text = page.finish();
    if let Some(results) = beside.campaign {
        text.push_str(&campaign_summary(&Summary::from_results(results), style));
    }
    text
}

/// The verdict alone.
///
/// Panics if the header's start is not a time, which reading a journal rules out.
pub fn brief(header: &Header, story: &Story, beside: Extras, style: Style) -> String {
    let many = answer(header, story, beside, style);
    if !many.is_empty() {
        return many + &sensitivity(header, story, beside, style);
    }
    let context = ReportContext::new(header, story);
    let mut page = Page::new(style);
    page.title(&title(header));
    verdict::draw(&context, &mut page);
    page.finish()
}

/// What many runs of a journal's scenario say, in one line; `None` where there are not many.
///
/// Panics if the header's start is not a time, which reading a journal rules out.
pub fn verdict_again(header: &Header, story: &Story, beside: Extras) -> Option<String> {
    let context = ReportContext::new(header, story);
    FirstScreen::from_context(&context, beside).map(|screen| screen.answer.again())
}

/// Whether a run met what was expected of it, in one sentence.
///
/// Panics if the header's start is not a time, which reading a journal rules out.
pub fn verdict_of_one(header: &Header, story: &Story) -> String {
    let context = ReportContext::new(header, story);
    verdict::judged(&context).1
}

/// The scenario's own words; nobody must take a rehearsal for the day itself.
fn title(header: &Header) -> String {
    use crate::journal::RunMode;
    let marked = match header.mode {
        RunMode::Real => "REAL: ",
        RunMode::Observed => "EXERCISE: ",
        _ if header.rehearsal.is_some() => "EXERCISE: ",
        RunMode::Simulated | RunMode::Rehearsal => "",
    };
    format!("{marked}{}", header.scenario)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::fixture;

    #[test]
    fn the_proxy_outage_as_it_is_told() {
        let (header, entries) = fixture::proxy_outage();
        let text = summary(&header, &fixture::story(&entries), Extras::default(), Style::default());
        insta::assert_snapshot!(text);
    }
}
