//! Camera frames of the demo school's badges, labels and charters, for those without a
//! webcam and for a browser's fake camera.
//!
//! - [`ink`]: a card drawn on paper
//! - [`scenes`]: which papers are held where

mod ink;
mod scenes;

use super::School;
use super::chance::Chance;
use demo_camera::picture::{Layer, Picture, Pose, Projection};
pub use scenes::Scene;
use serde::Serialize;
use std::fs;
use std::io;
use std::path::Path;
use std::sync::LazyLock;

/// Under every scene.
static TABLE: LazyLock<Picture> = LazyLock::new(Picture::of_table);
/// Frames of a scene; the last goes over into the first.
pub const FRAMES: usize = 30;
/// The scenes of `tour.mjpeg`, in their order: a whole hand-over, with empty hands before and after.
const TOUR: [&str; 5] = ["empty", "badge", "laptop-hp", "charter", "empty"];

/// A frame and what is on it.
#[derive(Debug, Clone)]
pub struct Frame {
    pub jpeg: Vec<u8>,
    pub codes: Vec<FrameCode>,
}

/// A code that a reader should find.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FrameCode {
    /// As readers name it: `CODE_128`, `QR_CODE`, `DATA_MATRIX`.
    pub format: &'static str,
    pub text: String,
    /// Pixels, clockwise from the code's own top left.
    pub corners: [(f32, f32); 4],
}

#[derive(Clone, Serialize)]
struct FrameTruth {
    file: String,
    scene: &'static str,
    codes: Vec<FrameCode>,
}

/// Every scene of the school.
pub fn scenes(school: &School) -> Vec<Scene> {
    scenes::all(school)
}

impl Scene {
    /// Frame `number` of [`FRAMES`]; the same bytes at each call.
    pub fn frame(&self, number: usize) -> Result<Frame, image::ImageError> {
        let mut picture = TABLE.clone();
        let mut codes = Vec::new();
        for prop in &self.props {
            let pose = trembling(prop.pose, number);
            picture.lay(&Layer { paper: &prop.paper, pose, tint: prop.tint });
            let projection = Projection::of(&pose, &prop.paper);
            codes.extend(prop.codes.iter().map(|code| {
                let [left, top, right, bottom] = code.place;
                FrameCode {
                    format: code.kind,
                    text: code.text.clone(),
                    corners: [(left, top), (right, top), (right, bottom), (left, bottom)]
                        .map(|corner| projection.apply(corner)),
                }
            }));
        }
        picture.blur(0.2);
        let jpeg = picture.jpeg(Chance::of(&format!("{} {number}", self.name)).bits())?;
        Ok(Frame { jpeg, codes })
    }
}

/// A hand is never still: a few pixels and half a degree, coming back after [`FRAMES`].
fn trembling(pose: Pose, number: usize) -> Pose {
    let part = u16::try_from(number % FRAMES).map_or(0.0, f32::from) / 30.0;
    let wave = |times: f32, phase: f32| (std::f32::consts::TAU * part * times + phase).sin();
    Pose {
        at: (pose.at.0 + 4.0 * wave(1.0, 0.0) + 1.5 * wave(3.0, 1.0), pose.at.1 + 3.0 * wave(2.0, 2.0)),
        scale: pose.scale * (1.0 + 0.008 * wave(1.0, 4.0)),
        turn: pose.turn + 0.5 * wave(2.0, 0.5),
        tilt: (pose.tilt.0 + 0.8 * wave(1.0, 3.0), pose.tilt.1 + 0.8 * wave(2.0, 5.0)),
    }
}

/// Writes `SCENE-NN.jpg` and `SCENE.mjpeg` of each scene named in `only`, or of every one
/// when it is empty; `tour.mjpeg` when its scenes are among them; and `truth.json`, the
/// frames with the codes on them. Answers how many frames there are.
pub fn write(school: &School, folder: &Path, only: &[String]) -> io::Result<usize> {
    fs::create_dir_all(folder)?;
    let mut scenes = scenes(school);
    scenes.retain(|scene| only.is_empty() || only.iter().any(|name| name == scene.name));
    // One thread a core: drawing is all that takes time.
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let share = scenes.len().div_ceil(threads).max(1);
    let done: Vec<io::Result<Vec<FrameTruth>>> = std::thread::scope(|scope| {
        let films: Vec<_> = scenes.chunks(share).map(|some| scope.spawn(|| films(some, folder))).collect();
        films
            .into_iter()
            .map(|film| film.join().unwrap_or_else(|_| Err(io::Error::other("drawing failed"))))
            .collect()
    });
    let truth = done.into_iter().collect::<io::Result<Vec<_>>>()?.concat();
    if TOUR.iter().all(|name| scenes.iter().any(|scene| scene.name == *name)) {
        let mut tour = Vec::new();
        for name in TOUR {
            tour.append(&mut fs::read(folder.join(format!("{name}.mjpeg")))?);
        }
        fs::write(folder.join("tour.mjpeg"), tour)?;
    }
    let frames = truth.len();
    fs::write(
        folder.join("truth.json"),
        serde_json::to_vec_pretty(&serde_json::json!({ "frames": truth }))?,
    )?;
    Ok(frames)
}

/// The frames and the film of each scene.
fn films(scenes: &[Scene], folder: &Path) -> io::Result<Vec<FrameTruth>> {
    let mut truth = Vec::new();
    for scene in scenes {
        let mut film = Vec::new();
        for number in 0..FRAMES {
            let frame = scene.frame(number).map_err(io::Error::other)?;
            let file = format!("{}-{number:02}.jpg", scene.name);
            fs::write(folder.join(&file), &frame.jpeg)?;
            film.extend_from_slice(&frame.jpeg);
            truth.push(FrameTruth { file, scene: scene.name, codes: frame.codes });
        }
        fs::write(folder.join(format!("{}.mjpeg", scene.name)), film)?;
    }
    Ok(truth)
}
