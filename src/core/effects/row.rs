//! What is known of a request and of an object of the API, for the questions whether the one was for the other.
//! JavaScript picks the fields (`src/js/effects/rows.js`): each is a list of texts.

use super::intent::{Intent, State, Wall};
use super::json::Json;
use super::judge::Candidate;
use super::witness::{Fact, Kind, Witness, digest, fact_of, fits};
use crate::core::text::joined;

/// An object of the API as its witness compares it, which is found out once, however many intents are looked for.
#[derive(Debug)]
pub struct Noted {
    /// Its id; empty where it has none.
    pub id: String,
    /// When it was made, if it says so.
    pub made_at: Option<Wall>,
    facts: Vec<Option<String>>,
    /// It is of the kind that the witness is about.
    is_meant: bool,
}

impl Noted {
    /// Of a row: when the object was made, and its fields.
    pub fn of(witness: &Witness, row: &Json) -> Self {
        let field = |name| row.at(1).get(name);
        let says = |name| field(name).at(0).str();
        let is_meant = witness.only.iter().all(|(name, value)| says(name).is_none_or(|said| said == *value))
            && witness.except.is_none_or(|(name, value)| says(name) != Some(value));
        let mut facts = Vec::new();
        for fact in witness.facts {
            facts.push(fact.seen.iter().find_map(|name| fact_of(fact.kind, field(name))));
        }
        Self {
            id: says("id").or_else(|| says("callId")).unwrap_or_default().to_owned(),
            made_at: row.at(0).number().and_then(|at| at.try_into().ok()),
            facts,
            is_meant,
        }
    }

    /// True if it says what an intent said.
    pub fn fits(&self, facts: &[Fact], sent: &[Option<String>]) -> bool {
        let mut all = facts.iter().zip(sent).zip(&self.facts);
        self.is_meant
            && all.all(|((fact, sent), seen)| {
                fact.seen.is_empty() || fits(fact.kind, sent.as_deref(), seen.as_deref())
            })
    }

    /// What it is to an intent: `None` if it cannot be its object.
    pub fn candidate(&self, witness: &Witness, intent: &Intent) -> Option<Candidate> {
        let sent = intent.facts.get(witness.of_numbers().len()..).unwrap_or_default();
        self.fits(witness.facts, sent).then(|| Candidate {
            id: self.id.clone(),
            made_at: self.made_at,
            is_exact: witness.facts.iter().zip(sent).any(|(fact, sent)| fact.is_exact && sent.is_some()),
        })
    }
}

/// The fields that rows of a witness have, with commas between.
pub fn fields_of(witness: &Witness) -> String {
    let mut fields = String::from("id,callId");
    let mut add = |name| {
        fields.push(',');
        fields.push_str(name);
    };
    for (name, _) in witness.only.iter().chain(&witness.except) {
        add(name);
    }
    for fact in witness.all() {
        for name in [fact.sent, fact.or_sent].iter().chain(fact.seen) {
            if !name.is_empty() {
                add(name);
            }
        }
    }
    fields
}

/// The intent of a request. `sent`: the ids of its path, the names of what it says and the text of each in turn, and the
/// fields of its witness as a row. Its lane is what its witness tells lanes by. `None`: it could not be read, so there is
/// nothing to compare.
pub fn intent_of(
    operation: &str,
    witness: Option<&Witness>,
    sent: &str,
    scope: &str,
    key: &str,
    exclusive: bool,
) -> Option<Intent> {
    let sent = Json::parse(sent)?;
    let ids = sent.at(0).strings()?;
    let mut lane = String::from(operation);
    let mut facts = Vec::new();
    let mut add = |word: &str| {
        lane.push('\n');
        lane.push_str(word);
    };
    for id in &ids {
        add(id);
    }
    match witness {
        Some(witness) => {
            for fact in witness.all() {
                let found = sent_of(fact, sent.at(2));
                if fact.is_of_lane {
                    add(found.as_deref().unwrap_or_default());
                }
                facts.push(found);
            }
        }
        // Nothing can be attributed to it, so it need not wait for others.
        None => add(key),
    }
    let mut content = Vec::new();
    for pair in sent.at(1).list().chunks_exact(2) {
        if let [Json::Text(name), Json::Text(text)] = pair {
            content.push((name.clone(), digest(text)));
        }
    }
    Some(Intent {
        operation: operation.to_owned(),
        ids,
        content,
        facts,
        lane: joined(&[scope, "/lane/", &digest(&lane)]),
        state: State::Unknown,
        sent_at: 0,
        skew: None,
        before: None,
        exclusive,
        sends: 0,
    })
}

/// A fact that the fields of a request say.
fn sent_of(fact: &Fact, fields: &Json) -> Option<String> {
    if fact.kind != Kind::Media {
        return fact_of(fact.kind, fields.get(fact.sent));
    }
    // An empty list is a fact too: a text without media must not match one with a picture.
    let mut media = fields.get(fact.sent).list().to_vec();
    media.extend_from_slice(fields.get(fact.or_sent).list());
    fact_of(fact.kind, &Json::List(media))
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::super::witness::Place;
    use super::*;

    const FACTS: &[Fact] = &[
        Fact::new("agentId", &["agentId"], Kind::Id).of_lane(),
        Fact::new("toNumber", &["toNumber", "to"], Kind::Recipient).of_lane(),
        Fact::new("note", &[], Kind::Text),
    ];
    const CALLS: Witness =
        Witness::list("calls.list", FACTS).only(&[("direction", "outbound")]).except("status", "none");

    fn sent(witness: Option<&Witness>, sent: &str) -> Option<Intent> {
        intent_of("calls.create", witness, sent, "scope", "key", false)
    }

    fn intent(witness: &Witness) -> Intent {
        let fields = r#"{"agentId":["agt_1"],"toNumber":["+14155550100"],"note":["hello"]}"#;
        sent(Some(witness), &joined(&["[[],[\"path\",\"POST /v1/calls\"],", fields, "]"])).unwrap()
    }

    fn noted(witness: &Witness, fields: &str) -> Noted {
        Noted::of(witness, &Json::parse(&joined(&["[1000,{", fields, "}]"])).unwrap())
    }

    #[test]
    fn an_object_that_says_something_else_is_no_candidate() {
        let found = |fields: &str| noted(&CALLS, fields).candidate(&CALLS, &intent(&CALLS)).is_some();
        let own = r#""id":["call_1"],"agentId":["agt_1"],"toNumber":["(415) 555-0100"]"#;
        assert!(found(own));
        assert!(found(&joined(&[own, r#","direction":["outbound"]"#])));
        assert!(!found(&joined(&[own, r#","direction":["inbound"]"#])));
        assert!(!found(&joined(&[own, r#","status":["none"]"#])));
        assert!(found(r#""id":["call_1"],"agentId":["agt_1"],"to":["+14155550100"]"#));
        assert!(!found(r#""id":["call_1"],"agentId":["agt_2"],"toNumber":["+14155550100"]"#));
        assert!(!found(r#""id":["call_1"],"agentId":["agt_1"],"toNumber":["+14155550101"]"#));
        assert!(!found(r#""id":["call_1"],"toNumber":["+14155550100"]"#));
    }

    #[test]
    fn facts_of_numbers_come_first_and_are_not_asked_of_objects() {
        const NUMBERS: &[Fact] = &[Fact::new("number_id", &["id"], Kind::Id)];
        let witness = CALLS.at(Place::ListOfNumbers(NUMBERS));
        let intent = intent(&witness);
        assert_eq!(intent.facts.len(), 4);
        let own = noted(&witness, r#""callId":["call_1"],"agentId":["agt_1"],"toNumber":["+14155550100"]"#);
        let candidate = own.candidate(&witness, &intent).unwrap();
        assert_eq!(
            (candidate.id.as_str(), candidate.made_at, candidate.is_exact),
            ("call_1", Some(1000), false)
        );
        let number = noted(&Witness::list("numbers.list", NUMBERS), r#""id":["num_1"]"#);
        assert!(number.fits(NUMBERS, &[None]) && number.fits(NUMBERS, &[Some("num_1".to_owned())]));
        assert!(!number.fits(NUMBERS, &[Some("num_2".to_owned())]));
        assert_eq!(
            fields_of(&witness),
            "id,callId,direction,status,number_id,id,agentId,agentId,toNumber,toNumber,to,note"
        );
    }

    #[test]
    fn a_lane_is_that_of_sender_and_recipient_or_of_the_key() {
        let content = r#"["body.a","1","path","POST /v1/calls"]"#;
        let of = |witness, agent: &str, note: &str| {
            let fields = [r#"{"agentId":[""#, agent, r#""],"note":[""#, note, r#""]}"#].concat();
            sent(witness, &joined(&["[[\"id\"],", content, ",", &fields, "]"])).unwrap()
        };
        let one = of(Some(&CALLS), "agt_1", "x");
        assert_eq!(one.lane, of(Some(&CALLS), "agt_1", "y").lane);
        assert_ne!(one.lane, of(Some(&CALLS), "agt_2", "x").lane);
        assert_eq!(of(None, "agt_1", "x").lane, of(None, "agt_2", "x").lane);
        assert_eq!(one.content[0], ("body.a".to_owned(), digest("1")));
        assert_eq!((one.content.len(), one.ids), (2, vec!["id".to_owned()]));
    }

    #[test]
    fn a_text_without_media_is_not_one_with_a_picture_in_either_spelling_of_the_field() {
        const TEXTS: Witness = Witness::list(
            "numbers.messages.list",
            &[Fact::new("media_urls", &["mediaUrls"], Kind::Media).or_sent("media_url")],
        );
        let found = |request: &str, object: &str| {
            let intent = sent(Some(&TEXTS), &joined(&["[[],[],{", request, "}]"])).unwrap();
            noted(&TEXTS, object).candidate(&TEXTS, &intent).is_some()
        };
        let (one, none) =
            (r#""id":["a"],"mediaUrls":["https://shop.example/1"]"#, r#""id":["a"],"mediaUrls":[]"#);
        for spelling in [r#""media_urls""#, r#""media_url""#] {
            let request = joined(&[spelling, r#":["https://shop.example/1"]"#]);
            assert!(found(&request, one) && !found(&request, none), "{spelling}");
        }
        assert!(found("", none) && !found("", one) && found("", r#""id":["a"]"#));
        assert_eq!(fields_of(&TEXTS), "id,callId,media_urls,media_url,mediaUrls");
        // An entry of a ledger that was written before media were compared.
        let old = Intent { facts: vec![], ..sent(Some(&TEXTS), "[[],[],{}]").unwrap() };
        assert!(noted(&TEXTS, one).candidate(&TEXTS, &old).is_some());
    }

    #[test]
    fn what_cannot_be_read_is_not_taken_for_nothing() {
        assert!(sent(Some(&CALLS), "").is_none());
        assert!(sent(None, "[null,[],{}]").is_none());
    }
}
