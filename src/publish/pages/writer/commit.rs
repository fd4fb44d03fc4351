//! From what was staged to what is live: the steps of a release, each of which can be repeated.

use std::collections::BTreeSet;

use super::record::{About, Intent, Move, hash, hash_file};
use super::{
    INTENT, INTENT_DRAFT, MANIFEST, MANY, NOTE, Sealer, SiteWriter, Written, check, io_refusal,
};
use crate::publish::pages::{PageError, SitePath};

impl SiteWriter {
    /// Makes everything that was staged live, as one release, without a signature.
    ///
    /// An error before the release is decided leaves the old set and what was staged: the
    /// call can be made again. After that the release is carried through by the next act.
    pub fn commit(&mut self) -> Result<Written, PageError> {
        self.commit_about(None, None)
    }

    /// The same with what the manifest says about itself, signed.
    pub fn commit_sealed(&mut self, about: About, seal: Sealer<'_>) -> Result<Written, PageError> {
        self.commit_about(Some(about), Some(seal))
    }

    fn commit_about(
        &mut self,
        about: Option<About>,
        seal: Option<Sealer<'_>>,
    ) -> Result<Written, PageError> {
        self.finish_pending()?;
        let mut manifest = self.manifest.clone();
        manifest.about = about;
        for path in &self.removed {
            manifest.files.remove(path);
        }
        for (path, staged) in &self.staged {
            manifest.files.insert(path.clone(), staged.mark.clone());
        }
        manifest.check()?;
        let bytes = manifest.bytes()?;
        let manifest_hash = hash(&bytes);
        let note = seal.map(|seal| seal(&bytes)).transpose()?;
        let mut moves: Vec<Move> = self
            .staged
            .iter()
            .filter_map(|(path, staged)| {
                Some(Move {
                    from: staged.file?,
                    to: path.clone(),
                    sha256: staged.mark.sha256.clone(),
                })
            })
            .collect();
        moves.sort_by_cached_key(|m| rank(&m.to, self.manifest.files.contains_key(&m.to)));
        let written = Written {
            files: moves.len(),
            unchanged: self.staged.len() - moves.len(),
            removed: self.removed.len(),
            manifest_hash: manifest_hash.clone(),
        };
        let same = self.live_manifest()?.as_deref() == Some(bytes.as_slice())
            && check::note_of(&self.root)? == note;
        if moves.is_empty() && self.removed.is_empty() && same {
            self.staged.clear();
            return Ok(written);
        }
        let intent = Intent::new(
            moves,
            self.removed.iter().cloned().collect(),
            manifest_hash,
            note.as_ref().map(|n| hash(n.as_bytes())),
        );
        self.prepare(&intent)?;
        self.put(MANIFEST, &bytes)?;
        if let Some(note) = &note {
            self.put(NOTE, note.as_bytes())?;
        }
        self.flush()?;
        self.stage.sync()?;
        self.step("draft", INTENT)?;
        self.put_in_corner(INTENT_DRAFT, &intent.bytes()?)?;
        self.step("decide", INTENT)?;
        self.corner.rename(INTENT_DRAFT, &self.corner, INTENT)?;
        self.unfinished = true;
        self.corner.sync()?;
        self.step("decided", INTENT)?;
        self.apply(&intent, false)?;
        self.manifest = manifest;
        self.forget();
        Ok(written)
    }

    /// Looks whether every target can be taken, while nothing is decided.
    fn prepare(&mut self, intent: &Intent) -> Result<(), PageError> {
        self.root.check_writable()?;
        self.root.accepts_file(MANIFEST)?;
        self.root.accepts_file(NOTE)?;
        for step in &intent.moves {
            self.step("prepare", step.to.as_str())?;
            if let Some(dir) = self.root.parent_of(&step.to, true)? {
                dir.check_writable()?;
                dir.accepts_file(step.to.split().1)?;
            }
        }
        for path in &intent.removes {
            if let Some(dir) = self.root.parent_of(path, false)? {
                dir.check_writable()?;
                dir.accepts_file(path.split().1)?;
            }
        }
        Ok(())
    }

    /// Carries a decided release through. Can be repeated from any point. `again` says that
    /// this is a repetition after a crash: what was staged is then checked before it is shown.
    pub(super) fn apply(&mut self, intent: &Intent, again: bool) -> Result<(), PageError> {
        let mut touched = BTreeSet::new();
        for step in &intent.moves {
            self.step("move", step.to.as_str())?;
            let from = step.from.to_string();
            if again {
                self.check_staged(&from, &step.sha256, step.to.as_str())?;
            }
            let (dirs, name) = step.to.split();
            let arrived = match self.root.parent_of(&step.to, true)? {
                Some(dir) => self.stage.rename(&from, &dir, name)?,
                None => false,
            };
            if !arrived && self.live_hash(&step.to)?.as_deref() != Some(step.sha256.as_str()) {
                return Err(PageError::Unfinished(step.to.to_string()));
            }
            touched.insert(dirs.map(str::to_owned));
        }
        // What points to them must have arrived before pages go.
        self.sync_dirs(&touched)?;
        touched.clear();
        for path in &intent.removes {
            self.step("remove", path.as_str())?;
            let (dirs, name) = path.split();
            if let Some(dir) = self.root.parent_of(path, false)? {
                dir.remove(name)?;
                touched.insert(dirs.map(str::to_owned));
            }
        }
        self.sync_dirs(&touched)?;
        for dirs in touched.iter().flatten() {
            self.prune(dirs)?;
        }
        self.step("manifest", MANIFEST)?;
        if again {
            self.check_staged(MANIFEST, &intent.manifest, MANIFEST)?;
        }
        if !self.stage.rename(MANIFEST, &self.root, MANIFEST)?
            && self.live_manifest()?.map(|b| hash(&b)).as_deref() != Some(intent.manifest.as_str())
        {
            return Err(PageError::Unfinished(MANIFEST.to_owned()));
        }
        self.step("note", NOTE)?;
        match &intent.note {
            Some(sha256) => {
                if again {
                    self.check_staged(NOTE, sha256, NOTE)?;
                }
                if !self.stage.rename(NOTE, &self.root, NOTE)?
                    && check::note_of(&self.root)?
                        .map(|n| hash(n.as_bytes()))
                        .as_ref()
                        != Some(sha256)
                {
                    return Err(PageError::Unfinished(NOTE.to_owned()));
                }
            }
            // A signature over another manifest would accuse this one.
            None => self.root.remove(NOTE)?,
        }
        self.root.sync()?;
        self.step("done", INTENT)?;
        self.corner.remove(INTENT)?;
        self.corner.sync()?;
        self.unfinished = false;
        Ok(())
    }

    /// A staged file that a crash damaged must not become a page.
    fn check_staged(&self, name: &str, sha256: &str, shown: &str) -> Result<(), PageError> {
        if let Some(file) = self.stage.read(name)? {
            let found = hash_file(file).map_err(|e| io_refusal(shown, e))?;
            if found != sha256 {
                return Err(PageError::Unfinished(shown.to_owned()));
            }
        }
        Ok(())
    }

    fn sync_dirs(&self, dirs: &BTreeSet<Option<String>>) -> Result<(), PageError> {
        for dir in dirs {
            match dir {
                None => self.root.sync()?,
                Some(dir) => {
                    // `parent_of` wants a file in the directory; any name will do.
                    let inside = SitePath::new(format!("{dir}/x"))?;
                    if let Some(dir) = self.root.parent_of(&inside, false)? {
                        dir.sync()?;
                    }
                }
            }
        }
        Ok(())
    }

    /// Takes away directories that a removal left empty, the innermost first.
    fn prune(&self, dirs: &str) -> Result<(), PageError> {
        let mut path = SitePath::new(dirs)?;
        loop {
            let (above, name) = path.split();
            if let Some(dir) = self.root.parent_of(&path, false)? {
                dir.remove_empty(name);
            }
            match above {
                Some(above) => path = SitePath::new(above)?,
                None => return Ok(()),
            }
        }
    }

    /// Makes what was staged survive a power cut, before anything is decided: all at once where
    /// there is much of it.
    fn flush(&mut self) -> Result<(), PageError> {
        #[cfg(target_os = "linux")]
        if self.unflushed.len() >= MANY {
            self.stage.sync_all_files()?;
            self.unflushed.clear();
            return Ok(());
        }
        for number in std::mem::take(&mut self.unflushed) {
            let name = number.to_string();
            // One that was taken back is not there any more.
            if let Some(file) = self.stage.read(&name)? {
                file.sync_all().map_err(|e| io_refusal(&name, e))?;
            }
        }
        Ok(())
    }
}

/// The order in which files go live: what pages are shown with, what is pointed to, what points to
/// it, the front page. Among those that point, what the site did not have yet goes first: a page
/// that is replaced may lead to it by its navigation.
fn rank(path: &SitePath, replaced: bool) -> (u8, bool, std::cmp::Reverse<usize>, SitePath) {
    let (dirs, name) = path.split();
    // A number has a dash in it, and nothing else that lies where articles lie.
    let names: Vec<&str> = path.names().collect();
    let is_article = match names.as_slice() {
        [_, file] => file
            .strip_suffix(".html")
            .is_some_and(|stem| stem.contains('-')),
        [_, number, _] => number.contains('-'),
        _ => false,
    };
    let order = match (dirs, name) {
        (_, name) if [".css", ".js", ".svg"].iter().any(|e| name.ends_with(e)) => 0,
        (None, "index.html") => 3,
        _ if is_article => 1,
        _ => 2,
    };
    let depth = std::cmp::Reverse(path.names().count());
    (order, order == 2 && replaced, depth, path.clone())
}
