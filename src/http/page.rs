//! The page, embedded in the binary.

use super::error::Problem;
use actix_web::http::Method;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use actix_web::{HttpRequest, HttpResponse};
use rust_embed::{EmbeddedFile, RustEmbed};

#[derive(RustEmbed)]
#[folder = "$OUT_DIR/kiosk-ui"]
struct Files;

/// Nothing comes from or goes to another address; the camera's frames stay in the page or leave by
/// the service's own socket. The page's reader is a WebAssembly module in a worker.
const POLICY: &str = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; img-src 'self' blob: data:; style-src 'self' 'unsafe-inline'; \
    object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// A file of the page; any address without a file's ending is a screen of it.
pub async fn show(request: HttpRequest) -> Result<HttpResponse, Problem> {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Err(Problem::not_found());
    }
    let path = request.path().trim_start_matches('/');
    let is_file = path.rsplit('/').next().is_some_and(|name| name.contains('.'));
    let name = if is_file { path } else { "index.html" };
    let file = Files::get(name).ok_or_else(Problem::not_found)?;
    Ok(answer(&request, name, file))
}

fn answer(request: &HttpRequest, name: &str, file: EmbeddedFile) -> HttpResponse {
    let tag = format!("\"{}\"", hex::encode(file.metadata.sha256_hash()));
    // What vite puts into assets carries a hash in its name: its content never changes.
    let caching =
        if name.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" };
    let known = request.headers().get(IF_NONE_MATCH).is_some_and(|sent| sent.as_bytes() == tag.as_bytes());
    let mut response = if known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    response
        .insert_header((CACHE_CONTROL, caching))
        .insert_header((ETAG, tag))
        .insert_header((CONTENT_SECURITY_POLICY, POLICY))
        .insert_header(("x-content-type-options", "nosniff"))
        .insert_header(("referrer-policy", "no-referrer"))
        .insert_header(("permissions-policy", "camera=(self), microphone=()"));
    if known {
        return response.finish();
    }
    response.insert_header((CONTENT_TYPE, content_type(name, &file))).body(file.data)
}

fn content_type(name: &str, file: &EmbeddedFile) -> String {
    let kind = file.metadata.mimetype();
    if name.ends_with(".html") { "text/html; charset=utf-8".to_owned() } else { kind.to_owned() }
}
