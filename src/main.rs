//! The program `exam-prep`.

#[cfg(feature = "ssr")]
fn main() -> std::process::ExitCode {
    exam_prep::server::cli::main()
}

#[cfg(not(feature = "ssr"))]
fn main() {}
