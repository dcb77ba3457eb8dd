//! Rows to sheets of paper: badges, laptop labels and charters, with barcodes that scan.
//!
//! - [`codes`]: texts to bars and modules
//! - [`card`]: a piece of paper as things at places, in millimetres
//! - [`badge`], [`label`], [`inventory`], [`charter`]: the kinds of card
//! - [`grids`], [`label_sheet`]: sheets and rolls of labels, and cards at their places on them
//! - [`svg`]: a card as SVG
//! - [`day`]: papers of the day: attendance, contacts, guest accounts, charters to chase
//! - [`page`]: cards as an HTML page made for A4
//! - [`document`]: a page with the school's head and foot, on A4 or A6
//! - [`receipt`]: hand-overs, swaps, returns and loans on paper
//! - [`dates`]: days as a French paper says them
//!
//! A card knows nothing of SVG: camera frames of the demo are drawn from the same cards.

pub mod badge;
pub mod card;
pub mod charter;
pub mod codes;
pub mod dates;
pub mod day;
pub mod document;
pub mod grids;
pub mod inventory;
pub mod label;
pub mod label_sheet;
pub mod page;
pub mod receipt;
pub mod svg;

pub use badge::Badge;
pub use charter::CharterSheet;
pub use inventory::InventoryLabel;
pub use label::Label;
pub use receipt::Receipt;
