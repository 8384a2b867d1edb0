//! `explain`: what does a code mean, and what is to be done about it?

use crate::catalog::exit_codes::exit_codes;
use crate::catalog::{self, Lang};
use crate::cli::refusal::Refusal;
use crate::cli::spelling::nearest;
use crate::model::{Code, Detail};
use crate::report::terminal::{self, Style};

/// What is explained beside the codes of findings.
const EXIT_CODES: &str = "exit-codes";
const ICE_SERVERS: &str = "ice-servers";

pub(crate) fn explain(name: Option<&str>, style: Style) -> Result<String, Refusal> {
    let Some(name) = name else { return Ok(list(style.lang)) };
    let asked = name.to_ascii_lowercase();
    if asked == EXIT_CODES {
        return Ok(exit_codes(style.lang));
    }
    if asked == ICE_SERVERS {
        return Ok(terminal::render_configuration_page(style));
    }
    match asked.parse::<Code>() {
        Ok(code) => Ok(terminal::render_entry(code, style)),
        Err(_) => Err(Refusal::usage(no_such(&asked))),
    }
}

fn list(lang: Lang) -> String {
    let names: Vec<String> = Code::ALL.iter().map(ToString::to_string).collect();
    let width = names.iter().map(String::len).max().unwrap_or(0);
    let title = |code: &Code| catalog::words(*code, &Detail::default(), lang).title;
    let line = |(name, code): (&String, &Code)| format!("{name:<width$}  {}\n", title(code));
    names.iter().zip(Code::ALL).map(line).collect()
}

fn no_such(asked: &str) -> String {
    let names =
        nearest(asked, Code::ALL.iter().map(ToString::to_string).chain([EXIT_CODES, ICE_SERVERS].map(str::to_owned)));
    let shown: String = asked.chars().take(60).collect();
    let hint = if names.is_empty() {
        "rtc-doctor explain lists all codes".to_owned()
    } else {
        format!("did you mean {}?", names.join(", "))
    };
    format!("there is no code {shown:?}; {hint}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const STYLE: Style = Style { colour: false, ascii: false, width: 80, lang: Lang::En };

    #[test]
    fn a_code_is_explained() {
        insta::assert_snapshot!(explain(Some("relay-peer-refused"), STYLE).expect("is a code"), @r#"
        The server does not relay to this peer [relay-peer-refused]

        It gave an allocation, and then forbade the peer (403). The test uses this
        machine's own public address as the peer.

        What to do
            → TURN operator: Check denied-peer-ip and allowed-peer-ip; private and local
              ranges are rightly denied, public ones must not be.

        Read more: RFC 8656 §10.2
        "#);
    }

    #[test]
    fn a_code_is_explained_in_korean() {
        let style = Style { lang: Lang::Ko, ..STYLE };
        insta::assert_snapshot!(explain(Some("relay-peer-refused"), style).expect("is a code"));
    }

    #[test]
    fn the_exit_codes_are_explained_in_both_languages() {
        let korean = Style { lang: Lang::Ko, ..STYLE };
        insta::assert_snapshot!(explain(Some("exit-codes"), STYLE).expect("are a table"));
        insta::assert_snapshot!(explain(Some("exit-codes"), korean).expect("are a table"));
    }

    #[test]
    fn what_browsers_refuse_is_explained_with_how_it_reads_right() {
        let page = explain(Some("ice-servers"), STYLE).expect("is a page");
        let stun = "  • stun:h:3478?transport=udp\n    Chromium, Firefox: stun: and stuns: have no ?transport= (RFC 7064)\n    → stun:h:3478";
        assert!(page.contains(stun), "{page}");
        assert!(page.contains("[credentials-in-milliseconds]"), "{page}");
    }

    #[test]
    fn without_a_code_all_are_listed() {
        let list = explain(None, STYLE).expect("lists");
        assert_eq!(list.lines().count(), Code::ALL.len());
    }

    #[test]
    fn a_mistyped_code_brings_its_neighbours() {
        let refusal = explain(Some("upd-blocked"), STYLE).expect_err("no such code");
        assert_eq!((refusal.exit, refusal.message.contains("udp-blocked")), (64, true));
        assert!(explain(Some("expired"), STYLE).expect_err("no such code").message.contains("tls-expired"));
        assert!(explain(Some("\x1b[2J"), STYLE).expect_err("no such code").message.contains("lists all"));
    }
}
