//! Whatever is held before the camera: no panic, no hang, no call that outlasts its budget.
//! Seeds are fixed, so that a failure here fails everywhere; `scanning/fuzz` looks further.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::as_conversions,
    clippy::print_stderr,
    reason = "a test says so by panicking"
)]

mod pictures;

use nix::time::{ClockId, clock_gettime};
use pictures::{Chance, Drawn, draw};
use scanning::{Budget, Effort, Luma, Reader};
use std::cell::{Cell, RefCell};
use std::sync::{Mutex, Once};
use std::time::{Duration, Instant};

/// Longest that one picture of a webcam's size may take, on a slow and busy machine.
const HANG: Duration = Duration::from_secs(20);
/// Wall clock for the random part; it stops early on a slow machine rather than late.
const RANDOM_FOR: Duration = Duration::from_secs(14);

/// Where panics happened, caught or not.
static PANICS: Mutex<Vec<String>> = Mutex::new(Vec::new());

thread_local! {
    /// What is being read, for the message of a panic.
    static SHOWN: RefCell<String> = const { RefCell::new(String::new()) };
}

/// The reader catches what rxing throws. Natively that is enough; in WebAssembly a panic
/// ends the module, so ours must not be among them.
fn watch_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            let place = panic.location().map(ToString::to_string).unwrap_or_default();
            let shown = SHOWN.with_borrow(Clone::clone);
            if place.contains("tests/") {
                before(panic);
            }
            PANICS.lock().unwrap().push(format!("{place} while reading {shown}"));
        }));
    });
}

fn panics_of_ours() -> Vec<String> {
    let panics = PANICS.lock().unwrap();
    panics
        .iter()
        .filter(|place| place.contains("scanning/src") || place.starts_with("src/"))
        .cloned()
        .collect()
}

fn read(reader: &mut Reader, drawn: &Drawn, budget: Budget) -> Duration {
    SHOWN.set(drawn.what.clone());
    let luma =
        Luma::with_stride(&drawn.pixels, drawn.width, drawn.height, drawn.stride).expect("a valid picture");
    let begun = worked();
    let readings = reader.read_within(&luma, budget);
    let took = worked().saturating_sub(begun);
    for reading in &readings {
        assert!(!reading.text.is_empty() || !reading.bytes.is_empty(), "an empty text in {}", drawn.what);
        assert!(
            reading.corners.iter().all(|corner| corner.x.is_finite() && corner.y.is_finite()),
            "a corner nowhere in {}",
            drawn.what
        );
    }
    took
}

/// Sizes from nothing to a large photo, small ones more often.
fn size(chance: &mut Chance) -> (usize, usize) {
    let mut side = |most: usize| chance.below(most + 1);
    match side(9) {
        0 => (side(24), side(24)),
        1 => (side(1500), side(20)),
        2 => (side(20), side(1500)),
        3 | 4 => (side(64), side(64)),
        5 | 6 => (side(320), side(240)),
        7 | 8 => (side(640), side(480)),
        _ => (side(1300), side(1300)),
    }
}

#[test]
fn random_pictures() {
    watch_panics();
    let (mut fast, mut thorough) = (Reader::new(Effort::Fast), Reader::new(Effort::Thorough));
    let (begun, mut slowest, mut pictures) = (Instant::now(), (Duration::ZERO, String::new()), 0);
    for seed in 0..3_000 {
        if begun.elapsed() > RANDOM_FOR {
            break;
        }
        let (width, height) = size(&mut Chance(!seed));
        let drawn = draw(seed, width, height);
        let reader = if seed % 2 == 0 { &mut fast } else { &mut thorough };
        let took = read(reader, &drawn, Budget::Unbounded);
        assert!(took < HANG, "{took:?} for {}", drawn.what);
        if took > slowest.0 {
            slowest = (took, drawn.what);
        }
        pictures += 1;
    }
    eprintln!("{pictures} pictures, the slowest {:?}: {}", slowest.0, slowest.1);
    assert_eq!(panics_of_ours(), Vec::<String>::new());
}

#[test]
fn large_pictures() {
    watch_panics();
    // Odd sizes on purpose; the last is a telephone's 48 megapixels.
    for (seed, width, height) in
        [(53, 8000, 3), (39, 3, 6000), (50, 4001, 3001), (2, 2999, 17), (23, 8000, 6000)]
    {
        let drawn = draw(seed, width, height);
        let took = read(&mut Reader::new(Effort::Thorough), &drawn, Budget::Unbounded);
        eprintln!("{took:?} for {}", drawn.what);
        assert!(took < 3 * HANG, "{took:?} for {}", drawn.what);
    }
    assert_eq!(panics_of_ours(), Vec::<String>::new());
}

#[test]
fn every_small_size() {
    watch_panics();
    let mut reader = Reader::new(Effort::Thorough);
    for height in 0..34 {
        for width in 0..34 {
            read(&mut reader, &draw((height * 34 + width) as u64, width, height), Budget::Unbounded);
        }
    }
    assert_eq!(panics_of_ours(), Vec::<String>::new());
}

#[test]
fn sizes_that_change_from_frame_to_frame() {
    watch_panics();
    let mut reader = Reader::new(Effort::Fast);
    for (seed, (width, height)) in
        (0..).zip([(640, 480), (16, 16), (1280, 720), (0, 0), (17, 900), (1280, 720)])
    {
        read(&mut reader, &draw(seed, width, height), Budget::Unbounded);
        read(&mut reader, &draw(seed + 50, height, width), Budget::Work(30));
    }
    assert_eq!(panics_of_ours(), Vec::<String>::new());
}

#[test]
fn impossible_sizes_are_refused() {
    let pixels = [0; 64];
    for (width, height, stride) in [
        (usize::MAX, usize::MAX, usize::MAX),
        (usize::MAX, 1, usize::MAX),
        (1, usize::MAX, usize::MAX),
        (8, 8, usize::MAX),
        (8, 9, 8),
        (9, 8, 8),
        (usize::MAX, 2, 0),
    ] {
        assert!(
            Luma::with_stride(&pixels, width, height, stride).is_none(),
            "{width}×{height} every {stride}"
        );
    }
    // No pixel at all, however far apart the rows are said to be.
    for (width, height, stride) in
        [(0, 0, 0), (0, 0, usize::MAX), (usize::MAX, 0, usize::MAX), (0, 1, usize::MAX)]
    {
        if let Some(luma) = Luma::with_stride(&[], width, height, stride) {
            assert!(Reader::default().read(&luma).is_empty());
        }
    }
    if let Some(luma) = Luma::new(&[], 0, usize::MAX) {
        assert!(Reader::default().read(&luma).is_empty());
    }
}

/// How long this thread has worked: what other processes do meanwhile is no time of the reader's.
fn worked() -> Duration {
    Duration::from(clock_gettime(ClockId::CLOCK_THREAD_CPUTIME_ID).unwrap())
}

fn clock() -> f64 {
    worked().as_secs_f64() * 1000.0
}

thread_local! {
    /// How often a reader of this thread has asked for the time.
    static ASKED: Cell<u32> = const { Cell::new(0) };
}

/// A millisecond passes from one asking to the next: what a piece of work takes on this machine is for a
/// benchmark to tell.
fn ticking() -> f64 {
    ASKED.set(ASKED.get() + 1);
    f64::from(ASKED.get())
}

/// How often the time is asked for in a frame that may take so long.
fn asked(effort: Effort, drawn: &Drawn, ms: u32) -> u32 {
    ASKED.set(0);
    read(&mut Reader::new(effort), drawn, Budget::Time { ms: f64::from(ms), clock: ticking });
    ASKED.get()
}

#[test]
fn no_work_begins_when_the_time_is_over() {
    watch_panics();
    let mut stopped = 0;
    for seed in 0..30 {
        let (width, height) = [(1280, 720), (640, 480), (1920, 1080)][(seed % 3) as usize];
        let drawn = draw(seed * 7 + 1, width, height);
        for effort in [Effort::Fast, Effort::Thorough] {
            let all = asked(effort, &drawn, u32::MAX);
            for ms in [0, 1, 4, 12] {
                // Once when it starts, once before each piece that begins, and once for each of the
                // three kinds that then hears that it is too late.
                let most = 1 + ms + 3;
                let asked = asked(effort, &drawn, ms);
                assert!(asked <= most, "{effort:?} asked {asked} times in {ms} ms for {}", drawn.what);
                stopped += u32::from(asked < all);
            }
        }
    }
    assert!(stopped > 60, "hardly any frame had more to do than it may: {stopped}");
}

#[test]
fn strange_budgets_are_survived() {
    watch_panics();
    fn stopped() -> f64 {
        0.0
    }
    fn broken() -> f64 {
        f64::NAN
    }
    fn backwards() -> f64 {
        -clock()
    }
    let drawn = draw(9, 640, 480);
    for clock in [clock, stopped, broken, backwards] {
        for ms in [0.0, -1.0, 1.0, f64::NAN, f64::INFINITY, f64::MIN_POSITIVE] {
            let took = read(&mut Reader::new(Effort::Thorough), &drawn, Budget::Time { ms, clock });
            assert!(took < HANG, "{took:?} with {ms} ms");
        }
    }
    for work in [0, 1, 7, u32::MAX] {
        let mut reader = Reader::new(Effort::Thorough);
        for _ in 0..5 {
            read(&mut reader, &drawn, Budget::Work(work));
        }
    }
    assert_eq!(panics_of_ours(), Vec::<String>::new());
}

#[test]
fn a_budget_too_small_for_a_frame_reads_it_in_several() {
    // What a frame's budget did not reach, the next frames begin with.
    let drawn = frame_of_codes();
    let luma = Luma::with_stride(&drawn.pixels, drawn.width, drawn.height, drawn.stride).unwrap();
    let texts = |readings: Vec<scanning::Reading>| readings.into_iter().map(|r| r.text).collect::<Vec<_>>();
    let mut whole = texts(Reader::new(Effort::Thorough).read(&luma));
    assert!(!whole.is_empty());
    let mut reader = Reader::new(Effort::Thorough);
    let mut parts = Vec::new();
    for _ in 0..200 {
        parts.extend(texts(reader.read_within(&luma, Budget::Work(12))));
    }
    parts.sort();
    parts.dedup();
    whole.sort();
    assert_eq!(parts, whole);
}

#[test]
fn the_same_frame_reads_the_same() {
    let drawn = frame_of_codes();
    let luma = Luma::with_stride(&drawn.pixels, drawn.width, drawn.height, drawn.stride).unwrap();
    for effort in [Effort::Fast, Effort::Thorough] {
        let mut kept = Reader::new(effort);
        let first = kept.read(&luma);
        kept.read(&Luma::new(&vec![90; 300 * 200], 300, 200).unwrap());
        assert_eq!(first, kept.read(&luma), "a frame must leave nothing behind");
        assert_eq!(first, Reader::new(effort).read(&luma));
    }
}

#[test]
fn padding_is_never_seen() {
    for seed in 0..24 {
        let drawn = draw(seed, 500, 300);
        let packed: Vec<u8> = (0..drawn.height)
            .flat_map(|y| drawn.pixels[y * drawn.stride..][..drawn.width].to_vec())
            .collect();
        let padded = Luma::with_stride(&drawn.pixels, drawn.width, drawn.height, drawn.stride).unwrap();
        let packed = Luma::new(&packed, drawn.width, drawn.height).unwrap();
        assert_eq!(Reader::default().read(&padded), Reader::default().read(&packed), "{}", drawn.what);
    }
}

/// Four linear codes and a QR code on a grey table.
fn frame_of_codes() -> Drawn {
    use rxing::BarcodeFormat::{CODE_39, CODE_128, QR_CODE};
    let (width, height) = (1280, 720);
    let mut pixels = vec![150; width * height];
    let mut card = |left: usize, top: usize, format, text: &str, module: usize| {
        let code = pictures::encode(format, text);
        let (right, bottom) = (left + code[0].len() * module, top + code.len() * module);
        for row in pixels.chunks_mut(width).skip(top - 30).take(bottom - top + 60) {
            row[left - 30..right + 30].fill(235);
        }
        for (row, modules) in code.iter().enumerate() {
            for (column, dark) in modules.iter().enumerate() {
                for at in 0..module * module {
                    let (x, y) = (left + column * module + at % module, top + row * module + at / module);
                    pixels[y * width + x] = if *dark { 30 } else { 235 };
                }
            }
        }
    };
    card(80, 60, CODE_128, "EL7K3M9QX2T4", 2);
    card(80, 240, CODE_128, "5CD030BC10", 2);
    card(80, 420, CODE_39, "FAKE123", 2);
    card(700, 60, CODE_128, "9ZZ99EA#ABF", 2);
    card(800, 300, QR_CODE, "https://example.org/a", 6);
    Drawn { pixels, width, height, stride: width, what: "a frame of codes".to_owned() }
}
