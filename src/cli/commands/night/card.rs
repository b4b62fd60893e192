//! `sim night --card`: the page that is signed before the night.

use super::arguments::NightArguments;
use crate::cli::shared::files::{Folder, default_folder};
use crate::cli::shared::provenance::{self, RUN};
use crate::cli::shared::{Exit, terminal};
use crate::night::Card;
use crate::report::{for_terminal, night_card, page_title};
use crate::scenario::{InputFile, MadeBy, Plan};

/// The page.
const PAGE: &str = "card.html";

/// Makes the page.
pub(super) fn card(
    arguments: &NightArguments,
    plan: &Plan,
    files: Vec<InputFile>,
) -> Result<Exit, Exit> {
    let card = Card::of(plan);
    if card.rows.is_empty() {
        let message = "no alert of the plan opens a play with a change in it";
        terminal::error(message, "add a play: sim schema --reference says how");
        return Err(Exit::Wrong);
    }
    let default = || default_folder(&arguments.scenario, "-card");
    let wanted = arguments.out.clone().unwrap_or_else(default);
    let broke = |error: std::io::Error| {
        terminal::cannot_write(&wanted, &error);
        Exit::Broke
    };
    let title = page_title("Card", &plan.scenario);
    let folder = Folder::claim_page(&wanted, &[PAGE, RUN], &title).map_err(broke)?;
    folder.keep(PAGE, night_card(&card).as_bytes()).map_err(broke)?;
    let command = provenance::command("night", &arguments.scenario) + " --card";
    let made_by = MadeBy::new(command + &provenance::sets(&arguments.set), files);
    provenance::keep(&folder, &made_by).map_err(broke)?;
    if !arguments.quiet {
        for row in &card.rows {
            let minute = row.stop_after.0.div_ceil(crate::units::Span::MINUTE.0);
            let text = format!("{}: at minute {minute} make {}", row.alert, row.change);
            terminal::print(&format!("{}\n", for_terminal(&text, 400)));
        }
        let page = folder.path().join(PAGE).display().to_string();
        terminal::print(&format!("Page    {}\n", for_terminal(&page, 2_000)));
    }
    Ok(Exit::Met)
}
