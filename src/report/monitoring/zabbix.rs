//! One document, from which Zabbix takes both what there is (`$.data`, low-level discovery) and how it is
//! (`$.paths['{#PATH}'].state`, `.why`, `.seconds.total`), each by a dependent item with a JSONPath.

use super::path::MonitoredPath;
use super::state::PathState;
use serde_json::{Map, Value, json};

pub(super) fn render(paths: &[MonitoredPath<'_>], faults: &[String]) -> String {
    let discovered = paths.iter().map(|path| {
        let address = path.server.address.map(|address| address.to_string());
        json!({
            "{#PATH}": path.name,
            "{#URI}": path.server.uri,
            "{#ADDRESS}": address.unwrap_or_default(),
            "{#TRANSPORT}": path.server.transport.to_string(),
        })
    });
    let told = |path: &MonitoredPath<'_>| {
        let seconds =
            path.times.iter().filter_map(|(measure, time)| Some((measure.to_string(), json!((*time)?.as_secs_f64()))));
        let seconds: Map<String, Value> = seconds.collect();
        let why = path.why.as_deref().unwrap_or_default();
        let mut told = json!({ "state": path.state.code(), "why": why, "seconds": seconds });
        if let (Some(days), Some(told)) = (path.certificate_days, told.as_object_mut()) {
            told.insert("certificate_days".to_owned(), json!(days));
        }
        (path.name.clone(), told)
    };
    let worst = PathState::worst(paths.iter().map(|path| path.state), faults);
    let why = faults.join("; ");
    let mut document = json!({
        "state": worst.code(),
        "data": discovered.collect::<Vec<_>>(),
        "paths": paths.iter().map(told).collect::<Map<String, Value>>(),
    });
    if let Some(document) = document.as_object_mut().filter(|_| !faults.is_empty()) {
        document.insert("why".to_owned(), why.into());
    }
    format!("{document}\n")
}

/// Without the list of discovery: an empty one would have Zabbix forget every path that it knows.
pub(super) fn alone(state: PathState, why: &str) -> String {
    format!("{}\n", json!({ "state": state.code(), "why": why }))
}
