//! The words and rules of a laptop programme, without any I/O: no clock, no file, no database, no HTTP.
//! Built natively for the service and to WebAssembly for the page.
//!
//! Modules in dependency order:
//! - [`ids`]: typed identifiers
//! - [`identifiers`]: UAI, INE, MEF, serial numbers, badge and charter codes: one `parse` each
//! - [`names`]: how names are shown and searched
//! - [`roles`]: who may do what
//! - [`devices`]: states of a laptop
//! - [`moves`]: from which state to which it may go
//! - [`incidents`]: breakdown, breakage, loss, theft, and what is given in a laptop's place
//! - [`entitlement`]: which pupils get a laptop
//! - [`charter`]: signed copies and what they allow
//! - [`refusal`]: every "no", with a stable code
//! - [`words`]: every sentence a refusal says, French and English
//! - [`hand_over`]: decides whether a laptop may be handed to a pupil
//! - [`custody`]: decides temporary loans, returns
//! - [`swaps`]: decides swaps, and what the head's fund gives
//! - [`undo`]: decides whether a hand-over may be taken back
//! - [`acts`]: what a desk does beside handing over, by name
//! - [`campaign`]: slots of the day, a plan of them, whether two meet in one room
//! - [`journal`]: the hash chain over what happened
//! - [`reserve`]: spares, a share of the entitled headcount
//! - [`register`]: a loan as the Région's register tells it, and its totals
//! - [`story`]: what happened to a laptop or with a pupil, in sentences
//! - [`throttle`]: the wait after wrong passwords
//! - [`issues`]: faults of an imported file
//! - [`rows`]: what a row of an imported file says

pub mod acts;
pub mod campaign;
pub mod charter;
pub mod custody;
pub mod devices;
pub mod entitlement;
pub mod hand_over;
pub mod identifiers;
pub mod ids;
pub mod incidents;
pub mod issues;
pub mod journal;
pub mod moves;
pub mod names;
pub mod refusal;
pub mod register;
pub mod reserve;
pub mod roles;
pub mod rows;
pub mod story;
pub mod swaps;
pub mod throttle;
pub mod undo;
pub mod words;
