//! The embedded page: its screens, how long a browser may keep what, and what it lets in.

use crate::harness::App;
use reqwest::Method;

#[tokio::test(flavor = "multi_thread")]
async fn every_screen_is_the_page_and_a_missing_file_is_not() {
    let app = App::start().await;
    let stranger = app.stranger();
    for path in ["/", "/fichiers", "/registre", "/impressions", "/quelque/part"] {
        let answer = stranger.send(Method::GET, path, None).await;
        assert_eq!(answer.status(), 200, "{path}");
        let headers = answer.headers();
        assert_eq!(headers["content-type"], "text/html; charset=utf-8");
        assert_eq!(headers["cache-control"], "no-cache");
        assert!(headers["content-security-policy"].to_str().unwrap().contains("default-src 'self'"));
        assert_eq!(headers["x-content-type-options"], "nosniff");
    }
    for path in ["/assets/none.js", "/favicon.ico", "/../Cargo.toml", "/api/none", "/print/none"] {
        assert_eq!(stranger.send(Method::GET, path, None).await.status(), 404, "{path}");
    }
    assert_eq!(stranger.send(Method::POST, "/", None).await.status(), 404);
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn hashed_files_are_kept_for_good_and_the_rest_is_asked_for_again() {
    let app = App::start().await;
    let stranger = app.stranger();
    let first = stranger.send(Method::GET, "/", None).await;
    let tag = first.headers()["etag"].clone();
    // The page's reader is compiled by the browser; a script made from text is not.
    let policy = first.headers()["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("script-src 'self' 'wasm-unsafe-eval';"), "{policy}");
    let html = first.text().await.unwrap();
    // Built without its page (KIOSK_UI=off) there is no such file.
    if let Some(at) = html.find("/assets/") {
        let path = html[at..].split('"').next().unwrap();
        let script = stranger.send(Method::GET, path, None).await;
        assert_eq!(script.status(), 200);
        assert_eq!(script.headers()["cache-control"], "public, max-age=31536000, immutable");
    }
    let again = stranger.conditional("/", tag.to_str().unwrap()).await;
    assert_eq!(again.status(), 304);
    app.stop().await;
}
