//! What the character model is trained on; shared by the tool that makes it and the test that makes it again.

use std::path::Path;

use qianfa::screening::words::Trainer;

/// Words of the dictionary seen less often than this in its own texts are mostly names and slips.
const LEAST: u32 = 3;

/// Government prose is what is screened, and there is least of it: each counts as much as this many.
const PROSE: u32 = 5;

fn packed(path: &Path) -> String {
    String::from_utf8(zstd::decode_all(std::fs::File::open(path).unwrap()).unwrap()).unwrap()
}

/// The trainer with everything but what is held out.
pub fn trainer(data: &Path, with_dev: bool) -> Trainer {
    let training = data.join("training");
    let mut trainer = Trainer::default();
    trainer.text(&packed(&training.join("laws.txt.zst")), 1);
    for line in packed(&training.join("words.txt.zst")).lines() {
        let mut cells = line.split('\t');
        let (Some(word), Some(times)) = (cells.next(), cells.next().and_then(|n| n.parse().ok()))
        else {
            continue;
        };
        if times >= LEAST {
            trainer.word(word, times);
        }
    }
    trainer.text(
        &std::fs::read_to_string(training.join("gov_documents.txt")).unwrap(),
        PROSE,
    );
    let parts: &[&str] = if with_dev {
        &["train", "dev"]
    } else {
        &["train"]
    };
    for part in parts {
        let pairs = std::fs::read_to_string(training.join(format!("odw/{part}.tsv"))).unwrap();
        for right in pairs.lines().filter_map(|l| l.split('\t').nth(1)) {
            trainer.text(right, PROSE);
        }
    }
    trainer
}
