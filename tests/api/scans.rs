//! Pictures in, codes out: photos and the live socket.

use crate::harness::App;
use domain::roles::Role;
use futures_util::{SinkExt, StreamExt};
use image::{GrayImage, ImageFormat, Luma};
use rxing::{BarcodeFormat, MultiFormatWriter, Writer};
use serde_json::{Value, json};
use std::io::Cursor;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

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
