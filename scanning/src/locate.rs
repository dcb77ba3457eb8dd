//! Finds where codes may be: the structure tensor of 8×8-pixel cells says which
//! have bars in one direction (regions) and which have detail in all (blobs).
#![expect(clippy::indexing_slicing, reason = "cell indices are bounded by the grid that made them")]
#![expect(
    clippy::as_conversions,
    reason = "pixel kernel: small integers to f32 and back, clamped to the grid"
)]

use crate::Luma;
use std::ops::Range;

/// Side of a cell in pixels.
pub const CELL: usize = 8;
/// Rows of a cell looked at: half of them, odd and even ones, as bars two pixels wide may have
/// all their edges below odd rows.
const ROWS: [usize; 4] = [0, 2, 5, 7];
/// Mean squared gradient, cells and their neighbours, under which there are no bars.
const BARS: f32 = 25.0;
/// The same for the modules of a 2D code, all of whose surroundings may be noise, at most.
const MODULES: f32 = 350.0;
/// How often the median of a picture modules must have, and the share of [`MODULES`] that is
/// wanted where the picture is dim and without noise.
const ABOVE_NOISE: f32 = 8.0;
const DIM: f32 = 0.25;
/// Blobs that may be joined.
const MOST_JOINED: usize = 64;
/// How often as long as it is wide what is not square is.
const LONG: usize = 3;
/// Pixels between blobs that may be one code.
const GAP: usize = 16;
/// Coherence above which a cell has one direction.
const DIRECTED: f32 = 0.5;

/// A strip of bars in one direction, a cell high, in the frame of its own gradient: under
/// perspective the bars of one label do not all point the same way.
#[derive(Debug, Clone, Copy)]
pub struct Region {
    /// Unit vector along the gradient: across the bars.
    pub along: (f32, f32),
    /// Extent along the gradient, pixels, of `x·along.0 + y·along.1`.
    pub from: f32,
    pub to: f32,
    /// Extent across it, of `−x·along.1 + y·along.0`.
    pub low: f32,
    pub high: f32,
    /// Which area it is, or is of.
    pub area: usize,
}

impl Region {
    /// Whether another strip of the same area lies beside this one rather than behind it.
    pub fn continues_in(&self, other: &Region) -> bool {
        self.area == other.area && self.from < other.to && other.from < self.to
    }
}

/// An area of detail without direction: left, top, right, bottom in pixels.
#[derive(Debug, Clone, Copy)]
pub struct Blob {
    pub left: usize,
    pub top: usize,
    pub right: usize,
    pub bottom: usize,
    pub cells: usize,
    /// Sum of its cells' mean gradients.
    pub detail: f32,
}

impl Blob {
    /// The whole of a picture.
    pub fn whole(luma: &Luma) -> Self {
        Self { left: 0, top: 0, right: luma.width, bottom: luma.height, cells: 0, detail: 0.0 }
    }

    pub fn is_long(&self) -> bool {
        let (width, height) = (self.right - self.left, self.bottom - self.top);
        width.max(height) >= LONG * width.min(height)
    }

    fn near(&self, other: &Blob) -> bool {
        self.left <= other.right + GAP
            && other.left <= self.right + GAP
            && self.top <= other.bottom + GAP
            && other.top <= self.bottom + GAP
    }

    fn union(&self, other: &Blob) -> Blob {
        Blob {
            left: self.left.min(other.left),
            top: self.top.min(other.top),
            right: self.right.max(other.right),
            bottom: self.bottom.max(other.bottom),
            cells: self.cells + other.cells,
            detail: self.detail + other.detail,
        }
    }

    /// How much it looks like a 2D code.
    fn promise(&self) -> f32 {
        self.detail * self.squareness()
    }

    /// 1 for a full square, less for what is long or ragged.
    pub fn squareness(&self) -> f32 {
        let (width, height) = ((self.right - self.left) as f32, (self.bottom - self.top) as f32);
        let full = (self.cells * CELL * CELL) as f32 / (width * height).max(1.0);
        full * width.min(height) / width.max(height).max(1.0)
    }
}

#[derive(Clone, Copy, Default)]
struct Tensor {
    xx: f32,
    yy: f32,
    xy: f32,
}

impl Tensor {
    fn add(&mut self, other: Tensor) {
        self.xx += other.xx;
        self.yy += other.yy;
        self.xy += other.xy;
    }

    fn energy(self) -> f32 {
        self.xx + self.yy
    }

    fn coherence(self) -> f32 {
        let difference = self.xx - self.yy;
        (difference * difference + 4.0 * self.xy * self.xy).sqrt() / self.energy().max(1e-6)
    }

    /// Direction of the gradient, radians in (−π/2, π/2].
    fn angle(self) -> f32 {
        0.5 * (2.0 * self.xy).atan2(self.xx - self.yy)
    }
}

/// Buffers kept between frames.
#[derive(Default)]
pub struct Locator {
    tensors: Vec<Tensor>,
    smooth: Vec<Tensor>,
    energies: Vec<f32>,
    seen: Vec<bool>,
    stack: Vec<usize>,
    group: Vec<usize>,
    /// Of each area: cells, strips, the whole.
    areas: Vec<(usize, Range<usize>, Region)>,
    strips: Vec<Region>,
    placed: Vec<Placed>,
}

/// A cell of a group: which strip it is in, where along it, and its number.
type Placed = (i32, f32, usize);

impl Locator {
    /// Strips, whole areas of bars and blobs of a frame, largest first.
    pub fn locate(
        &mut self,
        luma: &Luma,
        regions: &mut Vec<Region>,
        whole: &mut Vec<Region>,
        blobs: &mut Vec<Blob>,
    ) {
        regions.clear();
        whole.clear();
        blobs.clear();
        let (columns, rows) = (luma.width / CELL, luma.height / CELL);
        if columns == 0 || rows == 0 {
            return;
        }
        self.measure(luma, columns, rows);
        let (mut areas, mut strips) = (std::mem::take(&mut self.areas), std::mem::take(&mut self.strips));
        let mut placed = std::mem::take(&mut self.placed);
        areas.clear();
        strips.clear();
        self.group_cells(columns, rows, true, |group, smooth| {
            if group.len() >= 4 {
                let first = strips.len();
                cut_strips(group, smooth, columns, &mut placed, &mut strips);
                areas.push((group.len(), first..strips.len(), area(group, smooth, columns)));
            }
        });
        areas.sort_unstable_by_key(|(cells, strips, _)| (std::cmp::Reverse(*cells), strips.start));
        for (number, (cells, of, area)) in areas.iter().enumerate() {
            let of = strips.get(of.clone()).unwrap_or(&[]);
            regions.extend(of.iter().map(|strip| Region { area: number, ..*strip }));
            if *cells >= SMALLEST_AREA && area.to - area.from >= SHORTEST {
                whole.push(Region { area: number, ..*area });
            }
        }
        (self.areas, self.strips, self.placed) = (areas, strips, placed);
        self.group_cells(columns, rows, false, |group, smooth| {
            if group.len() >= 6 {
                blobs.push(blob(group, smooth, columns));
            }
        });
        let likeliest = |a: &Blob, b: &Blob| b.promise().total_cmp(&a.promise());
        blobs.sort_unstable_by(likeliest);
        // Noise has thousands, and all of them are compared with each other.
        blobs.truncate(MOST_JOINED);
        merge(blobs);
        blobs.sort_unstable_by(likeliest);
    }

    fn measure(&mut self, luma: &Luma, columns: usize, rows: usize) {
        self.tensors.clear();
        self.tensors.resize(columns * rows, Tensor::default());
        for row in 0..rows {
            for line in ROWS.map(|line| row * CELL + line) {
                if line + 1 >= luma.height {
                    continue;
                }
                let (upper, lower) = (luma.row(line), luma.row(line + 1));
                for column in 0..columns {
                    self.tensors[row * columns + column].add(cell_line(upper, lower, column * CELL));
                }
            }
        }
        self.smooth.clear();
        for row in 0..rows {
            for column in 0..columns {
                let mut sum = Tensor::default();
                for r in row.saturating_sub(1)..(row + 2).min(rows) {
                    for c in column.saturating_sub(1)..(column + 2).min(columns) {
                        sum.add(self.tensors[r * columns + c]);
                    }
                }
                self.smooth.push(sum);
            }
        }
    }

    /// Energy above which there may be modules: well above what most cells have, which is noise.
    fn modules(&mut self, most: f32) -> f32 {
        self.energies.clear();
        self.energies.extend(self.smooth.iter().map(|tensor| tensor.energy()));
        let middle = self.energies.len() / 2;
        let (_, median, _) = self.energies.select_nth_unstable_by(middle, f32::total_cmp);
        (*median * ABOVE_NOISE).clamp(most * DIM, most)
    }

    fn group_cells(
        &mut self,
        columns: usize,
        rows: usize,
        directed: bool,
        mut found: impl FnMut(&[usize], &[Tensor]),
    ) {
        // Differences of a cell, nine cells smoothed together.
        let differences = (CELL * ROWS.len()) as f32 * 9.0;
        let threshold = if directed { differences * BARS } else { self.modules(differences * MODULES) };
        let fits = |t: Tensor| t.energy() > threshold && (t.coherence() > DIRECTED) == directed;
        self.seen.clear();
        self.seen.resize(columns * rows, false);
        for start in 0..columns * rows {
            if self.seen[start] || !fits(self.smooth[start]) {
                continue;
            }
            self.group.clear();
            self.stack.push(start);
            self.seen[start] = true;
            while let Some(cell) = self.stack.pop() {
                self.group.push(cell);
                let (row, column) = (cell / columns, cell % columns);
                for r in row.saturating_sub(1)..(row + 2).min(rows) {
                    for c in column.saturating_sub(1)..(column + 2).min(columns) {
                        let next = r * columns + c;
                        let (here, there) = (self.smooth[cell], self.smooth[next]);
                        if !self.seen[next]
                            && fits(there)
                            && (!directed || alike(here.angle(), there.angle()))
                        {
                            self.seen[next] = true;
                            self.stack.push(next);
                        }
                    }
                }
            }
            found(&self.group, &self.smooth);
        }
    }
}

/// Joins blobs that lie side by side and are more of a square together: the modules of one code
/// may leave cells between them that have a direction, or none.
fn merge(blobs: &mut Vec<Blob>) {
    let mut one = 0;
    while let Some(&blob) = blobs.get(one) {
        let joined = blobs.iter().enumerate().skip(one + 1).find_map(|(other, second)| {
            let union = blob.union(second);
            (blob.near(second) && union.promise() > blob.promise() + second.promise())
                .then_some((other, union))
        });
        match joined {
            Some((other, union)) => {
                blobs.swap_remove(other);
                blobs[one] = union;
                // What is larger now may lie beside one that was passed.
                one = 0;
            }
            None => one += 1,
        }
    }
}

/// Twice the gradients between two rows of a cell, summed up.
fn cell_line(upper: &[u8], lower: &[u8], left: usize) -> Tensor {
    // A cell at the right edge has no ninth pixel.
    let nine = |line: &[u8]| -> [u8; CELL + 1] {
        line.get(left..=left + CELL).and_then(|nine| nine.try_into().ok()).unwrap_or_else(|| {
            let last = line.len().saturating_sub(1);
            std::array::from_fn(|i| line.get((left + i).min(last)).copied().unwrap_or(0))
        })
    };
    let (a, c) = (nine(upper).map(i16::from), nine(lower).map(i16::from));
    let (mut xx, mut yy, mut xy) = (0_i32, 0_i32, 0_i32);
    for i in 0..CELL {
        let (down, up) = (c[i + 1] - a[i], a[i + 1] - c[i]);
        let (gx, gy) = (down + up, down - up);
        xx += i32::from(gx) * i32::from(gx);
        yy += i32::from(gy) * i32::from(gy);
        xy += i32::from(gx) * i32::from(gy);
    }
    Tensor { xx: xx as f32 * 0.25, yy: yy as f32 * 0.25, xy: xy as f32 * 0.25 }
}

/// Directions within about 17°, a direction being the same as its opposite.
fn alike(a: f32, b: f32) -> bool {
    (a - b).sin().abs() < 0.3
}

/// Cells of a group that lie this far apart along the gradient belong to different codes.
const APART: f32 = 5.0 * CELL as f32;
/// No code that can be read is shorter.
const SHORTEST: f32 = 56.0;

/// Cells of an area whose lines may be worth laying over each other.
const SMALLEST_AREA: usize = 10;

/// The whole of a group in the frame of its mean gradient.
fn area(group: &[usize], smooth: &[Tensor], columns: usize) -> Region {
    let mut sum = Tensor::default();
    for &cell in group {
        sum.add(smooth[cell]);
    }
    let (sin, cos) = sum.angle().sin_cos();
    let mut region =
        Region { along: (cos, sin), from: f32::MAX, to: f32::MIN, low: f32::MAX, high: f32::MIN, area: 0 };
    for &cell in group {
        let (x, y) = middle(cell, columns);
        let (along, across) = (x * cos + y * sin, -x * sin + y * cos);
        region.from = region.from.min(along - CELL as f32 / 2.0);
        region.to = region.to.max(along + CELL as f32 / 2.0);
        region.low = region.low.min(across - CELL as f32 / 2.0);
        region.high = region.high.max(across + CELL as f32 / 2.0);
    }
    region
}

/// Cuts a group into strips a cell high, across its bars.
fn cut_strips(
    group: &[usize],
    smooth: &[Tensor],
    columns: usize,
    placed: &mut Vec<Placed>,
    strips: &mut Vec<Region>,
) {
    let mut sum = Tensor::default();
    for &cell in group {
        sum.add(smooth[cell]);
    }
    let (sin, cos) = sum.angle().sin_cos();
    placed.clear();
    placed.extend(group.iter().map(|&cell| {
        let (x, y) = middle(cell, columns);
        let across = -x * sin + y * cos;
        ((across / CELL as f32).floor() as i32, x * cos + y * sin, cell)
    }));
    placed.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
    let runs = placed.chunk_by(|a, b| a.0 == b.0 && b.1 - a.1 <= APART);
    strips.extend(runs.filter_map(|run| strip(run, smooth, columns)));
}

fn strip(run: &[Placed], smooth: &[Tensor], columns: usize) -> Option<Region> {
    let (first, last) = (run.first()?, run.last()?);
    if last.1 - first.1 < SHORTEST {
        return None;
    }
    let mut sum = Tensor::default();
    let (mut x, mut y) = (0.0, 0.0);
    for &(_, _, cell) in run {
        sum.add(smooth[cell]);
        let (cx, cy) = middle(cell, columns);
        (x, y) = (x + cx, y + cy);
    }
    let (x, y) = (x / run.len() as f32, y / run.len() as f32);
    let (sin, cos) = sum.angle().sin_cos();
    let half = CELL as f32 / 2.0;
    let ends = [first, last].map(|&(_, _, cell)| {
        let (cx, cy) = middle(cell, columns);
        cx * cos + cy * sin
    });
    let across = -x * sin + y * cos;
    Some(Region {
        along: (cos, sin),
        from: ends[0].min(ends[1]) - half,
        to: ends[0].max(ends[1]) + half,
        low: across - half,
        high: across + half,
        area: 0,
    })
}

fn middle(cell: usize, columns: usize) -> (f32, f32) {
    let half = CELL as f32 / 2.0;
    ((cell % columns * CELL) as f32 + half, (cell / columns * CELL) as f32 + half)
}

fn blob(group: &[usize], smooth: &[Tensor], columns: usize) -> Blob {
    let mut blob =
        Blob { left: usize::MAX, top: usize::MAX, right: 0, bottom: 0, cells: group.len(), detail: 0.0 };
    for &cell in group {
        let (x, y) = (cell % columns * CELL, cell / columns * CELL);
        blob.detail += smooth[cell].energy().sqrt();
        blob.left = blob.left.min(x);
        blob.top = blob.top.min(y);
        blob.right = blob.right.max(x + CELL);
        blob.bottom = blob.bottom.max(y + CELL);
    }
    blob
}
