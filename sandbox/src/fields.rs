//! Reads fields of JSON that users write by hand: fault rules and scripts. Errors name the field.

use serde_json::{Map, Value};

pub(crate) fn inner<'a>(
    map: &'a Map<String, Value>,
    name: &str,
    allowed: &[&str],
) -> Result<&'a Map<String, Value>, String> {
    let found =
        map.get(name).and_then(Value::as_object).ok_or_else(|| format!("{name}: must be an object"))?;
    only(found, &format!("{name}."), allowed)?;
    Ok(found)
}

/// Rejects unknown fields, which would otherwise be ignored silently.
pub(crate) fn only(map: &Map<String, Value>, path: &str, allowed: &[&str]) -> Result<(), String> {
    match map.keys().find(|name| !allowed.contains(&name.as_str())) {
        Some(stray) => Err(format!("{path}{stray}: unknown field")),
        None => Ok(()),
    }
}

pub(crate) fn text<'a>(
    map: &'a Map<String, Value>,
    path: &str,
    name: &str,
) -> Result<Option<&'a str>, String> {
    let Some(value) = map.get(name) else { return Ok(None) };
    value.as_str().map(Some).ok_or_else(|| format!("{path}{name}: must be a text"))
}

pub(crate) fn integer(
    map: &Map<String, Value>,
    path: &str,
    name: &str,
    min: u64,
    max: u64,
) -> Result<Option<u64>, String> {
    let Some(value) = map.get(name) else { return Ok(None) };
    let sound = value.as_u64().filter(|n| (min..=max).contains(n));
    sound.map(Some).ok_or_else(|| match max {
        u64::MAX => format!("{path}{name}: must be a whole number of at least {min}"),
        _ => format!("{path}{name}: must be a whole number from {min} to {max}"),
    })
}

pub(crate) fn required(
    map: &Map<String, Value>,
    path: &str,
    name: &str,
    min: u64,
    max: u64,
) -> Result<u32, String> {
    let found = integer(map, path, name, min, max)?;
    found.and_then(|n| n.try_into().ok()).ok_or_else(|| format!("{path}{name}: is required"))
}

pub(crate) fn choice<T: Copy>(
    map: &Map<String, Value>,
    name: &str,
    table: &[(&str, T)],
) -> Result<T, String> {
    let given = map.get(name).and_then(Value::as_str);
    let found = table.iter().find(|(n, _)| Some(*n) == given).map(|(_, value)| *value);
    found.ok_or_else(|| {
        let names: Vec<&str> = table.iter().map(|(n, _)| *n).collect();
        format!("{name}: must be one of {}", names.join(", "))
    })
}
