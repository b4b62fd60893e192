//! What many trials say: how long each part of the response takes, how likely what is, what a day
//! costs, each with its interval; and a real incident among the simulated ones.

use super::formatting::shown;
use super::runs;
use super::tables::{cell, table};
use crate::campaign::UsualHeadline;
use crate::campaign::{
    self, Backtest, CampaignEnding, HeadlineFigure, HeadlineUnit, Results, Unfinished,
};
use crate::measure::estimate::Estimate;
use crate::report::backtest::{self as real, HONEST, minutes};
use crate::report::context::{ReportContext, significant};
use crate::report::summary::campaign::{plus_minus, spread, unfinished_sentence};
use crate::units::grouped;
use maud::{Markup, html};

/// The section about a campaign, if there was one.
pub(super) fn section(context: &ReportContext, results: &Results) -> Markup {
    let figures = campaign::figures(results);
    html! {
        p { (what(results)) }
        @if let Some(figure) = runs::figure(context, results) { (figure) }
        @if let Some(sentence) = unfinished_sentence(Unfinished::from_results(results)) {
            p.legend { (sentence) }
        }
        details {
            summary { "How likely each is, and all figures, with their intervals" }
            @if let Some(crew) = &context.header.crew { p.legend { (shown(&crew.sentence())) } }
            (chances(&figures))
            (figure_table(&figures))
        }
    }
}

/// One sentence for the first screen: how long it takes on other days.
pub(super) fn sentence(results: &Results) -> Option<String> {
    let figures = campaign::figures(results);
    let total =
        figures.iter().find(|figure| figure.headline.subject == UsualHeadline::Total.into())?;
    let [half, nine, _] = total.percentiles;
    let trials = grouped(results.rows.len() as u64);
    Some(format!(
        "Over {trials} runs half of them take {} min or less, nine in ten {} or less.",
        spread(half, 60.0),
        spread(nine, 60.0),
    ))
    .filter(|_| half.is_some_and(|half| half.value > 0.0))
}

fn what(results: &Results) -> String {
    let trials = grouped(results.rows.len() as u64);
    let ended = match results.ending {
        CampaignEnding::Interrupted { wanted } => {
            format!(" They were interrupted: {} were asked for.", grouped(wanted))
        }
        CampaignEnding::PrecisionNotReached { .. } => {
            " Not every figure is as precise as was asked for.".to_string()
        }
        CampaignEnding::Whole | CampaignEnding::Precise { .. } => String::new(),
    };
    format!(
        "{trials} runs of the same plan, each with luck of its own: other answers, other \
         choices, other visitors.{ended} All of it is simulated."
    )
}

fn chances(figures: &[HeadlineFigure]) -> Markup {
    let of_chance = figures.iter().filter(|figure| figure.headline.unit == HeadlineUnit::Chance);
    let rows: Vec<(String, Estimate)> = of_chance
        .filter_map(|figure| Some((figure.headline.subject.to_string(), figure.mean?)))
        .collect();
    let percent = |share: f64| format!("{}%", significant(share * 100.0, 3));
    let row = |(name, found): &(String, Estimate)| {
        let (low, high) = (found.low.unwrap_or(0.0), found.high.unwrap_or(1.0));
        let style =
            format!("left:{:.2}%;width:{:.2}%", low * 100.0, ((high - low) * 100.0).max(0.4));
        vec![
            cell(name),
            html! { (percent(found.value)) },
            html! { (percent(low)) " to " (percent(high)) },
            html! { span.chance aria-hidden="true" {
                span style=(style) {}
                i style={ "left:" (format!("{:.2}%", found.value * 100.0)) } {}
            } },
        ]
    };
    let rows: Vec<_> = rows.iter().map(row).collect();
    let columns = ["Chance", ">Of all runs", ">95% interval", "From 0 to 100%"];
    let caption = "The interval is Wilson's.";
    html! { h3 { "How likely it is" } (table("Chances", caption, &columns, rows, "campaign.csv")) }
}

fn figure_table(figures: &[HeadlineFigure]) -> Markup {
    let row = |figure: &HeadlineFigure| {
        let mean = figure.mean?;
        let (unit, word) = match figure.headline.unit {
            HeadlineUnit::Seconds => (60.0, "min"),
            HeadlineUnit::PerDay => (1.0, "per 24 h"),
            HeadlineUnit::UserMinutes => (1.0, "minutes"),
            HeadlineUnit::Updates => (1.0, "updates"),
            HeadlineUnit::Requests | HeadlineUnit::Users => (1.0, ""),
            HeadlineUnit::Chance => return None,
        };
        let mut cells = vec![
            html! { (shown(&figure.headline.subject.to_string())) },
            html! { (word) },
            html! { (plus_minus(&mean, unit)) },
        ];
        cells.extend(figure.percentiles.map(|found| html! { (spread(found, unit)) }));
        cells.push(html! { (grouped(mean.n)) });
        Some(cells)
    };
    let rows: Vec<_> = figures.iter().filter_map(row).collect();
    let columns = ["Figure", "Unit", ">Mean", ">Half", ">Nine in ten", ">99 in 100", ">Runs"];
    let caption = "Percentiles with the interval between two of the runs; \"..\" where there are \
                   too few runs for an end.";
    table("Figures over all runs", caption, &columns, rows, "campaign.csv")
}

/// The backtest about what really happened.
pub(super) fn backtest(backtest: &Backtest) -> Markup {
    let columns = ["part", ">real", ">p10", ">p50", ">p90", ">percentile", "among the runs"];
    let rows = backtest.rows.iter().map(|row| {
        let [low, middle, high] = row.percentiles.map(minutes);
        let inside = if row.is_inside() { "inside p10 to p90" } else { "outside" };
        let percentile = format!("{:.0}", row.percentile * 100.0);
        let real = minutes(Some(row.real));
        [row.part.word(), &real, &low, &middle, &high, &percentile, inside].map(cell).to_vec()
    });
    let caption = real::sentence(backtest);
    html! {
        (table("real", &caption, &columns, rows.collect(), "backtest.csv"))
        p.quiet { "Real times: " (shown(&backtest.source)) ". " (HONEST) }
    }
}
