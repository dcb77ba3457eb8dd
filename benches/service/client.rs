//! HTTP/1.1 over a kept connection, with as little work of its own as pgbench has: what is
//! measured is the service.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;

pub struct Client {
    stream: BufReader<TcpStream>,
    address: String,
    cookie: String,
}

/// Status and body.
pub struct Answer {
    pub status: u16,
    pub body: Vec<u8>,
    cookie: Option<String>,
}

impl Client {
    pub fn connect(address: &str) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_nodelay(true).unwrap();
        Self { stream: BufReader::new(stream), address: address.to_owned(), cookie: String::new() }
    }

    /// The service closes a connection that was idle for some seconds.
    pub fn reconnect(&mut self) {
        let cookie = std::mem::take(&mut self.cookie);
        *self = Self { cookie, ..Self::connect(&self.address) };
    }

    /// Logs in and names the desk.
    pub fn log_in(&mut self, school: &str, operator: &str, station: &str) {
        let asked =
            serde_json::json!({ "establishment_id": school, "operator": operator, "password": "motdepasse" });
        let answer = self.send("POST", "/api/session", &asked.to_string());
        assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
        self.cookie = answer.cookie.unwrap().split(';').next().unwrap().to_owned();
        let named =
            self.send("PUT", "/api/session/station", &serde_json::json!({ "name": station }).to_string());
        assert!(named.status == 200 || named.status == 403, "{}", named.status);
    }

    /// Who is logged in.
    pub fn cookie(&self) -> &str {
        &self.cookie
    }

    pub fn send(&mut self, method: &str, path: &str, body: &str) -> Answer {
        self.ask(method, path, body);
        let (status, length, cookie) = self.head();
        let mut bytes = Vec::new();
        match length {
            Some(length) => {
                bytes.resize(length, 0);
                self.stream.read_exact(&mut bytes).unwrap();
            }
            None => {
                self.chunks(|chunk| bytes.extend_from_slice(chunk));
            }
        }
        Answer { status, body: bytes, cookie }
    }

    /// Reads a streamed answer without keeping it; how many bytes it had.
    pub fn drain(&mut self, path: &str) -> u64 {
        self.ask("GET", path, "");
        let (status, length, _) = self.head();
        assert_eq!((status, length), (200, None));
        let mut read = 0;
        self.chunks(|chunk| read += chunk.len() as u64);
        read
    }

    fn ask(&mut self, method: &str, path: &str, body: &str) {
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: {}\r\ncookie: {}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            self.address,
            self.cookie,
            body.len()
        );
        self.stream.get_mut().write_all(request.as_bytes()).unwrap();
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.stream.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    }

    fn head(&mut self) -> (u16, Option<usize>, Option<String>) {
        let first = self.line();
        let status = first.split(' ').nth(1).unwrap_or_else(|| panic!("{first}")).parse().unwrap();
        let (mut length, mut cookie) = (None, None);
        loop {
            let line = self.line();
            let Some((name, value)) = line.split_once(": ") else { return (status, length, cookie) };
            match name.to_ascii_lowercase().as_str() {
                "content-length" => length = value.parse().ok(),
                "set-cookie" => cookie = Some(value.to_owned()),
                _ => {}
            }
        }
    }

    fn chunks(&mut self, mut each: impl FnMut(&[u8])) {
        let mut chunk = Vec::new();
        loop {
            let size = usize::from_str_radix(&self.line(), 16).unwrap();
            chunk.resize(size + 2, 0);
            self.stream.read_exact(&mut chunk).unwrap();
            if size == 0 {
                return;
            }
            each(&chunk[..size]);
        }
    }
}
