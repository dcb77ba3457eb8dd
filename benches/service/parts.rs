//! Which parts of a benchmark are asked for.

/// Parts by name: `cargo bench --bench service -- custody search`; all of them without.
pub struct Parts(Vec<String>);

impl Parts {
    /// None when nobody measures: `cargo test --benches` only wants to know that it builds.
    pub fn asked() -> Option<Self> {
        let arguments: Vec<String> = std::env::args().skip(1).collect();
        let measures = arguments.iter().any(|argument| argument == "--bench");
        measures.then(|| Self(arguments.into_iter().filter(|argument| !argument.starts_with("--")).collect()))
    }

    pub fn want(&self, part: &str) -> bool {
        self.0.is_empty() || self.0.iter().any(|named| named == part)
    }
}
