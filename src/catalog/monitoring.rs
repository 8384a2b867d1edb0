//! What a monitoring system shows to people about a path, beside the state, which it names itself.

use super::{Lang, Said, said};
use std::time::Duration;

/// What is said of a path that works.
pub(crate) const WORKS: Said = said("works", "작동함");
/// What is said of a path whose stages had not all been tried when the run ended.
pub(crate) const NOT_ENDED: Said = said("not asked to the end", "끝까지 확인하지 못함");

/// How many paths work.
pub(crate) fn working(working: usize, all: usize, lang: Lang) -> String {
    match lang {
        Lang::En => format!("{working} of {all} paths work"),
        Lang::Ko => format!("경로 {all}개 중 {working}개 작동"),
    }
}

/// How many paths were asked, well or not.
pub(crate) fn asked(all: usize, lang: Lang) -> String {
    match lang {
        Lang::En => format!("{all} paths were asked"),
        Lang::Ko => format!("경로 {all}개를 확인함"),
    }
}

/// How many more are not named.
pub(crate) fn more(count: usize, lang: Lang) -> String {
    match lang {
        Lang::En => format!("and {count} more"),
        Lang::Ko => format!("그 밖에 {count}개"),
    }
}

/// What a stage, by its name, took against what it may take.
pub(crate) fn slow(stage: &str, took: Duration, limit: Duration, lang: Lang) -> String {
    let (took, limit) = (took.as_secs_f64(), limit.as_secs_f64());
    match lang {
        Lang::En => format!("{stage} took {took:.3} s, more than {limit} s"),
        Lang::Ko => format!("{stage}: {took:.3}초 걸림, 한도 {limit}초"),
    }
}

/// When a certificate ends, in days from now.
pub(crate) fn certificate_ends(days: f64, lang: Lang) -> String {
    match lang {
        Lang::En => format!("its certificate ends in {days:.1} days"),
        Lang::Ko => format!("인증서가 {days:.1}일 뒤에 만료됨"),
    }
}
