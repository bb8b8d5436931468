//! Calls as data: what a call is, how the API shows it, and the scripts that the other side follows. What happens in them
//! as time passes is in `calling`.

mod call;
mod courses;
mod recording;
mod render;
mod script;
mod script_json;
mod scripts;
mod step;

pub(crate) use call::{Call, Direction, Reason, Role, Status, Turn, Waiter, rate};
pub(crate) use courses::{COURSES, STRICT};
pub(crate) use recording::recording;
pub(crate) use script::{Hangup, Outcome, Script};
pub(crate) use scripts::Scripts;
pub(crate) use step::Step;
