//! Room `publish`: how signed-off items reach the public.

pub mod pages;
/// TEMP
#[derive(Default)]
pub struct Options;
/// TEMP
pub struct Runner;
impl Runner {
    /// TEMP
    pub fn new(_: crate::desk::Desk, _: Option<std::path::PathBuf>, _: Options) -> Runner {
        Runner
    }
    /// TEMP
    pub fn tick(&mut self) -> crate::desk::Result<()> {
        Ok(())
    }
}
