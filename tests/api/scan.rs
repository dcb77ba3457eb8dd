//! `remise scan`: the codes of photos in files, without a service.

use crate::harness::remise;
use image::{DynamicImage, GrayImage, ImageFormat, Luma, RgbImage};
use remise::demo::School;
use remise::demo::frames::{self, Frame};
use remise::printing::codes::{Kind, Symbol};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

/// A label of a laptop before a webcam.
static LAPTOP: LazyLock<Frame> = LazyLock::new(|| {
    let scenes = frames::scenes(&School::invent());
    scenes.iter().find(|scene| scene.name == "laptop-hp").unwrap().frame(0).unwrap()
});

fn laptop() -> DynamicImage {
    image::load_from_memory(&LAPTOP.jpeg).unwrap()
}

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        fs::write(self.path(name), bytes).unwrap();
        self.path(name)
    }

    fn picture(&self, name: &str, picture: &DynamicImage) -> PathBuf {
        picture.save(self.path(name)).unwrap();
        self.path(name)
    }

    /// A picture that lies in its file as the camera was turned, and says so.
    fn turned(&self, name: &str) -> PathBuf {
        let lying = self.picture(name, &laptop().rotate270());
        let mut bytes = fs::read(&lying).unwrap();
        // TIFF 6.0: big-endian, one entry: tag 0x0112, one SHORT, 6 — turn it clockwise.
        let exif = b"\xff\xe1\x00\x22Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
        bytes.splice(2..2, exif.iter().copied());
        self.file(name, &bytes)
    }
}

/// Runs the command; its exit code and what it printed.
fn scan(files: &[&Path], options: &[&str]) -> (Option<i32>, String) {
    let mut arguments = vec!["scan"];
    arguments.extend(files.iter().map(|file| file.to_str().unwrap()));
    arguments.extend(options);
    let said = remise(&arguments).output();
    (said.status.code(), String::from_utf8(said.stdout).unwrap())
}

fn scan_json(files: &[&Path]) -> (Option<i32>, Vec<Value>) {
    let (code, said) = scan(files, &["--json"]);
    (code, serde_json::from_str(&said).unwrap_or_else(|why| panic!("{why}: {said}")))
}

/// Every code of the laptop's frame is among the readings, where the truth says it lies in
/// a picture so many times larger, moved right and down.
fn shows_laptop(scanned: &Value, times: f64, (right, down): (f64, f64)) {
    let readings = scanned["readings"].as_array().unwrap();
    for code in &LAPTOP.codes {
        let reading = readings
            .iter()
            .find(|r| r["text"] == *code.text && r["symbology"] == code.format)
            .unwrap_or_else(|| panic!("{code:?} is not in {scanned:#}"));
        let middle = |axis: usize| -> f64 {
            let corners = reading["corners"].as_array().unwrap();
            corners.iter().map(|corner| corner[axis].as_f64().unwrap()).sum::<f64>() / 4.0
        };
        let truth =
            |axis: fn(&(f32, f32)) -> f32| f64::from(code.corners.iter().map(axis).sum::<f32>() / 4.0);
        let (x, y) = (truth(|c| c.0) * times + right, truth(|c| c.1) * times + down);
        // Scan lines need not reach the ends of the bars.
        let away = (middle(0) - x).hypot(middle(1) - y);
        assert!(away < 40.0 * times, "{away} px from {x}, {y}: {reading:#}");
    }
}

#[test]
fn every_format_is_read_upright() {
    let folder = Folder::new();
    let webp = folder.picture("laptop.webp", &laptop());
    let png = folder.picture("laptop.png", &laptop());
    let turned = folder.turned("turned.jpg");
    let (code, scanned) = scan_json(&[&webp, &png, &turned]);
    assert_eq!(code, Some(0), "{scanned:#?}");
    for (scanned, file) in scanned.iter().zip([&webp, &png, &turned]) {
        assert_eq!(scanned["file"], *file.to_str().unwrap());
        assert_eq!((&scanned["width"], &scanned["height"]), (&1280.into(), &720.into()));
        assert!(scanned["ms"].as_f64().unwrap() > 0.0 && scanned["error"].is_null());
        shows_laptop(scanned, 1.0, (0.0, 0.0));
        let readings = scanned["readings"].as_array().unwrap();
        let is_hp = |r: &Value| r["meaning"]["kind"] == "serial" && r["meaning"]["makers"][0] == "HP";
        assert!(readings.iter().any(is_hp), "{scanned:#}");
    }
}

#[test]
fn people_are_told_what_a_code_means() {
    let folder = Folder::new();
    let (code, said) = scan(&[&folder.file("laptop.jpg", &LAPTOP.jpeg)], &[]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("laptop.jpg : 1280 × 720 pixels, "), "{said}");
    for code in &LAPTOP.codes {
        assert!(said.contains(&format!("{} {} — ", code.format, code.text)), "{code:?}: {said}");
    }
    assert!(said.contains("numéro de série HP : ") && said.contains("coins ("), "{said}");
}

#[test]
fn a_photo_of_48_megapixels_is_read_however_near_it_was_taken() {
    let folder = Folder::new();
    for (name, times, at) in [("near.jpg", 6, (160, 900)), ("far.jpg", 1, (5000, 3300))] {
        let label = laptop().resize_exact(1280 * times, 720 * times, image::imageops::FilterType::Triangle);
        let label = label.into_luma8();
        let mut photo = vec![120; 8000 * 6000];
        let width = label.width() as usize;
        for (row, line) in label.as_raw().chunks(width).enumerate() {
            let from = (at.1 + row) * 8000 + at.0;
            photo[from..from + width].copy_from_slice(line);
        }
        let photo = GrayImage::from_raw(8000, 6000, photo).unwrap();
        let file = folder.picture(name, &DynamicImage::ImageLuma8(photo));
        let (code, scanned) = scan_json(&[&file]);
        assert_eq!(code, Some(0), "{scanned:#?}");
        assert_eq!((&scanned[0]["width"], &scanned[0]["height"]), (&8000.into(), &6000.into()));
        shows_laptop(&scanned[0], f64::from(times), (at.0 as f64, at.1 as f64));
    }
}

#[test]
fn the_exit_code_says_what_was_found() {
    let folder = Folder::new();
    let laptop = folder.file("laptop.jpg", &LAPTOP.jpeg);
    let empty = folder.picture("empty.png", &RgbImage::from_pixel(640, 480, [90; 3].into()).into());
    let text = folder.file("text.jpg", b"bonjour");
    let heic = folder.file("photo.heic", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic\0\0\x01\x00meta");
    let gone = folder.path("gone.jpg");
    let (code, scanned) = scan_json(&[&empty, &laptop]);
    assert_eq!((code, scanned[0]["readings"].as_array().map(Vec::len)), (Some(1), Some(0)));
    for (file, error, sentence) in [
        (&text, "not_a_picture", "JPEG, PNG, WebP ou HEIC"),
        (&heic, "heic_picture", "Exportez-la en JPEG"),
        (&gone, "file_unreadable", "n'existe pas"),
        (&folder.0.path().to_owned(), "file_unreadable", "C'est un dossier"),
    ] {
        // The others are read all the same.
        let (code, scanned) = scan_json(&[file, &empty, &laptop]);
        assert_eq!((code, &scanned[0]["error"]["code"]), (Some(2), &error.into()), "{scanned:#?}");
        assert!(scanned[0]["error"]["sentence"].as_str().unwrap().contains(sentence), "{scanned:#?}");
        shows_laptop(&scanned[2], 1.0, (0.0, 0.0));
        let (code, said) = scan(&[file], &[]);
        assert!(code == Some(2) && said.contains(sentence), "{said}");
    }
    assert_eq!(remise(&["scan"]).output().status.code(), Some(2));
}

#[test]
fn pictures_are_annotated_in_colour() {
    let folder = Folder::new();
    let (first, text) = (folder.file("laptop.jpg", &LAPTOP.jpeg), folder.file("text.jpg", b"bonjour"));
    let third = folder.turned("turned.jpg");
    let out = folder.path("codes.png");
    let (code, _) = scan(&[&first, &text, &third], &["--annotate", out.to_str().unwrap()]);
    assert_eq!(code, Some(2));
    assert!(!out.exists() && !folder.path("codes-2.png").exists());
    for name in ["codes-1.png", "codes-3.png"] {
        let drawn = image::open(folder.path(name)).unwrap().into_rgb8();
        assert_eq!(drawn.dimensions(), (1280, 720), "{name}");
        let coloured = drawn.pixels().filter(|pixel| pixel.0 == [200, 30, 60]).count();
        assert!(coloured > 500, "{name}: {coloured}");
    }
    // Never in the place of a photo, and only where it can be written.
    let own = first.to_str().unwrap();
    assert_eq!(scan(&[&first], &["--annotate", own]).0, Some(2));
    assert!(fs::read(&first).unwrap() == LAPTOP.jpeg);
    let nowhere = folder.path("nowhere/codes.png");
    assert_eq!(scan(&[&first], &["--annotate", nowhere.to_str().unwrap()]).0, Some(2));
    assert_eq!(fs::read_dir(folder.0.path()).unwrap().count(), 5);
}

#[test]
fn a_code_gives_the_terminal_no_orders() {
    let text = "A\u{1b}[31mB\u{1d}C";
    let symbol = Symbol::encode(Kind::QrCode, text).unwrap();
    let picture = GrayImage::from_fn(640, 480, |x, y| {
        let module = |at: u32, from: u32| at.checked_sub(from).map(|inside| (inside / 8) as usize);
        let dark = module(x, 200).zip(module(y, 120)).is_some_and(|(x, y)| symbol.is_dark(x, y));
        Luma([if dark { 30 } else { 225 }])
    });
    let folder = Folder::new();
    let file = folder.path("qr.png");
    picture.save_with_format(&file, ImageFormat::Png).unwrap();
    let (code, said) = scan(&[&file], &[]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("A␛[31mB␝C") && !said.contains(['\u{1b}', '\u{1d}']), "{said}");
    let (_, json) = scan(&[&file], &["--json"]);
    assert!(!json.contains(['\u{1b}', '\u{1d}']), "{json}");
    assert_eq!(scan_json(&[&file]).1[0]["readings"][0]["text"], text);
}
