//! Which servers are asked, each once?

use crate::model::{Code, ConfigurationFact, Detail, Severity, Target};
use crate::turn::Credentials;

/// A server, where it is not among them yet: it is asked once, with what was named first. Another login for it is told.
pub(crate) fn put(
    targets: &mut Vec<(Target, Option<Credentials>)>,
    target: Target,
    login: Option<Credentials>,
) -> Option<ConfigurationFact> {
    let Some((_, first)) = targets.iter().find(|(known, _)| *known == target) else {
        targets.push((target, login));
        return None;
    };
    (*first != login && login.is_some()).then(|| ConfigurationFact::FaultyConfiguration {
        fault: Code::SourceLoginsDiffer,
        severity: Severity::Warning,
        about: Detail::default().server(target.uri()).into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_login_for_one_server_is_told_and_the_same_one_is_not() {
        let login =
            |password: &str| Some(Credentials::LongTerm { username: "u".to_owned(), password: password.to_owned() });
        let target: Target = "turn:a.example".parse().expect("is one");
        let mut targets = Vec::new();
        assert_eq!(put(&mut targets, target.clone(), login("p")), None);
        assert_eq!(put(&mut targets, target.clone(), login("p")), None);
        let told = put(&mut targets, target, login("q"));
        assert!(matches!(told, Some(ConfigurationFact::FaultyConfiguration { fault: Code::SourceLoginsDiffer, .. })));
        assert_eq!(targets.len(), 1);
    }
}
