//! Matches the few patterns that the contract uses without a regex engine: a sequence of character
//! classes, each with a count, between `^` and `$`. A test checks that the contract has no others.

/// Whether `text` matches, or `None` if the pattern is outside this grammar: `^` (`[` class `]` (`+` |
/// `{n}`)?)* `$`, where a class consists of characters and ranges.
pub(crate) fn matches(pattern: &str, text: &str) -> Option<bool> {
    let mut rest = pattern.strip_prefix('^')?.strip_suffix('$')?;
    let mut text = text;
    while !rest.is_empty() {
        let (class, after) = rest.strip_prefix('[')?.split_once(']')?;
        let run = text.chars().take_while(|c| in_class(class, *c)).count();
        let taken;
        (taken, rest) = if let Some(after) = after.strip_prefix('+') {
            if run == 0 {
                return Some(false);
            }
            (run, after)
        } else if let Some(after) = after.strip_prefix('{') {
            let (count, after) = after.split_once('}')?;
            (count.parse().ok()?, after)
        } else {
            (1, after)
        };
        if taken > run {
            return Some(false);
        }
        let end = text.char_indices().nth(taken).map_or(text.len(), |(at, _)| at);
        text = text.get(end..)?;
    }
    Some(text.is_empty())
}

fn in_class(class: &str, wanted: char) -> bool {
    let mut chars = class.chars().peekable();
    while let Some(first) = chars.next() {
        let mut ahead = chars.clone();
        match (ahead.next(), ahead.next()) {
            (Some('-'), Some(last)) => {
                if (first..=last).contains(&wanted) {
                    return true;
                }
                chars = ahead;
            }
            _ if first == wanted => return true,
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_of_the_contract_are_matched() {
        for (pattern, text, expected) in [
            ("^[A-Z]{2}$", "US", true),
            ("^[A-Z]{2}$", "us", false),
            ("^[A-Z]{2}$", "USA", false),
            ("^[A-Z]{2}$", "", false),
            ("^[0-9]{3}$", "415", true),
            ("^[0-9]{3}$", "41", false),
            ("^[0-9]{3}$", "٤١٥", false),
            ("^[A-Za-z0-9_-]+$", "look_up-2", true),
            ("^[A-Za-z0-9_-]+$", "look up", false),
            ("^[A-Za-z0-9_-]+$", "", false),
            ("^[A-Za-z0-9_-]+$", "é", false),
            ("^[a][b]+$", "abb", true),
        ] {
            assert_eq!(matches(pattern, text), Some(expected), "{pattern} {text}");
        }
    }

    #[test]
    fn a_pattern_outside_the_grammar_is_not_guessed() {
        for pattern in ["[a]", "^(a|b)$", "^[a", "^[a]{x}$", "^a$"] {
            assert_eq!(matches(pattern, "a"), None, "{pattern}");
        }
    }
}
