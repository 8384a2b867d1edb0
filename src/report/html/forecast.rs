//! With whom directly, with whom only through a relay: the picture, and the same as a table.

use super::{evidence, findings};
use crate::catalog;
use crate::catalog::Lang;
use crate::catalog::html::{self as page, PageWords, fill};
use crate::model::{Forecast, Path};
use crate::report::pictures::{self, Caption, Mark};

pub(super) struct View {
    /// A sentence, where every kind of peer fares the same: no figure is needed for that.
    pub alike: Option<String>,
    pub picture: String,
    pub rows: Vec<Row>,
}

pub(super) struct Row {
    pub peer: &'static str,
    pub is: &'static str,
    pub goes: String,
    pub evidence: String,
}

pub(super) fn view(forecast: &[Forecast], w: &PageWords, lang: Lang) -> View {
    let goes = |forecast: &Forecast| match (forecast.path.value(), forecast.path.why()) {
        (Some(path), _) => catalog::path(*path, lang).to_owned(),
        (None, Some(why)) => fill(w.not_known_why, &[("why", &findings::title(why, lang))]),
        (None, None) => w.not_known.to_owned(),
    };
    let rows: Vec<Row> = forecast
        .iter()
        .map(|forecast| Row {
            peer: catalog::peer(forecast.peer, lang),
            is: page::peer_is(forecast.peer, lang),
            goes: goes(forecast),
            evidence: evidence::links(forecast.path.evidence(), w),
        })
        .collect();
    let alike = rows.first().filter(|first| rows.iter().all(|row| row.goes == first.goes));
    let alike = alike.map(|row| fill(w.forecast_alike, &[("path", &row.goes)]));
    View { picture: if alike.is_none() { picture(forecast, &rows, w, lang) } else { String::new() }, alike, rows }
}

fn picture(forecast: &[Forecast], rows: &[Row], w: &PageWords, lang: Lang) -> String {
    let marks: Vec<pictures::Row> = forecast
        .iter()
        .zip(rows)
        .map(|(forecast, row)| pictures::Row {
            label: row.peer.to_owned(),
            below: row.is.to_owned(),
            mark: match forecast.path.value() {
                Some(Path::Direct) => Mark::First,
                Some(Path::Relay) => Mark::Second,
                Some(Path::None) => Mark::Third,
                None => Mark::Unknown,
            },
        })
        .collect();
    let told: Vec<String> = rows.iter().map(|row| format!("{}: {}.", row.peer, row.goes)).collect();
    let columns = [Path::Direct, Path::Relay, Path::None].map(|path| catalog::path(path, lang));
    pictures::grid(&marks, columns, w.not_known, Caption { title: w.forecast, description: &told.join(" ") })
}
