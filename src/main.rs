//! The one binary: `remise`.

fn main() -> std::process::ExitCode {
    remise::cli::main()
}
