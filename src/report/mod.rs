//! From a journal to what people read: tables for spreadsheets and a summary for the terminal. Pure
//! functions of the journal's header and entries; nothing here knows the plan or the simulator.

mod affected;
mod alerts;
mod answer;
mod backtest;
mod campaign;
mod capacity;
mod capacity_words;
mod causes;
mod change_times;
mod check;
mod column_names;
mod comparison_words;
mod context;
mod crew;
mod dictionary;
mod differences;
mod endings;
mod engines;
mod explain;
mod extras;
mod files;
mod findings;
mod gamedays;
mod go_no_go;
mod guess_table;
mod guesses;
mod hinges;
mod improvements;
mod improvised;
mod judge;
mod launch_plan;
mod log_preview;
mod logs;
mod messages;
mod metrics;
mod night;
mod odds;
mod outbrief;
mod pack;
mod people;
mod readiness;
mod responses;
mod roles;
mod rules;
mod segments;
mod sheet;
mod standing;
mod summary;
mod timeline;
mod told;
mod topology;
mod tune;
mod untrusted;
mod waiting;
mod walk;
mod window;

use crate::journal::episodes;

pub use backtest::{BACKTEST_FILE, backtest_summary, backtests, write_backtest};
pub use campaign::{
    CAMPAIGN_FILE, COMPARE_FILE, TRIALS_FILE, TrialsTable, write_campaign, write_compare,
};
pub use capacity::{CAPACITY_FILE, CURVE_FILE, settle_headroom, write_capacity, write_curve};
pub use check::check_screen;
pub use crew::crew_summary;
pub use dictionary::dictionary;
pub use differences::Compared;
pub use engines::{ArrayJob, ArrayScheduler, EngineFiles, PlannedArray, array_plan, engine_files};
pub use explain::explanation_page;
pub use extras::{Extras, HotWash, RunBeside};
pub use files::{file_names, write_all};
pub use gamedays::{GamedayRow, gamedays};
pub use guess_table::{GUESSES_FILE, write_guesses};
pub use guesses::{GuessComparison, GuessRow, Surprise, guesses};
pub use hinges::{HINGES_FILE, REMEDIES_FILE, set_words, write_hinges, write_remedies};
pub use improvements::{
    IMPROVEMENTS_FILE, Improvement, improvement_plan, what_if, what_if_means, write_improvements,
};
pub use judge::{
    JUDGE_FILES, judge_csv, judge_id, judge_json, judge_moment, judge_summary, write_judge,
};
pub use launch_plan::{hanging_after, plan_gaps, plan_reading};
pub use log_preview::log_look;
pub use logs::{baseline_picture, log_counts};
pub use night::{night_board, night_card};
pub use outbrief::page_title;
pub use outbrief::{PlayerScreen, compare_page};
pub use pack::{
    CALENDAR, PaperAudience, Printed, SessionExercise, folder_of as exercise_folder, pack, papers,
    session,
};
pub use readiness::{Readiness, RehearsedExercise, readiness_page, readiness_summary};
pub use roles::Naming;
pub use summary::{
    Style, answer, brief, campaign_summary, capacity_first, capacity_summary, compare_summary,
    hinges_summary, how_did_we_do, merged_summary, progress_estimate, rehearsed, run_details,
    sensitivity, summary, verdict_again, verdict_of_one,
};
pub use topology::{TreeLine, site_tree};
pub use tune::{TUNE_FILE, Tuning, tune_page, tune_summary, write_tune};
pub use untrusted::{columns_of, for_csv, for_shell, for_terminal, wrapped};
pub use waiting::{WaitingShown, waiting};
pub use window::{WINDOWS_FILE, WindowReport, window_page, window_summary, write_window};

#[cfg(test)]
mod fixtures;
#[cfg(test)]
mod hostile;
#[cfg(test)]
use fixtures::fixture_table;
