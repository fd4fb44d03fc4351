//! The sample province: founded, filled, provable.
#![allow(
    clippy::type_complexity,
    clippy::default_trait_access,
    clippy::items_after_statements
)] // tests read top to bottom
#![allow(clippy::unwrap_used, clippy::expect_used)]

use qianfa::demo::{Setup, fill, found};
use qianfa::desk::SystemClock;
use qianfa::journal::Suite;
use qianfa::store::OpenMode;
use qianfa::store::verify::Against;

#[test]
fn the_sample_province_is_founded_filled_and_verified_in_both_suites() {
    for suite in [Suite::Ed25519Sha256, Suite::Sm2Sm3] {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("demo.qf");
        let setup = Setup {
            suite,
            mode: OpenMode::default(),
            key_files: None,
        };
        let mut province = found(&path, setup, Box::new(SystemClock), &mut |_, _| {}).unwrap();
        let made = fill(&mut province, &mut |_, _| {}).unwrap();
        assert!(made >= 20);
        let verified = province
            .desk
            .store()
            .verify(&Against::default(), |_| true)
            .unwrap();
        let verified = verified.expect("a fresh province verifies");
        assert!(verified.entries > 200);
        assert_eq!(verified.void, 0);
        let divergence = province.desk.store_mut().rebuild(|_| true).unwrap();
        assert!(divergence.is_none(), "{divergence:?}");
    }
}
