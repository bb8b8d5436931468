//! One request, from bytes to answer: route, fault, perform, damage, note.
//!
//! A fault is looked up before the key is checked, because most of what it plays (an edge, a proxy,
//! a cable) stands before the API; what it does to the answer comes after the effect.

use crate::agenda::Task;
use crate::contract::{Contract, Route};
use crate::control::{self, Control};
use crate::errors::Failure;
use crate::faults::{self, Faults, Probe};
use crate::host::{Outgoing, Output, SendResult};
use crate::http::{Request, Response, split_target};
use crate::ledger::Entry;
use crate::perform::{Asked, Terms, perform, repeat_as_another};
use crate::phone;
use crate::random::Random;
use crate::state::{Config, World};
use crate::store::{self, Saver, kept};
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
    /// The latest time that the host has passed. Time never runs back here.
    now: u64,
}

const VERSION: u32 = 2;
/// The end of the year 2100, where the clocks of hosts end: no state was saved after it.
const LAST: u64 = 4_133_980_799_999;

/// A snapshot.
#[derive(Debug)]
struct Saved {
    version: u32,
    now: u64,
    request_ids: Random,
    world: World,
}

kept!(Saved { version, now, request_ids, world });

impl Engine {
    /// A sandbox with nothing in it but money.
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

    /// Forgets everything: state, wallet, ledger, fault rules. Open streams end.
    pub fn reset(&mut self) {
        let mut outbox = std::mem::take(&mut self.world.shared.outbox);
        outbox.reset();
        self.world = World::new(self.config.clone());
        self.world.shared.outbox = outbox;
        self.faults = Faults::new(Random::new(self.config.seed, 2));
        self.request_ids = Random::new(self.config.seed, 3);
    }

    /// Whether a target belongs to the API or to the control paths, so that a server can use other
    /// paths for files.
    pub fn owns(&self, target: &str) -> bool {
        let (path, _) = split_target(target);
        control::owns(path) || self.contract.owns(path)
    }

    /// Answers a request. `now_ms` is milliseconds since 1970; a time before an earlier one counts
    /// as that one.
    pub fn handle(&mut self, request: &Request, now_ms: u64) -> Response {
        self.answer(request, now_ms, false)
    }

    /// The same for a request of a page that the host does not know. Such pages may fill half of what
    /// may be kept.
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
            self.serve(Asked { request, path, query, guest, now: now_ms })
        };
        response.set("x-request-id", self.request_ids.id("req_", 16));
        response
    }

    /// Does what is due. A host calls it at [`Engine::next_due`], and
    /// takes the outbox after this and after each of the other calls that change the engine.
    pub fn advance(&mut self, now_ms: u64) {
        self.now = self.now.max(now_ms);
        self.world.advance(&self.contract, self.now);
    }

    /// When something is to happen next, if anything is. Any call may change it.
    pub fn next_due(&self) -> Option<u64> {
        self.world.shared.agenda.next_due()
    }

    /// The same without the heartbeats of streams, which a clock that jumps need not stop for.
    pub fn next_event(&self) -> Option<u64> {
        self.world.shared.agenda.next_event()
    }

    /// What the host is to do now. The time of an outgoing request begins here: a jump of the clock
    /// must not use up what the user's server never had.
    pub fn take_outbox(&mut self) -> Vec<Output> {
        let taken = self.take_outbox_untimed();
        for send in taken.iter().filter_map(Output::send) {
            let due = self.now.saturating_add(send.timeout_ms);
            self.world.shared.agenda.at(due, Task::Timeout { flight: send.id });
        }
        taken
    }

    /// The same for a host whose clock is not real time while the user's server is: it measures
    /// [`Outgoing::timeout_ms`] itself, and reports with [`Engine::timed_out`] what took longer.
    pub fn take_outbox_untimed(&mut self) -> Vec<Output> {
        let Self { world: World { shared, .. }, faults, .. } = self;
        let mut taken = shared.outbox.take();
        let doubled: Vec<Outgoing> =
            taken.iter().filter_map(Output::send).filter(|s| faults.doubles(s.event())).cloned().collect();
        taken.extend(doubled.into_iter().map(|send| shared.outbox.again(send)));
        taken
    }

    /// Tells what became of an outgoing request. News of one that was aborted is ignored.
    pub fn sent(&mut self, id: u64, result: SendResult, now_ms: u64) {
        self.advance(now_ms);
        self.world.sent(id, result, self.now);
    }

    /// Tells that an outgoing request has had its time. Only after [`Engine::take_outbox_untimed`].
    pub fn timed_out(&mut self, id: u64, now_ms: u64) {
        self.advance(now_ms);
        self.world.expire(id, self.now);
    }

    /// The client has left a stream.
    pub fn closed(&mut self, stream: u64) {
        self.world.shared.outbox.close(stream);
    }

    /// The latest time that it was passed, in milliseconds since 1970.
    pub fn now(&self) -> u64 {
        self.now
    }

    /// The state as text, for [`Engine::restore`]. Fault rules and open streams are not in it: they
    /// belong to a run, not to the state. A webhook that was on its way counts as failed afterwards.
    pub fn snapshot(&self) -> String {
        // As `Saved` would be written, which owns what is only borrowed here.
        let mut to = Saver::default();
        to.open();
        to.field("version", &VERSION);
        to.field("now", &self.now);
        to.field("request_ids", &self.request_ids);
        to.field("world", &self.world);
        to.close();
        to.into_text()
    }

    /// Takes over the state of a snapshot, with the seed of its ids and what its wallet began with; the
    /// rest of the configuration stays as this run was told. When it is refused nothing has changed.
    pub fn restore(&mut self, snapshot: &str) -> Result<(), String> {
        let saved: Saved = store::load(snapshot).map_err(|e| misread(snapshot, &e))?;
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
        self.world.revive(self.now);
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

    fn serve(&mut self, asked: Asked<'_>) -> Response {
        let Asked { request, path, now, .. } = asked;
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
        let terms = Terms::of(&asked, verdict.as_ref());
        let response = faults::answer(verdict.as_ref(), form, || match &route {
            Route::To(operation) => perform(contract, world, operation, asked, terms.clone()),
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
            repeat_as_another(world, operation, &asked, terms);
        }
        world.shared.ledger.note(Entry {
            at: now,
            method: request.method.to_ascii_uppercase(),
            path: path.to_owned(),
            operation: id.map(str::to_owned),
            status: response.delivery.action.shows_status().then_some(response.status),
            fault: verdict.map(|v| v.rule),
        });
        response
    }
}

/// Why a snapshot cannot be read. That of another version lacks fields, which is not what is wrong with it.
fn misread(snapshot: &str, error: &str) -> String {
    let raw: Value = serde_json::from_str(snapshot).unwrap_or_default();
    match raw.get("version").and_then(Value::as_u64) {
        Some(version) if version != u64::from(VERSION) => other_version(version),
        _ => format!("The snapshot cannot be read: {error}"),
    }
}

fn other_version(version: u64) -> String {
    format!("The snapshot is of version {version}, not {VERSION}")
}

/// Whom a call or a text is for. A body is read for it only if some rule could ask.
fn addressee(operation: &str, body: &[u8], asked: bool) -> Option<String> {
    let name = match operation {
        "calls.create" => "toNumber",
        "messages.send" => "to_number",
        _ => return None,
    };
    let holds = |digits: &[u8; 3]| body.windows(3).any(|part| part == digits);
    // The parts of a magic number, however they are separated.
    let magic = holds(b"500") && holds(b"555");
    if !asked && !magic {
        return None;
    }
    let body: Value = serde_json::from_slice(body).ok()?;
    phone::recipient(body.get(name)?.as_str()?)
}
