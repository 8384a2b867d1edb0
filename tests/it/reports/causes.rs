//! `reports/causes.md`: which causes are known, what each means for calls, and who is to do what.

use super::keep;
use rtc_doctor::catalog::{self, Lang, Said};
use rtc_doctor::diagnose::{Bearing, KnownCause, known_causes};
use rtc_doctor::model::Detail;
use std::fmt::Write;

fn path(bearing: Bearing) -> Said {
    let (en, ko) = match bearing {
        Bearing::Hides => ("unclear", "불분명"),
        Bearing::NoUdp => ("relay over TCP or TLS, else none", "TCP나 TLS를 쓰는 중계, 없으면 연결되지 않음"),
        Bearing::MayNotReachPeers | Bearing::ReachesNoPeer => (
            "relay where it is proven, else unclear; relay where both ends need one anyway",
            "증명되었으면 중계, 아니면 불분명. 어차피 양쪽에 중계가 필요하면 중계",
        ),
        Bearing::CarriesNoCall => (
            "relay over TCP or TLS where it is proven, else unclear",
            "증명되었으면 TCP나 TLS를 쓰는 중계, 아니면 불분명",
        ),
        Bearing::Dies => (
            "none where it is proven or a call died, else unclear; relay where it is forced",
            "증명되었거나 통화가 끊겼으면 연결되지 않음, 아니면 불분명. 중계만 쓰게 했으면 중계",
        ),
        Bearing::AsMeasured => ("as measured", "측정한 대로"),
    };
    Said { en, ko }
}

fn row(cause: KnownCause, lang: Lang) -> String {
    let words = catalog::words(cause.code, &Detail::default(), lang);
    let advice = catalog::advice(cause.code, &Detail::default(), lang);
    let steps: Vec<String> = advice.iter().map(|step| format!("**{}**: {}", step.who, step.what)).collect();
    let explained: Vec<String> = cause.consequences.iter().map(|code| format!("`{code}`")).collect();
    let cells = [words.title, steps.join(" "), path(cause.bearing).to(lang).to_owned(), explained.join(", ")];
    let cells = cells.map(|cell| cell.replace('|', "\\|").replace('<', "\\<"));
    format!("| `{}` | {} |", cause.code, cells.join(" | "))
}

#[test]
fn the_table_of_causes_is_that_of_todays_code() {
    let mut text = String::from(
        "# What is the cause, and who does what?\n\n\
         One fault is met in many places; it is told once, and what follows from it is folded under it (`findings[].cause` in\n\
         the JSON). A cause also explains whatever failed within its extent: the family, the transport and the servers that it\n\
         is about. `rtc-doctor explain CODE` has each in full, in English and in Korean.\n\n\
         Made by `UPDATE_REPORTS=1 cargo nextest run -j1 --test it reports::causes`.\n",
    );
    for (lang, heading, columns) in [
        (Lang::En, "English", "| code | cause | who does what | path | explains beside |"),
        (Lang::Ko, "한국어", "| 코드 | 원인 | 누가 무엇을 하는가 | 경로 | 함께 설명하는 것 |"),
    ] {
        let _ = writeln!(text, "\n## {heading}\n\n{columns}\n|---|---|---|---|---|");
        known_causes().for_each(|cause| text.push_str(&(row(cause, lang) + "\n")));
    }
    keep("causes.md", &text);
}
