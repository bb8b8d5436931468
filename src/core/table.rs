//! The rows of the API as one text, made at compile time: one line per operation, with all that JavaScript needs
//! to make its method and to check what a caller gives it (`src/js/state/table.js` reads it, `src/js/input/checks.js`
//! applies the checks). A text, because it packs into a third of what the same rows weigh as tables of
//! pointers, and because what reads it there is a quarter of what would read it here.
//!
//! A line: id, method, path, what it accepts, the shape of its response, how a list continues, its effect class, its checks and
//! the fields of its input that go into the query, these two as JSON without white space. All kinds are identified by
//! their names.

use super::check::{ANY, Check, Rule};
use super::operation::Operation;

/// A text in the making. The last of what does not fit is a compile error.
pub(crate) struct Table<const SIZE: usize> {
    bytes: [u8; SIZE],
    length: usize,
}

impl<const SIZE: usize> Table<SIZE> {
    /// The table of these rows.
    pub(crate) const fn of(files: &[&[Operation]]) -> Self {
        let mut table = Self { bytes: [0; SIZE], length: 0 };
        let mut files = files;
        while let Some((rows, more)) = files.split_first() {
            files = more;
            let mut rows = *rows;
            while let Some((row, more)) = rows.split_first() {
                rows = more;
                table.row(row);
            }
        }
        table
    }

    /// How long it is.
    pub(crate) const fn length(&self) -> usize {
        self.length
    }

    /// The text, given its length.
    pub(crate) const fn cut<const LENGTH: usize>(&self) -> [u8; LENGTH] {
        let mut bytes = [0; LENGTH];
        bytes.copy_from_slice(self.bytes.split_at(LENGTH).0);
        bytes
    }

    const fn text(&mut self, text: &str) {
        let place = self.bytes.split_at_mut(self.length).1;
        place.split_at_mut(text.len()).0.copy_from_slice(text.as_bytes());
        self.length += text.len();
    }

    const fn number(&mut self, number: u32) {
        if number >= 10 {
            self.number(number / 10);
        }
        self.text("0123456789".split_at((number % 10) as usize).1.split_at(1).0);
    }

    const fn row(&mut self, row: &Operation) {
        if self.length > 0 {
            self.text("\n");
        }
        self.text(row.id);
        self.text(" ");
        self.text(row.method.as_str());
        self.text(" ");
        self.text(row.path);
        self.text(" ");
        self.text(row.input.name());
        self.text(" ");
        self.text(row.answer.name());
        self.text(" ");
        self.text(row.pages.name());
        self.text(" ");
        self.text(row.effect.name());
        self.text(" ");
        self.checks(row.checks);
        self.text(" ");
        self.names(row.in_query);
    }

    const fn checks(&mut self, checks: &[Check]) {
        self.text("[");
        let mut rest = checks;
        while let Some((check, more)) = rest.split_first() {
            self.check(*check);
            rest = more;
            if !rest.is_empty() {
                self.text(",");
            }
        }
        self.text("]");
    }

    /// The name of its kind, and what it holds.
    const fn check(&mut self, check: Check) {
        match check {
            Check::Needs(field, rule) => self.of_field("[\"needs\",\"", field, rule),
            Check::May(field, rule) => self.of_field("[\"may\",\"", field, rule),
            Check::MayBeNull(field, rule) => self.of_field("[\"mayBeNull\",\"", field, rule),
            Check::OneOf(fields) => {
                self.text("[\"oneOf\",");
                self.names(fields);
            }
            Check::When { field, is, needs } => {
                self.text("[\"when\",\"");
                self.text(field);
                self.text("\",");
                self.names(is);
                self.text(",");
                self.names(needs);
            }
            Check::BodyOrMedia => self.text("[\"bodyOrMedia\""),
        }
        self.text("]");
    }

    const fn of_field(&mut self, kind: &str, field: &str, rule: Rule) {
        self.text(kind);
        self.text(field);
        self.text("\",");
        self.rule(rule);
    }

    /// The name of its kind, and its bounds.
    const fn rule(&mut self, rule: Rule) {
        match rule {
            Rule::Text => self.text("\"text\""),
            Rule::Length(from, to) => self.bounds("\"length\",", from, to),
            Rule::Phone => self.text("\"phone\""),
            Rule::PhoneOrEmpty => self.text("\"phoneOrEmpty\""),
            Rule::Phones(most) => self.bounds("\"phones\",", 1, most),
            Rule::Recipient => self.text("\"recipient\""),
            Rule::Digits(count) => self.bounds("\"digits\",", count, count),
            Rule::Country => self.text("\"country\""),
            Rule::Word(most) => self.bounds("\"word\",", 1, most),
            Rule::Whole(from, to) => self.bounds("\"whole\",", from, to),
            Rule::Tenths(from, to) => self.bounds("\"tenths\",", from, to),
            Rule::Items(from, to, each) => {
                self.bounds("\"items\",", from, to);
                self.text(",[");
                self.rule(*each);
                self.text("]");
            }
            Rule::Object(checks) => {
                self.text("\"object\",");
                self.checks(checks);
            }
        }
    }

    const fn bounds(&mut self, kind: &str, from: u32, to: u32) {
        self.text(kind);
        self.number(from);
        self.text(",");
        // JSON has no Infinity, but numbers that are read as it.
        if to == ANY { self.text("1e999") } else { self.number(to) }
    }

    const fn names(&mut self, names: &[&str]) {
        self.text("[");
        let mut rest = names;
        while let Some((name, more)) = rest.split_first() {
            self.text("\"");
            self.text(name);
            self.text("\"");
            rest = more;
            if !rest.is_empty() {
                self.text(",");
            }
        }
        self.text("]");
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use crate::core::operation::{AnswerShape, Input, Method, Pages};

    #[test]
    fn a_check_that_is_written_otherwise_than_it_is_read_would_check_something_else() {
        const TOOL: &[Check] = &[Check::Needs("name", Rule::Word(64))];
        const ROWS: &[Operation] = &[
            Operation::list("a.list", "/v1/a", Pages::Offset).checks(&[
                Check::May("limit", Rule::Whole(1, 100)),
                Check::MayBeNull("offset", Rule::Whole(0, ANY)),
            ]),
            Operation::effect("a.b.make", Method::Post, "/v1/a/{id}/b", Input::Body)
                .checks(&[
                    Check::Needs("tools", Rule::Items(0, 20, &Rule::Object(TOOL))),
                    Check::OneOf(&["x", "y"]),
                    Check::When { field: "mode", is: &["hosted"], needs: &["prompt"] },
                    Check::BodyOrMedia,
                    Check::Needs("to", Rule::Phones(25)),
                ])
                .in_query(&["z"])
                .answers(AnswerShape::Bytes),
        ];
        const MADE: Table<1024> = Table::of(&[ROWS, ROWS]);
        const BYTES: [u8; MADE.length()] = MADE.cut();
        let text = str::from_utf8(&BYTES).unwrap();
        let two = r#"a.list GET /v1/a query list offset read [["may","limit","whole",1,100],["mayBeNull","offset","whole",0,1e999]] []
a.b.make POST /v1/a/{id}/b body bytes none effect [["needs","tools","items",0,20,["object",[["needs","name","word",1,64]]]],["oneOf",["x","y"]],["when","mode",["hosted"],["prompt"]],["bodyOrMedia"],["needs","to","phones",1,25]] ["z"]"#;
        assert_eq!(text, [two, two].join("\n"));
    }
}
