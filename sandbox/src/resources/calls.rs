//! Creates, reads and ends calls. What happens during a call is in `calling`.

use super::ctx::{Ctx, RawRow, Row, no_agent, no_call, no_number};
use super::listing::page;
use crate::account::Account;
use crate::calling;
use crate::calls::{self, Call, Direction, Reason, Status};
use crate::errors::Failure;
use crate::faults::StartedAt;
use crate::http::Response;
use crate::json::json;
use crate::phone;
use crate::records::{Agent, Number};
use crate::strict;
use serde_json::{Map, Value};

/// Maximum size in bytes of a greeting after substitution.
const LONGEST_GREETING: usize = 1024 * 1024;

pub(crate) const ROWS: &[Row] = &[
    ("calls.list", list),
    ("agents.calls.list", list_of_agent),
    ("numbers.calls.list", list_of_number),
    ("calls.createWeb", create_web),
    ("calls.end", end),
    ("calls.transcript.get", transcript),
];

pub(crate) const RAW_ROWS: &[RawRow] = &[
    ("calls.create", create),
    ("calls.get", get),
    ("calls.transcript.stream", stream),
    ("calls.recording.get", recording),
];

/// Default time in seconds that a request waits for a call to end.
const CREATE_WAIT: u64 = 600;
const GET_WAIT: u64 = 300;

fn list(ctx: &mut Ctx<'_>) -> Result<Value, Failure> {
    let (base, now) = (ctx.base(), ctx.now);
    let status = ctx.input.query_text("status");
    let direction = ctx.input.query_text("direction");
    let kind = ctx.input.query_text("type");
    let search = ctx.input.query_text("search");
    let render = |call: &Call| call.summary(&base, now);
    let table = &ctx.account.calls;
    let fits = |call: &&Call| {
        direction.is_none_or(|d| call.direction.name() == d)
            && kind.is_none_or(|k| call.direction.kind() == k)
            && search.is_none_or(|part| call.from.contains(part) || call.to.contains(part))
    };
    let filtered = direction.or(kind).or(search).is_some();
    Ok(match status {
        None if !filtered => page(ctx, table, render),
        None => page(ctx, table.newest(0).filter(fits).collect::<Vec<_>>(), render),
        Some(status) => {
            let found = table.by_key(Call::BY_STATUS, status);
            if filtered {
                page(ctx, found.newest(0).filter(fits).collect::<Vec<_>>(), render)
            } else {
                page(ctx, found, render)
            }
        }
    })
}

fn list_of_agent(ctx: &mut Ctx<'_>) -> Result<Value, Failure> {
    let id = ctx.input.path("agent_id");
    ctx.account.agents.get(id).ok_or_else(no_agent)?;
    let (base, now) = (ctx.base(), ctx.now);
    Ok(page(ctx, ctx.account.calls.by_key(Call::OF_AGENT, id), |call| call.summary(&base, now)))
}

fn list_of_number(ctx: &mut Ctx<'_>) -> Result<Value, Failure> {
    let id = ctx.input.path("number_id");
    ctx.account.numbers.get(id).ok_or_else(no_number)?;
    let (base, now) = (ctx.base(), ctx.now);
    Ok(page(ctx, ctx.account.calls.by_key(Call::OF_NUMBER, id), |call| call.summary(&base, now)))
}

/// With `waitForCompletion` the response is sent when the call has ended.
fn create(ctx: &mut Ctx<'_>) -> Result<Response, Failure> {
    let (id, placed) = place(ctx)?;
    if ctx.input.body.get("waitForCompletion") != Some(&json!(true)) {
        return Ok(Response::json(200, &placed));
    }
    let seconds = ctx.input.body.get("maxWaitSeconds").and_then(Value::as_u64).unwrap_or(CREATE_WAIT);
    let base = ctx.base();
    Ok(calling::wait(&mut ctx.scope(), &id, &base, seconds))
}

/// Places a call and returns its id and its JSON.
fn place(ctx: &mut Ctx<'_>) -> Result<(String, Value), Failure> {
    let input = ctx.input;
    let agent = ctx.account.agents.get(input.text("agentId").unwrap_or_default()).ok_or_else(no_agent)?;
    let to = input.text("toNumber").unwrap_or_default();
    if let Some(reason) = phone::refuse_call(to) {
        return Err(Failure::field("toNumber", reason));
    }
    let number = caller(ctx.account, &agent.id, input.text("fromNumberId"))?;
    if number.inbound_only {
        return Err(Failure::code("INBOUND_ONLY"));
    }
    let strict = strict::holds(&ctx.shared.config, to);
    if let Some(refusal) = strict.then(|| strict::refuse_call(ctx.account, number)).flatten() {
        return Err(refusal);
    }
    let hosted = agent.is_hosted() || input.text("systemPrompt").is_some();
    let variables = variables(&input.body, hosted)?;
    if !ctx.shared.can_pay(1) {
        return Err(Failure::code("INSUFFICIENT_BALANCE"));
    }
    let words = input.text("initialGreeting").or_else(|| agent.text("beginMessage"));
    let call = Call {
        number_id: number.id.clone(),
        from: number.phone.clone(),
        to: to.to_owned(),
        script: ctx.shared.scripts.of(to),
        greeting: words.map(|words| fill(words, variables)).transpose()?,
        record: ctx.records() && input.body.get("disableRecording") != Some(&json!(true)),
        started_at: ctx.race.started_at,
        ..Call::of(agent, hosted, Direction::Outbound, ctx.shared.id(), ctx.now)
    };
    ctx.shared.ledger.calls_placed += 1;
    let placed = (call.id.clone(), call.whole(&ctx.base(), ctx.now));
    ctx.created_id = Some(call.id.clone());
    calling::place(&mut ctx.scope(), call);
    Ok(placed)
}

fn create_web(ctx: &mut Ctx<'_>) -> Result<Value, Failure> {
    let input = ctx.input;
    let agent = ctx.account.agents.get(input.text("agentId").unwrap_or_default()).ok_or_else(no_agent)?;
    let hosted = agent.is_hosted();
    let variables = variables(&input.body, hosted)?;
    if !ctx.shared.can_pay(1) {
        return Err(Failure::code("INSUFFICIENT_BALANCE"));
    }
    let greeting = agent.text("beginMessage").map(|words| fill(words, variables)).transpose()?;
    let own = ctx.account.numbers_of(&agent.id).next().map(|n| n.phone.clone());
    let token = ctx.shared.ids.id("wct_", 32);
    let call = Call {
        from: "web".into(),
        to: own.unwrap_or_else(|| "web".into()),
        script: ctx.shared.scripts.of("web"),
        greeting,
        record: ctx.records(),
        token: Some(token.clone()),
        ..Call::of(agent, hosted, Direction::Web, ctx.shared.id(), ctx.now)
    };
    let id = call.id.clone();
    ctx.created_id = Some(id.clone());
    calling::place(&mut ctx.scope(), call);
    Ok(json!({ "accessToken": token, "callId": id }))
}

/// With `wait` the response is sent when the call has ended.
fn get(ctx: &mut Ctx<'_>) -> Result<Response, Failure> {
    let id = ctx.input.path("call_id");
    let call = ctx.account.calls.get(id).ok_or_else(no_call)?;
    if call.is_over() || ctx.input.query.get("wait") != Some(&json!(true)) {
        return Ok(Response::json(200, &call.whole(&ctx.base(), ctx.now)));
    }
    let seconds = ctx.input.query_count("timeout").map_or(GET_WAIT, |seconds| seconds as u64);
    let base = ctx.base();
    Ok(calling::wait(&mut ctx.scope(), id, &base, seconds))
}

/// The response shows the call as it was when the request was accepted; the next read shows it ended,
/// as the contract says. Ending an ended call changes nothing.
fn end(ctx: &mut Ctx<'_>) -> Result<Value, Failure> {
    let id = ctx.input.path("call_id");
    let call = ctx.account.calls.get(id).ok_or_else(no_call)?;
    let answer = call.whole(&ctx.base(), ctx.now);
    calling::end(&mut ctx.scope(), id, Status::Completed, Reason::AgentHangup);
    Ok(answer)
}

fn transcript(ctx: &mut Ctx<'_>) -> Result<Value, Failure> {
    let call = ctx.account.calls.get(ctx.input.path("call_id")).ok_or_else(no_call)?;
    Ok(call.transcript(ctx.now))
}

fn stream(ctx: &mut Ctx<'_>) -> Result<Response, Failure> {
    let id = ctx.input.path("call_id");
    calling::open_stream(&mut ctx.scope(), id).ok_or_else(no_call)
}

fn recording(ctx: &mut Ctx<'_>) -> Result<Response, Failure> {
    let call = ctx.account.calls.get(ctx.input.path("call_id")).ok_or_else(no_call)?;
    calls::recording(call, ctx.request).ok_or_else(|| Failure::detail(404, "Recording not found"))
}

/// The number to call from: the requested one, or the agent's first.
fn caller<'a>(account: &'a Account, agent: &'a str, asked: Option<&str>) -> Result<&'a Number, Failure> {
    let mut own = account.numbers_of(agent);
    match asked {
        None => own.next().ok_or_else(|| Failure::field("agentId", "The agent has no phone number")),
        Some(id) => own.find(|n| n.id == id).ok_or_else(|| {
            if account.held_number(id).is_some() {
                Failure::field("fromNumberId", "The number does not belong to the agent")
            } else {
                no_number()
            }
        }),
    }
}

fn variables(body: &Map<String, Value>, hosted: bool) -> Result<Option<&Map<String, Value>>, Failure> {
    let variables = body.get("variables").and_then(Value::as_object).filter(|v| !v.is_empty());
    if !hosted && variables.is_some() {
        return Err(Failure::field("variables", "Variables need a system prompt or a hosted agent"));
    }
    Ok(variables)
}

/// Replaces `{{name}}` by the variables' values. The size is limited at each step, because a name may
/// occur many times and a value may contain further names.
fn fill(words: &str, variables: Option<&Map<String, Value>>) -> Result<String, Failure> {
    let mut words = words.to_owned();
    for (name, value) in variables.into_iter().flatten() {
        let (place, value) = (format!("{{{{{name}}}}}"), value.as_str().unwrap_or_default());
        let more = words.matches(&place).count().saturating_mul(value.len());
        if words.len().saturating_add(more) > LONGEST_GREETING {
            let message = "The greeting must not exceed 1 MiB after its variables are filled in";
            return Err(Failure::field("variables", message));
        }
        words = words.replace(&place, value);
    }
    Ok(words)
}

impl Call {
    /// A new call of an agent; the caller sets the remaining fields.
    pub(crate) fn of(agent: &Agent, hosted: bool, direction: Direction, id: String, now: u64) -> Self {
        let denoising = agent.text("denoisingMode") == Some("noise-and-background-speech-cancellation");
        Self {
            id,
            agent_id: agent.id.clone(),
            agent_name: agent.name.clone(),
            number_id: String::new(),
            from: String::new(),
            to: String::new(),
            direction,
            status: if direction == Direction::Inbound { Status::Ringing } else { Status::Queued },
            placed_at: now,
            answered_at: None,
            ended_at: None,
            reason: None,
            turns: Vec::new(),
            said: 0,
            script: 0,
            line: 0,
            greeting: None,
            hosted,
            rate: calls::rate(hosted, denoising),
            record: false,
            token: None,
            awaiting: None,
            plan: 0,
            assessment: None,
            log: Vec::new(),
            started_at: StartedAt::Placed,
            watchers: Vec::new(),
            waiters: Vec::new(),
        }
    }
}
