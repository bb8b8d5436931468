//! What happens without a request: tasks that are due, and reports about outgoing requests.

use crate::account_scope::AccountScope;
use crate::agenda::Task;
use crate::contract::Contract;
use crate::host::SendResult;
use crate::perform::perform_late;
use crate::state::World;
use crate::{calling, delivering};

impl World {
    /// Runs all tasks due by `now`, each at its own instant.
    pub(crate) fn advance(&mut self, contract: &Contract, now: u64) {
        while let Some((due, task)) = self.shared.agenda.take_due(now) {
            self.shared.capacity.add(0);
            match task {
                Task::Perform { request } => perform_late(contract, self, &request, due),
                task => self.perform(due, &task),
            }
        }
    }

    /// Handles a report about an outgoing request.
    pub(crate) fn sent(&mut self, id: u64, result: SendResult, now: u64) {
        if !self.shared.outbox.accept(id, &result) {
            return;
        }
        if let SendResult::Body(bytes) = &result {
            self.shared.capacity.add(bytes.len());
        }
        self.on_attempt(id, now, |scope| delivering::report(scope, id, result, calling::respond));
    }

    /// Handles the timeout of an outgoing request.
    pub(crate) fn expire(&mut self, id: u64, now: u64) {
        self.on_attempt(id, now, |scope| delivering::expire(scope, id, calling::respond));
        // A duplicate is not in `flights`, and must be aborted as well.
        self.shared.outbox.abort(id);
    }

    fn on_attempt(&mut self, id: u64, now: u64, act: impl FnOnce(&mut AccountScope<'_>)) {
        let Some(account_name) = self.shared.flights.get(&id).map(|f| f.account.clone()) else { return };
        match self.scope(&account_name, now) {
            Some(mut scope) => act(&mut scope),
            // The account has been closed since.
            None => {
                self.shared.flights.remove(&id);
            }
        }
    }

    /// After a restart: fails the requests that were in flight.
    pub(crate) fn fail_in_flight(&mut self, now: u64) {
        let flights: Vec<u64> = self.shared.flights.iter().map(|(id, _)| *id).collect();
        for id in flights {
            let lost = SendResult::Failed("The sandbox was restarted".into());
            self.on_attempt(id, now, |scope| delivering::report(scope, id, lost, calling::respond));
        }
    }

    fn perform(&mut self, now: u64, task: &Task) {
        match task {
            Task::Heartbeat { stream } => return calling::heartbeat(&mut self.shared, *stream, now),
            Task::Timeout { flight } => return self.expire(*flight, now),
            _ => {}
        }
        let Some(mut scope) = task.account().and_then(|name| self.scope(name, now)) else { return };
        let AccountScope { account, account_name, shared, .. } = &mut scope;
        match task {
            Task::Call { call, plan, step, .. } => calling::step(&mut scope, call, *plan, *step),
            Task::WaitOver { call, stream, .. } => calling::release(&mut scope, call, *stream),
            Task::Retry { delivery, .. } => delivering::retry(&mut scope, delivery),
            Task::ExpireNumber { number, .. } => account.expire_number(shared, number, now),
            Task::RenewNumber { number, .. } => account.renew_number(shared, account_name, number, now),
            Task::CloseAccount { account: name } => {
                calling::end_all(&mut scope);
                self.shared.held.retain(|holder| holder.account != *name);
                self.accounts.remove(name);
                self.shared.capacity.free();
            }
            Task::Heartbeat { .. } | Task::Timeout { .. } | Task::Perform { .. } => {}
        }
    }
}
