//! HTTPS: other computers may use their cameras, and the session's cookie never travels in clear.

use crate::harness::{App, data_folder, remise};
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::Stdio;
use std::sync::Arc;

/// Asks over TLS, trusting that certificate only; the whole answer.
fn ask(address: &str, trusted: &CertificateDer<'static>, request: &str) -> String {
    let mut roots = RootCertStore::empty();
    roots.add(trusted.clone()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from("localhost").unwrap();
    let client = ClientConnection::new(Arc::new(config), name).unwrap();
    let mut stream = StreamOwned::new(client, TcpStream::connect(address).unwrap());
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = Vec::new();
    // A peer that closes without TLS's farewell has still said everything.
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_makes_the_service_speak_https() {
    let app = App::start().await;
    let folder = data_folder();
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let (certificate, key) = (folder.path().join("chain.pem"), folder.path().join("key.pem"));
    std::fs::write(&certificate, made.cert.pem()).unwrap();
    std::fs::write(&key, made.signing_key.serialize_pem()).unwrap();
    let paths = [&certificate, &key].map(|path| path.to_str().unwrap().to_owned());
    let arguments = ["serve", "--listen", "127.0.0.1:0", "--certificate", &paths[0], "--key", &paths[1]];
    let mut command = remise(&arguments).command();
    let mut service = command.env("DATABASE_URL", &app.url).stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    let mut output = std::io::BufReader::new(service.stdout.take().unwrap());
    std::io::BufRead::read_line(&mut output, &mut line).unwrap();
    let address = line.split("https://").nth(1).unwrap().trim_end().trim_end_matches('/').to_owned();
    let answer = tokio::task::spawn_blocking(move || {
        ask(
            &address,
            made.cert.der(),
            "DELETE /api/session HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
        )
    });
    let answer = answer.await.unwrap();
    service.kill().unwrap();
    service.wait().unwrap();
    assert!(answer.starts_with("HTTP/1.1 204"), "{answer}");
    assert!(answer.contains("Secure") && answer.contains("HttpOnly"), "{answer}");
    app.stop().await;
}

#[test]
fn a_file_that_is_no_certificate_is_named() {
    let folder = data_folder();
    let file = folder.path().join("photo.jpg");
    std::fs::write(&file, "pas un certificat").unwrap();
    let path = file.to_str().unwrap();
    let data = folder.path().join("data");
    let said =
        remise(&["serve", "--certificate", path, "--key", path, "--data", data.to_str().unwrap()]).output();
    assert_eq!(said.status.code(), Some(1));
    let sentence = String::from_utf8(said.stderr).unwrap();
    assert!(sentence.contains("cannot serve HTTPS") && sentence.contains("photo.jpg"), "{sentence}");
}
