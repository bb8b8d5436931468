//! The resources of the API, one file each: its rows, its types and its methods. A method is a thin
//! function that hands a row and its arguments to `client::start`.

mod agents;
mod calls;
mod messages;
mod numbers;
mod usage;
mod voices;

pub use agents::{AgentNumbersResource, AgentsResource};
pub use calls::CallsResource;
pub use messages::MessagesResource;
pub use numbers::NumbersResource;
pub use usage::UsageResource;
pub use voices::VoicesResource;
