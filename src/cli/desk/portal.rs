//! A captive portal's pages: whatever is asked for leads to the one where a guest signs in (RFC 8952 §2.2).

use crate::desk::{Error, Host};
use std::io::{self, Read, Write};
use std::net::{IpAddr, TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

const PORT: u16 = 80;

/// Guests are served one after the other: who asks nothing keeps the others waiting no longer than this.
const PATIENCE: Duration = Duration::from_millis(500);
/// Of a request.
const LARGEST_BYTES: u64 = 8192;

const PAGE: &str = "<!doctype html><title>Sign in</title><h1>Welcome</h1><p>Sign in to use this network.</p>\n";

/// Serves on every address of the host, as long as the lab is there.
pub(super) fn start(host: &Host) -> Result<(), Error> {
    for address in host.seat.addresses().copied().collect::<Vec<_>>() {
        let listener = host.inside(move || TcpListener::bind((address, PORT)))?;
        let listener = listener.map_err(|error| Error::System("the portal cannot be served".to_owned(), error))?;
        thread::spawn(move || {
            for guest in listener.incoming().flatten() {
                // One that has gone away is no loss.
                let _ = greet(guest, address);
            }
        });
    }
    Ok(())
}

fn greet(mut guest: TcpStream, own: IpAddr) -> io::Result<()> {
    guest.set_read_timeout(Some(PATIENCE))?;
    guest.set_write_timeout(Some(PATIENCE))?;
    let request = request(&mut guest)?;
    guest.write_all(answer(&request, own).as_bytes())
}

fn request(guest: &mut TcpStream) -> io::Result<String> {
    let mut bytes = Vec::new();
    let mut guest = guest.take(LARGEST_BYTES);
    let mut part = [0; 1024];
    while !bytes.ends_with(b"\r\n\r\n") {
        match guest.read(&mut part)? {
            0 => break,
            length => bytes.extend_from_slice(part.get(..length).unwrap_or_default()),
        }
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn answer(request: &str, own: IpAddr) -> String {
    let own = match own {
        IpAddr::V4(own) => own.to_string(),
        IpAddr::V6(own) => format!("[{own}]"),
    };
    let is_for_us = request.lines().any(|line| {
        let header = line.split_once(':');
        header.is_some_and(|(name, value)| name.eq_ignore_ascii_case("host") && value.trim() == own)
    });
    let head = if is_for_us { "200 OK".to_owned() } else { format!("302 Found\r\nLocation: http://{own}/") };
    let length = PAGE.len();
    format!(
        "HTTP/1.1 {head}\r\nContent-Type: text/html\r\nContent-Length: {length}\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n{PAGE}"
    )
}

#[cfg(test)]
mod tests {
    use super::answer;

    #[test]
    fn every_page_leads_to_the_one_where_a_guest_signs_in() {
        let own = "192.168.0.1".parse().unwrap();
        let elsewhere = answer("GET / HTTP/1.1\r\nHost: example.com\r\n\r\n", own);
        assert!(elsewhere.starts_with("HTTP/1.1 302 Found\r\nLocation: http://192.168.0.1/\r\n"), "{elsewhere}");
        let there = answer("GET / HTTP/1.1\r\nhost: 192.168.0.1\r\n\r\n", own);
        assert!(there.starts_with("HTTP/1.1 200 OK\r\n"), "{there}");
    }
}
