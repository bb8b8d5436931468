//! The restrictions of every new account of the real API: one active call per number, and no SMS before
//! the carriers have approved a 10DLC registration. Off by default, because they would stop a first
//! experiment; `strict` turns them on everywhere, the magic number for calls and texts to it.

use crate::account::Account;
use crate::calls::{Call, STRICT, Status};
use crate::errors::Failure;
use crate::records::Number;
use crate::state::Config;

/// Whether these rules apply to a call or text to this number.
pub(crate) fn holds(config: &Config, to: &str) -> bool {
    config.strict || to == STRICT
}

/// Why a number may not place a call: another one is in progress.
pub(crate) fn refuse_call(account: &Account, number: &Number) -> Option<Failure> {
    let live = |status| account.calls.by_key(Call::BY_STATUS, Status::name(status)).oldest();
    let busy = Status::LIVE.into_iter().flat_map(live).any(|call| call.number_id == number.id);
    busy.then(|| Failure::detail(409, "This phone number already has an active call"))
}

/// Why a line may not send a text. Only SMS needs a registration.
pub(crate) fn refuse_text(line: &Number, registered: bool) -> Option<Failure> {
    let words = "Outbound SMS needs an approved 10DLC registration";
    (!registered && !line.is_imessage()).then(|| Failure::detail(403, words))
}

/// The field `outboundSms` of a number that is held.
pub(crate) fn outbound_sms(line: &Number, config: &Config, registered: bool) -> &'static str {
    let refused = config.strict && refuse_text(line, registered).is_some();
    if refused { "registration_required" } else { "enabled" }
}
