//! Phone numbers: which can be called, which can receive texts, and which the sandbox sells. Only US
//! and Canadian numbers can be called, and no emergency or crisis lines, as documented.

/// Area codes of country code 1 that belong neither to the US and its territories nor to Canada.
const ELSEWHERE: [&str; 25] = [
    "242", "246", "264", "268", "284", "345", "441", "473", "649", "658", "664", "721", "758", "767", "784",
    "809", "829", "849", "868", "869", "876", "700", "710", "900", "976",
];

/// Area codes of the numbers sold when the buyer names none, used in turn.
const AREAS: [&str; 5] = ["415", "212", "512", "206", "312"];
const AREAS_CA: [&str; 2] = ["416", "604"];

/// Why a number cannot be called, as a message for the caller.
pub(crate) fn refuse_call(number: &str) -> Option<&'static str> {
    let digits = number.strip_prefix('+').unwrap_or(number);
    let short = digits.strip_prefix('1').unwrap_or(digits);
    if short == "988" || (short.len() == 3 && short.ends_with("11")) {
        return Some("Emergency, crisis and service numbers cannot be called");
    }
    if !is_e164(number) {
        return Some("Phone number must be in E.164 format, that is + and country code first");
    }
    let Some(national) = number.strip_prefix("+1") else {
        return Some("Only US and Canadian numbers can be called");
    };
    let (Some(area), Some(exchange)) = (national.get(..3), national.get(3..6)) else {
        return Some("Not a valid US or Canadian number");
    };
    if national.len() != 10 || !is_code(area) || !is_code(exchange) {
        return Some("Not a valid US or Canadian number");
    }
    ELSEWHERE.contains(&area).then_some("Only US and Canadian numbers can be called")
}

/// Three digits of which the first is 2 to 9 and the last two are not `11`.
fn is_code(code: &str) -> bool {
    code.len() == 3 && !code.starts_with(['0', '1']) && !code.ends_with("11")
}

/// `+` and 8 to 15 digits, the first not zero.
pub(crate) fn is_e164(number: &str) -> bool {
    number.strip_prefix('+').is_some_and(|d| {
        (8..=15).contains(&d.len()) && !d.starts_with('0') && d.bytes().all(|b| b.is_ascii_digit())
    })
}

/// A text can be sent to a phone number in any common notation, a short code, or an iMessage address.
/// Returns the recipient in normalized form.
pub(crate) fn recipient(text: &str) -> Option<String> {
    let text = text.trim();
    if let Some((local, domain)) = text.split_once('@') {
        let sound = !local.is_empty() && domain.contains('.') && !text.contains(char::is_whitespace);
        return sound.then(|| text.to_ascii_lowercase());
    }
    if text.chars().any(|c| !c.is_ascii_digit() && !"+-(). ".contains(c)) {
        return None;
    }
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    match digits.len() {
        5 | 6 if !text.starts_with('+') => Some(digits),
        10 if !text.starts_with('+') => Some(format!("+1{digits}")),
        11 if digits.starts_with('1') => Some(format!("+{digits}")),
        8..=15 if text.starts_with('+') && !digits.starts_with('0') => Some(format!("+{digits}")),
        _ => None,
    }
}

/// The numbers for sale, best match first, without those already held. An area code is a preference: an
/// unknown one gets numbers from other areas.
pub(crate) fn on_sale<'a>(
    country: &str,
    area: Option<&'a str>,
    held: impl Fn(&str) -> bool + 'a,
) -> impl Iterator<Item = String> + 'a {
    let usual: &[&'a str] = if country == "CA" { &AREAS_CA } else { &AREAS };
    let areas: Vec<&'a str> = area
        .filter(|a| is_code(a) && a.bytes().all(|b| b.is_ascii_digit()))
        .map_or_else(|| usual.to_vec(), |a| vec![a]);
    // 555-0100 to 555-0199 are reserved for fiction; further exchanges are used only when those run out.
    // The lower half is left for the people who are called.
    (555..=999)
        .flat_map(move |exchange| {
            let areas = areas.clone();
            (150..=199).flat_map(move |line| {
                areas.clone().into_iter().map(move |area| format!("+1{area}{exchange}0{line}"))
            })
        })
        .filter(move |number| !held(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_ordinary_us_and_canadian_numbers_can_be_called() {
        for good in ["+14155550100", "+14165550199", "+17875550100"] {
            assert_eq!(refuse_call(good), None, "{good}");
        }
        for bad in [
            "",
            "+",
            "911",
            "+1911",
            "411",
            "988",
            "+1988",
            "4155550100",
            "+1415555010",
            "+141555501000",
            "+11155550100",
            "+14151110100",
            "+19115550100",
            "+442071838750",
            "+18765550100",
            "+1415555O100",
            "+1 415 555 0100",
            "+19005550100",
            "+1é155550100",
        ] {
            assert!(refuse_call(bad).is_some(), "{bad}");
        }
    }

    #[test]
    fn a_recipient_is_normalized() {
        for (given, expected) in [
            ("+14155550100", Some("+14155550100")),
            ("(415) 555-0100", Some("+14155550100")),
            ("1 415 555 0100", Some("+14155550100")),
            ("46645", Some("46645")),
            ("Ann@Example.com", Some("ann@example.com")),
            ("+442071838750", Some("+442071838750")),
            ("ann@example", None),
            ("555", None),
            ("call me", None),
            ("", None),
        ] {
            assert_eq!(recipient(given).as_deref(), expected, "{given}");
        }
    }

    #[test]
    fn no_number_is_offered_twice_and_held_ones_are_left_out() {
        let held = |number: &str| number == "+14155550150";
        let offered: Vec<String> = on_sale("US", Some("415"), held).take(150).collect();
        assert_eq!(offered.first().map(String::as_str), Some("+14155550151"));
        assert_eq!(offered.iter().collect::<std::collections::BTreeSet<_>>().len(), 150);
        assert!(offered.iter().all(|n| n.len() == 12 && n.starts_with("+1415")));
        assert!(on_sale("CA", Some("911"), held).next().unwrap().starts_with("+1416"));
    }
}
