//! Names of the contract in the style of Rust.

/// Reserved words of Rust that an API may use as a name.
const KEYWORDS: [&str; 12] =
    ["as", "const", "enum", "fn", "for", "in", "loop", "match", "mod", "move", "ref", "type"];

/// `phoneNumber` and `phone-number` as words.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut begin = true;
    for c in name.chars() {
        if !c.is_ascii_alphanumeric() {
            begin = true;
            continue;
        }
        match words.last_mut() {
            Some(word) if !begin && !c.is_ascii_uppercase() => word.push(c),
            _ => words.push(c.to_ascii_lowercase().to_string()),
        }
        begin = false;
    }
    words
}

/// The name of a type or of a variant: `phoneNumber` becomes `PhoneNumber`.
pub(super) fn pascal(name: &str) -> String {
    let joined: String = words(name)
        .iter()
        .map(|word| {
            let mut letters = word.chars();
            letters.next().map(|c| c.to_ascii_uppercase()).into_iter().chain(letters).collect::<String>()
        })
        .collect();
    if joined.starts_with(|c: char| c.is_ascii_digit()) { format!("V{joined}") } else { joined }
}

/// The name of a field or of a method: `phoneNumber` becomes `phone_number`. A trailing underscore
/// (`from_`) stays, because the API has the name without it as well.
pub(super) fn snake(name: &str) -> String {
    let mut joined = words(name).join("_");
    if name.ends_with('_') {
        joined.push('_');
    }
    if KEYWORDS.contains(&joined.as_str()) { format!("r#{joined}") } else { joined }
}

/// The singular: `deliveries` becomes `delivery`. For the nouns of this API, not for all of English.
pub(super) fn singular(name: &str) -> String {
    match name {
        "status" | "transfers" => name.to_owned(),
        _ if name.ends_with("ies") => format!("{}y", name.trim_end_matches("ies")),
        _ => name.strip_suffix('s').unwrap_or(name).to_owned(),
    }
}
