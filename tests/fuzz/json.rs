//! Changes to JSON that leave it JSON: a fuzzer that changes bytes would seldom get past its brackets.

use serde_json::{Map, Value, json};
use std::ops::Range;

/// One in so many changes is one of bytes, as any other fuzzer makes them.
const OF_BYTES: usize = 4;

/// Changes values of the whole text, where it is JSON, or of one of its lines, or else bytes. Gives the new size.
pub fn mutate(data: &mut [u8], size: usize, most: usize, seed: u32) -> usize {
    let mut rng = Rng(u64::from(seed) << 1 | 1);
    let changed = (rng.below(OF_BYTES) > 0).then(|| changed(&data[..size], &mut rng)).flatten();
    match changed.filter(|changed| changed.len() <= most) {
        Some(changed) => {
            data[..changed.len()].copy_from_slice(&changed);
            changed.len()
        }
        None => libfuzzer_sys::fuzzer_mutate(data, size, most),
    }
}

fn changed(text: &[u8], rng: &mut Rng) -> Option<Vec<u8>> {
    let part = if serde_json::from_slice::<Value>(text).is_ok() { 0..text.len() } else { line(text, rng)? };
    let mut value: Value = serde_json::from_slice(&text[part.clone()]).ok()?;
    let whole = value.clone();
    for _ in 0..=rng.below(3) {
        change(&mut value, &whole, rng);
    }
    Some([&text[..part.start], &serde_json::to_vec(&value).ok()?, &text[part.end..]].concat())
}

/// From the first brace of some line to its end.
fn line(text: &[u8], rng: &mut Rng) -> Option<Range<usize>> {
    let mut start = 0;
    let mut lines = Vec::new();
    for line in text.split(|byte| *byte == b'\n') {
        lines.extend(line.iter().position(|byte| *byte == b'{').map(|brace| start + brace..start + line.len()));
        start += line.len() + 1;
    }
    let chosen = rng.below(lines.len());
    lines.into_iter().nth(chosen)
}

/// Goes down to some value, and changes it there.
fn change(value: &mut Value, whole: &Value, rng: &mut Rng) {
    let goes_on = rng.below(8) > 0;
    match value {
        Value::Array(all) if goes_on && !all.is_empty() => {
            let at = rng.below(all.len());
            match rng.below(8) {
                0 => drop(all.remove(at)),
                1 => all.insert(at, all[rng.below(all.len())].clone()),
                2 => all.swap(0, at),
                _ => change(&mut all[at], whole, rng),
            }
        }
        Value::Object(all) if goes_on && !all.is_empty() => {
            let name = all.keys().nth(rng.below(all.len())).cloned().unwrap_or_default();
            match rng.below(16) {
                0 => drop(all.remove(&name)),
                1 => rename(all, &name, whole, rng),
                _ => change(&mut all[&name], whole, rng),
            }
        }
        _ => *value = another(value, whole, rng),
    }
}

fn rename(all: &mut Map<String, Value>, name: &str, whole: &Value, rng: &mut Rng) {
    if let (Some(value), Value::Object(other)) = (all.remove(name), some(whole, rng)) {
        let name = other.keys().nth(rng.below(other.len())).cloned();
        all.insert(name.unwrap_or_default(), value);
    }
}

fn another(value: &Value, whole: &Value, rng: &mut Rng) -> Value {
    let odd = [
        json!(null), json!(true), json!(0), json!(-1), json!(1e308), json!(u64::MAX), json!(u32::MAX), json!(0.5),
        json!(""), json!("::"), json!("0.0.0.0:0"), json!("[::1]:1"), json!("\u{202e}<b>"), json!([]), json!({}),
    ];
    match (rng.below(4), value.as_f64()) {
        (0, _) => odd[rng.below(odd.len())].clone(),
        (1 | 2, Some(number)) => json!([number + 1.0, number * 2.0, -number, number / 1000.0][rng.below(4)]),
        _ => some(whole, rng).clone(),
    }
}

/// Some value of the whole.
fn some<'a>(mut value: &'a Value, rng: &mut Rng) -> &'a Value {
    while rng.below(8) > 0 {
        let below = match value {
            Value::Array(all) => all.get(rng.below(all.len())),
            Value::Object(all) => all.values().nth(rng.below(all.len())),
            _ => None,
        };
        let Some(below) = below else { break };
        value = below;
    }
    value
}

/// xorshift64: the fuzzer's seed makes the same change again.
struct Rng(u64);

impl Rng {
    /// Less than `most`; 0 where that is 0.
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % most.max(1)
    }
}
