//! Camera frames of the demo school: they show what they say, and the reader reads them.

use remise::demo::School;
use remise::demo::frames::{self, FRAMES, Scene};
use remise::printing::codes::{Kind, Symbol};
use scanning::{Luma, Reader};

/// The share of a scene's codes that are read, over frames spread through its film.
fn found(scene: &Scene, reader: &mut Reader) -> (usize, usize) {
    let (mut read, mut shown) = (0, 0);
    for number in (0..FRAMES).step_by(8) {
        let frame = scene.frame(number).unwrap();
        let picture = image::load_from_memory(&frame.jpeg).unwrap().into_luma8();
        let (width, height) = (picture.width() as usize, picture.height() as usize);
        assert_eq!((width, height), (1280, 720));
        let readings = reader.read(&Luma::new(picture.as_raw(), width, height).unwrap());
        shown += frame.codes.len();
        for code in &frame.codes {
            read += usize::from(
                readings.iter().any(|r| r.text == code.text && r.symbology.as_str() == code.format),
            );
        }
        for reading in &readings {
            assert!(frame.codes.iter().any(|code| code.text == reading.text), "{}: {reading:?}", scene.name);
        }
    }
    (read, shown)
}

#[test]
fn every_code_of_every_scene_is_read_in_most_frames() {
    let scenes = frames::scenes(&School::invent());
    let mut reader = Reader::default();
    for scene in &scenes {
        let (read, shown) = found(scene, &mut reader);
        assert!(read * 10 >= shown * 9, "{}: {read} of {shown}", scene.name);
        let expected = match scene.name {
            "empty" => 0,
            "badge" | "left" => 4,
            "charter" => 8,
            "together" => 28,
            "already" | "laptop-lenovo" => 20,
            _ => 16,
        };
        assert_eq!(shown, expected, "{}", scene.name);
    }
    assert_eq!(scenes.len(), 10);
}

#[test]
fn codes_lie_where_the_truth_says_and_are_large_enough() {
    for scene in frames::scenes(&School::invent()) {
        for code in scene.frame(11).unwrap().codes {
            for (x, y) in code.corners {
                assert!((0.0..1280.0).contains(&x) && (0.0..720.0).contains(&y), "{}: {code:?}", scene.name);
            }
            let [a, b, ..] = code.corners;
            let across = (b.0 - a.0).hypot(b.1 - a.1);
            let kind = match code.format {
                "CODE_128" => Kind::Code128,
                "QR_CODE" => Kind::QrCode,
                _ => Kind::DataMatrix,
            };
            let module = across / Symbol::encode(kind, &code.text).unwrap().width as f32;
            assert!(module >= 2.3, "{}: {module} px a module of {code:?}", scene.name);
        }
    }
}

#[test]
fn a_film_is_its_frames_one_after_the_other() {
    let folder = tempfile::tempdir().unwrap();
    let only = ["badge".to_owned()];
    assert_eq!(frames::write(&School::invent(), folder.path(), &only).unwrap(), FRAMES);
    for scene in only {
        let film = std::fs::read(folder.path().join(format!("{scene}.mjpeg"))).unwrap();
        let mut frames = Vec::new();
        for number in 0..FRAMES {
            let mut frame = std::fs::read(folder.path().join(format!("{scene}-{number:02}.jpg"))).unwrap();
            assert!(frame.starts_with(b"\xff\xd8") && frame.ends_with(b"\xff\xd9"));
            frames.append(&mut frame);
        }
        assert!(film == frames, "{scene}");
    }
    let truth = std::fs::read(folder.path().join("truth.json")).unwrap();
    let truth: serde_json::Value = serde_json::from_slice(&truth).unwrap();
    let badge = &truth["frames"][3];
    assert_eq!((&badge["file"], &badge["codes"][0]["format"]), (&"badge-03.jpg".into(), &"CODE_128".into()));
    assert!(!folder.path().join("tour.mjpeg").exists());
}
