//! Microseconds of each stage on one webcam frame: `cargo bench -p remise-scanning --bench stages`.
//! The frame is drawn by the demo camera: a laptop's label with four codes and a badge with
//! a QR code, a little turned, out of focus and noisy.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::as_conversions,
    reason = "a benchmark says so by panicking"
)]

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use demo_camera::paper::{INK, Paper, WHITE};
use demo_camera::picture::{HEIGHT, Layer, Picture, Pose, WIDTH};
use rxing::{BarcodeFormat, EncodeHints, MultiFormatWriter, Writer};
use scanning::edges::{Cutter, FEWEST, Narrow, SMALLEST_SWING, edges};
use scanning::lines::{Focus, Line};
use scanning::locate::Locator;
use scanning::matched::Matcher;
use scanning::matrix::{Crop, Look};
use scanning::stack::Stacker;
use scanning::{Budget, Effort, Luma, Reader, matrix, rows};
use std::hint::black_box;

/// Millimetres a module, as labels are printed.
const MODULE: f32 = 0.25;

fn code(paper: &mut Paper, format: BarcodeFormat, text: &str, (left, top): (f32, f32), module: f32) {
    let code = MultiFormatWriter.encode_with_hints(text, &format, 0, 0, &EncodeHints::default()).unwrap();
    let linear = format != BarcodeFormat::QR_CODE;
    let (rows, down) = if linear { (1, 7.0) } else { (code.getHeight(), module) };
    for y in 0..rows {
        for x in (0..code.getWidth()).filter(|x| code.get(*x, y)) {
            paper.fill([left + x as f32 * module, top + y as f32 * down, module, down], INK);
        }
    }
}

/// Grey, [`WIDTH`] × [`HEIGHT`].
fn frame() -> Vec<u8> {
    let mut label = Paper::blank(120.0, 34.0, WHITE);
    code(&mut label, BarcodeFormat::CODE_128, "5CD030BC10", (6.0, 5.0), MODULE);
    code(&mut label, BarcodeFormat::CODE_128, "9ZZ99EA#ABF", (62.0, 5.0), MODULE);
    code(&mut label, BarcodeFormat::CODE_39, "FAKE123", (6.0, 20.0), MODULE);
    code(&mut label, BarcodeFormat::ITF, "12345678", (72.0, 20.0), MODULE);
    let mut badge = Paper::blank(60.0, 36.0, WHITE);
    code(&mut badge, BarcodeFormat::QR_CODE, "EL7K3M9QX2T4", (6.0, 6.0), 0.9);
    let lying = |at, turn| Pose { at, scale: 7.0, turn, tilt: (4.0, -6.0) };
    let mut picture = Picture::of_table();
    picture.lay(&Layer { paper: &label, pose: lying((520.0, 200.0), 5.0), tint: [1.0; 3] });
    picture.lay(&Layer { paper: &badge, pose: lying((860.0, 520.0), -8.0), tint: [1.0; 3] });
    picture.blur(0.12);
    let rgb = picture.expose(7);
    rgb.chunks(3)
        .map(|pixel| {
            ((u32::from(pixel[0]) * 77 + u32::from(pixel[1]) * 150 + u32::from(pixel[2]) * 29) >> 8) as u8
        })
        .collect()
}

/// The stages one by one: whoever changes a stage's door changes its lines here.
fn stages(criterion: &mut Criterion) {
    let pixels = frame();
    let luma = Luma::new(&pixels, WIDTH, HEIGHT).unwrap();
    let focus = Focus { lines: 5, gain: 1.8 };

    let mut locator = Locator::default();
    let (mut regions, mut areas, mut blobs) = (Vec::new(), Vec::new(), Vec::new());
    criterion.bench_function("locate", |bencher| {
        bencher.iter(|| locator.locate(black_box(&luma), &mut regions, &mut areas, &mut blobs));
    });

    let ground = |r: &&scanning::locate::Region| (r.to - r.from) * (r.high - r.low);
    let (mut line, mut crossings, mut cutter) = (Line::default(), Vec::new(), Cutter::default());
    // A strip of a code, which its middle line reads.
    let middle = |region: &scanning::locate::Region| (region.low + region.high) / 2.0;
    let of_a_code = |region: &&scanning::locate::Region| {
        line.sample(&luma, region, middle(region), focus);
        edges(&line.samples, SMALLEST_SWING, &mut crossings);
        cutter.cut(&crossings, FEWEST, Narrow::Any);
        cutter.pieces().any(|piece| rows::read(&piece).is_some())
    };
    let region = regions.iter().find(of_a_code).unwrap();
    let across = middle(region);
    criterion.bench_function("lines: one scan line", |bencher| {
        bencher.iter(|| line.sample(black_box(&luma), region, across, focus));
    });

    criterion.bench_function("edges: one scan line", |bencher| {
        bencher.iter(|| {
            edges(black_box(&line.samples), SMALLEST_SWING, &mut crossings);
            cutter.cut(&crossings, FEWEST, Narrow::Any);
            cutter.pieces().count()
        });
    });

    let cut: Vec<_> = cutter.pieces().collect();
    criterion.bench_function("rows: one scan line", |bencher| {
        bencher.iter(|| cut.iter().filter_map(|piece| rows::read(black_box(piece))).count());
    });

    let area = areas.iter().max_by(|a, b| ground(a).total_cmp(&ground(b))).unwrap();
    let (mut stacker, mut stacks) = (Stacker::default(), Vec::new());
    criterion.bench_function("stack: one area", |bencher| {
        bencher.iter(|| {
            stacks.clear();
            stacker.stack(black_box(&luma), area, &mut stacks);
        });
    });

    if let (Some(stack), Some(piece)) = (stacks.first(), cut.first()) {
        let mut matcher = Matcher::default();
        criterion.bench_function("matched: one piece", |bencher| {
            bencher.iter(|| matcher.read(black_box(&stack.samples), &[piece.start], &[piece.end]));
        });
    }

    if let Some(blob) = blobs.iter().max_by(|a, b| a.squareness().total_cmp(&b.squareness())) {
        let mut crop = Crop::default();
        criterion.bench_function("matrix: one blob", |bencher| {
            bencher.iter(|| {
                let mut readings = Vec::new();
                matrix::read(black_box(&luma), blob, Look::Both, &mut crop, &mut readings);
                readings
            });
        });
    }
}

fn whole(criterion: &mut Criterion) {
    let pixels = frame();
    let luma = Luma::new(&pixels, WIDTH, HEIGHT).unwrap();
    for effort in [Effort::Fast, Effort::Thorough] {
        let mut reader = Reader::new(effort);
        criterion.bench_function(&format!("a frame, {effort:?}"), |bencher| {
            bencher.iter(|| reader.read(black_box(&luma)));
        });
        criterion.bench_function(&format!("a frame and a new reader, {effort:?}"), |bencher| {
            bencher.iter_batched(
                || Reader::new(effort),
                |mut reader| reader.read(&luma),
                BatchSize::SmallInput,
            );
        });
    }
    let mut reader = Reader::new(Effort::Fast);
    criterion.bench_function("a frame within 40 pieces of work", |bencher| {
        bencher.iter(|| reader.read_within(black_box(&luma), Budget::Work(40)));
    });
}

criterion_group! { name = benches; config = Criterion::default().sample_size(20); targets = stages, whole }
criterion_main!(benches);
