//! What happens in calls as time passes: they are placed or received, ring, are answered or not, continue turn by turn, and end. Each
//! step is a scheduled task. `life` performs the steps, by the script of the other side; `voice` asks the user's webhook what the
//! agent says; `stream` and `wait` notify the clients that follow a call.

mod life;
mod moves;
mod stream;
mod voice;
mod wait;

pub(crate) use life::{end_all, join, place, say, step};
pub(crate) use moves::end;
pub(crate) use stream::{heartbeat, open_stream};
pub(crate) use voice::respond;
pub(crate) use wait::{release, wait};
