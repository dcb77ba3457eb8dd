//! Matched bars: each character of a blurred line is compared with what a camera would make of
//! every character of the alphabet, at the blur that fits the code's start. Where bars have run
//! into each other there are no edges to measure, and yet the greys tell characters apart.
#![expect(clippy::as_conversions, reason = "small counts to f32; positions are clamped to the line")]

use crate::Symbology;
use crate::lines::DENSITY;
use crate::patterns::{Alphabet, Family, families};
use crate::stack::at;
use std::sync::LazyLock;

/// Grey values a module.
const STEPS: f32 = 4.0;
/// Blurs tried: standard deviation in modules.
const BLURS: [f32; 6] = [0.35, 0.5, 0.65, 0.8, 1.0, 1.2];
/// Of those, the one that tells whether others are worth a look, and by how much it may miss.
const MIDDLE: usize = 3;
const FAR: f32 = 0.2;
/// Start and stop must explain this share of the grey about them.
const GUARD_FIT: f32 = 0.60;
/// The longest start or stop, modules.
const LONGEST_GUARD: f32 = 16.0;
/// Grey levels between bar and space of a line that was evened out.
pub const CONTRAST: f32 = 100.0;
/// Grey levels between bar and space below which nothing is read.
const LEAST_CONTRAST: f32 = 12.0;
/// Lengths tried in earnest.
const MOST_LENGTHS: usize = 4;
/// Widths of a module, pixels, worth trying.
const MODULES: (f32, f32) = (0.9, 4.0);
/// Steps of the widths of a module that are tried.
const STEP: f32 = 1.05;
/// Widths kept for each place.
const MOST_WIDTHS: usize = 3;
/// By which share a module may be wider at one end than on the mean.
const MOST_LEAN: f32 = 0.3;
/// Share by which the widths at both ends may miss the length between them.
const MISS: f32 = 0.045;
/// Chance of a wrong character below which nobody looks for a better reading.
const SURE: f32 = 1e-9;
/// Of a code of known length: ends tried, those with the longest quiet zones; of the blurs, the
/// numbers tried; and by how many modules either end may lie elsewhere.
const QUIETEST: usize = 3;
const KNOWN_BLURS: [usize; 3] = [1, 3, 5];
const KNOWN_SHIFTS: [(f32, f32); 5] = [(0.0, 0.0), (-0.4, 0.4), (0.4, -0.4), (-0.4, -0.4), (0.4, 0.4)];
/// Share of the grey that the whole code must explain.
const FIT: f32 = 0.6;
/// Share below which the characters so far leave no hope for the rest.
const HOPE: f32 = 0.45;
/// Modules by which a character may stray from where it was expected.
const STRAY: [f32; 4] = [-0.2, 0.2, -0.4, 0.4];
/// Characters looked at where they may stray to: those likeliest where they were expected.
const LIKELY: usize = 8;

/// A code as matched: widths in modules, bar first.
#[derive(Debug, Clone)]
pub struct Match {
    pub symbology: Symbology,
    pub widths: Vec<f32>,
    /// Chance that a character is another, by the noise of the line.
    pub doubt: f32,
    /// Read from the line's end to its start.
    pub backwards: bool,
}

/// A character as the camera sees it: grey from 0, a bar, to 1, a space.
struct Template {
    greys: Vec<f32>,
    mean: f32,
    /// Sum of squares about the mean, and about a bar's grey.
    power: f32,
    whole: f32,
}

struct Templates {
    start: Vec<Template>,
    body: Vec<Vec<Template>>,
    stop: Vec<Template>,
}

/// All families at all blurs: made when first needed, then for every reader, as a reader of one
/// photo would spend more on them than on the photo.
struct Tables {
    families: Vec<Family>,
    /// By family, then blur.
    templates: Vec<Vec<Templates>>,
}

static TABLES: LazyLock<Tables> = LazyLock::new(|| {
    let families = families();
    let templates = families
        .iter()
        .map(|family| {
            let of = |alphabet: &Alphabet, blur| {
                alphabet.characters.iter().map(|widths| template(widths, alphabet.bar_first, blur)).collect()
            };
            BLURS
                .map(|blur| Templates {
                    start: of(&family.start, blur),
                    body: family.body.iter().map(|alphabet| of(alphabet, blur)).collect(),
                    stop: of(&family.stop, blur),
                })
                .into()
        })
        .collect();
    Tables { families, templates }
});

/// Finds codes in lines; keeps its buffers between them.
#[derive(Default)]
pub struct Matcher {
    window: Vec<f32>,
    turned: Vec<f32>,
}

fn template(widths: &[f32], bar_first: bool, blur: f32) -> Template {
    let total: f32 = widths.iter().sum();
    let count = (total * STEPS).round() as usize;
    let greys: Vec<f32> = (0..count)
        .map(|i| {
            let t = (i as f32 + 0.5) / STEPS;
            // The space or bar before is the opposite of the first element.
            let mut grey = if bar_first { 1.0 } else { 0.0 };
            let (mut edge, mut falling) = (0.0, bar_first);
            for width in widths {
                grey += if falling { -step((t - edge) / blur) } else { step((t - edge) / blur) };
                edge += width;
                falling = !falling;
            }
            grey + if falling { -step((t - edge) / blur) } else { step((t - edge) / blur) }
        })
        .collect();
    let mean = greys.iter().sum::<f32>() / count as f32;
    let power = greys.iter().map(|grey| (grey - mean) * (grey - mean)).sum();
    let whole = dot(&greys, &greys);
    Template { greys, mean, power, whole }
}

/// The sum of products, in eight parts that a processor can take at once.
fn dot(a: &[f32], b: &[f32]) -> f32 {
    let (mut parts, mut rest) = ([0.0_f32; 8], 0.0);
    let (a8, b8) = (a.chunks_exact(8), b.chunks_exact(8));
    for (x, y) in a8.remainder().iter().zip(b8.remainder()) {
        rest += x * y;
    }
    for (a, b) in a8.zip(b8) {
        for (part, (x, y)) in parts.iter_mut().zip(a.iter().zip(b)) {
            *part += x * y;
        }
    }
    parts.iter().sum::<f32>() + rest
}

/// The normal distribution function, by a logistic curve: within 0.01.
fn step(x: f32) -> f32 {
    1.0 / (1.0 + (-1.702 * x).exp())
}

/// A family, a length and a place worth decoding.
struct Try {
    fit: f32,
    family: usize,
    repeats: usize,
    blur: usize,
    module: f32,
    /// By which share a module is wider at the start than on the mean.
    lean: f32,
    start: f32,
    end: f32,
}

impl Try {
    /// Where a place of the code, in modules of `total`, lies on the line, and how wide a module
    /// is there: the line is a projection of the code.
    fn place(&self, modules: f32, total: f32) -> (f32, f32) {
        let (u, whole) = (modules / total, self.end - self.start);
        let depth = 1.0 + self.lean * u;
        (
            self.start + whole * u * (1.0 + self.lean) / depth,
            whole / total * (1.0 + self.lean) / (depth * depth),
        )
    }
}

/// How far characters lie from where they are expected, in modules, and how bright bars and spaces are there.
#[derive(Clone, Copy)]
struct Track {
    stray: f32,
    dark: f32,
    contrast: f32,
}

impl Matcher {
    /// The code of an evenly lit line that starts at one of some sample positions and ends at another, if
    /// there is one: the outermost edges of a blurred code are easily taken for noise, and noise for them.
    pub fn read(&mut self, samples: &[f32], starts: &[f32], ends: &[f32]) -> Option<(Match, f32, f32)> {
        let mut turned = std::mem::take(&mut self.turned);
        turned.clear();
        turned.extend(samples.iter().rev());
        let last = samples.len().saturating_sub(1) as f32;
        let mirrored =
            |positions: &[f32]| positions.iter().map(|position| last - position).collect::<Vec<_>>();
        let forwards = self.read_one_way(samples, starts, ends);
        let sure = forwards.as_ref().is_some_and(|(found, ..)| found.doubt < SURE);
        let backwards =
            if sure { None } else { self.read_one_way(&turned, &mirrored(ends), &mirrored(starts)) };
        self.turned = turned;
        match (forwards, backwards) {
            (Some(one), Some(other)) if other.0.doubt > one.0.doubt => Some(one),
            (_, Some((found, start, end))) => {
                Some((Match { backwards: true, ..found }, last - end, last - start))
            }
            (one, None) => one,
        }
    }

    fn read_one_way(&mut self, samples: &[f32], starts: &[f32], ends: &[f32]) -> Option<(Match, f32, f32)> {
        let mut tries: Vec<Try> = Vec::new();
        let heads = self.guards(samples, starts, Side::Start);
        let tails = self.guards(samples, ends, Side::Stop);
        for (number, family) in TABLES.families.iter().enumerate() {
            if family.is_of_known_length() {
                let ends = ends.iter().take(QUIETEST);
                let pairs = starts
                    .iter()
                    .take(QUIETEST)
                    .flat_map(|start| ends.clone().map(move |end| (*start, *end)));
                pairs.for_each(|(start, end)| known_length(family, number, start, end, &mut tries));
            }
        }
        for head in &heads {
            let Some(family) = TABLES.families.get(head.family) else { continue };
            for tail in tails.iter().filter(|tail| tail.family == head.family) {
                if !family.is_of_known_length() {
                    tries.extend(between(family, head, tail));
                }
            }
        }
        // Short guards fit many lines by chance: each family has its own best.
        tries.sort_by(|a, b| a.family.cmp(&b.family).then(b.fit.total_cmp(&a.fit)));
        let mut best: Option<(Match, f32, f32)> = None;
        let known = |number: usize| TABLES.families.get(number).is_some_and(Family::is_of_known_length);
        let worth: Vec<&Try> = tries
            .chunk_by(|a, b| a.family == b.family)
            .flat_map(|of| {
                let all = of.first().is_some_and(|first| known(first.family));
                of.iter().take(if all { of.len() } else { MOST_LENGTHS })
            })
            .collect();
        for one in worth {
            if let Some(found) = self.decode(samples, one)
                && best.as_ref().is_none_or(|best| found.doubt < best.0.doubt)
            {
                best = Some((found, one.start, one.end));
            }
        }
        best
    }

    fn decode(&mut self, samples: &[f32], one: &Try) -> Option<Match> {
        let family = TABLES.families.get(one.family)?;
        let templates = TABLES.templates.get(one.family)?.get(one.blur)?;
        let window = &mut self.window;
        let total = family.modules(one.repeats);
        let mut widths: Vec<f32> = Vec::new();
        // Levels come from the best start.
        let (position, module) = one.place(0.0, total);
        look(samples, position, module, templates.start.first()?.greys.len(), window);
        let (first, levels) = templates
            .start
            .iter()
            .enumerate()
            .map(|(i, t)| (i, levels(t, window)))
            .max_by(|a, b| a.1.2.total_cmp(&b.1.2))?;
        let mut track = Track { stray: 0.0, dark: 0.0, contrast: CONTRAST };
        widths.extend(family.start.characters.get(first)?);
        let mut at = family.start.width;
        let mut error = (1.0 - levels.2) * variance(window);
        let (mut power, mut count) = (variance(window), window.len());
        let mut margins: Vec<f32> = Vec::new();
        for _ in 0..one.repeats {
            for (alphabet, templates) in family.body.iter().zip(&templates.body) {
                let chosen = choose(samples, one.place(at, total), &mut track, templates, window)?;
                widths.extend(alphabet.characters.get(chosen.character)?);
                at += alphabet.width;
                error += chosen.error;
                power += chosen.power;
                count += window.len();
                margins.extend(chosen.margin);
                if error > (1.0 - HOPE) * power && margins.len() > 1 {
                    return None;
                }
            }
        }
        let stop = choose(samples, one.place(at, total), &mut track, &templates.stop, window)?;
        widths.extend(family.stop.characters.first()?);
        error += stop.error;
        power += stop.power;
        count += window.len();
        if error > (1.0 - FIT) * power {
            return None;
        }
        // Samples within a pixel tell the same noise.
        let noise = (error / count as f32).max(0.05);
        let independent = (one.module / DENSITY / STEPS).min(1.0);
        let doubt = margins.iter().map(|margin| (-margin * independent / (2.0 * noise)).exp()).sum();
        Some(Match { symbology: family.symbology, widths, doubt, backwards: false })
    }
}

/// Samples on either side among which there are bars and spaces wide enough to show their full grey.
const NEARBY: usize = 48;

/// A line as if it were lit evenly: 0 for the darkest nearby, [`CONTRAST`] for the brightest.
pub fn even_out(samples: &[f32], level: &mut Vec<f32>) {
    let blocks: Vec<(f32, f32)> = samples
        .chunks(NEARBY / 4)
        .map(|chunk| chunk.iter().fold((f32::MAX, f32::MIN), |(low, high), &s| (low.min(s), high.max(s))))
        .collect();
    let bounds: Vec<(f32, f32)> = (0..blocks.len())
        .map(|i| {
            let near = blocks.get(i.saturating_sub(4)..(i + 5).min(blocks.len())).unwrap_or(&[]);
            near.iter().fold((f32::MAX, f32::MIN), |(low, high), b| (low.min(b.0), high.max(b.1)))
        })
        .collect();
    let (lows, highs): (Vec<f32>, Vec<f32>) = bounds.into_iter().unzip();
    level.clear();
    for (i, sample) in samples.iter().enumerate() {
        let place = (i as f32 + 0.5) / (NEARBY / 4) as f32 - 0.5;
        let (low, high) = (at(&lows, place), at(&highs, place));
        level.push((sample - low) / (high - low).max(LEAST_CONTRAST) * CONTRAST);
    }
}

struct Chosen {
    character: usize,
    error: f32,
    power: f32,
    /// By how much the next best is worse; `None` where there is one character only.
    margin: Option<f32>,
}

/// Picks the character that a track meets next, and moves the track behind it.
fn choose(
    samples: &[f32],
    (position, module): (f32, f32),
    track: &mut Track,
    templates: &[Template],
    window: &mut Vec<f32>,
) -> Option<Chosen> {
    let length = templates.first()?.greys.len();
    look(samples, position + track.stray * module, module, length, window);
    let mut near: Vec<(f32, usize)> =
        templates.iter().enumerate().map(|(number, t)| (misfit(t, window, track), number)).collect();
    let likely = near.len().min(LIKELY);
    if likely < near.len() {
        near.select_nth_unstable_by(likely, |a, b| a.0.total_cmp(&b.0));
    }
    // What is far off where it was expected is not nearer a little aside.
    let mut fits: Vec<(f32, f32)> = near.iter().take(likely).map(|(error, _)| (*error, 0.0)).collect();
    for stray in STRAY {
        look(samples, position + (track.stray + stray) * module, module, length, window);
        for ((_, number), fit) in near.iter().zip(&mut fits) {
            let error = misfit(templates.get(*number)?, window, track);
            if error < fit.0 {
                *fit = (error, stray);
            }
        }
    }
    let (mut best, mut second): (Option<(f32, usize, f32)>, f32) = (None, f32::MAX);
    for ((_, number), (error, stray)) in near.iter().zip(fits) {
        match best {
            Some((least, ..)) if error >= least => second = second.min(error),
            _ => {
                second = best.map_or(f32::MAX, |best| best.0);
                best = Some((error, *number, stray));
            }
        }
    }
    let (error, character, stray) = best?;
    look(samples, position + (track.stray + stray) * module, module, length, window);
    let (dark, contrast, _) = levels(templates.get(character)?, window);
    // Light changes slowly over a label.
    if contrast > 0.5 * track.contrast && contrast < 2.0 * track.contrast {
        track.dark += 0.25 * (dark - track.dark);
        track.contrast += 0.25 * (contrast - track.contrast);
    }
    track.stray += 0.5 * stray;
    Some(Chosen {
        character,
        error,
        power: variance(window),
        margin: (templates.len() > 1).then_some(second - error),
    })
}

/// Samples a character's place, [`STEPS`] a module.
fn look(samples: &[f32], position: f32, module: f32, length: usize, window: &mut Vec<f32>) {
    window.clear();
    window.extend((0..length).map(|i| at(samples, position + (i as f32 + 0.5) / STEPS * module)));
}

/// Sum of squared differences between a window and a template at the track's greys.
fn misfit(template: &Template, window: &[f32], track: &Track) -> f32 {
    let (dark, contrast, count) = (track.dark, track.contrast, window.len() as f32);
    let sum: f32 = window.iter().sum();
    let both = dot(window, &template.greys) - dark * template.mean * count;
    let seen = dot(window, window) - 2.0 * dark * sum + dark * dark * count;
    (seen - 2.0 * contrast * both + contrast * contrast * template.whole).max(0.0)
}

/// Dark level and contrast by least squares, and the share of the window's variance explained.
fn levels(template: &Template, window: &[f32]) -> (f32, f32, f32) {
    let count = window.len().max(1) as f32;
    let mean = window.iter().sum::<f32>() / count;
    let both = dot(&template.greys, window) - template.mean * mean * count;
    let contrast = both / template.power.max(1e-6);
    let explained = if contrast > 0.0 {
        both * contrast / (dot(window, window) - mean * mean * count).max(1e-6)
    } else {
        0.0
    };
    (mean - contrast * template.mean, contrast, explained)
}

/// Which end of a code.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Start,
    Stop,
}

/// A place where a line looks like a family's start or stop.
#[derive(Clone, Copy)]
struct Guard {
    family: usize,
    fit: f32,
    place: f32,
    module: f32,
    blur: usize,
}

impl Matcher {
    /// Places and widths of a module at which a line looks like a start behind a place, or like a
    /// stop before it: of each family the best widths at each place.
    fn guards(&mut self, samples: &[f32], places: &[f32], side: Side) -> Vec<Guard> {
        let (mut found, mut fits): (Vec<Guard>, Vec<Guard>) = (Vec::new(), Vec::new());
        for &place in places {
            fits.clear();
            let mut module = MODULES.0 * DENSITY;
            while module < MODULES.1 * DENSITY {
                let from = if side == Side::Start { place } else { place - LONGEST_GUARD * module };
                look(samples, from, module, (LONGEST_GUARD * STEPS) as usize, &mut self.window);
                for (family, of) in TABLES.templates.iter().enumerate() {
                    fits.extend(guard(&self.window, of, side).map(|(fit, blur)| Guard {
                        family,
                        fit,
                        place,
                        module,
                        blur,
                    }));
                }
                module *= STEP;
            }
            fits.sort_by(|a, b| a.family.cmp(&b.family).then(b.fit.total_cmp(&a.fit)));
            let of_families = fits.chunk_by(|a, b| a.family == b.family);
            found.extend(of_families.flat_map(|of| of.iter().take(MOST_WIDTHS)));
        }
        found
    }
}

/// How well a window starts, or ends, like a family's templates, and at which blur.
fn guard(window: &[f32], of: &[Templates], side: Side) -> Option<(f32, usize)> {
    let templates = |blur: usize| {
        let of = of.get(blur);
        of.map_or(&[] as &[Template], |of| if side == Side::Start { &of.start } else { &of.stop })
    };
    let length = templates(MIDDLE).first()?.greys.len();
    let window = if side == Side::Start {
        window.get(..length)?
    } else {
        window.get(window.len().checked_sub(length)?..)?
    };
    let (sum, power) = (window.iter().sum::<f32>(), variance(window).max(1e-6));
    let fit = |blur: usize| {
        let fits = templates(blur).iter().map(|template| {
            let both = dot(&template.greys, window) - template.mean * sum;
            let contrast = both / template.power;
            if contrast > LEAST_CONTRAST { both * contrast / power } else { 0.0 }
        });
        (fits.fold(0.0, f32::max), blur)
    };
    let mut best = fit(MIDDLE);
    // Blurs look alike: where one in the middle is far off, so are the rest.
    if best.0 > GUARD_FIT - FAR {
        for blur in (0..of.len()).filter(|blur| *blur != MIDDLE) {
            let this = fit(blur);
            if this.0 > best.0 {
                best = this;
            }
        }
    }
    (best.0 > GUARD_FIT).then_some(best)
}

/// The code from one guard to another, if a whole number of characters lies between them.
fn between(family: &Family, head: &Guard, tail: &Guard) -> Option<Try> {
    // Under projection the mean width is the geometric mean of those at the ends.
    let mean = (head.module * tail.module).sqrt();
    let body: f32 = family.body.iter().map(|alphabet| alphabet.width).sum();
    let repeats = ((tail.place - head.place) / mean - family.start.width - family.stop.width) / body;
    if repeats < 0.5 {
        return None;
    }
    let repeats = (repeats.round() as usize).clamp(family.repeats.0, family.repeats.1);
    let module = (tail.place - head.place) / family.modules(repeats);
    let lean = head.module / module - 1.0;
    if (module / mean - 1.0).abs() > MISS || lean.abs() > MOST_LEAN {
        return None;
    }
    let fit = head.fit.min(tail.fit);
    Some(Try {
        fit,
        family: head.family,
        repeats,
        blur: head.blur,
        lean,
        module,
        start: head.place,
        end: tail.place,
    })
}

/// The code of a known length from one place to another: the length tells a module's width, and
/// short guards under blur tell nothing.
fn known_length(family: &Family, number: usize, start: f32, end: f32, tries: &mut Vec<Try>) {
    let modules = family.modules(family.repeats.0);
    let module = (end - start) / modules;
    if !(MODULES.0 * DENSITY..MODULES.1 * DENSITY).contains(&module) {
        return;
    }
    for blur in KNOWN_BLURS {
        for (a, b) in KNOWN_SHIFTS {
            let (start, end) = (start + a * module, end + b * module);
            tries.push(Try {
                fit: 1.0,
                family: number,
                repeats: family.repeats.0,
                blur,
                lean: 0.0,
                module: (end - start) / modules,
                start,
                end,
            });
        }
    }
}

/// Sum of squares about the mean.
fn variance(window: &[f32]) -> f32 {
    let mean = window.iter().sum::<f32>() / window.len().max(1) as f32;
    dot(window, window) - mean * mean * window.len() as f32
}
