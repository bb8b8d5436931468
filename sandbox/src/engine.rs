//! One request from bytes to response: route, apply faults, perform, damage the response, record.
//!
//! Faults are looked up before the key is checked, because most of them simulate something in front of
//! the API (an edge, a proxy, the network). What they do to the response happens after the effect.

use crate::agenda::Task;
use crate::contract::{Contract, Route};
use crate::control::{self, Control};
use crate::errors::Failure;
use crate::faults::{self, Faults, Probe};
use crate::host::{Outgoing, Output, SendResult};
use crate::http::{Request, Response, split_target};
use crate::ledger::Entry;
use crate::perform::{perform, repeat_as_another};
use crate::phone;
use crate::random::Random;
use crate::requests::{Incoming, Terms};
use crate::state::{Config, World};
use crate::store::{self, Saver, persist};
use serde_json::Value;

/// A local AgentPhone.
///
/// ```
/// use agentphone_sandbox::{Config, Engine, Request};
///
/// let mut engine = Engine::new(Config { seed: 7, ..Config::default() });
/// let request = Request {
///     method: "GET".into(),
///     target: "/v1/agents".into(),
///     headers: vec![("authorization".into(), "Bearer sk_test".into())],
///     body: Vec::new(),
/// };
/// let answer = engine.handle(&request, 1_790_000_000_000);
/// assert_eq!(answer.status, 200);
/// assert_eq!(answer.body, br#"{"data":[],"total":0}"#);
/// ```
#[derive(Debug)]
pub struct Engine {
    contract: Contract,
    config: Config,
    pub(crate) world: World,
    faults: Faults,
    request_ids: Random,
    /// The latest time the host has passed in. Time never runs backwards.
    now: u64,
}

const VERSION: u32 = 2;
/// The end of the year 2100, the latest time a host's clock may have: later times in a snapshot are
/// invalid.
const LAST: u64 = 4_133_980_799_999;

/// A snapshot.
#[derive(Debug)]
struct Saved {
    version: u32,
    now: u64,
    request_ids: Random,
    world: World,
}

persist!(Saved { version, now, request_ids, world });

impl Engine {
    /// A new sandbox: empty except for the money in the wallet.
    pub fn new(config: Config) -> Self {
        Self {
            contract: Contract::embedded(),
            world: World::new(config.clone()),
            faults: Faults::new(Random::new(config.seed, 2)),
            request_ids: Random::new(config.seed, 3),
            now: 0,
            config,
        }
    }

    /// Clears everything: state, wallet, ledger, fault rules. Open streams end.
    pub fn reset(&mut self) {
        let mut outbox = std::mem::take(&mut self.world.shared.outbox);
        outbox.reset();
        self.world = World::new(self.config.clone());
        self.world.shared.outbox = outbox;
        self.faults = Faults::new(Random::new(self.config.seed, 2));
        self.request_ids = Random::new(self.config.seed, 3);
    }

    /// Whether a target belongs to the API or to the control paths, so that a server can use other paths
    /// for files.
    pub fn owns(&self, target: &str) -> bool {
        let (path, _) = split_target(target);
        control::owns(path) || self.contract.owns(path)
    }

    /// Handles a request. `now_ms` is milliseconds since 1970; a time earlier than a previous one counts as
    /// that one.
    pub fn handle(&mut self, request: &Request, now_ms: u64) -> Response {
        self.answer(request, now_ms, false)
    }

    /// Like [`Engine::handle`], for a request from a web page that the host does not trust. Such requests
    /// may fill only half of the space.
    pub fn handle_guest(&mut self, request: &Request, now_ms: u64) -> Response {
        self.answer(request, now_ms, true)
    }

    fn answer(&mut self, request: &Request, now_ms: u64, guest: bool) -> Response {
        self.advance(now_ms);
        let now_ms = self.now;
        let (path, query) = split_target(&request.target);
        let mut response = if control::owns(path) {
            self.control(request, path, guest, now_ms)
        } else {
            self.serve(Incoming { request, path, query, guest, now: now_ms })
        };
        response.set("x-request-id", self.request_ids.id("req_", 16));
        response
    }

    /// Runs all tasks that are due. A host calls this at [`Engine::next_due`], and takes the outbox after
    /// this and after every other call that changes the engine.
    pub fn advance(&mut self, now_ms: u64) {
        self.now = self.now.max(now_ms);
        self.world.advance(&self.contract, self.now);
    }

    /// When the next task is due, if there is one. Any call may change it.
    pub fn next_due(&self) -> Option<u64> {
        self.world.shared.agenda.next_due()
    }

    /// Like [`Engine::next_due`], without the heartbeats of streams, which a clock that jumps need not stop
    /// for.
    pub fn next_event(&self) -> Option<u64> {
        self.world.shared.agenda.next_event()
    }

    /// What the host must do now. The timeout of an outgoing request starts here, so that a jump of the
    /// clock does not use up time that the user's server never had.
    pub fn take_outbox(&mut self) -> Vec<Output> {
        let taken = self.take_outbox_untimed();
        for send in taken.iter().filter_map(Output::send) {
            let due = self.now.saturating_add(send.timeout_ms);
            self.world.shared.agenda.at(due, Task::Timeout { flight: send.id });
        }
        taken
    }

    /// Like [`Engine::take_outbox`], for a host whose clock is not real time: it measures
    /// [`Outgoing::timeout_ms`] itself and reports timeouts with [`Engine::timed_out`].
    pub fn take_outbox_untimed(&mut self) -> Vec<Output> {
        let Self { world: World { shared, .. }, faults, .. } = self;
        let mut taken = shared.outbox.take();
        let doubled: Vec<Outgoing> =
            taken.iter().filter_map(Output::send).filter(|s| faults.doubles(s.event())).cloned().collect();
        taken.extend(doubled.into_iter().map(|send| shared.outbox.again(send)));
        taken
    }

    /// Reports the outcome of an outgoing request. Reports about an aborted request are ignored.
    pub fn sent(&mut self, id: u64, result: SendResult, now_ms: u64) {
        self.advance(now_ms);
        self.world.sent(id, result, self.now);
    }

    /// Reports that an outgoing request has timed out. Only after [`Engine::take_outbox_untimed`].
    pub fn timed_out(&mut self, id: u64, now_ms: u64) {
        self.advance(now_ms);
        self.world.expire(id, self.now);
    }

    /// Reports that the client has closed a stream.
    pub fn closed(&mut self, stream: u64) {
        self.world.shared.outbox.close(stream);
    }

    /// The latest time the host has passed in, in milliseconds since 1970.
    pub fn now(&self) -> u64 {
        self.now
    }

    /// Serializes the state for [`Engine::restore`]. Fault rules and open streams are left out: they belong
    /// to the process, not to the state. A webhook request that is in flight counts as failed after a
    /// restore.
    pub fn snapshot(&self) -> String {
        // The same output as serializing a `Saved`, which would need owned copies.
        let mut to = Saver::default();
        to.open();
        to.field("version", &VERSION);
        to.field("now", &self.now);
        to.field("request_ids", &self.request_ids);
        to.field("world", &self.world);
        to.close();
        to.into_text()
    }

    /// Restores the state of a snapshot, including its seed and initial balance; the rest of the
    /// configuration stays as this engine was created with. On an error nothing changes.
    pub fn restore(&mut self, snapshot: &str) -> Result<(), String> {
        let saved: Saved = store::load(snapshot).map_err(|e| restore_error(snapshot, &e))?;
        if saved.version != VERSION {
            return Err(other_version(saved.version.into()));
        }
        if saved.now > LAST {
            return Err("The snapshot cannot be read: it is of a time after the year 2100".to_owned());
        }
        self.reset();
        let mut outbox = std::mem::take(&mut self.world.shared.outbox);
        (self.now, self.request_ids, self.world) = (saved.now, saved.request_ids, saved.world);
        let Config { seed, balance_cents, .. } = self.world.shared.config;
        self.config = Config { seed, balance_cents, ..self.config.clone() };
        self.world.shared.config = self.config.clone();
        outbox.skip_to(self.world.shared.outbox.mark());
        self.world.shared.outbox = outbox;
        self.world.fail_in_flight(self.now);
        Ok(())
    }

    fn control(&mut self, request: &Request, path: &str, guest: bool, now: u64) -> Response {
        if control::is_reset(&request.method, path) {
            self.reset();
        }
        if control::grows(&request.method, path)
            && let Err(full) = self.world.admit(&request.body, guest, now)
        {
            return full.response(self.config.errors);
        }
        let Self { contract, world, faults, .. } = self;
        control::handle(&mut Control { request, now, contract, world, faults }, path)
    }

    fn serve(&mut self, incoming: Incoming<'_>) -> Response {
        let Incoming { request, path, now, .. } = incoming;
        let Self { contract, world, faults: rules, .. } = self;
        let route = contract.route(&request.method, path);
        let operation = match &route {
            Route::To(operation) => Some(*operation),
            Route::WrongMethod(_) | Route::Unknown => None,
        };
        let id = operation.map(|o| o.id);
        if let Some(id) = id {
            world.shared.ledger.received(id);
        }
        let to_number = id.and_then(|id| addressee(id, &request.body, rules.ask_number()));
        let to_number = to_number.as_deref();
        let verdict = rules.consult(&Probe { operation: id, method: &request.method, path, to_number, now });
        let mark = world.shared.outbox.mark();
        let form = world.shared.config.errors;
        let terms = Terms::of(&incoming, verdict.as_ref());
        let mut response = faults::apply(verdict.as_ref(), form, || match &route {
            Route::To(operation) => perform(contract, world, operation, incoming, terms.clone()),
            Route::WrongMethod(allow) => {
                let mut response = Failure::detail(405, "Method Not Allowed").response(form);
                response.set("allow", allow.as_str());
                response
            }
            Route::Unknown => Failure::detail(404, "Not Found").response(form),
        });
        if response.stream.is_none() {
            world.shared.outbox.close_after(mark);
        }
        if let Route::To(operation) = &route {
            repeat_as_another(world, operation, &incoming, terms);
        }
        response.operation = id;
        response.fault = verdict.map(|v| v.rule.into_boxed_str());
        world.shared.ledger.note(Entry {
            at: now,
            method: request.method.to_ascii_uppercase(),
            path: path.to_owned(),
            operation: id.map(str::to_owned),
            status: response.delivery.action.shows_status().then_some(response.status),
            fault: response.fault.as_deref().map(str::to_owned),
        });
        response
    }
}

/// Why a snapshot cannot be read. If it is from another version, that is the reason, not the fields it
/// lacks.
fn restore_error(snapshot: &str, error: &str) -> String {
    let raw: Value = serde_json::from_str(snapshot).unwrap_or_default();
    match raw.get("version").and_then(Value::as_u64) {
        Some(version) if version != u64::from(VERSION) => other_version(version),
        _ => format!("The snapshot cannot be read: {error}"),
    }
}

fn other_version(version: u64) -> String {
    format!("The snapshot is of version {version}, not {VERSION}")
}

/// The number that a call or text is addressed to. The body is parsed for it only if a rule may match
/// on it.
fn addressee(operation: &str, body: &[u8], wanted: bool) -> Option<String> {
    let name = match operation {
        "calls.create" => "toNumber",
        "messages.send" => "to_number",
        _ => return None,
    };
    let holds = |digits: &[u8; 3]| body.windows(3).any(|part| part == digits);
    // The digit groups of a magic number, however they are separated.
    let magic = holds(b"500") && holds(b"555");
    if !wanted && !magic {
        return None;
    }
    let body: Value = serde_json::from_slice(body).ok()?;
    phone::recipient(body.get(name)?.as_str()?)
}
