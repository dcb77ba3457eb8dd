//! Pictures that a reader must survive, each from a seed: the property tests and the fuzz
//! target `scenes` draw the same ones.

use rxing::{BarcodeFormat, EncodeHints, MultiFormatWriter, Writer};

/// An even chance from a seed (splitmix64, Steele, Lea and Flood 2014).
pub struct Chance(pub u64);

impl Chance {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    pub fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }

    /// 0 to 1.
    pub fn share(&mut self) -> f32 {
        (self.next() >> 40) as f32 / (1_u64 << 24) as f32
    }
}

/// What is seen at a place of a plane, measured in pixels from the picture's centre.
enum Pattern {
    Flat,
    Noise,
    Gradient,
    Rings {
        period: f32,
    },
    /// Bars without end.
    Bars {
        period: f32,
    },
    /// Bars of every width without end, as a code that never stops.
    RandomBars {
        module: f32,
        seed: u64,
    },
    Checkers {
        period: f32,
    },
    /// Black and white cells at random, as a matrix code that never stops.
    Cells {
        module: f32,
        seed: u64,
    },
    Code {
        modules: Vec<Vec<bool>>,
        module: f32,
    },
}

/// Pixels and how they lie.
pub struct Drawn {
    pub pixels: Vec<u8>,
    pub width: usize,
    pub height: usize,
    pub stride: usize,
    /// What it shows, for a failing test's message.
    pub what: String,
}

const CODES: [(BarcodeFormat, &str); 7] = [
    (BarcodeFormat::CODE_128, "EL7K3M9QX2T4"),
    (BarcodeFormat::CODE_39, "FAKE123"),
    (BarcodeFormat::EAN_13, "3760012345670"),
    (BarcodeFormat::ITF, "12345678"),
    (BarcodeFormat::CODABAR, "A16373471181B"),
    (BarcodeFormat::QR_CODE, "5CD030BC10"),
    (BarcodeFormat::DATA_MATRIX, "5CD030BC10"),
];

/// A picture of this size; the seed decides on everything else.
pub fn draw(seed: u64, width: usize, height: usize) -> Drawn {
    let mut chance = Chance(seed);
    let (name, pattern) = pattern(&mut chance);
    let degrees = [0.0, 45.0, 90.0, chance.share() * 360.0, chance.share() * 360.0][chance.below(5)];
    // Half of the codes lie across the picture's edge.
    let cut = chance.below(2) == 0;
    let centre =
        if cut { (0.0, height as f32 * chance.share()) } else { (width as f32 / 2.0, height as f32 / 2.0) };
    let (dark, bright) = [(0, 255), (25, 235), (120, 135), (235, 25), (255, 255), (0, 0)][chance.below(6)];
    let grain = [0, 0, 4, 40][chance.below(4)];
    let padding = [0, 0, 1, 13, 64][chance.below(5)];
    let stride = width + padding;
    let mut pixels = vec![chance.next() as u8; stride * height];
    let (sin, cos) = f32::to_radians(degrees).sin_cos();
    for y in 0..height {
        for x in 0..width {
            let (dx, dy) = (x as f32 - centre.0, y as f32 - centre.1);
            let ink = pattern.ink((dx * cos + dy * sin, dy * cos - dx * sin), &mut chance);
            let grey = f32::from(bright as u8) + ink * (dark as f32 - bright as f32);
            let noise = if grain > 0 { chance.below(2 * grain + 1) as f32 - grain as f32 } else { 0.0 };
            pixels[y * stride + x] = (grey + noise).clamp(0.0, 255.0) as u8;
        }
    }
    // The last row need not have its padding.
    if chance.below(2) == 0 && height > 0 {
        pixels.truncate((height - 1) * stride + width);
    }
    let what = format!(
        "seed {seed}: {name}, {width}×{height}, stride {stride}, {degrees}°, {dark} on {bright}, grain {grain}"
    );
    Drawn { pixels, width, height, stride, what }
}

fn pattern(chance: &mut Chance) -> (String, Pattern) {
    let period = [1.0, 2.0, 3.0 + chance.share() * 20.0, 0.3 + chance.share() * 4.0][chance.below(4)];
    let module = 0.5 + chance.share() * 8.0;
    let seed = chance.next();
    match chance.below(14) {
        0 => ("flat".into(), Pattern::Flat),
        1 => ("noise".into(), Pattern::Noise),
        2 => ("gradient".into(), Pattern::Gradient),
        3 => (format!("rings of {period}"), Pattern::Rings { period }),
        4 => (format!("bars of {period}"), Pattern::Bars { period }),
        5 => (format!("random bars of {module}"), Pattern::RandomBars { module, seed }),
        6 => (format!("checkers of {period}"), Pattern::Checkers { period }),
        7 => (format!("random cells of {module}"), Pattern::Cells { module, seed }),
        _ => {
            let (format, text) = CODES[chance.below(CODES.len())];
            (format!("{format:?} of {module}"), Pattern::Code { modules: encode(format, text), module })
        }
    }
}

pub fn encode(format: BarcodeFormat, text: &str) -> Vec<Vec<bool>> {
    let matrix = MultiFormatWriter.encode_with_hints(text, &format, 0, 0, &EncodeHints::default()).unwrap();
    let matrix_code = matches!(format, BarcodeFormat::QR_CODE | BarcodeFormat::DATA_MATRIX);
    let row = |y: u32| (0..matrix.getWidth()).map(|x| matrix.get(x, y)).collect::<Vec<bool>>();
    if matrix_code { (0..matrix.getHeight()).map(row).collect() } else { vec![row(0); 40] }
}

impl Pattern {
    /// How much ink there is, 0 to 1.
    fn ink(&self, (u, v): (f32, f32), chance: &mut Chance) -> f32 {
        let dark = |yes: bool| if yes { 1.0 } else { 0.0 };
        let hashed = |u: f32, v: f32, seed: u64| {
            let mixed =
                Chance(seed ^ (u.floor() as i64 as u64) ^ (v.floor() as i64 as u64).rotate_left(32)).next();
            dark(mixed & 1 == 0)
        };
        match self {
            Pattern::Flat => 0.5,
            Pattern::Noise => chance.share(),
            Pattern::Gradient => (u / 800.0 + 0.5).clamp(0.0, 1.0),
            Pattern::Rings { period } => dark((u.hypot(v) / period).fract() < 0.5),
            Pattern::Bars { period } => dark((u / period).rem_euclid(1.0) < 0.5),
            Pattern::RandomBars { module, seed } => hashed(u / module, 0.0, *seed),
            Pattern::Checkers { period } => {
                dark(((u / period).floor() + (v / period).floor()).rem_euclid(2.0) < 1.0)
            }
            Pattern::Cells { module, seed } => hashed(u / module, v / module, *seed),
            Pattern::Code { modules, module } => {
                let columns = modules.first().map_or(0, Vec::len) as f32;
                let (column, row) = (u / module + columns / 2.0, v / module + modules.len() as f32 / 2.0);
                let inside = column >= 0.0 && row >= 0.0;
                let module = modules.get(row as usize).and_then(|row| row.get(column as usize));
                dark(inside && module.copied().unwrap_or(false))
            }
        }
    }
}
