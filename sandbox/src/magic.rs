//! Magic numbers: `+1 500 555 0xxx`, in an unassigned area code. They simulate problems for people who
//! try a client without writing rules. As `toNumber` of a call or `to_number` of a text they trigger an
//! error, a broken connection or a call with a certain course. The table is the documentation: `GET
//! /__sandbox/magic` returns it.

use crate::calls::{COURSES, STRICT};
use crate::faults::TROUBLES;
use crate::json::json;
use serde_json::Value;

/// A number whose texts are accepted but not delivered: the carrier's message and code.
type Loss = (&'static str, &'static str, &'static str);

const LOSSES: [Loss; 3] = [
    ("+15005550301", "Unreachable destination handset", "30003"),
    ("+15005550302", "Message filtered by the carrier", "30007"),
    ("+15005550303", "Landline or unreachable carrier", "30006"),
];

/// Why an accepted text is not delivered, if it is not.
pub(crate) fn undelivered(number: &str) -> Option<(String, String)> {
    let found = LOSSES.iter().find(|(known, ..)| *known == number);
    found.map(|(_, reason, code)| ((*reason).to_owned(), (*code).to_owned()))
}

const BOTH: &[&str] = &["calls.create", "messages.send"];
const CALLS: &[&str] = &["calls.create"];

/// The table, for documentation and pages.
pub(crate) fn table() -> Value {
    let courses = COURSES.iter().map(|(number, what, script)| {
        let script = script().show();
        let on: &[&str] = if *number == STRICT { BOTH } else { CALLS };
        json!({ "number": number, "what": what, "on": on, "script": script })
    });
    let troubles = TROUBLES.iter().map(|(number, what, rule)| {
        let rule: Value = serde_json::from_str(rule).unwrap_or_default();
        // Only calls have this field.
        let on: &[&str] = if rule.get("startedAt").is_some() { CALLS } else { BOTH };
        json!({ "number": number, "what": what, "on": on, "rule": rule })
    });
    let losses = LOSSES.iter().map(|(number, reason, code)| {
        let what = format!("the text is accepted and fails a second later: {reason} ({code})");
        json!({ "number": number, "what": what, "on": ["messages.send"] })
    });
    courses.chain(troubles).chain(losses).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_number_can_be_called_and_is_in_the_table_once() {
        let table = table();
        let numbers: Vec<&str> =
            table.as_array().unwrap().iter().map(|row| row["number"].as_str().unwrap()).collect();
        for number in &numbers {
            assert!(number.starts_with("+15005550") && number.len() == 12, "{number}");
            assert_eq!(crate::phone::refuse_call(number), None, "{number}");
        }
        assert_eq!(numbers.iter().collect::<BTreeSet<_>>().len(), numbers.len());
    }
}
