//! What a desk shows of a pupil and of a laptop.

mod devices;
mod students;

pub use devices::{DeviceCard, HolderCard, devices, devices_alike, devices_by_serial, devices_of};
pub use students::{AllocationCard, CharterCard, StudentCard, TemporaryCard, student, students, students_of};

use domain::devices::DeviceState;
use domain::words::{self, Language};

/// The word for a state, in French.
fn state_label(state: &str) -> String {
    DeviceState::parse(state).map_or(state, |known| words::device_state(known, Language::French)).to_owned()
}
