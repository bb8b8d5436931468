//! 10DLC registration: paid for when filed, then under review for a week. The sandbox rejects a
//! registration whose `email` starts with `rejected`.

use super::ctx::{Ctx, Row};
use super::sub_accounts;
use crate::errors::Failure;
use crate::json::json;
use crate::records::Registration;
use crate::rules::DAY_MS;
use crate::schema::Issue;
use crate::time::iso;
use serde_json::{Map, Value};

pub(crate) const ROWS: &[Row] = &[
    ("registration.create", create),
    ("registration.get", get),
    ("registration.update", update),
    ("registration.status", status),
];

/// Used as the registration's id.
const NAME: &str = "registration";
const FEE_CENTS: u16 = 2500;
const HIGH_VOLUME_FEE_CENTS: u16 = 7000;
/// Days until the brand and then the campaign are approved.
const BRAND_DAYS: u64 = 2;
const CAMPAIGN_DAYS: u64 = 7;
/// Fields that only a brand must provide.
const BRAND_FIELDS: [&str; 6] = [
    "business_name",
    "organization_type",
    "contact_title",
    "ein",
    "privacy_policy_url",
    "terms_of_service_url",
];

fn create(ctx: &mut Ctx<'_>) -> Result<Value, Failure> {
    let kind = ctx.input.text("registration_type").unwrap_or_default();
    check_brand(ctx, kind)?;
    let fee = if kind == "high_volume" { HIGH_VOLUME_FEE_CENTS } else { FEE_CENTS };
    let old = ctx.account.registration.as_ref().map(|r| state(r, ctx.now));
    if let Some((old @ ("pending" | "approved"), ..)) = old {
        return Err(Failure::detail(409, format!("There is already a registration that is {old}")));
    }
    if !ctx.shared.can_pay(fee.into()) {
        return Err(Failure::code("INSUFFICIENT_BALANCE"));
    }
    let wanted = ctx.input.body.get("create_sub_account").and_then(Value::as_bool).unwrap_or(true);
    let sub_account_id = if wanted && !ctx.is_sub_account() {
        let person = || {
            let part = |name| ctx.input.text(name).unwrap_or_default();
            format!("{} {}", part("first_name"), part("last_name"))
        };
        let name = ctx.input.text("business_name").map_or_else(person, str::to_owned);
        Some(sub_accounts::open(ctx, name.chars().take(100).collect())?.id)
    } else {
        None
    };
    ctx.shared.charge(fee.into());
    let answer = json!({
        "ok": true,
        "message": "Registration submitted. Review takes about a week.",
        "campaign_status": "pending",
        "sub_account_id": sub_account_id,
        "fee_cents": fee,
    });
    let fields = ctx.input.body.clone();
    // An account has at most one registration, and it has no id.
    ctx.created_id = Some(NAME.to_owned());
    ctx.account.registration = Some(Registration { fields, filed_at: ctx.now, sub_account_id });
    Ok(answer)
}

/// The registration, unless a fault rule hides it.
fn shown<'a>(ctx: &'a Ctx<'_>) -> Option<&'a Registration> {
    ctx.account.registration.as_ref().filter(|_| !ctx.hides(NAME))
}

fn get(ctx: &mut Ctx<'_>) -> Result<Value, Failure> {
    let registration = shown(ctx);
    Ok(registration.map_or_else(|| Value::Object(none()), |r| Value::Object(detail(r, ctx.now))))
}

fn update(ctx: &mut Ctx<'_>) -> Result<Value, Failure> {
    let registration = ctx.account.registration.as_mut();
    let registration = registration.ok_or_else(|| Failure::detail(404, "There is no registration"))?;
    let (state, ..) = state(registration, ctx.now);
    if state != "pending" {
        return Err(Failure::detail(400, format!("The registration is {state}; only a pending one changes")));
    }
    registration.fields.extend(ctx.input.body.clone());
    Ok(Value::Object(detail(registration, ctx.now)))
}

fn status(ctx: &mut Ctx<'_>) -> Result<Value, Failure> {
    let Some(registration) = shown(ctx) else { return Ok(Value::Object(none())) };
    let (status, stage, message) = state(registration, ctx.now);
    Ok(json!({ "campaign_status": status, "message": message, "stage": stage }))
}

/// Whether the carriers have approved the account, by its own registration or by the one that created
/// it.
pub(super) fn is_approved(ctx: &Ctx<'_>) -> bool {
    let approved = |r: &Registration| state(r, ctx.now).0 == "approved";
    let opened_it = |r: &Registration| r.sub_account_id.as_deref() == Some(ctx.account_name) && approved(r);
    ctx.account.registration.as_ref().is_some_and(approved)
        || ctx.others.iter().filter_map(|(_, account)| account.registration.as_ref()).any(opened_it)
}

fn check_brand(ctx: &Ctx<'_>, kind: &str) -> Result<(), Failure> {
    let lacking = BRAND_FIELDS.iter().filter(|f| kind != "sole_proprietor" && ctx.input.text(f).is_none());
    let issues: Vec<Issue> = lacking
        .map(|field| Issue {
            loc: vec!["body".into(), (*field).into()],
            msg: "Needed for a brand".into(),
            kind: "value_error",
        })
        .collect();
    if issues.is_empty() { Ok(()) } else { Err(Failure::invalid(issues)) }
}

/// Status, stage and description.
fn state(registration: &Registration, now: u64) -> (&'static str, Option<&'static str>, &'static str) {
    let email = registration.fields.get("email").and_then(Value::as_str).unwrap_or_default();
    match now.saturating_sub(registration.filed_at) / DAY_MS {
        0..BRAND_DAYS => ("pending", Some("brand_review"), "The brand is under review"),
        BRAND_DAYS..CAMPAIGN_DAYS => ("pending", Some("campaign_review"), "The campaign is under review"),
        _ if email.starts_with("rejected") => ("rejected", None, "The carriers rejected the campaign"),
        _ => ("approved", None, "The campaign is approved"),
    }
}

fn none() -> Map<String, Value> {
    let words =
        [("campaign_status", json!("none")), ("message", json!("No registration")), ("stage", Value::Null)];
    words.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

fn detail(registration: &Registration, now: u64) -> Map<String, Value> {
    let (status, stage, message) = state(registration, now);
    let mut out = registration.fields.clone();
    for (name, value) in [
        ("campaign_status", json!(status)),
        ("stage", json!(stage)),
        ("message", json!(message)),
        ("sub_account_id", json!(registration.sub_account_id)),
        ("submitted_at", json!(iso(registration.filed_at))),
    ] {
        out.insert(name.to_owned(), value);
    }
    out
}
