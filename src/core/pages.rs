//! Where a list goes on. The API has five shapes of lists (facts in `contract/openapi.yaml`,
//! `x-pagination`); here they are one question: given what was asked for and what came, what is asked
//! for next? A list that claims to go on without moving would be read for ever, so that is an answer
//! of its own.

/// What a page tells of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Came {
    /// Items on the page.
    pub count: u64,
    /// Items of the whole list, where it is told.
    pub total: Option<u64>,
    /// Whether more follows, where it is told.
    pub has_more: Option<bool>,
}

/// What to ask for next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// Nothing: this was the last page.
    End,
    /// The items from here on.
    Offset(u64),
    /// The items before this time.
    Before(String),
    /// More is said to follow, but asking for it would give this page again.
    Stuck,
}

/// After a page of a list by offset that began at `offset`.
pub fn by_offset(offset: u64, came: &Came) -> Next {
    let end = offset.saturating_add(came.count);
    let more = came.has_more.unwrap_or_else(|| came.total.is_some_and(|total| end < total));
    match (more, came.count) {
        (false, _) => Next::End,
        // Without `hasMore` an empty page is the end, though the total says otherwise: items that
        // were deleted meanwhile are still counted in it.
        (true, 0) if came.has_more.is_none() => Next::End,
        (true, 0) => Next::Stuck,
        (true, _) => Next::Offset(end),
    }
}

/// After a page of a list by time, asked for with `before`, whose oldest item is of `oldest`.
pub fn by_time(before: Option<&str>, oldest: Option<String>, came: &Came) -> Next {
    match oldest {
        _ if came.has_more != Some(true) => Next::End,
        Some(oldest) if before != Some(oldest.as_str()) => Next::Before(oldest),
        _ => Next::Stuck,
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn came(count: u64, total: Option<u64>, has_more: Option<bool>) -> Came {
        Came { count, total, has_more }
    }

    #[test]
    fn a_list_without_has_more_ends_at_its_total() {
        assert_eq!(by_offset(0, &came(20, Some(45), None)), Next::Offset(20));
        assert_eq!(by_offset(40, &came(5, Some(45), None)), Next::End);
        assert_eq!(by_offset(20, &came(0, Some(45), None)), Next::End);
    }

    #[test]
    fn has_more_outranks_the_total() {
        assert_eq!(by_offset(0, &came(20, Some(20), Some(true))), Next::Offset(20));
        assert_eq!(by_offset(0, &came(20, Some(99), Some(false))), Next::End);
    }

    #[test]
    fn a_list_that_tells_nothing_is_one_page() {
        assert_eq!(by_offset(0, &came(20, None, None)), Next::End);
        assert_eq!(by_time(None, Some("2026-01-01T00:00:00Z".into()), &came(20, None, None)), Next::End);
    }

    #[test]
    fn a_list_that_does_not_move_is_not_read_for_ever() {
        assert_eq!(by_offset(40, &came(0, None, Some(true))), Next::Stuck);
        let time = || Some("2026-01-01T00:00:00Z".to_owned());
        let more = came(50, None, Some(true));
        assert_eq!(by_time(Some("2026-01-01T00:00:00Z"), time(), &more), Next::Stuck);
        assert_eq!(by_time(None, None, &more), Next::Stuck);
        assert_eq!(
            by_time(Some("2026-01-02T00:00:00Z"), time(), &more),
            Next::Before("2026-01-01T00:00:00Z".into())
        );
    }

    proptest! {
        /// Whatever a server says, an offset only grows, so that a walk of n items ends.
        #[test]
        fn an_offset_always_grows(
            offset in any::<u64>(),
            count in any::<u64>(),
            total in proptest::option::of(any::<u64>()),
            has_more in proptest::option::of(any::<bool>()),
        ) {
            if let Next::Offset(next) = by_offset(offset, &came(count, total, has_more)) {
                prop_assert!(next > offset || next == u64::MAX);
            }
        }
    }
}
