//! Builds the page into `OUT_DIR`, from where the service embeds it, and rebuilds when a
//! migration changes, as they are embedded too. `KIOSK_UI=off` leaves the page out, for work
//! on Rust alone.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

const LEFT_OUT: &str = "<!doctype html><html lang=\"fr\"><meta charset=\"utf-8\"><title>Remise</title>\
    <p>Ce programme a été construit sans sa page (KIOSK_UI=off). Construisez-le de nouveau avec « make run ».</p>";

fn main() {
    println!("cargo::rerun-if-changed=migrations");
    println!("cargo::rerun-if-env-changed=KIOSK_UI");
    let Some(out) = env::var_os("OUT_DIR").map(|folder| PathBuf::from(folder).join("kiosk-ui")) else {
        println!("cargo::error=OUT_DIR is not set");
        return;
    };
    let built = if env::var("KIOSK_UI").is_ok_and(|choice| choice == "off") {
        leave_out(&out)
    } else {
        build(Path::new("kiosk-ui"), &out)
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

fn build(page: &Path, out: &Path) -> Result<(), String> {
    for source in ["src", "public", "index.html", "package-lock.json", "vite.config.ts", "svelte.config.js"] {
        println!("cargo::rerun-if-changed={}", page.join(source).display());
    }
    if !installed(page) {
        npm(page, &["ci", "--no-audit", "--no-fund"], out)?;
    }
    npm(page, &["run", "--silent", "build"], out)
}

/// npm writes its own record of what it installed; it is as new as the lock file once that was followed.
fn installed(page: &Path) -> bool {
    let changed = |path: &str| fs::metadata(page.join(path)).and_then(|file| file.modified()).ok();
    match (changed("node_modules/.package-lock.json"), changed("package-lock.json")) {
        (Some(installed), Some(wanted)) => installed >= wanted,
        _ => false,
    }
}

fn npm(page: &Path, arguments: &[&str], out: &Path) -> Result<(), String> {
    let ran = Command::new("npm").args(arguments).current_dir(page).env("KIOSK_UI_OUT", out).output();
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
