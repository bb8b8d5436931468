//! Small text helpers. They exist beside `format!` because the formatting machinery of the standard
//! library costs more in the module than everything in this file (docs/size.md).

/// Appends a whole number in decimal.
pub fn push_number(out: &mut String, value: u64) {
    let mut digits = [0u8; 20];
    let mut rest = value;
    let mut used = 0;
    for slot in digits.iter_mut().rev() {
        *slot = b'0' + u8::try_from(rest % 10).unwrap_or(0);
        rest /= 10;
        used += 1;
        if rest == 0 {
            break;
        }
    }
    for digit in digits.iter().skip(digits.len() - used) {
        out.push(char::from(*digit));
    }
}

/// The pieces as one text; what `concat` of the standard library does in ten times the code.
pub fn joined(pieces: &[&str]) -> String {
    let mut out = String::new();
    for piece in pieces {
        out.push_str(piece);
    }
    out
}

/// Without the white space around it; one function, where the standard library's would be copied to each place.
#[inline(never)]
pub fn trimmed(text: &[u8]) -> &[u8] {
    text.trim_ascii()
}

/// Reads `12`, `12.5` or `0.250` as thousandths: no sign, no exponent, no white space inside. More
/// than three decimals are rounded up, so that a wait is never too short. Too large a number
/// saturates.
pub fn parse_thousandths(text: &[u8]) -> Option<u64> {
    let mut value: u64 = 0;
    let mut decimals = None;
    let mut rest = false;
    let mut last = b'.';
    for c in text {
        match (*c, &mut decimals) {
            (b'.', None) if last != b'.' => decimals = Some(0),
            (b'0'..=b'9', Some(3)) => rest |= *c > b'0',
            (b'0'..=b'9', decimals) => {
                value = ten_times(value, *c - b'0');
                if let Some(decimals) = decimals {
                    *decimals += 1;
                }
            }
            _ => return None,
        }
        last = *c;
    }
    for _ in decimals.unwrap_or(0)..3 {
        value = ten_times(value, 0);
    }
    (last != b'.').then(|| value.saturating_add(u64::from(rest)))
}

/// Saturates by a comparison, because a product that can overflow is one of 128 bits in the module.
fn ten_times(value: u64, digit: u8) -> u64 {
    if value > (u64::MAX - 9) / 10 { u64::MAX } else { value * 10 + u64::from(digit) }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_the_standard_library_writes_them() {
        for n in [0, 1, 9, 10, 12_345, u64::MAX] {
            let mut out = String::new();
            push_number(&mut out, n);
            assert_eq!(out, n.to_string());
        }
    }

    #[test]
    fn a_wait_is_read_exactly_or_not_at_all() {
        for (text, want) in [
            ("0", Some(0)),
            ("1", Some(1000)),
            ("0.25", Some(250)),
            ("1.0001", Some(1001)),
            ("99999999999999999999", Some(u64::MAX)),
            ("", None),
            (".5", None),
            ("5.", None),
            ("-1", None),
            ("1e3", None),
            ("1,5", None),
            ("٣", None),
        ] {
            assert_eq!(parse_thousandths(text.as_bytes()), want, "{text:?}");
        }
    }
}
