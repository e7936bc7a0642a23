// SPDX-License-Identifier: MIT
// Finds libarpq, or compiles it, without other crates.
use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

fn output(command: &mut Command) -> Result<String, String> {
    let shown = format!("{command:?}");
    let done = command.output().map_err(|error| format!("{shown}: {error}"))?;
    if !done.status.success() {
        return Err(format!("{shown}: {}", String::from_utf8_lossy(&done.stderr)));
    }
    String::from_utf8(done.stdout).map_err(|error| format!("{shown}: {error}"))
}

fn pkg_config(package: &str, arguments: &[&str]) -> Result<String, String> {
    let program = env::var("PKG_CONFIG").unwrap_or_else(|_| "pkg-config".to_string());
    output(Command::new(program).args(arguments).arg(package))
}

/// Prints what cargo is to link, from the flags of pkg-config.
fn link(flags: &str) {
    for flag in flags.split_whitespace() {
        if let Some(directory) = flag.strip_prefix("-L") {
            println!("cargo:rustc-link-search=native={directory}");
        } else if let Some(library) = flag.strip_prefix("-l") {
            println!("cargo:rustc-link-lib={library}");
        }
    }
}

/// The root of the source tree of libarpq.
fn sources() -> PathBuf {
    match env::var_os("ARPQ_SOURCE_DIR") {
        Some(directory) => directory.into(),
        None => Path::new(&env::var_os("CARGO_MANIFEST_DIR").unwrap()).join("../../.."),
    }
}

fn compile(root: &Path) -> Result<(), String> {
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap());
    let compiler = env::var("CC").unwrap_or_else(|_| "cc".to_string());
    let mut objects = Vec::new();
    let folders = std::fs::read_dir(root.join("src")).map_err(|error| {
        format!("{}: {error}: set ARPQ_SOURCE_DIR to the source tree of libarpq", root.display())
    })?;
    for folder in folders.flatten().filter(|entry| entry.path().is_dir()) {
        for file in std::fs::read_dir(folder.path()).map_err(|error| error.to_string())?.flatten() {
            let path = file.path();
            if path.extension().map_or(true, |extension| extension != "c") {
                continue;
            }
            let stem = path.file_stem().unwrap().to_string_lossy().into_owned();
            if stem == "netlink_mnl" {
                continue; // netlink_builtin has the same functions without libmnl
            }
            let object = out.join(format!("{}-{stem}.o", folder.file_name().to_string_lossy()));
            output(
                Command::new(&compiler)
                    .args([
                        "-std=c11",
                        "-D_GNU_SOURCE",
                        "-O2",
                        "-DNDEBUG",
                        "-fPIC",
                        "-fvisibility=hidden",
                    ])
                    .arg("-I")
                    .arg(root.join("include"))
                    .arg("-I")
                    .arg(root.join("src"))
                    .arg("-c")
                    .arg(&path)
                    .arg("-o")
                    .arg(&object),
            )?;
            objects.push(object);
        }
    }
    let archive = out.join("libarpq.a");
    let _ = std::fs::remove_file(&archive);
    output(Command::new("ar").arg("rcs").arg(&archive).args(&objects))?;
    println!("cargo:rustc-link-search=native={}", out.display());
    println!("cargo:rustc-link-lib=static=arpq");
    println!("cargo:include={}", root.join("include").display());
    println!("cargo:rerun-if-changed={}", root.join("src").display());
    Ok(())
}

fn installed() -> Result<(), String> {
    if let Ok(directory) = env::var("ARPQ_LIB_DIR") {
        link(&format!("-L{directory} -larpq"));
        return Ok(());
    }
    let flags = pkg_config("arpq", &["--libs"]).map_err(|error| {
        format!(
            "libarpq is not found: install its development files, set ARPQ_LIB_DIR to the \
             directory of libarpq.so, or use the feature \"bundled\" ({error})"
        )
    })?;
    link(&flags);
    Ok(())
}

fn main() {
    for name in ["ARPQ_LIB_DIR", "ARPQ_SOURCE_DIR", "PKG_CONFIG", "PKG_CONFIG_PATH", "CC"] {
        println!("cargo:rerun-if-env-changed={name}");
    }
    println!("cargo:rerun-if-changed=build.rs");
    let bundled = env::var_os("CARGO_FEATURE_BUNDLED").is_some();
    let found = if bundled { compile(&sources()) } else { installed() };
    if let Err(message) = found {
        eprintln!("{message}");
        std::process::exit(1);
    }
}
