//! Which operations list and which create: what a fault rule can be about.

/// The operations that fault rules with `lagMs` and `order` apply to.
const LISTS: [&str; 13] = [
    "agents.list",
    "agents.calls.list",
    "agents.conversations.list",
    "calls.list",
    "contacts.list",
    "conversations.list",
    "conversations.messages.list",
    "numbers.list",
    "numbers.calls.list",
    "numbers.messages.list",
    "sipTrunks.list",
    "subAccounts.list",
    "whatsapp.templates.list",
];

/// The operations that create an object which fault rules can hide.
const MAKERS: [&str; 13] = [
    "agents.create",
    "agents.webhook.set",
    "calls.create",
    "calls.createWeb",
    "contacts.create",
    "messages.send",
    "numbers.buy",
    "registration.create",
    "sipTrunks.create",
    "subAccounts.create",
    "webhooks.set",
    "whatsapp.connect",
    "whatsapp.templates.create",
];

pub(crate) fn is_list(operation: &str) -> bool {
    LISTS.contains(&operation)
}

pub(crate) fn makes(operation: &str) -> bool {
    MAKERS.contains(&operation)
}
