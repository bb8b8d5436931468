//! Finds bytes eight at a time. Plain 64-bit arithmetic, because the module is built without SIMD so
//! that it runs everywhere, and because the standard library's searchers weigh more than they save.

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = 0x8080_8080_8080_8080;

/// Where the first byte stands that is `A` or `B`.
pub fn find_either<const A: u8, const B: u8>(bytes: &[u8]) -> Option<usize> {
    let (words, tail) = bytes.as_chunks::<8>();
    let mut at = 0;
    for word in words {
        let word = u64::from_le_bytes(*word);
        // A borrow can mark a byte wrongly, but only above one that is marked rightly.
        let marks = zeros(word ^ (ONES * u64::from(A))) | zeros(word ^ (ONES * u64::from(B)));
        if marks != 0 {
            return Some(at + (marks.trailing_zeros() / 8) as usize);
        }
        at += 8;
    }
    tail.iter().position(|byte| *byte == A || *byte == B).map(|place| at + place)
}

/// Where the first byte stands that is more than a letter of a JSON string: a quotation mark, a
/// backslash, a control character, or one beyond ASCII.
#[inline]
pub fn find_special(bytes: &[u8]) -> Option<usize> {
    let (words, tail) = bytes.as_chunks::<8>();
    let mut at = 0;
    for word in words {
        let word = u64::from_le_bytes(*word);
        let quotes = zeros(word ^ (ONES * u64::from(b'"'))) | zeros(word ^ (ONES * u64::from(b'\\')));
        // The high bit is set beyond ASCII, and below 0x20 it is borrowed.
        let marks = quotes | (word.wrapping_sub(ONES * 0x20) | word) & HIGH;
        if marks != 0 {
            return Some(at + (marks.trailing_zeros() / 8) as usize);
        }
        at += 8;
    }
    tail.iter().position(|byte| is_special(*byte)).map(|place| at + place)
}

const fn is_special(byte: u8) -> bool {
    matches!(byte, b'"' | b'\\' | 0..0x20 | 0x80..)
}

/// The high bit of each byte that is zero.
const fn zeros(word: u64) -> u64 {
    word.wrapping_sub(ONES) & !word & HIGH
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_neighbour_one_higher_is_not_taken_for_the_byte_itself() {
        // Subtraction borrows from the byte above: 0x0b after 0x0a, 0x0e after 0x0d.
        for place in 0..24 {
            let mut bytes = [0x0b_u8; 24];
            assert_eq!(find_either::<b'\n', b'\r'>(&bytes), None);
            bytes[place] = b'\n';
            assert_eq!(find_either::<b'\n', b'\r'>(&bytes), Some(place));
            bytes[place] = b'\r';
            assert_eq!(find_either::<b'\n', b'\r'>(&bytes), Some(place));
        }
    }

    proptest! {
        #[test]
        fn the_first_place_is_that_of_a_plain_search(
            bytes in proptest::collection::vec(prop_oneof![8u8..16, any::<u8>()], 0..40),
        ) {
            let want = bytes.iter().position(|byte| *byte == b'\n' || *byte == b'\r');
            prop_assert_eq!(find_either::<b'\n', b'\r'>(&bytes), want);
        }

        #[test]
        fn the_first_special_byte_is_that_of_a_plain_search(
            bytes in proptest::collection::vec(prop_oneof![9 => 0x1fu8..0x24, 9 => 0x5bu8..0x5e, 1 => any::<u8>()], 0..40),
        ) {
            prop_assert_eq!(find_special(&bytes), bytes.iter().position(|byte| is_special(*byte)));
        }
    }
}
