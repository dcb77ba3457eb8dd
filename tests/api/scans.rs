//! Pictures in, codes out: photos and the live socket.

use crate::harness::{App, Desk};
use domain::roles::Role;
use futures_util::{SinkExt, StreamExt};
use image::{GrayImage, ImageFormat, Luma};
use remise::http::State;
use reqwest::Method;
use rxing::{BarcodeFormat, MultiFormatWriter, Writer};
use serde_json::{Value, json};
use std::io::Cursor;
use std::time::Duration;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;

/// A white card with the texts as Code 128, one under the other.
fn card(texts: &[&str]) -> GrayImage {
    let mut picture = GrayImage::from_pixel(1280, 720, Luma([225]));
    for (i, text) in texts.iter().enumerate() {
        let code = MultiFormatWriter.encode(text, &BarcodeFormat::CODE_128, 0, 0).unwrap();
        for x in 0..code.getWidth() {
            if code.get(x, 0) {
                for (dx, y) in (0..2).flat_map(|dx| (0..70).map(move |y| (dx, y))) {
                    picture.put_pixel(200 + x * 2 + dx, 100 + 180 * i as u32 + y, Luma([30]));
                }
            }
        }
    }
    picture
}

fn encoded(picture: &GrayImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

fn luma(picture: &GrayImage) -> Vec<u8> {
    let size = |n: u32| u16::try_from(n).unwrap().to_le_bytes();
    [b"LUMA", &size(picture.width())[..], &size(picture.height()), picture.as_raw()].concat()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_photo_gives_every_code_and_what_it_means() {
    let app = App::start().await;
    let desk = app.desk("Poste 1", Role::Operator).await;
    let (lina, badge) = app.student("Lina", "Mercier").await;
    app.device("5CD030BC10").await;
    let picture = card(&[&badge, "5CD030BC10", "9ZZ99EA#ABF"]);
    for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP] {
        let (status, seen) = desk.upload("/api/scans/photo", encoded(&picture, format)).await;
        assert_eq!(status, 200, "{seen}");
        let find = |text: &str| {
            seen["readings"]
                .as_array()
                .unwrap()
                .iter()
                .find(|r| r["text"] == text)
                .cloned()
                .unwrap_or(Value::Null)
        };
        assert_eq!(find(&badge)["resolution"]["student"]["id"], json!(lina), "{seen}");
        assert_eq!(find("5CD030BC10")["resolution"]["meaning"], "device");
        assert_eq!(find("9ZZ99EA#ABF")["resolution"]["standing"], "not_ours");
    }
    app.stop().await;
}

/// The check of a PNG chunk.
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ if crc & 1 == 1 { 0xEDB8_8320 } else { 0 })
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_picture_is_refused() {
    let app = App::start().await;
    let desk = app.desk("Poste 1", Role::Operator).await;
    let huge = {
        let mut png = encoded(&GrayImage::new(1, 1), ImageFormat::Png);
        png[16..20].copy_from_slice(&20_000_u32.to_be_bytes());
        png[20..24].copy_from_slice(&20_000_u32.to_be_bytes());
        let checked = crc32(&png[12..29]).to_be_bytes();
        png[29..33].copy_from_slice(&checked);
        png
    };
    for (bytes, code) in [
        (Vec::new(), "not_a_picture"),
        (b"bonjour".to_vec(), "not_a_picture"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic".to_vec(), "heic_picture"),
        (huge, "picture_too_large"),
    ] {
        let (status, problem) = desk.upload("/api/scans/photo", bytes).await;
        assert_eq!((status, &problem["code"]), (422, &json!(code)), "{problem}");
    }
    let (status, seen) =
        desk.upload("/api/scans/photo", encoded(&GrayImage::new(1, 1), ImageFormat::Png)).await;
    assert_eq!((status, &seen["readings"]), (200, &json!([])));
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_camera_is_read_live() {
    let app = App::start().await;
    let desk = app.desk("Poste 1", Role::Operator).await;
    let (lina, badge) = app.student("Lina", "Mercier").await;
    let mut request = desk.socket("/api/scans/live").into_client_request().unwrap();
    request.headers_mut().insert("cookie", desk.cookie.parse().unwrap());
    let (mut socket, _) = tokio_tungstenite::connect_async(request).await.unwrap();
    let picture = card(&[&badge]);
    for frame in [encoded(&picture, ImageFormat::Jpeg), luma(&picture)] {
        socket.send(Message::binary(frame)).await.unwrap();
        let seen: Value =
            serde_json::from_str(socket.next().await.unwrap().unwrap().to_text().unwrap()).unwrap();
        assert_eq!(seen["readings"][0]["resolution"]["student"]["id"], json!(lina), "{seen}");
        assert_eq!(seen["readings"][0]["confirmed"], true);
    }
    for bad in [
        Message::binary(vec![1, 2, 3]),
        Message::text("bonjour"),
        Message::binary(b"LUMA\x09\x00\x09\x00x".to_vec()),
    ] {
        socket.send(bad).await.unwrap();
        let said: Value =
            serde_json::from_str(socket.next().await.unwrap().unwrap().to_text().unwrap()).unwrap();
        assert!(said["error"]["code"].is_string(), "{said}");
    }
    socket.send(Message::binary(luma(&GrayImage::new(1, 1)))).await.unwrap();
    let seen: Value = serde_json::from_str(socket.next().await.unwrap().unwrap().to_text().unwrap()).unwrap();
    assert_eq!(seen["readings"], json!([]));
    socket.close(None).await.unwrap();
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_live_camera_ends_with_its_session() {
    let mut app = App::start().await;
    let often = Duration::from_millis(40);
    app.serve_state(State { check_sockets_every: often, ..State::new(app.db.clone()) }).await;
    let (_, badge) = app.student("Lina", "Mercier").await;
    let frame = luma(&card(&[&badge]));
    for ends in ["log out", "expire", "disable"] {
        let desk = app.desk(ends, Role::Operator).await;
        let mut request = desk.socket("/api/scans/live").into_client_request().unwrap();
        request.headers_mut().insert("cookie", desk.cookie.parse().unwrap());
        let (mut socket, _) = tokio_tungstenite::connect_async(request).await.unwrap();
        // While the session stands, checks come and go.
        for _ in 0..2 {
            tokio::time::sleep(3 * often).await;
            socket.send(Message::binary(frame.clone())).await.unwrap();
            assert!(socket.next().await.unwrap().unwrap().is_text(), "{ends}");
        }
        match ends {
            "log out" => {
                let out = desk.send(Method::DELETE, "/api/session", None).await;
                assert_eq!(out.status().as_u16(), 204);
            }
            "expire" => app.sql("every", "UPDATE sessions SET expires_at = now()").await.unwrap(),
            _ => app.sql("every", "UPDATE operators SET disabled_at = now()").await.unwrap(),
        }
        let last = tokio::time::timeout(Duration::from_secs(5), socket.next()).await.unwrap();
        let Message::Close(Some(closed)) = last.unwrap().unwrap() else { panic!("{ends}: not closed") };
        assert_eq!((closed.code, closed.reason.as_str()), (CloseCode::Policy, "session_ended"), "{ends}");
    }
    app.stop().await;
}

/// Standing, meaning and what was found, of each code.
async fn resolve(desk: &Desk, codes: &[&str], typed: bool) -> Vec<(String, String, Option<String>)> {
    let mut asked = json!({ "codes": codes });
    if typed {
        asked["typed"] = json!(true);
    }
    let (status, answer) = desk.post("/api/scans/resolve", &asked).await;
    assert_eq!(status, 200, "{answer}");
    let text = |value: &Value| value.as_str().map(str::to_owned);
    answer["resolutions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            let found = text(&one["device"]["serial"]).or_else(|| text(&one["student"]["name"]));
            (text(&one["standing"]).unwrap(), text(&one["meaning"]).unwrap(), found)
        })
        .collect()
}

fn expected(found: &[(&str, &str, Option<&str>)]) -> Vec<(String, String, Option<String>)> {
    let own = |text: &str| text.to_owned();
    found.iter().map(|(standing, meaning, what)| (own(standing), own(meaning), what.map(own))).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_scanners_and_standards_add_is_understood() {
    let app = App::start().await;
    let desk = app.desk("Poste 1", Role::Operator).await;
    let (_, badge) = app.student("Lina", "Mercier").await;
    app.device("5CD030BC10").await;
    let laptop = ("known", "device", Some("5CD030BC10"));
    let pupil = ("known", "student", Some("Lina MERCIER"));
    for (code, found) in [
        ("]C05CD030BC10", laptop),
        ("]d1S5cd030bc10\r", laptop),
        ("]C1010400638133393121", ("unknown", "other", None)),
        ("]C10104006381333931215CD030BC10", laptop),
        ("]d2010400638133393121", ("unknown", "other", None)),
        ("]Q3215CD030BC10\u{1d}2409ZZ99EA#ABF", laptop),
        ("(01)04006381333931(21)5CD030BC10", laptop),
        ("\u{1d}0104006381333931215CD030BC10", laptop),
        ("[)>\u{1e}06\u{1d}1P9ZZ99EA#ABF\u{1d}S5CD030BC10\u{1e}\u{4}", laptop),
        ("https://support.example/?sn=5CD030BC10", laptop),
        (format!("]C0{badge}").as_str(), pupil),
        (format!("{badge}\t").as_str(), pupil),
        ("]C09ZZ99EA#ABF", ("not_ours", "part_number", None)),
        ("]C12409ZZ99EA#ABF", ("not_ours", "part_number", None)),
        ("]E04006381333931", ("not_ours", "other", None)),
        ("02:00:00:00:00:AB", ("not_ours", "mac", None)),
        ("]C05CD030BC11", ("unknown", "other", None)),
        ("", ("unknown", "other", None)),
    ] {
        assert_eq!(resolve(&desk, &[code], false).await, expected(&[found]), "{code:?}");
    }
    // A badge is learnt as a camera reads it, whatever the scanner added.
    let (_, unknown) = desk.post("/api/scans/resolve", &json!({ "codes": ["]C0CANTINE-4711\r"] })).await;
    assert_eq!(unknown["resolutions"][0]["text"], "CANTINE-4711");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_typed_code_may_have_letters_for_digits_when_one_laptop_is_meant() {
    let app = App::start().await;
    let desk = app.desk("Poste 1", Role::Operator).await;
    for serial in ["5CD030BC10", "FAKE123", "L0T0001", "LOT0001"] {
        app.device(serial).await;
    }
    let codes =
        ["5cdo3obc1o", "5CD030BCIO", "33290643675", "3329O643675", "L0T0001", "5CD030BC1S", "9ZZ99EA#ABF"];
    let nothing = ("unknown", "other", None);
    let part = ("not_ours", "part_number", None);
    let found = [
        ("known", "device", Some("5CD030BC10")),
        ("known", "device", Some("5CD030BC10")),
        ("known", "device", Some("FAKE123")),
        ("known", "device", Some("FAKE123")),
        ("ambiguous", "device", None),
        nothing,
        part,
    ];
    assert_eq!(resolve(&desk, &codes, true).await, expected(&found));
    // What a machine read is what stands there.
    let read = [
        nothing,
        nothing,
        ("known", "device", Some("FAKE123")),
        nothing,
        ("known", "device", Some("L0T0001")),
        nothing,
        part,
    ];
    assert_eq!(resolve(&desk, &codes, false).await, expected(&read));
    app.stop().await;
}
