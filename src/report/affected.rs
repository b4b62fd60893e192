//! Who was affected, in words.

use super::context::ReportContext;
use crate::journal::Incident;
use crate::site::SiteTotals;
use crate::units::grouped;

/// The columns that somebody is in, with their words: `1,288 failed`, `12 gave up`.
pub(crate) fn columns(totals: &SiteTotals) -> Vec<(u64, &'static str)> {
    let users = totals.affected;
    let page = match (totals.held_back.is_none(), totals.requests.planned) {
        (true, _) => "met a maintenance page",
        (false, 0) => "held back in a waiting room",
        (false, _) => "held back, or met a maintenance page",
    };
    let columns = [
        (users.failed, "got an error"),
        (users.given_up, "gave up waiting"),
        (users.page, page),
        (users.slow, "waited long"),
    ];
    columns.into_iter().filter(|(count, _)| *count > 0).collect()
}

/// `3,106 people were affected: 3,000 got an error · 106 gave up waiting; about half of all
/// requests while it lasted.` Nothing where nobody was, or where nobody counted.
pub(crate) fn sentence(context: &ReportContext) -> Option<String> {
    let totals = context.story.totals().filter(|_| context.has_readings())?;
    let users = totals.site.affected;
    if users.total() == 0 {
        return None;
    }
    let columns = columns(&totals.site);
    let (people, were) = if users.total() == 1 { ("person", "was") } else { ("people", "were") };
    let columns = match &columns[..] {
        [(_, words)] => format!(" ({words})"),
        all => {
            let all = all.iter().map(|(count, words)| format!("{} {words}", grouped(*count)));
            format!(": {}", all.collect::<Vec<_>>().join(" · "))
        }
    };
    let share = context.story.incidents().first().and_then(|incident| share(context, incident));
    let share = share.map_or(String::new(), |share| format!("; {share}"));
    Some(format!("{} {people} {were} affected{columns}{share}.", grouped(users.total())))
}

/// `about half of all requests while it lasted`; nothing where next to none was bad.
pub(crate) fn share(context: &ReportContext, incident: &Incident) -> Option<String> {
    let totals = context.story.totals()?;
    let sent = totals.incidents.iter().find(|sent| sent.incident == incident.number)?;
    let (bad, all) = (sent.bad + sent.page, sent.requests + sent.page);
    if bad == 0 || all == 0 {
        return None;
    }
    Some(format!("{} while it lasted", about(bad as f64 / all as f64)))
}

/// A share of all requests as people say it.
fn about(share: f64) -> String {
    let words = match share {
        share if share >= 0.995 => "all requests",
        share if share >= 0.9 => "nearly all requests",
        share if share >= 0.72 => "about three in four requests",
        share if share >= 0.6 => "about two in three requests",
        share if share >= 0.45 => "about half of all requests",
        share if share >= 0.29 => "about a third of all requests",
        share if share >= 0.22 => "about a quarter of all requests",
        share if share >= 0.015 => {
            return format!("about {:.0} in 100 requests", share * 100.0);
        }
        share if share >= 0.0095 => "about 1 in 100 requests",
        _ => "fewer than 1 in 100 requests",
    };
    words.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::{Event, fixture};
    use crate::site::UsersAffected;

    #[test]
    fn shares_are_said_as_people_say_them() {
        let said = [1.0, 0.95, 0.5, 0.33, 0.13, 0.01, 0.001].map(about);
        let expected = [
            "all requests",
            "nearly all requests",
            "about half of all requests",
            "about a third of all requests",
            "about 13 in 100 requests",
            "about 1 in 100 requests",
            "fewer than 1 in 100 requests",
        ];
        assert_eq!(said, expected);
    }

    #[test]
    fn columns_add_up_to_the_people() {
        let (header, mut entries) = fixture::proxy_outage();
        let said = |entries: &[crate::journal::Entry]| {
            let story = fixture::story(entries);
            sentence(&ReportContext::new(&header, &story))
        };
        let expected = "1,288 people were affected (got an error); about half of all requests \
                        while it lasted.";
        assert_eq!(said(&entries).as_deref(), Some(expected));
        for entry in &mut entries {
            if let Event::End(totals) = &mut entry.event {
                totals.site.affected.slow = 12;
                totals.incidents.clear();
            }
        }
        let expected = "1,300 people were affected: 1,288 got an error · 12 waited long.";
        assert_eq!(said(&entries).as_deref(), Some(expected));
        for entry in &mut entries {
            if let Event::End(totals) = &mut entry.event {
                totals.site.affected = UsersAffected::default();
            }
        }
        assert_eq!(said(&entries), None);
    }
}
