//! Line types. They are derived from the number, so that a test can choose one.

use super::ctx::{Ctx, Row};
use crate::errors::Failure;
use crate::json::json;
use crate::phone;
use serde_json::Value;

pub(crate) const ROWS: &[Row] = &[("numbers.lookup", lookup)];

const MOST: usize = 25;
/// Toll-free area codes.
const TOLL_FREE: [&str; 7] = ["800", "833", "844", "855", "866", "877", "888"];
const CANADA: [&str; 12] =
    ["204", "236", "250", "403", "416", "437", "514", "604", "613", "647", "778", "905"];

fn lookup(ctx: &mut Ctx<'_>) -> Result<Value, Failure> {
    let given = ctx.input.query_text("phoneNumbers").unwrap_or_default();
    let all: Vec<&str> = given.split(',').map(str::trim).filter(|n| !n.is_empty()).collect();
    if all.is_empty() || all.len() > MOST {
        let issue = format!("Give 1 to {MOST} numbers");
        return Err(Failure::field("phoneNumbers", issue));
    }
    Ok(json!({ "data": all.into_iter().map(one).collect::<Vec<_>>() }))
}

/// A number ending in 7 is a VoIP line, in 8 a landline; all others are mobile phones.
fn one(given: &str) -> Value {
    // An unescaped plus in a query arrives as a space.
    let number = phone::recipient(given).filter(|n| phone::is_e164(n));
    let area = number.as_deref().and_then(|n| n.strip_prefix("+1")).and_then(|n| n.get(..3));
    let kind = number.as_deref().map(|n| match area {
        Some(area) if TOLL_FREE.contains(&area) => "toll_free",
        _ if n.ends_with('7') => "voip",
        _ if n.ends_with('8') => "landline",
        _ => "mobile",
    });
    let country = area.map(|area| if CANADA.contains(&area) { "CA" } else { "US" });
    json!({
        "phoneNumber": number.as_deref().unwrap_or(given),
        "lineType": kind,
        "country": country,
        "rcsEnabled": kind.map(|kind| kind == "mobile"),
    })
}
