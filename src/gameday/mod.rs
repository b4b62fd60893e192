//! One simulated gameday: the site, the monitor, the people and the pipelines, in step.
//!
//! The loop takes the next control event, lets the site run up to it, and handles it. Control
//! events (readings, faults, answers, finished changes) are few; the site's own are many.

mod alert_attribution;
mod blindness;
mod closing;
mod draws;
mod fork;
mod ledger;
mod message_queue;
mod messages;
mod notices;
mod noticing;
mod observers;
mod outputs;
mod owed;
mod pipelines;
mod plan_wording;
mod readings;
mod reports;
mod rolling;
mod room;
mod seats;
mod simulated_people;

use crate::decision::{Monitor, MonitorInput};
use crate::fault::{Conditions, Edge, Schedule};
use crate::journal::{Entry, Event, Header, Story};
use crate::kernel::{Agenda, DrawKey};
use crate::measure::Limits;
use crate::names::{ChangeId, FaultId};
use crate::scenario::Plan;
use crate::site::Site;
use crate::telemetry::{Charges, Reading, RequestAttempt};
use crate::units::{Span, Time};
use alert_attribution::AlertAttribution;
use ledger::{Ledger, TotalsSnapshots};
use message_queue::{MessageStep, Messages};
use notices::{Notices, drawn, fades};
use observers::{ConditionalFaults, observers, probes};
use pipelines::{Pipelines, Rolling};
use plan_wording::PlanWording;
use reports::Reports;
use seats::Seats;
use simulated_people::SimulatedPeople;
use std::collections::VecDeque;

pub use draws::{Draws, differ_only_in_draws};
pub use fork::Intervention;
pub use ledger::Finished;
pub use message_queue::OpenMessage;
pub use owed::tells;
pub use seats::{OngoingDeploy, OpenAsk, OwedMessage};

/// Which of the many possible runs of a plan this is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trial {
    pub seed: u64,
    /// 0 for the first.
    pub number: u64,
}

/// A control event, entered when its cause is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Control {
    /// The oldest reading that is under way arrives.
    Deliver,
    /// A drawn answer.
    Answer(usize),
    /// The deploy of a change is over.
    Deployed(usize),
    /// A change has reached everybody.
    Live(usize),
    /// Somebody notices a fault, by the number of the notice.
    Noticed(FaultId, usize),
    /// The damage of a fault that has ended is gone.
    Faded(FaultId),
    /// A change that rolls goes on to its next batch.
    Batch,
    /// A message, by its number, moves on.
    Message(usize, MessageStep),
}

/// A gameday under way. Its run is a pure function of plan, seed and trial.
#[derive(Clone)]
pub struct Gameday<'p> {
    plan: &'p Plan,
    site: Site,
    monitor: Monitor<'p>,
    schedule: Schedule,
    humans: SimulatedPeople<'p>,
    seats: Seats,
    pipelines: Pipelines<'p>,
    notices: Notices,
    messages: Messages,
    reports: Reports<'p>,
    starters: ConditionalFaults<'p>,
    agenda: Agenda<Control>,
    next_scrape: Time,
    /// Taken and not yet arrived.
    under_way: VecDeque<Reading>,
    /// Changes whose effect lasts, in the order in which they went live.
    in_effect: Vec<ChangeId>,
    /// Changes that roll and take instances out.
    rolling: Vec<Rolling>,
    conditions: Conditions,
    ledger: Ledger<'p>,
    marks: TotalsSnapshots,
    grounds: AlertAttribution<'p>,
    /// What the monitor was told and nobody has fetched yet; `None`: nobody will.
    inputs: Option<Vec<(Time, MonitorInput)>>,
    /// What each interval is charged to, until somebody fetches it; `None`: nobody will.
    charges: Option<Vec<Charges>>,
    over: bool,
    /// Whether somebody wants it to stop where it is.
    stop: Option<&'p (dyn Fn() -> bool + Sync)>,
    stopped: bool,
}

impl<'p> Gameday<'p> {
    /// A gameday about to start. The header is that of the same plan and trial.
    pub fn new(plan: &'p Plan, header: &'p Header, trial: Trial) -> Self {
        let key = |purpose| DrawKey::new(trial.seed, trial.number, purpose);
        let mut site = Site::new(&plan.site, &plan.traffic, &plan.names, key("site"))
            .with_limits(plan.kept_times())
            .with_views(observers(plan))
            .with_probes(probes(plan));
        let limits = plan.playbook.latency_limits();
        let slow_after = plan.telemetry.slow_after(&limits);
        site.slow_after(slow_after);
        site.charge_by(limits.into_iter().chain([slow_after]).collect());
        site.count_as_errors(plan.telemetry.errors);
        let schedule =
            Schedule::new(drawn(plan, key("faults"))).with_fades(fades(plan, key("faults")));
        let conditions = Conditions::new(
            &plan.site,
            &plan.names,
            &plan.playbook.changes,
            &[],
            schedule.active(),
        );
        let words = PlanWording::new(plan);
        let mut gameday = Gameday {
            plan,
            site,
            monitor: Monitor::new(&plan.playbook, &plan.names),
            schedule,
            humans: SimulatedPeople::new(plan, key("people")),
            seats: Seats::default(),
            pipelines: Pipelines::new(plan, key("changes")),
            notices: Notices::new(key("notices")),
            messages: Messages::new(plan, key("messages")),
            reports: Reports::new(&plan.reports, key("reports")),
            starters: ConditionalFaults::new(plan),
            agenda: Agenda::new(),
            next_scrape: Time::ZERO + plan.telemetry.every,
            under_way: VecDeque::new(),
            in_effect: Vec::new(),
            rolling: Vec::new(),
            conditions,
            ledger: Ledger::new(header, words),
            marks: TotalsSnapshots::default(),
            grounds: AlertAttribution::new(plan),
            inputs: None,
            charges: None,
            over: false,
            stop: None,
            stopped: false,
        };
        gameday.expect_messages();
        gameday.settle(Time::ZERO);
        gameday
    }

    /// Leaves the readings out of the entries, and hands out none until the end: much less to
    /// write down, and the same story. What happens does not depend on who writes it down.
    pub fn without_readings(mut self) -> Self {
        self.ledger.leave_out_readings();
        self
    }

    /// Polls this while the site runs, and ends the gameday where it is once it returns true.
    /// What happens before does not depend on it.
    pub fn stopped_by(mut self, stop: &'p (dyn Fn() -> bool + Sync)) -> Self {
        self.stop = Some(stop);
        self
    }

    /// Whether it was stopped before its end.
    pub fn is_stopped(&self) -> bool {
        self.stopped
    }

    /// The same before it begins, with these limits of response times counted exactly instead of
    /// those of the plan's rules.
    pub fn with_limits(self, limits: Limits) -> Self {
        Gameday { site: self.site.with_limits(limits), ..self }
    }

    /// Keeps what the monitor is told from now on, for [`Gameday::drain_inputs`].
    pub fn recording(mut self) -> Self {
        self.inputs = Some(Vec::new());
        self
    }

    /// What the monitor was told since the last call, in order; nothing unless recording.
    pub fn drain_inputs(&mut self) -> Vec<(Time, MonitorInput)> {
        self.inputs.as_mut().map(std::mem::take).unwrap_or_default()
    }

    /// The time that users have lost so far; see [`crate::site::SiteTotals::lost`].
    pub fn lost(&self) -> Span {
        self.site.totals().lost
    }

    /// Tells the monitor something. False only for an answer that nothing waits for any more.
    fn inform(&mut self, now: Time, input: MonitorInput) -> bool {
        let awaited = self.monitor.take(now, &input);
        if let Some(inputs) = &mut self.inputs {
            inputs.push((now, input));
        }
        awaited
    }

    /// Keeps every attempt at the entry for [`Gameday::drain_attempts`]. What happens does not
    /// depend on it.
    pub fn with_attempts(mut self) -> Self {
        self.site.keep_attempts();
        self
    }

    /// The attempts that have ended since the last call, in order.
    pub fn drain_attempts(&mut self) -> Vec<RequestAttempt> {
        self.site.take_attempts()
    }

    /// Keeps what each interval is charged to for [`Gameday::drain_charges`].
    pub fn with_charges(mut self) -> Self {
        self.charges = Some(Vec::new());
        self
    }

    /// What the intervals since the last call are charged to, in order.
    pub fn drain_charges(&mut self) -> Vec<Charges> {
        self.charges.as_mut().map(std::mem::take).unwrap_or_default()
    }

    /// Handles the next control event, after the site has run up to it; `None` when it is over.
    pub fn step(&mut self) -> Option<Time> {
        let end = Time::ZERO + self.plan.lasts;
        let now = self.next_at();
        if self.over || self.stopped || now > end {
            if !self.over && !self.stopped {
                self.run_site(end);
                self.over = !self.stopped;
            }
            return None;
        }
        self.run_site(now);
        if self.stopped {
            return None;
        }
        // At the same moment, what was seen comes before what breaks, and that before what people
        // and pipelines do, so that an interval never shows what happened after its end.
        if self.next_scrape == now {
            self.scrape(now);
        } else if self.schedule.next_edge() == Some(now) {
            let edges = self.schedule.clock(now);
            self.apply_fault_edges(now, &edges);
        } else if self.agenda.next_at() == Some(now) {
            let (_, control) = self.agenda.next_before(Time(now.0 + 1)).expect("one is due");
            self.handle(now, control);
        } else {
            self.inform(now, MonitorInput::Wake);
        }
        self.settle(now);
        Some(now)
    }

    /// Lets the site run up to a moment, and writes down how its groups scaled on the way.
    fn run_site(&mut self, to: Time) {
        match self.stop {
            None => self.site.run_until(to),
            Some(stop) => self.stopped = stop() || self.site.run_until_stopped(to, stop),
        }
        for activity in self.site.take_activities() {
            let event = plan_wording::scaling(self.plan, &activity);
            self.ledger.write(activity.at, event);
        }
    }

    /// The moment of the next control event.
    pub fn next_at(&self) -> Time {
        let others = [self.schedule.next_edge(), self.agenda.next_at(), self.monitor.wake_at()];
        others.into_iter().flatten().fold(self.next_scrape, Time::min)
    }

    /// The entries since the last call, in order.
    pub fn drain(&mut self) -> Vec<Entry> {
        self.ledger.drain()
    }

    /// Everything but the readings, so far.
    pub fn story(&self) -> &Story {
        self.ledger.story()
    }

    fn handle(&mut self, now: Time, control: Control) {
        match control {
            Control::Deliver => {
                let reading = self.under_way.pop_front().expect("one is under way");
                self.ledger.reading(now, &reading);
                self.reading(now, reading);
            }
            Control::Answer(answer) => self.answer(now, answer),
            Control::Deployed(run) => {
                let drawn = self.pipelines.run(run);
                if drawn.is_left_to_the_table() {
                    self.deployed(now, run, drawn.fails);
                }
            }
            Control::Live(run) => self.live(now, run),
            Control::Noticed(fault, number) => self.noticed(now, fault, number),
            Control::Faded(fault) => self.fault_cleared(now, fault),
            Control::Batch => self.renew(now),
            Control::Message(number, turn) => self.message_turn(now, number, turn),
        }
    }

    /// Faults begin or end: everybody who feels it is told.
    fn apply_fault_edges(&mut self, now: Time, edges: &[Edge]) {
        for edge in edges {
            self.ledger.fault(now, self.plan, *edge);
            self.expect_notices(now, *edge);
        }
        if !edges.is_empty() {
            self.marks.note(now, self.site.totals());
        }
        self.renew(now);
    }

    /// Updates the site and everybody else to what is broken and changed right now.
    fn renew(&mut self, now: Time) {
        let mut conditions = Conditions::new(
            &self.plan.site,
            &self.plan.names,
            &self.plan.playbook.changes,
            &self.in_effect,
            self.schedule.felt_faults().iter().map(|(id, fault)| (*id, fault.as_ref())),
        );
        self.take_out(now, &mut conditions);
        self.conditions = conditions;
        self.site.apply(&self.conditions.site);
        self.site.hide(self.blind_spots());
    }

    /// Carries out what the monitor has said until nothing is left to do at this moment.
    fn settle(&mut self, now: Time) {
        loop {
            let said = self.outputs(now);
            let started = self.start_changes(now);
            let answered = self.deferred_answers(now) || self.deferred_messages(now);
            if !(said || started || answered) {
                break;
            }
        }
    }

    fn agenda_enter(&mut self, at: Time, control: Control) {
        self.agenda.enter(at, control);
    }

    /// How long the scenario lasts.
    pub fn lasts(&self) -> Span {
        self.plan.lasts
    }
}
