//! The last location of a number, available twenty seconds after it was requested, as in the API.

use super::ctx::{Ctx, Row, no_number};
use crate::errors::Failure;
use crate::json::json;
use crate::phone;
use crate::records::Number;
use serde_json::Value;

pub(crate) const ROWS: &[Row] = &[("location.get", get), ("location.refresh", refresh)];

const POLL_AFTER_S: u64 = 20;
/// A location for each default area code; all others are in San Francisco.
const PLACES: [(&str, f64, f64); 6] = [
    ("212", 40.7128, -74.006),
    ("512", 30.2672, -97.7431),
    ("206", 47.6062, -122.3321),
    ("312", 41.8781, -87.6298),
    ("416", 43.6532, -79.3832),
    ("604", 49.2827, -123.1207),
];

fn get(ctx: &mut Ctx<'_>) -> Result<Value, Failure> {
    let phone = phone::recipient(ctx.input.path("phone_number")).ok_or_else(no_number)?;
    ctx.account.numbers.by_key(Number::BY_PHONE, &phone).newest(0).next().ok_or_else(no_number)?;
    let area = phone.get(2..5).unwrap_or_default();
    let place = PLACES.iter().find(|(code, ..)| *code == area);
    let (latitude, longitude) = place.map_or((37.7749, -122.4194), |(_, lat, long)| (*lat, *long));
    let found = ctx.account.located_at.map(|at| at.saturating_add(POLL_AFTER_S * 1000));
    let found = found.filter(|at| *at <= ctx.now);
    let status = match (found, ctx.account.located_at) {
        (Some(_), _) => "available",
        (None, Some(_)) => "pending",
        (None, None) => "unknown",
    };
    Ok(json!({
        "phoneNumber": phone,
        "latitude": found.map(|_| latitude),
        "longitude": found.map(|_| longitude),
        "status": status,
        "lastUpdated": found.unwrap_or(0) / 1000,
    }))
}

fn refresh(ctx: &mut Ctx<'_>) -> Result<Value, Failure> {
    // A second request while the first is in progress does not start another.
    let under_way = |at: &u64| ctx.now < at.saturating_add(POLL_AFTER_S * 1000);
    if !ctx.account.located_at.as_ref().is_some_and(under_way) {
        ctx.account.located_at = Some(ctx.now);
    }
    Ok(json!({ "success": true, "pollAfterSeconds": POLL_AFTER_S }))
}
