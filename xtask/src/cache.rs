//! The folder of built tools, outside the checkout, with a folder per tool and version.
//! A tool is built in a temporary folder next to it and then renamed, so a folder with
//! the final name is complete.

use anyhow::{Context as _, Result, bail};
use std::env;
use std::ffi::OsString;
use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

/// The folder of built tools.
pub struct Cache {
    dir: PathBuf,
}

impl Cache {
    /// The folder according to the environment; it need not exist yet.
    pub fn locate() -> Result<Self> {
        match place(|name| env::var_os(name).filter(|value| !value.is_empty())) {
            Some(dir) if dir.is_absolute() => Ok(Self { dir }),
            Some(dir) => bail!("the cache folder {} is not an absolute path", dir.display()),
            None => bail!("no home folder: set HUSTINGS_CACHE to a folder for the built tools"),
        }
    }

    /// The folder of a complete tool with this name and version.
    pub fn tool(&self, name: &str, version: &str) -> PathBuf {
        self.dir.join(format!("{name}-{version}"))
    }

    /// The log of a set-up step.
    pub fn log(&self, name: &str) -> Result<PathBuf> {
        let dir = self.dir.join("logs");
        create(&dir)?;
        Ok(dir.join(format!("{name}.log")))
    }

    /// The path of a download until it is unpacked.
    pub fn download(&self, name: &str) -> Result<PathBuf> {
        create(&self.dir)?;
        Ok(self.dir.join(format!("{name}.download")))
    }

    /// Locks the folder against other set-ups until the file is dropped.
    pub fn lock(&self) -> Result<File> {
        create(&self.dir)?;
        let path = self.dir.join("lock");
        let file =
            File::create(&path).with_context(|| format!("cannot write {}", path.display()))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                println!("waiting for another set-up to end");
                file.lock().context("cannot wait for the other set-up")?;
            }
            Err(TryLockError::Error(error)) => {
                return Err(error).with_context(|| format!("cannot lock {}", path.display()));
            }
        }
        Ok(file)
    }

    /// Builds a tool with `make` in a partial folder, then renames it. After an
    /// interruption, `make` continues with the partial folder; after an error, the folder
    /// is removed.
    pub fn make(&self, tool: &Path, make: impl FnOnce(&Path) -> Result<()>) -> Result<()> {
        let partial = beside(tool, ".partial");
        create(&partial)?;
        if let Err(error) = make(&partial) {
            fs::remove_dir_all(&partial).ok();
            return Err(error);
        }
        if tool.exists() {
            fs::remove_dir_all(tool)
                .with_context(|| format!("cannot replace {}", tool.display()))?;
        }
        fs::rename(&partial, tool)
            .with_context(|| format!("cannot move {} into place", partial.display()))
    }
}

#[cfg(test)]
impl Cache {
    /// An empty folder for a test, which must remove it.
    pub fn scratch(name: &str) -> Self {
        let dir = env::temp_dir().join(format!("hustings-{name}-{}", std::process::id()));
        fs::remove_dir_all(&dir).ok();
        Self { dir }
    }

    /// Its path.
    pub fn dir(&self) -> &Path {
        &self.dir
    }
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

fn create(dir: &Path) -> Result<()> {
    fs::create_dir_all(dir).with_context(|| format!("cannot create {}", dir.display()))
}

fn place(var: impl Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
    let own = var("HUSTINGS_CACHE").map(PathBuf::from);
    let under = |name, rest: &str| Some(PathBuf::from(var(name)?).join(rest).join("hustings"));
    own.or_else(|| under("XDG_CACHE_HOME", "")).or_else(|| {
        if cfg!(windows) {
            under("LOCALAPPDATA", "")
        } else if cfg!(target_os = "macos") {
            under("HOME", "Library/Caches")
        } else {
            under("HOME", ".cache")
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(vars: &[(&str, &str)]) -> Option<PathBuf> {
        place(|name| {
            let found = vars.iter().find(|(key, _)| *key == name);
            found.map(|(_, value)| OsString::from(value))
        })
    }

    #[test]
    fn hustings_cache_overrides_xdg_cache_home() {
        let both = [("HUSTINGS_CACHE", "/own"), ("XDG_CACHE_HOME", "/xdg")];
        assert_eq!(with(&both), Some(PathBuf::from("/own")));
        assert_eq!(with(&both[1..]), Some(PathBuf::from("/xdg/hustings")));
        assert_eq!(with(&[]), None);
    }

    #[test]
    fn a_tool_has_its_final_name_only_when_it_is_complete() {
        let cache = Cache::scratch("complete");
        let tool = cache.tool("pen", "1.0");
        cache
            .make(&tool, |partial| {
                assert!(!tool.exists());
                Ok(fs::write(partial.join("nib"), "")?)
            })
            .unwrap();
        assert!(tool.join("nib").exists());
        fs::remove_dir_all(&cache.dir).unwrap();
    }

    #[test]
    fn a_failed_build_leaves_nothing_behind() {
        let cache = Cache::scratch("failed");
        let tool = cache.tool("pen", "1.0");
        let result = cache.make(&tool, |partial| {
            fs::write(partial.join("nib"), "")?;
            bail!("out of ink")
        });
        assert!(result.is_err());
        assert_eq!(fs::read_dir(&cache.dir).unwrap().count(), 0);
        fs::remove_dir_all(&cache.dir).unwrap();
    }

    #[test]
    fn an_interrupted_build_continues() {
        let cache = Cache::scratch("interrupted");
        let tool = cache.tool("pen", "1.0");
        fs::create_dir_all(beside(&tool, ".partial")).unwrap();
        fs::write(beside(&tool, ".partial").join("nib"), "").unwrap();
        let resumed = |partial: &Path| {
            assert!(partial.join("nib").exists());
            Ok(())
        };
        cache.make(&tool, resumed).unwrap();
        fs::remove_dir_all(&cache.dir).unwrap();
    }
}
