//! Builds the page into `OUT_DIR`, from where the service embeds it, and the reader of camera
//! frames that the page runs; rebuilds when a migration changes, as they are embedded too.
//! `KIOSK_UI=off` leaves the page and its reader out, for work on Rust alone.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

const LEFT_OUT: &str = "<!doctype html><html lang=\"fr\"><meta charset=\"utf-8\"><title>Remise</title>\
    <p>Ce programme a été construit sans sa page (KIOSK_UI=off). Construisez-le de nouveau avec « make run ».</p>";

fn main() {
    println!("cargo::rerun-if-changed=migrations");
    println!("cargo::rerun-if-env-changed=KIOSK_UI");
    let Some(folder) = env::var_os("OUT_DIR").map(PathBuf::from) else {
        println!("cargo::error=OUT_DIR is not set");
        return;
    };
    let out = folder.join("kiosk-ui");
    let built = if env::var("KIOSK_UI").is_ok_and(|choice| choice == "off") {
        leave_out(&out)
    } else {
        reader(&folder).and_then(|reader| build(Path::new("kiosk-ui"), &out, &reader))
    };
    if let Err(why) = built {
        println!("cargo::error={why}");
    }
}

fn leave_out(out: &Path) -> Result<(), String> {
    fs::create_dir_all(out)
        .and_then(|()| fs::write(out.join("index.html"), LEFT_OUT))
        .map_err(|e| e.to_string())
}

/// Compiles the reader twice, for every browser and for those with SIMD, into a folder that it
/// answers. Target folders are their own: the one in use is locked while this script runs, and
/// two kinds in one folder would be linked anew whenever the page changes.
fn reader(out: &Path) -> Result<PathBuf, String> {
    for source in
        ["scanning/src", "scanning/Cargo.toml", "scanning-wasm/src", "scanning-wasm/Cargo.toml", "Cargo.lock"]
    {
        println!("cargo::rerun-if-changed={source}");
    }
    let finished = out.join("reader");
    fs::create_dir_all(&finished).map_err(|e| e.to_string())?;
    for (name, flags) in [("scanning", ""), ("scanning-simd", "-C target-feature=+simd128")] {
        let target = out.join("reader-target").join(name);
        compile(&target, flags)?;
        let made = target.join("wasm32-unknown-unknown/wasm/remise_scanning_wasm.wasm");
        fs::copy(&made, finished.join(format!("{name}.wasm"))).map_err(|e| format!("{name}: {e}"))?;
    }
    Ok(finished)
}

fn compile(target: &Path, flags: &str) -> Result<(), String> {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(["build", "--quiet", "--locked", "-p", "remise-scanning-wasm"]);
    cargo.args(["--target", "wasm32-unknown-unknown", "--profile", "wasm"]);
    // What the service is compiled with is not for another machine: flags, lints, coverage, wrappers.
    for (name, _) in env::vars_os() {
        let name = name.to_string_lossy();
        let of_service = name.ends_with("RUSTFLAGS")
            || name.ends_with("_WRAPPER")
            || name.starts_with("CARGO_PROFILE_")
            || matches!(&*name, "CARGO_BUILD_TARGET" | "CARGO_BUILD_TARGET_DIR" | "CARGO_LLVM_COV");
        if of_service {
            cargo.env_remove(&*name);
        }
    }
    cargo.env("RUSTFLAGS", flags).env("CARGO_TARGET_DIR", target);
    let ran = cargo.output().map_err(|why| format!("cargo cannot be run for the page's reader: {why}"))?;
    let told = one_line(&ran.stderr);
    if ran.status.success() {
        Ok(())
    } else if told.contains("can't find crate for `core`") {
        Err("the page's reader needs a target that is missing: type « rustup target add wasm32-unknown-unknown », \
            or build without the page by KIOSK_UI=off"
            .into())
    } else {
        Err(format!("the page's reader does not compile: {told}"))
    }
}

fn build(page: &Path, out: &Path, reader: &Path) -> Result<(), String> {
    for source in ["src", "public", "index.html", "package-lock.json", "vite.config.ts", "svelte.config.js"] {
        println!("cargo::rerun-if-changed={}", page.join(source).display());
    }
    if !installed(page) {
        npm(page, &["ci", "--no-audit", "--no-fund"], out, reader)?;
    }
    npm(page, &["run", "--silent", "build"], out, reader)
}

/// npm writes its own record of what it installed; it is as new as the lock file once that was followed.
fn installed(page: &Path) -> bool {
    let changed = |path: &str| fs::metadata(page.join(path)).and_then(|file| file.modified()).ok();
    match (changed("node_modules/.package-lock.json"), changed("package-lock.json")) {
        (Some(installed), Some(wanted)) => installed >= wanted,
        _ => false,
    }
}

fn npm(page: &Path, arguments: &[&str], out: &Path, reader: &Path) -> Result<(), String> {
    let mut npm = Command::new("npm");
    npm.args(arguments).current_dir(page).env("KIOSK_UI_OUT", out).env("KIOSK_WASM", reader);
    let ran = npm.output();
    match ran {
        Ok(done) if done.status.success() => Ok(()),
        Ok(done) => Err(format!(
            "npm {} failed: {} {}",
            arguments.join(" "),
            one_line(&done.stderr),
            one_line(&done.stdout)
        )),
        Err(why) => Err(format!(
            "npm cannot be run ({why}): install Node 20.19 or later with npm, or build without the page by KIOSK_UI=off"
        )),
    }
}

/// Cargo shows one line of an error.
fn one_line(output: &[u8]) -> String {
    String::from_utf8_lossy(output).lines().filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" | ")
}
