//! Which ICE servers stand in the `Link` headers of an answer? (RFC 8288; RFC 9725 §4.6)

use super::message::WebAnswer;
use serde_json::{Map, Value, json};

/// The relation of an ICE server (RFC 9725 §7.4).
const RELATION: &str = "ice-server";

/// Each entry as a browser would be handed it, in the order of the headers. A URI stands as it came: how browsers take it is
/// judged like any other.
pub(super) fn ice_servers(answer: &WebAnswer) -> Vec<Value> {
    let headers = answer.headers.iter().filter(|(name, _)| name == "link");
    headers.flat_map(|(_, value)| links(value)).filter_map(|link| server(&link)).collect()
}

/// The links of one header: commas part them, but not within `<…>` or a quoted text.
fn links(value: &str) -> Vec<String> {
    split(value, ',')
}

fn server(link: &str) -> Option<Value> {
    let parts = split(link, ';');
    let (target, parameters) = parts.split_first()?;
    let uri = target.trim().strip_prefix('<')?.strip_suffix('>')?;
    let parameter = |wanted: &str| {
        parameters.iter().find_map(|parameter| {
            let (name, value) = parameter.split_once('=')?;
            name.trim().eq_ignore_ascii_case(wanted).then(|| unquoted(value.trim()))
        })
    };
    // Several relations may stand in one text (RFC 8288 §3.3).
    let is_server = parameter("rel")?.split_ascii_whitespace().any(|rel| rel.eq_ignore_ascii_case(RELATION));
    let mut entry = Map::new();
    entry.insert("urls".to_owned(), json!(uri));
    for (name, wanted) in
        [("username", "username"), ("credential", "credential"), ("credentialType", "credential-type")]
    {
        entry.extend(parameter(wanted).map(|value| (name.to_owned(), json!(value))));
    }
    is_server.then_some(Value::Object(entry))
}

/// Splits where neither a `<…>` nor a quoted text is open.
fn split(text: &str, at: char) -> Vec<String> {
    let (mut parts, mut part) = (Vec::new(), String::new());
    let (mut is_quoted, mut is_target, mut is_escaped) = (false, false, false);
    for c in text.chars() {
        if c == at && !is_quoted && !is_target {
            parts.push(std::mem::take(&mut part));
            continue;
        }
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' if is_quoted => is_escaped = true,
            '"' if !is_target => is_quoted = !is_quoted,
            '<' if !is_quoted => is_target = true,
            '>' if !is_quoted => is_target = false,
            _ => {}
        }
        part.push(c);
    }
    parts.push(part);
    parts
}

/// A token, or what a quoted text says (RFC 9110 §5.6.4).
fn unquoted(value: &str) -> String {
    let Some(inner) = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) else { return value.to_owned() };
    let mut text = String::new();
    let mut characters = inner.chars();
    while let Some(c) = characters.next() {
        text.extend(if c == '\\' { characters.next() } else { Some(c) });
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn servers(headers: &[&str]) -> Vec<Value> {
        let headers = headers.iter().map(|value| ("link".to_owned(), (*value).to_owned())).collect();
        ice_servers(&WebAnswer { headers, ..WebAnswer::default() })
    }

    #[test]
    fn each_link_to_an_ice_server_is_an_entry() {
        let mediamtx = r#"<turn:turn.example:3478?transport=udp>; rel="ice-server"; username="17:u,v"; credential="a\"b;c"; credential-type="password""#;
        let expected = json!({"urls": "turn:turn.example:3478?transport=udp", "username": "17:u,v", "credential": "a\"b;c",
            "credentialType": "password"});
        assert_eq!(servers(&[mediamtx]), [expected]);
        let both = "<stun:a>; rel=ice-server, <https://h/x>; rel=\"urn:ietf:params:whep:ext:core:layer\",<stun:b>;REL=\"x Ice-Server\"";
        assert_eq!(servers(&[both]), [json!({"urls": "stun:a"}), json!({"urls": "stun:b"})]);
        assert_eq!(servers(&["<stun:a>; rel=ice-server", "<stun:b>; rel=ice-server"]).len(), 2);
    }

    #[test]
    fn what_is_malformed_is_no_server_and_takes_no_time() {
        let open = "<stun:a; rel=\"ice-server".repeat(2000);
        let many = "<stun:a>; rel=ice-server,".repeat(1000);
        for (header, count) in [
            ("", 0),
            ("stun:a; rel=ice-server", 0),
            ("<stun:a>; rel", 0),
            ("<stun:a>; rel=\"", 0),
            ("<stun:a>; rel=\"ice-server\\", 0),
            (",,;;<>\"\\", 0),
            (&open, 0),
            (&many, 1000),
        ] {
            assert_eq!(servers(&[header]).len(), count, "{}", &header[..header.len().min(60)]);
        }
    }
}
