//! A handful of voices, with the API's default first. The other ids are the sandbox's own. An agent may
//! name any voice, because accounts have voices that this list cannot know.

use super::ctx::{Ctx, Row};
use crate::errors::Failure;
use crate::json::json;
use serde_json::Value;

pub(crate) const ROWS: &[Row] = &[("voices.list", list)];

const VOICES: [(&str, &str, &str, &str, &str); 6] = [
    ("custom_voice_ea22ba5fdfaa18f39c274851c1", "Skylar", "platform", "female", "American"),
    ("11labs-Adrian", "Adrian", "elevenlabs", "male", "American"),
    ("cartesia-Willa", "Willa", "cartesia", "female", "British"),
    ("openai-Alloy", "Alloy", "openai", "female", "American"),
    ("minimax-Daniel", "Daniel", "minimax", "male", "Australian"),
    ("inworld-Priya", "Priya", "inworld", "female", "Indian"),
];

fn list(_: &mut Ctx<'_>) -> Result<Value, Failure> {
    let data: Vec<Value> = VOICES
        .iter()
        .map(|(id, name, provider, gender, accent)| {
            json!({
                "voice_id": id,
                "voice_name": name,
                "provider": provider,
                "gender": gender,
                "accent": accent,
                "preview_audio_url": null,
            })
        })
        .collect();
    Ok(json!({ "data": data }))
}
