//! Which tags and texts stand in a page, in order? As much of HTML as a page that a browser wrote needs.

use std::borrow::Cow;

/// A piece of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// A tag that opens, with its attributes as they are written.
    Open {
        name: &'a str,
        attributes: &'a str,
    },
    Close(&'a str),
    /// What stands between two tags.
    Text(Cow<'a, str>),
}

/// The pieces of a page. What is no whole tag at its end is left out.
pub(super) struct Pieces<'a>(&'a str);

impl<'a> Pieces<'a> {
    pub(super) fn of(page: &'a str) -> Self {
        Self(page)
    }

    fn tag(&mut self) -> Option<Piece<'a>> {
        let end = tag_end(self.0)?;
        let inside = &self.0[1..end];
        self.0 = &self.0[end + 1..];
        if let Some(name) = inside.strip_prefix('/') {
            return Some(Piece::Close(name.trim()));
        }
        let (name, attributes) = inside.split_once([' ', '\n', '\t', '\r']).unwrap_or((inside, ""));
        Some(Piece::Open { name: name.trim_end_matches('/'), attributes })
    }
}

impl<'a> Iterator for Pieces<'a> {
    type Item = Piece<'a>;

    fn next(&mut self) -> Option<Piece<'a>> {
        if self.0.starts_with('<') {
            return self.tag();
        }
        let end = self.0.find('<').unwrap_or(self.0.len());
        let (text, rest) = self.0.split_at_checked(end).filter(|(text, _)| !text.is_empty())?;
        self.0 = rest;
        Some(Piece::Text(unescaped(text)))
    }
}

/// Where a tag ends: a bracket within quotes belongs to a value.
fn tag_end(text: &str) -> Option<usize> {
    let mut quote = None;
    let end = text.char_indices().skip(1).find(|(_, c)| {
        match (quote, c) {
            (None, '"' | '\'') => quote = Some(*c),
            (Some(open), close) if open == *close => quote = None,
            _ => {}
        }
        quote.is_none() && *c == '>'
    });
    end.map(|(end, _)| end)
}

/// The characters that a browser escapes in text.
fn unescaped(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let plain = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&nbsp;", " ");
    Cow::Owned(plain.replace("&amp;", "&"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bracket_in_quotes_ends_no_tag_and_escaped_characters_are_themselves() {
        let pieces: Vec<Piece<'_>> = Pieces::of("<td title=\"a > b\">1 &lt; 2 &amp;lt;</td ><br/>").collect();
        let wanted = [
            Piece::Open { name: "td", attributes: "title=\"a > b\"" },
            Piece::Text("1 < 2 &lt;".into()),
            Piece::Close("td"),
            Piece::Open { name: "br", attributes: "" },
        ];
        assert_eq!(pieces, wanted);
    }

    #[test]
    fn a_tag_without_an_end_ends_the_page() {
        assert_eq!(Pieces::of("a<b").collect::<Vec<_>>(), [Piece::Text("a".into())]);
        assert_eq!(Pieces::of("").count(), 0);
    }
}
