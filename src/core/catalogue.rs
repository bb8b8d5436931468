//! What each error code says about trying again, beyond what its status says. What it is called and what its
//! reader should do is in `src/js/errors/catalogue.js`. `contract/vectors/decisions.json` holds the cases.

/// What a code says about trying again, beyond what its status says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cure {
    /// The status decides.
    ByStatus,
    /// Only a change of input, account or conversation helps.
    NotTime,
    /// The API says that the carrier failed: the operation did not happen.
    Carrier,
    /// The API does not know whether it happened.
    Unsure,
}

/// What the code of an answer, if it has one, says about trying again.
pub fn cure(code: Option<&str>) -> Cure {
    match code {
        // The second is an old name of the first, which the API may still send.
        Some("CARRIER_ERROR" | "TWILIO_ERROR") => Cure::Carrier,
        Some("DELIVERY_UNCONFIRMED") => Cure::Unsure,
        Some(code) if LASTING.contains(&code) => Cure::NotTime,
        _ => Cure::ByStatus,
    }
}

/// The codes that time does not cure, the client's own included.
pub const LASTING: &[&str] = &[
    "VALIDATION_ERROR",
    "VALIDATION_ERROR_NUMBER_LIMIT",
    "INSUFFICIENT_BALANCE",
    "PHONE_NUMBER_NOT_FOUND",
    "WHATSAPP_NOT_ENABLED",
    "INBOUND_ONLY",
    "CONVERSATION_STREAK_LIMIT",
    "CONVERSATION_AWAITING_REPLY",
    "CONVERSATION_INACTIVE",
    "OUTBOUND_LIMIT_REACHED",
    "NEW_CONVERSATION_LIMIT_REACHED",
    "CONFIGURATION_ERROR",
    "INVALID_ARGUMENT",
    "ABORTED",
    "INVALID_RESPONSE",
    "WEBHOOK_SIGNATURE_INVALID",
    "INTERNAL_ERROR",
];
