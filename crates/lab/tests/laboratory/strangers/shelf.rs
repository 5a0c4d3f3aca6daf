//! A library for tests: programs with known flaws, and programs that scripts carry.

use std::rc::Rc;

use hustings_lab::{Failure, Library, LibraryError, Machine, Program, Start};

use super::eager::Eager;

/// The known flaws of each program on a shelf, whose names are those of numbers.
const FLAWS: [&str; 3] = ["one", "two", "three"];

/// Programs by name. Whatever source a script carries, its server is an eager one, but a
/// source with a `?` is wrong there.
pub struct Shelf(Vec<Rc<dyn Program>>);

impl Shelf {
    pub fn of(programs: Vec<Rc<dyn Program>>) -> Self {
        Self(programs)
    }
}

/// A program of another name, source or state of repair.
struct Changed {
    name: String,
    source: Option<String>,
    mended: Vec<Rc<str>>,
    like: Rc<dyn Program>,
}

impl Program for Changed {
    fn name(&self) -> &str {
        &self.name
    }

    fn source(&self) -> Option<&str> {
        self.source.as_deref()
    }

    fn mended(&self) -> &[Rc<str>] {
        &self.mended
    }

    fn machine(&self, start: Start) -> Box<dyn Machine> {
        self.like.machine(start)
    }
}

impl Library for Shelf {
    fn names(&self) -> Vec<&str> {
        self.0.iter().map(|program| program.name()).collect()
    }

    fn flaws(&self, program: &str) -> Vec<&str> {
        match self.names().contains(&program) && program != "wild" {
            true => FLAWS.to_vec(),
            false => Vec::new(),
        }
    }

    fn program(
        &self,
        name: &str,
        source: Option<&str>,
        mended: &[Rc<str>],
    ) -> Result<Rc<dyn Program>, LibraryError> {
        let known = self.0.iter().find(|program| program.name() == name);
        let flaws = self.flaws(name);
        if let Some(flaw) = mended.iter().find(|flaw| !flaws.contains(&&***flaw)) {
            return Err(LibraryError::UnknownFlaw(Rc::clone(flaw)));
        }
        if let (Some(_), Some(flaw)) = (source, mended.first()) {
            let failure = Failure::new(format!("the source is changed where `{flaw}` is"));
            return Err(LibraryError::Mend(failure));
        }
        let lines = source.into_iter().flat_map(|source| source.split('\n'));
        for (line, text) in (1..).zip(lines) {
            if let Some((before, _)) = text.split_once('?') {
                let column = before.chars().count() + 1;
                return Err(LibraryError::Source(Failure {
                    message: "unknown operator `?`".to_owned(),
                    at: Some((line, column.try_into().expect("a short line"))),
                }));
            }
        }
        let like = match (known, source) {
            (_, Some(_)) => Rc::new(Eager),
            (Some(known), None) => Rc::clone(known),
            (None, None) => return Err(LibraryError::UnknownName),
        };
        let mut mended = mended.to_vec();
        mended.sort_by_key(|flaw| FLAWS.iter().position(|it| *it == &**flaw));
        Ok(Rc::new(Changed {
            name: name.to_owned(),
            source: source.map(str::to_owned),
            mended,
            like,
        }))
    }
}
