//! Which events are in a stream of them? (HTML Standard §9.2.6)

/// Cuts what comes into events.
#[derive(Debug, Default)]
pub struct EventReader {
    line: Vec<u8>,
    data: String,
    /// The line before ended with a carriage return, so that a line feed ends no other.
    is_after_return: bool,
    has_begun: bool,
}

impl EventReader {
    /// More of the stream; the data of each event that ends in it. Lines that are no data, such as comments, are left out.
    pub fn feed(&mut self, bytes: &[u8]) -> Vec<String> {
        let mut events = Vec::new();
        for byte in bytes {
            let is_after_return = std::mem::replace(&mut self.is_after_return, *byte == b'\r');
            match byte {
                b'\n' if is_after_return => {}
                b'\n' | b'\r' => self.end_line(&mut events),
                other => self.line.push(*other),
            }
        }
        events
    }

    /// How many bytes wait for the end of their event.
    pub fn waiting(&self) -> usize {
        self.line.len() + self.data.len()
    }

    fn end_line(&mut self, events: &mut Vec<String>) {
        let line = String::from_utf8_lossy(&std::mem::take(&mut self.line)).into_owned();
        let has_begun = std::mem::replace(&mut self.has_begun, true);
        let line = if has_begun { line.as_str() } else { line.trim_start_matches('\u{feff}') };
        if line.is_empty() {
            if !self.data.is_empty() {
                events.push(std::mem::take(&mut self.data));
            }
        } else if let Some(data) = line.strip_prefix("data:") {
            if !self.data.is_empty() {
                self.data.push('\n');
            }
            self.data.push_str(data.strip_prefix(' ').unwrap_or(data));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_as_in_any_text_and_a_mark_of_the_byte_order_is_none_of_them() {
        for stream in ["\u{feff}data: 1\r\rdata: 2\r\r", "data: 1\r\n\r\ndata: 2\r\n\r\n", "data: 1\n\ndata: 2\n\n"] {
            let mut reader = EventReader::default();
            let events: Vec<String> = stream.as_bytes().chunks(1).flat_map(|chunk| reader.feed(chunk)).collect();
            assert_eq!(events, ["1", "2"], "{stream:?}");
        }
    }

    #[test]
    fn events_come_whole_however_the_stream_is_cut() {
        let stream = b": hello\nevent: x\ndata: {\"a\":\ndata: 1}\n\ndata:two\r\n\r\n\n\ndata: unfinished";
        for size in [1, 3, stream.len()] {
            let mut reader = EventReader::default();
            let events: Vec<String> = stream.chunks(size).flat_map(|chunk| reader.feed(chunk)).collect();
            assert_eq!(events, ["{\"a\":\n1}", "two"]);
            assert_eq!(reader.waiting(), "data: unfinished".len());
        }
    }
}
