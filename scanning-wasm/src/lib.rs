//! The reader for the page: grey pixels in, readings out as JSON, without a binding generator.
//!
//! The page asks for room with [`scanning_frame`], writes one byte a pixel there, calls
//! [`scanning_read`] and finds that many bytes of JSON at [`scanning_result`]. Addresses hold
//! until the next call. The module itself never follows an address, so that nothing the page
//! passes can make it read or write outside its buffers.

mod desk;

use desk::Desk;
use std::cell::RefCell;

thread_local! {
    static DESK: RefCell<Desk> = RefCell::default();
}

/// Room for a frame of `len` bytes, or null when no frame is so large.
#[expect(unsafe_code, reason = "the page finds the function by its name")]
#[unsafe(no_mangle)]
pub extern "C" fn scanning_frame(len: usize) -> *mut u8 {
    DESK.with_borrow_mut(|desk| desk.room(len).map_or(std::ptr::null_mut(), <[u8]>::as_mut_ptr))
}

/// Reads the frame at `now_ms`, a clock of the page's: `effort` is 0 for a live camera and 1
/// for a picture that nothing follows. Answers the length of the result, in bytes.
#[expect(unsafe_code, reason = "the page finds the function by its name")]
#[unsafe(no_mangle)]
pub extern "C" fn scanning_read(width: usize, height: usize, effort: u32, now_ms: f64) -> usize {
    DESK.with_borrow_mut(|desk| desk.read(width, height, effort, now_ms).len())
}

/// Where the last result stands.
#[expect(unsafe_code, reason = "the page finds the function by its name")]
#[unsafe(no_mangle)]
pub extern "C" fn scanning_result() -> *const u8 {
    DESK.with_borrow(|desk| desk.result().as_ptr())
}
