//! Who may come in: visits at the door while a waiting room is in front of the site.

use super::engine::SiteEvent;
use super::run::Site;
use super::slab::PoolSlot;
use super::visitors::Visit;
use super::waiting_room::Held;
use crate::change::Admission;
use crate::traffic::VisitorHarm;

/// Purpose of a draw from a visit's key: how long it waits in a waiting room.
const WAITS: u64 = (1 << 32) + 3;

impl Site {
    /// A visit has come: it begins, or is held back.
    pub(super) fn begin_or_hold(&mut self, visit: PoolSlot<Visit>) {
        let now = self.engine.agenda.now();
        let open = self.room.gate.is_none() || self.engine.conditions.maintenance;
        if !open && (self.room.totals.waiting > 0 || self.room.opens_at() > now) {
            return self.hold_back(visit);
        }
        if !open {
            self.room.spend_token(now);
        }
        self.send_attempt(visit);
    }

    fn hold_back(&mut self, id: PoolSlot<Visit>) {
        let now = self.engine.agenda.now();
        let visit = self.visitors.visits[id];
        self.visitors.affect(&visit, VisitorHarm::Page);
        let patience = match self.room.gate.and_then(|gate| gate.waits) {
            Some(waits) => visit.key.child(WAITS).spread(waits),
            None => self.visitors.traffic.patience,
        };
        let nobody_waits = self.room.totals.waiting == 0;
        let number = self.room.hold(now, id);
        self.engine.agenda.enter(now + patience, SiteEvent::Leaves { number });
        if nobody_waits {
            // Whoever waited before has left, and what was entered for them is stale.
            self.room.run += 1;
            self.enter_admission();
        }
    }

    /// The next one is let in as soon as the rate allows.
    fn enter_admission(&mut self) {
        let at = self.room.opens_at().max(self.engine.agenda.now());
        self.engine.agenda.enter(at, SiteEvent::Admit { run: self.room.run });
    }

    /// Admits the next visitor, unless the rate has changed since.
    pub(super) fn admit(&mut self, run: u32) {
        if run != self.room.run {
            return;
        }
        let now = self.engine.agenda.now();
        if let Some(held) = self.room.next(now) {
            self.room.spend_token(now);
            self.admit_held(held);
        }
        if self.room.totals.waiting > 0 {
            self.enter_admission();
        }
    }

    fn admit_held(&mut self, held: Held) {
        let waited = self.engine.agenda.now() - held.since;
        let segment = self.visitors.visits[held.visit].segment;
        self.visitors.impact.add_lost_time(segment, waited);
        self.send_attempt(held.visit);
    }

    /// A visitor who is held back gives up, if still there.
    pub(super) fn leaves(&mut self, number: u32) {
        let Some(held) = self.room.leave(number) else { return };
        let visit = self.visitors.visits.remove(held.visit);
        let waited = self.engine.agenda.now() - held.since;
        let rest = self.visitors.rest_of(&visit);
        self.visitors.impact.add_lost_time(visit.segment, waited + rest);
    }

    /// The waiting room as it is from now on; once there is none, all who waited come in at once.
    pub(super) fn set_waiting_room(&mut self, gate: Option<Admission>) {
        if self.room.gate == gate {
            return;
        }
        let now = self.engine.agenda.now();
        self.room.set_rate(now, gate);
        if gate.is_some() {
            if self.room.totals.waiting > 0 {
                self.enter_admission();
            }
            return;
        }
        while let Some(held) = self.room.next(now) {
            self.admit_held(held);
        }
    }
}
