//! The languages that the tool speaks to people, and a text in all of them.

use std::str::FromStr;

/// A language that the tool speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lang {
    /// English.
    #[default]
    En,
    /// Korean.
    Ko,
}

impl Lang {
    /// Every language.
    pub const ALL: [Self; 2] = [Self::En, Self::Ko];

    /// ISO 639-1, as in `--lang` and in HTML.
    pub fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Ko => "ko",
        }
    }

    /// The language of a POSIX locale such as `ko_KR.UTF-8`; English for one that the tool does not speak.
    pub fn of_locale(locale: &str) -> Self {
        let language = locale.split(['_', '.', '@', '-']).next().unwrap_or_default();
        language.to_ascii_lowercase().parse().unwrap_or_default()
    }

    /// Whether its texts are written in ASCII alone.
    pub fn is_ascii(self) -> bool {
        self == Self::En
    }
}

impl FromStr for Lang {
    type Err = UnknownLang;

    fn from_str(code: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|lang| lang.code() == code).ok_or(UnknownLang)
    }
}

/// The language is none of those that the tool speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("rtc-doctor speaks en and ko")]
pub struct UnknownLang;

/// One text in every language: one that lacks a language does not compile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Said {
    /// The English text.
    pub en: &'static str,
    /// The Korean text.
    pub ko: &'static str,
}

impl Said {
    /// The text in one language.
    pub const fn to(self, lang: Lang) -> &'static str {
        match lang {
            Lang::En => self.en,
            Lang::Ko => self.ko,
        }
    }
}

/// Writes a text that is short enough to stand on one line.
pub(super) const fn said(en: &'static str, ko: &'static str) -> Said {
    Said { en, ko }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_locale_names_its_language_first() {
        for locale in ["ko_KR.UTF-8", "ko", "ko-KR", "KO_KR@x", "ko.UTF-8"] {
            assert_eq!(Lang::of_locale(locale), Lang::Ko, "{locale}");
        }
        for locale in ["", "C", "POSIX", "en_GB.UTF-8", "kok_IN", "de_DE.UTF-8"] {
            assert_eq!(Lang::of_locale(locale), Lang::En, "{locale}");
        }
    }

    #[test]
    fn every_language_reads_back_from_its_code() {
        for lang in Lang::ALL {
            assert_eq!(lang.code().parse(), Ok(lang));
        }
        assert_eq!("de".parse::<Lang>(), Err(UnknownLang));
    }
}
