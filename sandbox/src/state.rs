//! All that the sandbox remembers. Accounts are apart, by `X-Sub-Account-Id`; the wallet, the lines
//! in use and the ledger are shared, as they are in the API.

use crate::account::{Account, Accounts};
use crate::agenda::{Agenda, Task};
use crate::calls::{self, Call, Scripts, Status};
use crate::contract::Contract;
use crate::deferred;
use crate::errors::{ErrorForm, Failure};
use crate::host::{Outbox, SendResult};
use crate::ledger::Ledger;
use crate::limits::Limits;
use crate::perform::Caller;
use crate::random::Random;
use crate::records::{Code, Number};
use crate::replays::Replays;
use crate::room::Room;
use crate::stage::Stage;
use crate::store::{Record, Small, Table, kept};
use crate::webhooks::{self, Flight};

/// What an engine starts from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// Decides ids and the dice of fault rules. Default 1.
    pub seed: u64,
    /// What the wallet holds at the start. Default 10 000, a hundred dollars.
    pub balance_cents: i64,
    /// How long a call waits before it rings. Default 300.
    pub queued_ms: u64,
    /// How long a call rings. Default 1500.
    pub ringing_ms: u64,
    /// How long a call talks if it is not ended. Default 6000.
    pub talking_ms: u64,
    /// How long a phone rings that is not picked up. Default 25 000.
    pub no_answer_ms: u64,
    /// Whether the documented limits of requests hold. Default true.
    pub limits: bool,
    /// How much may be kept, in bytes of memory, roughly. Default 128 MiB.
    pub max_state_bytes: u64,
    /// How many objects of a kind an account may have. Default 100 000.
    pub max_objects: u64,
    /// Whether the API's rules for new accounts hold: one active call per number, and no SMS until a 10DLC
    /// registration is approved. Default false.
    pub strict: bool,
    /// The form of error bodies that have a code.
    pub errors: ErrorForm,
    /// Whether `Idempotency-Key` is honoured, which the real API does not do. Default false.
    pub idempotency_keys: bool,
}

// The bounds are each run's own, and so is what a client is to meet.
kept!(Config { seed, balance_cents, queued_ms, ringing_ms, talking_ms, no_answer_ms, limits } skip { max_state_bytes, max_objects, strict, errors, idempotency_keys });

impl Default for Config {
    fn default() -> Self {
        Self {
            seed: 1,
            balance_cents: 10_000,
            queued_ms: 300,
            ringing_ms: 1500,
            talking_ms: 6000,
            no_answer_ms: 25_000,
            limits: true,
            max_state_bytes: 128 * 1024 * 1024,
            max_objects: 100_000,
            strict: false,
            errors: ErrorForm::Envelope,
            idempotency_keys: false,
        }
    }
}

#[derive(Debug)]
pub(crate) struct World {
    pub(crate) shared: Shared,
    /// The master account under the empty name, sub-accounts and signed-up accounts under their ids.
    pub(crate) accounts: Accounts,
}

kept!(World { shared, accounts });

/// What all accounts have in common.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) config: Config,
    pub(crate) ids: Random,
    pub(crate) wallet_cents: i64,
    /// Phone numbers that are taken.
    pub(crate) held: Small<String, Holder>,
    /// Keys that sign-up gave out, and the accounts they open. Any other key is the master's.
    pub(crate) keys: Small<String, String>,
    pub(crate) sign_ups: Table<Code>,
    pub(crate) ledger: Ledger,
    pub(crate) agenda: Agenda,
    pub(crate) limits: Limits,
    /// What the people say who are called.
    pub(crate) scripts: Scripts,
    /// Webhooks on their way.
    pub(crate) flights: Small<u64, Flight>,
    /// The accounts of calls that are not the master's: a recording is read without a key.
    pub(crate) homes: Table<Home>,
    pub(crate) replays: Replays,
    pub(crate) outbox: Outbox,
    pub(crate) room: Room,
}

kept!(Shared {
    config,
    ids,
    wallet_cents,
    held,
    keys,
    sign_ups,
    ledger,
    agenda,
    limits,
    scripts,
    flights,
    homes,
    outbox
} added { replays } skip { room });

/// Whose a phone number is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Holder {
    pub(crate) account: String,
    pub(crate) number: String,
}

kept!(Holder { account, number });

/// The account of a call.
#[derive(Debug)]
pub(crate) struct Home {
    call: String,
    account: String,
}

kept!(Home { call, account });

impl Record for Home {
    fn id(&self) -> &str {
        &self.call
    }
}

impl World {
    pub(crate) fn new(config: Config) -> Self {
        let shared = Shared {
            ids: Random::new(config.seed, 1),
            wallet_cents: config.balance_cents,
            held: Small::default(),
            keys: Small::default(),
            sign_ups: Table::default(),
            ledger: Ledger::default(),
            agenda: Agenda::default(),
            limits: Limits::default(),
            scripts: Scripts::default(),
            flights: Small::default(),
            homes: Table::default(),
            replays: Replays::default(),
            outbox: Outbox::default(),
            room: Room::default(),
            config,
        };
        Self { shared, accounts: Accounts::default() }
    }

    /// Takes out the account that a request is for, with its name: that of the key, or the
    /// sub-account of it that the header names. It must be put back with [`World::leave`].
    pub(crate) fn enter(&mut self, caller: &Caller) -> Result<(String, Box<Account>), Failure> {
        let Caller { owner, sub_account } = caller;
        let scope = if sub_account.is_empty() {
            owner.clone()
        } else {
            let known = self.accounts.get(owner).and_then(|a| a.sub_accounts.get(sub_account));
            known.ok_or_else(|| Failure::detail(404, "Sub-account not found"))?.id.clone()
        };
        let account = self.accounts.remove(&scope).unwrap_or_default();
        Ok((scope, account))
    }

    /// Takes out the account whose call it is, the master's when there is no such call.
    pub(crate) fn enter_home(&mut self, path: &[(String, String)]) -> (String, Box<Account>) {
        let call = path.first().map_or("", |(_, id)| id);
        let scope = self.shared.home(call);
        let account = self.accounts.remove(&scope).unwrap_or_default();
        (scope, account)
    }

    /// Takes out the account whose message it is, the master's when there is no such message.
    pub(crate) fn enter_with_message(&mut self, path: &[(String, String)]) -> (String, Box<Account>) {
        let message = path.first().map_or("", |(_, id)| id);
        let owner = self.accounts.iter().find(|(_, account)| account.messages.get(message).is_some());
        let scope = owner.map_or_else(String::new, |(scope, _)| scope.clone());
        let account = self.accounts.remove(&scope).unwrap_or_default();
        (scope, account)
    }

    pub(crate) fn leave(&mut self, scope: String, account: Box<Account>) {
        self.accounts.insert(scope, account);
    }

    /// Does what time alone has brought about until `now`, each task at its own instant.
    pub(crate) fn advance(&mut self, contract: &Contract, now: u64) {
        while let Some((due, task)) = self.shared.agenda.take_due(now) {
            self.shared.room.add(0);
            match task {
                Task::Perform { request } => deferred::run(contract, self, &request, due),
                task => self.perform(due, &task),
            }
        }
    }

    /// Forgets the scripts that are no longer followed, when there are many.
    pub(crate) fn drop_scripts(&mut self) {
        if !self.shared.scripts.are_many() {
            return;
        }
        let lives = |account: &Account| -> Vec<usize> {
            let of = |status| account.calls.filed(Call::BY_STATUS, Status::name(status)).oldest();
            Status::LIVE.into_iter().flat_map(of).map(|call| call.script).collect()
        };
        let followed: Vec<usize> = self.accounts.iter().flat_map(|(_, account)| lives(account)).collect();
        self.shared.scripts.drop_all_but(&followed);
    }

    /// News of an outgoing request.
    pub(crate) fn sent(&mut self, id: u64, result: SendResult, now: u64) {
        if !self.shared.outbox.accept(id, &result) {
            return;
        }
        if let SendResult::Body(bytes) = &result {
            self.shared.room.add(bytes.len());
        }
        self.on_flight(id, now, |stage| webhooks::news(stage, id, result));
    }

    /// The time of an outgoing request is over.
    pub(crate) fn expire(&mut self, id: u64, now: u64) {
        self.on_flight(id, now, |stage| webhooks::expire(stage, id));
        // A duplicate has no flight, and is not waited for any longer either.
        self.shared.outbox.abort(id);
    }

    fn on_flight(&mut self, id: u64, now: u64, act: impl FnOnce(&mut Stage<'_>)) {
        let Some(scope) = self.shared.flights.get(&id).map(|f| f.account.clone()) else { return };
        match self.stage(&scope, now) {
            Some(mut stage) => act(&mut stage),
            // The account was closed meanwhile.
            None => {
                self.shared.flights.remove(&id);
            }
        }
    }

    /// After a restart: what was on its way is lost.
    pub(crate) fn revive(&mut self, now: u64) {
        let flights: Vec<u64> = self.shared.flights.iter().map(|(id, _)| *id).collect();
        for id in flights {
            let lost = SendResult::Failed("The sandbox was restarted".into());
            self.on_flight(id, now, |stage| webhooks::news(stage, id, lost));
        }
    }

    /// An account at work outside of a request.
    pub(crate) fn stage<'a>(&'a mut self, scope: &'a str, now: u64) -> Option<Stage<'a>> {
        let account = self.accounts.get_mut(scope)?;
        Some(Stage { account, scope, shared: &mut self.shared, now })
    }

    fn perform(&mut self, now: u64, task: &Task) {
        match task {
            Task::Heartbeat { stream } => return calls::beat(&mut self.shared, *stream, now),
            Task::Timeout { flight } => return self.expire(*flight, now),
            _ => {}
        }
        let Some(mut stage) = task.account().and_then(|name| self.stage(name, now)) else { return };
        let Stage { account, scope, shared, .. } = &mut stage;
        match task {
            Task::Call { call, plan, step, .. } => calls::step(&mut stage, call, *plan, *step),
            Task::WaitOver { call, stream, .. } => calls::release(&mut stage, call, *stream),
            Task::Retry { delivery, .. } => webhooks::retry(&mut stage, delivery),
            Task::ExpireNumber { number, .. } => account.expire_number(shared, number, now),
            Task::RenewNumber { number, .. } => account.renew_number(shared, scope, number, now),
            Task::CloseAccount { account: name } => {
                calls::end_all(&mut stage);
                self.shared.held.retain(|holder| holder.account != *name);
                self.accounts.remove(name);
                self.shared.room.free();
            }
            Task::Heartbeat { .. } | Task::Timeout { .. } | Task::Perform { .. } => {}
        }
    }
}

impl Shared {
    /// An opaque id in the form that live ids have.
    pub(crate) fn id(&mut self) -> String {
        self.ids.id("cm", 23)
    }

    /// Notes whose a call is.
    pub(crate) fn house(&mut self, call: &str, account: &str) {
        if !account.is_empty() {
            self.homes.insert(Home { call: call.to_owned(), account: account.to_owned() });
        }
    }

    /// The account of a call, the master's when there is no such call.
    pub(crate) fn home(&self, call: &str) -> String {
        self.homes.get(call).map_or_else(String::new, |home| home.account.clone())
    }

    /// Takes a number off the market, and notes when it is to be paid again and when it expires.
    pub(crate) fn hold(&mut self, number: &Number, holder: Holder) {
        let Holder { account, number: id } = holder.clone();
        self.agenda.at(number.paid_until, Task::RenewNumber { account, number: id });
        if let Some(at) = number.expires_at {
            let Holder { account, number: id } = holder.clone();
            self.agenda.at(at, Task::ExpireNumber { account, number: id });
        }
        self.held.insert(number.phone.clone(), holder);
    }

    pub(crate) fn can_pay(&self, cents: i64) -> bool {
        self.wallet_cents >= cents
    }

    pub(crate) fn charge(&mut self, cents: u64) {
        let cents = i64::try_from(cents).unwrap_or(i64::MAX);
        self.wallet_cents = self.wallet_cents.saturating_sub(cents);
        self.ledger.money_spent_cents = self.ledger.money_spent_cents.saturating_add(cents);
    }
}
