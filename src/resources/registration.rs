//! 10DLC registration, without which US carriers take no texts from a number.

use crate::core::check::{ANY, Check, Rule};
use crate::core::effects::witness::Witness;
use crate::core::operation::{Input, Method, Operation};

pub(super) const ROWS: &[Operation] = &[
    Operation::effect("registration.create", Method::Post, "/v1/register", Input::Body)
        .checks(&[
            Check::Needs("registration_type", Rule::Text),
            Check::Needs("first_name", Rule::Text),
            Check::Needs("last_name", Rule::Text),
            Check::Needs("email", Rule::Text),
            Check::Needs("phone_number", Rule::Phone),
            Check::Needs("street_address", Rule::Text),
            Check::Needs("city", Rule::Text),
            Check::Needs("state", Rule::Text),
            Check::Needs("zip_code", Rule::Text),
            Check::Needs("description", Rule::Length(40, ANY)),
            Check::Needs("use_cases", Rule::Items(1, 5, &Rule::Text)),
            Check::Needs("message_samples", Rule::Items(2, 5, &Rule::Length(20, 1024))),
            Check::Needs("consent_flow", Rule::Length(40, ANY)),
            Check::Needs("opt_in_image_url", Rule::Text),
            Check::When {
                field: "registration_type",
                is: &["standard_brand", "high_volume"],
                needs: &[
                    "business_name",
                    "organization_type",
                    "contact_title",
                    "ein",
                    "privacy_policy_url",
                    "terms_of_service_url",
                ],
            },
        ])
        .witnessed(REGISTERED),
    Operation::read("registration.get", "/v1/register"),
    Operation::idempotent("registration.update", Method::Patch, "/v1/register", Input::Body).checks(&[
        Check::May("description", Rule::Length(40, ANY)),
        Check::May("use_cases", Rule::Items(1, 5, &Rule::Text)),
        Check::May("message_samples", Rule::Items(2, 5, &Rule::Length(20, 1024))),
        Check::May("consent_flow", Rule::Length(40, ANY)),
    ]),
    Operation::read("registration.status", "/v1/register/status"),
];

/// An account has one registration.
const REGISTERED: &Witness = &Witness::object("registration.status", &[]).except("campaign_status", "none");
