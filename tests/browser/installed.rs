//! What `.ci/test` installed. It is looked for and not run: every test is a process of its own, and each of them asks.

use std::path::PathBuf;

/// Where `.ci/test` puts what it installs for these tests alone.
pub(crate) fn cache(what: &str) -> PathBuf {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let cache = set("XDG_CACHE_HOME").unwrap_or_else(|| set("HOME").unwrap_or_else(|| "/tmp".into()).join(".cache"));
    cache.join("rtc-doctor-tests").join(what)
}

/// Whether a program is on the path, or where only root has it there.
pub(crate) fn has_program(name: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&path).chain(["/usr/sbin", "/sbin"].map(PathBuf::from));
    folders.into_iter().any(|folder| folder.join(name).is_file())
}

/// Whether Python can import these, in the environment that `.ci/test` made for it.
pub(crate) fn has_python(packages: &[&str]) -> bool {
    let versions = std::fs::read_dir(cache("python/lib")).into_iter().flatten().flatten();
    let mut folders = versions.map(|version| version.path().join("site-packages"));
    folders.any(|folder| packages.iter().all(|package| folder.join(package).is_dir()))
}
