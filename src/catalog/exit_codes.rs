//! What does an exit code mean? One table for `--help`, the manual page, `explain` and the README.

use super::lang::{Lang, Said, said};

/// Each code, and what it stands for. The first four are the diagnosis's ([`crate::model::Exit`]), those from 64 on BSD's
/// sysexits, and 130 is the shell's.
pub const EXIT_CODES: [(u8, Said); 8] = [
    (
        0,
        said(
            "fine: calls from here go directly, or every server that was named works where the network was not asked about",
            "정상: 이곳의 통화는 직접 연결되거나, 네트워크를 묻지 않은 경우 지정한 서버가 모두 작동함",
        ),
    ),
    (
        1,
        said(
            "works, but through a relay or degraded, or a server that was named does not work beside others that do",
            "되지만 중계를 거치거나 품질이 떨어지거나, 지정한 서버 중 일부가 작동하지 않음",
        ),
    ),
    (
        2,
        said(
            "no path, no call possible, or a server that was named does not work and no other stands in for it",
            "경로가 없거나 통화할 수 없거나, 지정한 서버가 작동하지 않고 대신할 서버도 없음",
        ),
    ),
    (3, said("the cause is not known", "원인을 알 수 없음")),
    (
        64,
        said(
            "the command line, or a file that it names, cannot be read; nothing was sent",
            "명령줄이나 명령줄에 지정된 파일을 읽을 수 없음, 아무것도 보내지 않음",
        ),
    ),
    (70, said("a fault of rtc-doctor itself", "rtc-doctor 자체의 결함")),
    (74, said("a report could not be written", "보고서를 쓸 수 없음")),
    (130, said("interrupted; the partial report is written", "중단됨, 그때까지의 보고서는 쓰임")),
];

/// The table as lines, each with its line feed; no line is longer than 100 characters in English.
pub fn exit_codes(lang: Lang) -> String {
    EXIT_CODES.iter().map(|(code, meaning)| format!("  {code:>3}  {}\n", meaning.to(lang))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_readme_has_the_same_table() {
        let readme = include_str!("../../README.md");
        for (code, meaning) in EXIT_CODES {
            let row = format!("| {code} | {} |", meaning.en);
            assert!(readme.lines().any(|line| line == row), "README lacks: {row}");
        }
    }
}
