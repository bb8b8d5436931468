//! What `docs/idempotency.md` says of witnesses is what the rows say: nobody can look for what they believe to be found by itself.

use super::FILES;
use crate::core::effects::witness::Witness;
use crate::core::operation::{EffectClass, Operation};

const PAGE: &str = include_str!("../../docs/idempotency.md");

/// The table: each line's operations, what is asked and what it is recognised by.
fn table() -> Vec<[&'static str; 3]> {
    let lines = PAGE.lines().skip_while(|line| !line.starts_with("| operation | what is asked"));
    let rows = lines.skip(2).take_while(|line| line.starts_with('|'));
    rows.map(|line| {
        let mut cells = line.trim_matches('|').split('|').map(str::trim);
        [(); 3].map(|()| cells.next().unwrap())
    })
    .collect()
}

fn quoted(word: &str) -> String {
    ["`", word, "`"].concat()
}

fn rows() -> impl Iterator<Item = &'static Operation> {
    FILES.iter().copied().flatten()
}

/// What of a witness its line does not say.
fn missing(witness: &Witness, [_, asked, recognised]: [&str; 3]) -> Vec<String> {
    let operations = [Some(witness.operation), witness.counter];
    let facts = witness.facts.iter().filter(|fact| !fact.seen.is_empty()).map(|fact| fact.sent);
    let mut missing: Vec<String> =
        operations.into_iter().flatten().filter(|name| !asked.contains(&quoted(name))).map(quoted).collect();
    missing.extend(facts.map(quoted).filter(|fact| !recognised.contains(fact)));
    if witness.made_at.is_some() != recognised.contains("time") {
        missing.push("time".to_owned());
    }
    missing
}

#[test]
fn every_operation_with_an_effect_is_in_the_table_with_its_own_witness() {
    let table = table();
    assert!(table.len() > 10);
    let mut wrong = Vec::new();
    for row in rows().filter(|row| row.effect == EffectClass::Effect) {
        let lines: Vec<_> = table.iter().filter(|[names, ..]| names.contains(&quoted(row.id))).collect();
        match (lines.as_slice(), row.witness) {
            ([line], Some(witness)) => {
                wrong.extend(missing(witness, **line).iter().map(|what| [row.id, what].join(": ")))
            }
            ([[_, "nothing", _]], None) => {}
            _ => wrong.push(row.id.to_owned()),
        }
    }
    assert_eq!(wrong, [] as [String; 0]);
}

#[test]
fn no_other_operation_is_in_the_table_or_has_a_witness() {
    let names = table().into_iter().flat_map(|[names, ..]| names.split(", "));
    let known: Vec<String> =
        rows().filter(|row| row.effect == EffectClass::Effect).map(|row| quoted(row.id)).collect();
    let others: Vec<&str> = names.filter(|name| !known.iter().any(|known| known == name)).collect();
    assert_eq!(others, ["`client.request`"]);
    assert!(rows().all(|row| row.witness.is_none() || row.effect == EffectClass::Effect));
}

#[test]
fn what_is_asked_exists_and_does_nothing_but_answer() {
    for witness in rows().filter_map(|row| row.witness) {
        for name in [Some(witness.operation), witness.read, witness.counter].into_iter().flatten() {
            let asked = rows().find(|row| row.id == name);
            assert_eq!(asked.map(|row| row.effect), Some(EffectClass::Read), "{name}");
        }
    }
}
