//! The sandbox's state. Accounts are separate, selected by `X-Sub-Account-Id`; the wallet, the held
//! numbers and the ledger are shared, as in the API.

use crate::account::{Account, Accounts};
use crate::agenda::Agenda;
use crate::calls::{Call, Scripts, Status};
use crate::capacity::Capacity;
use crate::errors::{ErrorForm, Failure};
use crate::host::Outbox;
use crate::ledger::Ledger;
use crate::limits::Limits;
use crate::random::Random;
use crate::records::Code;
use crate::replays::Replays;
use crate::requests::Caller;
use crate::store::{Record, SortedMap, Table, persist};
use crate::webhooks::Attempt;

/// Configuration of an engine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// Determines ids and the probabilities of fault rules. Default 1.
    pub seed: u64,
    /// Initial balance of the wallet, in cents. Default 10 000, a hundred dollars.
    pub balance_cents: i64,
    /// How long a call waits before it rings, in milliseconds. Default 300.
    pub queued_ms: u64,
    /// How long a call rings, in milliseconds. Default 1500.
    pub ringing_ms: u64,
    /// How long a call lasts unless it is ended before, in milliseconds. Default 6000.
    pub talking_ms: u64,
    /// How long a phone rings if it is not answered, in milliseconds. Default 25 000.
    pub no_answer_ms: u64,
    /// Whether the documented rate limits apply. Default true.
    pub limits: bool,
    /// Approximate limit for the state, in bytes of memory. Default 128 MiB.
    pub max_state_bytes: u64,
    /// Maximum number of objects of each kind per account. Default 100 000.
    pub max_objects: u64,
    /// Whether the API's rules for new accounts apply: one active call per number, and no SMS until a 10DLC
    /// registration is approved. Default false.
    pub strict: bool,
    /// The shape of error bodies with a code. Default: the documented envelope.
    pub errors: ErrorForm,
    /// Whether `Idempotency-Key` is honoured, which the real API does not do. Default false.
    pub idempotency_keys: bool,
}

// The skipped fields are set for each run: its limits, and how it behaves towards clients.
persist!(Config { seed, balance_cents, queued_ms, ringing_ms, talking_ms, no_answer_ms, limits } skip { max_state_bytes, max_objects, strict, errors, idempotency_keys });

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

persist!(World { shared, accounts });

/// State shared by all accounts.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) config: Config,
    pub(crate) ids: Random,
    pub(crate) wallet_cents: i64,
    /// Phone numbers that are held.
    pub(crate) held: SortedMap<String, Holder>,
    /// Keys issued by sign-up, and the accounts they belong to. Any other key is the master's.
    pub(crate) keys: SortedMap<String, String>,
    pub(crate) sign_ups: Table<Code>,
    pub(crate) ledger: Ledger,
    pub(crate) agenda: Agenda,
    pub(crate) limits: Limits,
    /// What the people on the other side do.
    pub(crate) scripts: Scripts,
    /// Webhook requests in flight.
    pub(crate) flights: SortedMap<u64, Attempt>,
    /// The accounts of calls that are not the master's, because a recording can be read without a key.
    pub(crate) homes: Table<CallOwner>,
    pub(crate) replays: Replays,
    pub(crate) outbox: Outbox,
    pub(crate) capacity: Capacity,
}

persist!(Shared {
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
} added { replays } skip { capacity });

/// The account that holds a phone number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Holder {
    pub(crate) account: String,
    pub(crate) number: String,
}

persist!(Holder { account, number });

/// The account that a call belongs to.
#[derive(Debug)]
pub(crate) struct CallOwner {
    call: String,
    account: String,
}

persist!(CallOwner { call, account });

impl Record for CallOwner {
    fn id(&self) -> &str {
        &self.call
    }
}

impl World {
    pub(crate) fn new(config: Config) -> Self {
        let shared = Shared {
            ids: Random::new(config.seed, 1),
            wallet_cents: config.balance_cents,
            held: SortedMap::default(),
            keys: SortedMap::default(),
            sign_ups: Table::default(),
            ledger: Ledger::default(),
            agenda: Agenda::default(),
            limits: Limits::default(),
            scripts: Scripts::default(),
            flights: SortedMap::default(),
            homes: Table::default(),
            replays: Replays::default(),
            outbox: Outbox::default(),
            capacity: Capacity::default(),
            config,
        };
        Self { shared, accounts: Accounts::default() }
    }

    /// Takes out the account for a request, with its name: the key's account, or its sub-account named by
    /// the header. It must be put back with [`World::leave`].
    pub(crate) fn enter(&mut self, caller: &Caller) -> Result<(String, Box<Account>), Failure> {
        let Caller { owner, sub_account } = caller;
        let account_name = if sub_account.is_empty() {
            owner.clone()
        } else {
            let known = self.accounts.get(owner).and_then(|a| a.sub_accounts.get(sub_account));
            known.ok_or_else(|| Failure::detail(404, "Sub-account not found"))?.id.clone()
        };
        let account = self.accounts.remove(&account_name).unwrap_or_default();
        Ok((account_name, account))
    }

    /// Takes out the account that a call belongs to; the master's if there is no such call.
    pub(crate) fn enter_call_owner(&mut self, path: &[(String, String)]) -> (String, Box<Account>) {
        let call = path.first().map_or("", |(_, id)| id);
        let account_name = self.shared.owner_of(call);
        let account = self.accounts.remove(&account_name).unwrap_or_default();
        (account_name, account)
    }

    /// Takes out the account that a message belongs to; the master's if there is no such message.
    pub(crate) fn enter_message_owner(&mut self, path: &[(String, String)]) -> (String, Box<Account>) {
        let message = path.first().map_or("", |(_, id)| id);
        let owner = self.accounts.iter().find(|(_, account)| account.messages.get(message).is_some());
        let account_name = owner.map_or_else(String::new, |(account_name, _)| account_name.clone());
        let account = self.accounts.remove(&account_name).unwrap_or_default();
        (account_name, account)
    }

    pub(crate) fn leave(&mut self, account_name: String, account: Box<Account>) {
        self.accounts.insert(account_name, account);
    }

    /// Drops scripts that nothing follows, once there are many.
    pub(crate) fn drop_scripts(&mut self) {
        if !self.shared.scripts.are_many() {
            return;
        }
        let lives = |account: &Account| -> Vec<usize> {
            let of = |status| account.calls.by_key(Call::BY_STATUS, Status::name(status)).oldest();
            Status::LIVE.into_iter().flat_map(of).map(|call| call.script).collect()
        };
        let followed: Vec<usize> = self.accounts.iter().flat_map(|(_, account)| lives(account)).collect();
        self.shared.scripts.drop_all_but(&followed);
    }
}

impl Shared {
    /// An opaque id in the format of live ids.
    pub(crate) fn id(&mut self) -> String {
        self.ids.id("cm", 23)
    }

    /// Records which account a call belongs to.
    pub(crate) fn record_owner(&mut self, call: &str, account: &str) {
        if !account.is_empty() {
            self.homes.insert(CallOwner { call: call.to_owned(), account: account.to_owned() });
        }
    }

    /// The account that a call belongs to; the master's if there is no such call.
    pub(crate) fn owner_of(&self, call: &str) -> String {
        self.homes.get(call).map_or_else(String::new, |owner| owner.account.clone())
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
