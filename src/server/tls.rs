//! HTTPS with a certificate of the school's: browsers give the camera to other computers over HTTPS only.

use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use std::path::Path;
use std::sync::Arc;

/// TLS 1.2 and 1.3 with the chain in `certificate` and the key in `key`, both PEM.
/// The error is a sentence that names the file.
pub fn config(certificate: &Path, key: &Path) -> Result<ServerConfig, String> {
    let cannot = |path: &Path, why: &dyn std::fmt::Display| format!("{}: {why}", path.display());
    let chain = CertificateDer::pem_file_iter(certificate)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|why| cannot(certificate, &why))?;
    if chain.is_empty() {
        return Err(cannot(certificate, &"no certificate in this file"));
    }
    let private = PrivateKeyDer::from_pem_file(key).map_err(|why| cannot(key, &why))?;
    ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, private))
        .map_err(|why| cannot(certificate, &why))
}
