//! A real incident among the simulated ones.

use super::tables::{cell, table};
use super::words::shown;
use crate::campaign::Backtest;
use crate::report::backtest::{HONEST, minutes, sentence};
use maud::{Markup, html};

/// The section about what really happened.
pub(super) fn section(backtest: &Backtest) -> Markup {
    let columns = ["part", ">real", ">p10", ">p50", ">p90", ">percentile", "among the runs"];
    let rows = backtest.rows.iter().map(|row| {
        let [low, middle, high] = row.percentiles.map(minutes);
        let inside = if row.is_inside() { "inside p10 to p90" } else { "outside" };
        let percentile = format!("{:.0}", row.percentile * 100.0);
        let real = minutes(Some(row.real));
        [row.part.word(), &real, &low, &middle, &high, &percentile, inside].map(cell).to_vec()
    });
    let caption = sentence(backtest);
    html! {
        (table("real", &caption, &columns, rows.collect(), "backtest.csv"))
        p.quiet { "Real times: " (shown(&backtest.source)) ". " (HONEST) }
    }
}
