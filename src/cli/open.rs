//! The console from the command line.

use std::path::Path;

use super::Done;
use super::context::Context;
use crate::desk::exit;

/// TEMP
pub fn console(_cx: &mut Context, _item: Option<String>) -> Done {
    Ok(exit::DONE)
}

/// TEMP
pub fn demo(_cx: &mut Context, _path: &Path) -> Done {
    Ok(exit::DONE)
}
