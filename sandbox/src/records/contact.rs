//! An address book entry.

use crate::store::{Record, persist};

#[derive(Debug, Clone)]
pub(crate) struct Contact {
    pub(crate) id: String,
    pub(crate) phone: String,
    pub(crate) name: String,
    pub(crate) email: Option<String>,
    pub(crate) notes: Option<String>,
    pub(crate) created_at: u64,
    pub(crate) updated_at: u64,
}

persist!(Contact { id, phone, name, email, notes, created_at, updated_at });

impl Contact {
    /// Index by phone number.
    pub(crate) const BY_PHONE: usize = 0;
}

impl Record for Contact {
    fn id(&self) -> &str {
        &self.id
    }

    fn keys(&self) -> Vec<(usize, &str)> {
        vec![(Self::BY_PHONE, self.phone.as_str())]
    }
}
