//! Ctrl-C: the first ends the run at the next step and saves it, the second ends the program.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Whether the user wants to stop.
#[derive(Clone, Default)]
pub(in crate::cli) struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    /// Starts to listen. Without a listener (a restricted machine), Ctrl-C just ends the program.
    pub(in crate::cli) fn listen() -> Interrupt {
        let interrupt = Interrupt::default();
        let flag = interrupt.clone();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build();
        std::thread::spawn(move || {
            let Ok(runtime) = runtime else { return };
            runtime.block_on(async {
                if tokio::signal::ctrl_c().await.is_err() {
                    return;
                }
                flag.0.store(true, Ordering::Relaxed);
                if tokio::signal::ctrl_c().await.is_ok() {
                    std::process::exit(super::exit::Exit::Interrupted as i32);
                }
            });
        });
        interrupt
    }

    pub(in crate::cli) fn wanted(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
