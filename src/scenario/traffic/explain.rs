//! The inputs of the traffic.

use crate::language::value::shown::ShownValue;
use crate::names::Dimension;
use crate::scenario::document::Document;
use crate::scenario::input_subject::reports_path;
use crate::scenario::inputs::InputTable;
use crate::scenario::plan::Plan;
use crate::scenario::traffic::written::WrittenTraffic;
use crate::traffic::Curve;
use crate::units::{Ratio, Span, Time};

/// Arrivals of a log in one line.
fn arrivals(curve: &Curve, lasts: Span) -> String {
    let visits = curve.cumulative(Time::ZERO + lasts);
    let most = curve.points.iter().map(|point| point.rate.0).fold(0.0, f64::max);
    format!("about {visits:.0} visits, at most {most:.3}/s")
}

impl InputTable<'_> {
    /// The inputs of those who report what they meet.
    fn reports(&mut self, written: &WrittenTraffic, plan: &Plan) {
        let reports = written.reports.iter().flat_map(|reports| &reports.0);
        for ((name, keys), source) in reports.zip(&plan.reports) {
            let Some(keys) = keys else { continue };
            self.at(reports_path(&name.value));
            self.row(&keys.written, "share", source.share);
            self.row(&keys.written, "after", source.after);
        }
    }

    /// The inputs of the traffic.
    pub fn traffic(&mut self, document: &Document, plan: &Plan) {
        let Some(written) = &document.traffic else { return };
        let traffic = &plan.traffic;
        self.at("traffic");
        match &written.from {
            Some(_) => self.row(&written.written, "from", arrivals(&traffic.curve, plan.lasts)),
            None => {
                let key = if written.requests.is_some() { "requests" } else { "visits" };
                let points = traffic.curve.points.iter();
                let points = points.map(|point| (point.rate.0, point.at.since(Time::ZERO)));
                let visits = ShownValue::Curve(points.collect()).to_string();
                let visits = match written.requests {
                    Some(_) => format!("in visits: {visits}"),
                    None => visits,
                };
                self.row(&written.written, key, visits);
            }
        }
        self.row(&written.written, "returning", traffic.returning);
        self.row(&written.written, "patience", traffic.patience);
        match (&traffic.retries, &written.retries) {
            (Some(retries), Some(keys)) => {
                self.at("traffic.retries");
                self.row(&keys.written, "at_most", retries.at_most);
                self.row(&keys.written, "after", retries.after);
                self.row(&keys.written, "growth", retries.growth);
                self.row(&keys.written, "jitter", retries.jitter);
                self.row(
                    &keys.written,
                    "budget",
                    retries.budget.map_or("no limit".to_string(), |b| b.to_string()),
                );
            }
            _ => self.row(&written.written, "retries", "none"),
        }
        self.reports(written, plan);
        let mix = written.mix.as_ref().map_or(&[][..], |mix| &mix.written);
        self.at("traffic.mix");
        let mixes = [&traffic.mixes.browser, &traffic.mixes.login, &traffic.mixes.tool];
        for (dimension, weights) in
            [Dimension::Browser, Dimension::Login, Dimension::Tool].into_iter().zip(mixes)
        {
            let names = plan.names.categories[dimension as usize].iter().zip(&weights.0);
            let shares: Vec<String> = names.map(|(n, w)| format!("{n} {}", Ratio(*w))).collect();
            self.row(mix, dimension.word(), shares.join(", "));
        }
        let logins = plan.names.categories[Dimension::Login as usize].iter();
        let accounts = logins.zip(&traffic.mixes.account).map(|(login, weights)| {
            let names = plan.names.categories[Dimension::Account as usize].iter().zip(&weights.0);
            let shares = names.filter(|(_, share)| **share > 0.0);
            let shares: Vec<String> = shares.map(|(n, w)| format!("{n} {}", Ratio(*w))).collect();
            format!("{login}: {}", shares.join(", "))
        });
        self.row(mix, Dimension::Account.word(), accounts.collect::<Vec<_>>().join("; "));
        let tools = written.tools.iter().flat_map(|tools| &tools.0);
        for (name, keys) in tools {
            let index = plan.names.categories[Dimension::Tool as usize].get_index_of(&name.value);
            let (Some(keys), Some(index)) = (keys, index) else { continue };
            let Some(tool) = traffic.tools.get(index) else { continue };
            self.at(format!("traffic.tools.{}", name.value));
            self.row(&keys.written, "requests", tool.requests);
            self.row(&keys.written, "think", tool.think);
            self.row(
                &keys.written,
                "login",
                if tool.login_required { "required" } else { "as the mix says" },
            );
        }
    }
}
