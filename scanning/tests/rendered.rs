//! Codes rendered here, turned and scaled, must come back; pictures of anything else must give nothing.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::as_conversions,
    reason = "a test says so by panicking"
)]

use rxing::datamatrix::encoder::SymbolShapeHint;
use rxing::{BarcodeFormat, EncodeHints, MultiFormatWriter, Writer};
use scanning::{Budget, Effort, Luma, Reader, Symbology};

const WIDTH: usize = 1280;
const HEIGHT: usize = 720;

const MATRICES: [(BarcodeFormat, Symbology); 3] = [
    (BarcodeFormat::QR_CODE, Symbology::QrCode),
    (BarcodeFormat::DATA_MATRIX, Symbology::DataMatrix),
    (BarcodeFormat::AZTEC, Symbology::Aztec),
];

struct Scene {
    pixels: Vec<u8>,
}

impl Scene {
    fn blank() -> Self {
        Self { pixels: vec![205; WIDTH * HEIGHT] }
    }

    /// Draws a code centred on a white card at (`cx`, `cy`), `module` pixels a module, turned by `degrees`.
    fn draw(
        mut self,
        format: BarcodeFormat,
        text: &str,
        (cx, cy): (f32, f32),
        module: f32,
        degrees: f32,
    ) -> Self {
        let hints =
            EncodeHints { DataMatrixShape: Some(SymbolShapeHint::FORCE_SQUARE), ..EncodeHints::default() };
        let matrix = MultiFormatWriter.encode_with_hints(text, &format, 0, 0, &hints).unwrap();
        let linear = matrix.getHeight() <= 1 || !MATRICES.iter().any(|(matrix, _)| *matrix == format);
        let columns = matrix.getWidth() as f32;
        let rows = if linear { 60.0 / module } else { matrix.getHeight() as f32 };
        let (sin, cos) = degrees.to_radians().sin_cos();
        for y in 0..HEIGHT {
            for x in 0..WIDTH {
                let mut sum = 0.0;
                for (ox, oy) in [(0.25, 0.25), (0.75, 0.25), (0.25, 0.75), (0.75, 0.75)] {
                    let (dx, dy) = (x as f32 + ox - cx, y as f32 + oy - cy);
                    let u = (dx * cos + dy * sin) / module + columns / 2.0;
                    let v = (-dx * sin + dy * cos) / module + rows / 2.0;
                    if u < -12.0 || v < -6.0 || u > columns + 12.0 || v > rows + 6.0 {
                        sum += f32::from(self.pixels[y * WIDTH + x]);
                    } else if u < 0.0 || v < 0.0 || u >= columns || v >= rows {
                        sum += 235.0;
                    } else {
                        let row = if linear { 0 } else { v as u32 };
                        sum += if matrix.get(u as u32, row) { 25.0 } else { 235.0 };
                    }
                }
                self.pixels[y * WIDTH + x] = (sum / 4.0) as u8;
            }
        }
        self
    }

    /// White on black.
    fn inverted(mut self) -> Self {
        self.pixels.iter_mut().for_each(|grey| *grey = 255 - *grey);
        self
    }

    /// Adds noise of about so many grey levels either way.
    fn grain(mut self, levels: u32) -> Self {
        let mut state = 0x9E37_79B9_u32;
        for pixel in &mut self.pixels {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let shifted = i32::from(*pixel) + ((state >> 16) % (2 * levels + 1)) as i32 - levels as i32;
            *pixel = shifted.clamp(0, 255) as u8;
        }
        self
    }

    /// Blurs by a lens out of focus: a Gaussian of so many pixels, across and down.
    fn blur(mut self, sigma: f32) -> Self {
        let reach = (sigma * 3.0).ceil() as isize;
        let kernel: Vec<f32> =
            (-reach..=reach).map(|i| (-(i * i) as f32 / (2.0 * sigma * sigma)).exp()).collect();
        let total: f32 = kernel.iter().sum();
        for step in [1, WIDTH as isize] {
            let before = self.pixels.clone();
            for (at, pixel) in self.pixels.iter_mut().enumerate() {
                let near = |i: isize| {
                    let from = (at as isize + (i - reach) * step).clamp(0, before.len() as isize - 1);
                    f32::from(before[from as usize])
                };
                let sum: f32 = kernel.iter().enumerate().map(|(i, k)| k * near(i as isize)).sum();
                *pixel = (sum / total) as u8;
            }
        }
        self
    }

    fn read(&self) -> Vec<(Symbology, String)> {
        let luma = Luma::new(&self.pixels, WIDTH, HEIGHT).unwrap();
        Reader::default().read(&luma).into_iter().map(|r| (r.symbology, r.text)).collect()
    }
}

const MIDDLE: (f32, f32) = (640.0, 360.0);

#[test]
fn linear_codes_at_every_angle() {
    let cases = [
        (BarcodeFormat::CODE_128, Symbology::Code128, "EL7K3M9QX2T4"),
        (BarcodeFormat::CODE_39, Symbology::Code39, "FAKE123"),
        (BarcodeFormat::EAN_13, Symbology::Ean13, "3760012345670"),
        (BarcodeFormat::ITF, Symbology::Itf, "12345678"),
    ];
    for (format, symbology, text) in cases {
        for degrees in [0.0, 7.0, 30.0, 45.0, 90.0, 135.0, 180.0, 222.0, 270.0, 355.0] {
            let read = Scene::blank().draw(format, text, MIDDLE, 2.0, degrees).read();
            assert_eq!(read, [(symbology, text.to_owned())], "{format:?} at {degrees}°");
        }
    }
}

#[test]
fn matrix_codes() {
    for (format, symbology) in MATRICES {
        for degrees in [0.0, 30.0] {
            let read = Scene::blank().draw(format, "5CD030BC10", MIDDLE, 5.0, degrees).read();
            assert_eq!(read, [(symbology, "5CD030BC10".to_owned())], "at {degrees}°");
        }
    }
}

#[test]
fn every_code_of_a_frame() {
    let mut read = Scene::blank()
        .draw(BarcodeFormat::CODE_128, "5CD030BC10", (300.0, 200.0), 1.8, 3.0)
        .draw(BarcodeFormat::CODE_128, "9ZZ99EA#ABF", (850.0, 200.0), 1.8, 3.0)
        .draw(BarcodeFormat::CODE_128, "EL7K3M9QX2T4", (640.0, 500.0), 2.0, -5.0)
        .read();
    read.sort_by(|a, b| a.1.cmp(&b.1));
    let texts: Vec<_> = read.iter().map(|r| r.1.as_str()).collect();
    assert_eq!(texts, ["5CD030BC10", "9ZZ99EA#ABF", "EL7K3M9QX2T4"]);
}

#[test]
fn rows_of_a_label_one_close_above_the_other() {
    let texts = ["5CD030BC10", "9ZZ99EA#ABF", "EL7K3M9QX2T4", "PF0FAKE1", "20ZZS00100", "02579900098A"];
    let scene = texts.iter().zip(0_u8..).fold(Scene::blank(), |scene, (text, row)| {
        // Cards sixty pixels of bars high touch each other; each is turned a little more.
        let at = (500.0 + 10.0 * f32::from(row), 90.0 + 90.0 * f32::from(row));
        scene.draw(BarcodeFormat::CODE_128, text, at, 1.7, -3.0 + f32::from(row))
    });
    let mut read: Vec<String> = scene.grain(12).read().into_iter().map(|r| r.1).collect();
    read.sort();
    let mut wanted = texts.to_vec();
    wanted.sort_unstable();
    assert_eq!(read, wanted);
}

#[test]
fn matrix_codes_askew_in_a_dim_and_noisy_picture() {
    for (format, symbology) in
        [(BarcodeFormat::QR_CODE, Symbology::QrCode), (BarcodeFormat::DATA_MATRIX, Symbology::DataMatrix)]
    {
        for degrees in [0.0, 20.0, 33.0, 125.0, 290.0] {
            let read = Scene::blank().draw(format, "5CD030BC10", MIDDLE, 4.0, degrees).grain(12).read();
            assert_eq!(read, [(symbology, "5CD030BC10".to_owned())], "{format:?} at {degrees}°");
        }
    }
}

#[test]
fn impossible_pictures_have_no_codes() {
    let mut reader = Reader::default();
    for (width, height) in [(0, 0), (0, 7), (7, 0), (1, 1), (15, 300), (16, 16), (64, 1)] {
        let pixels = vec![7; width * height];
        assert!(reader.read(&Luma::new(&pixels, width, height).unwrap()).is_empty());
    }
    for (width, height, length) in [(16, 16, 255), (usize::MAX, 2, 10), (1280, 720, 5)] {
        assert!(Luma::new(&vec![7; length], width, height).is_none());
    }
    assert!(Luma::with_stride(&[7; 70], 16, 5, 16).is_none());
    assert!(Luma::with_stride(&[7; 84], 16, 5, 17).is_some());
    assert!(Luma::with_stride(&[7; 84], 16, 5, 15).is_none());
}

#[test]
fn noise_has_no_codes() {
    let mut state = 0x9E37_79B9_u32;
    let pixels: Vec<u8> = (0..WIDTH * HEIGHT)
        .map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        })
        .collect();
    assert!(Scene { pixels }.read().is_empty());
}

/// Modules half again as wide as the blur's deviation: narrow bars run into each other.
#[test]
fn bars_that_have_run_into_each_other() {
    for (format, symbology, text) in [
        (BarcodeFormat::CODE_128, Symbology::Code128, "PF0FAKE1"),
        (BarcodeFormat::CODE_39, Symbology::Code39, "FAKE123"),
    ] {
        for degrees in [0.0, 14.0, 101.0, 187.0] {
            let scene = Scene::blank().draw(format, text, MIDDLE, 1.5, degrees).blur(1.0).grain(10);
            assert_eq!(scene.read(), [(symbology, text.to_owned())], "{format:?} at {degrees}°");
        }
    }
}

#[test]
fn what_a_small_budget_leaves_out_comes_in_the_next_frames() {
    let scene = Scene::blank().draw(BarcodeFormat::CODE_128, "5CD030BC10", (300.0, 200.0), 1.8, 3.0).draw(
        BarcodeFormat::CODE_128,
        "EL7K3M9QX2T4",
        (640.0, 500.0),
        2.0,
        -5.0,
    );
    let luma = Luma::new(&scene.pixels, WIDTH, HEIGHT).unwrap();
    let mut reader = Reader::new(Effort::Fast);
    let (mut seen, mut frames) = (std::collections::BTreeSet::new(), 0);
    while seen.len() < 2 && frames < 50 {
        let readings = reader.read_within(&luma, Budget::Work(6));
        assert!(readings.len() < 2, "the budget is for three strips");
        seen.extend(readings.into_iter().map(|reading| reading.text));
        frames += 1;
    }
    assert!(seen.len() == 2 && frames > 1, "{seen:?} in {frames} frames");
}

#[test]
fn readings_tell_module_width_and_direction() {
    for (degrees, upside_down) in [(0.0, false), (20.0, false), (180.0, true), (200.0, true)] {
        let scene = Scene::blank().draw(BarcodeFormat::CODE_128, "5CD030BC10", MIDDLE, 2.0, degrees);
        let readings = Reader::default().read(&Luma::new(&scene.pixels, WIDTH, HEIGHT).unwrap());
        let [reading] = readings.as_slice() else { panic!("{readings:?}") };
        assert_eq!(reading.upside_down, upside_down, "at {degrees}°");
        assert!((1.6..2.4).contains(&reading.module), "{} px at {degrees}°", reading.module);
    }
}

#[test]
fn white_on_black() {
    let linear = [
        (BarcodeFormat::CODE_128, Symbology::Code128, "EL7K3M9QX2T4"),
        (BarcodeFormat::CODE_39, Symbology::Code39, "FAKE123"),
        (BarcodeFormat::EAN_13, Symbology::Ean13, "3760012345670"),
    ];
    let matrices = MATRICES.map(|(format, symbology)| (format, symbology, "5CD030BC10"));
    for (format, symbology, text) in linear.into_iter().chain(matrices) {
        let module = if symbology == Symbology::Code128 { 2.0 } else { 4.0 };
        for degrees in [0.0, 25.0] {
            let scene = Scene::blank().draw(format, text, MIDDLE, module, degrees).inverted();
            let readings = Reader::default().read(&Luma::new(&scene.pixels, WIDTH, HEIGHT).unwrap());
            let [reading] = readings.as_slice() else { panic!("{format:?} at {degrees}°: {readings:?}") };
            assert_eq!((reading.symbology, reading.text.as_str()), (symbology, text));
            assert!(reading.inverted);
        }
    }
}

#[test]
fn gs1_data_begin_with_gs() {
    let gs1 = "\u{f1}0103760012345670\u{f1}215CD030BC10";
    let read = Scene::blank().draw(BarcodeFormat::CODE_128, gs1, MIDDLE, 2.0, 3.0).read();
    assert_eq!(read, [(Symbology::Code128, "\u{1d}0103760012345670\u{1d}215CD030BC10".to_owned())]);
    // Its check character is 102, as is FNC1.
    let read = Scene::blank().draw(BarcodeFormat::CODE_128, "EL8HXKY0388M", MIDDLE, 2.0, 0.0).read();
    assert_eq!(read, [(Symbology::Code128, "EL8HXKY0388M".to_owned())]);
}

#[test]
fn code_39_in_full_ascii() {
    let read = Scene::blank().draw(BarcodeFormat::CODE_39, "pc-07b", MIDDLE, 2.0, 0.0).read();
    assert_eq!(read, [(Symbology::Code39, "pc-07b".to_owned())]);
}

#[test]
fn a_code_cut_out_at_its_first_and_last_bar() {
    let scene = Scene::blank().draw(BarcodeFormat::CODE_128, "5CD030BC10", MIDDLE, 2.0, 0.0);
    let luma = Luma::new(&scene.pixels, WIDTH, HEIGHT).unwrap();
    let [whole] = Reader::default().read(&luma).try_into().unwrap();
    let (left, right) = (whole.corners[0].x.round() as usize, whole.corners[1].x.round() as usize);
    let cut: Vec<u8> =
        (340..380).flat_map(|y| scene.pixels[y * WIDTH + left..y * WIDTH + right].to_vec()).collect();
    let read = Reader::default().read(&Luma::new(&cut, right - left, 40).unwrap());
    assert_eq!(read.len(), 1, "{} pixels wide", right - left);
}

#[test]
fn bars_as_wide_as_cells() {
    let read = Scene::blank().draw(BarcodeFormat::CODE_128, "AB12", MIDDLE, 12.0, 0.0).read();
    assert_eq!(read, [(Symbology::Code128, "AB12".to_owned())]);
}

#[test]
fn corners_of_matrix_codes_are_those_of_their_modules() {
    for (format, modules) in [(BarcodeFormat::QR_CODE, 21.0), (BarcodeFormat::DATA_MATRIX, 14.0)] {
        for degrees in [0.0_f32, 20.0] {
            let scene = Scene::blank().draw(format, "5CD030BC10", MIDDLE, 6.0, degrees);
            let readings = Reader::default().read(&Luma::new(&scene.pixels, WIDTH, HEIGHT).unwrap());
            let [reading] = readings.as_slice() else { panic!("{readings:?}") };
            assert!((reading.module - 6.0).abs() < 0.6, "{format:?}: {} px a module", reading.module);
            let (sin, cos) = degrees.to_radians().sin_cos();
            for (u, v) in [(-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)] {
                let (u, v) = (u * modules * 6.0, v * modules * 6.0);
                let (x, y) = (MIDDLE.0 + u * cos - v * sin, MIDDLE.1 + u * sin + v * cos);
                let nearest =
                    reading.corners.iter().map(|p| (p.x - x).hypot(p.y - y)).fold(f32::MAX, f32::min);
                assert!(nearest < 6.0, "{format:?} at {degrees}°: {nearest} px off in {:?}", reading.corners);
            }
        }
    }
}
