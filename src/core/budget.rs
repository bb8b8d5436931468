//! The retry budget of one account: a bucket of tokens that retries empty and successes fill. When a
//! service fails for everybody, retrying every call triples its load at the worst moment; with the
//! bucket a total outage costs it little more than one request per call once many calls fail. The
//! figures are those of the AWS SDKs' standard mode.

/// Tokens of a full bucket.
pub const FULL: u32 = 500;
/// What a retry costs.
pub const RETRY: u32 = 5;
/// What a retry after a timeout costs: it held the server longer.
pub const RETRY_AFTER_TIMEOUT: u32 = 10;
/// The tokens that a success adds.
pub const REFUND: u32 = 1;

/// A bucket of tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Budget {
    tokens: u32,
}

impl Default for Budget {
    fn default() -> Self {
        Self { tokens: FULL }
    }
}

impl Budget {
    /// Takes `cost` tokens, or nothing where there are not enough.
    pub fn take(&mut self, cost: u32) -> bool {
        match self.tokens.checked_sub(cost) {
            Some(rest) => {
                self.tokens = rest;
                true
            }
            None => false,
        }
    }

    /// Adds the tokens of a success.
    pub fn refund(&mut self) {
        self.tokens = self.tokens.saturating_add(REFUND).min(FULL);
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_outage_is_not_tripled() {
        let mut budget = Budget::default();
        let retries = (0..10_000).filter(|_| budget.take(RETRY)).count();
        assert_eq!(retries, 100);
        let mut budget = Budget::default();
        assert_eq!((0..10_000).filter(|_| budget.take(RETRY_AFTER_TIMEOUT)).count(), 50);
    }

    #[test]
    fn a_service_that_has_recovered_is_retried_again() {
        let mut budget = Budget::default();
        while budget.take(RETRY) {}
        for _ in 0..RETRY {
            budget.refund();
        }
        assert!(budget.take(RETRY));
    }

    proptest! {
        #[test]
        fn the_bucket_never_overflows_nor_lends(steps in proptest::collection::vec(any::<bool>(), 0..2000)) {
            let mut budget = Budget::default();
            for refund in steps {
                let before = budget.tokens;
                if refund { budget.refund() } else if !budget.take(RETRY) { prop_assert!(before < RETRY) }
                prop_assert!(budget.tokens <= FULL);
            }
        }
    }
}
