//! With whom directly, with whom only through a relay: the picture beside the table.

use crate::catalog;
use crate::catalog::Lang;
use crate::catalog::html::{ReportWords, fill, peer_is};
use crate::model::{Forecast, Path};
use crate::report::page::goes;
use crate::report::pictures::{self, Caption, Mark};

/// The picture; where every kind of peer fares the same a sentence in its place, since no figure is needed for that.
pub(super) fn picture_or_sentence(forecast: &[Forecast], w: &ReportWords, lang: Lang) -> (String, String) {
    let told: Vec<String> = forecast.iter().map(|forecast| goes(&forecast.path, lang).text).collect();
    match told.first() {
        Some(first) if told.iter().any(|other| other != first) => (picture(forecast, &told, w, lang), String::new()),
        first => (String::new(), fill(w.forecast_alike, &[("path", first.map_or("", String::as_str))])),
    }
}

fn picture(forecast: &[Forecast], goes: &[String], w: &ReportWords, lang: Lang) -> String {
    let mark = |forecast: &Forecast| pictures::Row {
        label: catalog::peer(forecast.peer, lang).to_owned(),
        below: peer_is(forecast.peer, lang).to_owned(),
        mark: match forecast.path.value() {
            Some(Path::Direct) => Mark::First,
            Some(Path::Relay) => Mark::Second,
            Some(Path::None) => Mark::Third,
            None => Mark::Unknown,
        },
    };
    let marks: Vec<pictures::Row> = forecast.iter().map(mark).collect();
    let told: Vec<String> = marks.iter().zip(goes).map(|(row, goes)| format!("{}: {goes}.", row.label)).collect();
    let columns = [Path::Direct, Path::Relay, Path::None].map(|path| catalog::path(path, lang));
    pictures::grid(&marks, columns, w.not_known, Caption { title: w.forecast, description: &told.join(" ") })
}
