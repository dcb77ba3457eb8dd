//! The hash chain over the journal: each seal covers the one before it, so that a
//! changed, removed or inserted entry breaks every seal after it.

use sha2::{Digest, Sha256};

/// SHA-256 over the previous seal and the canonical text of the entry. The first
/// entry of a school follows 32 zero bytes.
pub fn seal(previous: &[u8; 32], canonical_entry: &str) -> [u8; 32] {
    Sha256::new().chain_update(previous).chain_update(canonical_entry.as_bytes()).finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seal_depends_on_everything_before_it() {
        let first = seal(&[0; 32], "a");
        assert_ne!(seal(&first, "b"), seal(&[0; 32], "b"));
        assert_ne!(seal(&first, "b"), seal(&first, "c"));
        assert_eq!(seal(&first, "b"), seal(&first, "b"));
    }
}
